"""Write the lock files in requirements/ anew; `--check` only says whether they still fit.

    python3 scripts/lock.py            newest versions that requirements/*.in allow
    python3 scripts/lock.py --check    every pin has a wheel wherever the kit is set up

For maintainers, with `uv` and `npm` on the path and a network; nobody else runs this. One lock
serves every Python and processor: markers say what belongs where, and every file of a version is
listed by its hash. The test lock is resolved under the run lock, so that tests run on exactly what
a kit serves with. A lock names no index: where packages come from is the machine's own setting.
"""

import argparse
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
PYTHONS = ("3.11", "3.12", "3.13")
# glibc 2.36 is Debian 12's, the oldest system that the kit is set up on.
PLATFORMS = ("x86_64-manylinux_2_36", "aarch64-manylinux_2_36")
# The converter of models.txt is published for x86_64 only: models are built there, used anywhere.
X86_64_ONLY = ("models",)

# Not in models.txt: its two builds (with and without CUDA) have the same version and different
# hashes, and which one a machine is offered is that machine's setting. scripts/setup.py installs
# it by version; the rebuilt model's own hash is what is checked in the end.
UNLOCKED = ("torch",)
CUDA = ("cuda", "nvidia", "triton")

# (lock, resolved under)
LOCKS = (("run", None), ("test", "run"), ("models", None))


def compile_lock(name: str, under: str | None) -> None:
    """Resolve `name`.in into `name`.txt."""
    command = ["uv", "pip", "compile", "--no-config", "--upgrade"]
    command += ["--universal", "--python-version", PYTHONS[0], "--fork-strategy", "fewest"]
    command += ["--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    if under:
        command += ["--constraints", f"{under}.txt"]
    if name == "models":
        for package in UNLOCKED:
            command += ["--no-emit-package", package]
    command += [f"{name}.in", "--output-file", f"{name}.txt"]
    subprocess.run(command, cwd=REQUIREMENTS, check=True, stdout=subprocess.DEVNULL)
    lock = REQUIREMENTS / f"{name}.txt"
    lock.write_text(without_cuda(lock.read_text()))


def without_cuda(lock: str) -> str:
    """Drop what only the CUDA build of torch asks for; that build brings it along itself.

    >>> print(without_cuda("nvidia-nccl==2 \\\\\\n    --hash=sha256:00\\nnumpy==2\\n"), end="")
    numpy==2
    """
    kept, keep = [], True
    for line in lock.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            keep = not line.startswith(CUDA)
        if keep:
            kept.append(line)
    return "".join(kept)


def check_wheels(name: str) -> bool:
    """Whether each pin of the lock has a wheel on every Python and processor we name."""
    good = True
    platforms = PLATFORMS[:1] if name in X86_64_ONLY else PLATFORMS
    for python, platform in itertools.product(PYTHONS, platforms):
        command = ["uv", "pip", "compile", "--no-config", "--no-deps", "--only-binary", ":all:"]
        command += ["--no-python-downloads"]
        command += ["--python-version", python, "--python-platform", platform]
        with tempfile.NamedTemporaryFile(suffix=".txt") as scratch:
            command += [f"{name}.txt", "--output-file", scratch.name]
            run = subprocess.run(command, cwd=REQUIREMENTS, capture_output=True, text=True)
        print(f"{name}.txt  Python {python}  {platform}  {'ok' if not run.returncode else 'NO'}")
        if run.returncode:
            print(run.stderr, file=sys.stderr)
            good = False
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--only", choices=[name for name, _ in LOCKS], help="one lock")
    arguments = parser.parse_args()
    locks = [lock for lock in LOCKS if arguments.only in (None, lock[0])]
    if not arguments.check:
        for name, under in locks:
            compile_lock(name, under)
        if arguments.only in (None, "test"):
            command = ["npm", "install", "--package-lock-only", "--ignore-scripts"]
            subprocess.run(command, cwd=REQUIREMENTS / "js", check=True)
    return 0 if all([check_wheels(name) for name, _ in locks]) else 1


if __name__ == "__main__":
    sys.exit(main())
