"""Student's t against SciPy, and pairs in both orders against least squares."""

import numpy as np
import pytest
from scipy import stats

from kit.core.student import crossover_interval, mean_interval, t_quantile


@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99])
def test_the_quantile_is_scipys(share):
    for degrees in [*range(1, 40), 99, 100, 1999]:
        theirs = stats.t.ppf((1 + share) / 2, degrees)

        assert t_quantile(degrees, share) == pytest.approx(theirs, rel=1e-10)


@pytest.mark.parametrize(("degrees", "share"), [(0, 0.95), (-1, 0.95), (3, 0.0), (3, 1.0)])
def test_a_quantile_that_is_none_is_refused(degrees, share):
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_quantile(degrees, share)


def test_the_interval_of_a_mean_is_scipys():
    values = np.random.default_rng(3).normal(50.0, 4.0, 6)

    theirs = stats.t.interval(0.95, 5, loc=values.mean(), scale=stats.sem(values))

    assert mean_interval(values) == pytest.approx(theirs)


def test_one_value_bounds_nothing():
    with pytest.raises(ValueError, match="at least 2"):
        mean_interval([1.0])


@pytest.mark.parametrize("orders", [[1, -1, 1, -1, 1, -1], [1, -1, 1, -1, 1], [1, 1, 1, -1]])
def test_a_crossover_is_least_squares_with_the_order_taken_out(orders):
    values = np.random.default_rng(5).normal(60.0, 2.0, len(orders)) + 7.0 * np.array(orders)

    difference, interval = crossover_interval(values, orders)

    design = np.column_stack([np.ones(len(orders)), orders])
    theirs, residual, *_ = np.linalg.lstsq(design, values)
    degrees = len(orders) - 2
    error = np.sqrt(residual[0] / degrees * np.linalg.inv(design.T @ design)[0, 0])
    half = stats.t.ppf(0.975, degrees) * error
    assert difference == pytest.approx(theirs[0])
    assert interval == pytest.approx((theirs[0] - half, theirs[0] + half))


@pytest.mark.parametrize(
    ("values", "orders"), [([1.0, 2.0], [1, -1]), ([1.0, 2.0, 3.0], [1, 1, 1]), ([1.0], [1, -1])]
)
def test_pairs_that_all_went_one_way_are_no_crossover(values, orders):
    with pytest.raises(ValueError, match="both orders"):
        crossover_interval(values, orders)
