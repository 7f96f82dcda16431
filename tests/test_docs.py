"""The documents hold together: links lead somewhere, commands exist, both readmes say the same."""

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)\b")
CODE = re.compile(r"`[^`]+`|^```.*?^```", re.MULTILINE | re.DOTALL)


def documents(checkout: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=checkout, capture_output=True, text=True, check=True
    )
    return [checkout / name for name in listed.stdout.splitlines()]


def test_every_link_leads_somewhere(checkout):
    broken = [
        f"{path.relative_to(checkout)}: {match['target']}"
        for path in documents(checkout)
        for match in LINK.finditer(CODE.sub("", path.read_text(encoding="utf-8")))
        if "://" not in match["target"] and not (path.parent / match["target"]).exists()
    ]

    assert broken == []


def linked_from(path: Path) -> set[Path]:
    """Documents of ours that it leads to."""
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    targets = (match["target"] for match in LINK.finditer(text) if "://" not in match["target"])
    return {(path.parent / target).resolve() for target in targets if target.endswith(".md")}


@pytest.mark.parametrize("front", ["README.md", "LISEZMOI.md"])
def test_every_document_is_reached_from_both_front_pages(checkout, front):
    """Within two steps, that of the other language aside."""
    first = linked_from(checkout / front)
    reached = first.union(*(linked_from(path) for path in first))
    language = {"README.md": ".en", "LISEZMOI.md": ".fr"}[front]
    ours = {
        path.resolve()
        for path in (checkout / "docs").glob("*.md")
        if path.suffixes[0] == language or path.suffixes == [".md"]
    }

    assert sorted(path.name for path in ours - reached) == []


def test_a_document_in_two_languages_leads_to_the_other_at_its_top(checkout):
    pairs = [
        (french, french.with_name(french.name.replace(".fr.md", f"{english}.md")))
        for french in (checkout / "docs").glob("*.fr.md")
        for english in ("", ".en")
    ]
    pairs = [pair for pair in pairs if pair[1].exists()]

    assert len(pairs) > 6
    for one, other in [*pairs, *((b, a) for a, b in pairs)]:
        top = one.read_text(encoding="utf-8").splitlines()[:3]
        assert any(f"]({other.name})" in line for line in top), one.name


def test_every_picture_is_shown_somewhere_and_says_what_it_shows(checkout):
    shown = {
        (path.parent / target).resolve(): alternative
        for path in documents(checkout)
        for alternative, target in re.findall(
            r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8")
        )
    }
    folder = checkout / "docs" / "images"

    assert sorted(path.name for path in folder.iterdir() if path.resolve() not in shown) == []
    assert [path.name for path, alternative in shown.items() if len(alternative) < 10] == []
    for drawing in folder.glob("*.svg"):
        root = ElementTree.parse(drawing).getroot()
        assert root.find("{http://www.w3.org/2000/svg}title") is not None, drawing.name
        assert {"width", "height", "viewBox"} <= set(root.attrib), drawing.name


@pytest.mark.parametrize(("name", "last"), [("parts.en.md", "sum"), ("parts.fr.md", "total")])
def test_a_kit_costs_what_its_parts_cost(checkout, name, last):
    text = (checkout / "docs" / name).read_text(encoding="utf-8").replace(",", ".")
    rows = [
        [float(cell) for cell in row.strip("* |").replace("*", "").split("|")[1:]]
        for row in re.findall(r"^\|[^|]+(?:\| *\**\d+\** *){4}\|$", text, re.MULTILINE)
    ]
    *parts, total = rows

    assert f"**{last}" in text
    assert len(parts) > 6
    assert [sum(column) for column in zip(*parts, strict=True)] == total
    a_year = total[0] / 5 + 20
    for classes, pupils_cents in ((20, 12), (4, 59)):
        assert round(a_year / (classes * 28) * 100) == pupils_cents
        assert re.search(rf"^\|[^|]+\| {classes} \|[^|]+\| \*\*{pupils_cents} cent", text, re.M)


def test_every_make_command_that_is_named_exists(checkout):
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    for path in documents(checkout):
        for piece in CODE.findall(path.read_text(encoding="utf-8")):
            named = set(MAKE.findall(piece))
            assert named <= targets, f"{path.name} names {named - targets}"


@pytest.mark.parametrize("pattern", [r"^(?:make|kit) [a-z]+", r"^## "])
def test_both_front_pages_say_the_same(checkout, pattern):
    english, french = (
        re.findall(pattern, (checkout / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("README.md", "LISEZMOI.md")
    )

    assert english
    assert english == french


def test_every_decision_has_a_number_of_its_own(checkout):
    names = sorted(path.name for path in (checkout / "docs" / "decisions").glob("*.md"))
    numbers = [name[:4] for name in names]

    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_no_document_names_a_figure_of_a_raspberry_pi_as_measured(checkout):
    """Until a Pi has been measured, whoever writes "measured on a Pi" is mistaken."""
    claim = re.compile(r"(?<!yet )(?<!never )measured on (?:a|the) (?:Raspberry )?Pi\b", re.I)
    negated = re.compile(r"\b(?:not|never|nothing|no)\b[^.]*measured on", re.I)

    for path in documents(checkout):
        for sentence in re.split(r"(?<=[.:])\s", path.read_text(encoding="utf-8")):
            assert not claim.search(sentence) or negated.search(sentence), (path.name, sentence)
