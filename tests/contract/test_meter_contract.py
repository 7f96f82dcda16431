"""What every meter promises, fake and real alike: one suite, each back end under it.

The real ones read made trees of files and a made `vcgencmd`, in virtual time; where the machine has
such a meter, `tests/devices/test_meter.py` asks it too.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from kit.core.errors import Unavailable
from kit.core.ports import Meter
from kit.core.types import Mark, MeterLabel, Reading
from kit.devices.meter_base import PolledMeter
from kit.devices.meter_estimate import EstimateProbe
from kit.devices.meter_fake import FakeMeter
from kit.devices.meter_hwmon import HwmonProbe
from kit.devices.meter_pmic import PmicProbe
from kit.devices.meter_rapl import RaplProbe
from kit.messages import MESSAGES
from tests.support.clock import VirtualClock, VirtualSampler
from tests.support.meters import Hwmon, ProcStat, Rapl, Vcgencmd


@dataclass
class Subject:
    """A meter under test, the world it reads, and how far its mean may be from what was drawn."""

    meter: Meter
    world: Any
    label: MeterLabel
    tolerance_mw: float


def fake(folder, clock) -> Subject:
    meter = FakeMeter(now=clock.monotonic_s)
    return Subject(meter, meter, MeterLabel.INPUT, 5)


def polled(probe, clock) -> PolledMeter:
    return PolledMeter(probe, sampler=partial(VirtualSampler, clock), now=clock.monotonic_s)


def hwmon(folder, clock) -> Subject:
    world = Hwmon(folder)
    probe = HwmonProbe(world.device, root=str(world.root))
    return Subject(polled(probe, clock), world, MeterLabel.INPUT, 1)


def pmic(folder, clock) -> Subject:
    world = Vcgencmd(folder)
    return Subject(polled(PmicProbe(str(world.program)), clock), world, MeterLabel.RAILS, 1)


def rapl(folder, clock) -> Subject:
    world = Rapl(folder, clock)
    return Subject(polled(RaplProbe(str(world.root)), clock), world, MeterLabel.RAILS, 40)


def estimate(folder, clock) -> Subject:
    world = ProcStat(folder, clock)
    probe = EstimateProbe(str(world.process), str(world.stat), str(world.board))
    return Subject(polled(probe, clock), world, MeterLabel.ESTIMATED, 60)


BACK_ENDS: list[Callable[..., Subject]] = [fake, hwmon, pmic, rapl, estimate]


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture(params=BACK_ENDS, ids=lambda back_end: back_end.__name__)
def subject(request, tmp_path, clock):
    subject = request.param(tmp_path, clock)
    yield subject
    subject.meter.close()


@pytest.fixture
def meter(subject):
    return subject.meter


def readings(events):
    return [event for event in events if isinstance(event, Reading)]


def assert_named(refusal: Unavailable) -> None:
    assert MESSAGES[refusal.id].format(**refusal.values)
    assert str(refusal) != refusal.id  # the developer's line says more than the id


def test_it_says_what_it_is_and_what_it_does_not_see(meter, subject):
    info = meter.open()

    assert info.name == meter.name
    assert info.label is subject.label
    assert info.rate_hz >= 4
    assert info.blind_spots
    assert all(spot in MESSAGES for spot in info.blind_spots)
    assert json.dumps(dict(info.details))


@pytest.mark.parametrize("watts", [3.5, 5.1])
def test_readings_are_what_is_drawn(meter, subject, clock, watts):
    info = meter.open()
    subject.world.draw(watts)
    meter.start()

    clock.sleep(4.0)
    found = readings(meter.take())

    assert len(found) == pytest.approx(4 * info.rate_hz, abs=2)
    assert np.mean([one.power_mw for one in found[1:]]) == pytest.approx(
        watts * 1000, abs=subject.tolerance_mw
    )
    assert not any(one.flags for one in found)


def test_marks_stand_in_the_stream_where_they_were_made(meter, clock):
    meter.open()
    meter.start()
    clock.sleep(1.05)
    meter.mark("idle-1-begin")
    clock.sleep(2.0)
    meter.mark("idle-1-end")
    clock.sleep(1.0)

    events = meter.take()

    for earlier, later in pairwise(events):
        assert earlier.at_s <= later.at_s
    begin, end = (event for event in events if isinstance(event, Mark))
    assert (begin.text, end.text) == ("idle-1-begin", "idle-1-end")
    assert end.at_s - begin.at_s == pytest.approx(2.0, abs=0.01)
    assert isinstance(events[0], Reading)
    assert isinstance(events[-1], Reading)


def test_nothing_is_handed_over_twice_and_nothing_lost_in_half_a_minute(meter, clock):
    rate_hz = meter.open().rate_hz
    meter.start()

    clock.sleep(30.0)
    found = readings(meter.take())

    assert meter.take() == []
    assert len(found) == pytest.approx(30 * rate_hz, abs=2)
    for earlier, later in pairwise(found):
        assert later.at_s > earlier.at_s


def test_stopped_means_stopped_and_what_was_before_is_forgotten(meter, clock):
    meter.open()
    meter.start()
    clock.sleep(1.0)
    meter.stop()
    meter.stop()

    with pytest.raises(Unavailable) as refused:
        meter.take()
    assert_named(refused.value)
    clock.sleep(5.0)
    meter.start()
    again_s = clock.monotonic_s()
    clock.sleep(1.0)

    assert all(event.at_s >= again_s - 0.001 for event in meter.take())


def test_once_gone_it_says_so_and_comes_back(meter, subject, clock):
    meter.open()
    meter.start()
    clock.sleep(1.0)
    subject.world.unplug()
    clock.sleep(1.0)

    before = readings(meter.take())
    with pytest.raises(Unavailable) as gone:
        meter.take()
    assert len(before) >= 3
    assert gone.value.id == "meter-lost"
    assert_named(gone.value)
    with pytest.raises(Unavailable):
        meter.mark("too-late")
    with pytest.raises(Unavailable) as missing:
        meter.open()
    assert_named(missing.value)

    subject.world.replug()
    meter.open()
    meter.start()
    clock.sleep(1.0)
    assert len(readings(meter.take())) >= 3


@pytest.mark.parametrize("text", ["", "Idle 1", "é", "a" * 25, "a\nb"])
def test_what_cannot_be_a_mark_is_refused(meter, text):
    meter.open()
    meter.start()

    with pytest.raises(ValueError, match="no mark"):
        meter.mark(text)


def test_closed_means_closed(meter):
    meter.open()
    meter.start()
    meter.close()
    meter.close()

    for act in (meter.start, meter.take, lambda: meter.mark("a")):
        with pytest.raises(Unavailable) as refused:
            act()
        assert_named(refused.value)
