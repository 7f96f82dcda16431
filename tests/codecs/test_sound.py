"""Sound files of every shape a class brings, and what is said of those that cannot be read."""

import io
import struct
import tracemalloc
import wave

import numpy as np
import pytest
import soundfile

from kit.codecs.sound import (
    LONGEST_S,
    MAX_BYTES,
    check_sound,
    decode_sound,
    encode_wav,
    looks_like_sound,
)
from kit.core.errors import BadInput, TooLarge
from kit.messages import MESSAGES


def tone(rate_hz: int = 16_000, seconds: float = 0.25, peak: float = 0.5) -> np.ndarray:
    return peak * np.sin(2 * np.pi * 440 * np.arange(int(rate_hz * seconds)) / rate_hz)


def written(samples: np.ndarray, rate_hz: int, subtype: str, kind: str = "WAV") -> bytes:
    """The file as libsndfile writes it."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, subtype=subtype, format=kind)
    return file.getvalue()


def wav(
    samples: bytes,
    *,
    code: int = 1,
    channels: int = 1,
    rate_hz: int = 16_000,
    bits: int = 16,
    promised: int | None = None,
    frame: int | None = None,
) -> bytes:
    """A WAV written by hand, so that its header can lie."""
    frame = channels * bits // 8 if frame is None else frame
    fmt = struct.pack("<HHIIHH", code, channels, rate_hz, rate_hz * frame % 2**32, frame, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data"
    body += struct.pack("<I", len(samples) if promised is None else promised) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def refusal_of(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        decode_sound(data)
    assert MESSAGES[caught.value.id].format(**caught.value.values)
    return caught.value


@pytest.mark.parametrize(
    ("subtype", "step"),
    [("PCM_U8", 1 / 100), ("PCM_16", 1e-4), ("PCM_24", 1e-6), ("PCM_32", 1e-6), ("FLOAT", 1e-6),
     ("DOUBLE", 1e-6)],
)  # fmt: skip
@pytest.mark.parametrize("channels", [1, 2])
def test_every_width_of_wav_is_read(subtype, step, channels):
    samples = np.tile(tone()[:, np.newaxis], channels)

    decoded = decode_sound(written(samples, 16_000, subtype))

    assert decoded.waveform.dtype == np.float32
    assert np.abs(decoded.waveform - tone()).max() < step
    assert decoded.level.peak == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("kind", [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS")])
def test_every_rate_comes_out_at_sixteen_kilohertz(rate_hz, kind):
    data = written(tone(rate_hz, 1.0), rate_hz, kind[1], kind[0])

    waveform = decode_sound(data).waveform

    assert len(waveform) == pytest.approx(16_000, abs=600)  # OGG pads its ends
    assert np.abs(np.fft.rfft(waveform[:16_000], 16_000)).argmax() == pytest.approx(440, abs=2)


def test_channels_are_averaged():
    left, right = tone(), np.zeros(len(tone()))

    waveform = decode_sound(written(np.stack([left, right], 1), 16_000, "PCM_16")).waveform

    assert np.abs(waveform - left / 2).max() < 1e-4


def test_an_extensible_header_is_read_too():
    plain = written(tone(), 16_000, "PCM_24")
    extensible = written(tone(), 16_000, "PCM_24", "WAVEX")

    assert extensible[20:22] == b"\xfe\xff"
    assert np.array_equal(decode_sound(extensible).waveform, decode_sound(plain).waveform)


def test_what_the_kit_keeps_comes_back():
    waveform = tone().astype(np.float32)
    data = encode_wav(waveform)

    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 16_000, 2)
    assert np.abs(decode_sound(data).waveform - waveform).max() < 1e-4


def test_the_level_is_of_the_recording_not_of_what_was_made_of_it():
    clipped = np.clip(3 * tone(44_100), -1, 1)

    level = decode_sound(written(clipped, 44_100, "PCM_16")).level

    assert level.advice == "advice-sound-clipped"


def test_floats_beyond_full_scale_count_as_clipped():
    decoded = decode_sound(written(3 * tone(), 16_000, "FLOAT"))

    assert np.abs(decoded.waveform).max() <= 1.0
    assert decoded.level.advice == "advice-sound-clipped"


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "sound-empty"),
        (wav(b""), "sound-empty"),
        (wav(b"\0\0" * 8_000), "sound-silent"),
        (wav(b"\x80" * 8_000, bits=8), "sound-silent"),
        (wav(b"\1\2" * 100, promised=10_000), "sound-damaged"),
        (wav(b"\1\2" * 100)[:30], "sound-damaged"),
        (wav(b"\1\2" * 100, channels=0, frame=0), "sound-damaged"),
        (wav(b"\1\2" * 100, channels=40), "sound-damaged"),
        (wav(b"\1\2" * 100, frame=7), "sound-damaged"),
        (wav(b"\1\2" * 100, rate_hz=0), "sound-rate"),
        (wav(b"\1\2" * 100, rate_hz=4_000), "sound-rate"),
        (wav(b"\1\2" * 100, rate_hz=4_000_000_000), "sound-rate"),
        (wav(b"\1\2" * 100, bits=12), "sound-format"),
        (wav(b"\1\2" * 100, code=7, bits=8), "sound-format"),
        (wav(b"\1\2" * 100, code=0x55), "sound-format"),
        (wav(np.full(100, np.nan, "<f4").tobytes(), code=3, bits=32), "sound-damaged"),
        (wav(np.full(100, 1e300, "<f8").tobytes(), code=3, bits=64), "sound-damaged"),
        (b"RIFF\4\0\0\0WAVE", "sound-damaged"),
        (b"RIFF\4\0\0\0WAVEdata\4\0\0\0abcd", "sound-damaged"),
        (b"RIFF\4\0\0\0WAVE" + b"junk\0\0\0\0" * 2_000, "sound-damaged"),
        (b"ID3\4" + bytes(100), "sound-format"),
        (b"\x1a\x45\xdf\xa3" + bytes(100), "sound-format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "sound-not-a-sound"),
        (b"fLaC" + bytes(40), "sound-rate"),
        (b"fLaC\4" + bytes(40), "sound-damaged"),
        (b"OggS" + bytes(200), "sound-damaged"),
    ],
)
def test_bad_files_are_refused_in_words(data, id):
    assert refusal_of(data).id == id


def test_a_streamed_wav_of_unknown_length_is_read_to_its_end():
    samples = (tone() * 32_767).astype("<i2").tobytes()

    streamed = decode_sound(wav(samples, promised=0xFFFFFFFF))

    assert len(streamed.waveform) == len(tone())


def test_an_hour_is_refused_before_it_is_decoded():
    hour = wav(b"\1" * 24_000_000, bits=8, rate_hz=8_000)  # 50 minutes, under the cap on bytes

    tracemalloc.start()
    with pytest.raises(TooLarge) as caught:
        decode_sound(hour)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert caught.value.id == "sound-too-long"
    assert peak < 100_000


def test_more_bytes_than_the_cap_are_refused():
    with pytest.raises(TooLarge):
        check_sound(b"RIFF" + bytes(MAX_BYTES))


@pytest.mark.parametrize("kind", [("FLAC", "PCM_16"), ("OGG", "VORBIS")])
def test_a_small_file_of_an_hour_costs_no_more_than_a_minute(kind):
    """An hour of near silence packs into little: 8,000 times 3,600 samples, most of them zero."""
    quiet = np.zeros(8_000 * (LONGEST_S + 30), np.float32)
    quiet[:100] = 0.5
    data = written(quiet, 8_000, kind[1], kind[0])

    with pytest.raises(TooLarge) as caught:
        decode_sound(data)

    assert len(data) < 1_000_000
    assert caught.value.id == "sound-too-long"


def test_a_flac_that_hides_its_length_is_stopped_all_the_same():
    data = bytearray(written(tone(8_000, LONGEST_S + 30), 8_000, "PCM_16", "FLAC"))
    data[21] &= 0xF0  # the 36 bits of the number of samples: 0 is "unknown"
    data[22:26] = bytes(4)

    assert check_sound(bytes(data)).samples == 0
    assert refusal_of(bytes(data)).id in ("sound-too-long", "sound-empty")


def test_bytes_gone_wild_never_raise_anything_else():
    whole = [
        written(tone(), 16_000, "PCM_16"),
        written(tone(), 44_100, "PCM_24", "WAVEX"),
        written(tone(), 16_000, "PCM_16", "FLAC"),
        written(tone(), 16_000, "VORBIS", "OGG"),
    ]
    random = np.random.default_rng(0)
    for data in whole:
        for _ in range(60):
            broken = bytearray(data[: random.integers(4, len(data) + 1)])
            for place in random.integers(0, min(len(broken), 200), 4):
                broken[place] = random.integers(0, 256)
            try:
                decoded = decode_sound(bytes(broken))
            except BadInput as error:
                assert error.id in MESSAGES
            else:
                assert np.isfinite(decoded.waveform).all()
                assert len(decoded.waveform) <= (LONGEST_S + 1) * 16_000


def test_what_is_a_sound_is_told_apart_from_what_is_none():
    assert looks_like_sound(wav(b""))
    assert looks_like_sound(b"ID3\4")
    assert not looks_like_sound(b"\xff\xd8\xff\xe0")
    assert not looks_like_sound(b"")
