"""What the walk needs of the outside, said as Protocols.

`studio`, `library`, `lab` and `classroom` know devices and engine only by these. The
real thing and its fake both answer to them, and one contract suite runs over both.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, TypeVar

import numpy as np

from kit.core.appliance import Status, Word
from kit.core.hands import Hand
from kit.core.heads import Head
from kit.core.outputs import Wire
from kit.core.sound import Hearing
from kit.core.types import (
    CameraSettings,
    CameraStatus,
    Chunk,
    Embedded,
    EmbeddingKey,
    Frame,
    Kind,
    Mark,
    Media,
    MeterInfo,
    MicrophoneInfo,
    MicrophoneSettings,
    MicrophoneStatus,
    Reading,
    Recording,
    Stored,
)

Given = TypeVar("Given")


class Lane(IntEnum):
    """Who goes first at the engine. Lower goes first."""

    CAPTURE = 0
    """Kept pictures: never lost, first come first served."""
    LIVE = 1
    """Live frames: only the newest waits, an older one is dropped (its future is cancelled)."""
    EVALUATION = 2
    """Training's missing views, checks, imports: whenever nobody else waits."""


class Camera(Protocol):
    """One camera, driven by one thread. Not thread-safe: its owner is the only caller."""

    name: str
    cannot: tuple[str, ...]

    def open(self, settings: CameraSettings) -> None:
        """Start it. Raises `Unavailable` naming what is missing and what to do."""

    def read(self) -> Frame:
        """Wait for the next frame, upright as set. Raises `Unavailable` once it is gone."""

    def close(self) -> None:
        """Let it go. Safe to call twice."""


class CameraFeed(Protocol):
    """The camera as many may watch it: the owner thread's face. Thread-safe."""

    def status(self) -> CameraStatus: ...

    def choose(self, settings: CameraSettings) -> CameraStatus:
        """Change camera or settings; the watchers stay."""

    def newest(self, after: int = -1, timeout_s: float = 1.0) -> Frame | None:
        """The newest frame whose sequence is above `after`, waiting for one; None at the time-out.

        Watching is what keeps the camera on: with nobody asking for ten seconds it is let go.
        """

    def preview(self, after: int = -1, timeout_s: float = 1.0) -> tuple[int, bytes] | None:
        """Same, as (sequence, JPEG of at most 320 px, about 8 KB), encoded once for all viewers."""


class Microphone(Protocol):
    """One microphone, driven by one thread. Not thread-safe: its owner is the only caller."""

    name: str
    cannot: tuple[str, ...]

    def open(self, settings: MicrophoneSettings) -> MicrophoneInfo:
        """Start it. Raises `Unavailable` naming what is missing and what to do."""

    def read(self) -> Chunk:
        """Wait for the next chunk. Raises `Unavailable` once it is gone.

        What is heard between two calls waits for about a second; what is then lost is said
        (`overflow`).
        """

    def close(self) -> None:
        """Let it go. Safe to call twice."""


class MicrophoneFeed(Protocol):
    """The microphone as many may hear it: the owner thread's face, at 16 kHz. Thread-safe.

    Listening is what keeps it on: ten seconds after the last one who asked, it is let go.
    """

    def status(self) -> MicrophoneStatus: ...

    def choose(self, settings: MicrophoneSettings) -> MicrophoneStatus:
        """Change the microphone; the listeners stay. Raises `BadInput`, "microphone-unknown", and
        `Conflict`, "microphone-taken", while somebody records."""

    def newest(self, seconds: float, after: int = -1, timeout_s: float = 1.0) -> Chunk | None:
        """The last so many seconds, at most ten, up to a sequence above `after`, waiting for it.

        None at the time-out, and until that much was heard. `peak` and `clipped` are of the whole
        window, `overflow` says that sound is missing within it. Live listening asks with `after` =
        the last window's sequence + the step in samples.
        """

    def listen(self, listener: Callable[[Chunk], None]) -> Callable[[], None]:
        """Call `listener` with each chunk at 16 kHz from now on, in order, on the owner's thread,
        so it must be quick; call the result to stop. `overflow`: sound is missing before it."""

    def record(
        self,
        seconds: float,
        who: str,
        *,
        stop: Callable[[], bool] = lambda: False,
        timeout_s: float = 5.0,
    ) -> Recording:
        """Record from now on; blocks until that much was heard, or `stop()` says so.

        Args:
            seconds: at most 600.
            who: the animal of the group that records, for the turn lamp.
            stop: asked twenty times a second.
            timeout_s: how long the microphone may take to begin.

        Raises:
            Conflict: "microphone-taken" (`animal`): another recording is under way.
            Unavailable: there is no microphone, or it was gone before anything was heard. Pulled
                out later, what was heard until then is returned, not `whole`.
        """


class Networks(Protocol):
    """The one owner of the interpreters: whatever runs a network runs here, one at a time."""

    def run(
        self, work: Callable[[float], Given], lane: Lane, *, source: str = "camera"
    ) -> "Future[Given]":
        """Run `work` when its lane's turn comes; it is given the milliseconds it had to wait.

        Args:
            work: what it returns or raises is the future's.
            lane: who waits.
            source: of a live lane's work: newer work of one source overtakes the older.
        """


class Embedder(Networks, Protocol):
    """The engine, which has the pictures' backbone. Thread-safe."""

    backbone: str
    backbone_hash: str
    runtime_version: str
    """Such as "ai-edge-litert 2.3.0"."""
    input_size: int
    cut: str
    dimensions: int

    def embed(
        self, pixels: np.ndarray, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        """Embed one picture (h, w, 3) uint8 RGB, prepared inside by `core.image`.

        The future is cancelled when a live frame was overtaken by a newer one.
        """


@dataclass(frozen=True, slots=True)
class Asked:
    """A sample read, ready to be embedded.

    Attributes:
        prepared: what the kind's `Sense.embed` takes.
        stages_ms: what it took so far.
        shape: (height, width) of the picture it was, for whoever draws on it; else (1, 1).
        advice: as in `Stored`.
        hands: those that were found in a picture that was sent, for whoever draws them on it.
    """

    prepared: np.ndarray
    stages_ms: Mapping[str, float]
    shape: tuple[int, int] = (1, 1)
    advice: str | None = None
    hands: tuple[Hand, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a live frame, for everyone who watches with senses of one `live_source`.

    Attributes:
        embedded: of the frame, where a network makes that; else None.
        hands: those in sight, the surest first.
        stages_ms: stage -> milliseconds.
    """

    embedded: Embedded | None
    hands: tuple[Hand, ...] = ()
    stages_ms: Mapping[str, float] = field(default_factory=dict)


class Sense(Protocol):
    """What a kind of project is, from a file's bytes to an embedding and from a head to a file.

    One object serves every project of a kind and its options; the studio, the command line and the
    lab use the same. Networks are loaded when something is first asked that needs one.
    Thread-safe.

    Attributes:
        kind, hearing, hands: what it is the sense of; hands is 0 for what is no gesture.
        media: what the kept bytes are.
        transform: how heads turn its embeddings into features, a key of `heads.TRANSFORMS`.
        near_copies: whether two embeddings tell that one sample was cut from the same film.
    """

    kind: Kind
    hearing: Hearing | None
    hands: int
    media: Media
    transform: str
    near_copies: bool

    @property
    def backbone(self) -> str: ...

    @property
    def backbone_hash(self) -> str: ...

    @property
    def runtime_version(self) -> str: ...

    @property
    def input_size(self) -> int | None:
        """Side of the model's input in pixels; None for what is no picture."""

    @property
    def preparation_version(self) -> int: ...

    def key(self, media_hash: str = "", view: int = 0) -> EmbeddingKey:
        """The whole key of a sample's embedding."""

    def views(self, samples: int, labels: int) -> int:
        """How many views of each sample to train on."""

    def keep(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        """A file that came in, as the kit keeps it; `cover_faces`: without those found in it.

        Raises:
            BadInput: what the decoder refuses; "no-hand"; "sound-not-wanted", "picture-not-wanted".
        """

    def keep_raw(self, raw: np.ndarray, *, cover_faces: bool = False) -> Stored:
        """What the kit's own device gave, as the kit keeps it. Raises `BadInput` "no-hand".

        Args:
            raw: a frame's pixels, (h, w, 3) uint8 RGB, or a waveform, (n,) float32 at 16 kHz.
            cover_faces: as in `keep`.
        """

    def kept(self, data: bytes, *, cover_faces: bool = False) -> Stored:
        """Bytes that some kit kept, checked: as they are where they are in order, else kept anew.

        Raises:
            BadInput: they are not of this kind, or damaged.
        """

    def read(self, data: bytes) -> Asked:
        """A file of this kind, or kept bytes, ready to be embedded. Raises as `keep`."""

    def read_raw(self, raw: np.ndarray) -> Asked:
        """The same of what the kit's own device gave. Raises as `keep_raw`."""

    def embed(
        self, asked: Asked, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        """Embed one of its views; `feature_map`: with where in the picture, where it has that."""

    def picture(self, stored: bytes, *, thumb: bool = False) -> tuple[bytes, str]:
        """What a sample looks like, and as which MIME type; `thumb`: at most 160 px."""

    def export(self, head: Head, *, description: str) -> bytes:
        """Backbone and head as one `.tflite`. Raises `BadInput` "head-not-exportable"."""


class Onlooker(Sense, Protocol):
    """A sense that watches the kit's camera.

    Attributes:
        live_source: what it looks for in a frame; senses of one source share the look.
        live_rank: of those, the highest one looks.
    """

    live_source: str
    live_rank: int

    def look(self, frame: Frame) -> Looked:
        """Look at a live frame, in the live lane, and wait. `CancelledError`: overtaken."""

    def of_look(self, looked: Looked) -> Embedded | None:
        """This sense's embedding of what was found; None: there is nothing to answer about."""


class LiveFanout(Protocol):
    """Looks at each live frame once, for everyone who watches it."""

    def watch(
        self, watcher: Callable[[Frame, Looked], None], sense: Onlooker
    ) -> Callable[[], None]:
        """Call `watcher` for each live frame from now on; call the result to stop watching."""


@dataclass(frozen=True, slots=True)
class HeardSecond:
    """The newest second of sound, as a meter shows it.

    Attributes:
        sequence: samples heard when it ended.
        at_s: when that was, on the machine's monotonic clock.
        level_db, peak_db: of its newest part, against full scale; -96 where there is nothing.
        clipping: whether tops are cut off.
        columns: (n, 32) uint8, the log-mel columns that came since the second before.
    """

    sequence: int
    at_s: float
    level_db: float
    peak_db: float
    clipping: bool
    columns: np.ndarray


class LiveSounds(Protocol):
    """Listens to each live second once, for everyone who listens."""

    def watch(
        self, watcher: Callable[[HeardSecond, Embedded | None], None], sense: Sense
    ) -> Callable[[], None]:
        """Call `watcher` eight times a second; call the result to stop.

        Its embedding is None where the engine was too busy for this one.
        """


class Clock(Protocol):
    """Time, handed in so that tests own it."""

    def monotonic_s(self) -> float: ...

    def wall_s(self) -> float:
        """Seconds since the epoch, as far as this kit knows; may be wrong and may jump."""


class WaitingClock(Clock, Protocol):
    """A clock that can also wait; in a test, waiting costs nothing."""

    def sleep(self, seconds: float) -> None: ...


class Meter(Protocol):
    """One power meter, driven by one thread. Not thread-safe.

        open -> start -> mark … take … mark … take -> stop -> close

    Between `stop` and `start` it costs the machine nothing, so that times can be taken undisturbed.
    """

    name: str

    def open(self) -> MeterInfo:
        """Find it and prepare it; also after it was lost, to try again.

        Raises:
            Unavailable: naming what is missing and what to do.
        """

    def start(self) -> None:
        """Begin to take readings. Raises `Unavailable`."""

    def mark(self, text: str) -> None:
        """Put a word in the stream, now, on the meter's own clock.

        Args:
            text: 1 to 24 of a-z, 0-9 and "-", such as "idle-3-begin".

        Raises:
            Unavailable: "meter-lost".
        """

    def take(self) -> "list[Reading | Mark]":
        """Everything that arrived since the last `take`, in the order of the stream. Never waits.

        Nothing is lost within half a minute without a `take`.

        Raises:
            Unavailable: "meter-lost" or "meter-format", once what came before was handed over. The
                meter is then stopped; `open` tries again.
        """

    def stop(self) -> None:
        """Take no more readings. Safe to call twice, and after the meter was lost."""

    def close(self) -> None:
        """Let it go. Safe to call twice."""


class Board(Protocol):
    """The pins of one board, driven by one thread. Not thread-safe.

        open -> wire -> set … pressed … -> safe -> close

    Whatever ends it (`close`, the end of the process that holds it, its silence), every part goes
    to its safe state: light, buzzer and relay off, the servo without a signal.
    """

    name: str

    def open(self) -> None:
        """Find the pins. Raises `Unavailable`, "board-missing" with what is missing."""

    def wire(self, wires: Sequence[Wire]) -> None:
        """Take these pins and no others, each part at rest; what was wired before is let go.

        Raises:
            Unavailable: "pin-busy": another program has it; "board-lost".
        """

    def set(self, wire_id: str, on: bool) -> None:
        """Switch one part. Raises `Unavailable`, "board-lost"."""

    def pressed(self) -> frozenset[str]:
        """The ids of the buttons that are held now. Never waits.

        Asking is also the sign of life: one that nobody asks for two seconds makes itself
        safe.

        Raises:
            Unavailable: "board-lost".
        """

    def safe(self) -> None:
        """Everything to its safe state, the pins still held. Safe to call twice."""

    def close(self) -> None:
        """Everything safe, the pins let go. Safe to call twice, and after the board was lost."""


class Appliance(Protocol):
    """The system under the kit, where the kit has one to itself. Thread-safe.

    The server asks for one word of a closed list; whoever has the right does it.
    """

    name: str

    def status(self) -> Status | None:
        """What was last told, without asking anew; None: this machine is no appliance."""

    def ask(self, word: Word, wall_s: int | None = None) -> None:
        """Have it done. Of a word that may cut off whoever asks, this says that it was heard.

        Args:
            word: what to do.
            wall_s: with `Word.SET_CLOCK`, whole seconds since 1970.

        Raises:
            NotFound: "appliance-none".
            Unavailable: "appliance-silent": nobody answered; "appliance-failed"; "wifi-not-wished":
                the card's form, or a missing country, keeps the radio silent; "leases-not-erased".
        """
