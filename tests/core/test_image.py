"""Preparation: what the pupil sees in the square is what the model gets, however the photo lies."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from kit.core import image


def photo(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A smooth picture with something different in every corner."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 7, 3), np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_lay(orientation):
    pixels = photo(6, 9)
    stored = Image.fromarray(pixels)
    stored.getexif()[0x0112] = orientation

    turned = image.upright(pixels, orientation)

    assert np.array_equal(turned, np.asarray(ImageOps.exif_transpose(stored)))


@pytest.mark.parametrize("orientation", [-1, 0, 9, 65535])
def test_a_broken_orientation_leaves_the_photo_as_it_is(orientation):
    pixels = photo(6, 9)
    assert np.array_equal(image.upright(pixels, orientation), pixels)


@pytest.mark.parametrize(("height", "width"), [(480, 640), (640, 480), (5, 5), (1, 9), (101, 100)])
def test_the_square_is_centred_and_the_largest(height, width):
    top, left, side = image.centre_square(height, width)

    assert side == min(height, width)
    assert 0 <= (height - side - top) - top <= 1
    assert 0 <= (width - side - left) - left <= 1


def test_a_picture_without_a_pixel_has_no_square():
    with pytest.raises(ValueError, match="no square"):
        image.centre_square(0, 640)


def test_only_the_square_counts():
    pixels = photo(480, 640)
    framed = pixels.copy()
    framed[:, :80] = framed[:, -80:] = 255

    assert np.array_equal(image.prepare(framed, 224), image.prepare(pixels, 224))


@pytest.mark.parametrize("side", [224, 448, 896])
def test_an_even_shrink_is_the_mean_of_each_block(side):
    pixels = photo(side, side)
    block = side // 224
    means = pixels.astype(float).reshape(224, block, 224, block, 3).mean(axis=(1, 3))

    # Halving twice rounds twice.
    assert np.abs(image.prepare(pixels, 224) - means).max() <= 1.0


@pytest.mark.parametrize(("side", "size"), [(300, 224), (100, 224), (240, 224), (447, 224)])
def test_the_last_step_is_bilinear(side, size):
    pixels = photo(side, side)

    assert np.abs(image.prepare(pixels, size) - slow_bilinear(pixels, size)).max() <= 1.0


def slow_bilinear(pixels: np.ndarray, size: int) -> np.ndarray:
    """Bilinear with pixel centres at half-integers, borders repeated, in plain floats."""
    side = len(pixels)
    at = np.clip((np.arange(size) + 0.5) * side / size - 0.5, 0, side - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, side - 1)
    share = (at - low)[:, np.newaxis, np.newaxis]
    rows = pixels[low] * (1 - share) + pixels[high] * share
    share = share.reshape(1, size, 1)
    return rows[:, low] * (1 - share) + rows[:, high] * share


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (223, 224), (1080, 1920), (999, 333)])
@pytest.mark.parametrize("size", [224, 96])
def test_any_picture_comes_out_as_the_model_wants_it(shape, size):
    prepared = image.prepare(photo(*shape), size)

    assert prepared.shape == (size, size, 3)
    assert prepared.dtype == np.uint8
    assert prepared.flags.c_contiguous


def test_a_picture_cut_out_of_another_is_prepared_alike():
    pixels = photo(500, 700)
    window = pixels[10:490, 20:660]
    assert np.array_equal(image.prepare(window, 224), image.prepare(window.copy(), 224))


def test_a_jpeg_decoded_at_half_size_gives_the_same_picture():
    pixels = photo(480, 640)
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    whole = cv2.imdecode(data, cv2.IMREAD_COLOR)
    half = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2)

    assert image.decode_scale(480, 640, 224) == 2
    assert np.abs(image.prepare(whole, 224).astype(int) - image.prepare(half, 224)).max() <= 4


@pytest.mark.parametrize("shorter", [1, 96, 223, 224, 447, 448, 895, 896, 1792, 5000])
def test_a_decoder_never_shrinks_below_what_the_model_takes(shorter):
    scale = image.decode_scale(shorter, 2 * shorter, 224)

    assert scale in (1, 2, 4, 8)
    assert scale == 1 or shorter // scale >= 224
    assert scale == 8 or shorter // (2 * scale) < 224


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))],
)
def test_what_is_not_a_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        image.prepare(wrong, 224)


def test_a_model_of_no_size_is_refused():
    with pytest.raises(ValueError, match="too small"):
        image.prepare(photo(4, 4), 0)


def test_the_first_view_is_the_picture_itself():
    prepared = image.prepare(photo(300, 300), 96)
    assert image.view(prepared, 0) is prepared


def test_the_second_view_is_turned_nearer_and_made_of_nothing_else():
    prepared = np.full((96, 96, 3), 255, np.uint8)
    prepared[8:-8, 8:-8] = photo(80, 80) // 2  # a white frame that must go out of sight

    turned = image.view(prepared, 1)

    oracle = Image.fromarray(prepared).rotate(image.VIEW_TURN_DEGREES, Image.Resampling.BILINEAR)
    side = round(96 / (np.cos(np.deg2rad(10)) + np.sin(np.deg2rad(10))))
    left = (96 - side) // 2
    oracle = oracle.crop((left, left, left + side, left + side)).resize((96, 96))
    middle = slice(24, 72)
    difference = turned[middle, middle].astype(float) - np.asarray(oracle)[middle, middle]
    assert np.abs(difference).mean() < 4.0


def test_the_second_view_makes_no_corner_up():
    prepared = image.prepare(photo(300, 300), 96)
    rim = prepared.copy()
    rim[0, 0] = rim[0, -1] = rim[-1, 0] = rim[-1, -1] = 255 - rim[0, 0]
    assert np.array_equal(image.view(rim, 1)[40:56, 40:56], image.view(prepared, 1)[40:56, 40:56])
    flat = np.full((96, 96, 3), 200, np.uint8)
    assert np.array_equal(image.view(flat, 1), flat)


def test_there_is_no_third_view():
    with pytest.raises(ValueError, match="no view 2"):
        image.view(photo(96, 96), image.VIEWS)


def test_one_flipped_bit_is_minus_128():
    every = np.arange(256, dtype=np.uint8)

    int8 = image.to_model_input(every)

    assert int8.dtype == np.int8
    # scale 1/128, zero point -1: the (pixel - 127) / 128 the backbone was trained on
    assert np.array_equal((int8.astype(float) + 1) / 128, (every.astype(float) - 127) / 128)
