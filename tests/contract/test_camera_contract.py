"""What every camera promises, fake and real alike: one suite, each back end under it.

The fake and a film read through OpenCV's VideoCapture always run. A USB camera and a ribbon camera
run where one is plugged in, and are skipped with the reason elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import pytest

from kit.codecs.picture import decode_picture, preview
from kit.core.errors import Unavailable
from kit.core.ports import Camera
from kit.core.types import CameraSettings
from kit.devices.camera import make
from kit.devices.camera_fake import FakeCamera
from kit.devices.camera_owner import CameraOwner
from kit.devices.camera_picamera2 import Picamera2Camera, find_picamera2
from kit.devices.camera_usb import UsbCamera, find_usb
from kit.messages import MESSAGES

RED, BLUE = (200, 30, 30), (30, 30, 200)
FILM_FRAMES = 40


@dataclass
class Subject:
    """A camera under test, and what the test may know and do about its world."""

    make: Callable[[], Camera]
    knows_its_scene: bool = False
    """It sees red on the left and blue on the right, 640 x 480."""
    unplug: Callable[[Camera], None] | None = None


def scene() -> np.ndarray:
    pixels = np.empty((480, 640, 3), np.uint8)
    pixels[:, :320], pixels[:, 320:] = RED, BLUE
    return pixels


def fake(tmp_path) -> Subject:
    def make_fake():
        camera = FakeCamera(fps=200)
        camera.hold_up(scene())
        return camera

    return Subject(make_fake, knows_its_scene=True, unplug=FakeCamera.unplug)


def film(tmp_path) -> Subject:
    path = str(tmp_path / "film.avi")
    film = cv2.VideoWriter(
        path, cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 480)
    )
    assert film.isOpened()
    for _ in range(FILM_FRAMES):
        film.write(scene()[..., ::-1])
    film.release()

    def run_out(camera: Camera) -> None:
        for _ in range(FILM_FRAMES):
            camera.read()

    return Subject(lambda: UsbCamera(path), knows_its_scene=True, unplug=run_out)


def usb(tmp_path) -> Subject:
    names = find_usb()
    if not names:
        pytest.skip("no USB camera is plugged in")
    return Subject(lambda: make(names[0], decode_picture))


def picamera2(tmp_path) -> Subject:
    if not find_picamera2():
        pytest.skip("no ribbon camera, or python3-picamera2 is not installed")
    return Subject(Picamera2Camera)


@pytest.fixture(params=[fake, film, usb, picamera2], ids=lambda back_end: back_end.__name__)
def subject(request, tmp_path) -> Subject:
    return request.param(tmp_path)


@pytest.fixture
def camera(subject):
    camera = subject.make()
    yield camera
    camera.close()


def assert_named(refusal: Unavailable) -> None:
    assert MESSAGES[refusal.id].format(**refusal.values)
    assert str(refusal) != refusal.id  # the developer's line says more than the id


def near(pixels: np.ndarray, row: int, column: int, colour) -> bool:
    return bool(np.abs(pixels[row, column].astype(int) - colour).max() <= 12)


def test_frames_are_rgb_pixels_in_order(camera, subject):
    camera.open(CameraSettings(camera.name))

    frames = [camera.read() for _ in range(5)]

    for frame in frames:
        assert frame.pixels.dtype == np.uint8
        assert frame.pixels.ndim == 3
        assert frame.pixels.shape[2] == 3
        assert frame.pixels.flags.c_contiguous
        assert frame.read_ms >= 0
    for earlier, later in pairwise(frames):
        assert later.sequence > earlier.sequence
        assert later.captured_at_s >= earlier.captured_at_s
    if subject.knows_its_scene:
        assert near(frames[0].pixels, 240, 100, RED)
        assert near(frames[0].pixels, 240, 540, BLUE)


def test_a_frame_stays_what_it_was_when_the_next_one_comes(camera):
    camera.open(CameraSettings(camera.name))
    frame = camera.read()
    before = frame.pixels.copy()

    camera.read()

    assert np.array_equal(frame.pixels, before)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("mirror", [False, True])
def test_turned_and_mirrored_as_set(camera, subject, rotate, mirror):
    camera.open(CameraSettings(camera.name, rotate=rotate, mirror=mirror))

    pixels = camera.read().pixels

    lies = rotate in (0, 180)
    assert (pixels.shape[1] > pixels.shape[0]) == lies
    if subject.knows_its_scene:
        expected = {0: scene(), 180: scene()[:, ::-1], 90: np.rot90(scene(), -1)}
        expected[270] = np.rot90(scene())
        wanted = expected[rotate][:, ::-1] if mirror else expected[rotate]
        for row, column in [(60, 60), (-60, -60), (60, -60)]:
            assert near(pixels, row, column, wanted[row, column].astype(int))


def test_what_cannot_be_locked_is_said(camera):
    camera.open(CameraSettings(camera.name, lock=True))

    assert all(f"camera-cannot-{name}" in MESSAGES for name in camera.cannot)
    assert camera.read().pixels.size


def test_closed_means_closed_and_may_be_opened_again(camera):
    camera.open(CameraSettings(camera.name))
    first = camera.read()
    camera.close()
    camera.close()

    with pytest.raises(Unavailable) as refused:
        camera.read()
    assert_named(refused.value)

    camera.open(CameraSettings(camera.name))
    assert camera.read().sequence > first.sequence


def test_a_camera_never_opened_refuses_to_read(camera):
    with pytest.raises(Unavailable) as refused:
        camera.read()

    assert_named(refused.value)


def test_once_gone_it_says_so(camera, subject):
    if subject.unplug is None:
        pytest.skip("nobody here can pull this camera's cable")
    camera.open(CameraSettings(camera.name))
    camera.read()

    with pytest.raises(Unavailable) as gone:
        subject.unplug(camera)
        camera.read()

    assert gone.value.id == "camera-lost"
    assert_named(gone.value)


def test_its_owner_shows_it_to_several(subject):
    def open_camera(settings):
        camera = subject.make()
        camera.open(settings)
        return camera

    owner = CameraOwner(CameraSettings(), open_camera=open_camera, encode_preview=preview)
    try:
        frame = owner.newest(timeout_s=10)
        again = owner.newest(after=frame.sequence, timeout_s=10)
        sequence, jpeg = owner.preview(timeout_s=10)

        assert again.sequence > frame.sequence
        assert sequence >= 1
        assert max(decode_picture(jpeg).shape) <= 320
        assert owner.status().name == subject.make().name
    finally:
        owner.close()
