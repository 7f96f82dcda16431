"""`kit evaluate DIR DATASET`: check an exported model on samples it was not taught with."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import Bar, clean, line_of
from kit.i18n import gettext as _
from kit.i18n import number


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument; DIR is a folder that `kit train` wrote.
    parser.add_argument("folder", metavar="DIR", type=Path, help=_("what kit train wrote"))
    # Translators: help of the argument DATASET.
    told = _("a folder with one sub-folder for each label, or a zip of one")
    parser.add_argument("dataset", metavar="DATASET", type=Path, help=told)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: Namespace) -> int:
    """Ask about every sample of the dataset and count."""
    from kit.cli.model_folder import ModelFolder
    from kit.core.evaluate import Check, Method, Outcome
    from kit.formats.dataset import Contents, Refused, open_dataset

    model = ModelFolder(options.folder)
    outcomes = []
    refused = 0
    times_ms = []
    contents = Contents.PICTURES if model.hearing is None else Contents.SOUNDS
    with open_dataset(options.dataset, contents) as dataset:
        # The model's labels first; a label it never heard of is counted, and counts as wrong.
        names = dict.fromkeys([*model.labels, *map(_as_in_labels_txt, dataset.labels)])
        # Translators: what a progress bar counts.
        with Bar(len(dataset), _("Files")) as bar:
            for item in dataset:
                bar.advance()
                if isinstance(item, Refused):
                    refused += 1
                    bar.note(f"{item.name}: {line_of(item.error)}")
                    continue
                try:
                    answer = model.ask(item.data)
                except ValueError as error:
                    refused += 1
                    bar.note(f"{item.name}: {line_of(error)}")
                    continue
                times_ms.append(answer.latency_ms)
                outcomes.append(
                    Outcome(
                        item.name,
                        _as_in_labels_txt(item.label),
                        item.burst,
                        answer.label,
                        answer.confidence,
                        item.facets,
                    )
                )
    shown = {outcome.label_id for outcome in outcomes}
    unchecked = tuple(name for name in names if name not in shown)
    labels = {name: name for name in names}
    check = Check(Method.SHOWN_AFTER, 0, labels, tuple(outcomes), unchecked)
    if options.json:
        print(json.dumps(_as_json(check, model, refused, times_ms), ensure_ascii=False))
    else:
        print("\n".join(map(clean, _as_text(check, model))))
    return 1 if not outcomes else 0


def _as_in_labels_txt(label: str) -> str:
    return " ".join(label.split())


def _as_json(check, model, refused: int, times_ms: list[float]) -> dict:
    from kit.core.measure import stage_statistics

    figures = check.summary(model.threshold)
    return {
        "accuracy": figures["accuracy"],
        "right": figures["right"],
        "n": figures["n"],
        "low": figures["low"],
        "high": figures["high"],
        "labels": figures["labels"],
        "confusion": figures["confusion"],
        "per_label": figures["per_label"],
        "not_sure": figures["not_sure"],
        "threshold": model.threshold,
        "unchecked_labels": figures["unchecked_labels"],
        "refused": refused,
        "latency": stage_statistics(times_ms).to_json() if times_ms else None,
    }


def _as_text(check, model) -> list[str]:
    return [honest_count(check), *confusion_table(check), not_sure(check, model.threshold)]


def honest_count(check) -> str:
    """Counts first, then the range: "18 of 20 right; tried again: between 14 and 19"."""
    tally = check.tally
    counted = {"right": tally.right, "n": tally.n, "low": tally.low, "high": tally.high}
    # Translators: the honest count of a check. The range is what to expect of as many new pictures.
    return _("{right} of {n} right; tried again: between {low} and {high}", **counted)


def not_sure(check, threshold: float) -> str:
    """How many answers fell below the threshold."""
    values = {"count": check.not_sure(threshold), "threshold": threshold}
    # Translators: how many answers fell below the threshold, a share between 0 and 1.
    return _("not sure enough: {count} (below {threshold:.2f})", **values)


def confusion_table(check) -> list[str]:
    """The confusion matrix as lines of text: a row a true label, a column an answer."""
    names = [clean(name)[:20] for name in check.labels.values()]
    # Translators: head of a table: its rows are what was shown, its columns what the model said.
    corner = _("shown \\ answered")
    first = max(map(len, [corner, *names]))
    widths = [max(len(name), 4) for name in names]

    def row(head: str, cells: list[str]) -> str:
        put = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        return "  ".join([head.ljust(first), *put])

    matrix = [[number(int(count)) for count in line] for line in check.confusion()]
    return [row(corner, names), *(row(n, line) for n, line in zip(names, matrix, strict=True))]
