"""A Pico on the desk for every test that asks for one."""

import pytest

from tests.firmware.pico import Pico, micropython

collect_ignore = ["board", "emulated", "say_lines.py"]  # run by MicroPython, not by pytest


@pytest.fixture
def plug_in(tmp_path):
    """plug_in(chips="ina219@64", **the board's making) -> Pico; unplugged when the test ends."""
    micropython()
    picos = []

    def plug(chips="ina219@64", **making) -> Pico:
        folder = tmp_path / f"pico-{making.pop('board', 1)}"
        pico = Pico(folder, chips, **making)
        picos.append(pico)
        return pico

    yield plug
    for pico in picos:
        pico.unplug()
