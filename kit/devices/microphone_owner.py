"""The microphone's one owner; any number of people hear it (`core.ports.MicrophoneFeed`).

It keeps the last ten seconds and no more. How it comes, rests and heals is `owner.py`'s.

    read -> 16 kHz -> the last ten seconds, the turn under way, and whoever listens

One recording at a time: whoever has the turn is named to all others (`status().taken_by`).
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import numpy as np

from kit.core.errors import Conflict, Unavailable
from kit.core.ports import Microphone
from kit.core.resample import SAMPLE_RATE_HZ, Resampler
from kit.core.types import (
    Chunk,
    DeviceState,
    MicrophoneSettings,
    MicrophoneStatus,
    Recording,
)
from kit.devices.heard import Recent, Turn
from kit.devices.microphone import Find, check_choice, check_settings, find_microphones
from kit.devices.owner import REST_AFTER_S, DeviceOwner

KEPT_S = 10.0
LONGEST_RECORDING_S = 600.0
STOP_EVERY_S = 0.05
"""How often whoever records is asked whether that is enough."""
BUSY_FOR_S = 10.0
"""How long the page says that the machine was too busy to hear everything."""

_log = logging.getLogger(__name__)


class MicrophoneOwner(DeviceOwner[MicrophoneSettings]):
    """The microphone's one owner. Thread-safe.

    Args:
        settings: which microphone to use.
        open_microphone: opens the one that settings name (`microphone.open_microphone`, given its
            decoder).
        find: names of the microphones plugged in, for the status.
        when_changed: called, from any thread and holding no lock, when the microphone came or went
            and when a turn began or ended.
        rest_after_s: how long the microphone stays on with nobody listening.
    """

    device = "microphone"

    def __init__(
        self,
        settings: MicrophoneSettings,
        *,
        open_microphone: Callable[[MicrophoneSettings], Microphone],
        find: Find = find_microphones,
        when_changed: Callable[[], None] = lambda: None,
        rest_after_s: float = REST_AFTER_S,
    ) -> None:
        check_settings(settings)
        super().__init__(settings, rest_after_s)
        self._open_microphone = open_microphone
        self._find = find
        self._when_changed = when_changed

        # All below is read and written under `_changed`.
        self._listeners: dict[int, Callable[[Chunk], None]] = {}
        self._next_listener = 0
        self._turn: Turn | None = None
        self._recent = Recent(round(KEPT_S * SAMPLE_RATE_HZ))
        self._sequence = 0
        self._gap = False
        self._overflow_at: float | None = None
        self._rate_hz = 0

    # --- for those who listen ---

    def status(self) -> MicrophoneStatus:
        """What can be said of the microphone now. Listens to nothing, so it starts nothing."""
        available = self._find()
        with self._changed:
            return self._status(available)

    def choose(self, settings: MicrophoneSettings) -> MicrophoneStatus:
        """Change the microphone, at once and under the ears of those who listen.

        Raises:
            BadInput: "microphone-unknown", also for a folder that was not named at the start; the
                microphone stays as it was.
            Conflict: "microphone-taken": somebody records.
        """
        check_choice(settings, self._at_start)
        available = self._find()
        with self._changed:
            self._refuse_if_taken()
            self._change_to(settings)
            status = self._status(available)
        self._tell_of_change()
        return status

    def newest(self, seconds: float, after: int = -1, timeout_s: float = 1.0) -> Chunk | None:
        """The last so many seconds whose end is above `after`; None at the time-out.

        Raises:
            ValueError: more seconds than are kept.
        """
        if not 0 < seconds <= KEPT_S:
            raise ValueError(f"{seconds} s; the last {KEPT_S:g} s are kept")
        wanted = round(seconds * SAMPLE_RATE_HZ)

        def there() -> bool:
            return len(self._recent) >= wanted and self._sequence > after

        with self._changed, self._in_use():
            self._changed.wait_for(lambda: self._closing or there(), timeout_s)
            return self._recent.window(wanted) if there() else None

    def listen(self, listener: Callable[[Chunk], None]) -> Callable[[], None]:
        """Call `listener` with each chunk at 16 kHz; call the result, once or more, to stop."""
        with self._changed:
            number, self._next_listener = self._next_listener, self._next_listener + 1
            self._listeners[number] = listener
            self._begin_use()

        def stop() -> None:
            with self._changed:
                if self._listeners.pop(number, None) is not None:
                    self._end_use()

        return stop

    def record(
        self,
        seconds: float,
        who: str,
        *,
        stop: Callable[[], bool] = lambda: False,
        timeout_s: float = 5.0,
    ) -> Recording:
        """Record from now on; see `core.ports.MicrophoneFeed.record`.

        Raises:
            ValueError: no length, or more than ten minutes.
        """
        if not 0 < seconds <= LONGEST_RECORDING_S:
            raise ValueError(f"{seconds} s; a recording takes {LONGEST_RECORDING_S:g} s at most")
        turn = Turn(who, round(seconds * SAMPLE_RATE_HZ))
        with self._changed:
            self._refuse_if_taken()
            if self._settings.name == "none":
                raise Unavailable("microphone-none", "no microphone is chosen")
            self._turn = turn
            self._begin_use()
        try:
            self._tell_of_change()
            stopped = self._wait_for(turn, stop, monotonic() + timeout_s)
        finally:
            with self._changed:
                self._turn = None
                self._end_use()
                trouble = self._trouble
            self._tell_of_change()
        if not turn.chunks and not stopped:
            raise trouble or Unavailable("microphone-lost", f"no sound in {timeout_s:g} s")
        return turn.recording()

    def close(self) -> None:
        """Let the microphone go and end the thread; a recording ends there. Safe to call twice."""
        with self._changed:
            if self._turn is not None:
                self._turn.over = True
        super().close()

    def _wait_for(self, turn: Turn, stop: Callable[[], bool], until_s: float) -> bool:
        """Until the turn is over, or nothing begins in time; returns whether `stop()` ended it."""

        def done() -> bool:
            lost = self._state is DeviceState.LOST
            nothing_comes = not turn.chunks and (lost or monotonic() > until_s)
            return turn.over or self._closing or nothing_comes

        while not stop():
            with self._changed:
                if self._changed.wait_for(done, STOP_EVERY_S):
                    return False
        return True

    def _refuse_if_taken(self) -> None:
        if self._turn is not None:
            who = self._turn.who
            raise Conflict("microphone-taken", f"{who} is recording", animal=who)

    def _status(self, available: tuple[str, ...]) -> MicrophoneStatus:
        message_id, reason = self._message()
        live = self._state is DeviceState.LIVE
        lately = self._overflow_at is not None and monotonic() - self._overflow_at < BUSY_FOR_S
        cannot = self._cannot
        if live and lately:
            cannot, message_id = (*cannot, "keep-up"), "microphone-cannot-keep-up"
        return MicrophoneStatus(
            state=self._state,
            name=self._name,
            settings=self._settings,
            available=available,
            cannot=cannot,
            message_id=message_id,
            reason=reason,
            rate_hz=self._rate_hz if live else 0,
            taken_by=self._turn.who if self._turn is not None else None,
        )

    # --- the thread ---

    def _use(self, settings: MicrophoneSettings, version: int) -> None:
        microphone = self._open_microphone(settings)
        resampler: Resampler | None = None
        try:
            while True:
                chunk = microphone.read()
                if resampler is None:
                    resampler = Resampler(chunk.rate_hz)
                samples = resampler.feed(chunk.samples)
                with self._changed:
                    if self._is_over(version):
                        return
                    heard = self._publish(chunk, samples)
                    is_news = self._is_live(microphone)
                    listeners = list(self._listeners.values())
                if is_news:
                    self._tell_of_change()
                for listener in listeners:
                    self._tell(listener, heard)
        finally:
            microphone.close()

    def _publish(self, chunk: Chunk, samples: np.ndarray) -> Chunk:
        self._sequence += len(samples)  # the owner's own: it goes on when another one takes over
        samples.setflags(write=False)
        heard = replace(
            chunk,
            samples=samples,
            rate_hz=SAMPLE_RATE_HZ,
            sequence=self._sequence,
            overflow=chunk.overflow or self._gap,
        )
        self._gap = False
        if chunk.overflow:
            self._overflow_at = chunk.at_s
        self._recent.add(heard)
        if self._turn is not None:
            self._turn.add(heard)
        self._rate_hz = chunk.rate_hz
        return heard

    def _tell_of_change(self) -> None:
        self._tell(self._when_changed)

    def _tell(self, who: Callable[..., None], *what: Chunk) -> None:
        try:
            who(*what)
        except Exception:
            _log.exception("a listener failed; the others hear on")

    def _forget(self) -> None:
        self._recent.forget()
        self._gap = True

    def _lose(self) -> None:
        super()._lose()
        if self._turn is not None:
            self._turn.lose()
