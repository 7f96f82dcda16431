"""What is measured, ready to run again and again, with what is known of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.core.evaluate import Check
from kit.experiments.bench import Runner
from kit.experiments.subjects import Subject
from kit.lab import Walk

SHOWN_IN_TURN = 16
"""Stored pictures, or clips, that an answer is measured on."""
CAMERA_WITHIN_S = 5.0
FRAME_WITHIN_S = 0.5


def _nothing() -> None:
    """Rest."""


@dataclass(frozen=True)
class Work:
    """What is measured, ready to run, with what is known of it.

    Attributes:
        walk: one unit.
        rest: called now and then while the kit does nothing, to keep things as they are.
        check: how right it is, or None: nothing could be held out.
        runner: the network in it, or None.
        samples: pictures that it was taught with, or is measured on.
        notes: what else the log must say.
        away: puts everything away.
    """

    walk: Walk
    rest: Callable[[], None] = _nothing
    check: Check | None = None
    runner: Runner | None = None
    samples: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
    away: Callable[[], None] = _nothing

    def about(self, subject: Subject) -> dict[str, Any]:
        """For the log's header; no word that a pupil typed."""
        told: dict[str, Any] = {"workload": subject.id, "threads": 1, **self.notes}
        if self.runner is not None:
            told |= {
                "threads": self.runner.threads,
                "backbone": self.runner.name,
                "backbone_hash": self.runner.hash,
                "input_size": self.runner.input_size,
                "cut": self.runner.cut,
                "runtime": self.runner.runtime_version,
                "head": subject.head,
                "samples": self.samples,
            }
        return told

    def accuracy(self) -> dict[str, Any] | None:
        """Counts and shares of the check, or None: nothing could be held out."""
        if self.check is None:
            return None
        tally = self.check.tally
        return {"right": tally.right, "bursts": self.check.bursts} | tally.to_json()


def stages(names: Sequence[str], times: Sequence[float]) -> dict[str, float]:
    """Stage -> milliseconds between two times."""
    return {
        stage: (end - begin) * 1000
        for stage, begin, end in zip(names, times, times[1:], strict=False)
    }
