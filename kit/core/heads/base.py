"""What all heads share: how embeddings become features, and scikit-learn's manners.

Every other file here builds on this one; it knows none of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple, Self

import numpy as np

from kit.core.errors import Conflict

State = dict[str, np.ndarray]
"""What a head has learnt, as plain arrays: `numpy.savez` and `load(allow_pickle=False)` hold it."""

TRANSFORMS: dict[str, tuple[str, ...]] = {
    "root": ("RELU", "SQRT", "L2_NORMALIZATION"),
    "length": ("L2_NORMALIZATION",),
}
"""Name -> the TFLite float operators that an exporter puts between embedding and weights.

"root" is for embeddings that are 0 or more, as pictures' are: a few strong channels no longer drown
the many weak ones. "length" is for any sign, as sounds' are.
"""


def to_features(embeddings: np.ndarray, transform: str) -> np.ndarray:
    """Raw embeddings as the features that heads are linear in.

    Args:
        embeddings: (n, d).
        transform: a key of `TRANSFORMS`.

    Returns:
        (n, d) float32, each row of length 1 (a row of zeros stays zeros).

    Raises:
        ValueError: not a matrix, or not finite.

    >>> to_features(np.array([[9.0, 16.0]]), "root")
    array([[0.6, 0.8]], dtype=float32)
    """
    features = np.asarray(embeddings, np.float32)
    if features.ndim != 2:
        raise ValueError(f"expected embeddings (n, d), got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError("embeddings hold NaN or infinity")
    if "SQRT" in TRANSFORMS[transform]:
        features = np.sqrt(np.maximum(features, 0.0))
    lengths = np.sqrt(np.einsum("nd,nd->n", features, features))
    return features / np.maximum(lengths, 1e-6)[:, np.newaxis]


class Linear(NamedTuple):
    """A head as one layer on its features: `scores = features @ weights.T + bias`, then softmax."""

    weights: np.ndarray
    """(k, d) float32."""
    bias: np.ndarray
    """(k,) float32."""


class Head(ABC):
    """What all heads share.

    Attributes:
        transform: how embeddings become features, a key of `TRANSFORMS`.
        classes_: (k,) labels, sorted, as scikit-learn has them.
    """

    name: ClassVar[str]
    """As `ModelRef.head` has it."""
    exportable: ClassVar[bool]
    """Whether `linear()` says all the head knows, so that it can become one `.tflite`."""

    classes_: np.ndarray

    def __init__(self, transform: str = "root") -> None:
        if transform not in TRANSFORMS:
            raise ValueError(f"no transform {transform!r}; there are {', '.join(TRANSFORMS)}")
        self.transform = transform

    @abstractmethod
    def fit(self, X: np.ndarray, y: Sequence[str] | np.ndarray) -> Self:
        """Learn from embeddings (n, d) and their labels (n,), forgetting what was learnt before.

        Raises:
            Conflict: fewer than two labels.
            ValueError: the shapes do not fit, or numbers are not finite.
        """

    @abstractmethod
    def _scores(self, features: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def state(self) -> State:
        """What was learnt, as plain arrays. `head_from_state` gives the head back."""

    @abstractmethod
    def _restore(self, state: Mapping[str, np.ndarray]) -> None: ...

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """(n, k) scores: the logarithms of the confidences, up to a constant a row."""
        return self._scores(to_features(X, self.transform))

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """(n, k) confidences in the order of `classes_`; each row sums to 1."""
        return softmax(self.decision_function(X))

    def predict(self, X: np.ndarray) -> np.ndarray:
        """(n,) the surest label of each; of equals, the first in `classes_`."""
        return self.classes_[np.argmax(self.decision_function(X), axis=1)]

    def linear(self) -> Linear:
        """The head as one linear layer on its features.

        Raises:
            Conflict: this kind of head is not linear.
        """
        raise Conflict("head-not-exportable", f"{self.name} is not linear", head=self.name)

    def _common_state(self) -> State:
        return {
            "head": np.array(self.name),
            "transform": np.array(self.transform),
            "classes": self.classes_,
        }


def softmax(scores: np.ndarray) -> np.ndarray:
    """(n, k) scores as probabilities, float64.

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    scores = scores.astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)  # keeps exp() from overflowing
    np.exp(scores, out=scores)
    return scores / scores.sum(axis=1, keepdims=True)


def checked(X: np.ndarray, y: Sequence[str] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels (k,) sorted, and the place of each sample's label among them (n,)."""
    labels = np.asarray(y)
    if np.ndim(X) != 2 or labels.shape != (len(X),):
        raise ValueError(f"embeddings {np.shape(X)} and labels {labels.shape} do not fit")
    classes, places = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise Conflict("need-two-labels", f"two labels are needed, got {len(classes)}")
    return classes, places
