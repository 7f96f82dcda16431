"""One camera, many watchers: nobody delays anybody, and a pulled cable heals by itself."""

import threading

import numpy as np
import pytest

from kit.codecs.picture import PREVIEW_BYTES, decode_picture, preview
from kit.core.errors import BadInput
from kit.core.types import CameraSettings, DeviceState
from kit.devices.camera import open_camera
from kit.devices.camera_fake import FakeCamera
from kit.devices.camera_owner import CameraOwner
from kit.messages import MESSAGES
from tests.support.waiting import wait_until

from .conftest import BLUE, RED


def centre(pixels: np.ndarray) -> np.ndarray:
    return pixels[pixels.shape[0] // 2, pixels.shape[1] // 2].astype(int)


def shows(pixels: np.ndarray, colour, tolerance: int = 4) -> bool:
    return bool(np.abs(centre(pixels) - colour).max() <= tolerance)


def test_nobody_watches_so_the_camera_is_off(owner):
    assert owner.status().state is DeviceState.OFF


def test_the_first_viewer_switches_it_on(owner, camera):
    camera.hold_up(RED)

    frame = owner.newest(timeout_s=10)

    assert shows(frame.pixels, RED)
    status = owner.status()
    assert (status.state, status.name, status.message_id) == (DeviceState.LIVE, "fake", None)


def test_sequence_rises_and_after_means_newer(owner):
    first = owner.newest(timeout_s=10)
    second = owner.newest(after=first.sequence, timeout_s=10)

    assert second.sequence > first.sequence
    assert second.captured_at_s > first.captured_at_s
    assert owner.newest(after=10**9, timeout_s=0.02) is None


def test_sequence_goes_on_rising_when_another_camera_takes_over():
    def open_another(settings):
        camera = FakeCamera(fps=200)  # counts from 1
        camera.open(settings)
        return camera

    owner = CameraOwner(
        CameraSettings("fake"), open_camera=open_another, encode_preview=preview, find=lambda: ()
    )
    try:
        last = owner.newest(timeout_s=10)
        for _ in range(5):
            last = owner.newest(after=last.sequence, timeout_s=10)
        owner.choose(CameraSettings("fake", mirror=True))

        assert owner.newest(timeout_s=10).sequence > last.sequence
    finally:
        owner.close()


def test_frames_are_shared_and_so_nobody_may_paint_on_them(owner):
    with pytest.raises(ValueError, match="read-only"):
        owner.newest(timeout_s=10).pixels[0, 0] = 0


def test_the_camera_is_let_go_when_the_last_viewer_has_left(make_owner):
    owner = make_owner(rest_after_s=0.02)
    last = owner.newest(timeout_s=10)

    wait_until(lambda: owner.status().state is DeviceState.OFF)

    again = owner.newest(timeout_s=10)  # and comes back for the next one
    assert again.sequence > last.sequence


def test_a_viewer_who_waits_keeps_it_on(make_owner):
    owner = make_owner(rest_after_s=0.0)
    seen = []

    def watch():
        frame = None
        for _ in range(20):
            frame = owner.newest(after=frame.sequence if frame else -1, timeout_s=10)
            seen.append(frame.sequence)

    watcher = threading.Thread(target=watch)
    watcher.start()
    watcher.join(20)

    assert seen == sorted(set(seen))
    assert len(seen) == 20


def test_unplugged_while_recording_then_replugged_it_heals_by_itself(owner, camera, caplog):
    recorded = [owner.newest(timeout_s=10)]
    camera.unplug()
    wait_until(lambda: owner.newest(timeout_s=0) is None)

    lost = owner.status()
    assert lost.state is DeviceState.LOST
    assert lost.message_id in ("camera-lost", "camera-missing")
    assert "fake: unplugged" in lost.reason
    assert "fake: unplugged" in caplog.text

    camera.hold_up(BLUE)
    camera.replug()
    after = owner.newest(after=recorded[-1].sequence, timeout_s=10)

    assert shows(after.pixels, BLUE)
    assert after.sequence > recorded[-1].sequence
    healed = owner.status()
    assert (healed.state, healed.message_id, healed.reason) == (DeviceState.LIVE, None, "")


def test_a_camera_plugged_in_late_is_found(owner, camera):
    camera.unplug()
    assert owner.newest(timeout_s=0.02) is None
    wait_until(lambda: owner.status().message_id == "camera-missing")

    camera.replug()

    assert owner.newest(timeout_s=10) is not None


def test_a_reason_is_logged_once_and_not_at_every_try(owner, camera, caplog):
    camera.unplug()

    assert owner.newest(timeout_s=0.04) is None
    wait_until(lambda: owner.status().state is DeviceState.LOST)
    owner.newest(timeout_s=0.04)

    assert caplog.text.count("unplugged") == 1


def test_even_an_error_without_a_name_does_not_end_the_thread(camera, make_owner, monkeypatch):
    owner = make_owner()
    owner.newest(timeout_s=10)
    broken = threading.Event()
    pixels = camera._pixels

    def break_once():
        if not broken.is_set():
            broken.set()
            raise MemoryError("a driver's own")
        return pixels()

    monkeypatch.setattr(camera, "_pixels", break_once)
    assert broken.wait(10)

    sequence = owner.newest(timeout_s=10).sequence
    assert owner.newest(after=sequence, timeout_s=10) is not None


def test_settings_change_while_somebody_watches(owner, camera):
    halves = np.zeros((480, 640, 3), np.uint8)
    halves[:, :320] = RED
    halves[:, 320:] = BLUE
    camera.hold_up(halves)
    before = owner.newest(timeout_s=10)
    assert np.abs(before.pixels[240, 10].astype(int) - RED).max() <= 4

    owner.choose(CameraSettings("fake", mirror=True))
    after = owner.newest(after=before.sequence, timeout_s=10)

    assert np.abs(after.pixels[240, 10].astype(int) - BLUE).max() <= 4
    owner.choose(CameraSettings("fake", rotate=90))
    turned = owner.newest(after=after.sequence, timeout_s=10)
    assert turned.pixels.shape == (640, 480, 3)
    assert np.abs(turned.pixels[10, 240].astype(int) - RED).max() <= 4


@pytest.mark.parametrize(
    "settings",
    [
        CameraSettings("webcam"),
        CameraSettings("picamera2:3"),
        CameraSettings("fake", rotate=45),
        CameraSettings("fake", width=64_000),
    ],
)
def test_settings_no_camera_could_follow_are_refused_and_change_nothing(owner, settings):
    owner.newest(timeout_s=10)

    with pytest.raises(BadInput) as refused:
        owner.choose(settings)

    assert MESSAGES[refused.value.id].format(**refused.value.values)
    assert owner.status().settings == CameraSettings("fake")
    assert owner.newest(timeout_s=10) is not None


@pytest.mark.parametrize("name", ["fake:/", "usb:/home/film.mp4", "usb:/dev/../etc/film.mp4"])
def test_which_files_are_shown_is_chosen_by_whoever_starts_the_kit_alone(make_owner, name):
    owner = make_owner("fake:pictures")

    owner.choose(CameraSettings("usb:/dev/video2"))
    with pytest.raises(BadInput) as refused:
        owner.choose(CameraSettings(name))
    owner.choose(CameraSettings("fake:pictures", mirror=True))

    assert refused.value.id == "camera-unknown"
    assert owner.status().settings == CameraSettings("fake:pictures", mirror=True)


def test_no_camera_by_choice_is_said_in_words_and_costs_no_thread(make_owner):
    owner = make_owner("none")

    assert owner.newest(timeout_s=0.02) is None
    status = owner.status()
    assert (status.state, status.message_id) == (DeviceState.OFF, "camera-none")
    assert "kit-camera" not in {thread.name for thread in threading.enumerate()}


def test_choosing_a_camera_after_none_serves_who_already_waits(make_owner):
    owner = make_owner("none")
    frames = []
    watcher = threading.Thread(target=lambda: frames.append(owner.newest(timeout_s=10)))
    watcher.start()
    wait_until(lambda: owner._users == 1)

    owner.choose(CameraSettings("fake"))
    watcher.join(10)

    assert frames[0] is not None


def test_the_preview_is_small_and_encoded_once_for_everyone(make_owner, camera):
    encoded = []

    def encode(pixels):
        encoded.append(preview(pixels))
        return encoded[-1]

    owner = make_owner(encode_preview=encode)
    camera.hold_up(RED)
    together = threading.Barrier(12)
    seen = []

    def watch():
        together.wait(10)
        after = -1
        for _ in range(5):
            sequence, jpeg = owner.preview(after, timeout_s=10)
            after = sequence
            seen.append((sequence, jpeg))

    viewers = [threading.Thread(target=watch) for _ in range(12)]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join(20)

    assert len(seen) == 60
    assert len(encoded) <= len(dict(seen)) + 2  # one may be under way when the last one leaves
    jpeg = seen[0][1]
    assert len(jpeg) <= PREVIEW_BYTES
    assert decode_picture(jpeg).shape == (240, 320, 3)
    assert shows(decode_picture(jpeg), RED, tolerance=12)


def test_without_preview_viewers_nothing_is_encoded(make_owner):
    owner = make_owner(encode_preview=lambda pixels: pytest.fail("nobody asked for a preview"))

    sequence = owner.newest(timeout_s=10).sequence

    assert owner.newest(after=sequence + 3, timeout_s=10) is not None


def test_closing_wakes_who_waits(make_owner, camera):
    owner = make_owner()
    camera.unplug()
    waiting = threading.Thread(target=owner.newest, kwargs={"timeout_s": 60})
    waiting.start()
    wait_until(lambda: owner.status().state is DeviceState.LOST)

    owner.close()
    owner.close()
    waiting.join(10)

    assert not waiting.is_alive()


def test_auto_refuses_in_words_and_never_falls_back_to_the_fake():
    owner = CameraOwner(
        CameraSettings("auto"),
        open_camera=lambda settings: open_camera(settings, decode_picture, find=lambda: ()),
        encode_preview=lambda pixels: b"",
        find=lambda: (),
    )
    try:
        assert owner.newest(timeout_s=0.04) is None
        wait_until(lambda: owner.status().state is DeviceState.LOST)
        status = owner.status()
    finally:
        owner.close()

    assert status.message_id == "camera-missing"
    assert status.reason == "no camera answered; none is plugged in"
