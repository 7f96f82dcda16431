"""Finding cameras, choosing one, and what is said when none answers."""

import os
import subprocess
import sys

import numpy as np
import pytest

from kit.codecs.picture import decode_picture, encode_picture
from kit.core.errors import BadInput, Unavailable
from kit.core.types import CameraSettings
from kit.devices import camera_picamera2
from kit.devices.camera import find_cameras, make, open_camera
from kit.devices.camera_fake import FakeCamera
from kit.devices.camera_usb import find_usb, pids_holding
from kit.messages import MESSAGES

from .conftest import BLUE, RED


def sysfs(tmp_path, *nodes):
    """A /sys/class/video4linux as the kernel lays it out: links into the tree of devices."""
    found = tmp_path / "class"
    found.mkdir()
    for number, (bus, index, name) in enumerate(nodes):
        device = tmp_path / "devices" / bus
        node = device / f"video{number}"
        node.mkdir(parents=True)
        (node / "index").write_text(f"{index}\n")
        (node / "name").write_text(f"{name}\n")
        (node / "device").symlink_to(device)
        (found / f"video{number}").symlink_to(node)
    return found


def test_of_a_usb_camera_only_the_pictures_count_and_codecs_are_no_camera(tmp_path):
    found = sysfs(
        tmp_path,
        ("platform/bcm2835-codec", 0, "bcm2835-codec-decode"),
        ("pci0/usb1/1-2", 0, "A camera: pictures"),
        ("pci0/usb1/1-2", 1, "A camera: metadata"),
        ("pci0/usb1/1-3", 0, "Another camera"),
    )

    assert find_usb(found) == ("usb:/dev/video1", "usb:/dev/video3")
    assert find_usb(tmp_path / "no such folder") == ()


def test_the_ribbon_camera_needs_its_software_and_its_sensor(tmp_path, monkeypatch):
    on_a_pi_5 = sysfs(tmp_path, ("platform/1f00110000.csi", 0, "rp1-cfe-csi2_ch0"))
    monkeypatch.setattr(camera_picamera2.importlib.util, "find_spec", lambda name: None)
    assert camera_picamera2.find_picamera2(on_a_pi_5) == ()

    monkeypatch.setattr(camera_picamera2.importlib.util, "find_spec", lambda name: object())
    assert camera_picamera2.find_picamera2(on_a_pi_5) == ("picamera2",)
    assert camera_picamera2.find_picamera2(tmp_path / "devices") == ()


def test_looking_for_cameras_never_offers_the_fake():
    assert not any(name.startswith("fake") for name in find_cameras())


def test_without_picamera2_the_ribbon_camera_is_refused_with_the_command_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "picamera2", None)

    with pytest.raises(Unavailable) as refused:
        open_camera(CameraSettings("picamera2"), decode_picture)

    assert refused.value.id == "camera-needs-picamera2"
    assert "apt install python3-picamera2" in MESSAGES[refused.value.id]
    assert "picamera2" in str(refused.value)


def test_on_bookworm_beside_numpy_2_the_ribbon_camera_is_refused_by_name(tmp_path, monkeypatch):
    # What Debian's build does there: the import itself raises, and it is no ImportError.
    (tmp_path / "picamera2.py").write_text(
        "raise ValueError('numpy.dtype size changed, may indicate binary incompatibility')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "picamera2", raising=False)

    with pytest.raises(Unavailable) as refused:
        open_camera(CameraSettings("picamera2"), decode_picture)

    assert refused.value.id == "camera-needs-trixie"
    assert "numpy.dtype size changed" in str(refused.value)


def test_each_camera_that_was_tried_has_its_reason(tmp_path):
    missing = tuple(f"usb:{tmp_path}/video{number}" for number in (0, 2))

    with pytest.raises(Unavailable) as refused:
        open_camera(CameraSettings("auto"), decode_picture, find=lambda: missing)

    assert refused.value.id == "camera-missing"
    assert str(refused.value) == (
        f"no camera answered; usb: {tmp_path}/video0 is not there; "
        f"usb: {tmp_path}/video2 is not there"
    )


def test_a_device_that_gives_nothing_is_busy_if_another_program_holds_it(tmp_path):
    device = tmp_path / "video0"
    device.write_bytes(b"no camera at all")
    hold = "import sys, time; f = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, device], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Unavailable) as refused:
            open_camera(CameraSettings(f"usb:{device}"), decode_picture)
    finally:
        holder.communicate()

    assert refused.value.id == "camera-busy"
    assert str(refused.value) == f"usb: {device} busy (pid {holder.pid})"
    assert pids_holding(str(device)) == ()


def test_a_device_that_gives_nothing_and_nobody_holds_gives_no_pictures(tmp_path):
    device = tmp_path / "video0"
    device.write_bytes(b"no camera at all")

    with pytest.raises(Unavailable) as refused:
        open_camera(CameraSettings(f"usb:{device}"), decode_picture)

    assert refused.value.id == "camera-missing"
    assert "gives no pictures" in str(refused.value)


def test_none_is_a_choice_and_says_so():
    with pytest.raises(Unavailable) as refused:
        open_camera(CameraSettings("none"), decode_picture)

    assert refused.value.id == "camera-none"


def test_an_unknown_name_is_refused():
    with pytest.raises(BadInput) as refused:
        make("webcam", decode_picture)

    assert refused.value.id == "camera-unknown"


# --- the fake's own verbs ---


def colour_of(camera) -> list[int]:
    return camera.read().pixels[240, 320].astype(int).round(-1).tolist()


def test_a_folder_by_name_is_played_in_order_and_over_and_over(tmp_path):
    for name, colour in [("a/1.png", RED), ("b/1.jpg", BLUE)]:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(encode_picture(np.full((100, 100, 3), colour, np.uint8)))
    (tmp_path / "notes.txt").write_text("not a picture")

    camera = open_camera(CameraSettings(f"fake:{tmp_path}"), decode_picture)

    assert camera.name == f"fake:{tmp_path}"
    assert [colour_of(camera) for _ in range(4)] == [[200, 30, 30], [30, 30, 200]] * 2


def test_a_folder_without_pictures_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput) as refused:
        open_camera(CameraSettings(f"fake:{tmp_path}"), decode_picture)

    assert refused.value.id == "camera-folder-empty"
    assert refused.value.values["name"] == str(tmp_path)


def test_what_is_held_up_is_seen_until_one_looks_away():
    camera = FakeCamera(fps=500)
    camera.open(CameraSettings("fake"))

    camera.hold_up(RED)
    assert [colour_of(camera) for _ in range(3)] == [[200, 30, 30]] * 3
    camera.look_away()
    assert colour_of(camera) == [130, 130, 120]


def test_no_two_frames_are_the_same_bytes():
    camera = FakeCamera(fps=500)
    camera.open(CameraSettings("fake"))
    camera.hold_up(RED)

    assert not np.array_equal(camera.read().pixels, camera.read().pixels)


def test_a_replugged_camera_must_be_opened_anew():
    camera = FakeCamera(fps=500)
    camera.open(CameraSettings("fake"))
    camera.unplug()
    with pytest.raises(Unavailable):
        camera.read()
    camera.replug()
    with pytest.raises(Unavailable):
        camera.read()

    camera.open(CameraSettings("fake"))

    assert camera.read().pixels.shape == (480, 640, 3)


def test_this_process_is_not_said_to_hold_its_own_camera(tmp_path):
    path = tmp_path / "video0"
    path.touch()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        assert pids_holding(str(path)) == ()
    finally:
        os.close(descriptor)
