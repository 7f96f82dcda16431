"""The committed speech network is what its card says, on the bare interpreter."""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from kit.codecs.sound import decode_sound
from kit.core import sound

FOLDER = Path(__file__).resolve().parents[2] / "models" / "speech-embedding"
MODEL = FOLDER / "model.tflite"


@pytest.fixture
def interpreter():
    interpreter = Interpreter(model_path=str(MODEL), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def test_the_files_are_the_ones_that_were_summed():
    sums = dict(line.split()[::-1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines())

    assert set(sums) == {"model.tflite", "mel.tflite"}
    for name, digest in sums.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_one_second_goes_in_and_96_numbers_come_out(interpreter):
    (entry,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()

    assert (entry["name"], entry["dtype"]) == ("log_mel", np.int8)
    assert entry["shape"].tolist() == [1, 100, 32, 1]
    assert entry["quantization"] == (1 / 16, -96)
    assert (out["name"], out["dtype"]) == ("embedding", np.int8)
    assert out["shape"].tolist() == [1, 96]


def test_different_sounds_give_different_embeddings_of_any_sign(interpreter):
    (entry,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()
    scale, zero_point = out["quantization"]
    rows = []
    for seed in range(4):
        random = np.random.default_rng(seed)
        bands = random.integers(-90, 110, (1, 10, 8, 1)).repeat(10, axis=1).repeat(4, axis=2)
        interpreter.set_tensor(entry["index"], bands.astype(np.int8))
        interpreter.invoke()
        rows.append((interpreter.get_tensor(out["index"])[0].astype(float) - zero_point) * scale)
    embeddings = np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True)

    cosines = embeddings @ embeddings.T

    assert (np.array(rows) < 0).any() and (np.array(rows) > 0).any()
    assert cosines[~np.eye(4, dtype=bool)].max() < 0.98


def test_every_operator_is_int8():
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(MODEL.read_bytes(), 0))
    (graph,) = model.subgraphs

    kinds = {graph.tensors[i].type for op in graph.operators for i in op.outputs}

    assert kinds == {schema.TensorType.INT8}
    assert len(graph.operators) == 46


def test_int8_says_what_the_published_float_network_says(shared_data):
    if importlib.util.find_spec("pyopen_wakeword") is None:
        pytest.skip("pyopen-wakeword is not installed (it belongs to the [models] extra)")
    spec = importlib.util.spec_from_file_location("speech_recipe", FOLDER / "recipe.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    clips = sorted((shared_data / "spoken-digits").glob("*/*_0.wav"))
    heard = [
        sound.prepare(decode_sound(clip.read_bytes()).waveform, sound.Hearing.WORDS)
        for clip in clips
    ]

    whole = recipe.float_embeddings(recipe.published_model(), heard)
    small = recipe.int8_embeddings(MODEL.read_bytes(), heard)

    lengths = np.linalg.norm(whole, axis=1) * np.linalg.norm(small, axis=1)
    cosines = np.sum(whole * small, axis=1) / lengths
    assert len(cosines) == 40
    assert cosines.mean() >= 0.99


def test_no_wake_word_model_came_along():
    """What lies beside it in its package is under a non-commercial licence."""
    assert {path.name for path in FOLDER.glob("*.tflite")} == {"model.tflite", "mel.tflite"}


def test_the_recipe_names_the_packages_it_lacks(tmp_path):
    answer = subprocess.run(
        [sys.executable, FOLDER / "recipe.py", "--check", "--sounds", tmp_path],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert answer.returncode == 1
    assert "apt install klettres-data" in answer.stderr
    assert "apt install sonic-pi-samples" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_each_calibration_sound_is_listed_once_with_its_sum():
    lines = (FOLDER / "calibration.txt").read_text().splitlines()
    sounds = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]

    assert len(sounds) > 100
    assert len({digest for digest, _, _ in sounds}) == len(sounds)
    assert {package for _, package, _ in sounds} == {"klettres-data", "sonic-pi-samples"}
