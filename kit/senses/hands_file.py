"""A gesture as it is kept: where the points of its hands were, and no picture at all.

    {"version": 1, "width": 640, "height": 480, "hands": [
        {"side": "right", "score": 0.98, "points": [[x, y, z], … 21 of them]}]}

Points are in fractions of the picture they were found in: x and z of its width, y of its height.
"""

import json
import math
from typing import Any, NoReturn

import numpy as np

from kit.core.errors import BadInput
from kit.core.gesture import MOST_HANDS
from kit.core.hands import POINTS, Hand, Side

VERSION = 1
MAX_BYTES = 16_384
"""Two hands need some 1,300."""
_MOST_PIXELS = 100_000
_DECIMALS = 5
_FARTHEST = 16.0  # pictures away: half a hand's points may lie outside of it, not on the moon


def to_bytes(hands: list[Hand], width: int, height: int) -> bytes:
    """Hands found in a picture of that size, as they are kept."""
    size = np.array([width, height, width], np.float64)
    document = {
        "version": VERSION,
        "width": width,
        "height": height,
        "hands": [
            {
                "side": hand.side.value,
                "score": round(hand.score, 3),
                "points": np.round(hand.points / size, _DECIMALS).tolist(),
            }
            for hand in hands[:MOST_HANDS]
        ],
    }
    return json.dumps(document, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> tuple[list[Hand], int, int]:
    """The hands, with points in pixels, and the width and height of their picture.

    Raises:
        BadInput: "hands-damaged".
    """
    if len(data) > MAX_BYTES:
        _damaged(f"{len(data)} bytes")
    try:
        document = json.loads(data)
        if document["version"] != VERSION:
            _damaged(f"version {document['version']!r:.20}")
        width, height = _pixels(document["width"]), _pixels(document["height"])
        hands = [_hand(told, width, height) for told in document["hands"]]
    except BadInput:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput("hands-damaged", f"no hands: {error!r:.120}") from error
    if not 1 <= len(hands) <= MOST_HANDS:
        _damaged(f"{len(hands)} hands")
    return hands, width, height


def _hand(told: dict[str, Any], width: int, height: int) -> Hand:
    shares = np.array(told["points"], np.float64)
    score = float(told["score"])
    if shares.shape != (POINTS, 3) or not (np.abs(shares) <= _FARTHEST).all():
        _damaged(f"points of shape {shares.shape}")
    if not (math.isfinite(score) and 0.0 <= score <= 1.0):
        _damaged(f"a score of {score}")
    points = (shares * (width, height, width)).astype(np.float32)
    return Hand(points, Side(told["side"]), 1.0, score)


def _pixels(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= _MOST_PIXELS:
        _damaged(f"a side of {value!r:.20}")
    return value


def _damaged(reason: str) -> NoReturn:
    raise BadInput("hands-damaged", reason)
