"""The trained model, to take away."""

from flask import Response

from kit.web.api.resource import BINARY, Resource, studio
from kit.web.session import actor
from kit.web.wire import attachment

blueprint = Resource("models", __name__, description="The trained model, to take away.")


@blueprint.get("/projects/<project_id>/models/<int:number>/export")
@blueprint.response(200, BINARY, content_type="application/zip")
def export(project_id: str, number: int) -> Response:
    """Give model.tflite, labels.txt and passport.json, in one zip."""
    content = studio().export_model(actor(), number)
    return attachment(content, f"model-{number}.zip")
