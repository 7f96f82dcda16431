"""No burst on both sides, everything checked once, the same split in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.core.split import join_near_copies, split_by_burst

SAMPLES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([f"burst {i}" for i in range(9)])),
    max_size=60,
)


def split(samples, **options):
    return split_by_burst([s[0] for s in samples], [s[1] for s in samples], **options)


@given(SAMPLES)
def test_no_burst_is_ever_on_both_sides(samples):
    bursts = np.array([burst for _, burst in samples])

    for fold in split(samples).folds:
        assert not set(bursts[fold.teaching]) & set(bursts[fold.checking])
        both = np.concatenate([fold.teaching, fold.checking])
        assert sorted(both) == list(range(len(samples)))


@given(SAMPLES)
def test_a_picture_is_checked_once_or_its_burst_holds_a_label_shown_once(samples):
    turns = split(samples)

    checked = [i for fold in turns.folds for i in fold.checking.tolist()]
    assert len(checked) == len(set(checked))
    for i in set(range(len(samples))) - set(checked):
        in_burst = {label for label, burst in samples if burst == samples[i][1]}
        assert any(len({b for lab, b in samples if lab == label}) == 1 for label in in_burst)


@given(SAMPLES)
def test_nothing_is_asked_that_could_not_have_been_learnt(samples):
    labels = np.array([label for label, _ in samples])

    for fold in split(samples).folds:
        assert len(fold.checking)
        assert set(labels[fold.checking]) <= set(labels[fold.teaching])


@given(SAMPLES)
def test_a_label_is_named_unchecked_exactly_when_none_of_its_pictures_is_asked(samples):
    turns = split(samples)

    asked = {samples[i][0] for fold in turns.folds for i in fold.checking}
    assert set(turns.unchecked_labels) == {label for label, _ in samples} - asked


@given(SAMPLES.flatmap(lambda s: st.tuples(st.just(s), st.permutations(range(len(s))))))
def test_the_order_of_arrival_changes_nothing(drawn):
    samples, order = drawn
    told = [{samples[i] for i in fold.checking} for fold in split(samples).folds]

    shuffled = [samples[i] for i in order]

    assert [{shuffled[i] for i in f.checking} for f in split(shuffled).folds] == told


def test_every_label_is_spread_over_all_turns():
    samples = [(label, f"{label}{burst}") for label in "ab" for burst in range(10) for _ in "xyz"]

    turns = split(samples)

    assert len(turns.folds) == 5
    for fold in turns.folds:
        assert sorted(samples[i][0] for i in fold.checking) == ["a"] * 6 + ["b"] * 6


def test_two_showings_make_two_turns():
    samples = [(label, f"{label}{burst}") for label in "abc" for burst in range(2) for _ in "xyzw"]

    turns = split(samples)

    assert [len(fold.checking) for fold in turns.folds] == [12, 12]


def test_a_burst_with_moved_pictures_stays_whole_and_still_leaves_all_to_be_learnt():
    """Three bursts, each of two labels: dealt into two turns, one would take all of a label."""
    samples = [("x", "1"), ("y", "1"), ("x", "2"), ("z", "2"), ("y", "3"), ("z", "3")]

    turns = split(samples)

    assert [fold.checking.tolist() for fold in turns.folds] == [[0, 1], [2, 3], [4, 5]]


def test_lists_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="1 labels for 2 bursts"):
        split_by_burst(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="two folds"):
        split_by_burst([], [], most_folds=1)


def film(scenes, frames, seed=0):
    """Frames of so many scenes, one after the other: near copies within, strangers between."""
    chance = np.random.default_rng(seed)
    return np.repeat(chance.random((scenes, 200)), frames, axis=0) + chance.normal(
        0, 0.02, (scenes * frames, 200)
    )


def test_files_cut_from_a_film_are_one_showing():
    """Teachable Machine's samples: many a second, each a file of its own."""
    files = [f"{n}.png" for n in range(300)]

    joined = join_near_copies(files, film(scenes=3, frames=100))

    assert joined == ["0.png"] * 100 + ["100.png"] * 100 + ["200.png"] * 100


def test_different_photos_stay_showings_of_their_own():
    files = [f"{n}.png" for n in range(20)]

    assert join_near_copies(files, film(scenes=20, frames=1)) == files


def test_what_was_recorded_as_a_burst_stays_as_it_was():
    """A second showing of a thing that nobody moved is still the showing that was asked for."""
    bursts = ["b1"] * 5 + ["b2"] * 5

    assert join_near_copies(bursts, film(scenes=1, frames=10)) == bursts


def test_nothing_to_join_and_black_pictures_join_nothing():
    assert join_near_copies([], np.empty((0, 4))) == []
    assert join_near_copies(["a", "b"], np.zeros((2, 4))) == ["a", "b"]
