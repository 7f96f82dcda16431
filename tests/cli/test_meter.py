"""`kit meter` and `kit bench` with energy: in virtual time, or from a raw log."""

import argparse
import json

import pytest

from kit.cli import bench, machine, meter
from kit.core.calibration import Calibration
from kit.core.measurement import CLASSROOM
from kit.core.types import FULL_SCALE, MachineState, MeterLabel
from kit.devices.meter_fake import FakeMeter
from kit.i18n import use_language
from kit.lab import Calibrations, Lab
from kit.messages import MESSAGES
from tests.cli.pictures import one_line
from tests.support.clock import VirtualClock


@pytest.fixture
def bench_log(tmp_path):
    """The raw log of a measurement on a fake meter; `label` is what it says of itself."""

    def measured(label=MeterLabel.INPUT, calibration=None, **meter):
        clock = VirtualClock()
        fake = FakeMeter(now=clock.monotonic_s, label=label, **meter)

        def walk():
            fake.draw(5.1)
            clock.sleep(0.04)
            fake.draw(2.5)
            return {"decode": 5.0, "invoke": 35.0}

        lab = Lab(tmp_path, clock=clock, look=lambda: MachineState("ondemand", 51.0, 0, None))
        about = {"board": "a bench", "backbone": "efficientnet-lite0", "input_size": 224}
        about |= {"runtime": "none 1", "peak_memory_mb": 90.0}
        return lab.measure(walk, CLASSROOM, meter=fake, about=about, calibration=calibration)[1]

    return measured


def test_a_replay_prints_energy_with_what_it_rests_on(kit, bench_log):
    log = bench_log()

    done = kit("bench", "--replay", log)

    assert done.returncode == 0, done.stderr
    figures = [line for line in done.stdout.splitlines() if " mJ" in line]
    assert len(figures) == 2
    assert all(line.endswith("(measured at the board's plug)") for line in figures)
    assert "energy above idle: 104 mJ" in done.stdout
    assert "governor: ondemand" in done.stdout
    assert "51 °C" in done.stdout
    assert "fewer" in one_line(done.stderr)

    told = json.loads(kit("bench", "--replay", log, "--json").stdout)
    assert told["energy"]["source"] == "measured-input"
    assert told["energy"]["marginal_mj"]["low"] < 104 < told["energy"]["marginal_mj"]["high"]
    assert told["plan"]["name"] == "classroom"
    assert told["before"]["throttled"] == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "(estimated, not measured)"), ("fr", "(estimé, non mesuré)")],
)
def test_an_estimate_says_so_wherever_a_figure_is_printed(kit, bench_log, language, said):
    done = kit("bench", "--replay", bench_log(MeterLabel.ESTIMATED), language=language)

    figures = [line for line in done.stdout.splitlines() if " mJ" in line or " W" in line]
    assert len(figures) == 3
    assert all(line.endswith(said) for line in figures)


def test_what_was_left_out_is_said_and_no_figure_made_of_it(kit, bench_log):
    done = kit("bench", "--replay", bench_log(full_scale_w=4.0))

    assert "mJ" not in done.stdout
    assert "Only 0 pairs were good" in done.stdout
    assert done.stdout.count("left out: pair") == 6


def test_an_applied_calibration_is_shown(kit, bench_log):
    line = Calibration(1.1, 500.0, ((1000.0, 1600.0),), "the meter of room 12")

    done = kit("bench", "--replay", bench_log(calibration=line))

    assert "calibrated against the meter of room 12: reading × 1.1000 + 500 mW" in done.stdout


def test_a_log_that_breaks_off_says_so(kit, bench_log, tmp_path):
    lines = bench_log().read_text().splitlines()
    (tmp_path / "cut.jsonl").write_text("\n".join(lines[: len(lines) // 2]))

    done = kit("bench", "--replay", tmp_path / "cut.jsonl")

    assert done.returncode == 0
    assert "not finished" in done.stderr


@pytest.mark.parametrize("text", ["", "hello", "{}"])
def test_what_is_no_log_is_one_clear_line(kit, tmp_path, text):
    (tmp_path / "log").write_text(text)

    done = kit("bench", "--replay", tmp_path / "log")

    assert done.returncode == 1
    assert MESSAGES["measurement-not-one"] in one_line(done.stderr)


def options(verb, *arguments):
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    return parser.parse_args([*map(str, arguments)])


@pytest.fixture
def on_a_bench(monkeypatch):
    """The commands in this process, in virtual time, with the fake in the estimate's place."""
    use_language("en")
    clock = VirtualClock()
    fake = FakeMeter(now=clock.monotonic_s, label=MeterLabel.ESTIMATED, noise_mw=1.0)
    monkeypatch.setattr(machine, "MachineClock", lambda: clock)
    monkeypatch.setattr(machine, "look", lambda: MachineState(None, 40.0, None, None))
    monkeypatch.setattr(
        "kit.devices.meter.open_meter", lambda name, shunt=None: (fake, fake.open())
    )

    def workload(backbone):
        def walk():
            fake.draw(5.0)
            clock.sleep(0.05)
            fake.draw(2.0)
            return {"invoke": 50.0}

        return walk

    monkeypatch.setattr(bench, "workload", workload)
    fake.draw(2.0)
    return fake


def test_bench_measures_keeps_its_log_and_prints_json(on_a_bench, tmp_path, capsys):
    assert bench.run(options(bench, "--json", "--quick", "--data", tmp_path)) == 0

    told = capsys.readouterr()
    figures = json.loads(told.out)
    assert figures["energy"]["source"] == "estimated"
    assert figures["energy"]["marginal_mj"]["value"] == pytest.approx(150, rel=0.02)
    assert figures["peak_memory_mb"] > 10
    assert figures["after"]["temperature_c"] == 40.0
    assert {"board", "runtime", "backbone_hash", "threads"} <= figures.keys()
    assert "fewer repetitions" in told.err
    assert (tmp_path / "measurements" / "00001.jsonl").exists()


def test_an_estimate_takes_short_blocks_even_in_full(on_a_bench, tmp_path, capsys):
    found = bench.measure(options(bench, "--data", tmp_path))

    assert (found.plan.name, found.plan.block_s) == ("full", CLASSROOM.block_s)


def test_a_meter_is_read_for_so_many_seconds(on_a_bench, tmp_path, capsys):
    assert meter.run(options(meter, "read", "--seconds", "3", "--data", tmp_path)) == 0

    told = capsys.readouterr().out
    assert told.startswith("2.000 W on average")
    assert "300 readings (estimated, not measured)" in told


def test_a_calibration_is_kept_shown_applied_and_forgotten(on_a_bench, tmp_path, capsys):
    data = ("--data", tmp_path)
    against = ("--watts", "2.2", "--against", "a wall meter")
    assert meter.run(options(meter, "calibrate", *against, *data)) == 0
    on_a_bench.draw(4.0)
    assert meter.run(options(meter, "calibrate", "--watts", "4.8", *data)) == 0
    assert "a wall meter: reading × 1.3000" in capsys.readouterr().out
    kept = Calibrations(tmp_path).of("fake")
    assert (kept.gain, kept.offset_mw) == pytest.approx((1.3, -400), rel=0.01)

    meter.run(options(meter, "read", "--json", *data))
    told = json.loads(capsys.readouterr().out)
    assert told["mean_mw"] == pytest.approx(4800, rel=0.001)
    assert told["calibration"]["against"] == "a wall meter"

    assert meter.run(options(meter, "calibrate", "--forget", *data)) == 0
    assert Calibrations(tmp_path).of("fake") is None


def test_a_meter_that_reads_nothing_cannot_be_compared(on_a_bench, tmp_path):
    on_a_bench.draw(-1.0)

    with pytest.raises(ValueError) as refused:
        meter.run(options(meter, "calibrate", "--watts", "2", "--data", tmp_path))

    assert refused.value.id == "calibration-nothing"


def test_a_reading_at_full_scale_or_backwards_is_said(on_a_bench, tmp_path, capsys):
    on_a_bench._full_scale_w = 1.0
    meter.run(options(meter, "read", "--json", "--data", tmp_path))
    assert json.loads(capsys.readouterr().out)["flags"] == [FULL_SCALE]

    on_a_bench.draw(-1.0)
    meter.run(options(meter, "read", "--data", tmp_path))
    assert "wrong way round" in capsys.readouterr().err


def test_this_machine_lists_at_least_an_estimate_and_what_it_is_made_of(kit):
    done = kit("meter", "list")

    assert done.returncode == 0
    assert "estimate: estimated, not measured" in done.stdout
    assert "power = idle + (busy - idle)" in done.stdout
    assert "constants from:" in done.stdout
    told = json.loads(kit("meter", "list", "--json").stdout)
    assert next(one for one in told if one["name"] == "estimate")["label"] == "estimated"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("meter",), 2),
        (("meter", "read", "--seconds", "0"), 2),
        (("meter", "read", "--seconds", "soon"), 2),
        (("meter", "calibrate"), 2),
        (("meter", "read", "--meter", "none"), 1),
        (("meter", "read", "--meter", "wattmeter"), 1),
        (("meter", "read", "--meter", "hwmon:hwmon99"), 1),
        (("bench", "--meter", "hwmon:hwmon99"), 1),
    ],
)
def test_wrong_usage_and_missing_meters(kit, arguments, status):
    done = kit(*arguments)

    assert done.returncode == status
    assert "Traceback" not in done.stderr
