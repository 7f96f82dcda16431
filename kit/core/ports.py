"""What the walk needs of the outside, said as Protocols.

`studio`, `library`, `lab` and `classroom` know devices and engine only by these. The
real thing and its fake both answer to them, and one contract suite runs over both.
"""

from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Protocol

import numpy as np

from kit.core.types import (
    CameraSettings,
    CameraStatus,
    Chunk,
    Embedded,
    Frame,
    Mark,
    MeterInfo,
    MicrophoneInfo,
    MicrophoneSettings,
    MicrophoneStatus,
    Reading,
    Recording,
)


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

        None at the time-out, and until that much was heard without a gap. `peak` and `clipped` are
        of the whole window. Live listening asks with `after` = the last window's sequence + the
        step in samples.
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
            stop: asked with each chunk.
            timeout_s: how long the microphone may take to begin.

        Raises:
            Conflict: "microphone-taken" (`animal`): another recording is under way.
            Unavailable: there is no microphone, or it was gone before anything was heard. Pulled
                out later, what was heard until then is returned, not `whole`.
        """


class Embedder(Protocol):
    """The engine: the one owner of the interpreters. Thread-safe."""

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


class LiveFanout(Protocol):
    """Embeds each live frame once, for every head that watches it."""

    def watch(self, watcher: Callable[[Frame, Embedded], None]) -> Callable[[], None]:
        """Call `watcher` for each live frame from now on; call the result to stop watching."""


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
