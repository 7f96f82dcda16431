"""What the page's own scripts say is what the kit says elsewhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kit.core.animals import ANIMALS
from kit.i18n import sentence
from tests.browser.gallery.server import Gallery

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).resolve().parents[2] / "kit/web/static/js/lib/animals.js"


def test_the_page_knows_the_animals_of_the_kit_and_no_others() -> None:
    keys = re.findall(r'case "(\w+)":', SCRIPT.read_text("utf-8"))

    assert keys == [*ANIMALS, "kit"]  # the kit's own space is no group


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_calls_every_group_as_the_kit_does(
    page: Page, class_gallery: Gallery, language: str
) -> None:
    page.goto(f"{class_gallery.address}/?lang={language}", wait_until="domcontentloaded")
    said = page.evaluate(
        """(keys) => import("/static/js/lib/animals.js")
             .then(({ animal }) => keys.map((key) => [animal(key).name, animal(key).group]))""",
        list(ANIMALS),
    )

    kit = [
        [sentence(f"{word}-{key}", {}, language) for word in ("animal", "group")] for key in ANIMALS
    ]
    assert said == kit
    assert (
        page.evaluate("import('/static/js/lib/animals.js').then(({ animal }) => animal('kit'))")
        is None
    )
