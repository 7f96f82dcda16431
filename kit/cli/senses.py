"""The senses of `kit.senses` with the models that came with the kit, for server and command line.

--kind image    pictures, the shipped backbone
--kind words    speech, the shipped speech network
--kind sounds   anything else that is heard, no network
--kind gesture  pictures of hands, of which only the points are kept
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.core.sound import Hearing

if TYPE_CHECKING:
    import numpy as np

    from kit.core.ports import Embedder, Sense
    from kit.core.types import Kind
    from kit.engine.faces_runtime import FaceCover
    from kit.senses import Senses
    from kit.senses.hearing import Listener
    from kit.senses.signs import Finder

IMAGE, GESTURE = "image", "gesture"
KINDS = (IMAGE, *(hearing.value for hearing in Hearing), GESTURE)
HANDS = (1, 2)
SIZES = (224, 160, 128, 96)
_BACKBONE, _SPEECH = "efficientnet-lite0", "speech-embedding"


def shipped_senses(embedder: "Embedder", backbone: Callable[[], bytes]) -> "Senses":
    """Every sense, with the models that came with the kit; each is loaded when it is first needed.

    Args:
        embedder: runs them.
        backbone: the pictures' own file, whole.
    """
    from kit import resources
    from kit.engine.runtime import verified_bytes
    from kit.senses import Senses

    models = resources.models_dir()
    faces: list[FaceCover] = []

    def load_listener(hearing: Hearing) -> "Listener":
        from kit.engine.sound_runtime import load_hearing

        return load_hearing(hearing, models)

    def load_finder() -> "Finder":
        from kit.engine.hands_runtime import HandFinder

        return HandFinder(models)

    def cover(pixels: "np.ndarray") -> "tuple[np.ndarray, int]":
        from kit.engine.faces_runtime import FaceCover

        if not faces:  # where networks run, so one at a time
            faces.append(FaceCover(models))
        return faces[0].cover(pixels)

    return Senses(
        embedder,
        load_listener=load_listener,
        load_finder=load_finder,
        cover=cover,
        backbone=backbone,
        speech=lambda: verified_bytes(resources.model_dir(_SPEECH)),
    )


def senses(size: int = SIZES[0]) -> "Senses":
    """Every sense for a program that has the networks for itself: no server, no thread.

    Args:
        size: of the model's input for pictures, pixels.
    """
    from functools import partial

    import cv2

    from kit import resources
    from kit.engine.alone import Alone
    from kit.engine.runtime import Backbone, verified_bytes

    cv2.setNumThreads(1)
    model = resources.model_dir(_BACKBONE)
    return shipped_senses(Alone(lambda: Backbone.load(model, size)), partial(verified_bytes, model))


def sense_of(kind: str, size: int | None, hands: int | None = None) -> "Sense":
    """The sense for `--kind` and, for pictures, `--size`, for gestures, `--hands`.

    Raises:
        BadInput: "size-of-pictures", "hands-of-gestures": what only another kind has was given.
        Unavailable: what the model files refuse.
    """
    from kit.core.errors import BadInput

    if hands is not None and kind != GESTURE:
        raise BadInput("hands-of-gestures", f"--hands {hands} with --kind {kind}")
    if size is not None and kind != IMAGE:
        raise BadInput("size-of-pictures", f"--size {size} with --kind {kind}")
    every = senses(size or SIZES[0])
    sense = every.for_kind(*kind_of(kind), hands)
    _ = sense.backbone_hash  # whatever is missing is said before the work begins
    return sense


def kind_of(kind: str) -> "tuple[Kind, Hearing | None]":
    """A `--kind` as a project has it: two ways of hearing are one kind.

    >>> kind_of("sounds")
    (<Kind.SOUND: 'sound'>, <Hearing.SOUNDS: 'sounds'>)
    """
    from kit.core.types import Kind

    if kind in (IMAGE, GESTURE):
        return Kind(kind), None
    return Kind.SOUND, Hearing(kind)
