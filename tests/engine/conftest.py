"""The shipped backbone, and a hand-held one whose every inference waits for the test's word."""

import threading

import numpy as np
import pytest

from kit.engine.queue import Engine
from kit.engine.runtime import Backbone


@pytest.fixture(scope="session")
def model_folder(checkout):
    return checkout / "models" / "efficientnet-lite0"


@pytest.fixture(scope="session")
def backbone(model_folder):
    return Backbone.load(model_folder)


class HandHeldBackbone:
    """Answers with its first pixel, and only when `let_pass` is called. Inputs are 4 x 4."""

    name, hash, runtime_version, input_size, cut, dimensions = "by hand", "0", "none 0", 4, "c", 1

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.begun = threading.Semaphore(0)
        self._passes = threading.Semaphore(0)

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        value = int(prepared[0, 0, 0])
        self.seen.append(value)
        self.begun.release()
        assert self._passes.acquire(timeout=10)
        if value == BROKEN:
            raise ValueError("broken on purpose")
        return np.array([value], np.float32)

    def feature_map(self) -> np.ndarray:
        return np.zeros((1, 1, 1), np.float32)

    def let_pass(self, inferences: int = 1) -> None:
        self._passes.release(inferences)


BROKEN = 13


@pytest.fixture
def by_hand():
    return HandHeldBackbone()


@pytest.fixture
def engine(by_hand):
    engine = Engine(by_hand)
    yield engine
    by_hand.let_pass(1000)
    engine.close()
