"""One thread owns a device; any number of people use it: what camera and microphone share.

The thread starts with the first user and lets the device go some seconds after the last, so that
its light is off, and nobody is overheard, when no page looks or listens. When the device is lost,
or was never there, the thread tries again by itself for as long as somebody waits, less and less
often; a replugged cable needs no restart.

    choose ->  settings, version  ->  _use: open, read, publish  ->  lost? wait, once more
"""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Generic, Protocol, TypeVar

from kit.core.errors import KitError, Unavailable
from kit.core.types import DeviceState

REST_AFTER_S = 10.0
RETRY_FIRST_S, RETRY_LAST_S = 0.25, 2.0

_log = logging.getLogger(__name__)


class Named(Protocol):
    """What the settings of any device say."""

    @property
    def name(self) -> str:
        """A back end, one device, "auto" or "none"."""


class Opened(Protocol):
    """What any opened device says of itself."""

    @property
    def name(self) -> str:
        """Which one it is."""

    @property
    def cannot(self) -> tuple[str, ...]:
        """Settings that it has not."""


Settings = TypeVar("Settings", bound=Named)


class DeviceOwner(ABC, Generic[Settings]):
    """A device's one owner. Thread-safe.

    A subclass reads the device in `_use` and keeps what it published until `_forget`. Methods whose
    name begins with an underscore, but for `_use` and `_tell_of_change`, are called under
    `_changed`.

    Args:
        settings: which device to use.
        rest_after_s: how long the device stays on with nobody using it.
    """

    device = ""
    """"camera" or "microphone": names the thread, and begins the ids of its messages."""

    def __init__(self, settings: Settings, rest_after_s: float) -> None:
        self._at_start = settings.name
        self._rest_after_s = rest_after_s
        self._changed = threading.Condition()
        # All below is read and written under `_changed`.
        self._settings = settings
        self._settings_version = 0
        self._thread: threading.Thread | None = None
        self._closing = False
        self._users = 0
        self._used_at = 0.0
        self._state = DeviceState.OFF
        self._name = ""
        self._cannot: tuple[str, ...] = ()
        self._trouble: KitError | None = None

    def close(self) -> None:
        """Let the device go and end the thread. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def rest(self) -> None:
        """Let the device go at once, unless somebody is waiting for it just now."""
        with self._changed:
            self._used_at = -self._rest_after_s

    # --- what a device does ---

    @abstractmethod
    def _use(self, settings: Settings, version: int) -> None:
        """Open, read and publish until `_is_over(version)`; raise what opening and reading raise.

        Runs in the owner's thread and holds no lock.
        """

    @abstractmethod
    def _forget(self) -> None:
        """Drop what was published: it is of another device, or of another time."""

    def _lose(self) -> None:
        """The device is lost."""
        self._forget()

    def _tell_of_change(self) -> None:
        """The device came or went. Holds no lock."""

    # --- for those who use it ---

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        self._begin_use()
        try:
            yield
        finally:
            self._end_use()

    def _begin_use(self) -> None:
        self._users += 1
        self._start_thread()

    def _end_use(self) -> None:
        self._users -= 1
        self._used_at = monotonic()

    def _change_to(self, settings: Settings) -> None:
        """Another device, at once and under the eyes or ears of those who use this one."""
        self._settings = settings
        self._settings_version += 1
        self._forget()
        self._trouble = None
        if self._users:
            self._start_thread()
        self._state = DeviceState.OFF if self._thread is None else DeviceState.STARTING
        self._changed.notify_all()

    def _message(self) -> tuple[str | None, str]:
        """What a page says of its state, by message id, and the reason for the log."""
        if self._settings.name == "none":
            return f"{self.device}-none", ""
        if self._trouble is not None:
            return self._trouble.id, str(self._trouble)
        return (f"{self.device}-starting" if self._state is DeviceState.STARTING else None), ""

    def _start_thread(self) -> None:
        if self._thread is None and not self._closing and self._settings.name != "none":
            self._state = DeviceState.STARTING
            self._thread = threading.Thread(
                target=self._run, name=f"kit-{self.device}", daemon=True
            )
            self._thread.start()

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
                self._tell_of_change()
                return
            try:
                self._use(settings, version)
                continue
            except KitError as error:
                trouble = error
            except Exception as error:  # a driver's own: the thread must outlive it
                _log.exception("the %s failed in a way that has no name", self.device)
                trouble = Unavailable(f"{self.device}-lost", f"{type(error).__name__}: {error}")
            retry_s = RETRY_FIRST_S if self._say_lost(trouble, version) else 2 * retry_s
            self._tell_of_change()
            self._pause(min(retry_s, RETRY_LAST_S), version)

    def _is_over(self, version: int) -> bool:
        """Whether nobody needs the device, or another one is wanted."""
        return self._may_rest() or version != self._settings_version

    def _is_live(self, opened: Opened) -> bool:
        """It has given something; returns whether that is news."""
        was_live = self._state is DeviceState.LIVE
        if not was_live:
            _log.info("%s %s is live", self.device, opened.name)
        self._state, self._name, self._cannot = DeviceState.LIVE, opened.name, opened.cannot
        self._trouble = None
        self._changed.notify_all()
        return not was_live

    def _say_lost(self, trouble: KitError, version: int) -> bool:
        """Tell its users. Returns whether it was live until now. Takes the lock itself."""
        with self._changed:
            if version != self._settings_version:
                return True  # it was the device before; the new one is tried at once
            was_live = self._state is DeviceState.LIVE
            if str(trouble) != str(self._trouble):  # each reason once, not at every try
                _log.warning("%s", trouble)
            self._state, self._trouble = DeviceState.LOST, trouble
            self._lose()
            self._changed.notify_all()
            return was_live

    def _pause(self, seconds: float, version: int) -> None:
        """Takes the lock itself."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or version != self._settings_version, seconds
            )

    def _may_rest(self) -> bool:
        idle = not self._users and monotonic() - self._used_at >= self._rest_after_s
        return self._closing or idle or self._settings.name == "none"

    def _rest(self) -> None:
        self._state, self._thread = DeviceState.OFF, None
        self._forget()  # the next user wants what is, not what was
        self._trouble = None
        self._changed.notify_all()
