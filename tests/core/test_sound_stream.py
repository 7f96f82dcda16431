"""A sound while it is heard: its columns are those of the clip, whatever pieces it comes in."""

import numpy as np
import pytest

from kit.core import sound
from kit.core.sound_stream import BRIGHTEST, DARKEST, SILENCE_DB, Loudness, Spectrogram, shades

NOISE = np.random.default_rng(0).uniform(-0.4, 0.4, 3 * sound.CLIP_SAMPLES).astype(np.float32)


def streamed(waveform: np.ndarray, bands: int, piece: int) -> np.ndarray:
    spectrogram = Spectrogram(bands)
    pieces = [waveform[start : start + piece] for start in range(0, len(waveform), piece)]
    return np.concatenate([spectrogram.feed(each) for each in pieces])


@pytest.mark.parametrize("bands", [sound.SPEECH_BANDS, sound.ALL_BANDS])
@pytest.mark.parametrize("piece", [1, 37, 320, 5000])
def test_streamed_columns_are_those_of_the_clip(bands, piece):
    clip = NOISE[: sound.CLIP_SAMPLES]
    silence = np.zeros(sound.FRAME_LEAD_SAMPLES, np.float32)

    columns = streamed(np.r_[clip, silence], bands, piece)

    np.testing.assert_allclose(columns, sound.log_mel(clip, bands), atol=1e-5)


def test_in_the_middle_of_a_stream_too_but_for_the_edges_where_the_clip_is_cut():
    begin = 70 * sound.HOP_SAMPLES
    clip = NOISE[begin : begin + sound.CLIP_SAMPLES]

    columns = streamed(NOISE, sound.SPEECH_BANDS, 320)[70:170]

    np.testing.assert_allclose(columns[1:-1], sound.log_mel(clip)[1:-1], atol=1e-5)


def test_shades_rise_with_loudness_and_have_ends():
    columns = np.linspace(DARKEST - 3, BRIGHTEST + 3, 50)[np.newaxis]

    drawn = shades(columns)[0].astype(int)

    assert drawn[0] == 0
    assert drawn[-1] == 255
    assert np.all(np.diff(drawn) >= 0)


def test_a_sine_at_full_scale_is_three_decibels_below_a_square():
    sine = np.sin(2 * np.pi * 0.05 * np.arange(16_000))
    square = np.sign(sine + 1e-9)

    assert Loudness.of(sine, 1.0, 0.0).level_db == pytest.approx(-3.0, abs=0.05)
    assert Loudness.of(square, 1.0, 0.0).level_db == 0.0


def test_silence_has_a_bottom_and_nothing_is_silent():
    assert Loudness.of(np.zeros(320), 0.0, 0.0).level_db == SILENCE_DB
    assert Loudness.of(np.zeros(0), 0.0, 0.0) == Loudness(SILENCE_DB, SILENCE_DB, False)


def test_clipping_is_as_recorded_not_as_resampled():
    assert Loudness.of(np.full(100, 0.2), 1.0, 0.02).clipping
    assert not Loudness.of(np.full(100, 0.2), 1.0, 0.0).clipping
