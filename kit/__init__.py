"""Mallette, the classroom kit: show, train, check, and see what each answer costs.

The rooms are laid out in DESIGN order: `core` is pure, the edges (`codecs`, `engine`, `devices`,
`storage`, `formats`) import only `core`, the verbs (`studio`, `library`, `lab`) import those they
are handed, and `web` and `cli` stand outside. `tests/test_architecture.py` reads the imports and
refuses an arrow that points the wrong way.
"""

import os

# The libraries read these when they load, so they are said before anything imports numpy or cv2.
# One thread each: a second BLAS thread on a loaded machine made a training 26 times slower.
# OpenCV refuses larger pictures by itself: the second line behind `codecs/picture.py`'s own caps.
# It notices an unplugged camera after these seconds, not ten, and keeps its warnings off stderr.
for _name, _value in {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "OPENCV_IO_MAX_IMAGE_PIXELS": "40000000",
    "OPENCV_LOG_LEVEL": "ERROR",
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
}.items():
    os.environ.setdefault(_name, _value)

__version__ = "0.1.0"
