"""The three networks that are shipped as they were published are those files."""

import hashlib
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

INPUTS_AND_OUTPUTS = {
    "palm-detection": ((1, 192, 192, 3), [(1, 2016, 18), (1, 2016, 1)]),
    "hand-landmark": ((1, 224, 224, 3), [(1, 63), (1, 1), (1, 1), (1, 63)]),
    "face-detection": ((1, 128, 128, 3), [(1, 896, 16), (1, 896, 1)]),
}
NAMES = tuple(INPUTS_AND_OUTPUTS)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_the_one_that_was_summed(checkout, name):
    folder = checkout / "models" / name
    digest, file = (folder / "SHA256SUMS").read_text().split()

    assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_alone_and_its_ends_are_as_its_card_says(checkout, name):
    folder = checkout / "models" / name
    entry_shape, exit_shapes = INPUTS_AND_OUTPUTS[name]
    interpreter = Interpreter(model_path=str(folder / "model.tflite"), num_threads=1)
    interpreter.allocate_tensors()
    (entry,), exits = interpreter.get_input_details(), interpreter.get_output_details()

    interpreter.set_tensor(entry["index"], np.zeros(entry_shape, np.float32))
    interpreter.invoke()

    assert entry["dtype"] is np.float32
    assert [tuple(detail["shape"]) for detail in exits] == exit_shapes
    assert all(np.isfinite(interpreter.get_tensor(detail["index"])).all() for detail in exits)
    card = (folder / "card.md").read_text("utf-8")
    for told in (entry, *exits):
        shape = ", ".join(str(n) for n in told["shape"])
        assert f"`{told['name']}` | float32 ({shape})" in card
    assert f"{(folder / 'model.tflite').stat().st_size:,} bytes" in card


@pytest.mark.parametrize("name", NAMES)
def test_the_licence_travels_with_it(checkout, name):
    licence = (checkout / "models" / name / "LICENSE").read_text("utf-8")

    assert "Apache License" in licence
    assert "MediaPipe Authors" in licence
    assert f"models/{name}/model.tflite" in (checkout / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_refuses_another_wheel(checkout, name, tmp_path):
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("mediapipe/modules/palm_detection/palm_detection_lite.tflite", b"other")

    answer = subprocess.run(
        [sys.executable, checkout / "models" / name / "recipe.py", "--check", "--wheel", wheel],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert answer.returncode == 1
    assert "not the wheel of mediapipe==0.10.21" in answer.stderr
    assert "Traceback" not in answer.stderr
