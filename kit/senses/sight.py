"""Pictures: kept as JPEG, told apart by the shipped backbone."""

from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter

import numpy as np

from kit.codecs.picture import (
    STORED_SIDE,
    check_picture,
    decode_for_model,
    decode_picture,
    preview,
    store_pixels,
)
from kit.codecs.sound import looks_like_sound
from kit.core.errors import BadInput
from kit.core.heads import Head, training_views
from kit.core.image import PREPARATION_VERSION, VIEWS
from kit.core.ports import Asked, Embedder, Lane, Looked
from kit.core.types import Embedded, EmbeddingKey, Frame, Kind, Media, Stored
from kit.formats.project_file import is_plain_jpeg
from kit.formats.tflite import export_tflite
from kit.senses.drawing import THUMB_SIDE

JPEG = "image/jpeg"

Cover = Callable[[np.ndarray], tuple[np.ndarray, int]]
"""A picture -> the picture without the faces found in it, and how many those were."""


class Sight:
    """The sense of pictures (`core.ports.Onlooker`).

    Args:
        embedder: the pictures' backbone.
        content: the backbone's file, whole; for exporting only.
        cover: covers faces; runs where networks run. None: whoever asks for it is not served.
    """

    kind, hearing, hands, media = Kind.IMAGE, None, 0, Media.PICTURE
    transform, near_copies = "root", True
    live_source, live_rank = "picture", 0
    preparation_version = PREPARATION_VERSION

    def __init__(
        self,
        embedder: Embedder,
        *,
        content: Callable[[], bytes] = lambda: b"",
        cover: Cover | None = None,
    ) -> None:
        self._embedder = embedder
        self._content = content
        self._cover = cover

    @property
    def backbone(self) -> str:
        return self._embedder.backbone

    @property
    def backbone_hash(self) -> str:
        return self._embedder.backbone_hash

    @property
    def runtime_version(self) -> str:
        return self._embedder.runtime_version

    @property
    def input_size(self) -> int:
        return self._embedder.input_size

    def key(self, media_hash: str = "", view: int = 0) -> EmbeddingKey:
        return EmbeddingKey(
            media_hash=media_hash,
            backbone_hash=self.backbone_hash,
            input_size=self.input_size,
            cut=self._embedder.cut,
            preparation_version=PREPARATION_VERSION,
            runtime_version=self.runtime_version,
            view=view,
        )

    def views(self, samples: int, labels: int) -> int:
        return training_views(samples, labels, VIEWS)

    def keep(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        return self.keep_raw(_decode(data), cover_faces=cover_faces)

    def keep_raw(self, raw: np.ndarray, *, cover_faces: bool = False) -> Stored:
        if cover_faces:
            raw, _faces = self._without_faces(raw)
        kept = store_pixels(raw)
        return Stored(kept.bytes, kept.width, kept.height)

    def kept(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        header = check_picture(data)
        plain = is_plain_jpeg(data) and max(header.width, header.height) <= STORED_SIDE
        if plain and not cover_faces:
            return Stored(data, header.width, header.height)
        pixels = decode_picture(data, max_side=STORED_SIDE)
        faces = 0
        if cover_faces:
            pixels, faces = self._without_faces(pixels)
        if plain and not faces:
            return Stored(data, header.width, header.height)
        return self.keep_raw(pixels)

    def _without_faces(self, pixels: np.ndarray) -> tuple[np.ndarray, int]:
        if self._cover is None:
            raise AssertionError("faces were to be covered, and nobody can")
        cover = self._cover
        return self._embedder.run(lambda wait_ms: cover(pixels), Lane.CAPTURE).result()

    def read(self, data: bytes) -> Asked:
        began = perf_counter()
        if looks_like_sound(data):
            raise a_sound()
        pixels = decode_for_model(data, self.input_size)
        return Asked(pixels, {"decode": (perf_counter() - began) * 1000.0}, pixels.shape[:2])

    def read_raw(self, raw: np.ndarray) -> Asked:
        return Asked(raw, {}, raw.shape[:2])

    def embed(
        self, asked: Asked, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        return self._embedder.embed(asked.prepared, lane, view=view, feature_map=feature_map)

    def picture(self, stored: bytes, *, thumb: bool = False) -> tuple[bytes, str]:
        if not thumb:
            return stored, JPEG
        return preview(decode_picture(stored, max_side=THUMB_SIDE), THUMB_SIDE), JPEG

    def look(self, frame: Frame) -> Looked:
        return Looked(self._embedder.embed(frame.pixels, Lane.LIVE).result())

    def of_look(self, looked: Looked) -> Embedded | None:
        return looked.embedded

    def export(self, head: Head, *, description: str) -> bytes:
        return export_tflite(
            self._content(),
            self.backbone_hash,
            head,
            size=self.input_size,
            description=description,
        )


def _decode(data: bytes) -> np.ndarray:
    if looks_like_sound(data):
        raise a_sound()
    return decode_picture(data, max_side=STORED_SIDE)


def a_sound() -> BadInput:
    return BadInput("sound-not-wanted", "a sound where pictures are told apart")
