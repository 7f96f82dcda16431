"""Who this browser is: its animal, the teacher's code, or nobody yet."""

from typing import Any

from flask import g, request, session

from kit.web import schemas
from kit.web.api.resource import Resource
from kit.web.session import rooms, session_info, settle_actor

blueprint = Resource("sessions", __name__, description="Who this browser is.")


@blueprint.get("/session")
@blueprint.response(200, schemas.Session)
def show() -> dict[str, Any]:
    """Say who this browser is."""
    return session_info()


@blueprint.get("/groups")
@blueprint.response(200, schemas.Groups)
def groups() -> dict[str, Any]:
    """List the animals, and which a group has picked already."""
    return {"groups": rooms().classroom.groups(g.actor)}


@blueprint.post("/session/group")
@blueprint.arguments(schemas.PickGroup)
@blueprint.response(200, schemas.Session)
def pick(body: dict[str, Any]) -> dict[str, Any]:
    """Join the group of an animal; several tablets of one group pick the same."""
    classroom = rooms().classroom
    session["animal"] = classroom.join(body["animal"]).space_id
    session["epoch"] = classroom.epoch
    settle_actor()
    return session_info()


@blueprint.post("/session/teacher")
@blueprint.arguments(schemas.GiveCode)
@blueprint.response(200, schemas.Session)
def teacher(body: dict[str, Any]) -> dict[str, Any]:
    """Give the teacher's code, shown where the kit runs. Tries are limited."""
    classroom = rooms().classroom
    classroom.enter_code(body["code"], request.remote_addr or "", g.actor)
    session["teacher_key"] = classroom.teacher_key
    settle_actor()
    return session_info()


@blueprint.delete("/session")
@blueprint.response(204)
def leave() -> None:
    """Forget who this browser is. What the group did stays."""
    session.clear()
