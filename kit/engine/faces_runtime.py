"""Covers the faces in a picture. For one thread. What was found goes no further than this file."""

from pathlib import Path

import numpy as np

from kit.core import image
from kit.core.detect import Found, Region, anchors, decode, intersection_over_union, merge
from kit.core.faces import FACE_LAYERS, closer, cover, covered_boxes, looks
from kit.engine.float_model import FloatModel

FACE_MODEL = "face-detection"
LEAST_SCORE = 0.5
"""For what is worth a closer look."""
LEAST_SURENESS = 0.65
"""On 139 sample pictures all faces were surer than this, a few other things too; less would cover
the objects that a lesson is about."""
SAME_BOX = 0.3


class FaceCover:
    """Finds faces and covers them. Not thread-safe.

    Args:
        models: the folder that holds `face-detection`.

    Raises:
        Unavailable: "model-missing", "model-altered", "runtime-missing": then nothing may be
            written, for a face would go uncovered.
    """

    def __init__(self, models: Path) -> None:
        self._model = FloatModel(models / FACE_MODEL)
        self._places = anchors(self._model.input_size, FACE_LAYERS)

    def cover(self, pixels: np.ndarray) -> tuple[np.ndarray, int]:
        """A picture without the faces that were found in it.

        Args:
            pixels: (h, w, 3) uint8 RGB, upright.

        Returns:
            The picture, a new one, and how many faces were covered. 0 does not mean that there is
            no face.
        """
        found = self._faces(pixels)
        return cover(pixels, covered_boxes(found.boxes)), len(found)

    def _faces(self, pixels: np.ndarray) -> Found:
        looked = [self._look(pixels, region) for region in looks(*pixels.shape[:2])]
        candidates = merge(Found.together(looked))
        sure = [self._sureness(pixels, box) >= LEAST_SURENESS for box in candidates.boxes]
        return candidates.at(np.array(sure, bool))

    def _look(self, pixels: np.ndarray, region: Region, least_score: float = LEAST_SCORE) -> Found:
        size = self._model.input_size
        shown = image.fetch(pixels, region.matrix(size), size)
        raw, logits = self._model.run(shown.astype(np.float32) / 127.5 - 1.0)
        found = decode(raw, logits[:, 0], self._places, size=size, least_score=least_score)
        return found.to_picture(region)

    def _sureness(self, pixels: np.ndarray, box: np.ndarray) -> float:
        """How sure the network stays of one box when it looks closer, 0..1."""
        scores = []
        for region in closer(box):
            found = self._look(pixels, region, least_score=0.3)
            there = intersection_over_union(box, found.boxes) > SAME_BOX
            scores.append(found.scores[there].max(initial=0.0))
        return float(np.mean(scores))
