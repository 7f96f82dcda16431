"""Hands in pictures: the palm detector, then the landmark network. For one thread.

finder.find(pixels)      a picture on its own: photos, uploads, kept samples
finder.follow(pixels)    the next frame of a film: looks where the hands were, so it is
                         twice as fast and stiller; looks everywhere only for a missing hand
"""

from pathlib import Path

import numpy as np

from kit.core import image
from kit.core.detect import Found, Region, anchors, decode, intersection_over_union, merge
from kit.core.errors import BadInput
from kit.core.hands import (
    PALM_LAYERS,
    Hand,
    Side,
    each_once,
    hand_region,
    palm_region,
    points_in_picture,
)
from kit.engine.float_model import FloatModel

PALM_MODEL, LANDMARK_MODEL = "palm-detection", "hand-landmark"
LEAST_PALM_SCORE = 0.5
LEAST_HAND_SCORE = 0.5
MARGINS = (0.0, 0.1, 0.5)
"""Room left around the picture, tried in turn: a hand that fills it is found in a wider one."""


class HandFinder:
    """Finds hands. Not thread-safe.

    Args:
        models: the folder that holds `palm-detection` and `hand-landmark`.
        most: how many hands to keep, the surest first.

    Raises:
        Unavailable: "model-missing", "model-altered", "runtime-missing".
    """

    def __init__(self, models: Path, *, most: int = 2) -> None:
        self._palms = FloatModel(models / PALM_MODEL)
        self._landmarks = FloatModel(models / LANDMARK_MODEL)
        self._places = anchors(self._palms.input_size, PALM_LAYERS)
        self.most = most
        self._regions: list[Region] = []

    @property
    def name(self) -> str:
        """The model folder whose numbers gestures are made of."""
        return self._landmarks.name

    @property
    def runtime_version(self) -> str:
        return self._landmarks.runtime_version

    @property
    def hash(self) -> str:
        """sha256 of the landmark network's file, hex: the numbers come from that one."""
        return self._landmarks.hash

    def find(self, pixels: np.ndarray) -> list[Hand]:
        """The hands in one picture, which is nobody's successor.

        Args:
            pixels: (h, w, 3) uint8 RGB, not mirrored.

        Returns:
            At most `most`, the surest first; none where none was found.
        """
        hands: list[Hand] = []
        for margin in MARGINS:
            regions = self._palm_regions(pixels, margin)
            hands = each_once(self._at(pixels, regions), self.most)
            if hands:
                break
        # Its own points frame a hand better than its palm does; a film gets this look anyway.
        again = [self.landmarks(pixels, hand_region(hand.points)) for hand in hands]
        pairs = zip(again, hands, strict=True)
        better = [new if new.score >= LEAST_HAND_SCORE else hand for new, hand in pairs]
        return each_once(better, self.most)

    def find_for_gesture(self, pixels: np.ndarray) -> list[Hand]:
        """As `find`, for whoever cannot go on without a hand.

        Raises:
            BadInput: "no-hand".
        """
        hands = self.find(pixels)
        if not hands:
            height, width = pixels.shape[:2]
            raise BadInput("no-hand", f"no hand found in a picture of {width} x {height} pixels")
        return hands

    def follow(self, pixels: np.ndarray) -> list[Hand]:
        """The hands in the next frame of a film; as `find`, but where they were comes first."""
        hands = self._at(pixels, self._regions)
        if len(each_once(hands, self.most)) < self.most:
            known = [region_box(region) for region in self._regions] if hands else []
            fresh = [
                region
                for region in self._palm_regions(pixels, MARGINS[0])
                if not any(overlaps(region_box(region), box) for box in known)
            ]
            hands += self._at(pixels, fresh)
        hands = each_once(hands, self.most)
        self._regions = [hand_region(hand.points) for hand in hands]
        return hands

    def forget(self) -> None:
        """The next frame is of another film."""
        self._regions = []

    def landmarks(self, pixels: np.ndarray, region: Region) -> Hand:
        """What the landmark network says of one region, hand or not: see `Hand.score`."""
        size = self._landmarks.input_size
        shown = image.fetch(pixels, region.matrix(size), size, repeat_edge=True)
        raw, presence, side, _world = self._landmarks.run(shown.astype(np.float32) / 255.0)
        # The network was taught with mirrored pictures, as a screen shows its owner; ours are not.
        right = float(side[0])
        return Hand(
            points_in_picture(raw, region, size),
            Side.RIGHT if right >= 0.5 else Side.LEFT,
            max(right, 1.0 - right),
            float(presence[0]),
        )

    def palms(self, pixels: np.ndarray, margin: float = MARGINS[0]) -> Found:
        """Palms in pixels of the picture, the surest first."""
        size = self._palms.input_size
        region = Region.whole(*pixels.shape[:2], margin)
        shown = image.fetch(pixels, region.matrix(size), size)
        raw, logits = self._palms.run(shown.astype(np.float32) / 255.0)
        found = decode(raw, logits[:, 0], self._places, size=size, least_score=LEAST_PALM_SCORE)
        return merge(found).to_picture(region)

    def _palm_regions(self, pixels: np.ndarray, margin: float) -> list[Region]:
        palms = self.palms(pixels, margin)
        pairs = zip(palms.boxes, palms.points, strict=True)
        return [palm_region(box, points) for box, points in pairs]

    def _at(self, pixels: np.ndarray, regions: list[Region]) -> list[Hand]:
        """The hands at those regions that do hold one."""
        hands = [self.landmarks(pixels, region) for region in regions]
        return [hand for hand in hands if hand.score >= LEAST_HAND_SCORE]


def region_box(region: Region) -> np.ndarray:
    """The upright box of a region as if it were not turned: good enough to compare two."""
    half = region.side / 2.0
    return np.array([region.x - half, region.y - half, region.x + half, region.y + half])


def overlaps(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two boxes are mostly the same place."""
    return bool(intersection_over_union(one, other[np.newaxis])[0] > 0.5)
