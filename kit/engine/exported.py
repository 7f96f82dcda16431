"""A model that `kit train` or the page exported, run as any other machine would run it.

Only the command line comes here, with a file that its user named: a model is a program, and the
server runs none but those it shipped with.
"""

import numpy as np

from kit.core import gesture, sound
from kit.core.errors import BadInput
from kit.core.sound import Hearing
from kit.engine.runtime import _quiet_stderr, find_runtime

_IDENTIFIER = b"TFL3"  # bytes 4 to 8 of every .tflite
_HANDS = {(1, gesture.NUMBERS * hands): hands for hands in range(1, gesture.MOST_HANDS + 1)}
_HEARINGS = {(1, sound.FRAMES, hearing.bands, 1): hearing for hearing in Hearing}


class ExportedModel:
    """One exported model, loaded. For one thread.

    Args:
        content: the bytes of a `.tflite` with one input, uint8 (1, s, s, 3) for pictures, float32
            (1, 100, bands, 1) for sounds or (1, 42 or 84) for gestures, whose last output holds one
            probability for each label.

    Attributes:
        input_size: s; 0 for what is no picture.
        hearing: how its sounds are prepared; else None.
        hands: how many a gesture may have; 0 for what is no gesture.
        outputs: how many labels it tells apart.
        runtime_version: such as "ai-edge-litert 2.3.0".

    Raises:
        BadInput: "model-not-ours".
        Unavailable: "runtime-missing".
    """

    def __init__(self, content: bytes) -> None:
        if content[4:8] != _IDENTIFIER:
            raise BadInput("model-not-ours", "no TFLite file")
        interpreter_class, self.runtime_version = find_runtime()
        try:
            with _quiet_stderr():
                self._interpreter = interpreter_class(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise BadInput("model-not-ours", f"the runtime refuses it: {error}") from error
        [entry, *others] = self._interpreter.get_input_details()
        answer = self._interpreter.get_output_details()[-1]
        shape, kind = tuple(int(n) for n in entry["shape"]), entry["dtype"]
        self.hearing = _HEARINGS.get(shape) if kind == np.float32 else None
        self.hands = _HANDS.get(shape, 0) if kind == np.float32 else 0
        pictures = kind == np.uint8 and len(shape) == 4 and shape == (1, shape[1], shape[1], 3)
        if others or not (pictures or self.hearing or self.hands):
            found = f"{kind.__name__} {shape}"
            raise BadInput("model-not-ours", f"expected pixels, log-mel or points, found {found}")
        if len(answer["shape"]) != 2:
            raise BadInput("model-not-ours", f"its output is {tuple(answer['shape'])}, not a row")
        self.input_size = shape[1] if pictures else 0
        self.outputs = int(answer["shape"][1])
        self._input, self._output = entry["index"], answer["index"]
        self._scale, self._zero_point = answer["quantization"]

    def probabilities(self, prepared: np.ndarray) -> np.ndarray:
        """Ask about one picture, one sound or one gesture.

        Args:
            prepared: (s, s, 3) uint8 as `core.image.prepare` gives it, s = `input_size`; or
                (100, bands) float32 as `core.sound.prepare` gives it for `hearing`; or (42 or 84,)
                float32 as `core.gesture.vector` gives it for `hands`.

        Returns:
            (k,) float32, one for each label.
        """
        if self.hearing:
            prepared = prepared[..., np.newaxis]
        self._interpreter.set_tensor(self._input, prepared[np.newaxis])
        self._interpreter.invoke()
        answer = self._interpreter.get_tensor(self._output)[0].astype(np.float32)
        if not self._scale:  # floats as they are
            return answer
        return (answer - np.float32(self._zero_point)) * np.float32(self._scale)
