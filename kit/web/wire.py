"""From the verbs' plain values to what goes over the wire: addresses and sentences are added.

The verbs know neither addresses nor languages. Everything here is a plain function of its
arguments, so one event can be said in each listener's own language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kit.core import shapes
from kit.core.errors import KitError
from kit.core.types import (
    CameraStatus,
    Job,
    Media,
    MeterInfo,
    MeterLabel,
    MicrophoneStatus,
    ProjectInfo,
    Sample,
)
from kit.i18n import sentence
from kit.messages import MESSAGES, of_kind

if TYPE_CHECKING:
    from kit.self_test import Report
    from kit.studio.check import Explanation


def state(value: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A ProjectState with addresses for its pictures and sentences for its advice."""
    project_id, kind = value["project"]["id"], value["project"]["kind"]
    labels = [
        {**label, "thumbs": [thumb(project_id, t["id"]) for t in label["thumbs"]]}
        for label in value["labels"]
    ]
    advice = [
        {**one, "message": said(of_kind(one["id"], kind), one.get("values"), language)}
        for one in value["advice"]
    ]
    return {**value, "labels": labels, "advice": advice, "job": job(value["job"], language)}


def job(value: Job | Mapping[str, Any] | None, language: str) -> dict[str, Any] | None:
    """A Job whose error, if any, is said in words."""
    if value is None:
        return None
    plain = shapes.job(value) if isinstance(value, Job) else dict(value)
    if plain["error"]:
        error = plain["error"]
        values = error.get("values") or {}
        plain["error"] = {
            "id": error["id"],
            "message": said(error["id"], values, language),
            "values": values,
        }
    if plain["verb"] == "import" and plain["result"]:
        plain["result"] = _imported(plain["result"], language)
    return plain


def _imported(result: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What came of a file; why each picture was passed over in words."""
    files = [
        {"name": file["name"], "message": said(**file["error"], language=language)}
        for file in result["passed_over"]["files"]
    ]
    return {**result, "passed_over": {**result["passed_over"], "files": files}}


def camera(value: CameraStatus | Mapping[str, Any], language: str) -> dict[str, Any]:
    """The camera's status; what to do about it, if anything, in words."""
    plain = shapes.camera(value) if isinstance(value, CameraStatus) else dict(value)
    return _with_its_message(plain, language)


def microphone(value: MicrophoneStatus | Mapping[str, Any], language: str) -> dict[str, Any]:
    """The microphone's status; what to do about it, if anything, in words."""
    plain = shapes.microphone(value) if isinstance(value, MicrophoneStatus) else dict(value)
    return _with_its_message(plain, language)


def _with_its_message(plain: Mapping[str, Any], language: str) -> dict[str, Any]:
    message_id = plain["message_id"]
    return {**plain, "message": said(message_id, None, language) if message_id else None}


def project(info: ProjectInfo, thumb_id: str | None = None) -> dict[str, Any]:
    """One card of the home page."""
    url = thumb(info.id, thumb_id)["url"] if thumb_id else None
    return {**shapes.project(info), "thumb_url": url}


def sample(project_id: str, value: Sample) -> dict[str, Any]:
    """One sample, with the addresses of its picture and, for a clip, of its sound.

    Trimmed, it is another sound: so that the page fetches it anew, its hash is in the address.
    """
    sound_url = f"{_sample_url(project_id, value.id)}/sound?v={value.media_hash[:8]}"
    return {
        **shapes.sample(value),
        "picture_url": picture_url(project_id, value.id),
        "sound_url": sound_url if value.media is Media.SOUND else None,
    }


def thumb(project_id: str, sample_id: str) -> dict[str, str]:
    """A sample's small picture."""
    return {"id": sample_id, "url": f"{picture_url(project_id, sample_id)}?thumb=1"}


def picture_url(project_id: str, sample_id: str) -> str:
    """Where a sample's picture is."""
    return f"{_sample_url(project_id, sample_id)}/picture"


def _sample_url(project_id: str, sample_id: str) -> str:
    return f"/api/projects/{project_id}/samples/{sample_id}"


def advice(ids: Iterable[str], language: str) -> list[dict[str, str]]:
    """What would make the next samples better, in words."""
    return [{"id": id, "message": said(id, None, language)} for id in ids]


def explanation(
    project_id: str, value: "Explanation", label_ids: Mapping[str, str]
) -> dict[str, Any]:
    """What counted in one answer. The map's rows go from top to bottom of the square."""
    heat = value.heat
    return {
        "prediction": shapes.prediction(value.prediction, label_ids),
        "heat": None
        if heat is None
        else {
            "rows": heat.shape[0],
            "columns": heat.shape[1],
            "values": [[round(float(one), 4) for one in row] for row in heat],
        },
        "similar": [
            {**sample(project_id, one), "similarity": round(cosine, 4)}
            for one, cosine in value.similar
        ],
        "square": asdict(value.square),
    }


LABEL_WORDS = {
    MeterLabel.INPUT: "meter-label-input",
    MeterLabel.RAILS: "meter-label-rails",
    MeterLabel.ESTIMATED: "meter-label-estimated",
    MeterLabel.NONE: "meter-label-none",
}


def meter(value: MeterInfo, language: str) -> dict[str, Any]:
    """A meter, in words what it rests on and what it does not see."""
    return {
        "name": value.name,
        "label": value.label.value,
        "label_words": said(LABEL_WORDS[value.label], None, language),
        "rate_hz": value.rate_hz,
        "resolution_mw": value.resolution_mw,
        "gain_error": value.gain_error,
        "blind_spots": [said(spot, None, language) for spot in value.blind_spots],
        "details": dict(value.details),
    }


def refusal(error: KitError, language: str) -> dict[str, Any]:
    """Why something is not there, in the shape of errors."""
    message = said(error.id, error.values, language)
    return {"id": error.id, "message": message, "values": dict(error.values)}


def outputs(now: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What is on; what went wrong at the pins in words."""
    trouble = now["trouble"]
    if trouble:
        trouble = {**trouble, "message": said(trouble["id"], trouble["values"], language)}
    return {**now, "trouble": trouble}


def report(value: "Report", language: str) -> dict[str, Any]:
    """A self-test, each finding in words."""
    return {
        "good": value.is_good,
        "at": value.at_text,
        "kit": dict(value.kit),
        "findings": [
            {
                "part": one.part,
                "state": str(one.state),
                "id": one.id,
                "values": dict(one.values),
                "message": said(one.id, one.values, language),
                "reason": one.reason,
            }
            for one in value.findings
        ],
    }


def experiment(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """One result of the lab; what it rests on, and what was thrown out, in words."""
    return {
        **row,
        "label_words": said(LABEL_WORDS[MeterLabel(row["label"])], None, language),
        "rejected": [
            {**one, "message": said(one["id"], one["values"], language)} for one in row["rejected"]
        ],
    }


def said(id: str, values: Mapping[str, Any] | None, language: str) -> str:
    """The sentence of an id, never an exception: this runs inside streams."""
    return sentence(id if id in MESSAGES else "something-broke", values, language)


def notice(value: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A word to the pupil: the sentence beside its id."""
    values = value.get("values") or {}
    return {"id": value["id"], "values": values, "message": said(value["id"], values, language)}


def event(kind: str, data: Any, language: str) -> Any:
    """What one listener is sent of an event, in its language."""
    match kind:
        case "state":
            return state(data, language)
        case "job":
            return job(data, language)
        case "camera":
            return camera(data, language)
        case "microphone":
            return microphone(data, language)
        case "notice":
            return notice(data, language)
        case "trouble":
            return {"troubles": [notice(one, language) for one in data["troubles"]]}
        case "outputs":
            return outputs(data, language)
        case _:
            return data
