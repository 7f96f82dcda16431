"""Long work: one at a time, stoppable, and honest after a restart."""

import threading

import pytest

from kit.core.errors import Conflict, NotFound, Unavailable
from kit.core.types import Actor, JobState, Role
from kit.jobs import Jobs, Progress

SQUIRREL = Actor(Role.GROUP, "squirrel")
OWL = Actor(Role.GROUP, "owl")
TEACHER = Actor(Role.TEACHER)


class Shelf:
    """Keeps jobs as the store does, in memory, so that a test can pull the plug."""

    def __init__(self):
        self.kept = {}
        self.is_full = False

    def save_job(self, job):
        if self.is_full:
            raise Unavailable("disk-full", "no space left")
        self.kept[job.id] = job

    def job(self, id):
        if id not in self.kept:
            raise NotFound("job-missing", f"no job {id!r}")
        return self.kept[id]

    def jobs_left_running(self):
        return [j for j in self.kept.values() if j.state in (JobState.WAITING, JobState.RUNNING)]


class Gate:
    """A work that stops half-way until the test lets it go on."""

    def __init__(self, result=None):
        self.entered = threading.Event()
        self.opened = threading.Event()
        self.result = result

    def __call__(self, progress: Progress):
        progress(0.5)
        self.entered.set()
        while not self.opened.wait(0.005):
            progress.check()
        return self.result


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def jobs(shelf):
    jobs = Jobs(shelf)
    yield jobs
    jobs.close()


def test_a_work_is_done_and_gives_its_result(jobs, shelf):
    job = jobs.start("train", lambda progress: {"model": 1}, project_id="p1", space_id="squirrel")

    ended = jobs.wait(job.id)

    assert (ended.state, ended.progress, ended.result) == (JobState.DONE, 1.0, {"model": 1})
    assert shelf.kept[job.id] == ended


def test_one_work_at_a_time_in_the_order_asked_for(jobs):
    first, done = Gate(), []
    jobs.start("train", first, project_id="p1", space_id="squirrel")
    first.entered.wait(10)
    second = jobs.start("train", lambda p: done.append(2), project_id="p2", space_id="owl")
    third = jobs.start("train", lambda p: done.append(3), project_id="p3", space_id="owl")

    assert jobs.job(TEACHER, second.id).state is JobState.WAITING
    assert done == []
    first.opened.set()
    jobs.wait(third.id)

    assert done == [2, 3]


def test_pressing_train_twice_trains_once(jobs):
    gate = Gate()
    first = jobs.start("train", gate, project_id="p1", space_id="squirrel")
    gate.entered.wait(10)

    second = jobs.start("train", gate, project_id="p1", space_id="squirrel")

    assert second.id == first.id
    gate.opened.set()
    jobs.wait(first.id)
    third = jobs.start("train", gate, project_id="p1", space_id="squirrel")
    assert third.id != first.id


def test_a_running_work_can_be_cancelled_and_so_can_a_waiting_one(jobs):
    gate, never = Gate(), []
    running = jobs.start("train", gate, project_id="p1", space_id="squirrel")
    gate.entered.wait(10)
    waiting = jobs.start("train", never.append, project_id="p2", space_id="squirrel")

    jobs.cancel(SQUIRREL, waiting.id)
    jobs.cancel(SQUIRREL, running.id)

    assert jobs.wait(running.id).state is JobState.CANCELLED
    assert jobs.wait(waiting.id).state is JobState.CANCELLED
    assert never == []
    assert jobs.cancel(SQUIRREL, running.id).state is JobState.CANCELLED  # again: no error


def test_what_goes_wrong_is_said_by_id(jobs, caplog):
    def nothing_to_train(progress):
        raise Conflict("need-two-labels", "one label only", labels=1)

    def a_mistake_of_ours(progress):
        return 1 / 0

    known = jobs.start("train", nothing_to_train, project_id="p1", space_id="owl")
    unknown = jobs.start("train", a_mistake_of_ours, project_id="p2", space_id="owl")

    assert jobs.wait(known.id).error == {"id": "need-two-labels", "values": {"labels": 1}}
    assert jobs.wait(unknown.id).error == {"id": "job-failed", "values": {}}
    assert "ZeroDivisionError" in caplog.text  # whoever mends it finds it in the log


def test_a_full_disk_does_not_end_the_worker(jobs, shelf):
    shelf.is_full = True
    first = jobs.start("train", lambda progress: None, project_id="p1", space_id="owl")
    second = jobs.start("train", lambda progress: None, project_id="p2", space_id="owl")

    assert jobs.wait(first.id).state is JobState.DONE
    assert jobs.wait(second.id).state is JobState.DONE


def test_after_a_power_cut_the_job_is_interrupted_not_lost(shelf):
    gate = Gate()
    before = Jobs(shelf)
    job = before.start("train", gate, project_id="p1", space_id="squirrel")
    gate.entered.wait(10)
    on_the_disk = dict(shelf.kept)  # as it was when the power went
    before.close()
    shelf.kept = on_the_disk

    after = Jobs(shelf)

    assert after.job(SQUIRREL, job.id).state is JobState.INTERRUPTED
    assert after.newest("p1").state is JobState.INTERRUPTED
    assert after.running("p1") is None
    assert shelf.jobs_left_running() == []


def test_switching_off_stops_the_running_job_and_leaves_the_waiting_ones_interrupted(shelf):
    jobs, gate = Jobs(shelf), Gate()
    running = jobs.start("train", gate, project_id="p1", space_id="squirrel")
    gate.entered.wait(10)
    waiting = jobs.start("train", gate, project_id="p2", space_id="squirrel")

    jobs.close()

    assert shelf.kept[running.id].state is JobState.INTERRUPTED
    assert shelf.kept[waiting.id].state is JobState.INTERRUPTED
    with pytest.raises(Conflict) as refused:
        jobs.start("train", gate, project_id="p1", space_id="squirrel")
    assert refused.value.id == "kit-closing"


def test_a_stranger_hears_of_a_job_exactly_what_one_hears_of_none(jobs):
    job = jobs.start("train", lambda progress: None, project_id="p1", space_id="squirrel")
    jobs.wait(job.id)

    for verb in (jobs.job, jobs.cancel):
        refusals = []
        for job_id in (job.id, "0" * len(job.id)):
            with pytest.raises(NotFound) as refused:
                verb(OWL, job_id)
            refusals.append((refused.value.id, refused.value.values))
        assert refusals[0] == refusals[1] == ("job-missing", {})
    assert jobs.job(SQUIRREL, job.id) == jobs.job(TEACHER, job.id)


def test_progress_is_told_as_it_comes(shelf):
    told = []
    jobs = Jobs(shelf, told.append)

    def quarters(progress):
        for quarter in range(5):
            progress(quarter / 4)

    job = jobs.start("train", quarters, project_id="p1", space_id="squirrel")
    jobs.wait(job.id)
    jobs.close()

    running = [(j.state, j.progress) for j in told]
    assert running[0] == (JobState.WAITING, 0.0)
    assert [progress for _, progress in running[2:7]] == [0, 0.25, 0.5, 0.75, 1]
    assert running[-1] == (JobState.DONE, 1.0)


def test_a_project_that_goes_takes_its_jobs_along(jobs):
    gate = Gate()
    job = jobs.start("train", gate, project_id="p1", space_id="squirrel")
    other = jobs.start("train", lambda progress: None, project_id="p2", space_id="squirrel")
    gate.entered.wait(10)

    jobs.forget("p1")

    assert jobs.running("p1") is None and jobs.newest("p1") is None
    assert jobs.wait(job.id) is None
    assert jobs.wait(other.id).state is JobState.DONE
