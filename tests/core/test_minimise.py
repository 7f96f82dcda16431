"""L-BFGS against SciPy, and on the functions that break careless ones."""

import numpy as np
import pytest
from scipy import optimize

from kit.core.minimise import minimise


def rosenbrock(x):
    return float(optimize.rosen(x)), optimize.rosen_der(x)


def test_it_follows_the_bent_valley_to_its_end():
    found = minimise(rosenbrock, np.array([-1.2, 1.0, -0.5, 2.0]), max_steps=500, tolerance=1e-9)

    assert found.converged
    assert np.allclose(found.x, 1.0, atol=1e-4)


def test_it_ends_where_scipy_ends():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(30, 8))
    target = generator.normal(size=30)

    def least_squares(x):
        error = rows @ x - target
        return float(error @ error), 2 * rows.T @ error

    found = minimise(least_squares, np.zeros(8), tolerance=1e-10)

    assert np.allclose(found.x, np.linalg.lstsq(rows, target, rcond=None)[0], atol=1e-4)
    theirs = optimize.minimize(least_squares, np.zeros(8), jac=True, method="L-BFGS-B")
    assert found.curve[-1] == pytest.approx(theirs.fun, rel=1e-6)


def test_the_curve_never_rises_and_every_step_is_told():
    told = []

    found = minimise(
        rosenbrock,
        np.array([-1.2, 1.0]),
        on_step=lambda number, value: told.append((number, value)),
    )

    assert all(
        later <= earlier for earlier, later in zip(found.curve, found.curve[1:], strict=False)
    )
    assert told == list(enumerate(found.curve))[1:]


def test_it_stops_when_its_steps_are_used_up_and_says_so():
    found = minimise(rosenbrock, np.array([-1.2, 1.0]), max_steps=3)

    assert not found.converged
    assert len(found.curve) == 4


def test_whoever_listens_may_stop_it():
    class Enough(Exception):
        pass

    def stop(number, value):
        raise Enough

    with pytest.raises(Enough):
        minimise(rosenbrock, np.array([-1.2, 1.0]), on_step=stop)


def test_at_the_bottom_it_stays():
    found = minimise(rosenbrock, np.ones(3))

    assert found.converged
    assert found.curve == [0.0]


def test_it_keeps_to_the_precision_it_was_given():
    found = minimise(lambda x: (float(x @ x), 2 * x), np.array([3, -4], np.float32))
    assert found.x.dtype == np.float32
