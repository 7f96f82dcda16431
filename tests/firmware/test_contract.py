"""The Pico under the contract of every meter: the suite of `tests/contract`, over real firmware."""

import time

import pytest

from kit.core.types import MeterLabel
from kit.devices.meter_pico import PicoMeter
from kit.devices.serial_port import UsbPort
from tests.contract import test_meter_contract as contract
from tests.firmware.pico import BoardTime


class Desk:
    """A Pico that can be unplugged and plugged in again, and the time it lives in."""

    def __init__(self, plug_in) -> None:
        self._plug_in = plug_in
        self.replug()

    def draw(self, watts: float) -> None:
        self._pico.draw(watts / 5.1 * 1000)

    def unplug(self) -> None:
        self._pico.unplug()
        self._pico = None

    def replug(self) -> None:
        self._pico = self._plug_in(supply_ohm=0)
        self._pico.run(0.1)
        self.path = self._pico.path

    def ports(self) -> tuple[UsbPort, ...]:
        return (UsbPort(self._pico.path, "e660"),) if self._pico else ()

    def monotonic_s(self) -> float:
        return self._pico.now_us / 1e6 if self._pico else 0.0

    wall_s = monotonic_s

    def sleep(self, seconds: float) -> None:
        if self._pico:
            BoardTime(self._pico).sleep(seconds)
            time.sleep(0.03)  # what the kit has read it must understand, too
        else:
            time.sleep(0.05)  # the kernel tells the other end


@pytest.fixture
def clock(plug_in):
    return Desk(plug_in)


@pytest.fixture
def subject(clock):
    meter = PicoMeter(clock.path, find=clock.ports, clock=clock, rest_s=0)
    yield contract.Subject(meter, clock, MeterLabel.INPUT, tolerance_mw=25)  # a step of 4 mV
    meter.close()


@pytest.fixture
def meter(subject):
    return subject.meter


globals().update(
    {name: promise for name, promise in vars(contract).items() if name.startswith("test_")}
)
