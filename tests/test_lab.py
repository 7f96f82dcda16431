"""The lab on a fake meter, in virtual time: a whole measurement takes no time at all."""

import json
from dataclasses import replace

import pytest

from kit.core.calibration import Calibration
from kit.core.energy import Phase, faults
from kit.core.errors import BadInput, Cancelled, Unavailable
from kit.core.measurement import CLASSROOM, FULL, Plan
from kit.core.measurement_log import OpenBlock
from kit.core.types import MachineState, Mark, MeterLabel, Reading
from kit.devices.meter_fake import FakeMeter
from kit.lab import Calibrations, Lab, replay
from kit.messages import MESSAGES
from tests.support.clock import VirtualClock

IDLE_W, BUSY_W, UNIT_S = 2.5, 5.1, 0.04
TRUE_GROSS_MJ = BUSY_W * 1000 * UNIT_S
TRUE_MARGINAL_MJ = (BUSY_W - IDLE_W) * 1000 * UNIT_S


class Bench:
    """A kit on a bench: its clock, its meter, its lab, and what may happen to it."""

    def __init__(self, folder, **meter):
        self.clock = VirtualClock()
        self.meter = FakeMeter(now=self.clock.monotonic_s, **meter)
        self.state = MachineState("ondemand", 50.0, 0, 0.0)
        self.lab = Lab(folder, clock=self.clock, look=lambda: self.state)
        self.readings_while_timing = 0

    def walk(self):
        self.meter.draw(BUSY_W)
        self.clock.sleep(UNIT_S)
        self.meter.draw(IDLE_W)
        return {"invoke": UNIT_S * 1000 - 1, "head": 1.0}

    def at(self, seconds, action):
        """Let something happen once, so many seconds from now."""

        def once():
            end()
            action()

        end = self.clock.every(seconds, once)

    def measure(self, plan=FULL, **more):
        return self.lab.measure(self.walk, plan, meter=self.meter, **more)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_measurement_finds_the_energy_that_was_drawn(bench):
    bench.meter.drift(30)  # it warms up by 30 mW a minute

    found, _ = bench.measure(about={"board": "a bench"})

    energy = found.energy
    assert energy.label is MeterLabel.INPUT
    assert energy.pairs == 6
    assert energy.marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.005)
    assert energy.marginal_mj.low < TRUE_MARGINAL_MJ < energy.marginal_mj.high
    # Gross includes what the board draws more by being warm: some 60 mW on average.
    assert energy.gross_mj.value == pytest.approx(TRUE_GROSS_MJ, rel=0.03)
    assert found.stages["total"].median_ms == pytest.approx(40.0)
    assert found.warm_up >= 20
    assert found.ended == "done"


def test_idle_comes_first_as_often_as_last(bench):
    _, path = bench.measure()

    told = [json.loads(line) for line in path.read_text().splitlines()]
    order = [(one["block"]["pair"], one["block"]["phase"]) for one in told if "block" in one]

    firsts = [phase for pair, phase in order[::2]]
    assert firsts == ["idle", "active"] * 3


def test_a_replay_gives_the_same_figures_to_the_last_digit(bench):
    found, path = bench.measure(
        about={"board": "a bench", "threads": 1}, closing=lambda: {"peak_memory_mb": 90.1}
    )

    again = replay(path)

    assert again.to_json() == found.to_json()
    assert again.to_json()["before"]["governor"] == again.to_json()["after"]["governor"]
    assert again.to_json()["board"] == "a bench"
    assert again.to_json()["peak_memory_mb"] == 90.1


def test_times_are_taken_while_no_meter_reads(bench):
    started_at = []
    start = bench.meter.start
    bench.meter.start = lambda: (started_at.append(bench.clock.monotonic_s()), start())
    runs = []
    walk = bench.walk
    bench.walk = lambda: (runs.append(bench.clock.monotonic_s()), walk())[1]

    found, _ = bench.measure()

    before = [at for at in runs if at < started_at[0]]
    assert len(before) == found.warm_up + found.stages["total"].n


def test_the_classroom_ends_within_a_minute(bench):
    began_s = bench.clock.monotonic_s()

    found, _ = bench.measure(CLASSROOM)

    assert bench.clock.monotonic_s() - began_s <= 60
    assert found.energy.pairs >= 5
    assert found.energy.marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.02)
    assert found.plan.name == "classroom"


def test_a_slow_board_ends_within_a_minute_too(bench, monkeypatch):
    monkeypatch.setattr("tests.test_lab.UNIT_S", 0.6)
    began_s = bench.clock.monotonic_s()

    found, _ = bench.measure(CLASSROOM)

    assert bench.clock.monotonic_s() - began_s <= 62
    assert found.energy.pairs >= 3


def test_without_a_meter_there_are_times_and_no_joules(bench):
    found, _ = bench.lab.measure(bench.walk)

    assert found.energy is None
    assert found.to_json()["energy"] == {"source": "none"}
    assert found.stages["total"].n == 300


def test_work_without_stages_is_timed_as_a_whole(bench):
    def train():
        bench.meter.draw(BUSY_W)
        bench.clock.sleep(1.003)  # not a whole number of readings
        bench.meter.draw(IDLE_W)
        return {}

    found, _ = bench.lab.measure(train, meter=bench.meter, unit="training")

    assert found.unit == "training"
    assert found.stages["work"].median_ms == pytest.approx(1003)
    assert found.energy.marginal_mj.value == pytest.approx(2600 * 1.003, rel=0.005)


def test_a_pair_with_a_fault_is_named_and_taken_again(bench):
    bench.at(70, lambda: setattr(bench, "state", replace(bench.state, throttled=0x50005)))
    bench.at(100, lambda: setattr(bench, "state", replace(bench.state, throttled=0x50000)))

    found, _ = bench.measure()

    assert found.energy.pairs == 6
    assert {one.id for one in found.energy.rejected} == {"lab-throttled"}
    assert found.energy.marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.005)


def test_a_meter_unplugged_and_plugged_in_again_goes_on_by_itself(bench):
    bench.at(60, bench.meter.unplug)
    bench.at(75, bench.meter.replug)

    found, _ = bench.measure()

    assert found.energy.pairs == 6
    assert "lab-meter-lost" in {one.id for one in found.energy.rejected}
    assert found.energy.marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.005)


def test_a_meter_that_stays_away_leaves_the_times_and_says_why(bench):
    bench.at(60, bench.meter.unplug)

    found, _ = bench.measure()

    assert found.stages["total"].n == 300
    assert found.energy.marginal_mj is None
    assert "lab-meter-lost" in {one.id for one in found.energy.rejected}


def test_a_meter_whose_clock_starts_anew_costs_one_pair(bench):
    bench.at(60, bench.meter.restart)

    found, _ = bench.measure()

    assert {one.id for one in found.energy.rejected} == {"lab-clock-jumped"}
    assert found.energy.pairs == 6


def test_a_meter_at_its_limit_gives_no_figure(tmp_path):
    bench = Bench(tmp_path, full_scale_w=4.0)

    found, _ = bench.measure()

    assert (found.energy.pairs, found.energy.gross_mj) == (0, None)
    assert {one.id for one in found.energy.rejected} == {"lab-saturated"}
    assert all(one.phase is Phase.ACTIVE for one in found.energy.rejected)


def test_an_idle_that_is_not_idle_is_thrown_out(bench, tmp_path):
    def look():
        busy_s = bench.clock.monotonic_s() * 1.0  # something keeps one processor busy all along
        return replace(bench.state, busy_s=busy_s)

    lab = Lab(tmp_path, clock=bench.clock, look=look)

    found, _ = lab.measure(bench.walk, meter=bench.meter)

    assert found.energy.pairs == 0
    assert {(one.id, one.phase) for one in found.energy.rejected} == {
        ("lab-idle-not-idle", Phase.IDLE)
    }


def test_an_estimate_does_not_see_what_others_do_so_their_work_is_no_fault(tmp_path):
    bench = Bench(tmp_path, label=MeterLabel.ESTIMATED)
    lab = Lab(
        tmp_path,
        clock=bench.clock,
        look=lambda: replace(bench.state, busy_s=bench.clock.monotonic_s()),
    )

    found, _ = lab.measure(bench.walk, meter=bench.meter)

    assert (found.energy.pairs, found.energy.rejected) == (6, ())


def test_a_governor_that_changes_is_noticed_even_between_blocks(bench):
    bench.at(60, lambda: setattr(bench, "state", replace(bench.state, governor="powersave")))

    found, _ = bench.measure()

    assert found.energy.pairs < 3
    assert {one.id for one in found.energy.rejected} == {"lab-governor-changed"}


def test_a_measurement_can_be_stopped_and_its_log_says_so(bench, tmp_path):
    fractions = []

    def progress(fraction):
        fractions.append(fraction)
        if fraction > 0.5:
            raise Cancelled("job-cancelled", "asked to stop")

    with pytest.raises(Cancelled):
        bench.measure(progress=progress)

    assert fractions == sorted(fractions)
    [path] = (tmp_path / "measurements").glob("*.jsonl")
    stopped = replay(path)
    assert stopped.ended == "stopped"
    assert stopped.energy.pairs == 3
    with pytest.raises(Unavailable):  # the meter was let go
        bench.meter.take()


def test_logs_are_numbered_on(bench, tmp_path):
    quick = Plan("quick", pairs=0, runs=10)

    paths = [bench.lab.measure(bench.walk, quick)[1].name for _ in range(3)]

    assert paths == ["00001.jsonl", "00002.jsonl", "00003.jsonl"]


def test_a_folder_that_cannot_be_written_is_said(bench, tmp_path):
    (tmp_path / "measurements").write_text("a file where a folder should be")

    with pytest.raises(Unavailable) as refused:
        bench.measure()

    assert refused.value.id == "data-folder-not-writable"


# --- the raw log ---


def test_a_log_cut_by_a_power_cut_gives_what_was_finished(bench, tmp_path):
    whole, path = bench.measure()
    lines = path.read_text().splitlines()
    ends = [number for number, one in enumerate(lines) if one.startswith('{"done"')]
    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join([*lines[: ends[7] + 5], lines[ends[7] + 5][:7]]))

    found = replay(cut)

    assert found.ended is None
    assert found.energy.pairs == 4
    assert found.stages == whole.stages


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "measurement-not-one"),
        ("hello\n", "measurement-not-one"),
        ('{"header":{"format":"something-else","version":1}}\n', "measurement-not-one"),
        ('{"header":{"format":"mallette-measurement","version":2}}\n', "measurement-newer"),
        ('{"header":{"format":"mallette-measurement","version":1}}\n', "measurement-damaged"),
        ('{"r":[1,2]}\n', "measurement-not-one"),
    ],
)
def test_what_is_no_log_is_refused_in_words(tmp_path, text, id):
    (tmp_path / "log").write_text(text)

    with pytest.raises(BadInput) as refused:
        replay(tmp_path / "log")

    assert refused.value.id == id
    assert MESSAGES[id].format(**refused.value.values)


@pytest.mark.parametrize("broken", ['{"r":[1.0]}', '{"r":["x",1]}', "{", '{"done":{}}', "[1]"])
def test_a_line_broken_in_the_middle_is_named(bench, tmp_path, broken):
    _, path = bench.measure(Plan("quick", pairs=2, block_s=5.0, runs=10))
    lines = path.read_text().splitlines()
    at = next(n for n, one in enumerate(lines) if one.startswith('{"block"')) + 3
    (tmp_path / "broken").write_text("\n".join([*lines[:at], broken, *lines[at:]]))

    with pytest.raises(BadInput) as refused:
        replay(tmp_path / "broken")

    assert refused.value.id == "measurement-damaged"
    assert refused.value.values == {"line": at + 1}


def test_a_clock_that_went_back_shows_in_the_readings_even_where_the_marks_look_right():
    block = OpenBlock(Phase.IDLE, 1, MachineState())
    block.events += [Reading(2.99, 2500.0), Mark(3.0, "idle-1-begin")]
    block.events += [Reading(2.999, 2500.0)]  # late in the pipe: of the time before
    block.events += [Reading(3.0 + tick / 10, 2500.0) for tick in range(60)]
    block.events += [Reading(tick / 10, 2500.0) for tick in range(140)]  # it was started anew
    block.events += [Mark(14.0, "idle-1-end")]

    done = block.done({"seconds": 20.0, "units": 0, "state": {}, "lost": None})

    assert len(done.at_s) == 60 + 140 - 5  # five of the new ones look like late ones
    assert [one.id for one in faults(done, trim_s=2.0, rate_hz=10.0)] == ["lab-clock-jumped"]


def test_bytes_that_are_no_text_are_no_log(tmp_path):
    (tmp_path / "log").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadInput, match="utf-8"):
        replay(tmp_path / "log")


def test_keys_of_a_later_kit_are_passed_over(bench, tmp_path):
    found, path = bench.measure(Plan("quick", pairs=4, block_s=5.0, runs=10))
    more = path.read_text().replace('"pairs":4', '"pairs":4,"colour":"red"')
    (tmp_path / "more").write_text(more + '{"note":"of a later kit"}\n')

    assert replay(tmp_path / "more").energy == found.energy


# --- calibrations ---

LINE = Calibration(1.1, 500.0, ((1000.0, 1600.0), (2000.0, 2700.0)), "wall meter")


def test_a_calibration_is_kept_for_each_meter_and_can_be_forgotten(tmp_path):
    kept = Calibrations(tmp_path)
    assert kept.of("pmic") is None

    kept.keep("pmic", LINE)

    assert Calibrations(tmp_path).of("pmic") == LINE
    assert kept.of("hwmon:hwmon2") is None
    kept.keep("pmic", None)
    assert kept.of("pmic") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"pmic": {"gain": "much"}}', '{"pmic": 3}'])
def test_a_damaged_calibration_is_refused_aloud_and_can_be_made_anew(tmp_path, text):
    kept = Calibrations(tmp_path)
    kept.keep("rapl", LINE)
    (tmp_path / "measurements" / "calibrations.json").write_text(text)

    with pytest.raises(BadInput) as refused:
        kept.of("pmic")
    assert refused.value.id == "calibration-damaged"

    kept.keep("pmic", LINE)
    assert kept.of("pmic") == LINE


def test_an_applied_calibration_is_in_the_log_and_shown(bench):
    found, path = bench.measure(calibration=LINE)

    assert found.energy.calibration == LINE
    assert found.energy.marginal_mj.value == pytest.approx(1.1 * TRUE_MARGINAL_MJ, rel=0.005)
    assert replay(path).to_json()["energy"]["calibration"]["against"] == "wall meter"
