"""What is asked of the system under the kit, and what it tells: words and figures, no deed.

The server has no rights. What only root may do lies behind a door (`docs/decisions/0018`): the
server puts one `Ask` into a folder, root carries out that one word and writes what became of it.
Both sides read and write through this module, so the list of words is in one place, closed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

EARLIEST_S = 1_767_225_600
"""2026-01-01, the time of every file of the image: no lesson was before."""
LATEST_S = 2_208_988_800
"""2040-01-01. A browser that says later has a clock that is worse than none."""

MOST_BYTES = 512
"""An ask is one line; whatever is longer was not written by the kit."""

KINDS = ("names", "time", "web", "other")
"""Of what left, or was kept from leaving: port 53, port 123, ports 80 and 443, the rest."""


class Word(StrEnum):
    """Everything that may be asked."""

    LOOK = "look"
    """Read the counters again."""
    WIFI_OFF = "wifi-off"
    """Silence the radio; what it knew of the screens is forgotten."""
    WIFI_ON = "wifi-on"
    ERASE_LEASES = "erase-leases"
    """Off, forget the screens, on again."""
    SET_CLOCK = "set-clock"
    POWER_OFF = "power-off"
    RESTART = "restart"


LEAVING = frozenset({Word.WIFI_OFF, Word.ERASE_LEASES, Word.POWER_OFF, Word.RESTART})
"""These may cut off whoever asked, so they are answered first and carried out a moment later."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked.

    Attributes:
        id: drawn anew for each, so that an answer is told from an older one.
        word: what is asked.
        wall_s: with `SET_CLOCK`, whole seconds since 1970.
    """

    id: str
    word: Word
    wall_s: int | None = None

    def line(self) -> bytes:
        """As it is put through the door."""
        return json.dumps({"id": self.id, "word": self.word, "wall_s": self.wall_s}).encode()


def read_ask(content: bytes) -> Ask:
    """What stands in an ask, nothing of it believed before it is checked.

    Raises:
        ValueError: it is none.

    >>> read_ask(Ask("0f" * 8, Word.LOOK).line()).word
    <Word.LOOK: 'look'>
    >>> read_ask(b'{"id": "0f0f0f0f0f0f0f0f", "word": "look; reboot", "wall_s": null}')
    Traceback (most recent call last):
    ...
    ValueError: 'look; reboot' is not a valid Word
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"{len(content)} bytes")
    found = json.loads(content)
    if not isinstance(found, dict) or set(found) != {"id", "word", "wall_s"}:
        raise ValueError("not the three keys of an ask")
    id, word, wall_s = found["id"], Word(found["word"]), found["wall_s"]
    if not isinstance(id, str) or not re.fullmatch("[0-9a-f]{16}", id):
        raise ValueError("no id")
    if word is Word.SET_CLOCK:
        check_wall(wall_s)
    elif wall_s is not None:
        raise ValueError(f"{word} with a time")
    return Ask(id, word, wall_s)


def check_wall(wall_s: object) -> None:
    """Refuse a time at which no lesson can be. Raises `ValueError`.

    >>> check_wall(1_800_000_000)
    """
    if not isinstance(wall_s, int) or isinstance(wall_s, bool):
        raise ValueError(f"no whole seconds: {wall_s!r}")
    if not EARLIEST_S <= wall_s < LATEST_S:
        raise ValueError(f"{wall_s} s is not between 2026 and 2040")


@dataclass(frozen=True, slots=True)
class Status:
    """What the system tells.

    Attributes:
        wifi: "own", "join" or "off", as the card's form wishes; "" where that is not known.
        wifi_on: whether the radio may speak.
        wifi_name, wifi_password: of the kit's own Wi-Fi; empty where it has none.
        address: of the kit on its own Wi-Fi.
        host: its name there.
        left: bytes that left for a public address since the start, by kind; None: not counted.
        refused: packets for anywhere beyond the room that the firewall dropped, by kind.
        problem: message id of what became of the last ask, if that went wrong after its answer.
    """

    wifi: str = ""
    wifi_on: bool = False
    wifi_name: str = ""
    wifi_password: str = field(default="", repr=False)
    address: str = ""
    host: str = ""
    left: Mapping[str, int] | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""

    @property
    def left_bytes(self) -> int | None:
        """All of `left` together.

        >>> Status(left={"time": 76, "other": 4}).left_bytes
        80
        """
        return None if self.left is None else sum(self.left.values())


def figures(found: Any) -> dict[str, int] | None:
    """Counts by kind as a file tells them; None where it tells none."""
    if not isinstance(found, dict):
        return None
    return {kind: int(found.get(kind, 0)) for kind in KINDS}


def join_code(name: str, password: str) -> str:
    r"""What a QR code says so that a camera joins this Wi-Fi.

    >>> join_code("Mallette; 6B", "abcd-efgh-jkmn")
    'WIFI:T:WPA;S:Mallette\\; 6B;P:abcd-efgh-jkmn;;'
    """

    def escaped(text: str) -> str:
        return "".join(f"\\{c}" if c in '\\;,":' else c for c in text)

    return f"WIFI:T:WPA;S:{escaped(name)};P:{escaped(password)};;"
