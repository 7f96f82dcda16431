"""Each live second of sound is listened to once, for all listeners (`core.ports.LiveSounds`).

newest second, eight times a second -> its level and its newest columns, for everyone's meter
    -> for each way of hearing that is listened with: embed, in the engine's live lane
    -> every listener (what was heard)
"""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError

import numpy as np

from kit.core import sound
from kit.core.listening import STEP_S
from kit.core.ports import HeardSecond, Lane, MicrophoneFeed, Sense
from kit.core.types import Chunk, Embedded
from kit.engine.rounds import TIMEOUT_S, Rounds

SECOND_S = 1.0
STEP_SAMPLES = round(STEP_S * sound.SAMPLE_RATE_HZ)
SHOWN_LOWEST, SHOWN_HIGHEST = 3.0, 12.0
"""Of the log-mel that a spectrogram shows: a still room's hum, and someone speaking up close."""
SILENCE_DB = -96.0
"""Full scale over the smallest step of 16 bits: a meter has no lower mark."""

_log = logging.getLogger(__name__)


class SoundFanout(Rounds[Sense]):
    """Live sound, listened to, for any number of listeners. Thread-safe.

    Args:
        feed: the microphone; on only while somebody listens here.
        may_go_on: as in `Rounds`.
    """

    def __init__(
        self,
        feed: MicrophoneFeed,
        *,
        may_go_on: Callable[[float], bool] = lambda timeout_s: True,
    ) -> None:
        super().__init__("kit-listening", may_go_on)
        self._feed = feed
        self._sequence = -1

    def _round(self) -> None:
        chunk = self._feed.newest(SECOND_S, self._sequence + STEP_SAMPLES - 1, TIMEOUT_S)
        if chunk is None:
            return
        second = level_of(chunk, self._sequence)
        self._sequence = chunk.sequence
        heard: dict[Sense, Embedded] = {}
        for sense in dict.fromkeys(self._senses()):
            try:
                asked = sense.read_raw(chunk.samples)
                embedded = sense.embed(asked, Lane.LIVE).result()
            except CancelledError:
                continue  # overtaken
            except Exception:
                _log.exception("a live sound could not be listened to")
                self._pause()
                continue
            stages_ms = {**asked.stages_ms, **embedded.stages_ms}
            heard[sense] = Embedded(embedded.embedding, None, stages_ms)
        self._hand_round(lambda sense: (second, heard.get(sense)))


def level_of(chunk: Chunk, before: int) -> HeardSecond:
    """What a level meter and a spectrogram show of a second.

    Args:
        chunk: the second.
        before: sequence up to which the columns were shown already; below its beginning: all.
    """
    newest = chunk.samples[-STEP_SAMPLES:].astype(np.float64)
    loud = float(np.sqrt(np.mean(newest**2)))
    peak = float(np.abs(newest).max(initial=0.0))
    return HeardSecond(
        sequence=chunk.sequence,
        at_s=chunk.at_s,
        level_db=_decibels(loud),
        peak_db=_decibels(peak),
        clipping=chunk.clipped >= sound.CLIPPED_SHARE,
        columns=_columns(chunk, before),
    )


def _decibels(share: float) -> float:
    """Of full scale.

    >>> _decibels(1.0), _decibels(0.0)
    (0.0, -96.0)
    """
    return max(SILENCE_DB, round(20.0 * float(np.log10(max(share, 1e-9))), 1))


def _columns(chunk: Chunk, before: int) -> np.ndarray:
    """(n, 32) uint8: the columns that have become whole since `before`, on one grid for ever."""
    hop, whole = sound.HOP_SAMPLES, sound.FFT_SAMPLES
    begins = chunk.sequence - len(chunk.samples)
    first = max(-(-begins // hop), (before - whole) // hop + 1)
    samples = np.ascontiguousarray(chunk.samples[first * hop - begins :])
    mel = sound.mel_columns(samples, sound.SPEECH_BANDS)
    shares = (mel - SHOWN_LOWEST) / (SHOWN_HIGHEST - SHOWN_LOWEST)
    return np.rint(np.clip(shares, 0.0, 1.0) * 255.0).astype(np.uint8)
