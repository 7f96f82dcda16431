"""A project's samples: bring, see, hear, trim, move, remove, bring back; and bursts on the kit's
camera or microphone."""

from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from kit.core.errors import BadInput, TooLarge
from kit.i18n import current_language
from kit.web import errors, schemas, wire
from kit.web.api.resource import BINARY, Resource, multipart, studio
from kit.web.session import actor

blueprint = Resource("samples", __name__, description="A project's pictures, clips, signs.")

MOST_FILES = 60
SOURCES = ("file", "film", "browser camera", "browser microphone", "example")


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
    """Keep pictures, or sounds where those are told apart. Of a picture of a hand, where gestures
    are, only the points are kept. Good ones are kept even when others of the same form are refused.

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
    sent = ((_name(file), file.read()) for file in files)  # one in memory at a time
    burst = form.get("burst") or None
    kept = studio().add_files(actor(), label_id, sent, burst=burst, source=source)
    refused = [{"name": name, "error": errors.as_json(error)} for name, error in kept.refused]
    samples = [wire.sample(project_id, sample) for sample in kept.samples]
    if not samples:
        raise kept.refused[0][1]
    advice = wire.advice(kept.advice, current_language())
    return {"samples": samples, "refused": refused, "advice": advice}


@blueprint.get("/projects/<project_id>/samples/<sample_id>/picture")
@blueprint.arguments(schemas.PictureQuery, location="query")
@blueprint.doc(responses={200: {"content": {"image/png": {"schema": BINARY}}}})
@blueprint.response(200, BINARY, content_type="image/jpeg")
def picture(query: dict[str, Any], project_id: str, sample_id: str) -> Response:
    """Give a picture as it is kept (JPEG), a clip as its spectrogram, a sign as its skeleton."""
    content, mimetype = studio().picture(actor(), sample_id, thumb=query["thumb"])
    return _cached(Response(content, mimetype=mimetype), for_good=mimetype == "image/jpeg")


@blueprint.get("/projects/<project_id>/samples/<sample_id>/sound")
@blueprint.arguments(schemas.SoundQuery, location="query")
@blueprint.response(200, BINARY, content_type="audio/wav")
def sound(query: dict[str, Any], project_id: str, sample_id: str) -> Response:
    """Give a clip as it is kept: WAV, 16 kHz, mono."""
    content = studio().sound(actor(), sample_id, whole=query["whole"])
    return _cached(Response(content, mimetype="audio/wav"), for_good=False)


@blueprint.post("/projects/<project_id>/samples/<sample_id>/trim")
@blueprint.arguments(schemas.Trim)
@blueprint.response(200, schemas.Sample)
def trim(body: dict[str, Any], project_id: str, sample_id: str) -> dict[str, Any]:
    """Keep one second of a clip; the whole can come back for ten minutes."""
    return wire.sample(project_id, studio().trim(actor(), sample_id, body["start_ms"]))


def _cached(response: Response, *, for_good: bool) -> Response:
    """A picture's bytes never change; a clip may be trimmed, and a drawing drawn better. Private,
    because the next group may use the same tablet."""
    if for_good:
        response.headers["Cache-Control"] = "private, max-age=86400, immutable"
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


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
    """Take pictures with the kit's camera until DELETE, 40 pictures, or 6 seconds.

    Of sounds, record with its microphone: up to 2.5 seconds are one clip, else each second is one.
    """
    begun = studio().start_burst(actor(), body["label_id"], seconds=body["seconds"])
    return {"burst_id": begun["id"]}


@blueprint.delete("/projects/<project_id>/burst")
@blueprint.response(200, schemas.EndedBurst)
def stop_burst(project_id: str) -> dict[str, Any]:
    """End the burst; every picture taken is kept before this answers."""
    ended = studio().stop_burst(actor())
    if ended is None:
        return {"burst_id": None, "samples": 0, "without_hand": 0}
    counted = {name: ended[name] for name in ("samples", "without_hand")}
    return {"burst_id": ended["id"], **counted}


def _name(file: FileStorage) -> str:
    return (file.filename or "")[:200]
