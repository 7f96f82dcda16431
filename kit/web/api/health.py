"""Whether the kit answers: for start-up scripts and for the screen that waits for it."""

from typing import Any

from kit import __version__
from kit.web import schemas
from kit.web.api.resource import Resource

blueprint = Resource("health", __name__, description="Whether the kit answers.")


@blueprint.get("/health")
@blueprint.response(200, schemas.Health)
def health() -> dict[str, Any]:
    """Say that the server lives. Touches no camera, no model, no disk."""
    return {"status": "ok", "version": __version__}
