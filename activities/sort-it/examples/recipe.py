"""Draw the ready example: glass, paper and cans on a table, as a class would show them.

No photograph and no other tool's picture: each object is a surface of revolution (or a
sheet), lit by one lamp, so the pictures are ours and free (CC BY 4.0). One burst is one
object shown once: the camera sees it shift, turn and come nearer, which is what makes
pictures of one burst near-copies. Each object is shown twice, on two tables.

    python recipe.py FOLDER      writes FOLDER/<label>/<object>-<a|b>-<n>.jpg, always the same bytes
"""

import sys
from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 240
SCALE = 2  # drawn twice as large, then averaged: smooth edges
PICTURES = 5  # in each burst
LAMP = np.array([-0.45, -0.55, 0.70])  # from the upper left, towards the viewer
JPEG_QUALITY = 88

# Height along the object (0 top .. 1 foot) -> half-width, as a share of the height.
WINE = [
    (0, 0.055),
    (0.03, 0.06),
    (0.05, 0.055),
    (0.28, 0.06),
    (0.42, 0.15),
    (0.5, 0.165),
    (0.97, 0.165),
    (1, 0.15),
]
JAR = [(0, 0.27), (0.12, 0.27), (0.14, 0.24), (0.2, 0.3), (0.26, 0.33), (0.94, 0.33), (1, 0.29)]
FLASK = [(0, 0.09), (0.05, 0.1), (0.2, 0.09), (0.34, 0.2), (0.6, 0.27), (0.9, 0.27), (1, 0.2)]
BEER = [(0, 0.07), (0.04, 0.075), (0.3, 0.085), (0.45, 0.17), (0.97, 0.175), (1, 0.16)]
SODA_CAN = [(0, 0.21), (0.02, 0.225), (0.09, 0.27), (0.93, 0.27), (0.98, 0.24), (1, 0.22)]
SLIM_CAN = [(0, 0.15), (0.02, 0.16), (0.07, 0.19), (0.95, 0.19), (1, 0.155)]
FOOD_TIN = [(0, 0.36), (0.02, 0.375), (0.04, 0.36), (0.96, 0.36), (0.98, 0.375), (1, 0.36)]

RED, BLUE, GREEN = (196, 40, 44), (38, 84, 170), (56, 132, 70)
SILVER, YELLOW, ORANGE = (186, 190, 196), (228, 178, 44), (222, 110, 36)
OLIVE_GLASS, AMBER_GLASS, CLEAR_GLASS, BLUE_GLASS = (
    (70, 110, 50),
    (140, 78, 22),
    (200, 216, 214),
    (90, 140, 170),
)

TABLES = {  # colour, grain (how strongly the wood shows)
    "oak": ((196, 160, 116), 0.10),
    "grey": ((150, 154, 158), 0.03),
    "cloth": ((222, 216, 200), 0.02),
    "desk": ((112, 92, 78), 0.08),
}

# label -> objects: the name, the tables of its two showings, and what to draw.
OBJECTS = {
    "glass": [
        ("bottle", ("oak", "grey"), dict(profile=WINE, colour=OLIVE_GLASS, paper=(226, 214, 180))),
        ("jar", ("cloth", "oak"), dict(profile=JAR, colour=CLEAR_GLASS, lid=RED)),
        ("flask", ("grey", "desk"), dict(profile=FLASK, colour=BLUE_GLASS)),
        ("beer", ("desk", "cloth"), dict(profile=BEER, colour=AMBER_GLASS, paper=(206, 60, 50))),
    ],
    "paper": [
        ("sheet", ("grey", "oak"), dict(colour=(240, 240, 234), ruled=(120, 150, 200))),
        ("ball", ("oak", "desk"), dict(colour=(236, 234, 226), crumpled=True)),
        ("news", ("desk", "grey"), dict(colour=(214, 210, 198), printed=True)),
        ("card", ("cloth", "grey"), dict(colour=(176, 142, 96), ruled=None)),
    ],
    "can": [
        ("soda", ("cloth", "grey"), dict(profile=SODA_CAN, colour=RED, metal=True)),
        ("slim", ("oak", "cloth"), dict(profile=SLIM_CAN, colour=BLUE, metal=True)),
        ("tin", ("grey", "oak"), dict(profile=FOOD_TIN, colour=SILVER, metal=True, paper=ORANGE)),
        ("lemon", ("desk", "oak"), dict(profile=SODA_CAN, colour=YELLOW, metal=True)),
    ],
}  # fmt: skip


def table(name: str, rng: np.random.Generator) -> np.ndarray:
    """An (H, W, 3) float table: its colour, some grain, and light falling off to the right."""
    colour, grain = TABLES[name]
    height, width = HEIGHT * SCALE, WIDTH * SCALE
    fibres = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 1.2)
    fibres = cv2.blur(fibres, (91, 1)) * 9
    speckle = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 2)
    light = np.linspace(1.08, 0.86, width)[None, :] * np.linspace(1.0, 0.94, height)[:, None]
    shade = light * (1 + grain * fibres + 0.02 * speckle)
    return np.clip(np.array(colour)[None, None] * shade[..., None], 0, 255)


def solid(side: int, profile, colour, *, metal=False, paper=None, lid=None):
    """One solid of revolution, standing: (side, side, 4) float RGBA, lit by the lamp."""
    v = np.linspace(0, 1, side)
    knots = np.array(profile)
    half = np.interp(v, knots[:, 0], knots[:, 1]) * side
    half = cv2.GaussianBlur(half.reshape(-1, 1), (1, 9), 0).ravel()
    x = np.arange(side) - side / 2
    u = x[None, :] / np.maximum(half[:, None], 1)  # -1..1 across the object
    inside = np.clip((half[:, None] - np.abs(x)[None, :]) + 0.5, 0, 1)
    slope = np.gradient(half)[:, None]
    across = np.clip(u, -1, 1)
    towards = np.sqrt(np.clip(1 - across**2, 0, 1))
    length = np.sqrt(1 + slope**2)
    facing = (across * LAMP[0] - slope * LAMP[1] + towards * LAMP[2]) / length
    shine = np.clip(facing, 0, 1) ** 40
    base = np.broadcast_to(np.array(colour, float), (side, side, 3)).copy()
    alpha = inside.copy()
    if metal:
        bands = 0.5 + 0.5 * np.cos(across * 7.5 + 0.6)  # the room, mirrored in the sheet
        base = base * (0.62 + 0.30 * np.clip(facing, 0, 1) + 0.22 * bands)[..., None]
        rim = ((v < 0.075) | (v > 0.95))[:, None]
        silver = np.array(SILVER) * (0.55 + 0.6 * bands)[..., None]
        base = np.where(rim[..., None], silver, base)
        stripe = np.abs(np.sin((v[:, None] * 2.2 + across * 0.5) * np.pi)) < 0.16
        base = np.where((stripe & ~rim)[..., None], np.clip(base * 0.4 + 150, 0, 255), base)
        base += 120 * shine[..., None]
    else:
        edge = 1 - towards  # glass is thickest, and darkest, at its rim
        base = (
            base * (0.72 + 0.45 * np.clip(facing, 0, 1))[..., None] * (1 - 0.45 * edge)[..., None]
        )
        alpha = inside * (0.42 + 0.5 * edge)
        window = (np.abs(across + 0.5) < 0.09) & (v[:, None] > 0.2) & (v[:, None] < 0.86)
        glint = cv2.GaussianBlur(window.astype(np.float32), (0, 0), side / 90)
        base += 190 * (0.8 * glint + shine)[..., None]
        alpha = np.clip(alpha + 0.55 * glint * inside, 0, 1)
    if paper is not None:
        wrapped = ((v > 0.56) & (v < 0.86))[:, None] & (inside > 0)
        ink = (np.sin(v * side * 0.35)[:, None] > 0.55) & (np.abs(across) < 0.6)
        label = np.array(paper, float) * (0.55 + 0.5 * np.clip(facing, 0, 1))[..., None]
        label = np.where(ink[..., None], label * 0.55, label)
        base = np.where(wrapped[..., None], label, base)
        alpha = np.where(wrapped, inside, alpha)
    if lid is not None:
        top = (v < 0.13)[:, None] & (inside > 0)
        base = np.where(top[..., None], np.array(lid) * (0.5 + 0.6 * towards)[..., None], base)
        alpha = np.where(top, inside, alpha)
    return np.dstack([np.clip(base, 0, 255), alpha])


def sheet(side: int, rng, colour, *, ruled=None, printed=False, crumpled=False):
    """One sheet lying flat, or crumpled into a ball: (side, side, 4) float RGBA."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    noise = sum(
        cv2.GaussianBlur(rng.standard_normal((side, side)), (0, 0), side / f) * side / f
        for f in (10, 22, 45)
    )
    gy, gx = np.gradient(np.abs(noise))  # folds are creases, not hills
    facing = -gx * LAMP[0] * 1.5 - gy * LAMP[1] * 1.5
    if crumpled:
        angle = np.arctan2(y, x)
        bumps = (
            0.35
            + 0.022 * np.sin(5 * angle + 1)
            + 0.018 * np.sin(9 * angle)
            + 0.01 * np.sin(17 * angle)
        )
        radius = np.hypot(x, y) / bumps
        alpha = np.clip((1 - radius) * side * 0.3, 0, 1)
        round_light = 0.68 + 0.30 * (
            -x * LAMP[0] - y * LAMP[1] + np.sqrt(np.clip(1 - radius**2, 0, 1)) * 0.6
        )
        light = round_light + np.clip(facing, -0.28, 0.28)
    else:
        alpha = ((np.abs(x) < 0.33) & (np.abs(y) < 0.45)).astype(float)
        light = 0.98 + np.clip(facing, -0.2, 0.2) * 0.22
    base = np.array(colour, float)[None, None] * light[..., None]
    if ruled is not None:
        lines = (np.abs(((y * 22) % 1) - 0.5) < 0.07) & (np.abs(y) < 0.42)
        base = np.where(lines[..., None], 0.45 * base + 0.55 * np.array(ruled), base)
        margin = np.abs(x + 0.24) < 0.004
        base = np.where(margin[..., None], np.array([214, 96, 96]), base)
    if printed:
        rows = ((y * 46) % 1 < 0.5) & (np.abs(y) < 0.42)
        words = (
            cv2.resize(rng.random((92, 60)), (side, side), interpolation=cv2.INTER_NEAREST) > 0.22
        )
        columns = np.abs(np.abs(x) - 0.155) < 0.135
        ink = rows & words & columns & ~(y < -0.22) & ~((x > 0.02) & (y > 0.1))
        title = (np.abs(y + 0.35) < 0.045) & (np.abs(x) < 0.27) & (((x * 23) % 1) < 0.72)
        photo = (np.abs(x - 0.155) < 0.13) & (y > 0.12) & (y < 0.40)
        base = np.where((ink | title)[..., None], base * 0.32, base)
        base = np.where(
            photo[..., None], base * (0.45 + 0.35 * np.sin(9 * x + 14 * y))[..., None], base
        )
    return np.dstack([np.clip(base, 0, 255), alpha])


def place(ground: np.ndarray, thing: np.ndarray, *, angle, size, centre, tilt) -> np.ndarray:
    """Lay the thing on the table: turned, scaled, slightly tilted, with its shadow."""
    side = thing.shape[0]
    height, width = ground.shape[:2]
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * size * height
    corners[:2, 0] *= 1 - tilt  # the far edge looks shorter
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    where = corners @ turn.T + np.array(centre) * (width, height)
    source = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    warp = cv2.getPerspectiveTransform(source, where.astype(np.float32))
    coloured = cv2.warpPerspective(
        thing[..., :3], warp, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    alpha = cv2.warpPerspective(thing[..., 3], warp, (width, height))[..., None]
    offset = np.float32([[1, 0, 9 * SCALE], [0, 1, 7 * SCALE]])
    shadow = cv2.GaussianBlur(
        cv2.warpAffine(alpha[..., 0], offset, (width, height)), (0, 0), 6 * SCALE
    )
    ground = ground * (1 - 0.42 * shadow[..., None])
    return ground * (1 - alpha) + coloured * alpha


def burst(label: str, index: int, showing: int) -> list[np.ndarray]:
    """One showing of one object: `PICTURES` pictures, (240, 320, 3) uint8 RGB."""
    _, grounds, look = OBJECTS[label][index]
    ground_name = grounds[showing]
    own = np.random.default_rng([sum(label.encode()), index])  # the folds of this very sheet
    rng = np.random.default_rng([sum(label.encode()), index, showing])
    side = 460
    thing = sheet(side, own, **look) if label == "paper" else solid(side, **look)
    angle, size = rng.uniform(-0.5, 0.5), rng.uniform(0.74, 0.9)
    centre = np.array([0.5, 0.5])
    pictures = []
    for _ in range(PICTURES):
        angle += rng.normal(0, 0.16)
        size = np.clip(size + rng.normal(0, 0.04), 0.62, 0.98)
        centre = np.clip(centre + rng.normal(0, 0.018, 2), 0.43, 0.57)
        scene = place(
            table(ground_name, rng), thing, angle=angle, size=size, centre=centre,
            tilt=rng.uniform(0, 0.12),
        )  # fmt: skip
        lamp, sensor = rng.uniform(0.9, 1.08), rng.normal(0, 5, scene.shape)
        scene = scene * lamp + sensor
        small = cv2.resize(np.clip(scene, 0, 255), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        pictures.append(small.astype(np.uint8))
    return pictures


def main(folder: Path) -> None:
    for label, objects in OBJECTS.items():
        (folder / label).mkdir(parents=True, exist_ok=True)
        for index, (name, *_) in enumerate(objects):
            for showing, letter in enumerate("ab"):
                for number, picture in enumerate(burst(label, index, showing)):
                    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
                    _, data = cv2.imencode(".jpg", picture[..., ::-1], quality)
                    path = folder / label / f"{name}-{letter}-{number}.jpg"
                    path.write_bytes(data.tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
