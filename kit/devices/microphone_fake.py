"""A microphone made of sound files: for tests, and for trying everything with no microphone at all.

    microphone = FakeMicrophone()
    microphone.say(clip)                 once, now
    microphone.play(folder)              clip after clip, with a pause between, over and over
    microphone.silence()                 the room alone
    microphone.unplug(); microphone.replug()

By name it is "fake" (a quiet room) or "fake:FOLDER" (the sounds in a folder, sub-folders included,
looked through twice a second for what came and went). A room is never silent: it hums a little, and
no two recordings of a clip are the same bytes. Its verbs may be called from any thread.
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

import numpy as np

from kit.core.errors import BadInput, Unavailable
from kit.core.resample import SAMPLE_RATE_HZ
from kit.core.types import MicrophoneInfo, MicrophoneSettings
from kit.devices.microphone_base import CHUNKS_PER_S, BaseMicrophone, Block

PAUSE_S = 0.5
"""Between two clips that are played: a recording of 2.5 s always holds a whole one."""
HUM = 0.001
"""The room's own noise, standard deviation: -60 dB of full scale."""
_SUFFIXES = {".wav", ".flac", ".ogg"}
_LOOK_EVERY_S = 0.5

Decode = Callable[[bytes], np.ndarray]


class FakeMicrophone(BaseMicrophone):
    """A microphone that hears what it is told.

    Args:
        rate_hz: its own sampling rate; clips are given at that rate.
        channels: all of them hear the same.
        speed: how many seconds it hears in one; a test has no time.
        folder: play the sounds in there; needs `decode`.
        decode: bytes of a sound file -> (n,) in -1..1 at `rate_hz`.
    """

    def __init__(
        self,
        *,
        rate_hz: int = SAMPLE_RATE_HZ,
        channels: int = 1,
        speed: float = 1.0,
        folder: Path | None = None,
        decode: Decode | None = None,
    ) -> None:
        super().__init__()
        self.name = "fake" if folder is None else f"fake:{folder}"
        self._given = MicrophoneInfo(rate_hz, channels)
        self._speed = speed
        self._changed = threading.Condition()
        self._played = np.zeros(0, np.float32)
        self._position = 0
        self._said: list[np.ndarray] = []
        self._plugged = True
        self._is_open = False
        self._overflow = False
        self._due_at = 0.0
        self._random = np.random.default_rng(0)
        self._folder, self._decode = folder, decode
        self._folder_seen: tuple[tuple[Path, int], ...] = ()
        self._look_at = 0.0

    # --- verbs of the physical world ---

    def say(self, clip: np.ndarray) -> None:
        """Hear this once, from now on, after what is still being said.

        Args:
            clip: (n,) in -1..1 at the microphone's rate.
        """
        with self._changed:
            self._said.append(np.asarray(clip, np.float32))

    def play(self, clips: Path | Iterable[np.ndarray], pause_s: float = PAUSE_S) -> None:
        """Hear these one after the other, a pause after each, and begin again after the last.

        Raises:
            BadInput: "microphone-folder-empty".
        """
        if isinstance(clips, Path):
            clips = self._sounds_in(clips)
        pause = np.zeros(round(pause_s * self._given.rate_hz), np.float32)
        pieces = [piece for clip in clips for piece in (np.asarray(clip, np.float32), pause)]
        with self._changed:
            self._played = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
            self._position = 0

    def silence(self) -> None:
        """Hear the room alone."""
        with self._changed:
            self._played, self._position = np.zeros(0, np.float32), 0
            self._said.clear()

    def stall(self) -> None:
        """Be too busy for a moment: the next block comes after sound was lost."""
        with self._changed:
            self._overflow = True

    def unplug(self) -> None:
        """Pull the cable: whoever reads is told at once."""
        with self._changed:
            self._plugged = False
            self._changed.notify_all()

    def replug(self) -> None:
        """Push the cable back in. The microphone answers again once it is opened anew."""
        with self._changed:
            self._plugged = True

    # --- what a back end does ---

    def _start(self, settings: MicrophoneSettings) -> MicrophoneInfo:
        if self._folder is not None:
            self._look_into_folder()
        with self._changed:
            if not self._plugged:
                raise Unavailable("microphone-missing", f"{self.name}: unplugged")
            self._is_open = True
            self._due_at = monotonic()
        return self._given

    def _wait(self) -> Block:
        with self._changed:
            gone = self._changed.wait_for(
                lambda: not (self._plugged and self._is_open), self._due_at - monotonic()
            )
            if gone:
                self._is_open = False  # a replugged microphone has to be opened again
                raise Unavailable("microphone-lost", f"{self.name}: unplugged")
            self._due_at = max(self._due_at + 1 / (CHUNKS_PER_S * self._speed), monotonic())
        if self._folder is not None and monotonic() >= self._look_at:
            self._look_into_folder()
        samples = self._random.normal(0.0, HUM, self._given.rate_hz // CHUNKS_PER_S)
        with self._changed:
            samples += self._next_of_what_is_said(len(samples))
            samples += self._next_of_what_is_played(len(samples))
            overflow, self._overflow = self._overflow, False
        heard = np.clip(samples, -1.0, 1.0).astype(np.float32)
        return Block(np.tile(heard[:, np.newaxis], self._given.channels), overflow)

    def _stop(self) -> None:
        with self._changed:
            self._is_open = False
            self._changed.notify_all()

    # --- sounds ---

    def _next_of_what_is_said(self, count: int) -> np.ndarray:
        samples, filled = np.zeros(count, np.float32), 0
        while self._said and filled < count:
            piece, rest = np.split(self._said[0], [count - filled])
            samples[filled : filled + len(piece)] = piece
            filled += len(piece)
            if len(rest):
                self._said[0] = rest
            else:
                self._said.pop(0)
        return samples

    def _next_of_what_is_played(self, count: int) -> np.ndarray:
        if not len(self._played):
            return np.zeros(count, np.float32)
        there = (self._position + np.arange(count)) % len(self._played)
        self._position = (self._position + count) % len(self._played)
        return self._played[there]

    def _look_into_folder(self) -> None:
        """Load the folder's sounds again if any came, went or changed."""
        self._look_at = monotonic() + _LOOK_EVERY_S
        seen = tuple((path, path.stat().st_mtime_ns) for path in _sound_files(self._folder))
        if seen != self._folder_seen or not seen:
            self.play(self._folder)
            self._folder_seen = seen

    def _sounds_in(self, folder: Path) -> list[np.ndarray]:
        files = _sound_files(folder)
        if not files:
            raise BadInput(
                "microphone-folder-empty", f"fake: no sound in {folder}", name=str(folder)
            )
        if self._decode is None:
            raise ValueError("a fake microphone that plays files needs decode=")
        return [self._decode(path.read_bytes()) for path in files]


def _sound_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
