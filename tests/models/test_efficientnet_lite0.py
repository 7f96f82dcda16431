"""The committed backbone is what its card says, on the bare interpreter."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

FOLDER = Path(__file__).resolve().parents[2] / "models" / "efficientnet-lite0"
MODEL = FOLDER / "model.tflite"


@pytest.fixture
def interpreter():
    return Interpreter(model_path=str(MODEL), num_threads=1)


def run(interpreter, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """Output name -> float values."""
    (entry,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(entry["index"], pictures.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(entry["index"], pictures)
    interpreter.invoke()
    values = {}
    for detail in interpreter.get_output_details():
        scale, zero_point = detail["quantization"]
        raw = interpreter.get_tensor(detail["index"]).astype(float)
        values[detail["name"]] = (raw - zero_point) * scale
    return values


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(-128, 128, shape, np.int8)


def test_the_file_is_the_one_that_was_summed():
    digest, name = (FOLDER / "SHA256SUMS").read_text().split()
    assert name == "model.tflite"
    assert hashlib.sha256(MODEL.read_bytes()).hexdigest() == digest


def test_its_input_is_pinned_so_that_one_xor_prepares_it(interpreter):
    (entry,) = interpreter.get_input_details()
    assert (entry["name"], entry["dtype"]) == ("pixels", np.int8)
    assert entry["shape"].tolist() == [1, 224, 224, 3]
    assert entry["quantization"] == (1 / 128, -1)


@pytest.mark.parametrize(("size", "cells"), [(224, 7), (160, 5), (128, 4), (96, 3)])
def test_one_file_runs_at_four_sizes(interpreter, size, cells):
    values = run(interpreter, noise(2, size, size, 3))

    assert values["feature_map"].shape == (2, cells, cells, 1280)
    assert values["embedding"].shape == (2, 1280)
    assert values["embedding"].min() >= 0.0
    (step,) = {
        d["quantization"][0] for d in interpreter.get_output_details() if len(d["shape"]) == 2
    }
    mean = np.minimum(values["feature_map"].mean(axis=(1, 2)), 255 * step)
    assert np.abs(values["embedding"] - mean).max() <= step


def test_no_weight_lies_behind_the_flatbuffer():
    """The exporter edits the file as one plain flatbuffer."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(MODEL.read_bytes(), 0)
    assert all(model.Buffers(i).Offset() == 0 for i in range(model.BuffersLength()))


def test_no_bias_overflowed():
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(MODEL.read_bytes(), 0))
    graph = model.subgraphs[0]
    biases = [graph.tensors[op.inputs[2]] for op in graph.operators if len(op.inputs) == 3]
    assert len(biases) == 49
    for bias in biases:
        values = np.frombuffer(bytes(model.buffers[bias.buffer].data), np.int32)
        assert np.abs(values.astype(np.int64)).max() <= 2**30 + 1


def test_the_recipe_names_the_packages_it_lacks(tmp_path):
    answer = subprocess.run(
        [sys.executable, FOLDER / "recipe.py", "--check", "--pictures", tmp_path],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert answer.returncode == 1
    assert "apt install opencv-doc" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_each_calibration_picture_is_listed_once_with_its_sum():
    lines = (FOLDER / "calibration.txt").read_text().splitlines()
    pictures = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]

    assert len(pictures) > 100
    assert len({digest for digest, _, _ in pictures}) == len(pictures)
    assert {package for _, package, _ in pictures} == {"opencv-doc", "skimage", "sklearn"}
