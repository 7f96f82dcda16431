"""`mallette.toml`, the one file that a teacher fills in, on the drive that any computer shows.

It was edited with whatever was at hand: Notepad's byte-order mark, a word processor's curly
quotes, a country in full. So everything that is wrong is found at once and said in words, and
what is found wrong is never half obeyed: `Read.wishes` is there only when nothing is.
"""

import codecs
import difflib
import json
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = "mallette.toml"
MOST_BYTES = 64_000
"""A filled-in form is one thousand; more is some other file under this name."""

STRAYS = ("firstrun.sh", "user-data", "custom.toml", "userconf.txt", "wpa_supplicant.conf")
"""What flashing tools leave for Raspberry Pi OS. This image obeys none of them."""

# ISO 3166-1. A radio's limits depend on the country, so one is asked for and none is guessed.
_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())
_MEANT = {"UK": "GB", "EN": "GB", "FRANCE": "FR", "BELGIQUE": "BE", "SUISSE": "CH", "CANADA": "CA"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: message id and its values."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the form asks for. Each field is a key of mallette.toml.

    Attributes:
        country: two letters, ISO 3166-1; sets what the radio may do.
        language: of the page, until a browser asks for another.
        wifi: "own" opens the kit's network, "join" enters one that is there, "off" keeps silent.
        wifi_name: of the network to join; for the kit's own one, instead of the name it has made.
        wifi_password: of the network to join; the kit's own password is never chosen, always drawn.
        camera: as in kit.toml.
        class_size: how many devices watch at once.
        time_zone: as in kit.toml, until a teacher's browser names another one.
        wifi_off_at_class_end, shutdown_pin, lamp_pin: as in kit.toml.
        name: the address without ".local".
        ssh_key: one line of an administrator's public key; empty keeps remote login off.
        update_key: public half of the key that updates are signed with; empty: the image's own.
    """

    country: str
    language: str = "fr"
    wifi: str = "own"
    wifi_name: str = ""
    wifi_password: str = field(default="", repr=False)
    camera: str = "auto"
    class_size: int = 30
    time_zone: str = "Europe/Paris"
    wifi_off_at_class_end: bool = True
    shutdown_pin: int = 0
    lamp_pin: int = 0
    name: str = "kit"
    ssh_key: str = ""
    update_key: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading: the wishes, or what stands in their way; and what was passed over."""

    wishes: Wishes | None
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


def read(content: bytes | None, others: Iterable[str] = ()) -> Read:
    """The form's wishes, or everything that is wrong with it.

    Args:
        content: the file as it lies on the card; None where there is no such file.
        others: names of the files beside it.

    >>> read(b'country = "FR"').wishes.country
    'FR'
    >>> [problem.id for problem in read(b'country = "XX"').problems]
    ['boot-file-country-unknown']
    """
    strays = {name.lower() for name in others}
    notices = tuple(Problem("boot-file-stray", {"file": n}) for n in STRAYS if n in strays)
    found, problem = _parsed(content)
    if problem is not None:
        return Read(None, (problem,), notices)
    values, problems = _checked(found)
    if problems:
        return Read(None, tuple(problems), notices)
    return Read(Wishes(**values), (), notices)


def settings_text(wishes: Wishes) -> str:
    """The `kit.toml` that these wishes come to; where it serves, the image's unit says.

    >>> print(settings_text(Wishes(country="FR")), end="")
    # Written from mallette.toml. Change that file instead, on the card's first drive.
    language = "fr"
    camera = "auto"
    streams = 32
    time_zone = "Europe/Paris"
    wifi_off_at_class_end = true
    shutdown_pin = 0
    lamp_pin = 0
    """
    lines = ["# Written from mallette.toml. Change that file instead, on the card's first drive."]
    values: dict[str, str | int] = {
        "language": wishes.language,
        "camera": wishes.camera,
        "streams": wishes.class_size + 2,  # the teacher's page and the wall
        "time_zone": wishes.time_zone,
        "wifi_off_at_class_end": wishes.wifi_off_at_class_end,
        "shutdown_pin": wishes.shutdown_pin,
        "lamp_pin": wishes.lamp_pin,
    }
    # A JSON string is a basic string of TOML, escapes and all.
    lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items()]
    return "\n".join(lines) + "\n"


def _parsed(content: bytes | None) -> tuple[dict[str, Any], Problem | None]:
    if content is None:
        return {}, Problem("boot-file-missing")
    if len(content) > MOST_BYTES:
        return {}, Problem("boot-file-not-text")
    try:
        text = _text(content)
    except UnicodeDecodeError:
        return {}, Problem("boot-file-not-text")
    try:
        return tomllib.loads(text), None
    except tomllib.TOMLDecodeError as error:
        for number, line in enumerate(text.splitlines(), start=1):
            if re.search("[“”„«»]", line.partition("#")[0]):
                return {}, Problem("boot-file-curly-quotes", {"line": number})
        where = re.search(r"at line (\d+)", str(error))
        # What is not closed is found at the end of the file only.
        line = int(where[1]) if where else len(text.splitlines())
        return {}, Problem("boot-file-broken", {"line": line})


def _text(content: bytes) -> str:
    """As text, whichever way an editor has saved it; TOML wants lines that end as on Unix."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16")
    else:
        text = content.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked(found: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in found.items():
        if key not in _CHECKS:
            [nearest] = difflib.get_close_matches(key, _CHECKS, n=1, cutoff=0.0)
            problems.append(Problem("boot-file-unknown", {"name": key, "nearest": nearest}))
            continue
        if isinstance(value, str):
            value = value.strip()
        good, allowed = _CHECKS[key]
        if good(value):
            values[key] = value.upper() if key == "country" else value
        elif key == "country":
            problems.append(_about_country(value))
        else:
            # A password is never repeated, not even a wrong one: this is shown on a screen.
            shown = "…" if key == "wifi_password" else str(value)[:40]
            said = {"name": key, "value": shown, "allowed": allowed}
            problems.append(Problem("boot-file-wrong", said))
    if "country" not in found:
        problems.append(Problem("boot-file-country-missing"))
    if values.get("wifi") == "join" and not (
        values.get("wifi_name") and values.get("wifi_password")
    ):
        problems.append(Problem("boot-file-join-needs"))
    if values.get("wifi", "own") == "own" and values.get("wifi_password"):
        problems.append(Problem("boot-file-own-password"))
    return values, problems


def _about_country(value: Any) -> Problem:
    meant = _MEANT.get(str(value).upper(), "")
    if meant:
        return Problem("boot-file-country-meant", {"value": str(value)[:40], "meant": meant})
    return Problem("boot-file-country-unknown", {"value": str(value)[:40]})


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_wifi_name(value: Any) -> bool:
    """802.11 counts bytes, and a control character would break NetworkManager's file."""
    return isinstance(value, str) and len(value.encode()) <= 32 and value.isprintable()


def _is_time_zone(value: Any) -> bool:
    return isinstance(value, str) and value in zoneinfo.available_timezones()


def _is_pin(value: Any) -> bool:
    """A GPIO, or 0 for none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 27


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "country": (lambda v: isinstance(v, str) and v.upper() in COUNTRIES, "FR, BE, CH, CA, …"),
    "language": (_matches("fr|en"), "fr, en"),
    "wifi": (_matches("own|join|off"), "own, join, off"),
    "wifi_name": (_is_wifi_name, "1 … 32"),
    # WPA2's own limits; the empty one stands for "not filled in".
    "wifi_password": (_matches(r"|[ -~]{8,63}"), "8 … 63"),
    "camera": (_matches(r"auto|picamera2|usb|usb:/dev/video\d{1,2}|none"), "auto, usb, none"),
    "class_size": (
        lambda v: isinstance(v, int) and not isinstance(v, bool) and 1 <= v <= 60,
        "1 … 60",
    ),
    "time_zone": (_is_time_zone, "Europe/Paris, America/Cayenne, …"),
    "wifi_off_at_class_end": (lambda v: isinstance(v, bool), "true, false"),
    "shutdown_pin": (_is_pin, "0 … 27"),
    "lamp_pin": (_is_pin, "0 … 27"),
    "name": (_matches(r"[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?"), "kit, kit-2"),
    "ssh_key": (
        _matches(r"|(?:ssh-ed25519|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/=]+(?: [ -~]*)?"),
        "ssh-ed25519 …",
    ),
    # DER of an Ed25519 public key (RFC 8410): what stands between the two lines of the .pub file.
    "update_key": (_matches(r"|MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}="), "MCowBQYDK2VwAyEA…"),
}
