"""A project's outputs: wired, tested, driven by answers, and at rest whatever happens."""

import time

import pytest

from kit.core.errors import BadInput, Conflict, KitError, NotFound, Unavailable
from kit.core.types import Actor, Role
from kit.devices.board_fake import FakeBoard
from kit.outputs import WIRES, Outputs
from tests.support.house import House
from tests.support.small import BLUE, RED, jpeg

SQUIRREL, OWL = Actor(Role.GROUP, "squirrel"), Actor(Role.GROUP, "owl")
TEACHER, LOCAL = Actor(Role.TEACHER), Actor(Role.LOCAL, "kit")
SOON_S = 5.0


class Bench:
    """A small kit with a board on the table, and a project of two labels."""

    def __init__(self, folder):
        self.house = House(folder)
        for animal in ("squirrel", "owl"):
            self.house.store.add_space(animal)
        self.board = FakeBoard()
        self.outputs = self.made(lambda: self.board)
        self.studio = self.taught(SQUIRREL)
        self.id = self.studio.id

    def made(self, board, kept=frozenset()):
        house = self.house
        parts = (house.library, house.store, house.events, house.clock)
        return Outputs(*parts, board=board, kept=kept)

    def taught(self, actor):
        library = self.house.library
        studio = library.open(actor, library.create(actor, "Cailloux").id)
        for name, colour in (("red", RED), ("blue", BLUE)):
            label = studio.add_label(actor, name)
            files = [(f"{n}.jpg", jpeg(colour)) for n in range(3)]
            studio.add_files(actor, label.id, files)
        return studio

    def label(self, name):
        labels = self.studio.state(SQUIRREL)["labels"]
        return next(label["id"] for label in labels if label["name"] == name)

    def wire(self, part, *pins, label="red", **more):
        fields = {"part": part, "pins": list(pins), "label_id": self.label(label), **more}
        return self.outputs.wire(SQUIRREL, self.id, fields)

    def shows(self, colour, seconds):
        """Hold a card up for so long, ten answers a second."""
        for _ in range(round(seconds * 10)):
            self.house.clock.pass_s(0.1)
            self.house.fanout.hold_up(colour)
            time.sleep(0.02)  # each answer is heard before the next one takes its place

    def level(self, gpio):
        return self.board.pins[gpio][1]

    def soon(self, holds):
        end_s = time.monotonic() + SOON_S
        while not holds():
            assert time.monotonic() < end_s, "it never came"
            time.sleep(0.01)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path / "data")
    yield bench
    bench.outputs.close()
    bench.house.close()


def test_a_label_above_its_threshold_for_its_time_lights_an_led(bench):
    bench.wire("led", 17, threshold=0.6, after_s=0.5)
    bench.wire("servo", 18, label="blue", threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)

    bench.shows(RED, 0.4)
    assert bench.level(17) == 0
    bench.shows(RED, 0.4)
    bench.soon(lambda: bench.level(17) == 1)
    assert bench.level(18) == 0.05  # at rest, on its left stop

    bench.shows(BLUE, 0.3)
    bench.soon(lambda: bench.level(17) == 0 and bench.level(18) == 0.1)


def test_answers_that_stay_away_switch_off(bench):
    bench.wire("relay", 23, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.shows(RED, 0.3)
    bench.soon(lambda: bench.level(23) == 1)

    bench.house.clock.pass_s(2.0)  # no frame came

    bench.soon(lambda: bench.level(23) == 0)


def test_a_label_that_went_switches_nothing(bench):
    bench.wire("relay", 23, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.shows(RED, 0.3)
    bench.soon(lambda: bench.level(23) == 1)

    bench.studio.remove_label(SQUIRREL, bench.label("red"))
    bench.shows(RED, 2.0)

    bench.soon(lambda: bench.level(23) == 0)


def test_stop_puts_everything_at_rest_and_lets_the_camera_go(bench):
    bench.wire("relay", 23, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.shows(RED, 0.3)

    bench.outputs.stop(SQUIRREL, bench.id)

    assert bench.board.pins[23] == ("input", None)
    assert bench.house.fanout.watchers == []
    assert bench.outputs.show(SQUIRREL, bench.id)["now"]["driving"] is False


def test_the_classs_end_puts_everything_at_rest_and_forgets_the_wires(bench):
    bench.wire("relay", 23, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.shows(RED, 0.3)
    bench.soon(lambda: bench.level(23) == 1)

    bench.house.library.forget_everything()

    bench.soon(lambda: bench.board.pins[23] == ("input", None))
    assert bench.house.store.get(WIRES) is None


def test_changing_the_wires_stops_first(bench):
    led = bench.wire("led", 17, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)

    changed = bench.wire("led", 24, id=led.id, threshold=0.6)

    assert bench.board.pins[17] == ("input", None)
    assert [wire["pins"] for wire in bench.outputs.show(SQUIRREL, bench.id)["wires"]] == [[24]]
    assert changed.id == led.id
    bench.outputs.remove(SQUIRREL, bench.id, led.id)
    bench.outputs.remove(SQUIRREL, bench.id, led.id)
    assert bench.outputs.show(SQUIRREL, bench.id)["wires"] == []


def test_wires_outlive_a_restart_and_nothing_starts_by_itself(bench):
    bench.wire("relay", 23)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.outputs.close()

    again = bench.made(lambda: bench.board)

    assert [wire["part"] for wire in again.show(SQUIRREL, bench.id)["wires"]] == ["relay"]
    assert again.show(SQUIRREL, bench.id)["now"]["driving"] is False
    assert bench.board.pins[23] == ("input", None)


def test_one_part_is_tried_for_a_moment_and_then_everything_is_let_go(bench):
    bench.wire("led", 17)
    buzzer = bench.wire("buzzer", 22)

    seconds = bench.outputs.test(SQUIRREL, bench.id, buzzer.id)

    bench.soon(lambda: bench.level(22) == 1)
    assert bench.level(17) == 0
    bench.house.clock.pass_s(seconds + 0.1)
    bench.soon(lambda: bench.board.pins[22] == ("input", None))
    assert bench.house.fanout.watchers == []  # no camera was needed


def test_a_button_takes_pictures_while_it_is_held(bench):
    button = bench.wire("button", 27, label="blue")
    bench.outputs.start(SQUIRREL, bench.id)

    bench.board.press(button.id)
    bench.soon(lambda: bench.studio.state(SQUIRREL)["burst"] is not None)
    bench.house.feed.hold_up(BLUE, seconds=1.0)
    bench.soon(lambda: bench.house.feed.all_seen)
    bench.board.release(button.id)

    bench.soon(lambda: bench.studio.state(SQUIRREL)["burst"] is None)
    blue = bench.studio.state(SQUIRREL)["labels"][1]
    assert blue["samples"] > 3 + 4
    assert blue["bursts"] == 3 + 1  # one hold is one showing


def test_a_board_that_goes_is_told_and_comes_back_by_itself(bench):
    bench.wire("led", 17, threshold=0.6, after_s=0)
    bench.outputs.start(SQUIRREL, bench.id)
    bench.shows(RED, 0.2)

    bench.board.unplug()
    now = lambda: bench.outputs.show(SQUIRREL, bench.id)["now"]  # noqa: E731
    bench.soon(lambda: (now()["trouble"] or {}).get("id") in ("board-lost", "board-missing"))
    assert now()["on"] == {"w1": False}
    bench.board.replug()
    bench.shows(RED, 3.0)

    bench.soon(lambda: bench.level(17) == 1)
    assert now()["trouble"] is None


# --- refused, and nothing changed ---


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"part": "led", "pins": [99]}, "pin-unknown"),
        ({"part": "led", "pins": [-1]}, "pin-unknown"),
        ({"part": "led", "pins": [0]}, "pin-not-free"),
        ({"part": "led", "pins": [17]}, "pin-taken"),
        ({"part": "rgb-led", "pins": [5, 5, 6]}, "pin-taken"),
        ({"part": "rgb-led", "pins": [5]}, "wire-wrong"),
        ({"part": "led", "pins": []}, "wire-wrong"),
        ({"part": "lamp", "pins": [5]}, "wire-wrong"),
        ({"part": "led", "pins": [5], "threshold": 1.5}, "wire-wrong"),
        ({"part": "led", "pins": [5], "after_s": float("nan")}, "wire-wrong"),
        ({"part": "servo", "pins": [5], "angle_deg": 900}, "wire-wrong"),
        ({"part": "rgb-led", "pins": [5, 6, 13], "colour": "red"}, "wire-wrong"),
        ({"part": "led", "pins": [5], "label_id": "nobody"}, "label-missing"),
        ({"part": "led", "pins": [5], "id": "w9"}, "wire-missing"),
    ],
)
def test_a_wire_that_cannot_be_is_refused_and_nothing_changes(bench, fields, id):
    bench.wire("led", 17)
    before = bench.outputs.show(SQUIRREL, bench.id)["wires"]

    with pytest.raises(KitError) as refused:
        bench.outputs.wire(SQUIRREL, bench.id, {"label_id": bench.label("red"), **fields})

    assert refused.value.id == id
    assert isinstance(refused.value, (BadInput, Conflict, NotFound))
    assert bench.outputs.show(SQUIRREL, bench.id)["wires"] == before


def test_a_pin_of_the_kits_own_lamp_is_refused_when_it_is_wired(bench):
    outputs = bench.made(lambda: bench.board, kept=frozenset({20, 21}))
    fields = {"part": "rgb-led", "pins": [5, 20, 6], "label_id": bench.label("red")}

    with pytest.raises(Conflict) as refused:
        outputs.wire(SQUIRREL, bench.id, fields)

    assert (refused.value.id, refused.value.values["pin"]) == ("pin-of-the-kit", "20")
    shown = outputs.show(SQUIRREL, bench.id)
    assert shown["wires"] == []
    assert [pin.gpio for pin in shown["header"] if pin.role == "kit"] == [20, 21]


def test_a_lamp_that_came_after_the_wire_is_said_before_anything_moves(bench):
    lamp = bench.wire("led", 20)
    bench.wire("buzzer", 22)
    outputs = bench.made(lambda: bench.board, kept=frozenset({20}))

    for deed, more in ((outputs.start, []), (outputs.test, [lamp.id])):
        with pytest.raises(Conflict) as refused:
            deed(SQUIRREL, bench.id, *more)
        assert refused.value.id == "pin-of-the-kit"
    assert bench.board.pins == {}

    moved = {"id": lamp.id, "part": "led", "pins": [24], "label_id": bench.label("red")}
    outputs.wire(SQUIRREL, bench.id, moved)
    outputs.start(SQUIRREL, bench.id)
    bench.soon(lambda: bench.level(24) == 0)
    outputs.close()


def test_a_ninth_part_is_refused(bench):
    for gpio in (4, 5, 6, 12, 13, 16, 17, 18):
        bench.wire("led", gpio)
    with pytest.raises(Conflict) as refused:
        bench.wire("led", 19)
    assert refused.value.id == "too-many-wires"


def test_without_wires_there_is_nothing_to_start(bench):
    with pytest.raises(Conflict) as refused:
        bench.outputs.start(SQUIRREL, bench.id)
    assert refused.value.id == "nothing-wired"


def test_without_a_board_one_may_wire_and_is_told_why_it_does_not_start(bench):
    def no_board():
        raise Unavailable("board-not-a-pi", "no pins here")

    outputs = bench.made(no_board)
    bench.wire("led", 17)

    assert outputs.show(SQUIRREL, bench.id)["refusal"].id == "board-not-a-pi"
    with pytest.raises(Unavailable):
        outputs.start(SQUIRREL, bench.id)
    with pytest.raises(Unavailable):
        outputs.test(SQUIRREL, bench.id, "w1")


def test_to_a_stranger_there_are_no_outputs(bench):
    bench.wire("led", 17)
    for verb, more in (
        (bench.outputs.show, []),
        (bench.outputs.wire, [{}]),
        (bench.outputs.remove, ["w1"]),
        (bench.outputs.test, ["w1"]),
        (bench.outputs.start, []),
        (bench.outputs.stop, []),
    ):
        with pytest.raises(NotFound) as refused:
            verb(OWL, bench.id, *more)
        assert refused.value.id == "project-missing"


def test_one_project_drives_at_a_time_and_a_teacher_takes_over(bench):
    bench.wire("led", 17)
    other = bench.taught(OWL)
    label = other.state(OWL)["labels"][0]["id"]
    bench.outputs.wire(OWL, other.id, {"part": "led", "pins": [24], "label_id": label})
    bench.outputs.start(SQUIRREL, bench.id)

    with pytest.raises(Conflict) as taken:
        bench.outputs.start(OWL, other.id)
    assert taken.value.id == "board-taken"
    assert bench.outputs.show(OWL, other.id)["is_taken"]
    bench.outputs.stop(OWL, other.id)  # its own, which do not run
    assert bench.outputs.show(SQUIRREL, bench.id)["now"]["driving"]

    bench.outputs.start(TEACHER, other.id)
    assert bench.board.pins[17] == ("input", None)
    assert bench.outputs.show(OWL, other.id)["now"]["driving"]
