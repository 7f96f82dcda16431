"""The lender's pages: what the loan did, the sheet that goes with it, the file for his list."""

import io
import re
import zipfile

import pytest

from kit.lending import fleet
from kit.lending import lender as lenders
from kit.web.security import STANDS_ALONE

PAGES = ("/loan", "/loan/sheet", "/loan/report.json")


@pytest.fixture
def lent(local_kit):
    """A kit that knows its number and whose it is."""
    words = local_kit.settings.data / lenders.NAME
    words.write_text('number = 7\nlender = "Atelier <Nord>"\n', encoding="utf-8")
    yield local_kit
    words.unlink()


def test_the_page_leads_to_both_papers(client):
    page = client.get("/loan").text

    assert 'href="/loan/sheet"' in page
    assert 'href="/loan/report.json"' in page


def test_the_sheet_stands_alone_and_runs_nothing(client, lent):
    answer = client.get("/loan/sheet", headers={"Accept-Language": "fr"})

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == STANDS_ALONE
    assert re.search(r"<h1>Kit n°\s7\s: fiche de prêt</h1>", answer.text)
    assert "Atelier &lt;Nord&gt;" in answer.text
    assert not re.search(r"<script|<link|\ssrc=\"(?!data:)|\ssrc='|\sstyle=", answer.text)


def test_the_file_is_what_a_lenders_list_takes_in(client, lent):
    answer = client.get("/loan/report.json")

    assert "filename=kit-7.json" in answer.headers["Content-Disposition"].replace('"', "")
    [row] = fleet.Fleet().merge(answer.json).rows
    assert (row["number"], row["state"]) == ("7", "good")


def test_the_counts_say_of_which_kit_they_are(client, lent):
    page = client.get("/loan").text

    assert re.search(r"Number of the kit</th><td class=\"number\">7</td>", page)


def test_words_that_are_wrong_take_no_count_away(client, local_kit):
    words = local_kit.settings.data / lenders.NAME
    words.write_text("numbre = 7\n", encoding="utf-8")

    answer = client.get("/loan")
    words.unlink()

    assert answer.status_code == 200
    assert "Number of the kit" not in answer.text


def test_all_projects_are_given_in_one_file(client, project):
    answer = client.get("/loan/projects.zip")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert len(files.namelist()) >= 1
        assert all(name.endswith(".kit.zip") for name in files.namelist())


def test_both_hold_one_and_the_same_self_test(client, lent):
    first = client.get("/loan/report.json").json

    assert client.get("/loan/report.json").json == first
    assert client.post("/api/doctor").json["at"] >= first["at"]


def test_words_that_are_wrong_are_named_on_the_page(client, local_kit):
    words = local_kit.settings.data / lenders.NAME
    words.write_text("numbre = 7\n", encoding="utf-8")

    answer = client.get("/loan/sheet", headers={"Accept": "text/html"})
    words.unlink()

    assert answer.status_code == 400
    assert "numbre" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_group_sees_none_of_it(squirrel, path):
    assert squirrel.get(path).status_code == 403
