"""The system under the kit: chosen by name, never found by itself.

run       the image's: a door of files in /run/mallette, behind it root (kit/appliance/door.py)
fake      moves nothing; fake:FOLDER tells a folder and is told by it
none      this machine is no appliance: its Wi-Fi, clock and switch are its owner's business
"""

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.core.appliance import Ask, Status, Word, figures
from kit.core.errors import BadInput, NotFound, Unavailable
from kit.core.ports import Appliance
from kit.devices.appliance_fake import FakeAppliance

DOOR = Path("/run/mallette")
ANSWERS_WITHIN_S = 20.0
"""A small board starts Python in a second or two; one that is busy with a class takes longer."""


def find_appliance(name: str, *, door: Path = DOOR) -> Appliance:
    """The appliance of that name. Raises `BadInput` "appliance-unknown"."""
    kind, _, folder = name.partition(":")
    match kind:
        case "run":
            return DoorAppliance(door)
        case "fake":
            return FakeAppliance(Path(folder) if folder else None)
        case "none":
            return NoAppliance()
    raise BadInput("appliance-unknown", f"no appliance {name!r}", name=name[:80])


class NoAppliance:
    """A computer that does other things, too."""

    name = "none"

    def status(self) -> Status | None:
        """There is nothing to tell."""
        return None

    def ask(self, word: Word, wall_s: int | None = None) -> None:
        """Nothing is done. Raises `NotFound`."""
        raise NotFound("appliance-none", f"{word}: this kit was started without an appliance")


class DoorAppliance:
    """The image's: asks through files. One ask at a time; another one waits for its turn.

    Args:
        door: the folder that the image's tmpfiles make.
        answers_within_s: how long to wait for an answer.
        sleep: waits between two looks; a test's own lets root have its turn.
    """

    name = "run"

    def __init__(
        self,
        door: Path,
        *,
        answers_within_s: float = ANSWERS_WITHIN_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._door = door
        self._answers_within_s = answers_within_s
        self._sleep = sleep
        self._lock = threading.Lock()

    def status(self) -> Status:
        """What root has last written, and how the start has opened the Wi-Fi."""
        told, wifi = _json(self._door / "status.json"), _json(self._door / "for-kit" / "wifi.json")
        return Status(
            wifi=str(wifi.get("wifi", "")),
            wifi_on=bool(told.get("wifi_on", wifi.get("wifi") in ("own", "join"))),
            wifi_name=str(wifi.get("name", "")),
            wifi_password=str(wifi.get("password", "")),
            address=str(wifi.get("address", "")),
            host=str(wifi.get("host", "")),
            left=figures(told.get("left")),
            refused=figures(told.get("refused")) or {},
            problem=str(_dictionary(told.get("done")).get("problem") or ""),
        )

    def ask(self, word: Word, wall_s: int | None = None) -> None:
        """Put it through the door, and wait for the answer."""
        ask = Ask(secrets.token_hex(8), word, wall_s)
        with self._lock:
            self._put(ask)
            done = self._waited_for(ask.id)
        if done.get("problem"):
            raise Unavailable(done["problem"], f"{word}: {done['problem']}")

    def _put(self, ask: Ask) -> None:
        asks = self._door / "asks"
        half = asks / ".ask"
        try:
            half.unlink(missing_ok=True)
            half.write_bytes(ask.line())
            half.chmod(0o644)  # root over there has no right to what is another's alone
            os.replace(half, asks / "ask")
        except OSError as error:
            raise Unavailable("appliance-silent", f"no door at {asks}: {error}") from error

    def _waited_for(self, id: str) -> dict[str, Any]:
        waited_s = 0.0
        while waited_s < self._answers_within_s:
            done = _dictionary(_json(self._door / "status.json").get("done"))
            if done.get("id") == id:
                return done
            self._sleep(0.1)
            waited_s += 0.1
        # Whoever asked is told that nothing happens: then nothing may happen later.
        (self._door / "asks" / "ask").unlink(missing_ok=True)
        raise Unavailable("appliance-silent", f"no answer within {self._answers_within_s} s")


def _json(path: Path) -> dict[str, Any]:
    try:
        return _dictionary(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _dictionary(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
