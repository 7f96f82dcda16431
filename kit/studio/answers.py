"""Whoever answers just now: a head, its labels in words, its threshold and its name.

An `Answering` never changes; the studio puts another in its place when the head, a label's word or
the threshold does. So the live thread asks without a lock, and a model trained meanwhile takes over
between two frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import numpy as np

from kit.core.types import ModelRef, Prediction


class Head(Protocol):
    """What answering asks of a fitted head."""

    def predict_proba(self, embeddings: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Answering:
    """A head that answers, with all that must be said with its answer.

    Attributes:
        head: fitted; nothing learns in it while it is here.
        class_ids: (k,) label id of each of the head's columns.
        names: label id -> its word now, in the order in which they are shown; holds every class.
        threshold: below it, "not sure enough".
        ref: which model it is.
    """

    head: Head
    class_ids: Sequence[str]
    names: Mapping[str, str]
    threshold: float
    ref: ModelRef

    @property
    def label_ids(self) -> dict[str, str]:
        """A label's word -> its id."""
        return {name: label_id for label_id, name in self.names.items()}

    def answer(
        self, embedding: np.ndarray, stages_ms: Mapping[str, float], sequence: int = 0
    ) -> Prediction:
        """One answer to one embedding.

        Args:
            embedding: (d,) float32.
            stages_ms: what it took to get there, in walking order; "head" is added.
            sequence: of the frame, where it was a live one.
        """
        began = perf_counter()
        probabilities = self.head.predict_proba(embedding[np.newaxis])[0]
        best = int(np.argmax(probabilities))
        column = {label_id: place for place, label_id in enumerate(self.class_ids)}
        confidences = {
            name: float(probabilities[column[label_id]])
            for label_id, name in self.names.items()
            if label_id in column
        }
        confidence = float(probabilities[best])
        head_ms = (perf_counter() - began) * 1000.0
        return Prediction(
            label=self.names[self.class_ids[best]],
            known=confidence >= self.threshold,
            confidence=confidence,
            confidences=confidences,
            stages_ms={**stages_ms, "head": head_ms},
            model=self.ref,
            threshold=self.threshold,
            sequence=sequence,
        )


def words_for(class_ids: Sequence[str], taught: Mapping[str, str], now: Mapping[str, str]) -> dict:
    """Label id -> word, for answers: the pupils' words now, then those of labels that went.

    A label that went may have left its word to a new one; then the old one is marked, so that two
    bars never have one name.

    >>> words_for(["l1", "l2"], {"l1": "cup", "l2": "pen"}, {"l2": "pencil", "l3": "cup"})
    {'l2': 'pencil', 'l1': 'cup (2)'}
    """
    words = {label_id: name for label_id, name in now.items() if label_id in class_ids}
    used = set(now.values())
    for label_id in class_ids:
        if label_id not in words:
            name, number = taught[label_id], 2
            while name in used:
                name, number = f"{taught[label_id]} ({number})", number + 1
            used.add(name)
            words[label_id] = name
    return words
