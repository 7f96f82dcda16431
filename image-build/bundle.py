#!/usr/bin/env python3
"""One folder that makes a stock Raspberry Pi OS a kit: copied onto its boot drive, nothing else.

    .venv/bin/python image-build/bundle.py --work FOLDER     -> FOLDER/build/bundle/

For who has no Linux and no root. The folder holds Debian packages, wheels and our files; at the
first start the system reads user-data (cloud-init), which starts bundle/install. No network is
asked, then or later. The price: root stays writable, so the image is the better way.
"""

import argparse
import gzip
import hashlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from build import BuildError, say, write_kit, write_source
from image_config import Config, ConfigError, Layer, load
from plan import HERE, SCRIPTS, PlannedFile, plan
from wheelhouse import tar_of

STOCK = ("etc/fstab", "etc/initramfs-tools/", "etc/overlayroot.local.conf", "etc/default/",
         "etc/systemd/system/mallette-grow.service", f"{SCRIPTS}grow-data",
         f"{SCRIPTS}data-partition", "etc/udev/udev.conf.d/",
         "etc/systemd/system/systemd-udev-trigger.service.d/")  # fmt: skip
"""Files of the image that a stock system keeps its own of, or that files/bundle/ has otherwise."""

SYSTEM_PACKAGES = {"busybox", "firmware-brcm80211", "initramfs-tools", "overlayroot",
                   "systemd-sysv", "udev"}  # fmt: skip
"""Packages of the layers that a stock system has, or that belong to a root in memory: with busybox,
the file that starts the system would be written anew."""

LEFT_OUT = {"screen"}
"""Layers that the bundle goes without: a browser is a hundred packages, and what it draws with must
fit the system's own graphics, which Raspberry Pi builds itself."""


OVERLAY_UNITS = {"mallette-grow.service", "systemd-remount-fs.service"}
"""Units that the image switches because its root lies in memory. A stock system's root would stay
unwritable without the second."""


def make(config: Config, work: Path) -> Path:
    """The folder, made anew.

    Raises:
        BuildError: a package or wheel could not be had.
    """
    lock = (HERE.parent / "requirements" / "run.txt").read_text(encoding="utf-8")
    planned = plan(config, "debian", files=HERE / "files", lock=lock)
    home = work / "build" / "bundle.parts"
    home.mkdir(parents=True, exist_ok=True)
    kit = write_kit(config, planned, home)
    target = work / "build" / "bundle"
    shutil.rmtree(target, ignore_errors=True)
    ours = target / "mallette"
    (ours / "debs").mkdir(parents=True)
    for name in ("user-data", "meta-data"):
        shutil.copy(HERE / "bundle" / name, target / name)
    shutil.copy(HERE / "files" / "boot" / "mallette.toml", target / "mallette.toml")
    for name in ("start", "install", "mallette-install.service"):
        shutil.copy(HERE / "bundle" / name, ours / name)
    (ours / "units").write_text("".join(f"{line}\n" for line in units(config)), encoding="utf-8")
    files = (
        (f.target, (HERE / f.source).read_bytes(), f.mode) for f in files_of(planned.root_files)
    )
    (ours / "files.tar").write_bytes(tar_of(files, created_s=config.image.created_s))
    (ours / "kit.tar.gz").write_bytes(gzip.compress(kit, 6, mtime=config.image.created_s))
    for package in download_packages(config, home, work):
        shutil.copy(package, ours / "debs" / package.name)
    copied = sorted(file for file in ours.rglob("*") if file.is_file())
    sums = "".join(f"{_sha256(file)}  {file.relative_to(ours)}\n" for file in copied)
    (ours / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return target


def files_of(root_files: Sequence[PlannedFile]) -> Iterator[PlannedFile]:
    """Our files on a stock system: the image's but STOCK, and files/bundle/."""
    yield from (file for file in root_files if not file.target.startswith(STOCK))
    folder = HERE / "files" / "bundle"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        inside = path.relative_to(folder).as_posix()
        mode = 0o755 if inside.startswith(SCRIPTS) else 0o644
        yield PlannedFile(inside, mode, f"files/bundle/{inside}", _sha256(path))


def layers_of(config: Config) -> list[Layer]:
    """What a stock system gets of the image's layers."""
    return [layer for name, layer in config.layers.items() if name not in LEFT_OUT]


def units(config: Config) -> Iterator[str]:
    """The script that switches units on and off, as in the image, but OVERLAY_UNITS."""
    yield "#!/bin/sh"
    yield "set -eu"
    for verb in ("enable", "disable", "mask"):
        for layer in layers_of(config):
            for unit in getattr(layer, verb):
                if unit not in OVERLAY_UNITS:
                    # Not every stock system has a unit that the image silences.
                    wanted = "" if verb == "enable" else " || true"
                    # Not read anew after each: the system starts again.
                    yield f"systemctl --quiet --no-reload {verb} {shlex.quote(unit)}{wanted}"


def download_packages(config: Config, home: Path, work: Path) -> list[Path]:
    """The layers' packages and all that they depend on, for the board, by this machine's apt.

    Raises:
        BuildError: apt could not have them.
    """
    apt = home / "apt"
    for folder in ("lists/partial", "archives/partial", "sources"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").write_text("")  # a system that has nothing: then nothing is left out
    write_source(config, "debian.sources", work)
    shutil.copy(work / "build" / "sources" / "debian.sources", apt / "sources")
    architecture = config.image.architecture
    settings = {
        "APT::Architecture": architecture, "APT::Architectures": architecture,
        "APT::Install-Recommends": "false", "APT::Sandbox::User": "root",
        "Dir::State::lists": apt / "lists", "Dir::State::status": apt / "status",
        "Dir::Cache::archives": apt / "archives", "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "", "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": apt / "sources", "Dir::Etc::preferencesparts": "/dev/null",
    }  # fmt: skip
    command = ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in settings.items())]
    packages = [p for layer in layers_of(config) for p in layer.packages]
    wanted = sorted(set(packages) - SYSTEM_PACKAGES)
    for old in (apt / "archives").glob("*.deb"):
        old.unlink()
    for step in (["update"], ["install", "--yes", "--download-only", *wanted]):
        if subprocess.run([*command, *step], stdin=subprocess.DEVNULL).returncode:
            raise BuildError(f"apt-get {step[0]} failed; it says why above")
    return sorted((apt / "archives").glob("*.deb"))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str]) -> int:
    """Make the folder, and name it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=HERE.parent, help="where build/ shall be")
    asked = parser.parse_args(arguments)
    try:
        config = load((HERE / "image.toml").read_text(encoding="utf-8"))
        target = make(config, asked.work.resolve())
    except (BuildError, ConfigError) as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    say(f"{target}  {size / 1e6:.0f} MB: copy what is in it onto the drive of the flashed card")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
