"""Sounds and gestures over the API: the same routes, each answer as it is described."""

import io
import json
import wave

import cv2
import numpy as np
import pytest

from kit.settings import Settings
from tests.support.small import HIGH, LOW, tone, wav
from tests.web.conftest import over, photo, running, trained, upload


@pytest.fixture(scope="module")
def hearing_kit(tmp_path_factory):
    """A kit whose microphone plays one low tone after another."""
    sounds = tmp_path_factory.mktemp("sounds")
    (sounds / "low.wav").write_bytes(wav(LOW))
    data = tmp_path_factory.mktemp("hearing")
    yield from running(Settings(data=data, camera="fake", microphone=f"fake:{sounds}"))


@pytest.fixture
def client(hearing_kit):
    return over(hearing_kit).test_client()


@pytest.fixture
def sounds(client):
    """A project of sounds with two labels, three clips each; its id and its labels' ids."""
    body = {"name": "Notes", "kind": "sound", "hearing": "sounds"}
    project = client.post("/api/projects", json=body).json
    assert (project["kind"], project["hearing"], project["hands"]) == ("sound", "sounds", None)
    labels = {}
    for name, hz in (("low", LOW), ("high", HIGH)):
        answer = client.post(f"/api/projects/{project['id']}/labels", json={"name": name})
        labels[name] = answer.json["id"]
        kept = upload(client, project["id"], labels[name], *(wav(hz) for _ in range(3)))
        assert kept.status_code == 201
    yield project["id"], labels
    client.delete(f"/api/projects/{project['id']}")


def hand(shared_data, sign, number):
    """A photograph of a hand sign, larger and with room around it."""
    path = sorted((shared_data / "hand-signs" / sign).iterdir())[number]
    pixels = cv2.resize(cv2.imread(str(path)), (300, 300), interpolation=cv2.INTER_CUBIC)
    pixels = cv2.copyMakeBorder(pixels, 75, 75, 75, 75, cv2.BORDER_CONSTANT)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def test_a_clip_is_seen_heard_trimmed_and_brought_back(client, sounds):
    project, labels = sounds
    two = tone(LOW, seconds=1.8)
    sent = upload(client, project, labels["low"], _wav_of(two, rate_hz=16_000)).json
    [sample] = sent["samples"]
    base = f"/api/projects/{project}/samples/{sample['id']}"

    assert (sample["media"], sample["duration_ms"], sample["sent_bytes"]) == ("sound", 1800, None)
    picture = client.get(f"{sample['picture_url']}?thumb=1")
    assert picture.mimetype == "image/png"
    assert cv2.imdecode(np.frombuffer(picture.data, np.uint8), 1).shape == (84, 160, 3)
    heard = client.get(sample["sound_url"])
    assert heard.mimetype == "audio/wav"
    with wave.open(io.BytesIO(heard.data)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (16_000, 1, 28_800)

    trimmed = client.post(f"{base}/trim", json={"start_ms": 300}).json
    assert (trimmed["duration_ms"], trimmed["trimmed"]) == (1000, True)
    assert trimmed["sound_url"] != sample["sound_url"]
    assert client.get(f"{base}/sound?whole=1").data == heard.data
    assert client.post(f"{base}/trim", json={"start_ms": 900}).json["error"]["id"] == "trim-outside"
    back = client.post(f"{base}/trim", json={"start_ms": None}).json
    assert back["trimmed"] is False and client.get(back["sound_url"]).data == heard.data


def _wav_of(waveform, *, rate_hz, channels=1, bits=16):
    """A waveform as a WAV that no kit wrote."""
    file = io.BytesIO()
    whole = np.repeat((waveform * 32_000).astype("<i2")[:, np.newaxis], channels, axis=1)
    with wave.open(file, "wb") as out:
        out.setframerate(rate_hz), out.setnchannels(channels), out.setsampwidth(bits // 8)
        data = whole if bits == 16 else (whole.astype("<i4") << 16)
        out.writeframes(data.tobytes())
    return file.getvalue()


@pytest.mark.parametrize(
    ("rate_hz", "channels", "bits"), [(8_000, 1, 16), (44_100, 2, 16), (48_000, 2, 32)]
)
def test_any_usual_sound_is_taken(client, sounds, rate_hz, channels, bits):
    project, labels = sounds
    data = _wav_of(tone(LOW), rate_hz=rate_hz, channels=channels, bits=bits)

    assert upload(client, project, labels["low"], data).status_code == 201


def test_the_wrong_sort_is_refused_in_words(client, sounds):
    project, labels = sounds
    pictures = client.post("/api/projects", json={"name": "Cups"}).json["id"]
    label = client.post(f"/api/projects/{pictures}/labels", json={"name": "cup"}).json["id"]

    a_picture = upload(client, project, labels["low"], photo((200, 30, 30))).json
    a_sound = upload(client, pictures, label, wav(LOW)).json

    assert a_picture["error"]["id"] == "picture-not-wanted"
    assert a_sound["error"]["id"] == "sound-not-wanted"
    assert "sound" in a_picture["error"]["message"]


def test_from_clips_to_an_answer_by_every_way_of_asking(client, hearing_kit, sounds):
    project, _ = sounds
    job = trained(client, hearing_kit, project)
    assert job["state"] == "done"

    ask = f"/api/projects/{project}/predict"
    data = {"sound": (io.BytesIO(wav(HIGH)), "high.wav")}
    by_form = client.post(ask, data=data).json
    by_body = client.post(ask, data=wav(HIGH), content_type="audio/wav").json
    by_microphone = client.post(ask, json={"microphone": True}).json

    assert (by_form["label"], by_body["label"], by_microphone["label"]) == ("high", "high", "low")
    assert by_form["model"]["backbone"] == "pooled-log-mel"
    assert client.post(ask, json={"camera": True}).json["error"]["id"] == "camera-not-wanted"
    hands = client.post(
        f"/api/projects/{project}/hands", data=photo((90, 90, 90)), content_type="image/jpeg"
    )
    assert (hands.status_code, hands.json["error"]["id"]) == (400, "hands-not-wanted")
    explained = client.post(
        f"/api/projects/{project}/explain", data=wav(LOW), content_type="audio/wav"
    )
    assert explained.json["heat"] is None
    assert explained.json["similar"][0]["sound_url"]
    assert client.get(f"/api/projects/{project}/models/1/export").status_code == 200


def test_a_recording_at_the_kits_microphone(client, hearing_kit, sounds):
    project, labels = sounds
    burst = f"/api/projects/{project}/burst"

    begun = client.post(burst, json={"label_id": labels["low"], "seconds": 1.0})
    assert begun.status_code == 201
    until_over(hearing_kit, project)
    ended = client.delete(burst).json

    assert (ended["samples"], ended["without_hand"]) == (1, 0)
    newest = client.get(f"/api/projects/{project}/samples?limit=1").json["samples"][0]
    assert newest["source"] == "kit microphone"
    wrong = client.post(burst, json={"label_id": labels["low"], "seconds": 21})
    assert wrong.json["error"]["id"] == "burst-seconds"


def until_over(kit, project):
    from kit.core.types import Actor, Role

    burst = kit.library.open(Actor(Role.LOCAL), project)._burst
    if burst is not None:
        burst._thread.join(20)


def test_live_sound_is_told_with_its_level_and_columns(client, hearing_kit, sounds):
    project, _ = sounds
    found = {}
    with client.get(f"/api/projects/{project}/events?live=1", buffered=False) as stream:
        for piece in stream.response:
            lines = dict(line.split(": ", 1) for line in piece.decode().splitlines() if line)
            if "event" in lines:
                found[lines["event"]] = json.loads(lines["data"])
            if {"sound", "prediction"} <= found.keys():
                break

    assert -96 <= found["sound"]["level_db"] <= found["sound"]["peak_db"] <= 0
    assert {len(column) for column in found["sound"]["columns"]} <= {32}
    assert found["prediction"]["label"] == "low"
    assert found["prediction"]["heard"] in (True, False)


def test_hearings_are_compared_and_false_alarms_counted(client, hearing_kit, sounds):
    project, _ = sounds
    job = client.post(f"/api/projects/{project}/compare-hearing").json["job"]
    compared = hearing_kit.jobs.wait(job["id"]).result
    assert {found["n"] for found in compared.values()} == {6}

    data = {"sound": (io.BytesIO(wav(LOW, seconds=11)), "room.wav")}
    job = client.post(f"/api/projects/{project}/false-alarms", data=data).json["job"]

    counted = hearing_kit.jobs.wait(job["id"]).result

    assert counted["low"] <= counted["per_hour"] <= counted["high"]
    wrong = client.post(f"/api/projects/{project}/false-alarms", json={"seconds": "ten"})
    assert wrong.json["error"]["id"] == "field-wrong"


def test_hearing_is_chosen_anew(client, hearing_kit, sounds):
    project, _ = sounds
    trained(client, hearing_kit, project)

    state = client.patch(f"/api/projects/{project}", json={"hearing": "words"}).json

    assert state["project"]["hearing"] == "words" and state["model"] is None
    assert "advice-model-of-other-hearing" in {advice["id"] for advice in state["advice"]}
    wrong = client.patch(f"/api/projects/{project}", json={"hands": 2}).json
    assert wrong["error"]["id"] == "option-of-another-kind"


def test_signs_from_photographs_to_an_answer(client, hearing_kit, shared_data):
    body = {"name": "Signs", "kind": "gesture", "hands": 1}
    project = client.post("/api/projects", json=body).json["id"]
    found = [
        client.post(f"/api/projects/{project}/hands", data=sent, content_type="image/jpeg").json
        for sent in (hand(shared_data, "5", 8), photo((90, 90, 90)))
    ]
    assert [len(each["hands"]) for each in found] == [1, 0]
    for sign in ("1", "5"):
        label = client.post(f"/api/projects/{project}/labels", json={"name": sign}).json["id"]
        photos = [hand(shared_data, sign, number) for number in range(4)]
        kept = upload(client, project, label, *photos, photo((90, 90, 90))).json
        assert len(kept["samples"]) >= 3
        assert "no-hand" in [one["error"]["id"] for one in kept["refused"]]
    sample = kept["samples"][0]
    assert sample["media"] == "hands" and sample["bytes"] < 1500 < sample["sent_bytes"]
    picture = client.get(f"{sample['picture_url']}?thumb=1")
    assert (picture.mimetype, picture.status_code) == ("image/png", 200)
    assert client.get(f"/api/projects/{project}/samples/{sample['id']}/sound").status_code == 404
    trained(client, hearing_kit, project)

    data = {"picture": (io.BytesIO(hand(shared_data, "5", 9)), "5.jpg")}
    answer = client.post(f"/api/projects/{project}/predict", data=data).json

    assert answer["label"] == "5"
    assert client.get(f"/api/projects/{project}/models/1/export").status_code == 200


@pytest.mark.parametrize("kind", ["sound", "gesture"])
def test_what_a_kind_is_survives_a_copy_a_file_and_its_import(client, hearing_kit, kind):
    option = {"hearing": "sounds"} if kind == "sound" else {"hands": 2}
    body = {"name": f"My {kind}", "kind": kind, **option}
    project = client.post("/api/projects", json=body).json["id"]

    copy = client.post(f"/api/projects/{project}/duplicate", json={}).json
    file = client.get(f"/api/projects/{project}/export").data
    data = {"file": (io.BytesIO(file), "x.kit.zip")}
    job = hearing_kit.jobs.wait(client.post("/api/projects/import", data=data).json["job"]["id"])
    back = client.get(f"/api/projects/{job.result['project_id']}").json["project"]

    for one in (copy, back):
        assert {name: one[name] for name in ("kind", *option)} == {"kind": kind, **option}
