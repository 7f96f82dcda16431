"""The head behind "Train": whitened features, then softmax regression by L-BFGS."""

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np

from kit.core.heads.base import Head, Linear, State, checked, to_features
from kit.core.heads.temperature import temperature_for
from kit.core.heads.whitening import Whitening
from kit.core.minimise import minimise

TAUGHT_CONFIDENCE = 0.98
"""How sure a head is, on average, of the pictures it was taught."""


class SoftmaxRegression(Head):
    """Multinomial logistic regression on whitened features, by L-BFGS.

    Pictures of one label differ among themselves: another hand, another light. The directions in
    which they differ say nothing about the label, so they are shrunk first: features are whitened
    by the within-class scatter S plus a ridge, (S + r I)^(-1/2), r the mean variance of a channel.
    Logistic regression follows there. Both steps are linear, so in the end they are one layer of
    weights on the plain features. Neither r nor C needs tuning: over a factor of ten of each,
    answers stay within a point (docs/decisions/0002).

    Loss: mean cross-entropy + |w|^2 / (2 C n), on features scaled so that class means have mean
    square length 1; as scikit-learn's `LogisticRegression(C=C)`, divided by n.

    Args:
        C: inverse strength of the penalty, > 0.
        ridge: r, in units of the mean within-class variance of a channel, > 0.
        transform: how embeddings become features.
        max_steps: L-BFGS stops there if nothing stopped it before.

    Attributes:
        coef_: (k, d) float32 on the features, `intercept_` (k,) float32.
        loss_curve_: the loss before the first step and after each.
        temperature_: what scores are divided by. A penalty this strong makes them timid, so `fit`
            chooses the one that leaves the head `TAUGHT_CONFIDENCE` sure, on average, of what it
            was taught; on new pictures that came out humbler than right, by 5 to 15 points.
            `calibrate` then makes it honest where pictures were held out.

    Source: whitening as in linear discriminant analysis (Fisher 1936; Friedman 1989, Regularized
    Discriminant Analysis); L-BFGS: Nocedal and Wright (2006), Numerical Optimization, chapter 7.
    """

    name = "softmax-regression"
    exportable = True

    def __init__(
        self,
        C: float = 0.3,
        ridge: float = 1.0,
        transform: str = "root",
        max_steps: int = 100,
    ) -> None:
        super().__init__(transform)
        if C <= 0 or ridge <= 0:
            raise ValueError(f"C {C} and ridge {ridge} must be above 0")
        self.C, self.ridge, self.max_steps = C, ridge, max_steps
        self.temperature_ = 1.0

    def fit(
        self,
        X: np.ndarray,
        y: Sequence[str] | np.ndarray,
        on_step: Callable[[int, float], None] | None = None,
    ) -> Self:
        """Learn. Further views of a picture are further rows with the same label.

        Args:
            X: (n, d) raw embeddings.
            y: (n,) labels, at least two different ones.
            on_step: called after each step with its number, from 1, and the loss. What it raises
                ends the training and goes through; the head is then as it was before.

        Raises:
            Conflict: fewer than two labels.
            ValueError: the shapes do not fit, or numbers are not finite.
        """
        classes, places = checked(X, y)
        features = to_features(X, self.transform)
        white = Whitening(features, places, len(classes), self.ridge)
        loss = softmax_loss(white.rows, places, len(classes), 1.0 / (self.C * len(features)))
        start = np.zeros(len(classes) * (white.rows.shape[1] + 1), np.float32)
        found = minimise(loss, start, max_steps=self.max_steps, on_step=on_step)
        layer = found.x.reshape(len(classes), -1)
        self.coef_, self.intercept_ = white.unfold(layer[:, :-1], layer[:, -1])
        self.classes_, self.loss_curve_ = classes, found.curve
        scores = white.rows @ layer[:, :-1].T + layer[:, -1]
        self.temperature_ = temperature_for(scores, TAUGHT_CONFIDENCE)
        return self

    def calibrate(self, temperature: float) -> Self:
        """Divide scores once more: labels stay, confidences grow humbler above 1.

        `fit_temperature` finds the number on scores of held-out pictures, from heads fitted
        without them.
        """
        if not temperature > 0:
            raise ValueError(f"temperature {temperature} must be above 0")
        self.temperature_ *= float(temperature)
        return self

    def linear(self) -> Linear:
        return Linear(
            (self.coef_ / self.temperature_).astype(np.float32),
            (self.intercept_ / self.temperature_).astype(np.float32),
        )

    def _scores(self, features: np.ndarray) -> np.ndarray:
        return (features @ self.coef_.T + self.intercept_) / np.float32(self.temperature_)

    def state(self) -> State:
        return self._common_state() | {
            "coef": self.coef_,
            "intercept": self.intercept_,
            "temperature": np.array(self.temperature_),
            "loss_curve": np.array(self.loss_curve_),
            "settings": np.array([self.C, self.ridge]),
        }

    def _restore(self, state: Mapping[str, np.ndarray]) -> None:
        self.classes_ = np.asarray(state["classes"])
        self.coef_ = np.asarray(state["coef"], np.float32)
        self.intercept_ = np.asarray(state["intercept"], np.float32)
        self.temperature_ = float(state["temperature"])
        self.loss_curve_ = np.asarray(state["loss_curve"]).tolist()
        self.C, self.ridge = np.asarray(state["settings"]).tolist()


def softmax_loss(
    rows: np.ndarray, places: np.ndarray, classes: int, penalty: float
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Mean cross-entropy of a softmax layer plus penalty |w|^2 / 2, with its gradient.

    Args:
        rows: (n, p) features.
        places: (n,) each row's class, 0 to classes - 1.
        classes: k.
        penalty: on the weights; the biases go free.

    Returns:
        A function of the layer (k x (p + 1),), each row p weights and a bias, flattened.
    """
    n = len(rows)
    one_hot = np.eye(classes, dtype=rows.dtype)[places]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        layer = flat.reshape(classes, -1)
        weights = layer[:, :-1]
        scores = rows @ weights.T + layer[:, -1]
        scores -= scores.max(axis=1, keepdims=True)
        of_the_truth = scores[np.arange(n), places]
        np.exp(scores, out=scores)
        sums = scores.sum(axis=1, keepdims=True)
        value = np.mean(np.log(sums[:, 0]) - of_the_truth) + penalty / 2 * np.sum(weights * weights)
        error = (scores / sums - one_hot) / np.asarray(n, rows.dtype)
        gradient = np.empty_like(layer)
        gradient[:, :-1] = error.T @ rows + np.asarray(penalty, rows.dtype) * weights
        gradient[:, -1] = error.sum(axis=0)
        return float(value), gradient.ravel()

    return loss
