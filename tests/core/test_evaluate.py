"""The honest check: intervals against SciPy, figures against scikit-learn, and what is promised."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from kit.core.evaluate import (
    Check,
    Checked,
    Method,
    Outcome,
    Tally,
    left_out_in_turn,
    outcomes_of,
    shown_after,
)
from kit.core.interval import independent_trials, wilson

LABELS = {"l1": "cup", "l2": "pen", "l3": "nothing"}


def outcome(name, true, predicted, confidence=0.9, burst=None, **facets):
    return Outcome(name, true, burst or f"burst of {name}", predicted, confidence, facets)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_what_scipy_says(right_of):
    right, n = right_of

    low, high = wilson(right, n)

    expected = binomtest(right, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= low <= right / n <= high <= 1


def test_with_nothing_checked_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert Tally.of([]).value is None


def test_more_right_than_tried_is_refused():
    with pytest.raises(ValueError, match="21 right of 20"):
        wilson(21, 20)


def test_eighteen_of_twenty_files_says_fourteen_to_nineteen():
    """The sentence that DESIGN gives, for pictures that are each a showing of their own."""
    answers = [outcome(f"s{i}", "l1", "l1" if i < 18 else "l2") for i in range(20)]

    tally = Tally.of(answers)

    assert (tally.right, tally.n, tally.low, tally.high) == (18, 20, 14, 19)


def test_near_copies_do_not_narrow_the_interval():
    """Eighteen of twenty in four bursts says less than in twenty: the counts must show it."""
    in_bursts = [
        outcome(f"s{i}", "l1", "l1" if i < 18 else "l2", burst=f"b{i // 5}") for i in range(20)
    ]
    apart = [outcome(f"s{i}", "l1", "l1" if i < 18 else "l2") for i in range(20)]

    wide, narrow = Tally.of(in_bursts), Tally.of(apart)

    assert independent_trials([o.burst_id for o in in_bursts]) == 4
    assert wide.share == wilson(0.9 * 4, 4)
    assert wide.low < narrow.low <= narrow.high <= wide.high


def test_an_interval_that_counts_frames_would_flatter_and_ours_does_not():
    """Classes of 6 bursts x 10 copies, each burst right or wrong as one: who holds the truth?"""
    chance, truth = np.random.default_rng(3), 0.8
    by_burst, by_frame, rounds = 0, 0, 400
    for _ in range(rounds):
        bursts = chance.random(6) < truth
        answers = [
            outcome(f"{b}-{i}", "l1", "l1" if good else "l2", burst=f"b{b}")
            for b, good in enumerate(bursts)
            for i in range(10)
        ]
        tally = Tally.of(answers)
        by_burst += tally.share.low <= truth <= tally.share.high
        frames = wilson(tally.right, tally.n)
        by_frame += frames.low <= truth <= frames.high

    assert by_burst / rounds >= 0.93
    assert by_frame / rounds < 0.6


def test_tried_again_holds_about_five_times_in_six():
    """The sentence promises the model's own rate; a second try of the same size wobbles as well."""
    chance, rounds = np.random.default_rng(5), 4000
    first, again = chance.binomial(20, 0.85, rounds), chance.binomial(20, 0.85, rounds)

    inside = 0
    for right, later in zip(first, again, strict=True):
        low, high = wilson(right, 20)
        inside += round(20 * low) <= later <= round(20 * high)

    assert 0.80 <= inside / rounds <= 0.93


@given(
    st.lists(st.tuples(st.sampled_from(list(LABELS)), st.sampled_from(list(LABELS))), min_size=1)
)
def test_confusion_precision_and_recall_are_what_scikit_learn_says(pairs):
    check = Check(
        Method.SHOWN_AFTER,
        1,
        LABELS,
        tuple(outcome(f"s{i}", true, answer) for i, (true, answer) in enumerate(pairs)),
    )
    true, answers = zip(*pairs, strict=True)
    scores = {"labels": list(LABELS), "average": None, "zero_division": np.nan}

    reports = check.per_label()

    matrix = confusion_matrix(true, answers, labels=list(LABELS))
    np.testing.assert_array_equal(check.confusion(), matrix)
    for figure, expected in [
        ([r.precision for r in reports], precision_score(true, answers, **scores)),
        ([r.recall for r in reports], recall_score(true, answers, **scores)),
    ]:
        np.testing.assert_allclose(np.array(figure, float), expected)


@given(st.permutations(range(6)))
def test_the_order_of_the_answers_changes_no_figure(order):
    answers = [
        outcome("a", "l1", "l1", 0.9, "b1", light="window"),
        outcome("b", "l1", "l2", 0.6, "b1", light="lamp"),
        outcome("c", "l2", "l2", 0.7, "b2", light="lamp"),
        outcome("d", "l2", "l2", 0.4, "b3"),
        outcome("e", "l3", "l1", 0.5, "b4"),
        outcome("f", "l3", "l3", 0.8, "b4"),
    ]
    told = Check(Method.SHOWN_AFTER, 1, LABELS, tuple(answers))

    shuffled = Check(Method.SHOWN_AFTER, 1, LABELS, tuple(answers[i] for i in order))

    assert shuffled.summary(0.6) == told.summary(0.6)
    assert shuffled.by_facet() == told.by_facet()


def test_a_cell_lists_its_pictures_the_surest_mistake_first():
    check = Check(
        Method.SHOWN_AFTER,
        1,
        LABELS,
        (outcome("a", "l1", "l2", 0.5), outcome("b", "l1", "l2", 0.8), outcome("c", "l1", "l1")),
    )

    assert [o.sample_id for o in check.cell("l1", "l2")] == ["b", "a"]
    assert check.confusion()[0].tolist() == [1, 2, 0]


def test_each_facet_has_its_own_count():
    check = Check(
        Method.SHOWN_AFTER,
        1,
        LABELS,
        (
            outcome("a", "l1", "l1", light="window"),
            outcome("b", "l1", "l2", light="lamp"),
            outcome("c", "l1", "l1", light="lamp"),
        ),
    )

    lamp, window = check.by_facet()["light"].values()

    assert (lamp.right, lamp.n, window.right, window.n) == (1, 2, 1, 1)


def test_a_check_kept_as_json_comes_back_whole():
    check = Check(
        Method.LEFT_OUT_IN_TURN,
        3,
        LABELS,
        (outcome("a", "l1", "l2", 0.25, light="lamp"),),
        ("pen",),
    )

    back = Check.from_json(json.loads(json.dumps(check.to_json())))

    assert back == check
    assert list(back.labels) == list(LABELS)


def test_the_second_showing_is_the_check_and_the_first_is_not():
    samples = [
        Checked("old", "l1", "b1"),
        Checked("moved from the old burst", "l2", "b1"),
        Checked("new", "l2", "b2"),
    ]
    answers = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]])

    check = shown_after(samples, {"b1"}, answers, ["l1", "l2"], labels=LABELS, model_number=2)

    assert [o.sample_id for o in check.outcomes] == ["new"]
    assert check.tally.right == 1
    assert check.unchecked_labels == ("cup", "nothing")
    assert (
        shown_after(samples[:2], {"b1"}, answers[:2], ["l1", "l2"], labels=LABELS, model_number=2)
        is None
    )


def test_a_label_the_model_never_heard_of_counts_as_wrong():
    samples = [Checked("new", "l3", "b9")]

    check = shown_after(
        samples, set(), np.array([[0.7, 0.3]]), ["l1", "l2"], labels=LABELS, model_number=1
    )

    assert (check.tally.right, check.tally.n) == (0, 1)
    assert check.confusion()[2].tolist() == [1, 0, 0]


def nearest_mean(features, samples):
    """A head for the tests: the label whose mean is nearest."""

    def answer(teaching, checking):
        classes = sorted({samples[i].label_id for i in teaching})
        rows = [[i for i in teaching if samples[i].label_id == c] for c in classes]
        means = np.array([features[r].mean(axis=0) for r in rows])
        far = np.linalg.norm(features[checking][:, None] - means[None], axis=2)
        near = np.exp(-far)
        return near / near.sum(axis=1, keepdims=True), classes

    return answer


def test_every_picture_is_asked_of_a_head_that_never_saw_its_burst():
    """Frames of a burst are copies here and bursts are noise: only a leak could score."""
    chance = np.random.default_rng(0)
    bursts = chance.normal(size=(20, 64))
    samples = [Checked(f"s{b}-{i}", f"l{b % 2 + 1}", f"b{b}") for b in range(20) for i in range(6)]
    features = np.repeat(bursts, 6, axis=0) + chance.normal(scale=0.01, size=(120, 64))

    check = left_out_in_turn(
        samples, nearest_mean(features, samples), labels=LABELS, model_number=1
    )

    assert sorted(o.sample_id for o in check.outcomes) == sorted(s.sample_id for s in samples)
    assert 0.2 <= check.tally.value <= 0.8  # chance; a split by frame gives 1.0
    leak = nearest_mean(features, samples)(np.arange(0, 120, 2), np.arange(1, 120, 2))[0]
    truth = np.array([s.label_id == "l2" for s in samples])[1::2]
    assert np.mean(leak.argmax(axis=1) == truth) > 0.95


def test_files_that_are_near_copies_do_not_check_each_other():
    chance = np.random.default_rng(2)
    scenes = chance.random((4, 64))
    features = np.repeat(scenes, 10, axis=0) + chance.normal(scale=0.01, size=(40, 64))
    samples = [Checked(f"{i}.png", f"l{i // 20 + 1}", f"{i}.png") for i in range(40)]
    answer = nearest_mean(features, samples)

    check = left_out_in_turn(samples, answer, labels=LABELS, model_number=1, embeddings=features)

    assert check.bursts == 4
    for outcome in check.outcomes:
        assert outcome.burst_id in {"0.png", "10.png", "20.png", "30.png"}
    blind = left_out_in_turn(samples, answer, labels=LABELS, model_number=1)
    assert blind.bursts == 40


def test_shown_once_nothing_is_held_out():
    samples = [Checked("a", "l1", "b1"), Checked("b", "l2", "b2")]

    assert left_out_in_turn(samples, lambda *_: 1 / 0, labels=LABELS, model_number=1) is None


def test_no_picture_gives_no_outcome():
    assert outcomes_of([], np.empty((0, 2)), ["l1", "l2"]) == ()
