"""`lender.toml`: what the association says of its kit. It comes back after each return.

number = 7
lender = "Les Petits Débrouillards"
contact = "06 00 00 00 00"
contents = ["Raspberry Pi 5 in its case", "supply 27 W", "camera on its stand"]
consumables = ["6 batteries AA"]
"""

import difflib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kit.core.errors import BadInput

NAME = "lender.toml"
LONGEST, MOST = 200, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """Each field is a key of lender.toml.

    Attributes:
        number: of this kit in the association's fleet; 0: none given yet.
        lender, contact: who lends, and whom to call.
        contents: what is in the case, one thing a line.
        consumables: what is used up and must be filled again.
        photo: name of a picture of the full case, beside lender.toml; for the sheet.
    """

    number: int = 0
    lender: str = ""
    contact: str = ""
    contents: tuple[str, ...] = ()
    consumables: tuple[str, ...] = ()
    photo: str = ""


def read(path: Path) -> Lender:
    """The lender's words; those of nobody where there is no such file.

    Raises:
        BadInput: "lender-file-wrong", naming the key.
    """
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Lender()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, str(error)) from error
    known = {field.name for field in fields(Lender)}
    for key, value in found.items():
        if key not in known:
            [nearest] = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise _wrong(path, f"{key}? {nearest}?")
        if not _fits(key, value):
            raise _wrong(path, f"{key} = {value!r}")
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Lender(**(found | lists))


def _fits(key: str, value: object) -> bool:
    if key == "number":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9999
    if key in ("contents", "consumables"):
        return (
            isinstance(value, list)
            and len(value) <= MOST
            and all(isinstance(one, str) and len(one) <= LONGEST for one in value)
        )
    if key == "photo" and isinstance(value, str):
        return Path(value).name == value
    return isinstance(value, str) and len(value) <= LONGEST


def _wrong(path: Path, reason: str) -> BadInput:
    return BadInput("lender-file-wrong", f"{path}: {reason}", file=path.name, reason=reason)
