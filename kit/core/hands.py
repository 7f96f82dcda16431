"""From a palm to a hand, and from a hand to where to look for it in the next frame.

    palm found -> palm_region -> 21 points -> hand_region -> (next frame) 21 points -> …

A small network finds palms in the whole picture; a second one is shown a square around a hand, the
fingers upwards, and says where 21 points of it are. While a hand is in sight, its own points say
where to look next, and the first network may rest. The numbering of the points is that of the
network: 0 the wrist, then four for each finger from its base to its tip, thumb first.

The constants below are what the two networks were trained with; another value shows them hands that
are smaller or more turned than they know. Source: F. Zhang et al. (2020), MediaPipe Hands, arXiv:
2006.10214, and the graph definitions that are published with these networks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kit.core.detect import Region, turn_between

POINTS = 21
WRIST = 0
FINGERS = {
    "thumb": (1, 2, 3, 4),
    "index": (5, 6, 7, 8),
    "middle": (9, 10, 11, 12),
    "ring": (13, 14, 15, 16),
    "little": (17, 18, 19, 20),
}
BONES = (
    *((joints[n], joints[n + 1]) for joints in FINGERS.values() for n in range(3)),
    *((WRIST, FINGERS[name][0]) for name in ("thumb", "index", "little")),
    (5, 9),
    (9, 13),
    (13, 17),
)
"""Pairs of points to join by a line when a hand is drawn."""

PALM_SIZE = 192
"""Side of the palm detector's input, pixels."""
PALM_LAYERS = ((8, 2), (16, 6))
PALM_WRIST, PALM_MIDDLE = 0, 2
"""Of a palm's seven points, the two that tell which way the hand points."""
HAND_SIZE = 224
"""Side of the landmark network's input, pixels."""

_PALM_GROWTH, _PALM_SHIFT = 2.6, 0.5
_HAND_GROWTH, _HAND_SHIFT = 2.0, 0.1
# Wrist and the inner joints: the tips move too much to say where the hand is.
_STEADY = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
_SAME_HAND = 0.25
_DEPTH_SHARE = 0.4
"""The network gives depth as a smaller share of its input than x and y."""


class Side(StrEnum):
    """Which hand it is: its owner's own left or right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One hand in a picture.

    Attributes:
        points: (21, 3) float32: x and y in pixels of the picture; the third is how much farther
            from the camera than the wrist, in the same unit, and the least sure.
        side: the owner's own, for a picture that is not mirrored.
        side_score: how sure the network is of it, 0.5..1.
        score: how sure it is that a hand is there, 0..1.
    """

    points: np.ndarray
    side: Side
    side_score: float
    score: float

    @property
    def size(self) -> float:
        """Longer side of the upright box around the points, pixels."""
        return float(np.ptp(self.points[:, :2], axis=0).max())


def palm_region(box: np.ndarray, points: np.ndarray) -> Region:
    """Where the hand of a palm is: as much larger, and as much further up the fingers.

    Args:
        box: (4,) left, top, right, bottom of the palm, pixels of the picture.
        points: (7, 2) the palm's points, same unit.
    """
    turn = turn_between(points[PALM_WRIST], points[PALM_MIDDLE])
    width, height = box[2:] - box[:2]
    return _grown(
        (box[:2] + box[2:]) / 2.0, width, height, turn, growth=_PALM_GROWTH, shift=_PALM_SHIFT
    )


def hand_region(points: np.ndarray) -> Region:
    """Where to look for a hand that was there a moment ago.

    Args:
        points: (21, 2 or more) in pixels of the picture.
    """
    flat = np.asarray(points, np.float64)[:, :2]
    knuckles = (flat[5] + flat[13]) / 4.0 + flat[9] / 2.0
    turn = turn_between(flat[WRIST], knuckles)
    steady = flat[list(_STEADY)]
    # The box is measured along the hand, not along the picture.
    across = np.array([np.cos(turn), np.sin(turn)])
    down = np.array([-np.sin(turn), np.cos(turn)])
    along = np.stack([steady @ across, steady @ down], axis=1)
    low, high = along.min(axis=0), along.max(axis=0)
    middle = (low + high) / 2.0
    width, height = high - low
    centre = middle[0] * across + middle[1] * down
    return _grown(centre, width, height, turn, growth=_HAND_GROWTH, shift=_HAND_SHIFT)


def points_in_picture(raw: np.ndarray, region: Region, size: int = HAND_SIZE) -> np.ndarray:
    """The landmark network's 63 numbers as (21, 3) pixels of the picture.

    Args:
        raw: (63,) x, y, z of each point, in pixels of the network's input.
        region: what the network was shown.
        size: side of its input, pixels.
    """
    shares = np.asarray(raw, np.float64).reshape(POINTS, 3) / size
    flat = region.to_picture(shares[:, :2])
    return np.concatenate([flat, shares[:, 2:] * (region.side / _DEPTH_SHARE)], axis=1).astype(
        np.float32
    )


def same_hand(one: Hand, other: Hand) -> bool:
    """Whether two finds are one hand: their points lie together."""
    apart = np.linalg.norm(one.points[:, :2] - other.points[:, :2], axis=1).mean()
    return bool(apart < _SAME_HAND * max(one.size, other.size))


def each_once(hands: Sequence[Hand], most: int) -> list[Hand]:
    """At most so many different hands, the surest first.

    Args:
        hands: in any order; one hand may be there several times.
        most: how many to keep, >= 1.
    """
    kept: list[Hand] = []
    for hand in sorted(hands, key=lambda hand: -hand.score):
        if len(kept) < most and not any(same_hand(hand, known) for known in kept):
            kept.append(hand)
    return kept


def _grown(
    centre: np.ndarray, width: float, height: float, turn: float, *, growth: float, shift: float
) -> Region:
    """A square around a box, moved towards its own top by a share of its height."""
    up = np.array([np.sin(turn), -np.cos(turn)])
    x, y = centre + up * shift * height
    return Region(float(x), float(y), max(float(max(width, height)) * growth, 1.0), turn)
