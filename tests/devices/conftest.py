"""The fake camera with its owner, and nothing that sleeps for long."""

import pytest

from kit.codecs.picture import preview
from kit.core.types import CameraSettings
from kit.devices.camera_fake import FakeCamera
from kit.devices.camera_owner import CameraOwner

RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture
def camera():
    """A fake camera, fast enough that no test waits for a frame."""
    return FakeCamera(fps=200)


@pytest.fixture
def make_owner(camera):
    owners = []

    def make(name="fake", **options) -> CameraOwner:
        def open_camera(settings):
            camera.open(settings)
            return camera

        options.setdefault("encode_preview", preview)
        owner = CameraOwner(
            CameraSettings(name), open_camera=open_camera, find=lambda: ("fake",), **options
        )
        owners.append(owner)
        return owner

    yield make
    for owner in owners:
        owner.close()


@pytest.fixture
def owner(make_owner):
    return make_owner()
