"""The self-test on this and other machines: what is there, what is not, and who may ask."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kit.booking import Booking
from kit.core.errors import Conflict, NotAllowed, Unavailable
from kit.core.types import Actor, MeterInfo, MeterLabel, Role
from kit.devices.health import Health, Speed, Wear
from kit.doctor import Doctor
from kit.engine.trial import Trial
from kit.findings import State
from kit.messages import MESSAGES
from kit.self_test import SelfTest
from kit.settings import Settings
from tests.support.small import HandClock

TEACHER, LOCAL, OWL = Actor(Role.TEACHER), Actor(Role.LOCAL), Actor(Role.GROUP, "owl")
PI_SAYS = {"get_throttled": "throttled=0x0"}


@dataclass
class Machine:
    """A machine that says what a test lets it say; None is what it does not tell."""

    celsius: float | None = None
    bits: int | None = None
    radios: dict[str, str] | None = None
    battery: bool = False
    speeds: Speed | OSError = field(default_factory=lambda: Speed(20.0, 12.0))
    age: Wear = field(default_factory=lambda: Wear(None, None))

    def temperature_c(self):
        return self.celsius

    def throttled(self):
        return self.bits

    def wifi(self):
        return self.radios

    def has_battery_clock(self):
        return self.battery

    def speed(self, folder):
        if isinstance(self.speeds, OSError):
            raise self.speeds
        return self.speeds

    def wear(self, folder):
        return self.age


def doctor(folder, machine=None, clock=None, **parts):
    return Doctor(
        Settings(data=folder, port=0),
        model=lambda place: Trial("abc", "ai-edge-litert 2.3.0", 2.0),
        cameras=lambda: (["usb:/dev/video0"], []),
        microphones=lambda: (["alsa"], []),
        machine=(machine or Machine(), clock or HandClock()),
        **parts,
    )


def found(folder, machine, part, **more):
    [finding] = [one for one in doctor(folder, machine, **more).examine() if one.part == part]
    assert finding.id in MESSAGES
    return finding.id, finding.state


@pytest.mark.parametrize(
    ("machine", "part", "id", "state"),
    [
        (Machine(), "temperature", "doctor-temperature-unknown", State.ABSENT),
        (Machine(celsius=51.5), "temperature", "doctor-temperature-good", State.GOOD),
        (Machine(celsius=84.0), "temperature", "doctor-temperature-hot", State.WARNING),
        (Machine(celsius=50, bits=1 << 18), "temperature", "doctor-temperature-slowed", "warning"),
        (Machine(), "power", "doctor-power-unknown", State.ABSENT),
        (Machine(bits=0), "power", "doctor-power-good", State.GOOD),
        (Machine(bits=0x50000), "power", "doctor-power-was-low", State.WARNING),
        (Machine(bits=0x50005), "power", "doctor-power-low", State.WARNING),
        (Machine(), "wifi", "doctor-wifi-none", State.ABSENT),
        (Machine(radios={"wlan0": "blocked"}), "wifi", "doctor-wifi-off", State.GOOD),
        (Machine(radios={"wlan0": "up"}), "wifi", "doctor-wifi-on", State.GOOD),
        (Machine(), "speed", "doctor-storage-good", State.GOOD),
        (Machine(speeds=Speed(0.8, 20)), "speed", "doctor-storage-slow", State.WARNING),
        (Machine(speeds=Speed(20, 400)), "speed", "doctor-storage-slow", State.WARNING),
        (Machine(speeds=OSError(30, "Read-only")), "speed", "doctor-cannot-tell", State.WARNING),
        (Machine(), "wear", "doctor-wear-unknown", State.ABSENT),
        (Machine(age=Wear(None, 12.5)), "wear", "doctor-wear-written", State.ABSENT),
        (Machine(age=Wear(30, None)), "wear", "doctor-wear-good", State.GOOD),
        (Machine(age=Wear(90, None)), "wear", "doctor-wear-old", State.WARNING),
        (Machine(), "clock", "doctor-clock-no-battery", State.GOOD),
        (Machine(battery=True), "clock", "doctor-clock-good", State.GOOD),
    ],
)
def test_what_a_machine_says_or_does_not_say_is_said(tmp_path, machine, part, id, state):
    assert found(tmp_path, machine, part) == (id, state)


def test_a_clock_in_1970_is_a_note(tmp_path):
    clock = HandClock(wall_s=3600.0)
    assert found(tmp_path, Machine(), "clock", clock=clock) == (
        "doctor-clock-not-set",
        State.WARNING,
    )


def test_a_meter_that_only_estimates_is_absent(tmp_path):
    def estimate():
        return MeterInfo("estimate", MeterLabel.ESTIMATED, 5.0)

    def pico():
        return MeterInfo("pico", MeterLabel.INPUT, 50.0)

    def none():
        raise Unavailable("meter-missing", "nothing is plugged in")

    assert found(tmp_path, None, "meter", meter=estimate) == ("doctor-meter-none", State.ABSENT)
    assert found(tmp_path, None, "meter", meter=pico) == ("doctor-meter-good", State.GOOD)
    assert found(tmp_path, None, "meter", meter=none) == ("meter-missing", State.ABSENT)


def test_a_server_does_not_ask_for_its_own_port(tmp_path):
    parts = {finding.part for finding in doctor(tmp_path, serving=True).examine()}

    assert "port" not in parts


# --- where Linux and the firmware say it ---


def tell(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def silent(command):
    raise FileNotFoundError(command[0])


def test_a_pi_is_read_where_it_speaks(tmp_path):
    tell(tmp_path, "sys/class/thermal/thermal_zone0/temp", "48712\n")
    tell(tmp_path, "sys/class/net/wlan0/operstate", "up\n")
    tell(tmp_path, "sys/class/net/wlan0/phy80211/rfkill0/soft", "0\n")
    tell(tmp_path, "sys/class/net/eth0/operstate", "down\n")
    health = Health(tmp_path, lambda command: PI_SAYS[command[1]].replace("0x0", "0x50000"))

    assert health.temperature_c() == pytest.approx(48.712)
    assert health.throttled() == 0x50000
    assert health.wifi() == {"wlan0": "up"}
    assert not health.has_battery_clock()


def test_a_blocked_radio_and_a_pi_5s_empty_clock(tmp_path):
    tell(tmp_path, "sys/class/net/wlan0/operstate", "down\n")
    tell(tmp_path, "sys/class/net/wlan0/phy80211/rfkill1/soft", "1\n")
    tell(tmp_path, "sys/class/rtc/rtc0/battery_voltage", "0\n")
    health = Health(tmp_path, silent)

    assert health.wifi() == {"wlan0": "blocked"}
    assert not health.has_battery_clock()
    tell(tmp_path, "sys/class/rtc/rtc0/battery_voltage", "3012000\n")
    assert health.has_battery_clock()


def test_a_machine_that_says_nothing_says_nothing(tmp_path):
    health = Health(tmp_path, silent)

    assert health.temperature_c() is None
    assert health.throttled() is None
    assert health.wifi() is None
    assert health.wear(tmp_path) == Wear(None, None)


def test_an_emmc_tells_its_wear_and_ext4_what_was_written(tmp_path):
    import os

    number = os.stat(tmp_path).st_dev
    block = f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    device = tmp_path / "sys/devices/mmc/block/mmcblk0/mmcblk0p3"
    device.mkdir(parents=True)
    (tmp_path / block).parent.mkdir(parents=True)
    (tmp_path / block).symlink_to(device)
    tell(tmp_path, "sys/devices/mmc/block/mmcblk0/device/life_time", "0x02 0x03\n")
    tell(tmp_path, "sys/fs/ext4/mmcblk0p3/lifetime_write_kbytes", "12500000\n")

    assert Health(tmp_path, silent).wear(tmp_path) == Wear(30, 12.5)


def test_speed_is_measured_and_leaves_nothing(tmp_path):
    speed = Health().speed(tmp_path)

    assert speed.write_mb_s > 0
    assert speed.sync_ms > 0
    assert list(tmp_path.iterdir()) == []


# --- who may ask ---


@pytest.fixture
def self_test(tmp_path):
    return SelfTest(doctor(tmp_path), lambda: {"name": "kit"}, HandClock(), Booking())


def test_a_teacher_asks_and_the_report_is_remembered(self_test):
    assert self_test.last(TEACHER) is None

    report = self_test.examine(LOCAL)

    assert report.is_good
    assert self_test.last(TEACHER) is report


def test_a_group_may_neither_ask_nor_look(self_test):
    for verb in (self_test.last, self_test.examine):
        with pytest.raises(NotAllowed) as refused:
            verb(OWL)
        assert refused.value.id == "teachers-only"


def test_one_at_a_time_and_not_while_the_lab_measures(tmp_path):
    begun, go_on, booking = threading.Event(), threading.Event(), Booking()

    class SlowMachine(Machine):
        def temperature_c(self):
            begun.set()
            go_on.wait(10)
            return 40.0

    slow = SelfTest(doctor(tmp_path, SlowMachine()), dict, HandClock(), booking)
    first = threading.Thread(target=slow.examine, args=(LOCAL,))
    first.start()
    begun.wait(10)
    with pytest.raises(Conflict) as busy:
        slow.examine(LOCAL)
    go_on.set()
    first.join()
    assert busy.value.id == "doctor-busy"
    with booking.hold(), pytest.raises(Unavailable) as measuring:
        slow.examine(LOCAL)
    assert measuring.value.id == "kit-measuring"
