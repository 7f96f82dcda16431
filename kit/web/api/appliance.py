"""The system under the kit: Wi-Fi, clock and switch. For the teacher, on an appliance only."""

from typing import TYPE_CHECKING, Any

from flask import g

from kit.core.errors import BadInput, NotFound
from kit.i18n import sentence
from kit.web import at_the_kit, schemas
from kit.web.api.resource import Resource
from kit.web.session import actor, rooms

if TYPE_CHECKING:
    from kit.system import System

blueprint = Resource(
    "appliance", __name__, description="Wi-Fi, clock and switch of the kit's own machine."
)


@blueprint.get("/appliance")
@blueprint.response(200, schemas.Appliance)
def show() -> dict[str, Any]:
    """Give what the system tells; 404 where the kit runs on somebody's computer."""
    return shown()


@blueprint.post("/appliance/wifi")
@blueprint.arguments(schemas.SwitchWifi)
@blueprint.response(204)
def wifi(body: dict[str, Any]) -> None:
    """Switch the Wi-Fi on, or off a moment after this answer. On again needs no code at the kit."""
    system().wifi(g.actor, body["on"], at_the_kit=at_the_kit.is_here())


@blueprint.put("/appliance/wifi-at-class-end")
@blueprint.arguments(schemas.WifiAtClassEnd)
@blueprint.response(200, schemas.Appliance)
def wifi_at_class_end(body: dict[str, Any]) -> dict[str, Any]:
    """Choose whether the Wi-Fi goes off with the class."""
    system().choose_wifi_at_class_end(actor(), body["off"])
    return shown()


@blueprint.post("/appliance/clock")
@blueprint.arguments(schemas.SetClock)
@blueprint.response(200, schemas.Appliance)
def clock(body: dict[str, Any]) -> dict[str, Any]:
    """Set the kit's clock as this screen has it. Refused while the lab measures."""
    system().set_clock(actor(), body["wall_s"], body["zone"])
    return shown()


@blueprint.post("/appliance/power")
@blueprint.arguments(schemas.Power)
@blueprint.response(204)
def power(body: dict[str, Any]) -> None:
    """Switch the kit off or start it again, once what is being kept is on its card."""
    if not body["confirm"]:
        raise BadInput("confirm-power", "confirm is false")
    system().switch_off(actor(), restart=body["deed"] == "restart")


def shown() -> dict[str, Any]:
    """What the system tells, its last problem in words."""
    state = system().state(actor())
    problem = state["problem"]
    return {
        **state,
        "problem": problem and {"id": problem, "message": sentence(problem), "values": {}},
    }


def system() -> "System":
    """The verbs. Raises `NotFound` where the kit was put together without."""
    found = rooms().system
    if found is None:
        raise NotFound("appliance-none", "this kit was put together without a system")
    return found
