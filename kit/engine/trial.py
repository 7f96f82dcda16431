"""One invocation of any shipped model, checked by hash: for the self-test."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from kit.engine.runtime import _quiet_stderr, find_runtime, verified_bytes


@dataclass(frozen=True, slots=True)
class Trial:
    """A model that was checked by hash, loaded and run."""

    hash: str
    runtime_version: str
    invoke_ms: float


def try_model(folder: Path) -> Trial:
    """Load a model folder's file and run it on zeros, whatever its inputs are.

    Raises:
        Unavailable: "model-missing", "model-altered", "runtime-missing".
    """
    content = verified_bytes(folder)
    interpreter_class, runtime_version = find_runtime()
    with _quiet_stderr():
        interpreter = interpreter_class(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
    for entry in interpreter.get_input_details():
        interpreter.set_tensor(entry["index"], np.zeros(entry["shape"], entry["dtype"]))
    interpreter.invoke()  # the first one also sets the runtime up
    began = perf_counter()
    interpreter.invoke()
    invoke_ms = round((perf_counter() - began) * 1000, 2)
    return Trial(hashlib.sha256(content).hexdigest(), runtime_version, invoke_ms)
