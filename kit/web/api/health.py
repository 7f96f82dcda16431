"""Whether the kit answers: for start-up scripts and for the screen that waits for it."""

from typing import Any

from kit import __version__
from kit.web import schemas
from kit.web.api.resource import Resource
from kit.web.session import rooms, troubles

blueprint = Resource("health", __name__, description="Whether the kit answers.")


@blueprint.get("/health")
@blueprint.response(200, schemas.Health)
def health() -> dict[str, Any]:
    """Say that the server lives, and whether a measurement has the kit. Touches no device."""
    return {
        "status": "ok",
        "version": __version__,
        "measuring": rooms().booking.is_held,
        "troubles": troubles(),
    }
