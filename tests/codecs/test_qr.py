"""QR codes, read back by a decoder that saw nothing but the squares."""

import re

import cv2
import numpy as np
import pytest

from kit.codecs.qr import QUIET, qr_lines, qr_path, qr_squares

TEXTS = ["http://kit.local", "WIFI:T:WPA;S:Mallette \\; 6B;P:abcd-efgh-jkmn;;", "é" * 40]


def read(dark):
    """What OpenCV's reader makes of it; it is fussy about sizes, so it may look from nearer."""
    for side in (3, 5, 8):
        picture = np.where(np.kron(dark, np.ones((side, side))), 0, 255).astype(np.uint8)
        if text := cv2.QRCodeDetector().detectAndDecode(picture)[0]:
            return text
    return None


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read(text):
    squares = np.array(qr_squares(text))

    assert read(squares) == text
    assert not squares[:QUIET].any()
    assert not squares[:, -QUIET:].any()


@pytest.mark.parametrize("text", TEXTS)
def test_a_page_draws_the_same_squares(text):
    squares = np.array(qr_squares(text))
    drawn = np.zeros_like(squares)
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", qr_path(text)):
        assert width == back
        drawn[int(y), int(x) : int(x) + int(width)] = True

    assert (drawn == squares).all()


@pytest.mark.parametrize("text", TEXTS)
def test_a_terminal_shows_the_same_squares_the_light_ones_shining(text):
    lines = qr_lines(text)

    dark = np.array(
        [[mark in "▄ " for mark in line] for line in lines for _half in (0, 1)], dtype=bool
    )
    dark[1::2] = [[mark in "▀ " for mark in line] for line in lines]
    assert (dark[: len(qr_squares(text))] == np.array(qr_squares(text))).all()


def test_a_wifi_fits_on_a_terminal():
    lines = qr_lines("WIFI:T:WPA;S:Mallette-7KPM;P:abcd-efgh-jkmn;;")

    assert len(lines) <= 21
    assert len(lines[0]) <= 80
