"""L-BFGS: downhill on a smooth function of many numbers, remembering the last few steps.

Written out because SciPy would cost a Raspberry Pi 100 MB for this one page. Pure.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MEMORY = 10
"""Steps remembered. Nocedal and Wright recommend 3 to 20."""
SUFFICIENT = 1e-4
"""Armijo's constant: a step must bring this share of what the slope promised."""


_Remembered = tuple[np.ndarray, np.ndarray, float]
"""A step, the change of gradient along it, and their product."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the way down ended.

    Attributes:
        x: (m,) the lowest point.
        curve: the value at the start and after each step: its length is the steps + 1.
        converged: False where `max_steps` ended it.
    """

    x: np.ndarray
    curve: list[float]
    converged: bool


def minimise(
    function: Callable[[np.ndarray], tuple[float, np.ndarray]],
    start: np.ndarray,
    *,
    max_steps: int = 100,
    tolerance: float = 1e-4,
    on_step: Callable[[int, float], None] | None = None,
) -> Found:
    """Goes downhill from `start` until a step gains next to nothing.

    Args:
        function: x -> (value, gradient (m,)); smooth, bounded below.
        start: (m,) float32 or float64; the work is done in its precision.
        max_steps: at most so many steps.
        tolerance: stop once the largest slope, or a step's gain against the value, is below it.
        on_step: called after each step with its number, from 1, and the value; what it raises ends
            the work.

    Source: Nocedal and Wright (2006), Numerical Optimization, algorithms 7.4 and 7.5, with a
    backtracking line search.

    >>> found = minimise(lambda x: (float(x @ x), 2 * x), np.array([3.0, -4.0]))
    >>> found.converged, abs(found.x).max() < 1e-4
    (True, np.True_)
    """
    x = start
    value, gradient = function(x)
    curve = [float(value)]
    memory: deque[_Remembered] = deque(maxlen=MEMORY)
    for number in range(1, max_steps + 1):
        if np.abs(gradient).max(initial=0.0) < tolerance:
            return Found(x, curve, True)
        direction = -_inverse_hessian_times(gradient, memory)
        slope = float(gradient @ direction)
        length = 1.0
        while True:
            new_x = x + np.asarray(length, x.dtype) * direction
            new_value, new_gradient = function(new_x)
            if new_value <= value + SUFFICIENT * length * slope:
                break
            length /= 2.0
            if length < 1e-8:  # no lower point in this direction at this precision
                return Found(x, curve, True)
        step, change = new_x - x, new_gradient - gradient
        curvature = float(step @ change)
        if curvature > 0.0:  # else the step would make the remembered Hessian indefinite
            memory.append((step, change, curvature))
        gain = value - new_value
        x, value, gradient = new_x, new_value, new_gradient
        curve.append(float(value))
        if on_step:
            on_step(number, float(value))
        if gain <= tolerance * abs(value):
            return Found(x, curve, True)
    return Found(x, curve, False)


def _inverse_hessian_times(gradient: np.ndarray, memory: deque[_Remembered]) -> np.ndarray:
    """The two-loop recursion: the gradient, bent by the curvature that remembered steps met."""
    bent = gradient.copy()
    if not memory:
        return bent / max(1.0, float(np.linalg.norm(gradient)))  # the first step: at most length 1
    shares = []
    for step, change, curvature in reversed(memory):
        share = float(step @ bent) / curvature
        shares.append(share)
        bent -= np.asarray(share, bent.dtype) * change
    _, change, curvature = memory[-1]
    bent *= np.asarray(curvature / float(change @ change), bent.dtype)
    for (step, change, curvature), share in zip(memory, reversed(shares), strict=True):
        bent += np.asarray(share - float(change @ bent) / curvature, bent.dtype) * step
    return bent
