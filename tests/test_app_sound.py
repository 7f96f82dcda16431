"""The whole kit at its microphone: real words, the real network, a voice it never heard."""

import time

import numpy as np
import pytest

from kit.app import Kit
from kit.codecs.sound import encode_wav
from kit.core.sound import Hearing
from kit.core.types import Actor, Kind, Role
from kit.settings import Settings

LOCAL = Actor(Role.LOCAL, "kit")
WORDS, TAUGHT_BY, SAID_BY = ("1", "3", "4"), ("george", "jackson", "lucas"), "nicolas"


@pytest.fixture
def room(tmp_path):
    """What the kit's microphone hears: the files in there."""
    folder = tmp_path / "room"
    folder.mkdir()
    hum = np.random.default_rng(0).normal(0, 0.003, 16_000)
    (folder / "hum.wav").write_bytes(encode_wav(hum))
    return folder


@pytest.fixture
def kit(tmp_path, room):
    kit = Kit(Settings(data=tmp_path / "data", camera="none", microphone=f"fake:{room}"))
    yield kit
    kit.close()


def test_words_of_a_voice_never_heard_are_heard_live(kit, room, shared_data):
    digits = shared_data / "spoken-digits"
    project = kit.library.create(LOCAL, "Words", kind=Kind.SOUND, hearing=Hearing.WORDS)
    studio = kit.library.open(LOCAL, project.id)
    background = studio.add_label(LOCAL, "room", is_nothing=True)
    for word in WORDS:
        label = studio.add_label(LOCAL, word)
        files = [digits / word / f"{voice}_{n}.wav" for voice in TAUGHT_BY for n in range(4)]
        studio.add_files(LOCAL, label.id, [(file.name, file.read_bytes()) for file in files])
    studio.start_burst(LOCAL, background.id, seconds=5)
    wait(lambda: studio.state(LOCAL)["labels"][0]["samples"] == 5)
    kit.jobs.wait(studio.train(LOCAL).id)

    for word in WORDS:
        (room / f"{word}.wav").write_bytes((digits / word / f"{SAID_BY}_5.wav").read_bytes())
    (room / "hum.wav").unlink()
    heard, meters = [], 0
    with studio.subscribe(LOCAL, live=True) as news:
        until_s = time.monotonic() + 30
        while len(heard) < 2 * len(WORDS) and time.monotonic() < until_s:
            event = news.next(0.5)
            if event is not None and event.kind == "sound":
                meters += 1
            if event is not None and event.kind == "prediction" and event.data["heard"]:
                heard.append(event.data["label"])

    assert meters > 3
    assert set(heard) <= set(WORDS)  # never the room
    assert len(set(heard)) >= 2


def wait(condition, timeout_s=20.0):
    until_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until_s, "it did not come"
        time.sleep(0.05)
