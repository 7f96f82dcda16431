"""How often each head is right when it was shown only a few pictures a label.

    python benchmarks/few_shot.py PHOTOS --shots 5 20 --labels 0 1 2 3 4

PHOTOS holds one folder a label. N pictures a label go to training, all others are answered; seeds
0 to 9, mean. Decoding, preparation, engine and heads are the kit's own. The rows tell what
each step of the delivered recipe brings (docs/decisions/0002).
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: two threads fight on a busy Pi

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit.codecs.picture import decode_for_model  # noqa: E402
from kit.core import heads, image  # noqa: E402
from kit.core.minimise import minimise  # noqa: E402
from kit.engine.runtime import Backbone  # noqa: E402

BACKBONE = HERE.parent / "models" / "efficientnet-lite0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--shots", type=int, nargs="+", default=[5, 20])
    parser.add_argument("--labels", nargs="+", help="only these folders; all by default")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--size", type=int, default=224, help="side of the model's input, pixels")
    options = parser.parse_args()

    folders = sorted(f for f in options.photos.iterdir() if f.is_dir())
    if options.labels:
        folders = [f for f in folders if f.name in options.labels]
    embeddings, labels = embed(folders, options.size)
    print(f"{len(labels)} pictures, {len(folders)} labels, mean of {options.seeds} seeds, % right")
    print(f"{'':44}" + "".join(f"{f'{n} a label':>12}" for n in options.shots))
    for name, fit in RECIPES.items():
        shares = [few_shot(fit, embeddings, labels, n, options.seeds) for n in options.shots]
        print(f"{name:44}" + "".join(f"{100 * share:12.1f}" for share in shares), flush=True)


def embed(folders: list[Path], size: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, views, d) embeddings and (n,) labels."""
    backbone = Backbone.load(BACKBONE, size)
    rows, labels = [], []
    for folder in folders:
        for file in sorted(f for f in folder.iterdir() if f.is_file()):
            prepared = image.prepare(decode_for_model(file.read_bytes(), size), size)
            views = (image.view(prepared, number) for number in range(image.VIEWS))
            rows.append([backbone.embed(view) for view in views])
            labels.append(folder.name)
    return np.array(rows), np.array(labels)


Fit = Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]
"""(n, views, d) and (n,) labels -> a function that answers (m, d)."""


def few_shot(fit: Fit, embeddings: np.ndarray, labels: np.ndarray, shots: int, seeds: int) -> float:
    """The share right, averaged over seeds."""
    shares = []
    for seed in range(seeds):
        generator = np.random.default_rng(seed)
        taught = np.zeros(len(labels), bool)
        for label in np.unique(labels):
            taught[generator.permutation(np.flatnonzero(labels == label))[:shots]] = True
        answers = fit(embeddings[taught], labels[taught])(embeddings[~taught, 0])
        shares.append(np.mean(answers == labels[~taught]))
    return float(np.mean(shares))


def plain_regression(transform: str) -> Fit:
    """Logistic regression straight on the features, with C = 10."""

    def fit(embeddings: np.ndarray, labels: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        features = heads.to_features(embeddings[:, 0], transform)
        classes, places = np.unique(labels, return_inverse=True)
        loss = heads.softmax_loss(features, places, len(classes), 1 / (10.0 * len(features)))
        start = np.zeros(len(classes) * (features.shape[1] + 1), np.float32)
        layer = minimise(loss, start, max_steps=300).x.reshape(len(classes), -1)

        def answer(X: np.ndarray) -> np.ndarray:
            scores = heads.to_features(X, transform) @ layer[:, :-1].T + layer[:, -1]
            return classes[scores.argmax(axis=1)]

        return answer

    return fit


def delivered(views: int | None = None, **settings: float) -> Fit:
    """`SoftmaxRegression`, on so many views or on as many as `training_views` says."""

    def fit(embeddings: np.ndarray, labels: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        n, most, _ = embeddings.shape
        count = views or heads.training_views(n, len(np.unique(labels)), most)
        rows = embeddings[:, :count].reshape(n * count, -1)
        return heads.SoftmaxRegression(**settings).fit(rows, np.repeat(labels, count)).predict

    return fit


def plain(head: Callable[[], heads.Head]) -> Fit:
    return lambda embeddings, labels: head().fit(embeddings[:, 0], labels).predict


RECIPES: dict[str, Fit] = {
    "nearest class mean (the instant head)": plain(heads.NearestClassMean),
    "k nearest neighbours": plain(heads.KNearestNeighbours),
    "regression on features of length 1": plain_regression("length"),
    "  and square roots first": plain_regression("root"),
    "  and whitening (one view)": delivered(views=1),
    "  and a second view (delivered)": delivered(),
    "    ridge 0.3 for 1": delivered(ridge=0.3),
    "    ridge 3 for 1": delivered(ridge=3.0),
    "    C 0.1 for 0.3": delivered(C=0.1),
    "    C 1 for 0.3": delivered(C=1.0),
    "    C 10 for 0.3": delivered(C=10.0),
}

if __name__ == "__main__":
    main()
