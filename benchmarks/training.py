"""What a press on Train costs, against scikit-learn's logistic regression on the same numbers.

    python benchmarks/training.py [PHOTOS]

5 labels × 100 pictures: 80 a label teach, 20 are asked about, so that the two are equally right
before they are equally fast. PHOTOS is a folder of folders: `../shared/data/hand-signs` beside the
checkout where there is one; otherwise the numbers are made. One thread on both sides, in turn.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np
from measuring import ratio, take_turns

from kit import resources
from kit.codecs.picture import decode_for_model
from kit.core import image
from kit.core.heads import SoftmaxRegression
from kit.core.heads.base import to_features
from kit.engine.runtime import Backbone

LABELS, PICTURES, ASKED = 5, 100, 20
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hand-signs"
PROMISED = 1.1


def embeddings(photos: Path | None) -> tuple[np.ndarray, np.ndarray, str]:
    """(500, d) float32, (500,) labels, and where they come from."""
    if photos is None or not photos.is_dir():
        rng = np.random.default_rng(0)
        places = np.repeat(np.arange(LABELS), PICTURES)
        means = rng.normal(size=(LABELS, 1280)) * 0.25
        made = np.abs(means[places] + rng.normal(size=(len(places), 1280)))
        return made.astype(np.float32), places.astype(str), "made numbers"
    backbone = Backbone.load(resources.model_dir("efficientnet-lite0"))
    rows, labels = [], []
    for folder in sorted(path for path in photos.iterdir() if path.is_dir())[:LABELS]:
        for file in sorted(folder.iterdir())[:PICTURES]:
            pixels = decode_for_model(file.read_bytes(), backbone.input_size)
            rows.append(backbone.embed(image.prepare(pixels, backbone.input_size)))
            labels.append(folder.name)
    return np.array(rows), np.array(labels), f"photos of {photos.name}"


def run(rounds: int = 15, photos: Path | None = SHARED) -> dict:
    """Times, their ratio, and both accuracies on the pictures left out."""
    from sklearn.linear_model import LogisticRegression

    rows, labels, source = embeddings(photos)
    asked = np.random.default_rng(0).permutation(len(rows)) < LABELS * ASKED
    features = to_features(rows, "root")

    def theirs(taught=slice(None)):
        return LogisticRegression(C=10, max_iter=200).fit(features[taught], labels[taught])

    def ours(taught=slice(None)):
        return SoftmaxRegression().fit(rows[taught], labels[taught])

    right = {
        "ours": float(np.mean(ours(~asked).predict(rows[asked]) == labels[asked])),
        "scikit-learn": float(np.mean(theirs(~asked).predict(features[asked]) == labels[asked])),
    }
    times = take_turns({"ours": ours, "scikit-learn": theirs}, rounds, warm_up=2)
    return {
        "source": source,
        "ours_ms": round(float(np.median(times["ours"])), 1),
        "scikit_learn_ms": round(float(np.median(times["scikit-learn"])), 1),
        "ratio": ratio(times["ours"], times["scikit-learn"]),
        "accuracy": right,
    }


if __name__ == "__main__":
    print(run(photos=Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED))
