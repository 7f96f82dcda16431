"""One suite over every sense of the shipped kit: what is promised of one holds for all."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kit.cli.senses import senses
from kit.core.errors import BadInput
from kit.core.heads import SoftmaxRegression
from kit.core.ports import Lane
from kit.core.sound import Hearing
from kit.core.types import Kind, Media
from kit.senses.hands_file import from_bytes
from tests.support.small import BLUE, HIGH, LOW, RED, jpeg, tone, wav

EVERY = [
    (Kind.IMAGE, None, None),
    (Kind.SOUND, Hearing.WORDS, None),
    (Kind.SOUND, Hearing.SOUNDS, None),
    (Kind.GESTURE, None, 1),
    (Kind.GESTURE, None, 2),
]


@pytest.fixture(scope="module")
def shipped():
    return senses()


@pytest.fixture(params=EVERY, ids=lambda every: " ".join(str(one) for one in every if one))
def sense(request, shipped):
    return shipped.for_kind(*request.param)


@pytest.fixture
def files(sense, shared_data):
    """Two files that this sense takes."""
    if sense.media is Media.PICTURE:
        return jpeg(RED, width=640, height=480), jpeg(BLUE)
    if sense.media is Media.SOUND:
        return wav(LOW, seconds=3.5), wav(HIGH, seconds=0.4)
    return tuple(photograph(shared_data, sign) for sign in ("1", "5"))


def photograph(shared_data, sign):
    path = sorted((shared_data / "hand-signs" / sign).iterdir())[0]
    pixels = cv2.resize(cv2.imread(str(path)), (300, 300), interpolation=cv2.INTER_CUBIC)
    pixels = cv2.copyMakeBorder(pixels, 75, 75, 75, 75, cv2.BORDER_CONSTANT)
    return cv2.imencode(".png", pixels)[1].tobytes()


def embedded(sense, data, view=0):
    return sense.embed(sense.read(data), Lane.CAPTURE, view=view).result(30).embedding


def test_what_is_kept_is_seen_as_what_came_in(sense, files):
    for data in files:
        kept = sense.keep(data)

        cosine = cosine_of(embedded(sense, data), embedded(sense, kept.bytes))
        assert kept.media is sense.media
        assert cosine > (0.98 if sense.media is Media.PICTURE else 0.9999)


def cosine_of(one, other):
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_keeping_what_is_kept_changes_no_byte(sense, files):
    for data in files:
        kept = sense.keep(data)

        assert sense.kept(kept.bytes).bytes == kept.bytes


def test_the_same_bytes_give_the_same_numbers(sense, files):
    kept = sense.keep(files[0]).bytes

    assert np.array_equal(embedded(sense, kept), embedded(sense, kept))


def test_a_sample_has_a_picture_of_the_size_that_is_said(sense, files):
    kept = sense.keep(files[0])
    for thumb in (False, True):
        data, mimetype = sense.picture(kept.bytes, thumb=thumb)
        height, width = cv2.imdecode(np.frombuffer(data, np.uint8), 1).shape[:2]

        assert mimetype in ("image/jpeg", "image/png")
        if thumb:
            assert max(width, height) == 160
        else:
            assert (width, height) == (kept.width, kept.height)


def test_every_view_has_as_many_numbers_and_its_own_key(sense, files):
    asked = sense.read(files[0])
    views = sense.views(10, 2)

    made = [sense.embed(asked, Lane.EVALUATION, view=view).result(30) for view in range(views)]

    assert views >= 1 and len({one.embedding.shape for one in made}) == 1
    assert {one.embedding.dtype for one in made} == {np.dtype(np.float32)}
    assert len({sense.key("hash", view) for view in range(views)}) == views
    assert replace(sense.key("hash", 1), view=0) == sense.key("hash")


def test_no_two_senses_share_an_embedding(shipped):
    keys = {shipped.for_kind(*every).key("hash") for every in EVERY}

    assert len(keys) == len(EVERY)


def test_a_head_leaves_as_one_file(sense, files):
    rows = np.array([embedded(sense, data) for data in files] * 2)
    head = SoftmaxRegression(transform=sense.transform).fit(rows, ["a", "b"] * 2)

    exported = sense.export(head, description="a, b")

    assert exported[4:8] == b"TFL3"


def test_what_another_kind_takes_is_refused_in_its_words(sense):
    other = wav(LOW) if sense.media is not Media.SOUND else jpeg(RED)
    wanted = "sound-not-wanted" if sense.media is not Media.SOUND else "picture-not-wanted"

    for verb in (sense.keep, sense.read):
        with pytest.raises(BadInput) as refused:
            verb(other)
        assert refused.value.id == wanted


def test_what_is_kept_of_a_frame_or_a_recording_is_what_a_file_of_it_would_be(sense, files):
    if sense.media is Media.SOUND:
        raw = tone(LOW)
    else:
        raw = cv2.cvtColor(cv2.imdecode(np.frombuffer(files[0], np.uint8), 1), cv2.COLOR_BGR2RGB)

    kept = sense.keep_raw(raw)
    asked = sense.read_raw(raw)

    live = sense.embed(asked, Lane.CAPTURE).result(30).embedding
    assert cosine_of(embedded(sense, kept.bytes), live) > 0.98
    assert (kept.sent_bytes or 10**6) > len(kept.bytes) or sense.media is not Media.HANDS


# --- more hands than fingers, and fewer ---


@pytest.fixture
def one_hand(shipped):
    return shipped.for_kind(Kind.GESTURE, None, 1)


def in_a_row(photos, columns):
    """Photographs of hands on one table."""
    pixels = [cv2.imdecode(np.frombuffer(photo, np.uint8), 1)[::2, ::2] for photo in photos]
    rows = [np.hstack(pixels[at : at + columns]) for at in range(0, len(pixels), columns)]
    widest = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 0), (0, widest - row.shape[1]), (0, 0))) for row in rows]
    return cv2.imencode(".png", np.vstack(padded))[1].tobytes()


def test_of_five_hands_the_two_surest_are_kept_and_it_is_said(one_hand, shared_data):
    photos = [photograph(shared_data, sign) for sign in ("1", "5", "2", "5", "1")]

    kept = one_hand.keep(in_a_row(photos, columns=3))

    hands, _, _ = from_bytes(kept.bytes)
    assert len(hands) == 2 and hands[0].score >= hands[1].score
    assert kept.advice == "advice-second-hand"


@pytest.mark.parametrize("share", [0.35, 0.5, 0.65])
def test_half_a_hand_is_points_or_a_refusal(one_hand, shared_data, share):
    whole = cv2.imdecode(np.frombuffer(photograph(shared_data, "5"), np.uint8), 1)
    half = cv2.imencode(".png", whole[: int(len(whole) * share)])[1].tobytes()

    try:
        kept = one_hand.keep(half)
    except BadInput as refused:
        assert refused.id == "no-hand"
    else:
        assert embedded(one_hand, kept.bytes).shape == (42,)


def test_nothing_is_loaded_before_it_is_needed():
    """An image project pays nothing for the ears and the hands of others."""
    loaded = []

    def load(what):
        loaded.append(what)
        raise AssertionError("nobody asked for this")

    from kit.senses import Senses

    class Nobody:
        pass

    every = Senses(
        Nobody(), load_listener=lambda hearing: load("ear"), load_finder=lambda: load("hands")
    )

    for kind, hearing, hands in EVERY:
        every.for_kind(kind, hearing, hands)

    assert loaded == []
