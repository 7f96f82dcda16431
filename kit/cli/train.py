"""`kit train DATASET --out DIR`: from a folder of photos or sounds to a model that runs anywhere.

The same walk as on the page: samples are decoded, prepared and embedded; the honest count is
taken on samples that were left out in turn; the delivered head is taught with all of them.
There is nothing random in it: the same samples give the same `model.tflite`.
"""

import os
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from kit import __version__
from kit.cli.evaluate import honest_count
from kit.cli.senses import HANDS, IMAGE, KINDS, SIZES, sense_of
from kit.cli.terminal import Bar, clean, line_of
from kit.i18n import gettext as _
from kit.i18n import ngettext, sentence

if TYPE_CHECKING:
    from kit.core.ports import Sense

_HEADS = ("softmax-regression", "nearest-class-mean", "k-nearest-neighbours")
ON_THE_LINE = {"advice-second-hand": "gesture-second-hand"}
"""Advice that speaks of a project's settings, as the command line says it."""
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
    # Translators: help of the option --kind; keep image, words, sounds and gesture.
    told = _(
        "what is in it: image, words (speech), sounds (claps, instruments, machines) or "
        "gesture (pictures of hands)"
    )
    parser.add_argument("--kind", choices=KINDS, default=IMAGE, help=told)
    # Translators: help of the option --size.
    told = _("for pictures: side of the model's input in pixels; smaller is faster")
    parser.add_argument("--size", type=int, choices=SIZES, help=told)
    # Translators: help of the option --hands.
    told = _("for gestures: how many hands a gesture may have; 1 if nothing is said")
    parser.add_argument("--hands", type=int, choices=HANDS, help=told)


def run(options: Namespace) -> int:
    """Teach, say the honest count, and write the three files, all or none.

    A head that cannot be exported is checked and counted all the same, and then it failed.
    """
    from kit.formats.tflite import labels_txt
    from kit.storage import atomic_write_many

    refuse_unwritable(options.out)
    sense = sense_of(options.kind, options.size, options.hands)
    seen = _look(options.dataset, sense)
    taught = _teach(seen, options.head, sense)
    for line in _told(seen, taught, sense):
        print(clean(line), flush=True)
    model = sense.export(taught.head, description=", ".join(seen.names))
    names = [seen.names[int(label_id)] for label_id in taught.head.classes_.tolist()]
    passport = _passport(seen, taught, sense, options.dataset)
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


def refuse_unwritable(folder: Path) -> None:
    """Say before an hour's work, not after, that nothing can be written there. Makes nothing.

    Raises:
        Unavailable: "out-folder-not-writable".
    """
    from kit.core.errors import Unavailable

    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise Unavailable("out-folder-not-writable", f"{nearest}", folder=str(folder))


@dataclass
class Seen:
    """A dataset after every sample was embedded.

    Attributes:
        names: the labels; a label's id is its place here, as four digits, so that the order of
            ids is the order of labels.
        samples: one `Checked` a sample.
        views: (v, n, d) float32, view 0 the plain sample.
        stages_ms: of each sample, on this machine.
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


def _look(path: Path, sense: "Sense") -> Seen:
    """Read the dataset once, a sample at a time, and keep only embeddings."""
    import numpy as np

    from kit.core.errors import Conflict
    from kit.core.evaluate import Checked
    from kit.core.ports import Lane
    from kit.formats.dataset import Contents, Refused, open_dataset

    advised: Counter[str] = Counter()
    bursts: dict[bytes, str] = {}  # the same bytes twice are one showing
    with open_dataset(path, Contents.of(sense.media)) as dataset:
        if len(dataset.labels) < 2:
            raise Conflict("need-two-labels", f"{path}: labels {dataset.labels}")
        seen = Seen(_names(dataset.labels))
        count = sense.views(len(dataset), len(dataset.labels))
        embeddings: list[list[np.ndarray]] = [[] for _view in range(count)]
        with Bar(len(dataset), counted(sense)) as bar:
            for item in dataset:
                bar.advance()
                try:
                    if isinstance(item, Refused):
                        raise item.error
                    asked = sense.read(item.data)
                except ValueError as error:
                    seen.refused += 1
                    bar.note(f"{item.name}: {line_of(error)}")
                    continue
                made = [
                    sense.embed(asked, Lane.EVALUATION, view=view).result() for view in range(count)
                ]
                for view, embedded in enumerate(made):
                    embeddings[view].append(embedded.embedding)
                if asked.advice:
                    advised[ON_THE_LINE.get(asked.advice, asked.advice)] += 1
                label_id = seen.label_id(" ".join(item.label.split()))
                burst = item.burst
                if not sense.near_copies:
                    burst = bursts.setdefault(sha256(item.data).digest(), burst)
                seen.samples.append(Checked(item.name, label_id, burst, item.facets))
                stages_ms = {**asked.stages_ms, **made[0].stages_ms}
                stages_ms.pop("wait", None)  # nobody else was there
                seen.stages_ms.append(stages_ms)
                seen.sources[item.source] += 1
            for advice, files in advised.items():
                told = sentence(advice, {})
                # Translators: {advice} is a sentence about each of the {n} files.
                bar.note(ngettext("{n} file: {advice}", "{n} files: {advice}", files, advice=told))
    seen.views = np.array(embeddings, np.float32)
    return seen


def counted(sense: "Sense") -> str:
    """What a progress bar counts."""
    if sense.hearing is None:
        # Translators: what a progress bar counts.
        return _("Pictures")
    # Translators: what a progress bar counts: things heard.
    return _("Sounds")


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


def _teach(seen: Seen, name: str, sense: "Sense") -> Any:
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
            return _teach_plain(seen, kinds[name], sense)
        return teach(
            seen.samples,
            seen.views,
            labels=seen.labels,
            transform=sense.transform,
            near_copies=sense.near_copies,
            progress=progress,
        )


def _teach_plain(seen: Seen, kind: Any, sense: "Sense") -> Any:
    """The same estimate and delivery for a head that needs no temperature."""
    import numpy as np

    from kit.core.evaluate import independent_trials, left_out_in_turn
    from kit.core.threshold import choose_threshold
    from kit.teaching import Taught

    ids = np.array([sample.label_id for sample in seen.samples])

    def fit(rows: np.ndarray) -> Any:
        pictures = seen.views[:, rows].reshape(-1, seen.views.shape[-1])
        return kind(transform=sense.transform).fit(pictures, np.tile(ids[rows], len(seen.views)))

    def answer(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
        head = fit(teaching)
        return head.predict_proba(seen.views[0][checking]), head.classes_.tolist()

    check = left_out_in_turn(
        seen.samples,
        answer,
        labels=seen.labels,
        model_number=1,
        embeddings=seen.views[0] if sense.near_copies else None,
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


def _passport(seen: Seen, taught: Any, sense: "Sense", dataset: Path) -> bytes:
    import json

    from kit.cli.machine import board
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
        backbone=sense.backbone,
        backbone_hash=sense.backbone_hash,
        input_size=sense.input_size,
        hearing=sense.hearing,
        hands=sense.hands,
        preparation_version=sense.preparation_version,
        runtime_version=sense.runtime_version,
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
    """The stages of an answer for some of the samples, the first few (the warm-up) left out."""
    step = max(1, len(seen.stages_ms) // _TIMED_HEADS)
    chosen = range(min(20, len(seen.stages_ms) - 1), len(seen.stages_ms), step)
    runs = []
    for place in chosen:
        began = perf_counter()
        head.predict_proba(seen.views[0][place : place + 1])
        runs.append(seen.stages_ms[place] | {"head": (perf_counter() - began) * 1000})
    return runs


def _told(seen: Seen, taught: Any, sense: "Sense") -> list[str]:
    counts = {"samples": len(seen.samples), "labels": len(seen.names)}
    if sense.hearing is None:
        # Translators: counts of pictures and labels that a model was taught with.
        lines = [_("{samples} pictures, {labels} labels", **counts)]
    else:
        # Translators: counts of sounds and labels that a model was taught with.
        lines = [_("{samples} sounds, {labels} labels", **counts)]
    if seen.refused:
        # Translators: files that could not be read; each was named before.
        lines.append(_("passed over: {count}", count=seen.refused))
    if taught.check is None and sense.hearing is None:
        # Translators: nothing could be held out; "label" is a sub-folder's name.
        lines.append(_("Not checked yet: give each label one more picture."))
    elif taught.check is None:
        # Translators: nothing could be held out; "label" is a sub-folder's name.
        lines.append(_("Not checked yet: give each label one more sound."))
    else:
        lines.append(honest_count(taught.check))
        unchecked = ", ".join(taught.check.unchecked_labels)
        if unchecked:
            # Translators: {labels} is a list of labels that had a single picture.
            lines.append(_("not checked: {labels}", labels=unchecked))
    # Translators: below this confidence an answer is called not sure enough.
    lines.append(_("not sure enough below {threshold:.2f}", threshold=taught.threshold))
    return lines
