"""What embeds a sound: the shipped speech network, or pooling; and how a bad file is refused."""

import shutil

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from kit.core import sound
from kit.core.errors import Unavailable
from kit.core.sound import Hearing
from kit.engine.sound_runtime import Pooled, Speech, load_hearing


@pytest.fixture(scope="module")
def folder(checkout):
    return checkout / "models" / "speech-embedding"


@pytest.fixture(scope="module")
def speech(folder):
    return Speech.load(folder)


def heard(hearing: Hearing, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    swell = np.hanning(9_000) * np.sin(np.cumsum(random.uniform(0.02, 0.4, 9).repeat(1_000)))
    return sound.prepare(swell.astype(np.float32), hearing)


def test_the_embedding_is_what_the_bare_interpreter_says(folder, speech):
    prepared = heard(Hearing.WORDS)
    bare = Interpreter(model_path=str(folder / "model.tflite"), num_threads=1)
    bare.allocate_tensors()
    (entry,), (out,) = bare.get_input_details(), bare.get_output_details()
    scale, zero_point = entry["quantization"]  # as its card says, in floats
    quantised = np.clip(np.round(prepared / scale) + zero_point, -128, 127).astype(np.int8)
    bare.set_tensor(entry["index"], quantised[np.newaxis, :, :, np.newaxis])
    bare.invoke()
    scale, zero_point = out["quantization"]
    expected = (bare.get_tensor(out["index"])[0].astype(float) - zero_point) * scale

    embedding = speech.embed(prepared)

    assert embedding.dtype == np.float32 and embedding.shape == (speech.dimensions,)
    np.testing.assert_allclose(embedding, expected, rtol=1e-5, atol=1e-6)


def test_embeddings_do_not_depend_on_what_came_before(speech):
    first = speech.embed(heard(Hearing.WORDS, 1))
    speech.embed(heard(Hearing.WORDS, 2))

    assert np.array_equal(speech.embed(heard(Hearing.WORDS, 1)), first)


@pytest.mark.parametrize("hearing", Hearing)
def test_both_ways_of_hearing_have_one_face(hearing, folder):
    ear = load_hearing(hearing, folder.parent)

    embedding = ear.embed(heard(hearing))

    assert ear.hearing is hearing
    assert embedding.shape == (ear.dimensions,) and embedding.dtype == np.float32
    assert np.isfinite(embedding).all()
    assert len(ear.hash) == 64 and ear.name and ear.runtime_version


def test_the_two_ways_never_share_a_key(speech):
    assert Pooled().hash != speech.hash


def test_an_altered_file_is_refused_by_name(folder, tmp_path):
    copied = shutil.copytree(folder, tmp_path / folder.name)
    content = bytearray((copied / "model.tflite").read_bytes())
    content[20_000] ^= 1
    (copied / "model.tflite").write_bytes(content)

    with pytest.raises(Unavailable) as caught:
        Speech.load(copied)

    assert caught.value.id == "model-altered"
    assert caught.value.values == {"file": "speech-embedding/model.tflite"}
