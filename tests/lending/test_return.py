"""Lend and return: counts that outlive classes, a sheet, and nothing of the loan left."""

import json
import shutil
from html.parser import HTMLParser

import pytest

from kit.app import Kit
from kit.cli import main
from kit.core.errors import BadInput
from kit.core.types import Actor, Role
from kit.i18n import use_language
from kit.lending import lender as lenders
from kit.lending import reset, sheets
from kit.lending.loan import Counts, Loan
from kit.settings import Settings
from kit.storage import Store
from tests.support.small import BLUE, RED, jpeg

SECRET = "Cailloux de Zélie"
TEACHER = Actor(Role.TEACHER)


def a_lesson(kit, animal="squirrel"):
    """One group shows two things; what pupils typed is in there."""
    actor = kit.classroom.join(animal)
    info = kit.library.create(actor, SECRET, activity="sort-it")
    studio = kit.library.open(actor, info.id)
    for name, colour in (("tesson-bleu", BLUE), ("tesson-rouge", RED)):
        label = studio.add_label(actor, name)
        studio.add_files(actor, label.id, [(f"{n}.jpg", jpeg(colour)) for n in range(3)])
    return studio


@pytest.fixture(scope="module")
def loan(tmp_path_factory):
    """A data folder in which one lesson has ended and another one is left over."""
    data = tmp_path_factory.mktemp("loan") / "data"
    kit = Kit(Settings(data=data, camera="none", microphone="none", host="0.0.0.0"))
    a_lesson(kit)
    kit.classroom.end_class(TEACHER)
    a_lesson(kit)
    a_lesson(kit, "owl")
    kit.close()
    (data / lenders.NAME).write_text('number = 7\nlender = "Atelier <Nord>"\n')
    return data


@pytest.fixture
def lent(loan, tmp_path):
    """A copy of it, to be erased."""
    return shutil.copytree(loan, tmp_path / "data")


def test_classes_are_counted_before_they_are_erased(lent):
    with Store.open(lent) as store:
        counts = Loan(store).whole(on_s=5400)

    assert (counts.lessons, counts.groups, counts.projects, counts.activities) == (2, 3, 3, 3)
    assert counts.pictures == 18
    assert counts.hours >= 1.5


def test_a_class_that_cannot_be_counted_is_erased_all_the_same(lent, caplog):
    kit = Kit(Settings(data=lent, camera="none", microphone="none", host="0.0.0.0"))

    def broken(on_s):
        raise RuntimeError("no room for a number")

    kit.classroom._count = broken
    kit.classroom.end_class(TEACHER)

    assert [one.name for one in kit.store.projects() if not one.is_example] == []
    assert "not counted" in caplog.text
    kit.close()


def test_the_counts_hold_no_word_of_a_pupil(lent):
    with Store.open(lent) as store:
        kept = json.dumps(store.get("kit.loan"))

    assert "Zélie" not in kept
    assert "squirrel" not in kept
    assert set(json.loads(kept)) == set(Counts.__dataclass_fields__)


def test_a_return_prints_counts_erases_and_proves_it(lent, tmp_path, capsys):
    sheet = tmp_path / "bilan.html"
    assert any(SECRET.encode() in path.read_bytes() for path in lent.rglob("*") if path.is_file())

    status = main(["return", "--data", str(lent), "--yes", "--out", str(sheet)])

    said = capsys.readouterr().out
    assert status == 0
    assert "none was found again" in said or "aucun" in said
    assert list(lent.iterdir()) == []
    assert "Atelier" not in sheet.read_text()  # the bilan is of the loan, not of the lender
    assert "Zélie" not in sheet.read_text()


def test_counting_alone_erases_nothing_and_counts_the_lesson_that_is_left(lent, tmp_path, capsys):
    sheet = tmp_path / "bilan.html"

    assert main(["return", "--data", str(lent), "--count", "--out", str(sheet)]) == 0

    with Store.open(lent) as store:
        assert [one.name for one in store.projects() if not one.is_example] == [SECRET, SECRET]
        assert Loan(store).so_far().lessons == 1
    assert '<td class="n">2</td>' in sheet.read_text("utf-8")  # that one, and the one before


def test_a_lesson_erased_from_the_command_line_was_held_all_the_same(lent, capsys):
    assert main(["erase", "--data", str(lent), "--yes"]) == 0
    assert main(["erase", "--data", str(lent), "--yes"]) == 0  # there is no third lesson

    with Store.open(lent) as store:
        assert Loan(store).so_far().lessons == 2


def test_the_answer_no_erases_nothing(lent, monkeypatch, capsys):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\n"))

    assert main(["return", "--data", str(lent)]) == 1
    with Store.open(lent) as store:
        assert store.projects()


def test_what_is_left_on_a_device_is_found(lent, tmp_path, capsys):
    """An image of a card on which one old block of a picture, and one word, were left."""
    picture = max(
        (path for path in lent.rglob("media/**/*") if path.is_file()),
        key=lambda p: p.stat().st_size,
    )
    block, word, clean = tmp_path / "block.img", tmp_path / "word.img", tmp_path / "clean.img"
    block.write_bytes(bytes(40 * 4096) + picture.read_bytes().ljust(4096, b"\0") + bytes(9 * 4096))
    word.write_bytes(bytes(3_000_001) + SECRET.encode() + bytes(5000))
    clean.write_bytes(bytes(2_000_000))
    wanted = reset.needles(lent)

    assert "byte 163840" in reset.search(block, wanted)[0]
    assert "a word" in reset.search(word, wanted)[0]
    assert reset.search(clean, wanted) == []
    assert main(["return", "--data", str(lent), "--yes", "--search", str(block)]) == 1
    assert list(lent.iterdir()) == []  # erased all the same


def test_a_words_halves_in_two_pieces_are_found(lent, tmp_path, monkeypatch):
    monkeypatch.setattr(reset, "_PIECE", 8192)
    image = tmp_path / "split.img"
    image.write_bytes(bytes(8192 - 5) + SECRET.encode() + bytes(100))

    assert reset.search(image, reset.needles(lent))


def test_files_are_overwritten_before_they_go(lent, monkeypatch):
    seen = {}
    really = reset.shutil.rmtree

    def look(path, *arguments):
        seen.update({one: one.read_bytes() for one in path.rglob("*") if one.is_file()})
        really(path, *arguments)

    monkeypatch.setattr(reset.shutil, "rmtree", look)
    reset.reset(lent)

    assert len(seen) > 10
    assert all(set(content) <= {0} for content in seen.values())


def test_the_associations_own_words_settings_and_activities_come_back(lent, tmp_path, capsys):
    defaults = tmp_path / "defaults"
    (defaults / "activities" / "ours").mkdir(parents=True)
    (defaults / "activities" / "ours" / "activity.toml").write_text("broken, and listed as such")
    (defaults / "lender.toml").write_text("number = 7\n")
    (defaults / "kit.toml").write_text('language = "en"\n')
    (defaults / "stray.sh").write_text("rm -rf /")

    assert main(["return", "--data", str(lent), "--yes", "--defaults", str(defaults)]) == 0

    assert sorted(path.name for path in lent.iterdir()) == ["activities", "kit.toml", "lender.toml"]
    kit = Kit(Settings(data=lent, camera="none", microphone="none"))
    try:
        assert "ours" in [listed.name for listed in kit.rooms().activities()]
        assert Loan(kit.store).so_far() == Counts()
    finally:
        kit.close()


def test_asked_again_only_what_has_changed_is_put_back(tmp_path):
    defaults, data = tmp_path / "defaults", tmp_path / "data"
    (defaults / "activities" / "ours").mkdir(parents=True)
    data.mkdir()
    (defaults / "activities" / "ours" / "lesson.fr.md").write_text("a")
    (defaults / "lender.toml").write_text("number = 7\n")
    (defaults / "kit.toml").write_text('language = "en"\n')
    (defaults / "activities" / "ours").chmod(0o700)  # as a FAT drive shows it to root

    assert reset.restore(defaults, data, settings=False) == ["activities", "lender.toml"]
    assert reset.restore(defaults, data, settings=False) == []
    (defaults / "lender.toml").write_text("number = 8\n")
    assert reset.restore(defaults, data, settings=False) == ["lender.toml"]

    assert not (data / "kit.toml").exists()
    before = (data / "activities").stat().st_mode
    assert (data / "activities" / "ours").stat().st_mode == before  # not the drive's


@pytest.mark.parametrize(
    "more", [["--defaults", "/nowhere"], ["--search", "/dev/nowhere"], ["--out", "{data}/x.html"]]
)
def test_a_slip_of_the_pen_erases_nothing(lent, more, capsys):
    arguments = [one.format(data=lent) for one in more]

    assert main(["return", "--data", str(lent), "--yes", *arguments]) == 1
    with Store.open(lent) as store:
        assert store.projects()


def test_a_kit_that_serves_is_not_returned(lent, capsys):
    with Store.open(lent):
        assert main(["return", "--data", str(lent), "--yes"]) == 1
    assert (lent / "kit.db").exists()


# --- the hand-over sheet ---


class Words(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(text)

    def handle_data(self, data):
        self.words.append(data)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_lend_writes_a_sheet_with_boxes_and_a_report(lent, tmp_path, monkeypatch, capsys, language):
    monkeypatch.setenv("KIT_LANGUAGE", language)
    sheet = tmp_path / "sheet.html"

    assert main(["lend", "--data", str(lent), "--out", str(sheet), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["good"], told["kit"]["version"]) == (7, True, "0.1.0")
    page = Words(sheet.read_text("utf-8"))
    assert "Atelier <Nord>" in " ".join(page.words)  # escaped, not obeyed
    assert "nord" not in page.tags
    assert page.tags.count("li") > 12
    assert "script" not in page.tags
    use_language("en")


def test_the_sheet_says_that_the_meter_is_not_there(lent, tmp_path):
    sheet = tmp_path / "sheet.html"

    main(["lend", "--data", str(lent), "--out", str(sheet)])

    assert "No power meter: joules are estimated, not measured." in sheet.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "number = -1",
        "number = true",
        "numbre = 3",
        "contents = 3",
        'photo = "../x.jpg"',
        "= =",
        "\0",
    ],
)
def test_a_broken_lender_file_is_said_by_name(tmp_path, text):
    (tmp_path / "lender.toml").write_text(text)

    with pytest.raises(BadInput) as refused:
        lenders.read(tmp_path / "lender.toml")

    assert refused.value.id == "lender-file-wrong"


def test_a_photo_of_the_case_is_on_the_sheet_and_a_text_file_is_not(tmp_path):
    from kit.findings import Report

    report = Report((), 0.0, {"name": "kit", "version": "0.1.0", "board": "Pi", "system": "x"})
    (tmp_path / "case.jpg").write_bytes(jpeg(RED))
    (tmp_path / "not.jpg").write_text("<script>")

    with_photo = sheets.hand_over(lenders.Lender(), report, tmp_path / "case.jpg")
    without = sheets.hand_over(lenders.Lender(), report, tmp_path / "not.jpg")

    assert "data:image/jpeg;base64," in with_photo
    assert "data:image" not in without
