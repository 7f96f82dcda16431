"""docs/command-line.md under test: what it names exists, and what exists is named."""

import argparse
import importlib
import re
from dataclasses import fields

import pytest

from kit.cli import _MODULES, VERBS
from kit.settings import Settings, load


@pytest.fixture(scope="module")
def manual(checkout) -> str:
    return (checkout / "docs" / "command-line.md").read_text("utf-8")


def options_of(verb: str) -> set[str]:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"kit.cli.{_MODULES.get(verb, verb)}").configure(parser)
    return {name for action in parser._actions for name in action.option_strings} - {"-h", "--help"}


def test_every_verb_has_its_chapter_and_no_other_does(manual):
    chapters = re.findall(r"^## kit ([\w-]+)", manual, flags=re.MULTILINE)

    assert sorted(chapters) == sorted(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_named_in_its_chapter(manual, verb):
    [chapter] = re.findall(
        rf"^## (kit {verb}\b.*?)(?=^## )", manual, flags=re.MULTILINE | re.DOTALL
    )

    everywhere = {"--data", "--config"}  # told once, under Settings
    assert options_of(verb) - everywhere <= set(re.findall(r"--[a-z]+", chapter))


def test_every_option_that_is_named_exists(manual):
    known = {"--help", "--version", "--traceback"}.union(*map(options_of, VERBS))

    assert set(re.findall(r"--[a-z]+", manual)) <= known


def test_every_setting_stands_in_the_table_with_its_default(manual):
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", manual, flags=re.MULTILINE)

    assert [(key, told) for key, _, told in rows] == [
        (setting.name, setting.metadata["doc"]) for setting in fields(Settings)
    ]
    for key, default, _ in rows[1:]:  # the data folder depends on who asks
        value = getattr(Settings(), key)
        assert default == f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_the_example_of_a_settings_file_is_one(manual, tmp_path):
    [example] = re.findall(r"```toml\n(.*?)```", manual, flags=re.DOTALL)
    (tmp_path / "kit.toml").write_text(example)

    assert load({"data": tmp_path}, environment={}).rotate == 180
