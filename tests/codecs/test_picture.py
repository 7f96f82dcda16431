"""Any file a pupil may hand in becomes right pixels, or a refusal that says what to do."""

import io
import struct
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from kit.codecs.picture import (
    MAX_BYTES,
    PREVIEW_BYTES,
    decode_for_model,
    decode_picture,
    encode_picture,
    preview,
    store_form,
    store_pixels,
)
from kit.codecs.picture_header import read_header
from kit.core.errors import BadInput, TooLarge
from kit.messages import MESSAGES

from .pictures import oriented, png_bomb, scene, written


def furthest(one: np.ndarray, other: np.ndarray) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other.astype(int)).max())


def refusal_of(data: bytes, how=decode_picture) -> BadInput:
    with pytest.raises(BadInput) as caught:
        how(data)
    assert caught.value.id in MESSAGES
    assert MESSAGES[caught.value.id].format(**caught.value.values)
    return caught.value


# --- what is read right ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 95}, 20),
        ("JPEG", {"quality": 95, "subsampling": 0}, 6),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 6),
    ],
)
def test_each_format_gives_the_pixels_that_were_written(kind, options, tolerance):
    assert furthest(decode_picture(written(scene(), kind, **options)), scene()) <= tolerance


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_stands_upright(kind, orientation):
    data = oriented(scene(), kind, orientation)
    oracle = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))

    assert furthest(decode_picture(data), oracle) <= 20
    assert store_form(data).height == oracle.shape[0]
    for_model = decode_for_model(data, 16).shape
    assert for_model[0] * oracle.shape[1] == for_model[1] * oracle.shape[0]


def test_a_cmyk_jpeg_has_the_colours_it_shows_elsewhere():
    data = written(scene(), "JPEG", "CMYK", quality=95)
    oracle = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))

    assert furthest(decode_picture(data), oracle) <= 6


def test_a_greyscale_picture_becomes_grey_rgb():
    data = written(scene(), "PNG", "L")
    grey = np.asarray(Image.open(io.BytesIO(data)))

    pixels = decode_picture(data)

    assert all(np.array_equal(pixels[..., channel], grey) for channel in range(3))


def test_sixteen_bits_keep_their_upper_eight():
    grey = scene()[..., 0]
    file = io.BytesIO()
    Image.fromarray(grey.astype(np.uint16) * 257).save(file, "PNG")

    assert np.array_equal(decode_picture(file.getvalue())[..., 1], grey)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_lies_on_white(kind):
    faded = np.dstack([scene(), scene()[..., 0]])
    file = io.BytesIO()
    Image.fromarray(faded).save(file, kind, **({"lossless": True} if kind == "WEBP" else {}))
    white = Image.new("RGBA", (64, 48), "white")
    oracle = Image.alpha_composite(white, Image.open(io.BytesIO(file.getvalue())).convert("RGBA"))

    assert furthest(decode_picture(file.getvalue()), np.asarray(oracle.convert("RGB"))) <= 1


def test_a_palette_with_a_transparent_colour_lies_on_white():
    picture = Image.fromarray(scene()).quantize(8)
    transparent = picture.getpixel((0, 0))
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=transparent)

    pixels = decode_picture(file.getvalue())

    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[-1, -1].tolist() != [255, 255, 255]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_a_film_the_first_picture_counts(kind):
    first, second = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=[second])

    red, _green, blue = decode_picture(file.getvalue())[24, 32].astype(int)

    assert red > 240 > 20 > blue


def test_a_picture_of_one_pixel_passes_every_way():
    data = written(np.full((1, 1, 3), 77, np.uint8), "PNG")

    assert decode_picture(data).tolist() == [[[77, 77, 77]]]
    assert decode_for_model(data, 224).shape == (1, 1, 3)
    assert (store_form(data).width, store_form(data).height) == (1, 1)


# --- what is refused, in words ---------------------------------------------------------


def iso_file(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"miaf" + bytes(64)


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "picture-empty"),
        (b"this is my homework, not a photo\n", "picture-not-a-picture"),
        (b"\xff\xd8\xff", "picture-damaged"),
        (b"\x89PNG\r\n\x1a\n", "picture-damaged"),
        (b"RIFF\x04\0\0\0WEBPVP8X", "picture-damaged"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "picture-not-a-picture"),
        (b"GIF89a", "picture-damaged"),
        (b"BM", "picture-damaged"),
        (iso_file(b"heic"), "picture-heic"),
        (iso_file(b"mif1"), "picture-heic"),
        (iso_file(b"avif"), "picture-format"),
        (iso_file(b"isom"), "picture-format"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "picture-format"),
        (b"\xef\xbb\xbf<svg/>", "picture-format"),
        (b"II*\0\x08\0\0\0", "picture-format"),
        (b"%PDF-1.7", "picture-format"),
        (b"\xff\x0a\xfa\x7f", "picture-format"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(data, id):
    assert refusal_of(data).id == id


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.9])
def test_a_picture_cut_off_on_the_way_is_not_half_kept(kind, kept):
    whole = written(scene(480, 640), kind)

    for how in (decode_picture, store_form, lambda data: decode_for_model(data, 224)):
        assert refusal_of(whole[: int(len(whole) * kept)], how).id == "picture-damaged"


def test_a_jpeg_that_lacks_only_its_end_is_damaged():
    # Our own look says so too: older OpenCVs fill the rest with grey and call it a picture.
    for how in (decode_picture, read_header):
        assert refusal_of(written(scene(), "JPEG")[:-2], how).id == "picture-damaged"


def test_bytes_after_the_end_of_a_jpeg_do_no_harm():
    assert decode_picture(written(scene(), "JPEG") + b"a film that the phone appended").shape


def test_a_png_with_a_wrong_check_sum_is_damaged():
    data = bytearray(written(scene(), "PNG"))
    data[len(data) // 2] ^= 0xFF

    assert refusal_of(bytes(data)).id == "picture-damaged"


def test_a_picture_without_pixels_is_damaged():
    data = bytearray(written(scene(), "PNG"))
    data[16:20] = bytes(4)

    assert refusal_of(bytes(data)).id == "picture-damaged"


def test_a_file_too_heavy_is_refused_before_anyone_looks_inside():
    refused = refusal_of(written(scene(), "JPEG").ljust(26_000_000, b"\0"))

    assert isinstance(refused, TooLarge)
    assert refused.id == "picture-too-large"
    assert refused.values["most_megabytes"] * 1_000_000 == MAX_BYTES


SIDE = 16_000  # WebP's most is 16,383
LITTLE, BIG = SIDE.to_bytes(2, "little") * 2, SIDE.to_bytes(2) * 2
LESS_ONE = SIDE - 1
WIDE = {
    "jpeg": b"\xff\xd8\xff\xc0\0\x11\x08" + BIG + bytes(10) + b"\xff\xda\0\2\xff\xd9",
    "gif": b"GIF89a" + LITTLE + bytes(3),
    "bmp": b"BM" + bytes(12) + struct.pack("<Iii", 40, SIDE, SIDE),
    "bmp from the top": b"BM" + bytes(12) + struct.pack("<Iii", 40, SIDE, -SIDE),
    "webp lossy": b"RIFF\0\0\0\0WEBPVP8 " + bytes(7) + b"\x9d\x01\x2a" + LITTLE,
    "webp lossless": b"RIFF\0\0\0\0WEBPVP8L"
    + bytes(4)
    + struct.pack("<BI", 0x2F, LESS_ONE | LESS_ONE << 14),
    "webp extended": b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + LESS_ONE.to_bytes(3, "little") * 2,
}


@pytest.mark.parametrize("kind", WIDE)
def test_too_many_pixels_are_refused_in_every_format(kind):
    refused = refusal_of(WIDE[kind])

    assert (refused.id, str(refused)[:15]) == ("picture-too-large", "16000 x 16000 p")


def in_a_process_of_its_own(script: str, data: bytes, checkout) -> bytes:
    run = [sys.executable, "-c", script]
    return subprocess.run(run, input=data, capture_output=True, check=True, cwd=checkout).stdout


def test_a_png_bomb_costs_next_to_nothing(checkout):
    # VmHWM and not ru_maxrss: Linux carries the latter over from whoever started the process.
    script = """
import sys
from kit.codecs.picture import store_form
from kit.core.errors import TooLarge
try:
    store_form(sys.stdin.buffer.read())
except TooLarge:
    print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

    peak_kb = int(in_a_process_of_its_own(script, png_bomb(), checkout))

    assert peak_kb < 150_000


def test_opencv_itself_refuses_the_bomb_should_our_parser_ever_miss_it(checkout):
    script = """
import sys, kit, numpy, cv2
data = numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8)
try:
    print(cv2.imdecode(data, cv2.IMREAD_COLOR))
except cv2.error as error:
    print("refused" if "CV_IO_MAX_IMAGE_PIXELS" in str(error) else error)
"""

    assert in_a_process_of_its_own(script, png_bomb(), checkout).strip() in (b"refused", b"None")


# --- what is kept ----------------------------------------------------------------------


def jpeg_markers(data: bytes) -> set[int]:
    """The markers of a JPEG's headers."""
    markers, position = set(), 2
    while data[position + 1] != 0xDA:
        markers.add(data[position + 1])
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return markers


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_says_nothing_of_where_or_by_whom(kind):
    given = oriented(scene(), kind, 6)
    assert b"A camera maker" in given

    kept = store_form(given).bytes

    comments_and_applications = set(range(0xE1, 0xF0)) | {0xFE}  # E0 is JFIF: density, no more
    assert not jpeg_markers(kept) & comments_and_applications
    assert not any(word in kept for word in (b"Exif", b"camera maker", b"GPS", b"xpacket", b"ICC_"))


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((3000, 4000), (480, 640)),
        ((700, 500), (640, 457)),
        ((480, 640), (480, 640)),
        ((100, 2000), (32, 640)),
    ],
)
def test_what_is_kept_has_at_most_640_pixels_on_its_long_side(size, kept):
    for kind in ("JPEG", "PNG"):
        stored = store_form(written(scene(*size), kind))

        assert (stored.height, stored.width) == kept
        assert decode_picture(stored.bytes).shape == (*kept, 3)
        assert furthest(decode_picture(stored.bytes)[::40, ::40], scene(*kept)[::40, ::40]) <= 12


def test_a_frame_is_kept_as_a_file_of_it_would_be():
    frame = scene(480, 640)

    assert store_pixels(frame) == store_form(written(frame, "PNG"))


def test_decoding_for_the_model_leaves_it_at_least_its_own_size():
    for height, width, expected in [(480, 640, (240, 320)), (440, 640, (440, 640))]:
        jpeg = encode_picture(scene(height, width))
        assert decode_for_model(jpeg, 224).shape[:2] == expected


def test_a_preview_is_small_whatever_is_held_up():
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8)

    for pixels in (scene(480, 640), noise):
        jpeg = preview(pixels)
        assert len(jpeg) <= PREVIEW_BYTES
        assert max(decode_picture(jpeg).shape) <= 320
    assert decode_picture(preview(scene(480, 640))).shape == (240, 320, 3)
