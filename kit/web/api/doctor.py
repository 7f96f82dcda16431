"""The self-test, for the teacher."""

from typing import TYPE_CHECKING, Any

from kit.core.errors import NotFound
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import Resource
from kit.web.session import actor, rooms

if TYPE_CHECKING:
    from kit.self_test import SelfTest

blueprint = Resource("doctor", __name__, description="The self-test; for the teacher.")


@blueprint.get("/doctor")
@blueprint.response(200, schemas.LastReport)
def last() -> dict[str, Any]:
    """Give the last report since the kit was started, or null."""
    report = self_test().last(actor())
    return {"report": report and wire.report(report, current_language())}


@blueprint.post("/doctor")
@blueprint.response(200, schemas.Report)
def examine() -> dict[str, Any]:
    """Examine every part now; that takes some seconds."""
    return wire.report(self_test().examine(actor()), current_language())


def self_test() -> "SelfTest":
    """The verbs. Raises `NotFound` where the kit was put together without."""
    found = rooms().self_test
    if found is None:
        raise NotFound("address-missing", "this kit was put together without a self-test")
    return found
