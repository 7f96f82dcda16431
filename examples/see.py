"""A model that the kit exported, and pictures to show it: what the other examples here lean on.

"Take the model" on the project's page gives a zip; unpack it, and hand its folder to `Model`.
Needs: pip install ai-edge-litert opencv-python-headless
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter


class Model:
    """An exported model.

    >>> model = Model("barrier")                    # doctest: +SKIP
    >>> model.answer(picture)                       # doctest: +SKIP
    {'open': 0.93, 'closed': 0.07}
    """

    def __init__(self, folder: str) -> None:
        self._net = Interpreter(str(Path(folder) / "model.tflite"), num_threads=1)
        self._net.allocate_tensors()
        lines = (Path(folder) / "labels.txt").read_text(encoding="utf-8").splitlines()
        self.labels = [line.split(" ", 1)[1] for line in lines]
        self._input = self._net.get_input_details()[0]
        self._answer = self._net.get_output_details()[-1]["index"]

    def answer(self, picture: np.ndarray) -> dict[str, float]:
        """How sure the model is of each label, 0 to 1. `picture`: (h, w, 3) RGB."""
        h, w, _ = picture.shape
        side, size = min(h, w), int(self._input["shape"][1])
        top, left = (h - side) // 2, (w - side) // 2
        square = picture[top : top + side, left : left + side]  # the square that the page draws
        square = cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)
        self._net.set_tensor(self._input["index"], square[np.newaxis])
        self._net.invoke()
        return dict(
            zip(self.labels, map(float, self._net.get_tensor(self._answer)[0]), strict=True)
        )


def pictures(source: str = "0") -> Iterator[np.ndarray]:
    """The pictures of a camera (its number), one after another; or those in a folder, once."""
    if not source.isdecimal():
        for file in sorted(Path(source).glob("*.jpg")):
            yield cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
        return
    camera = cv2.VideoCapture(int(source))
    while True:
        there, picture = camera.read()
        if not there:
            raise SystemExit(
                "The camera gives no picture: is its cable in, and does the kit use it?"
            )
        yield cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
