"""Shrinks what differs among pictures of one label, so that what differs between labels shows."""

import numpy as np


class Whitening:
    """Features without the differences that pictures of one label have among themselves.

    `rows` (n, p) are the whitened features, centred, scaled to class means of mean square length 1;
    `unfold` turns a layer on them into one on the plain features.

    With fewer rows than channels, rows are first written in n coordinates of the space they span
    (the Cholesky factor of their Gram matrix): same inner products, so the same answer, and 5 to 20
    times less work.
    """

    def __init__(self, features: np.ndarray, places: np.ndarray, classes: int, ridge: float):
        n, channels = features.shape
        self._features = self._span = None
        if n < channels:
            gram = features @ features.T
            # Near-copies make the matrix singular to float32: a hair on the diagonal mends it, as
            # if each picture had a faint channel of its own.
            gram.flat[:: n + 1] += 1e-6 * n
            self._features, self._span = features, np.linalg.cholesky(gram)
            features = self._span
        counts = np.bincount(places, minlength=classes).astype(np.float32)[:, np.newaxis]
        one_hot = np.eye(classes, dtype=np.float32)[places]
        # 20,000 embeddings are 100 MB: each step takes the place of the one before where it can.
        residuals = ((one_hot.T @ features) / counts)[places]
        np.subtract(features, residuals, out=residuals)
        scatter = residuals.T @ residuals / np.float32(n)
        del residuals
        mean_variance = float(np.trace(scatter)) / channels
        # One view of one picture a label: nothing differs, so nothing is to be shrunk.
        scatter.flat[:: len(scatter) + 1] += ridge * max(mean_variance, 1e-6)
        self._root = np.linalg.cholesky(scatter)
        rows = solve_lower(self._root, features.T).T
        self._centre = rows.mean(axis=0)
        rows -= self._centre
        means = (one_hot.T @ rows) / counts
        self._scale = np.float32(max(np.sqrt(np.mean(np.sum(means * means, axis=1))), 1e-6))
        rows /= self._scale
        self.rows = np.ascontiguousarray(rows)

    def unfold(self, weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A layer (k, p), (k,) on `rows` as one (k, d), (k,) on the features they came from."""
        weights = weights / self._scale
        bias = bias - weights @ self._centre
        weights = solve_transposed(self._root, weights.T).T
        if self._span is not None:
            weights = solve_transposed(self._span, weights.T).T @ self._features
        return weights.astype(np.float32), bias.astype(np.float32)


def solve_lower(triangle: np.ndarray, right: np.ndarray, block: int = 64) -> np.ndarray:
    """Solves `triangle @ x = right` for a lower triangle, by blocks: NumPy has no such routine.

    `np.linalg.solve` would factorise the triangle anew and take three times as long.

    Args:
        triangle: (p, p) lower triangular, no zero on its diagonal.
        right: (p, n).
    """
    x = np.array(right)
    for top in range(0, len(x), block):
        end = top + block
        x[top:end] -= triangle[top:end, :top] @ x[:top]
        x[top:end] = np.linalg.solve(triangle[top:end, top:end], x[top:end])
    return x


def solve_transposed(triangle: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solves `triangle.T @ x = right`: read backwards, the transpose is a lower triangle too."""
    return solve_lower(triangle.T[::-1, ::-1], right[::-1])[::-1]
