"""`kit train DATASET --out DIR`: from a folder of photos to a model that runs anywhere.

The same walk as on the page: pictures are decoded, prepared and embedded; the honest count is
taken on pictures that were left out in turn; the delivered head is taught with all of them.
There is nothing random in it: the same pictures give the same `model.tflite`.
"""

from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from kit import __version__
from kit.cli.evaluate import honest_count
from kit.cli.terminal import Bar, clean, line_of
from kit.i18n import gettext as _
from kit.i18n import sentence

_HEADS = ("softmax-regression", "nearest-class-mean", "k-nearest-neighbours")
_SIZES = (224, 160, 128, 96)
_BACKBONE = "efficientnet-lite0"
_TIMED_HEADS = 100
"""Answers of the head that are timed for the passport; more would not change the median."""


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of the argument DATASET.
    told = _("a folder with one sub-folder for each label, or a zip of one")
    parser.add_argument("dataset", metavar="DATASET", type=Path, help=told)
    # Translators: help of the option --out; the three names are files.
    told = _("folder for model.tflite, labels.txt and passport.json")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help=told)
    # Translators: help of the option --head: the small classifier that is taught.
    parser.add_argument("--head", choices=_HEADS, default=_HEADS[0], help=_("what is taught"))
    # Translators: help of the option --size.
    told = _("side of the model's input in pixels; smaller is faster")
    parser.add_argument("--size", type=int, choices=_SIZES, default=_SIZES[0], help=told)


def run(options: Namespace) -> int:
    """Teach, say the honest count, and write the three files, all or none.

    A head that cannot be exported is checked and counted all the same, and then it failed.
    """
    import cv2

    from kit import resources
    from kit.engine.runtime import Backbone
    from kit.formats.tflite import export_tflite, labels_txt
    from kit.storage import atomic_write_many

    cv2.setNumThreads(1)
    folder = resources.model_dir(_BACKBONE)
    backbone = Backbone.load(folder, options.size)
    seen = _look(options.dataset, backbone)
    taught = _teach(seen, options.head)
    for line in _told(seen, taught):
        print(clean(line), flush=True)
    model = export_tflite(
        resources.model_path(_BACKBONE).read_bytes(),
        backbone.hash,
        taught.head,
        size=options.size,
        description=", ".join(seen.names),
    )
    names = [seen.names[int(label_id)] for label_id in taught.head.classes_.tolist()]
    passport = _passport(seen, taught, backbone, options.dataset)
    atomic_write_many(
        [
            (options.out / "model.tflite", model),
            (options.out / "labels.txt", labels_txt(names).encode()),
            (options.out / "passport.json", passport),
        ]
    )
    # Translators: {folder} is where the files were written.
    told = _("model.tflite, labels.txt and passport.json are in {folder}", folder=str(options.out))
    print(clean(told))
    return 0


@dataclass
class Seen:
    """A dataset after every picture was embedded.

    Attributes:
        names: the labels; a label's id is its place here, as four digits, so that the order of
            ids is the order of labels.
        samples: one `Checked` a picture.
        views: (v, n, d) float32, view 0 the plain picture.
        stages_ms: of each picture, on this machine.
    """

    names: list[str]
    samples: list[Any] = field(default_factory=list)
    views: Any = None
    stages_ms: list[dict[str, float]] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def label_id(self, name: str) -> str:
        """A label's id."""
        return f"{self.names.index(name):04d}"

    @property
    def labels(self) -> dict[str, str]:
        """Label id -> name."""
        return {self.label_id(name): name for name in self.names}


def _look(path: Path, backbone: Any) -> Seen:
    """Read the dataset once, a picture at a time, and keep only embeddings."""
    import numpy as np

    from kit.core import image
    from kit.core.errors import Conflict
    from kit.core.evaluate import Checked
    from kit.core.heads import training_views
    from kit.formats.dataset import Refused, open_dataset

    with open_dataset(path) as dataset:
        if len(dataset.labels) < 2:
            raise Conflict("need-two-labels", f"{path}: labels {dataset.labels}")
        seen = Seen(_names(dataset.labels))
        count = training_views(len(dataset), len(dataset.labels), image.VIEWS)
        embeddings: list[list[np.ndarray]] = [[] for _view in range(count)]
        # Translators: what a progress bar counts.
        with Bar(len(dataset), _("Pictures")) as bar:
            for item in dataset:
                bar.advance()
                try:
                    if isinstance(item, Refused):
                        raise item.error
                    prepared, stages_ms = _prepared(item.data, backbone.input_size)
                except ValueError as error:
                    seen.refused += 1
                    bar.note(f"{item.name}: {line_of(error)}")
                    continue
                began = perf_counter()
                embeddings[0].append(backbone.embed(prepared))
                stages_ms["invoke"] = (perf_counter() - began) * 1000
                for view in range(1, count):
                    embeddings[view].append(backbone.embed(image.view(prepared, view)))
                label_id = seen.label_id(" ".join(item.label.split()))
                seen.samples.append(Checked(item.name, label_id, item.burst, item.facets))
                seen.stages_ms.append(stages_ms)
                seen.sources[item.source] += 1
    seen.views = np.array(embeddings, np.float32)
    return seen


def _names(labels: list[str]) -> list[str]:
    """The labels as labels.txt will have them; refuses what the page would refuse, too.

    Raises:
        BadInput: "name-too-long", "name-not-text".
        Conflict: "label-name-taken": two differ by their spaces only.
    """
    from kit.core.errors import Conflict
    from kit.studio.show import LONGEST_LABEL, tidy_name

    names = [tidy_name(label, LONGEST_LABEL) for label in labels]
    for name in names:
        if names.count(name) > 1:
            raise Conflict("label-name-taken", f"two labels are called {name!r}", name=name)
    return names


def _prepared(data: bytes, size: int) -> tuple[Any, dict[str, float]]:
    from kit.codecs.picture import decode_for_model
    from kit.core import image

    began = perf_counter()
    pixels = decode_for_model(data, size)
    decoded = perf_counter()
    prepared = image.prepare(pixels, size)
    ended = perf_counter()
    return prepared, {"decode": (decoded - began) * 1000, "prepare": (ended - decoded) * 1000}


def _teach(seen: Seen, name: str) -> Any:
    """Teach the head of that name, the honest estimate first."""
    import kit.core.heads as heads
    from kit.teaching import teach

    kinds = {kind.name: kind for kind in (heads.NearestClassMean, heads.KNearestNeighbours)}
    # Translators: what a progress bar counts: percent of a training.
    with Bar(100, _("Training")) as bar:
        done = [0]

        def progress(fraction: float) -> None:
            bar.advance(max(0, int(fraction * 100) - done[0]))
            done[0] = max(done[0], int(fraction * 100))

        if name in kinds:
            return _teach_plain(seen, kinds[name])
        return teach(seen.samples, seen.views, labels=seen.labels, progress=progress)


def _teach_plain(seen: Seen, kind: Any) -> Any:
    """The same estimate and delivery for a head that needs no temperature."""
    import numpy as np

    from kit.core.evaluate import independent_trials, left_out_in_turn
    from kit.core.threshold import choose_threshold
    from kit.teaching import Taught

    ids = np.array([sample.label_id for sample in seen.samples])

    def fit(rows: np.ndarray) -> Any:
        pictures = seen.views[:, rows].reshape(-1, seen.views.shape[-1])
        return kind().fit(pictures, np.tile(ids[rows], len(seen.views)))

    def answer(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
        head = fit(teaching)
        return head.predict_proba(seen.views[0][checking]), head.classes_.tolist()

    check = left_out_in_turn(
        seen.samples, answer, labels=seen.labels, model_number=1, embeddings=seen.views[0]
    )
    outcomes = check.outcomes if check else ()
    threshold = choose_threshold(
        [outcome.confidence for outcome in outcomes],
        [outcome.right for outcome in outcomes],
        classes=len(seen.labels),
        trials=independent_trials([outcome.burst_id for outcome in outcomes]),
    )
    began = perf_counter()
    head = fit(np.arange(len(ids)))
    return Taught(head, check, threshold, (perf_counter() - began) * 1000)


def _passport(seen: Seen, taught: Any, backbone: Any, dataset: Path) -> bytes:
    import json

    from kit.cli.machine import board
    from kit.core.image import PREPARATION_VERSION
    from kit.core.measure import stages_statistics
    from kit.core.passport import LabelData, Passport, ThresholdSource, TrainingData

    bursts: dict[str, set[str]] = {}
    for sample in seen.samples:
        bursts.setdefault(sample.label_id, set()).add(sample.burst_id)
    samples = Counter(sample.label_id for sample in seen.samples)
    facets: dict[str, Counter[str]] = {}
    for sample in seen.samples:
        for facet, value in sample.facets.items():
            facets.setdefault(facet, Counter())[value] += 1
    labels = tuple(
        LabelData(name, samples[label_id], len(bursts[label_id]))
        for label_id, name in seen.labels.items()
        if label_id in bursts
    )
    passport = Passport(
        project=dataset.resolve().stem,
        data=TrainingData(labels, seen.sources, facets),
        head=taught.head.name,
        model_number=1,
        backbone=backbone.name,
        backbone_hash=backbone.hash,
        input_size=backbone.input_size,
        preparation_version=PREPARATION_VERSION,
        runtime_version=backbone.runtime_version,
        kit_version=__version__,
        threshold=taught.threshold,
        threshold_source=ThresholdSource.HELD_OUT if taught.check else ThresholdSource.DEFAULT,
        check=taught.check,
        latency=stages_statistics(_timed(seen, taught.head)),
        board=board(),
        training_ms=taught.training_ms,
    )
    text = json.dumps(passport.to_json(sentence), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _timed(seen: Seen, head: Any) -> list[dict[str, float]]:
    """The stages of an answer for some of the pictures, the first few (the warm-up) left out."""
    step = max(1, len(seen.stages_ms) // _TIMED_HEADS)
    chosen = range(min(20, len(seen.stages_ms) - 1), len(seen.stages_ms), step)
    runs = []
    for place in chosen:
        began = perf_counter()
        head.predict_proba(seen.views[0][place : place + 1])
        runs.append(seen.stages_ms[place] | {"head": (perf_counter() - began) * 1000})
    return runs


def _told(seen: Seen, taught: Any) -> list[str]:
    # Translators: counts of pictures and labels that a model was taught with.
    lines = [
        _("{samples} pictures, {labels} labels", samples=len(seen.samples), labels=len(seen.names))
    ]
    if seen.refused:
        # Translators: pictures that could not be read; each was named before.
        lines.append(_("passed over: {count}", count=seen.refused))
    if taught.check is None:
        # Translators: nothing could be held out; "label" is a sub-folder's name.
        lines.append(_("Not checked yet: give each label one more picture."))
    else:
        lines.append(honest_count(taught.check))
        unchecked = ", ".join(taught.check.unchecked_labels)
        if unchecked:
            # Translators: {labels} is a list of labels that had a single picture.
            lines.append(_("not checked: {labels}", labels=unchecked))
    # Translators: below this confidence an answer is called not sure enough.
    lines.append(_("not sure enough below {threshold:.2f}", threshold=taught.threshold))
    return lines
