"""What turns a prepared sound into an embedding: the speech network, or plain pooling. One thread.

    words   `Speech`, the shipped network, its file checked by hash like every other
    sounds  `Pooled`, no network and no file: `core.sound.pool`

Both have the same face, so whoever teaches or answers does not ask which it is.
"""

import hashlib
from pathlib import Path

import numpy as np

from kit.core import sound
from kit.core.sound import Hearing
from kit.engine.runtime import CUT, _Output, _quiet_stderr, find_runtime, verified_bytes

SPEECH = "speech-embedding"
"""The model folder of the network that words are told apart with."""
POOLED = "pooled-log-mel"


class Speech:
    """The speech network, loaded. Not thread-safe.

    Attributes:
        hearing: words.
        name: the model folder's name.
        hash: sha256 of the file, hex.
        runtime_version: such as "ai-edge-litert 2.3.0".
        cut: name of the output that is the embedding.
        dimensions: how many numbers an embedding has.
    """

    hearing = Hearing.WORDS

    def __init__(self, content: bytes, name: str = SPEECH) -> None:
        """Load verified bytes; from a folder, use `Speech.load`."""
        interpreter_class, self.runtime_version = find_runtime()
        self.name = name
        self.hash = hashlib.sha256(content).hexdigest()
        self.cut = CUT
        self._content = content  # the interpreter reads weights from these very bytes
        with _quiet_stderr():
            self._interpreter = interpreter_class(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        (entry,) = self._interpreter.get_input_details()
        (embedding,) = self._interpreter.get_output_details()
        self._input = entry["index"]
        self._embedding = _Output(self._interpreter, embedding)
        self.dimensions = int(embedding["shape"][-1])

    @classmethod
    def load(cls, folder: Path) -> "Speech":
        """Read and check a model folder's file, then load the bytes that were checked.

        Raises:
            Unavailable: "model-missing", "model-altered", "runtime-missing".
        """
        return cls(verified_bytes(folder), folder.name)

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        """Run the network on one prepared second.

        Args:
            prepared: (100, 32) float32 as `core.sound.prepare` gives it for words.

        Returns:
            (96,) float32, of any sign.
        """
        model_input = sound.to_model_input(prepared)[np.newaxis, :, :, np.newaxis]
        self._interpreter.set_tensor(self._input, model_input)
        self._interpreter.invoke()
        return self._embedding.read()


class Pooled:
    """Pooled log-mel, with the face of `Speech`. Thread-safe."""

    hearing = Hearing.SOUNDS
    name = POOLED
    hash = hashlib.sha256(f"{POOLED} {sound.PREPARATION_VERSION}".encode()).hexdigest()
    """There is no file: this names the computation, so that kept embeddings are never mixed."""
    runtime_version = f"numpy {np.__version__}"
    cut = CUT
    dimensions = 3 * sound.ALL_BANDS

    def embed(self, prepared: np.ndarray) -> np.ndarray:
        """Pool one prepared second, (100, 42) float32; returns (126,) float32."""
        return sound.pool(prepared)


def load_hearing(hearing: Hearing, models: Path) -> Speech | Pooled:
    """What embeds for a way of hearing. Raises as `Speech.load`.

    Args:
        hearing: words or sounds.
        models: the folder of the shipped models.
    """
    return Speech.load(models / SPEECH) if hearing is Hearing.WORDS else Pooled()
