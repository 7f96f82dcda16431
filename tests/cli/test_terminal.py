"""One line for an error: what to do, and the developer's reason where it says more."""

import pytest

from kit.cli.terminal import line_of
from kit.core.errors import BadInput, Conflict, NotFound, Unavailable
from kit.i18n import use_language


@pytest.fixture(autouse=True)
def english():
    use_language("en")


@pytest.mark.parametrize(
    "error",
    [
        Conflict(
            "data-folder-busy",
            "/srv/kit is in use by another kit (process 812)",
            folder="/srv/kit",
            process="812",
        ),
        NotFound("dataset-missing", "no such folder or file: pens", path="pens"),
        BadInput("dataset-label-empty", "no picture for the label 'cup'", label="cup"),
    ],
)
def test_nothing_is_said_twice(error):
    line = line_of(error)

    assert "(" not in line.replace("(process 812)", "")
    for value in error.values.values():
        assert line.count(value) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unavailable("host-not-here", "host a: [Errno 99] no such address", host="a"), "Errno 99"),
        (BadInput("picture-damaged", "it ends in the middle of a marker"), "in the middle"),
        (BadInput("archive-damaged", "cup/1.jpg: Bad CRC-32"), "cup/1.jpg"),
    ],
)
def test_a_reason_that_says_more_is_said(error, reason):
    assert reason in line_of(error)
