"""A camera made of pictures: for tests, and for trying everything with no camera at all.

    camera = FakeCamera()
    camera.hold_up((200, 50, 40))        a red card in front of a grey table
    camera.play(photos, fps=25)          a new photo a frame, over and over
    camera.look_away()                   the table alone
    camera.unplug(); camera.replug()

By name it is "fake" (the table) or "fake:FOLDER" (the pictures in a folder, sub-folders included,
looked through twice a second for what came and went). Frames carry a little noise, as a sensor's
do: no two of a burst are the same bytes. Its verbs may be called from any thread.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic

import cv2
import numpy as np

from kit.core.errors import BadInput, Unavailable
from kit.core.types import CameraSettings
from kit.devices.camera_base import BaseCamera

TABLE = (128, 126, 122)
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
_NOISE = 2
_LOOK_EVERY_S = 0.5

Colour = tuple[int, int, int]
Decode = Callable[[bytes], np.ndarray]


class FakeCamera(BaseCamera):
    """A camera that shows what it is told.

    Args:
        fps: frames a second, until `play` says otherwise.
        folder: play the pictures in there; needs `decode`.
        decode: bytes of a picture file -> (h, w, 3) uint8 RGB; hand in one that shrinks.
    """

    def __init__(
        self, *, fps: float = 25, folder: Path | None = None, decode: Decode | None = None
    ) -> None:
        super().__init__()
        self.name = "fake" if folder is None else f"fake:{folder}"
        self._changed = threading.Condition()
        self._fps = fps
        self._shown: Sequence[np.ndarray] = ()
        self._position = 0
        self._plugged = True
        self._is_open = False
        self._due_at = 0.0
        self._noise = np.random.default_rng(0)
        self._folder, self._decode = folder, decode
        self._folder_seen: tuple[tuple[Path, int], ...] = ()
        self._look_at = 0.0

    # --- verbs of the physical world ---

    def hold_up(self, what: Colour | np.ndarray) -> None:
        """Show one thing until told otherwise: a card of that colour, or a picture."""
        pixels = what if isinstance(what, np.ndarray) else _card(what)
        self._show([pixels])

    def play(self, pictures: Path | Iterable[np.ndarray], fps: float | None = None) -> None:
        """Show a new picture each frame, and begin again after the last.

        Raises:
            BadInput: "camera-folder-empty".
        """
        if isinstance(pictures, Path):
            pictures = self._pictures_in(pictures)
        self._show(list(pictures), fps)

    def look_away(self) -> None:
        """Show the empty table."""
        self._show([])

    def unplug(self) -> None:
        """Pull the cable: whoever reads is told at once."""
        with self._changed:
            self._plugged = False
            self._changed.notify_all()

    def replug(self) -> None:
        """Push the cable back in. The camera answers again once it is opened anew."""
        with self._changed:
            self._plugged = True

    # --- what a back end does ---

    def _start(self, settings: CameraSettings) -> None:
        with self._changed:
            if not self._plugged:
                raise Unavailable("camera-missing", f"{self.name}: unplugged")
            self._is_open = True
            self._due_at = monotonic()
        if self._folder is not None:
            self._look_into_folder()

    def _wait(self) -> None:
        with self._changed:
            gone = self._changed.wait_for(
                lambda: not (self._plugged and self._is_open), self._due_at - monotonic()
            )
            if gone:
                self._is_open = False  # a replugged camera has to be opened again
                raise Unavailable("camera-lost", f"{self.name}: unplugged")
            self._due_at = max(self._due_at + 1 / self._fps, monotonic())

    def _pixels(self) -> np.ndarray:
        if self._folder is not None and monotonic() >= self._look_at:
            self._look_into_folder()
        with self._changed:
            shown = self._shown
            pixels = shown[self._position] if shown else np.full((2, 2, 3), TABLE, np.uint8)
            self._position = (self._position + 1) % max(1, len(shown))
        fitted = _fitted(pixels, self._settings.width, self._settings.height)
        noise = self._noise.integers(-_NOISE, _NOISE + 1, fitted.shape, dtype=np.int16)
        return np.clip(fitted + noise, 0, 255).astype(np.uint8)

    def _stop(self) -> None:
        with self._changed:
            self._is_open = False
            self._changed.notify_all()

    # --- pictures ---

    def _show(self, pictures: Sequence[np.ndarray], fps: float | None = None) -> None:
        with self._changed:
            self._shown, self._position = pictures, 0
            if fps is not None:
                self._fps = fps

    def _look_into_folder(self) -> None:
        """Load the folder's pictures again if any came, went or changed."""
        self._look_at = monotonic() + _LOOK_EVERY_S
        seen = tuple((path, path.stat().st_mtime_ns) for path in _picture_files(self._folder))
        if seen != self._folder_seen or not seen:
            self.play(self._folder)
            self._folder_seen = seen

    def _pictures_in(self, folder: Path) -> list[np.ndarray]:
        files = _picture_files(folder)
        if not files:
            raise BadInput("camera-folder-empty", f"fake: no picture in {folder}", name=str(folder))
        if self._decode is None:
            raise ValueError("a fake camera that plays files needs decode=")
        return [self._decode(path.read_bytes()) for path in files]


def _picture_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)


def _card(colour: Colour) -> np.ndarray:
    """A square card of that colour on the table, as in a hand's reach of the lens."""
    picture = np.full((480, 640, 3), TABLE, np.uint8)
    picture[90:390, 170:470] = colour
    return picture


def _fitted(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    """As large as fits, in the middle of the table."""
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = pixels if size == pixels.shape[1::-1] else cv2.resize(pixels, size, interpolation=way)
    if size == (width, height):
        return small
    frame = np.full((height, width, 3), TABLE, np.uint8)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    frame[top : top + size[1], left : left + size[0]] = small
    return frame
