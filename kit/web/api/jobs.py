"""Long work: start training, ask how far a job is, stop it."""

from typing import Any

from kit.i18n import current_language
from kit.web import schemas, wire
from kit.web.api.resource import Resource, studio
from kit.web.session import actor, rooms

blueprint = Resource("jobs", __name__, description="Long work, with progress.")


@blueprint.post("/projects/<project_id>/train")
@blueprint.response(202, schemas.StartedJob)
def train(project_id: str) -> dict[str, Any]:
    """Train on all samples; the check comes with it. Progress is in the project's events."""
    return {"job": wire.job(studio().train(actor()), current_language())}


@blueprint.get("/jobs/<job_id>")
@blueprint.response(200, schemas.Job)
def show(job_id: str) -> dict[str, Any] | None:
    """Say how far a job is."""
    return wire.job(rooms().jobs.job(actor(), job_id), current_language())


@blueprint.post("/jobs/<job_id>/cancel")
@blueprint.response(200, schemas.Job)
def cancel(job_id: str) -> dict[str, Any] | None:
    """Ask a job to stop. What was there before it stays."""
    return wire.job(rooms().jobs.cancel(actor(), job_id), current_language())
