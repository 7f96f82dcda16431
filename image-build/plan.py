#!/usr/bin/env python3
"""What `make image` does, as text: no root, no network, nothing written. build.py carries it out.

    python3 image-build/plan.py              for Raspberry Pi OS, the image that is handed out
    python3 image-build/plan.py debian       for Debian, the one that is started in tests

    image.toml + files/ + requirements/run.txt -> Plan -> the exact arguments of mmdebstrap, of
    what follows it and of genimage, every file with its mode and source, every wheel with hashes

    Debian's packages -> system.tar -> root/ with our files and the kit -> mallette-NAME.img

`plan()` is pure but for reading the tree it is given. It runs on the bare system Python. No
mirror's address is ever in it: mmdebstrap takes its default, or files of the builder's own apt.
"""

import argparse
import hashlib
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from image_config import Config, ConfigError, Distribution, Layer, Partitions, load

HERE = Path(__file__).resolve().parent
SCRIPTS = "usr/lib/mallette/"
RUN = (SCRIPTS, "etc/initramfs-tools/hooks/", "etc/initramfs-tools/scripts/")
"""What lies below is run; every other file is read."""

# In place before the first package is unpacked: its scripts read them.
EARLY = ("etc/initramfs-tools/", "etc/default/", "etc/overlayroot.local.conf")
KIT = "/opt/mallette"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of ours: where on the card, its mode, where from, what it holds. Root owns all."""

    target: str
    mode: int
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a build of one distribution does."""

    distribution: str
    packages: tuple[str, ...]
    root_files: tuple[PlannedFile, ...]
    boot_files: tuple[PlannedFile, ...]
    wheels: tuple[str, ...]
    mmdebstrap: tuple[str, ...]
    finish: tuple[tuple[str, ...], ...]
    genimage_config: str
    genimage: tuple[str, ...]


def wheels(lock: str, *, python: str, machine: str) -> list[str]:
    r"""The lines of a lock file that hold on the card, markers answered and gone.

    pip answers markers for the machine it runs on, even when told to fetch for another one.

    >>> other, ours = "a==1 ; sys_platform == 'win32' \\\n  --hash=x", "b==2 \\\n  --hash=y"
    >>> wheels(f"{other}\n{ours}", python="3.13", machine="aarch64")
    ['b==2 --hash=y']
    """
    target = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }
    kept = []
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        requirement, *hashes = re.split(r"\s*\\\n\s*", entry.strip())
        name, _, marker = (part.strip() for part in requirement.partition(";"))
        if not marker or _holds(marker, target):
            kept.append(" ".join([name, *hashes]))
    return kept


def _holds(marker: str, target: Mapping[str, str]) -> bool:
    """Whether a marker holds there: equalities joined by `and`, all that our locks have."""
    for clause in marker.split(" and "):
        match = re.fullmatch(r"(\w+) (==|!=) '([^']*)'", clause.strip())
        if match is None or match[1] not in target:
            raise ConfigError(f"requirements: cannot answer the marker {marker!r}")
        if (target[match[1]] == match[3]) != (match[2] == "=="):
            return False
    return True


def plan(config: Config, name: str, *, files: Path, lock: str) -> Plan:
    """What a build does.

    Args:
        config: image.toml.
        name: the distribution.
        files: the folder with `root/`, `boot/`, and a folder for each distribution.
        lock: the text of requirements/run.txt.

    Raises:
        ConfigError: no such distribution, or a package, unit or file is named twice.
    """
    if name not in config.distributions:
        raise ConfigError(f"no distribution {name!r}; there are {', '.join(config.distributions)}")
    distribution = config.distributions[name]
    layers = config.layers.values()
    packages = [*distribution.packages, *(p for layer in layers for p in layer.packages)]
    _refuse_twice(packages, "package")
    planned = list(_planned(files, ["root", "boot", *distribution.files]))
    _refuse_twice([file.target for file in planned], "file")
    boot = tuple(f for f in planned if f.target.startswith("boot/firmware/"))
    root = tuple(f for f in planned if f not in boot)
    _refuse_missing_units(layers, root)
    return Plan(
        name,
        tuple(sorted(packages)),
        root,
        boot,
        tuple(wheels(lock, python=config.image.python, machine="aarch64")),
        tuple(_mmdebstrap(config, distribution, name, sorted(packages))),
        tuple(_finish(config, distribution, name)),
        _genimage_config(config.partitions, name),
        ("genimage", "--config", f"build/{name}/genimage.cfg", "--rootpath", f"build/{name}/root",
         "--inputpath", f"build/{name}", "--outputpath", f"build/{name}", "--tmppath",
         f"build/{name}/genimage"),
    )  # fmt: skip


def _planned(files: Path, folders: list[str]) -> Iterator[PlannedFile]:
    for folder in folders:
        for path in sorted((files / folder).rglob("*")):
            if not path.is_file():
                continue
            inside = path.relative_to(files / folder).as_posix()
            if folder == "boot":
                inside = f"boot/{inside}"
            # Ours lie in boot/; on the card that is the FAT partition's place.
            target = re.sub("^boot/", "boot/firmware/", inside)
            mode = 0o755 if target.startswith(RUN) else 0o644
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield PlannedFile(target, mode, f"files/{path.relative_to(files).as_posix()}", digest)


def _refuse_twice(names: list[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(f"{what} named twice: {', '.join(twice)}")


def _refuse_missing_units(layers: Iterable[Layer], root: tuple[PlannedFile, ...]) -> None:
    """A unit of ours that is switched on must be among the files."""
    there = {Path(file.target).name for file in root}
    for unit in (unit for layer in layers for unit in layer.enable):
        if unit.startswith("mallette") and unit not in there:
            raise ConfigError(f"unit {unit} is enabled, but files/root/ has none of that name")


def _mmdebstrap(
    config: Config, distribution: Distribution, name: str, packages: list[str]
) -> Iterator[str]:
    """Debian's packages alone: the slow part, made once for as long as its arguments hold."""
    image = config.image
    yield from ("mmdebstrap", "--variant=minbase", "--format=tar")
    yield f"--architectures={image.architecture}"
    yield f"--components={','.join(image.components)}"
    yield from ('--aptopt=APT::Install-Recommends "false"',
                # Nobody is there to be asked which of two versions of a file shall stay: ours.
                "--dpkgopt=force-confold",
                "--dpkgopt=path-exclude=/usr/share/doc/*",
                "--dpkgopt=path-include=/usr/share/doc/*/copyright",
                "--dpkgopt=path-exclude=/usr/share/man/*")  # fmt: skip
    yield f"--include={','.join(packages)}"
    yield f"--essential-hook=tar-in build/{name}/early.tar /"
    yield image.suite
    yield f"build/{name}/system.tar"
    yield from (f"build/sources/{file}" for file in distribution.sources)


def _finish(config: Config, distribution: Distribution, name: str) -> Iterator[tuple[str, ...]]:
    """What makes Debian's packages a kit, one command after the other."""
    image, layers, root = config.image, config.layers.values(), f"build/{name}/root"
    unpack = ("tar", "--extract", "--numeric-owner", "--directory", root, "--file")
    yield ("mkdir", "-p", root)
    yield (*unpack, f"build/{name}/system.tar", "--exclude=./dev/*")
    yield (*unpack, f"build/{name}/files.tar", "--no-overwrite-dir")
    # Unpacked on the building machine: the card has no pip.
    yield (*unpack, f"build/{name}/kit.tar", "--no-overwrite-dir")  # all of it below KIT
    # Nothing is written there later, and compiling 900 files at each start takes a Pi a minute.
    # Debian's own too: what it compiled knows its sources by times, which are the image's here.
    yield ("chroot", root, "python3", "-m", "compileall", "-q", "-f", "--invalidation-mode",
           "unchecked-hash", KIT, f"/usr/lib/python{image.python}", "/usr/lib/python3")  # fmt: skip
    yield ("chroot", root, "systemd-sysusers")
    for command in distribution.commands:
        yield ("chroot", root, *shlex.split(command))
    for verb in ("enable", "disable", "mask"):
        units = [unit for layer in layers for unit in getattr(layer, verb)]
        if units:
            yield ("systemctl", f"--root={root}", verb, *units)
    for pattern in (pattern for layer in layers for pattern in layer.remove):
        yield ("sh", "-c", f"rm -rf {root}/{pattern}")
    # systemd draws one in memory at each start until kit/appliance/boot.py has said which.
    yield ("truncate", "--size=0", f"{root}/etc/machine-id")
    yield ("sh", "-c", f"echo {image.hostname} > {root}/etc/hostname")
    # mmdebstrap leaves the building machine's name server there; a kit asks none.
    yield ("install", "--mode=644", "/dev/null", f"{root}/etc/resolv.conf")
    yield ("mkdir", "-p", f"{root}/data", f"{root}/boot/firmware")
    # Else each start, which finds the root as it was built, brings caches up to date once more.
    yield ("touch", f"{root}/etc/.updated", f"{root}/var/.updated")
    # The image's own systemd orders what it will start: from a circle it would leave a unit out.
    check = f"said=$(chroot {root} systemd-analyze verify --man=no default.target 2>&1)"
    yield ("sh", "-ec", f"{check}; ! echo \"$said\" | grep -E 'cycle|mallette'")
    # The same inputs give the same root: what a command has just written says the image's time.
    yield ("find", root, "-newermt", f"@{image.created_s}", "-exec", "touch", "--no-dereference",
           f"--date=@{image.created_s}", "{}", "+")  # fmt: skip


def _genimage_config(partitions: Partitions, name: str) -> str:
    """An MBR, because the Pi's firmware before the Pi 4 reads no other; no loop mounts.

    A card erases in blocks: a partition that begins inside one costs it two for each write.
    """
    return f"""\
image boot.vfat {{
	vfat {{
		label = "BOOT"
	}}
	mountpoint = "/boot/firmware"
	size = {partitions.boot_mb}M
}}

image root.ext4 {{
	ext4 {{
		label = "root"
		use-mke2fs = true
	}}
	mountpoint = "/"
	size = {partitions.root_mb}M
}}

image data.ext4 {{
	ext4 {{
		label = "data"
		use-mke2fs = true
	}}
	empty = true
	size = {partitions.data_mb}M
}}

image mallette-{name}.img {{
	hdimage {{
		align = 1M
		partition-table-type = "mbr"
	}}

	partition boot {{
		partition-type = 0xC
		bootable = true
		image = "boot.vfat"
	}}

	partition root {{
		partition-type = 0x83
		image = "root.ext4"
	}}

	partition data {{
		partition-type = 0x83
		image = "data.ext4"
	}}
}}
"""


def as_text(planned: Plan, config: Config) -> str:
    """The plan to read and to review; the same inputs give the same text."""
    image = config.image
    lines = [
        f"Mallette for {planned.distribution} {image.suite} {image.architecture}",
        config.distributions[planned.distribution].why,
        "",
        "PACKAGES",
        *(f"  {package}" for package in planned.packages),
        "",
        f"FILES  owner root:root, time {image.created_s}; * before the first package",
        *(_line_of(file) for file in (*planned.boot_files, *planned.root_files)),
        "",
        f"WHEELS  Python {image.python}, aarch64, into {KIT}; hashes in requirements/run.txt",
        *(f"  {wheel.partition(' ')[0]}" for wheel in planned.wheels),
        "  and the kit's own, built from this tree",
        "",
        "MMDEBSTRAP",
        f"  SOURCE_DATE_EPOCH={image.created_s}",
        *(f"  {shlex.quote(argument)}" for argument in planned.mmdebstrap),
        "",
        "FINISH",
        *(f"  {shlex.join(command)}" for command in planned.finish),
        "",
        "GENIMAGE",
        *(f"  {shlex.quote(argument)}" for argument in planned.genimage),
        "",
        f"build/{planned.distribution}/genimage.cfg",
        *(f"  {line}".rstrip() for line in planned.genimage_config.splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _line_of(file: PlannedFile) -> str:
    early = "*" if file.target.startswith(EARLY) else " "
    return f"{early} {file.mode:04o} {file.sha256[:12]} /{file.target}  <- {file.source}"


def main(arguments: list[str]) -> int:
    """Print the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("distribution", nargs="?", default="raspios")
    asked = parser.parse_args(arguments)
    try:
        config = load((HERE / "image.toml").read_text(encoding="utf-8"))
        lock = (HERE.parent / "requirements" / "run.txt").read_text(encoding="utf-8")
        planned = plan(config, asked.distribution, files=HERE / "files", lock=lock)
    except ConfigError as error:
        print(f"image-plan: {error}", file=sys.stderr)
        return 1
    print(as_text(planned, config), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
