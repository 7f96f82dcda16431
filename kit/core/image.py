"""Pictures on their way to the model: upright, centre square, shrunk. In one place, once.

    prepare(pixels, size) -> to_model_input(prepared)

Calibration, training, the stored photo and the live frame all pass here, so a model never meets
a picture prepared in another way. The page draws the square that `centre_square` gives. Whoever
changes what comes out of `prepare` raises `PREPARATION_VERSION`: kept embeddings are then made
again instead of being mixed.

Pure: numpy and OpenCV's array functions; bytes become pixels in `codecs/`.
"""

import cv2
import numpy as np

PREPARATION_VERSION = 1
"""Part of each kept embedding's key, and of an exported model's passport."""
VIEWS = 2
"""How many views of a picture a head may train on: view 0 is the picture itself."""
VIEW_TURN_DEGREES = 10.0

_SIGN_BIT = np.uint8(0x80)


def centre_square(height: int, width: int) -> tuple[int, int, int]:
    """The largest centred square: the part of a picture that counts.

    Args:
        height: of the upright picture, pixels, >= 1.
        width: of the upright picture, pixels, >= 1.

    Returns:
        (top, left, side) in pixels; an odd pixel over is left at the bottom or at the right.

    Raises:
        ValueError: the picture has no pixel.

    >>> centre_square(480, 640)
    (0, 80, 480)
    """
    if height < 1 or width < 1:
        raise ValueError(f"a picture of {width} x {height} pixels has no square")
    side = min(height, width)
    return (height - side) // 2, (width - side) // 2, side


def upright(pixels: np.ndarray, exif_orientation: int) -> np.ndarray:
    """Turns a picture the way its camera was held.

    Args:
        pixels: (h, w, ...) as stored in the file.
        exif_orientation: EXIF tag 0x0112, 1 to 8. Anything else means "as stored": broken tags
            are common, and guessing would turn good pictures.

    Returns:
        A view of `pixels`, height and width exchanged for 5 to 8.

    Source: EXIF 2.32 (CIPA DC-008-2019), 4.6.4 A, Orientation.

    >>> upright(np.array([[1, 2], [3, 4]]), 6)  # the camera lay on its right side
    array([[3, 1],
           [4, 2]])
    """
    if exif_orientation >= 5:  # 5 to 8: the first stored row is a side of the scene
        turned = {5: pixels, 6: pixels[::-1], 7: pixels[::-1, ::-1], 8: pixels[:, ::-1]}
        if exif_orientation in turned:
            return turned[exif_orientation].swapaxes(0, 1)
    return {2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1]}.get(
        exif_orientation, pixels
    )


def decode_scale(height: int, width: int, size: int) -> int:
    """How much smaller a JPEG may be decoded without costing the model a pixel.

    A JPEG decoder shrinks by 2, 4 or 8 almost for nothing (the inverse transform of a smaller
    block). Every decoder of the kit that can, uses this rule, for stored and live pictures alike.

    Returns:
        8, 4, 2 or 1: the largest for which the shorter side stays at least `size`.

    >>> decode_scale(480, 640, 224), decode_scale(447, 640, 224), decode_scale(3000, 4000, 224)
    (2, 1, 8)
    """
    shorter = min(height, width)
    return next((scale for scale in (8, 4, 2) if shorter // scale >= size), 1)


def prepare(pixels: np.ndarray, size: int) -> np.ndarray:
    """Centre square, shrunk to the model's size.

    Halved (the mean of 2 x 2 pixels) while that leaves at least `size`, then bilinear: the last
    ratio is at most 2, where bilinear skips no pixel. A sixth of the cost of OpenCV's INTER_AREA,
    the same answers (docs/decisions/0002).

    Args:
        pixels: (h, w, 3) uint8 RGB, upright.
        size: side of the model's input, pixels, >= 1.

    Returns:
        (size, size, 3) uint8, contiguous.

    Raises:
        ValueError: not (h, w, 3) uint8, no pixel, or `size` below 1.

    >>> prepare(np.full((480, 640, 3), 200, np.uint8), 224).shape
    (224, 224, 3)
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"expected (h, w, 3) uint8 RGB, got {pixels.shape} {pixels.dtype}")
    if size < 1:
        raise ValueError(f"a model input of {size} pixels is too small")
    top, left, side = centre_square(*pixels.shape[:2])
    square = pixels[top : top + side, left : left + side]
    while side // 2 >= size and side >= 2:
        side //= 2
        even = square[: 2 * side, : 2 * side]  # an odd last row and column are left out
        square = cv2.resize(even, (side, side), interpolation=cv2.INTER_AREA)
    if side != size:
        square = cv2.resize(square, (size, size), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(square)


def view(prepared: np.ndarray, number: int) -> np.ndarray:
    """One of the `VIEWS` that training sees of a picture. An answer only ever needs view 0.

    View 1 is the picture as a hand might have held it a moment later: turned by 10 degrees and so
    much nearer that no corner is empty. It tells the head which differences do not matter. A mirror
    image is not among the views: pupils teach left and right.

    Args:
        prepared: (size, size, 3) uint8 from `prepare`.
        number: 0 to VIEWS - 1.

    Returns:
        (size, size, 3) uint8; `prepared` itself for view 0.

    Raises:
        ValueError: there is no such view.

    >>> view(np.full((96, 96, 3), 7, np.uint8), 1).min()  # no corner was made up
    np.uint8(7)
    """
    if number == 0:
        return prepared
    if number != 1:
        raise ValueError(f"there is no view {number} of a picture; there are {VIEWS}")
    size = prepared.shape[0]
    centre = ((size - 1) / 2.0, (size - 1) / 2.0)
    turn = np.deg2rad(VIEW_TURN_DEGREES)
    # A square of side 1 turned by t lies within one of side cos t + sin t.
    matrix = cv2.getRotationMatrix2D(centre, VIEW_TURN_DEGREES, float(np.cos(turn) + np.sin(turn)))
    return cv2.warpAffine(prepared, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)


def fetch(
    pixels: np.ndarray, matrix: np.ndarray, size: int, *, repeat_edge: bool = False
) -> np.ndarray:
    """A (size, size) picture, each pixel fetched from where a matrix says, turned or not.

    Bilinear. A picture more than twice as fine as what is asked for is halved first (the mean of
    2 x 2 pixels), so that no detail is skipped.

    Args:
        pixels: (h, w, 3) uint8.
        matrix: (2, 3) from (column, row, 1) of the result to (x, y) of `pixels`, by pixel centres,
            as `core.detect.Region.matrix` gives it.
        size: side of the result, pixels, >= 1.
        repeat_edge: what lies outside is the nearest edge pixel; else black.

    Returns:
        (size, size, 3) uint8.

    >>> row = np.array([[[1, 1, 1], [2, 2, 2]]], np.uint8)
    >>> fetch(row, np.array([[-1, 0, 1], [0, 1, 0]]), 2)[0, :, 0]
    array([2, 1], dtype=uint8)
    """
    matrix = np.array(matrix, np.float64)
    while np.hypot(*matrix[:, 0]) >= 2.0 and min(pixels.shape[:2]) >= 2:
        height, width = (side // 2 for side in pixels.shape[:2])
        even = pixels[: 2 * height, : 2 * width]
        pixels = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
        matrix /= 2.0
        matrix[:, 2] -= 0.25  # the centre of four pixels lies between them
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE if repeat_edge else cv2.BORDER_CONSTANT
    return cv2.warpAffine(pixels, matrix, (size, size), flags=flags, borderMode=border)


def to_model_input(prepared: np.ndarray) -> np.ndarray:
    """uint8 pixels as the int8 that the shipped backbones expect: pixel - 128.

    Their input has scale 1/128 and zero point -1, which makes (pixel - 127) / 128 of it; on uint8
    that is one flipped bit, and no float is touched.

    >>> to_model_input(np.array([0, 128, 255], np.uint8))
    array([-128,    0,  127], dtype=int8)
    """
    return np.bitwise_xor(prepared, _SIGN_BIT).view(np.int8)
