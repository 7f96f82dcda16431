"""Accuracy against cost: which points nobody would give away for another one."""

from collections.abc import Sequence
from typing import NamedTuple


class Point(NamedTuple):
    """One way to answer: the share it gets right, 0..1, and what an answer costs, in any unit."""

    accuracy: float
    cost: float


def front(points: Sequence[Point]) -> list[int]:
    """Positions of the points on the front: no other is at least as good in both and better in one.

    Intervals are not looked at: two points whose intervals overlap may change places if measured
    again, and whoever shows the front shows the intervals with it.

    >>> front([Point(0.9, 5.0), Point(0.8, 9.0), Point(0.7, 2.0), Point(0.9, 5.0)])
    [0, 2, 3]
    """

    def beats(one: Point, other: Point) -> bool:
        at_least = one.accuracy >= other.accuracy and one.cost <= other.cost
        return at_least and one != other

    return [
        place for place, point in enumerate(points) if not any(beats(one, point) for one in points)
    ]
