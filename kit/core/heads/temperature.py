"""Makes confidences honest: one number that scores are divided by, found on held-out answers."""

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
