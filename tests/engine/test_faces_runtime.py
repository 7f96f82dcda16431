"""Faces in free sample photographs are covered, and things that are no faces are left alone."""

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest

from kit.codecs.picture import decode_picture
from kit.core.errors import Unavailable
from kit.engine.faces_runtime import FaceCover

OPENCV = Path("/usr/share/doc/opencv-doc/examples/data")

# Where each photograph's face is: left, top, right, bottom, as shares of the picture. Frontal ones
# must be covered; those from the side are, with this network, and it is said.
FRONTAL = {
    "messi5.jpg": (0.41, 0.28, 0.47, 0.38),
    "basketball1.png": (0.11, 0.21, 0.16, 0.27),
    "basketball2.png": (0.11, 0.21, 0.16, 0.27),
}
FROM_THE_SIDE = {"left06.jpg": (0.39, 0.28, 0.52, 0.46), "right06.jpg": (0.24, 0.32, 0.38, 0.50)}
NO_FACES = [
    "aloeL.jpg", "apple.jpg", "building.jpg", "butterfly.jpg", "fruits.jpg", "home.jpg",
    "orange.jpg", "smarties.png", "stuff.jpg", "sudoku.png",
]  # fmt: skip


@pytest.fixture(scope="module")
def face_cover(checkout):
    return FaceCover(checkout / "models")


def read(path):
    if not path.is_file():
        pytest.skip(f"no {path.name}: install the Debian package opencv-doc")
    return decode_picture(path.read_bytes(), max_side=640)


def part(pixels, shares):
    height, width = pixels.shape[:2]
    left, top, right, bottom = shares
    return pixels[
        round(top * height) : round(bottom * height), round(left * width) : round(right * width)
    ]


def is_one_colour(pixels):
    return len(np.unique(pixels.reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize(("name", "where"), [*FRONTAL.items(), *FROM_THE_SIDE.items()])
def test_a_face_is_covered(face_cover, name, where):
    pixels = read(OPENCV / name)
    assert not is_one_colour(part(pixels, where))

    covered, faces = face_cover.cover(pixels)

    assert faces >= 1
    assert is_one_colour(part(covered, where))


def test_the_astronaut_is_covered(face_cover):
    """The sample photograph of scikit-image."""
    found = importlib.util.find_spec("skimage")
    if found is None:
        pytest.skip("no scikit-image here, which brings the photograph")
    pixels = read(Path(found.origin).parent / "data" / "astronaut.png")

    covered, _faces = face_cover.cover(pixels)

    assert is_one_colour(part(covered, (0.37, 0.16, 0.51, 0.33)))


def test_of_a_hundred_small_faces_almost_all_are_covered_and_no_other_thing(face_cover):
    """25 x 25 grey pixels each: a hundred faces, then a hundred things that are none."""
    found = importlib.util.find_spec("skimage")
    if found is None:
        pytest.skip("no scikit-image here, which brings the faces")
    pictures = np.load(Path(found.origin).parent / "data" / "lfw_subset.npy")
    covered = []
    for picture in pictures[::2]:
        table = np.full((240, 320, 3), 110, np.uint8)
        grey = (picture / pictures.max() * 255).astype(np.uint8)
        large = cv2.resize(grey, (120, 120), interpolation=cv2.INTER_CUBIC)
        table[60:180, 100:220] = large[..., np.newaxis]
        covered.append(face_cover.cover(table)[1] > 0)

    assert sum(covered[:50]) >= 48
    assert sum(covered[50:]) == 0


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_face_at_the_edge_is_covered_too(face_cover, turn):
    """The face moved into each corner, as large as it was."""
    pixels = read(OPENCV / "messi5.jpg")
    face = pixels[70:170, 190:290]
    corner = np.full((300, 400, 3), 120, np.uint8)
    rows = slice(0, 100) if turn < 2 else slice(200, 300)
    columns = slice(0, 100) if turn % 2 else slice(300, 400)
    corner[rows, columns] = face

    _covered, faces = face_cover.cover(corner)

    assert faces == 1


@pytest.mark.parametrize("name", NO_FACES)
def test_what_is_no_face_is_not_covered(face_cover, name):
    pixels = read(OPENCV / name)

    covered, faces = face_cover.cover(pixels)

    assert faces == 0
    assert np.array_equal(covered, pixels)


def test_hands_are_not_covered(face_cover, shared_data):
    signs = [
        sorted(folder.iterdir())[0] for folder in sorted((shared_data / "hand-signs").iterdir())
    ]
    faces = [face_cover.cover(read(path))[1] for path in signs]

    assert sum(faces) == 0


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (900, 2, 3), (480, 640, 3)])
def test_any_picture_may_come(face_cover, shape):
    covered, faces = face_cover.cover(np.zeros(shape, np.uint8))

    assert covered.shape == shape
    assert faces == 0


def test_without_the_network_nothing_passes(tmp_path):
    with pytest.raises(Unavailable) as refused:
        FaceCover(tmp_path)

    assert refused.value.id == "model-missing"
