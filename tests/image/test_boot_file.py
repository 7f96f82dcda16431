"""`mallette.toml` as people really save it: whatever is wrong is found at once, and in words."""

import re
import tomllib

import pytest

from kit import settings
from kit.appliance.boot_file import COUNTRIES, MOST_BYTES, STRAYS, Wishes, read, settings_text
from kit.i18n import LANGUAGES, sentence

WHOLE = """\
country = "BE"
language = "en"
wifi = "join"
wifi_name = "École 1"
wifi_password = "a long enough one"
camera = "usb"
class_size = 24
name = "kit-2"
ssh_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@lender"
"""


def ids(content: str | bytes | None) -> list[str]:
    """What stands in the way of this file."""
    found = read(content.encode() if isinstance(content, str) else content)
    assert (found.wishes is None) == bool(found.problems)
    return [problem.id for problem in found.problems]


def test_a_whole_file_says_everything():
    assert read(WHOLE.encode()).wishes == Wishes(
        country="BE",
        language="en",
        wifi="join",
        wifi_name="École 1",
        wifi_password="a long enough one",
        camera="usb",
        class_size=24,
        name="kit-2",
        ssh_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@lender",
    )


@pytest.mark.parametrize(
    "saved",
    [
        WHOLE.encode("utf-8-sig"),
        WHOLE.encode("utf-16"),
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("\n", "\r").encode(),
        WHOLE.replace('"BE"', '" be "').encode(),
    ],
    ids=["notepad", "unicode", "windows", "old-mac", "small-and-spaced"],
)
def test_any_plain_editor_will_do(saved):
    assert read(saved).wishes == read(WHOLE.encode()).wishes


@pytest.mark.parametrize(
    ("content", "problem", "values"),
    [
        (None, "boot-file-missing", {}),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "boot-file-not-text", {}),
        (b"#" * (MOST_BYTES + 1), "boot-file-not-text", {}),
        ("# the kit\ncountry = “FR”", "boot-file-curly-quotes", {"line": 2}),
        ('language = "fr"\ncountry = FR', "boot-file-broken", {"line": 2}),
        ('country = "FR"\nname = "kit', "boot-file-broken", {"line": 2}),
        ('country = "FR"\ncountry = "BE"', "boot-file-broken", {"line": 2}),
        ('country = "XX"', "boot-file-country-unknown", {"value": "XX"}),
        ("country = 33", "boot-file-country-unknown", {"value": "33"}),
        ('country = "France"', "boot-file-country-meant", {"value": "France", "meant": "FR"}),
        ('country = "uk"', "boot-file-country-meant", {"value": "uk", "meant": "GB"}),
        ("", "boot-file-country-missing", {}),
    ],
)
def test_what_is_wrong_is_named(content, problem, values):
    assert ids(content) == [problem]
    found = read(content.encode() if isinstance(content, str) else content)
    assert dict(found.problems[0].values) == values


@pytest.mark.parametrize(
    "line",
    [
        'language = "de"',
        'wifi = "on"',
        f'wifi_name = "{"é" * 17}"',
        'wifi_name = "two\\nlines"',
        'wifi = "join"\nwifi_name = "a"\nwifi_password = "short"',
        "class_size = 0",
        "class_size = true",
        'class_size = "30"',
        'camera = "fake:/etc"',
        'name = "my kit"',
        'name = "-"',
        'ssh_key = "password"',
        'ssh_key = "ssh-ed25519 AAAA\\nssh-ed25519 BBBB"',
    ],
)
def test_a_value_that_cannot_be_is_refused(line):
    assert "boot-file-wrong" in ids(f'country = "FR"\n{line}')


def test_everything_wrong_is_found_in_one_go():
    assert ids('langauge = "fr"\nclass_size = 500\nwifi = "join"') == [
        "boot-file-unknown",
        "boot-file-wrong",
        "boot-file-country-missing",
        "boot-file-join-needs",
    ]


def test_a_slip_of_the_pen_gets_the_nearest_word():
    [problem] = read(b'country = "FR"\nlangauge = "fr"').problems

    assert problem.values == {"name": "langauge", "nearest": "language"}


def test_the_kits_own_password_is_never_chosen_by_anyone():
    assert ids('country = "FR"\nwifi_password = "12345678"') == ["boot-file-own-password"]


def test_a_password_is_never_shown_again():
    found = read(
        'country = "FR"\nwifi = "join"\nwifi_name = "a"\nwifi_password = "sécrète"'.encode()
    )

    assert found.problems
    assert "crète" not in repr(found)
    assert "a long enough one" not in repr(read(WHOLE.encode()))


@pytest.mark.parametrize("stray", STRAYS)
def test_what_a_flashing_tool_left_is_named_and_not_obeyed(stray):
    found = read(b'country = "FR"', ["cmdline.txt", "overlays", stray.upper()])

    assert found.wishes == Wishes(country="FR")
    assert [(notice.id, dict(notice.values)) for notice in found.notices] == [
        ("boot-file-stray", {"file": stray})
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_a_sentence_in_both_languages(language):
    broken = [None, b"\xff\xfe\x00", b"country = FR", "country = “FR”".encode(), b'country = "UK"',
              b'contry = "XX"\nclass_size = 0\nwifi = "join"', b'country = "XX"',
              b'country = "FR"\nwifi_password = "12345678"']  # fmt: skip
    problems = [problem for content in broken for problem in read(content).problems]

    said = {problem.id: sentence(problem.id, problem.values, language) for problem in problems}

    assert len(said) == 11
    for text in said.values():
        assert not re.search(r"[{}]|…\.", text), text
        assert text.endswith((".", "?"))


def test_the_settings_written_are_ones_that_the_server_takes(tmp_path):
    wishes = Wishes(country="FR", camera="usb:/dev/video2", language="en", class_size=60)
    (tmp_path / "kit.toml").write_text(settings_text(wishes), encoding="utf-8")

    loaded = settings.load({"data": tmp_path}, environment={})

    assert (loaded.language, loaded.camera, loaded.streams) == ("en", "usb:/dev/video2", 62)


def test_the_form_that_is_put_on_the_card_can_be_read(checkout):
    form = checkout / "image-build" / "files" / "boot" / "mallette.toml"
    content = form.read_bytes()

    assert read(content).wishes == Wishes(country="FR")
    # Each further key is there as an example, commented out; and each example is a good one.
    offered = re.findall(r"^# (\w+ = .*)$", content.decode(), re.MULTILINE)
    assert {line.partition(" ")[0] for line in offered} == set(Wishes.__dataclass_fields__) - {
        "country",
        "language",
    }
    for line in offered:
        [key] = tomllib.loads(line)
        assert [p.id for p in read(f'country = "FR"\n{line}'.encode()).problems] in (
            [],
            ["boot-file-join-needs"],
            ["boot-file-own-password"],
        ), key


def test_countries_are_two_letters_and_those_of_the_kits_languages_are_there():
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRIES)
    assert len(COUNTRIES) == 249
    assert {"FR", "BE", "CH", "CA", "LU", "SN", "GB", "IE", "US"} <= COUNTRIES
