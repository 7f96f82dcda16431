"""The honest check: how many are right of those that the model was not taught; of sounds, also
which way of hearing does better, and how often something is heard that nobody said."""

from typing import Any

from flask import request

from kit.core.errors import BadInput, NotFound
from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import BINARY, Resource, readable, studio
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


@blueprint.post("/projects/<project_id>/compare-hearing")
@blueprint.response(202, schemas.StartedJob)
def compare_hearing(project_id: str) -> dict[str, Any]:
    """Check both ways of hearing on the project's own clips.

    The job's result is {"words", "sounds"}, each a check, or null where nothing was held out.
    """
    return {"job": wire.job(studio().compare_hearing(actor()), current_language())}


_BACKGROUND = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"sound": BINARY}, "required": ["sound"]}
        },
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"seconds": {"type": "number", "minimum": 10, "maximum": 60}},
                "required": ["seconds"],
            }
        },
    },
}


@blueprint.post("/projects/<project_id>/false-alarms")
@blueprint.doc(requestBody=_BACKGROUND)
@blueprint.response(202, schemas.StartedJob)
def false_alarms(project_id: str) -> dict[str, Any]:
    """Count what is heard where nobody says anything: in a file, or in the room just now.

    The job's result is {"minutes", "alarms", "per_hour", "low", "high", "latency_ms", "labels"}.
    """
    if request.is_json:
        with readable():
            body = request.get_json()
        seconds = body.get("seconds") if isinstance(body, dict) else None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise BadInput("field-wrong", f"seconds {seconds!r:.40}", field="seconds")
        job = studio().false_alarms_here(actor(), float(seconds))
    else:
        file = request.files.get("sound")
        if file is None:
            raise BadInput("field-wrong", "no sound in the form", field="sound")
        job = studio().false_alarms(actor(), file.read())
    return {"job": wire.job(job, current_language())}
