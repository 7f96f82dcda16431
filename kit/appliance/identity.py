"""Who this kit is: drawn once, at its first start, so that no two kits of one image are alike.

The image holds none of this. It lies on the data partition, which a return formats: the next
class's kit is somebody else, and a passphrase that pupils took home opens nothing.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that a child at the back of the room takes for another: no i, l, o, 0 or 1."""

_GROUPS, _GROUP = 3, 4
"""31 ** 12 is 59 bits. WPA2 makes each guess cost 4096 rounds of hashing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes one kit another than its sisters.

    Attributes:
        machine_id: as in machine-id(5).
        wifi_name: of its own network, so that several kits in a room are told apart.
        wifi_password: of its own network; on the screen and on the printed sheet, nowhere else.
    """

    machine_id: str
    wifi_name: str
    wifi_password: str = field(repr=False)


def drawn(choose: Callable[[str], str] = secrets.choice) -> Identity:
    """A new identity.

    >>> somebody = drawn()
    >>> len(somebody.machine_id), len(somebody.wifi_password)
    (32, 14)
    """

    def word(letters: str, length: int) -> str:
        return "".join(choose(letters) for _ in range(length))

    password = "-".join(word(LETTERS, _GROUP) for _ in range(_GROUPS))
    name = f"Mallette-{word(LETTERS, 4).upper()}"
    return Identity(word("0123456789abcdef", 32), name, password)


def is_sound(identity: Identity) -> bool:
    """Whether this may have been drawn: a torn file may hold anything."""
    return all(isinstance(value, str) for value in asdict(identity).values()) and bool(
        re.fullmatch("[0-9a-f]{32}", identity.machine_id)
        and re.fullmatch(rf"Mallette-[{LETTERS.upper()}]{{4}}", identity.wifi_name)
        and re.fullmatch(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{2}}", identity.wifi_password)
    )
