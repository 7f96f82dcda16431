"""Millijoules an answer costs: from blocks of readings to a figure with its interval.

    readings -> mean power of a block -> a pair (idle, active) -> gross and marginal mJ -> interval

*Gross* is what the whole board drew while it worked, shared among the answers; *marginal* is that
without what the board would have drawn anyway. Idle is measured beside every active block, never
once before: the board warms up, and an idle measured cold makes every answer look dearer.

A block with a fault is thrown out with its pair, aloud. Milliwatts times seconds are millijoules,
so no conversion is needed. docs/measuring.md explains each number and what it leaves out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from kit.core.calibration import Calibration
from kit.core.student import crossover_interval, mean_interval
from kit.core.types import FULL_SCALE, INCOMPLETE, MachineState, MeterLabel

LEAST_PAIRS = 3
"""Fewer good pairs give no interval, so no figure either."""
IDLE_BUSY_MOST = 0.25
"""Processors that may be busy, on average, while the kit is said to do nothing."""
LEAST_SHARE = 0.5
"""Of the readings that should have come. Fewer, and what is missing may be what mattered."""
INCOMPLETE_MOST = 0.1
"""Share of readings in which a part may be missing; they are left out of the mean."""
LONGEST_GAP = 5
"""Readings in a row that may be missing."""
THROTTLED_NOW = 0xF
"""Bits 0 to 3 of `vcgencmd get_throttled`: under-voltage, capped, throttled, soft limit, now."""
THROTTLED_SINCE = THROTTLED_NOW << 16
"""Bits 16 to 19: the same, at any time since the start."""


class Phase(StrEnum):
    """What the machine does during a block."""

    IDLE = "idle"
    ACTIVE = "active"


@dataclass(frozen=True)
class Block:
    """Some seconds of idling or of working, with the readings taken meanwhile.

    Attributes:
        phase, pair: which; pairs count from 1.
        at_s: (n,) seconds on the meter's clock, in order of arrival.
        power_mw: (n,) milliwatts at those times; incomplete readings left out.
        begin_s, end_s: the marks around it, on the same clock.
        seconds: how long it took on the machine's clock.
        units: how many answers (trainings, pictures) were finished in it; 0 while idle.
        flags: flag -> how many readings had it.
        before, after: the machine's state around it.
        lost: message id of what the meter said when it went, or None.
    """

    phase: Phase
    pair: int
    at_s: np.ndarray
    power_mw: np.ndarray
    begin_s: float
    end_s: float
    seconds: float
    units: int = 0
    flags: Mapping[str, int] = field(default_factory=dict)
    before: MachineState = field(default_factory=MachineState)
    after: MachineState = field(default_factory=MachineState)
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a block does not count: a message id and what its sentence mentions."""

    phase: Phase
    pair: int
    id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Energy:
    """What one unit of work costs, and on what the figure rests.

    Attributes:
        label: of the meter.
        pairs: how many good pairs it comes from.
        gross_mj, marginal_mj: per unit, or None where there were too few good pairs. Marginal may
            be below 0 when the work is smaller than the noise of idle: reported, not clipped.
        idle_mw, active_mw: mean power of the good blocks, milliwatts; None without any.
        rejected: what was thrown out, and why.
        calibration: the one applied, or None.
    """

    label: MeterLabel
    pairs: int
    gross_mj: Estimate | None
    marginal_mj: Estimate | None
    idle_mw: float | None
    active_mw: float | None
    rejected: tuple[Rejected, ...] = ()
    calibration: Calibration | None = None

    def to_json(self) -> dict[str, Any]:
        """`source` is the label; figures that nobody could take are null."""
        return {
            "source": self.label.value,
            "pairs": self.pairs,
            "gross_mj": self.gross_mj.to_json() if self.gross_mj else None,
            "marginal_mj": self.marginal_mj.to_json() if self.marginal_mj else None,
            "idle_mw": None if self.idle_mw is None else round(self.idle_mw, 2),
            "active_mw": None if self.active_mw is None else round(self.active_mw, 2),
            "rejected": [
                {"phase": one.phase.value, "pair": one.pair, "id": one.id} | dict(one.values)
                for one in self.rejected
            ],
            "calibration": self.calibration.to_json() if self.calibration else None,
        }


def same_ground(labels: Iterable[MeterLabel]) -> bool:
    """Whether figures with these labels may stand in one ranking.

    >>> same_ground([MeterLabel.INPUT, MeterLabel.INPUT])
    True
    >>> same_ground([MeterLabel.INPUT, MeterLabel.RAILS]), same_ground([MeterLabel.NONE])
    (False, False)
    """
    found = set(labels)
    return len(found) <= 1 and MeterLabel.NONE not in found


def mean_power_mw(
    at_s: np.ndarray, power_mw: np.ndarray, begin_s: float, end_s: float
) -> tuple[float, int]:
    """Mean power between two times: trapezium rule over the readings there.

    Each reading so weighs by the time it stands for, and an uneven meter does no harm.

    Args:
        at_s: (n,) seconds, rising or level.
        power_mw: (n,) milliwatts.

    Returns:
        Milliwatts, and how many readings lay between.

    Raises:
        ValueError: fewer than 2 readings there, or times that fall.

    >>> mean_power_mw(np.array([0.0, 1.0, 3.0]), np.array([2.0, 4.0, 4.0]), 0.0, 3.0)
    (3.6666666666666665, 3)
    """
    inside = (at_s >= begin_s) & (at_s <= end_s)
    times, powers = at_s[inside], power_mw[inside]
    steps = np.diff(times)
    if len(times) < 2 or (steps < 0).any() or times[-1] == times[0]:
        raise ValueError("mean power needs at least 2 readings, in order")
    energy_mj = float(steps @ (powers[1:] + powers[:-1]) / 2)
    return energy_mj / float(times[-1] - times[0]), len(times)


def faults(
    block: Block,
    *,
    trim_s: float,
    rate_hz: float,
    label: MeterLabel = MeterLabel.INPUT,
    governor: str | None = None,
) -> list[Rejected]:
    """Everything that is wrong with a block; nothing, and it counts.

    Args:
        trim_s: seconds left out at each end.
        rate_hz: of the meter: how many readings should have come.
        label: of the meter: an estimate does not see what other programs do meanwhile.
        governor: the processor's when the run began.
    """
    found: dict[str, dict[str, Any]] = {}
    if block.lost:
        found["lab-meter-lost"] = {"reason": block.lost}
    elif times := _faults_of_times(block, trim_s, rate_hz):
        found |= times
    if at_limit := block.flags.get(FULL_SCALE, 0):
        found["lab-saturated"] = {"readings": at_limit}
    incomplete = block.flags.get(INCOMPLETE, 0)
    if incomplete > INCOMPLETE_MOST * (len(block.at_s) + incomplete):
        found["lab-incomplete"] = {"readings": incomplete}
    if len(block.power_mw) and np.mean(block.power_mw) < 0:
        found["lab-backwards"] = {}
    bits = throttled(block.before.throttled, block.after.throttled)
    if bits:
        found["lab-throttled"] = {"bits": f"{bits:#x}"}
    governors = {block.before.governor, block.after.governor, governor or block.before.governor}
    if len(governors - {None}) > 1:
        found["lab-governor-changed"] = {"governors": ", ".join(sorted(governors - {None}))}
    busy = _busy_processors(block)
    sees_others = label is not MeterLabel.ESTIMATED
    if block.phase is Phase.IDLE and sees_others and (busy or 0.0) > IDLE_BUSY_MOST:
        found["lab-idle-not-idle"] = {"busy": round(busy, 2)}
    if block.phase is Phase.ACTIVE and not block.units:
        found["lab-nothing-done"] = {}
    return [Rejected(block.phase, block.pair, id, values) for id, values in found.items()]


def _faults_of_times(block: Block, trim_s: float, rate_hz: float) -> dict[str, dict[str, Any]]:
    begin_s, end_s = block.begin_s + trim_s, block.end_s - trim_s
    steps = np.diff(block.at_s)
    if block.end_s < block.begin_s or (steps < 0).any():
        return {"lab-clock-jumped": {}}
    inside = block.at_s[(block.at_s >= begin_s) & (block.at_s <= end_s)]
    expected = max(0.0, end_s - begin_s) * rate_hz
    if len(inside) < max(2, LEAST_SHARE * expected):
        return {"lab-too-few-readings": {"readings": len(inside), "expected": round(expected)}}
    gap = float(np.diff(np.concatenate([[begin_s], inside, [end_s]])).max())
    if gap * rate_hz > LONGEST_GAP + 1:
        return {"lab-readings-missing": {"seconds": round(gap, 2)}}
    return {}


def throttled(before: int | None, after: int | None) -> int:
    """Bits that say a board was held back meanwhile: those set now, and those that newly appeared.

    >>> throttled(0x50000, 0x50000), hex(throttled(0x0, 0x50005)), hex(throttled(0x10000, 0x30000))
    (0, '0x50005', '0x20000')
    """
    before, after = before or 0, after or 0
    return ((before | after) & THROTTLED_NOW) | (after & ~before & THROTTLED_SINCE)


def _busy_processors(block: Block) -> float | None:
    """How many processors were busy during a block, on average."""
    if block.before.busy_s is None or block.after.busy_s is None or block.seconds <= 0:
        return None
    return (block.after.busy_s - block.before.busy_s) / block.seconds


def energy_per_unit(
    blocks: Sequence[Block],
    *,
    label: MeterLabel,
    rate_hz: float,
    trim_s: float,
    calibration: Calibration | None = None,
) -> Energy:
    """Gross and marginal energy of one unit of work, from pairs of blocks in order of time.

    A pair's marginal energy is (active power - idle power) x the time one unit takes. Within a
    pair the idle block comes before the active one or after it; where both occur, a steady drift
    is taken out. The gross interval is Student's t over the pairs.

    Args:
        blocks: in order of time.
        rate_hz: of the meter.
        trim_s: seconds left out at each end of a block, while the machine settles.
        calibration: applied to the readings where there is one.

    Source: MLPerf Tiny, energy mode (marks in the stream of readings); docs/decisions/0007.
    """
    governor = next((block.before.governor for block in blocks if block.before.governor), None)
    pairs: dict[int, list[Block]] = {}
    for block in blocks:
        pairs.setdefault(block.pair, []).append(block)
    rejected: list[Rejected] = []
    good: list[_Pair] = []
    for both in pairs.values():
        wrong = [
            fault
            for block in both
            for fault in faults(
                block, trim_s=trim_s, rate_hz=rate_hz, label=label, governor=governor
            )
        ]
        rejected += wrong
        if not wrong and {block.phase for block in both} == {Phase.IDLE, Phase.ACTIVE}:
            good.append(_Pair.of(both, trim_s, calibration))
    gross = marginal = None
    if len(good) >= LEAST_PAIRS:
        values = [pair.active_mw * pair.unit_s for pair in good]
        gross = Estimate(float(np.mean(values)), *mean_interval(values))
        marginal = _marginal(good)
    return Energy(
        label=label,
        pairs=len(good),
        gross_mj=gross,
        marginal_mj=marginal,
        idle_mw=float(np.mean([pair.idle_mw for pair in good])) if good else None,
        active_mw=float(np.mean([pair.active_mw for pair in good])) if good else None,
        rejected=tuple(rejected),
        calibration=calibration,
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    idle_mw: float
    active_mw: float
    unit_s: float
    order: int
    """+1 where idle came first."""

    @classmethod
    def of(cls, both: Sequence[Block], trim_s: float, calibration: Calibration | None) -> "_Pair":
        powers = {}
        for block in both:
            power, _ = mean_power_mw(
                block.at_s, block.power_mw, block.begin_s + trim_s, block.end_s - trim_s
            )
            powers[block.phase] = calibration.apply(power) if calibration else power
        [active] = [block for block in both if block.phase is Phase.ACTIVE]
        order = 1 if both[0].phase is Phase.IDLE else -1
        return cls(powers[Phase.IDLE], powers[Phase.ACTIVE], active.seconds / active.units, order)


def _marginal(pairs: Sequence[_Pair]) -> Estimate:
    values = [(pair.active_mw - pair.idle_mw) * pair.unit_s for pair in pairs]
    orders = [pair.order for pair in pairs]
    if len({*orders}) == 2:
        value, interval = crossover_interval(values, orders)
    else:  # those of the other order were all thrown out
        value, interval = float(np.mean(values)), mean_interval(values)
    return Estimate(value, *interval)
