"""The kit's own screen: sit down at it, and see who is there."""

from typing import Any

from flask import session

from kit.core.shapes import animal_of
from kit.web import at_the_kit, schemas
from kit.web.api.resource import Resource
from kit.web.session import rooms, session_info, settle_actor

blueprint = Resource("screen", __name__, description="The screen plugged into the kit.")


@blueprint.get("/screen")
@blueprint.response(200, schemas.Screen)
def show() -> dict[str, Any]:
    """Count the screens that are there, by group. Only on the kit itself."""
    at_the_kit.refuse_others()
    counted = at_the_kit.presence().count()
    nobody = counted.pop(None, 0)
    groups = [
        {"animal": animal_of(space_id), "screens": screens} for space_id, screens in counted.items()
    ]
    return {"groups": groups, "nobody": nobody, "wifi_on": rooms().join().wifi_on}


@blueprint.post("/session/screen")
@blueprint.response(200, schemas.Session)
def sit_down() -> dict[str, Any]:
    """Hold the lesson on the kit's own screen, as a group without an animal. Only there."""
    at_the_kit.refuse_others()
    classroom = rooms().classroom
    session["animal"] = classroom.sit_at_the_kit().space_id
    session["epoch"] = classroom.epoch
    session[at_the_kit.SITS] = True
    settle_actor()
    return session_info()
