"""docs/api.md and docs/security.md speak of what is there, of all of it and of nothing else."""

import re

import pytest

PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@pytest.fixture
def api_md(checkout):
    return (checkout / "docs" / "api.md").read_text("utf-8")


def test_every_route_is_named_and_every_named_route_exists(app, api_md):
    named = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]+)`", api_md))
    there = {
        (method, PARAMETER.sub(r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/camera.mjpeg"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert named == there


def test_every_page_is_named(app, api_md):
    pages = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")}

    assert {page for page in pages if f"`{page}`" not in api_md} == {"/camera.mjpeg"}


def test_every_file_that_security_md_names_exists(checkout):
    text = (checkout / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`((?:kit|tests)/[\w/.]+)`", text))

    assert len(named) > 10
    assert {name for name in named if not (checkout / name).exists()} == set()
