"""What may be set, and where from: one frozen `Settings`, read once at start.

    defaults < kit.toml < KIT_* in the environment < the command line

`kit.toml` lies in the data folder, or wherever `--config` says. A key that is not known here is
refused with the nearest one named, and so is a value of another kind: a setting with a slip of
the pen must not be a setting that does nothing. Each field's `doc` is its line in the manual.
"""

import difflib
import ipaddress
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kit.core.errors import BadInput

CONFIG_NAME = "kit.toml"
_PREFIX = "KIT_"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_THREADS_BESIDE_STREAMS = 8


def default_data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The platform's user data folder: XDG's, or macOS's Application Support.

    >>> default_data_folder({"XDG_DATA_HOME": "/home/ada/data"}).as_posix()
    '/home/ada/data/mallette'
    """
    # The XDG specification tells to ignore a path that is not absolute.
    if os.path.isabs(place := environment.get("XDG_DATA_HOME", "")):
        return Path(place) / "mallette"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "mallette"
    return Path.home() / ".local" / "share" / "mallette"


def _setting(default: Any, doc: str, *, one_of: tuple = (), between: tuple[int, int] = ()) -> Any:
    return field(default=default, metadata={"doc": doc, "one_of": one_of, "between": between})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may be set. Each field is a key of kit.toml and, as KIT_NAME, a variable."""

    data: Path = field(
        default_factory=default_data_folder,
        metadata={
            "doc": "Folder in which the kit keeps everything; deleting it is a factory reset."
        },
    )
    host: str = _setting(
        "127.0.0.1", "Address to serve on; any other than this computer's own begins a class."
    )
    port: int = _setting(8000, "Port to serve on; 0 takes any free one.", between=(0, 65535))
    language: str = _setting(
        "fr", "Language of the page, until a browser asks for another.", one_of=("fr", "en")
    )
    camera: str = _setting(
        "auto", 'Camera: "auto", "picamera2", "usb", "usb:/dev/video2", "fake:FOLDER" or "none".'
    )
    mirror: bool = _setting(False, "Whether the camera's picture is mirrored.")
    rotate: int = _setting(
        0, "Degrees by which the camera's picture is turned clockwise.", one_of=(0, 90, 180, 270)
    )
    microphone: str = _setting(
        "auto", 'Microphone: "auto", "alsa", "alsa:NAME", "fake:FOLDER" or "none".'
    )
    meter: str = _setting(
        "auto",
        'Power meter: "auto", "pico", "hwmon", "pmic", "rapl", "estimate", "fake" or "none".',
    )
    board: str = _setting(
        "auto", 'What lights and motors hang on: "auto", "gpiozero", "mock", "fake" or "none".'
    )
    appliance: str = _setting(
        "none",
        'The system under the kit: "run" on the image, "none" on a computer of its own, or "fake".',
    )
    time_zone: str = _setting(
        "Europe/Paris",
        "On an appliance: the time zone until a teacher's browser names another one.",
    )
    wifi_off_at_class_end: bool = _setting(
        True, "On an appliance: whether its Wi-Fi goes off when the class ends."
    )
    shutdown_pin: int = _setting(
        0,
        "GPIO of the kit's own button: a press switches the Wi-Fi, three seconds switch the kit "
        "off; 0 is none.",
        between=(0, 27),
    )
    lamp_pin: int = _setting(
        0, "GPIO of the kit's own lamp, which says how it is; 0 is none.", between=(0, 27)
    )
    backbone: str = _setting("efficientnet-lite0", "The frozen model that looks at the pictures.")
    input_size: int = _setting(
        224, "Side of the model's input in pixels; smaller is faster.", one_of=(224, 160, 128, 96)
    )
    streams: int = _setting(40, "How many live pictures are sent at once.", between=(1, 200))
    evening_hour: int = _setting(
        18, "Hour of the day at which a class is erased by itself.", between=(1, 24)
    )

    @property
    def threads(self) -> int:
        """The server's threads: a page holds one for its live picture and one for its events."""
        return 2 * self.streams + _THREADS_BESIDE_STREAMS

    @property
    def is_class(self) -> bool:
        """Whether other devices may come: then browsers pick an animal and a teacher has a code.

        >>> Settings().is_class, Settings(host="0.0.0.0").is_class
        (False, True)
        """
        if self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True


def load(
    command_line: Mapping[str, Any] | None = None,
    *,
    config: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings that hold, the later source winning key by key.

    Args:
        command_line: key -> value as text or in its own type; None where it was not given.
        config: a file to read instead of the data folder's kit.toml; it must exist.
        environment: where KIT_* variables are looked for.

    Raises:
        BadInput: "setting-unknown", "setting-wrong", "settings-unreadable".
    """
    from_environment = {
        name[len(_PREFIX) :].lower(): text
        for name, text in environment.items()
        if name.startswith(_PREFIX)
    }
    asked = {key: value for key, value in (command_line or {}).items() if value is not None}
    found: dict[str, Any] = {}
    for source, where in ((from_environment, "the environment"), (asked, "the command line")):
        found |= _checked(source, where, as_text=True)
    if config is None:
        config = found.get("data", default_data_folder(environment)) / CONFIG_NAME
        if not config.is_file():
            return _made(found, environment)
    return _made(_checked(_read(config), str(config), as_text=False) | found, environment)


def _made(found: dict[str, Any], environment: Mapping[str, str]) -> Settings:
    return Settings(**({"data": default_data_folder(environment)} | found))


def _read(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            "settings-unreadable", f"{config}: {error}", file=str(config), reason=str(error)
        ) from error


def _checked(source: Mapping[str, Any], where: str, *, as_text: bool) -> dict[str, Any]:
    known = {setting.name: setting for setting in fields(Settings)}
    values = {}
    for key, value in source.items():
        if key not in known:
            [nearest] = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise BadInput(
                "setting-unknown",
                f"unknown setting {key!r} in {where}: did you mean {nearest!r}?",
                name=key,
                nearest=nearest,
                where=where,
            )
        values[key] = _value(known[key], value, where, as_text=as_text)
    return values


def _value(setting: Any, value: Any, where: str, *, as_text: bool) -> Any:
    """The value in the field's type, or a refusal that says what may stand there."""
    wanted, checks = setting.type, setting.metadata
    if as_text and isinstance(value, str):
        value = _of_text(wanted, value)
    elif wanted is Path and isinstance(value, str):
        value = Path(value).expanduser()
    good = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if good and (choices := checks.get("one_of")):
        good = value in choices
    if good and (limits := checks.get("between")):
        good = limits[0] <= value <= limits[1]
    if not good:
        allowed = _allowed(wanted, checks)
        raise BadInput(
            "setting-wrong",
            f"{setting.name} = {value!r} in {where}: expected {allowed}",
            name=setting.name,
            value=str(value),
            where=where,
            allowed=allowed,
        )
    return value


def _of_text(wanted: type, text: str) -> Any:
    """The text as that type; the text itself where it is none, which is then refused."""
    if wanted is Path:
        return Path(text).expanduser()
    if wanted is bool:
        return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(
            text.lower(), text
        )
    if wanted is int:
        return int(text) if text.removeprefix("-").isdecimal() else text
    return text


def _allowed(wanted: type, checks: Mapping[str, Any]) -> str:
    if choices := checks.get("one_of"):
        return " | ".join(str(choice) for choice in choices)
    if limits := checks.get("between"):
        return f"{limits[0]} … {limits[1]}"
    return {bool: "true | false", int: "a whole number", str: "text", Path: "a folder"}[wanted]
