"""What keeping a sample costs, and how that grows with what is kept already.

    python benchmarks/storage.py [--json] [--few 200] [--many 20000] [--rounds 60]

Two data folders are filled, one with few samples and one with many. Then single samples, each
with its embedding, are added to the one and the other by turns, so that a busy machine slows
both alike: the ratio is what counts. The promise is at most 1.2.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from kit.core.types import EmbeddingKey, Kind
from kit.storage import NewSample, Store

PICTURE_BYTES = 40_000
"""About what a stored picture of 640 x 480 takes."""
DIMENSIONS = 1280


def main() -> int:
    """Print the medians and their ratio; exit status 1 above the promised ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        figures = measure(Path(place), options.few, options.many, options.rounds)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:28} {value:10.3f}")
    return 0 if figures["ratio"] <= 1.2 else 1


def measure(place: Path, few: int, many: int, rounds: int) -> dict[str, float]:
    """Medians in milliseconds, and the ratio of the two."""
    filled = {size: _filled(place / str(size), size) for size in (few, many)}
    random = np.random.default_rng(1)
    times: dict[int, list[float]] = {few: [], many: []}
    for round in range(rounds):
        for size in (few, many) if round % 2 else (many, few):
            store, project_id, label_id = filled[size]
            picture, vector = random.bytes(PICTURE_BYTES), random.normal(size=DIMENSIONS)
            began = time.perf_counter()
            [sample] = store.add_samples(
                project_id, [NewSample(label_id, f"b{round}", picture, 640, 480, "file")]
            )
            store.save_embeddings(project_id, [(_key(sample.media_hash), vector)])
            times[size].append((time.perf_counter() - began) * 1000)
    store, project_id, _ = filled[many]
    began = time.perf_counter()
    store.embeddings(project_id, _key(""))
    read_ms = (time.perf_counter() - began) * 1000
    for store, _, _ in filled.values():
        store.close()
    began = time.perf_counter()
    Store.open(place / str(many)).close()
    open_ms = (time.perf_counter() - began) * 1000
    medians = {size: statistics.median(found) for size, found in times.items()}
    return {
        "add_at_few_ms": medians[few],
        "add_at_many_ms": medians[many],
        "ratio": medians[many] / medians[few],
        "all_embeddings_at_many_ms": read_ms,
        "open_at_many_ms": open_ms,
    }


def _filled(folder: Path, size: int) -> tuple[Store, str, str]:
    store = Store.open(folder)
    store.add_space("owl")
    project = store.add_project("owl", "benchmark", Kind.IMAGE)
    label = store.add_label(project.id, "cup")
    random = np.random.default_rng(0)
    for start in range(0, size, 500):
        # Small pictures: what grows is the number of files and rows, not what fills the disk.
        new = [
            NewSample(label.id, f"b{start}", random.bytes(64), 640, 480, "file")
            for _ in range(min(500, size - start))
        ]
        samples = store.add_samples(project.id, new)
        store.save_embeddings(
            project.id,
            [(_key(sample.media_hash), random.normal(size=DIMENSIONS)) for sample in samples],
        )
        if sys.stderr.isatty():
            print(f"\rfilling {start + len(new)} of {size}", end="", file=sys.stderr)
    return store, project.id, label.id


def _key(media_hash: str) -> EmbeddingKey:
    return EmbeddingKey(media_hash, "backbone", 224, "embedding", 1, "runtime")


if __name__ == "__main__":
    raise SystemExit(main())
