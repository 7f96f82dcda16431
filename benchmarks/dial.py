"""The frugality dial of a folder of photos: how right, how quick and how dear at four sizes.

    python benchmarks/dial.py PHOTOS [--pictures 200] [--meter auto] [--json]

PHOTOS holds one folder a label. The kit itself does the work, as its lab page does: the photos
become a project, each a showing of its own; each size is checked by leaving showings out in turn
and measured in full length. Prints the table that docs/dial.md keeps. Takes some six minutes.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit.app import Kit  # noqa: E402
from kit.core.types import Actor, JobState, Role  # noqa: E402
from kit.settings import Settings  # noqa: E402

SIZES = (224, 160, 128, 96)
NEAR_BEST = 0.01
"""A point within one in a hundred of the best is as good, for most."""
PROMISED = 0.5
LONGEST_S = 600.0
ME = Actor(Role.LOCAL, "kit")


def dial(photos: Path, pictures: int, meter: str) -> list[dict]:
    """One row a size, as the lab gives them, the largest first."""
    with tempfile.TemporaryDirectory() as folder:
        kit = Kit(Settings(data=Path(folder) / "data", camera="none", meter=meter))
        try:
            project = kit.library.create(ME, "dial").id
            studio = kit.library.open(ME, project)
            labels = sorted(one for one in photos.iterdir() if one.is_dir())
            for one in labels:
                label = studio.add_label(ME, one.name)
                files = sorted(one.iterdir())[: pictures // len(labels)]
                studio.add_pictures(ME, label.id, [(f.name, f.read_bytes()) for f in files])
            for size in SIZES:
                job = kit.experiments.start(ME, project, f"answer-{size}", "full")
                ended = kit.jobs.wait(job.id, LONGEST_S)
                if ended is None or ended.state is not JobState.DONE:
                    raise SystemExit(f"{size} px: {ended}")
                print(f"{size} px done", file=sys.stderr)
            return kit.experiments.results(ME, project)["results"][::-1]
        finally:
            kit.close()


def table(rows: list[dict]) -> list[str]:
    """The dial in Markdown, and the verdict on its smallest good point."""
    label = {"estimated": "estimated", "none": "not measured"}.get(rows[0]["label"], "measured")
    lines = [
        f"| side | right | interval | latency, median | energy above idle, {label} | front |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        accuracy, latency = row["accuracy"], row["latency"]
        energy = row["energy"] and row["energy"]["marginal_mj"]
        cost = f"{energy['value']:.3g} mJ ({energy['low']:.3g} to {energy['high']:.3g})"
        lines.append(
            f"| {row['input_size']} px | {accuracy['right']} of {accuracy['n']} "
            f"| {100 * accuracy['low']:.0f} to {100 * accuracy['high']:.0f} % "
            f"| {latency['median_ms']:.2f} ms ({latency['low_ms']:.2f} to "
            f"{latency['high_ms']:.2f}) | {cost if energy else '–'} "
            f"| {'yes' if row['on_front'] else 'no'} |"
        )
    return [*lines, "", verdict(rows)]


def verdict(rows: list[dict]) -> str:
    """Whether the smallest point within 1 point of the best costs at most half its latency."""
    best = max(rows, key=lambda row: (row["accuracy"]["value"], row["input_size"]))
    good = [
        row for row in rows if row["accuracy"]["value"] >= best["accuracy"]["value"] - NEAR_BEST
    ]
    smallest = min(good, key=lambda row: row["input_size"])
    ratio = smallest["latency"]["median_ms"] / best["latency"]["median_ms"]
    told = (
        f"Best: {best['input_size']} px. Smallest within {100 * NEAR_BEST:.0f} point of it: "
        f"{smallest['input_size']} px, at {ratio:.2f} times its latency "
        f"(promised: at most {PROMISED})."
    )
    if ratio <= PROMISED:
        return told
    if smallest is best:
        return f"{told} No smaller size is as right, so there is nothing to be saved for free."
    return f"{told} The next smaller one loses more than that."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pictures", type=int, default=200, help="of all labels together")
    parser.add_argument("--meter", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = dial(options.photos, options.pictures, options.meter)
    print(json.dumps(rows) if options.json else "\n".join(table(rows)))


if __name__ == "__main__":
    main()
