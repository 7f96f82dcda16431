"""A stream at another sampling rate: piece by piece the same as all at once, and as SciPy's."""

import numpy as np
import pytest
from scipy.signal import resample_poly

from kit.core.resample import FASTEST_HZ, SAMPLE_RATE_HZ, Resampler, resample

RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]


def in_pieces(waveform: np.ndarray, rate_hz: int, sizes) -> np.ndarray:
    resampler, pieces, start = Resampler(rate_hz), [], 0
    while start < len(waveform):
        size = int(next(sizes))
        pieces.append(resampler.feed(waveform[start : start + size]))
        start += size
    return np.concatenate([*pieces, resampler.rest()])


@pytest.mark.parametrize("rate_hz", RATES)
def test_pieces_of_any_size_give_what_all_at_once_gives(rate_hz):
    random = np.random.default_rng(rate_hz)
    waveform = random.uniform(-1, 1, rate_hz + 77).astype(np.float32)

    ours = in_pieces(waveform, rate_hz, iter(lambda: random.integers(0, 1500), None))

    whole = resample(waveform, rate_hz)
    assert ours.shape == whole.shape
    np.testing.assert_allclose(ours, whole, atol=2e-6)  # matrix products of other sizes round so


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_a_stream_is_what_scipy_makes_of_it(rate_hz):
    waveform = np.random.default_rng(0).uniform(-1, 1, rate_hz).astype(np.float32)

    ours = in_pieces(waveform, rate_hz, iter(lambda: rate_hz // 50, None))

    common = np.gcd(rate_hz, SAMPLE_RATE_HZ)
    theirs = resample_poly(waveform, SAMPLE_RATE_HZ // common, rate_hz // common)
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


@pytest.mark.parametrize("rate_hz", RATES)
def test_hardly_anything_waits_inside(rate_hz):
    resampler = Resampler(rate_hz)

    given = len(resampler.feed(np.ones(rate_hz, np.float32)))

    assert SAMPLE_RATE_HZ - given <= 0.045 * SAMPLE_RATE_HZ


def test_a_tone_above_eight_kilohertz_is_gone_and_not_folded():
    clock = np.arange(48_000) / 48_000
    high = np.sin(2 * np.pi * 11_000 * clock).astype(np.float32)
    low = np.sin(2 * np.pi * 3_000 * clock).astype(np.float32)

    def heard(tone):
        return np.abs(in_pieces(tone, 48_000, iter(lambda: 960, None))[1000:-1000]).max()

    assert heard(low) == pytest.approx(1.0, abs=0.01)
    assert heard(high) < 0.01


def test_nothing_fed_is_nothing_inside():
    assert len(Resampler(44_100).rest()) == 0
    assert len(Resampler(16_000).rest()) == 0


def test_a_rate_no_microphone_has_is_refused():
    with pytest.raises(ValueError, match="Hz is not within"):
        Resampler(FASTEST_HZ + 1)
