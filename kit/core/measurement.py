"""One measurement: its plan, and its result computed from the raw log.

The lab computes what it shows by reading back the very log it wrote, so that whoever replays a log
(`kit bench --replay FILE`) gets the same figures, to the last digit.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kit.core.calibration import Calibration
from kit.core.energy import Energy, energy_per_unit
from kit.core.errors import BadInput
from kit.core.measure import StageStatistics, stages_statistics
from kit.core.measurement_log import FORMAT, VERSION, Log
from kit.core.types import MachineState, MeterInfo, MeterLabel


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often.

    Attributes:
        name: "full" or "classroom"; anything but "full" is said to be shorter.
        pairs: of idle and active blocks; an even number, so that drift cancels.
        spare_pairs: taken in the place of pairs that were thrown out.
        block_s: how long one block is.
        trim_s: left out at each of its ends.
        runs: undisturbed runs for latency, at most.
        runs_s: seconds for them, at most; at least 10 are made.
        most_s: the whole takes no longer, where there is a limit.
    """

    name: str
    pairs: int = 6
    spare_pairs: int = 4
    block_s: float = 20.0
    trim_s: float = 2.0
    runs: int = 300
    runs_s: float = 60.0
    most_s: float | None = None


FULL = Plan("full")
CLASSROOM = Plan(
    "classroom", spare_pairs=0, block_s=3.5, trim_s=0.5, runs=60, runs_s=6.0, most_s=60.0
)


@dataclass(frozen=True)
class Measurement:
    """What came out.

    Attributes:
        about: the machine, the workload, the versions, as they were written down.
        plan: as it was written down.
        unit: what one unit of work is, such as "inference" or "training".
        meter: what it said of itself, or None: no energy was measured.
        stages: stage -> statistics, "total" last.
        warm_up: runs before the first that counts.
        energy: of one unit, or None.
        before, after: the machine's state around it all; `after` is None where the log breaks off.
        ended: "done", "stopped", or None where the log breaks off.
    """

    about: Mapping[str, Any]
    plan: Plan
    unit: str
    meter: Mapping[str, Any] | None
    stages: Mapping[str, StageStatistics]
    warm_up: int
    energy: Energy | None
    before: MachineState | None
    after: MachineState | None
    ended: str | None

    def to_json(self) -> dict[str, Any]:
        """Everything, as `kit bench --json` prints it: see docs/command-line.md."""
        return {
            **self.about,
            "before": asdict(self.before) if self.before else None,
            "after": asdict(self.after) if self.after else None,
            "plan": asdict(self.plan),
            "unit": self.unit,
            "warm_up": self.warm_up,
            "latency": {
                "source": "measured" if self.stages else "none",
                "stages": {stage: found.to_json() for stage, found in self.stages.items()},
            },
            "energy": self._energy_json(),
            "ended": self.ended,
        }

    def _energy_json(self) -> dict[str, Any]:
        if self.energy is None or self.meter is None:
            return {"source": MeterLabel.NONE.value}
        return self.energy.to_json() | {"meter": dict(self.meter)}


def header(
    about: Mapping[str, Any],
    plan: Plan,
    unit: str,
    meter: MeterInfo | None,
    calibration: Calibration | None,
) -> dict[str, Any]:
    """The first line of a log."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "about": dict(about),
        "plan": asdict(plan),
        "unit": unit,
        "meter": asdict(meter) | {"label": meter.label.value} if meter else None,
        "calibration": calibration.to_json() if calibration else None,
    }


def measurement_of(log: Log) -> Measurement:
    """Compute everything from a log.

    Raises:
        BadInput: "measurement-damaged": the header lacks something.
    """
    try:
        told = log.header
        known = Plan.__dataclass_fields__
        plan = Plan(**{name: value for name, value in told["plan"].items() if name in known})
        meter = told["meter"]
        calibration = told.get("calibration")
        energy = None
        if meter is not None:
            energy = energy_per_unit(
                log.blocks,
                label=MeterLabel(meter["label"]),
                rate_hz=float(meter["rate_hz"]),
                trim_s=float(plan.trim_s),
                calibration=Calibration.from_json(calibration) if calibration else None,
            )
        return Measurement(
            about={**told["about"], **log.closing},
            plan=plan,
            unit=str(told["unit"]),
            meter=meter,
            stages=stages_statistics(log.runs),
            warm_up=log.warm_up,
            energy=energy,
            before=log.looks[0] if log.looks else None,
            after=log.looks[-1] if len(log.looks) > 1 else None,
            ended=log.ended,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("measurement-damaged", f"header: {error!r}", line=1) from error
