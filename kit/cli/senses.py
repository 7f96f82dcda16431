"""What `kit train` must know of a kind of sample; the kind is said by a person, never guessed.

--kind image    `Sight`: pictures, the shipped backbone
--kind words    `Ear`: speech, the shipped speech network
--kind sounds   `Ear`: anything else that is heard, no network
--kind gesture  `Signs`: pictures of hands, of which only the points are kept
"""

from collections import Counter
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from kit.core import gesture
from kit.core.heads import Head
from kit.core.sound import Hearing
from kit.formats.dataset import Contents

IMAGE, GESTURE = "image", "gesture"
KINDS = (IMAGE, *(hearing.value for hearing in Hearing), GESTURE)
HANDS = (1, 2)
SIZES = (224, 160, 128, 96)
_BACKBONE = "efficientnet-lite0"


class Sense(Protocol):
    """One kind of sample, from a file's bytes to an embedding, and from a head to a file.

    Attributes:
        contents: what the dataset must hold.
        backbone: name, hash and runtime_version of what embeds.
        transform: how heads turn its embeddings into features, a key of `heads.TRANSFORMS`.
        near_copies: whether two files' embeddings tell that one was cut from the same film.
        hearing: for sounds, which way; None for pictures.
        input_size: for pictures, the side of the model's input in pixels; else None.
        hands: how many a gesture may have; 0 for what is no gesture.
        advice: message id -> how many files it was worth saying of.
    """

    contents: Contents
    backbone: Any
    transform: str
    near_copies: bool
    hearing: Hearing | None
    input_size: int | None
    hands: int
    advice: Counter[str]

    def views(self, samples: int, labels: int) -> int:
        """How many views of each sample to train on."""

    def prepare(self, data: bytes) -> tuple[np.ndarray, dict[str, float]]:
        """A file's bytes, prepared, and what each stage took. Raises what the decoder refuses."""

    def view(self, prepared: np.ndarray, number: int) -> np.ndarray:
        """One of the views."""

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        """The embedding, (d,) float32."""

    def export(self, head: Head, names: list[str]) -> bytes:
        """Backbone and head as one `.tflite`."""


def sense_of(kind: str, size: int | None, hands: int | None = None) -> Sense:
    """The sense for `--kind` and, for pictures, `--size`, for gestures, `--hands`.

    Raises:
        BadInput: "size-of-pictures", "hands-of-gestures": what only another kind has was given.
        Unavailable: what the model files refuse.
    """
    from kit.core.errors import BadInput

    if hands is not None and kind != GESTURE:
        raise BadInput("hands-of-gestures", f"--hands {hands} with --kind {kind}")
    if kind == IMAGE:
        return Sight(size or SIZES[0])
    if size is not None:
        raise BadInput("size-of-pictures", f"--size {size} with --kind {kind}")
    if kind == GESTURE:
        return Signs(hands or HANDS[0])
    return Ear(Hearing(kind))


class Sight:
    """Pictures."""

    contents = Contents.PICTURES
    transform = "root"
    near_copies = True
    hearing = None
    hands = 0

    def __init__(self, size: int) -> None:
        import cv2

        from kit import resources
        from kit.engine.runtime import Backbone

        cv2.setNumThreads(1)
        self.input_size = size
        self.advice: Counter[str] = Counter()
        self.backbone = Backbone.load(resources.model_dir(_BACKBONE), size)

    def views(self, samples: int, labels: int) -> int:
        from kit.core import image
        from kit.core.heads import training_views

        return training_views(samples, labels, image.VIEWS)

    def prepare(self, data: bytes) -> tuple[np.ndarray, dict[str, float]]:
        from kit.codecs.picture import decode_for_model
        from kit.core import image

        began = perf_counter()
        pixels = decode_for_model(data, self.input_size)
        decoded = perf_counter()
        prepared = image.prepare(pixels, self.input_size)
        ended = perf_counter()
        return prepared, {"decode": (decoded - began) * 1000, "prepare": (ended - decoded) * 1000}

    def view(self, prepared: np.ndarray, number: int) -> np.ndarray:
        from kit.core import image

        return image.view(prepared, number)

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        return self.backbone.embed(prepared)

    def export(self, head: Head, names: list[str]) -> bytes:
        from kit import resources
        from kit.formats.tflite import export_tflite

        return export_tflite(
            resources.model_path(_BACKBONE).read_bytes(),
            self.backbone.hash,
            head,
            size=self.input_size,
            description=", ".join(names),
        )


class Ear:
    """Sounds, heard in one of two ways."""

    contents = Contents.SOUNDS
    transform = "length"
    # A word said twice by one voice is as near as a copy: nothing can be told from that.
    near_copies = False
    input_size = None
    hands = 0

    def __init__(self, hearing: Hearing) -> None:
        from kit import resources
        from kit.engine.sound_runtime import load_hearing

        self.hearing = hearing
        self.advice: Counter[str] = Counter()
        self.backbone = load_hearing(hearing, resources.models_dir())

    def views(self, samples: int, labels: int) -> int:
        from kit.core.heads import training_views

        return training_views(samples, labels, self.hearing.views)

    def prepare(self, data: bytes) -> tuple[np.ndarray, dict[str, float]]:
        from kit.codecs.sound import decode_sound
        from kit.core import sound

        began = perf_counter()
        decoded = decode_sound(data)
        half = perf_counter()
        prepared = sound.prepare(decoded.waveform, self.hearing)
        ended = perf_counter()
        if decoded.level.advice:
            self.advice[decoded.level.advice] += 1
        return prepared, {"decode": (half - began) * 1000, "prepare": (ended - half) * 1000}

    def view(self, prepared: np.ndarray, number: int) -> np.ndarray:
        from kit.core import sound

        return sound.view(prepared, number)

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        return self.backbone.embed(prepared)

    def export(self, head: Head, names: list[str]) -> bytes:
        from kit import resources
        from kit.engine.sound_runtime import SPEECH
        from kit.formats.sound_tflite import export_pooled, export_words

        description = ", ".join(names)
        if self.hearing is Hearing.SOUNDS:
            return export_pooled(head, description=description)
        content = resources.model_path(SPEECH).read_bytes()
        return export_words(content, self.backbone.hash, head, description=description)


class Signs:
    """Gestures: the hands in pictures, as points. The pictures go no further than `prepare`."""

    contents = Contents.PICTURES
    transform = gesture.TRANSFORM
    # One sign made twice by one hand is as near as a copy: nothing can be told from that.
    near_copies = False
    hearing = None
    input_size = None

    def __init__(self, hands: int) -> None:
        import cv2

        from kit import resources
        from kit.engine.hands_runtime import HandFinder

        cv2.setNumThreads(1)
        self.hands = hands
        self.advice: Counter[str] = Counter()
        self.backbone = HandFinder(resources.models_dir())

    def views(self, samples: int, labels: int) -> int:
        return gesture.view_count(self.hands)  # 42 numbers each: there is nothing to save

    def prepare(self, data: bytes) -> tuple[np.ndarray, dict[str, float]]:
        from kit.codecs.picture import STORED_SIDE, decode_picture

        began = perf_counter()
        pixels = decode_picture(data, max_side=STORED_SIDE)
        decoded = perf_counter()
        found = self.backbone.find_for_gesture(pixels)
        ended = perf_counter()
        if len(found) > self.hands:
            self.advice["gesture-second-hand"] += 1
        numbers = gesture.vector(found, self.hands)
        return numbers, {"decode": (decoded - began) * 1000, "find": (ended - decoded) * 1000}

    def view(self, prepared: np.ndarray, number: int) -> np.ndarray:
        return gesture.views(prepared)[number]

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        return prepared

    def export(self, head: Head, names: list[str]) -> bytes:
        from kit.formats.gesture_tflite import export_gesture

        return export_gesture(head, description=", ".join(names))
