"""The ribbon camera of a Raspberry Pi, through Picamera2 (Debian's `python3-picamera2`).

Never run here on a board: written from Picamera2 0.3.25's source and its manual, held to the
contract suite where a board has it. Three things that its users found the hard way:

- On Bookworm, Debian's build of one of its parts does not load beside NumPy 2: the import itself
  raises ValueError. That is refused by name; Trixie is what the kit asks for.
- A cable that comes loose makes every call wait for ever, stopping included. So frames are waited
  for with a limit, and what waits is flushed before the camera is closed.
- Its "BGR888" is what NumPy calls RGB: the name tells the order of a 24-bit number's bytes.
"""

import importlib.util
import logging
from pathlib import Path
from typing import Any

import numpy as np

from kit.core.errors import Unavailable
from kit.core.types import CameraSettings
from kit.devices.camera_base import BaseCamera

SYSFS = Path("/sys/class/video4linux")
_RECEIVERS = ("unicam", "rp1-cfe")  # the camera ports of a Pi up to 4, and of a Pi 5
_PATIENCE_S = 2.0
_FRAMES_UNTIL_SETTLED = 30
"""A second for exposure and white balance to find their values, before they are locked."""

_log = logging.getLogger(__name__)


def find_picamera2(sysfs: Path = SYSFS) -> tuple[str, ...]:
    """("picamera2",) where its software is installed and a camera sits at a ribbon, else ().

    The drivers of the ribbon ports show themselves only once a sensor answered, so nothing needs
    opening to know.
    """
    if importlib.util.find_spec("picamera2") is None or not sysfs.is_dir():
        return ()
    for name in sysfs.glob("video*/name"):
        try:
            if name.read_text().startswith(_RECEIVERS):
                return ("picamera2",)
        except OSError:
            continue
    return ()


class Picamera2Camera(BaseCamera):
    """The first ribbon camera that libcamera finds."""

    name = "picamera2"

    def __init__(self) -> None:
        super().__init__()
        self._camera: Any = None
        self._request: Any = None

    def _start(self, settings: CameraSettings) -> None:
        self._stop()
        picamera2 = _import_picamera2()
        try:
            self._camera = picamera2()
            # No queue: whoever asks gets the next frame, never one that waited.
            self._camera.configure(
                self._camera.create_video_configuration(
                    main={"format": "BGR888", "size": (settings.width, settings.height)},
                    buffer_count=3,
                    queue=False,
                )
            )
            self._camera.start()
            if settings.lock:
                self._lock()
        except (RuntimeError, IndexError, OSError) as error:  # what it raises when none answers
            self._stop()
            busy = "busy" in str(error).lower() or "acquire" in str(error).lower()
            id = "camera-busy" if busy else "camera-missing"
            raise Unavailable(id, f"picamera2: {error or type(error).__name__}") from error

    def _lock(self) -> None:
        """Hold exposure and white balance at what the camera has just found by itself."""
        for _ in range(_FRAMES_UNTIL_SETTLED):
            metadata = self._camera.capture_metadata(wait=_PATIENCE_S)
        controls = {
            "lock-exposure": ("AeEnable", ("ExposureTime", "AnalogueGain")),
            "lock-white-balance": ("AwbEnable", ("ColourGains",)),
        }
        cannot = []
        for name, (automatic, values) in controls.items():
            held = {value: metadata[value] for value in values if value in metadata}
            if automatic in self._camera.camera_controls and held:
                self._camera.set_controls({automatic: False, **held})
            else:
                cannot.append(name)
        self.cannot = tuple(cannot)

    def _wait(self) -> None:
        if self._camera is None:
            raise Unavailable("camera-lost", "picamera2: not open")
        try:
            self._request = self._camera.capture_request(wait=_PATIENCE_S)
        except (TimeoutError, RuntimeError) as error:
            raise Unavailable(
                "camera-lost", f"picamera2: no frame for {_PATIENCE_S:.0f} s"
            ) from error

    def _pixels(self) -> np.ndarray:
        try:
            return self._request.make_array("main")
        finally:
            self._request.release()
            self._request = None

    def _stop(self) -> None:
        camera, self._camera = self._camera, None
        if camera is None:
            return
        try:
            camera.cancel_all_and_flush()  # else stopping waits behind a frame that never comes
            camera.close()
        except RuntimeError:
            _log.exception("picamera2 did not close cleanly")


def _import_picamera2() -> Any:
    """The class, imported only when somebody asks for this camera."""
    try:
        from picamera2 import Picamera2
    except ImportError as error:
        raise Unavailable("camera-needs-picamera2", f"picamera2: {error}") from error
    except ValueError as error:  # "numpy.dtype size changed, may indicate binary incompatibility"
        raise Unavailable("camera-needs-trixie", f"picamera2: {error}") from error
    return Picamera2
