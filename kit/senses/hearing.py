"""Sounds: kept as two seconds of WAV, heard as words or as sounds (docs/decisions/0010)."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from threading import Lock
from time import perf_counter
from typing import Protocol

import numpy as np

from kit.codecs.picture import check_picture
from kit.codecs.sound import DecodedSound, as_kept, decode_sound, encode_wav, is_plain_wav
from kit.core import sound
from kit.core.errors import BadInput, KitError
from kit.core.heads import Head, training_views
from kit.core.ports import Asked, Lane, Networks
from kit.core.sound import PREPARATION_VERSION, Hearing
from kit.core.types import Embedded, EmbeddingKey, Kind, Media, Stored
from kit.formats.sound_tflite import export_pooled, export_words
from kit.senses import drawing


class Listener(Protocol):
    """What embeds a prepared second: `engine.sound_runtime.Speech` or `Pooled`."""

    name: str
    hash: str
    runtime_version: str
    cut: str

    def embed(self, prepared: np.ndarray) -> np.ndarray: ...


class Ear:
    """The sense of sounds, heard in one of two ways (`core.ports.Sense`).

    Args:
        hearing: which way.
        networks: runs what embeds.
        load: what embeds; called once, when it is first needed.
        content: the network's file, whole; for exporting words only.
    """

    kind, hands, media = Kind.SOUND, 0, Media.SOUND
    transform = "length"
    # A word said twice by one voice is as near as a copy: nothing can be told from that.
    near_copies = False
    input_size = None
    preparation_version = PREPARATION_VERSION

    def __init__(
        self,
        hearing: Hearing,
        networks: Networks,
        load: Callable[[], Listener],
        *,
        content: Callable[[], bytes] = lambda: b"",
    ) -> None:
        self.hearing = hearing
        self._networks = networks
        self._load, self._loading = load, Lock()
        self._content = content

    @property
    def _listener(self) -> Listener:
        with self._loading:  # two pages may open the first project of sounds at once
            return self._loaded

    @cached_property
    def _loaded(self) -> Listener:
        return self._load()

    @property
    def backbone(self) -> str:
        return self._listener.name

    @property
    def backbone_hash(self) -> str:
        return self._listener.hash

    @property
    def runtime_version(self) -> str:
        return self._listener.runtime_version

    def key(self, media_hash: str = "", view: int = 0) -> EmbeddingKey:
        listener = self._listener
        return EmbeddingKey(
            media_hash=media_hash,
            backbone_hash=listener.hash,
            input_size=0,
            cut=listener.cut,
            preparation_version=PREPARATION_VERSION,
            runtime_version=listener.runtime_version,
            view=view,
        )

    def views(self, samples: int, labels: int) -> int:
        return training_views(samples, labels, self.hearing.views)

    def keep(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        decoded = _decoded(data)
        return self._stored(as_kept(decoded.waveform), decoded.level.advice)

    def keep_raw(self, raw: np.ndarray, *, cover_faces: bool = False) -> Stored:
        if not len(raw) or np.ptp(raw) == 0.0:
            raise BadInput("sound-silent", "the microphone gave nothing but one level")
        return self._stored(as_kept(raw), sound.level(raw).advice)

    def kept(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        decoded = _decoded(data)
        if is_plain_wav(data):
            return self._stored(decoded.waveform, None, data)
        return self._stored(as_kept(decoded.waveform), None)

    def _stored(self, kept: np.ndarray, advice: str | None, data: bytes | None = None) -> Stored:
        size = drawing.CLIP_WIDTH, drawing.CLIP_HEIGHT
        return Stored(data or encode_wav(kept), *size, Media.SOUND, advice=advice)

    def read(self, data: bytes) -> Asked:
        began = perf_counter()
        decoded = _decoded(data)
        half = perf_counter()
        prepared = sound.prepare(as_kept(decoded.waveform), self.hearing)
        stages_ms = {
            "decode": (half - began) * 1000.0,
            "prepare": (perf_counter() - half) * 1000.0,
        }
        return Asked(prepared, stages_ms, advice=decoded.level.advice)

    def read_raw(self, raw: np.ndarray) -> Asked:
        began = perf_counter()
        prepared = sound.prepare(as_kept(raw), self.hearing)
        return Asked(prepared, {"prepare": (perf_counter() - began) * 1000.0})

    def embed(
        self, asked: Asked, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        listener = self._listener
        viewed = sound.view(asked.prepared, view)

        def work(wait_ms: float) -> Embedded:
            began = perf_counter()
            embedding = listener.embed(viewed)
            invoke_ms = (perf_counter() - began) * 1000.0
            return Embedded(embedding, None, {"wait": wait_ms, "invoke": invoke_ms})

        return self._networks.run(work, lane, source=f"microphone, {self.hearing}")

    def picture(self, stored: bytes, *, thumb: bool = False) -> tuple[bytes, str]:
        return drawing.spectrogram(decode_sound(stored).waveform, thumb=thumb), drawing.PNG

    def export(self, head: Head, *, description: str) -> bytes:
        if self.hearing is Hearing.SOUNDS:
            return export_pooled(head, description=description)
        return export_words(self._content(), self.backbone_hash, head, description=description)


def _decoded(data: bytes) -> DecodedSound:
    try:
        return decode_sound(data)
    except BadInput as error:
        if error.id == "sound-not-a-sound" and _is_picture(data):
            raise BadInput("picture-not-wanted", "a picture where sounds are told apart") from error
        raise


def _is_picture(data: bytes) -> bool:
    try:
        check_picture(data)
    except KitError:
        return False
    return True
