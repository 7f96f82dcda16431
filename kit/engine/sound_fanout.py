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
from kit.core.sound_stream import Loudness, shades, whole_columns
from kit.core.types import Chunk, Embedded
from kit.engine.rounds import TIMEOUT_S, Rounds

SECOND_S = 1.0
STEP_SAMPLES = round(STEP_S * sound.SAMPLE_RATE_HZ)

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
        self._sequence, self._due = -1, 0

    def _round(self) -> None:
        chunk = self._feed.newest(SECOND_S, self._due - 1, TIMEOUT_S)
        if chunk is None:
            return
        # On a grid: sound comes in chunks, and a step after each would be a slower pace.
        self._due = (chunk.sequence // STEP_SAMPLES + 1) * STEP_SAMPLES
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
    newest = chunk.samples[-STEP_SAMPLES:]
    peak = float(np.abs(newest).max(initial=0.0))
    loud = Loudness.of(newest, peak, chunk.clipped)
    return HeardSecond(
        sequence=chunk.sequence,
        at_s=chunk.at_s,
        level_db=loud.level_db,
        peak_db=loud.peak_db,
        clipping=loud.clipping,
        columns=shades(whole_columns(chunk.samples, chunk.sequence, before)),
    )
