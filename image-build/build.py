#!/usr/bin/env python3
"""Make the memory card's image: what plan.py says, carried out. Needs root, for files of root's.

    .venv/bin/python image-build/build.py debian --work FOLDER

    FOLDER/build/NAME/  system.tar          Debian's packages, kept while their plan is the same
                        root/               the card's root, root.manifest its files with hashes
                        mallette-NAME.img   .img.zst, .sha256, .rpi-imager-manifest beside it

Packages come from the archives that this machine's own apt knows, wheels from its own pip's index.
Each product has a stamp with the hash of all that it was made from: the same again costs nothing.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from image_config import Config, ConfigError, load
from manifest import imager_manifest, of_root
from plan import EARLY, HERE, KIT, Plan, PlannedFile, plan
from wheelhouse import download, tar_of, unpacked

APT_SOURCES = Path("/etc/apt/sources.list.d")
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "arch-test": "arch-test",
    "genimage": "genimage",
    "mke2fs": "e2fsprogs",
    "mkdosfs": "dosfstools",
    "mcopy": "mtools",
    "zstd": "zstd",
    "systemctl": "systemd",
}
"""Command -> the Debian package that has it."""


class BuildError(Exception):
    """One sentence: what is missing on this machine, or which step failed."""


def say(sentence: str) -> None:
    print(f"image: {sentence}", flush=True)


def build(config: Config, name: str, work: Path) -> Path:
    """Make the image of one distribution.

    Args:
        config: image.toml.
        name: the distribution.
        work: where `build/` is, or will be.

    Returns:
        The image, uncompressed.

    Raises:
        BuildError: a tool is missing, or a step failed.
        ConfigError: the plan cannot be made.
    """
    lock = (HERE.parent / "requirements" / "run.txt").read_text(encoding="utf-8")
    planned = plan(config, name, files=HERE / "files", lock=lock)
    check_machine(config.image.architecture)
    home = work / "build" / name
    home.mkdir(parents=True, exist_ok=True)
    os.environ["SOURCE_DATE_EPOCH"] = str(config.image.created_s)
    sources = [write_source(config, file, work) for file in config.distributions[name].sources]
    early = _write_tar(config, planned, home / "early.tar", early=True)
    system = home / "system.tar"
    with made_from(system, [*planned.mmdebstrap, early, *sources]) as outdated:
        if outdated:
            step("Debian's packages (under an hour at most)", planned.mmdebstrap, work)
    files = _write_tar(config, planned, home / "files.tar", early=False)
    kit = write_kit(config, planned, home)
    image = home / f"mallette-{name}.img"
    parts = [stamp_of(system), files, kit, repr(planned.finish), planned.genimage_config]
    with made_from(image, parts) as outdated:
        if outdated:
            _finish(planned, home, work)
            _publish(config, name, image)
    return image


def check_machine(architecture: str) -> None:
    """Refuse, by name, what this machine cannot do."""
    if os.geteuid() != 0:
        raise BuildError("building needs root; `make image-plan` shows all of it without")
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    os.environ["PATH"] = path
    missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if missing:
        raise BuildError(f"missing here: apt-get install {' '.join(missing)}")
    # What is installed in the image says so by running: in place, or through qemu-user.
    if subprocess.run(["arch-test", architecture], capture_output=True).returncode:
        raise BuildError(
            f"this machine does not run {architecture}: apt-get install qemu-user-static "
            "binfmt-support; and, where /proc/sys/fs/binfmt_misc is empty, "
            "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc"
        )


@contextmanager
def made_from(product: Path, parts: Sequence[str | bytes]) -> Iterator[bool]:
    """Whether the product is to be made; once the block is done, its stamp says from what."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(hashlib.sha256(content).digest())
    stamp = _stamp(product)
    if product.exists() and stamp.exists() and stamp.read_text() == total.hexdigest():
        say(f"{product.name}: nothing it is made from has changed")
        yield False
    else:
        stamp.unlink(missing_ok=True)
        yield True
        stamp.write_text(total.hexdigest())


def _stamp(product: Path) -> Path:
    return product.with_name(f"{product.name}.made-from")


def stamp_of(product: Path) -> str:
    """The hash of all that a product was made from."""
    return _stamp(product).read_text()


def step(what: str, command: Sequence[str], work: Path) -> None:
    """Run one command of the plan in `work`, and say how long it took.

    Raises:
        BuildError: it failed.
    """
    say(f"{what} …")
    began_s = time.monotonic()
    # Where qemu-user runs the image's programs: its default processor signs each return address, in
    # software, and is twenty times slower than this one.
    environment = {"QEMU_CPU": "cortex-a53", **os.environ}
    done = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, env=environment)
    if done.returncode:
        raise BuildError(f"{what}: {command[0]} ended with {done.returncode}; it says why above")
    say(f"{what}: {time.monotonic() - began_s:.0f} s")


def in_suite(source: str, *, suite: str, components: Sequence[str]) -> str:
    r"""The builder's own archives, for the image's suite.

    >>> ours = "Types: deb\nURIs: mirror\nSuites: bookworm bookworm-updates\nComponents: main\n"
    >>> print(in_suite(ours, suite="trixie", components=["main", "contrib"]), end="")
    Types: deb
    URIs: mirror
    Suites: trixie trixie-updates
    Components: main contrib
    """
    source = re.sub(
        r"^(Suites:).*$",
        lambda line: re.sub(r"(?<=\s)[a-z]+(?=-|\s|$)", suite, line[0]),
        source,
        flags=re.MULTILINE,
    )
    return re.sub(r"^Components:.*$", f"Components: {' '.join(components)}", source, flags=re.M)


def write_source(config: Config, file: str, work: Path) -> str:
    """Write the archives of one file of this machine's apt, for the image's suite."""
    try:
        ours = (APT_SOURCES / file).read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"packages come from what {APT_SOURCES / file} names: {error}") from error
    text = in_suite(ours, suite=config.image.suite, components=config.image.components)
    target = work / "build" / "sources" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return text


def _write_tar(config: Config, planned: Plan, target: Path, *, early: bool) -> bytes:
    """Our own files: those that packages' scripts read, or all others."""

    def wanted(file: PlannedFile) -> bool:
        return file.target.startswith(EARLY) == early

    content = tar_of(
        (
            (file.target, (HERE / file.source).read_bytes(), file.mode)
            for file in (*planned.root_files, *planned.boot_files)
            if wanted(file)
        ),
        created_s=config.image.created_s,
    )
    target.write_bytes(content)
    return content


def write_kit(config: Config, planned: Plan, home: Path) -> bytes:
    """The kit and the packages that it imports, below KIT."""
    say(f"{len(planned.wheels)} wheels for {config.image.architecture}")
    try:
        wheels = download(planned.wheels, home.parent / "wheelhouse", python=config.image.python)
        ours = home / "wheel"
        shutil.rmtree(ours, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", ours],
            cwd=HERE.parent,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError as error:
        raise BuildError(f"wheels: {error.cmd[2]} ended with {error.returncode}") from error
    content = tar_of(
        unpacked([*wheels, *ours.glob("*.whl")], KIT.lstrip("/")), created_s=config.image.created_s
    )
    (home / "kit.tar").write_bytes(content)
    return content


def _finish(planned: Plan, home: Path, work: Path) -> None:
    for folder in ("root", "genimage"):
        shutil.rmtree(home / folder, ignore_errors=True)
    (home / "root").mkdir(mode=0o755)
    for command in planned.finish:
        step(" ".join(command)[:60], command, work)
    with (home / "root.manifest").open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in of_root(home / "root"))
    (home / "genimage.cfg").write_text(planned.genimage_config, encoding="utf-8")
    step("disk", planned.genimage, work)
    # What the image was put together from is in it, and takes as much again.
    shutil.rmtree(home / "genimage")
    for part in ("boot.vfat", "root.ext4", "data.ext4"):
        (home / part).unlink()


def _publish(config: Config, name: str, image: Path) -> None:
    """What people download: compressed, its hash, and what the Imager wants to know."""
    packed = image.with_name(f"{image.name}.zst")
    step("zstd", ("zstd", "-9", "-T0", "--quiet", "--force", str(image), "-o", str(packed)), Path())
    packed.with_name(f"{packed.name}.sha256").write_text(f"{_sha256(packed)}  {packed.name}\n")
    manifest = imager_manifest(
        packed.name,
        why=config.distributions[name].why,
        extract_size=image.stat().st_size,
        extract_sha256=_sha256(image),
        download_size=packed.stat().st_size,
        download_sha256=_sha256(packed),
        released=datetime.datetime.fromtimestamp(config.image.created_s, datetime.UTC).date(),
    )
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    image.with_name("mallette.rpi-imager-manifest").write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _products(image: Path) -> Iterator[Path]:
    yield from (image, image.with_name(f"{image.name}.zst"), image.with_name("root.manifest"))


def main(arguments: list[str]) -> int:
    """Build, and name what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("distribution", nargs="?", default="raspios")
    parser.add_argument("--work", type=Path, default=HERE.parent, help="where build/ shall be")
    asked = parser.parse_args(arguments)
    try:
        config = load((HERE / "image.toml").read_text(encoding="utf-8"))
        image = build(config, asked.distribution, asked.work.resolve())
    except (BuildError, ConfigError) as error:
        print(f"image: {error}", file=sys.stderr)
        return 1
    for product in _products(image):
        say(f"{product}  {product.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
