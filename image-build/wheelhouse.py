"""The kit's own Python packages, fetched for another processor and laid out without running any.

    lock lines -> pip download (hashes checked) -> wheels -> one tar with everything below a folder

pip takes its index from the builder's own settings. A wheel is a zip with two kinds of content:
what is imported, which is unpacked, and `NAME.data/`, of which only modules matter on a card.
"""

import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

GLIBC = [f"manylinux_2_{minor}_aarch64" for minor in range(41, 16, -1)]
"""Trixie's is 2.41; a wheel for an older one runs there too. 2_17 is the oldest name in use."""


def download(lock_lines: Sequence[str], folder: Path, *, python: str) -> list[Path]:
    """The wheels of these lines, in `folder`; those that are there already are not asked for.

    Raises:
        subprocess.CalledProcessError: pip could not have them, or a hash is another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("".join(f"{line}\n" for line in lock_lines), encoding="utf-8")
    platforms = [part for tag in [*GLIBC, "manylinux2014_aarch64"] for part in ("--platform", tag)]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
         "--only-binary=:all:", "--implementation=cp", f"--python-version={python}", *platforms,
         "--find-links", str(folder), "--dest", str(folder), "--requirement", str(wanted)],
        check=True,
    )  # fmt: skip
    # An older version may lie there from an earlier lock.
    pins = {_pin(*line.split()[0].split("==")) for line in lock_lines}
    return sorted(w for w in folder.glob("*.whl") if _pin(*w.name.split("-")[:2]) in pins)


def tar_of(contents: Iterable[tuple[str, bytes, int]], *, created_s: int) -> bytes:
    """A tar of these (path, bytes, mode) and their folders, root's; the same in, the same out."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        made: set[str] = set()
        for path, content, mode in sorted(contents):
            for folder in reversed(PurePosixPath(path).parents[:-1]):
                if str(folder) not in made:
                    made.add(str(folder))
                    entry = tarfile.TarInfo(str(folder))
                    entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, created_s
                    tar.addfile(entry)
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode, entry.mtime = len(content), mode, created_s
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def unpacked(wheels: Iterable[Path], where: str) -> Iterator[tuple[str, bytes, int]]:
    """What these wheels put below `where`, as (path, bytes, mode).

    Raises:
        ValueError: a wheel that would write elsewhere.
    """
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                path = _inside(PurePosixPath(name))
                if name.endswith("/") or path is None:
                    continue
                if path.is_absolute() or ".." in path.parts:
                    raise ValueError(f"{wheel.name}: {name} leads out of its folder")
                yield f"{where}/{path}", archive.read(name), 0o644


def _inside(path: PurePosixPath) -> PurePosixPath | None:
    """Where a wheel's member goes; None for scripts, headers and manuals.

    >>> _inside(PurePosixPath("a-1.data/purelib/a/b.py"))
    PurePosixPath('a/b.py')
    >>> _inside(PurePosixPath("a-1.data/scripts/a"))
    """
    if not path.parts or not path.parts[0].endswith(".data"):
        return path
    if path.parts[1:2] in (("purelib",), ("platlib",)):
        return PurePosixPath(*path.parts[2:])
    return None


def _pin(name: str, version: str) -> tuple[str, str]:
    return name.lower().replace("-", "_").replace(".", "_"), version
