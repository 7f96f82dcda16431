"""One project's embeddings: made when a sample is kept, made up for when one is missing.

Always of the *stored* bytes, kept by everything they depend on. A sample is safe before it is
embedded: whatever goes wrong here (a power cut, the engine) leaves a sample without its embedding,
and the next who needs it makes it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from itertools import islice

import numpy as np

from kit.core.errors import KitError
from kit.core.ports import Lane, Sense
from kit.core.types import Embedded, EmbeddingKey, Sample
from kit.storage import Store

_log = logging.getLogger(__name__)

TOGETHER = 32
"""Samples handed to the engine before the first result is awaited, and kept in one transaction."""

LONGEST_WAIT_S = 60.0
"""For one sample, others before it included; a Pi Zero 2 W needs a twentieth of a second."""


class ProjectEmbeddings:
    """Reads and makes the embeddings of one project's samples. Thread-safe."""

    def __init__(self, store: Store, sense: Sense, project_id: str) -> None:
        self._store = store
        self._sense = sense
        self._project_id = project_id

    def key(self, media_hash: str = "", view: int = 0) -> EmbeddingKey:
        """The whole key of a sample's embedding by this sense."""
        return self._sense.key(media_hash, view)

    def kept(self, sample: Sample) -> np.ndarray | None:
        """The embedding that is kept for a sample, (d,) float32, or None."""
        return self._store.embedding(self._project_id, self.key(sample.media_hash))

    def all_kept(self, view: int = 0) -> tuple[list[str], np.ndarray]:
        """Ids of the samples that have this view's, oldest first, and the (n, d) float32 matrix."""
        return self._store.embeddings(self._project_id, self.key(view=view))

    def make(
        self,
        samples: Sequence[Sample],
        lane: Lane,
        *,
        stored: Sequence[bytes] | None = None,
        view: int = 0,
        done: Callable[[int], None] = lambda count: None,
    ) -> Iterable[tuple[Sample, np.ndarray]]:
        """Embed samples and keep the result, some at a time; gives each pair once it is kept.

        A sample that cannot be embedded is left out and said in the log.

        Args:
            samples: to embed.
            lane: who waits.
            stored: their bytes where they are at hand; read otherwise.
            view: which of the sense's views of each sample.
            done: told how many have been dealt with so far.
        """
        todo = zip(samples, stored or [None] * len(samples), strict=True)
        dealt_with = 0
        while part := list(islice(todo, TOGETHER)):
            asked = [(sample, self._ask(sample, data, lane, view)) for sample, data in part]
            made = [
                (sample, vector)
                for sample, future in asked
                if future is not None and (vector := _result(sample, future)) is not None
            ]
            self._store.save_embeddings(
                self._project_id,
                [(self.key(sample.media_hash, view), vector) for sample, vector in made],
            )
            dealt_with += len(part)
            done(dealt_with)
            yield from made

    def _ask(
        self, sample: Sample, data: bytes | None, lane: Lane, view: int
    ) -> "Future[Embedded] | None":
        try:
            if data is None:
                data = self._store.media(self._project_id, sample.media_hash)
            return self._sense.embed(self._sense.read(data), lane, view=view)
        except KitError as error:
            _log.warning("sample %s is not embedded: %s", sample.id, error)
            return None


def _result(sample: Sample, future: "Future[Embedded]") -> np.ndarray | None:
    try:
        return future.result(LONGEST_WAIT_S).embedding
    except (Exception, CancelledError) as error:
        # Whatever the engine met, the sample is kept: the next who needs it asks again.
        _log.warning("sample %s is not embedded: %r", sample.id, error)
        return None
