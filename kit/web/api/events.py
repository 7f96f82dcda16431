"""A project's news, as they happen."""

from typing import Any

from flask import Response, g, request

from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import Resource, studio
from kit.web.at_the_kit import presence, space_of
from kit.web.session import actor, rooms
from kit.web.streams import Stream, news, respond, streams

blueprint = Resource("events", __name__, description="A project's news, as they happen.")


@blueprint.get("/projects/<project_id>/events")
@blueprint.arguments(schemas.EventsQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/event-stream")
def listen(query: dict[str, Any], project_id: str) -> Response:
    """Stream `state` (first), `job`, `camera`, `microphone`, `booking`, `power`, `outputs`,
    `notice`; live: `prediction`, `sound`, `hands`.
    """
    language = current_language()
    subscription = studio().subscribe(actor(), live=query["live"])
    look_away = rooms().experiments.look_at_power(actor(), project_id) if query["power"] else None
    try:
        rooms().experiments.greet(project_id, subscription)
        leave = streams().news.enter(end=subscription.close)
        gone = presence().stay(request.remote_addr or "", space_of(g.actor))
    except BaseException:
        if look_away:
            look_away()
        subscription.close()
        raise
    pieces = news(subscription, lambda kind, data: wire.event(kind, data, language))
    away = (subscription.close, leave, gone, *([look_away] if look_away else []))
    return respond(Stream(pieces, *away), "text/event-stream")
