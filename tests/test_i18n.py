"""The catalogue is whole: everything said is translated, with the same values, and explained."""

import importlib.util
import io
import json
import re
import string

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po as babel_read_po

from kit.i18n import LANGUAGES, Catalogue, catalogue, fill, number, read_po, sentence
from kit.resources import locale_dir

NARROW = "\N{NARROW NO-BREAK SPACE}"
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def catalogues(checkout):
    """scripts/catalogues.py, as a module."""
    spec = importlib.util.spec_from_file_location(
        "catalogues", checkout / "scripts" / "catalogues.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said(catalogues):
    """Every sentence of the code, as Babel finds it."""
    return [message for message in catalogues.extract() if message.id]


def test_every_sentence_is_translated_and_has_a_note(catalogues, said):
    assert len(said) > 100  # else nothing was read

    assert list(catalogues.missing()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_values(language, said):
    entries = catalogue(language).entries
    for message in said:
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        entry = entries[english[0]]
        wanted = placeholders(english[-1])
        for translation in entry.translations:
            # One thing may be said without its number: "Une photo" for "{n} picture".
            lacking = wanted - placeholders(translation)
            assert placeholders(translation) <= wanted, translation
            assert lacking <= ({"n"} if entry.plural else set()), translation


def test_french_puts_a_narrow_no_break_space_where_french_does(said):
    for entry in catalogue("fr").entries.values():
        for text in entry.translations:
            assert not re.search(rf"[^\s{NARROW}:!?»][!?;»]", text), text
            assert not re.search(r" [!?;:»%]|« ", text), text
            assert "'" not in text or not re.search(r"\w'\w", text), text


def test_french_calls_the_kit_by_one_name():
    texts = [text for e in catalogue("fr").entries.values() for text in e.translations]

    assert [text for text in texts if "mallette " in text] == []  # "Mallette" is the project


def test_the_tool_sets_french_in_its_own_type(catalogues):
    typed = "C'est sûr : « oui » ? kit serve --port 8001: rien d'autre, {name}!"

    assert catalogues.in_french_type(typed) == (
        f"C’est sûr{NARROW}: «{NARROW}oui{NARROW}»{NARROW}? kit serve --port 8001: rien d’autre, "
        "{name}!"
    )


def test_renewing_loses_no_translation(catalogues):
    old, found = catalogues.Catalog(locale="fr"), catalogues.Catalog()
    old.add("stays", "reste")
    old.add("goes", "part")
    found.add("stays", None, [("kit/a.py", 1)])
    found.add("is new", None, [("kit/a.py", 2)])

    once = catalogues.merged(old, found)
    found.add("goes", None, [("kit/a.py", 3)])
    came_back = catalogues.merged(once, found)

    assert came_back["stays"].string == "reste"
    assert came_back["goes"].string == "part"
    assert not came_back["is new"].string


def test_the_reader_agrees_with_babel_over_the_whole_catalogue():
    for language in OTHERS:
        path = locale_dir() / language / "LC_MESSAGES" / "kit.po"
        with path.open("rb") as file:
            known = babel_read_po(file, locale=language, charset="utf-8")
        ours = {entry.singular: entry for entry in read_po(path.read_text("utf-8"))}

        theirs = {m.id if isinstance(m.id, str) else m.id[0]: m for m in known if m.id}
        assert theirs.keys() == ours.keys() - {""}
        for key, message in theirs.items():
            strings = [message.string] if isinstance(message.string, str) else message.string
            assert list(ours[key].translations) == list(strings)
            assert ours[key].fuzzy == message.fuzzy


def test_the_reader_reads_what_is_hard(tmp_path):
    text = (
        "# a remark\n#. note\n#: kit/a.py:1 kit/b.js:22\n#, fuzzy, python-brace-format\n"
        'msgid ""\n"two "\n"lines \\"quoted\\" \\n"\nmsgid_plural "many"\n'
        'msgstr[0] "une\\tchose"\nmsgstr[1] ""\n"des choses"\n\n#~ msgid "gone"\n#~ msgstr "x"\n'
    )

    [entry] = read_po(text)

    assert entry.singular == 'two lines "quoted" \n'
    assert entry.plural == "many"
    assert entry.translations == ("une\tchose", "des choses")
    assert entry.files == ("kit/a.py", "kit/b.js")
    assert entry.fuzzy


@pytest.mark.parametrize(
    ("n", "form"), [(0, "photo"), (1, "photo"), (2, "photos"), (100, "photos")]
)
def test_french_counts_from_two(n, form):
    [entry] = read_po('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "photo"\nmsgstr[1] "photos"\n')
    french = Catalogue("fr", {"a": entry}, "(n > 1)")

    assert french.ngettext("a", "b", n) == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browsers_plural_table_is_the_languages_rule(language):
    known = catalogue(language)
    table = known.for_browser()["plural"]

    for n in (0, 1, 2, 5, 11, 99, 100, 101, 121, 1000, 1001):
        expected = int(n > 1) if language == "fr" else int(n != 1)
        assert table[n if n < 200 else 100 + n % 100] == expected


def test_every_call_in_the_scripts_is_extracted(checkout, catalogues, said):
    """Babel loses calls inside template literals; this finds them with another parser."""
    extracted = {m.id if isinstance(m.id, str) else m.id[0] for m in said}
    found = 0
    for path in sorted((checkout / "kit" / "web" / "static" / "js").rglob("*.js")):
        for word in calls(path.read_text("utf-8")):
            found += 1
            assert word in extracted, f"{path.name}: {word}"

    assert found > 50


def test_that_other_parser_sees_what_babel_does_not():
    source = "const a = _('plain'); const b = html`<p>${_(\"inside\")}</p>`; // _('comment')\n"

    assert list(calls(source)) == ["plain", "inside"]
    assert [m[1] for m in extract("javascript", io.BytesIO(source.encode()))] != ["plain", "inside"]


def test_the_browser_gets_the_sentences_of_its_scripts():
    messages = catalogue("fr").for_browser()["messages"]

    assert len(messages) > 50
    assert "Port {port} is taken by {holder}." not in json.dumps(messages)


def test_values_are_never_read_as_patterns():
    assert fill("{name}", {"name": "{secret}", "secret": "x"}, "en") == "{secret}"
    assert fill("{name.__class__}", {"name": "x"}, "en") == "…"


def test_numbers_have_the_languages_marks():
    assert number(12345.678, "fr", ".1f") == f"12{NARROW}345,7"
    assert number(12345.678, "en", ".1f") == "12,345.7"
    assert number(-0.5, "fr") == "-0,5"


def test_an_error_is_said_in_the_language_asked_for():
    english = sentence("project-missing", {}, "en")
    french = sentence("project-missing", {}, "fr")

    assert english.isascii()
    assert french != english


def calls(source: str):
    """First arguments of `_(` and `ngettext(` in JavaScript, template literals included."""
    without_comments = re.sub(r"(?<!:)//[^\n]*|/\*[\s\S]*?\*/", "", source)
    pattern = r"""(?<![\w$.])(?:_|ngettext)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    for match in re.finditer(pattern, without_comments):
        text = match[1]
        if text.startswith("'"):
            text = '"' + text[1:-1].replace('"', '\\"').replace("\\'", "'") + '"'
        yield json.loads(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
