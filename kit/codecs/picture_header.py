"""What a picture says of itself before anyone decodes it: kind, dimensions, which way is up.

Six small parsers that only look, allocate nothing and follow no length they have not checked. They
are the first line against pictures made to exhaust memory: OpenCV's own cap
(`OPENCV_IO_MAX_IMAGE_PIXELS`, set in `kit/__init__.py`) is the second.

Sources: ITU T.81 B.2 (JPEG), W3C PNG 3rd edition 5 and 11, GIF89a 17-20, RFC 9649 (WebP, with
RFC 6386 9.1 for VP8), Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER, EXIF 2.32 4.6.4.
"""

from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from

from kit.core.errors import BadInput

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EXIF_ORIENTATION = 0x0112
# Every start-of-frame marker; C4 (tables), C8 (reserved) and CC (arithmetic tables) are not.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 1000
"""Real pictures have a few dozen; 25 MB of empty ones would keep a Pi busy for seconds."""
_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What the first bytes say. Width and height are as stored, before `orientation` turns them."""

    kind: str
    """"jpeg", "png", "webp", "bmp" or "gif"."""
    width: int
    height: int
    orientation: int = 1
    """EXIF tag 0x0112; 1 where there is none."""


def read_header(data: bytes) -> PictureHeader:
    """Read kind, dimensions and orientation, decoding nothing.

    Raises:
        BadInput: "picture-empty", "picture-heic", "picture-format" (a kind the kit can name but
            not read), "picture-not-a-picture", or "picture-damaged" (cut off or contradictory).

    >>> read_header(b"GIF89a" + bytes([3, 0, 2, 0, 0, 0, 0]))
    PictureHeader(kind='gif', width=3, height=2, orientation=1)
    """
    if not data:
        raise BadInput("picture-empty", "the picture has 0 bytes")
    parser = next((read for start, read in _PARSERS if data.startswith(start)), None)
    if parser is None:
        raise _refusal(data)
    try:
        header = parser(data)
    except (StructError, IndexError) as error:
        raise BadInput("picture-damaged", f"the header is cut off ({error})") from error
    if header.width < 1 or header.height < 1:
        raise BadInput("picture-damaged", f"{header.width} x {header.height} pixels")
    return header


def _jpeg(data: bytes) -> PictureHeader:
    position, orientation, size = 2, 1, None
    for _ in range(_MOST_SEGMENTS):
        if data[position] != 0xFF:
            raise BadInput("picture-damaged", f"no JPEG marker at byte {position}")
        while data[position] == 0xFF:  # any number of fill bytes may come before a marker
            position += 1
        marker, position = data[position], position + 1
        if marker in _JPEG_WITHOUT_LENGTH:
            continue
        if marker in (0xD9, 0xDA):  # end of image, start of scan: the headers are over
            break
        (length,) = unpack_from(">H", data, position)
        body = position + 2
        if marker in _JPEG_FRAMES and size is None:
            height, width = unpack_from(">HH", data, body + 1)
            size = width, height
        elif marker == 0xE1 and data[body : body + 6] == b"Exif\0\0":
            orientation = exif_orientation(data[body + 6 : position + length])
        position += max(length, 2)
    else:
        raise BadInput("picture-damaged", f"more than {_MOST_SEGMENTS} JPEG segments")
    if size is None:
        raise BadInput("picture-damaged", "a JPEG without a frame header")
    # A whole JPEG ends with its end marker. Bytes may follow (phones append films), and an EXIF
    # thumbnail has an end of its own, so it must come after the start of the scan.
    if marker != 0xDA or data.rfind(b"\xff\xd9", position) < 0:
        raise BadInput("picture-damaged", "a JPEG that stops before its end marker")
    return PictureHeader("jpeg", *size, orientation)


def _png(data: bytes) -> PictureHeader:
    if data[12:16] != b"IHDR":
        raise BadInput("picture-damaged", "a PNG that does not begin with IHDR")
    width, height = unpack_from(">II", data, 16)
    position, orientation = 8, 1
    for _ in range(_MOST_SEGMENTS):
        length, kind = unpack_from(">I4s", data, position)
        if kind == b"IDAT":  # pixels from here on; every writer we know puts eXIf before them
            break
        if kind == b"eXIf":
            orientation = exif_orientation(data[position + 8 : position + 8 + length])
        position += 12 + length
    return PictureHeader("png", width, height, orientation)


def _webp(data: bytes) -> PictureHeader:
    if data[8:12] != b"WEBP":
        raise _refusal(data)  # RIFF holds sounds and films too
    kind = data[12:16]
    if kind == b"VP8 ":
        if data[23:26] != b"\x9d\x01\x2a":
            raise BadInput("picture-damaged", "a WebP that does not begin with a key frame")
        width, height = (side & 0x3FFF for side in unpack_from("<HH", data, 26))
    elif kind == b"VP8L":
        (bits,) = unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8X":
        unpack_from("<Q", data, 22)  # all eight bytes must be there
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    else:
        raise BadInput("picture-damaged", f"a WebP of an unknown kind {kind!r}")
    position, orientation = 12, 1
    for _ in range(_MOST_SEGMENTS):
        if position + 8 > len(data):
            break
        kind, length = unpack_from("<4sI", data, position)
        if kind == b"EXIF":
            orientation = exif_orientation(data[position + 8 : position + 8 + length])
        position += 8 + length + (length & 1)
    return PictureHeader("webp", width, height, orientation)


def _gif(data: bytes) -> PictureHeader:
    width, height = unpack_from("<HH", data, 6)
    return PictureHeader("gif", width, height)


def _bmp(data: bytes) -> PictureHeader:
    (header_bytes,) = unpack_from("<I", data, 14)
    if header_bytes == 12:  # the oldest header, with 16-bit sides
        width, height = unpack_from("<HH", data, 18)
    else:
        width, height = unpack_from("<ii", data, 18)
    return PictureHeader("bmp", width, abs(height))  # a negative height: rows from the top


_PARSERS = (
    (b"\xff\xd8\xff", _jpeg),
    (_PNG_SIGNATURE, _png),
    (b"RIFF", _webp),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"BM", _bmp),
)


def exif_orientation(exif: bytes) -> int:
    """The orientation that an EXIF block (its TIFF part) gives; 1 where it gives none or is broken.

    A broken block is common and costs the picture nothing but its turn, so it is no error.

    >>> exif_orientation(b"II*\\0" + bytes([8,0,0,0, 1,0, 0x12,1, 3,0, 1,0,0,0, 6,0,0,0]))
    6
    """
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (directory,) = unpack_from(order + "I", exif, 4)
        (entries,) = unpack_from(order + "H", exif, directory)
        for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
            tag, kind = unpack_from(order + "HH", exif, entry)
            if tag == _EXIF_ORIENTATION:
                (value,) = unpack_from(order + ("I" if kind == 4 else "H"), exif, entry + 8)
                return value if 1 <= value <= 8 else 1
    except StructError:
        pass
    return 1


def _refusal(data: bytes) -> BadInput:
    """The words for bytes that are no picture the kit reads."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, 64, 4))}
        if brands & _AVIF_BRANDS:
            return _named("AVIF")
        if brands & _HEIC_BRANDS:
            return BadInput("picture-heic", "a HEIC picture: the kit has no decoder for it")
        return _named("MP4")
    if data.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return _named("JPEG XL")
    if data.startswith((b"II*\0", b"MM\0*")):
        return _named("TIFF")
    if data.startswith(b"%PDF-"):
        return _named("PDF")
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!")) and b"<svg" in start):
        return _named("SVG")
    return BadInput("picture-not-a-picture", f"no picture begins with {data[:8]!r}")


def _named(kind: str) -> BadInput:
    return BadInput("picture-format", f"a {kind} file: the kit has no decoder for it", kind=kind)
