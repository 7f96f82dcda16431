"""What a meter said in the last minute, small enough to be shown while it is measured with.

Only for looking at: the figures come from the raw log (`core.measurement`).
"""

import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from kit.core.energy import Phase
from kit.core.types import Mark, MeterInfo, Reading

STEP_S = 0.2
"""One point of the line: the mean of the readings in it."""
SHOWN_S = 60.0
_MARK = re.compile(r"(idle|active)-(\d+)-(begin|end)")
_DEED = re.compile(r"[a-z]+-(begin|end)")


class PowerTrace:
    """The line, the marks in it and the pairs so far. Not thread-safe.

    Args:
        info: of the meter.
        apply: its calibration, milliwatts to milliwatts.

    >>> trace = PowerTrace(MeterInfo("fake", "estimated", 10.0))
    >>> trace.hear([Mark(1.0, "idle-1-begin"), Reading(1.1, 2.0), Reading(1.2, 4.0)])
    >>> trace.hear([Mark(1.3, "idle-1-end")])
    >>> trace.shape()["pairs"]
    [{'pair': 1, 'idle_mw': 3.0, 'active_mw': None}]
    """

    def __init__(
        self, info: MeterInfo, apply: Callable[[float], float] = lambda power_mw: power_mw
    ) -> None:
        self._info, self._apply = info, apply
        self._points: deque[list[float]] = deque(maxlen=round(SHOWN_S / STEP_S))
        self._marks: deque[tuple[float, str]] = deque(maxlen=24)
        self._pairs: dict[int, dict[str, float]] = {}
        self._block: tuple[Phase, int] | None = None
        self._powers: list[float] = []
        self._lost = False
        self._first_s: float | None = None
        self._last_s = float("-inf")

    def hear(self, events: Iterable[Reading | Mark]) -> None:
        """Readings and marks in the order of the stream."""
        self._lost = False
        for event in events:
            self._meet_time(event.at_s)
            if isinstance(event, Mark):
                self._hear_mark(event)
            else:
                self._hear_reading(event)

    def lose(self) -> None:
        """The meter went away; `hear` says that it is back."""
        self._lost, self._block = True, None

    def shape(self) -> dict[str, Any]:
        """As plain values; seconds count from the first reading."""
        first_s = self._first_s or 0.0
        return {
            "meter": self._info.name,
            "label": str(self._info.label),
            "lost": self._lost,
            "phase": self._block[0].value if self._block else None,
            "pair": self._block[1] if self._block else None,
            "at_s": [round(sum_s / n - first_s, 2) for sum_s, _, n in self._points],
            "power_mw": [round(sum_mw / n, 1) for _, sum_mw, n in self._points],
            "marks": [[round(at_s - first_s, 2), text] for at_s, text in self._marks],
            "pairs": [
                {"pair": pair, "idle_mw": both.get("idle"), "active_mw": both.get("active")}
                for pair, both in sorted(self._pairs.items())
            ],
        }

    def _meet_time(self, at_s: float) -> None:
        if at_s < self._last_s - 1.0:  # the meter's clock started anew: another line
            self._points.clear()
            self._marks.clear()
            self._first_s = None
        if self._first_s is None:
            self._first_s = at_s
        self._last_s = at_s

    def _hear_reading(self, reading: Reading) -> None:
        power_mw = self._apply(reading.power_mw)
        newest = self._points[-1] if self._points else None
        if newest is not None and reading.at_s - newest[0] / newest[2] < STEP_S:
            newest[0] += reading.at_s
            newest[1] += power_mw
            newest[2] += 1
        else:
            self._points.append([reading.at_s, power_mw, 1])
        if self._block is not None:
            self._powers.append(power_mw)

    def _hear_mark(self, mark: Mark) -> None:
        found = _MARK.fullmatch(mark.text)
        if found is None:
            if _DEED.fullmatch(mark.text):  # what the kit does while nothing is measured
                self._marks.append((mark.at_s, mark.text))
            return
        phase, pair = Phase(found[1]), int(found[2])
        self._marks.append((mark.at_s, mark.text))
        if found[3] == "begin":
            self._block, self._powers = (phase, pair), []
        elif self._powers and self._block == (phase, pair):
            mean_mw = round(sum(self._powers) / len(self._powers), 1)
            self._pairs.setdefault(pair, {})[phase.value] = mean_mw
            self._block = None
