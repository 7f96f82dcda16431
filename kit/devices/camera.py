"""Which cameras there are, and opening the one that was asked for.

Names: "picamera2" (the ribbon camera), "usb" (the first USB one) or "usb:/dev/video2", "fake" or
"fake:FOLDER", "none", and "auto": the ribbon camera if there is one, else the first USB camera
that answers. "auto" never falls back to the fake: a picture that nobody's camera took is only
shown to whoever asked for it by name.
"""

import re
from collections.abc import Callable
from pathlib import Path

from kit.core.errors import BadInput, KitError, Unavailable
from kit.core.ports import Camera
from kit.core.types import CameraSettings
from kit.devices.camera_fake import Decode, FakeCamera
from kit.devices.camera_picamera2 import Picamera2Camera, find_picamera2
from kit.devices.camera_usb import UsbCamera, find_usb

SMALLEST_SIDE, LARGEST_SIDE = 96, 1920

Find = Callable[[], tuple[str, ...]]


def find_cameras() -> tuple[str, ...]:
    """Names of the cameras plugged in, best first. Opens none, so it disturbs nobody."""
    return find_picamera2() + find_usb()


def check_settings(settings: CameraSettings) -> None:
    """Refuse settings that no camera could follow.

    Raises:
        BadInput: "camera-unknown" for the name, "camera-settings" for a size or an angle.
    """
    kind, _, detail = settings.name.partition(":")
    if kind not in ("auto", "none", "picamera2", "usb", "fake") or (
        detail and kind not in ("usb", "fake")
    ):
        raise BadInput("camera-unknown", f"no camera {settings.name!r}", name=settings.name)
    sides = settings.width, settings.height
    if settings.rotate not in (0, 90, 180, 270) or not all(
        SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides
    ):
        raise BadInput(
            "camera-settings",
            f"{settings.width} x {settings.height} turned by {settings.rotate} degrees",
            smallest=SMALLEST_SIDE,
            largest=LARGEST_SIDE,
        )


def check_choice(settings: CameraSettings, at_start: str) -> None:
    """Refuse a choice that only whoever starts the kit may make: which folder or film is shown.

    A page of the class may choose among cameras; it may not read the kit's files.

    Raises:
        BadInput: "camera-unknown"; what `check_settings` refuses.
    """
    check_settings(settings)
    kind, _, detail = settings.name.partition(":")
    is_file = kind == "fake" or (kind == "usb" and not re.fullmatch(r"/dev/video\d{1,4}", detail))
    if detail and is_file and settings.name != at_start:
        raise BadInput(
            "camera-unknown", f"{settings.name}: not what the kit began with", name=settings.name
        )


def make(name: str, decode: Decode) -> Camera:
    """The camera of that exact name, not yet opened. Raises `BadInput`, "camera-unknown"."""
    kind, _, detail = name.partition(":")
    if kind == "picamera2" and not detail:
        return Picamera2Camera()
    if kind == "usb" and detail:
        return UsbCamera(detail)
    if kind == "fake":
        return FakeCamera(folder=Path(detail) if detail else None, decode=decode)
    raise BadInput("camera-unknown", f"no camera {name!r}", name=name)


def open_camera(settings: CameraSettings, decode: Decode, find: Find = find_cameras) -> Camera:
    """Open the camera that the settings name.

    Raises:
        Unavailable: "camera-none", "camera-missing", "camera-busy" or what the one camera asked
            for says; its developer line gives the reason of each that was tried.
        BadInput: what `check_settings` refuses, and "camera-folder-empty".
    """
    check_settings(settings)
    if settings.name == "none":
        raise Unavailable("camera-none", "no camera is chosen")
    names: tuple[str, ...] = (settings.name,)
    if settings.name in ("auto", "usb"):
        names = tuple(name for name in find() if settings.name in ("auto", name.split(":")[0]))
    refusals: list[KitError] = []
    for name in names:
        camera = make(name, decode)
        try:
            camera.open(settings)
        except Unavailable as refusal:
            refusals.append(refusal)
            continue
        return camera
    if len(refusals) == 1:
        raise refusals[0]
    busy = any(refusal.id == "camera-busy" for refusal in refusals)
    reasons = "; ".join(map(str, refusals)) or "none is plugged in"
    raise Unavailable("camera-busy" if busy else "camera-missing", f"no camera answered; {reasons}")
