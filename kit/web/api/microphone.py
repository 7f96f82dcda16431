"""The kit's microphone: what it is, who records with it, which one to use."""

from typing import Any

from kit.core.errors import Unavailable
from kit.core.ports import MicrophoneFeed
from kit.core.types import MicrophoneSettings
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import Resource
from kit.web.session import rooms

blueprint = Resource("microphone", __name__, description="The kit's microphone.")


@blueprint.get("/microphone")
@blueprint.response(200, schemas.Microphone)
def status() -> dict[str, Any]:
    """Say what the microphone is, and whose turn it is."""
    return wire.microphone(_feed().status(), current_language())


@blueprint.put("/microphone")
@blueprint.arguments(schemas.SetMicrophone)
@blueprint.response(200, schemas.Microphone)
def choose(body: dict[str, Any]) -> dict[str, Any]:
    """Choose the microphone, for everybody; not while somebody records."""
    return wire.microphone(_feed().choose(MicrophoneSettings(**body)), current_language())


def _feed() -> MicrophoneFeed:
    feed = rooms().microphone
    if feed is None:
        raise Unavailable("microphone-none", "this kit was put together without a microphone")
    return feed
