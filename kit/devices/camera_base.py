"""What every camera back end shares: counting, timing, mirror and rotation. In one place.

A back end says how to start, how to wait for a frame, how to get its pixels and how to stop. This
class makes a `core.ports.Camera` of it.
"""

from time import monotonic, perf_counter

import numpy as np

from kit.core.types import CameraSettings, Frame


class BaseCamera:
    """A camera for one thread. Back ends fill in the four methods with an underscore."""

    name = ""
    cannot: tuple[str, ...] = ()
    """Of "lock-exposure" and "lock-white-balance", what it was asked for and cannot do: the page
    says the catalogue's sentence "camera-cannot-…" for each.
    """

    def __init__(self) -> None:
        self._settings = CameraSettings()
        self._sequence = 0

    def open(self, settings: CameraSettings) -> None:
        """Start it with these settings. Raises `Unavailable`, naming what is missing."""
        self._settings = settings
        self.cannot = ()
        self._start(settings)

    def read(self) -> Frame:
        """Wait for the next frame, turned as set. Raises `Unavailable` once the camera is gone."""
        self._wait()
        captured_at_s, began = monotonic(), perf_counter()
        pixels = turned(self._pixels(), self._settings)
        self._sequence += 1
        return Frame(pixels, captured_at_s, self._sequence, (perf_counter() - began) * 1000)

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self._stop()

    def _start(self, settings: CameraSettings) -> None:
        raise NotImplementedError

    def _wait(self) -> None:
        """Block until the camera has a frame; this time is the camera's, not the kit's."""
        raise NotImplementedError

    def _pixels(self) -> np.ndarray:
        """That frame, (h, w, 3) uint8 RGB."""
        raise NotImplementedError

    def _stop(self) -> None:
        raise NotImplementedError


def turned(pixels: np.ndarray, settings: CameraSettings) -> np.ndarray:
    """Rotated clockwise, then mirrored left to right, as the settings ask; contiguous.

    Mirrored last: what is left on the page is then left of the pupil, however the camera hangs.

    >>> picture = np.array([[1, 2], [3, 4]])
    >>> turned(picture, CameraSettings(rotate=90))
    array([[3, 1],
           [4, 2]])
    >>> turned(picture, CameraSettings(rotate=90, mirror=True))
    array([[1, 3],
           [2, 4]])
    """
    pixels = np.rot90(pixels, -settings.rotate // 90)
    return np.ascontiguousarray(pixels[:, ::-1] if settings.mirror else pixels)
