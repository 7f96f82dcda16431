"""The same gesture gives the same numbers: anywhere, at any distance, with either hand."""

import numpy as np
import pytest

from kit.core import gesture
from kit.core.hands import POINTS, Hand, Side


def some_hand(seed=0, side=Side.RIGHT, score=0.9):
    points = np.random.default_rng(seed).normal(size=(POINTS, 3)).astype(np.float32) * 50 + 200
    return Hand(points, side, 0.98, score)


def moved(hand, by=(0.0, 0.0), times=1.0):
    points = hand.points.copy()
    points[:, :2] = points[:, :2] * times + by
    return Hand(points, hand.side, hand.side_score, hand.score)


def mirrored(hand, width=640.0):
    points = hand.points.copy()
    points[:, 0] = width - points[:, 0]
    other = Side.LEFT if hand.side is Side.RIGHT else Side.RIGHT
    return Hand(points, other, hand.side_score, hand.score)


def turned(hand, degrees):
    angle = np.deg2rad(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = hand.points.copy()
    points[:, :2] = points[:, :2] @ matrix
    return Hand(points, hand.side, hand.side_score, hand.score)


@pytest.mark.parametrize("most", [1, 2])
def test_where_and_how_large_a_hand_is_does_not_count(most):
    hand = some_hand()

    far_away = gesture.vector([moved(hand, by=(300, -80), times=0.25)], most)

    assert far_away == pytest.approx(gesture.vector([hand], most), abs=1e-4)
    assert far_away.shape == (gesture.NUMBERS * most,)
    assert far_away.dtype == np.float32


def test_the_numbers_lie_around_0_at_distance_1_on_average():
    points = gesture.vector([some_hand()]).reshape(-1, 2)

    assert points.mean(axis=0) == pytest.approx([0, 0], abs=1e-5)
    assert np.mean(np.sum(points**2, axis=1)) == pytest.approx(1.0, abs=1e-5)


def test_the_left_hand_in_a_mirror_is_the_right_hand():
    right = some_hand()

    assert gesture.vector([mirrored(right)]) == pytest.approx(gesture.vector([right]), abs=1e-4)


def test_a_thumb_down_is_not_a_thumb_up():
    up = some_hand()

    down = gesture.vector([turned(up, 180)])

    assert down == pytest.approx(-gesture.vector([up]), abs=1e-4)


def test_only_the_surest_hand_counts_where_one_was_asked_for():
    assert gesture.vector([some_hand(1), some_hand(2)]).tolist() == (
        gesture.vector([some_hand(1)]).tolist()
    )


def test_of_two_hands_the_left_one_comes_first_whichever_is_surer():
    left, right = some_hand(1, Side.LEFT), moved(some_hand(2), by=(300, 0))

    assert gesture.vector([left, right], 2).tolist() == gesture.vector([right, left], 2).tolist()


def test_two_hands_of_one_kind_are_told_by_their_place():
    near, far = some_hand(1), moved(some_hand(2), by=(300, 0))

    assert gesture.vector([near, far], 2).tolist() == gesture.vector([far, near], 2).tolist()


def test_how_two_hands_lie_to_each_other_counts():
    left, right = some_hand(1, Side.LEFT), some_hand(2)

    apart = gesture.vector([left, moved(right, by=(-400, 0))], 2)

    assert np.abs(apart - gesture.vector([left, right], 2)).max() > 0.5


def test_a_missing_second_hand_is_zeros():
    numbers = gesture.vector([some_hand()], 2)

    assert not numbers[gesture.NUMBERS :].any()
    assert numbers[: gesture.NUMBERS].tolist() == gesture.vector([some_hand()], 1).tolist()


def test_the_views_are_the_gesture_and_the_gesture_turned():
    hand = some_hand()

    plain, one, other = gesture.views(gesture.vector([hand]))

    assert plain.tolist() == gesture.vector([hand]).tolist()
    assert one == pytest.approx(gesture.vector([turned(hand, gesture.TURN_DEGREES)]), abs=1e-4)
    assert other == pytest.approx(gesture.vector([turned(hand, -gesture.TURN_DEGREES)]), abs=1e-4)


def test_two_hands_are_taught_in_the_mirror_too():
    """So that who leads with the left hand is understood."""
    left, right = some_hand(1, Side.LEFT), moved(some_hand(2), by=(-300, 0))
    scene = [left, right]

    views = gesture.views(gesture.vector(scene, 2))

    in_a_mirror = gesture.vector([mirrored(hand) for hand in scene], 2)
    assert len(views) == gesture.view_count(2)
    assert views[3] == pytest.approx(in_a_mirror, abs=1e-4)


def test_one_hand_in_a_project_for_two_is_not_mirrored():
    views = gesture.views(gesture.vector([some_hand()], 2))

    assert views[3:].tolist() == views[:3].tolist()


def test_a_hand_folded_into_one_point_gives_numbers_all_the_same():
    point = Hand(np.full((POINTS, 3), 7, np.float32), Side.RIGHT, 0.9, 0.9)

    assert np.isfinite(gesture.vector([point])).all()


@pytest.mark.parametrize(("hands", "most"), [([], 1), ([some_hand()], 0), ([some_hand()], 3)])
def test_no_hand_or_three_hands_is_a_mistake_of_the_caller(hands, most):
    with pytest.raises(ValueError, match=r"hand"):
        gesture.vector(hands, most)
