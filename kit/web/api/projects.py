"""A space's projects: list, make, change, copy, take away and bring back."""

import tempfile
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Response, request, send_file

from kit.core.errors import BadInput
from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import BINARY, Resource, multipart, studio
from kit.web.session import actor, rooms

blueprint = Resource("projects", __name__, description="A space's projects.")


@blueprint.get("/projects")
@blueprint.response(200, schemas.Projects)
def index() -> dict[str, Any]:
    """List the projects that this browser may see, the last changed first."""
    library, who = rooms().library, actor()
    return {
        "projects": [
            wire.project(info, library.thumb(who, info.id) if info.samples else None)
            for info in library.list(who)
        ]
    }


@blueprint.post("/projects")
@blueprint.arguments(schemas.NewProject)
@blueprint.response(201, schemas.Project)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Make an empty project."""
    library = rooms().library
    return wire.project(
        library.create(
            actor(),
            body["name"],
            kind=Kind(body["kind"]),
            activity=body["activity"],
            hearing=body["hearing"] and Hearing(body["hearing"]),
            hands=body["hands"],
            blur_faces=body["blur_faces"] and BlurFaces(body["blur_faces"]),
        )
    )


@blueprint.post("/projects/example")
@blueprint.response(201, schemas.Project)
def example() -> dict[str, Any]:
    """Make the ready example, so that everything can be tried with no camera."""
    return wire.project(rooms().library.add_example(actor(), current_language()))


@blueprint.post("/projects/import")
@blueprint.doc(
    requestBody=multipart(
        file=BINARY,
        kind={"type": "string", "enum": ["image", "sound", "gesture"], "default": "image"},
        hearing={"type": "string", "enum": [str(hearing) for hearing in Hearing]},
        hands={"type": "integer", "enum": [1, 2]},
    )
)
@blueprint.response(202, schemas.StartedJob)
def import_file() -> dict[str, Any]:
    """Read a project file (.kit.zip), or another tool's zip, as a new project.

    A project file says itself what it holds; of another zip `kind` and its options say so. The
    job's result names the project.
    """
    sent = request.files.get("file")
    if sent is None:
        raise BadInput("field-wrong", "no file in the form", field="file")
    kind = _one_of(Kind, "kind") or Kind.IMAGE
    chosen = {"hearing": _one_of(Hearing, "hearing"), "hands": _hands()}
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
        path = Path(file.name)
        try:
            sent.save(file)
            filename = (sent.filename or "")[:200]
            job = rooms().library.import_project(actor(), path, filename, kind=kind, **chosen)
        except BaseException:
            path.unlink()
            raise
    return {"job": wire.job(job, current_language())}


@blueprint.get("/projects/<project_id>")
@blueprint.response(200, schemas.ProjectState)
def show(project_id: str) -> dict[str, Any]:
    """Give the project's whole state, as its events do."""
    return wire.state(studio().state(actor()), current_language())


@blueprint.patch("/projects/<project_id>")
@blueprint.arguments(schemas.ChangeProject)
@blueprint.response(200, schemas.ProjectState)
def change(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Rename the project, set from which confidence an answer counts as sure, or choose anew.

    `hearing`, `hands` and `blur_faces` belong to sounds, gestures and pictures.
    """
    if "name" in body:
        rooms().library.rename(actor(), project_id, body["name"])
    if "threshold" in body:
        studio().set_threshold(actor(), body["threshold"])
    if body.keys() & {"hearing", "hands", "blur_faces"}:
        studio().choose(
            actor(),
            hearing=Hearing(body["hearing"]) if "hearing" in body else None,
            hands=body.get("hands"),
            blur_faces=BlurFaces(body["blur_faces"]) if "blur_faces" in body else None,
        )
    return wire.state(studio().state(actor()), current_language())


@blueprint.delete("/projects/<project_id>")
@blueprint.response(204)
def remove(project_id: str) -> None:
    """Erase the project, now and for good."""
    rooms().library.remove(actor(), project_id)


@blueprint.post("/projects/<project_id>/duplicate")
@blueprint.arguments(schemas.Duplicate)
@blueprint.response(201, schemas.Project)
def duplicate(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Copy the project, samples and models included."""
    return wire.project(rooms().library.duplicate(actor(), project_id, body["name"]))


@blueprint.get("/projects/<project_id>/export")
@blueprint.response(200, BINARY, content_type="application/zip")
def export(project_id: str) -> Response:
    """Give the project file (.kit.zip), which opens on any kit."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last byte has left
    try:
        name = rooms().library.export_project(actor(), project_id, file)
    except BaseException:
        with suppress(OSError):  # a full disk takes not even the end of what is thrown away
            file.close()
        raise
    file.seek(0)
    return send_file(file, "application/zip", as_attachment=True, download_name=name)


def _one_of(words: type[StrEnum], field: str) -> Any:
    """A form's word as one of these; None where it is not there."""
    word = request.form.get(field)
    if not word:
        return None
    try:
        return words(word)
    except ValueError as error:
        raise BadInput("field-wrong", f"{field} {word[:40]!r}", field=field) from error


def _hands() -> int | None:
    word = request.form.get("hands")
    if word and word not in ("1", "2"):
        raise BadInput("field-wrong", f"hands {word[:40]!r}", field="hands")
    return int(word) if word else None
