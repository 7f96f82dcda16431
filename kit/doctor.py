"""The self-test: every part asked once, and for each that is not well, what to do next.

    Doctor(settings, model=…, cameras=…, microphones=…).examine() -> [Finding]

Nothing is changed. The model's runtime, the cameras and the microphones are handed in as functions,
so that this room knows no device; a check that fails in an unforeseen way is a finding too, and the
others go on. Only what no lesson can do without is *essential*.
"""

import locale
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from kit import activities, resources
from kit.core.errors import Conflict, KitError, Unavailable
from kit.settings import Settings
from kit.storage import Store

ENOUGH_MB, TOO_LITTLE_MB = 500, 50
"""A class keeps some 100 MB of pictures; below the second a burst may already not fit."""


class State(StrEnum):
    """How a part is."""

    GOOD = "good"
    WARNING = "warning"
    """A lesson can be held, but somebody should know."""
    BROKEN = "broken"
    """Essential: no lesson can be held."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state: message id and values for people, `reason` for the log."""

    part: str
    state: State
    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


class ModelTried(Protocol):
    """A model that was checked by hash, loaded and run once."""

    @property
    def hash(self) -> str: ...
    @property
    def runtime_version(self) -> str: ...
    @property
    def invoke_ms(self) -> float: ...


class Doctor:
    """Examines the kit.

    Args:
        settings: those that a server would be started with.
        model: checks a shipped model by hash and runs it once, given its folder.
        cameras: (names found, reasons why others were not).
        microphones: the same; raises `Unavailable` where none could be heard at all.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        model: Callable[[Path], ModelTried],
        cameras: Callable[[], tuple[list[str], list[str]]],
        microphones: Callable[[], tuple[list[str], list[str]]],
    ) -> None:
        self._settings = settings
        self._model = model
        self._cameras = cameras
        self._microphones = microphones

    def examine(self) -> list[Finding]:
        """Every part, the essential ones first."""
        findings: list[Finding] = []
        for part, check in (
            ("models", self._check_models),
            ("data", self._check_data),
            ("space", self._check_space),
            ("port", self._check_port),
            ("camera", self._check_cameras),
            ("microphone", self._check_microphones),
            ("locale", self._check_locale),
            ("activities", self._check_activities),
        ):
            try:
                findings += check()
            except KitError as error:
                findings.append(Finding(part, State.BROKEN, error.id, error.values, str(error)))
            except Exception as error:  # the other parts must still be asked
                values = {"reason": repr(error)}
                findings.append(
                    Finding(part, State.WARNING, "doctor-cannot-tell", values, repr(error))
                )
        return findings

    def _check_models(self) -> Iterator[Finding]:
        wanted = self._settings.backbone
        for name in dict.fromkeys([wanted, *resources.model_names()]):
            try:
                tried = self._model(resources.model_dir(name))
            except KitError as error:
                state = State.BROKEN if name == wanted else State.WARNING
                yield Finding("models", state, error.id, error.values, str(error))
                continue
            yield Finding(
                "models",
                State.GOOD,
                "doctor-model-good",
                {"name": name, "runtime": tried.runtime_version, "invoke_ms": tried.invoke_ms},
                f"sha256 {tried.hash}",
            )

    def _check_data(self) -> Iterator[Finding]:
        folder = self._settings.data
        values = {"folder": str(folder)}
        there = folder
        while not there.exists():
            there = there.parent
        try:
            # A file is made and gone: permissions alone do not tell of a read-only card.
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            reason = f"{there}: {error.strerror}"
            yield Finding("data", State.BROKEN, "data-folder-not-writable", values, reason)
            return
        if not (folder / "kit.db").exists():
            yield Finding("data", State.GOOD, "doctor-data-empty", values)
            return
        try:
            with Store.open(folder, read_only=True) as store:
                whole = store.is_whole()
        except Conflict as error:
            if error.id != "data-folder-older":
                raise
            # The next start brings it up to date.
            yield Finding("data", State.WARNING, error.id, error.values, str(error))
            return
        if whole:
            yield Finding("data", State.GOOD, "doctor-data-good", values)
        else:
            yield Finding("data", State.BROKEN, "doctor-data-damaged", values)

    def _check_space(self) -> Iterator[Finding]:
        folder = self._settings.data
        while not folder.exists():
            folder = folder.parent
        free_mb = shutil.disk_usage(folder).free // 1_000_000
        values = {"free_mb": free_mb}
        if free_mb < TOO_LITTLE_MB:
            yield Finding("space", State.BROKEN, "doctor-space-little", values)
        elif free_mb < ENOUGH_MB:
            yield Finding("space", State.WARNING, "doctor-space-little", values)
        else:
            yield Finding("space", State.GOOD, "doctor-space-good", values)

    def _check_port(self) -> Iterator[Finding]:
        host, port = self._settings.host, self._settings.port
        values = {"host": host, "port": str(port)}  # as text: a port has no thousands
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(found[0], found[1]) as server:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind(found[4])
        except OSError as error:
            # Perhaps it is this very kit that serves there already.
            yield Finding("port", State.WARNING, "doctor-port-busy", values, str(error))
        else:
            yield Finding("port", State.GOOD, "doctor-port-good", values)

    def _check_cameras(self) -> Iterator[Finding]:
        names, reasons = self._cameras()
        reason = "; ".join(reasons)
        if names:
            found = {"cameras": ", ".join(names)}
            yield Finding("camera", State.GOOD, "doctor-camera-good", found, reason)
        else:
            # Tablets and files do without one.
            yield Finding("camera", State.WARNING, "doctor-camera-none", {}, reason)

    def _check_microphones(self) -> Iterator[Finding]:
        try:
            names, reasons = self._microphones()
        except Unavailable as error:  # pictures need none
            yield Finding("microphone", State.WARNING, error.id, error.values, str(error))
            return
        reason = "; ".join(reasons)
        if names:
            found = {"microphones": ", ".join(names)}
            yield Finding("microphone", State.GOOD, "doctor-microphone-good", found, reason)
        else:
            # Sounds may come from files and from browsers.
            yield Finding("microphone", State.WARNING, "doctor-microphone-none", {}, reason)

    def _check_locale(self) -> Iterator[Finding]:
        encoding = sys.getfilesystemencoding()
        values = {"encoding": encoding, "language": self._settings.language}
        if encoding.lower().replace("-", "") == "utf8":
            yield Finding("locale", State.GOOD, "doctor-locale-good", values, _locale_name())
        else:
            yield Finding("locale", State.WARNING, "doctor-locale-not-utf8", values, _locale_name())

    def _check_activities(self) -> Iterator[Finding]:
        listed = activities.find(resources.activities_dir())
        broken = [each for each in listed if each.activity is None]
        for each in broken:
            yield Finding(
                "activities",
                State.WARNING,
                "doctor-activity-broken",
                {"name": each.name},
                "; ".join(each.problems),
            )
        if not broken:
            count = {"count": len(listed)}
            yield Finding("activities", State.GOOD, "doctor-activities-good", count)


def _locale_name() -> str:
    return ".".join(part or "?" for part in locale.getlocale())
