"""Microphones of this machine, through ALSA and PortAudio, read by a process of their own.

Which cards can record is read from `/proc/asound` without opening any, so looking never disturbs
whoever uses one. A card is named by its ALSA id ("Device", "Snowball"), which stays the same when
it is plugged into another socket. Any other name is one of ALSA's own ("default", or what an
asoundrc defines).
"""

import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from kit.core.errors import Unavailable
from kit.core.types import MicrophoneInfo, MicrophoneSettings
from kit.devices.alsa_reader import HEAD, INFO, OVERFLOW, TROUBLE
from kit.devices.microphone_base import BaseMicrophone, Block

PROC = Path("/proc/asound")
READY_WITHIN_S = 10.0
"""A busy Raspberry Pi needs seconds to start a process and to look at its devices."""
SILENT_AFTER_S = 2.0
"""A live microphone gives a block every 20 ms; pulled out, PortAudio may wait for ever."""
_STOP_WITHIN_S = 1.0
_PIPE_BYTES = 256 * 1024  # 2.7 s of one channel at 48,000 Hz


def cards(proc: Path = PROC) -> dict[str, str]:
    """ALSA id -> "hw:CARD,DEVICE" of each card that can record, in the system's order."""
    found = {}
    for folder in proc.glob("card[0-9]*"):
        number = int(folder.name.removeprefix("card"))
        inputs = [int(pcm.name[3:-1]) for pcm in folder.glob("pcm[0-9]*c")]
        try:
            name = (folder / "id").read_text(encoding="utf-8").strip()
        except OSError:
            continue  # unplugged while we looked
        if inputs and name:
            found[number] = name, f"hw:{number},{min(inputs)}"
    return dict(found[number] for number in sorted(found))


def find_alsa(proc: Path = PROC, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Names of the microphones, best first: a sound server's, then each card's.

    A desktop's sound server holds the cards and shares them; without one "default" is often a
    card that only plays.
    """
    runtime = Path(environment.get("XDG_RUNTIME_DIR") or "/nonexistent")
    served = any((runtime / socket).exists() for socket in ("pulse/native", "pipewire-0"))
    return (("alsa:default",) if served else ()) + tuple(f"alsa:{name}" for name in cards(proc))


def check_library() -> None:
    """Look for PortAudio without loading it. Raises `Unavailable`, "microphone-library"."""
    if find_spec("sounddevice") is None:
        raise Unavailable("microphone-library", "sounddevice is not installed")
    if not find_library("portaudio"):
        raise Unavailable("microphone-library", "no PortAudio library (libportaudio2)")


class AlsaMicrophone(BaseMicrophone):
    """One microphone by its name.

    Args:
        name: a card's id, or a name that ALSA itself knows.
        proc: where the cards are listed.
    """

    def __init__(self, name: str, proc: Path = PROC) -> None:
        super().__init__()
        self.name = f"alsa:{name}"
        self._alsa_name = name
        self._proc = proc
        self._process: subprocess.Popen | None = None
        self._heard = bytearray()
        self._channels = 1

    def _start(self, settings: MicrophoneSettings) -> MicrophoneInfo:
        self._stop()
        device = cards(self._proc).get(self._alsa_name, self._alsa_name)
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kit.devices.alsa_reader", device],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # ALSA talks much, and without end once a card is gone
            env=os.environ | {"PYTHONPATH": path, "JACK_NO_START_SERVER": "1"},
        )
        pipe = self._process.stdout.fileno()
        os.set_blocking(pipe, False)
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            kind, content = self._packet(READY_WITHIN_S)
            if kind != INFO:
                raise Unavailable("microphone-lost", f"{self.name}: sound before its format")
        except Unavailable:
            self._stop()
            raise
        told = json.loads(content)
        self._channels = told["channels"]
        return MicrophoneInfo(told["rate_hz"], told["channels"])

    def _wait(self) -> Block:
        kind, content = self._packet(SILENT_AFTER_S)
        samples = np.frombuffer(content, "<i2").astype(np.float32) / np.float32(32_768.0)
        return Block(samples.reshape(-1, self._channels), overflow=kind == OVERFLOW)

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._heard.clear()
        if process is None:
            return
        process.stdin.close()
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _packet(self, within_s: float) -> tuple[bytes, bytes]:
        """The next packet's letter and content. Raises `Unavailable`: a trouble, or silence."""
        deadline = time.monotonic() + within_s
        while True:
            if len(self._heard) >= HEAD.size:
                kind, length = HEAD.unpack_from(self._heard)
                if len(self._heard) >= HEAD.size + length:
                    content = bytes(self._heard[HEAD.size : HEAD.size + length])
                    del self._heard[: HEAD.size + length]
                    if kind == TROUBLE:
                        raise Unavailable(*json.loads(content))
                    return kind, content
            self._hear(deadline)

    def _hear(self, deadline: float) -> None:
        if self._process is None:
            raise Unavailable("microphone-lost", f"{self.name}: not open")
        pipe = self._process.stdout.fileno()
        if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise Unavailable("microphone-lost", f"{self.name}: silent for too long")
        heard = os.read(pipe, 65_536)
        if not heard:
            raise Unavailable("microphone-lost", f"{self.name}: the process that reads it ended")
        self._heard += heard
