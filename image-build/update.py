#!/usr/bin/env python3
"""Make an update that a kit takes from a USB stick: this tree's software, signed.

    .venv/bin/python image-build/update.py --key update.pem --work FOLDER
    -> FOLDER/build/mallette-VERSION.bundle

In it lies what a wheel of this tree holds: the kit, its models, its activities. The libraries stay
those of the image, and what the image runs as root stays the image's (docs/decisions/0021).
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from wheelhouse import unpacked

ROOT = Path(__file__).resolve().parent.parent


def lay_out(folder: Path) -> None:
    """Put this tree's software below `folder`, as PYTHONPATH wants it."""
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", made],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for path, content, _mode in unpacked(Path(made).glob("*.whl"), str(folder)):
            target = Path(path)
            if target.relative_to(folder).parts[0] == "kit":  # not what pip would note beside it
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def main(arguments: list[str]) -> int:
    """Make it, and name it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", type=Path, required=True, help="private Ed25519 key, PEM")
    parser.add_argument("--work", type=Path, default=ROOT, help="where build/ shall be")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    from kit import __version__
    from kit.core.errors import KitError
    from kit.lending.update import sign

    out = asked.work.resolve() / "build" / f"mallette-{__version__}.bundle"
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        try:
            sign(Path(folder), __version__, asked.key, out)
        except KitError as error:
            print(f"update: {error}", file=sys.stderr)
            return 1
    print(f"update: {out}  {out.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
