"""image.toml, checked: what may stand in it, and a sentence for each thing that may not."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any


class ConfigError(ValueError):
    """image.toml says something that cannot be; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What both distributions share."""

    hostname: str
    suite: str
    architecture: str
    python: str
    components: list[str]
    created_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitions:
    """Sizes on the card as it is flashed."""

    boot_mb: int
    root_mb: int
    data_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one part of the appliance needs. `remove` are paths of the root, with wildcards."""

    why: str
    packages: list[str]
    enable: list[str] = ()  # type: ignore[assignment]
    disable: list[str] = ()  # type: ignore[assignment]
    mask: list[str] = ()  # type: ignore[assignment]
    remove: list[str] = ()  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """What one of the two brings: kernel, firmware, camera; `files` are folders of files/."""

    why: str
    packages: list[str]
    files: list[str]
    sources: list[str]
    commands: list[str]


@dataclass(frozen=True, slots=True)
class Config:
    """image.toml, checked."""

    image: Image
    partitions: Partitions
    layers: Mapping[str, Layer]
    distributions: Mapping[str, Distribution]


def load(text: str) -> Config:
    """image.toml's text, checked.

    Raises:
        ConfigError: not TOML; a key that is not known, or lacks; a value of another kind.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"image.toml: {error}") from error
    _refuse_unknown(found, {field.name for field in fields(Config)}, "image.toml")
    config = Config(
        _made(Image, found.get("image", {}), "image"),
        _made(Partitions, found.get("partitions", {}), "partitions"),
        {k: _made(Layer, v, f"layers.{k}") for k, v in found.get("layers", {}).items()},
        {k: _made(Distribution, v, k) for k, v in found.get("distributions", {}).items()},
    )
    for name, size_mb in vars_of(config.partitions):
        if not 64 <= size_mb <= 8192:
            raise ConfigError(f"partitions: {name} = {size_mb}; 64 to 8192 are sensible")
    if "://" in text:
        raise ConfigError("image.toml names an address; mirrors are the builder's own setting")
    return config


def vars_of(thing: Any) -> Iterator[tuple[str, Any]]:
    """Name and value of each field."""
    return ((field.name, getattr(thing, field.name)) for field in fields(thing))


def _made(kind: type, found: Any, where: str) -> Any:
    """A dataclass from a table, each value of the field's kind."""
    known = {field.name: field for field in fields(kind)}
    _refuse_unknown(found, set(known), where)
    for name, field in known.items():
        if name not in found:
            if field.default == ():
                continue
            raise ConfigError(f"{where}: {name} is missing")
        value, wanted = found[name], field.type
        good = isinstance(value, list) if wanted == list[str] else isinstance(value, wanted)
        if wanted == list[str] and good:
            good = all(isinstance(each, str) for each in value)
        if not good or isinstance(value, bool):
            raise ConfigError(f"{where}: {name} = {value!r} is not of the right kind")
    return kind(**found)


def _refuse_unknown(found: Any, known: set[str], where: str) -> None:
    if not isinstance(found, dict):
        raise ConfigError(f"{where}: expected a table")
    for key in found:
        if key not in known:
            [nearest] = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.0)
            raise ConfigError(f"{where}: unknown key {key!r}; did you mean {nearest!r}?")
