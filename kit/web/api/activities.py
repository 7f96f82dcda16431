"""The lessons on this kit."""

from collections.abc import Iterator
from typing import Any

from kit.activities import Listed
from kit.core.errors import NotFound
from kit.i18n import current_language, sentence
from kit.web import schemas
from kit.web.api.resource import Resource
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
    """Give one lesson's steps, in the request's language."""
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
        }
    raise NotFound("activity-missing", f"no activity {name!r}", name=name[:100])


def _sound(name: str) -> Iterator[Listed]:
    return (one for one in rooms().activities() if one.name == name and one.activity is not None)


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
