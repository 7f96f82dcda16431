"""The API: one file a resource, each a thin walk from request to verb to answer.

Whoever enters has passed one door (`_enter`): there is an actor, and a project in the address has
been opened for that actor. So no route can forget to ask, and a stranger's project is simply
not there, before a byte of the request's body is read.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from threading import RLock
from typing import Any

from apispec import APISpec
from flask import Flask, g, request
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint

from kit import __version__
from kit.core.errors import Unavailable
from kit.web import at_the_kit, schemas
from kit.web.api import (
    activities,
    answers,
    appliance,
    camera,
    checks,
    classes,
    doctor,
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
    screen,
    sessions,
)
from kit.web.session import actor, rooms

RESOURCES = (
    sessions, classes, camera, microphone, projects, labels, samples, jobs, checks, answers, events,
    models, activities, lab, outputs, doctor, appliance, health, screen,
)  # fmt: skip

WITHOUT_AN_ACTOR = frozenset({"sessions", "screen", "health", "api-docs"})
"""Resources that a browser meets before it has picked its animal; each asks by itself who it is."""
AT_THE_KIT = "appliance.wifi"
"""Asked by the kit's own screen, which may be nobody: the Wi-Fi goes on again without a code."""


CAPTURES_WAIT_S = 20.0
"""Pictures that come in during a measurement wait so long for its end, then the page sends them
again: threads that are no streams' must stay free for whoever presses Stop."""

WORKING: Mapping[tuple[str, str], tuple[str, float]] = {
    ("POST", "samples.add"): ("picture", CAPTURES_WAIT_S),
    ("POST", "projects.import_file"): ("import", 0.0),
    ("POST", "answers.predict"): ("answer", 0.0),
    ("POST", "answers.hands"): ("answer", 0.0),
    ("POST", "answers.explain"): ("answer", 0.0),
    ("GET", "camera.picture"): ("picture", 0.0),
}
"""What would be heard in a measurement: its word, and how long it may wait for the end of one. What
may not wait is refused, with the seconds after which to try again: an answer about the past is
worth nothing. A burst on the kit's camera (`samples.start_burst`) is refused too: later its thing
would be gone."""


class Api(SmorestApi):
    """flask-smorest with the kit's one shape of errors in its description.

    What describes the resources is written when it is first asked for: a lesson never asks, and a
    small board would start seconds later.
    """

    ERROR_SCHEMA = schemas.Error

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[Blueprint] = []
        self._describing = RLock()
        super().__init__(app)

    def register_blueprint(
        self, blp: Blueprint, *, parameters: list | None = None, **options: Any
    ) -> None:
        """Make its routes now, describe them later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    @property
    def spec(self) -> APISpec:
        """The description, whole."""
        with self._describing:
            while self._undescribed:
                resource = self._undescribed.pop(0)
                resource.register_views_in_doc(
                    self, self._app, self._spec, name=resource.name, parameters=None
                )
                self._spec.tag({"name": resource.name, "description": resource.description})
        return self._spec

    @spec.setter
    def spec(self, empty: APISpec) -> None:
        self._spec = empty


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
    app.teardown_request(_leave)
    api = Api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint, url_prefix="/api")


def _enter() -> None:
    if not request.path.startswith("/api/") or request.blueprint in WITHOUT_AN_ACTOR:
        return
    if request.endpoint == AT_THE_KIT and at_the_kit.is_here():
        return
    who = actor()
    if request.endpoint == "samples.start_burst" and rooms().booking.is_held:
        wait_s = rooms().booking.left_s
        raise Unavailable("kit-measuring", "the lab has the kit", wait_s=wait_s)
    if (request.method, request.endpoint) in WORKING:
        word, wait_s = WORKING[request.method, request.endpoint]
        g.working = ExitStack()
        g.working.enter_context(rooms().booking.work(word, wait_s))
    project_id = (request.view_args or {}).get("project_id")
    if project_id is not None:
        g.studio = rooms().library.open(who, project_id)


def _leave(_error: BaseException | None) -> None:
    working = g.pop("working", None)
    if working is not None:
        working.close()
