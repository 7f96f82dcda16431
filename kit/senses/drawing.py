"""What a clip and a sign look like: pictures for rows, cells and "most similar".

Both are drawn anew whenever they are asked for, from what is kept. A clip is its spectrogram, time
from left to right, low pitches below; what lies outside of the second that counts is paler. A sign
is its hands' skeleton on paper.
"""

import cv2
import numpy as np

from kit.core import sound
from kit.core.hands import BONES, Hand

PNG = "image/png"
THUMB_SIDE = 160
"""Both are drawn twice as large, and twice as small for a thumb."""
CLIP_WIDTH, CLIP_HEIGHT = 320, 168
SIGN_SIDE = 320
PAPER, INK, TANGERINE = (251, 246, 236), (27, 42, 74), (244, 132, 63)
"""Red, green, blue, as on the page."""
SHOWN_DB = 50.0
"""How far below the loudest a spectrogram shows anything: the rest is the room."""
PALER = 0.35
_MARGIN = 0.12
_FINE = 4  # bits of a fraction of a pixel, for lines


def spectrogram(waveform: np.ndarray, *, thumb: bool = False) -> bytes:
    """A clip as a PNG of `CLIP_WIDTH` x `CLIP_HEIGHT`, or half of both.

    Args:
        waveform: (n,) at 16 kHz, any length.
        thumb: draw it small.
    """
    if len(waveform) < sound.CLIP_SAMPLES:
        waveform = sound.loudest_second(waveform)
    lead = sound.FRAME_LEAD_SAMPLES
    padded = np.zeros(len(waveform) + 2 * lead, np.float32)
    padded[lead : lead + len(waveform)] = waveform
    mel = sound.mel_columns(padded, sound.ALL_BANDS)
    shares = np.clip(1.0 + (mel - mel.max()) * (10.0 / SHOWN_DB), 0.0, 1.0)
    if mel.max() <= mel.min():
        shares[:] = 0.0  # digital silence has no loudest part
    counts = np.full(len(shares), PALER)
    first = sound.loudest_start(waveform) // sound.HOP_SAMPLES
    counts[max(first, 0) : first + sound.FRAMES] = 1.0
    dark = (shares**1.2 * counts[:, np.newaxis]).T[::-1, :, np.newaxis]
    pixels = np.rint(np.array(PAPER) * (1.0 - dark) + np.array(INK) * dark).astype(np.uint8)
    return _png(pixels, CLIP_WIDTH, CLIP_HEIGHT, thumb)


def skeleton(hands: list[Hand], *, thumb: bool = False) -> bytes:
    """The hands of one gesture as a PNG, `SIGN_SIDE` square or half of it, filling it.

    Args:
        hands: at least one.
        thumb: draw it small.
    """
    points = [hand.points[:, :2].astype(np.float64) for hand in hands]
    together = np.concatenate(points)
    low, high = together.min(axis=0), together.max(axis=0)
    side = max(float((high - low).max()), 1e-6) * (1.0 + 2.0 * _MARGIN)
    corner = (low + high) / 2.0 - side / 2.0
    pixels = np.full((SIGN_SIDE, SIGN_SIDE, 3), PAPER, np.uint8)
    for hand in points:
        places = np.rint((hand - corner) / side * SIGN_SIDE * 2**_FINE).astype(int)
        for one, other in BONES:
            _line(pixels, places[one], places[other])
        for place in places:
            cv2.circle(pixels, place.tolist(), 7 << _FINE, TANGERINE, -1, cv2.LINE_AA, _FINE)
            cv2.circle(pixels, place.tolist(), 7 << _FINE, INK, 2, cv2.LINE_AA, _FINE)
    return _png(pixels, SIGN_SIDE, SIGN_SIDE, thumb)


def _line(pixels: np.ndarray, one: np.ndarray, other: np.ndarray) -> None:
    cv2.line(pixels, one.tolist(), other.tolist(), INK, 6, cv2.LINE_AA, _FINE)


def _png(pixels: np.ndarray, width: int, height: int, thumb: bool) -> bytes:
    size = (width // 2, height // 2) if thumb else (width, height)
    how = cv2.INTER_AREA if pixels.shape[1] > size[0] else cv2.INTER_NEAREST
    drawn = cv2.resize(pixels, size, interpolation=how)
    return cv2.imencode(".png", cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))[1].tobytes()
