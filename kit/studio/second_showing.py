"""The second showing as the check, counted as it grows.

`core.evaluate.Check` counts a list of answers from its first to its last; while pictures stream in
that would cost more with each. Here each answer is added or taken off, and the figures are the
same: a test compares them after every change.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping
from typing import Any

from kit.core.evaluate import Check, LabelReport, Method, Outcome, Tally, wilson


class SecondShowing:
    """Answers to what was shown after the model was taught.

    Args:
        model_number: the model that answered.
    """

    def __init__(self, model_number: int) -> None:
        self._model_number = model_number
        self._outcomes: dict[str, Outcome] = {}
        self._cells: Counter[tuple[str, str]] = Counter()
        self._bursts: Counter[str] = Counter()
        self._burst_squares = 0
        self._confidences: list[float] = []  # sorted

    def __len__(self) -> int:
        return len(self._outcomes)

    def add(self, outcome: Outcome) -> None:
        """One answer more; another answer to the same sample takes its place."""
        self.take_off(outcome.sample_id)
        self._outcomes[outcome.sample_id] = outcome
        self._count(outcome, 1)
        insort(self._confidences, outcome.confidence)

    def take_off(self, sample_id: str) -> None:
        """The answer to a sample that went; one that is not there is no error."""
        outcome = self._outcomes.pop(sample_id, None)
        if outcome is not None:
            self._count(outcome, -1)
            del self._confidences[bisect_left(self._confidences, outcome.confidence)]

    def check(self, labels: Mapping[str, str], now: Mapping[str, str]) -> Check:
        """The whole check, each answer in it.

        Args:
            labels: label id -> word, every label that was shown or answered.
            now: those that the project has now: of them, the ones not shown are unchecked.
        """
        outcomes = tuple(self._outcomes.values())
        return Check(Method.SHOWN_AFTER, self._model_number, labels, outcomes, self._unchecked(now))

    def summary(
        self, labels: Mapping[str, str], now: Mapping[str, str], threshold: float
    ) -> dict[str, Any]:
        """As `check(…).summary(threshold)`, in O(labels squared) however much was shown."""
        ids = list(labels)
        confusion = [[self._cells[true, answer] for answer in ids] for true in ids]
        right = sum(confusion[place][place] for place in range(len(ids)))
        n = len(self)
        trials = n * n / self._burst_squares
        tally = Tally(right, n, wilson(trials * (right / n), trials))
        reports = [
            LabelReport(
                label_id,
                labels[label_id],
                n=sum(confusion[place]),
                right=confusion[place][place],
                answered=sum(row[place] for row in confusion),
            )
            for place, label_id in enumerate(ids)
        ]
        return {
            "method": Method.SHOWN_AFTER.value,
            "model_number": self._model_number,
            "right": tally.right,
            "n": tally.n,
            "low": tally.low,
            "high": tally.high,
            "accuracy": tally.to_json(),
            "labels": list(labels.values()),
            "label_ids": ids,
            "confusion": confusion,
            "per_label": [
                {
                    "name": report.name,
                    "precision": report.precision,
                    "recall": report.recall,
                    "n": report.n,
                    "right": report.right,
                }
                for report in reports
            ],
            "not_sure": bisect_left(self._confidences, threshold),
            "unchecked_labels": list(self._unchecked(now)),
            "bursts": len(self._bursts),
        }

    def _unchecked(self, now: Mapping[str, str]) -> tuple[str, ...]:
        shown = {true for true, _ in self._cells}
        return tuple(name for label_id, name in now.items() if label_id not in shown)

    def _count(self, outcome: Outcome, by: int) -> None:
        cell = outcome.label_id, outcome.predicted_id
        self._cells[cell] += by
        if not self._cells[cell]:
            del self._cells[cell]
        size = self._bursts[outcome.burst_id]
        self._burst_squares += (size + by) ** 2 - size**2
        self._bursts[outcome.burst_id] = size + by
        if not self._bursts[outcome.burst_id]:
            del self._bursts[outcome.burst_id]
