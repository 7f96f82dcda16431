"""Parts of the firmware that need no board: what waits, what is stored, what the light says."""

import pytest

from tests.firmware.pico import firmware_module

light, ring, settings = (firmware_module(name) for name in ("light", "ring", "settings"))


def test_what_waits_comes_out_in_order_however_often_it_goes_round():
    waiting = ring.Ring(places=40)
    came = []

    for number in range(100):
        assert waiting.put(number)
        if number % 3:
            came.append(waiting.take())
        while len(waiting) > 5:
            came.append(waiting.take())
    while len(waiting):
        came.append(waiting.take())

    assert came == list(range(100))


def test_readings_leave_room_for_marks():
    waiting = ring.Ring(places=40)

    readings = sum(waiting.put("reading") for _ in range(100))
    marks = sum(waiting.put("mark", True) for _ in range(100))

    assert (readings, marks) == (40 - ring.KEPT_FOR_MARKS, ring.KEPT_FOR_MARKS)


def test_nothing_waits_for_nobody():
    waiting = ring.Ring()
    waiting.put(1)
    waiting.clear()

    with pytest.raises(IndexError):
        waiting.take()


@pytest.fixture
def flash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_shunt_is_remembered(flash):
    assert settings.shunt_uohm() == 100_000

    settings.store_shunt(2000)

    assert settings.shunt_uohm() == 2000
    assert [file.name for file in flash.iterdir()] == [settings.FILE]


@pytest.mark.parametrize("stored", ["", "ten", "0", "99999999", "-5", "10 0"])
def test_a_memory_that_makes_no_sense_is_the_usual_shunt(flash, stored):
    (flash / settings.FILE).write_text(stored)

    assert settings.shunt_uohm() == settings.USUAL_UOHM


@pytest.mark.parametrize(("state", "flashes"), sorted(light.FLASHES.items()))
def test_a_fault_flashes_its_number_then_pauses(state, flashes):
    period_ms = 400 * flashes + 1200

    on = [light.is_on(state, ms) for ms in range(period_ms)]

    assert sum(on[ms] and not on[ms - 1] for ms in range(period_ms)) == flashes
    assert not any(on[-1200:])


def test_waiting_and_measuring_look_different():
    waiting = [light.is_on(light.WAITING, ms) for ms in range(2000)]
    measuring = [light.is_on(light.MEASURING, ms) for ms in range(2000)]

    assert sum(waiting) == 60
    assert sum(measuring) == 1000
