"""The lab: what an answer costs on this kit, measured or estimated, and said which."""

from typing import Any

from flask import Response

from kit.core.types import MeterLabel
from kit.i18n import current_language, sentence
from kit.web import schemas, wire
from kit.web.api.resource import Resource
from kit.web.session import actor, rooms

blueprint = Resource("lab", __name__, description="The measurement lab.")


@blueprint.get("/lab/meters")
@blueprint.arguments(schemas.MetersQuery, location="query")
@blueprint.response(200, schemas.Meters)
def meters(query: dict[str, Any]) -> dict[str, Any]:
    """List the power meters: what each rests on, its rate, its step, what it does not see."""
    found = rooms().experiments.meters(actor(), again=query["again"])
    language = current_language()
    return {
        "chosen": found.chosen and wire.meter(found.chosen, language),
        "refusal": found.refusal and wire.refusal(found.refusal, language),
        "measures": found.chosen is not None and found.chosen.label is not MeterLabel.ESTIMATED,
        "found": [
            {
                "name": one.name,
                "meter": one.info and wire.meter(one.info, language),
                "refusal": one.refusal and wire.refusal(one.refusal, language),
            }
            for one in found.found
        ],
    }


@blueprint.get("/projects/<project_id>/lab")
@blueprint.response(200, schemas.Lab)
def show(project_id: str) -> dict[str, Any]:
    """Give what may be measured, what was, the bets, and the experiment under way."""
    language = current_language()
    experiments = rooms().experiments
    found = experiments.results(actor(), project_id)
    refusal = found["refusal"]
    subjects = experiments.subjects(actor(), project_id)
    return {
        "subjects": [subject.id for subject in subjects],
        "results": [wire.experiment(row, language) for row in found["results"]],
        "bets": [{"subject": subject, **bet} for subject, bet in found["bets"].items()],
        "front_by": found["front_by"],
        "not_ranked": refusal and sentence(refusal, {}, language),
        "job": wire.job(experiments.job(actor(), project_id), language),
        "may_start": actor().runs_the_class,
    }


@blueprint.put("/projects/<project_id>/lab/bets")
@blueprint.arguments(schemas.PlaceBet)
@blueprint.response(204)
def bet(body: dict[str, Any], project_id: str) -> None:
    """Write down a guess before measuring; it is shown beside the result."""
    figures = {name: body[name] for name in ("ms", "mj", "accuracy")}
    rooms().experiments.bet(actor(), project_id, body["subject"], **figures)


@blueprint.post("/projects/<project_id>/lab/measure")
@blueprint.arguments(schemas.StartMeasuring)
@blueprint.response(202, schemas.StartedJob)
def measure(body: dict[str, Any], project_id: str) -> dict[str, Any]:
    """Begin an experiment; the whole kit is booked while it runs. In a class: the teacher."""
    job = rooms().experiments.start(actor(), project_id, body["subject"], body["mode"])
    return {"job": wire.job(job, current_language())}


@blueprint.post("/projects/<project_id>/lab/stop")
@blueprint.response(200, schemas.StoppedMeasuring)
def stop(project_id: str) -> dict[str, Any]:
    """Stop the experiment under way; nothing of it is kept. `job` is null where there is none."""
    return {"job": wire.job(rooms().experiments.stop(actor(), project_id), current_language())}


@blueprint.get("/projects/<project_id>/lab/results.csv")
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def table(project_id: str) -> Response:
    """Give all results as a table, one row a measurement."""
    text = rooms().experiments.as_csv(actor(), project_id)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="measurements.csv"'
    return response
