"""Answers about one picture or sound: what the model says, and what counted."""

from typing import Any

from flask import request

from kit.core import shapes
from kit.core.errors import BadInput
from kit.web import schemas, wire
from kit.web.api.resource import BINARY, Resource, readable, studio
from kit.web.session import actor

blueprint = Resource("answers", __name__, description="Answers about one picture or sound.")

_CAMERA = {
    "camera": {"type": "boolean", "enum": [True]},
    "microphone": {"type": "boolean", "enum": [True]},
}
_SAMPLE = {"sample_id": {"type": "string"}}


_PICTURE = {"required": True, "content": {"image/*": {"schema": BINARY}}}


def _one_of(properties: dict[str, Any]) -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {"picture": BINARY, "sound": BINARY},
        "minProperties": 1,
    }
    named = {"type": "object", "properties": properties, "minProperties": 1}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "image/*": {"schema": BINARY},
            "audio/*": {"schema": BINARY},
            "application/json": {"schema": named},
        },
    }


@blueprint.post("/projects/<project_id>/predict")
@blueprint.doc(requestBody=_one_of(_CAMERA))
@blueprint.response(200, schemas.Prediction)
def predict(project_id: str) -> dict[str, Any]:
    """Answer to one picture or sound, or to what the kit's camera or microphone gives now."""
    if not request.is_json:
        answer = studio().predict_file(actor(), _file())
    elif _json().get("camera") is True:
        answer = studio().predict_camera(actor())
    elif _json().get("microphone") is True:
        answer = studio().predict_microphone(actor())
    else:
        raise BadInput("field-wrong", "neither a file nor camera or microphone", field="camera")
    return shapes.prediction(answer, studio().label_ids(actor()))


@blueprint.post("/projects/<project_id>/hands")
@blueprint.doc(requestBody=_PICTURE)
@blueprint.response(200, schemas.FoundHands)
def hands(project_id: str) -> dict[str, Any]:
    """Find the hands in one picture, for whoever draws them before anything was learnt."""
    return {"hands": studio().hands_in_file(actor(), _file())}


@blueprint.post("/projects/<project_id>/explain")
@blueprint.doc(requestBody=_one_of({**_CAMERA, **_SAMPLE}))
@blueprint.response(200, schemas.Explanation)
def explain(project_id: str) -> dict[str, Any]:
    """Show which part of a picture counted, and the most similar samples."""
    if not request.is_json:
        found = studio().explain_file(actor(), _file())
    elif _json().get("camera") is True:
        found = studio().explain_camera(actor())
    elif isinstance(sample_id := _json().get("sample_id"), str):
        found = studio().explain_sample(actor(), sample_id)
    else:
        raise BadInput("field-wrong", "no picture, camera or sample", field="sample_id")
    return wire.explanation(project_id, found, studio().label_ids(actor()))


def _json() -> dict[str, Any]:
    with readable():
        body = request.get_json()
    if not isinstance(body, dict):
        raise BadInput("request-unreadable", f"a JSON {type(body).__name__} for an object")
    return body


def _file() -> bytes:
    """The file of a form, or the body itself: bare bytes spare the form's reading."""
    if request.mimetype.startswith(("image/", "audio/")):
        return request.get_data(cache=False)
    file = request.files.get("picture") or request.files.get("sound")
    if file is None:
        raise BadInput("field-wrong", "neither a picture nor a sound in the form", field="picture")
    return file.read()
