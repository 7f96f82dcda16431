"""The class's end: what goes, when, and by whose word. For the teacher."""

from typing import Any

from flask import session

from kit.core.errors import BadInput
from kit.web import schemas
from kit.web.api.resource import Resource
from kit.web.session import actor, rooms

blueprint = Resource("classes", __name__, description="The class and its end; for the teacher.")


@blueprint.get("/class")
@blueprint.response(200, schemas.Class)
def show() -> dict[str, Any]:
    """Say when the class ends and what its end erases."""
    return _class()


@blueprint.post("/class/end")
@blueprint.arguments(schemas.EndClass)
@blueprint.response(204)
def end(body: dict[str, Any]) -> None:
    """Erase the class's work, now and for good."""
    who = actor()
    if not body["confirm"]:
        raise BadInput("confirm-end", "confirm is false")
    rooms().classroom.end_class(who)
    session.pop("animal", None)


@blueprint.post("/class/prolong")
@blueprint.arguments(schemas.Prolong)
@blueprint.response(200, schemas.Class)
def prolong(body: dict[str, Any]) -> dict[str, Any]:
    """Let the class end later than this evening."""
    rooms().classroom.prolong(actor(), body["hours"])
    return _class()


def _class() -> dict[str, Any]:
    classroom = rooms().classroom
    return {
        "goes": classroom.what_goes(actor()),
        "ends_at": classroom.ends_at_text(),
        "prolonged": classroom.prolonged,
    }
