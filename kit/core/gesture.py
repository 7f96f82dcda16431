"""A gesture as numbers: where the points of one or two hands are, whoever's and wherever they are.

    hands of a picture -> vector(hands, most=1) -> (42,) numbers -> the same heads as for pictures

What is taken away, and why (measured in docs/decisions/0011):

    place     numbers are counted from the middle of the points: near the edge is no other gesture
    size      divided by the points' mean distance from it (root of the mean square): nor is nearer
    left      one left hand is mirrored, so that it is the right hand's gesture: who writes with
              the left is understood by what a right-handed group taught
    turn      is kept: a thumb up and a thumb down differ by nothing else. Small turns are taught
              instead, as further views, which cost no look at the picture
    depth     is left out: it is a guess of the network, and answers came out the same with it

Two hands share one middle and one size, so that how they lie to each other counts; the left hand
comes first. Which of the two is the left one then counts too, so their mirror image is another
view. A missing second hand is forty-two zeros.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from kit.core.hands import POINTS, Hand, Side

NORMALISATION_VERSION = 1
"""Whoever changes what comes out of `vector` raises it: kept gestures are then made again."""
NUMBERS = 2 * POINTS
"""For each hand: x and y of its points, in their order."""
MOST_HANDS = 2
TURN_DEGREES = 15.0
TRANSFORM = "length"
"""How heads take these numbers (`core.heads.TRANSFORMS`): of any sign, so no square roots."""


def vector(hands: Sequence[Hand], most: int = 1) -> np.ndarray:
    """The hands of one picture as the numbers that heads learn from.

    Args:
        hands: at least one, the surest first; those after the first `most` are left out.
        most: 1 or 2, how many hands a gesture of this project may have.

    Returns:
        (42 * most,) float32: x1, y1, …, x21, y21 of a hand, right and down.

    Raises:
        ValueError: no hand, or `most` is neither 1 nor 2.
    """
    if not 1 <= most <= MOST_HANDS:
        raise ValueError(f"a gesture has 1 or 2 hands, not {most}")
    if not hands:
        raise ValueError("a gesture needs a hand")
    shapes = [hand.points[:, :2].astype(np.float64) for hand in hands[:most]]
    if len(shapes) == 1:
        if hands[0].side is Side.LEFT:
            shapes[0] = shapes[0] * (-1.0, 1.0)
    else:
        shapes = [shapes[place] for place in _left_first(hands[0], hands[1])]
    middle = np.concatenate(shapes).mean(axis=0)
    size = np.mean([_spread(shape) for shape in shapes])
    numbers = np.concatenate([(shape - middle).ravel() for shape in shapes]) / max(size, 1e-6)
    padded = np.zeros(NUMBERS * most, np.float32)
    padded[: len(numbers)] = numbers
    return padded


def views(numbers: np.ndarray) -> np.ndarray:
    """One gesture as training sees it: as it is, turned a little each way, and mirrored if by two.

    Args:
        numbers: (42,) or (84,) from `vector`.

    Returns:
        (v, 42 or 84) float32, v = `view_count`; the first is `numbers` itself.

    >>> views(np.ones(42, np.float32)).shape, views(np.ones(84, np.float32)).shape
    ((3, 42), (6, 84))
    """
    points = np.asarray(numbers, np.float32).reshape(-1, 2)
    turned = [points, *(points @ _turn(degrees) for degrees in (TURN_DEGREES, -TURN_DEGREES))]
    if len(points) > POINTS:
        turned = list(chain(turned, map(_mirrored, turned)))
    return np.array(turned, np.float32).reshape(len(turned), -1)


def view_count(most: int) -> int:
    """How many views `views` gives of a gesture of at most so many hands."""
    return 3 if most == 1 else 6


def _left_first(one: Hand, other: Hand) -> tuple[int, int]:
    """The order of two hands: the left one first; two of a kind by their place in the picture."""
    if one.side is not other.side:
        return (0, 1) if one.side is Side.LEFT else (1, 0)
    # In a picture that is not mirrored, the left hand of who faces the camera is at the right.
    return (0, 1) if one.points[:, 0].mean() >= other.points[:, 0].mean() else (1, 0)


def _spread(shape: np.ndarray) -> float:
    """Root of the mean square distance of points from their middle."""
    return float(np.sqrt(np.mean(np.sum((shape - shape.mean(axis=0)) ** 2, axis=1))))


def _turn(degrees: float) -> np.ndarray:
    """What a row (x, y) is multiplied by to turn it clockwise, y downwards."""
    angle = np.deg2rad(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]], np.float32)


def _mirrored(points: np.ndarray) -> np.ndarray:
    """Two hands in a mirror: right is left, and the hands change places.

    A single hand is the right hand's already, whichever it was, and stays.
    """
    first, second = points[:POINTS], points[POINTS:]
    if not second.any():
        return points
    return np.concatenate([second, first]) * np.array([-1.0, 1.0], np.float32)
