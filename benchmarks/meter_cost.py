"""What measuring costs: an answer's time with the meter's sampler on, against off.

    python benchmarks/meter_cost.py [--rounds 60] [--meter estimate] [--json]

Blocks of answers with and without the sampler take turns, the order turning too; the figure is the
median of the paired ratios with its 95 % interval. Promised: at most 1.02 at the interval's upper
end. Where the machine has no meter, made ones stand in: the files of an INA226, read 20 times a
second, and a `vcgencmd` that answers as a Raspberry Pi 5's does. What a real chip's bus or mailbox
costs the processor is then not in the figure.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from measuring import elapsed_ms, ratio  # noqa: E402

from kit import resources  # noqa: E402
from kit.cli.bench import workload  # noqa: E402
from kit.core.ports import Meter  # noqa: E402
from kit.devices.meter import open_meter  # noqa: E402
from kit.devices.meter_base import PolledMeter  # noqa: E402
from kit.devices.meter_estimate import EstimateProbe  # noqa: E402
from kit.devices.meter_hwmon import HwmonProbe  # noqa: E402
from kit.devices.meter_pmic import PmicProbe  # noqa: E402
from kit.engine.runtime import Backbone  # noqa: E402
from tests.support.meters import Hwmon, Vcgencmd  # noqa: E402

PROMISED = 1.02
ANSWERS = 100
"""In one block: long enough for several readings even at 5 a second."""


def made_meters(folder: Path) -> dict[str, Callable[[], Meter]]:
    """Name -> a meter that reads what was made for it, through the sampler's real process."""
    for name in ("hwmon", "pmic"):
        (folder / name).mkdir()
    hwmon, chip = Hwmon(folder / "hwmon"), Vcgencmd(folder / "pmic")
    return {
        "estimate": lambda: PolledMeter(EstimateProbe()),
        "hwmon (made)": lambda: PolledMeter(HwmonProbe(hwmon.device, root=str(hwmon.root))),
        "pmic (made)": lambda: PolledMeter(PmicProbe(str(chip.program))),
    }


def cost(meter: Meter, rounds: int) -> dict:
    """Ratio of an answer's median time with the sampler on to that with it off."""
    walk = workload(Backbone.load(resources.model_dir("efficientnet-lite0")))
    meter.open()

    def block() -> float:
        return float(np.median([elapsed_ms(walk) for _ in range(ANSWERS)]))

    def measured() -> float:
        meter.start()  # starting is not what is measured: the lab starts before its blocks
        try:
            return block()
        finally:
            meter.stop()

    block()
    on, off = [], []
    for round_ in range(rounds):
        if round_ % 2:
            on.append(measured())
            off.append(block())
        else:
            off.append(block())
            on.append(measured())
    meter.close()
    found = ratio(np.array(on), np.array(off))
    return {"off_ms": float(np.median(off)), "on_ms": float(np.median(on)), **asdict(found)}


def main() -> int:
    """Print the figures; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--meter", help="one of the made ones, or one of this machine")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        meters = made_meters(Path(folder))
        if options.meter:
            made = meters.get(options.meter, lambda: open_meter(options.meter)[0])
            meters = {options.meter: made}
        found = {name: cost(make(), options.rounds) for name, make in meters.items()}
    if options.json:
        print(json.dumps(found))
    for name, one in {} if options.json else found.items():
        print(
            f"{name:13} {one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f}, "
            f"{one['pairs']} pairs, {one['off_ms']:.2f} ms off)"
        )
    return 0 if all(one["high"] <= PROMISED for one in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
