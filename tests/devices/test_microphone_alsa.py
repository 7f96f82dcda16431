"""The microphone's own process: what it finds, what it says when it fails, and that it ends."""

import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kit.core.errors import Unavailable
from kit.core.types import MicrophoneSettings
from kit.devices import microphone_alsa
from kit.devices.alsa_reader import HEAD, INFO, OVERFLOW, SOUND, TROUBLE, read, ways
from kit.devices.microphone_alsa import AlsaMicrophone, cards, check_library, find_alsa
from kit.messages import MESSAGES
from tests.support.alsa import file_card


def card(proc: Path, number: int, name: str, *devices: str) -> None:
    folder = proc / f"card{number}"
    folder.mkdir(parents=True)
    (folder / "id").write_text(f"{name}\n")
    for device in devices:
        (folder / device).mkdir()


@pytest.fixture
def pi(tmp_path) -> Path:
    """A Raspberry Pi with two HDMI sockets that only play, and two USB microphones."""
    proc = tmp_path / "asound"
    card(proc, 0, "vc4hdmi0", "pcm0p")
    card(proc, 10, "Snowball", "pcm0c")
    card(proc, 2, "Device", "pcm0p", "pcm1c", "pcm0c")
    return proc


def test_only_cards_that_record_are_found_in_their_order(pi):
    assert list(cards(pi).items()) == [("Device", "hw:2,0"), ("Snowball", "hw:10,0")]
    assert find_alsa(pi, {}) == ("alsa:Device", "alsa:Snowball")


def test_a_sound_server_shares_so_it_comes_first(pi, tmp_path):
    (tmp_path / "pipewire-0").touch()

    assert find_alsa(pi, {"XDG_RUNTIME_DIR": str(tmp_path)})[0] == "alsa:default"


def test_without_sound_there_is_nothing_to_find(tmp_path):
    assert find_alsa(tmp_path / "none", {}) == ()


def test_a_device_is_tried_at_its_own_rate_first_and_with_one_channel():
    tried = list(ways({"default_samplerate": 44_100.0, "max_input_channels": 6}))

    assert tried[:4] == [(44_100, 1), (44_100, 2), (44_100, 6), (48_000, 1)]
    assert len(tried) == len(set(tried))


def test_a_device_that_is_not_there_is_named(tmp_path, monkeypatch):
    file_card(tmp_path, np.zeros(44_100), 44_100, monkeypatch)
    microphone = AlsaMicrophone("no such card")

    with pytest.raises(Unavailable) as refused:
        microphone.open(MicrophoneSettings(microphone.name))

    assert refused.value.id == "microphone-missing"
    assert "no input 'no such card' among" in str(refused.value)
    assert "kittest" in str(refused.value)  # what there is, for whoever reads the log


def test_a_machine_without_portaudio_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # as where it was never installed
    monkeypatch.setattr(microphone_alsa, "find_library", lambda name: None)

    found, reason = read("hw:1,0", out=None)
    with pytest.raises(Unavailable) as refused:
        check_library()

    assert found == refused.value.id == "microphone-library"
    assert "sounddevice" in reason
    assert "apt install libportaudio2" in MESSAGES[found]


class Refuses:
    """PortAudio as it is where every way of opening a device fails."""

    class PortAudioError(Exception):
        pass

    def __init__(self, code: int) -> None:
        self._code = code

    def query_devices(self):
        device = {"name": "Mic (hw:1,0)", "max_input_channels": 1, "default_samplerate": 48_000.0}
        return [device]

    def RawInputStream(self, **asked):
        raise self.PortAudioError("Error opening", self._code)


@pytest.mark.parametrize(
    ("code", "id"), [(-9985, "microphone-busy"), (-9997, "microphone-missing")]
)
def test_a_device_that_somebody_else_holds_is_busy(monkeypatch, code, id):
    monkeypatch.setitem(sys.modules, "sounddevice", Refuses(code))

    assert read("hw:1,0", out=None)[0] == id


# --- a process that behaves as PortAudio does on hardware nobody here has ---


@pytest.fixture
def acts(tmp_path, monkeypatch):
    """A microphone whose process runs the given script instead of PortAudio."""
    opened = []

    def acts(script: str) -> AlsaMicrophone:
        program = tmp_path / "python"
        program.write_text(
            f"#!{sys.executable}\nimport json, os, struct, sys, time\n"
            "def put(kind, content):\n"
            f"    sys.stdout.buffer.write(struct.pack({HEAD.format!r}, kind, len(content)))\n"
            "    sys.stdout.buffer.write(content); sys.stdout.buffer.flush()\n"
            "def info(rate_hz, channels):\n"
            f"    put({INFO!r}, json.dumps(dict(rate_hz=rate_hz, channels=channels)).encode())\n"
            f"{script}\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(program))
        microphone = AlsaMicrophone("Device", proc=tmp_path)
        opened.append(microphone)
        return microphone

    yield acts
    for microphone in opened:
        microphone.close()


def test_stereo_is_averaged_and_an_overflow_is_said(acts):
    frames = np.array([[8192, 0], [-16384, -16384]], "<i2").tobytes()
    microphone = acts(
        f"info(44100, 2)\nput({SOUND!r}, {frames!r})\nput({OVERFLOW!r}, {frames!r})\n"
        "sys.stdin.read()"
    )

    info = microphone.open(MicrophoneSettings())
    first, second = microphone.read(), microphone.read()

    assert (info.rate_hz, info.channels) == (44_100, 2)
    assert first.samples.tolist() == [0.125, -0.5]
    assert (first.peak, first.overflow, second.overflow) == (0.5, False, True)


def test_full_scale_counts_as_clipped(acts):
    frames = np.array([32_767, -32_768, 0, 100], "<i2").tobytes()
    microphone = acts(f"info(48000, 1)\nput({SOUND!r}, {frames!r})\nsys.stdin.read()")

    microphone.open(MicrophoneSettings())

    assert microphone.read().clipped == 0.5


def test_a_device_that_waits_for_ever_is_lost_and_its_process_ended(acts, monkeypatch):
    monkeypatch.setattr(microphone_alsa, "SILENT_AFTER_S", 0.2)
    monkeypatch.setattr(microphone_alsa, "_STOP_WITHIN_S", 0.2)
    microphone = acts("info(48000, 1)\nwhile True: time.sleep(60)")  # deaf to its stdin, too
    microphone.open(MicrophoneSettings())
    process = microphone._process

    with pytest.raises(Unavailable) as gone:
        microphone.read()
    microphone.close()

    assert gone.value.id == "microphone-lost"
    assert "silent for too long" in str(gone.value)
    assert process.poll() is not None


def test_a_device_that_talks_without_end_while_it_fails_blocks_nobody(acts):
    trouble = b'["microphone-lost", "alsa: Device: No such device"]'
    microphone = acts(
        "info(48000, 1)\nsys.stderr.write('ALSA lib: snd_pcm_recover failed\\n' * 20000)\n"
        f"put({TROUBLE!r}, {trouble!r})"
    )
    microphone.open(MicrophoneSettings())

    with pytest.raises(Unavailable) as gone:
        microphone.read()

    assert str(gone.value) == "alsa: Device: No such device"


def test_a_process_that_dies_is_a_microphone_that_is_lost(acts):
    microphone = acts("info(48000, 1)\nos._exit(139)")
    microphone.open(MicrophoneSettings())

    with pytest.raises(Unavailable) as gone:
        microphone.read()

    assert gone.value.id == "microphone-lost"


def test_the_process_ends_with_whoever_started_it(tmp_path, monkeypatch):
    name = file_card(tmp_path, np.zeros(44_100), 44_100, monkeypatch)
    command = [sys.executable, "-m", "kit.devices.alsa_reader", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout.read(1) == INFO

        process.stdin.close()  # nobody reads on, and its pipe is full: it waits in its writing

        assert process.wait(30) == 0
