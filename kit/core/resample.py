"""Any sampling rate to the kit's own, 16 kHz: a whole recording, or a stream piece by piece.

    resample(waveform, rate_hz)           all of it at once
    Resampler(rate_hz).feed(piece) …      the same numbers, as the pieces come

Pure NumPy.
"""

from functools import lru_cache
from math import gcd

import numpy as np
from numpy.lib.stride_tricks import as_strided

SAMPLE_RATE_HZ = 16_000
SLOWEST_HZ, FASTEST_HZ = 8_000, 192_000
"""Sampling rates that are taken in."""

_RATE_STEP_HZ = 25
_BLOCK = 64  # samples resampled by one product of matrices, at least


def resample(waveform: np.ndarray, rate_hz: int) -> np.ndarray:
    """A waveform at 16 kHz.

    Each output is 20 zero crossings of a sinc under a Kaiser window (beta 5), cut off at the lower
    of the two rates' halves. The weights repeat after a few outputs (160 from 44,100 Hz), so a
    stretch of input times one small matrix is a stretch of output. What was above 8 kHz is gone,
    not folded.

    Args:
        waveform: (n,) float, mono.
        rate_hz: its sampling rate, `SLOWEST_HZ` to `FASTEST_HZ`; taken to the nearest 25 Hz, which
            no ear hears and every usual rate meets.

    Returns:
        (ceil(n * 16,000 / rate_hz),) float32.

    Raises:
        ValueError: a rate out of that range.

    Source: Crochiere and Rabiner (1983), Multirate Digital Signal Processing, 3.3; the same filter
    as `scipy.signal.resample_poly`, which is the oracle in the tests.

    >>> resample(np.ones(8000, np.float32), 8000).shape
    (16000,)
    """
    waveform = np.asarray(waveform, np.float32)
    rate_hz = usual_rate_hz(rate_hz)
    if rate_hz == SAMPLE_RATE_HZ:
        return waveform
    matrix, step, before = resampling(rate_hz)
    length = -(-len(waveform) * SAMPLE_RATE_HZ // rate_hz)
    blocks = -(-length // matrix.shape[1])
    padded = np.zeros((blocks - 1) * step + len(matrix) if blocks else 0, np.float32)
    there = min(len(waveform), len(padded) - before)
    padded[before : before + there] = waveform[:there]
    return _stretches(padded, blocks, rate_hz)[:length]


class Resampler:
    """A stream at 16 kHz, piece by piece: together the pieces are what `resample` makes of it all.

    What comes out is behind by ten zero crossings of the filter and at most one stretch: 11 ms from
    44,100 Hz, 5 ms from 48,000 Hz.

    Args:
        rate_hz: of what is fed, as for `resample`.

    >>> resampler = Resampler(48_000)
    >>> pieces = [resampler.feed(np.ones(1000, np.float32)) for _ in range(3)]
    >>> len(np.concatenate([*pieces, resampler.rest()]))
    1000
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = usual_rate_hz(rate_hz)
        self._fed = self._given = 0
        before = resampling(self._rate_hz)[2]
        self._waiting = np.zeros(before, np.float32)

    def feed(self, samples: np.ndarray) -> np.ndarray:
        """The next samples, (n,) float32; returns those at 16 kHz that are ready, perhaps none."""
        if self._rate_hz == SAMPLE_RATE_HZ:
            return np.asarray(samples, np.float32)
        matrix, step, _ = resampling(self._rate_hz)
        self._fed += len(samples)
        waiting = np.concatenate([self._waiting, samples], dtype=np.float32)
        blocks = max(0, (len(waiting) - len(matrix)) // step + 1)
        self._waiting = waiting[blocks * step :]
        self._given += blocks * matrix.shape[1]
        return _stretches(waiting, blocks, self._rate_hz)

    def rest(self) -> np.ndarray:
        """What is still inside, as if silence followed. Feed it nothing after this."""
        length = -(-self._fed * SAMPLE_RATE_HZ // self._rate_hz) - self._given
        matrix, step, _ = resampling(self._rate_hz)
        silence = np.zeros(len(matrix) + -(-max(0, length) // matrix.shape[1]) * step, np.float32)
        return self.feed(silence)[:length] if length > 0 else np.zeros(0, np.float32)


def _stretches(padded: np.ndarray, blocks: int, rate_hz: int) -> np.ndarray:
    matrix, step, _ = resampling(rate_hz)
    stretches = as_strided(padded, (blocks, len(matrix)), (4 * step, 4))
    return (stretches @ matrix).ravel()


def usual_rate_hz(rate_hz: int) -> int:
    """A sampling rate to the nearest 25 Hz. Raises `ValueError` for one that is not taken in.

    >>> usual_rate_hz(44_099)
    44100
    """
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise ValueError(f"{rate_hz} Hz is not within {SLOWEST_HZ} to {FASTEST_HZ}")
    return round(rate_hz / _RATE_STEP_HZ) * _RATE_STEP_HZ


@lru_cache(maxsize=4)
def resampling(rate_hz: int) -> tuple[np.ndarray, int, int]:
    """How `resample` goes from a usual rate to 16 kHz, stretch by stretch.

    Returns:
        The matrix (inputs, outputs) from a stretch of input to one of output; the step in samples
        from one stretch of input to the next; how many samples of the first come before the
        waveform.
    """
    common = gcd(SAMPLE_RATE_HZ, rate_hz)
    up, down = SAMPLE_RATE_HZ // common, rate_hz // common
    half = 10 * max(up, down)
    x = np.arange(-half, half + 1)
    taps = np.sinc(x / max(up, down)) * np.kaiser(2 * half + 1, 5.0)
    taps *= up / taps.sum()
    periods = max(1, _BLOCK // up)
    outputs, step = up * periods, down * periods
    before = half // up
    inputs = np.arange(step + 2 * before + 1)[:, np.newaxis] - before
    # Output n lies at n * down, input i at i * up, on the clock that both rates divide.
    place = np.arange(outputs) * down - inputs * up + half
    inside = (place >= 0) & (place < len(taps))
    matrix = np.where(inside, taps[np.clip(place, 0, len(taps) - 1)], 0.0)
    return matrix.astype(np.float32), step, before
