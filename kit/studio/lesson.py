"""What a training learns from, as it stood at one moment: samples, embeddings, and their sense."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.core.evaluate import Checked
from kit.core.heads import SoftmaxRegression
from kit.core.ports import Sense
from kit.core.types import Sample
from kit.teaching import Taught, fit_head, teach


@dataclass(frozen=True)
class Lesson:
    """Ready to be taught, once or again.

    Attributes:
        sense: which embedded the samples.
        samples: n of them, oldest first.
        views: (v, n, d) float32 in that order, view 0 the plain samples.
        labels: label id -> name, in the project's order.
    """

    sense: Sense
    samples: Sequence[Sample]
    views: np.ndarray
    labels: Mapping[str, str]

    def teach(
        self, progress: Callable[[float], None] = lambda part: None, *, model_number: int = 1
    ) -> Taught:
        """Estimate by burst, then teach with everything. Raises `Conflict` "need-two-labels"."""
        return teach(
            self._checked(),
            self.views,
            labels=self.labels,
            model_number=model_number,
            transform=self.sense.transform,
            near_copies=self.sense.near_copies,
            progress=progress,
        )

    def fit(self) -> SoftmaxRegression:
        """The head that `teach` delivers, without the estimate."""
        ids = np.array([sample.label_id for sample in self.samples])
        return fit_head(ids, self.views, self.sense.transform)

    def _checked(self) -> list[Checked]:
        """Samples as the check takes them.

        Where nearness tells nothing of copies, the same bytes twice are one showing all the same.
        """
        shown: dict[str, str] = {}

        def burst(sample: Sample) -> str:
            if self.sense.near_copies:  # `teach` joins them, by what they look like
                return sample.burst_id
            return shown.setdefault(sample.media_hash, sample.burst_id)

        return [Checked(s.id, s.label_id, burst(s), s.facets) for s in self.samples]
