"""The command as a whole: its verbs, its settings, its exit status, its bar."""

import json
import os
import pty
import subprocess
import sys
import time

import pytest

from kit.core.types import Kind
from kit.storage import NewSample, Store
from tests.cli.pictures import one_line

VERBS = ["serve", "train", "predict", "evaluate", "bench", "doctor", "export", "import"]
VERBS += ["activities", "erase", "meter"]


def test_the_version_comes_at_once_without_the_heavy_parts(kit):
    done = kit("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("kit 0.")

    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kit", "--help"], capture_output=True, text=True
    ).stderr
    for heavy in ("numpy", "cv2", "flask", "ai_edge_litert", "sqlite3"):
        assert f" {heavy}\n" not in loaded, heavy


def test_every_verb_is_listed_and_has_a_help_of_its_own(kit):
    told = kit("--help").stdout

    for verb in VERBS:
        assert f"\n    {verb}" in told
        own = kit(verb, "--help")
        assert own.returncode == 0
        assert own.stdout.startswith(f"usage: kit {verb}")


@pytest.mark.parametrize("arguments", [[], ["tain"], ["erase", "--now"], ["predict"]])
def test_wrong_usage_is_status_2(kit, arguments):
    done = kit(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: kit")


def test_a_setting_with_a_slip_of_the_pen_names_the_nearest(kit, tmp_path):
    (tmp_path / "kit.toml").write_text("prot = 9000\n")

    for done in (
        kit("doctor", "--data", tmp_path),
        kit("doctor", environment={"KIT_PROT": "9000"}),
    ):
        assert done.returncode == 2
        assert "port" in one_line(done.stderr)


def test_an_error_shows_where_it_arose_only_to_whoever_asks(kit, tmp_path):
    assert "Traceback" in kit("--traceback", "train", tmp_path, "--out", tmp_path / "o").stderr
    one_line(kit("train", tmp_path, "--out", tmp_path / "o").stderr)


def test_bench_tells_times_and_no_energy_that_nobody_measured(kit):
    figures = json.loads(kit("bench", "--quick", "--json", "--meter", "none").stdout)

    stages = figures["latency"]["stages"]
    assert list(stages) == ["decode", "prepare", "invoke", "head", "total"]
    for found in stages.values():
        assert 0 < found["low_ms"] <= found["median_ms"] <= found["high_ms"]
        assert found["median_ms"] <= found["p95_ms"]
    assert stages["total"]["median_ms"] >= stages["invoke"]["median_ms"]
    assert figures["energy"] == {"source": "none"}
    assert figures["peak_memory_mb"] > 10
    assert {"board", "runtime", "backbone_hash", "threads"} <= figures.keys()

    told = kit("bench", "--quick", "--meter", "none")
    assert "energy: no meter" in told.stdout
    assert "fewer" in told.stderr
    assert "measurements" in told.stderr  # where the raw log is


def test_doctor_finds_this_kit_well(kit):
    done = kit("doctor", "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, report["good"]) == (0, True)
    for finding in report["findings"]:
        assert list(finding) == ["part", "state", "id", "values", "reason"]


def test_doctor_fails_when_no_lesson_can_be_held(kit, tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")

    done = kit("doctor", "--data", tmp_path / "data")

    assert done.returncode == 1
    assert "\nbroken" in f"\n{done.stdout}"


def test_activities_are_listed_and_a_broken_one_has_its_reasons(kit, tmp_path):
    assert "sort-it" in kit("activities").stdout
    assert kit("activities", "check").returncode == 0

    (tmp_path / "half").mkdir()
    done = kit("activities", "check", tmp_path)
    assert done.returncode == 1
    assert "half" in done.stdout and "activity.toml" in done.stdout
    [listed] = json.loads(kit("activities", "list", tmp_path, "--json").stdout)["activities"]
    assert listed["name"] == "half" and listed["problems"]


@pytest.fixture
def a_class(tmp_path):
    """A data folder with one project of two samples."""
    with Store.open(tmp_path / "data") as store:
        store.add_space("owl")
        project = store.add_project("owl", "Secrets of the owls", Kind.IMAGE)
        label = store.add_label(project.id, "cup")
        new = [NewSample(label.id, "b", bytes([n]), 1, 1, "file") for n in range(2)]
        store.add_samples(project.id, new)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("typed", "status", "left"), [("yes\n", 0, 0), ("OUI\n", 0, 0), ("y\n", 1, 1), ("", 1, 1)]
)
def test_erase_says_what_goes_and_asks_for_a_whole_word(kit, a_class, typed, status, left):
    done = kit("erase", "--data", a_class, input=typed)

    assert "projects 1, samples 2" in done.stdout
    assert done.returncode == status
    with Store.open(a_class) as store:
        assert len(store.projects()) == left
    assert (b"Secrets of the owls" in (a_class / "kit.db").read_bytes()) is bool(left)


def test_erase_can_be_told_not_to_ask(kit, a_class, tmp_path):
    assert kit("erase", "--data", a_class, "--yes").returncode == 0
    assert kit("erase", "--data", tmp_path / "nothing here", "--yes").returncode == 0
    assert not (tmp_path / "nothing here").exists()


def test_a_folder_that_a_server_holds_is_not_erased_behind_its_back(kit, a_class):
    with Store.open(a_class) as store:
        done = kit("erase", "--data", a_class, "--yes")

        assert done.returncode == 1
        assert str(os.getpid()) in one_line(done.stderr)
        assert len(store.projects()) == 1


def test_a_bar_shows_on_a_terminal_for_what_takes_long_and_leaves_no_trace():
    program = (
        "import time; from kit.cli.terminal import Bar\n"
        "with Bar(15, 'Pictures') as bar:\n"
        "    for _ in range(15): time.sleep(0.1); bar.advance()\n"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", program], stderr=theirs):
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)

    assert "Pictures █".encode() in seen and b"/15" in seen
    assert seen.endswith(b"\r\x1b[K")


def test_no_bar_shows_where_nobody_looks_or_for_a_moment(capsys):
    from kit.cli.terminal import Bar

    with Bar(2, "Pictures") as bar:
        bar.advance()
        time.sleep(0.01)
        bar.advance()

    assert capsys.readouterr().err == ""


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1024)
    except OSError:  # the other end of a pseudo-terminal is gone
        return b""
