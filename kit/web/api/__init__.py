"""The API: one file a resource, each a thin walk from request to verb to answer.

Whoever enters has passed one door (`_enter`): there is an actor, and a project in the address has
been opened for that actor. So no route can forget to ask, and a stranger's project is simply
not there, before a byte of the request's body is read.
"""

from flask import Flask, g, request
from flask_smorest import Api as SmorestApi

from kit import __version__
from kit.core.errors import Unavailable
from kit.web import schemas
from kit.web.api import (
    activities,
    answers,
    camera,
    checks,
    classes,
    events,
    health,
    jobs,
    lab,
    labels,
    microphone,
    models,
    outputs,
    projects,
    samples,
    sessions,
)
from kit.web.session import actor, rooms

RESOURCES = (
    sessions, classes, camera, microphone, projects, labels, samples, jobs, checks, answers, events,
    models, activities, lab, outputs, health,
)  # fmt: skip

WITHOUT_AN_ACTOR = frozenset({"sessions", "health", "api-docs"})
"""Resources that a browser meets before it has picked its animal."""


WORKING = frozenset(
    {
        ("POST", "samples.add"),
        ("POST", "samples.start_burst"),
        ("POST", "answers.predict"),
        ("POST", "answers.explain"),
        ("POST", "projects.import_file"),
        ("GET", "camera.picture"),
    }
)
"""What would be heard in a measurement. It is refused, not kept waiting: the few threads that are
no streams' must stay free for whoever presses Stop."""

MEASURED_IN_S = 20
"""When whoever was refused should try again."""


class Api(SmorestApi):
    """flask-smorest with the kit's one shape of errors in its description."""

    ERROR_SCHEMA = schemas.Error


def install(app: Flask) -> None:
    """Register every resource and describe them at /api/openapi.json."""
    app.config.update(
        API_TITLE="Mallette",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS={"info": {"license": {"name": "Apache-2.0"}}},
    )
    app.before_request(_enter)
    api = Api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint, url_prefix="/api")


def _enter() -> None:
    if not request.path.startswith("/api/") or request.blueprint in WITHOUT_AN_ACTOR:
        return
    who = actor()
    if rooms().booking.is_held and (request.method, request.endpoint) in WORKING:
        raise Unavailable("kit-measuring", "the lab has the kit", wait_s=MEASURED_IN_S)
    project_id = (request.view_args or {}).get("project_id")
    if project_id is not None:
        g.studio = rooms().library.open(who, project_id)
