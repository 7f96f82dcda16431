"""What reading the meter costs the kit itself, told with the measurement of nothing at all."""

import logging
from collections.abc import Callable

import numpy as np

from kit.core.errors import Unavailable
from kit.core.ports import Meter
from kit.experiments.bench import Bench
from kit.experiments.pictures import bare_answer

_log = logging.getLogger(__name__)

PAIRS, BLOCK_S = 6, 0.75
"""Of blocks with the meter read and not read."""
ROOM_S = 14.0
"""What these take of a classroom's minute, starting the sampler included."""


def sampler_pairs(
    bench: Bench, meter: Meter, progress: Callable[[float], None]
) -> list[tuple[float, float]]:
    """Milliseconds of the network (with, without) the meter being read, in turns.

    Fewer pairs where the meter went meanwhile.
    """
    walk, clock = bare_answer(bench), bench.clock

    def block_ms() -> float:
        times_ms, until_s = [], clock.monotonic_s() + BLOCK_S
        while (begin_s := clock.monotonic_s()) < until_s:
            walk()
            times_ms.append((clock.monotonic_s() - begin_s) * 1000)
        return float(np.median(times_ms))

    def read_ms() -> float:
        meter.start()
        try:
            return block_ms()
        finally:
            meter.stop()

    block_ms()  # warm
    pairs = []
    try:
        for number in range(PAIRS):
            progress(1.0)
            if number % 2:
                with_ms, without_ms = read_ms(), block_ms()
            else:
                without_ms, with_ms = block_ms(), read_ms()
            pairs.append((round(with_ms, 6), round(without_ms, 6)))
    except Unavailable as gone:  # what was measured before is no worse for it
        _log.info("the meter went: %s", gone)
    return pairs
