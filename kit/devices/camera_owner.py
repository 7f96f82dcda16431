"""The camera's one owner; any number of people watch it (`core.ports.CameraFeed`).

It publishes the newest frame and forgets the one before: a slow viewer misses frames and delays
nobody. How it comes, rests and heals is `owner.py`'s.

    read -> newest frame -> (if somebody watches it) preview JPEG, encoded once for all of them
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kit.core.ports import Camera
from kit.core.types import CameraSettings, CameraStatus, DeviceState, Frame
from kit.devices.camera import Find, check_choice, check_settings, find_cameras
from kit.devices.owner import REST_AFTER_S, DeviceOwner

PREVIEWS_PER_S = 15.0
PREVIEWS_PER_S_IN_ALL = 400.0
"""Forty streams at ten a second: what one kit sends without falling behind (8 KB each, 3 MB/s)."""


class CameraOwner(DeviceOwner[CameraSettings]):
    """The camera's one owner. Thread-safe.

    Args:
        settings: of the camera to use.
        open_camera: opens the camera that settings name (`camera.open_camera`, given its decoder).
        encode_preview: pixels -> small JPEG (`codecs.picture.preview`).
        find: names of the cameras plugged in, for the status.
        rest_after_s: how long the camera stays on with nobody watching.
    """

    device = "camera"

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
        super().__init__(settings, rest_after_s)
        self._open_camera = open_camera
        self._encode_preview = encode_preview
        self._find = find

        # All below is read and written under `_changed`.
        self._waiting_for_preview = 0
        self._frame: Frame | None = None
        self._sequence = 0
        self._preview: tuple[int, bytes] | None = None
        self._preview_wanted = False
        self._viewers_lately: deque[int] = deque(maxlen=8)
        self._preview_due_at = 0.0
        self._frame_times: deque[float] = deque(maxlen=25)

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
            self._change_to(settings)
            return self._status(available)

    def newest(self, after: int = -1, timeout_s: float = 1.0) -> Frame | None:
        """The newest frame above `after`, waiting for one; None at the time-out.

        Asking is watching: it starts the camera. The pixels are shared, so they are read-only.
        """
        with self._changed, self._in_use():
            self._changed.wait_for(
                lambda: self._closing or (self._frame is not None and self._frame.sequence > after),
                timeout_s,
            )
            frame = self._frame
            return frame if frame is not None and frame.sequence > after else None

    def preview(self, after: int = -1, timeout_s: float = 1.0) -> tuple[int, bytes] | None:
        """As `newest`, as (sequence, small JPEG): one encoding a frame, however many watch."""
        with self._changed, self._in_use():
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
            preview = self._preview
            return preview if preview is not None and preview[0] > after else None

    def _status(self, available: tuple[str, ...]) -> CameraStatus:
        message_id, reason = self._message()
        return CameraStatus(
            state=self._state,
            name=self._name,
            settings=self._settings,
            available=available,
            cannot=self._cannot,
            message_id=message_id,
            reason=reason,
            frames_per_s=self._frames_per_s() if self._state is DeviceState.LIVE else 0.0,
        )

    def _frames_per_s(self) -> float:
        times = self._frame_times
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    # --- the thread ---

    def _use(self, settings: CameraSettings, version: int) -> None:
        camera = self._open_camera(settings)
        try:
            while True:
                frame = camera.read()
                frame.pixels.setflags(write=False)
                with self._changed:
                    if self._is_over(version):
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
        if self._is_live(camera):
            self._frame_times.clear()

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

    def _forget(self) -> None:
        self._frame = self._preview = None


def previews_per_s(viewers: int) -> float:
    """How often a preview is sent, so that the room as a whole is not asked too much.

    >>> previews_per_s(1), previews_per_s(40), previews_per_s(80)
    (15.0, 10.0, 5.0)
    """
    return min(PREVIEWS_PER_S, PREVIEWS_PER_S_IN_ALL / max(1, viewers))
