"""A project of gestures keeps points of hands, and no picture anywhere."""

import json

import numpy as np
import pytest

from kit.core.errors import BadInput
from kit.core.types import Kind, Media
from kit.senses.hands_file import from_bytes
from tests.support.small import GREEN, RED, jpeg, wav
from tests.support.waiting import wait_until

WIDE, ROUND = (130, 190, 40), (10, 190, 40)
"""Two greens: hands whose points lie differently (`HandPrint`)."""


@pytest.fixture
def signs(house, group):
    return house.library.open(group, house.library.create(group, "Signs", kind=Kind.GESTURE).id)


@pytest.fixture
def two_signs(signs, group):
    labels = signs.add_label(group, "wide"), signs.add_label(group, "round")
    for label, colour in zip(labels, (WIDE, ROUND), strict=True):
        files = [(f"{n}.jpg", jpeg(colour)) for n in range(3)]
        assert not signs.add_files(group, label.id, files).refused
    return labels


def pictures_in(folder):
    """Files below a folder that hold a picture, whatever they are called."""
    starts = b"\xff\xd8\xff", b"\x89PNG", b"RIFF"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if path.read_bytes().startswith(starts)]


def test_a_sign_is_kept_as_points_and_its_picture_nowhere(signs, group, house):
    label = signs.add_label(group, "open")
    sent = jpeg(GREEN)

    [sample] = signs.add_files(group, label.id, [("hand.jpg", sent)]).samples

    assert (sample.media, sample.sent_bytes) == (Media.HANDS, len(sent))
    [kept] = (house.store.folder / "media").rglob("*.json")
    hands, width, height = from_bytes(kept.read_bytes())
    assert len(hands) == 1 and (width, height) == (96, 72)
    assert sample.bytes == kept.stat().st_size < 2000
    assert pictures_in(house.store.folder) == []
    drawn, mimetype = signs.picture(group, sample.id)
    assert mimetype == "image/png" and drawn.startswith(b"\x89PNG")


def test_without_a_hand_nothing_is_kept_and_a_sound_is_none(signs, group, house):
    label = signs.add_label(group, "open")

    kept = signs.add_files(
        group, label.id, [("1.jpg", jpeg(RED)), ("2.wav", wav(220)), ("3.jpg", b"no")]
    )

    assert [error.id for _, error in kept.refused] == [
        "no-hand",
        "sound-not-wanted",
        "picture-not-a-picture",
    ]
    assert signs.samples(group).samples == ()


def test_the_walk_to_a_model_and_back(signs, group, house, train, two_signs):
    job = train(house, signs)

    state = signs.state(group)
    assert job.error is None and state["model"]["ref"]["backbone"] == "hand prints"
    answer = signs.predict_file(group, jpeg(WIDE))
    assert answer.label == "wide"
    assert list(answer.stages_ms) == ["decode", "wait", "find", "head"]
    with pytest.raises(BadInput) as refused:
        signs.predict_file(group, jpeg(RED))
    assert refused.value.id == "no-hand"


def test_before_any_label_the_hands_in_a_picture_are_found_and_nothing_is_kept(signs, group, house):
    [hand] = signs.hands_in_file(group, jpeg(WIDE))
    nobody = signs.hands_in_file(group, jpeg(RED))

    assert hand["side"] == "right" and np.array(hand["points"]).shape == (21, 2)
    assert 0 <= np.min(hand["points"]) <= np.max(hand["points"]) <= 1
    assert nobody == []
    assert signs.samples(group).samples == () and pictures_in(house.store.folder) == []
    for wrong, id in ((wav(220), "sound-not-wanted"), (b"no", "picture-not-a-picture")):
        with pytest.raises(BadInput) as refused:
            signs.hands_in_file(group, wrong)
        assert refused.value.id == id


def test_live_the_hands_are_shown_and_answered_about(signs, group, house, two_signs):
    with signs.subscribe(group, live=True) as box:
        house.fanout.hold_up(WIDE)
        seen = {e.kind: e.data for e in iter(lambda: box.next(0), None)}
        house.fanout.hold_up(RED)
        empty = {e.kind: e.data for e in iter(lambda: box.next(0), None)}

    assert seen["prediction"]["label"] == "wide"
    [hand] = seen["prediction"]["hands"]
    assert hand["side"] == "right" and np.array(hand["points"]).shape == (21, 2)
    assert 0 <= np.min(hand["points"]) <= np.max(hand["points"]) <= 1
    assert "prediction" not in empty and empty["hands"]["hands"] == []


def test_a_burst_counts_frames_without_a_hand_and_keeps_none_of_them(signs, group, house):
    label = signs.add_label(group, "open")
    house.feed.hold_up(RED, seconds=0.1)  # read before the press

    signs.start_burst(group, label.id)
    house.feed.hold_up(GREEN, seconds=1.0)
    house.feed.hold_up(RED, seconds=1.0)
    wait_until(lambda: house.feed.all_seen)
    ended = signs.stop_burst(group)

    assert ended["samples"] >= 7 and ended["without_hand"] >= 7
    assert len(signs.samples(group).samples) == ended["samples"]
    assert all(sample.sent_bytes > sample.bytes for sample in signs.samples(group).samples)


def test_two_hands_are_another_way_of_looking(signs, group, house, train, two_signs):
    train(house, signs)

    signs.choose(group, hands=2)
    house.jobs.wait(house.jobs.newest(signs.id).id)

    state = signs.state(group)
    assert state["model"] is None and state["project"]["hands"] == 2
    assert "advice-model-of-other-hands" in [advice["id"] for advice in state["advice"]]
    assert signs.predict_file(group, jpeg(WIDE)).label == "wide"  # the instant one
    signs.choose(group, hands=1)
    assert signs.state(group)["model"]["ref"]["number"] == 1


GOOD = {
    "version": 1, "width": 640, "height": 480,
    "hands": [{"side": "left", "score": 0.9, "points": [[0.5, 0.5, 0.0]] * 21}],
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"width": 0},
        {"height": 10**9},
        {"hands": []},
        {"hands": GOOD["hands"] * 3},
        {"hands": [{**GOOD["hands"][0], "side": "middle"}]},
        {"hands": [{**GOOD["hands"][0], "score": 7}]},
        {"hands": [{**GOOD["hands"][0], "points": [[0.5, 0.5, 0.0]] * 20}]},
        {"hands": [{**GOOD["hands"][0], "points": [[1e9, 0.5, 0.0]] * 21}]},
        {"hands": [{**GOOD["hands"][0], "points": [[float("nan"), 0.5, 0.0]] * 21}]},
        {"hands": "none"},
    ],
)
def test_what_lies_in_a_file_of_points_is_not_trusted(change):
    from_bytes(json.dumps(GOOD).encode())

    with pytest.raises(BadInput) as refused:
        from_bytes(json.dumps(GOOD | change).encode())

    assert refused.value.id == "hands-damaged"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"[" * 5000, b"{" + b" " * 20_000 + b"}"])
def test_what_is_no_file_of_points_at_all_is_refused(data):
    with pytest.raises(BadInput) as refused:
        from_bytes(data)

    assert refused.value.id == "hands-damaged"
