"""Makes confidences honest: one number that scores are divided by.

`fit_temperature` finds it on held-out answers; `temperature_for` guesses before there are any.
"""

import numpy as np

from kit.core.heads.base import softmax


def fit_temperature(scores: np.ndarray, places: np.ndarray) -> float:
    """The temperature under which held-out answers are as sure as they are right.

    Args:
        scores: (n, k) `decision_function` of pictures the head was not taught with.
        places: (n,) their true classes, 0 to k - 1.

    Returns:
        In 1/8 .. 8; 1 where nothing was held out. The one of lowest cross-entropy, with a prior of
        1 (log-normal, a factor of e either way) that keeps a handful of pictures, all right, from
        asking for certainty. Found by golden section on its logarithm.

    Source: Guo et al. (2017), On Calibration of Modern Neural Networks.
    """
    if not len(scores):
        return 1.0
    rows = np.arange(len(scores))

    def surprise(log_temperature: float) -> float:
        truth = softmax(scores * np.exp(-log_temperature))[rows, places]
        return float(log_temperature**2 / 2.0 - np.sum(np.log(truth + 1e-12)))

    low, high = -np.log(8.0), np.log(8.0)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-3:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if surprise(left) < surprise(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2.0))


def temperature_for(scores: np.ndarray, confidence: float) -> float:
    """The temperature under which the mean confidence in the top-1 is as asked.

    Args:
        scores: (n, k), n >= 1.
        confidence: above 1 / k, below 1.

    Returns:
        In 1e-4 .. 1: scores are only ever sharpened, and 1 where they are all equal.

    >>> scores = np.array([[0.1, 0.0]])
    >>> round(float(softmax(scores / temperature_for(scores, 0.98)).max()), 3)
    0.98
    """
    if np.ptp(scores, axis=1).mean() < 1e-4:
        return 1.0  # nothing was learnt; noise is not to be blown up
    low, high = np.log(1e-4), 0.0
    for _ in range(14):  # halves the interval to 0.06 %
        middle = (low + high) / 2.0
        if softmax(scores * np.exp(-middle)).max(axis=1).mean() > confidence:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2.0))
