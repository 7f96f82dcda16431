"""A project's pictures through the lab's own networks: other sizes, other cuts than its lessons'.

Kept under the same kind of key as the lessons' embeddings, so that a second measurement of the same
network embeds nothing anew, and they go with the picture.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from kit.codecs.picture import decode_for_model
from kit.core import image
from kit.core.types import EmbeddingKey, Sample
from kit.experiments.bench import Runner
from kit.storage import Store

TOGETHER = 32
"""Kept in one transaction."""


class Eyes:
    """One network looking at one project's pictures, in the caller's thread.

    Args:
        store: where the pictures are.
        project_id: whose.
        runner: the network.
    """

    def __init__(self, store: Store, project_id: str, runner: Runner) -> None:
        self._store, self._project_id, self._runner = store, project_id, runner

    def kept(self, view: int = 0) -> tuple[list[str], np.ndarray]:
        """Ids of the samples whose view was embedded, oldest first, and the (n, d) float32."""
        return self._store.embeddings(self._project_id, self._key("", view))

    def look(self, samples: Sequence[Sample], view: int = 0) -> Iterator[int]:
        """Embed and keep a view of each picture; says after each some how many are kept.

        Raises:
            BadInput: a stored picture is damaged.
        """
        for begin in range(0, len(samples), TOGETHER):
            part = samples[begin : begin + TOGETHER]
            pairs = [
                (
                    self._key(sample.media_hash, view),
                    self._embed(self._store.media(self._project_id, sample.media_hash), view),
                )
                for sample in part
            ]
            self._store.save_embeddings(self._project_id, pairs)
            yield begin + len(part)

    def keep(self, sample: Sample, picture: bytes) -> None:
        """Embed one picture whose bytes are at hand, and keep it."""
        pair = self._key(sample.media_hash, 0), self._embed(picture, 0)
        self._store.save_embeddings(self._project_id, [pair])

    def _embed(self, picture: bytes, view: int) -> np.ndarray:
        size = self._runner.input_size
        prepared = image.prepare(decode_for_model(picture, size), size)
        return self._runner.embed(image.view(prepared, view))

    def _key(self, media_hash: str, view: int) -> EmbeddingKey:
        runner = self._runner
        return EmbeddingKey(
            media_hash=media_hash,
            backbone_hash=runner.hash,
            input_size=runner.input_size,
            cut=runner.cut,
            preparation_version=image.PREPARATION_VERSION,
            runtime_version=runner.runtime_version,
            view=view,
        )
