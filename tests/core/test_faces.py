"""What is covered is gone: nothing of it can be read back from the picture."""

import numpy as np
import pytest

from kit.core.faces import cover, covered_boxes, looks

BOX = np.array([[30.0, 20.0, 70.0, 60.0]])


def photo(seed=0, height=100, width=120):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_a_covered_face_is_one_colour():
    covered = cover(photo(), BOX)

    inside = covered[20:60, 30:70].reshape(-1, 3)
    assert len(np.unique(inside, axis=0)) == 1


def test_two_faces_of_one_mean_colour_cannot_be_told_apart():
    one = photo()
    other = one.copy()
    other[20:60, 30:70] = one[20:60, 30:70][::-1, ::-1]  # another face, the same colours

    assert np.array_equal(cover(one, BOX), cover(other, BOX))


def test_what_lies_well_outside_is_left_alone():
    pixels = photo()

    covered = cover(pixels, BOX)

    assert np.array_equal(covered[70:], pixels[70:])
    assert np.array_equal(covered[:, 80:], pixels[:, 80:])


def test_the_picture_that_came_in_is_not_changed():
    pixels = photo()
    before = pixels.copy()

    cover(pixels, BOX)

    assert np.array_equal(pixels, before)


def test_a_face_at_the_edge_is_covered_up_to_it():
    covered = cover(photo(), np.array([[-20.0, -20.0, 25.5, 30.5]]))

    assert len(np.unique(covered[:31, :26].reshape(-1, 3), axis=0)) == 1


def test_a_face_outside_of_the_picture_covers_nothing():
    pixels = photo()

    covered = cover(pixels, np.array([[-50.0, 0.0, -10.0, 40.0], [0.0, 500.0, 10.0, 510.0]]))

    assert np.array_equal(covered, pixels)


def test_of_two_faces_that_touch_nothing_is_left():
    covered = cover(photo(), np.array([[30.0, 20.0, 70.0, 60.0], [60.0, 20.0, 100.0, 60.0]]))

    for columns in (slice(30, 60), slice(72, 100)):
        assert covered[20:60, columns].std(axis=(0, 1)).max() < 30  # noise has 74


def test_the_whole_head_is_covered_not_the_face_alone():
    ((left, top, right, bottom),) = covered_boxes(np.array([[100.0, 100.0, 200.0, 200.0]]))

    assert (left, right) == (75.0, 225.0)
    assert top == pytest.approx(60.0)
    assert bottom == pytest.approx(210.0)


@pytest.mark.parametrize(
    ("height", "width"), [(480, 640), (640, 480), (100, 100), (1, 5), (64, 640)]
)
def test_every_pixel_is_looked_at_more_than_once(height, width):
    seen = np.zeros((height, width), int)
    for region in looks(height, width):
        low = np.maximum(np.floor([region.y - region.side / 2, region.x - region.side / 2]), 0)
        high = np.ceil([region.y + region.side / 2, region.x + region.side / 2])
        seen[int(low[0]) : int(high[0]), int(low[1]) : int(high[1])] += 1

    assert seen.min() >= 2
