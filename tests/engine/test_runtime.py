"""The shipped model runs as it is, or is refused by name."""

import hashlib
import shutil
import sys

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from kit.core import image
from kit.core.errors import Unavailable
from kit.core.ports import Lane
from kit.engine import runtime
from kit.engine.queue import Engine
from kit.engine.runtime import SIZES, Backbone
from kit.messages import MESSAGES


def scene(size: int, seed: int = 0) -> np.ndarray:
    """Smooth random colours, (size, size, 3) uint8."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    return image.prepare(np.kron(coarse, np.ones((30, 30, 1), np.uint8)), size)


def refusal_of(folder) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        Backbone.load(folder)
    assert MESSAGES[caught.value.id].format(**caught.value.values)
    return caught.value


@pytest.fixture
def copied(model_folder, tmp_path):
    """A model folder that a test may spoil."""
    return shutil.copytree(model_folder, tmp_path / "efficientnet-lite0")


def test_the_embedding_is_what_the_bare_interpreter_says(model_folder, backbone):
    pixels = scene(224)
    bare = Interpreter(model_path=str(model_folder / "model.tflite"), num_threads=1)
    bare.allocate_tensors()
    (entry,) = bare.get_input_details()
    real = (pixels.astype(np.float32) - 127) / 128  # as its card says, in floats
    scale, zero_point = entry["quantization"]
    quantised = np.round(real / scale) + zero_point
    bare.set_tensor(entry["index"], quantised.astype(np.int8)[np.newaxis])
    bare.invoke()
    out = next(o for o in bare.get_output_details() if o["name"] == "embedding")
    scale, zero_point = out["quantization"]
    expected = (bare.get_tensor(out["index"])[0].astype(float) - zero_point) * scale

    embedding = backbone.embed(pixels)

    assert embedding.dtype == np.float32
    assert embedding.shape == (backbone.dimensions,)
    np.testing.assert_allclose(embedding, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("size", "side"), list(zip(SIZES, (7, 5, 4, 3), strict=True)))
def test_one_file_runs_at_every_size(model_folder, size, side):
    backbone = Backbone.load(model_folder, size)

    embedding = backbone.embed(scene(size))
    feature_map = backbone.feature_map()

    assert feature_map.shape == (side, side, 1280)
    assert np.abs(feature_map.mean((0, 1)) - embedding).max() < 0.025  # one int8 step is 0.022
    assert backbone.input_size == size


def test_embeddings_do_not_depend_on_what_came_before(backbone):
    first = backbone.embed(scene(224, seed=1))
    backbone.embed(scene(224, seed=2))

    assert np.array_equal(backbone.embed(scene(224, seed=1)), first)


def test_a_size_the_file_was_not_checked_at_is_refused(model_folder):
    with pytest.raises(ValueError, match="choose one of"):
        Backbone.load(model_folder, 225)


def test_a_backbone_says_what_an_embedding_must_remember(backbone, model_folder):
    content = (model_folder / "model.tflite").read_bytes()

    assert backbone.name == "efficientnet-lite0"
    assert backbone.hash == hashlib.sha256(content).hexdigest()
    assert backbone.runtime_version.startswith("ai-edge-litert ")


def test_loading_leaves_stderr_to_whoever_has_something_to_say(model_folder, capfd):
    Backbone.load(model_folder)

    assert capfd.readouterr().err == ""


def test_a_missing_file_is_refused_by_name(copied):
    (copied / "model.tflite").unlink()

    refused = refusal_of(copied)

    assert refused.id == "model-missing"
    assert refused.values["file"] == "efficientnet-lite0/model.tflite"


def test_a_model_without_its_sums_is_not_trusted(copied):
    (copied / "SHA256SUMS").unlink()

    refused = refusal_of(copied)

    assert refused.id == "model-missing"
    assert refused.values["file"] == "efficientnet-lite0/SHA256SUMS"


def test_one_flipped_bit_is_enough_to_be_refused(copied):
    file = copied / "model.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    refused = refusal_of(copied)

    assert refused.id == "model-altered"
    assert refused.values["file"] == "efficientnet-lite0/model.tflite"


def test_a_model_the_sums_do_not_name_is_refused(copied):
    (copied / "SHA256SUMS").write_text("00  another.tflite\n")

    assert refusal_of(copied).id == "model-altered"


def test_without_any_runtime_the_kit_says_which_it_looked_for(model_folder, monkeypatch):
    for module in ("ai_edge_litert", "tflite_runtime"):
        monkeypatch.setitem(sys.modules, f"{module}.interpreter", None)

    refused = refusal_of(model_folder)

    assert refused.id == "runtime-missing"
    assert "ai-edge-litert" in str(refused)
    assert "tflite-runtime" in str(refused)


def test_falling_back_is_said_aloud(monkeypatch, caplog):
    monkeypatch.setattr(
        runtime, "_RUNTIMES", (("no_such_runtime", "the-better-one"), *runtime._RUNTIMES)
    )

    runtime.find_runtime()

    assert "the-better-one" in caplog.text


def test_the_engine_gives_what_the_backbone_gives(model_folder, backbone):
    pixels = np.asarray(scene(224))
    engine = Engine(Backbone.load(model_folder))
    try:
        embedded = engine.embed(pixels, Lane.CAPTURE, feature_map=True).result(30)
        turned = engine.embed(pixels, Lane.EVALUATION, view=1).result(30)
    finally:
        engine.close()

    assert np.array_equal(embedded.embedding, backbone.embed(pixels))
    assert np.array_equal(embedded.feature_map, backbone.feature_map())
    assert np.array_equal(turned.embedding, backbone.embed(image.view(pixels, 1)))
    assert (engine.backbone, engine.dimensions, engine.cut) == (backbone.name, 1280, "embedding")
