"""Builds `model.tflite`: the hand landmark network (lite), as published, not a byte changed.

recipe.py --check            fetch the wheel; is the committed file the same?
recipe.py --out FILE         write it there
recipe.py … --wheel FILE     from a wheel that is there already
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import from_wheel  # noqa: E402

MEMBER = "mediapipe/modules/hand_landmark/hand_landmark_lite.tflite"

if __name__ == "__main__":
    sys.exit(from_wheel.main(HERE, MEMBER, __doc__.splitlines()[0]))
