"""Anchors, boxes and turned squares, against sums done by hand and SciPy."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from kit.core.detect import (
    Found,
    Region,
    anchors,
    decode,
    intersection_over_union,
    merge,
    turn_between,
)


def found(*boxes, scores, points=None):
    return Found(
        np.array(boxes, float),
        np.zeros((len(boxes), 1, 2)) if points is None else np.array(points, float),
        np.array(scores, float),
    )


@pytest.mark.parametrize(("size", "count"), [(192, 2016), (128, 896)])
def test_there_is_an_anchor_for_each_answer_of_the_two_networks(size, count):
    places = anchors(size, [(8, 2), (16, 6)])

    assert places.shape == (count, 2)
    assert places.min() > 0.0
    assert places.max() < 1.0


def test_anchors_come_row_by_row_with_those_of_one_cell_together():
    places = anchors(16, [(8, 2)])

    assert places.tolist() == [
        [0.25, 0.25], [0.25, 0.25], [0.75, 0.25], [0.75, 0.25],
        [0.25, 0.75], [0.25, 0.75], [0.75, 0.75], [0.75, 0.75],
    ]  # fmt: skip


def test_a_box_is_counted_from_its_anchor():
    places = np.array([[0.5, 0.25], [0.5, 0.5]])
    raw = np.array([[10.0, 0.0, 20.0, 40.0, -10.0, 5.0], [0.0] * 6])

    one = decode(raw, np.array([0.0, -9.0]), places, size=100, least_score=0.5)

    assert one.scores.tolist() == [0.5]
    assert one.boxes == pytest.approx(np.array([[0.5, 0.05, 0.7, 0.45]]))
    assert one.points == pytest.approx(np.array([[[0.4, 0.3]]]))


def test_a_number_that_is_none_is_never_found():
    raw = np.full((2, 6), np.nan)

    none = decode(raw, np.array([np.nan, -np.inf]), np.zeros((2, 2)), size=8, least_score=0.1)

    assert len(none) == 0
    assert none.points.shape == (0, 1, 2)
    assert len(merge(none)) == 0


def test_a_huge_score_is_certain_and_does_not_overflow():
    sure = decode(np.zeros((1, 6)), np.array([3e38]), np.zeros((1, 2)), size=8, least_score=0.1)

    assert sure.scores.tolist() == [1.0]


def test_boxes_of_one_thing_become_their_mean_by_score():
    merged = merge(
        found(
            [0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60],
            scores=[0.9, 0.3, 0.6],
            points=[[[4, 4]], [[8, 4]], [[0, 0]]],
        )
    )  # fmt: skip

    assert merged.boxes == pytest.approx(np.array([[0.25, 0, 10.25, 10], [50, 50, 60, 60]]))
    assert merged.points[0] == pytest.approx(np.array([[5.0, 4.0]]))
    assert merged.scores.tolist() == [0.9, 0.6]


def test_an_empty_box_ends_the_merging_all_the_same():
    assert len(merge(found([5, 5, 5, 5], [5, 5, 5, 5], scores=[0.9, 0.8]))) == 2


def test_two_boxes_side_by_side_share_nothing():
    share = intersection_over_union(np.array([0, 0, 1, 1]), np.array([[1, 0, 2, 1], [0, 0, 1, 1]]))

    assert share.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("turn", [0.0, 0.3, -2.0, np.pi])
def test_a_turned_square_is_where_a_rotation_puts_it(turn):
    region = Region(40.0, 30.0, 20.0, turn)
    shares = np.array([[0.5, 0.5], [0.0, 0.0], [1.0, 0.25]])

    there = region.to_picture(shares)

    flat = np.concatenate([(shares - 0.5) * 20.0, np.zeros((3, 1))], axis=1)
    expected = Rotation.from_euler("z", turn).apply(flat)[:, :2] + [40.0, 30.0]
    assert there == pytest.approx(expected)


def test_what_is_fetched_lies_where_the_region_says():
    region = Region(40.0, 30.0, 20.0, 0.7)
    across_down_one = np.array([7.0, 3.0, 1.0])

    fetched_from = region.matrix(10) @ across_down_one

    assert fetched_from == pytest.approx(region.to_picture(np.array([0.7, 0.3])))


def test_boxes_of_a_turned_square_are_refused():
    with pytest.raises(ValueError, match="not upright"):
        found([0, 0, 1, 1], scores=[1.0]).to_picture(Region(0.0, 0.0, 1.0, turn=0.1))


@pytest.mark.parametrize(
    ("end", "degrees"), [((0, -1), 0), ((1, 0), 90), ((0, 1), 180), ((-1, 0), -90), ((0, 0), 0)]
)
def test_a_turn_is_counted_clockwise_from_upwards(end, degrees):
    assert np.rad2deg(turn_between(np.zeros(2), np.array(end, float))) == pytest.approx(degrees)
