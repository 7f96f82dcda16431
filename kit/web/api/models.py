"""The trained model, to take away."""

from io import BytesIO

from flask import Response, send_file

from kit.i18n import current_language
from kit.web.api.resource import BINARY, Resource, studio
from kit.web.session import actor

blueprint = Resource("models", __name__, description="The trained model, to take away.")


@blueprint.get("/projects/<project_id>/models/<int(max=999999):number>/export")
@blueprint.response(200, BINARY, content_type="application/zip")
def export(project_id: str, number: int) -> Response:
    """Give model.tflite, labels.txt and passport.json, in one zip."""
    content = studio().export_model(actor(), number, language=current_language())
    name = f"model-{number}.zip"
    return send_file(BytesIO(content), "application/zip", as_attachment=True, download_name=name)
