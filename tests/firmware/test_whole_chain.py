"""The truth test: a known load -> chip -> firmware -> serial line -> kit -> the kit's own maths.

The load idles at 2.5 W, warms up, sways, and is noisy; while it works, each answer adds 2.6 W for
30 ms. So an answer truly costs 78 mJ more than doing nothing, and the kit must find that out.
"""

import numpy as np
import pytest

from kit.core.energy import Block, Phase, energy_per_unit
from kit.core.types import Mark, MeterLabel, Reading
from kit.devices.meter_pico import PicoMeter
from tests.firmware.pico import BoardTime

SUPPLY_V, SUPPLY_OHM = 5.1, 0.15
IDLE_W, BUSY_W = 2.5, 5.1
BURST_MS, PERIOD_MS = 30, 70  # the rest of the time it reads pictures and waits
TRUE_MJ = (BUSY_W - IDLE_W) * BURST_MS
PAIRS, BLOCK_S, TRIM_S = 5, 4, 0.5


def current_ma(power_w: float) -> float:
    """What draws this power behind a supply that gives way a little."""
    return (SUPPLY_V - (SUPPLY_V**2 - 4 * SUPPLY_OHM * power_w) ** 0.5) / (2 * SUPPLY_OHM) * 1000


def block(pico, meter, phase: Phase, pair: int) -> Block:
    """One block as the lab makes it: a mark, some seconds, a mark."""
    idle_ma = current_ma(IDLE_W)
    if phase is Phase.ACTIVE:
        burst_ma = current_ma(BUSY_W) - idle_ma
        pico.draw(idle_ma, burst_ma, BURST_MS * 1000, PERIOD_MS * 1000)
    else:
        pico.draw(idle_ma)
    events: list[Reading | Mark] = []
    for word in ("begin", "end"):
        meter.mark(f"{phase}-{pair}-{word}")
        pico.hear()
        if word == "begin":
            pico.run(BLOCK_S)
        while not any(isinstance(event, Mark) and event.text.endswith(word) for event in events):
            BoardTime(pico).sleep(0.01)
            events += meter.take()
    begin_s, end_s = (event.at_s for event in events if isinstance(event, Mark))
    readings = [event for event in events if isinstance(event, Reading)]
    return Block(
        phase=phase,
        pair=pair,
        at_s=np.array([reading.at_s for reading in readings]),
        power_mw=np.array([reading.power_mw for reading in readings]),
        begin_s=begin_s,
        end_s=end_s,
        seconds=end_s - begin_s,
        units=(end_s - begin_s) * 1000 / PERIOD_MS if phase is Phase.ACTIVE else 0,
    )


@pytest.mark.parametrize("seed", range(10))
def test_the_true_energy_of_an_answer_is_recovered(plug_in, seed):
    chip = ("ina219@64", "ina226@64")[seed % 2]
    pico = plug_in(
        chip,
        seed=seed,
        noise_ma=8,
        drift_per_s=3e-4 * (seed - 4),  # up to 2 % a minute, either way
        sway=0.01,
        gain=1 + 0.001 * (seed - 4),
        slow=0.92 + 0.018 * seed,
        shunt_ohm=(0.1, 0.05)[seed % 2],  # the INA226 ends at 0.82 A with 0.1 ohm
        supply_ohm=SUPPLY_OHM,
        clock_us=(1 << 30) - 20_000_000,  # and the clock wraps on the way
    )
    ohms = (0.1, 0.05)[seed % 2]
    meter = PicoMeter(pico.path, ohms, find=lambda: (), clock=BoardTime(pico), rest_s=0)
    pico.draw(current_ma(IDLE_W))
    pico.run(1)
    info = meter.open()
    meter.start()
    pico.run(1)

    blocks = []
    for pair in range(1, PAIRS + 1):
        order = (Phase.IDLE, Phase.ACTIVE) if pair % 2 else (Phase.ACTIVE, Phase.IDLE)
        blocks += [block(pico, meter, phase, pair) for phase in order]
    meter.close()
    energy = energy_per_unit(blocks, label=MeterLabel.INPUT, rate_hz=info.rate_hz, trim_s=TRIM_S)

    assert energy.rejected == ()
    assert energy.pairs == PAIRS
    assert meter.lost_readings == 0
    assert energy.marginal_mj.value == pytest.approx(TRUE_MJ, rel=0.02)
