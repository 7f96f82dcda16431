"""Experiments in virtual time: what pupils measure, and that nothing half-true is kept."""

import csv
import io
import json
import time
from itertools import count

import pytest

from kit.booking import Booking
from kit.core.errors import BadInput, Conflict, NotAllowed, NotFound
from kit.core.heads import SoftmaxRegression
from kit.core.measurement import CLASSROOM
from kit.core.types import Actor, Frame, JobState, Kind, MeterLabel, Role
from kit.experiments import HEADS, SUBJECTS, Experiments
from kit.experiments.eyes import Eyes
from tests.studio.test_gestures import ROUND, WIDE
from tests.support.house import House
from tests.support.lab import BUSY_W, IDLE_W, MS_AT, BenchTable
from tests.support.small import BLUE, HIGH, LOW, RED, HandPrint, SmallEar, jpeg, picture, wav
from tests.support.waiting import wait_until

WHOLE_AT_224 = {"backbone_hash": "c0" * 32, "input_size": 224, "cut": "embedding"}
GROUP, OWL = Actor(Role.GROUP, "squirrel"), Actor(Role.GROUP, "owl")
TEACHER = Actor(Role.TEACHER)


class Lesson:
    """A house with a lab, and one project that was shown two labels twice."""

    def __init__(self, folder, **meter):
        self.table = BenchTable(**meter)
        self.house = House(folder)
        self.told = []
        self.booking = Booking(self.told.append)
        self.lab = self.with_bench(self.table.bench())
        self.house.store.add_space("squirrel")
        self.house.store.add_space("owl")
        self.project = self.house.library.create(GROUP, "Our pebbles").id
        studio = self.house.library.open(GROUP, self.project)
        for name, colour in (("red", RED), ("blue", BLUE)):
            label = studio.add_label(GROUP, name)
            for burst in ("one", "two"):
                pictures = [(f"{n}.jpg", jpeg(colour)) for n in range(4)]
                studio.add_files(GROUP, label.id, pictures, burst=f"{name}-{burst}")

    def with_bench(self, bench):
        house = self.house
        return Experiments(
            house.library, house.store, house.jobs, house.events, self.booking, bench
        )

    def measure(self, subject="answer-224", mode="classroom"):
        job = self.lab.start(TEACHER, self.project, subject, mode)
        return self.house.jobs.wait(job.id)

    def results(self):
        return self.lab.results(GROUP, self.project)

    @property
    def folder(self):
        return self.house.store.lab_folder(self.project)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    lesson = Lesson(tmp_path / "data")

    class Slow(SoftmaxRegression):
        """Teaching takes time and power, as on a board."""

        def fit(self, *taught):
            lesson.table.work(0.05)
            return super().fit(*taught)

    monkeypatch.setitem(HEADS, SoftmaxRegression.name, Slow)
    yield lesson
    lesson.house.close()


def test_an_answer_is_measured_and_checked_at_its_size(lesson):
    job = lesson.measure("answer-160")

    assert job.state is JobState.DONE
    [row] = lesson.results()["results"]
    assert (row["subject"], row["input_size"], row["label"]) == (
        "answer-160", 160, "measured-input",
    )  # fmt: skip
    assert row["latency"]["median_ms"] == pytest.approx(MS_AT[160], abs=0.01)
    true_mj = (BUSY_W - IDLE_W) * MS_AT[160]
    assert row["energy"]["marginal_mj"]["value"] == pytest.approx(true_mj, rel=0.02)
    assert (row["accuracy"]["right"], row["accuracy"]["n"], row["accuracy"]["bursts"]) == (
        16,
        16,
        4,
    )
    assert row["accuracy"]["low"] < 1.0  # sixteen pictures prove little


def test_the_classroom_ends_within_a_minute_and_says_that_it_is_shorter(lesson):
    began_s = lesson.table.clock.monotonic_s()

    lesson.measure("answer-224")

    assert lesson.table.clock.monotonic_s() - began_s <= 60
    [row] = lesson.results()["results"]
    assert row["plan"] == CLASSROOM.name != "full"
    assert row["pairs"] >= 5


def test_what_does_not_fit_in_a_minute_is_refused_and_leaves_nothing(lesson, monkeypatch):
    monkeypatch.setitem(MS_AT, 96, 2000.0)
    began_s = lesson.table.clock.monotonic_s()

    job = lesson.measure("answer-96")

    assert (job.state, job.error["id"]) == (JobState.FAILED, "lab-too-long")
    assert lesson.table.clock.monotonic_s() - began_s <= 60
    assert lesson.results()["results"] == []


def test_a_training_and_nothing_at_all_can_be_measured(lesson):
    lesson.measure("training")
    lesson.measure("nothing")

    nothing, training = lesson.results()["results"]
    assert (training["unit"], training["accuracy"]["n"]) == ("training", 16)
    assert nothing["unit"] == "pause"
    # A meter that found energy here would find it anywhere.
    assert nothing["energy"]["marginal_mj"]["low"] <= 0 <= nothing["energy"]["marginal_mj"]["high"]


def test_while_it_runs_the_kit_is_booked_and_every_page_may_hear_it(lesson):
    held = []
    lesson.table.clock.every(10, lambda: held.append(lesson.booking.is_held))

    lesson.measure()

    assert held
    assert all(held)
    assert lesson.told == [True, False]
    assert not lesson.booking.is_held


def test_a_page_that_comes_meanwhile_hears_that_the_kit_is_booked(lesson):
    with lesson.booking.hold():
        box = lesson.house.library.open(OWL, lesson.house.library.create(OWL, "x").id)
        box = box.subscribe(OWL)
        lesson.lab.greet("another", box)
        kinds = {box.next(0).kind, box.next(0).kind}
    box.close()

    assert kinds == {"state", "booking"}


def test_the_pages_see_the_power_with_its_marks_and_pairs(lesson):
    box = lesson.house.library.open(GROUP, lesson.project).subscribe(GROUP)

    lesson.measure()

    seen = {}
    while (event := box.next(0)) is not None:
        seen[event.kind] = event.data
    box.close()
    power = seen["power"]
    assert power["label"] == MeterLabel.INPUT
    assert len(power["at_s"]) == len(power["power_mw"]) <= 300
    assert power["marks"]
    last = power["pairs"][0]
    assert last["idle_mw"] == pytest.approx(IDLE_W * 1000, rel=0.02)
    assert last["active_mw"] == pytest.approx(BUSY_W * 1000, rel=0.03)


def test_stopped_half_way_nothing_of_it_is_kept(lesson):
    lesson.measure("answer-224")
    stopped = []

    def stop():
        if not stopped:
            stopped.append(lesson.lab.stop(GROUP, lesson.project))

    lesson.table.clock.every(25, stop)
    lesson.lab.bet(GROUP, lesson.project, "answer-160", ms=30, mj=None, accuracy=None)
    job = lesson.measure("answer-160")

    assert job.state is JobState.CANCELLED
    found = lesson.results()
    assert [row["subject"] for row in found["results"]] == ["answer-224"]
    assert "answer-160" in found["bets"]  # it still waits for its answer
    assert len(list(lesson.folder.rglob("*.jsonl"))) == 1
    assert lesson.told[-1] is False


def test_a_meter_that_goes_away_leaves_the_times_and_says_why(lesson):
    lesson.table.clock.every(20, lesson.table.meter.unplug)

    job = lesson.measure()

    assert job.state is JobState.DONE
    [row] = lesson.results()["results"]
    assert row["energy"] is None
    assert "lab-meter-lost" in {one["id"] for one in row["rejected"]}
    assert row["latency"]["n"] >= 10


def test_a_meter_pulled_out_as_a_block_ends_is_told_to_the_pages(lesson, monkeypatch):
    meter = lesson.table.meter
    mark = meter.mark

    def pulled_after(text):
        mark(text)
        if text == "active-1-end":
            meter.unplug()

    monkeypatch.setattr(meter, "mark", pulled_after)
    box = lesson.house.library.open(GROUP, lesson.project).subscribe(GROUP)

    lesson.measure()

    told = {}
    while (event := box.next(0)) is not None:
        told[event.kind] = event.data
    box.close()
    assert told["power"]["lost"]  # though readings were shown a moment before


def test_with_no_meter_there_are_times_and_no_joules(lesson):
    lesson.table.has_meter = False

    lesson.measure()

    [row] = lesson.results()["results"]
    assert (row["label"], row["energy"], row["meter"]) == ("none", None, None)
    assert lesson.results()["front_by"] == "time"
    assert lesson.lab.meters(GROUP, again=True).refusal.id == "meter-missing"


def test_an_estimate_stays_an_estimate(tmp_path):
    lesson = Lesson(tmp_path / "data", label=MeterLabel.ESTIMATED)

    lesson.measure(mode="full")

    [row] = lesson.results()["results"]
    assert row["label"] == "estimated"
    assert (
        lesson.lab.energy_of(lesson.project, WHOLE_AT_224, "softmax-regression")["label"]
        == "estimated"
    )
    lesson.house.close()


def test_the_front_is_made_of_the_newest_points(lesson):
    for subject in ("answer-224", "answer-128", "answer-96", "answer-224"):
        lesson.measure(subject)

    found = lesson.results()
    assert found["front_by"] == "energy"
    assert [row["subject"] for row in found["results"] if row["newest"]] == [
        "answer-224", "answer-96", "answer-128",
    ]  # fmt: skip
    on_front = {row["subject"] for row in found["results"] if row["on_front"]}
    assert "answer-128" in on_front  # as right as 224 for a third of its cost
    assert "answer-224" not in on_front


def test_figures_that_rest_on_different_ground_are_not_ranked(lesson):
    lesson.measure("answer-224")
    lesson.table.meter._label = MeterLabel.ESTIMATED
    lesson.measure("answer-160")

    found = lesson.results()

    assert (found["front_by"], found["refusal"]) == (None, "lab-not-ranked")
    assert not any(row["on_front"] for row in found["results"])


def test_a_bet_is_shown_beside_what_came_out(lesson):
    lesson.lab.bet(GROUP, lesson.project, "answer-224", ms=10, mj=50, accuracy=0.9)

    lesson.measure("answer-224")

    [row] = lesson.results()["results"]
    assert row["bet"] == {"ms": 10, "mj": 50, "accuracy": 0.9}
    assert lesson.results()["bets"] == {}
    with pytest.raises(BadInput):
        lesson.lab.bet(GROUP, lesson.project, "answer-224", ms=-1, mj=None, accuracy=None)


def test_only_the_teacher_starts_and_nobody_sees_anothers_lab(lesson):
    with pytest.raises(NotAllowed) as refused:
        lesson.lab.start(GROUP, lesson.project, "answer-224", "classroom")
    assert refused.value.id == "lab-teacher-starts"
    for verb in (lesson.lab.results, lesson.lab.as_csv, lesson.lab.stop, lesson.lab.job):
        with pytest.raises(NotFound):
            verb(OWL, lesson.project)
    with pytest.raises(NotFound):
        lesson.lab.start(TEACHER, lesson.project, "answer-7", "classroom")
    with pytest.raises(BadInput):
        lesson.lab.start(TEACHER, lesson.project, "answer-224", "forever")


def test_two_labels_are_needed(lesson):
    empty = lesson.house.library.create(GROUP, "Nothing yet").id

    with pytest.raises(Conflict) as refused:
        lesson.lab.start(TEACHER, empty, "answer-224", "classroom")

    assert refused.value.id == "need-two-labels"
    assert lesson.lab.results(GROUP, empty)["results"] == []


def test_the_table_opens_in_a_spreadsheet(lesson):
    lesson.lab.bet(GROUP, lesson.project, "answer-224", ms=10, mj=None, accuracy=None)
    lesson.measure("answer-224")

    [row] = csv.DictReader(io.StringIO(lesson.lab.as_csv(GROUP, lesson.project)))

    assert row["rests_on"] == "measured-input"
    assert float(row["above_idle_mj"]) == pytest.approx((BUSY_W - IDLE_W) * 40, rel=0.02)
    assert (row["right"], row["checked"], row["bet_ms"], row["bet_mj"]) == ("16", "16", "10", "")


def test_a_result_is_computed_from_its_log_again_after_a_restart(lesson):
    lesson.measure("answer-224")
    before = lesson.results()

    again = lesson.with_bench(lesson.table.bench())

    assert again.results(GROUP, lesson.project) == before
    kept = json.loads((lesson.folder / "results.json").read_text())
    assert "energy" not in kept["results"][0]  # nothing that could disagree with the log
    next(lesson.folder.rglob("*.jsonl")).write_text("not a log")
    assert lesson.with_bench(lesson.table.bench()).results(GROUP, lesson.project)["results"] == []


def test_measurements_go_with_the_project_and_with_the_class(lesson):
    lesson.measure("answer-224")
    other = lesson.house.library.duplicate(GROUP, lesson.project).id
    folder = lesson.folder
    assert not lesson.house.store.lab_folder(other).exists()

    lesson.house.library.remove(GROUP, lesson.project)
    assert not folder.exists()

    lesson.project = other
    lesson.measure("answer-224")
    assert lesson.folder.is_dir()
    lesson.house.library.forget_everything()
    assert not lesson.folder.parent.exists()


def test_a_network_that_ends_early_is_a_point_of_its_own(lesson):
    lesson.measure("answer-224")
    lesson.measure("answer-224-block-9")

    cut, whole = lesson.results()["results"]
    assert (cut["cut"], whole["cut"]) == ("block-9", None)
    assert cut["latency"]["median_ms"] == pytest.approx(MS_AT[224] / 2, abs=0.01)
    assert cut["accuracy"]["n"] == 16
    assert (cut["on_front"], whole["on_front"]) == (True, False)  # as right, for half
    assert (
        lesson.lab.energy_of(lesson.project, WHOLE_AT_224, "softmax-regression")["id"]
        == whole["id"]
    )


def test_all_processors_are_compared_with_one_and_stay_off_the_dial(lesson):
    lesson.measure("answer-224-processors")

    [row] = lesson.results()["results"]
    assert (row["threads"], row["on_front"]) == (4, False)
    assert lesson.results()["front_by"] is None


def test_with_one_processor_there_is_nothing_to_compare(lesson):
    lesson.lab = lesson.with_bench(lesson.table.bench(describe=lambda: {"processors": 1}))

    job = lesson.measure("answer-224-processors")

    assert job.error["id"] == "lab-one-processor"
    offered = {subject.id for subject in lesson.lab.subjects(GROUP, lesson.project)}
    for_pictures = {id for id, subject in SUBJECTS.items() if Kind.IMAGE in subject.kinds}
    assert offered == for_pictures - {"answer-224-processors"}


def test_live_answers_are_counted_by_the_second(lesson):
    lesson.measure("live")

    [row] = lesson.results()["results"]
    assert row["unit"] == "second"
    assert row["live"] == {"answers_per_s": 10.0, "camera": False}
    true_mj = 10 * (BUSY_W - IDLE_W) * MS_AT[224]
    assert row["energy"]["marginal_mj"]["value"] == pytest.approx(true_mj, rel=0.03)


def test_live_answers_are_given_to_the_camera_where_there_is_one(lesson):
    class Camera:
        """Five pictures a second, in the lesson's time."""

        def newest(self, after=-1, timeout_s=1.0):
            clock = lesson.table.clock
            if after >= 0:
                clock.sleep((after + 1) / 5 - clock.monotonic_s())
            now_s = clock.monotonic_s()
            return Frame(picture(BLUE), now_s, int(now_s * 5 + 1e-6))

        def preview(self, after=-1, timeout_s=1.0):
            return None

    lesson.lab = lesson.with_bench(lesson.table.bench(feed=Camera()))
    lesson.measure("live")

    [row] = lesson.results()["results"]
    assert row["live"]["camera"]
    assert row["live"]["answers_per_s"] == pytest.approx(5, abs=1)


def test_a_picture_of_a_burst_is_kept_at_a_bursts_pace_and_leaves_nothing(lesson):
    lesson.measure("burst")

    [row] = lesson.results()["results"]
    assert row["unit"] == "picture"
    true_mj = (BUSY_W - IDLE_W) * MS_AT[224]
    assert row["energy"]["marginal_mj"]["value"] == pytest.approx(true_mj, rel=0.05)
    assert not (lesson.folder / "scratch").exists()
    assert len(lesson.house.store.samples(lesson.project)) == 16


def test_what_reading_the_meter_costs_is_measured_with_it(lesson):
    began_s = lesson.table.clock.monotonic_s()

    lesson.measure("nothing")

    assert lesson.table.clock.monotonic_s() - began_s <= 60
    [row] = lesson.results()["results"]
    assert row["pairs"] >= 3
    assert row["sampler"]["pairs"] == 6
    # This meter costs nothing; on a real one the figure is its own.
    assert row["sampler"]["low"] <= 1 <= row["sampler"]["high"]


def test_the_check_learns_from_the_views_that_training_learns_from(lesson):
    lesson.measure("answer-160")

    runner = lesson.table.bench().runner(160, cut="embedding", threads=1)
    eyes = Eyes(lesson.house.store, lesson.project, runner)
    assert [len(eyes.kept(view)[0]) for view in (0, 1)] == [16, 16]


def test_a_trainings_energy_is_there_for_the_passport(lesson):
    lesson.measure("training")

    asked = lesson.project, WHOLE_AT_224, "softmax-regression"
    assert lesson.lab.energy_of(*asked, "training")["unit"] == "training"
    assert lesson.lab.energy_of(*asked) is None


# --- sounds and gestures ---


def shown(lesson, kind, files_of):
    """Another project, of this kind, shown two labels twice."""
    lesson.project = lesson.house.library.create(GROUP, "Another", kind=kind).id
    studio = lesson.house.library.open(GROUP, lesson.project)
    for name in files_of:
        label = studio.add_label(GROUP, name)
        for burst in ("one", "two"):
            files = [(f"{n}", next(files_of[name])) for n in range(4)]
            assert not studio.add_files(GROUP, label.id, files, burst=f"{name}-{burst}").refused
    return studio


def slowed(lesson, monkeypatch, where, name):
    """As on a board, this takes its time and its watts."""
    real = getattr(where, name)

    def slow(*given, **named):
        lesson.table.work(0.02)
        return real(*given, **named)

    monkeypatch.setattr(where, name, slow)


def greens(colour):
    """Hands that differ a little."""
    red, green, blue = colour
    return (jpeg((red + n, green, blue)) for n in count())


@pytest.fixture
def notes(lesson, monkeypatch):
    slowed(lesson, monkeypatch, SmallEar, "embed")
    slowed(lesson, monkeypatch, SoftmaxRegression, "fit")
    return shown(lesson, Kind.SOUND, {"low": map(wav, count(LOW)), "high": map(wav, count(HIGH))})


@pytest.fixture
def signs(lesson, monkeypatch):
    slowed(lesson, monkeypatch, HandPrint, "find")
    slowed(lesson, monkeypatch, SoftmaxRegression, "fit")
    return shown(lesson, Kind.GESTURE, {"wide": greens(WIDE), "round": greens(ROUND)})


def test_an_answer_to_a_sound_is_measured_and_its_joules_stand_in_the_passport(lesson, notes):
    ids = [subject.id for subject in lesson.lab.subjects(GROUP, lesson.project)]
    assert ids == ["answer", "teaching", "nothing"]
    assert lesson.measure("teaching").state is JobState.DONE
    assert lesson.measure("answer").state is JobState.DONE

    answer, teaching = lesson.results()["results"]
    assert (answer["unit"], answer["input_size"], teaching["unit"]) == (
        "inference", None, "training",
    )  # fmt: skip
    assert answer["accuracy"]["n"] == 16
    assert answer["latency"]["n"] >= 10 and answer["energy"]
    assert lesson.results()["front_by"] is None  # one size, so no dial
    network = notes._embedder()
    assert lesson.lab.energy_of(lesson.project, network, "softmax-regression")["id"] == answer["id"]
    other = network | {"backbone_hash": "of sounds, not of words"}
    assert lesson.lab.energy_of(lesson.project, other, "softmax-regression") is None


def test_an_answer_to_a_sign_begins_with_the_hand_that_the_camera_sees(lesson, signs):
    lesson.lab = lesson.with_bench(lesson.table.bench(feed=lesson.house.feed))
    refused = lesson.measure("answer")
    assert refused.error["id"] == "lab-show-a-hand"
    assert lesson.results()["results"] == []

    lesson.house.feed.hold_up(WIDE, seconds=30)
    job = lesson.measure("answer")

    assert job.state is JobState.DONE
    [row] = lesson.results()["results"]
    assert row["accuracy"]["n"] and row["latency"]["n"] >= 10


def test_a_training_on_signs_needs_no_camera(lesson, signs):
    assert lesson.measure("teaching").state is JobState.DONE


def test_what_belongs_to_pictures_is_refused_elsewhere(lesson, notes):
    with pytest.raises(Conflict) as refused:
        lesson.measure("answer-224")

    assert refused.value.id == "lab-another-kind"


# --- the live line ---


@pytest.fixture
def looked_at(lesson, monkeypatch):
    """The line that a lab page is shown, its meter on the real clock."""
    monkeypatch.setattr("kit.experiments.watch.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("kit.experiments.watch.TRY_AGAIN_S", 0.02)
    lesson.table.meter._now = time.monotonic
    lesson.busy = set()
    lesson.lab = Experiments(
        lesson.house.library,
        lesson.house.store,
        lesson.house.jobs,
        lesson.house.events,
        lesson.booking,
        lesson.table.bench(),
        busy_with=lambda: set(lesson.busy),
    )
    box = lesson.house.library.open(GROUP, lesson.project).subscribe(GROUP)

    def line(wanted):
        until_s = time.monotonic() + 5
        while time.monotonic() < until_s:
            event = box.next(0.1)
            if event is not None and event.kind == "power" and wanted(event.data):
                return event.data
        raise AssertionError("no such line was shown")

    yield lesson, line
    lesson.lab.close()
    box.close()


def test_whoever_looks_at_the_lab_sees_the_power_with_what_the_kit_does(looked_at):
    lesson, line = looked_at
    leave = lesson.lab.look_at_power(GROUP, lesson.project)
    line(lambda power: power["power_mw"])

    lesson.busy = {"train"}
    line(lambda power: any(text == "train-begin" for _, text in power["marks"]))
    lesson.busy = set()
    power = line(lambda power: any(text == "train-end" for _, text in power["marks"]))

    assert (power["phase"], power["pairs"]) == (None, [])
    leave()
    leave()
    wait_until(lambda: not lesson.table.meter._is_open)  # nobody looks: the meter rests


def test_a_measurement_takes_the_meter_over_and_gives_it_back(looked_at):
    lesson, line = looked_at
    lesson.lab.look_at_power(GROUP, lesson.project)
    line(lambda power: power["power_mw"])
    lesson.table.meter._now = lesson.table.clock.monotonic_s

    job = lesson.measure("answer-96")

    assert job.state is JobState.DONE
    assert lesson.results()["results"][0]["pairs"] >= 5
    line(lambda power: not power["pairs"])  # the live line again


def test_a_meter_pulled_out_while_somebody_looks_comes_back(looked_at):
    lesson, line = looked_at
    lesson.lab.look_at_power(GROUP, lesson.project)
    line(lambda power: power["power_mw"])

    lesson.table.meter.unplug()
    line(lambda power: power["lost"])
    lesson.table.meter.replug()

    line(lambda power: not power["lost"])


def test_a_page_may_leave_after_the_lab_has_closed(looked_at):
    lesson, line = looked_at
    leave = lesson.lab.look_at_power(GROUP, lesson.project)
    line(lambda power: power["power_mw"])

    lesson.lab.close()
    leave()

    wait_until(lambda: not lesson.table.meter._is_open)
