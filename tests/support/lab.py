"""A bench for experiments in virtual time: a fake meter, and a backbone that draws power."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from kit.core.types import MachineState
from kit.devices.meter_fake import FakeMeter
from kit.experiments import Bench
from tests.support.clock import VirtualClock
from tests.support.small import SmallEngine

IDLE_W, BUSY_W = 2.5, 5.1
MS_AT = {224: 40.0, 160: 20.0, 128: 13.0, 96: 8.0}
"""What an answer takes on this bench; below 128 pixels it sees too little to be right."""

SHARE_OF = {"embedding": 1.0, "block-11": 0.7, "block-9": 0.5}


class SlowRunner:
    """A backbone (`experiments.Runner`) that takes its time and its watts."""

    name, hash, dimensions = "colours", "c0" * 32, 27
    runtime_version = "small 1"

    def __init__(self, table, input_size, cut, threads):
        self.input_size, self.cut, self.threads = input_size, cut, threads
        self.ms = MS_AT[input_size] * SHARE_OF[cut] / threads
        self._table = table
        self._engine = SmallEngine()

    def embed(self, prepared):
        self._table.work(self.ms / 1000)
        if self.input_size < 128:
            return np.abs(np.random.default_rng(int(prepared.sum())).normal(size=27)).astype("f4")
        return self._engine.embed(prepared, 2).result().embedding


class BenchTable:
    """What stands on the bench, and what may happen to it."""

    def __init__(self, **meter):
        self.clock = VirtualClock()
        self.meter = FakeMeter(now=self.clock.monotonic_s, **meter)
        self.state = MachineState("ondemand", 50.0, 0, 0.0)
        self.has_meter = True

    def work(self, seconds):
        self.meter.draw(BUSY_W)
        self.clock.sleep(seconds)
        self.meter.draw(IDLE_W)

    def bench(self, **changed):
        def open_meter():
            if not self.has_meter:
                from kit.core.errors import Unavailable

                raise Unavailable("meter-missing", "nothing is plugged in")
            return self.meter, self.meter.open()

        bench = Bench(
            clock=self.clock,
            look=lambda: self.state,
            describe=lambda: {"board": "a bench", "processors": 4},
            open_meter=open_meter,
            list_meters=lambda: (
                [SimpleNamespace(name="fake", info=self.meter.open(), refusal=None)]
                if self.has_meter
                else []
            ),
            calibration=lambda name: None,
            runner=lambda size, cut, threads: SlowRunner(self, size, cut, threads),
        )
        return replace(bench, **changed)
