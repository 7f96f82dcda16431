"""Where a machine has only LiteRT's forerunner, the same code answers nearly the same.

In an environment of its own (`.venv-tflite`, made once and kept), because that runtime needs Python
3.11 and NumPy 1. Skipped with the reason where it cannot be had.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from kit.engine.runtime import SIZES, Backbone

from .test_runtime import scene

# Runs there: the kit's own runtime.py, one embedding a size.
SCRIPT = """
import json, logging, sys
from pathlib import Path
logging.basicConfig(stream=sys.stderr)
import numpy as np
from kit.engine.runtime import Backbone
answers = {}
for name, pixels in np.load(sys.argv[2]).items():
    backbone = Backbone.load(Path(sys.argv[1]), pixels.shape[0])
    answers[name] = [backbone.embed(pixels).tolist(), backbone.feature_map().shape]
print(json.dumps([backbone.runtime_version, answers]))
"""


@pytest.fixture(scope="module")
def old_python(checkout):
    """A Python that has tflite-runtime and not LiteRT."""
    base = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which("python3.11")
    if base is None:
        pytest.skip("tflite-runtime has wheels up to Python 3.11, which this machine has not")
    lock = checkout / "requirements" / "tflite-runtime.txt"
    folder = checkout / ".venv-tflite"
    stamp, wanted = folder / "lock.sha256", hashlib.sha256(lock.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if not (stamp.is_file() and stamp.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([base, "-m", "venv", folder], check=True, capture_output=True)
        install = [python, "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", lock]
        installed = subprocess.run(install, capture_output=True, text=True, timeout=250)
        if installed.returncode:
            shutil.rmtree(folder)
            pytest.skip(f"tflite-runtime cannot be installed here: {installed.stderr[-300:]}")
        stamp.write_text(wanted)
    return python


def test_the_same_code_runs_on_the_forerunner(old_python, checkout, model_folder, tmp_path):
    pictures = {f"{size}-{seed}": scene(size, seed) for size in SIZES for seed in range(3)}
    file = tmp_path / "pictures.npz"
    np.savez(file, **pictures)

    run = subprocess.run(
        [old_python, "-c", SCRIPT, model_folder, file],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stderr
    version, answers = json.loads(run.stdout)
    assert version == "tflite-runtime 2.14.0"
    assert "running on tflite-runtime 2.14.0, because ai-edge-litert" in run.stderr
    for name, pixels in pictures.items():
        backbone = Backbone.load(model_folder, pixels.shape[0])
        ours, theirs = backbone.embed(pixels), np.array(answers[name][0])
        cosine = ours @ theirs / (np.linalg.norm(ours) * np.linalg.norm(theirs))
        assert cosine >= 0.99, f"{name}: cosine {cosine:.4f}"
        assert tuple(answers[name][1]) == backbone.feature_map().shape
