"""What may be measured: each a `Subject`, asked for by its id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kit.core.heads import Head, KNearestNeighbours, NearestClassMean, SoftmaxRegression
from kit.core.types import Kind
from kit.formats.cut import CUTS

HEADS: Mapping[str, Callable[[], Head]] = {
    head.name: head for head in (SoftmaxRegression, NearestClassMean, KNearestNeighbours)
}
SIZES = (224, 160, 128, 96)
WHOLE = "embedding"
"""The cut that is none, as embeddings' keys have it."""
USUAL = SoftmaxRegression.name
PICTURES = frozenset({Kind.IMAGE})
OTHERS = frozenset({Kind.SOUND, Kind.GESTURE})
"""Kinds whose one network has one size: what is measured is the lesson's own walk."""


class Unit(StrEnum):
    """What one unit of work is, as the lab says it."""

    INFERENCE = "inference"
    TRAINING = "training"
    SECOND = "second"
    """Of live answers, at the camera's pace."""
    PICTURE = "picture"
    """Of a burst, at a burst's pace."""
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured.

    Attributes:
        id: by which it is asked for.
        unit: of work.
        input_size: side of the model's input in pixels; None where no picture is looked at.
        head: a key of `HEADS`; None where none answers.
        cut: where the network ends.
        all_processors: whether an answer is shared among them; else one does it alone.
        kinds: of the projects in which it can be measured.
    """

    id: str
    unit: Unit
    input_size: int | None = None
    head: str | None = None
    cut: str = WHOLE
    all_processors: bool = False
    kinds: frozenset[Kind] = PICTURES

    @property
    def on_dial(self) -> bool:
        """Whether it is one of the ways to answer that are compared for accuracy and cost."""
        one_answer = self.unit is Unit.INFERENCE and not self.all_processors
        return one_answer and self.kinds == PICTURES


def _dial() -> list[Subject]:
    """One answer at each size, of the whole network and of each cut."""
    return [
        Subject(f"answer-{size}{suffix}", Unit.INFERENCE, size, USUAL, cut)
        for cut, suffix in ((WHOLE, ""), *((cut, f"-{cut}") for cut in CUTS))
        for size in SIZES
    ]


SUBJECTS: Mapping[str, Subject] = {
    subject.id: subject
    for subject in (
        *_dial(),
        Subject("answer-224-mean", Unit.INFERENCE, 224, NearestClassMean.name),
        Subject("answer-224-neighbours", Unit.INFERENCE, 224, KNearestNeighbours.name),
        Subject("answer-224-processors", Unit.INFERENCE, 224, USUAL, all_processors=True),
        Subject("live", Unit.SECOND, 224, USUAL),
        Subject("burst", Unit.PICTURE, 224),
        Subject("training", Unit.TRAINING, 224, USUAL),
        Subject("answer", Unit.INFERENCE, head=USUAL, kinds=OTHERS),
        Subject("teaching", Unit.TRAINING, head=USUAL, kinds=OTHERS),
        Subject("nothing", Unit.PAUSE, kinds=frozenset(Kind)),
    )
}
