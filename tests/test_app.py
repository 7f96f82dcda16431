"""The whole kit, assembled: the real store, the real engine, and the fake camera as a back end."""

import io
import json
import threading
import zipfile

import pytest

from kit.app import NUMBERS_A_START, Chores, Kit, ready_example
from kit.codecs.picture import decode_for_model
from kit.core.errors import Conflict
from kit.core.image import prepare
from kit.core.types import Actor, JobState, Role
from kit.devices.camera_fake import FakeCamera
from kit.engine.exported import ExportedModel
from kit.formats.tflite import read_labels_txt
from kit.settings import Settings
from tests.support.waiting import wait_until

RED, BLUE = (200, 40, 30), (30, 60, 200)
LOCAL = Actor(Role.LOCAL, "kit")
TEACHER = Actor(Role.TEACHER)


@pytest.fixture
def camera():
    return FakeCamera(fps=25)


@pytest.fixture
def start(tmp_path, camera):
    """Starts the kit; starting it again is a restart on the same data folder."""
    running = []

    def start(**settings):
        for kit in running:
            kit.close()

        def open_one(camera_settings):
            camera.open(camera_settings)
            return camera

        chosen = Settings(data=tmp_path / "data", camera="fake", **settings)
        running[:] = [Kit(chosen, open_one=open_one)]
        return running[0]

    yield start
    for kit in running:
        kit.close()


def burst(kit, studio, camera, label, what, pictures=4):
    """One showing on the kit's camera, ended when so many pictures are kept."""
    camera.hold_up(what)
    seen = kit.feed.newest(timeout_s=30)
    kit.feed.newest(after=seen.sequence + 1, timeout_s=30)  # the one after may have been under way
    studio.start_burst(LOCAL, label.id)
    wait_until(lambda: (studio.state(LOCAL)["burst"] or {"samples": 99})["samples"] >= pictures)
    return studio.stop_burst(LOCAL)


def test_a_pupil_can_teach_red_and_blue_with_the_kits_camera(start, camera):
    kit = start()
    studio = kit.library.open(LOCAL, kit.library.create(LOCAL, "Two cards").id)
    labels = {name: studio.add_label(LOCAL, name) for name in ("red", "blue")}
    for name, colour in (("red", RED), ("blue", BLUE)):
        burst(kit, studio, camera, labels[name], colour)
    assert studio.state(LOCAL)["can_answer"]  # before any training

    assert kit.jobs.wait(studio.train(LOCAL).id).state is JobState.DONE
    assert studio.state(LOCAL)["check"] is None  # one showing each: not checked yet
    for name, colour in (("red", (190, 50, 40)), ("blue", (40, 70, 190))):
        burst(kit, studio, camera, labels[name], colour)  # a red and a blue it has never seen

    check = studio.state(LOCAL)["check"]
    assert check["method"] == "shown_after" and check["right"] == check["n"] >= 8
    camera.hold_up((205, 60, 45))
    with studio.subscribe(LOCAL, live=True) as news:
        answers = []
        wait_until(
            lambda: (
                (event := news.next(1)) is not None
                and event.kind == "prediction"
                and (answers.append(event.data) or event.data["label"] == "red")
            )
        )
    assert answers[-1]["model"]["number"] == 1
    assert set(answers[-1]["stages_ms"]) == {"read", "prepare", "wait", "invoke", "head"}


def test_a_camera_unplugged_while_recording_heals_without_a_restart(start, camera):
    kit = start()
    studio = kit.library.open(LOCAL, kit.library.create(LOCAL, "One card").id)
    red = studio.add_label(LOCAL, "red")
    with studio.subscribe(LOCAL) as news:
        camera.hold_up(RED)
        studio.start_burst(LOCAL, red.id)
        wait_until(lambda: studio.state(LOCAL)["labels"][0]["samples"] >= 2)
        camera.unplug()
        wait_until(lambda: studio.state(LOCAL)["burst"] is None)
        kinds = []
        while event := news.next(0):
            kinds.append((event.kind, event.data.get("id")))
    assert next(id for kind, id in kinds if kind == "notice").startswith("camera-")
    kept = studio.state(LOCAL)["labels"][0]["samples"]
    assert kept >= 2

    camera.replug()
    wait_until(lambda: kit.feed.newest(timeout_s=0.5) is not None)
    burst(kit, studio, camera, red, RED, pictures=2)

    assert studio.state(LOCAL)["labels"][0]["samples"] > kept


def test_the_next_page_is_told_of_a_camera_that_was_live_before(start, camera):
    camera.hold_up(RED)
    kit = start()
    studio = kit.library.open(LOCAL, kit.library.create(LOCAL, "One card").id)

    def told_live(news):
        kit.feed.newest(timeout_s=30)  # a page watches: the camera is live
        event = news.next(0.1)
        return event and event.kind == "camera" and event.data["state"] == "live"

    with studio.subscribe(LOCAL) as first:
        wait_until(lambda: told_live(first))
    wait_until(lambda: kit._camera_told is None)

    with studio.subscribe(LOCAL) as second:
        wait_until(lambda: told_live(second))


def test_a_fresh_kit_holds_the_ready_example_and_its_bars_move(start):
    kit = start()

    [info] = kit.library.list(LOCAL)
    studio = kit.library.open(LOCAL, info.id)
    kit.jobs.wait(kit.jobs.newest(info.id).id)

    assert info.is_example and info.activity == "sort-it" and info.samples > 20
    assert studio.state(LOCAL)["can_answer"]
    newest = studio.samples(LOCAL, limit=1).samples[0]
    assert studio.predict_sample(LOCAL, newest.id).model.backbone == "efficientnet-lite0"


def test_the_first_page_need_not_wait_for_the_example_but_its_list_does(tmp_path):
    kit = Kit(Settings(data=tmp_path / "data", camera="none"), example_soon=True)
    try:
        mine = kit.library.create(LOCAL, "Before the example")  # its space is there at once

        assert {info.is_example for info in kit.library.list(LOCAL)} == {True, False}
        assert mine.space_id == "kit"
    finally:
        kit.close()


def test_a_kit_that_is_stopped_before_the_example_has_come_stops_quietly(tmp_path, caplog):
    kit = Kit(Settings(data=tmp_path / "data", camera="none"), example_soon=True)

    kit.close()
    wait_until(lambda: not any(one.name == "ready-example" for one in threading.enumerate()))

    assert caplog.records == []
    again = Kit(Settings(data=tmp_path / "data", camera="none"))  # the folder is free, and sound
    again.close()


def test_an_exported_model_answers_elsewhere_as_the_kit_does(start):
    kit = start()
    [info] = kit.library.list(LOCAL)
    studio = kit.library.open(LOCAL, info.id)
    kit.jobs.wait(studio.train(LOCAL).id)

    with zipfile.ZipFile(io.BytesIO(studio.export_model(LOCAL, 1, language="fr"))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    elsewhere = ExportedModel(files["model.tflite"])
    names = read_labels_txt(files["labels.txt"].decode())
    passport = json.loads(files["passport.json"])

    assert sorted(files) == ["labels.txt", "model.tflite", "passport.json"]
    assert passport["metric"]["split"]["heldOutBy"] == "burst"
    assert passport["model"]["backbone"]["sha256"] == kit.engine.backbone_hash
    for sample in studio.samples(LOCAL, limit=12).samples:
        here = studio.predict_sample(LOCAL, sample.id)
        picture, _ = studio.picture(LOCAL, sample.id)
        pixels = decode_for_model(picture, kit.engine.input_size)
        there = elsewhere.probabilities(prepare(pixels, kit.engine.input_size))
        assert [here.confidences[name] for name in names] == pytest.approx(there, abs=0.03)


def test_an_exported_model_bears_the_words_of_the_page(start):
    kit = start()
    [info] = kit.library.list(LOCAL)
    studio = kit.library.open(LOCAL, info.id)
    kit.jobs.wait(studio.train(LOCAL).id)
    first, second, *_ = studio.state(LOCAL)["labels"]
    for label_id, name in ((first["id"], "a while"), (second["id"], first["name"])):
        studio.change_label(LOCAL, label_id, name=name)
    studio.change_label(LOCAL, first["id"], name=second["name"])  # the two have changed places

    with zipfile.ZipFile(io.BytesIO(studio.export_model(LOCAL, 1))) as archive:
        names = read_labels_txt(archive.read("labels.txt").decode())
        passport = json.loads(archive.read("passport.json"))

    assert names[:2] == [second["name"], first["name"]]
    assert passport["labels"] == names
    per_label = passport["informationAboutTraining"]["perLabel"]
    assert [one["label"] for one in per_label] == names


def test_the_ready_example_speaks_both_languages_with_the_same_pictures():
    french, english = ready_example("fr"), ready_example("en")

    assert french.name != english.name
    assert [d for *_, d in french.pictures()] == [d for *_, d in english.pictures()]


def test_the_ready_example_is_not_forced_on_who_removed_it(start):
    kit = start()
    kit.library.remove(LOCAL, kit.library.list(LOCAL)[0].id)

    assert start().library.list(LOCAL) == []


def test_two_kits_on_one_data_folder_are_one_too_many(start, tmp_path):
    start()

    with pytest.raises(Conflict) as refused:
        Kit(Settings(data=tmp_path / "data", camera="none"))

    assert refused.value.id == "data-folder-busy"


def test_a_class_from_the_first_animal_to_the_end(start, camera):
    kit = start(host="0.0.0.0")
    squirrel = kit.classroom.join("squirrel")
    studio = kit.library.open(squirrel, kit.library.create(squirrel, "Nos-galets-secrets").id)
    studio.start_burst(squirrel, studio.add_label(squirrel, "galet").id)
    wait_until(lambda: studio.state(squirrel)["labels"][0]["samples"] >= 2)
    teacher = kit.classroom.enter_code(kit.classroom.code, "10.0.0.1")
    epoch = kit.classroom.epoch
    assert kit.classroom.what_goes(teacher)["groups"] == 1

    kit.classroom.end_class(teacher)

    assert [info.is_example for info in kit.library.list(teacher)] == [True]
    assert kit.classroom.session("squirrel", None, epoch) is None
    folder = kit.settings.data
    left = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Nos-galets-secrets" not in left and b"squirrel" not in left


def test_event_numbers_rise_across_a_restart_and_stay_exact_in_a_browser(start):
    before = start().events.next_seq()
    after = start().events.next_seq()

    assert before < after
    assert after + 1000 * NUMBERS_A_START < 2**53


def test_closing_ends_every_thread_and_twice_is_no_harm(start):
    threads = set(threading.enumerate())
    kit = start()
    kit.library.open(LOCAL, kit.library.list(LOCAL)[0].id).subscribe(LOCAL, live=True)

    kit.close()
    kit.close()

    assert set(threading.enumerate()) <= threads


def test_a_chore_that_fails_is_tried_again_and_the_others_are_done(caplog):
    done, tried = threading.Event(), []

    def fails():
        tried.append(1)
        raise OSError("the disk is away")

    chores = Chores(0.001, [fails, lambda: len(tried) > 1 and done.set()])
    assert done.wait(10)
    chores.close()

    assert "the disk is away" in caplog.text
