"""The kit's end of the Pico's cable, with anybody at the other end. Needs no MicroPython.

`tests/firmware/` has the real firmware there.
"""

import os
import select
import threading
import tty

import pytest

from kit.core.errors import Unavailable
from kit.core.types import Mark, Reading
from kit.devices.meter_pico import PicoMeter, find_pico
from kit.devices.pico_check import check_firmware
from kit.devices.pico_lines import LineReader, frame
from kit.devices.serial_port import UsbPort
from kit.messages import MESSAGES

HELLO = (
    "HELLO mallette-power-meter protocol=1 firmware=1.0.0 board=e660 wrap_us=1073741824 "
    "shunt_uohm=100000 chip=ina219 address=64 averages=16 shunt_us=8510 bus_us=532 "
    "shunt_lsb_nv=10000 bus_lsb_uv=4000 full_scale=32000"
)


class SomethingPluggedIn(threading.Thread):
    """Whatever is at the far end: says what it is told to, hears what it is asked.

    Args:
        answers: command -> what it says to it; "{token}" is replaced.
    """

    def __init__(self, answers: dict[str, bytes | str]) -> None:
        super().__init__(daemon=True)
        self._answers = answers
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)
        self._end_seen, self._end = os.pipe()
        self.start()

    def say(self, data: bytes | str) -> None:
        os.write(self._far, frame(data) if isinstance(data, str) else data)

    def run(self) -> None:
        lines = LineReader()
        while True:
            ready, _, _ = select.select([self._far, self._end_seen], [], [])
            if self._end_seen in ready:
                return
            for text in lines.feed(os.read(self._far, 4096)):
                command, _, rest = text.partition(" ")
                answer = self._answers.get(command)
                if isinstance(answer, str):
                    self.say(answer.replace("{token}", rest))
                elif answer is not None:
                    self.say(answer)

    def unplug(self) -> None:
        if self._end:
            os.write(self._end, b".")
            self.join()
            for descriptor in (self._far, self._near, self._end_seen, self._end):
                os.close(descriptor)
            self._end = None


class QuickTime:
    """A clock that does not keep people waiting: each second of patience takes 10 ms."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._real = threading.Event()

    def monotonic_s(self) -> float:
        return self._now_s

    wall_s = monotonic_s

    def sleep(self, seconds: float) -> None:
        self._now_s += seconds
        self._real.wait(seconds / 100 + 0.001)


GOOD = {
    "HELLO": HELLO + " token={token}",
    "START": "OK START",
    "STOP": "OK STOP",
    "TEST": "STATUS self_test=ok lost=0",
    "SET": "OK SET",
}


@pytest.fixture
def plug_in():
    plugged = []

    def plug(**answers) -> SomethingPluggedIn:
        plugged.append(SomethingPluggedIn({**GOOD, **answers}))
        return plugged[-1]

    yield plug
    for something in plugged:
        something.unplug()


@pytest.fixture
def meter_at():
    meters = []

    def make(path, find=lambda: ()) -> PicoMeter:
        meters.append(PicoMeter(path, find=find, clock=QuickTime(), rest_s=0))
        return meters[-1]

    yield make
    for meter in meters:
        meter.close()


@pytest.fixture
def measuring(plug_in, meter_at):
    something = plug_in()
    meter = meter_at(something.path)
    meter.open()
    meter.start()
    something.say("R 0 100 5000 1250 -")  # the first one reaches back to before the start
    return something, meter


def events_until(meter, good) -> list[Reading | Mark]:
    """What it hands over until there is enough."""
    events = []
    while not good(events):
        events += meter.take()
    return events


def trouble_of(meter) -> tuple[list[Reading | Mark], Unavailable]:
    """What it hands over before it gives up, and why it does."""
    events = []
    with pytest.raises(Unavailable) as trouble:
        while True:
            events += meter.take()
    return events, trouble.value


def refusal_of(meter) -> Unavailable:
    with pytest.raises(Unavailable) as refusal:
        meter.open()
    assert MESSAGES[refusal.value.id].format(**refusal.value.values)
    return refusal.value


def test_names_are_of_the_ports_that_usb_knows():
    ports = (UsbPort("/dev/ttyACM0", "e660"), UsbPort("/dev/ttyACM3", "e661"))

    assert find_pico(lambda: ports) == ("pico:/dev/ttyACM0", "pico:/dev/ttyACM3")


@pytest.mark.parametrize(
    ("hello", "id"),
    [
        (None, "meter-firmware-none"),
        (b">>> !HELLO\r\nSyntaxError: invalid syntax\r\n>>> ", "meter-firmware-none"),
        ("HELLO weather-station protocol=1 token={token}", "meter-firmware-none"),
        (HELLO.replace("protocol=1", "protocol=2") + " token={token}", "meter-firmware-wrong"),
        (HELLO.replace("wrap_us", "wrap") + " token={token}", "meter-format"),
        (HELLO + " token=somebody-else's", "meter-firmware-none"),
    ],
)
def test_what_is_no_meter_of_ours_is_refused_in_words(plug_in, meter_at, hello, id):
    something = plug_in(HELLO=hello)

    assert refusal_of(meter_at(something.path)).id == id


def test_a_refused_port_is_let_go(plug_in, meter_at):
    something = plug_in(HELLO=None)
    refusal_of(meter_at(something.path))

    assert refusal_of(meter_at(something.path)).id == "meter-firmware-none"  # and not busy


def test_noise_between_two_lines_costs_nothing(measuring):
    something, meter = measuring

    something.say("R 1 10000 5000 1250 -")
    something.say(b"\x00\xffrubbish!R 2 20")
    something.say("MARK 15000 idle-1-begin")
    something.say("R 2 20000 5000 1250 -")
    events = events_until(meter, lambda events: len(events) == 3)

    assert [type(event) for event in events] == [Reading, Mark, Reading]
    assert events[0].power_mw == pytest.approx(2500)
    assert meter.lost_readings == 0


def test_a_damaged_reading_is_counted_as_lost(measuring):
    something, meter = measuring

    something.say("R 1 10000 5000 1250 -")
    something.say(frame("R 2 20000 5000 1250 -").replace(b"5000", b"9000"))
    something.say("R 3 30000 5000 1250 -")
    events_until(meter, lambda events: len(events) == 2)

    assert meter.lost_readings == 1


def test_sequence_numbers_that_wrap_lose_nothing(measuring):
    something, meter = measuring

    something.say("R 65535 10000 5000 1250 -")
    events_until(meter, lambda events: len(events) == 1)
    before = meter.lost_readings
    something.say("R 0 20000 5000 1250 -")
    events_until(meter, lambda events: len(events) == 1)

    assert meter.lost_readings == before


def test_nothing_but_noise_is_named(measuring):
    something, meter = measuring

    something.say(b"garbage\n" * 60)
    events, trouble = trouble_of(meter)

    assert events == []
    assert (trouble.id, trouble.values) == ("meter-format", {"line": "garbage"})


def test_a_line_of_another_form_is_named(measuring):
    something, meter = measuring

    something.say("R 1 10000 5000 1250 -")
    something.say("R 2 twenty 5000 1250 -")
    events, trouble = trouble_of(meter)

    assert len(events) == 1
    assert trouble.id == "meter-format"


def test_a_silent_meter_is_lost(measuring):
    _, meter = measuring
    events_until(meter, lambda events: meter._sequence == 0)

    meter._clock.sleep(4)
    _, trouble = trouble_of(meter)

    assert trouble.id == "meter-lost"


def test_unplugged_mid_block_and_plugged_in_elsewhere(plug_in, meter_at):
    first = plug_in()
    ports = [UsbPort(first.path, "e660")]
    meter = meter_at(first.path, find=lambda: tuple(ports))
    meter.open()
    meter.start()
    first.say("R 0 100 5000 1250 -")
    first.say("R 1 10000 5000 1250 -")
    first.say("MARK 11000 idle-1-end")
    events = events_until(meter, lambda events: len(events) == 1)

    second = plug_in()  # so that the system gives it another name
    first.unplug()
    more, trouble = trouble_of(meter)
    ports[:] = [UsbPort("/dev/another", "e661"), UsbPort(second.path, "e660")]
    meter.open()
    meter.start()
    second.say("R 0 5 5000 1250 -")
    second.say("R 1 9000 5000 1250 -")

    assert [*events, *more][-1] == Mark(0.011, "idle-1-end")
    assert trouble.id == "meter-lost"
    assert len(events_until(meter, lambda events: len(events) == 1)) == 1
    assert second.path != first.path


def test_flash_check_finds_every_pico_and_says_how_each_fares(plug_in):
    right, stranger = plug_in(), plug_in(HELLO=None)
    older = plug_in(HELLO=HELLO.replace("firmware=1.0.0", "firmware=0.9.12") + " token={token}")
    faulty = plug_in(TEST="STATUS self_test=product")
    somethings = (right, stranger, older, faulty)

    found = check_firmware(
        find=lambda: tuple(UsbPort(one.path, "") for one in somethings), clock=QuickTime()
    )

    assert [(one.right, one.id) for one in found] == [
        (True, "meter-firmware-right"),
        (False, "meter-firmware-none"),
        (True, "meter-firmware-older"),
        (False, "meter-test-failed"),
    ]
    for one in found:
        assert MESSAGES[one.id].format(**one.values)


def test_flash_check_stores_a_shunt_first(plug_in):
    something = plug_in(SET="NO SET not-stored")

    (found,) = check_firmware(something.path, store_ohms=0.01, find=lambda: (), clock=QuickTime())

    assert not found.right
    assert "not-stored" in found.reason


def test_no_pico_no_finding():
    assert check_firmware(find=lambda: ()) == []
