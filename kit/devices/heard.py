"""What a microphone's owner keeps of what it hears: the last seconds, and the turn under way.

    Recent.add(chunk) -> window(samples)        the newest stretch, for live listening
    Turn.add(chunk) -> recording()              what one group records

Neither is thread-safe: `listener.MicrophoneOwner` holds its lock.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kit.core.types import Chunk, Recording


class Recent:
    """The last chunks, no more of them than hold so many samples.

    Args:
        most: how long a window may be, samples.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._chunks: deque[Chunk] = deque()
        self._samples = 0

    def __len__(self) -> int:
        """How many samples there are."""
        return self._samples

    def add(self, chunk: Chunk) -> None:
        """Keep this one, and forget what is older than the longest window."""
        self._chunks.append(chunk)
        self._samples += len(chunk.samples)
        while self._samples - len(self._chunks[0].samples) >= self._most:
            self._samples -= len(self._chunks.popleft().samples)

    def forget(self) -> None:
        """Begin anew: what follows does not follow what was."""
        self._chunks.clear()
        self._samples = 0

    def window(self, wanted: int) -> Chunk:
        """The newest samples as one chunk; there must be so many.

        Its `overflow` says that sound is missing within it, its level is that of all of it.
        """
        chunks, there = [], 0
        for chunk in reversed(self._chunks):
            chunks.append(chunk)
            there += len(chunk.samples)
            if there >= wanted:
                break
        chunks.reverse()
        newest = chunks[-1]
        return Chunk(
            samples=np.concatenate([chunk.samples for chunk in chunks])[-wanted:],
            rate_hz=newest.rate_hz,
            at_s=newest.at_s,
            sequence=newest.sequence,
            overflow=any(chunk.overflow for chunk in chunks[1:]),
            peak=max(chunk.peak for chunk in chunks),
            clipped=_clipped(chunks),
        )


@dataclass(slots=True)
class Turn:
    """A recording under way.

    Attributes:
        who: the animal of the group that records.
        wanted: samples asked for.
        chunks: what was heard of it until now.
        over: nothing more will come; it is long enough, or the microphone is gone.
    """

    who: str
    wanted: int
    chunks: list[Chunk] = field(default_factory=list)
    over: bool = False
    _heard: int = 0

    def add(self, chunk: Chunk) -> None:
        """The next chunk, unless the turn is over."""
        if self.over:
            return
        self.chunks.append(chunk)
        self._heard += len(chunk.samples)
        self.over = self._heard >= self.wanted

    def lose(self) -> None:
        """The microphone is gone: what was heard is all there will be."""
        self.over = self.over or bool(self.chunks)

    def recording(self) -> Recording:
        """What was recorded, perhaps nothing."""
        if not self.chunks:
            return Recording(np.zeros(0, np.float32), 0.0, 0.0, whole=False)
        return Recording(
            waveform=np.concatenate([chunk.samples for chunk in self.chunks])[: self.wanted],
            peak=max(chunk.peak for chunk in self.chunks),
            clipped=_clipped(self.chunks),
            gaps=sum(chunk.overflow for chunk in self.chunks[1:]),  # one before it is none in it
            whole=self._heard >= self.wanted,
        )


def _clipped(chunks: Sequence[Chunk]) -> float:
    """The share of clipped samples of all chunks together.

    A resampler gives pieces of uneven length, now and then none; each chunk was recorded as long as
    the others, so each counts the same.
    """
    return float(np.mean([chunk.clipped for chunk in chunks]))
