"""How every benchmark here measures: interleaved runs, medians, ratios, one process at a time.

A shared machine's clock drifts with its neighbours, so two things are never timed one
after the other: they take turns, and the figure is the ratio of each pair.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median of paired ratios, with the interval that holds 95 % of bootstrap medians."""

    value: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f}, {self.pairs} pairs)"


def elapsed_ms(action: Callable[[], object]) -> float:
    """Milliseconds that one call takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def take_turns(actions: dict[str, Callable[[], object]], rounds: int, warm_up: int = 20):
    """Time each action once a round, in an order that turns; `{name: (rounds,) ms}`."""
    names = list(actions)
    for _ in range(warm_up):
        for name in names:
            actions[name]()
    times: dict[str, list[float]] = {name: [] for name in names}
    for round_ in range(rounds):
        for offset in range(len(names)):
            name = names[(round_ + offset) % len(names)]
            times[name].append(elapsed_ms(actions[name]))
    return {name: np.array(values) for name, values in times.items()}


def ratio(ours_ms: np.ndarray, theirs_ms: np.ndarray, seed: int = 0) -> Ratio:
    """The ratio of two paired series of times."""
    pairs = ours_ms / theirs_ms
    rng = np.random.default_rng(seed)
    medians = np.median(rng.choice(pairs, (1000, len(pairs))), axis=1)
    low, high = np.percentile(medians, [2.5, 97.5])
    return Ratio(float(np.median(pairs)), float(low), float(high), len(pairs))
