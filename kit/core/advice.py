"""What would help most before training again: at most three sentences, by message id.

Pure: counts and embeddings in, `Advice` out. The sentences are in `kit/messages/advice.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kit.core.split import NEAR_COPY_COSINE

MOST_SHOWN = 3
"""More advice than that is read by nobody."""
FEW_SAMPLES = 10
"""Below it, each further picture gains most: hand signs went from 90 % at 5 to 95 % at 10."""
UNBALANCED_RATIO = 3.0
"""One label with three times another's pictures starts to win doubtful cases by its size."""
COPIES_A_LOOK = 8
"""Pictures for each different look from which we speak of it: a second in which nothing moved."""
_COMPARED = 200  # two hundred pictures of a label tell its story


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What advice needs to know of one label.

    Attributes:
        samples: how many pictures.
        bursts: how many showings.
        embeddings: (n, d) float32 of its pictures, or a part of them; None where not at hand.
    """

    label_id: str
    name: str
    samples: int
    bursts: int
    is_nothing: bool = False
    embeddings: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: message id, what the sentence mentions, and the label it is about."""

    id: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    label_id: str | None = None


def advise(labels: Sequence[LabelFacts], *, most: int = MOST_SHOWN) -> list[Advice]:
    """What helps most first; empty where all is well or nothing was begun.

    Args:
        labels: the project's, in its order.
        most: how many to give back at most.

    >>> cup = LabelFacts("l1", "cup", samples=12, bursts=2)
    >>> [advice.id for advice in advise([cup])]
    ['advice-one-label']
    """
    told: list[Advice] = []
    filled = [label for label in labels if label.samples]
    told += _that_stops_training(labels, filled)
    if len(filled) >= 2:
        told += _too_few(filled)
        told += _near_copies(filled)
        told += _shown_once(filled)
        told += _unbalanced(filled)
        told += _no_nothing(labels)
    return told[:most]


def pictures_a_look(embeddings: np.ndarray) -> float:
    """How many pictures, on average, show the same look: 1 where no two are near copies.

    A look is a picture that is no near copy of an earlier look. Frames of any burst have near
    copies beside them; what counts is whether the object went on to look otherwise.

    Args:
        embeddings: (n, d), finite; a row of zeros is a look of its own.

    >>> pictures_a_look(np.array([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0], [0.01, 1.0]]))
    2.0
    """
    if len(embeddings) > _COMPARED:
        spread = np.linspace(0, len(embeddings) - 1, _COMPARED).astype(int)
        embeddings = embeddings[spread]
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    directions = embeddings / np.where(lengths > 0, lengths, 1.0)
    near = directions @ directions.T >= NEAR_COPY_COSINE
    looks: list[int] = []
    for picture in range(len(near)):
        if not near[picture, looks].any():
            looks.append(picture)
    return len(near) / len(looks) if looks else 1.0


def _that_stops_training(
    labels: Sequence[LabelFacts], filled: Sequence[LabelFacts]
) -> list[Advice]:
    if not filled:
        return []  # the page's empty state teaches better than advice
    if len(labels) == 1:
        return [Advice("advice-one-label", {"label": filled[0].name}, filled[0].label_id)]
    return [
        Advice("advice-empty-label", {"label": label.name}, label.label_id)
        for label in labels
        if not label.samples
    ]


def _too_few(filled: Sequence[LabelFacts]) -> list[Advice]:
    poor = sorted((label for label in filled if label.samples < FEW_SAMPLES), key=_samples)
    return [
        Advice(
            "advice-too-few",
            {"label": label.name, "samples": label.samples, "enough": FEW_SAMPLES},
            label.label_id,
        )
        for label in poor[:1]  # the poorest; its sentence serves for the others
    ]


def _near_copies(filled: Sequence[LabelFacts]) -> list[Advice]:
    for label in filled:
        if label.embeddings is None or label.samples < FEW_SAMPLES:
            continue
        if pictures_a_look(label.embeddings) >= COPIES_A_LOOK:
            values = {"label": label.name, "samples": label.samples}
            return [Advice("advice-near-copies", values, label.label_id)]
    return []


def _shown_once(filled: Sequence[LabelFacts]) -> list[Advice]:
    once = [label for label in filled if label.bursts < 2]
    if not once:
        return []
    if len(once) == len(filled):
        return [Advice("advice-show-again")]
    return [Advice("advice-show-label-again", {"label": once[0].name}, once[0].label_id)]


def _unbalanced(filled: Sequence[LabelFacts]) -> list[Advice]:
    least, largest = min(filled, key=_samples), max(filled, key=_samples)
    if largest.samples < UNBALANCED_RATIO * least.samples:
        return []
    values = {
        "label": least.name,
        "samples": least.samples,
        "other": largest.name,
        "other_samples": largest.samples,
    }
    return [Advice("advice-unbalanced", values, least.label_id)]


def _no_nothing(labels: Sequence[LabelFacts]) -> list[Advice]:
    return [] if any(label.is_nothing for label in labels) else [Advice("advice-no-nothing")]


def _samples(label: LabelFacts) -> int:
    return label.samples
