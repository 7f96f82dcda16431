"""The kit's camera: what it is, what may be set, one picture of it."""

from dataclasses import replace
from typing import Any

from flask import Response

from kit.core.errors import Unavailable
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import BINARY, Resource
from kit.web.session import rooms

blueprint = Resource("camera", __name__, description="The kit's camera.")

WAIT_S = 5.0
"""A camera that was asleep takes a second or two to wake."""


@blueprint.get("/camera")
@blueprint.response(200, schemas.Camera)
def status() -> dict[str, Any]:
    """Say what the camera is and how it is set."""
    return wire.camera(rooms().feed.status(), current_language())


@blueprint.put("/camera")
@blueprint.arguments(schemas.SetCamera)
@blueprint.response(200, schemas.Camera)
def choose(body: dict[str, Any]) -> dict[str, Any]:
    """Choose the camera or change its settings, for everybody; those left out stay."""
    feed = rooms().feed
    return wire.camera(feed.choose(replace(feed.status().settings, **body)), current_language())


@blueprint.get("/camera/picture")
@blueprint.response(200, BINARY, content_type="image/jpeg")
def picture() -> Response:
    """Give the newest preview, at most 320 pixels."""
    newest = rooms().feed.preview(timeout_s=WAIT_S)
    if newest is None:
        raise Unavailable("camera-silent", f"no picture in {WAIT_S:g} s")
    return Response(newest[1], mimetype="image/jpeg")
