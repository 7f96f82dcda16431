"""Hands in real photos: found, in the right place, of the right side; and where there are none."""

import json

import cv2
import numpy as np
import pytest

from kit.codecs.picture import decode_picture
from kit.core.detect import Region
from kit.core.errors import Unavailable
from kit.core.hands import Side, hand_region
from kit.engine.hands_runtime import HandFinder


@pytest.fixture(scope="module")
def models(checkout):
    return checkout / "models"


@pytest.fixture(scope="module")
def finder(models):
    return HandFinder(models)


@pytest.fixture(scope="module")
def photo(shared_data):
    """`photo("5/xxx.jpg")` or `photo(5)`: the pixels of a hand sign."""

    def photo(which):
        folder = shared_data / "hand-signs"
        path = (
            folder / which if isinstance(which, str) else sorted((folder / str(which)).iterdir())[0]
        )
        return decode_picture(path.read_bytes())

    return photo


def on_a_table(*pictures, height=480, width=640, side=200):
    """Photos beside each other on a grey picture."""
    table = np.full((height, width, 3), 128, np.uint8)
    step = width // len(pictures)
    for place, picture in enumerate(pictures):
        left, top = place * step + (step - side) // 2, (height - side) // 2
        table[top : top + side, left : left + side] = cv2.resize(picture, (side, side))
    return table


@pytest.mark.parametrize("sign", range(10))
def test_a_hand_that_fills_its_photo_is_found(finder, photo, sign):
    (hand,) = finder.find(photo(sign))

    assert hand.points.shape == (21, 3)
    assert hand.score > 0.5
    assert -15 < hand.points[:, :2].min() < hand.points[:, :2].max() < 115


def test_it_is_where_the_reference_implementation_says(finder, photo, checkout):
    """Same square in, same points out: the numbers were written down, the package is not needed."""
    reference = json.loads((checkout / "tests" / "fixtures" / "hands-reference.json").read_text())
    errors = []
    for said in reference["photos"]:
        pixels = cv2.resize(photo(said["photo"]), (300, 300), interpolation=cv2.INTER_CUBIC)
        pixels = cv2.copyMakeBorder(pixels, 75, 75, 75, 75, cv2.BORDER_CONSTANT)

        hand = finder.landmarks(pixels, Region(*said["shown"]))

        points = np.array(said["points"])
        size = np.ptp(points[:, :2], axis=0).max()
        errors.append(np.linalg.norm(hand.points - points, axis=1).mean() / size)
        # Its labels are for pictures in a mirror.
        assert hand.side is (Side.LEFT if said["label"] == "Right" else Side.RIGHT)
        following = hand_region(points)
        assert (following.x, following.y, following.side) == pytest.approx(
            said["next"][:3], abs=0.1
        )
        assert following.turn == pytest.approx(said["next"][3], abs=1e-3)
    assert len(errors) == 30
    assert max(errors) < 0.01
    assert np.mean(errors) < 0.002


def test_in_a_mirror_a_right_hand_is_a_left_hand(finder, photo):
    pixels = photo(5)

    (hand,), (other,) = finder.find(pixels), finder.find(np.ascontiguousarray(pixels[:, ::-1]))

    assert (hand.side, other.side) == (Side.RIGHT, Side.LEFT)


def test_two_hands_are_both_found(finder, photo):
    right = photo(5)

    hands = finder.find(on_a_table(right, right[:, ::-1]))

    by_place = sorted(hands, key=lambda hand: hand.points[:, 0].mean())
    assert [hand.side for hand in by_place] == [Side.RIGHT, Side.LEFT]


def test_of_five_hands_the_two_surest_are_kept(finder, photo):
    five = on_a_table(*(photo(5) for _hand in range(5)), width=1280)

    assert len(finder.find(five)) == 2


def test_half_a_hand_is_found_as_points_near_it_or_not_at_all(finder, photo):
    half = photo(5)[:, :50]

    for hand in finder.find(half):
        assert np.isfinite(hand.points).all()
        assert np.abs(hand.points[:, :2]).max() < 200


def test_a_hand_in_a_photo_of_a_hand_is_a_hand(finder, photo):
    """A picture is a picture: the kit cannot know that this hand is printed."""
    print_on_paper = cv2.copyMakeBorder(
        photo(5), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(250,) * 3
    )

    hands = finder.find(on_a_table(print_on_paper))

    assert len(hands) == 1


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((480, 640, 3), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.full((3, 2000, 3), 90, np.uint8),
        np.full((2000, 2, 3), 90, np.uint8),
    ],
    ids=["black", "white", "noise", "one pixel", "a line", "a column"],
)
def test_where_there_is_no_hand_none_is_found(finder, pixels):
    assert finder.find(pixels) == []
    assert finder.follow(pixels) == []


class Counting(HandFinder):
    """Counts how often it looked for palms."""

    looks = 0

    def palms(self, pixels, margin=0.0):
        self.looks += 1
        return super().palms(pixels, margin)


def test_a_hand_that_moves_is_followed_without_another_look_for_palms(models, photo):
    finder = Counting(models, most=1)
    film = [
        on_a_table(photo(5)),
        *(np.roll(on_a_table(photo(5)), 12 * n, axis=1) for n in range(1, 6)),
    ]

    places = [finder.follow(frame)[0].points[9, 0] for frame in film]

    assert finder.looks == 1
    assert np.diff(places) == pytest.approx([12] * 5, abs=3)


def test_a_second_hand_that_comes_in_is_found(models, photo):
    finder = HandFinder(models)
    right = photo(5)
    finder.follow(on_a_table(right, np.full_like(right, 128)))

    hands = finder.follow(on_a_table(right, right[:, ::-1]))

    assert len(hands) == 2


def test_a_hand_that_left_is_forgotten(models, photo):
    finder = HandFinder(models)
    finder.follow(on_a_table(photo(5)))

    assert finder.follow(np.full((480, 640, 3), 128, np.uint8)) == []


def test_a_new_film_begins_with_nothing_known(models, photo):
    finder = Counting(models, most=1)
    finder.follow(on_a_table(photo(5)))

    finder.forget()
    finder.follow(on_a_table(photo(5)))

    assert finder.looks == 2


def test_a_missing_network_is_named(tmp_path):
    with pytest.raises(Unavailable) as refused:
        HandFinder(tmp_path)

    assert refused.value.id == "model-missing"
    assert "palm-detection" in refused.value.values["file"]
