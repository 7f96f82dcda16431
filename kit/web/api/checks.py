"""The honest check: how many are right of those that the model was not taught."""

from typing import Any

from kit.core.errors import NotFound
from kit.web import schemas, wire
from kit.web.api.resource import Resource, studio
from kit.web.session import actor

blueprint = Resource("checks", __name__, description="The honest check.")


@blueprint.get("/projects/<project_id>/check")
@blueprint.response(200, schemas.Check)
def show(project_id: str) -> dict[str, Any]:
    """Give the counts, the interval and the confusion matrix."""
    check = studio().state(actor())["check"]
    if check is None:
        raise NotFound("not-checked-yet", f"no check in {project_id}")
    return check


@blueprint.get("/projects/<project_id>/check/cell")
@blueprint.arguments(schemas.CellQuery, location="query")
@blueprint.response(200, schemas.Cell)
def cell(query: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Give the samples of one cell of the confusion matrix: the errors, to be looked at."""
    samples = studio().confusion_cell(actor(), query["true"], query["predicted"])
    return {
        "samples": [
            {**wire.sample(project_id, sample), "confidence": confidence}
            for sample, confidence in samples
        ]
    }
