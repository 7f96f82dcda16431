"""The exported file, run by the bare interpreter, hears as the kit does live."""

import hashlib

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from kit.core import sound
from kit.core.errors import BadInput, Unavailable
from kit.core.heads import KNearestNeighbours, NearestClassMean, SoftmaxRegression
from kit.core.sound import Hearing
from kit.engine.sound_runtime import Speech, load_hearing
from kit.formats.sound_tflite import export_pooled, export_words

LABELS = ("clap", "drone", "whistle")


def waveform(label: str, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    time = np.arange(9_000) / 16_000
    pitch = random.uniform(0.9, 1.1)
    made = {
        "clap": random.normal(size=len(time)) * np.exp(-30 * time),
        "drone": sum(np.sin(2 * np.pi * 120 * n * pitch * time) / n for n in range(1, 9)),
        "whistle": np.sin(2 * np.pi * 1_500 * pitch * time),
    }[label]
    return (0.3 * made / np.abs(made).max() + random.normal(0, 1e-3, 9_000)).astype(np.float32)


@pytest.fixture(scope="module")
def speech_bytes(checkout):
    return (checkout / "models" / "speech-embedding" / "model.tflite").read_bytes()


@pytest.fixture(scope="module", params=list(Hearing), ids=str)
def ear(request, checkout):
    return load_hearing(request.param, checkout / "models")


def exported(ear, head, speech_bytes: bytes) -> bytes:
    if isinstance(ear, Speech):
        return export_words(speech_bytes, ear.hash, head, description="clap, drone, whistle")
    return export_pooled(head, description="clap, drone, whistle")


@pytest.mark.parametrize(
    ("kernels", "agreement"),
    # Without the fast kernels int8 rounds otherwise, and the class mean's answers are steep.
    [(OpResolverType.AUTO, 0.03), (OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, 0.06)],
)
@pytest.mark.parametrize("kind", [SoftmaxRegression, NearestClassMean])
def test_it_agrees_with_the_live_answer(ear, speech_bytes, kind, kernels, agreement):
    prepared = [sound.prepare(waveform(LABELS[i % 3], i), ear.hearing) for i in range(60)]
    embeddings = np.array([ear.embed(each) for each in prepared])
    head = kind(transform="length").fit(embeddings[:30], [LABELS[i % 3] for i in range(30)])
    bare = Interpreter(
        model_content=exported(ear, head, speech_bytes),
        num_threads=1,
        experimental_op_resolver_type=kernels,
    )
    bare.allocate_tensors()
    (entry,), (out,) = bare.get_input_details(), bare.get_output_details()
    answers = []
    for each in prepared[30:]:
        bare.set_tensor(entry["index"], each[np.newaxis, :, :, np.newaxis])
        bare.invoke()
        answers.append(bare.get_tensor(out["index"])[0] / 256)

    live = head.predict_proba(embeddings[30:])

    assert (entry["name"], entry["dtype"]) == ("log_mel", np.float32)
    assert entry["shape"].tolist() == [1, 100, ear.hearing.bands, 1]
    assert (out["name"], out["dtype"]) == ("probabilities", np.uint8)
    assert np.abs(np.array(answers) - live).max() < agreement
    assert (np.argmax(answers, axis=1) == live.argmax(axis=1)).all()


def test_a_head_with_no_layer_is_refused(ear, speech_bytes):
    rows = np.random.default_rng(0).normal(size=(6, ear.dimensions))
    head = KNearestNeighbours(transform="length").fit(rows, list(LABELS) * 2)

    with pytest.raises(BadInput) as caught:
        exported(ear, head, speech_bytes)

    assert caught.value.id == "head-not-exportable"


def test_only_the_verified_network_is_opened(speech_bytes):
    rows = np.random.default_rng(0).normal(size=(6, 96))
    head = SoftmaxRegression(transform="length").fit(rows, list(LABELS) * 2)
    right = hashlib.sha256(speech_bytes).hexdigest()

    with pytest.raises(Unavailable) as altered:
        export_words(speech_bytes[:-1] + b"\0", right, head)
    with pytest.raises(Unavailable) as foreign:
        export_words(b"not a model", hashlib.sha256(b"not a model").hexdigest(), head)

    assert altered.value.id == foreign.value.id == "model-altered"
