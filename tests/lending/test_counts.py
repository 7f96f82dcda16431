"""The joules of a loan: what a meter measured, whoever counts; what was estimated is not in it."""

import pytest

from kit.cli import main
from kit.core.types import MeterLabel
from kit.experiments.results import kept_joules, measured_joules
from tests.support.lab import BUSY_W, MS_AT
from tests.test_experiments import Lesson


def test_a_return_counts_the_joules_of_a_lesson_that_was_not_ended(tmp_path, capsys):
    lesson = Lesson(tmp_path / "data")
    lesson.measure("answer-224")
    [row] = lesson.results()["results"]
    kept = kept_joules(lesson.house.store)
    lesson.house.close()

    main(["return", "--data", str(tmp_path / "data"), "--count"])

    # An answer draws BUSY_W for as long as it takes, and that many were timed.
    assert kept == pytest.approx(BUSY_W * MS_AT[224] / 1000 * row["latency"]["n"], rel=0.02)
    assert f"Joules measured in the lab: {kept:.1f}" in capsys.readouterr().out


def test_estimates_are_not_counted(tmp_path):
    lesson = Lesson(tmp_path / "data", label=MeterLabel.ESTIMATED)
    lesson.measure("answer-224")
    rows = lesson.results()["results"]
    kept = kept_joules(lesson.house.store)
    lesson.house.close()

    assert rows[0]["energy"]
    assert measured_joules(rows) == kept == 0
