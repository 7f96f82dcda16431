"""One meter's readings made into another's: a straight line through what both showed at once.

Nothing is corrected that nobody compared, and a line that is applied is shown with the figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns this kit's readings into another meter's: gain x reading + offset.

    Attributes:
        gain, offset_mw: of the straight line.
        points: (what this meter read, what the other showed), milliwatts.
        against: what it was compared with, in its user's words.
    """

    gain: float
    offset_mw: float
    points: tuple[tuple[float, float], ...]
    against: str

    def apply(self, power_mw: float) -> float:
        """A reading as the other meter would have shown it, milliwatts."""
        return self.gain * power_mw + self.offset_mw

    def to_json(self) -> dict[str, Any]:
        """Field names as they stand; `from_json` reads it."""
        return asdict(self) | {"points": [list(point) for point in self.points]}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Calibration":
        """Raises KeyError, TypeError or ValueError where it is none."""
        points = tuple((float(read), float(true)) for read, true in told["points"])
        return cls(float(told["gain"]), float(told["offset_mw"]), points, str(told["against"]))


SPREAD_FOR_OFFSET = 1.3
"""How far apart, as a ratio, two points must lie before an offset can be told from a gain."""


def calibrate(points: Sequence[tuple[float, float]], against: str) -> Calibration:
    """The straight line through what two meters showed at the same time.

    One point, or points close together, give a gain alone; points further apart an offset too, by
    least squares.

    Args:
        points: (this meter's mean reading, the other meter's figure), milliwatts, all above 0.
        against: what it was compared with.

    Raises:
        ValueError: no point, or one that is not above 0.

    >>> calibrate([(1000.0, 1100.0)], "wall meter").gain
    1.1
    >>> line = calibrate([(1000.0, 1600.0), (2000.0, 2700.0)], "wall meter")
    >>> round(line.gain, 6), round(line.offset_mw, 6)
    (1.1, 500.0)
    """
    read, true = np.array(points, float).reshape(-1, 2).T
    if not len(read) or not (read > 0).all() or not (true > 0).all():
        raise ValueError("a calibration needs points above 0")
    if read.max() >= SPREAD_FOR_OFFSET * read.min():
        gain, offset = np.polyfit(read, true, 1)
    else:
        gain, offset = float(read @ true / (read @ read)), 0.0
    return Calibration(float(gain), float(offset), tuple(map(tuple, points)), against)
