"""A burst at the kit's microphone: one clip, or a longer stretch of background cut into seconds.

One at a time in the whole room: whose turn it is says the lamp on every page. What was heard before
the microphone was pulled out, or before somebody pressed Stop, is kept.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from kit.core.errors import BadInput, Unavailable
from kit.core.ports import MicrophoneFeed
from kit.core.sound import CLIP_SAMPLES, Level
from kit.core.types import Stored
from kit.studio.bursts import Burst

SHORTEST_S, LONGEST_S = 0.5, 20.0
ONE_CLIP_S = 2.5
"""Up to this, somebody said one thing, and it is one clip around its loudest second; from here on
it is the sound of a room, of which every second counts."""
USUAL_S = 2.0
LEAST_SAMPLES = CLIP_SAMPLES // 4
"""Less than a quarter of a second holds nothing that was said on purpose."""


class SoundBurst(Burst):
    """What is said, or what the room sounds like.

    Args:
        feed: the microphone as many may hear it.
        store: a waveform in the form in which it is kept; one that is digitally silent is left.
        seconds: how long, `SHORTEST_S` to `LONGEST_S`.
        who: the animal of the group, for the turn lamp.
        whole: as for `Burst`.
    """

    source = "kit microphone"

    def __init__(
        self,
        *whole: str,
        feed: MicrophoneFeed,
        store: Callable[[np.ndarray], Stored],
        seconds: float,
        who: str,
        **told: Any,
    ) -> None:
        super().__init__(*whole, **told)
        self._feed, self._store = feed, store
        self._seconds, self._who = seconds, who

    def _take(self) -> None:
        """Record and keep.

        Raises:
            Conflict: "microphone-taken".
            Unavailable: the microphone's own reason.
            BadInput: "sound-silent": nothing at all was heard.
        """
        heard = self._feed.record(self._seconds, self._who, stop=self._stop.is_set)
        clips = cut(heard.waveform, one=self._seconds <= ONE_CLIP_S)
        stored = [one for clip in clips if (one := self._stored(clip)) is not None]
        self._put(stored)
        self.advice = Level(heard.peak, heard.clipped).advice
        if not heard.whole and not self._stop.is_set():
            raise Unavailable("microphone-lost", f"{len(heard.waveform)} samples, then nothing")
        if clips and not stored:
            raise BadInput("sound-silent", "every sample was the same")

    def _stored(self, clip: np.ndarray) -> Stored | None:
        try:
            return self._store(clip)
        except BadInput as error:
            if error.id != "sound-silent":
                raise
            return None


def cut(waveform: np.ndarray, *, one: bool) -> list[np.ndarray]:
    """A recording as clips: the whole of it, or each whole second.

    >>> [len(clip) for clip in cut(np.zeros(40_000), one=False)], cut(np.zeros(100), one=True)
    ([16000, 16000], [])
    """
    if one or len(waveform) < CLIP_SAMPLES:
        return [waveform] if len(waveform) >= LEAST_SAMPLES else []
    begins = range(0, len(waveform) - CLIP_SAMPLES + 1, CLIP_SAMPLES)
    return [waveform[begin : begin + CLIP_SAMPLES] for begin in begins]
