"""An appliance made of nothing: for tests, and for trying the teacher's page on a computer.

    appliance = FakeAppliance()
    appliance.leak(76, "time"); appliance.refuse(3, "names"); appliance.fall_silent()
    appliance.asked                        [(Word.WIFI_OFF, None)]

By name it is "fake", or "fake:FOLDER": then each ask is a line of `asks.jsonl` in there, and the
file `world.json` is looked at each time: {"left": {"time": 76}, "silent": true, "wifi": "join",
"card": "read-only", "free_mb": 120}.
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.core.appliance import Status, Word, check_wall, figures
from kit.core.errors import Unavailable

JOURNAL, WORLD = "asks.jsonl", "world.json"
_FRAGMENT, _AVAILABLE, _FLAGS = 1, 4, 8  # statvfs_result's fields, in its order
NAME, PASSWORD = "Mallette-6B7Q", "abcd-efgh-jkmn"


class FakeAppliance:
    """A kit with a Wi-Fi of its own that moves nothing and remembers what it was asked.

    Attributes:
        asked: what was asked and heard, in order.
    """

    name = "fake"

    def __init__(self, folder: Path | None = None) -> None:
        self.asked: list[tuple[Word, int | None]] = []
        self._folder = folder
        self._lock = threading.Lock()
        self._wifi_on = True
        self._problem = ""
        self._world: dict[str, Any] = {"wifi": "own", "left": {}, "refused": {}, "silent": False}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    # --- verbs of the physical world ---

    def leak(self, size: int, kind: str) -> None:
        """Let so many bytes leave the room."""
        self._count("left", size, kind)

    def refuse(self, packets: int, kind: str) -> None:
        """Let something on the kit try to leave, and be kept from it."""
        self._count("refused", packets, kind)

    def break_card(self, how: str) -> None:
        """Let the memory card turn "read-only", or be "gone"; "" mends it."""
        self._world["card"] = how

    def fill_card(self, free_mb: int) -> None:
        """Leave so much room on the card."""
        self._world["free_mb"] = free_mb

    def hold_on_to_leases(self) -> None:
        """Let the Wi-Fi's name server not end with the radio."""
        self._world["leases_stay"] = True

    def lose_the_counters(self) -> None:
        """The firewall does not answer."""
        self._world["left"] = None

    def forget_the_country(self) -> None:
        """The card's form lets no radio speak."""
        self._world["wifi"] = "off"
        self._wifi_on = False

    def fall_silent(self) -> None:
        """Nobody is behind the door."""
        self._world["silent"] = True

    def answer_again(self) -> None:
        """Somebody is, again."""
        self._world["silent"] = False

    # --- what a back end does ---

    def status(self) -> Status:
        """What it is like now."""
        world = self._look()
        own = world["wifi"] == "own"
        return Status(
            wifi=world["wifi"],
            wifi_on=self._wifi_on,
            wifi_name=NAME if own else "",
            wifi_password=PASSWORD if own else "",
            address="10.42.0.1" if own else "",
            host="kit.local",
            left=figures(world["left"]),
            refused=figures(world["refused"]) or {},
            problem=self._problem,
        )

    def card(self, folder: Path) -> os.statvfs_result:
        """What the file system of the data folder says of itself (`os.statvfs`)."""
        world = self._look()
        if world.get("card") == "gone":
            raise OSError(f"{folder}: fake: the card is gone")
        told = list(os.statvfs(folder))
        if "free_mb" in world:
            told[_AVAILABLE] = world["free_mb"] * 1024 * 1024 // told[_FRAGMENT]
        if world.get("card") == "read-only":
            told[_FLAGS] |= os.ST_RDONLY
        return os.statvfs_result(told)

    def ask(self, word: Word, wall_s: int | None = None) -> None:
        """Remember it."""
        world = self._look()
        if world["silent"]:
            raise Unavailable("appliance-silent", "fake: silent")
        if word is Word.WIFI_ON and world["wifi"] == "off":
            raise Unavailable("wifi-not-wished", "fake: no country")
        if word is Word.SET_CLOCK:
            check_wall(wall_s)
        with self._lock:
            self.asked.append((word, wall_s))
            kept = word in (Word.WIFI_OFF, Word.ERASE_LEASES) and world.get("leases_stay")
            self._problem = "leases-not-erased" if kept else ""
            if word in (Word.WIFI_OFF, Word.WIFI_ON):
                self._wifi_on = word is Word.WIFI_ON
            if self._folder is not None:
                with (self._folder / JOURNAL).open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"word": word, "wall_s": wall_s}) + "\n")

    def _count(self, side: str, amount: int, kind: str) -> None:
        counts = self._world[side]
        counts[kind] = counts.get(kind, 0) + amount

    def _look(self) -> Mapping[str, Any]:
        if self._folder is not None:
            try:
                told = json.loads((self._folder / WORLD).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                told = {}
            return {**self._world, **told}
        return self._world
