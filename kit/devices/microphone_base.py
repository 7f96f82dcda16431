"""What every microphone back end shares: counting, one channel out of many, how loud it was.

A back end says how to start, how to wait for a block of samples and how to stop. This class makes a
`core.ports.Microphone` of it.
"""

from time import monotonic
from typing import NamedTuple

import numpy as np

from kit.core import sound
from kit.core.errors import Unavailable
from kit.core.types import Chunk, MicrophoneInfo, MicrophoneSettings

CHUNKS_PER_S = 50
"""How many blocks a second a back end gives: a level meter that follows a clap, and little work."""


class Block(NamedTuple):
    """Samples as the device gave them: (n, channels) float32 in -1..1; `overflow` as in `Chunk`."""

    samples: np.ndarray
    overflow: bool = False


class BaseMicrophone:
    """A microphone for one thread. Back ends fill in the three methods with an underscore."""

    name = ""
    cannot: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._info: MicrophoneInfo | None = None
        self._sequence = 0

    def open(self, settings: MicrophoneSettings) -> MicrophoneInfo:
        """Start it. Raises `Unavailable`, naming what is missing."""
        self._info = self._start(settings)
        return self._info

    def read(self) -> Chunk:
        """Wait for the next chunk. Raises `Unavailable` once the microphone is gone."""
        if self._info is None:
            raise Unavailable("microphone-lost", f"{self.name or 'microphone'}: not open")
        samples, overflow = self._wait()
        level = sound.level(samples.ravel())
        self._sequence += 1
        return Chunk(
            samples=samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1),
            rate_hz=self._info.rate_hz,
            at_s=monotonic(),
            sequence=self._sequence,
            overflow=overflow,
            peak=level.peak,
            clipped=level.clipped,
        )

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self._info = None
        self._stop()

    def _start(self, settings: MicrophoneSettings) -> MicrophoneInfo:
        raise NotImplementedError

    def _wait(self) -> Block:
        """Block until the microphone has given the next stretch of sound."""
        raise NotImplementedError

    def _stop(self) -> None:
        raise NotImplementedError
