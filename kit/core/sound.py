"""Sounds on their way to the model: one second, 16 kHz, log-mel. In one place, once.

    resample(waveform, rate) -> prepare(waveform, hearing): loudest_second -> log_mel -> floor
        words:  to_model_input(prepared) -> the network's embedding
        sounds: pool(prepared), an embedding by itself

Calibration, training, a dropped file and the microphone all pass here, so a model never meets a
sound prepared in another way. Waveforms are mono float32 in -1..1. Whoever changes what comes out
raises `PREPARATION_VERSION`: kept embeddings are then made again instead of being mixed.

There are two ways of hearing, and a person chooses (docs/decisions/0010): *words* are told apart by
a network that has heard much speech; *sounds* (claps, instruments, machines) by how loud each pitch
is, and when.

Pure NumPy; bytes become waveforms in `codecs/`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import as_strided

# Said `as` themselves: they are steps of this walk, and recipes take them from here.
from kit.core.resample import FASTEST_HZ as FASTEST_HZ
from kit.core.resample import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from kit.core.resample import SLOWEST_HZ as SLOWEST_HZ
from kit.core.resample import resample as resample

PREPARATION_VERSION = 1
"""Part of each kept embedding's key, and of an exported model's passport."""

CLIP_SAMPLES = SAMPLE_RATE_HZ
"""One second: a word, a clap, a stroke."""
KEPT_SAMPLES = 2 * CLIP_SAMPLES
"""What is kept of a recording: room to choose another second of it than the loudest."""
HOP_SAMPLES = 160
WINDOW_SAMPLES = 400
FFT_SAMPLES = 512
FRAMES = 100
"""Of a clip: one each 10 ms."""
FRAME_LEAD_SAMPLES = (FFT_SAMPLES + HOP_SAMPLES * (FRAMES - 1) - CLIP_SAMPLES) // 2
"""By how much the first frame begins before its clip, and the last one ends after it."""
SPEECH_BANDS = 32
"""60 to 3,800 Hz: what the speech network was trained on."""
ALL_BANDS = 42
"""Ten more of the same step, to 7,640 Hz: cymbals and claps live there, speech hardly does."""
ROOM_FLOOR_DB = 60.0
"""A file is cut short and padded with nothing; a room never has less than its hum. What lies below
that is lifted to there, so that a model cannot tell a file from a room by it."""
VIEWS = 3
"""How many views of a word a head may train on: view 0 is the word itself."""
SHIFT_FRAMES = 8
QUIET_PEAK = 0.05
"""Below it a recording is mostly the microphone's own noise (-26 dB of full scale)."""
CLIPPED_SHARE = 1e-3
"""From here on the flattened tops are heard as a crackle."""
INPUT_SCALE, INPUT_ZERO_POINT = 1.0 / 16.0, -96
"""How the speech network's input is quantised; see `to_model_input`."""

_FLOOR_POWER = np.float32(1e-10)
_RANGE = np.float32(80.0 / 10.0)
_INT16 = 32_768.0  # the network was trained on 16-bit numbers
_LOW_HZ, _HIGH_HZ = 60.0, 3_800.0
_CLIPPED_FROM = 0.999


class Hearing(StrEnum):
    """How sounds are told apart; a person chooses, never the kit."""

    WORDS = "words"
    """By a network that has heard much speech: whoever says it, however high the voice."""
    SOUNDS = "sounds"
    """By how loud each pitch is, and how that changes: claps, instruments, machines."""

    @property
    def bands(self) -> int:
        """How many bands of pitch are listened to."""
        return SPEECH_BANDS if self is Hearing.WORDS else ALL_BANDS

    @property
    def views(self) -> int:
        """How many views of a clip a head trains on (docs/decisions/0010)."""
        return VIEWS if self is Hearing.WORDS else 1


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a recording is.

    Attributes:
        peak: the largest sample, 0..1.
        clipped: the share of samples at full scale, 0..1.
    """

    peak: float
    clipped: float

    @property
    def advice(self) -> str | None:
        """Message id of what to do about it; None where all is well."""
        if self.clipped >= CLIPPED_SHARE:
            return "advice-sound-clipped"
        return "advice-sound-quiet" if self.peak < QUIET_PEAK else None


def level(waveform: np.ndarray) -> Level:
    """Measure a recording's level.

    Args:
        waveform: (n,) in -1..1, as recorded: resampling rounds off what was clipped.

    >>> level(np.array([0.01, -0.02])).advice
    'advice-sound-quiet'
    """
    if not len(waveform):
        return Level(0.0, 0.0)
    loud = np.abs(waveform)
    return Level(float(loud.max()), float(np.mean(loud >= _CLIPPED_FROM)))


def prepare(waveform: np.ndarray, hearing: Hearing) -> np.ndarray:
    """A recording as a model hears it.

    Args:
        waveform: (n,) float32 at 16 kHz in -1..1, any length.
        hearing: which bands are listened to.

    Returns:
        (100, bands) float32: `log_mel` of the `loudest_second`, no lower than `ROOM_FLOOR_DB`
        below its loudest.

    >>> prepare(np.zeros(4000, np.float32), Hearing.WORDS).shape
    (100, 32)
    """
    mel = log_mel(loudest_second(waveform), hearing.bands)
    return np.maximum(mel, mel.max() - np.float32(ROOM_FLOOR_DB / 10), out=mel)


def view(prepared: np.ndarray, number: int) -> np.ndarray:
    """One of the `VIEWS` that training hears of a word. An answer only ever needs view 0.

    Views 1 and 2 are the word said 80 ms later or earlier: the kit's cut is never to the frame.

    Args:
        prepared: (100, bands) from `prepare`.
        number: 0 to VIEWS - 1.

    Returns:
        (100, bands); `prepared` itself for view 0.

    Raises:
        ValueError: there is no such view.

    >>> view(np.arange(100.0)[:, np.newaxis], 1)[:10, 0]
    array([0., 0., 0., 0., 0., 0., 0., 0., 0., 1.])
    """
    if number == 0:
        return prepared
    if number not in (1, 2):
        raise ValueError(f"there is no view {number} of a sound; there are {VIEWS}")
    shift = SHIFT_FRAMES if number == 2 else -SHIFT_FRAMES
    return prepared[np.clip(np.arange(FRAMES) + shift, 0, FRAMES - 1)]


def to_model_input(prepared: np.ndarray) -> np.ndarray:
    """float32 as the int8 that the shipped speech network expects: scale 1/16, zero point -96.

    One step is 0.6 dB; the range, -2 to 13.9, holds whatever 16 bits can hold above silence.

    >>> to_model_input(np.array([-9.0, 0.0, 6.0, 13.9]))
    array([-128,  -96,    0,  126], dtype=int8)
    """
    steps = np.rint(prepared * np.float32(1 / INPUT_SCALE)) + np.float32(INPUT_ZERO_POINT)
    return np.clip(steps, -128, 127).astype(np.int8)


def pool(prepared: np.ndarray) -> np.ndarray:
    """A sound as numbers, with no network: of each band the mean, the maximum, the spread in time.

    Args:
        prepared: (100, bands) from `prepare`.

    Returns:
        (3 * bands,) float32.

    >>> pool(np.eye(100, 42, dtype=np.float32)).shape
    (126,)
    """
    return np.concatenate([prepared.mean(axis=0), prepared.max(axis=0), prepared.std(axis=0)])


def loudest_second(waveform: np.ndarray) -> np.ndarray:
    """The second that counts: cut around the loudest part of a recording.

    The stretch of one second with the most energy, moved so that its energy lies in the middle.
    What lies before the beginning or after the end is silence.

    Args:
        waveform: (n,) at 16 kHz, any length, 0 too.

    Returns:
        (16,000,) float32.

    >>> clip = loudest_second(np.r_[np.zeros(30_000), np.ones(100), np.zeros(9_000)])
    >>> int(np.flatnonzero(clip)[0])  # its middle is the clip's, to the sample
    7950
    """
    waveform = np.asarray(waveform, np.float32)
    start = loudest_start(waveform)
    clip = np.zeros(CLIP_SAMPLES, np.float32)
    first, last = max(start, 0), min(start + CLIP_SAMPLES, len(waveform))
    if last > first:
        clip[first - start : last - start] = waveform[first:last]
    return clip


def around_loudest(waveform: np.ndarray) -> np.ndarray:
    """At most `KEPT_SAMPLES` of a recording, around its loudest second; shorter ones as they are.

    Its own `loudest_second` is that of the whole recording.

    Args:
        waveform: (n,) at 16 kHz.

    >>> around_loudest(np.r_[np.zeros(90_000), np.ones(100), np.zeros(90_000)]).shape
    (32000,)
    """
    if len(waveform) <= KEPT_SAMPLES:
        return waveform
    # Whole hops from the beginning, so that the loudest second is found at the same hop again.
    last = (len(waveform) - KEPT_SAMPLES) // HOP_SAMPLES * HOP_SAMPLES
    start = _most_energy(waveform) - CLIP_SAMPLES // 2
    start = min(max(start, 0), last)
    return waveform[start : start + KEPT_SAMPLES]


def loudest_start(waveform: np.ndarray) -> int:
    """Where `loudest_second` begins; below 0 where silence comes first."""
    loudest = _most_energy(waveform) if len(waveform) > CLIP_SAMPLES else 0
    heard = np.square(waveform[loudest : loudest + CLIP_SAMPLES])
    energy = float(heard.sum())
    if energy <= 0.0:
        return loudest
    middle = float(heard @ np.arange(len(heard), dtype=np.float32)) / energy
    return loudest + round(middle) - CLIP_SAMPLES // 2


def _most_energy(waveform: np.ndarray) -> int:
    """Where the second with the most energy begins, to the hop, in a longer recording."""
    hops = np.zeros((-(-len(waveform) // HOP_SAMPLES), HOP_SAMPLES), np.float32)
    hops.reshape(-1)[: len(waveform)] = waveform
    total = np.concatenate([[0.0], np.cumsum(np.einsum("hs,hs->h", hops, hops))])
    second = CLIP_SAMPLES // HOP_SAMPLES
    return int(np.argmax(total[second:] - total[:-second])) * HOP_SAMPLES


def log_mel(clip: np.ndarray, bands: int = SPEECH_BANDS) -> np.ndarray:
    """How loud each band of pitch is, each hundredth of a second, as the speech network expects it.

    10 log10 of the power under each Slaney mel filter, no lower than 80 dB below the clip's
    loudest, then divided by 10, plus 2.

    Args:
        clip: (16,000,) float32 in -1..1, one second.
        bands: `SPEECH_BANDS` or `ALL_BANDS`, the lowest first.

    Returns:
        (100, bands) float32, about -8 to 13.

    Source: the mel model beside Google's speech embedding (Lin et al. 2020, arXiv 2002.01322),
    equal to 1e-4 in the tests; filters: Slaney (1998), Auditory Toolbox.
    """
    padded = np.zeros(CLIP_SAMPLES + 2 * FRAME_LEAD_SAMPLES, np.float32)
    padded[FRAME_LEAD_SAMPLES:-FRAME_LEAD_SAMPLES] = clip
    mel = mel_columns(padded, bands)
    return np.maximum(mel, mel.max() - _RANGE, out=mel)


def mel_columns(samples: np.ndarray, bands: int = SPEECH_BANDS) -> np.ndarray:
    """The columns of `log_mel`, as many as the samples hold whole, none lifted to the loudest's.

    Args:
        samples: (512 + 160 * (n - 1) + rest,) float32 in -1..1, contiguous; the first column is of
            the first 512.
        bands: `SPEECH_BANDS` or `ALL_BANDS`.

    Returns:
        (n, bands) float32, -8 for nothing at all.

    >>> mel_columns(np.zeros(512 + 160 + 159, np.float32)).shape
    (2, 32)
    """
    columns = max(0, (len(samples) - FFT_SAMPLES) // HOP_SAMPLES + 1)
    frames = as_strided(samples, (columns, FFT_SAMPLES), (4 * HOP_SAMPLES, 4))
    filters = _filters(bands)
    spectrum = np.fft.rfft(frames * _window())
    # Real and imaginary parts lie side by side as floats; the filters add up the two squares.
    mel = np.square(spectrum.view(np.float32)[:, : len(filters)]) @ filters
    np.maximum(mel, _FLOOR_POWER, out=mel)
    np.log10(mel, out=mel)
    mel += 2.0
    return mel


@lru_cache(maxsize=1)
def _window() -> np.ndarray:
    """Hann, periodic, 400 points in the middle of 512, on the 16-bit numbers of the training."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW_SAMPLES) / WINDOW_SAMPLES)
    return np.pad(hann * _INT16, (FFT_SAMPLES - WINDOW_SAMPLES) // 2).astype(np.float32)


@lru_cache(maxsize=2)
def _filters(bands: int) -> np.ndarray:
    """(2 f, bands) triangles of equal area, equally spaced in mel; f frequencies, each twice."""
    corners = _corners_hz(bands)
    step_hz = SAMPLE_RATE_HZ / FFT_SAMPLES
    hz = np.arange(0.0, corners[-1], step_hz)[:, np.newaxis]
    rising = (hz - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - hz) / (corners[2:] - corners[1:-1])
    areas = 2.0 / (corners[2:] - corners[:-2])
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * areas
    return triangles.repeat(2, axis=0).astype(np.float32)


def band_edges_hz(bands: int) -> tuple[float, float]:
    """The lowest and the highest frequency that so many bands hear.

    >>> [round(hz) for hz in band_edges_hz(SPEECH_BANDS)]
    [60, 3800]
    """
    corners = _corners_hz(bands)
    return float(corners[0]), float(corners[-1])


def _corners_hz(bands: int) -> np.ndarray:
    """(bands + 2,) where the triangles begin, peak and end."""
    low, high = _to_mel(np.array([_LOW_HZ, _HIGH_HZ]))
    return _to_hz(low + (high - low) / (SPEECH_BANDS + 1) * np.arange(bands + 2))


def _to_mel(hz: np.ndarray) -> np.ndarray:
    """Slaney's mel: linear to 1 kHz, logarithmic above."""
    above = 15 + 27 * np.log(np.maximum(hz, 1000.0) / 1000) / np.log(6.4)
    return np.where(hz < 1000, hz * 3 / 200, above)


def _to_hz(mel: np.ndarray) -> np.ndarray:
    above = 1000 * np.exp(np.log(6.4) * (np.maximum(mel, 15) - 15) / 27)
    return np.where(mel < 15, mel * 200 / 3, above)
