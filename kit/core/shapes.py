"""What the verbs know, as plain values: one form for events, the API and the command line.

Names are those of the HTTP contract. No address and no sentence is in here: the page's own room
adds them, each listener's in its language.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from kit.core.hands import Hand, Side
from kit.core.ports import HeardSecond
from kit.core.types import (
    CameraStatus,
    Job,
    Kind,
    Label,
    Media,
    MicrophoneStatus,
    ModelRef,
    Prediction,
    ProjectInfo,
    Sample,
)

LOCAL_SPACE = "kit"
"""The space of whoever sits at the kit itself; each other one is a group's, named by its animal."""


class ThumbShape(TypedDict):
    """A sample whose small picture is shown."""

    id: str


class LabelShape(TypedDict):
    """One label as its card shows it."""

    id: str
    name: str
    style: int
    is_nothing: bool
    samples: int
    bursts: int
    thumbs: list[ThumbShape]


class BurstShape(TypedDict):
    """A burst on the kit's camera or microphone, while it runs and when it has ended."""

    id: str
    label_id: str
    samples: int
    without_hand: int
    """Frames in which no hand was found, so that nothing is kept of them."""


class AdviceShape(TypedDict, total=False):
    """What to do next: a sentence's id with its values, and the label it is about, if one."""

    id: str
    values: dict[str, Any]
    label_id: str


class ModelShape(TypedDict):
    """The trained model that answers, as its card shows it."""

    ref: dict[str, Any]
    stale: bool
    trained_on: int
    training_ms: float
    loss_curve: list[float]
    threshold: float
    exportable: bool
    trained_labels: list[str]


class ProjectState(TypedDict):
    """A project as its page shows it, whole: costs O(labels), however many samples there are."""

    seq: int
    project: dict[str, Any]
    labels: list[LabelShape]
    burst: BurstShape | None
    can_answer: bool
    model: ModelShape | None
    check: dict[str, Any] | None
    advice: Sequence[AdviceShape]
    job: dict[str, Any] | None


def animal_of(space_id: str) -> str | None:
    """The animal of a group's space; None for the kit's own.

    >>> animal_of("squirrel"), animal_of("kit")
    ('squirrel', None)
    """
    return None if space_id == LOCAL_SPACE else space_id


def project(info: ProjectInfo) -> dict[str, Any]:
    """One project's card."""
    return {
        "id": info.id,
        "name": info.name,
        "kind": str(info.kind),
        "space_id": info.space_id,
        "animal": animal_of(info.space_id),
        "threshold": info.threshold,
        "activity": info.activity,
        "is_example": info.is_example,
        "labels": info.labels,
        "samples": info.samples,
        "changed_seq": info.changed_seq,
        "hearing": info.hearing and str(info.hearing),
        "hands": info.hands,
        "blur_faces": str(info.blur_faces) if info.kind is Kind.IMAGE else None,
    }


def label(value: Label) -> dict[str, Any]:
    """A label's own words, without what was shown for it."""
    return {
        "id": value.id,
        "name": value.name,
        "style": value.style,
        "is_nothing": value.is_nothing,
    }


def sample(value: Sample) -> dict[str, Any]:
    """One sample."""
    return {
        "id": value.id,
        "label_id": value.label_id,
        "burst_id": value.burst_id,
        "sequence": value.sequence,
        "width": value.width,
        "height": value.height,
        "source": value.source,
        "media": str(value.media),
        "bytes": value.bytes,
        "sent_bytes": value.sent_bytes,
        "duration_ms": wav_ms(value.bytes) if value.media is Media.SOUND else None,
        "trimmed": value.trimmed,
    }


def wav_ms(size: int) -> int:
    """How long a kept clip of so many bytes is, milliseconds: 44 of head, then 32 each.

    >>> wav_ms(32_044)
    1000
    """
    return (size - 44) // 32


def hand(value: Hand, width: int, height: int, mirrored: bool) -> dict[str, Any]:
    """A hand in a live frame, its points in fractions of the picture as it is shown.

    Args:
        value: as the network saw it.
        width, height: of the frame, pixels.
        mirrored: whether the frame is shown as a mirror shows it: then left is right.
    """
    places = value.points[:, :2] / (width, height)
    side = value.side
    if mirrored:
        side = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    return {"side": str(side), "points": [[round(x, 4), round(y, 4)] for x, y in places.tolist()]}


def sound(value: HeardSecond) -> dict[str, Any]:
    """What a level meter and a spectrogram show."""
    return {
        "sequence": value.sequence,
        "level_db": value.level_db,
        "peak_db": value.peak_db,
        "clipping": value.clipping,
        "columns": value.columns.tolist(),
    }


def model_ref(ref: ModelRef) -> dict[str, Any]:
    """Which model answers."""
    return {
        "project_id": ref.project_id,
        "space_id": ref.space_id,
        "animal": animal_of(ref.space_id),
        "number": ref.number,
        "head": ref.head,
        "backbone": ref.backbone,
        "backbone_hash": ref.backbone_hash,
    }


def prediction(value: Prediction, label_ids: Mapping[str, str] | None = None) -> dict[str, Any]:
    """One answer, with the model it came from.

    Args:
        value: the answer.
        label_ids: label name -> id, where there is a project; a folder of photos has none.
    """
    return {
        "label": value.label,
        "label_id": (label_ids or {}).get(value.label),
        "known": value.known,
        "confidence": value.confidence,
        "confidences": dict(value.confidences),
        "stages_ms": {stage: round(ms, 3) for stage, ms in value.stages_ms.items()},
        "latency_ms": round(value.latency_ms, 3),
        "threshold": value.threshold,
        "sequence": value.sequence,
        "model": model_ref(value.model),
        **({"hands": list(value.hands)} if value.hands else {}),
    }


def job(value: Job) -> dict[str, Any]:
    """One long work."""
    return {
        "id": value.id,
        "verb": value.verb,
        "project_id": value.project_id,
        "state": str(value.state),
        "progress": value.progress,
        "result": dict(value.result) if value.result is not None else None,
        "error": dict(value.error) if value.error is not None else None,
    }


def microphone(status: MicrophoneStatus) -> dict[str, Any]:
    """The microphone, without its reason for the log. `taken_by` is the turn lamp."""
    who = status.taken_by
    return {
        "state": str(status.state),
        "name": status.name,
        "available": list(status.available),
        "cannot": list(status.cannot),
        "settings": {"name": status.settings.name},
        "message_id": status.message_id,
        "rate_hz": status.rate_hz,
        "taken_by": None if who is None else {"animal": animal_of(who)},
    }


def camera(status: CameraStatus) -> dict[str, Any]:
    """The camera, without its reason for the log."""
    settings = status.settings
    return {
        "state": str(status.state),
        "name": status.name,
        "available": list(status.available),
        "cannot": list(status.cannot),
        "settings": {
            "name": settings.name,
            "mirror": settings.mirror,
            "rotate": settings.rotate,
            "lock": settings.lock,
            "width": settings.width,
            "height": settings.height,
        },
        "message_id": status.message_id,
        "frames_per_s": round(status.frames_per_s, 1),
    }
