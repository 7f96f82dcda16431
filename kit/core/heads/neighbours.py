"""The head that compares: the most similar samples vote."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from kit.core.heads.base import Head, State, checked, to_features


class KNearestNeighbours(Head):
    """A vote of the most similar samples, weighted by how similar. It keeps them all.

    Args:
        k: how many vote; all of them where fewer are known.
        transform: how embeddings become features.
    """

    name = "k-nearest-neighbours"
    exportable = False
    SHARPNESS = 20.0
    """A neighbour's vote is exp(SHARPNESS x cosine): 0.05 nearer counts 2.7 times as much."""
    DOUBT = 0.5
    """Votes, each as strong as the nearest's, spread over all labels: one neighbour is no proof."""

    def __init__(self, k: int = 5, transform: str = "root") -> None:
        super().__init__(transform)
        if k < 1:
            raise ValueError(f"{k} neighbours cannot vote")
        self.k = k

    def fit(self, X: np.ndarray, y: Sequence[str] | np.ndarray) -> Self:
        self.classes_, self._places = checked(X, y)
        self._features = to_features(X, self.transform)
        return self

    def neighbours(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The samples that vote, nearest first.

        Returns:
            (n, k) positions in the training set, and (n, k) cosines.
        """
        return self._nearest(to_features(X, self.transform))

    def _nearest(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cosines = features @ self._features.T
        positions = np.argsort(-cosines, axis=1, kind="stable")[:, : self.k]
        return positions, np.take_along_axis(cosines, positions, axis=1)

    def _scores(self, features: np.ndarray) -> np.ndarray:
        positions, cosines = self._nearest(features)
        votes = np.exp(self.SHARPNESS * (cosines - cosines[:, :1]).astype(np.float64))
        shares = np.full((len(features), len(self.classes_)), self.DOUBT / len(self.classes_))
        rows = np.arange(len(features))[:, np.newaxis]
        np.add.at(shares, (rows, self._places[positions]), votes)
        return np.log(shares)

    def state(self) -> State:
        return self._common_state() | {
            "k": np.array(self.k),
            "features": self._features,
            "places": self._places,
        }

    def _restore(self, state: Mapping[str, np.ndarray]) -> None:
        self.k = int(state["k"])
        self.classes_ = np.asarray(state["classes"])
        self._features = np.asarray(state["features"], np.float32)
        self._places = np.asarray(state["places"])
