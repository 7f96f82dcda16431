"""A threshold that behaves with five answers and with five hundred."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.core.threshold import HIGHEST, choose_threshold, default_threshold

ANSWERS = st.lists(st.tuples(st.floats(0.2, 1), st.booleans()), max_size=60)


def choose(answers, **options):
    confidences, right = zip(*answers, strict=True) if answers else ((), ())
    return choose_threshold(confidences, right, **{"classes": 5} | options)


def test_with_nothing_held_out_the_default_stands():
    assert choose([]) == default_threshold(5) == 0.6


@given(ANSWERS, st.integers(2, 10))
def test_it_never_leaves_the_range_that_makes_sense(answers, classes):
    assert 1 / classes <= choose(answers, classes=classes) <= HIGHEST


@given(ANSWERS, st.randoms())
def test_the_order_of_the_answers_does_not_matter(answers, random):
    shuffled = random.sample(answers, len(answers))

    assert choose(shuffled) == choose(answers)


def test_five_answers_do_not_carry_it_to_an_extreme():
    sure_and_wrong = [(0.99, False), (0.8, True), (0.7, True), (0.7, True), (0.65, True)]
    all_wrong = [(0.9, False)] * 5

    assert abs(choose(sure_and_wrong) - 0.6) < 0.1
    assert abs(choose(all_wrong) - 0.6) < 0.1


def test_five_hundred_answers_have_it_their_own_way():
    """Right above 0.8, a coin's throw below: asking less would give wrong answers as sure."""
    chance = np.random.default_rng(1)
    confidences = chance.uniform(0.3, 1.0, 500)
    right = (confidences > 0.8) | (chance.random(500) < 0.5)

    threshold = choose(list(zip(confidences.tolist(), right.tolist(), strict=True)))

    assert threshold == pytest.approx(0.8, abs=0.03)


def test_a_timid_head_that_is_right_is_let_to_speak():
    timid = [(0.4 + i / 2000, True) for i in range(200)]

    threshold = choose(timid)

    assert threshold < 0.45
    assert threshold > 0.4 - 1e-9


def test_copies_weigh_as_one_trial():
    wrong = [(0.9, False)] * 40

    assert choose(wrong, trials=1.0) < choose(wrong)


def test_lists_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="1 confidences for 2"):
        choose_threshold([0.5], [True, False], classes=2)
    with pytest.raises(ValueError, match="two labels"):
        default_threshold(1)
