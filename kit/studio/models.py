"""A trained model as it is kept with its project: what JSON says of it, and its head's arrays.

Kept, a label is "l2" and a sample "s17": a project may be duplicated or opened on another kit,
where it has another id. In memory they have their whole ids, as everywhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kit.core.evaluate import Check
from kit.core.heads import Head, head_from_state
from kit.storage import StoredModel

RECORD_VERSION = 1


@dataclass(frozen=True)
class TrainedModel:
    """One trained model.

    Attributes:
        number: the project's own, from 1.
        head: its `classes_` are label ids.
        labels: label id -> the word it had then, in the project's order; the classes and no other.
        check: the estimate made while training, None where nothing could be held out.
        threshold: for "not sure enough", chosen on held-out answers.
        loss_curve: the loss before the first step and after each.
        taught_bursts: bursts of which it has seen any picture; what was shown later is not here.
        fingerprint: of the samples it was taught with (`Memory.fingerprint`).
        trained_on: how many those were.
        embedder: what made its embeddings; those of another cannot be asked of it.
        data: what the passport says of its data, as plain values.
    """

    number: int
    head: Head
    labels: Mapping[str, str]
    check: Check | None
    threshold: float
    training_ms: float
    loss_curve: tuple[float, ...]
    taught_bursts: frozenset[str]
    fingerprint: str
    trained_on: int
    embedder: Mapping[str, Any]
    data: Mapping[str, Any]

    @property
    def class_ids(self) -> list[str]:
        """Label id of each of the head's columns."""
        return self.head.classes_.tolist()

    def record(self) -> dict[str, Any]:
        """What JSON can say of it; `arrays` are kept beside."""
        return {
            "version": RECORD_VERSION,
            "head": self.head.name,
            "labels": [[_short(label_id), name] for label_id, name in self.labels.items()],
            "check": self.check and renamed(self.check, _short).to_json(),
            "threshold": self.threshold,
            "training_ms": self.training_ms,
            "loss_curve": list(self.loss_curve),
            "taught_bursts": sorted(self.taught_bursts),
            "fingerprint": self.fingerprint,
            "trained_on": self.trained_on,
            "embedder": dict(self.embedder),
            "data": dict(self.data),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The head's numbers, and its classes by their short ids."""
        classes = np.array([_short(label_id) for label_id in self.class_ids])
        return self.head.state() | {"classes": classes}

    @classmethod
    def from_store(cls, kept: StoredModel, project_id: str) -> "TrainedModel":
        """The model that `record` and `arrays` were kept of."""

        def whole(short: str) -> str:
            return f"{project_id}-{short}"

        record = kept.record
        classes = np.array([whole(short) for short in kept.arrays["classes"].tolist()])
        check = record["check"] and renamed(Check.from_json(record["check"]), whole)
        return cls(
            number=kept.number,
            head=head_from_state({**kept.arrays, "classes": classes}),
            labels={whole(short): name for short, name in record["labels"]},
            check=check and replace(check, model_number=kept.number),
            threshold=record["threshold"],
            training_ms=record["training_ms"],
            loss_curve=tuple(record["loss_curve"]),
            taught_bursts=frozenset(record["taught_bursts"]),
            fingerprint=record["fingerprint"],
            trained_on=record["trained_on"],
            embedder=record["embedder"],
            data=record["data"],
        )


def in_words(check: Check, words: Mapping[str, str]) -> Check:
    """The same check, said in these words.

    Args:
        check: of a model; its labels are the model's classes.
        words: label id -> word, of every class.
    """
    now = {then: words[label_id] for label_id, then in check.labels.items()}
    return replace(
        check,
        labels={label_id: words[label_id] for label_id in check.labels},
        unchecked_labels=tuple(now[then] for then in check.unchecked_labels),
    )


def renamed(check: Check, name: Callable[[str], str]) -> Check:
    """The same check, labels and samples under other ids."""
    return replace(
        check,
        labels={name(label_id): word for label_id, word in check.labels.items()},
        outcomes=tuple(
            replace(
                outcome,
                sample_id=name(outcome.sample_id),
                label_id=name(outcome.label_id),
                predicted_id=name(outcome.predicted_id),
            )
            for outcome in check.outcomes
        ),
    )


def _short(id: str) -> str:
    return id.rpartition("-")[2]
