"""The kit's start, before network and server: the one file of this room that touches the machine.

    data partition -> mallette.toml -> identity -> kit.toml, Wi-Fi, host name, keys

Run as root at every start, not only the first: each step looks at what is there and leaves it when
it is right, so a power cut at any moment costs one repetition. What is drawn or accepted is kept
on the data partition under `system/`, for root alone; what follows from it is made again in memory.
"""

import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit.appliance import boot_file, network
from kit.appliance.boot_file import Problem, Wishes
from kit.appliance.identity import Identity, drawn, is_sound
from kit.i18n import LANGUAGES, sentence
from kit.lending import reset
from kit.settings import CONFIG_NAME
from kit.storage.atomic import atomic_write, sweep_half_written

Run = Callable[[Sequence[str]], None]

LENDERS = "mallette-lender"
"""The folder on the boot drive with a lender's own lender.toml, photo and activities/."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie on the image; a test has its own."""

    firmware: Path = Path("/boot/firmware")
    data: Path = Path("/data")
    run: Path = Path("/run")
    etc: Path = Path("/etc")
    mounts: Path = Path("/proc/self/mountinfo")

    @property
    def system(self) -> Path:
        """What only root reads of the data partition."""
        return self.data / "system"

    @property
    def served(self) -> Path:
        """The server's data folder."""
        return self.data / "kit"


def start(places: Places, run: Run, say: Callable[[str], None]) -> int:
    """Make the kit ready to serve; 0, or 1 where the server must not start.

    Args:
        places: where things lie.
        run: runs a command and raises OSError where it fails.
        say: puts a line on the screen.

    Raises:
        Unavailable: "disk-full"; nothing could be kept.
    """
    problem = data_problem(places.mounts.read_text(encoding="utf-8"), places.data)
    problem = problem or write_problem(places.data)
    if problem is not None:
        _say_all(say, [problem])
        from kit.appliance import fault  # brings a web server, which no other start waits for

        fault.tell(places.run / "mallette" / "fault.json", problem.id, problem.values)
        _open_wifi_as_before(places, run)
        return 1
    # Only now: on a slow card the unit's own call may have come before the partition was mounted,
    # and the server's folder would then be root's.
    run(["systemd-tmpfiles", "--create", "mallette.conf"])
    places.system.mkdir(mode=0o700, exist_ok=True)
    sweep_half_written(places.system)
    found = boot_file.read(*_form(places.firmware))
    _say_all(say, [*found.problems, *found.notices])
    accepted = places.system / boot_file.NAME
    # A form that became unreadable must not silence a kit that worked yesterday.
    wishes = found.wishes or boot_file.read(_bytes_of(accepted)).wishes
    somebody = kept_identity(places.system / "identity.json")
    (places.etc / "machine-id").write_text(f"{somebody.machine_id}\n")
    if wishes is None:
        run(["rfkill", "block", "wifi"])
        return 0
    _keep_wishes(places, wishes, found.wishes is not None)
    _take_lenders_words(places)
    if wishes.update_key:
        _trust_updates_of(places, wishes.update_key)
    _be_named(places, wishes.name, run)
    _open_wifi(places, wishes, somebody, run)
    if wishes.ssh_key:
        _let_administrator_in(places, wishes.ssh_key, run)
    _greet(wishes, somebody, say)
    return 0


def data_problem(mountinfo: str, folder: Path) -> Problem | None:
    """What is wrong with the file system mounted there, by proc(5)'s /proc/self/mountinfo.

    >>> line = "36 35 179:3 / /data rw,noatime shared:1 - ext4 /dev/mmcblk0p3 rw"
    >>> data_problem(line, Path("/data"))
    >>> data_problem(line.replace("ext4", "tmpfs"), Path("/data")).id
    'data-partition-in-memory'
    """
    mounted = [line.split() for line in mountinfo.splitlines()]
    there = [columns for columns in mounted if columns[4:5] == [str(folder)]]
    if not there:
        return Problem("data-partition-missing")
    columns = there[-1]  # what was mounted last covers what was there
    kind = columns[columns.index("-") + 1]
    if kind != "ext4":
        return Problem("data-partition-in-memory", {"kind": kind})
    # The kernel turns a failing file system read-only: then its own options say so, not the mount.
    if "ro" in columns[5].split(",") or "ro" in columns[-1].split(","):
        return Problem("data-partition-read-only")
    return None


def write_problem(folder: Path) -> Problem | None:
    """What keeps a file from being written there; a full partition is the server's business."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"kit")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return None
        return Problem("data-partition-read-only")
    return None


def kept_identity(path: Path) -> Identity:
    """The identity in this file; where there is none, or half of one, a new one is kept there.

    Raises:
        Unavailable: "disk-full" or "data-folder-not-writable".
    """
    known = known_identity(path)
    if known is not None:
        return known
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)  # before anything secret lies in it
    new = drawn()
    atomic_write(path, json.dumps(asdict(new)).encode())
    path.chmod(0o600)
    return new


def known_identity(path: Path) -> Identity | None:
    """The identity in this file; None where there is none, or half of one."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        known = Identity(**found)
    except (OSError, ValueError, TypeError):
        return None
    return known if is_sound(known) else None


def _form(firmware: Path) -> tuple[bytes | None, list[str]]:
    try:
        others = sorted(path.name for path in firmware.iterdir())
    except OSError:
        others = []
    return _bytes_of(firmware / boot_file.NAME), others


def _bytes_of(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(boot_file.MOST_BYTES + 1)
    except OSError:
        return None


def _keep_wishes(places: Places, wishes: Wishes, are_new: bool) -> None:
    """Write kit.toml where the form has changed: what was set on the kit since stays otherwise."""
    form, accepted = places.firmware / boot_file.NAME, places.system / boot_file.NAME
    settings = places.served / CONFIG_NAME
    changed = are_new and _bytes_of(form) != _bytes_of(accepted)
    if changed or not settings.exists():
        atomic_write(settings, boot_file.settings_text(wishes).encode())
    if changed:
        # Last, so that a cut in between does both once more.
        atomic_write(accepted, _bytes_of(form) or b"")
        accepted.chmod(0o600)  # it may hold a school's password


def _take_lenders_words(places: Places) -> None:
    """What an association put on the boot drive: its words and its activities, after a return too.

    Not its kit.toml: the form alone says how this kit is set. A kit without them serves as well.
    """
    folder = places.firmware / LENDERS
    if not folder.is_dir():
        return
    try:
        reset.restore(folder, places.served, settings=False)
    except OSError as error:
        print(f"{folder}: {error}", file=sys.stderr)


def _be_named(places: Places, name: str, run: Run) -> None:
    (places.etc / "hostname").write_text(f"{name}\n")
    (places.etc / "hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost\n")
    run(["hostname", name])


def _open_wifi_as_before(places: Places, run: Run) -> None:
    """Where nothing can be kept but the card can be read: tablets shall see the page that says so.

    A kit whose identity cannot be read stays silent: a name and a passphrase that nobody has
    printed would lead nobody there. A cable and the kit's own screen show the page as well.
    """
    wishes = boot_file.read(_bytes_of(places.system / boot_file.NAME)).wishes
    somebody = known_identity(places.system / "identity.json")
    if wishes is None or somebody is None:
        return
    _be_named(places, wishes.name, run)
    _open_wifi(places, wishes, somebody, run)


def _open_wifi(places: Places, wishes: Wishes, somebody: Identity, run: Run) -> None:
    profile = places.run / "NetworkManager" / "system-connections" / "mallette.nmconnection"
    text = network.keyfile(wishes, somebody)
    _tell_the_kit(places, wishes, somebody)
    if text is None:
        profile.unlink(missing_ok=True)
        run(["rfkill", "block", "wifi"])
        return
    _write_secret(profile, text)
    run(["iw", "reg", "set", wishes.country])
    run(["rfkill", "unblock", "wifi"])


def _tell_the_kit(places: Places, wishes: Wishes, somebody: Identity) -> None:
    """For the sheet with which screens join. The folder is closed to all but root and the kit."""
    own = wishes.wifi == "own"
    told = {
        "wifi": wishes.wifi,
        "name": network.own_name(wishes, somebody) if own else "",
        "password": somebody.wifi_password if own else "",
        "address": network.ADDRESS if own else "",
        "host": f"{wishes.name}.local",
    }
    path = places.run / "mallette" / "for-kit" / "wifi.json"
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    path.write_text(json.dumps(told), encoding="utf-8")
    path.chmod(0o644)


def _let_administrator_in(places: Places, public_key: str, run: Run) -> None:
    """Remote login, by key alone, for as long as the form has a key."""
    _keep_host_key(places, run)
    _write_secret(places.run / "mallette" / "authorized_keys", f"{public_key}\n")
    run(["systemctl", "start", "--no-block", "ssh.service"])


def _keep_host_key(places: Places, run: Run) -> None:
    """Drawn in memory, then kept: ssh-keygen does not sync, and a cut left two empty files."""
    kept = places.system / "ssh" / "ssh_host_ed25519_key"
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    public = kept.with_suffix(".pub")  # is kept last, so where it is whole, both are
    if not (_bytes_of(public) and _bytes_of(kept)):
        public.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=places.run) as folder:
            drawn_key = Path(folder) / "key"
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(drawn_key)])
            for new, there in ((drawn_key, kept), (drawn_key.with_suffix(".pub"), public)):
                if content := _bytes_of(new):  # where the command failed, the start goes on
                    atomic_write(there, content)
    if kept.exists():
        kept.chmod(0o600)  # at each start: a power cut may have undone it, and ssh refuses others


def _trust_updates_of(places: Places, public_key: str) -> None:
    """For software.py, in the form that openssl reads."""
    lines = ("-----BEGIN PUBLIC KEY-----", public_key, "-----END PUBLIC KEY-----")
    _write_secret(places.run / "mallette" / "update.pub", "".join(f"{line}\n" for line in lines))


def _write_secret(path: Path, text: str) -> None:
    """In memory, where no power cut tears it; nobody else may look, not for a moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _greet(wishes: Wishes, somebody: Identity, say: Callable[[str], None]) -> None:
    """Where the kit is found. It stands on the kit's own screen only; no log holds it."""
    if wishes.wifi == "own":
        say(f"Wi-Fi  {network.own_name(wishes, somebody)}")
        say(f"       {somebody.wifi_password}")
        say(f"       http://{network.ADDRESS}")
    say(f"       http://{wishes.name}.local")


def _say_all(say: Callable[[str], None], problems: Sequence[Problem]) -> None:
    """Each in both languages: who reads it may not be who chose the language."""
    for problem in problems:
        for language in LANGUAGES:
            say(sentence(problem.id, problem.values, language))
