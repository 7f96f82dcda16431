"""How far a count may be trusted: Wilson's interval for shares, Poisson's for what just happens.

docs/decisions/0003-the-honest-check.md says which trials are independent, and why.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

Z_95 = 1.959963984540054
"""Standard normal quantile at 0.975: an interval that holds the truth 95 times in 100."""


class Interval(NamedTuple):
    """Two ends, the lower first."""

    low: float
    high: float


def wilson(right: float, n: float) -> Interval:
    """Wilson score interval, 95 %, for the rate behind `right` successes in `n` trials.

    Both may be fractions: a design effect shrinks them together. With no trial, nothing is known.

    Args:
        right: 0 <= right <= n.
        n: trials, >= 0.

    Returns:
        Two shares in 0..1 that hold right / n between them.

    Source: Wilson (1927), Probable inference, JASA 22:209.

    >>> [round(end, 3) for end in wilson(18, 20)]
    [0.699, 0.972]
    """
    if not 0 <= right <= n:
        raise ValueError(f"{right} right of {n} cannot be")
    if n == 0:
        return Interval(0.0, 1.0)
    share, z2 = right / n, Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # Rounding may put an end a hair's breadth on the wrong side of 0, 1 or the share itself.
    return Interval(max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share)))


def poisson(count: int) -> Interval:
    """Exact interval, 95 %, for the number that was to be expected where `count` happened.

    Each end leaves one chance in forty beyond it. None at all still leaves up to 3.7 to expect:
    that is why a short recording proves little.

    Args:
        count: events that happened independently of each other, >= 0.

    Source: Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28:437.

    >>> [round(end, 2) for end in poisson(0)], [round(end, 2) for end in poisson(10)]
    ([0.0, 3.69], [4.8, 18.39])
    """
    if count < 0:
        raise ValueError(f"{count} events cannot be")
    low = _mean_at(count - 1, 0.975) if count else 0.0
    return Interval(low, _mean_at(count, 0.025))


def _mean_at(count: int, share: float) -> float:
    """The Poisson mean at which so few or fewer happen with that probability, by bisection."""
    low, high = 0.0, count + 10.0 * math.sqrt(count + 1.0)
    while True:
        mean = (low + high) / 2.0
        if mean in (low, high):
            return mean
        if _at_most(count, mean) > share:
            low = mean  # too likely: more is to be expected
        else:
            high = mean


def _at_most(count: int, mean: float) -> float:
    """Probability of so few or fewer; from the likeliest term down, so that nothing underflows."""
    if mean <= 0.0:
        return 1.0
    start = min(count, int(mean))
    first = math.exp(start * math.log(mean) - mean - math.lgamma(start + 1))
    total, term = first, first
    for events in range(start, 0, -1):
        term *= events / mean
        total += term
    term = first
    for events in range(start + 1, count + 1):
        term *= mean / events
        total += term
    return total


def independent_trials(bursts: Sequence[str]) -> float:
    """How many independent trials pictures of these bursts are worth: n / design effect.

    Kish's design effect with pictures of one burst taken as copies (intra-class correlation 1):
    bursts of equal size count one each, unequal ones a little less. It can only widen an interval.

    Source: Kish (1965), Survey Sampling; docs/decisions/0003.

    >>> independent_trials(["a", "a", "b", "b"]), independent_trials(["a", "b", "c"])
    (2.0, 3.0)
    """
    sizes = Counter(bursts).values()
    return sum(sizes) ** 2 / sum(size**2 for size in sizes) if sizes else 0.0
