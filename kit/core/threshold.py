"""When an answer is "not sure enough": a threshold on the confidence, chosen on held-out answers.

The rule, in words: a wrong answer given as sure spoils as much as three right answers give. Among
thresholds equally good by that count, the one nearest to the default wins. Then the default keeps
the weight of 20 answers, so that five pictures cannot carry the threshold to an extreme and five
hundred have it their own way. docs/decisions/0003 says why.
"""

from collections.abc import Sequence

import numpy as np

WRONG_COSTS = 3.0
"""Right answers that one wrong answer given as sure undoes: below 3 right for 1 wrong, be quiet."""
DEFAULT_WEIGHT = 20.0
"""Held-out answers that it takes to count as much as the default does."""
HIGHEST = 0.95
"""A higher threshold would silence heads that are right but never so sure."""


def default_threshold(classes: int) -> float:
    """Halfway between a blind guess and certainty: where nothing was held out.

    Args:
        classes: how many labels the head tells apart, >= 2.

    >>> default_threshold(2), default_threshold(5)
    (0.75, 0.6)
    """
    if classes < 2:
        raise ValueError("a threshold needs two labels or more")
    return (1.0 + 1.0 / classes) / 2.0


def choose_threshold(
    confidences: Sequence[float],
    right: Sequence[bool],
    *,
    classes: int,
    trials: float | None = None,
) -> float:
    """The threshold that held-out answers ask for.

    Args:
        confidences: (n,) top-1 confidence of each held-out answer, 0..1; n may be 0.
        right: (n,) whether each was right.
        classes: how many labels, >= 2.
        trials: how many independent trials the answers are worth (bursts rather than pictures);
            n where not said.

    Returns:
        In 1/classes .. HIGHEST; an answer is sure enough at or above it.

    >>> round(choose_threshold([0.9, 0.9, 0.6], [True, True, False], classes=2), 3)
    0.75
    """
    start = default_threshold(classes)
    if len(confidences) != len(right):
        raise ValueError(f"{len(confidences)} confidences for {len(right)} answers")
    if not len(confidences):
        return start
    best = _best(np.asarray(confidences, float), np.asarray(right, bool), start)
    weight = float(len(confidences) if trials is None else trials)
    mixed = (weight * best + DEFAULT_WEIGHT * start) / (weight + DEFAULT_WEIGHT)
    return float(np.clip(mixed, 1.0 / classes, HIGHEST))


def _best(confidences: np.ndarray, right: np.ndarray, start: float) -> float:
    """Among the steps of the gain (right kept - 3 x wrong kept), the best one nearest to start."""
    levels = np.unique(confidences)
    gain_at = np.where(right, 1.0, -WRONG_COSTS)
    gains = np.array([gain_at[confidences >= level].sum() for level in levels] + [0.0])
    # Step i is every threshold in (below[i], above[i]]; the last keeps nothing. Between two
    # answers the middle is as far as it goes down: the lower answer must stay clearly out.
    above = np.append(levels, 1.0)
    below = np.concatenate([[0.0], (levels[:-1] + levels[1:]) / 2, [(levels[-1] + 1.0) / 2]])
    nearest = np.clip(start, below, above)[gains == gains.max()]
    return float(nearest[np.argmin(np.abs(nearest - start))])
