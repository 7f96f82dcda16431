"""Every id that the code raises has a sentence, and every sentence is raised by somebody."""

import ast
import re
import string
from collections import defaultdict
from pathlib import Path

import pytest

from kit import messages
from kit.core import errors
from kit.i18n import LANGUAGES, catalogue
from kit.messages import MESSAGES
from kit.messages.section import Section, merged

KIT_ERRORS = {name for name, thing in vars(errors).items() if isinstance(thing, type)}
SAYING_IDS = {"Notice", "Advice", "PickAGroup", "_notice", "publish_notice"}


def uses(kit: Path) -> dict[str, list[tuple[str, set[str]]]]:
    """id -> (place, names of the values) of each call that raises it or says it."""
    found: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for path in sorted(kit.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in KIT_ERRORS | SAYING_IDS:
                continue
            place = f"{path.relative_to(kit.parent)}:{node.lineno}"
            values = {keyword.arg or "**" for keyword in node.keywords}
            for argument in node.args[1:]:  # Advice and Notice are given their values in one dict
                if isinstance(argument, ast.Dict):
                    values |= {getattr(key, "value", "**") for key in argument.keys}
                elif name == "Advice":
                    values.add("**")
            for id in literals(node.args[0]):
                found[id].append((place, values))
    return found


def literals(node: ast.expr) -> list[str]:
    """The ids that an expression may be: a word, one of two, a word or a variable."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return literals(one) + literals(other)
        case ast.BoolOp(values=several):
            return [id for one in several for id in literals(one)]
        case _:
            return []


@pytest.fixture(scope="module")
def raised(checkout):
    return uses(checkout / "kit")


@pytest.fixture(scope="module")
def said_otherwise(checkout):
    """Every text in the code that is an id: handed on as a value before it is raised."""
    texts = set()
    for path in (checkout / "kit").rglob("*.py"):
        if path.parent.name == "messages":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return texts


def test_no_file_of_sentences_is_left_out(checkout):
    files = {path.stem for path in (checkout / "kit" / "messages").glob("[!_]*.py")}
    sections = {
        name: thing.MESSAGES
        for name, thing in vars(messages).items()
        if isinstance(getattr(thing, "MESSAGES", None), Section)
    }

    assert sections.keys() == files - {"section"}
    assert all(sections.values())
    assert {id: text for one in sections.values() for id, text in one.items()} == MESSAGES


def test_an_id_that_stands_in_two_files_is_refused():
    with pytest.raises(ValueError, match="two sentences have the id 'disk-full'"):
        merged({"disk-full": "The memory is full."}, {"disk-full": "No room is left."})


def test_every_id_has_a_sentence(raised):
    missing = {id: places[0][0] for id, places in raised.items() if id not in MESSAGES}

    assert raised  # else nothing was looked at
    assert missing == {}


def test_every_sentence_is_said_by_somebody(raised, said_otherwise, checkout):
    # Some ids are put together: f"{what}-name-empty", f"animal-{animal}".
    patterns = set()
    for path in (checkout / "kit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and len(node.values) > 1:
                parts = [getattr(value, "value", None) for value in node.values]
                patterns.add(
                    "".join(re.escape(p) if isinstance(p, str) else "[a-z-]+" for p in parts)
                )
    ids = "\n".join(MESSAGES)
    made = {id for pattern in patterns for id in re.findall(rf"(?m)^{pattern}$", ids)}

    orphans = MESSAGES.keys() - raised.keys() - said_otherwise - made

    assert orphans == set()


def test_a_sentence_mentions_only_values_that_are_given(raised):
    wrong = []
    for id, places in raised.items():
        for place, values in places:
            lacking = placeholders(MESSAGES.get(id, "")) - values
            if lacking and "**" not in values:
                wrong.append(f"{place}: {id} lacks {sorted(lacking)}")

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_breaks_when_it_is_filled(language):
    for id, english in MESSAGES.items():
        sentence = catalogue(language).gettext(english)
        parsed = list(string.Formatter().parse(sentence))

        assert parsed, id
        assert all(name is None or re.fullmatch(r"[a-z_]+", name) for _, name, _, _ in parsed), id


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
