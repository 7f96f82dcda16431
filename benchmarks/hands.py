"""How many hands are found, how often a gesture is right, what each choice brings, what it costs.

    python benchmarks/hands.py [PHOTOS] [--draws 10] [--json]

PHOTOS holds one folder a gesture, by default the hand signs beside the checkout. "Right" is over
the photos in which a hand was found and which the head was not taught with; a draw is another
choice of photos to teach with. Times are medians of calls that took turns; trust their ratios.
docs/decisions/0011 tells what was concluded. Exit status 1 where a promise is not kept.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit.codecs.picture import decode_picture  # noqa: E402
from kit.core import gesture, heads  # noqa: E402
from kit.core.hands import Hand, Side, hand_region, palm_region  # noqa: E402
from kit.engine.faces_runtime import FaceCover  # noqa: E402
from kit.engine.hands_runtime import MARGINS, HandFinder  # noqa: E402

MODELS = HERE.parent / "models"
SHARED = HERE.parents[1] / "shared" / "data" / "hand-signs"
SHOTS = (5, 20, 50)
PROMISED_FOUND, PROMISED_RIGHT = 0.95, 0.93
Views = Callable[[Hand], np.ndarray]
"""A hand -> (v, d) numbers, the plain ones first."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if not options.photos.is_dir():
        print(f"no folder {options.photos}; name one with a sub-folder a gesture", file=sys.stderr)
        return 1
    cv2.setNumThreads(1)
    labels, pictures = read(options.photos)
    figures = {
        "photos": len(pictures),
        "found": found_by_margin(pictures),
        "right": right(pictures, labels, options.draws),
        "times_ms": times(pictures),
    }
    if options.json:
        print(json.dumps(figures))
    else:
        print_tables(figures)
    delivered = figures["right"]["delivered"][str(20)]["mean"]
    kept = figures["found"]["in turn"] >= PROMISED_FOUND and delivered >= PROMISED_RIGHT
    return 0 if kept else 1


def read(folder: Path) -> tuple[np.ndarray, list[np.ndarray]]:
    """Labels and pictures, in a fixed order."""
    files = sorted(file for label in folder.iterdir() if label.is_dir() for file in label.iterdir())
    labels = np.array([file.parent.name for file in files])
    return labels, [decode_picture(file.read_bytes(), max_side=640) for file in files]


def found_by_margin(pictures: list[np.ndarray]) -> dict[str, float]:
    """Share of the pictures with a hand: with each margin alone, and with those tried in turn."""
    finder = HandFinder(MODELS, most=1)
    shares = {}
    for margin in sorted({*MARGINS, 0.25}):
        hits = 0
        for pixels in pictures:
            palms = finder.palms(pixels, margin)
            pairs = zip(palms.boxes, palms.points, strict=True)
            hits += any(
                finder.landmarks(pixels, palm_region(box, points)).score >= 0.5
                for box, points in pairs
            )
        shares[f"margin {margin}"] = hits / len(pictures)
    shares["in turn"] = float(np.mean([bool(finder.find(pixels)) for pixels in pictures]))
    return shares


def right(pictures: list[np.ndarray], labels: np.ndarray, draws: int) -> dict[str, dict]:
    """Choice -> shots a label -> mean, least and most share right."""
    finder = HandFinder(MODELS, most=1)
    hands = [(finder.find(pixels) or [None])[0] for pixels in pictures]
    seen = [place for place, hand in enumerate(hands) if hand]
    labels = labels[seen]
    plain = [hands[place] for place in seen]
    mirrored = [finder.find(np.ascontiguousarray(pictures[place][:, ::-1])) for place in seen]
    left = [found[0] if found else None for found in mirrored]
    once = [looked_once(finder, pictures[place]) for place in seen]

    def share(views: Views, taught: list, asked: list | None = None, head=None) -> dict:
        return few_shot(labels, taught, asked or taught, views, draws, head or softmax)

    def delivered(hand: Hand) -> np.ndarray:
        return gesture.views(gesture.vector([hand]))

    def one_view(hand: Hand) -> np.ndarray:
        return gesture.vector([hand])[np.newaxis]

    return {
        "delivered": share(delivered, plain),
        "instant head (nearest class mean)": share(delivered, plain, head=class_mean),
        "k nearest neighbours": share(delivered, plain, head=neighbours),
        "no turned views": share(one_view, plain),
        "turn taken away": share(upright, plain),
        "counted from the wrist": share(from_wrist, plain),
        "depth added": share(with_depth, plain),
        "no second look at the hand": share(delivered, once),
        "asked about left hands": share(delivered, plain, left),
        "the same, left not mirrored": share(delivered, plain, [as_right(hand) for hand in left]),
        **{
            f"turned by {degrees} degrees, {how}": share(
                views, plain, [turned(hand, degrees) for hand in plain]
            )
            for degrees in (30, 45)
            for how, views in (("delivered", delivered), ("no turned views", one_view))
        },
    }


def softmax() -> heads.Head:
    return heads.SoftmaxRegression(transform=gesture.TRANSFORM)


def class_mean() -> heads.Head:
    return heads.NearestClassMean(transform=gesture.TRANSFORM)


def neighbours() -> heads.Head:
    return heads.KNearestNeighbours(transform=gesture.TRANSFORM)


def few_shot(
    labels: np.ndarray,
    taught: list[Hand],
    asked: list[Hand | None],
    views: Views,
    draws: int,
    head: Callable[[], heads.Head],
) -> dict[str, dict[str, float]]:
    """Teach with N hands a label, ask about all others; a hand that is None is not asked about."""
    rows = np.array([views(hand) for hand in taught])
    questions = rows[:, 0]
    if asked is not taught:
        nothing = np.full(rows.shape[-1], np.nan, np.float32)
        questions = np.array([nothing if hand is None else views(hand)[0] for hand in asked])
    there = np.isfinite(questions).all(axis=1)
    found = {}
    for shots in SHOTS:
        shares = []
        for seed in range(draws):
            random = np.random.default_rng(seed)
            chosen = np.zeros(len(labels), bool)
            for label in np.unique(labels):
                chosen[random.permutation(np.flatnonzero(labels == label))[:shots]] = True
            teaching = rows[chosen].transpose(1, 0, 2).reshape(-1, rows.shape[-1])
            fitted = head().fit(teaching, np.tile(labels[chosen], rows.shape[1]))
            rest = ~chosen & there
            shares.append(float(np.mean(fitted.predict(questions[rest]) == labels[rest])))
        found[str(shots)] = {"mean": float(np.mean(shares)), "least": min(shares)}
    return found


# -- other ways of writing a hand as numbers, to compare with ----------------------------------


def upright(hand: Hand) -> np.ndarray:
    """Turned so that the middle finger's base lies above the wrist."""
    turn = np.rad2deg(hand_region(hand.points).turn)
    return gesture.vector([turned(hand, -turn)])[np.newaxis]


def from_wrist(hand: Hand) -> np.ndarray:
    """Counted from the wrist instead of the middle; the head divides by the length."""
    points = gesture.vector([hand]).reshape(-1, 2)
    return np.array([view - view[0] for view in with_turns(points)]).reshape(3, -1)


def with_depth(hand: Hand) -> np.ndarray:
    """With the network's third number of each point, to the same measure."""
    points = gesture.vector([hand]).reshape(-1, 2)
    flat = hand.points[:, :2] - hand.points[:, :2].mean(axis=0)
    size = float(np.sqrt(np.mean(np.sum(flat**2, axis=1))))
    depth = (hand.points[:, 2] - hand.points[:, 2].mean()) / size
    views = [np.concatenate([view.ravel(), depth]) for view in with_turns(points)]
    return np.array(views, np.float32)


def with_turns(points: np.ndarray) -> np.ndarray:
    return gesture.views(points.ravel()).reshape(3, -1, 2)


def turned(hand: Hand, degrees: float) -> Hand:
    """The same hand, turned clockwise."""
    angle = np.deg2rad(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    points = hand.points.copy()
    points[:, :2] = points[:, :2] @ np.array([[cosine, sine], [-sine, cosine]], np.float32)
    return Hand(points, hand.side, hand.side_score, hand.score)


def as_right(hand: Hand | None) -> Hand | None:
    """The same hand, taken for a right one: then it is not mirrored."""
    return hand and Hand(hand.points, Side.RIGHT, hand.side_score, hand.score)


def looked_once(finder: HandFinder, pixels: np.ndarray) -> Hand:
    """What the reference pipeline gives for a photo: no second look."""
    for margin in MARGINS:
        palms = finder.palms(pixels, margin)
        pairs = zip(palms.boxes, palms.points, strict=True)
        hands = [finder.landmarks(pixels, palm_region(box, points)) for box, points in pairs]
        if hands and max(hand.score for hand in hands) >= 0.5:
            return max(hands, key=lambda hand: hand.score)
    raise ValueError("a hand was found here a moment ago")


# -- times -------------------------------------------------------------------------------------


def times(pictures: list[np.ndarray], rounds: int = 100) -> dict[str, float]:
    """Medians of calls that took turns, milliseconds."""
    finder, faces = HandFinder(MODELS), FaceCover(MODELS)
    follower = HandFinder(MODELS, most=1)  # with its one hand in sight, it looks for no other
    frame = np.full((480, 640, 3), 128, np.uint8)
    frame[100:380, 180:460] = cv2.resize(pictures[0], (280, 280))
    (hand,) = finder.find(frame)
    region = hand_region(hand.points)
    palm_input = np.zeros((192, 192, 3), np.float32)
    hand_input = np.zeros((224, 224, 3), np.float32)
    calls = {
        "palm network, bare": lambda: finder._palms.run(palm_input),
        "hand network, bare": lambda: finder._landmarks.run(hand_input),
        "palms": lambda: finder.palms(frame),
        "landmarks": lambda: finder.landmarks(frame, region),
        "a photo (find)": lambda: finder.find(frame),
        "a frame of a film (follow)": lambda: follower.follow(frame),
        "numbers of a hand": lambda: gesture.vector([hand]),
        "covering faces": lambda: faces.cover(frame),
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _round in range(rounds):
        for name, call in calls.items():
            began = perf_counter()
            call()
            taken[name].append((perf_counter() - began) * 1000)
    return {name: round(median(values), 3) for name, values in taken.items()}


def print_tables(figures: dict) -> None:
    print(f"{figures['photos']} photos; a hand was found in")
    for margin, share in figures["found"].items():
        print(f"  {margin:20} {100 * share:6.1f} %")
    print("\nright, % (least of the draws)" + "".join(f"{n:>8} a label" for n in SHOTS))
    for choice, shots in figures["right"].items():
        cells = [f"{100 * s['mean']:9.1f} ({100 * s['least']:.1f})" for s in shots.values()]
        print(f"  {choice:40}" + "".join(cells))
    print("\nmilliseconds, median")
    for name, value in figures["times_ms"].items():
        print(f"  {name:50} {value:8.3f}")


if __name__ == "__main__":
    sys.exit(main())
