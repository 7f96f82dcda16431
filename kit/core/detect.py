"""What a single-shot detector says, read: anchors, boxes with points, and one box a thing.

    Region.whole(h, w) -> the picture as the network sees it -> raw numbers
    decode(raw, scores, anchors) -> merge(found) -> Region.to_picture(points)

Palms and faces are both found so. A detector of this kind answers at a fixed grid of places, the
anchors: for each one a score, and how far from the anchor the box and its points lie. Many anchors
see one thing; `merge` makes one box of them. Numbers are shares of the network's input, 0..1, right
and down, until a `Region` takes them back to pixels.

Source: W. Liu et al. (2016), SSD: Single Shot MultiBox Detector; V. Bazarevsky et al. (2019),
BlazeFace, arXiv:1907.05047, 3.3, on averaging instead of suppressing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, sin
from typing import Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Region:
    """A turned square of a picture: what a network is shown. It may reach beyond the picture.

    Attributes:
        x, y: its centre in pixels.
        side: in pixels, > 0.
        turn: how far its "up" is turned clockwise from the picture's, radians.
    """

    x: float
    y: float
    side: float
    turn: float = 0.0

    @classmethod
    def whole(cls, height: int, width: int, margin: float = 0.0) -> Self:
        """The upright square that holds a whole picture.

        Args:
            height, width: of the picture, pixels.
            margin: room left on each side, as a share of the picture's long side.

        >>> Region.whole(480, 640, margin=0.25).side
        960.0
        """
        return cls(width / 2.0, height / 2.0, max(height, width) * (1.0 + 2.0 * margin))

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """Shares of the region (…, 2) as pixels of the picture (…, 2).

        >>> Region(50.0, 50.0, 20.0).to_picture(np.array([[0.5, 0.0]]))
        array([[50., 40.]])
        """
        across, down = self._axes()
        offset = (np.asarray(points, np.float64) - 0.5) * self.side
        return np.array([self.x, self.y]) + offset[..., :1] * across + offset[..., 1:] * down

    def matrix(self, size: int) -> np.ndarray:
        """(2, 3): where in the picture each pixel of a (size, size) input is to be fetched.

        Pixel 0 of the input is fetched at the region's very corner, not half a pixel inside: so the
        networks were taught, and so their answers are right (docs/decisions/0011).
        """
        across, down = self._axes()
        step = self.side / size
        return np.stack([across * step, down * step, self.to_picture(np.zeros(2))], axis=1)

    def _axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Unit vectors of the region's own right and down."""
        return (
            np.array([cos(self.turn), sin(self.turn)]),
            np.array([-sin(self.turn), cos(self.turn)]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """n things, the surest first once merged.

    Attributes:
        boxes: (n, 4) left, top, right, bottom.
        points: (n, k, 2).
        scores: (n,) 0..1.
    """

    boxes: np.ndarray
    points: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def at(self, rows: np.ndarray | slice) -> "Found":
        """Some of them."""
        return Found(self.boxes[rows], self.points[rows], self.scores[rows])

    def to_picture(self, region: Region) -> "Found":
        """From shares of an upright region to pixels of the picture.

        Raises:
            ValueError: the region is turned, so its boxes would not be upright.
        """
        if region.turn:
            raise ValueError("boxes in a turned region are not upright in the picture")
        boxes = region.to_picture(self.boxes.reshape(-1, 2)).reshape(-1, 4)
        return Found(boxes, region.to_picture(self.points), self.scores)

    @classmethod
    def together(cls, several: Sequence["Found"]) -> "Found":
        """Of several looks at one picture, all that was found."""
        return cls(
            np.concatenate([found.boxes for found in several]),
            np.concatenate([found.points for found in several]),
            np.concatenate([found.scores for found in several]),
        )


def anchors(size: int, layers: Sequence[tuple[int, int]]) -> np.ndarray:
    """The places at which a detector answers: the centre of each cell of each grid.

    Args:
        size: side of the network's input, pixels.
        layers: (stride in pixels, anchors in a cell), in the order of the network's output. The
            networks here count all anchors as one input wide: no size of an anchor is needed.

    Returns:
        (n, 2) float32, shares of the input: row by row, a cell's anchors one after another.

    >>> anchors(192, [(8, 2), (16, 6)]).shape
    (2016, 2)
    >>> anchors(32, [(16, 1)]).tolist()
    [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    """
    grids = []
    for stride, in_a_cell in layers:
        cells = -(-size // stride)
        middles = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        y, x = np.meshgrid(middles, middles, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), in_a_cell, axis=0))
    return np.concatenate(grids)


def decode(
    raw: np.ndarray, logits: np.ndarray, places: np.ndarray, *, size: int, least_score: float
) -> Found:
    """What the network's two outputs say, as boxes with their points.

    Args:
        raw: (n, 4 + 2k) in pixels of the input: the box's centre from its anchor (x, y), its
            width and height, then k points (x, y) from the anchor.
        logits: (n,) scores before the logistic function.
        places: (n, 2) from `anchors`.
        size: side of the input, pixels.
        least_score: what is below is left out; 0..1, neither end.

    Returns:
        Those at or above `least_score`, in the network's order.
    """
    threshold = float(np.log(least_score / (1.0 - least_score)))
    rows = np.flatnonzero(logits >= threshold)  # NaN is not above anything
    scores = 1.0 / (1.0 + np.exp(-np.minimum(logits[rows].astype(np.float64), 100.0)))
    numbers = raw[rows].astype(np.float64) / size
    centres = numbers[:, :2] + places[rows]
    half = np.abs(numbers[:, 2:4]) / 2.0
    offsets = numbers[:, 4:].reshape(len(rows), (raw.shape[1] - 4) // 2, 2)
    points = offsets + places[rows][:, np.newaxis]
    return Found(np.concatenate([centres - half, centres + half], axis=1), points, scores)


def merge(found: Found, *, overlap: float = 0.3) -> Found:
    """One box for each thing: the mean of all that overlap the surest, weighted by their scores.

    Averaging keeps boxes still from one frame to the next, where choosing one would let them jump
    between neighbouring anchors. The score is the surest one's.

    Args:
        found: any number, in any order.
        overlap: from this share of intersection over union on, two boxes mean one thing.

    >>> one = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.8], [2.0, 2.0, 3.0, 3.0]])
    >>> merged = merge(Found(one, np.zeros((3, 1, 2)), np.array([0.5, 0.5, 0.9])))
    >>> merged.boxes.tolist()
    [[2.0, 2.0, 3.0, 3.0], [0.0, 0.0, 1.0, 0.9]]
    """
    left = np.argsort(-found.scores, kind="stable")
    boxes, points, scores = [], [], []
    while len(left):
        surest = left[0]
        together = intersection_over_union(found.boxes[surest], found.boxes[left]) > overlap
        together[0] = True  # an empty box overlaps nothing, not even itself
        rows = left[together]
        weights = found.scores[rows] / found.scores[rows].sum()
        boxes.append(weights @ found.boxes[rows])
        points.append(np.einsum("n,nkd->kd", weights, found.points[rows]))
        scores.append(found.scores[surest])
        left = left[~together]
    if not boxes:
        return found.at(slice(0))
    return Found(np.array(boxes), np.array(points), np.array(scores))


def intersection_over_union(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Share of their union that one box (4,) and each of some boxes (n, 4) have in common: (n,).

    >>> intersection_over_union(np.array([0, 0, 2, 1]), np.array([[1, 0, 3, 1], [5, 5, 6, 6]]))
    array([0.33333333, 0.        ])
    """
    corner = np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(np.minimum(box[2:], boxes[:, 2:]) - corner, 0.0), axis=1)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    union = np.prod(np.maximum(box[2:] - box[:2], 0.0)) + areas - shared
    return shared / np.maximum(union, 1e-12)


def turn_between(start: np.ndarray, end: np.ndarray) -> float:
    """How far "from start to end" is turned clockwise from "upwards", radians in -pi..pi.

    >>> turn_between(np.array([0.0, 0.0]), np.array([1.0, 0.0])) / np.pi  # to the right
    0.5
    """
    across, down = (float(n) for n in end - start)
    if hypot(across, down) == 0.0:
        return 0.0  # one place: no direction to follow
    return float(np.arctan2(across, -down))
