"""One thread owns the camera; any number of people watch it (`core.ports.CameraFeed`).

The thread starts with the first viewer and lets the camera go ten seconds after the last, so that
its light is off when nobody looks. It publishes the newest frame and forgets the one before: a slow
viewer misses frames and delays nobody. When the camera is lost, or was never there, it tries again
by itself for as long as somebody watches, less and less often; a replugged cable needs no restart.

    read -> newest frame -> (if somebody watches it) preview JPEG, encoded once for all of them
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import numpy as np

from kit.core.errors import KitError, Unavailable
from kit.core.ports import Camera
from kit.core.types import CameraSettings, CameraState, CameraStatus, Frame
from kit.devices.camera import Find, check_choice, check_settings, find_cameras

REST_AFTER_S = 10.0
RETRY_FIRST_S, RETRY_LAST_S = 0.25, 2.0
PREVIEWS_PER_S = 15.0
PREVIEWS_PER_S_IN_ALL = 400.0
"""Forty streams at ten a second: what one kit sends without falling behind (8 KB each, 3 MB/s)."""

_log = logging.getLogger(__name__)


class CameraOwner:
    """The camera's one owner. Thread-safe.

    Args:
        settings: of the camera to use.
        open_camera: opens the camera that settings name (`camera.open_camera`, given its decoder).
        encode_preview: pixels -> small JPEG (`codecs.picture.preview`).
        find: names of the cameras plugged in, for the status.
        rest_after_s: how long the camera stays on with nobody watching.
    """

    def __init__(
        self,
        settings: CameraSettings,
        *,
        open_camera: Callable[[CameraSettings], Camera],
        encode_preview: Callable[[np.ndarray], bytes],
        find: Find = find_cameras,
        rest_after_s: float = REST_AFTER_S,
    ) -> None:
        check_settings(settings)
        self._at_start = settings.name
        self._open_camera = open_camera
        self._encode_preview = encode_preview
        self._find = find
        self._rest_after_s = rest_after_s

        self._changed = threading.Condition()
        # All below is read and written under `_changed`.
        self._settings = settings
        self._settings_version = 0
        self._thread: threading.Thread | None = None
        self._closing = False
        self._watching = 0
        self._watched_at = 0.0
        self._waiting_for_preview = 0
        self._frame: Frame | None = None
        self._sequence = 0
        self._preview: tuple[int, bytes] | None = None
        self._preview_wanted = False
        self._viewers_lately: deque[int] = deque(maxlen=8)
        self._preview_due_at = 0.0
        self._frame_times: deque[float] = deque(maxlen=25)
        self._state = CameraState.OFF
        self._name = ""
        self._cannot: tuple[str, ...] = ()
        self._trouble: KitError | None = None

    # --- for those who watch ---

    def status(self) -> CameraStatus:
        """What can be said of the camera now. Watches nothing, so it starts nothing."""
        available = self._find()
        with self._changed:
            return self._status(available)

    def choose(self, settings: CameraSettings) -> CameraStatus:
        """Change camera or settings, at once and under the eyes of those who watch.

        Raises:
            BadInput: "camera-settings"; "camera-unknown", also for a folder or film that was not
                named at the start; the camera stays as it was.
        """
        check_choice(settings, self._at_start)
        available = self._find()
        with self._changed:
            self._settings = settings
            self._settings_version += 1
            self._frame = self._preview = None  # of the camera before
            self._trouble = None
            if self._watching:
                self._start_thread()
            self._state = CameraState.STARTING if self._thread is not None else CameraState.OFF
            self._changed.notify_all()
            return self._status(available)

    def newest(self, after: int = -1, timeout_s: float = 1.0) -> Frame | None:
        """The newest frame above `after`, waiting for one; None at the time-out.

        Asking is watching: it starts the camera. The pixels are shared, so they are read-only.
        """
        with self._changed:
            self._begin_to_watch()
            try:
                self._changed.wait_for(
                    lambda: (
                        self._closing or (self._frame is not None and self._frame.sequence > after)
                    ),
                    timeout_s,
                )
            finally:
                self._end_watching()
            frame = self._frame
            return frame if frame is not None and frame.sequence > after else None

    def preview(self, after: int = -1, timeout_s: float = 1.0) -> tuple[int, bytes] | None:
        """As `newest`, as (sequence, small JPEG): one encoding a frame, however many watch."""
        with self._changed:
            self._begin_to_watch()
            self._waiting_for_preview += 1
            self._preview_wanted = True
            try:
                self._changed.wait_for(
                    lambda: (
                        self._closing or (self._preview is not None and self._preview[0] > after)
                    ),
                    timeout_s,
                )
            finally:
                self._waiting_for_preview -= 1
                self._end_watching()
            preview = self._preview
            return preview if preview is not None and preview[0] > after else None

    def close(self) -> None:
        """Let the camera go and end the thread. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def rest(self) -> None:
        """Let the camera go at once, unless somebody is waiting for a frame just now."""
        with self._changed:
            self._watched_at = -self._rest_after_s

    def _begin_to_watch(self) -> None:
        self._watching += 1
        self._start_thread()

    def _start_thread(self) -> None:
        if self._thread is None and not self._closing and self._settings.name != "none":
            self._state = CameraState.STARTING
            self._thread = threading.Thread(target=self._run, name="kit-camera", daemon=True)
            self._thread.start()

    def _end_watching(self) -> None:
        self._watching -= 1
        self._watched_at = monotonic()

    def _status(self, available: tuple[str, ...]) -> CameraStatus:
        message_id = {CameraState.STARTING: "camera-starting"}.get(self._state)
        reason = ""
        if self._settings.name == "none":
            message_id = "camera-none"
        elif self._trouble is not None:
            message_id, reason = self._trouble.id, str(self._trouble)
        return CameraStatus(
            state=self._state,
            name=self._name,
            settings=self._settings,
            available=available,
            cannot=self._cannot,
            message_id=message_id,
            reason=reason,
            frames_per_s=self._frames_per_s() if self._state is CameraState.LIVE else 0.0,
        )

    def _frames_per_s(self) -> float:
        times = self._frame_times
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    # --- the thread ---

    def _run(self) -> None:
        retry_s = RETRY_FIRST_S
        while True:
            with self._changed:
                if self._may_rest():
                    self._rest()
                    return
                settings, version = self._settings, self._settings_version
            try:
                self._use_camera(settings, version)
                continue
            except KitError as error:
                trouble = error
            except Exception as error:  # a driver's own: the thread must outlive it
                _log.exception("the camera failed in a way that has no name")
                trouble = Unavailable("camera-lost", f"{type(error).__name__}: {error}")
            retry_s = RETRY_FIRST_S if self._say_lost(trouble, version) else 2 * retry_s
            self._pause(min(retry_s, RETRY_LAST_S), version)

    def _use_camera(self, settings: CameraSettings, version: int) -> None:
        """Open, read and publish until nobody looks or the settings change.

        Raises what opening and reading raise.
        """
        camera = self._open_camera(settings)
        try:
            while True:
                frame = camera.read()
                frame.pixels.setflags(write=False)
                with self._changed:
                    if self._may_rest() or version != self._settings_version:
                        return
                    self._publish(frame, camera)
                    wants_preview = (
                        self._preview_wanted and frame.captured_at_s >= self._preview_due_at
                    )
                if wants_preview:
                    self._publish_preview(frame, version)
        finally:
            camera.close()

    def _publish(self, frame: Frame, camera: Camera) -> None:
        self._sequence += 1  # the owner's own: a camera that is opened again counts from 1
        self._frame = replace(frame, sequence=self._sequence)
        self._frame_times.append(frame.captured_at_s)
        if self._state is not CameraState.LIVE:
            _log.info("camera %s is live", camera.name)
            self._frame_times.clear()
        self._state, self._name, self._cannot = CameraState.LIVE, camera.name, camera.cannot
        self._trouble = None
        self._changed.notify_all()

    def _publish_preview(self, frame: Frame, version: int) -> None:
        jpeg = self._encode_preview(frame.pixels)
        with self._changed:
            if version != self._settings_version:
                return
            self._preview = (self._sequence, jpeg)
            # Viewers that are busy sending do not wait now, so the most of the last few counts.
            self._viewers_lately.append(self._waiting_for_preview)
            interval_s = 1 / previews_per_s(max(self._viewers_lately))
            # The frame nearest to the beat; of two equally near, the earlier, so no gap is longer.
            half_a_frame_s = 0.6 / max(self._frames_per_s(), 1.0)
            self._preview_due_at = frame.captured_at_s + interval_s - half_a_frame_s
            self._preview_wanted = self._waiting_for_preview > 0
            self._changed.notify_all()

    def _say_lost(self, trouble: KitError, version: int) -> bool:
        """Tell the watchers. Returns whether the camera was live until now."""
        with self._changed:
            if version != self._settings_version:
                return True  # it was the camera before; the new one is tried at once
            was_live = self._state is CameraState.LIVE
            if str(trouble) != str(self._trouble):  # each reason once, not at every try
                _log.warning("%s", trouble)
            self._state, self._trouble = CameraState.LOST, trouble
            self._frame = self._preview = None
            self._changed.notify_all()
            return was_live

    def _pause(self, seconds: float, version: int) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or version != self._settings_version, seconds
            )

    def _may_rest(self) -> bool:
        idle = not self._watching and monotonic() - self._watched_at >= self._rest_after_s
        return self._closing or idle or self._settings.name == "none"

    def _rest(self) -> None:
        self._state, self._thread = CameraState.OFF, None
        self._frame = self._preview = None  # the next viewer wants what is, not what was
        self._trouble = None
        self._changed.notify_all()


def previews_per_s(viewers: int) -> float:
    """How often a preview is sent, so that the room as a whole is not asked too much.

    >>> previews_per_s(1), previews_per_s(40), previews_per_s(80)
    (15.0, 10.0, 5.0)
    """
    return min(PREVIEWS_PER_S, PREVIEWS_PER_S_IN_ALL / max(1, viewers))
