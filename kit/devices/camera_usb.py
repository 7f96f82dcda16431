"""USB cameras, through Linux's V4L2 and OpenCV.

A USB camera offers several `/dev/video*`; only the first of each is pictures, and a Raspberry Pi
has a dozen more that are no camera at all. `/sys/class/video4linux` tells them apart without
opening any, so looking never disturbs a camera that somebody else uses.
"""

import logging
import os
from pathlib import Path

import cv2
import numpy as np

from kit.core.errors import Unavailable
from kit.core.types import CameraSettings
from kit.devices.camera_base import BaseCamera

SYSFS = Path("/sys/class/video4linux")
_FRAMES_UNTIL_SETTLED = 15
"""Half a second for exposure and white balance to find their values, before they are locked."""
# V4L2_CID_EXPOSURE_AUTO as the UVC driver understands it.
_EXPOSURE_MANUAL, _EXPOSURE_AUTOMATIC = 1, 3

_log = logging.getLogger(__name__)


def find_usb(sysfs: Path = SYSFS) -> tuple[str, ...]:
    """Names of the USB cameras plugged in, such as "usb:/dev/video0", in the system's order."""
    found = []
    for node in sysfs.glob("video*") if sysfs.is_dir() else ():
        try:
            first = int((node / "index").read_text()) == 0
            on_usb = any(part.startswith("usb") for part in (node / "device").resolve().parts)
        except (OSError, ValueError):
            continue  # unplugged while we looked
        if first and on_usb:
            found.append(int(node.name.removeprefix("video")))
    return tuple(f"usb:/dev/video{number}" for number in sorted(found))


class UsbCamera(BaseCamera):
    """One V4L2 device by its path.

    A film file may stand in for the device: OpenCV reads both through the same calls, and the
    contract suite does so where no camera is plugged in. Its end is the unplugging.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self.name = f"usb:{path}"
        self._path = path
        self._is_file = Path(path).is_file()
        self._capture: cv2.VideoCapture | None = None

    def _start(self, settings: CameraSettings) -> None:
        self._stop()
        if not os.path.exists(self._path):
            raise Unavailable("camera-missing", f"usb: {self._path} is not there")
        if not os.access(self._path, os.R_OK):
            raise Unavailable("camera-missing", f"usb: {self._path} may not be read by this user")
        self._capture = cv2.VideoCapture(
            self._path, cv2.CAP_FFMPEG if self._is_file else cv2.CAP_V4L2
        )
        if not self._capture.isOpened():
            self._stop()
            raise self._refusal()
        if not self._is_file:
            self._configure(self._capture, settings)

    def _configure(self, capture: cv2.VideoCapture, settings: CameraSettings) -> None:
        # Uncompressed pictures fill a USB 2 bus at 640 x 480; compressed ones leave it room.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest frame, not the oldest
        # A camera remembers "manual" from one program to the next, so automatic is always set.
        automatic_exposure = capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, _EXPOSURE_AUTOMATIC)
        automatic_white_balance = capture.set(cv2.CAP_PROP_AUTO_WB, 1)
        if settings.lock:
            self._lock(capture, automatic_exposure, automatic_white_balance)

    def _lock(self, capture: cv2.VideoCapture, exposure: bool, white_balance: bool) -> None:
        """Hold exposure and white balance at what the camera has just found by itself."""
        for _ in range(_FRAMES_UNTIL_SETTLED):
            capture.grab()
        exposure = exposure and _hold(
            capture, cv2.CAP_PROP_AUTO_EXPOSURE, _EXPOSURE_MANUAL, cv2.CAP_PROP_EXPOSURE
        )
        white_balance = white_balance and _hold(
            capture, cv2.CAP_PROP_AUTO_WB, 0, cv2.CAP_PROP_WB_TEMPERATURE
        )
        held = {"lock-exposure": exposure, "lock-white-balance": white_balance}
        self.cannot = tuple(name for name, done in held.items() if not done)

    def _wait(self) -> None:
        if self._capture is None or not self._capture.grab():
            raise Unavailable("camera-lost", f"usb: {self._path} stopped answering")

    def _pixels(self) -> np.ndarray:
        good, pixels = self._capture.retrieve()
        if not good:
            raise Unavailable("camera-lost", f"usb: {self._path} sent a broken frame")
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)

    def _stop(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _refusal(self) -> Unavailable:
        holders = pids_holding(self._path)
        if holders:
            pids = ", ".join(f"pid {pid}" for pid in holders)
            return Unavailable("camera-busy", f"usb: {self._path} busy ({pids})")
        return Unavailable("camera-missing", f"usb: {self._path} gives no pictures")


def _hold(capture: cv2.VideoCapture, automatic: int, manual: int, value: int) -> bool:
    """Switch one of the camera's automatics off, keeping the value it had."""
    found = capture.get(value)
    return capture.set(automatic, manual) and capture.set(value, found)


def pids_holding(path: str) -> tuple[int, ...]:
    """Other processes that have this file open, as far as this user may see."""
    wanted = os.path.realpath(path)
    holders = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = [os.readlink(link) for link in (process / "fd").iterdir()]
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if wanted in links and int(process.name) != os.getpid():
            holders.append(int(process.name))
    return tuple(sorted(holders))
