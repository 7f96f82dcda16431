"""What every board promises: one suite over the fake, gpiozero's mock pins, and both in a child.

On a Raspberry Pi with nothing wired, `KIT_TEST_BOARD=1` puts the real pins under it, too.
"""

import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Any

import pytest

from kit.core.errors import Unavailable
from kit.core.outputs import Part, Wire
from kit.devices.board_fake import JOURNAL, PRESSED, FakeBoard
from kit.devices.board_gpiozero import GpiozeroBoard, mock_factory
from kit.devices.board_process import ProcessBoard

LED = Wire("led", Part.LED, (17,), "l1")
RGB = Wire("rgb", Part.RGB_LED, (5, 6, 13), "l1", colour="#ff0080")
BUZZER = Wire("buzzer", Part.BUZZER, (22,), "l1")
SERVO = Wire("servo", Part.SERVO, (18,), "l1", angle_deg=45)
RELAY = Wire("relay", Part.RELAY, (23,), "l1", active_high=False)
BUTTON = Wire("button", Part.BUTTON, (27,), "l1")
ALL = [LED, RGB, BUZZER, SERVO, RELAY, BUTTON]
SAFE = {17: 0, 5: 0, 6: 0, 13: 0, 22: 0, 18: 0, 23: 1}
"""This relay's board closes on a low pin: at rest its pin is high."""


@dataclass
class Subject:
    """A board under test, and the world's view of its pins."""

    board: Any
    folder: Any

    def levels(self) -> dict[int, float | None]:
        """GPIO -> level of those pins that are outputs."""
        if isinstance(self.board, ProcessBoard):
            self.settle()
            lines = (self.folder / JOURNAL).read_text().splitlines()
            pins = {int(gpio): state for gpio, state in json.loads(lines[-1]).items()}
        else:
            pins = self.board.pins
        return {gpio: level for gpio, (function, level) in pins.items() if function == "output"}

    def settle(self) -> None:
        """Two questions answered: what was told before them is done, and written down."""
        for _ in range(2 if self.board._process else 0):
            self.board._say("ask")
            self.board._wait_for("pressed", 5)

    def hold(self, gpios) -> None:
        """Hold the buttons on these pins."""
        if isinstance(self.board, ProcessBoard):
            (self.folder / PRESSED).write_text(" ".join(map(str, gpios)))
            self.settle()
        else:
            self.board.hold_pins(frozenset(gpios))


def _boards(folder):
    return {
        "fake": FakeBoard,
        "mock": lambda: GpiozeroBoard(mock_factory, name="mock"),
        "child-fake": lambda: ProcessBoard(f"fake:{folder}"),
        "child-mock": lambda: ProcessBoard(f"mock:{folder}"),
    }


@pytest.fixture(params=["fake", "mock", "child-fake", "child-mock"])
def subject(request, tmp_path):
    board = _boards(tmp_path)[request.param]()
    board.open()
    yield Subject(board, tmp_path)
    board.close()


def now_pressed(subject) -> frozenset[str]:
    """A child answers the question before: it is given the time for it."""
    if isinstance(subject.board, ProcessBoard):
        subject.settle()
    return subject.board.pressed()


def test_what_is_wired_is_at_rest(subject):
    subject.board.wire(ALL)

    assert subject.levels() == SAFE
    assert now_pressed(subject) == frozenset()


def test_each_part_goes_on_and_off(subject):
    subject.board.wire(ALL)

    for wire in ALL[:-1]:
        subject.board.set(wire.id, True)

    on = {17: 1, 5: 1, 6: 0, 13: pytest.approx(128 / 255, abs=1e-4), 22: 1, 23: 0}
    assert subject.levels() == on | {18: pytest.approx(0.0875, abs=1e-4)}
    for wire in ALL[:-1]:
        subject.board.set(wire.id, False)
    assert subject.levels() == SAFE | {18: pytest.approx(0.05, abs=1e-4)}


def test_safe_is_everything_off_at_once_and_it_goes_on_afterwards(subject):
    subject.board.wire(ALL)
    for wire in ALL[:-1]:
        subject.board.set(wire.id, True)

    subject.board.safe()
    subject.board.safe()

    assert subject.levels() == SAFE
    subject.board.set("led", True)
    assert subject.levels()[17] == 1


def test_a_button_is_held_as_long_as_it_is(subject):
    subject.board.wire(ALL)

    subject.hold([27])
    assert now_pressed(subject) == {"button"}
    subject.hold([])
    assert now_pressed(subject) == frozenset()


def test_wiring_anew_lets_the_old_pins_go(subject):
    subject.board.wire([LED, RELAY])
    subject.board.set("led", True)

    subject.board.wire([Wire("other", Part.LED, (24,), "l1")])

    assert subject.levels() == {24: 0}
    subject.board.wire([LED])  # free again
    assert subject.levels() == {17: 0}


def test_closing_leaves_no_output(subject):
    subject.board.wire(ALL)
    for wire in ALL[:-1]:
        subject.board.set(wire.id, True)

    subject.board.close()
    subject.board.close()

    assert subject.levels() == {}
    with pytest.raises(Unavailable) as gone:
        subject.board.set("led", True)
    assert gone.value.id == "board-lost"


def test_a_child_that_is_killed_is_told_and_another_makes_safe(tmp_path):
    board = ProcessBoard(f"mock:{tmp_path}")
    board.open()
    board.wire(ALL)
    board.set("relay", True)
    os.kill(board._process.pid, signal.SIGKILL)
    board._process.wait()

    with pytest.raises(Unavailable) as gone:
        for _ in range(20):
            board.pressed()
    assert gone.value.id == "board-lost"
    board.open()
    board.wire(ALL)
    assert Subject(board, tmp_path).levels() == SAFE
    board.close()


def test_a_child_that_nobody_asks_makes_safe_and_obeys_again(tmp_path, monkeypatch):
    board = ProcessBoard(f"mock:{tmp_path}")
    board.open()
    board.wire(ALL)
    board.set("relay", True)
    subject = Subject(board, tmp_path)
    assert subject.levels()[23] == 0

    time.sleep(2.4)

    written = (tmp_path / JOURNAL).read_text().splitlines()[-1]  # asking would wake it
    assert json.loads(written)["23"] == ["output", 1.0]
    assert subject.levels() == SAFE
    board.set("relay", True)
    assert subject.levels()[23] == 0
    board.close()


def test_a_pin_that_gpiozero_has_already_is_busy_and_nothing_stays_taken():
    import gpiozero

    factory = mock_factory()
    board = GpiozeroBoard(lambda: factory, name="mock")
    board.open()
    other = gpiozero.LED(17, pin_factory=factory)

    with pytest.raises(Unavailable) as busy:
        board.wire([RELAY, LED])

    assert (busy.value.id, busy.value.values) == ("pin-busy", {"pin": "17"})
    other.close()
    board.wire([RELAY, LED])
    board.close()


@pytest.mark.skipif("KIT_TEST_BOARD" not in os.environ, reason="no real pins: KIT_TEST_BOARD=1")
def test_the_real_pins_obey_without_complaint():
    board = ProcessBoard("gpiozero")
    board.open()
    board.wire(ALL)
    for wire in ALL[:-1]:
        board.set(wire.id, True)
    board.pressed()
    board.safe()
    board.close()
