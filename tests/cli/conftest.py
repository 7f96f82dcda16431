"""The real command in a process of its own, on pictures made here."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.pictures import photos

Kit = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session")
def kit(tmp_path_factory) -> Kit:
    """`kit("train", folder, …)`: in English, with a data folder that nobody else uses."""
    data = tmp_path_factory.mktemp("data folder")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KIT_", "LC_", "LANG"))}
    clean |= {"LANG": "C.UTF-8", "PYTHONWARNINGS": "error", "XDG_DATA_HOME": str(data)}
    clean["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)

    def kit(*arguments, language: str = "en", environment=(), **more):
        return subprocess.run(
            [sys.executable, "-m", "kit", *map(str, arguments)],
            env=clean | {"KIT_LANGUAGE": language} | dict(environment),
            capture_output=True,
            text=True,
            timeout=120,
            **more,
        )

    return kit


@pytest.fixture(scope="session")
def taught_photos(tmp_path_factory) -> Path:
    return photos(tmp_path_factory.mktemp("taught"), ("cup", "pen", "clé à molette"), 6)


@pytest.fixture(scope="session")
def new_photos(tmp_path_factory) -> Path:
    """Of the same things, none of them taught."""
    return photos(tmp_path_factory.mktemp("new"), ("cup", "pen", "clé à molette"), 5, first=100)


@pytest.fixture(scope="session")
def model(kit, taught_photos, tmp_path_factory) -> Path:
    """What `kit train` writes with default options."""
    out = tmp_path_factory.mktemp("model") / "a new folder"
    done = kit("train", taught_photos, "--out", out)
    assert done.returncode == 0, done.stderr
    return out
