"""What the experiments are handed of the outside: clock, machine, meters, backbones, camera."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from kit.core.calibration import Calibration
from kit.core.errors import KitError
from kit.core.measurement import CLASSROOM, FULL, Plan
from kit.core.ports import CameraFeed, Meter, WaitingClock
from kit.core.types import MachineState, MeterInfo


class Runner(Protocol):
    """A backbone that this room has for itself: `engine.runtime.Backbone`."""

    name: str
    hash: str
    runtime_version: str
    input_size: int
    cut: str
    threads: int
    dimensions: int

    def embed(self, prepared: np.ndarray) -> np.ndarray: ...


class MakeRunner(Protocol):
    """Gives a backbone of that size, ended at that cut, on so many processors."""

    def __call__(self, input_size: int, *, cut: str, threads: int) -> Runner: ...


class FoundMeter(Protocol):
    """A meter that was asked: what it says of itself, or why it does not answer."""

    name: str
    info: MeterInfo | None
    refusal: KitError | None


@dataclass(frozen=True)
class Bench:
    """What the experiments are handed of the outside.

    Attributes:
        clock: tells the time and waits.
        look, describe: the machine's state now, and what does not change.
        open_meter: the meter that the settings name, opened; raises `Unavailable` for none.
        list_meters: every meter worth asking.
        calibration: of the meter of that name; raises `BadInput`.
        runner: a backbone of its own.
        feed: the camera, for live answers; None: stored pictures stand in.
        hush: lets camera and microphone rest at once, with nobody at them.
        plans: "classroom" and "full".
    """

    clock: WaitingClock
    look: Callable[[], MachineState]
    describe: Callable[[], Mapping[str, Any]]
    open_meter: Callable[[], tuple[Meter, MeterInfo]]
    list_meters: Callable[[], Sequence[FoundMeter]]
    calibration: Callable[[str], Calibration | None]
    runner: MakeRunner
    feed: CameraFeed | None = None
    hush: Callable[[], None] = lambda: None
    plans: Mapping[str, Plan] = field(
        default_factory=lambda: {"classroom": CLASSROOM, "full": FULL}
    )


@dataclass(frozen=True)
class Meters:
    """The meter that a measurement would use, or why there is none; and all that were found."""

    chosen: MeterInfo | None
    refusal: KitError | None
    found: tuple[FoundMeter, ...]
