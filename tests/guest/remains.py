"""What a cut has left of a data partition, looked at on this machine: which promises are broken.

    partition -> e2fsck -p, as at a start -> e2fsck -fn: clean -> its files -> the kit's own store

A booted kit would say the same of its samples over HTTP, in two minutes instead of two seconds.
"""

import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np

from kit.appliance import boot_file
from kit.appliance.identity import Identity, is_sound
from kit.core.errors import KitError
from kit.lending.update import version_of
from kit.settings import CONFIG_NAME, load
from kit.storage import Store
from tests.guest.ledger import Promise

REQUEST = "mallette-return"
"""The file on the boot drive that asks to erase."""

PIECE = 4 * 2**20

Releases = Mapping[str, Mapping[str, str]]
"""What each version's bundle holds: version -> path -> sha256."""


def losses(
    partition: Path, promises: Iterable[Promise], scratch: Path, releases: Releases
) -> list[str]:
    """Everything that is wrong with what lies there, in words; [] is good.

    Args:
        partition: of ext4, in a file of its own; mended as a start mends it.
        promises: that the kit must keep.
        releases: that updates have brought.
        scratch: an empty folder for the partition's files.
    """
    wrong = file_system_faults(partition)
    if wrong:
        return wrong
    extract(partition, scratch)
    promises = list(promises)
    return [
        *_identity_faults(scratch / "system", promises),
        *_settings_faults(scratch),
        *_release_faults(scratch / "software", promises, releases),
        *store_faults(scratch / "kit", promises),
    ]


def found_in(file: Path, traces: Mapping[str, bytes]) -> set[str]:
    """Which of these byte strings are anywhere in it, freed blocks and journal included."""
    overlap = max(map(len, traces.values())) - 1
    found: set[str] = set()
    before = b""
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            if piece.count(0) < len(piece):
                there = before + piece
                found |= {name for name, trace in traces.items() if trace in there}
            before = piece[-overlap:]
    return found


def has_request(boot_drive: Path, at: int = 0) -> bool:
    """Whether the boot drive, readable as ever, still asks to erase."""
    listed = ["mdir", "-b", "-i", f"{boot_drive}@@{at}", "::"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.lower()
    assert "mallette.toml" in names
    return REQUEST in names


def file_system_faults(partition: Path) -> list[str]:
    """Replay the journal, which is all that a start may have to do; then nothing may be wrong."""
    mended = subprocess.run(["e2fsck", "-p", partition], capture_output=True, text=True)
    # Where mke2fs is newer (1.47.1), a mount notes in the superblock that it was there.
    noted = mended.stdout.count("CLEARED") == mended.stdout.count("orphan file is clean") == 1
    if mended.returncode and not (
        mended.returncode == 1 and noted and "FIXED" not in mended.stdout
    ):
        return [f"e2fsck -p: {mended.returncode}: {mended.stdout}{mended.stderr}"]
    checked = subprocess.run(["e2fsck", "-fn", partition], capture_output=True, text=True)
    return [f"e2fsck -fn: {checked.stdout}{checked.stderr}"] if checked.returncode else []


def extract(partition: Path, folder: Path) -> None:
    """Copy the files of an ext4 partition that nobody has mounted."""
    command = ["debugfs", "-R", f'rdump / "{folder}"', partition]
    done = subprocess.run(command, capture_output=True, text=True)
    complaints = done.stderr.splitlines()[1:]  # the first line is its version
    if complaints or done.returncode:
        raise RuntimeError(f"debugfs: {complaints}")


def store_faults(folder: Path, promises: Iterable[Promise]) -> list[str]:
    """Open the data folder as a start does, and hold it to what was promised of samples."""
    promises = list(promises)
    if not (folder / "kit.db").exists():
        return [f"no database, {each.what} {each.key} with it" for each in _of_store(promises)]
    try:
        with Store.open(folder) as store:
            wrong = [f"the store says {notice.id}" for notice in store.notices]
            wrong += _missing_pictures(store)
            for each in _of_store(promises):
                wrong += _STORE_CHECKS[each.what](store, each)
    except KitError as error:
        return [f"the store does not open: {error}"]
    wrong += _leftovers(folder, promises)
    with closing(sqlite3.connect(folder / "kit.db")) as connection:
        for pragma in ("integrity_check", "foreign_key_check"):
            found = connection.execute(f"PRAGMA {pragma}").fetchall()
            wrong += [f"{pragma}: {found}"] if found not in ([], [("ok",)]) else []
    return wrong


def _of_store(promises: Iterable[Promise]) -> Iterator[Promise]:
    return (each for each in promises if each.what in _STORE_CHECKS)


def _missing_pictures(store: Store) -> list[str]:
    """A row whose picture is not there, acknowledged or not, is half a sample."""
    wrong = []
    for project in store.projects():
        for sample in store.samples(project.id):
            try:
                data = store.media(project.id, sample.media_hash)
            except KitError as error:
                wrong.append(f"sample {sample.id}: {error}")
                continue
            if hashlib.sha256(data).hexdigest() != sample.media_hash:
                wrong.append(f"sample {sample.id}: its picture has another hash")
            elif cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
                wrong.append(f"sample {sample.id}: its picture cannot be read")
    return wrong


def _sample_is_there(store: Store, each: Promise) -> list[str]:
    try:
        sample = store.sample(each.key)
    except KitError:
        return [f"sample {each.key} is lost"]
    found = {"label_id": sample.label_id, "width": sample.width, "bytes": sample.bytes}
    wanted = {name: each.told[name] for name in found.keys() & each.told.keys()}
    return [] if found | wanted == found else [f"sample {each.key} is another: {found}"]


def _sample_is_gone(store: Store, each: Promise) -> list[str]:
    try:
        store.sample(each.key)
    except KitError:
        return []
    return [f"sample {each.key} has come back"]


def _project_is_there(store: Store, each: Promise) -> list[str]:
    names = {project.id: project.name for project in store.projects()}
    if each.key not in names:
        return [f"project {each.key} is lost"]
    return [] if names[each.key] == each.told["name"] else [f"project {each.key} is renamed"]


def _project_is_gone(store: Store, each: Promise) -> list[str]:
    back = each.key in {project.id for project in store.projects()}
    return [f"project {each.key} has come back"] if back else []


def _model_is_there(store: Store, each: Promise) -> list[str]:
    try:
        model = store.model(each.key, each.told["number"])
    except (KitError, ValueError) as error:
        return [f"model {each.told['number']} of {each.key}: {error}"]
    return [] if model.arrays else [f"model {each.told['number']} of {each.key} is empty"]


def _class_is_gone(store: Store, each: Promise) -> list[str]:
    back = {project.id for project in store.projects()} & set(each.told["projects"])
    return [f"project {id} has come back after the class's end" for id in back]


_STORE_CHECKS = {
    "sample": _sample_is_there,
    "removed sample": _sample_is_gone,
    "project": _project_is_there,
    "removed project": _project_is_gone,
    "model": _model_is_there,
    "class is over": _class_is_gone,
}


def _leftovers(folder: Path, promises: Iterable[Promise]) -> list[str]:
    """Of an erased project no folder, of an erased class no word, anywhere among the files."""
    wrong = []
    for each in promises:
        if each.what == "removed project" and (folder / "media" / each.key).exists():
            wrong.append(f"pictures of {each.key} have come back")
        if each.what != "class is over":
            continue
        for path in folder.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            wrong += [
                f"{w!r} is in {path.name}" for w in each.told["words"] if w.encode() in content
            ]
    return wrong


def _identity_faults(system: Path, promises: Iterable[Promise]) -> list[str]:
    wrong, found = [], None
    try:
        found = json.loads((system / "identity.json").read_text())
        if not is_sound(Identity(**found)):
            wrong.append(f"identity: {found}")
    except FileNotFoundError:
        pass  # a start draws one
    except (ValueError, TypeError) as error:
        wrong.append(f"identity: {error}")
    public = system / "ssh" / "ssh_host_ed25519_key.pub"
    private = public.with_suffix("")
    if public.exists():  # then a start takes both for good
        derived = _derived_public_key(private)
        if not derived or derived != public.read_text().split()[:2]:
            wrong.append("host key: its two halves do not fit")
    for each in promises:
        if each.what == "identity" and found != each.told["identity"]:
            wrong.append("the kit is somebody else")
        if each.what == "host key" and not (
            public.exists() and public.read_text().split()[:2] == each.told["public"].split()[:2]
        ):
            wrong.append("the kit has another host key")
    return wrong


def _derived_public_key(private: Path) -> list[str]:
    if not private.exists():
        return []
    private.chmod(0o600)
    command = ["ssh-keygen", "-y", "-f", private]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stdout.split()[:2]


def _settings_faults(data: Path) -> list[str]:
    wrong = []
    form, settings = data / "system" / boot_file.NAME, data / "kit" / CONFIG_NAME
    if form.exists() and boot_file.read(form.read_bytes()).problems:
        wrong.append("the form that was accepted is not whole")
    if form.exists() and not settings.exists():
        wrong.append("no kit.toml, though its form was accepted")
    if settings.exists():
        try:
            load(config=settings, environment={})
        except KitError as error:
            wrong.append(f"kit.toml: {error}")
    secret = data / "kit" / "secrets" / "session"
    if secret.exists() and secret.stat().st_size != 32:
        wrong.append(f"the session's secret has {secret.stat().st_size} bytes")
    return wrong


def _release_faults(software: Path, promises: Iterable[Promise], releases: Releases) -> list[str]:
    """`current` leads to a whole release, not older than the last one that was acknowledged."""
    promised = [each for each in promises if each.what == "version"]
    current = software / "current"
    if not current.is_symlink():
        return [f"release {each.key} is lost" for each in promised]
    release = current.resolve()
    if release.name not in releases:
        return [f"current leads to {release.name}"]
    wrong = []
    for each in promised:
        if version_of(release.name) < version_of(each.key):
            wrong.append(f"release {each.key} is lost: {release.name}")
    for path, wanted in releases[release.name].items():
        file = release / path
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            wrong.append(f"release {release.name}: {path} is not whole")
    return wrong
