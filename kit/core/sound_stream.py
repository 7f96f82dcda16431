"""A sound while it is being heard: how loud it is, and its spectrogram column by column.

    Loudness.of(samples, …)         level and peak in dBFS, whether it clips
    whole_columns(samples, …)       the log-mel columns that have become whole
    shades(columns)                 those columns as the page draws them, 0..255

The columns are those of `core.sound.log_mel`, before it lifts them to its clip's loudest: what the
page draws is what the model hears. Pure NumPy.
"""

import math
from dataclasses import dataclass

import numpy as np

from kit.core import sound

SILENCE_DB = -96.0
"""The quietest that 16 bits can say; what is quieter is said to be that."""
DARKEST, BRIGHTEST = 5.0, 12.5
"""Log-mel that is drawn as 0 and as 255: the hum of a quiet room, and a voice at the microphone."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a stretch of sound is.

    Attributes:
        level_db: its effective value in dB of full scale; a full square wave has 0.
        peak_db: its largest sample, same scale.
        clipping: whether its tops are flattened so much that one hears it.
    """

    level_db: float
    peak_db: float
    clipping: bool

    @classmethod
    def of(cls, samples: np.ndarray, peak: float, clipped: float) -> "Loudness":
        """Of a chunk as a `MicrophoneFeed` gives it.

        Args:
            samples: (n,) in -1..1.
            peak: 0..1, as recorded.
            clipped: share of samples at full scale as recorded, 0..1.

        >>> Loudness.of(np.array([0.1, -0.1]), 0.1, 0.0)
        Loudness(level_db=-20.0, peak_db=-20.0, clipping=False)
        """
        effective = math.sqrt(float(np.mean(np.square(samples)))) if len(samples) else 0.0
        return cls(dbfs(effective), dbfs(peak), clipped >= sound.CLIPPED_SHARE)


def dbfs(amplitude: float) -> float:
    """An amplitude in 0..1 in dB of full scale, to a tenth, `SILENCE_DB` at least.

    >>> dbfs(0.5), dbfs(0.0)
    (-6.0, -96.0)
    """
    return round(max(20 * math.log10(amplitude), SILENCE_DB), 1) if amplitude > 0 else SILENCE_DB


def whole_columns(
    samples: np.ndarray, end: int, before: int, bands: int = sound.SPEECH_BANDS
) -> np.ndarray:
    """The log-mel columns of a stream that have become whole since somebody last asked.

    Columns lie on one grid for ever, a hop apart from the stream's beginning, so each is given
    once, whatever pieces it is asked for in. What is older than the samples at hand is left out.

    Args:
        samples: (n,) float32 at 16 kHz, the newest of the stream.
        end: how many samples the stream had when the last of them was heard.
        before: the same, when columns were last asked for; below 0: never.
        bands: `SPEECH_BANDS` or `ALL_BANDS`.

    Returns:
        (columns, bands) float32, perhaps none.

    >>> whole_columns(np.zeros(16_000, np.float32), end=20_000, before=18_000).shape
    (12, 32)
    """
    hop = sound.HOP_SAMPLES
    begin = end - len(samples)
    first = max(-(-begin // hop), (before - sound.FFT_SAMPLES) // hop + 1)
    there = np.ascontiguousarray(samples[max(0, first * hop - begin) :], np.float32)
    return sound.mel_columns(there, bands)


def shades(columns: np.ndarray) -> np.ndarray:
    """Log-mel as the page draws it, on a scale that does not move with what is heard.

    Args:
        columns: (n, bands) log-mel.

    Returns:
        (n, bands) uint8: `DARKEST` and below is 0, `BRIGHTEST` and above is 255.

    >>> shades(np.array([[5.0, 8.75, 20.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    scaled = (columns - DARKEST) * (255.0 / (BRIGHTEST - DARKEST))
    return np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
