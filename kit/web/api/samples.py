"""A project's pictures: bring, see, move, remove, bring back; and bursts on the kit's camera."""

from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from kit.core.errors import BadInput, TooLarge
from kit.web import errors, schemas, wire
from kit.web.api.resource import BINARY, Resource, multipart, studio
from kit.web.session import actor

blueprint = Resource("samples", __name__, description="A project's pictures.")

MOST_FILES = 60
SOURCES = ("file", "film", "browser camera", "example")


@blueprint.get("/projects/<project_id>/samples")
@blueprint.arguments(schemas.SampleQuery, location="query")
@blueprint.response(200, schemas.Samples)
def index(query: dict[str, Any], project_id: str) -> dict[str, Any]:
    """List samples, the newest first."""
    page = studio().samples(actor(), **query)
    return {
        "samples": [wire.sample(project_id, sample) for sample in page.samples],
        "more": page.more,
    }


@blueprint.post("/projects/<project_id>/samples")
@blueprint.doc(
    requestBody=multipart(
        label_id={"type": "string"},
        source={"type": "string", "enum": list(SOURCES)},
        burst={"type": "string", "description": "One word for pictures taken in one showing."},
        files={"type": "array", "maxItems": MOST_FILES, "items": BINARY},
    )
)
@blueprint.response(201, schemas.Added)
def add(project_id: str) -> Any:
    """Keep pictures. Good ones are kept even when others of the same form are refused.

    Without `burst` each file is its own burst. When none can be kept the answer is the first
    one's error.
    """
    form, files = request.form, request.files.getlist("files")
    label_id, source = form.get("label_id", ""), form.get("source", "file")
    if not label_id:
        raise BadInput("field-wrong", "no label_id in the form", field="label_id")
    if source not in SOURCES:
        raise BadInput("field-wrong", f"source {source[:40]!r}", field="source")
    if not files:
        raise BadInput("field-wrong", "no files in the form", field="files")
    if len(files) > MOST_FILES:
        raise TooLarge("too-many-files", f"{len(files)} files", most=MOST_FILES)
    pictures = ((_name(file), file.read()) for file in files)  # one in memory at a time
    burst = form.get("burst") or None
    kept = studio().add_pictures(actor(), label_id, pictures, burst=burst, source=source)
    refused = [{"name": name, "error": errors.as_json(error)} for name, error in kept.refused]
    samples = [wire.sample(project_id, sample) for sample in kept.samples]
    if not samples:
        raise kept.refused[0][1]
    return {"samples": samples, "refused": refused}


@blueprint.get("/projects/<project_id>/samples/<sample_id>/picture")
@blueprint.arguments(schemas.PictureQuery, location="query")
@blueprint.response(200, BINARY, content_type="image/jpeg")
def picture(query: dict[str, Any], project_id: str, sample_id: str) -> Response:
    """Give a sample's picture as it is kept."""
    content = studio().picture(actor(), sample_id, thumb=query["thumb"])
    response = Response(content, mimetype="image/jpeg")
    # A sample's bytes never change; private, because the next group may use the same tablet.
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@blueprint.post("/projects/<project_id>/samples/move")
@blueprint.arguments(schemas.MoveSamples)
@blueprint.response(204)
def move(body: dict[str, Any], project_id: str) -> None:
    """Put samples under another label."""
    studio().move_samples(actor(), body["ids"], body["label_id"])


@blueprint.post("/projects/<project_id>/samples/remove")
@blueprint.arguments(schemas.SampleIds)
@blueprint.response(204)
def remove(body: dict[str, Any], project_id: str) -> None:
    """Remove samples; they can be brought back for ten minutes."""
    studio().remove_samples(actor(), body["ids"])


@blueprint.post("/projects/<project_id>/samples/restore")
@blueprint.arguments(schemas.SampleIds)
@blueprint.response(204)
def restore(body: dict[str, Any], project_id: str) -> None:
    """Bring removed samples back."""
    studio().restore_samples(actor(), body["ids"])


@blueprint.post("/projects/<project_id>/burst")
@blueprint.arguments(schemas.StartBurst)
@blueprint.response(201, schemas.Burst)
def start_burst(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Take pictures with the kit's camera until DELETE, 40 pictures, or 6 seconds."""
    return {"burst_id": studio().start_burst(actor(), body["label_id"])["id"]}


@blueprint.delete("/projects/<project_id>/burst")
@blueprint.response(200, schemas.EndedBurst)
def stop_burst(project_id: str) -> dict[str, Any]:
    """End the burst; every picture taken is kept before this answers."""
    ended = studio().stop_burst(actor())
    return {"burst_id": ended and ended["id"], "samples": ended["samples"] if ended else 0}


def _name(file: FileStorage) -> str:
    return (file.filename or "")[:200]
