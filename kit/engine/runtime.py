"""A backbone's file, checked by hash, and the runtime that runs it. For one thread.

LiteRT (`ai_edge_litert`) is the runtime. Where a machine has only its forerunner `tflite_runtime`,
the same three calls run there, and that is said aloud: their int8 results are alike but not equal,
so every embedding names the runtime it came from.
"""

import hashlib
import importlib
import importlib.metadata
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from kit.core import image
from kit.core.errors import Unavailable

SIZES = (224, 160, 128, 96)
"""Sides the one file runs at, in pixels: fewer pixels, fewer milliseconds, less detail."""
CUT = "embedding"
"""Where the network ends, as embeddings' keys have it: here at its own last output."""
MODEL_FILE = "model.tflite"
SUMS_FILE = "SHA256SUMS"

# (module, distribution) in order of preference
_RUNTIMES = (("ai_edge_litert", "ai-edge-litert"), ("tflite_runtime", "tflite-runtime"))

_log = logging.getLogger(__name__)


class Backbone:
    """A loaded backbone. Not thread-safe: `engine.queue.Engine` is its one caller.

    Attributes:
        name: the model folder's name, such as "efficientnet-lite0".
        hash: sha256 of the file, hex.
        runtime_version: such as "ai-edge-litert 2.3.0".
        input_size: side of the input, pixels.
        threads: that one answer is shared among; 1 but in the lab's comparison.
        cut: where the network ends: `CUT`, or earlier (`formats.cut`).
        dimensions: how many numbers an embedding has.
    """

    def __init__(
        self, content: bytes, name: str, input_size: int = SIZES[0], *, threads: int = 1
    ) -> None:
        """Load verified bytes; from a folder, use `Backbone.load`."""
        if input_size not in SIZES:
            raise ValueError(f"input size {input_size}: choose one of {SIZES}")
        interpreter_class, self.runtime_version = find_runtime()
        self.name = name
        self.hash = hashlib.sha256(content).hexdigest()
        self.input_size = input_size
        self.cut = CUT
        self.threads = threads
        self._content = content  # the interpreter reads weights from these very bytes
        with _quiet_stderr():
            interpreter = interpreter_class(model_content=content, num_threads=threads)
            self._input = interpreter.get_input_details()[0]["index"]
            interpreter.resize_tensor_input(self._input, [1, input_size, input_size, 3])
            interpreter.allocate_tensors()
        self._interpreter = interpreter
        self._find_outputs(interpreter.get_output_details())

    def _find_outputs(self, details: list[dict[str, Any]]) -> None:
        outputs = {detail["name"]: detail for detail in details}
        self._embedding = _Output(self._interpreter, outputs[CUT])
        self._feature_map = _Output(self._interpreter, outputs["feature_map"])
        self.dimensions = int(outputs[CUT]["shape"][-1])

    @classmethod
    def load(cls, folder: Path, input_size: int = SIZES[0]) -> "Backbone":
        """Read and check a model folder's file, then load the bytes that were checked.

        Raises:
            Unavailable: "model-missing", "model-altered", "runtime-missing".
            ValueError: a size that is not in `SIZES`.
        """
        return cls(verified_bytes(folder), folder.name, input_size)

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        """Run the network on one prepared picture.

        Args:
            prepared: (s, s, 3) uint8 as `core.image.prepare` gives it, s = `input_size`.

        Returns:
            (d,) float32.
        """
        model_input = image.to_model_input(prepared)[np.newaxis]
        self._interpreter.set_tensor(self._input, model_input)
        self._interpreter.invoke()
        return self._embedding.read()

    def feature_map(self) -> np.ndarray:
        """The (h, w, d) float32 whose mean the last `embed` returned: 7 x 7 x d at 224 px.

        Asked for apart, because turning 62,720 numbers into floats costs as much as three heads.
        """
        return self._feature_map.read()


class CutBackbone(Backbone):
    """A backbone that ends early: the embedding is the mean of its last map's positions.

    Args:
        content: what `formats.cut` made of the verified file.
        whole_hash: sha256 of that verified file; with `cut` it says which numbers these are.
    """

    def __init__(
        self, content: bytes, name: str, input_size: int, *, whole_hash: str, cut: str
    ) -> None:
        super().__init__(content, name, input_size)
        self.hash, self.cut = whole_hash, cut

    def _find_outputs(self, details: list[dict[str, Any]]) -> None:
        (last,) = details
        self._feature_map = _Output(self._interpreter, last)
        self._embedding = _MeanOutput(self._interpreter, last)
        self.dimensions = int(last["shape"][-1])


class _Output:
    """One int8 output, read as float32."""

    def __init__(self, interpreter: Any, detail: dict[str, Any]) -> None:
        self._interpreter = interpreter
        self._index = detail["index"]
        scale, zero_point = detail["quantization"]
        self._scale, self._zero_point = np.float32(scale), np.float32(zero_point)

    def read(self) -> np.ndarray:
        return self._real(self._quantised())

    def _quantised(self) -> np.ndarray:
        return self._interpreter.get_tensor(self._index)[0]  # a copy, ours to keep

    def _real(self, quantised: np.ndarray) -> np.ndarray:
        return (quantised.astype(np.float32) - self._zero_point) * self._scale


class _MeanOutput(_Output):
    """The mean over the positions of one int8 map, exact: summed in whole numbers."""

    def read(self) -> np.ndarray:
        quantised = self._quantised()
        positions = quantised.reshape(-1, quantised.shape[-1])
        return self._real(positions.sum(axis=0, dtype=np.int32) / len(positions))


def verified_bytes(folder: Path) -> bytes:
    """The model file's bytes, once their sha256 is the one that SHA256SUMS names.

    The bytes that were checked are the bytes that run: nothing is read again by path, so nothing
    can be swapped in between.

    Raises:
        Unavailable: "model-missing" or "model-altered", naming the file.
    """
    model, sums = folder / MODEL_FILE, folder / SUMS_FILE
    shown = f"{folder.name}/{MODEL_FILE}"
    try:
        expected = _sums(sums.read_text(encoding="ascii"))
    except OSError as error:
        raise Unavailable(
            "model-missing", f"{sums}: {error.strerror}", file=f"{folder.name}/{SUMS_FILE}"
        ) from error
    try:
        content = model.read_bytes()
    except OSError as error:
        raise Unavailable("model-missing", f"{model}: {error.strerror}", file=shown) from error
    digest = hashlib.sha256(content).hexdigest()
    if expected.get(MODEL_FILE) != digest:
        raise Unavailable(
            "model-altered",
            f"{model}: sha256 {digest}, SHA256SUMS says {expected.get(MODEL_FILE)}",
            file=shown,
        )
    return content


def _sums(text: str) -> dict[str, str]:
    """File name -> sha256, from the format of coreutils' sha256sum."""
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return {name.lstrip("*"): digest for digest, name in pairs}


def find_runtime() -> tuple[type, str]:
    """The interpreter class to use and its name with its version.

    Raises:
        Unavailable: "runtime-missing", with the reason each one could not be loaded.
    """
    reasons = []
    for module, distribution in _RUNTIMES:
        try:
            found = importlib.import_module(f"{module}.interpreter").Interpreter
        except (ImportError, OSError) as error:  # OSError: a wheel for another processor
            reasons.append(f"{distribution}: {error}")
            continue
        runtime_version = f"{distribution} {importlib.metadata.version(distribution)}"
        if reasons:
            _log.warning(
                "running on %s, because %s; answers come slower and may differ a little",
                runtime_version,
                "; ".join(reasons),
            )
        else:
            _log.info("running on %s", runtime_version)
        return found, runtime_version
    raise Unavailable("runtime-missing", "no runtime for models; " + "; ".join(reasons))


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep the runtime's "INFO: Created TensorFlow Lite XNNPACK delegate" out of stderr.

    It comes from C++ and has no switch, and stderr is where a command says its one clear line.
    Errors of loading are raised as exceptions all the same.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
