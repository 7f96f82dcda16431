"""The real firmware on a board that is not there, at the end of a real pseudo-terminal."""

import itertools

import pytest

from kit.core.errors import Unavailable
from kit.core.ports import Meter
from kit.core.types import FULL_SCALE, NEGATIVE, Mark, MeterLabel, Reading
from kit.devices.meter_pico import PicoMeter
from kit.devices.pico_check import check_firmware
from tests.firmware.pico import BoardTime

CHIPS = ["ina219@64", "ina226@69"]
IDLE_MA = 500


def meter_of(pico, **options) -> PicoMeter:
    return PicoMeter(pico.path, find=lambda: (), clock=BoardTime(pico), rest_s=0, **options)


@pytest.fixture
def started(plug_in):
    """started(chips, **making) -> (pico, meter), measuring a load that idles."""
    meters = []

    def start(chips="ina219@64", shunt_ohms=None, **making) -> tuple:
        pico = plug_in(chips, **making)
        meter = meter_of(pico, shunt_ohms=shunt_ohms)
        meters.append(meter)
        pico.draw(IDLE_MA)
        pico.run(0.1)
        meter.open()
        meter.start()
        return pico, meter

    yield start
    for meter in meters:
        meter.close()


def heard(pico, meter, word="now") -> list[Reading | Mark]:
    """Everything up to a mark that is made now."""
    meter.mark(word)
    pico.hear()
    events = []
    while not any(isinstance(event, Mark) and event.text == word for event in events):
        BoardTime(pico).sleep(0.01)
        events += meter.take()
    return events


def readings(events) -> list[Reading]:
    return [event for event in events if isinstance(event, Reading)]


@pytest.mark.parametrize("chips", CHIPS)
def test_the_sensor_is_recognised_wherever_it_sits(plug_in, chips):
    pico = plug_in(chips)
    meter: Meter = meter_of(pico)

    info = meter.open()
    meter.close()

    assert info.details["chip"] == chips[:6]
    assert info.label is MeterLabel.INPUT
    assert info.rate_hz > 100


@pytest.mark.parametrize("chips", CHIPS)
@pytest.mark.parametrize("slow", [0.9, 1.0, 1.1])
def test_a_hundred_readings_a_second_and_none_lost(started, chips, slow):
    pico, meter = started(chips, slow=slow)

    pico.run(0.5)  # it finds the chip's own beat
    heard(pico, meter, "begin")
    pico.run(5)
    events = heard(pico, meter, "end")

    times = [event.at_s for event in readings(events)]
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert len(times) >= 500
    assert meter.lost_readings == 0
    assert max(gaps) < 0.00904 * slow + 0.0005
    assert readings(events)[0].power_mw == pytest.approx(0.5 * (5100 - 0.15 * 500), rel=0.002)


def test_marks_stand_between_the_readings_at_their_time(started):
    pico, meter = started()
    heard(pico, meter, "settle")

    pico.draw(1000)
    meter.mark("work-begin")
    pico.hear()
    pico.run(0.5)
    events = heard(pico, meter, "work-end")

    begin, end = (event.at_s for event in events if isinstance(event, Mark))
    powers = [
        event.power_mw for event in readings(events) if begin + 0.01 < event.at_s < end - 0.01
    ]
    before = [event.power_mw for event in readings(events) if event.at_s < begin - 0.01]
    assert end - begin == pytest.approx(0.5, abs=0.02)
    assert min(powers) > 4900 > 2600 > max(before, default=0)


def test_a_clock_that_wraps_while_measuring(started):
    pico, meter = started(clock_us=(1 << 30) - 2_000_000)

    heard(pico, meter, "begin")
    pico.run(5)
    events = heard(pico, meter, "end")

    times = [event.at_s for event in readings(events)]
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(5, abs=0.1)
    assert meter.lost_readings == 0


def test_at_its_limit_it_says_so_in_the_readings_and_with_its_light(started):
    pico, meter = started("ina226@64")
    heard(pico, meter, "begin")

    pico.draw(900)  # 90 mV over 0.1 ohm: the INA226 ends at 81.92
    pico.run(0.2)
    events = heard(pico, meter, "end")

    assert FULL_SCALE in readings(events)[-1].flags
    flashes = pico.times_light_went_on()
    pico.run(2.8)
    assert pico.times_light_went_on() - flashes in (3, 4, 5)  # of groups of four


def test_a_shunt_the_wrong_way_round_reads_negative(started):
    pico, meter = started()

    pico.draw(-300)
    pico.run(0.1)
    last = readings(heard(pico, meter))[-1]

    assert last.power_mw < -1000
    assert last.flags == (NEGATIVE,)


def test_another_shunt_is_stored_and_outlives_the_plug(plug_in):
    pico = plug_in(shunt_ohm=0.01)
    meter = meter_of(pico)
    meter.open()
    meter.store_shunt(0.01)
    meter.close()
    pico.unplug()

    pico = plug_in(shunt_ohm=0.01)
    pico.draw(1000)
    meter = meter_of(pico)
    info = meter.open()
    meter.start()
    pico.run(0.1)
    last = readings(heard(pico, meter))[-1]
    meter.close()

    assert info.details["shunt_ohms"] == 0.01
    assert last.power_mw == pytest.approx(4950, rel=0.01)


@pytest.mark.parametrize("ohms", [0.0001, 5])
def test_what_can_be_no_shunt_is_not_stored(plug_in, ohms):
    meter = meter_of(plug_in())
    meter.open()

    with pytest.raises(Unavailable, match="not-a-shunt"):
        meter.store_shunt(ohms)

    assert meter.open().details["shunt_ohms_stored"] == 0.1
    meter.close()


def test_a_shunt_given_for_once_is_not_stored(started):
    pico, meter = started(shunt_ohms=0.2)

    last = readings(heard(pico, meter))[-1]

    assert last.power_mw == pytest.approx(1256, rel=0.01)
    assert meter.open().details == meter.open().details | {
        "shunt_ohms": 0.2,
        "shunt_ohms_stored": 0.1,
    }


@pytest.mark.parametrize(
    ("chips", "id", "flashes"),
    [("", "meter-sensor-missing", 2), ("ina219@64 ina226@65", "meter-sensor-two", 3)],
)
def test_no_sensor_or_too_many(plug_in, chips, id, flashes):
    pico = plug_in(chips)

    with pytest.raises(Unavailable) as refusal:
        meter_of(pico).open()

    assert refusal.value.id == id
    before = pico.times_light_went_on()
    pico.run(10 * (flashes * 0.4 + 1.2))
    assert pico.times_light_went_on() - before == pytest.approx(10 * flashes, abs=1)


def test_a_sensor_pulled_out_mid_block_ends_the_block_and_comes_back(started):
    pico, meter = started()
    pico.run(0.2)

    pico.pull_sensor()
    events = []
    with pytest.raises(Unavailable) as lost:
        while True:
            BoardTime(pico).sleep(0.05)
            events += meter.take()

    assert readings(events)
    assert lost.value.id == "meter-lost"
    with pytest.raises(Unavailable, match="no-sensor"):
        meter.open()
    pico.push_sensor()
    pico.run(1)
    meter.open()
    meter.start()
    assert readings(heard(pico, meter))


def test_a_sensor_that_lost_its_supply_for_a_moment_is_set_again(started):
    pico, meter = started("ina226@64")
    heard(pico, meter, "begin")

    pico.brown_out()
    pico.run(3)
    heard(pico, meter, "mended")
    pico.run(1)
    events = heard(pico, meter, "end")

    times = [event.at_s for event in readings(events)]
    rate = (len(times) - 1) / (times[-1] - times[0])
    assert rate == pytest.approx(110.8, rel=0.02)  # as set, and not as after power-on


def test_a_computer_that_does_not_listen_loses_readings_and_no_marks(started):
    pico, meter = started()
    heard(pico, meter, "begin")

    pico.computer_listens(False)
    pico.run(0.1)
    meter.mark("early")
    pico.hear()
    pico.run(20)  # twice what the ring holds
    meter.mark("late")
    pico.hear()
    pico.run(0.1)
    pico.computer_listens(True)
    pico.run(0.5)
    events = heard(pico, meter, "end")

    assert [event.text for event in events if isinstance(event, Mark)] == ["early", "late", "end"]
    assert 900 < meter.lost_readings < 1500


def test_a_host_that_restarts_finds_it_waiting_again(started):
    pico, meter = started()
    pico.run(1)

    another = meter_of(pico)  # the first one is gone without having said stop
    meter._port.close()
    meter._port = None
    info = another.open()
    another.start()
    events = heard(pico, another)
    another.close()

    assert info.details["chip"] == "ina219"
    assert readings(events)[0].at_s > 1


def test_half_a_command_and_noise_do_no_harm(started):
    pico, meter = started()

    for junk in (b"!MARK idle", b"\xff\x03\x00" * 200, b"!SET shunt_uohm=1*0000\n", b"*!\n\n"):
        meter._port.write(junk)
    pico.run(0.1)
    events = heard(pico, meter)

    assert len(readings(events)) > 5


def test_stopped_it_is_silent(started):
    pico, meter = started()
    heard(pico, meter)

    meter.stop()
    meter.stop()
    pico.run(1)

    assert meter._port.take() == b""
    with pytest.raises(Unavailable):
        meter.take()


def test_the_watchdog_is_fed_while_measuring_and_bites_when_the_firmware_hangs(started):
    pico, meter = started()

    pico.run(30)  # it has 4 s
    assert readings(heard(pico, meter))

    pico.hang()
    with pytest.raises(AssertionError, match="the watchdog has bitten"):
        pico.run(5)
    pico.unplug()


def test_unplugged_mid_block_what_came_before_is_handed_over(started, plug_in):
    pico, meter = started()
    heard(pico, meter)
    pico.run(1)

    pico.unplug()
    events = []
    with pytest.raises(Unavailable) as lost:
        while True:
            events += meter.take()

    assert len(readings(events)) > 90
    assert lost.value.id == "meter-lost"
    with pytest.raises(Unavailable):
        meter.mark("too-late")
    meter.stop()
    meter.close()


def test_flash_check_says_that_all_is_well(plug_in):
    pico = plug_in()
    pico.draw(IDLE_MA)

    (found,) = check_firmware(pico.path, find=lambda: (), clock=BoardTime(pico))

    assert (found.right, found.id) == (True, "meter-firmware-right")
    assert found.status["self_test"] == "ok"


@pytest.mark.parametrize(
    ("making", "id"),
    [
        ({"chips": ""}, "meter-sensor-missing"),
        ({"supply_ohm": 20}, "meter-test-no-supply"),  # a supply that gives way: 0.1 V are left
        ({"slow": 1.5}, "meter-test-failed"),
    ],
)
def test_flash_check_names_what_is_wrong(plug_in, making, id):
    pico = plug_in(**making)
    pico.draw(250)

    (found,) = check_firmware(pico.path, find=lambda: (), clock=BoardTime(pico))

    assert (found.right, found.id) == (False, id)


def test_a_self_test_may_take_longer_than_a_word(plug_in, monkeypatch):
    pico = plug_in()
    pico.draw(IDLE_MA)
    meter = PicoMeter(pico.path, find=lambda: (), clock=BoardTime(pico), rest_s=0)
    meter.open()
    monkeypatch.setattr("kit.devices.meter_pico.ANSWER_WITHIN_S", 0.06)  # it takes a tenth

    assert meter.self_test()["self_test"] == "ok"
    meter.close()
