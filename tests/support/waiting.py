"""Waiting for what another thread brings about."""

import time
from collections.abc import Callable

_LOOK_EVERY_S = 0.005


def wait_until(holds: Callable[[], object], within_s: float = 30.0) -> None:
    """Return as soon as it holds.

    Raises:
        AssertionError: it never came.
    """
    end_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end_s, "it never came"
        time.sleep(_LOOK_EVERY_S)
