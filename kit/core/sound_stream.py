"""A sound while it is being heard: how loud it is, and its spectrogram column by column.

    Loudness.of(samples)            level and peak in dBFS, whether it clips
    Spectrogram().feed(samples)     the log-mel columns that are now whole
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
DARKEST, BRIGHTEST = 5.0, 11.5
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


class Spectrogram:
    """Log-mel columns of a stream, one each 10 ms, each given out once, as soon as it is whole.

    Before its beginning the stream is taken to be silent, as `log_mel` takes a clip to be.

    >>> spectrogram = Spectrogram()
    >>> [len(spectrogram.feed(np.zeros(200, np.float32))) for _ in range(4)]
    [0, 1, 1, 1]
    """

    def __init__(self, bands: int = sound.SPEECH_BANDS) -> None:
        self._bands = bands
        self._waiting = np.zeros(sound.FRAME_LEAD_SAMPLES, np.float32)

    def feed(self, samples: np.ndarray) -> np.ndarray:
        """The columns that these samples complete.

        Args:
            samples: (n,) float32 at 16 kHz, the ones that follow.

        Returns:
            (columns, bands) float32, perhaps none.
        """
        waiting = np.concatenate([self._waiting, samples], dtype=np.float32)
        columns = sound.mel_columns(waiting, self._bands)
        self._waiting = waiting[len(columns) * sound.HOP_SAMPLES :]
        return columns


def shades(columns: np.ndarray) -> np.ndarray:
    """Log-mel as the page draws it, on a scale that does not move with what is heard.

    Args:
        columns: (n, bands) log-mel.

    Returns:
        (n, bands) uint8: `DARKEST` and below is 0, `BRIGHTEST` and above is 255.

    >>> shades(np.array([[5.0, 8.25, 20.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    scaled = (columns - DARKEST) * (255.0 / (BRIGHTEST - DARKEST))
    return np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
