"""The process that reads a microphone through PortAudio; `microphone_alsa` starts it.

    python -m kit.devices.alsa_reader "hw:1,0"

PortAudio lists the devices once and never again, and where a USB microphone is pulled out its ALSA
half may wait for ever or print without end (PortAudio issues 750 and 1037, on a Raspberry Pi too).
In a process of its own it can be ended and begun anew, and the server never hangs with it.

It writes packets: one letter, the length of what follows (4 bytes), and that. "i" is JSON, the rate
and the channels; "s" is 16-bit samples, channels side by side, "o" the same after sound was lost;
"t" is JSON, [message id, reason], and the end. It ends when its standard input does, so it never
outlives whoever started it, however that one ended.
"""

import json
import os
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

HEAD = struct.Struct("<cI")
INFO, SOUND, OVERFLOW, TROUBLE = b"i", b"s", b"o", b"t"

BLOCKS_PER_S = 50
LATENCY_S = 0.2
"""What ALSA holds for us while this process has no turn on a busy machine."""
RATES_HZ = (48_000, 44_100, 32_000, 16_000)
"""What is tried, after the device's own rate: the kit resamples better than ALSA's plug-ins."""
MOST_CHANNELS = 8
_DEVICE_UNAVAILABLE = -9985  # portaudio.h, paDeviceUnavailable

Found = tuple[str, str]  # message id, reason


def read(name: str, out: BinaryIO) -> Found:
    """Write packets of the device's sound until it fails; returns why."""
    try:
        import sounddevice
    except ImportError as error:
        return "microphone-library", f"sounddevice: {error}"
    except OSError as error:  # the Python half is there, the library is not
        return "microphone-library", f"PortAudio: {error}"
    devices = list(sounddevice.query_devices())
    index = find(name, devices)
    if index is None:
        names = ", ".join(device["name"] for device in devices) or "no device"
        return "microphone-missing", f"alsa: no input {name!r} among {names}"
    refusals = []
    for rate_hz, channels in ways(devices[index]):
        try:
            stream = sounddevice.RawInputStream(
                device=index,
                samplerate=rate_hz,
                channels=channels,
                dtype="int16",
                blocksize=rate_hz // BLOCKS_PER_S,
                latency=LATENCY_S,
            )
        except sounddevice.PortAudioError as error:
            refusals.append(error)
            continue
        try:
            with stream:
                _write(out, INFO, json.dumps({"rate_hz": rate_hz, "channels": channels}).encode())
                while True:
                    samples, overflow = stream.read(rate_hz // BLOCKS_PER_S)
                    _write(out, OVERFLOW if overflow else SOUND, bytes(samples))
        except sounddevice.PortAudioError as error:
            return "microphone-lost", f"alsa: {name}: {error}"
    busy = any(refusal.args[-1] == _DEVICE_UNAVAILABLE for refusal in refusals)
    reason = f"alsa: {name}: {refusals[0] if refusals else 'no channels to record'}"
    return "microphone-busy" if busy else "microphone-missing", reason


def find(name: str, devices: list[dict[str, Any]]) -> int | None:
    """Which of PortAudio's devices is meant: by its whole name, or by ALSA's in parentheses.

    >>> card = {"name": "USB PnP Sound Device: Audio (hw:1,0)", "max_input_channels": 1}
    >>> find("hw:1,0", [{"name": "HDMI (hw:0,0)", "max_input_channels": 0}, card])
    1
    """
    for index, device in enumerate(devices):
        named = device["name"] == name or device["name"].endswith(f"({name})")
        if named and device["max_input_channels"] > 0:
            return index
    return None


def ways(device: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Sampling rates and channels to try, the best first.

    >>> list(ways({"default_samplerate": 44100.0, "max_input_channels": 2}))[:3]
    [(44100, 1), (44100, 2), (48000, 1)]
    """
    own_hz = round(device["default_samplerate"])
    most = min(device["max_input_channels"], MOST_CHANNELS)
    for rate_hz in dict.fromkeys((own_hz, *RATES_HZ)):
        for channels in dict.fromkeys((1, 2, most)):
            if channels <= most:
                yield rate_hz, channels


def _write(out: BinaryIO, kind: bytes, content: bytes) -> None:
    out.write(HEAD.pack(kind, len(content)) + content)
    out.flush()


def _end_with_whoever_started() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # PortAudio may be waiting for a device that is gone


def main(arguments: list[str]) -> None:
    """Read the device that the first argument names."""
    threading.Thread(target=_end_with_whoever_started, daemon=True).start()
    out = sys.stdout.buffer
    with suppress(BrokenPipeError):  # whoever started this has gone
        _write(out, TROUBLE, json.dumps(read(arguments[0], out)).encode())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
