"""One thread owns the microphone; any number of people hear it (`core.ports.MicrophoneFeed`).

The thread starts with the first listener and lets the microphone go ten seconds after the last, so
that nobody is overheard by a page that has closed. It keeps the last ten seconds and no more. When
the microphone is lost, or was never there, it tries again by itself for as long as somebody
listens, less and less often; a replugged cable needs no restart.

    read -> 16 kHz -> the last ten seconds, the turn under way, and whoever listens

One recording at a time: whoever has the turn is named to all others (`status().taken_by`).
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import numpy as np

from kit.core.errors import Conflict, KitError, Unavailable
from kit.core.ports import Microphone
from kit.core.resample import SAMPLE_RATE_HZ, Resampler
from kit.core.types import (
    Chunk,
    MicrophoneSettings,
    MicrophoneState,
    MicrophoneStatus,
    Recording,
)
from kit.devices.heard import Recent, Turn
from kit.devices.microphone import Find, check_choice, check_settings, find_microphones

REST_AFTER_S = 10.0
RETRY_FIRST_S, RETRY_LAST_S = 0.25, 2.0
KEPT_S = 10.0
LONGEST_RECORDING_S = 600.0
STOP_EVERY_S = 0.05
"""How often whoever records is asked whether that is enough."""
BUSY_FOR_S = 10.0
"""How long the page says that the machine was too busy to hear everything."""

_log = logging.getLogger(__name__)


class MicrophoneOwner:
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
        self._at_start = settings.name
        self._open_microphone = open_microphone
        self._find = find
        self._when_changed = when_changed
        self._rest_after_s = rest_after_s

        self._changed = threading.Condition()
        # All below is read and written under `_changed`.
        self._settings = settings
        self._settings_version = 0
        self._thread: threading.Thread | None = None
        self._closing = False
        self._watching = 0
        self._watched_at = 0.0
        self._listeners: dict[int, Callable[[Chunk], None]] = {}
        self._next_listener = 0
        self._turn: Turn | None = None
        self._recent = Recent(round(KEPT_S * SAMPLE_RATE_HZ))
        self._sequence = 0
        self._gap = False
        self._overflow_at: float | None = None
        self._state = MicrophoneState.OFF
        self._name = ""
        self._rate_hz = 0
        self._cannot: tuple[str, ...] = ()
        self._trouble: KitError | None = None

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
            self._settings = settings
            self._settings_version += 1
            self._forget_what_was_heard()
            self._trouble = None
            if self._watching:
                self._start_thread()
            self._state = (
                MicrophoneState.STARTING if self._thread is not None else MicrophoneState.OFF
            )
            self._changed.notify_all()
            status = self._status(available)
        self._tell(self._when_changed)
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

        with self._changed, self._listening():
            self._changed.wait_for(lambda: self._closing or there(), timeout_s)
            return self._recent.window(wanted) if there() else None

    def listen(self, listener: Callable[[Chunk], None]) -> Callable[[], None]:
        """Call `listener` with each chunk at 16 kHz; call the result, once or more, to stop."""
        with self._changed:
            number, self._next_listener = self._next_listener, self._next_listener + 1
            self._listeners[number] = listener
            self._begin_to_listen()

        def stop() -> None:
            with self._changed:
                if self._listeners.pop(number, None) is not None:
                    self._end_listening()

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
            self._begin_to_listen()
        try:
            self._tell(self._when_changed)
            stopped = self._wait_for(turn, stop, monotonic() + timeout_s)
        finally:
            with self._changed:
                self._turn = None
                self._end_listening()
                trouble = self._trouble
            self._tell(self._when_changed)
        if not turn.chunks and not stopped:
            raise trouble or Unavailable("microphone-lost", f"no sound in {timeout_s:g} s")
        return turn.recording()

    def close(self) -> None:
        """Let the microphone go and end the thread. Safe to call twice."""
        with self._changed:
            self._closing = True
            if self._turn is not None:
                self._turn.over = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def rest(self) -> None:
        """Let the microphone go at once, unless somebody is listening just now."""
        with self._changed:
            self._watched_at = -self._rest_after_s

    def _wait_for(self, turn: Turn, stop: Callable[[], bool], until_s: float) -> bool:
        """Until the turn is over, or nothing begins in time; returns whether `stop()` ended it."""

        def done() -> bool:
            lost = self._state is MicrophoneState.LOST
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

    @contextmanager
    def _listening(self) -> Iterator[None]:
        self._begin_to_listen()
        try:
            yield
        finally:
            self._end_listening()

    def _begin_to_listen(self) -> None:
        self._watching += 1
        self._start_thread()

    def _end_listening(self) -> None:
        self._watching -= 1
        self._watched_at = monotonic()

    def _start_thread(self) -> None:
        if self._thread is None and not self._closing and self._settings.name != "none":
            self._state = MicrophoneState.STARTING
            self._thread = threading.Thread(target=self._run, name="kit-microphone", daemon=True)
            self._thread.start()

    def _status(self, available: tuple[str, ...]) -> MicrophoneStatus:
        message_id, reason = None, ""
        if self._settings.name == "none":
            message_id = "microphone-none"
        elif self._trouble is not None:
            message_id, reason = self._trouble.id, str(self._trouble)
        elif self._state is MicrophoneState.STARTING:
            message_id = "microphone-starting"
        live = self._state is MicrophoneState.LIVE
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

    def _run(self) -> None:
        retry_s = RETRY_FIRST_S
        while True:
            with self._changed:
                rests = self._may_rest()
                if rests:
                    self._rest()
                settings, version = self._settings, self._settings_version
            if rests:
                self._tell(self._when_changed)
                return
            try:
                self._use_microphone(settings, version)
                continue
            except KitError as error:
                trouble = error
            except Exception as error:  # a driver's own: the thread must outlive it
                _log.exception("the microphone failed in a way that has no name")
                trouble = Unavailable("microphone-lost", f"{type(error).__name__}: {error}")
            retry_s = RETRY_FIRST_S if self._say_lost(trouble, version) else 2 * retry_s
            self._tell(self._when_changed)
            self._pause(min(retry_s, RETRY_LAST_S), version)

    def _use_microphone(self, settings: MicrophoneSettings, version: int) -> None:
        """Open, read and publish until nobody listens or the settings change.

        Raises what opening and reading raise.
        """
        microphone = self._open_microphone(settings)
        resampler: Resampler | None = None
        try:
            while True:
                chunk = microphone.read()
                if resampler is None:
                    resampler = Resampler(chunk.rate_hz)
                samples = resampler.feed(chunk.samples)
                with self._changed:
                    if self._may_rest() or version != self._settings_version:
                        return
                    was_live = self._state is MicrophoneState.LIVE
                    heard = self._publish(chunk, samples, microphone)
                    listeners = list(self._listeners.values())
                if not was_live:
                    _log.info("microphone %s is live, %d Hz", microphone.name, chunk.rate_hz)
                    self._tell(self._when_changed)
                for listener in listeners:
                    self._tell(listener, heard)
        finally:
            microphone.close()

    def _publish(self, chunk: Chunk, samples: np.ndarray, microphone: Microphone) -> Chunk:
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
        self._state, self._name = MicrophoneState.LIVE, microphone.name
        self._rate_hz, self._cannot = chunk.rate_hz, microphone.cannot
        self._trouble = None
        self._changed.notify_all()
        return heard

    def _tell(self, who: Callable[..., None], *what: Chunk) -> None:
        try:
            who(*what)
        except Exception:
            _log.exception("a listener failed; the others hear on")

    def _say_lost(self, trouble: KitError, version: int) -> bool:
        """Tell the listeners. Returns whether the microphone was live until now."""
        with self._changed:
            if version != self._settings_version:
                return True  # it was the microphone before; the new one is tried at once
            was_live = self._state is MicrophoneState.LIVE
            if str(trouble) != str(self._trouble):  # each reason once, not at every try
                _log.warning("%s", trouble)
            self._state, self._trouble = MicrophoneState.LOST, trouble
            self._forget_what_was_heard()
            if self._turn is not None:
                self._turn.lose()
            self._changed.notify_all()
            return was_live

    def _forget_what_was_heard(self) -> None:
        self._recent.forget()
        self._gap = True

    def _pause(self, seconds: float, version: int) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or version != self._settings_version, seconds
            )

    def _may_rest(self) -> bool:
        idle = not self._watching and monotonic() - self._watched_at >= self._rest_after_s
        return self._closing or idle or self._settings.name == "none"

    def _rest(self) -> None:
        self._state, self._thread = MicrophoneState.OFF, None
        self._forget_what_was_heard()  # the next listener wants what is, not what was
        self._trouble = None
        self._changed.notify_all()
