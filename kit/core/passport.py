"""The model's card: what it is for, what it was taught with, how it did, what it costs, its limits.

It travels with the exported model as `passport.json`. Field names follow the SPDX 3.0 AI profile
where that has one (`informationAboutTraining`, `metric`, `limitation`, `energyConsumption`,
`useSensitivePersonalInformation`); the rest is ours, in the same camel case. The shape is
`docs/passport.schema.json`.

A figure that nobody measured is not there: its `source` says "none".
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kit.core import gesture, sound
from kit.core.energy import Estimate
from kit.core.evaluate import Check, Method
from kit.core.hands import POINTS
from kit.core.measure import StageStatistics
from kit.core.sound import Hearing
from kit.core.types import Label, MeterLabel, Sample

PASSPORT_VERSION = 1

Say = Callable[[str, Mapping[str, Any]], str]
"""Message id and values -> the sentence, in somebody's language."""


class Source(StrEnum):
    """Where a figure comes from. Figures of different sources are never ranked."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    NONE = "none"


class ThresholdSource(StrEnum):
    """Who set the threshold of "not sure enough"."""

    HELD_OUT = "held-out answers"
    DEFAULT = "default"
    PUPILS = "pupils"


@dataclass(frozen=True, slots=True)
class LabelData:
    """What one label was taught with."""

    name: str
    samples: int
    bursts: int
    is_nothing: bool = False


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What the model was taught with, counted."""

    labels: tuple[LabelData, ...]
    sources: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, labels: Sequence[Label], samples: Sequence[Sample]) -> "TrainingData":
        """Count samples, showings, sources and facets; labels keep their order."""
        mine = {label.id: [s for s in samples if s.label_id == label.id] for label in labels}
        facets: dict[str, Counter[str]] = {}
        for sample in samples:
            for facet, value in sample.facets.items():
                facets.setdefault(facet, Counter())[value] += 1
        return cls(
            tuple(
                LabelData(
                    label.name,
                    len(mine[label.id]),
                    len({sample.burst_id for sample in mine[label.id]}),
                    label.is_nothing,
                )
                for label in labels
            ),
            Counter(sample.source for sample in samples),
            facets,
        )

    @property
    def samples(self) -> int:
        return sum(label.samples for label in self.labels)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, by message id."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeasuredEnergy:
    """What one answer, or one training, drew, by the lab.

    Attributes:
        label: what the figures rest on; an estimate stays one.
        meter: its name.
        board: the machine that was measured, or None where it does not say.
        pairs: of idle and active blocks that the figures come from.
        gross_mj, marginal_mj: the whole board, and above idle; with 95 % intervals.
    """

    label: MeterLabel
    meter: str
    board: str | None
    pairs: int
    gross_mj: Estimate
    marginal_mj: Estimate

    def to_json(self) -> list[dict[str, Any]]:
        """SPDX 3.0's EnergyConsumptionDescription, once gross and once above idle, with what else
        must be known of a figure. A megajoule is 10^9 millijoules."""
        return [
            {
                "energyQuantity": figure.value / 1e9,
                "energyUnit": "megajoule",
                "low": figure.low / 1e9,
                "high": figure.high / 1e9,
                "boundary": boundary,
                "restsOn": self.label.value,
                "meter": self.meter,
                "board": self.board,
                "pairs": self.pairs,
            }
            for boundary, figure in (
                ("whole machine", self.gross_mj),
                ("above idle", self.marginal_mj),
            )
        ]


@dataclass(frozen=True)
class Passport:
    """Everything the card says; `to_json` lays it out.

    Attributes:
        project: the pupils' name for it.
        data: what it was taught with.
        head, model_number: which model.
        backbone, backbone_hash: name and sha256 of the frozen part.
        input_size: side of the model's input, pixels; else None.
        preparation_version, runtime_version, kit_version: what made it.
        threshold, threshold_source: "not sure enough" below it.
        check: the honest check, or None: then the card says so.
        latency: stage -> statistics, or None: nobody measured.
        board: the machine that was measured.
        training_ms: how long the head's training took, or None.
        hearing: how sounds are told apart; else None.
        hands: how many a gesture may have; 0 for what is no gesture.
        energy: of one answer, or None: nobody measured or estimated it.
        training_energy: of one training, the pictures being embedded already; or None.
    """

    project: str
    data: TrainingData
    head: str
    model_number: int
    backbone: str
    backbone_hash: str
    input_size: int | None
    preparation_version: int
    runtime_version: str
    kit_version: str
    threshold: float
    threshold_source: ThresholdSource
    check: Check | None = None
    latency: Mapping[str, StageStatistics] | None = None
    board: str | None = None
    training_ms: float | None = None
    hearing: Hearing | None = None
    hands: int = 0
    energy: MeasuredEnergy | None = None
    training_energy: MeasuredEnergy | None = None

    def limits(self) -> list[Limit]:
        """What the card warns of, the weightiest first."""
        names = [label.name for label in self.data.labels]
        limits = [Limit("limit-only-its-labels", {"labels": ", ".join(names)})]
        limits.append(Limit("limit-not-about-people"))
        if self.check is None:
            limits.append(Limit("limit-not-checked"))
        else:
            if self.check.method is Method.LEFT_OUT_IN_TURN:
                limits.append(Limit("limit-checked-in-turn"))
                if self.hearing is Hearing.WORDS:
                    limits.append(Limit("limit-same-voices"))
            if self.check.unchecked_labels:
                unchecked = ", ".join(self.check.unchecked_labels)
                limits.append(Limit("limit-unchecked-labels", {"labels": unchecked}))
        once = [label.name for label in self.data.labels if label.bursts < 2]
        if once:
            known = "limit-heard-once" if self.hearing else "limit-shown-once"
            limits.append(Limit(known, {"labels": ", ".join(once)}))
        if self.hands:  # with no hand there is no answer, so nothing needs no label
            limits.append(Limit("limit-hand-in-sight"))
        elif not any(label.is_nothing for label in self.data.labels):
            limits.append(Limit("limit-no-background" if self.hearing else "limit-no-nothing"))
        if self.latency:
            limits.append(Limit("limit-times-of-one-machine"))
        return limits

    def to_json(self, say: Say | None = None) -> dict[str, Any]:
        """The card as JSON, keys always in this order.

        Args:
            say: gives each limit its sentence ("text") beside its id.
        """
        return {
            "passportVersion": PASSPORT_VERSION,
            "name": self.project,
            "intendedUse": "lesson",
            "labels": [label.name for label in self.data.labels],
            "model": self._model(),
            "informationAboutTraining": self._training(),
            "metric": self._metric(),
            "latency": self._latency(),
            "energyConsumption": {
                "source": self._energy_source().value,
                "inferenceEnergyConsumption": self.energy.to_json() if self.energy else [],
                "trainingEnergyConsumption": (
                    self.training_energy.to_json() if self.training_energy else []
                ),
            },
            # Pictures of objects may show hands, a face, a room: the kit cannot know.
            "useSensitivePersonalInformation": "noAssertion",
            "limitation": [_limit_json(limit, say) for limit in self.limits()],
        }

    def _model(self) -> dict[str, Any]:
        return {
            "number": self.model_number,
            "head": self.head,
            # Pooling is a computation: there is no file to have a sum.
            "backbone": {
                "name": self.backbone,
                "sha256": None if self.hearing is Hearing.SOUNDS else self.backbone_hash,
            },
            "input": self._input(),
            "threshold": {"value": self.threshold, "source": self.threshold_source.value},
            "runtime": self.runtime_version,
            "kit": self.kit_version,
        }

    def _input(self) -> dict[str, Any]:
        if self.hands:
            return self._gesture_input()
        return self._picture_input() if self.hearing is None else self._sound_input()

    def _gesture_input(self) -> dict[str, Any]:
        return {
            "kind": "gesture",
            "hands": self.hands,
            "pointsPerHand": POINTS,
            "numbers": gesture.NUMBERS * self.hands,
            "preparation": (
                "x and y of each point, right and down, from the middle of all points; divided by "
                "their mean distance from it (root of the mean square) in one hand; one left hand "
                "mirrored; of two the left one first, a missing second one zeros; turn kept"
            ),
            "preparationVersion": self.preparation_version,
        }

    def _picture_input(self) -> dict[str, Any]:
        return {
            "size": self.input_size,
            "colours": "RGB",
            "preparation": "upright, centre square, shrunk",
            "preparationVersion": self.preparation_version,
        }

    def _sound_input(self) -> dict[str, Any]:
        bands = self.hearing.bands
        low_hz, high_hz = sound.band_edges_hz(bands)
        return {
            "kind": self.hearing.value,
            "sampleRateHz": sound.SAMPLE_RATE_HZ,
            "samples": sound.CLIP_SAMPLES,
            "windowSamples": sound.WINDOW_SAMPLES,
            "hopSamples": sound.HOP_SAMPLES,
            "frames": sound.FRAMES,
            "bands": bands,
            "lowHz": round(low_hz),
            "highHz": round(high_hz),
            "floorDb": sound.ROOM_FLOOR_DB,
            "preparation": "mono, loudest second, log10 of Slaney mel power, plus 2, floored",
            "preparationVersion": self.preparation_version,
        }

    def _training(self) -> dict[str, Any]:
        data = self.data
        return {
            "samples": data.samples,
            "perLabel": [
                {"label": label.name, "samples": label.samples, "bursts": label.bursts}
                for label in data.labels
            ],
            "sources": dict(sorted(data.sources.items())),
            "facets": {
                facet: dict(sorted(values.items())) for facet, values in sorted(data.facets.items())
            },
            "trainingMs": self.training_ms,
        }

    def _metric(self) -> dict[str, Any]:
        if self.check is None:
            return {"checked": False}
        figures = self.check.summary(self.threshold)
        return {
            "checked": True,
            "split": {
                "method": figures["method"],
                "heldOutBy": "burst",
                "bursts": figures["bursts"],
                "uncheckedLabels": figures["unchecked_labels"],
            },
            "right": figures["right"],
            "n": figures["n"],
            "low": figures["low"],
            "high": figures["high"],
            "accuracy": figures["accuracy"],
            "notSure": figures["not_sure"],
            "labels": figures["labels"],
            "confusion": figures["confusion"],
            "perLabel": figures["per_label"],
            "byFacet": {
                facet: {value: tally.to_json() for value, tally in values.items()}
                for facet, values in self.check.by_facet().items()
            },
        }

    def _energy_source(self) -> Source:
        """What all that is told rests on: with one estimate in it, no more than that."""
        told = [one for one in (self.energy, self.training_energy) if one is not None]
        if not told:
            return Source.NONE
        estimated = any(one.label is MeterLabel.ESTIMATED for one in told)
        return Source.ESTIMATED if estimated else Source.MEASURED

    def _latency(self) -> dict[str, Any]:
        if not self.latency:
            return {"source": Source.NONE.value, "board": None, "stages": {}}
        stages = {stage: statistics.to_json() for stage, statistics in self.latency.items()}
        return {"source": Source.MEASURED.value, "board": self.board, "stages": stages}


def _limit_json(limit: Limit, say: Say | None) -> dict[str, Any]:
    told = {"id": limit.id, "values": dict(limit.values)}
    return told | ({"text": say(limit.id, limit.values)} if say else {})
