"""An update on a USB stick: one signed file, unpacked beside what runs, switched on by one rename.

    bundle (zip): manifest.json (version, sha256 of each file) · manifest.sig (Ed25519) · files/…

The signature is of the manifest, and the manifest has every file's hash: nothing unpacked was not
signed. Refused are another signature, a version that is not newer, a file too many, too few or
altered. Unpacking goes into `releases/VERSION.partial`; a synced folder is renamed to
`releases/VERSION`, and `current`, a link, is replaced by another one in one step. Whenever the
power goes, `current` leads to a whole release, the old one or the new one.

The signed list stays in the release, so that `verify` finds at each start what was altered since.

Signing and checking are OpenSSL's command: it is on every Debian, and no library is needed.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kit.core.errors import BadInput, Conflict, KitError, NotFound, TooLarge, Unavailable
from kit.storage.atomic import DISK, Disk
from kit.storage.errors import in_words

MANIFEST, SIGNATURE, FILES = "manifest.json", "manifest.sig", "files/"
KEPT_MANIFEST, KEPT_SIGNATURE = ".manifest.json", ".manifest.sig"
"""What was signed and by whom, as it stays in a release."""
FORMAT = 1
MOST_BYTES, MOST_FILES, MOST_MANIFEST = 1_500_000_000, 20_000, 8_000_000
KEPT = 2
"""Releases that stay: the new one, and the one before, to go back to."""
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
_PIECE = 1024 * 1024


def version_of(text: str) -> tuple[int, ...]:
    """A version to compare by.

    Raises:
        BadInput: "bundle-version-wrong".

    >>> version_of("0.10.0") > version_of("0.9.3")
    True
    """
    if not _VERSION.fullmatch(text):
        raise BadInput("bundle-version-wrong", f"no version: {text!r}", version=text[:40])
    return tuple(map(int, text.split(".")))


def sign(folder: Path, version: str, private_key: Path, out: Path) -> None:
    """Make a bundle of everything in `folder`.

    Raises:
        BadInput: "bundle-version-wrong", "bundle-key-wrong"; "bundle-broken": a link, or nothing.
        Unavailable: "openssl-missing".
    """
    version_of(version)
    files = sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    if not files or any(path.is_symlink() for path in files):
        raise BadInput("bundle-broken", f"{folder}: empty, or holds links", file=folder.name)
    names = {path.relative_to(folder).as_posix(): path for path in files}
    told = {
        "format": FORMAT,
        "version": version,
        "files": {
            name: {
                "sha256": _hash(path),
                "size": path.stat().st_size,
                "run": os.access(path, os.X_OK),
            }
            for name, path in names.items()
        },
    }
    manifest = json.dumps(told, indent=1, sort_keys=True).encode()
    signature = _openssl_sign(manifest, private_key)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature)):
            archive.writestr(zipfile.ZipInfo(name), content)  # no time in it: same in, same out
        for name, path in names.items():
            archive.writestr(zipfile.ZipInfo(FILES + name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def current(root: Path) -> Path | None:
    """The folder of the release that `current` leads to, whole or not; None where none is."""
    link = root / "current"
    if not link.is_symlink():
        return None
    name = os.path.basename(os.readlink(link))
    return root / "releases" / name if _VERSION.fullmatch(name) else None


def newest_of(shipped: str, root: Path) -> str:
    """What an update must be newer than: the installed version, or a later one that was flashed."""
    there = current(root)
    versions = [shipped, *([there.name] if there else [])]
    return max(versions, key=version_of)


def verify(release: Path, public_key: Path) -> str:
    """The version of a release in which every file is what was signed, and no other file is.

    Raises:
        NotFound: "bundle-key-missing".
        BadInput: "bundle-broken", "bundle-signature-wrong", "bundle-version-wrong".
        Unavailable: "openssl-missing".
    """

    def broken(reason: str) -> BadInput:
        return BadInput("bundle-broken", f"{release}: {reason}", file=release.name)

    try:
        manifest = (release / KEPT_MANIFEST).read_bytes()
        signature = (release / KEPT_SIGNATURE).read_bytes()
        _refuse_foreign(manifest, signature, public_key, release.name)
        told = json.loads(manifest)
        there = {
            path.relative_to(release).as_posix()
            for path in release.rglob("*")
            if path.is_symlink() or not path.is_dir()
        }
        if there != {*told["files"], KEPT_MANIFEST, KEPT_SIGNATURE}:
            raise broken("files that were not signed, or too few")
        for name, one in told["files"].items():
            path = release / name
            if path.is_symlink() or path.stat().st_size != one["size"]:
                raise broken(f"{name} is altered")
            if _hash(path) != one["sha256"]:
                raise broken(f"{name} is altered")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, KitError):
            raise
        raise broken(repr(error)) from error
    version_of(told["version"])
    return told["version"]


def check(bundle: Path, public_key: Path, running: str, *, again: bool = False) -> str:
    """The bundle's version, if it may be installed over `running`.

    Args:
        bundle, public_key: files.
        running: the version that it must be newer than.
        again: whether the same version will do, too: what is installed is damaged.

    Raises:
        NotFound: "bundle-missing".
        BadInput: "bundle-broken", "bundle-signature-wrong", "bundle-version-wrong".
        Conflict: "bundle-not-newer".
    """
    with _opened(bundle) as archive:
        return _manifest(archive, bundle, public_key, running, again)["version"]


def install(
    bundle: Path,
    public_key: Path,
    running: str,
    root: Path,
    *,
    again: bool = False,
    disk: Disk = DISK,
    done: Callable[[float], object] = lambda part: None,
) -> Path:
    """Unpack the bundle beside what runs and make it the current release.

    Args:
        bundle, public_key, running, again: as for `check`, whose refusals come first.
        root: holds `releases/` and the link `current`.
        disk: what is asked of the disk; a test cuts the power between any two.
        done: told 0..1.

    Returns:
        The release's folder. Until this returns, `current` leads where it did or here.

    Raises:
        as `check`; Unavailable: "disk-full".
    """
    with _opened(bundle) as archive, in_words():
        told = _manifest(archive, bundle, public_key, running, again)
        releases = root / "releases"
        disk.make_folder(releases)
        _sweep(releases)
        release, partial = releases / told["version"], releases / f"{told['version']}.partial"
        if release.is_dir():
            if current(root) == release:
                if not again:
                    return release  # installed before, and not yet started
                disk.remove(root / "current")  # nothing may lead to what is half removed
                disk.sync_folder(root)
            shutil.rmtree(release)  # damaged, or the power went between the rename and the link
        try:
            _unpack(archive, bundle, told["files"], partial, disk, done)
            for kept, name in ((KEPT_MANIFEST, MANIFEST), (KEPT_SIGNATURE, SIGNATURE)):
                disk.write_new(partial / kept, archive.read(name))
            disk.sync_folder(partial)
        except Exception:  # altered, or no room: not even a half is left
            shutil.rmtree(partial, ignore_errors=True)
            raise
        disk.replace(partial, release)
        disk.sync_folder(releases)
        link = root / "current.new"
        disk.remove(link)
        link.symlink_to(Path("releases") / told["version"])
        disk.sync_folder(root)
        disk.replace(link, root / "current")
        disk.sync_folder(root)
    _forget_old(root, release)
    return release


def _unpack(
    archive: zipfile.ZipFile,
    bundle: Path,
    files: dict,
    partial: Path,
    disk: Disk,
    done: Callable[[float], object],
) -> None:
    total = sum(one["size"] for one in files.values()) or 1
    written = 0
    folders = {partial}
    disk.make_folder(partial)
    for name, one in files.items():
        with archive.open(FILES + name) as packed:
            content = packed.read(one["size"] + 1)  # no byte more than was signed
        if len(content) != one["size"] or hashlib.sha256(content).hexdigest() != one["sha256"]:
            raise BadInput("bundle-broken", f"{bundle}: {name} is altered", file=bundle.name)
        path = partial / name
        disk.make_folder(path.parent)
        folders.add(path.parent)
        disk.write_new(path, content)
        path.chmod(0o755 if one["run"] else 0o644)
        written += one["size"]
        done(written / total)
    for folder in sorted(folders, reverse=True):
        disk.sync_folder(folder)


@contextmanager
def _opened(bundle: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(bundle)
    except FileNotFoundError:
        raise NotFound("bundle-missing", f"no {bundle}", file=str(bundle)) from None
    except (zipfile.BadZipFile, OSError) as error:
        raise BadInput("bundle-broken", f"{bundle}: {error}", file=bundle.name) from error
    with archive:
        try:
            yield archive
        except (zipfile.BadZipFile, EOFError, KeyError) as error:
            raise BadInput("bundle-broken", f"{bundle}: {error}", file=bundle.name) from error


def _manifest(
    archive: zipfile.ZipFile, bundle: Path, public_key: Path, running: str, again: bool
) -> dict:
    """The signed list, checked against what is there, before a byte is unpacked."""

    def broken(reason: str) -> BadInput:
        return BadInput("bundle-broken", f"{bundle}: {reason}", file=bundle.name)

    names = archive.namelist()
    if len(names) > MOST_FILES:
        raise TooLarge("bundle-broken", f"{bundle}: {len(names)} files", file=bundle.name)
    for name in (MANIFEST, SIGNATURE):
        if name not in names or archive.getinfo(name).file_size > MOST_MANIFEST:
            raise broken(f"no {name}")
    manifest = archive.read(MANIFEST)
    _refuse_foreign(manifest, archive.read(SIGNATURE), public_key, bundle.name)
    try:
        told = json.loads(manifest)
        files, version, format = told["files"], told["version"], told["format"]
        sizes = [(one["size"], one["sha256"], one["run"]) for one in files.values()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken(repr(error)) from error
    if format != FORMAT or not all(map(_is_safe, files)):
        raise broken(f"format {format}, or a name that leads elsewhere")
    if sum(size for size, _, _ in sizes) > MOST_BYTES:
        raise TooLarge("bundle-broken", f"{bundle}: too large", file=bundle.name)
    if sorted(names) != sorted([MANIFEST, SIGNATURE, *(FILES + name for name in files)]):
        raise broken("files that were not signed, or too few")
    newer = version_of(version) > version_of(running)
    if not newer and not (again and version == running):
        raise Conflict(
            "bundle-not-newer",
            f"{bundle} is {version}, this kit {running}",
            version=version,
            running=running,
        )
    return told


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return inside and name not in (KEPT_MANIFEST, KEPT_SIGNATURE)


def _sweep(releases: Path) -> None:
    for left in releases.glob("*.partial"):
        shutil.rmtree(left)


def _forget_old(root: Path, newest: Path) -> None:
    """The one before stays, to go back to; older ones go."""
    there = [path for path in (root / "releases").iterdir() if _VERSION.fullmatch(path.name)]
    for old in sorted(there, key=lambda path: version_of(path.name))[:-KEPT]:
        if old != newest:
            shutil.rmtree(old)


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _openssl_sign(content: bytes, private_key: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "what").write_bytes(content)
        done = _openssl("-sign", "-inkey", str(private_key), "-in", f"{folder}/what")
    if done.returncode or len(done.stdout) != 64:
        reason = done.stderr.decode(errors="replace").strip()
        raise BadInput("bundle-key-wrong", f"{private_key}: {reason}", file=private_key.name)
    return done.stdout


def _refuse_foreign(manifest: bytes, signature: bytes, public_key: Path, name: str) -> None:
    if not _openssl_verified(manifest, signature, public_key):
        raise BadInput("bundle-signature-wrong", f"{name}: signature", file=name)


def _openssl_verified(content: bytes, signature: bytes, public_key: Path) -> bool:
    if not public_key.is_file():
        raise NotFound("bundle-key-missing", f"no {public_key}", file=str(public_key))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "what").write_bytes(content)
        (Path(folder) / "signature").write_bytes(signature)
        done = _openssl(
            *("-verify", "-pubin", "-inkey", str(public_key)),
            *("-in", f"{folder}/what", "-sigfile", f"{folder}/signature"),
        )
    return done.returncode == 0


def _openssl(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["openssl", "pkeyutl", "-rawin", *arguments], capture_output=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("openssl-missing", f"openssl: {error}") from error
