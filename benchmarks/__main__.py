"""Every promise about speed and weight, from one run: `make bench`.

    python benchmarks [--json] [--quick] [--photos FOLDER]

Each figure is a ratio of things that took turns on this machine, or a count of what stayed alive.
This machine is not a Raspberry Pi: ratios carry over far better than milliseconds, and neither
has been confirmed on one. Exit status 1 where a promise is not kept.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict, is_dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import engine
import server
import sound
import storage
import training

from kit import resources
from kit.codecs.picture import encode_picture

EXAMPLES = resources.activities_dir() / "sort-it" / "examples"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer rounds; says that it is quick")
    parser.add_argument("--photos", type=Path, default=training.SHARED, help="a folder of folders")
    options = parser.parse_args()

    rounds = 100 if options.quick else 400
    figures = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors; not a Raspberry Pi"
        if platform.machine() != "aarch64"
        else f"aarch64, {os.cpu_count()} processors",
        "quick": options.quick,
        "engine": engine.run(rounds),
        "sound": sound.run(rounds),
        "training": training.run(5 if options.quick else 15, options.photos),
    }
    labels = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
    pictures = {
        label.name: [file.read_bytes() for file in sorted(label.glob("*.jpg"))] for label in labels
    }
    jpeg = encode_picture(engine.photo(), 85)
    bare = engine.bare(resources.model_dir(engine.BACKBONE))
    figures["server"] = server.run(pictures, EXAMPLES, jpeg, bare, rounds // 2)
    with tempfile.TemporaryDirectory() as place:
        figures["storage"] = storage.measure(
            Path(place), 200, 4_000 if options.quick else 20_000, 60
        )

    rows = promises(figures)
    if options.json:
        print(json.dumps(figures, default=lambda o: asdict(o) if is_dataclass(o) else str(o)))
    else:
        print_table(figures, rows)
    return 0 if all(kept for *_, kept in rows) else 1


def promises(figures: dict) -> list[tuple[str, str, str, bool]]:
    """(what, measured, promised, kept) of each promise."""
    ratios = figures["engine"]["ratio_to_bare"]
    heard = figures["sound"]
    taught, served, kept = figures["training"], figures["server"], figures["storage"]
    streams = served["streams"]
    gap = abs(taught["accuracy"]["ours"] - taught["accuracy"]["scikit-learn"]) * 100
    ours_is_worse = taught["accuracy"]["ours"] < taught["accuracy"]["scikit-learn"]

    def at_most(what: str, value: float, limit: float, shown: str) -> tuple[str, str, str, bool]:
        return what, shown, f"≤ {limit:g}", value <= limit

    def ratio_row(what: str, found: dict, limit: float) -> tuple[str, str, str, bool]:
        value = found["value"]
        return at_most(
            what, value, limit, f"{value:.2f} ({found['low']:.2f} to {found['high']:.2f})"
        )

    return [
        ratio_row("embedding / bare network", ratios["embedding"], 1.05),
        ratio_row("JPEG bytes to answer / bare", ratios["answer_middle"], 1.45),
        ratio_row("the same over HTTP / bare", asdict(served["http_over_bare"]), 2.5),
        ratio_row(
            "sound front end / one rfft", heard["ratio_to_rfft"]["front_end"], sound.PROMISED_RATIO
        ),
        at_most(
            "a second of 44.1 kHz sound to answer, ms",
            heard["median_ms"]["words_from_44100"],
            sound.PROMISED_MS,
            f"{heard['median_ms']['words_from_44100']}",
        ),
        ratio_row("training 5 × 100 / scikit-learn", asdict(taught["ratio"]), training.PROMISED),
        (
            "its accuracy against scikit-learn's, points",
            f"{'-' if ours_is_worse else '+'}{gap:.1f}",
            "≥ -0.5",
            not ours_is_worse or gap <= 0.5,
        ),
        at_most(
            "server memory, MB (PSS)", served["pss_total_mb"], 160, f"{served['pss_total_mb']}"
        ),
        (
            "live pictures alive",
            f"{streams['alive']} of {streams['viewers']}",
            f"{streams['viewers']}",
            streams["alive"] == streams["viewers"],
        ),
        at_most(
            "p99 gap between pictures, ms", streams["gap_p99_ms"], 125, f"{streams['gap_p99_ms']}"
        ),
        at_most("adding a sample, many / few", kept["ratio"], 1.2, f"{kept['ratio']:.2f}"),
        at_most(
            "first page after start, s", served["first_page_s"], 3, f"{served['first_page_s']}"
        ),
    ]


def print_table(figures: dict, rows: list[tuple[str, str, str, bool]]) -> None:
    print(f"{figures['machine']}{' (quick)' if figures['quick'] else ''}")
    ms = figures["engine"]["median_ms"]
    print(f"{figures['engine']['runtime']}; bare network {ms['bare']} ms, one thread")
    taught = figures["training"]
    print(
        f"training {taught['ours_ms']} ms, scikit-learn {taught['scikit_learn_ms']} ms, "
        f"{taught['source']}"
    )
    streams = figures["server"]["streams"]
    print(f"live picture {streams['picture_kb']} KB at {streams['frames_per_s']} a second\n")
    for what, shown, limit, kept in rows:
        print(f"{'  ' if kept else '! '}{what:46}{shown:>24}   {limit}")


if __name__ == "__main__":
    sys.exit(main())
