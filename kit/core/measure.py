"""Times as statistics: median, 95th percentile, and how far the median may be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.core.student import mean_interval

RESAMPLES = 2000
"""Bootstrap repetitions: the interval's ends then wobble by less than a twentieth of its width."""
WARM_UP, MOST_WARM_UP = 20, 200
"""At least so many runs first, until the median settles; at most so many if it never does."""
_SETTLED = 0.05
_SEED = 20260101  # the same times give the same interval, in the lesson and in a test


@dataclass(frozen=True, slots=True)
class StageStatistics:
    """How long one stage took, over n repetitions.

    Attributes:
        median_ms: half took less.
        p95_ms: 95 in 100 took less.
        low_ms: lower end of the median's 95 % bootstrap interval.
        high_ms: its upper end.
        n: repetitions.
    """

    median_ms: float
    p95_ms: float
    low_ms: float
    high_ms: float
    n: int

    def to_json(self) -> dict[str, Any]:
        """Field names as they stand, milliseconds to the microsecond."""
        return {
            "median_ms": round(self.median_ms, 3),
            "p95_ms": round(self.p95_ms, 3),
            "low_ms": round(self.low_ms, 3),
            "high_ms": round(self.high_ms, 3),
            "n": self.n,
        }


def stage_statistics(times_ms: Sequence[float]) -> StageStatistics:
    """Median, 95th percentile and a percentile-bootstrap interval of the median.

    The interval speaks of these repetitions on this machine at this moment; it knows nothing of a
    warmer room or a slower card.

    Args:
        times_ms: (n,) milliseconds, n >= 1. With one, the interval is that one: no spread is known.

    Raises:
        ValueError: no time, or one that is not a number.

    Source: Efron (1979), Bootstrap Methods, Ann. Statist. 7:1.

    >>> stage_statistics([2.0, 2.0, 2.0]).to_json()
    {'median_ms': 2.0, 'p95_ms': 2.0, 'low_ms': 2.0, 'high_ms': 2.0, 'n': 3}
    """
    times = np.asarray(times_ms, float)
    if times.ndim != 1 or not len(times) or not np.isfinite(times).all():
        raise ValueError("statistics need at least one time, all finite")
    drawn = np.random.default_rng(_SEED).integers(len(times), size=(RESAMPLES, len(times)))
    medians = np.median(times[drawn], axis=1)
    low, high = np.percentile(medians, [2.5, 97.5])
    p95 = np.percentile(times, 95)
    return StageStatistics(float(np.median(times)), float(p95), float(low), float(high), len(times))


def stages_statistics(runs: Sequence[Mapping[str, float]]) -> dict[str, StageStatistics]:
    """Statistics of each stage and of their sum, "total", over runs of the same walk.

    Args:
        runs: stage -> milliseconds, one mapping a run, such as `Prediction.stages_ms`. A stage
            that a run skipped (a camera reads, a file is decoded) is counted where it ran.

    Returns:
        In walking order, "total" last; empty for no run.
    """
    stages = list(dict.fromkeys(stage for run in runs for stage in run))
    times = {stage: [run[stage] for run in runs if stage in run] for stage in stages}
    if runs:
        times["total"] = [sum(run.values()) for run in runs]
    return {stage: stage_statistics(measured) for stage, measured in times.items()}


def has_settled(times_ms: Sequence[float]) -> bool:
    """Whether warming up may end: ten runs took what the ten before took, within a twentieth.

    Args:
        times_ms: of all runs so far, in order.

    >>> has_settled([9.0] * 10 + [5.0] * 10), has_settled([9.0] * 10 + [5.0] * 20)
    (False, True)
    """
    if len(times_ms) >= MOST_WARM_UP:
        return True
    if len(times_ms) < WARM_UP:
        return False
    earlier, later = np.median(times_ms[-20:-10]), np.median(times_ms[-10:])
    return bool(abs(later - earlier) <= _SETTLED * earlier)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long something takes, with a 95 % interval."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 4) for name in ("value", "low", "high")}


def paired_ratio(pairs: Sequence[Sequence[float]]) -> Ratio:
    """How many times as long it takes, from pairs measured in turns.

    Student's t on the logarithms: a ratio of 2 and one of 1/2 then lie equally far from 1.

    Args:
        pairs: n >= 2 of (with, without), each above 0, in any unit.

    Raises:
        ValueError: fewer than 2 pairs, or a time that is not above 0.

    >>> paired_ratio([(2.0, 1.0), (2.0, 1.0), (2.0, 1.0)]).to_json()
    {'value': 2.0, 'low': 2.0, 'high': 2.0}
    """
    times = np.asarray(pairs, float)
    if len(times) < 2 or not (times > 0).all():
        raise ValueError("a ratio needs at least 2 pairs of times above 0")
    logarithms = np.log(times[:, 0] / times[:, 1])
    low, high = mean_interval(logarithms.tolist())
    return Ratio(*(float(np.exp(one)) for one in (logarithms.mean(), low, high)))
