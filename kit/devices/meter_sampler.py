"""The process that asks a probe, so many times a second; `meter_base.ProcessSampler` starts it.

    python -m kit.devices.meter_sampler '{"probe": "PmicProbe", "rate_hz": 5, "fields": {…}}'

It writes one JSON list a line: ["ready"], then ["reading", seconds, milliwatts, [flags]] …, and
["trouble", id, reason, values] before it ends. It ends when its standard input does, so it never
outlives whoever started it, however that one ended.
"""

import json
import select
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from kit.core.errors import Unavailable
from kit.devices.meter_base import Probe
from kit.devices.meter_estimate import EstimateProbe
from kit.devices.meter_hwmon import HwmonProbe
from kit.devices.meter_pmic import PmicProbe
from kit.devices.meter_rapl import RaplProbe

PROBES: dict[str, Callable[..., Probe]] = {
    probe.__name__: probe for probe in (EstimateProbe, HwmonProbe, PmicProbe, RaplProbe)
}


def run(
    probe: Probe,
    rate_hz: float,
    out: TextIO,
    wait: Callable[[float], bool],
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Ask until `wait(seconds)` says that nobody listens any more.

    A reading's time is the middle of its asking, which takes a Pi 5's power chip 23 ms.
    """

    def say(*told: Any) -> None:
        out.write(json.dumps(told) + "\n")
        out.flush()

    try:
        probe.open()
        say("ready")
        due_s = now()
        while True:
            before_s = now()
            found = probe.read(before_s)
            if found is not None:
                power_mw, flags = found
                say("reading", (before_s + now()) / 2, power_mw, flags)
            # From the last beat, so that slow answers do not slow the beat; late ones are dropped.
            due_s = max(due_s + 1 / rate_hz, now())
            if wait(due_s - now()):
                return
    except Unavailable as trouble:
        say("trouble", trouble.id, str(trouble), trouble.values)
    except BrokenPipeError:
        return


def main(arguments: list[str]) -> None:
    """Read what to ask from the first argument."""
    told = json.loads(arguments[0])
    probe = PROBES[told["probe"]](**told["fields"])

    def wait(seconds: float) -> bool:
        return bool(select.select([sys.stdin], [], [], max(0.0, seconds))[0])

    run(probe, told["rate_hz"], sys.stdout, wait)


if __name__ == "__main__":
    main(sys.argv[1:])
