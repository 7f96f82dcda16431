"""Small back ends behind the Protocols of `kit/core/ports.py`, for tests of the verbs.

They are back ends like the others: `SmallEngine` embeds by colour, at once and in the caller's
thread; `HandFeed` is a camera whose frames the test hands over one by one. Time passes only as
frames do, so no test sleeps.
"""

import threading
from collections import deque
from concurrent.futures import Future

import numpy as np

from kit.codecs.picture import encode_picture, preview
from kit.codecs.sound import encode_wav
from kit.core.errors import Unavailable
from kit.core.hands import POINTS, Hand, Side
from kit.core.image import prepare
from kit.core.sound import Hearing
from kit.core.types import (
    CameraSettings,
    CameraStatus,
    Chunk,
    DeviceState,
    Embedded,
    Frame,
    MicrophoneSettings,
    MicrophoneStatus,
    Recording,
)
from kit.engine.sound_fanout import level_of
from kit.engine.sound_runtime import Pooled
from kit.senses import Senses

RED, BLUE, GREEN = (200, 40, 30), (30, 60, 200), (40, 180, 60)
_noise = np.random.default_rng(7)


def picture(colour, *, width=96, height=72, spread=12):
    """(h, w, 3) uint8: a card of this colour, no two alike."""
    noise = _noise.integers(-spread, spread + 1, (height, width, 3))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


def jpeg(colour, **size):
    """Such a card as a JPEG file."""
    return encode_picture(picture(colour, **size))


class SmallEngine:
    """Embeds a picture as the mean, over four by four cells, of how much of 27 colours is there."""

    backbone = "colours"
    backbone_hash = "c0" * 32
    runtime_version = "small 1"
    input_size = 32
    cut = "embedding"
    dimensions = 27

    def __init__(self):
        self.asked = 0
        self.is_broken = False

    def embed(self, pixels, lane, *, view=0, feature_map=False):
        self.asked += 1
        future = Future()
        if self.is_broken:
            future.set_exception(Unavailable("engine-stopped", "the engine was closed"))
            return future
        cells = prepare(pixels, self.input_size).reshape(4, 8, 4, 8, 3).swapaxes(1, 2)
        bins = (cells // 86).astype(int) @ (9, 3, 1)
        counted = [[np.bincount(c.ravel(), minlength=27) for c in row] for row in bins]
        maps = np.array(counted, np.float32) + 0.01 * view
        stages_ms = {"prepare": 0.1, "wait": 0.0, "invoke": 0.2}
        kept_map = maps if feature_map else None
        future.set_result(Embedded(maps.mean(axis=(0, 1)), kept_map, stages_ms))
        return future

    def run(self, work, lane, *, source="camera"):
        future = Future()
        try:
            future.set_result(work(0.0))
        except Exception as error:
            future.set_exception(error)
        return future


class HandPrint:
    """Finds a hand in a picture by its colour: green is a right hand, its points as wide as the
    green is strong. Nothing else is one.
    """

    name, hash, runtime_version = "hand prints", "4a" * 32, "small 1"
    most = 2

    def find(self, pixels):
        red, green, blue = pixels.reshape(-1, 3).mean(axis=0)
        if green < max(red, blue) + 20:
            return []
        height, width = pixels.shape[:2]
        turn = np.linspace(0, 2 * np.pi, POINTS, endpoint=False) * (red + 60) / 100
        shape = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
        points = shape * height / 4 + (width / 2, height / 2, 0)
        return [Hand(points.astype(np.float32), Side.RIGHT, 0.99, 0.98)]

    follow = find


def small_senses(engine):
    """Every sense over small parts; a face is whatever is magenta."""
    return Senses(
        engine,
        load_listener=lambda hearing: Pooled() if hearing is Hearing.SOUNDS else SmallEar(),
        load_finder=HandPrint,
        cover=cover_magenta,
    )


class SmallEar:
    """Hears words as how strong each band is."""

    hearing, name, hash = Hearing.WORDS, "small ear", "ea" * 32
    runtime_version, cut = "small 1", "embedding"

    def embed(self, prepared):
        return prepared.mean(axis=0)


def cover_magenta(pixels):
    """A picture with its magenta in grey, and whether there was any."""
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    face = (red > green + 100) & (blue > green + 100)
    covered = pixels.copy()
    covered[face] = 128
    return covered, int(face.any())


class HandFeed:
    """A camera's owner whose frames are put in by hand: `hold_up`, `unplug`, `replug`."""

    def __init__(self):
        self._changed = threading.Condition()
        self._frames = deque()
        self._sequence = 0
        self._now_s = 0.0
        self._state = DeviceState.LIVE

    def hold_up(self, colour, *, seconds=1.0, fps=25):
        """So many seconds of a card, or of these pixels, there to be read at once."""
        with self._changed:
            for _ in range(round(seconds * fps)):
                self._sequence += 1
                self._now_s += 1 / fps
                pixels = colour if isinstance(colour, np.ndarray) else picture(colour)
                self._frames.append(Frame(pixels, self._now_s, self._sequence, 1.0))
            self._changed.notify_all()

    def unplug(self):
        """The frames already read are gone, and no other comes."""
        with self._changed:
            self._frames.clear()
            self._state = DeviceState.LOST
            self._changed.notify_all()

    def replug(self):
        with self._changed:
            self._state = DeviceState.LIVE

    @property
    def all_seen(self):
        """Whether whoever watches has read every frame."""
        return not self._frames

    def status(self):
        lost = self._state is DeviceState.LOST
        return CameraStatus(
            self._state, "hand", CameraSettings(), message_id="camera-lost" if lost else None
        )

    def choose(self, settings):
        return self.status()

    def newest(self, after=-1, timeout_s=1.0):
        with self._changed:
            if not self._frames:
                self._changed.wait(min(timeout_s, 0.005))
            if not self._frames:
                return None
            return self._frames.popleft()

    def preview(self, after=-1, timeout_s=1.0):
        frame = self.newest(after, timeout_s)
        return None if frame is None else (frame.sequence, preview(frame.pixels))


class HandFanout:
    """Shows a frame to every watcher, in the test's own thread."""

    def __init__(self):
        self._sequence = 0
        self.watchers = []

    def watch(self, watcher, sense):
        self.watchers.append((watcher, sense))
        return lambda: self.watchers.remove((watcher, sense))

    def hold_up(self, colour):
        self._sequence += 1
        frame = Frame(picture(colour), float(self._sequence), self._sequence, 2.0)
        for watcher, sense in list(self.watchers):
            watcher(frame, sense.look(frame))


class HandClock:
    """A clock whose hands the test moves."""

    def __init__(self, wall_s=1_800_000_000.0):
        self.wall, self.machine = wall_s, 500.0

    def monotonic_s(self):
        return self.machine

    def wall_s(self):
        return self.wall

    def pass_s(self, seconds):
        self.wall += seconds
        self.machine += seconds

    def set_to(self, wall_s):
        self.wall = wall_s


def tone(hz, *, seconds=1.0, loudness=0.4):
    """A waveform of one pitch with a little noise, no two alike, that swells and fades."""
    at_s = np.arange(round(seconds * 16_000)) / 16_000
    swell = np.sin(np.pi * at_s / seconds) * loudness
    return (swell * np.sin(2 * np.pi * hz * at_s) + _noise.normal(0, 1e-3, len(at_s))).astype("f4")


LOW, HIGH = 220, 2200


def wav(hz, **how):
    """Such a tone as a WAV file."""
    return encode_wav(tone(hz, **how))


class HandMicrophone:
    """A microphone's owner who hears what the test lets it: `say`, `unplug`."""

    def __init__(self):
        self.taken_by = None
        self.asked = []
        self._next = tone(LOW)
        self._whole = True

    def say(self, waveform):
        """What the next recording will hold, and what was heard just now."""
        self._next, self._whole = waveform, True

    def unplug(self, after):
        """The next recording ends after so many samples."""
        self._next, self._whole = self._next[:after], False

    def status(self):
        return MicrophoneStatus(
            DeviceState.LIVE, "hand", MicrophoneSettings(), taken_by=self.taken_by
        )

    def record(self, seconds, who, *, stop=lambda: False, timeout_s=5.0):
        self.asked.append((seconds, who))
        heard = self._next[: round(seconds * 16_000)]
        return Recording(heard, float(np.abs(heard).max(initial=0.0)), 0.0, whole=self._whole)

    def newest(self, seconds, after=-1, timeout_s=1.0):
        return Chunk(self._next, 16_000, 0.0, len(self._next))


class HandSounds:
    """Lets every listener hear a second, in the test's own thread."""

    def __init__(self):
        self._sequence = 0
        self.watchers = []

    def watch(self, watcher, sense):
        self.watchers.append((watcher, sense))
        return lambda: self.watchers.remove((watcher, sense))

    def say(self, waveform, *, steps=1):
        """So many eighths of a second in which this is the last second heard."""
        for _ in range(steps):
            self._sequence += 2000
            chunk = Chunk(waveform, 16_000, self._sequence / 16_000, self._sequence)
            second = level_of(chunk, self._sequence - 2000)
            for watcher, sense in list(self.watchers):
                embedded = sense.embed(sense.read_raw(waveform), 1).result()
                watcher(second, embedded)
