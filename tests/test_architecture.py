"""The arrows of the house: who may import whom, read from the imports themselves.

    core <- codecs engine devices storage formats activities <- studio library lab ... <- web
                                                                  app and cli see everything

`ALLOWED` is the whole rule, one line a room. The checker is tried on small wrong trees first, so
that a green run means that it looked.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What may be done: only `web`, `cli` and `app` call these.
VERBS = {
    "studio", "library", "lab", "experiments", "doctor", "classroom", "outputs", "self_test",
    "system", "panel",
}  # fmt: skip
# Where things lie, what may be set, what may be said: any room but `core` may ask.
WORDS = {"messages", "resources", "settings"}
# Modules that others lean on; they themselves lean on `core` at most.
LEAVES = {"booking", "jobs", "events", "i18n", *WORDS}
# Verbs too long for one sitting, cut: a part keeps the verbs' rule and is called by them only.
PARTS = {"class_clock", "drive", "findings", "machine_check", "portable", "teaching", "tries"}
EDGE = {"core", *WORDS}
# What each kind of project is. Pure but for the networks handed to it (`core.ports.Networks`).
SENSES = {"core", "codecs", "formats"}
# The verbs take pictures and archives as bytes, so they may call `codecs`: pure functions, with
# nothing behind them that a test would need to fake. Cameras and the engine they see only as the
# Protocols in core/ports.py.
VERB = {"core", "storage", "formats", "codecs", "activities", *VERBS, *PARTS, *LEAVES}
EVERYTHING = None

# room (a module or package directly under kit/) -> the rooms it may import, beside itself
ALLOWED: dict[str, set[str] | None] = {
    "core": set(),
    **{leaf: {"core"} for leaf in LEAVES},
    "i18n": {"core", "messages", "resources"},
    "codecs": EDGE,
    "engine": EDGE,
    "devices": EDGE,
    "storage": EDGE,
    "formats": {*EDGE, "codecs"},
    "activities": EDGE,
    "senses": SENSES,
    "appliance": {"codecs", "core", "i18n", "lending", "storage", *WORDS},
    "lending": {"core", "findings", "i18n", "storage", *WORDS},
    **{verb: VERB for verb in VERBS | PARTS},
    "web": {"core", "activities", "booking", "i18n", *VERBS, *WORDS},
    "app": EVERYTHING,
    "cli": EVERYTHING,
    "__main__": {"cli"},
    "__init__": set(),
}

# Rooms that keep to the standard library and what is named here; the others choose for themselves.
OUTSIDE = {"core": {"numpy"}, **{leaf: set() for leaf in LEAVES}}
# `core` computes: whatever touches a file, a clock, a thread or a network is handed in.
NOT_IN_CORE = {
    "asyncio", "glob", "io", "multiprocessing", "os", "pathlib", "shutil", "socket", "sqlite3",
    "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
OUTSIDE_MODULE = {"kit.core.image": {"numpy", "cv2"}}
# Of outside packages, these open doors that only one room may open, beside app and cli.
ONE_DOOR = {
    "flask": {"web"},
    "flask_smorest": {"web"},
    "sqlite3": {"storage"},
    "ai_edge_litert": {"engine", "formats"},  # formats: the flatbuffer's schema, to write one
    "tflite_runtime": {"engine"},
    "picamera2": {"devices"},
    "sounddevice": {"devices"},
    "gunicorn": set(),
}
RECIPES_MAY_IMPORT = {"kit.core.image", "kit.core.sound"}


def imports(source: str, module: str, modules: set[str]) -> Iterator[tuple[int, str]]:
    """(line, full name of the module) for each import, inside functions too.

    `from kit.core import image` names the module kit.core.image where there is one, and the
    package kit.core where `image` is a thing that the package itself defines.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level + (node.module or "")
                continue
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node.lineno, inner if inner in modules else str(node.module)


def wrong_arrows(root: Path) -> list[str]:
    """Every import under `root` that points the wrong way, as `file:line: reason`."""
    files = sorted((root / "kit").rglob("*.py"))
    modules = {module_name(path, root) for path in files}
    wrong = []
    for path in files:
        module = module_name(path, root)
        for line, name in imports(path.read_text(encoding="utf-8"), module, modules):
            reason = refusal(module, name)
            if reason:
                wrong.append(f"{path.relative_to(root)}:{line}: {reason}")
    for path in sorted(root.glob("models/*/*.py")):
        for line, name in imports(path.read_text(encoding="utf-8"), "", modules):
            if is_ours(name) and name not in RECIPES_MAY_IMPORT:
                wrong.append(f"{path.relative_to(root)}:{line}: a recipe may not import {name}")
    for path in sorted(root.glob("firmware/**/*.py")):
        for line, name in imports(path.read_text(encoding="utf-8"), "", modules):
            if is_ours(name):
                wrong.append(f"{path.relative_to(root)}:{line}: firmware may not import {name}")
    return list(dict.fromkeys(wrong))  # one line of code, one complaint


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def is_ours(name: str) -> bool:
    return name.startswith(".") or name.split(".")[0] == "kit"


def refusal(module: str, name: str) -> str | None:
    """Why `module` may not import `name`, or None where it may."""
    room = module.split(".")[1]
    if name.startswith("."):
        return f"relative import {name}; write it in full"
    if room not in ALLOWED:
        return f"room {room} has no rule; give it one in tests/test_architecture.py"
    if is_ours(name):
        target = name.split(".")[1] if "." in name else "__init__"
        allowed = ALLOWED[room]
        # `from kit import __version__` is for everyone.
        if allowed is EVERYTHING or target in (room, "__init__") or target in allowed:
            return None
        return f"{room} may not import {name}"
    package = name.split(".")[0]
    if ALLOWED[room] is EVERYTHING:
        return None
    if package in ONE_DOOR and room not in ONE_DOOR[package]:
        doors = ", ".join(sorted(ONE_DOOR[package] | {"app", "cli"}))
        return f"{room} may not import {package}; that is for {doors}"
    if room == "core" and package in NOT_IN_CORE:
        return f"core may not import {package}; whoever calls hands it in"
    outside = OUTSIDE_MODULE.get(module, OUTSIDE.get(room))
    if outside is not None and package not in outside and package not in sys.stdlib_module_names:
        return f"{module} may not import {package}"
    return None


def test_every_arrow_points_the_right_way(checkout):
    assert list((checkout / "kit").rglob("*.py"))  # else nothing was read

    assert wrong_arrows(checkout) == []


@pytest.mark.parametrize(
    ("path", "source", "reason"),
    [
        ("kit/core/heads.py", "from kit.storage import store", "core may not import kit.storage"),
        ("kit/core/heads.py", "import cv2", "kit.core.heads may not import cv2"),
        ("kit/core/heads.py", "from . import types", "relative import"),
        ("kit/web/pages.py", "from kit.tries import Tries", "web may not import kit.tries"),
        ("kit/core/heads.py", "from time import monotonic", "core may not import time"),
        ("kit/core/heads.py", "def f():\n    import kit.web", "core may not import kit.web"),
        ("kit/codecs/picture.py", "import kit.engine.queue", "codecs may not import kit.engine"),
        ("kit/engine/queue.py", "from kit.devices import camera", "engine may not import kit.dev"),
        ("kit/storage/store.py", "import kit.studio", "storage may not import kit.studio"),
        ("kit/formats/zip.py", "from kit.storage.store import Store", "formats may not import"),
        ("kit/studio.py", "from kit.devices.camera import Camera", "studio may not import kit.dev"),
        ("kit/studio.py", "import flask", "studio may not import flask"),
        ("kit/lab.py", "import gunicorn", "lab may not import gunicorn; that is for app, cli"),
        ("kit/lab.py", "import kit.web.app", "lab may not import kit.web"),
        ("kit/web/api/projects.py", "from kit.storage import store", "web may not import kit.stor"),
        ("kit/web/api/projects.py", "import kit.engine", "web may not import kit.engine"),
        ("kit/web/api/projects.py", "import sqlite3", "web may not import sqlite3"),
        ("kit/web/events.py", "from kit.jobs import Jobs", "web may not import kit.jobs"),
        ("kit/events.py", "import kit.studio", "events may not import kit.studio"),
        ("kit/settings.py", "import numpy", "kit.settings may not import numpy"),
        ("kit/attic.py", "import json", "room attic has no rule"),
        ("models/m/recipe.py", "from kit.core import heads", "a recipe may not import kit.core"),
        ("models/m/recipe.py", "import kit.engine.runtime", "a recipe may not import kit.engine"),
        ("firmware/meter/main.py", "import kit.core.image", "firmware may not import kit.core"),
    ],
)
def test_a_wrong_arrow_is_refused(tmp_path, path, source, reason):
    write(tmp_path, "kit/core/image.py", "")
    write(tmp_path, path, source)

    (wrong,) = wrong_arrows(tmp_path)

    assert wrong.startswith(f"{path}:")
    assert reason in wrong


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("kit/core/image.py", "import cv2\nimport numpy as np\nimport math"),
        ("kit/core/heads.py", "from kit.core import types\nfrom kit.core.image import square"),
        ("kit/formats/zip.py", "from kit.codecs import archive\nfrom kit.core import errors"),
        ("kit/studio.py", "import kit.storage.store\nfrom kit.core.ports import Embedder"),
        ("kit/web/pages.py", "import flask\nfrom kit.library import Library\nfrom kit import i18n"),
        ("kit/cli/train.py", "from kit.engine import runtime\nfrom kit.devices import camera"),
        ("kit/cli/serve.py", "import gunicorn\nfrom flask import Flask"),
        ("kit/web/pages.py", "from kit import __version__"),
        ("models/m/recipe.py", "import torch\nfrom kit.core import image"),
    ],
)
def test_a_right_arrow_is_let_through(tmp_path, path, source):
    for there in ("core/__init__", "core/image", "core/heads", "i18n"):
        write(tmp_path, f"kit/{there}.py", "")
    write(tmp_path, path, source)

    assert wrong_arrows(tmp_path) == []


def write(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source)
