"""A QR code as squares, for a page to draw or a terminal to print. Pure; the codes are OpenCV's."""

from functools import lru_cache

import cv2
import numpy as np

QUIET = 4
"""Light squares around it, as ISO/IEC 18004 asks for; without them a camera does not find it."""


@lru_cache(maxsize=16)
def qr_squares(text: str) -> tuple[tuple[bool, ...], ...]:
    """The code's rows, quiet zone and all; True is dark.

    >>> squares = qr_squares("http://10.42.0.1")
    >>> len(squares), len(squares[0]), squares[0][0], squares[4][4]
    (33, 33, False, True)
    """
    wanted = cv2.QRCodeEncoder_Params()
    # An eighth of it may be hidden by a head before a projector.
    wanted.correction_level = cv2.QRCodeEncoder_CORRECT_LEVEL_M
    dark = cv2.QRCodeEncoder.create(wanted).encode(text) == 0
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    code = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return tuple(tuple(map(bool, row)) for row in np.pad(code, QUIET))


def qr_path(text: str) -> str:
    """The dark squares as the `d` of an SVG path, one unit a square.

    >>> qr_path("kit.local")[:14]
    'M4 4h7v1h-7z M'
    """
    pieces = []
    for y, row in enumerate(qr_squares(text)):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                pieces.append(f"M{x} {y}h{width}v1h-{width}z")
            x += max(1, width)
    return " ".join(pieces)


def qr_lines(text: str) -> list[str]:
    """The code for a dark screen of letters, two rows in one line: what shines is light.

    >>> qr_lines("kit.local")[0]
    '█████████████████████████████'
    """
    rows = [*qr_squares(text)]
    if len(rows) % 2:
        rows.append((False,) * len(rows[0]))
    return [
        "".join("█▀▄ "[2 * upper + lower] for upper, lower in zip(one, other, strict=True))
        for one, other in zip(rows[::2], rows[1::2], strict=True)
    ]
