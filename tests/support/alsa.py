"""A sound card made of a file, by ALSA's own plug-in: PortAudio runs where there is no card."""

import ctypes.util
from pathlib import Path

import numpy as np
import pytest

NAME = "kittest"


def file_card(folder: Path, waveform: np.ndarray, rate_hz: int, monkeypatch) -> str:
    """Make both channels of a card of that rate hear the waveform; returns the card's ALSA name.

    It hears as fast as it is read. Skips the test where PortAudio is not installed.
    """
    if not ctypes.util.find_library("portaudio"):
        pytest.skip("PortAudio is not installed: sudo apt install libportaudio2")
    sound = folder / "card.raw"
    mono = np.rint(waveform * 32_767).astype("<i2")
    np.stack([mono, mono], axis=1).tofile(sound)
    (folder / ".asoundrc").write_text(
        f"""
        pcm.kitcard {{
            type file
            slave.pcm null
            file /dev/null
            infile "{sound}"
            format raw
        }}
        pcm.{NAME} {{
            type plug
            slave {{ pcm kitcard format S16_LE rate {rate_hz} channels 2 }}
            hint {{ show on description "a card made of a file" }}
        }}
        """
    )
    monkeypatch.setenv("HOME", str(folder))
    return NAME
