"""The engine of a program that has it for itself: the command line asks, and waits anyway."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from time import perf_counter

import numpy as np

from kit.core import image
from kit.core.ports import Given, Lane
from kit.core.types import Embedded
from kit.engine.runtime import Backbone


class Alone:
    """Networks run at once, in the caller's thread (`core.ports.Embedder`). For one thread.

    Args:
        load: the pictures' backbone, called when it is first needed.
    """

    def __init__(self, load: Callable[[], Backbone]) -> None:
        self._load = load

    @cached_property
    def _backbone(self) -> Backbone:
        return self._load()

    @property
    def backbone(self) -> str:
        return self._backbone.name

    @property
    def backbone_hash(self) -> str:
        return self._backbone.hash

    @property
    def runtime_version(self) -> str:
        return self._backbone.runtime_version

    @property
    def input_size(self) -> int:
        return self._backbone.input_size

    @property
    def cut(self) -> str:
        return self._backbone.cut

    @property
    def dimensions(self) -> int:
        return self._backbone.dimensions

    def embed(
        self, pixels: np.ndarray, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        began = perf_counter()
        prepared = image.view(image.prepare(pixels, self.input_size), view)
        prepare_ms = (perf_counter() - began) * 1000.0

        def work(_wait_ms: float) -> Embedded:
            began = perf_counter()
            embedding = self._backbone.embed(prepared)
            stages_ms = {"prepare": prepare_ms, "invoke": (perf_counter() - began) * 1000.0}
            return Embedded(
                embedding, self._backbone.feature_map() if feature_map else None, stages_ms
            )

        return self.run(work, lane)

    def run(
        self, work: Callable[[float], Given], lane: Lane, *, source: str = "camera"
    ) -> "Future[Given]":
        future: Future[Given] = Future()
        try:
            future.set_result(work(0.0))
        except Exception as error:
            future.set_exception(error)
        return future
