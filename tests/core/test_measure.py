"""Stage times: figures against NumPy and SciPy, and the same answer twice."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from kit.core.measure import MOST_WARM_UP, has_settled, stage_statistics, stages_statistics


def test_median_percentile_and_interval_are_what_scipy_says():
    times = np.random.default_rng(4).gamma(4.0, 0.5, size=200)

    found = stage_statistics(times)

    theirs = bootstrap(
        (times,), np.median, method="percentile", n_resamples=4000, rng=np.random.default_rng(1)
    ).confidence_interval
    assert found.median_ms == np.median(times)
    assert found.p95_ms == np.percentile(times, 95)
    width = theirs.high - theirs.low
    assert (found.low_ms, found.high_ms) == pytest.approx((theirs.low, theirs.high), abs=width / 8)
    assert found == stage_statistics(times)


def test_one_time_knows_no_spread():
    only = stage_statistics([3.0])

    assert (only.median_ms, only.low_ms, only.high_ms, only.n) == (3.0, 3.0, 3.0, 1)


@pytest.mark.parametrize("times", [[], [1.0, float("nan")], [[1.0], [2.0]]])
def test_no_time_or_no_number_is_refused(times):
    with pytest.raises(ValueError, match="at least one time"):
        stage_statistics(times)


def test_each_stage_and_their_sum():
    runs = [{"decode": 1.0, "invoke": 2.0}, {"read": 3.0, "invoke": 4.0}]

    found = stages_statistics(runs)

    assert list(found) == ["decode", "invoke", "read", "total"]
    assert found["invoke"].n == 2
    assert found["read"].n == 1
    assert found["total"].median_ms == 5.0
    assert stages_statistics([]) == {}


def test_warming_up_ends_once_the_median_stays_and_at_the_latest_after_two_hundred_runs():
    cooling = [9.0 / (1 + run) + 5.0 for run in range(MOST_WARM_UP)]
    ended = next(n for n in range(1, MOST_WARM_UP + 1) if has_settled(cooling[:n]))

    assert 20 < ended < 60
    never = [1.1**run for run in range(MOST_WARM_UP)]
    assert not any(has_settled(never[:n]) for n in range(MOST_WARM_UP))
    assert has_settled(never)
