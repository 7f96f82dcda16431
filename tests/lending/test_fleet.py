"""The lender's list: merged from reports, the lender's own columns untouched."""

import json

import pytest

from kit.cli import main
from kit.core.errors import BadInput, Conflict, KitError, NotFound
from kit.lending import fleet


def report(number=7, *, name="kit-7", at="2026-11-20T10:00+01:00", state="good", part="camera"):
    return {
        "number": number,
        "kit": {"name": name, "version": "0.1.0", "board": "Raspberry Pi 5", "system": "Debian"},
        "at": at,
        "findings": [{"part": part, "state": state, "id": "doctor-camera-good"}],
    }


def test_reports_fill_a_list_by_number_and_the_lenders_columns_stay(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_text(
        "number;lent to;where;state\r\n9;Collège B;Nantes;\r\n7;École A;Rennes;broken\r\n"
    )

    fleet.read(path).merge(report(7)).merge(report(12, name="kit-12", state="broken")).save(path)

    again = fleet.read(path)
    rows = {row["number"]: row for row in again.rows}
    assert list(rows) == ["7", "9", "12"]
    assert again.delimiter == ";"
    assert rows["7"] | {"lent to": "École A", "where": "Rennes", "state": "good"} == rows["7"]
    assert (rows["12"]["state"], rows["12"]["notes"]) == ("broken", "camera")
    assert rows["9"]["lent to"] == "Collège B"


def test_an_older_report_changes_nothing():
    new = fleet.Fleet().merge(report(at="2026-11-20T10:00+01:00"))

    assert new.merge(report(at="2026-10-01T10:00+01:00", state="broken")) == new


def test_two_kits_under_one_number_are_refused_aloud():
    known = fleet.Fleet().merge(report(7, name="kit-7"))

    with pytest.raises(Conflict) as refused:
        known.merge(report(7, name="kit-from-the-attic"))

    assert (refused.value.id, refused.value.values["other"]) == (
        "fleet-two-kits",
        "kit-from-the-attic",
    )


def test_kits_of_one_name_are_told_apart_by_their_boards(tmp_path):
    """Of one image all are called "kit"."""
    a, b = report(7, name="kit"), report(7, name="kit")
    a["kit"]["serial"], b["kit"]["serial"] = "10000000aa", "10000000bb"
    renamed = report(7, name="kit-7", at="2026-11-21T10:00+01:00")
    renamed["kit"]["serial"] = "10000000aa"
    known = fleet.Fleet().merge(a)

    assert known.merge(renamed).rows[0]["name"] == "kit-7"
    with pytest.raises(Conflict) as refused:
        known.merge(b)

    assert (refused.value.values["one"], refused.value.values["other"]) == (
        "10000000aa",
        "10000000bb",
    )


def test_notes_name_what_a_lender_has_to_look_at():
    found = report(state="absent", part="temperature")
    found["findings"] += [
        {"part": "meter", "state": "absent", "id": "doctor-meter-none"},
        {"part": "camera", "state": "warning", "id": "doctor-camera-none"},
    ]

    assert fleet.Fleet().merge(found).rows[0]["notes"] == "meter camera"


def test_a_kit_without_a_number_gets_the_next_one_and_keeps_its_own(tmp_path, capsys):
    list_, unnumbered, numbered = (tmp_path / name for name in ("f.csv", "0.json", "9.json"))
    unnumbered.write_text(json.dumps(report(0, name="new")))
    numbered.write_text(json.dumps(report(9, name="nine")))

    assert main(["fleet", "add", str(list_), "--remarks", "blue"]) == 0
    assert main(["fleet", "add", str(list_)]) == 0
    assert main(["fleet", "merge", str(list_), str(unnumbered)]) == 1
    assert main(["fleet", "merge", str(list_), str(unnumbered), "--number", "2"]) == 0
    assert main(["fleet", "merge", str(list_), str(numbered), "--number", "3"]) == 0

    assert [(row["number"], row["name"]) for row in fleet.read(list_).rows] == [
        ("1", ""),
        ("2", "new"),
        ("9", "nine"),
    ]


def test_a_cell_is_never_a_formula(tmp_path):
    path = tmp_path / "fleet.csv"
    fleet.Fleet().add(3, remarks='=HYPERLINK("x")').save(path)

    assert "'=HYPERLINK" in path.read_text("utf-8-sig")
    assert fleet.read(path).rows[0]["remarks"] == '=HYPERLINK("x")'


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (b"name,state\r\nkit,good\r\n", "fleet-wrong"),
        (b"number\r\n7\r\n7\r\n", "fleet-wrong"),
        (b"number\r\n\xff\xfe\r\n", "fleet-wrong"),
        (b"", "fleet-wrong"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_left_alone(tmp_path, content, id):
    path = tmp_path / "fleet.csv"
    path.write_bytes(content)

    with pytest.raises(BadInput) as refused:
        fleet.read(path)

    assert refused.value.id == id
    assert path.read_bytes() == content


@pytest.mark.parametrize("number", [0, -1, 10_000, True, "7", None])
def test_a_number_is_one(number):
    for verb in (lambda: fleet.Fleet().add(number), lambda: fleet.Fleet().merge(report(number))):
        with pytest.raises(BadInput):
            verb()


@pytest.mark.parametrize("told", ["[]", "{}", "not json", '{"number": 7, "kit": 3}'])
def test_a_report_that_is_none_is_refused(tmp_path, told):
    path = tmp_path / "report.json"
    path.write_text(told)

    with pytest.raises(BadInput) as refused:
        fleet.Fleet().merge(fleet.read_report(path))
    assert refused.value.id == "fleet-report-wrong"


def test_the_command_merges_good_reports_and_says_the_others(tmp_path, capsys):
    from kit.cli import main

    path = str(tmp_path / "fleet.csv")
    assert main(["fleet", "add", path, "--number", "7", "--remarks", "blue case"]) == 0
    (tmp_path / "good.json").write_text(json.dumps(report(8, name="kit-8")))
    (tmp_path / "bad.json").write_text("{}")

    status = main(["fleet", "merge", path, str(tmp_path / "bad.json"), str(tmp_path / "good.json")])

    assert status == 1
    assert [row["number"] for row in fleet.read(tmp_path / "fleet.csv").rows] == ["7", "8"]
    assert main(["fleet", "list", path]) == 0
    assert "kit-8" in capsys.readouterr().out
    with pytest.raises(NotFound):
        fleet.read(tmp_path / "other.csv")
    assert main(["fleet", "add", path, "--number", "7"]) == 1
    assert issubclass(NotFound, KitError)
