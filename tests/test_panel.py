"""The kit's own lamp and button, on boards without a pin."""

import logging
import threading
import time
from itertools import pairwise

import pytest

from kit.core.errors import Conflict, KitError, Unavailable
from kit.core.panel import LONG_S, PATTERNS, SHORT_S, TICK_S, Finger, Lamp, Press, is_lit
from kit.devices.board_fake import FakeBoard
from kit.devices.board_gpiozero import GpiozeroBoard, mock_factory
from kit.panel import FAULT_SHOWN_S, REOPEN_AFTER_S, Panel, deeds_of, lamp_of

LAMP_PIN, BUTTON_PIN = 20, 21


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def monotonic_s(self):
        return self.now_s

    def wall_s(self):
        return 0.0


class Kit:
    """A panel on a board, with somebody who looks and presses."""

    def __init__(self, board):
        self.clock, self.board = Clock(), board
        self.state, self.done, self.refusal = Lamp.READY, [], None
        self.panel = Panel(lambda: self.board, self.clock, lamp_pin=LAMP_PIN, button_pin=BUTTON_PIN)

    def serve(self):
        self.panel.serve(
            lambda: self.state,
            {Press.SHORT: lambda: self._do("wifi"), Press.LONG: lambda: self._do("off")},
        )

    def _do(self, deed):
        if self.refusal:
            raise self.refusal
        self.done.append(deed)

    def wait(self, seconds):
        """Time passes; gives what the lamp was, tick by tick."""
        seen = []
        for _ in range(round(seconds / TICK_S)):
            self.clock.now_s += TICK_S
            self.panel.tick()
            seen.append(bool(self.board.pins.get(LAMP_PIN, ("", 0))[1]))
        for thread in threading.enumerate():
            if thread.name == "press":
                thread.join(5)
        return seen

    def press(self, seconds):
        self.board.hold_pins(frozenset({BUTTON_PIN}))
        self.wait(seconds)
        self.board.hold_pins(frozenset())
        self.wait(0.2)


@pytest.fixture(params=["fake", "mock"])
def kit(request):
    boards = {"fake": FakeBoard, "mock": lambda: GpiozeroBoard(mock_factory, name="mock")}
    made = Kit(boards[request.param]())
    made.panel.tick()
    made.wait(0.1)
    yield made
    made.panel.close()


def changes(seen):
    return sum(one != other for one, other in pairwise(seen))


def test_while_it_starts_it_blinks_slowly_and_then_it_is_on(kit):
    starting = kit.wait(4)
    kit.serve()
    kit.wait(1.1)

    assert changes(starting) in (7, 8)
    assert all(kit.wait(3))


@pytest.mark.parametrize("lamp", list(Lamp))
def test_each_word_is_shown_as_it_is_described(kit, lamp):
    kit.serve()
    kit.state = lamp
    kit.wait(1.1)
    began_s = kit.clock.now_s

    seen = kit.wait(4)

    said = [is_lit(lamp, began_s + TICK_S * (n + 1)) for n in range(len(seen))]
    assert seen == said


def test_no_two_words_are_alike_within_two_seconds_and_each_shows_some_light():
    shown = {
        lamp: tuple(is_lit(lamp, n * 0.01) for n in range(round(2 / 0.01))) for lamp in PATTERNS
    }

    assert set(PATTERNS) == set(Lamp)
    assert len(set(shown.values())) == len(Lamp)
    assert all(any(seen) for seen in shown.values())
    assert min(length_s for pattern in PATTERNS.values() for _, length_s in pattern) >= 2 * TICK_S


def test_a_short_press_is_the_wifis_and_a_long_one_switches_off(kit):
    kit.serve()

    kit.press(0.3)
    assert kit.done == ["wifi"]
    kit.press(LONG_S + 2)
    assert kit.done == ["wifi", "off"]


def test_one_who_thinks_better_of_it_does_nothing(kit):
    kit.serve()

    kit.press((SHORT_S + LONG_S) / 2)

    assert kit.done == []


def test_a_press_while_it_starts_is_not_kept_for_later(kit):
    kit.press(0.3)
    kit.serve()
    kit.wait(2)

    assert kit.done == []


def test_a_trembling_contact_is_no_press():
    finger = Finger()
    seen = [finger.see(held, at_s) for held, at_s in ((True, 0), (False, 0.01), (True, 0.02))]

    assert seen == [None, None, None]
    assert finger.see(False, 0.2) is Press.SHORT


def test_what_came_to_nothing_is_shown_and_passes(kit, caplog):
    caplog.set_level(logging.CRITICAL)
    kit.serve()
    kit.refusal = Unavailable("appliance-silent", "nobody answers")

    kit.press(0.3)

    assert changes(kit.wait(1)) >= 8
    kit.wait(FAULT_SHOWN_S)
    assert all(kit.wait(2))


def test_a_board_that_goes_is_taken_again(kit, caplog):
    caplog.set_level(logging.CRITICAL)
    kit.serve()
    kit.wait(1.1)

    kit.board.close()
    kit.wait(0.1)

    assert not any(kit.wait(1))
    kit.wait(REOPEN_AFTER_S)
    assert all(kit.wait(1))


def test_closed_it_leaves_no_light_and_no_pin(kit):
    kit.serve()
    kit.wait(1.1)

    kit.panel.close()
    kit.panel.close()

    assert {function for function, _ in kit.board.pins.values()} <= {"input"}


def test_in_a_process_of_its_own_too(tmp_path):
    from kit.devices.board_fake import JOURNAL
    from kit.devices.board_process import ProcessBoard

    panel = Panel(lambda: ProcessBoard(f"mock:{tmp_path}"), Clock(), lamp_pin=LAMP_PIN)
    panel.serve(lambda: Lamp.READY, {})
    panel.start()
    deadline_s = time.monotonic() + 20
    while f'"{LAMP_PIN}": ["output", 1.0]' not in _text(tmp_path / JOURNAL):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    panel.close()

    assert '"output", 1.0' not in _text(tmp_path / JOURNAL).splitlines()[-1]


def _text(path):
    return path.read_text() if path.exists() else ""


def test_without_pins_there_is_nothing():
    def never():
        raise AssertionError("a board was looked for")

    panel = Panel(never, Clock())
    panel.start()

    assert panel.pins == frozenset()
    assert not any(thread.name == "panel" for thread in threading.enumerate())
    panel.close()


def test_a_machine_without_pins_is_said_once_in_a_while(caplog):
    def none():
        raise Unavailable("board-not-a-pi", "no pins")

    clock = Clock()
    panel = Panel(none, clock, lamp_pin=LAMP_PIN)
    for _ in range(20):
        clock.now_s += TICK_S
        panel.tick()

    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("pins", "id"),
    [((20, 20), "pin-taken"), ((1, 21), "pin-not-free"), ((20, 99), "pin-unknown")],
)
def test_pins_that_cannot_be_are_refused(pins, id):
    with pytest.raises(KitError) as refused:
        Panel(FakeBoard, Clock(), lamp_pin=pins[0], button_pin=pins[1])

    assert refused.value.id == id
    assert isinstance(refused.value, ValueError | Conflict)


# --- in a kit ------------------------------------------------------------------------------


@pytest.fixture
def system():
    from kit.booking import Booking
    from kit.devices.appliance_fake import FakeAppliance
    from kit.system import System

    kept = {}

    class Shelf:
        get = staticmethod(lambda key, default=None: kept.get(key, default))
        set = staticmethod(kept.__setitem__)

    return System(FakeAppliance(), Shelf(), Clock(), Booking())


def test_the_lamp_says_what_matters_most(system):
    def says(*, measuring=False, trouble=False):
        return lamp_of(system, measuring=measuring, trouble=trouble)

    assert says() is Lamp.READY
    assert says(measuring=True) is Lamp.MEASURING
    assert says(measuring=True, trouble=True) is Lamp.FAULT
    deeds_of(system)[Press.SHORT]()
    assert says() is Lamp.SILENT
    deeds_of(system)[Press.SHORT]()
    assert says() is Lamp.READY
    deeds_of(system)[Press.LONG]()
    assert says() is Lamp.LEAVING


def test_the_kits_own_pins_are_kept_from_the_class_and_wrong_ones_keep_nobody_waiting(tmp_path):
    from kit.app import Kit as RunningKit
    from kit.core.shapes import LOCAL_SPACE
    from kit.core.types import Actor, Role
    from kit.settings import Settings

    teacher = Actor(Role.LOCAL, LOCAL_SPACE)
    journal = tmp_path / "pins"
    journal.mkdir()
    given = {"camera": "none", "microphone": "none", "board": f"mock:{journal}"}
    running = RunningKit(Settings(data=tmp_path / "one", lamp_pin=20, **given))
    try:
        project = running.library.list(teacher)[0]
        label = running.library.open(teacher, project.id).state(teacher)["labels"][0]["id"]
        fields = {"part": "led", "pins": (20,), "label_id": label}

        with pytest.raises(KitError) as refused:
            running.outputs.wire(teacher, project.id, fields)

        assert refused.value.id == "pin-of-the-kit"
        [kept] = [
            pin for pin in running.outputs.show(teacher, project.id)["header"] if pin.gpio == 20
        ]
        assert kept.role == "kit"
        assert running.outputs.show(teacher, project.id)["wires"] == []
    finally:
        running.close()
    running = RunningKit(Settings(data=tmp_path / "two", lamp_pin=20, shutdown_pin=20, **given))
    running.close()
    assert [notice.id for notice in running.notices] == ["pin-taken"]
