"""Hands: found in a picture, kept as points; the picture goes no further than this file."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from threading import Lock
from time import perf_counter
from typing import Protocol

import numpy as np

from kit.codecs.picture import STORED_SIDE, decode_picture, store_pixels
from kit.codecs.sound import looks_like_sound
from kit.core import gesture
from kit.core.errors import BadInput
from kit.core.gesture import MOST_HANDS, NORMALISATION_VERSION
from kit.core.hands import Hand
from kit.core.heads import Head
from kit.core.ports import Asked, Lane, Looked, Networks
from kit.core.types import Embedded, EmbeddingKey, Frame, Kind, Media, Stored
from kit.formats.gesture_tflite import export_gesture
from kit.senses import drawing
from kit.senses.hands_file import from_bytes, to_bytes
from kit.senses.sight import a_sound


class Finder(Protocol):
    """What finds hands: `engine.hands_runtime.HandFinder`, for one thread at a time."""

    name: str
    hash: str
    runtime_version: str
    most: int

    def find(self, pixels: np.ndarray) -> list[Hand]: ...

    def follow(self, pixels: np.ndarray) -> list[Hand]: ...


class HandLooker:
    """One finder of hands for every project of gestures. Thread-safe.

    Args:
        networks: runs it.
        load: the finder; called once, when it is first needed.
    """

    def __init__(self, networks: Networks, load: Callable[[], Finder]) -> None:
        self._networks = networks
        self._load, self._loading = load, Lock()

    @property
    def finder(self) -> Finder:
        """The finder, for what it says of itself; loaded if it was not."""
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Finder:
        return self._load()

    def find(self, pixels: np.ndarray) -> tuple[list[Hand], dict[str, float]]:
        """The hands in a picture that is nobody's successor, and what that took.

        Raises:
            BadInput: "no-hand".
        """
        finder = self.finder

        def work(wait_ms: float) -> tuple[list[Hand], dict[str, float]]:
            began = perf_counter()
            finder.most = MOST_HANDS
            hands = finder.find(pixels)
            return hands, {"wait": wait_ms, "find": (perf_counter() - began) * 1000.0}

        hands, stages_ms = self._networks.run(work, Lane.CAPTURE).result()
        if not hands:
            height, width = pixels.shape[:2]
            raise BadInput("no-hand", f"no hand found in a picture of {width} x {height} pixels")
        return hands, stages_ms

    def follow(self, pixels: np.ndarray, most: int) -> Looked:
        """The hands in the next live frame; a second one is looked for only where it counts."""
        finder = self.finder

        def work(wait_ms: float) -> Looked:
            began = perf_counter()
            finder.most = most
            hands = finder.follow(pixels)
            find_ms = (perf_counter() - began) * 1000.0
            return Looked(None, tuple(hands), {"wait": wait_ms, "find": find_ms})

        return self._networks.run(work, Lane.LIVE, source="camera, hands").result()


class Signs:
    """The sense of gestures of at most so many hands (`core.ports.Onlooker`).

    Args:
        hands: 1 or 2.
        looker: finds them; shared with the other sense of gestures.
    """

    kind, hearing, media = Kind.GESTURE, None, Media.HANDS
    transform = gesture.TRANSFORM
    # One sign made twice by one hand is as near as a copy: nothing can be told from that.
    near_copies = False
    input_size = None
    preparation_version = NORMALISATION_VERSION
    live_source = "hands"

    def __init__(self, hands: int, looker: HandLooker) -> None:
        self.hands = self.live_rank = hands
        self._looker = looker

    @property
    def backbone(self) -> str:
        return self._looker.finder.name

    @property
    def backbone_hash(self) -> str:
        return self._looker.finder.hash

    @property
    def runtime_version(self) -> str:
        return self._looker.finder.runtime_version

    def key(self, media_hash: str = "", view: int = 0) -> EmbeddingKey:
        return EmbeddingKey(
            media_hash=media_hash,
            backbone_hash=self.backbone_hash,
            input_size=0,
            cut=f"points of {self.hands}",
            preparation_version=NORMALISATION_VERSION,
            runtime_version=self.runtime_version,
            view=view,
        )

    def views(self, samples: int, labels: int) -> int:
        return gesture.view_count(self.hands)  # 42 numbers each: there is nothing to save

    def keep(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        hands, _, pixels = self._found(data)
        return self._stored(hands, pixels, len(data))

    def keep_raw(self, raw: np.ndarray, *, cover_faces: bool = False) -> Stored:
        hands, _ = self._looker.find(raw)
        return self._stored(hands, raw, len(store_pixels(raw).bytes))

    def kept(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        hands, width, height = from_bytes(data)
        return _as_stored(to_bytes(hands, width, height))

    def _found(self, data: bytes) -> tuple[list[Hand], dict[str, float], np.ndarray]:
        began = perf_counter()
        if looks_like_sound(data):
            raise a_sound()
        pixels = decode_picture(data, max_side=STORED_SIDE)
        decode_ms = (perf_counter() - began) * 1000.0
        hands, stages_ms = self._looker.find(pixels)
        return hands, {"decode": decode_ms, **stages_ms}, pixels

    def _stored(self, hands: list[Hand], pixels: np.ndarray, sent_bytes: int) -> Stored:
        height, width = pixels.shape[:2]
        kept = to_bytes(hands, width, height)
        return _as_stored(kept, sent_bytes, self._advice(hands))

    def _advice(self, hands: list[Hand]) -> str | None:
        return "advice-second-hand" if len(hands) > self.hands else None

    def read(self, data: bytes) -> Asked:
        if data[:1] == b"{":
            began = perf_counter()
            hands, width, height = from_bytes(data)
            stages_ms = {"decode": (perf_counter() - began) * 1000.0}
        else:
            hands, stages_ms, pixels = self._found(data)
            height, width = pixels.shape[:2]
        return Asked(
            gesture.vector(hands, self.hands),
            stages_ms,
            shape=(height, width),
            advice=self._advice(hands),
            hands=tuple(hands[: self.hands]),
        )

    def read_raw(self, raw: np.ndarray) -> Asked:
        hands, stages_ms = self._looker.find(raw)
        return Asked(gesture.vector(hands, self.hands), stages_ms, advice=self._advice(hands))

    def embed(
        self, asked: Asked, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        future: Future[Embedded] = Future()
        numbers = asked.prepared if view == 0 else gesture.views(asked.prepared)[view]
        future.set_result(Embedded(numbers, None, {}))
        return future

    def picture(self, stored: bytes, *, thumb: bool = False) -> tuple[bytes, str]:
        hands, _, _ = from_bytes(stored)
        return drawing.skeleton(hands, thumb=thumb), drawing.PNG

    def look(self, frame: Frame) -> Looked:
        return self._looker.follow(frame.pixels, self.hands)

    def of_look(self, looked: Looked) -> Embedded | None:
        if not looked.hands:
            return None
        numbers = gesture.vector(looked.hands, self.hands)
        return Embedded(numbers, None, looked.stages_ms)

    def export(self, head: Head, *, description: str) -> bytes:
        return export_gesture(head, description=description)


def _as_stored(kept: bytes, sent_bytes: int | None = None, advice: str | None = None) -> Stored:
    side = drawing.SIGN_SIDE
    return Stored(kept, side, side, Media.HANDS, sent_bytes, advice)
