"""A project of sounds goes the same walk: shown, taught, checked, heard live."""

import io
import json
import zipfile

import numpy as np
import pytest

from kit.codecs.sound import decode_sound, encode_wav
from kit.core.errors import BadInput, Conflict, NotFound
from kit.core.sound import Hearing
from kit.core.types import Kind, Media
from tests.support.small import HIGH, LOW, RED, jpeg, tone, wav


@pytest.fixture
def ears(house, group):
    return house.library.open(group, house.library.create(group, "Notes", kind=Kind.SOUND).id)


@pytest.fixture
def say(group):
    """Brings files of one pitch; gives back the samples that were kept."""

    def say(studio, label, hz, clips=1, **how):
        files = [(f"{n}.wav", wav(hz, **how)) for n in range(clips)]
        kept = studio.add_files(group, label.id, files)
        assert not kept.refused
        return list(kept.samples)

    return say


@pytest.fixture
def two_notes(ears, group, say):
    labels = ears.add_label(group, "low"), ears.add_label(group, "high")
    for label, hz in zip(labels, (LOW, HIGH), strict=True):
        say(ears, label, hz, clips=4)
    return labels


def taught(house, studio, train):
    job = train(house, studio)
    assert job.error is None
    return studio


# --- kept ---


def test_two_clips_and_the_bars_move(ears, group, two_notes):
    answer = ears.predict_file(group, wav(HIGH))

    assert answer.label == "high"
    assert list(answer.stages_ms) == ["decode", "prepare", "wait", "invoke", "head"]


def test_a_clip_is_kept_as_two_seconds_around_its_loudest_one(ears, group, say):
    label = ears.add_label(group, "low")
    long = np.concatenate([np.full(80_000, 1e-4, "f4"), tone(LOW), np.zeros(80_000, "f4")])

    [sample] = ears.add_files(group, label.id, [("long.wav", encode_wav(long))]).samples

    kept = decode_sound(ears.sound(group, sample.id)).waveform
    assert (sample.media, len(kept), sample.bytes) == (Media.SOUND, 32_000, 64_044)
    assert np.abs(kept - long[72_000:104_000]).max() < 1e-4
    picture, mimetype = ears.picture(group, sample.id, thumb=True)
    assert mimetype == "image/png" and picture.startswith(b"\x89PNG")


def test_what_is_no_sound_is_refused_and_the_good_one_is_kept(ears, group):
    label = ears.add_label(group, "low")
    files = [
        ("photo.jpg", jpeg(RED)),
        ("empty.wav", b""),
        ("none.wav", encode_wav(np.zeros(0))),
        ("silent.wav", encode_wav(np.zeros(16_000))),
        ("lies.wav", wav(LOW)[:40] + (2**31 - 1).to_bytes(4, "little") + wav(LOW)[44:]),
        ("hour.wav", wav_of_an_hour()),
        ("song.mp3", b"ID3" + bytes(100)),
        ("good.wav", wav(LOW)),
    ]

    kept = ears.add_files(group, label.id, files)

    assert [(name, error.id) for name, error in kept.refused] == [
        ("photo.jpg", "picture-not-wanted"),
        ("empty.wav", "sound-empty"),
        ("none.wav", "sound-empty"),
        ("silent.wav", "sound-silent"),
        ("lies.wav", "sound-damaged"),
        ("hour.wav", "sound-too-long"),
        ("song.mp3", "sound-format"),
    ]
    assert len(kept.samples) == 1


def wav_of_an_hour():
    """Its head promises an hour and so do its bytes: 8 kHz, 8 bits, almost the 25 MB allowed."""
    quiet = bytes([128]) * (8_000 * 3_000)
    head = bytearray(wav(LOW)[:44])
    head[24:28], head[28:32] = (8_000).to_bytes(4, "little"), (8_000).to_bytes(4, "little")
    head[32:36] = b"\x01\x00\x08\x00"
    head[40:44] = len(quiet).to_bytes(4, "little")
    return bytes(head) + quiet


def test_too_loud_and_too_quiet_are_kept_with_a_word_about_it(ears, group):
    label = ears.add_label(group, "low")

    loud = ears.add_files(group, label.id, [("1.wav", wav(LOW, loudness=9.0))])
    quiet = ears.add_files(group, label.id, [("2.wav", wav(LOW, loudness=0.02))])

    assert (loud.advice, quiet.advice) == (("advice-sound-clipped",), ("advice-sound-quiet",))
    assert len(loud.samples) == len(quiet.samples) == 1


def test_a_project_of_pictures_takes_no_sound(studio, group):
    label = studio.add_label(group, "red")

    [(_, refused)] = studio.add_files(group, label.id, [("1.wav", wav(LOW))]).refused

    assert refused.id == "sound-not-wanted"


# --- recorded ---


def wait_for_burst(studio, group):
    studio._burst and studio._burst._thread.join(10)
    return studio.stop_burst(group)


def test_one_word_becomes_one_clip_and_the_lamp_knows_whose_turn_it_is(ears, group, house):
    label = ears.add_label(group, "low")
    house.microphone.say(tone(LOW, seconds=2.0))

    begun = ears.start_burst(group, label.id)
    ended = wait_for_burst(ears, group)

    assert (ended["id"], ended["samples"]) == (begun["id"], 1)
    assert house.microphone.asked == [(2.0, "squirrel")]
    assert ears.samples(group).samples[0].source == "kit microphone"


def test_a_longer_background_is_cut_into_seconds_of_one_burst(ears, group, house):
    label = ears.add_label(group, "room", is_nothing=True)
    house.microphone.say(tone(LOW, seconds=5.5))

    ears.start_burst(group, label.id, seconds=5.5)
    wait_for_burst(ears, group)

    kept = ears.samples(group).samples
    assert len(kept) == 5 and len({sample.burst_id for sample in kept}) == 1


def test_a_microphone_pulled_out_leaves_what_it_heard(ears, group, house):
    label = ears.add_label(group, "low")
    house.microphone.say(tone(LOW, seconds=2.0))
    house.microphone.unplug(after=20_000)

    with ears.subscribe(group) as box:
        ears.start_burst(group, label.id)
        ended = wait_for_burst(ears, group)
        notices = [e.data["id"] for e in iter(lambda: box.next(0), None) if e.kind == "notice"]

    assert ended["samples"] == 1
    assert notices == ["microphone-lost"]


def test_who_comes_second_is_told_who_records(ears, group, house):
    label = ears.add_label(group, "low")
    house.microphone.taken_by = "otter"

    with pytest.raises(Conflict) as refused:
        ears.start_burst(group, label.id)

    assert (refused.value.id, refused.value.values) == ("microphone-taken", {"animal": "otter"})


@pytest.mark.parametrize("seconds", [0.4, 20.5, -1.0, float("nan")])
def test_no_recording_is_endless(ears, group, seconds):
    label = ears.add_label(group, "low")

    with pytest.raises(BadInput) as refused:
        ears.start_burst(group, label.id, seconds=seconds)

    assert refused.value.id == "burst-seconds"


# --- trimmed ---


def test_a_clip_is_trimmed_and_comes_back_whole(ears, group, say, house):
    low = ears.add_label(group, "low")
    two = np.concatenate([tone(LOW), tone(HIGH)])
    [sample] = ears.add_files(group, low.id, [("two.wav", encode_wav(two))]).samples
    whole = ears.sound(group, sample.id)

    first = ears.trim(group, sample.id, 0)
    second = ears.trim(group, sample.id, 1000)

    assert first.trimmed and second.trimmed and first.media_hash != second.media_hash
    kept = decode_sound(ears.sound(group, sample.id)).waveform
    assert np.abs(kept - two[16_000:]).max() < 1e-4
    assert ears.sound(group, sample.id, whole=True) == whole
    back = ears.trim(group, sample.id, None)
    assert (back.media_hash, back.trimmed) == (sample.media_hash, False)
    assert ears.sound(group, sample.id) == whole
    files = list((house.store.folder / "media").rglob("*.wav"))
    assert len(files) == 1  # what it was in between is nobody's


def test_ten_minutes_later_what_was_cut_off_is_gone(ears, group, say, house):
    low = ears.add_label(group, "low")
    [sample] = say(ears, low, LOW, seconds=2.0)
    ears.trim(group, sample.id, 500)

    house.clock.pass_s(601)
    house.library.forget_removed()

    assert len(list((house.store.folder / "media").rglob("*.wav"))) == 1
    after = ears.samples(group).samples[0]
    assert (after.trimmed, len(ears.sound(group, after.id, whole=True))) == (False, 32_044)


def test_a_trimmed_clip_is_learnt_anew(ears, group, say, two_notes):
    _, high = two_notes
    two = encode_wav(np.concatenate([tone(LOW, loudness=0.9), tone(HIGH, loudness=0.1)]))
    [sample] = ears.add_files(group, high.id, [("two.wav", two)]).samples
    before = ears.predict_sample(group, sample.id).label

    ears.trim(group, sample.id, 1000)

    assert (before, ears.predict_sample(group, sample.id).label) == ("low", "high")


def test_a_second_outside_of_the_clip_is_refused(ears, group, say):
    [sample] = say(ears, ears.add_label(group, "low"), LOW, seconds=1.5)

    with pytest.raises(BadInput) as refused:
        ears.trim(group, sample.id, 501)

    assert (refused.value.id, refused.value.values) == ("trim-outside", {"most_ms": 500})


def test_a_picture_has_no_sound(studio, group, show):
    [sample] = show(studio, studio.add_label(group, "red"), RED)

    with pytest.raises(NotFound):
        studio.sound(group, sample.id)


def test_at_the_classs_end_no_byte_of_a_clip_stays_nor_of_what_was_cut_off(ears, group, say, house):
    low = ears.add_label(group, "low")
    [sample, _] = say(ears, low, LOW, clips=2, seconds=2.0)
    whole = ears.sound(group, sample.id)
    ears.trim(group, sample.id, 900)
    traces = [whole[at : at + 40] for at in (5_000, 30_000, 60_000)]
    assert all(found(house, traces))

    house.library.forget_everything()

    assert not any(found(house, traces))


def found(house, traces):
    """Of each trace, whether it stands in any file of the data folder."""
    files = [path.read_bytes() for path in house.store.folder.rglob("*") if path.is_file()]
    return [any(trace in data for data in files) for trace in traces]


# --- taught, checked, heard ---


def test_the_walk_to_a_model_and_its_file(ears, group, house, train, two_notes):
    taught(house, ears, train)

    state = ears.state(group)
    assert state["model"]["ref"]["backbone"] == "small ear"
    assert (state["check"]["right"], state["check"]["n"]) == (8, 8)
    assert ears.predict_file(group, wav(LOW)).label == "low"


def test_the_same_recording_twice_is_one_showing(ears, group, house, train):
    for name, hz in (("low", LOW), ("high", HIGH)):
        label, data = ears.add_label(group, name), wav(hz)
        ears.add_files(group, label.id, [("1.wav", data), ("2.wav", data)])

    taught(house, ears, train)

    assert ears.state(group)["check"] is None


def test_what_is_heard_live_is_told_once_and_the_room_never(ears, group, house, train, two_notes):
    ears.change_label(group, two_notes[0].id, is_nothing=True)
    taught(house, ears, train)
    low, high = tone(LOW), tone(HIGH)

    heard = []
    with ears.subscribe(group, live=True) as box:
        for waveform in [low] * 8 + [high] * 8 + [low] * 8:
            house.sounds.say(waveform)
            events = {e.kind: e.data for e in iter(lambda: box.next(0), None)}
            heard.append(events["prediction"]["heard"])
            assert len(events["sound"]["columns"]) in (12, 13)
        last = events["prediction"]["last_heard"]

    assert sum(heard) == 1 and 8 <= heard.index(True) < 12
    assert last["label"] == "high"
    assert house.sounds.watchers == []


def test_the_other_hearing_has_another_model_and_the_first_comes_back(
    ears, group, house, train, two_notes
):
    taught(house, ears, train)

    ears.choose(group, hearing=Hearing.SOUNDS)
    house.jobs.wait(house.jobs.newest(ears.id).id)

    state = ears.state(group)
    assert state["model"] is None and state["project"]["hearing"] == "sounds"
    assert "advice-model-of-other-hearing" in [a["id"] for a in state["advice"]]
    assert ears.predict_file(group, wav(HIGH)).model.number == 0  # the instant one, at once
    taught(house, ears, train)
    assert ears.state(group)["model"]["ref"]["backbone"] == "pooled-log-mel"
    ears.choose(group, hearing=Hearing.WORDS)
    assert ears.state(group)["model"]["ref"]["number"] == 1
    with zipfile.ZipFile(io.BytesIO(ears.export_model(group, 2))) as exported:
        card = json.loads(exported.read("passport.json"))
    assert card["model"]["input"]["kind"] == "sounds"  # of the hearing that made it


def test_both_ways_of_hearing_are_compared_on_the_classs_own_clips(ears, group, house, two_notes):
    job = house.jobs.wait(ears.compare_hearing(group).id)

    assert {name: (found["right"], found["n"]) for name, found in job.result.items()} == {
        "words": (8, 8),
        "sounds": (8, 8),
    }
    assert ears.state(group)["project"]["hearing"] == "words"


def test_false_alarms_are_counted_with_an_interval_and_nothing_is_kept(
    ears, group, house, train, two_notes
):
    taught(house, ears, train)
    quiet, alarm = tone(LOW, seconds=1.0, loudness=0.001), tone(HIGH)
    ears.change_label(group, two_notes[0].id, is_nothing=True)
    recording = encode_wav(
        np.concatenate([tone(LOW)] * 5 + [quiet, alarm, quiet] + [tone(LOW)] * 4)
    )
    files = sorted(path.name for path in house.store.folder.rglob("*"))

    job = house.jobs.wait(ears.false_alarms(group, recording).id)

    assert (job.result["alarms"], job.result["labels"]) == (1, {"high": 1})
    assert job.result["minutes"] == 0.2
    assert job.result["low"] < job.result["per_hour"] == 300.0 < job.result["high"]
    assert sorted(path.name for path in house.store.folder.rglob("*")) == files


@pytest.mark.parametrize(
    ("ask", "id"),
    [
        (lambda studio, group: studio.false_alarms(group, wav(LOW)), "background-too-short"),
        (lambda studio, group: studio.false_alarms_here(group, 5.0), "background-too-short"),
        (lambda studio, group: studio.false_alarms_here(group, 61.0), "background-too-long"),
        (lambda studio, group: studio.predict_camera(group), "camera-not-wanted"),
    ],
)
def test_what_makes_no_sense_of_sounds_is_refused(ears, group, two_notes, ask, id):
    with pytest.raises(BadInput) as refused:
        ask(ears, group)

    assert refused.value.id == id


@pytest.mark.parametrize(
    "ask",
    [
        lambda studio, group: studio.predict_microphone(group),
        lambda studio, group: studio.compare_hearing(group),
        lambda studio, group: studio.false_alarms(group, wav(LOW)),
        lambda studio, group: studio.false_alarms_here(group, 20.0),
    ],
)
def test_pictures_are_not_listened_to(studio, group, ask):
    with pytest.raises(BadInput) as refused:
        ask(studio, group)

    assert refused.value.id == "microphone-not-wanted"
