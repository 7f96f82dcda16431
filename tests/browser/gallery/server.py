"""The real pages over fixtures: every state of the page, to be looked at and to be tested.

    python -m tests.browser.gallery.server 8123
    open http://127.0.0.1:8123/projects/full?lang=fr

The web application is the real one, with its templates, its policy and its streams; only the verbs
behind it are answered from `states.py`. Nothing here changes.
"""

import sys
import threading
import time
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
from werkzeug.serving import WSGIRequestHandler, make_server

from kit.activities import find
from kit.codecs.sound import encode_wav
from kit.core.animals import ANIMALS
from kit.core.errors import KitError, NotFound
from kit.core.sound import SAMPLE_RATE_HZ
from kit.core.types import (
    Actor,
    CameraSettings,
    CameraStatus,
    DeviceState,
    Kind,
    Media,
    MicrophoneSettings,
    MicrophoneStatus,
    ModelRef,
    Prediction,
    ProjectInfo,
    Role,
    Sample,
)
from kit.resources import activities_dir
from kit.studio.check import Explanation, Square
from kit.studio.show import SamplePage
from kit.web import Doors, Rooms, create_app
from tests.browser.gallery.states import hand, heard, prediction, states

PHOTOS = Path(__file__).resolve().parents[4] / "shared" / "data" / "hand-signs"
SIGNS = {0: "0", 1: "2", 2: "5"}
"""Which photos stand for a label where the real ones lie beside the checkout."""


def picture(label: int, number: int, width: int = 160, height: int = 160) -> bytes:
    """A photo of that label where there are any, else a drawing."""
    folder = PHOTOS / SIGNS.get(label, str(label % 10))
    photos = sorted(folder.glob("*.jpg"))
    if photos:
        pixels = cv2.imread(str(photos[number % len(photos)]))
        side = max(width, height)
        pixels = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_CUBIC)
        wide = np.full((height, width, 3), pixels[2, 2], np.uint8)
        shown = cv2.resize(pixels, (min(width, height),) * 2)
        left = (width - shown.shape[1]) // 2
        wide[:, left : left + shown.shape[1]] = shown
        pixels = wide
    else:
        pixels = np.full((height, width, 3), (196, 204, 210), np.uint8)
        centre = (width // 2, height // 2)
        colour = [(178, 114, 0), (0, 74, 184), (90, 122, 0)][label % 3]
        cv2.circle(pixels, centre, min(width, height) // (3 + number % 3), colour, -1)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


class Box:
    """A subscription that says the state, then the same answer again and again."""

    def __init__(self, state: dict[str, Any], live: bool) -> None:
        self.closed = False
        self._news = [("state", state)]
        self._answer = prediction(state) if live and state["can_answer"] else None
        self._listens = live and state["project"]["kind"] == "sound"
        self._seq = 0

    def next(self, timeout_s: float | None = None) -> Any:
        if not self._news:
            time.sleep(min(0.2, timeout_s or 0.2))
            if self._listens:
                self._news.append(("sound", heard(self._seq * 6)))
            if self._answer is not None and self._seq < 4:
                self._news.append(("prediction", self._answer))
            elif self._answer is not None:
                self._news.append(("prediction", {**self._answer, "heard": False}))
            if not self._news:
                return None
        self._seq += 1
        kind, data = self._news.pop(0)
        return SimpleNamespace(kind=kind, data=data, seq=self._seq)

    def close(self) -> None:
        self.closed = True


class Studio:
    """One project of the gallery."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def state(self, actor: Actor) -> dict[str, Any]:
        return self._state

    def subscribe(self, actor: Actor, live: bool) -> Box:
        return Box(self._state, live and self._state["project"]["id"] != "nocamera")

    def picture(self, actor: Actor, sample_id: str, thumb: bool = False) -> tuple[bytes, str]:
        label, _, number = sample_id.removeprefix("l").partition("-")
        match self._state["project"]["kind"]:
            case "sound":
                columns = [column for at in range(8) for column in heard(at * 12)["columns"]]
                turned = np.flipud(np.array(columns, np.uint8).T)
                coloured = cv2.applyColorMap(turned, cv2.COLORMAP_INFERNO)
                wide = cv2.resize(coloured, (160, 96), interpolation=cv2.INTER_NEAREST)
                return cv2.imencode(".png", wide)[1].tobytes(), "image/png"
            case "gesture":
                paper = np.full((160, 160, 3), 255, np.uint8)
                for x, y in hand()["points"]:
                    cv2.circle(paper, (int(x * 160), int(y * 160)), 4, (178, 114, 0), -1)
                return cv2.imencode(".png", paper)[1].tobytes(), "image/png"
        return picture(int(label), int(number)), "image/jpeg"

    def sound(self, actor: Actor, sample_id: str, whole: bool = False) -> bytes:
        """Two seconds with a word in them."""
        at_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
        word = np.exp(-40 * (at_s - 1.1) ** 2) * np.sin(2 * np.pi * 330 * at_s)
        return encode_wav((0.5 * word + 0.01 * np.sin(at_s * 9000)).astype(np.float32))

    def label_ids(self, actor: Actor) -> dict[str, str]:
        return {one["name"]: one["id"] for one in self._state["labels"]}

    def samples(self, actor: Actor, label_id: str, before: int | None, limit: int) -> SamplePage:
        labels = self._state["labels"]
        label = next((one for one in labels if one["id"] == label_id), labels[0])
        label_id = label["id"]
        newest = (before or label["samples"] + 1) - 1
        numbers = range(newest, max(0, newest - limit), -1)
        samples = tuple(self._sample(label_id, n) for n in numbers)
        return SamplePage(samples, more=newest > limit)

    def confusion_cell(self, actor: Actor, truth: str, predicted: str) -> Any:
        return [(self._sample(truth, n), 0.5 + n / 20) for n in range(1, 4)]

    def explain_file(self, actor: Actor, data: bytes) -> Explanation:
        rows, columns = np.mgrid[-1:1:7j, -1:1:7j]
        heat = np.exp(-3 * ((rows + 0.3) ** 2 + (columns - 0.1) ** 2))
        similar = tuple((self._sample("l1", n), 0.9 - n / 50) for n in range(1, 5))
        square = Square(left=0.125, top=0.0, width=0.75, height=1.0)
        return Explanation(self._answer(), heat, similar, square)

    def predict_file(self, actor: Actor, data: bytes) -> Prediction:
        return self._answer()

    def _answer(self) -> Prediction:
        plain = prediction(self._state)
        model = {**plain["model"]}
        del model["animal"]
        for only_on_the_wire in ("label_id", "latency_ms", "heard", "last_heard", "hands"):
            plain.pop(only_on_the_wire, None)
        return Prediction(**{**plain, "model": ModelRef(**model)})

    def _sample(self, label_id: str, n: int) -> Sample:
        plain = Sample(f"{label_id}-{n}", label_id, "b", "0" * 64, n, 160, 160, "file")
        match self._state["project"]["kind"]:
            case "sound":
                return replace(plain, media=Media.SOUND, bytes=64_044)
            case "gesture":
                return replace(plain, media=Media.HANDS, bytes=312, sent_bytes=41_000)
        return plain


class Library:
    """The gallery's projects."""

    def __init__(self) -> None:
        self.states = states()

    def open(self, actor: Actor, project_id: str) -> Studio:
        if project_id == "broken":
            raise KitError("something-broke", "as asked")
        if project_id not in self.states:
            raise NotFound("project-missing", "no such state")
        return Studio(self.states[project_id])

    def list(self, actor: Actor) -> list[ProjectInfo]:
        return [
            ProjectInfo(
                id,
                "squirrel",
                one["project"]["name"],
                Kind(one["project"]["kind"]),
                is_example=id == "full",
                labels=len(one["labels"]),
                samples=sum(label["samples"] for label in one["labels"]),
            )
            for id, one in self.states.items()
        ]

    def thumb(self, actor: Actor, project_id: str) -> str | None:
        labels = self.states[project_id]["labels"]
        return next((one["thumbs"][0]["id"] for one in labels if one["thumbs"]), None)


class Feed:
    """A camera that shows one picture, or none where `lost`."""

    def __init__(self) -> None:
        self.lost = False
        self._settings = CameraSettings(name="usb")
        self._preview = picture(1, 7, 320, 240)
        self._sequence = 0

    def status(self) -> CameraStatus:
        lost = DeviceState.LOST if self.lost else DeviceState.LIVE
        return CameraStatus(lost, "usb", self._settings, ("picamera2", "usb"), ("lock-exposure",))

    def choose(self, settings: CameraSettings) -> CameraStatus:
        self._settings = settings
        return self.status()

    def newest(self, after: int = -1, timeout_s: float = 1.0) -> None:
        return None

    def preview(self, after: int = -1, timeout_s: float = 1.0) -> tuple[int, bytes] | None:
        if self.lost:
            time.sleep(min(timeout_s, 0.2))
            return None
        time.sleep(0.1)
        self._sequence += 1
        return self._sequence, self._preview


class Microphone:
    """A microphone that hears, was `lost`, or is with the Otters where `taken`."""

    def __init__(self) -> None:
        self.lost = self.taken = False

    def status(self) -> MicrophoneStatus:
        if self.lost:
            lost, settings = DeviceState.LOST, MicrophoneSettings()
            return MicrophoneStatus(lost, "", settings, message_id="microphone-none")
        return MicrophoneStatus(
            DeviceState.LIVE,
            "alsa:USB PnP Sound Device",
            MicrophoneSettings(),
            ("alsa", "alsa:USB PnP Sound Device"),
            rate_hz=48_000,
            taken_by="otter" if self.taken else None,
        )

    def choose(self, settings: MicrophoneSettings) -> MicrophoneStatus:
        return self.status()


class Classroom:
    """A class that never changes: the Squirrels are here, and the teacher too where `teacher`."""

    epoch = 1
    teacher_key = "gallery"
    prolonged = False

    def __init__(self, is_class: bool) -> None:
        self.is_class = is_class

    def session(self, animal: str | None, teacher_key: str | None, epoch: int | None) -> Any:
        if not self.is_class:
            return Actor(Role.LOCAL)
        if teacher_key:
            return Actor(Role.TEACHER, animal)
        return Actor(Role.GROUP, animal) if animal else None

    def groups(self, actor: Actor | None) -> list[Any]:
        return [SimpleNamespace(animal=key, taken=key in ("squirrel", "owl")) for key in ANIMALS]

    def join(self, animal: str) -> Actor:
        return Actor(Role.GROUP, animal)

    def enter_code(self, code: str, client: str, actor: Actor | None = None) -> Actor:
        return Actor(Role.TEACHER)

    def ends_at_text(self) -> str | None:
        return "2026-11-23T18:00+01:00" if self.is_class else None

    def what_goes(self, actor: Actor) -> dict[str, int]:
        return {"groups": 6, "projects": 9, "samples": 1240, "models": 14, "bytes": 48_300_000}


class Experiments:
    """Nothing was ever measured in the gallery."""

    def greet(self, project_id: str, subscription: Any) -> None:
        """Tell whoever begins to listen nothing."""


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


class Gallery:
    """A running gallery; `address` is where."""

    def __init__(self, port: int = 0, *, is_class: bool = False) -> None:
        self.library, self.feed, self.classroom = Library(), Feed(), Classroom(is_class)
        self.microphone = Microphone()
        rooms = {
            "microphone": self.microphone,
            "library": self.library,
            "classroom": self.classroom,
            "jobs": SimpleNamespace(),
            "feed": self.feed,
            "activities": _activities,
            "experiments": Experiments(),
        }
        asked = {one.name for one in fields(Rooms)}
        self.app = create_app(
            Rooms(**{name: rooms[name] for name in asked & rooms.keys()}), Doors(secret=b"gallery")
        )
        self.app.jinja_env.auto_reload = True  # look, change, look again
        self._server = make_server("127.0.0.1", port, self._serve, True, request_handler=Quiet)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The application; a file is read at once, and closed.

        Werkzeug's server leaves it open where a browser that goes on to another page resets the
        connection, and the warning then comes in the middle of some other test.
        """
        pieces = self.app(environ, start_response)
        if not environ["PATH_INFO"].startswith("/static/"):
            return pieces
        try:
            return [b"".join(pieces)]
        finally:
            pieces.close()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _activities() -> list[Any]:
    return find(activities_dir())


if __name__ == "__main__":
    gallery = Gallery(int(sys.argv[1]) if len(sys.argv) > 1 else 8123, is_class="class" in sys.argv)
    print(f"{gallery.address}/projects/full")
    threading.Event().wait()
