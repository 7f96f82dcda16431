"""The kit's own words in the documents: what is quoted is said, what is named stands on a page.

In these documents a line behind a bar is what the kit says, and what stands in italics is on its
page. Whoever changes a sentence in the catalogue is told here which document quotes it.
"""

import re
import string
import unicodedata
from pathlib import Path

import pytest

from kit.appliance import boot_file
from kit.i18n import catalogue, sentence
from kit.messages import MESSAGES

TOPICS = ("flashing", "lending", "not-yet-on-hardware", "parts", "teacher", "troubles")
QUOTE = re.compile(r"^ *> (.+)$", re.MULTILINE)
ITALICS = re.compile(r"(?<![*\w])\*(?!\*)([^*\n]+)\*(?!\*)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
EXAMPLE = re.compile(r"^- `(?P<form>[^`]+)`\n  > (?P<said>.+)$", re.MULTILINE)


def documents(checkout: Path, language: str) -> list[Path]:
    """One for each topic."""
    found = []
    for topic in TOPICS:
        named = checkout / "docs" / f"{topic}.{language}.md"
        found.append(named if named.exists() else checkout / "docs" / f"{topic}.md")
    return found


def plain(text: str) -> str:
    """With ordinary spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))


class Said:
    """A sentence of the catalogue, with anything where it takes a value."""

    def __init__(self, text: str) -> None:
        parts = list(string.Formatter().parse(text))
        literals = [plain(literal) for literal, *_ in parts]
        self.letters = sum(map(len, literals))
        self.pattern = re.compile(
            "".join(
                re.escape(literal) + ("" if name is None else ".+")
                for literal, (_, name, *_) in zip(literals, parts, strict=True)
            )
        )

    def fits(self, quote: str) -> bool:
        """At least half of the quote is the sentence's own: "{term}: {count}" fits all else."""
        return self.letters >= len(quote) / 2 and self.pattern.fullmatch(quote) is not None


@pytest.fixture(scope="module", params=["en", "fr"])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def said(language) -> list[Said]:
    """All that the kit can say in that language."""
    entries = catalogue(language).entries
    known = [text for entry in entries.values() for text in entry.translations if text]
    if language == "en":
        known = [*catalogue("fr").entries]
    assert len(known) > 500  # else nothing was read
    return [Said(text) for text in known]


def is_said(text: str, said: list[Said]) -> bool:
    return any(one.fits(plain(text).strip()) for one in said)


def test_every_sentence_behind_a_bar_is_one_of_the_kits(checkout, language, said):
    quoted = [
        (path.name, text)
        for path in documents(checkout, language)
        for text in QUOTE.findall(path.read_text("utf-8"))
    ]

    assert len(quoted) > 40
    assert [(name, text) for name, text in quoted if not is_said(text, said)] == []


def test_every_word_in_italics_stands_on_a_page(checkout, language, said):
    named = [
        (path.name, text)
        for path in documents(checkout, language)
        # The third line says where the other language is.
        for text in ITALICS.findall(CODE.sub("", "".join(_without_link(path))))
    ]

    assert len(named) > 20
    assert [(name, text) for name, text in named if not is_said(text, said)] == []


def test_the_examples_of_a_wrong_form_are_answered_with_these_words(checkout, language):
    text = (checkout / "docs" / f"flashing.{language}.md").read_text("utf-8")
    examples = EXAMPLE.findall(text)

    assert len(examples) > 6
    for form, quoted in examples:
        problems = boot_file.read(form.encode()).problems
        told = {plain(sentence(one.id, one.values, language)) for one in problems}
        assert plain(quoted).strip() in told, form


def test_all_that_can_be_wrong_with_the_form_is_quoted(checkout, language):
    text = plain((checkout / "docs" / f"flashing.{language}.md").read_text("utf-8"))
    source = (checkout / "kit" / "appliance" / "boot_file.py").read_text("utf-8")

    for id in sorted(set(re.findall(r'"(boot-file-[a-z-]+)"', source))):
        own = MESSAGES[id]
        if language != "en":
            [own] = catalogue(language).entries[own].translations
        assert Said(own).pattern.search(text), id


def test_both_languages_quote_the_same(checkout):
    """A chapter that was added in one language only would not be noticed otherwise."""
    for english, french in zip(documents(checkout, "en"), documents(checkout, "fr"), strict=True):
        one, other = (path.read_text("utf-8") for path in (english, french))
        for count in (QUOTE.findall, re.compile("^#+ ", re.MULTILINE).findall, _rows, _pictures):
            assert len(count(one)) == len(count(other)), (english.name, count)


def test_a_word_that_nobody_says_is_found(said):
    """The check itself can fail."""
    assert not is_said("The kit has a cold and stays at home.", said)
    assert not is_said("Something else entirely: seven.", said)


def _without_link(path: Path) -> list[str]:
    return [
        line
        for line in path.read_text("utf-8").splitlines(keepends=True)
        if not re.match(r"\*(?:En français|In English)", line)
    ]


def _rows(text: str) -> list[str]:
    return re.findall(r"^ *\|.*\|$", text, re.MULTILINE)


def _pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
