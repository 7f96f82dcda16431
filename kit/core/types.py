"""The nouns every room shares: plain frozen values, no behaviour but their own checks.

They travel in the order of the walk: a `Frame` is kept as a `Sample`, a `Sample` is
embedded, embeddings train a head, a head answers with a `Prediction` that names the
`ModelRef` it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from kit.core.sound import Hearing


class Kind(StrEnum):
    """What a project teaches the kit to tell apart."""

    IMAGE = "image"
    SOUND = "sound"
    GESTURE = "gesture"
    TEXT = "text"


class Media(StrEnum):
    """What a sample's kept bytes are."""

    PICTURE = "picture"
    """JPEG, at most 640 px."""
    SOUND = "sound"
    """WAV, 16 kHz, mono, at most two seconds."""
    HANDS = "hands"
    """JSON: where the points of one or two hands were, and no picture."""


class BlurFaces(StrEnum):
    """In which pictures of a project faces are covered before anything is written."""

    UPLOADS = "uploads"
    """In those that browsers send, or that a file brings; not in the kit's own camera's."""
    ALWAYS = "always"
    NEVER = "never"


class Role(StrEnum):
    """Who is asking. A group sees its own space; a teacher sees the class.

    `LOCAL` is whoever sits at the kit itself (loopback server or command line):
    the owner of the data folder, who may do everything.
    """

    GROUP = "group"
    TEACHER = "teacher"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks a verb to act. No name, no account: a role, and a space for a group.

    >>> Actor(Role.GROUP, "squirrel").may_enter("owl")
    False
    """

    role: Role
    space_id: str | None = None

    def may_enter(self, space_id: str) -> bool:
        """Whether this actor may see and change what belongs to that space."""
        return self.role in (Role.TEACHER, Role.LOCAL) or self.space_id == space_id

    @property
    def runs_the_class(self) -> bool:
        """Whether this actor may end the class and see every group's work."""
        return self.role in (Role.TEACHER, Role.LOCAL)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as the camera read it.

    Attributes:
        pixels: (h, w, 3) uint8 RGB.
        captured_at_s: seconds on the machine's monotonic clock.
        sequence: rises by at least one a frame, for as long as the camera's owner lives.
        read_ms: how long the camera took to hand it over.
    """

    pixels: np.ndarray
    captured_at_s: float
    sequence: int
    read_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Space:
    """What one group sees. `animal` is a catalogue key ("squirrel"); "kit" is the local space."""

    id: str
    animal: str


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """One project's card on the home page."""

    id: str
    space_id: str
    name: str
    kind: Kind
    activity: str | None = None
    is_example: bool = False
    threshold: float | None = None
    """The pupils' own threshold in 0..1; None: the model's own, chosen on held-out data."""
    labels: int = 0
    samples: int = 0
    changed_seq: int = 0
    """Rises with every change in the data folder; orders the home page with no clock."""
    hearing: Hearing | None = None
    """For sounds, how they are told apart, as a person chose; else None."""
    hands: int | None = None
    """For gestures, how many hands one may have, 1 or 2; else None."""
    blur_faces: BlurFaces = BlurFaces.UPLOADS
    """For pictures; nothing else keeps any."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word the pupils chose. `style` picks its colour and pattern and never changes."""

    id: str
    name: str
    position: int
    style: int
    is_nothing: bool = False
    """The label for "none of the others": it teaches the kit what an empty table looks like."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One kept picture, clip or pose. Its bytes lie under `media_hash` (sha256, hex)."""

    id: str
    label_id: str
    burst_id: str
    media_hash: str
    sequence: int
    """Order of arrival in the project: never a clock, there is no battery for one."""
    width: int
    height: int
    source: str
    """"kit camera", "browser camera", "film", "file" or "example"."""
    facets: Mapping[str, str] = field(default_factory=dict)
    media: Media = Media.PICTURE
    bytes: int = 0
    """How many are kept of it."""
    sent_bytes: int | None = None
    """How many the picture had that a gesture was made from; else None."""
    trimmed: bool = False
    """For a clip: whether the whole of it can still come back."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What came in, in the form in which the kit keeps it; its sha256 is its media hash.

    Attributes:
        bytes: to be written as they are.
        width, height: of the picture that is shown of it, pixels.
        media: what the bytes are.
        sent_bytes: as in `Sample`.
        advice: message id of what would make the next one better; None where all is well.
    """

    bytes: bytes
    width: int
    height: int
    media: Media = Media.PICTURE
    sent_bytes: int | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class EmbeddingKey:
    """What an embedding was computed from, whole: change any part and it is another embedding."""

    media_hash: str
    backbone_hash: str
    input_size: int
    """Side of a picture, pixels; 0 for what is no picture."""
    cut: str
    preparation_version: int
    runtime_version: str
    view: int = 0
    """0 is the plain sample; others are the augmented views that heads also learn from."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the engine gives back for one picture.

    Attributes:
        embedding: (d,) float32.
        feature_map: (h, w, d) float32 where it was asked for, else None.
        stages_ms: stage -> milliseconds, in walking order ("prepare", "wait", "invoke").
    """

    embedding: np.ndarray
    feature_map: np.ndarray | None
    stages_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model answers: shown wherever an answer is shown. Number 0 is the instant one."""

    project_id: str
    space_id: str
    number: int
    head: str
    """"nearest-class-mean", "k-nearest-neighbours" or "softmax-regression"."""
    backbone: str
    backbone_hash: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer. `label` is always the top-1, even where `known` says not sure enough."""

    label: str
    known: bool
    confidence: float
    confidences: Mapping[str, float]
    """Label name -> 0..1, summing to 1, in the project's order of labels."""
    stages_ms: Mapping[str, float]
    model: ModelRef
    threshold: float
    sequence: int = 0
    hands: tuple[Mapping[str, Any], ...] = ()
    """To a picture of hands: where their points are, as `core.shapes.hand` says."""

    @property
    def latency_ms(self) -> float:
        """From the bytes or the camera to the answer: the stages' sum."""
        return float(sum(self.stages_ms.values()))


class JobState(StrEnum):
    """Where a long work stands. `INTERRUPTED` is what a restart leaves behind."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Job:
    """One long work as the page sees it."""

    id: str
    verb: str
    project_id: str | None
    space_id: str | None
    state: JobState
    progress: float = 0.0
    """0..1."""
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    """`{"id", "values"}` of the KitError that ended it."""


class DeviceState(StrEnum):
    """What the owner of the camera, or of the microphone, can say of it."""

    OFF = "off"
    STARTING = "starting"
    LIVE = "live"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What may be set on a camera; `CameraStatus.cannot` names what a back end cannot do."""

    name: str = "auto"
    """A back end ("picamera2", "usb", "fake"), one device ("usb:/dev/video2"), "auto" or "none"."""
    width: int = 640
    height: int = 480
    mirror: bool = False
    rotate: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    lock: bool = False
    """Hold exposure and white balance still, else they become the clue."""


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """The camera in words: for the page (by message id) and for the log (`reason`)."""

    state: DeviceState
    name: str
    settings: CameraSettings
    available: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    message_id: str | None = None
    reason: str = ""
    frames_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MicrophoneSettings:
    """Which microphone; all of them are brought to mono, 16 kHz."""

    name: str = "auto"
    """A back end ("alsa", "fake"), one device ("alsa:USB PnP Sound Device", "fake:FOLDER"), "auto"
    or "none".
    """


@dataclass(frozen=True, slots=True)
class MicrophoneInfo:
    """How a microphone that was opened gives its sound."""

    rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A short stretch of sound, some hundredths of a second, that follows the one before.

    Attributes:
        samples: (n,) float32 mono in -1..1, the channels averaged.
        rate_hz: their sampling rate.
        at_s: when its last sample was handed over, on the machine's monotonic clock.
        sequence: from a `Microphone`, how many chunks there were; from a `MicrophoneFeed`, how many
            samples at 16 kHz were heard when this chunk ended. Rises with every chunk.
        overflow: sound was lost just before this chunk.
        peak: the largest sample of any channel as recorded, 0..1.
        clipped: the share of samples as recorded that were at full scale, 0..1.
    """

    samples: np.ndarray
    rate_hz: int
    at_s: float
    sequence: int
    overflow: bool = False
    peak: float = 0.0
    clipped: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What one turn at the microphone gave.

    Attributes:
        waveform: (n,) float32 mono at 16 kHz.
        peak: as in `Chunk`, over all of it; with `clipped` what advice on the level goes by.
        clipped: as in `Chunk`, over all of it.
        gaps: how often sound was lost in it because the machine was too busy.
        whole: as long as asked for; False where it was stopped or the microphone was pulled out.
    """

    waveform: np.ndarray
    peak: float
    clipped: float
    gaps: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class MicrophoneStatus:
    """The microphone in words: for the page (by message id) and for the log (`reason`)."""

    state: DeviceState
    name: str
    settings: MicrophoneSettings
    available: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    """What it was asked for and cannot do; the sentence is "microphone-cannot-…"."""
    message_id: str | None = None
    reason: str = ""
    rate_hz: int = 0
    """As the device gives it; 0 where none is live."""
    taken_by: str | None = None
    """The animal of the group that records just now: the turn lamp."""


class MeterLabel(StrEnum):
    """What a figure of energy rests on. Figures with different labels are never ranked."""

    INPUT = "measured-input"
    """The whole board, at its plug."""
    RAILS = "measured-rails"
    """Some of the board's inner supplies: what they do not feed is not seen."""
    ESTIMATED = "estimated"
    """Nobody measured: a model, whose formula and constants are shown."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MeterInfo:
    """A meter in words and numbers: shown beside every figure that comes from it.

    Attributes:
        name: by which it is chosen, such as "pmic" or "hwmon:hwmon2".
        label: what its figures rest on.
        rate_hz: readings a second.
        resolution_mw: smallest step it can tell, milliwatts; None where nobody knows.
        gain_error: share by which all readings may be wrong together (0.005 is half a percent),
            from its data sheet; no interval holds this error. None where nobody knows.
        blind_spots: message ids of what it does not see.
        details: chip, shunt, rails, formula, constants with sources: plain JSON values.
    """

    name: str
    label: MeterLabel
    rate_hz: float
    resolution_mw: float | None = None
    gain_error: float | None = None
    blind_spots: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


FULL_SCALE = "full-scale"
"""The meter was at its limit: the true power is this or more."""
NEGATIVE = "negative"
"""The current ran the wrong way: most often the shunt is wired the wrong way round."""
INCOMPLETE = "incomplete"
"""A part of the reading was missing: the true power is more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a meter.

    Attributes:
        at_s: seconds on the meter's own clock.
        power_mw: milliwatts, negative where the current ran backwards.
        flags: of `FULL_SCALE`, `NEGATIVE`, `INCOMPLETE`.
    """

    at_s: float
    power_mw: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A word put between the readings, on the meter's own clock: so one clock serves both."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True)
class MachineState:
    """What may change on the machine while it is measured. None is what it does not say.

    Attributes:
        governor: the processor's, such as "ondemand".
        temperature_c: of the processor.
        throttled: a Raspberry Pi's bits, as `vcgencmd get_throttled` gives them.
        busy_s: processor time spent working since the machine started, all processors together.
    """

    governor: str | None = None
    temperature_c: float | None = None
    throttled: int | None = None
    busy_s: float | None = None
