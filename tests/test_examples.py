"""The makers' examples run as they stand: an exported model, photos, gpiozero's mock pins."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.cli import main
from kit.resources import examples_dir

PROGRAMS = ("led", "servo", "buzzer")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """Two labels of the first activity, taught with every second photo."""
    folder = tmp_path_factory.mktemp("lesson")
    shown = sorted(one for one in examples_dir("sort-it").iterdir() if one.is_dir())[:2]
    for label in shown:
        files = sorted(label.glob("*.jpg"))
        for part, own in (("teach", files[::2]), ("show", files[1::2])):
            (folder / part / label.name).mkdir(parents=True)
            for file in own:
                shutil.copy(file, folder / part / label.name)
    assert main(["train", str(folder / "teach"), "--out", str(folder / "model")]) == 0
    return folder, [label.name for label in shown]


@pytest.fixture
def pins(monkeypatch, checkout):
    """gpiozero on pins that remember; `see` beside the examples."""
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory, MockPWMPin

    monkeypatch.setattr(Device, "pin_factory", MockFactory(pin_class=MockPWMPin))
    monkeypatch.syspath_prepend(str(checkout / "examples"))
    yield Device.pin_factory
    Device.pin_factory.reset()


def run(monkeypatch, checkout: Path, name: str, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(checkout / "examples" / f"{name}.py"), run_name="__main__")


def levels(pins, gpio: int) -> list[float]:
    """Every level the pin had, one after another, repeats left out."""
    seen = [round(float(state.state), 4) for state in pins.pin(gpio).states]
    return [one for one, before in zip(seen, [None, *seen], strict=False) if one != before]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_ten_lines(checkout, name):
    text = (checkout / "examples" / f"{name}.py").read_text()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith('"""')]

    assert len(lines) <= 10


def test_an_led_follows_the_answers(monkeypatch, checkout, pins, lesson):
    folder, (first, second) = lesson
    photos = folder / "mixed"
    photos.mkdir()
    for n, label in enumerate([second, first, second]):
        shutil.copy(sorted((folder / "show" / label).glob("*.jpg"))[0], photos / f"{n}.jpg")

    run(monkeypatch, checkout, "led", str(folder / "model"), first, str(photos))

    assert levels(pins, 17) == [0, 1, 0]


@pytest.mark.filterwarnings("ignore::gpiozero.exc.PWMSoftwareFallback")
def test_a_servo_opens_for_one_label_and_not_for_the_other(monkeypatch, checkout, pins, lesson):
    folder, (first, second) = lesson
    model = str(folder / "model")

    other = folder / "other"
    other.mkdir()
    shutil.copy(sorted((folder / "show" / second).glob("*.jpg"))[0], other)
    run(monkeypatch, checkout, "servo", model, first, str(other))
    assert max(levels(pins, 18)) == 0.05  # 1 ms of 20: it stayed at -90 degrees
    pins.reset()
    run(monkeypatch, checkout, "servo", model, first, str(folder / "show" / first))
    assert max(levels(pins, 18)) == 0.1


def test_a_buzzer_sounds_after_ten_sure_answers(monkeypatch, checkout, pins, lesson):
    folder, (first, _) = lesson
    photo = sorted((folder / "show" / first).glob("*.jpg"))[0]
    for name, count in (("nine", 9), ("ten", 10)):
        (folder / name).mkdir()
        for n in range(count):
            shutil.copy(photo, folder / name / f"{n}.jpg")

    run(monkeypatch, checkout, "buzzer", str(folder / "model"), first, str(folder / "nine"))
    assert levels(pins, 22) == [0]
    pins.reset()
    run(monkeypatch, checkout, "buzzer", str(folder / "model"), first, str(folder / "ten"))
    assert levels(pins, 22)[:2] == [0, 1]


def test_the_readmes_command_works_as_it_is_written(checkout, lesson, tmp_path):
    folder, (first, _) = lesson
    [command] = re.findall(
        r"`(GPIOZERO\S+ \S+ python3 .*?)`", (checkout / "examples/README.md").read_text()
    )
    *settings, _python, program, _model, _label, _photos = command.split()

    done = subprocess.run(
        [sys.executable, program, folder / "model", first, folder / "show" / first],
        cwd=checkout / "examples",
        env=os.environ | dict(one.split("=") for one in settings),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_the_examples_need_nothing_of_the_kit(checkout):
    for file in (checkout / "examples").glob("*.py"):
        assert not re.search(r"^\s*(?:from|import) kit\b", file.read_text(), re.MULTILINE)
