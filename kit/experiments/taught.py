"""A project's pictures as one network at one size sees them.

    embed what lacks -> a head, taught as in a training -> the project's own check

Which pictures the check holds out does not depend on the network.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.core import image
from kit.core.errors import Conflict
from kit.core.evaluate import Check, Checked, left_out_in_turn
from kit.core.heads import Head, training_views
from kit.core.types import Sample
from kit.experiments.bench import Bench, Runner
from kit.experiments.eyes import Eyes
from kit.experiments.subjects import HEADS, SIZES, USUAL, WHOLE, Subject
from kit.experiments.work import SHOWN_IN_TURN
from kit.storage import Store


@dataclass(frozen=True)
class Taught:
    """A project's pictures as one network at one size sees them.

    Attributes:
        subject: which.
        samples: n of them.
        views: (v, n, d) float32, view 0 the plain pictures, as `teaching` has them.
        looks: (n, d) by which near copies are told: of the whole network at full size, so that all
            points of the dial are checked with the same pictures held out. To a network that ends
            early all pictures look alike.
        labels: label id -> name.
    """

    subject: Subject
    samples: Sequence[Sample]
    views: np.ndarray
    looks: np.ndarray
    labels: Mapping[str, str]

    @classmethod
    def of(
        cls,
        bench: Bench,
        store: Store,
        project_id: str,
        runner: Runner,
        subject: Subject,
        progress: Callable[[float], None],
    ) -> "Taught":
        """Embed what lacks, as training does: each picture, and its turned view where few are."""
        samples = store.samples(project_id)
        labels = {label.id: label.name for label in store.labels(project_id)}
        shown = len({sample.label_id for sample in samples})
        views = training_views(len(samples), shown, image.VIEWS) if subject.head == USUAL else 1
        whole = bench.runner(SIZES[0], cut=WHOLE, threads=1)
        wanted = [(runner, view) for view in range(views)] + [(whole, 0)]
        kept = []
        for place, (network, view) in enumerate(wanted):
            eyes = Eyes(store, project_id, network)
            have = set(eyes.kept(view)[0])
            missing = [sample for sample in samples if sample.id not in have]
            for done in eyes.look(missing, view):
                progress(0.6 * (place + done / len(missing)) / len(wanted))
            kept.append(eyes.kept(view))
        everywhere = set(kept[0][0]).intersection(*(ids for ids, _ in kept[1:]))
        in_order = [sample for sample in samples if sample.id in everywhere]
        found = {sample.label_id for sample in in_order}
        if len(found) < 2:
            raise Conflict("need-two-labels", "fewer than two labels could be embedded")
        rows = []
        for ids, matrix in kept:
            row_of = {id: row for row, id in enumerate(ids)}
            rows.append(matrix[[row_of[sample.id] for sample in in_order]])
        return cls(
            subject,
            in_order,
            np.array(rows[:-1]),
            rows[-1],
            {id: name for id, name in labels.items() if id in found},
        )

    def head(self, rows: np.ndarray | slice = slice(None)) -> Head:
        """One taught as in a training: with all views, where its kind takes several."""
        assert self.subject.head is not None
        ids = np.array([sample.label_id for sample in self.samples])[rows]
        pictures = self.views[:, rows].reshape(-1, self.views.shape[-1])
        return HEADS[self.subject.head]().fit(pictures, np.tile(ids, len(self.views)).tolist())

    def check(self, progress: Callable[[float], None]) -> Check | None:
        """Each showing left out in turn, at this size and with this head."""
        turns = 0

        def asked(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
            nonlocal turns
            turns += 1
            progress(0.9 - 0.3 * 0.7**turns)
            head = self.head(teaching)
            return head.predict_proba(self.views[0][checking]), head.classes_.tolist()

        return left_out_in_turn(
            [Checked(s.id, s.label_id, s.burst_id, s.facets) for s in self.samples],
            asked,
            labels=self.labels,
            model_number=0,
            embeddings=self.looks,
        )

    def pictures(self, store: Store, project_id: str) -> list[bytes]:
        """Some stored ones, of all labels."""
        step = max(1, len(self.samples) // SHOWN_IN_TURN)
        some = self.samples[::step][:SHOWN_IN_TURN]
        return [store.media(project_id, sample.media_hash) for sample in some]
