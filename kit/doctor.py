"""The self-test: every part asked once, and for each that is not well, what to do next.

    Doctor(settings, model=…, cameras=…, microphones=…).examine() -> [Finding]

Nothing is changed. The model's runtime, the devices and the machine are handed in, so that this
room knows none of them; a check that fails in an unforeseen way is a finding too, and the others go
on. Only what no lesson can do without is *essential*. `kit.self_test` is the same for the page.
"""

import locale
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from kit import activities, machine_check, resources
from kit.core.errors import Conflict, KitError, Unavailable
from kit.core.ports import Clock
from kit.core.types import MeterInfo, MeterLabel
from kit.findings import Finding, State
from kit.machine_check import Machine
from kit.settings import Settings
from kit.storage import Store

__all__ = ["Doctor", "Finding", "State"]

ENOUGH_MB, TOO_LITTLE_MB = 500, 50
"""A class keeps some 100 MB of pictures; below the second a burst may already not fit."""


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
        machine: what the machine says of itself, and what time it is; None: not asked.
        meter: the power meter that a measurement would use; raises `Unavailable`. None: not asked.
        board: the name of what lights and motors hang on; raises `Unavailable`. None: not asked.
        serving: whether this very process serves; then its own port is not asked for.
        software: (id, values) of what the image says of its updates.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        model: Callable[[Path], ModelTried],
        cameras: Callable[[], tuple[list[str], list[str]]],
        microphones: Callable[[], tuple[list[str], list[str]]],
        machine: tuple[Machine, Clock] | None = None,
        meter: Callable[[], MeterInfo] | None = None,
        board: Callable[[], str] | None = None,
        serving: bool = False,
        software: Callable[[], Sequence[tuple[str, Mapping[str, Any]]]] = tuple,
    ) -> None:
        self._settings = settings
        self._model = model
        self._cameras = cameras
        self._microphones = microphones
        self._machine, self._meter, self._board = machine, meter, board
        self._serving = serving
        self._software = software

    def examine(self) -> list[Finding]:
        """Every part, the essential ones first."""
        findings: list[Finding] = []
        for part, check in (
            ("models", self._check_models),
            ("data", self._check_data),
            ("space", self._check_space),
            ("port", self._check_port),
            ("software", self._check_software),
            *self._machine_checks(),
            ("camera", self._check_cameras),
            ("microphone", self._check_microphones),
            ("meter", self._check_meter),
            ("pins", self._check_board),
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

    def _machine_checks(self) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
        if self._machine is None:
            return
        machine, clock = self._machine
        yield "speed", lambda: machine_check.check_speed(machine, self._there())
        yield "wear", lambda: machine_check.check_wear(machine, self._there())
        yield "power", lambda: machine_check.check_power(machine)
        yield "temperature", lambda: machine_check.check_temperature(machine)
        yield "clock", lambda: machine_check.check_clock(machine, clock.wall_s())
        yield "wifi", lambda: machine_check.check_wifi(machine)

    def _there(self) -> Path:
        """The data folder, or the nearest above it that is there already."""
        folder = self._settings.data
        while not folder.exists():
            folder = folder.parent
        return folder

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
        free_mb = shutil.disk_usage(self._there()).free // 1_000_000
        values = {"free_mb": free_mb}
        if free_mb < TOO_LITTLE_MB:
            yield Finding("space", State.BROKEN, "doctor-space-little", values)
        elif free_mb < ENOUGH_MB:
            yield Finding("space", State.WARNING, "doctor-space-little", values)
        else:
            yield Finding("space", State.GOOD, "doctor-space-good", values)

    def _check_port(self) -> Iterator[Finding]:
        if self._serving:
            return
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

    def _check_software(self) -> Iterator[Finding]:
        for id, values in self._software():
            good = id == "software-installed"  # and runs from the next start on
            yield Finding("software", State.GOOD if good else State.WARNING, id, values)

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

    def _check_meter(self) -> Iterator[Finding]:
        if self._meter is None:
            return
        try:
            info = self._meter()
        except Unavailable as error:
            yield Finding("meter", State.ABSENT, error.id, error.values, str(error))
            return
        if info.label is MeterLabel.ESTIMATED:
            yield Finding("meter", State.ABSENT, "doctor-meter-none", {}, info.name)
        else:
            yield Finding("meter", State.GOOD, "doctor-meter-good", {"name": info.name})

    def _check_board(self) -> Iterator[Finding]:
        if self._board is None:
            return
        try:
            name = self._board()
        except Unavailable as error:
            yield Finding("pins", State.ABSENT, error.id, error.values, str(error))
        else:
            yield Finding("pins", State.GOOD, "doctor-pins-good", {"name": name})

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
