"""The words that the pupils chose."""

from typing import Any

from kit.core import shapes
from kit.web import schemas
from kit.web.api.resource import Resource, studio
from kit.web.session import actor

blueprint = Resource("labels", __name__, description="The words that the pupils chose.")


@blueprint.post("/projects/<project_id>/labels")
@blueprint.arguments(schemas.NewLabel)
@blueprint.response(201, schemas.Label)
def add(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Add a label."""
    return shapes.label(studio().add_label(actor(), body["name"], body["is_nothing"]))


@blueprint.patch("/projects/<project_id>/labels/<label_id>")
@blueprint.arguments(schemas.ChangeLabel)
@blueprint.response(200, schemas.Label)
def change(body: dict[str, Any], project_id: str, label_id: str) -> dict[str, Any]:
    """Rename a label, or make it the one for “none of the others”."""
    return shapes.label(studio().change_label(actor(), label_id, **body))


@blueprint.delete("/projects/<project_id>/labels/<label_id>")
@blueprint.response(204)
def remove(project_id: str, label_id: str) -> None:
    """Remove a label with its samples; they can be brought back for ten minutes."""
    studio().remove_label(actor(), label_id)


@blueprint.post("/projects/<project_id>/labels/<label_id>/restore")
@blueprint.response(200, schemas.Label)
def restore(project_id: str, label_id: str) -> dict[str, Any]:
    """Bring a removed label back, with its samples."""
    return shapes.label(studio().restore_label(actor(), label_id))
