"""Sound files -> a waveform: caps first, then one way of decoding for everyone.

    decode_sound(data)   mono, 16 kHz, -1..1, for `core.sound.prepare`, with its level
    check_sound(data)    what the first bytes say, or a refusal
    as_kept(waveform)    the two seconds around the loudest one, on 16 bits: what is prepared
    encode_wav(waveform) the bytes the kit keeps of it: mono, 16 kHz, 16 bits, no metadata
    is_plain_wav(data)   whether bytes are just that

WAV (8, 16, 24, 32 bits, float) is read here; FLAC and OGG by `soundfile`, which is given no more
frames to decode than the longest sound may have, whatever their headers promise. What only a
browser can decode, the page turns into WAV.

Sources: Microsoft and IBM, Multimedia Programming Interface 1.0 (1991), and WAVEFORMATEXTENSIBLE;
RFC 9639 (FLAC), RFC 3533 (OGG).
"""

from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError
from struct import pack, unpack_from

import numpy as np

from kit.core import sound
from kit.core.errors import BadInput, TooLarge

MAX_BYTES = 25_000_000
LONGEST_S = 60
"""A word or a clap takes one; a minute leaves room for whoever forgot to stop."""
LONG_S = 600
"""Of a room's background, in which nobody says anything."""
MOST_NUMBERS = 30_000_000
"""Samples of all channels together, 120 MB once decoded: ten minutes of one microphone."""
MOST_CHANNELS = 8

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_NAMES = {2: "ADPCM", 6: "A-law", 7: "µ-law", 0x11: "ADPCM", 0x55: "MP3", 0xFF: "AAC"}
_UNKNOWN_LENGTH = 0xFFFFFFFF  # what a program writes that streams a WAV and cannot come back
_MOST_CHUNKS = 1000
_FULL_SCALE = 32_768.0


@dataclass(frozen=True, slots=True)
class SoundHeader:
    """What the first bytes say.

    Attributes:
        kind: "wav", "flac" or "ogg".
        rate_hz: sampling rate; 0 where only the decoder can tell (OGG).
        samples: of each channel; 0 where only decoding can tell.
    """

    kind: str
    rate_hz: int = 0
    channels: int = 0
    samples: int = 0


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """A sound file, ready to be prepared.

    Attributes:
        waveform: (n,) float32 in -1..1, mono, 16 kHz.
        level: of the recording as it was, before resampling.
    """

    waveform: np.ndarray
    level: sound.Level


@dataclass(frozen=True, slots=True)
class _Wav:
    """A WAV's format and where its samples lie."""

    code: int
    channels: int
    rate_hz: int
    bits: int
    start: int
    samples: int


def check_sound(data: bytes, *, longest_s: int = LONGEST_S) -> SoundHeader:
    """Refuse what may not be decoded, from the first bytes alone.

    Raises:
        TooLarge: "sound-too-long", more than `MAX_BYTES`, `longest_s` or `MOST_NUMBERS`.
        BadInput: "sound-empty", "sound-damaged", "sound-rate", "sound-format" (a kind the kit can
            name but not read) or "sound-not-a-sound".
    """
    if not data:
        raise BadInput("sound-empty", "the sound has 0 bytes")
    if len(data) > MAX_BYTES:
        raise _too_long(f"{len(data)} bytes, at most {MAX_BYTES}", longest_s)
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
            wav = _wav(data)
            header = SoundHeader("wav", wav.rate_hz, wav.channels, wav.samples)
        elif data[:4] == b"fLaC":
            header = _flac(data)
        elif data[:4] == b"OggS":
            return SoundHeader("ogg")
        else:
            raise _refusal(data)
    except StructError as error:
        raise BadInput("sound-damaged", f"the header is cut off ({error})") from error
    _check_shape(header, longest_s)
    return header


def looks_like_sound(data: bytes) -> bool:
    """Whether a file says it is a sound, readable or not: for words that name the mix-up."""
    riff = data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    return riff or data[:4] in (b"fLaC", b"OggS") or _known_elsewhere(data) is not None


def decode_sound(data: bytes, *, longest_s: int = LONGEST_S) -> DecodedSound:
    """Decode a sound file: channels averaged, at 16 kHz.

    Args:
        data: WAV, FLAC or OGG (Vorbis or Opus).
        longest_s: how long it may be, seconds.

    Raises:
        TooLarge: "sound-too-long", before decoding, or before decoding more than `longest_s`.
        BadInput: what `check_sound` refuses, "sound-damaged", "sound-empty", or "sound-silent":
            every sample is the same, which no microphone gives that is switched on.

    >>> decode_sound(encode_wav(np.sin(np.arange(8000.0)))).waveform.shape
    (8000,)
    """
    header = check_sound(data, longest_s=longest_s)
    if header.kind == "wav":
        samples, rate_hz = _wav_samples(data, _wav(data)), header.rate_hz
    else:
        samples, rate_hz = _decoded_elsewhere(data, header.kind, longest_s)
    if not len(samples):
        raise BadInput("sound-empty", "the sound has 0 samples")
    if not np.isfinite(samples).all():
        raise BadInput("sound-damaged", "samples that are no numbers")
    np.clip(samples, -1.0, 1.0, out=samples)
    if np.ptp(samples, axis=0).max() == 0.0:
        raise BadInput("sound-silent", "every sample is the same")
    level = sound.level(samples.ravel())
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1, dtype=np.float32)
    return DecodedSound(sound.resample(mono, rate_hz), level)


def encode_wav(waveform: np.ndarray) -> bytes:
    """(n,) in -1..1 at 16 kHz as a 16-bit mono WAV that says nothing but its samples.

    >>> len(encode_wav(np.zeros(16_000)))
    32044
    """
    samples = _on_16_bits(waveform).astype("<i2").tobytes()
    return _head(len(samples)) + samples


def as_kept(waveform: np.ndarray) -> np.ndarray:
    """A recording as the kit keeps it: `core.sound.around_loudest`, on 16 bits.

    A file that is asked about passes here, too: what is taught and what is asked are cut alike.
    Doing it twice changes nothing.

    >>> once = as_kept(np.linspace(-1, 1, 50_000))
    >>> len(once), bool((as_kept(once) == once).all())
    (32000, True)
    """
    return (_on_16_bits(sound.around_loudest(waveform)) / np.float32(_FULL_SCALE)).astype("f4")


def is_plain_wav(data: bytes) -> bool:
    """Whether a sound is in the very form that the kit keeps, and no longer than it keeps any.

    >>> is_plain_wav(encode_wav(np.ones(16_000))), is_plain_wav(encode_wav(np.ones(48_000)))
    (True, False)
    """
    samples = (len(data) - len(_HEAD)) // 2
    return 0 < samples <= sound.KEPT_SAMPLES and data == _head(2 * samples) + data[len(_HEAD) :]


def _on_16_bits(waveform: np.ndarray) -> np.ndarray:
    """Whole numbers of 1/32,768, so that what is decoded and encoded again is the same."""
    return np.clip(np.rint(waveform * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)


def _head(length: int) -> bytes:
    """All but the samples of a WAV as the kit writes it."""
    rate = sound.SAMPLE_RATE_HZ
    fmt = pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16)
    head = pack("<4sI4s", b"RIFF", 4 + len(fmt) + 8 + length, b"WAVE")
    return head + fmt + pack("<4sI", b"data", length)


_HEAD = _head(0)


# -- WAV -------------------------------------------------------------------------------------------


def _wav(data: bytes) -> _Wav:
    """Walk the chunks to the samples, following no length that has not been checked."""
    position, fmt = 12, None
    for _ in range(_MOST_CHUNKS):
        name, length = unpack_from("<4sI", data, position)
        body = position + 8
        if name == b"fmt ":
            fmt = _format(data, body, length)
        elif name == b"data":
            if fmt is None:
                raise BadInput("sound-damaged", "a WAV whose samples come before their format")
            there = len(data) - body
            if length > there and length != _UNKNOWN_LENGTH:
                raise BadInput("sound-damaged", f"{length} bytes promised, {there} there")
            code, channels, rate_hz, bits = fmt
            frame = channels * bits // 8
            return _Wav(code, channels, rate_hz, bits, body, min(length, there) // frame)
        position = body + length + (length & 1)  # chunks begin at even places
    raise BadInput("sound-damaged", f"more than {_MOST_CHUNKS} chunks")


def _format(data: bytes, body: int, length: int) -> tuple[int, int, int, int]:
    """(code, channels, sampling rate, bits) of a `fmt ` chunk."""
    if length < 16:
        raise BadInput("sound-damaged", f"a format of {length} bytes")
    code, channels, rate_hz, _, frame, bits = unpack_from("<HHIIHH", data, body)
    if code == _EXTENSIBLE:
        if length < 40:
            raise BadInput("sound-damaged", f"an extensible format of {length} bytes")
        (code,) = unpack_from("<H", data, body + 24)  # the first bytes of the sub-format's GUID
    known = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64)}
    if code not in known:
        raise _named(_NAMES.get(code, f"WAV {code:#06x}"))
    if bits not in known[code]:
        raise _named(f"WAV, {bits} bits")
    if not channels or frame != channels * bits // 8:
        raise BadInput("sound-damaged", f"{channels} x {bits} bits in frames of {frame} bytes")
    return code, channels, rate_hz, bits


def _wav_samples(data: bytes, wav: _Wav) -> np.ndarray:
    """(n, channels) float32 in -1..1."""
    count = wav.samples * wav.channels
    if wav.code == _FLOAT:
        kind = "<f4" if wav.bits == 32 else "<f8"
        with np.errstate(over="ignore"):  # a double beyond float32 is refused as not finite
            samples = np.frombuffer(data, kind, count, wav.start).astype(np.float32)
    elif wav.bits == 8:  # the one width without a sign
        samples = np.frombuffer(data, np.uint8, count, wav.start).astype(np.float32)
        samples = (samples - 128.0) / 128.0
    elif wav.bits == 24:
        three = np.frombuffer(data, np.uint8, 3 * count, wav.start).reshape(count, 3)
        whole = np.zeros((count, 4), np.uint8)
        whole[:, 1:] = three
        samples = whole.view("<i4")[:, 0].astype(np.float32) / 2.0**31
    else:
        kind, full = ("<i2", 2.0**15) if wav.bits == 16 else ("<i4", 2.0**31)
        samples = np.frombuffer(data, kind, count, wav.start).astype(np.float32) / full
    return np.asarray(samples, np.float32).reshape(wav.samples, wav.channels)


# -- FLAC and OGG ----------------------------------------------------------------------------------


def _flac(data: bytes) -> SoundHeader:
    """STREAMINFO: the first block of every FLAC."""
    (kind,) = unpack_from(">B", data, 4)
    if kind & 0x7F:
        raise BadInput("sound-damaged", "a FLAC that does not begin with STREAMINFO")
    (bits,) = unpack_from(">Q", data, 18)
    return SoundHeader("flac", bits >> 44, (bits >> 41 & 7) + 1, bits & (1 << 36) - 1)


def _decoded_elsewhere(data: bytes, kind: str, longest_s: int) -> tuple[np.ndarray, int]:
    """Samples (n, channels) and sampling rate, by libsndfile, no more of them than allowed."""
    try:
        import soundfile  # its library is loaded only by who needs it
    except (ImportError, OSError) as error:  # OSError: no library for this processor
        raise BadInput("sound-format", f"no decoder: {error}", kind=kind.upper()) from error
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            if file.format.lower() != kind:
                raise BadInput("sound-damaged", f"a {kind} that turns out to be {file.format}")
            header = SoundHeader(kind, file.samplerate, file.channels)
            _check_shape(header, longest_s)
            longest = min(longest_s * file.samplerate, MOST_NUMBERS // file.channels)
            samples = file.read(longest + 1, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise BadInput("sound-damaged", str(error)) from error
    if len(samples) > longest:
        raise _too_long(f"more than {longest / header.rate_hz:.0f} s", longest_s)
    return samples, header.rate_hz


# -- refusals --------------------------------------------------------------------------------------


def _check_shape(header: SoundHeader, longest_s: int) -> None:
    if not 1 <= header.channels <= MOST_CHANNELS:
        raise BadInput("sound-damaged", f"{header.channels} channels")
    if not sound.SLOWEST_HZ <= header.rate_hz <= sound.FASTEST_HZ:
        raise BadInput(
            "sound-rate",
            f"{header.rate_hz} Hz",
            hz=header.rate_hz,
            slowest_hz=sound.SLOWEST_HZ,
            fastest_hz=sound.FASTEST_HZ,
        )
    if header.samples > longest_s * header.rate_hz:
        raise _too_long(f"{header.samples / header.rate_hz:.0f} s, at most {longest_s}", longest_s)
    if header.samples * header.channels > MOST_NUMBERS:
        raise _too_long(f"{header.samples} samples x {header.channels}", longest_s)


def _too_long(reason: str, longest_s: int) -> TooLarge:
    return TooLarge(
        "sound-too-long", reason, most_s=longest_s, most_megabytes=MAX_BYTES // 1_000_000
    )


def _known_elsewhere(data: bytes) -> str | None:
    """The name of a sound format that the kit knows of and does not read."""
    if data[:3] == b"ID3" or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "MP3"
    if data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC"):
        return "AIFF"
    if data[4:8] == b"ftyp" and data[8:11] == b"M4A":
        return "M4A"
    return "WebM" if data[:4] == b"\x1a\x45\xdf\xa3" else None


def _refusal(data: bytes) -> BadInput:
    kind = _known_elsewhere(data)
    if kind is not None:
        return _named(kind)
    return BadInput("sound-not-a-sound", f"no sound begins with {data[:8]!r}")


def _named(kind: str) -> BadInput:
    return BadInput("sound-format", f"the kit has no decoder for {kind}", kind=kind)
