"""How well it goes, honestly: every figure comes from one list of held-out answers.

    split_by_burst() -> left_out_in_turn() -> Check
    pictures of a second showing -> shown_after() -> Check

A `Check` keeps each answer (`Outcome`) and computes nothing in advance, so that a cell of the
confusion matrix can list the pictures behind it. Counts come before percentages, and the interval
counts bursts, not frames: docs/decisions/0003-the-honest-check.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from kit.core.interval import Interval, independent_trials, wilson
from kit.core.split import join_near_copies, split_by_burst


class Method(StrEnum):
    """How the pictures of a check were kept away from the head that answered."""

    SHOWN_AFTER = "shown_after"
    """Shown anew after training: the very model is asked."""
    LEFT_OUT_IN_TURN = "left_out_in_turn"
    """Each burst left out once: heads taught without it are asked, the model itself is not."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sample as a check needs it: who it is, and in which showing it came."""

    sample_id: str
    label_id: str
    burst_id: str
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One held-out answer. `predicted_id` is the top-1, sure or not."""

    sample_id: str
    label_id: str
    burst_id: str
    predicted_id: str
    confidence: float
    facets: Mapping[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        return self.label_id == self.predicted_id


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts first: `right` of `n`; tried again, `low` to `high` of `n`. Shares after them."""

    right: int
    n: int
    share: Interval

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Tally":
        """Count answers; the interval takes each burst for about one trial."""
        right, n = sum(outcome.right for outcome in outcomes), len(outcomes)
        trials = independent_trials([outcome.burst_id for outcome in outcomes])
        return cls(right, n, wilson(trials * (right / n), trials) if n else wilson(0, 0))

    @property
    def low(self) -> int:
        """The fewest right of n pictures that the same model may be expected to get."""
        return round(self.n * self.share.low)

    @property
    def high(self) -> int:
        """The most right of n pictures that the same model may be expected to get."""
        return round(self.n * self.share.high)

    @property
    def value(self) -> float | None:
        """The share right, 0..1; None where nothing was checked."""
        return self.right / self.n if self.n else None

    def to_json(self) -> dict[str, Any]:
        """`{"value", "low", "high", "n"}`, shares in 0..1."""
        low, high = self.share
        return {"value": self.value, "low": low, "high": high, "n": self.n}


@dataclass(frozen=True, slots=True)
class LabelReport:
    """One label of a check. A share is None where nothing was there to be shared."""

    label_id: str
    name: str
    n: int
    right: int
    answered: int
    """How often this label was the answer, rightly or not."""

    @property
    def recall(self) -> float | None:
        """Of this label's pictures, the share that was recognised."""
        return self.right / self.n if self.n else None

    @property
    def precision(self) -> float | None:
        """Of the answers that named this label, the share that was right."""
        return self.right / self.answered if self.answered else None


@dataclass(frozen=True)
class Check:
    """What a model got right on pictures it was not taught with.

    Attributes:
        method: how they were kept away.
        model_number: the model it speaks of.
        labels: label id -> name, in the project's order; every id in `outcomes` is here.
        outcomes: one for each checked picture.
        unchecked_labels: names of labels that had nothing to be checked with.
    """

    method: Method
    model_number: int
    labels: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    unchecked_labels: tuple[str, ...] = ()

    @property
    def tally(self) -> Tally:
        return Tally.of(self.outcomes)

    @property
    def bursts(self) -> int:
        """How many showings the check rests on."""
        return len({outcome.burst_id for outcome in self.outcomes})

    def confusion(self) -> np.ndarray:
        """(k, k) int: row the true label, column the answer, both in the order of `labels`."""
        place = {label_id: position for position, label_id in enumerate(self.labels)}
        matrix = np.zeros((len(place), len(place)), int)
        for outcome in self.outcomes:
            matrix[place[outcome.label_id], place[outcome.predicted_id]] += 1
        return matrix

    def cell(self, label_id: str, predicted_id: str) -> list[Outcome]:
        """The answers behind one cell of the confusion matrix, the surest first."""
        there = (
            o for o in self.outcomes if (o.label_id, o.predicted_id) == (label_id, predicted_id)
        )
        return sorted(there, key=lambda outcome: (-outcome.confidence, outcome.sample_id))

    def per_label(self) -> list[LabelReport]:
        """Precision and recall of each label, in the order of `labels`."""
        matrix = self.confusion()
        return [
            LabelReport(label_id, name, int(row.sum()), int(row[i]), int(matrix[:, i].sum()))
            for i, ((label_id, name), row) in enumerate(
                zip(self.labels.items(), matrix, strict=True)
            )
        ]

    def by_facet(self) -> dict[str, dict[str, Tally]]:
        """Facet -> value -> tally, for instance light -> "by the window" -> 9 of 10. Sorted."""
        groups: dict[str, dict[str, list[Outcome]]] = {}
        for outcome in self.outcomes:
            for facet, value in outcome.facets.items():
                groups.setdefault(facet, {}).setdefault(value, []).append(outcome)
        return {
            facet: {value: Tally.of(values[value]) for value in sorted(values)}
            for facet, values in sorted(groups.items())
        }

    def not_sure(self, threshold: float) -> int:
        """How many answers fall below a threshold."""
        return sum(outcome.confidence < threshold for outcome in self.outcomes)

    def summary(self, threshold: float) -> dict[str, Any]:
        """All figures as JSON, without the pictures behind them."""
        tally = self.tally
        return {
            "method": self.method.value,
            "model_number": self.model_number,
            "right": tally.right,
            "n": tally.n,
            "low": tally.low,
            "high": tally.high,
            "accuracy": tally.to_json(),
            "labels": list(self.labels.values()),
            "label_ids": list(self.labels),
            "confusion": self.confusion().tolist(),
            "per_label": [
                {
                    "name": report.name,
                    "precision": report.precision,
                    "recall": report.recall,
                    "n": report.n,
                    "right": report.right,
                }
                for report in self.per_label()
            ],
            "not_sure": self.not_sure(threshold),
            "unchecked_labels": list(self.unchecked_labels),
            "bursts": self.bursts,
        }

    def to_json(self) -> dict[str, Any]:
        """What must be kept to have this check again."""
        return {
            "method": self.method.value,
            "model_number": self.model_number,
            "labels": [[label_id, name] for label_id, name in self.labels.items()],
            "unchecked_labels": list(self.unchecked_labels),
            "outcomes": [
                [o.sample_id, o.label_id, o.burst_id, o.predicted_id, o.confidence, dict(o.facets)]
                for o in self.outcomes
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Check":
        """The check that `to_json` kept."""
        return cls(
            Method(kept["method"]),
            int(kept["model_number"]),
            {label_id: name for label_id, name in kept["labels"]},
            tuple(Outcome(*fields) for fields in kept["outcomes"]),
            tuple(kept["unchecked_labels"]),
        )


def outcomes_of(
    samples: Sequence[Checked], probabilities: np.ndarray, class_ids: Sequence[str]
) -> tuple[Outcome, ...]:
    """Answers as outcomes.

    Args:
        samples: n of them.
        probabilities: (n, k) a row for each sample, summing to 1.
        class_ids: (k,) the label id of each column.
    """
    best = np.argmax(probabilities, axis=1) if len(samples) else ()
    return tuple(
        Outcome(s.sample_id, s.label_id, s.burst_id, class_ids[i], float(row[i]), s.facets)
        for s, row, i in zip(samples, probabilities, best, strict=True)
    )


def shown_after(
    samples: Sequence[Checked],
    taught_bursts: frozenset[str] | set[str],
    probabilities: np.ndarray,
    class_ids: Sequence[str],
    *,
    labels: Mapping[str, str],
    model_number: int,
) -> Check | None:
    """The second showing as the check: bursts that the model was not taught with.

    Args:
        samples: the project's samples, all or the new ones.
        taught_bursts: bursts of which the model has seen any picture; they are left aside whole.
        probabilities: (n, k) the model's answer to each of `samples`.
        class_ids: (k,) label ids in the model's order.
        labels: label id -> name, in the project's order.
        model_number: which model answered.

    Returns:
        None where every burst was taught with. A label the model never heard of counts as wrong:
        that is what the pupil sees.
    """
    new = [i for i, sample in enumerate(samples) if sample.burst_id not in taught_bursts]
    if not new:
        return None
    held_out = [samples[i] for i in new]
    outcomes = outcomes_of(held_out, np.asarray(probabilities)[new], class_ids)
    shown = {sample.label_id for sample in held_out}
    unchecked = tuple(name for label_id, name in labels.items() if label_id not in shown)
    return Check(Method.SHOWN_AFTER, model_number, labels, outcomes, unchecked)


def left_out_in_turn(
    samples: Sequence[Checked],
    answer: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, Sequence[str]]],
    *,
    labels: Mapping[str, str],
    model_number: int,
    embeddings: np.ndarray | None = None,
) -> Check | None:
    """Every burst left out once: each picture is asked of a head taught without its burst.

    Args:
        samples: all that the model is taught with.
        answer: given positions to teach with and positions to ask about, teaches a fresh head and
            returns its (m, k) probabilities and the k label ids of their columns.
        labels: label id -> name, in the project's order.
        model_number: the model that will be taught with all of them.
        embeddings: (n, d) of the samples, where there are: files that are near copies of each
            other then count as one showing (`join_near_copies`), in the split and the interval.

    Returns:
        None where no label was shown twice: nothing can be held out.
    """
    if embeddings is not None:
        joined = join_near_copies([sample.burst_id for sample in samples], embeddings)
        samples = [replace(s, burst_id=b) for s, b in zip(samples, joined, strict=True)]
    turns = split_by_burst([s.label_id for s in samples], [s.burst_id for s in samples])
    outcomes: dict[int, Outcome] = {}
    for fold in turns.folds:
        probabilities, class_ids = answer(fold.teaching, fold.checking)
        asked = [samples[i] for i in fold.checking]
        found = outcomes_of(asked, probabilities, class_ids)
        outcomes.update(zip(fold.checking.tolist(), found, strict=True))
    if not outcomes:
        return None
    unchecked = tuple(labels[label_id] for label_id in labels if label_id in turns.unchecked_labels)
    in_order = tuple(outcomes[i] for i in sorted(outcomes))
    return Check(Method.LEFT_OUT_IN_TURN, model_number, labels, in_order, unchecked)
