"""Faces: found only to be covered, before anything is written.

    picture -> looks(h, w), the squares to search -> boxes -> closer(box), three looks at each
            -> those that stay a face -> cover(pixels, boxes)

A face becomes one flat colour with a soft rim. Not a mosaic and not a blur: from a mosaic of a
few squares a side, a machine that had learnt forty persons' faces still told most of them apart
(R. McPherson, R. Shokri, V. Shmatikov, 2016, Defeating Image Obfuscation with Deep Learning, arXiv:
1609.00408). One colour is what every blur ends in; nothing of the face is left in it but that.

A face may be missed, above all from the side or far away: whoever covers says so.
"""

from collections.abc import Sequence

import numpy as np

from kit.core.detect import Region

FACE_LAYERS = ((8, 2), (16, 6))
"""The face detector's grids: (stride in pixels, anchors in a cell)."""
CLOSER = (1.7, 2.3, 3.2)
"""How many times as wide as the face the squares are in which it is looked at again."""
GROWTH = 1.5
"""The box found goes from brow to mouth; so many times as wide and as high, it holds the head."""
RAISE = 0.15
"""And so much of its height further up, where the hair is."""
RIM = 0.12
"""Width of the soft rim outside of what is covered, as a share of it."""


def looks(height: int, width: int, levels: Sequence[int] = (1, 2)) -> list[Region]:
    """The squares in which faces are looked for: the whole picture, then parts of it, larger.

    Args:
        height, width: of the picture, pixels.
        levels: into how many rows of squares the picture's shorter side is cut, one after another;
            squares overlap by half, so that no face is cut by every one of them.

    Returns:
        Upright regions; the first is the whole picture.

    >>> len(looks(480, 640)), looks(480, 640)[0].side
    (18, 640.0)
    """
    regions = [Region.whole(height, width)]
    for rows in levels:
        side = min(height, width) / rows
        down, across = _steps(height, side), _steps(width, side)
        regions += [Region(x, y, side) for y in down for x in across]
    return regions


def closer(box: np.ndarray) -> list[Region]:
    """Three more looks at what may be a face, each from a little farther away.

    Among eighteen looks at a picture of anything, some corner looks like a face; in these three,
    hardly ever (docs/decisions/0011).
    """
    x, y = (box[:2] + box[2:]) / 2.0
    side = max(float((box[2:] - box[:2]).max()), 1.0)
    return [Region(float(x), float(y), side * growth) for growth in CLOSER]


def covered_boxes(boxes: np.ndarray) -> np.ndarray:
    """From the boxes found (n, 4) to what is covered: the whole head."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    sizes = boxes[:, 2:] - boxes[:, :2]
    centres = centres - np.array([0.0, RAISE]) * sizes
    return np.concatenate([centres - sizes * GROWTH / 2.0, centres + sizes * GROWTH / 2.0], axis=1)


def cover(pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The picture with each box as one flat colour: the mean of what it held.

    Args:
        pixels: (h, w, 3) uint8.
        boxes: (n, 4) left, top, right, bottom in pixels; may reach beyond the picture.

    Returns:
        A new (h, w, 3) uint8; not one pixel inside a box is what it was, nor depends on any single
        one. Around a box lies a soft rim.

    >>> face = np.zeros((4, 4, 3), np.uint8); face[::2] = 100
    >>> np.unique(cover(face, np.array([[0.0, 0.0, 4.0, 4.0]])))
    array([50], dtype=uint8)
    """
    covered = pixels.copy()
    height, width = pixels.shape[:2]
    for left, top, right, bottom in boxes:
        inner = _whole_pixels(left, top, right, bottom, height, width)
        if inner is None:
            continue
        rows, columns = inner
        colour = pixels[rows, columns].reshape(-1, 3).mean(axis=0)
        rim = RIM * max(right - left, bottom - top)
        y = _outside(height, rows, rim)
        x = _outside(width, columns, rim)
        share = np.clip(1.0 - np.hypot(y[:, np.newaxis], x[np.newaxis]), 0.0, 1.0)[..., np.newaxis]
        rows, columns = np.flatnonzero(y < 1.0), np.flatnonzero(x < 1.0)
        place = np.ix_(rows, columns)
        mixed = covered[place] * (1.0 - share[place]) + colour * share[place]
        covered[place] = np.rint(mixed).astype(np.uint8)
    return covered


def _steps(length: int, side: float) -> np.ndarray:
    """Centres of squares along one side of a picture, overlapping by half or more."""
    count = int(np.ceil((length - side) / (side / 2.0) - 1e-9)) + 1
    return np.linspace(side / 2.0, length - side / 2.0, count)


def _whole_pixels(
    left: float, top: float, right: float, bottom: float, height: int, width: int
) -> tuple[slice, slice] | None:
    """The pixels that a box touches, or None where it lies outside of the picture."""
    rows = slice(max(0, int(np.floor(top))), min(height, int(np.ceil(bottom))))
    columns = slice(max(0, int(np.floor(left))), min(width, int(np.ceil(right))))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    return rows, columns


def _outside(length: int, inner: slice, rim: float) -> np.ndarray:
    """How far each row or column lies from what is covered, in widths of the rim."""
    places = np.arange(length)
    beyond = np.maximum(inner.start - places, places - (inner.stop - 1))
    return np.maximum(beyond, 0) / max(rim, 1.0)
