"""Picture files <-> pixels: caps first, then one way of decoding for everyone.

    decode_picture(data, max_side=640)   pixels to look at or to keep
    decode_for_model(data, 224)          pixels for `core.image.prepare`
    store_form(data)                     the bytes the kit keeps: JPEG, upright, no metadata

A pupil's stored photo, an upload to predict and a file on the command line all pass through
`decode_for_model`, so a model never meets a picture decoded in another way
(docs/decisions/0004-one-decode-path.md). Pixels are RGB, upright by EXIF, and what was transparent
lies on white.
"""

import threading
from contextlib import nullcontext
from dataclasses import dataclass

import cv2
import numpy as np

from kit.codecs.picture_header import PictureHeader, read_header
from kit.core import image
from kit.core.errors import BadInput, TooLarge

MAX_BYTES = 25_000_000
"""Above any phone's photo; a whole class may upload at once."""
MAX_PIXELS = 40_000_000
"""120 MB once decoded: what a 512 MB board can still give. OpenCV's own cap says the same."""
STORED_SIDE = 640
STORED_QUALITY = 90
FINE_BELOW = 448
FINE_QUALITY = 95
"""A picture whose shorter side is below `FINE_BELOW` is read whole, not at half its size, so the
model meets every trace of the JPEG; it is kept finer, its colours whole. docs/decisions/0004 has
what each quality costs the embedding."""
PREVIEW_SIDE = 320
PREVIEW_BYTES = 8_000
_PREVIEW_QUALITIES = (75, 60, 45, 30, 20)

_SAMPLING_420 = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
_SAMPLING_444 = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444

_LARGE_PIXELS = 4_000_000
_one_large_at_a_time = threading.Lock()
"""Thirty groups may send a phone's photo at once; their pixels must not meet in memory."""

_REDUCED_RGB = {
    # The "greyscale" bit only carries the scale here; OpenCV refuses RGB beside the other name.
    1: cv2.IMREAD_COLOR_RGB,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_COLOR_RGB,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_COLOR_RGB,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_COLOR_RGB,
}


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture as the kit keeps it; its sha256 is its media hash."""

    bytes: bytes
    width: int
    height: int


def check_picture(data: bytes) -> PictureHeader:
    """Refuse what may not be decoded, from the first bytes alone.

    Raises:
        TooLarge: "picture-too-large", above `MAX_BYTES` or `MAX_PIXELS`.
        BadInput: what `read_header` refuses.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            "picture-too-large",
            f"{len(data)} bytes, at most {MAX_BYTES}",
            most_megapixels=MAX_PIXELS // 1_000_000,
            most_megabytes=MAX_BYTES // 1_000_000,
        )
    header = read_header(data)
    if header.width * header.height > MAX_PIXELS:
        raise TooLarge(
            "picture-too-large",
            f"{header.width} x {header.height} pixels, at most {MAX_PIXELS} in all",
            most_megapixels=MAX_PIXELS // 1_000_000,
            most_megabytes=MAX_BYTES // 1_000_000,
        )
    return header


def decode_picture(data: bytes, *, max_side: int | None = None) -> np.ndarray:
    """Decode a picture file for people.

    Args:
        data: JPEG, PNG, WebP, BMP or GIF (of a film, its first picture).
        max_side: shrink to at most this many pixels on the long side; None keeps the size.

    Returns:
        (h, w, 3) uint8 RGB, upright, writeable, contiguous.

    Raises:
        TooLarge: "picture-too-large", before decoding.
        BadInput: what `read_header` refuses, or "picture-damaged".

    >>> decode_picture(encode_picture(np.zeros((480, 640, 3), np.uint8)), max_side=320).shape
    (240, 320, 3)
    """
    header = check_picture(data)
    scale = 1
    if max_side is not None:
        longer = max(header.width, header.height)
        scale = next((scale for scale in (8, 4, 2) if longer // scale >= max_side), 1)
    pixels = _decode(data, header, scale)
    return pixels if max_side is None else shrink(pixels, max_side)


def decode_for_model(data: bytes, input_size: int) -> np.ndarray:
    """Decode a picture file for `core.image.prepare`: a JPEG no larger than the model can use.

    Args:
        data: as for `decode_picture`.
        input_size: side of the model's input, pixels.

    Returns:
        (h, w, 3) uint8 RGB, upright.

    Raises:
        As `decode_picture`.

    >>> decode_for_model(encode_picture(np.zeros((480, 640, 3), np.uint8)), 224).shape
    (240, 320, 3)
    """
    header = check_picture(data)
    return _decode(data, header, image.decode_scale(header.height, header.width, input_size))


def encode_picture(
    pixels: np.ndarray, quality: int = STORED_QUALITY, *, whole_colours: bool = False
) -> bytes:
    """(h, w, 3) uint8 RGB as a JPEG that says nothing but its pixels.

    Args:
        pixels: to encode.
        quality: libjpeg's, 1 to 100.
        whole_colours: keep a colour for each pixel (4:4:4) instead of one for four (4:2:0).
    """
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    sampling = _SAMPLING_444 if whole_colours else _SAMPLING_420
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return cv2.imencode(".jpg", bgr, settings)[1].tobytes()


def store_form(data: bytes) -> StoredPicture:
    """The form in which the kit keeps a picture file. Raises as `decode_picture`."""
    return store_pixels(decode_picture(data, max_side=STORED_SIDE))


def store_pixels(pixels: np.ndarray) -> StoredPicture:
    """The form in which the kit keeps its own camera's frame, (h, w, 3) uint8 RGB.

    >>> stored = store_pixels(np.zeros((720, 1280, 3), np.uint8))
    >>> stored.width, stored.height
    (640, 360)
    """
    kept = shrink(pixels, STORED_SIDE)
    height, width = kept.shape[:2]
    fine = min(height, width) < FINE_BELOW
    quality = FINE_QUALITY if fine else STORED_QUALITY
    return StoredPicture(encode_picture(kept, quality, whole_colours=fine), width, height)


def preview(pixels: np.ndarray, max_side: int = PREVIEW_SIDE) -> bytes:
    """A JPEG small enough to stream to a whole class.

    Returns:
        At most `PREVIEW_BYTES`, at most `max_side` pixels on the long side: quality goes first,
        then size, so that even noise held up to the camera cannot slow the room down.
    """
    while True:
        small = shrink(pixels, max_side)
        for quality in _PREVIEW_QUALITIES:
            jpeg = encode_picture(small, quality)
            if len(jpeg) <= PREVIEW_BYTES:
                return jpeg
        max_side //= 2


def shrink(pixels: np.ndarray, max_side: int) -> np.ndarray:
    """At most `max_side` pixels on the long side (the mean of areas); smaller ones as they are."""
    height, width = pixels.shape[:2]
    longer = max(height, width)
    if longer <= max_side:
        return pixels
    size = max(1, round(width * max_side / longer)), max(1, round(height * max_side / longer))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _decode(data: bytes, header: PictureHeader, scale: int) -> np.ndarray:
    """Decode bytes that passed `check_picture`; `scale` counts for JPEG only."""
    # By its full size, whatever the scale: a progressive JPEG is held whole while it is decoded.
    large = header.width * header.height > _LARGE_PIXELS
    with _one_large_at_a_time if large else nullcontext():
        return _decode_now(data, header, scale)


def _decode_now(data: bytes, header: PictureHeader, scale: int) -> np.ndarray:
    if header.kind == "jpeg":
        flags = _REDUCED_RGB[scale]
    elif header.kind == "bmp":
        flags = cv2.IMREAD_COLOR_RGB  # its fourth byte is padding, most often 0: not transparency
    else:
        flags = cv2.IMREAD_UNCHANGED
    if flags != cv2.IMREAD_UNCHANGED:
        flags |= cv2.IMREAD_IGNORE_ORIENTATION  # turned below, for every format alike
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise BadInput("picture-damaged", str(error).splitlines()[0]) from error
    if pixels is None:
        raise BadInput("picture-damaged", f"OpenCV could not decode this {header.kind}")
    if flags == cv2.IMREAD_UNCHANGED:
        pixels = _as_rgb(pixels)
    return np.ascontiguousarray(image.upright(pixels, header.orientation))


def _as_rgb(pixels: np.ndarray) -> np.ndarray:
    """OpenCV's unchanged pixels (grey, BGR or BGRA; 8 or 16 bits) as RGB on white."""
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    alpha = pixels[..., 3]
    white = cv2.bitwise_not(alpha)
    # A channel at a time: in floats a 40-megapixel picture would cost half a gigabyte.
    channels = [
        cv2.add(cv2.multiply(pixels[..., channel], alpha, scale=1 / 255), white)
        for channel in (2, 1, 0)
    ]
    return cv2.merge(channels)
