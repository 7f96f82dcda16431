"""From a palm to the square around its hand, and from points to the square of the next frame."""

import numpy as np
import pytest

from kit.core.detect import Region
from kit.core.hands import (
    BONES,
    POINTS,
    Hand,
    Side,
    each_once,
    hand_region,
    palm_region,
    points_in_picture,
)


def upright_hand(x=100.0, y=200.0, size=100.0):
    """Twenty-one points of a flat hand: the wrist below, four fingers up, the thumb to the left."""
    points = np.zeros((POINTS, 3), np.float32)
    for finger, root in enumerate((1, 5, 9, 13, 17)):
        for joint in range(4):
            points[root + joint, :2] = (finger - 2) * 0.2, -0.4 - 0.15 * joint
    points[:, :2] = points[:, :2] * size + [x, y]
    return points


def hand(points, score=0.9, side=Side.RIGHT):
    return Hand(points, side, 0.99, score)


def turned(points, degrees, about=(100.0, 200.0)):
    angle = np.deg2rad(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved = points.copy()
    moved[:, :2] = (points[:, :2] - about) @ matrix + about
    return moved


def test_each_bone_joins_two_points_and_all_points_hang_together():
    together = {0}
    for _round in range(POINTS):
        together |= {end for bone in BONES for end in bone if together & set(bone)}

    assert together == set(range(POINTS))
    assert len({frozenset(bone) for bone in BONES}) == len(BONES)


def test_the_square_of_an_upright_palm_is_larger_and_further_up():
    points = np.zeros((7, 2))
    points[0], points[2] = (50.0, 90.0), (50.0, 50.0)  # wrist below, middle finger above

    region = palm_region(np.array([30.0, 40.0, 70.0, 80.0]), points)

    assert region == Region(50.0, 40.0, 40.0 * 2.6, 0.0)


def test_the_square_turns_with_the_palm():
    points = np.zeros((7, 2))
    points[0], points[2] = (10.0, 60.0), (60.0, 60.0)  # the fingers point to the right

    region = palm_region(np.array([30.0, 40.0, 70.0, 80.0]), points)

    assert region.turn == pytest.approx(np.pi / 2)
    assert (region.x, region.y) == pytest.approx((70.0, 60.0))


def test_a_palm_with_no_extent_is_still_a_square():
    region = palm_region(np.zeros(4), np.zeros((7, 2)))

    assert region.side >= 1.0
    assert region.turn == 0.0


@pytest.mark.parametrize("degrees", [0, 35, 90, 180, -120])
def test_however_a_hand_is_turned_its_square_turns_along(degrees):
    plain, moved = hand_region(upright_hand()), hand_region(turned(upright_hand(), degrees))

    assert np.rad2deg(moved.turn - plain.turn) % 360 == pytest.approx(degrees % 360, abs=1e-3)
    assert moved.side == pytest.approx(plain.side, rel=1e-4)


def test_the_next_square_holds_the_whole_hand():
    points = upright_hand()

    region = hand_region(points)

    apart = np.abs(points[:, :2] - [region.x, region.y]).max()
    assert apart < region.side / 2


def test_the_networks_numbers_come_back_to_where_the_hand_is():
    raw = np.tile([112.0, 0.0, 22.4], POINTS)  # top middle of the input

    points = points_in_picture(raw, Region(50.0, 60.0, 40.0, np.pi / 2), size=224)

    assert points[0] == pytest.approx([70.0, 60.0, 10.0], abs=1e-4)
    assert points.dtype == np.float32


def test_one_hand_found_twice_is_one_hand():
    sure, again = hand(upright_hand(), 0.95), hand(upright_hand(x=103), 0.6)
    other = hand(upright_hand(x=400), 0.7)

    assert each_once([again, other, sure], most=2) == [sure, other]


def test_of_five_hands_the_surest_are_kept():
    hands = [hand(upright_hand(x=300.0 * n), 0.5 + n / 10) for n in range(5)]

    assert each_once(hands, most=2) == [hands[4], hands[3]]
