"""What the kit adds to the bare network: an embedding, and a JPEG's way to its answer.

    python benchmarks/engine.py [--rounds 400] [--json]

*Bare* is LiteRT alone on the same file: set_tensor + invoke + get_tensor, one thread. Everything
takes turns in one run and is compared with the bare invoke beside it. Promised: an embedding at
most 1.05 x bare, JPEG bytes to answer at most 1.45 x.

The picture is made: 640 x 480, JPEG quality 85, with a photo's spectrum (detail fades as a power of
frequency) and a photo's weight: 51 KB, the median of 56 real ones. A JPEG's decoding takes time by
its weight, so a light (31 KB) and a heavy picture (89 KB), the tenth and the ninetieth percentile
of those photos, stand beside it.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from measuring import ratio, take_turns  # noqa: E402

from kit import resources  # noqa: E402
from kit.codecs.picture import decode_for_model, encode_picture  # noqa: E402
from kit.core import image  # noqa: E402
from kit.core.heads import SoftmaxRegression  # noqa: E402
from kit.core.ports import Lane  # noqa: E402
from kit.engine.queue import Engine  # noqa: E402
from kit.engine.runtime import SIZES, Backbone, find_runtime  # noqa: E402

BACKBONE = "efficientnet-lite0"
LABELS = 5
SLOPES = {"light": 1.8, "middle": 1.58, "heavy": 1.33}
"""How fast the made picture's detail fades with frequency, chosen for the three weights above."""
PROMISED = {"embedding": 1.05, "answer": 1.45}


def photo(slope: float = SLOPES["middle"], seed: int = 0) -> np.ndarray:
    """(480, 640, 3) uint8 with a photo's spectrum; its colours mostly go together."""
    random = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(480)[:, None], np.fft.rfftfreq(640)[None, :])
    frequency[0, 0] = np.inf  # no mean: it is added below
    shared, *own = (
        np.fft.irfft2(np.fft.rfft2(random.normal(size=(480, 640))) / frequency**slope, (480, 640))
        for _ in range(4)
    )
    channels = np.dstack([shared + 0.3 * one for one in own])
    return np.clip(128 + 50 * channels / channels.std(), 0, 255).astype(np.uint8)


def bare(folder: Path) -> Callable[[], np.ndarray]:
    """One inference of the bare interpreter on a fixed input."""
    interpreter_class, _version = find_runtime()
    interpreter = interpreter_class(model_path=str(folder / "model.tflite"), num_threads=1)
    interpreter.allocate_tensors()
    entry = interpreter.get_input_details()[0]["index"]
    outputs = {output["name"]: output["index"] for output in interpreter.get_output_details()}
    model_input = image.to_model_input(image.prepare(photo(), SIZES[0]))[np.newaxis]

    def infer() -> np.ndarray:
        interpreter.set_tensor(entry, model_input)
        interpreter.invoke()
        return interpreter.get_tensor(outputs["embedding"])

    return infer


def run(rounds: int = 400) -> dict:
    """The figures: milliseconds (medians) and ratios to the bare invoke, with their intervals."""
    folder = resources.model_dir(BACKBONE)
    backbone = Backbone.load(folder)
    engine = Engine(Backbone.load(folder))
    random = np.random.default_rng(0)
    head = SoftmaxRegression().fit(
        np.abs(random.normal(size=(LABELS * 20, engine.dimensions))).astype(np.float32),
        [f"label {number % LABELS}" for number in range(LABELS * 20)],
    )
    jpegs = {name: encode_picture(photo(slope), 85) for name, slope in SLOPES.items()}
    prepared = image.prepare(photo(), engine.input_size)

    def answer(jpeg: bytes) -> np.ndarray:
        pixels = decode_for_model(jpeg, engine.input_size)
        embedded = engine.embed(pixels, Lane.CAPTURE).result()
        return head.predict_proba(embedded.embedding[np.newaxis])

    actions: dict[str, Callable[[], object]] = {
        "bare": bare(folder),
        "embedding": lambda: backbone.embed(prepared),
        **{f"answer_{name}": lambda jpeg=jpeg: answer(jpeg) for name, jpeg in jpegs.items()},
    }
    try:
        times = take_turns(actions, rounds)
    finally:
        engine.close()
    return {
        "runtime": engine.runtime_version,
        "backbone": engine.backbone,
        "backbone_hash": engine.backbone_hash,
        "input_size": engine.input_size,
        "jpeg_bytes": {name: len(jpeg) for name, jpeg in jpegs.items()},
        "median_ms": {name: round(float(np.median(ms)), 3) for name, ms in times.items()},
        "ratio_to_bare": {
            name: asdict(ratio(ms, times["bare"])) for name, ms in times.items() if name != "bare"
        },
        "promised": PROMISED,
    }


def main() -> int:
    """Print the figures; exit status 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = run(options.rounds)
    found = figures["ratio_to_bare"]
    if options.json:
        print(json.dumps(figures))
    else:
        print(
            f"{figures['runtime']}, {figures['backbone']}, bare {figures['median_ms']['bare']} ms"
        )
        print(f"embedding            {_said(found['embedding'])}  (promised 1.05)")
        for name, weight in figures["jpeg_bytes"].items():
            promised = "  (promised 1.45)" if name == "middle" else ""
            print(
                f"JPEG of {weight // 1000} KB to answer {_said(found[f'answer_{name}'])}{promised}"
            )
    kept = found["embedding"]["value"] <= PROMISED["embedding"]
    return 0 if kept and found["answer_middle"]["value"] <= PROMISED["answer"] else 1


def _said(found: dict) -> str:
    return f"{found['value']:.3f} x bare ({found['low']:.3f} to {found['high']:.3f})"


if __name__ == "__main__":
    sys.exit(main())
