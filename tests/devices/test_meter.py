"""Each meter's own bad input, choosing one, and the process that asks."""

import io
import json
import logging
import os
import threading

import pytest

from kit.core.errors import BadInput, Unavailable
from kit.core.types import FULL_SCALE, INCOMPLETE, NEGATIVE, Mark, MeterLabel, Reading
from kit.devices import meter_sampler
from kit.devices.meter import KINDS, Kind, list_meters, open_meter
from kit.devices.meter_base import PolledMeter
from kit.devices.meter_estimate import PER_PROCESSOR, EstimateProbe
from kit.devices.meter_fake import FakeMeter
from kit.devices.meter_hwmon import HwmonProbe, find_hwmon
from kit.devices.meter_pmic import PmicProbe, understand
from kit.devices.meter_rapl import RaplProbe, find_rapl
from tests.support.clock import VirtualClock
from tests.support.meters import PMIC_ANSWER, PMIC_OTHERS_W, Hwmon, ProcStat, Rapl, Vcgencmd

# --- the Pi 5's power chip ---


@pytest.fixture
def vcgencmd(tmp_path):
    return Vcgencmd(tmp_path)


@pytest.fixture
def pmic(vcgencmd):
    return PmicProbe(str(vcgencmd.program))


def test_supplies_are_paired_by_name_and_the_input_is_left_out(pmic, vcgencmd):
    info = pmic.open()

    assert len(info.details["rails"]) == 12
    assert info.details["unpaired"] == ["BATT", "EXT5V"]
    assert info.label is MeterLabel.RAILS
    assert {"meter-blind-usb", "meter-blind-unpaired"} <= {*info.blind_spots}


def test_an_answer_in_another_order_with_another_name_is_understood():
    # As another firmware writes it: alternating, numbered otherwise, 0V8_SYS for 0V8_SW.
    told = understand(
        "0V8_SYS_A current(0)=0.5A\r\n0V8_SYS_V volt(1)=0.8V\r\nEXT5V_V volt(24)=5.1V\r\n"
    )

    assert told.power_mw == pytest.approx({"0V8_SYS": 400.0})
    assert told.unpaired == ("EXT5V",)
    assert told.not_understood == ()


@pytest.mark.parametrize(
    "line",
    [
        "VDD_CORE_A current(7)=1.02900000V",  # the unit of the other kind
        "VDD_CORE_A current(7)=1.029.0A",
        "VDD_CORE_A current(7)=nanA",
        "VDD_CORE_A current(7)=",
        "VDD_CORE_A current(7)=1029mA",
        "VDD_CORE: 1.029 A at 0.72 V",
    ],
)
def test_a_line_of_another_form_is_left_out_and_said(pmic, vcgencmd, line, caplog):
    good = [one for one in PMIC_ANSWER.format(core_a=1).splitlines() if "VDD_CORE_A" not in one]
    vcgencmd.answer("\n".join([*good, line]))

    with caplog.at_level(logging.WARNING):
        info = pmic.open()

    assert info.details["not_understood"] == [line]
    assert info.blind_spots[0] == "meter-blind-line"
    assert line in caplog.text
    assert "VDD_CORE" not in info.details["rails"]


def test_a_supply_that_goes_missing_makes_the_reading_incomplete(pmic, vcgencmd, caplog):
    vcgencmd.draw(2.5)
    pmic.open()
    vcgencmd.answer(PMIC_ANSWER.format(core_a=1).replace("VDD_CORE_A current(7)=", "VDD_CORE_A "))

    power_mw, flags = pmic.read(0.0)

    assert flags == (INCOMPLETE,)
    assert power_mw == pytest.approx(PMIC_OTHERS_W * 1000)
    assert "VDD_CORE" in caplog.text


def test_a_supply_that_comes_later_is_not_added(pmic, vcgencmd):
    pmic.open()
    answer = PMIC_ANSWER.format(core_a=0.0)
    vcgencmd.answer(answer + "NEW_A current(30)=1.0A\nNEW_V volt(31)=5.0V\n")

    power_mw, flags = pmic.read(0.0)

    assert power_mw == pytest.approx(PMIC_OTHERS_W * 1000)
    assert flags == ()


@pytest.mark.parametrize("text", ["", "nothing\n", "EXT5V_V volt(24)=5.1V\n"])
def test_an_answer_with_no_supply_is_no_figure(pmic, vcgencmd, text):
    vcgencmd.answer(text)

    with pytest.raises(Unavailable) as refused:
        pmic.open()

    assert refused.value.id == "meter-format"


def test_a_board_without_the_chip_says_so(pmic, vcgencmd):
    vcgencmd.answer('error=1 error_msg="Command not registered"\n')

    with pytest.raises(Unavailable, match="Command not registered") as refused:
        pmic.open()

    assert refused.value.id == "meter-missing"


# --- INA2xx through hwmon ---


def hwmon(world, **more):
    probe = HwmonProbe(world.device, root=str(world.root), **more)
    return probe, probe.open()


def test_only_meters_are_found_among_the_sensors(tmp_path):
    Hwmon(tmp_path)

    assert find_hwmon(str(tmp_path)) == ("hwmon:hwmon2",)
    assert find_hwmon(str(tmp_path / "nowhere")) == ()


def test_a_meters_data_sheet_is_shown(tmp_path):
    _, info = hwmon(Hwmon(tmp_path, chip="ina219", shunt_uohm=100_000))

    assert info.resolution_mw == pytest.approx(4.08)  # 80 uV in 0.1 ohm at 5.1 V
    assert info.details["full_scale_a"] == 3.2
    assert info.details["chip"] == "ina219"
    assert info.gain_error == 0.02


def test_a_reading_at_full_scale_is_flagged(tmp_path):
    world = Hwmon(tmp_path, shunt_uohm=100_000)  # an INA226 with 0.1 ohm clips at 0.82 A
    probe, info = hwmon(world)
    assert info.details["full_scale_a"] == 0.819

    world.draw(0.819 * 5.1)
    assert probe.read(0.0)[1] == (FULL_SCALE,)
    world.draw(0.75 * 5.1)
    assert probe.read(0.0)[1] == ()


def test_a_current_that_runs_backwards_is_negative_power(tmp_path):
    world = Hwmon(tmp_path)
    probe, _ = hwmon(world)
    world.draw(-2.0)

    power_mw, flags = probe.read(0.0)

    assert (power_mw, flags) == (pytest.approx(-2000, rel=0.01), (NEGATIVE,))


def test_another_shunt_than_the_driver_believes_scales_readings(tmp_path):
    world = Hwmon(tmp_path)
    world.draw(2.0)

    probe, info = hwmon(world, shunt_ohms=0.002)

    assert probe.read(0.0)[0] == pytest.approx(20_000)
    assert (info.details["shunt_ohms"], info.details["shunt_from"]) == (0.002, "setting")


@pytest.mark.parametrize("ohms", [0.0, -0.1, 100.0])
def test_no_shunt_has_such_a_value(tmp_path, ohms):
    with pytest.raises(BadInput) as refused:
        hwmon(Hwmon(tmp_path), shunt_ohms=ohms)

    assert refused.value.id == "meter-shunt-wrong"


def test_a_file_that_holds_no_number_is_said(tmp_path):
    world = Hwmon(tmp_path)
    probe, _ = hwmon(world)
    world.write(power1_input="N/A")

    with pytest.raises(Unavailable, match="N/A") as refused:
        probe.read(0.0)

    assert refused.value.id == "meter-format"


def test_an_older_kernel_keeps_its_files_one_folder_down(tmp_path):
    world = Hwmon(tmp_path)
    below = world.folder / "device"
    below.mkdir()
    for file in [one for one in world.folder.iterdir() if one.is_file()]:
        file.rename(below / file.name)

    probe, info = hwmon(world)

    assert info.details["chip"] == "ina226"
    assert probe.read(0.0)[0] == pytest.approx(2500)


# --- RAPL ---


def test_counters_wrap_round_without_a_peak(tmp_path):
    clock = VirtualClock()
    world = Rapl(tmp_path, clock)  # half a joule before the end of its range
    probe = RaplProbe(str(tmp_path))
    probe.open()
    world.draw(4.0)

    powers = []
    for _ in range(40):
        clock.sleep(0.1)
        if (found := probe.read(clock.monotonic_s())) is not None:
            powers.append(found[0])

    assert len(powers) == 39
    assert powers == pytest.approx([4000] * 39, rel=0.12)
    assert int((tmp_path / "intel-rapl:0" / "energy_uj").read_text()) < Rapl.RANGE_UJ / 2


def test_a_counter_that_begins_anew_is_no_reading(tmp_path):
    clock = VirtualClock()
    Rapl(tmp_path, clock)
    probe = RaplProbe(str(tmp_path))
    probe.open()
    probe.read(0.0)
    for zone in ("intel-rapl:0", "intel-rapl:0:2"):
        (tmp_path / zone / "energy_uj").write_text("7\n")
    probe.read(0.1)  # that was the wrap of the made counter
    (tmp_path / "intel-rapl:0" / "energy_uj").write_text("3\n")

    assert probe.read(0.2) == (0.0, (INCOMPLETE,))


def test_only_whole_packages_and_memory_are_counted(tmp_path):
    Rapl(tmp_path, VirtualClock())

    info = RaplProbe(str(tmp_path)).open()

    assert info.details["counters"] == ["intel-rapl:0 (package-0)", "intel-rapl:0:2 (dram)"]
    assert find_rapl(str(tmp_path)) == ("rapl",)
    assert find_rapl(str(tmp_path / "nowhere")) == ()


def test_a_counter_that_only_the_administrator_reads_is_said(tmp_path, monkeypatch):
    Rapl(tmp_path, VirtualClock())
    before = meter_sampler.RaplProbe.open.__globals__["Path"].read_text

    def not_this_one(self, *args, **more):  # the tests may run as root, who may read everything
        if self.name == "energy_uj":
            raise PermissionError(13, "Permission denied", str(self))
        return before(self, *args, **more)

    monkeypatch.setattr("pathlib.Path.read_text", not_this_one)

    with pytest.raises(Unavailable) as refused:
        RaplProbe(str(tmp_path)).open()

    assert refused.value.id == "meter-not-allowed"
    assert refused.value.values["file"].endswith("energy_uj")


# --- the estimate ---


def test_an_estimate_shows_its_formula_its_constants_and_their_source(tmp_path):
    world = ProcStat(tmp_path, VirtualClock())

    info = EstimateProbe(str(world.process), str(world.stat), str(world.board)).open()

    assert info.label is MeterLabel.ESTIMATED
    assert (info.details["idle_mw"], info.details["busy_mw"]) == (3000, 6000)
    assert {"formula", "source", "processors", "board"} <= info.details.keys()
    assert "meter-blind-all" in info.blind_spots


@pytest.mark.parametrize(
    ("board", "spot"),
    [
        (None, "meter-not-a-raspberry-pi"),
        ("Some x86 laptop", "meter-not-a-raspberry-pi"),
        ("Raspberry Pi 400 Rev 1.0", "meter-board-unknown"),
    ],
)
def test_a_board_without_figures_says_whose_were_taken(tmp_path, board, spot):
    world = ProcStat(tmp_path, VirtualClock())
    world.board.unlink() if board is None else world.board.write_text(board)

    info = EstimateProbe(str(world.process), str(world.stat), str(world.board)).open()

    assert info.blind_spots[0] == spot
    assert info.details["idle_mw"] == 4 * 740
    assert "Cloud Carbon Footprint" in info.details["source"]


@pytest.mark.parametrize("text", ["", "cpu 1 2\n", "processor time: much\n", "cpu 1 1 1 1 1 1 1\n"])
def test_processor_time_of_another_form_is_refused(tmp_path, text):
    (tmp_path / "stat").write_text(text)

    with pytest.raises(Unavailable) as refused:
        EstimateProbe(stat=str(tmp_path / "stat")).open()

    assert refused.value.id == "meter-missing"


@pytest.mark.parametrize("text", ["", "815 (kit) S 1 2 3\n", "nothing"])
def test_a_programs_time_of_another_form_is_refused(tmp_path, text):
    world = ProcStat(tmp_path, VirtualClock())
    world.process.write_text(text)

    with pytest.raises(Unavailable, match="no processor time"):
        EstimateProbe(str(world.process), str(world.stat), str(world.board)).open()


def test_the_estimate_is_of_this_program_unless_told_otherwise():
    probe = EstimateProbe()
    probe.open()

    probe.read(0.0)
    power_mw, flags = probe.read(1.0)

    assert probe.process == f"/proc/{os.getpid()}/stat"
    assert flags == ()
    assert power_mw >= PER_PROCESSOR.idle_mw


# --- the fake's own ways to go wrong ---


def test_a_fake_clips_drifts_and_starts_its_clock_anew():
    clock = VirtualClock()
    meter = FakeMeter(now=clock.monotonic_s, noise_mw=0, full_scale_w=3.0, rate_hz=10)
    meter.open()
    meter.start()
    meter.drift(600)
    clock.sleep(10)
    meter.draw(5.0)
    clock.sleep(1)
    meter.restart()
    clock.sleep(1)

    found = meter.take()

    assert found[0].power_mw == pytest.approx(2501)
    assert found[98].power_mw == pytest.approx(2599)
    assert (found[105].power_mw, found[105].flags) == (3000, (FULL_SCALE,))
    assert found[-1].at_s == pytest.approx(1.0)
    assert found[100].at_s > 1000


# --- choosing ---


def answering(name):
    return Kind(lambda: (name,), lambda _name, _ohms: FakeMeter())


class Missing(FakeMeter):
    def open(self):
        raise Unavailable("meter-missing", "no such chip")


def missing(name):
    return Kind(lambda: (name,), lambda _name, _ohms: Missing())


def test_auto_takes_the_best_that_answers():
    kinds = {"hwmon": missing("hwmon:h0"), "pmic": answering("pmic"), "estimate": missing("e")}

    meter, info = open_meter("auto", kinds=kinds)

    assert isinstance(meter, FakeMeter)
    assert info.name == "fake"


def test_auto_never_takes_the_fake():
    with pytest.raises(Unavailable, match="no such chip") as refused:
        open_meter("auto", kinds={"pmic": missing("pmic")})

    assert refused.value.id == "meter-missing"
    assert "fake" not in KINDS


@pytest.mark.parametrize(
    ("name", "id"),
    [("none", "meter-none"), ("wattmeter", "meter-unknown"), ("hwmon:hwmon99", "meter-missing")],
)
def test_a_meter_that_is_not_there_is_named(name, id):
    with pytest.raises((Unavailable, BadInput)) as refused:
        open_meter(name)

    assert refused.value.id == id


def test_the_list_says_why_a_meter_does_not_answer():
    found = list_meters({"pmic": missing("pmic"), "estimate": answering("estimate")})

    assert [(one.name, one.info is None) for one in found] == [("pmic", True), ("estimate", False)]
    assert found[0].refusal.id == "meter-missing"


def test_the_fake_is_opened_by_name_only():
    meter, info = open_meter("fake")

    assert info.blind_spots == ("meter-blind-fake",)
    assert info.label is MeterLabel.ESTIMATED  # nobody measured what it makes up
    meter.close()


# --- the process that asks ---


@pytest.fixture
def world(tmp_path):
    return Hwmon(tmp_path)


@pytest.fixture
def asked(world):
    meter = PolledMeter(HwmonProbe(world.device, root=str(world.root)))
    meter.open()
    yield meter
    meter.close()


def collect(meter, n):
    """Take until n readings came; the process asks at its own pace, in real time."""
    events, pause = [], threading.Event()
    for _ in range(1000):
        events += meter.take()
        if sum(isinstance(event, Reading) for event in events) >= n:
            return events
        pause.wait(0.01)
    raise AssertionError(f"only {events} in ten seconds")


def test_a_process_of_its_own_asks_and_ends_when_nobody_listens(world, asked):
    asked.start()
    process = asked._sampler._process
    asked.mark("here")

    events = collect(asked, 4)
    world.draw(5.1)
    collect(asked, 3)
    later = collect(asked, 3)

    [mark] = [event for event in events if isinstance(event, Mark)]
    assert mark.text == "here"
    assert later[-1].power_mw == pytest.approx(5100)
    asked.close()
    assert process.returncode == 0


def test_what_the_process_met_is_told(world, asked):
    asked.start()
    collect(asked, 2)
    world.unplug()

    with pytest.raises(Unavailable) as gone:
        collect(asked, 10_000)

    assert gone.value.id == "meter-lost"
    assert "hwmon2" in str(gone.value)


def test_a_meter_that_is_gone_at_the_start_is_told_at_the_start(world, asked):
    world.unplug()

    with pytest.raises(Unavailable) as refused:
        asked.start()

    assert refused.value.id == "meter-missing"


def test_slow_answers_do_not_slow_the_beat(tmp_path):
    clock = VirtualClock(0.0)
    waits, out = [], io.StringIO()

    class Slow:
        def open(self):
            pass

        def read(self, now_s):
            clock.sleep(0.023)  # as long as a Pi 5's power chip takes
            return 2500.0, ()

    def wait(seconds):
        waits.append(seconds)
        clock.sleep(seconds)
        return len(waits) == 5

    meter_sampler.run(Slow(), 5.0, out, wait, clock.monotonic_s)

    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert told[0] == ["ready"]
    times = [one[1] for one in told[1:]]
    assert times == pytest.approx([0.0115, 0.2115, 0.4115, 0.6115, 0.8115])


def test_the_process_ends_when_its_pipe_breaks():
    class Broken(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    meter_sampler.run(FakeMeter(), 5.0, Broken(), lambda seconds: False)
