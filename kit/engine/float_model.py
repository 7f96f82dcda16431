"""A shipped network that takes floats and gives floats, checked by hash. For one thread."""

import hashlib
from pathlib import Path

import numpy as np

from kit.engine.runtime import _quiet_stderr, find_runtime, verified_bytes


class FloatModel:
    """One input, some outputs. Its owner is its only caller.

    Attributes:
        name: the model folder's name.
        hash: sha256 of the file, hex.
        runtime_version: such as "ai-edge-litert 2.3.0".
        input_size: side of the square input, pixels.
    """

    def __init__(self, folder: Path) -> None:
        """Read, check and load a model folder's file.

        Raises:
            Unavailable: "model-missing", "model-altered", "runtime-missing".
        """
        content = verified_bytes(folder)
        interpreter_class, self.runtime_version = find_runtime()
        self.name = folder.name
        self.hash = hashlib.sha256(content).hexdigest()
        self._content = content  # the interpreter reads weights from these very bytes
        with _quiet_stderr():
            self._interpreter = interpreter_class(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        (entry,) = self._interpreter.get_input_details()
        self._input = entry["index"]
        self.input_size = int(entry["shape"][1])
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    def run(self, values: np.ndarray) -> list[np.ndarray]:
        """Invoke once.

        Args:
            values: (s, s, 3) float32, in the range that the model's card names.

        Returns:
            Each output without its batch axis, float32, in the file's order; ours to keep.
        """
        self._interpreter.set_tensor(self._input, values[np.newaxis])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in self._outputs]
