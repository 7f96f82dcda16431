"""Heads: the small classifiers that pupils train on embeddings, in scikit-learn's manners.

    NearestClassMean      instant, learns and forgets a sample at a time; from two pictures on
    KNearestNeighbours    keeps every sample, can show which ones answered; cannot be exported
    SoftmaxRegression     the one behind "Train": a second's work, with its learning curve

All take raw embeddings (n, d), d the backbone's, and turn them into features inside (`transform`);
all are deterministic; none touches a file, a clock or a thread. What was tried before these were
kept, and on what pictures, is in docs/decisions/0002.

Other rooms import from here; the files below import each other and `kit.core` only.
"""

from collections.abc import Mapping

import numpy as np

from kit.core.heads.base import TRANSFORMS, Head, Linear, State, softmax, to_features
from kit.core.heads.class_mean import NearestClassMean
from kit.core.heads.neighbours import KNearestNeighbours
from kit.core.heads.regression import SoftmaxRegression, softmax_loss
from kit.core.heads.temperature import fit_temperature

__all__ = [
    "TRANSFORMS",
    "Head",
    "KNearestNeighbours",
    "Linear",
    "NearestClassMean",
    "SoftmaxRegression",
    "State",
    "fit_temperature",
    "head_from_state",
    "softmax",
    "softmax_loss",
    "to_features",
    "training_views",
]

MANY_SAMPLES_A_LABEL = 64
"""From here on a second view brought under a point: it is not worth twice the time."""


def training_views(samples: int, labels: int, views: int) -> int:
    """How many views of each picture to train on: all while pictures are few, else the plain one.

    >>> training_views(samples=25, labels=5, views=2), training_views(500, 5, 2)
    (2, 1)
    """
    return views if samples < MANY_SAMPLES_A_LABEL * labels else 1


_HEADS: dict[str, type[Head]] = {
    kind.name: kind for kind in (NearestClassMean, KNearestNeighbours, SoftmaxRegression)
}


def head_from_state(state: Mapping[str, np.ndarray]) -> Head:
    """The head that `state()` described.

    Raises:
        ValueError: no such head, or arrays are missing.
    """
    try:
        head = _HEADS[str(state["head"])](transform=str(state["transform"]))
        head._restore(state)
    except (KeyError, ValueError) as error:
        raise ValueError(f"this is not a head's state: {error!r}") from error
    return head
