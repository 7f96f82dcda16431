"""From what the verbs give to what the page reads: addresses and sentences are added here.

The verbs know neither addresses nor languages. Everything here is a plain function of its
arguments, so an event can be said in each listener's own language.
"""

from collections.abc import Mapping
from typing import Any

from kit.i18n import sentence
from kit.messages import MESSAGES


def localised_state(state: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A ProjectState with addresses for its pictures and sentences for its advice."""
    project_id = state["project"]["id"]
    labels = [
        {**label, "thumbs": [thumb(project_id, t["id"]) for t in label["thumbs"]]}
        for label in state["labels"]
    ]
    advice = [{**a, "message": said(a["id"], a.get("values"), language)} for a in state["advice"]]
    return {**state, "labels": labels, "advice": advice, "job": localised_job(state["job"], language)}


def localised_job(job: Mapping[str, Any] | None, language: str) -> dict[str, Any] | None:
    """A Job whose error, if any, is said in words."""
    if not job or not job.get("error"):
        return dict(job) if job else None
    error = job["error"]
    message = said(error["id"], error.get("values"), language)
    return {**job, "error": {**error, "message": message}}


def thumb(project_id: str, sample_id: str) -> dict[str, str]:
    """A sample's small picture."""
    return {"id": sample_id, "url": f"{picture_url(project_id, sample_id)}?thumb=1"}


def picture_url(project_id: str, sample_id: str) -> str:
    """Where a sample's picture is."""
    return f"/api/projects/{project_id}/samples/{sample_id}/picture"


def said(id: str, values: Mapping[str, Any] | None, language: str) -> str:
    """The sentence of an id, never an exception: this runs inside streams."""
    known = id if id in MESSAGES else "something-broke"
    return sentence(known, values, language)
