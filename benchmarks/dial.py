"""The frugality dial of a folder of photos: how right, how quick and how dear at each point.

    python benchmarks/dial.py PHOTOS [--pictures 200] [--skip 0] [--meter auto] [--json]

PHOTOS holds one folder a label. The kit itself does the work, as its lab page does: the photos
become a project, each a showing of its own; each point (four sizes of the picture, the network
whole or ended after 11 or 9 of its 16 blocks) is checked by leaving showings out in turn and
measured in full length. Then all points take turns, answer by answer, so that other programs
disturb them alike: latencies are from there. Prints the table that docs/dial.md keeps. Takes some
twelve minutes.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from itertools import cycle
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import numpy as np  # noqa: E402
from measuring import ratio, take_turns  # noqa: E402

from kit import resources  # noqa: E402
from kit.app import Kit, load_runner  # noqa: E402
from kit.cli.machine import MachineClock  # noqa: E402
from kit.core.heads import SoftmaxRegression  # noqa: E402
from kit.core.measure import stage_statistics  # noqa: E402
from kit.core.types import Actor, JobState, Role  # noqa: E402
from kit.experiments import SUBJECTS, Subject  # noqa: E402
from kit.experiments.pictures import answer  # noqa: E402
from kit.experiments.subjects import USUAL, WHOLE  # noqa: E402
from kit.settings import Settings  # noqa: E402

POINTS = [subject for subject in SUBJECTS.values() if subject.on_dial and subject.head == USUAL]
ROUNDS = 200
NEAR_BEST = 0.01
"""A point within one in a hundred of the best is as good, for most."""
PROMISED = 0.5
LONGEST_S = 600.0
ME = Actor(Role.LOCAL, "kit")


def dial(photos: Path, pictures: int, skip: int, meter: str) -> list[dict]:
    """One row a point, as the lab gives them, the largest first; latencies taken in turns."""
    labels = sorted(one for one in photos.iterdir() if one.is_dir())
    each = pictures // len(labels)
    taken = {one.name: sorted(one.iterdir())[skip : skip + each] for one in labels}
    with tempfile.TemporaryDirectory() as folder:
        kit = Kit(Settings(data=Path(folder) / "data", camera="none", meter=meter))
        try:
            project = kit.library.create(ME, "dial").id
            studio = kit.library.open(ME, project)
            for name, files in taken.items():
                label = studio.add_label(ME, name)
                studio.add_files(ME, label.id, [(f.name, f.read_bytes()) for f in files])
            for point in POINTS:
                job = kit.experiments.start(ME, project, point.id, "full")
                ended = kit.jobs.wait(job.id, LONGEST_S)
                if ended is None or ended.state is not JobState.DONE:
                    raise SystemExit(f"{point.id}: {ended}")
                print(f"{point.id} done", file=sys.stderr)
            rows = kit.experiments.results(ME, project)["results"][::-1]
        finally:
            kit.close()
    times = in_turns([file.read_bytes() for files in taken.values() for file in files[:2]])
    for row in rows:
        found = times[row["subject"]]
        row["latency"] = stage_statistics(found.tolist()).to_json()
        row["ratio"] = ratio(found, times[POINTS[0].id])
    return rows


def in_turns(pictures: list[bytes]) -> dict[str, np.ndarray]:
    """Each point's answers, milliseconds, one of each point a round."""
    random = np.random.default_rng(0)

    def walk(point: Subject):
        model = resources.model_dir(Settings().backbone)
        runner = load_runner(model, point.input_size, cut=point.cut, threads=1)
        taught = np.abs(random.normal(size=(40, runner.dimensions))).astype(np.float32)
        head = SoftmaxRegression().fit(taught, [str(number % 10) for number in range(40)])
        return answer(cycle(pictures), runner, head, MachineClock())

    return take_turns({point.id: walk(point) for point in POINTS}, ROUNDS)


def table(rows: list[dict]) -> list[str]:
    """The dial in Markdown, and the verdict on its cheapest good point."""
    label = {"estimated": "estimated", "none": "not measured"}.get(rows[0]["label"], "measured")
    lines = [
        "| network | side | right | interval | latency, median | of the first | energy above idle, "
        f"{label} | front |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        accuracy, latency = row["accuracy"], row["latency"]
        energy = row["energy"] and row["energy"]["marginal_mj"]
        cost = energy and f"{energy['value']:.3g} mJ ({energy['low']:.3g} to {energy['high']:.3g})"
        lines.append(
            f"| {depth(row)} | {row['input_size']} px | {accuracy['right']} of {accuracy['n']} "
            f"| {100 * accuracy['low']:.0f} to {100 * accuracy['high']:.0f} % "
            f"| {latency['median_ms']:.2f} ms ({latency['low_ms']:.2f} to "
            f"{latency['high_ms']:.2f}) | {row['ratio'].value:.2f} "
            f"({row['ratio'].low:.2f} to {row['ratio'].high:.2f}) | {cost or '–'} "
            f"| {'yes' if row['on_front'] else 'no'} |"
        )
    return [*lines, "", verdict(rows)]


def depth(row: dict) -> str:
    """Where a row's network ends."""
    return "whole" if row["cut"] in (None, WHOLE) else f"{row['cut'].removeprefix('block-')} of 16"


def verdict(rows: list[dict]) -> str:
    """Whether the cheapest point within 1 point of the best costs at most half its latency."""
    best = max(rows, key=lambda row: (row["accuracy"]["value"], row["latency"]["median_ms"]))
    least = best["accuracy"]["value"] - NEAR_BEST - 1e-9
    good = [row for row in rows if row["accuracy"]["value"] >= least]
    cheapest = min(good, key=lambda row: row["latency"]["median_ms"])
    times = cheapest["ratio"].value / best["ratio"].value
    told = (
        f"Best: {depth(best)} at {best['input_size']} px. Cheapest within {100 * NEAR_BEST:.0f} "
        f"point of it: {depth(cheapest)} at {cheapest['input_size']} px, at {times:.2f} times its "
        f"latency (promised: at most {PROMISED})."
    )
    if cheapest is best:
        told += " No cheaper point is as right, so there is nothing to be saved for free."
    elif times > PROMISED:
        told += " The next cheaper one loses more than that."
    usual = rows[0]  # what the kit's lessons run
    return (
        f"{told}\n\nAgainst {depth(usual)} at {usual['input_size']} px, which the kit's lessons "
        f"use: {cheapest['accuracy']['right']} right instead of {usual['accuracy']['right']}, at "
        f"{cheapest['ratio'].value / usual['ratio'].value:.2f} times its latency."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pictures", type=int, default=200, help="of all labels together")
    parser.add_argument("--skip", type=int, default=0, help="photos of each label to leave aside")
    parser.add_argument("--meter", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = dial(options.photos, options.pictures, options.skip, options.meter)
    if options.json:
        print(json.dumps([row | {"ratio": asdict(row["ratio"])} for row in rows]))
    else:
        print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
