"""Pictures for the codec tests, written by Pillow: another hand than the one that reads them."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def scene(height: int = 48, width: int = 64) -> np.ndarray:
    """A smooth scene with no symmetry: each corner has a colour of its own. (h, w, 3) uint8 RGB."""
    down, right = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    return (np.dstack([down, right, (1 - down) * (1 - right)]) * 255).round().astype(np.uint8)


def written(pixels: np.ndarray, kind: str, mode: str = "RGB", **options) -> bytes:
    """The pixels as a file of that kind."""
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, kind, **options)
    return file.getvalue()


def oriented(pixels: np.ndarray, kind: str, orientation: int) -> bytes:
    """The pixels as a file whose EXIF says how to turn them (and where they were taken)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[1] = "N"  # GPS: the hemisphere will do
    return written(pixels, kind, exif=exif.tobytes(), quality=95)


def png_bomb(side: int = 20_000) -> bytes:
    """A valid one-bit PNG of side x side pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    row = bytes(1 + side // 8)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * side, 9))
        + chunk(b"IEND", b"")
    )
