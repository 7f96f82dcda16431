"""What `kit train --out DIR` leaves behind, opened again.

DIR/model.tflite    uint8 pixels, float log-mel or points of hands in, probabilities out
DIR/labels.txt      `0 cup` a line
DIR/passport.json   where "not sure enough" begins; may be missing, and that is said
"""

import json
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from kit import resources
from kit.cli.terminal import note
from kit.codecs.picture import STORED_SIDE, decode_for_model, decode_picture
from kit.codecs.sound import as_kept, decode_sound
from kit.core import gesture, image, sound
from kit.core.errors import BadInput, NotFound
from kit.core.threshold import default_threshold
from kit.engine.exported import ExportedModel
from kit.engine.hands_runtime import HandFinder
from kit.formats.tflite import read_labels_txt
from kit.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an exported model."""

    label: str
    known: bool
    confidence: float
    confidences: dict[str, float]
    latency_ms: float


class ModelFolder:
    """An exported model with its labels and its threshold.

    Attributes:
        labels: in the order of the output.
        hearing: how its sounds are prepared; None where it wants pictures.
        hands: how many a gesture may have; 0 where it wants no gestures.
        threshold: "not sure enough" below it.

    Raises:
        NotFound: "model-file-missing", naming the file.
        BadInput: "model-not-ours", "model-labels-differ", "passport-unreadable".
    """

    def __init__(self, folder: Path) -> None:
        cv2.setNumThreads(1)
        content = _read(folder / "model.tflite")
        try:
            self.labels = read_labels_txt(_read(folder / "labels.txt").decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput("model-not-ours", f"{folder / 'labels.txt'}: {error}") from error
        try:
            self._model = ExportedModel(content)
        except BadInput as error:
            raise BadInput(error.id, f"{folder / 'model.tflite'}: {error}") from error
        self.hearing, self.hands = self._model.hearing, self._model.hands
        self._finder = HandFinder(resources.models_dir()) if self.hands else None
        if len(self.labels) != self._model.outputs or len(set(self.labels)) != len(self.labels):
            raise BadInput(
                "model-labels-differ",
                f"{folder / 'labels.txt'}: {len(set(self.labels))} names",
                labels=len(self.labels),
                outputs=self._model.outputs,
            )
        self.threshold = self._threshold(folder / "passport.json")

    def ask(self, data: bytes) -> Answer:
        """What the model says of a file's bytes.

        Raises:
            BadInput: what their decoder refuses; "no-hand", for a gesture.
        """
        began = perf_counter()
        if self._finder is not None:
            pixels = decode_picture(data, max_side=STORED_SIDE)
            prepared = gesture.vector(self._finder.find_for_gesture(pixels), self.hands)
        elif self.hearing is None:
            pixels = decode_for_model(data, self._model.input_size)
            prepared = image.prepare(pixels, self._model.input_size)
        else:
            prepared = sound.prepare(as_kept(decode_sound(data).waveform), self.hearing)
        return self._answer(prepared, began)

    def hear(self, waveform: np.ndarray) -> Answer:
        """What a model of sounds says of (n,) float32 at 16 kHz."""
        began = perf_counter()
        return self._answer(sound.prepare(as_kept(waveform), self.hearing), began)

    def _answer(self, prepared: np.ndarray, began: float) -> Answer:
        probabilities = self._model.probabilities(prepared)
        latency_ms = (perf_counter() - began) * 1000
        best = int(probabilities.argmax())
        confidence = float(probabilities[best])
        return Answer(
            label=self.labels[best],
            known=confidence >= self.threshold,
            confidence=confidence,
            confidences=dict(zip(self.labels, map(float, probabilities), strict=True)),
            latency_ms=latency_ms,
        )

    def _threshold(self, path: Path) -> float:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            threshold = default_threshold(max(2, len(self.labels)))
            # Translators: passport.json is a file's name. Below the threshold an answer is called
            # "not sure enough". {threshold} is a share between 0 and 1.
            told = _(
                "No passport.json: an answer below {threshold:.2f} is called not sure enough.",
                threshold=threshold,
            )
            note(told)
            return threshold
        try:
            threshold = json.loads(text)["model"]["threshold"]["value"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput("passport-unreadable", f"{path}: {error!r}") from error
        if isinstance(threshold, bool) or not isinstance(threshold, int | float):
            raise BadInput("passport-unreadable", f"{path}: threshold {threshold!r}")
        return float(threshold)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("model-file-missing", str(path), file=path.name) from error
