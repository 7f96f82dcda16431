"""Every page opens, in both languages; what only browsers need is there, too."""

import pytest

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens_in_the_language_asked_for(client, project, language):
    pages = ["/", f"/projects/{project}", "/teacher", "/privacy"]
    documents = ["/activities/sort-it/notice", "/activities/sort-it/guide"]
    for path in pages + documents:
        answer = client.get(f"{path}?lang={language}", headers=HTML)

        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text, path
        assert answer.headers["Content-Language"] == language


def test_the_browsers_language_counts_where_none_was_chosen(app):
    french = app.test_client().get("/", headers={**HTML, "Accept-Language": "fr-CH, en;q=0.5"})
    neither = app.test_client().get("/", headers={**HTML, "Accept-Language": "pl"})

    assert '<html lang="fr"' in french.text
    assert '<html lang="en"' in neither.text  # this kit's setting


def test_a_page_that_is_not_there_says_so_as_a_page(client):
    for path in ("/nothing", "/projects/p-none", "/activities/none/guide"):
        answer = client.get(path, headers=HTML)

        assert answer.status_code == 404, path
        assert answer.mimetype == "text/html"
        assert "<h1" in answer.text


def test_a_script_gets_json_where_a_person_gets_a_page(client):
    assert client.get("/projects/p-none", headers={"Accept": "application/json"}).is_json


def test_the_catalogue_is_asked_for_again_but_not_sent_again(client):
    first = client.get("/i18n/fr.json")
    again = client.get("/i18n/fr.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json["language"] == "fr"
    assert first.json["messages"]
    assert again.status_code == 304
    assert client.get("/i18n/xx.json").status_code == 404


def test_scripts_come_as_scripts(client):
    script = client.get("/static/js/lib/i18n.js")

    assert script.mimetype == "text/javascript"
    assert "no-cache" in script.headers["Cache-Control"]


def test_in_a_class_the_home_page_is_for_everybody_and_a_project_for_its_group(class_app):
    nobody = class_app.test_client()

    home = nobody.get("/", headers=HTML)
    project = nobody.get("/projects/any", headers=HTML)

    assert home.status_code == 200
    assert project.status_code == 303
    assert project.headers["Location"] == "/"
