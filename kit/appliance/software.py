"""Which software the server runs: the image's own, or a release that an update has installed.

    choose -> the server starts -> ready        (or: failed, and after the second time choose says
                                                 aloud that the image's own runs again)

Called by mallette.service as root, before the server, and always from the image: what an update
brings is only ever run by the server's user. What comes after, "ready" and "failed", are lines of
shell in /usr/lib/mallette/software: a board that is busy failing has no time to start a Python.

The server may write below /data/kit alone, so it cannot plant a release, move the link `current`,
or forget that it failed; and what is started is held against its signed list anew each time,
because memory cards forget. What is chosen and why lies in memory, in `software.json`, for whoever
shows it.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit import __version__
from kit.appliance.boot_file import Problem
from kit.core.errors import KitError
from kit.i18n import LANGUAGES, sentence
from kit.lending import update
from kit.storage.atomic import atomic_write

FORGO = "mallette-original"
"""An empty file of this name on the card's boot drive: the kit runs what it was flashed with."""

MOST_FAILED, MOST_BEGUN = 2, 6
"""Starts that ended before the page answered; and those that never ended: a power cut is no fault
of a release, a machine that it freezes is."""

SUFFIX = ".bundle"
MOST_BUNDLES = 8

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where software lies on the image; a test has its own."""

    firmware: Path = Path("/boot/firmware")
    shipped: Path = Path("/opt/mallette")
    installed: Path = Path("/data/software")
    run: Path = Path("/run/mallette")
    key: Path = Path("/etc/mallette/update.pub")

    @property
    def chosen(self) -> Path:
        """The link that the server's unit starts from."""
        return self.run / "software"

    @property
    def told(self) -> Path:
        """What was chosen and why."""
        return self.run / "software.json"

    @property
    def tries(self) -> Path:
        """Which release was begun, and how often since its page has last answered."""
        return self.installed / "tries.json"

    @property
    def failures(self) -> Path:
        """A line for each start of it that ended before that; "ready" removes both files."""
        return self.installed / "failures"

    @property
    def trusted_key(self) -> Path:
        """The form's key, where it has one (boot.py writes it); else the image's."""
        own = self.run / "update.pub"
        return own if own.exists() else self.key


def choose(places: Places, say: Say, *, shipped_version: str = __version__) -> Path:
    """Make the link lead to what the server shall run, and say it aloud where that is a surprise.

    Returns:
        The folder.
    """
    folder, version, problem = _choice(places, shipped_version)
    _lead(places.chosen, folder)
    _tell(places, version=version, shipped=shipped_version, problem=problem)
    if problem is not None:
        _say(say, problem)
    return folder


def update_from(
    folder: Path, places: Places, say: Say, *, shipped_version: str = __version__
) -> Problem | None:
    """Install the newest update that lies in this folder; it runs from the next start on.

    Args:
        folder: of a stick, or the card's boot drive; not searched below.
        places, say: as for `choose`.

    Returns:
        What was said; None: there is no update, or it is the one that runs.
    """
    try:
        bundles = [one for one in folder.iterdir() if one.name.lower().endswith(SUFFIX)]
    except OSError:
        return None
    # Hidden ones are what other systems put beside a file that they copy.
    bundles = sorted(one for one in bundles if not one.name.startswith("."))[:MOST_BUNDLES]
    if not bundles:
        return None
    with _alone(places.installed):
        said = _install_newest(bundles, places, shipped_version)
    if said is not None:
        _say(say, said)
        _tell(places, update=said)
    return said


def _install_newest(bundles: list[Path], places: Places, shipped: str) -> Problem | None:
    installed = update.current(places.installed)
    running = update.newest_of(shipped, places.installed)
    again = installed is not None and _fault(installed, places) is not None
    said: Problem | None = None
    for bundle in bundles:
        try:
            version = update.check(bundle, places.trusted_key, running, again=again)
            update.install(bundle, places.trusted_key, running, places.installed, again=again)
        except KitError as error:
            known = error.id == "bundle-not-newer" and error.values["version"] == running
            if not known and (said is None or said.id != "software-installed"):
                lacks_key = error.id == "bundle-key-missing"
                id = "software-no-key" if lacks_key else error.id
                said = Problem(id, {} if lacks_key else dict(error.values))
            continue
        _forgive(places)
        running, again = version, False  # a still newer one may lie beside it
        said = Problem("software-installed", {"version": version})
    return said


def _choice(places: Places, shipped: str) -> tuple[Path, str, Problem | None]:
    release = update.current(places.installed)
    if release is None or update.version_of(release.name) <= update.version_of(shipped):
        return places.shipped, shipped, None  # a newer image was flashed over an older release
    if (places.firmware / FORGO).exists():
        told = Problem("software-original", {"version": shipped, "file": FORGO})
        return places.shipped, shipped, told
    fault = _fault(release, places)
    if fault is not None:
        return places.shipped, shipped, fault
    begun, _failed = _tries(places, release.name)
    if begun == 0:
        places.failures.unlink(missing_ok=True)  # of another release
    told = json.dumps({"version": release.name, "begun": begun + 1})
    atomic_write(places.tries, told.encode())
    return release, release.name, None


def _fault(release: Path, places: Places) -> Problem | None:
    """Why this release is not to be started."""
    begun, failed = _tries(places, release.name)
    if failed >= MOST_FAILED or begun >= MOST_BEGUN:
        return Problem("software-failed", {"version": release.name})
    try:
        version = update.verify(release, places.trusted_key)
    except KitError as error:
        if error.id == "bundle-key-missing":
            return Problem("software-no-key")
        return Problem("software-damaged", {"version": release.name, "reason": error.id})
    if version != release.name:
        return Problem("software-damaged", {"version": release.name, "reason": version})
    return None


def _lead(link: Path, folder: Path) -> None:
    link.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(folder)
    os.replace(new, link)


def _tries(places: Places, version: str) -> tuple[int, int]:
    """How often this version was begun and failed without a page; a torn file forgives."""
    try:
        told = json.loads(places.tries.read_text(encoding="utf-8"))
        begun = int(told["begun"]) if told["version"] == version else 0
    except (OSError, ValueError, KeyError, TypeError):
        begun = 0
    try:
        failed = places.failures.read_bytes().count(b"\n") if begun else 0
    except OSError:
        failed = 0
    return begun, failed


def _forgive(places: Places) -> None:
    places.failures.unlink(missing_ok=True)
    places.tries.unlink(missing_ok=True)


def _tell(places: Places, **changes: Any) -> None:
    try:
        told = json.loads(places.told.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    for name, value in changes.items():
        told[name] = asdict(value) if isinstance(value, Problem) else value
    places.told.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = places.told.with_name(f"{places.told.name}.new")
    new.write_text(json.dumps(told), encoding="utf-8")
    new.chmod(0o644)
    os.replace(new, places.told)


def _say(say: Say, problem: Problem) -> None:
    """In both languages: who reads it may not be who chose the language."""
    for language in LANGUAGES:
        say(sentence(problem.id, problem.values, language))


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two sticks at once install one after the other."""
    root.mkdir(mode=0o755, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
