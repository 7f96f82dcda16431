"""The lessons on this kit, and the example objects that stand in for a camera."""

from collections.abc import Iterator
from typing import Any

from flask import Response, url_for

from kit.activities import Activity, Listed
from kit.core.errors import NotFound
from kit.i18n import current_language, sentence
from kit.web import schemas
from kit.web.api.resource import BINARY, Resource
from kit.web.session import rooms

blueprint = Resource("activities", __name__, description="The lessons on this kit.")


@blueprint.get("/activities")
@blueprint.response(200, schemas.Activities)
def index() -> dict[str, Any]:
    """List the lessons, those that are not in order, too."""
    return {"activities": [_card(listed) for listed in rooms().activities()]}


@blueprint.get("/activities/<name>")
@blueprint.response(200, schemas.Activity)
def show(name: str) -> dict[str, Any]:
    """Give one lesson's steps and its basket of example objects, in the request's language."""
    language = current_language()
    for listed in _sound(name):
        activity = listed.activity
        return {
            **_card(listed),
            "kind": str(activity.kind),
            "level": activity.level,
            "minutes_alone": activity.minutes_alone,
            "ages": list(activity.ages),
            "material": list(activity.material[language]),
            "steps": activity.steps[language],
            "basket": _basket(activity, language),
        }
    raise _missing(name)


@blueprint.get("/activities/<name>/pictures/<label>/<file>")
@blueprint.response(200, BINARY, content_type="image/jpeg")
def picture(name: str, label: str, file: str) -> Response:
    """Give one example picture.

    `label` and `file` are looked for among the lesson's own pictures and never joined to a path.
    """
    for listed in _sound(name):
        for example in listed.activity.examples(current_language()):
            if (example.path.parent.name, example.path.name) == (label, file):
                response = Response(example.path.read_bytes(), mimetype="image/jpeg")
                # It changes only with the kit's own version; no group's work is in it.
                response.headers["Cache-Control"] = "private, max-age=86400"
                return response
        raise NotFound("picture-missing", f"{name}: no {label!r}/{file!r}")
    raise _missing(name)


def _sound(name: str) -> Iterator[Listed]:
    return (one for one in rooms().activities() if one.name == name and one.activity is not None)


def _missing(name: str) -> NotFound:
    return NotFound("activity-missing", f"no activity {name!r}", name=name[:100])


def _basket(activity: Activity, language: str) -> list[dict[str, Any]]:
    """The showings that the ready example does not hold; "can-a" and "can-b" are one object's."""
    showings: dict[tuple[str, str], dict[str, Any]] = {}
    for example in activity.examples(language):
        if example.shown:
            continue
        folder = example.path.parent.name
        showing = {"object": f"{folder}/{example.burst.rpartition('-')[0] or example.burst}"}
        showing |= {"burst": example.burst, "label": example.label, "pictures": []}
        places = {"name": activity.name, "label": folder, "file": example.path.name}
        address = {"url": url_for("activities.picture", **places)}
        showings.setdefault((folder, example.burst), showing)["pictures"].append(address)
    return list(showings.values())


def _card(listed: Listed) -> dict[str, Any]:
    language = current_language()
    activity = listed.activity
    return {
        "name": listed.name,
        "title": activity.title[language] if activity else None,
        "promise": activity.promise[language] if activity else None,
        "minutes": activity.minutes_together if activity else None,
        "refused": None if activity else sentence("activity-broken", {"name": listed.name}),
    }
