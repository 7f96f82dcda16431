"""Made-up photos of things that a model can tell apart, and how stderr is read."""

from pathlib import Path

import cv2
import numpy as np


def picture(label: str, seed: int) -> np.ndarray:
    """A shape that its label names, somewhere else and in another light each time: RGB pixels."""
    random = np.random.default_rng([seed, len(label), ord(label[0])])
    pixels = random.normal(random.uniform(60, 90), 8, (240, 320, 3)).clip(0, 255).astype(np.uint8)
    centre = tuple(int(v) for v in np.add(random.integers(-20, 20, 2), (160, 120)))
    size, light = int(random.integers(45, 70)), float(random.uniform(0.8, 1.0))
    colour = tuple(
        c * light for c in {"cup": (220, 60, 40), "pen": (40, 90, 230)}.get(label, (40, 200, 80))
    )
    if label == "cup":
        cv2.circle(pixels, centre, size, colour, -1)
    elif label == "pen":
        corner = (centre[0] + size // 4, centre[1] + size)
        cv2.rectangle(pixels, (centre[0] - size // 4, centre[1] - size), corner, colour, -1)
    else:
        cv2.line(pixels, (centre[0] - size, centre[1]), (centre[0] + size, centre[1]), colour, 9)
        cv2.line(pixels, (centre[0], centre[1] - size), (centre[0], centre[1] + size), colour, 9)
    return pixels


def write(path: Path, pixels: np.ndarray) -> Path:
    """Write RGB pixels in the format that the name asks for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    return path


def photos(folder: Path, labels: tuple[str, ...], count: int, first: int = 0) -> Path:
    """A folder with one sub-folder for each label."""
    for label in labels:
        for seed in range(first, first + count):
            write(folder / label / f"{seed}.jpg", picture(label, seed))
    return folder


def one_line(text: str) -> str:
    """The one line that stderr holds."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]
