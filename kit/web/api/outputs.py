"""What hangs on the kit's pins, and what switches it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kit.core.errors import Unavailable
from kit.core.outputs import PINS_OF
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import Resource
from kit.web.session import actor, rooms

if TYPE_CHECKING:
    from kit.outputs import Outputs

blueprint = Resource("outputs", __name__, description="Lights, motors and buttons on the pins.")


@blueprint.get("/projects/<project_id>/outputs")
@blueprint.response(200, schemas.Outputs)
def show(project_id: str) -> dict[str, Any]:
    """Give the project's wires, what is on, and the header's 40 pins."""
    return _shown(project_id)


@blueprint.post("/projects/<project_id>/outputs")
@blueprint.arguments(schemas.PutWire)
@blueprint.response(201, schemas.Outputs)
def put(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Put a part on pins, or change one. What was on is at rest afterwards."""
    outputs().wire(actor(), project_id, body)
    return _shown(project_id)


@blueprint.delete("/projects/<project_id>/outputs/<wire_id>")
@blueprint.response(204)
def remove(project_id: str, wire_id: str) -> None:
    """Take a part off. What was on is at rest afterwards."""
    outputs().remove(actor(), project_id, wire_id)


@blueprint.post("/projects/<project_id>/outputs/<wire_id>/test")
@blueprint.response(200, schemas.TestingWire)
def test(project_id: str, wire_id: str) -> dict[str, Any]:
    """Switch one part on for a moment; listen to a button for a while."""
    return {"seconds": outputs().test(actor(), project_id, wire_id)}


@blueprint.post("/projects/<project_id>/outputs/start")
@blueprint.response(204)
def start(project_id: str) -> None:
    """Let the project's answers switch its parts."""
    outputs().start(actor(), project_id)


@blueprint.post("/projects/<project_id>/outputs/stop")
@blueprint.response(204)
def stop(project_id: str) -> None:
    """Put everything at rest and let the pins go."""
    outputs().stop(actor(), project_id)


def _shown(project_id: str) -> dict[str, Any]:
    found = outputs().show(actor(), project_id)
    language = current_language()
    return {
        **found,
        "refusal": found["refusal"] and wire.refusal(found["refusal"], language),
        "now": wire.outputs(found["now"], language),
        "header": [asdict(pin) for pin in found["header"]],
        "parts": [{"part": str(part), "legs": legs} for part, legs in PINS_OF.items()],
    }


def outputs() -> "Outputs":
    """The verbs. Raises `Unavailable` where the kit was put together without."""
    found = rooms().outputs
    if found is None:
        raise Unavailable("board-none", "this kit was put together without outputs")
    return found
