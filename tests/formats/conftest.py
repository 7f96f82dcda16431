"""What the format tests share: the shipped backbone, and pictures drawn by arithmetic."""

import hashlib

import cv2
import numpy as np
import pytest

from kit.engine.runtime import Backbone


@pytest.fixture(scope="session")
def backbone_bytes(checkout):
    return (checkout / "models" / "efficientnet-lite0" / "model.tflite").read_bytes()


@pytest.fixture(scope="session")
def backbone_hash(backbone_bytes):
    return hashlib.sha256(backbone_bytes).hexdigest()


@pytest.fixture(scope="session")
def backbone(checkout):
    return Backbone.load(checkout / "models" / "efficientnet-lite0")


def drawn(seed: int, side: int = 64) -> np.ndarray:
    """A coloured disc on a coloured ground, (side, side, 3) uint8 RGB; another for each seed."""
    chance = np.random.default_rng(seed)
    ground, disc = chance.integers(0, 256, (2, 3))
    down, right = np.mgrid[:side, :side]
    centre, radius = chance.uniform(0.3, 0.7, 2) * side, chance.uniform(0.1, 0.4) * side
    inside = (down - centre[0]) ** 2 + (right - centre[1]) ** 2 < radius**2
    return np.where(inside[..., None], disc, ground).astype(np.uint8)


def jpeg(pixels: np.ndarray, quality: int = 90) -> bytes:
    """Pixels (RGB) as a JPEG file."""
    return cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def png(pixels: np.ndarray) -> bytes:
    """Pixels (RGB, or RGBA) as a PNG file."""
    code = cv2.COLOR_RGBA2BGRA if pixels.shape[-1] == 4 else cv2.COLOR_RGB2BGR
    return cv2.imencode(".png", cv2.cvtColor(pixels, code))[1].tobytes()


class FormatMakers:
    """The drawing functions, handed to tests as one fixture."""

    drawn, jpeg, png = staticmethod(drawn), staticmethod(jpeg), staticmethod(png)


@pytest.fixture(scope="session")
def draw():
    return FormatMakers
