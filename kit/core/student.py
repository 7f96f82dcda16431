"""How far a mean of few values may be trusted: Student's t, and pairs that took turns.

SciPy computes the same, and is not worth its 100 MB on a memory card: `tests/core/test_student.py`
compares. docs/decisions/0007 says why t and not a bootstrap, and why pairs alternate.
"""

import math
from collections.abc import Sequence

from kit.core.interval import Interval

SHARE = 0.95
"""How often the interval is to hold the truth."""


def t_quantile(degrees: int, share: float = SHARE) -> float:
    """The t for which a central interval of ± t standard errors holds the truth this often.

    Inverts the finite series of the distribution, which is exact for whole degrees of freedom.

    Args:
        degrees: of freedom, >= 1.
        share: 0 < share < 1.

    Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4.

    >>> round(t_quantile(4), 3), round(t_quantile(1000), 3)
    (2.776, 1.962)
    """
    if degrees < 1 or not 0 < share < 1:
        raise ValueError(f"no t for {degrees} degrees of freedom and a share of {share}")
    low, high = 0.0, math.pi / 2  # the angle atan(t / sqrt(degrees)): bounded, so it is halved
    for _ in range(60):
        middle = (low + high) / 2
        if _within(middle, degrees) < share:
            low = middle
        else:
            high = middle
    return math.sqrt(degrees) * math.tan((low + high) / 2)


def _within(angle: float, degrees: int) -> float:
    """Probability that |t| <= sqrt(degrees) tan(angle)."""
    cosine2 = math.cos(angle) ** 2
    odd = degrees % 2
    term = total = math.cos(angle) if odd else 1.0
    for k in range(3 if odd else 2, degrees, 2):
        term *= cosine2 * (k - 1) / k
        total += term
    if not odd:
        return math.sin(angle) * total
    if degrees == 1:
        return 2 / math.pi * angle
    return 2 / math.pi * (angle + math.sin(angle) * total)


def mean_interval(values: Sequence[float]) -> Interval:
    """The 95 % Student-t interval of the mean. Its middle is the mean.

    Args:
        values: n >= 2, independent, of about normal spread.

    Raises:
        ValueError: fewer than 2: nothing is known of the spread.

    >>> [round(end, 2) for end in mean_interval([1.0, 2.0, 3.0])]
    [-0.48, 4.48]
    """
    n = len(values)
    if n < 2:
        raise ValueError("an interval needs at least 2 values")
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = t_quantile(n - 1) * math.sqrt(variance / n)
    return Interval(mean - half, mean + half)


def crossover_interval(values: Sequence[float], orders: Sequence[int]) -> tuple[float, Interval]:
    """Mean and 95 % interval of differences within pairs that were taken in both orders.

    Whatever drifts steadily adds the same amount to each pair taken one way round, and takes it
    from each pair taken the other way round. That amount is fitted and taken out:

        value = difference + order x drift + noise

    by least squares, and Student's t with n - 2 degrees of freedom bounds the difference. Without
    drift it costs one degree of freedom.

    Args:
        values: (n,) differences, n >= 3.
        orders: (n,) each +1 or -1, by which of the two came first; both must occur.

    Returns:
        The fitted difference and its interval.

    Raises:
        ValueError: fewer than 3 pairs, or all taken the same way round.

    Source: Hills and Armitage (1979), The two-period cross-over clinical trial, Br. J. Clin.
        Pharmacol. 8:7.

    >>> crossover_interval([11.0, 9.0, 11.0, 9.0], [1, -1, 1, -1])
    (10.0, Interval(low=10.0, high=10.0))
    """
    n = len(values)
    if n < 3 or n != len(orders) or {*orders} != {1, -1}:
        raise ValueError("a crossover needs at least 3 pairs, taken in both orders")
    forth = [value for value, order in zip(values, orders, strict=True) if order > 0]
    back = [value for value, order in zip(values, orders, strict=True) if order < 0]
    # With two groups least squares is: the difference is the middle of their means.
    means = [math.fsum(group) / len(group) for group in (forth, back)]
    difference = (means[0] + means[1]) / 2
    left = math.fsum(
        (value - mean) ** 2
        for group, mean in zip((forth, back), means, strict=True)
        for value in group
    )
    error = math.sqrt(left / (n - 2) * (1 / len(forth) + 1 / len(back)) / 4)
    half = t_quantile(n - 2) * error
    return difference, Interval(difference - half, difference + half)
