"""Which file belongs to which label, told from the names alone. Private to the room.

Read leniently, as FORMATS says of layouts seen only in other projects' sources: what is
understood is taken, what is not is listed with its reason.
"""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from kit.core.errors import BadInput, KitError
from kit.formats._tree import Tree, nested

_TEACHABLE_MACHINE = re.compile(r"(?P<label>[^/]+)-!-[^/]*\.(?:jpe?g|png|webp)", re.IGNORECASE)
_PARTS = {"training", "testing"}
_EDGE_IMPULSE = re.compile(r"(?P<label>[^/.][^/]*?)\.[^/]+\.[^/.]+")
_INFO = "info.labels"


@dataclass(frozen=True, slots=True)
class Layout:
    """A tree understood.

    Attributes:
        labels: file -> its label.
        empty_labels: folders that stand for a label and hold no file.
        refused: file -> why it belongs to no label.
    """

    name: str
    labels: dict[str, str]
    empty_labels: list[str] = field(default_factory=list)
    refused: dict[str, KitError] = field(default_factory=dict)


def find_layout(tree: Tree) -> Layout:
    """Understand a tree. Raises what `kit.formats.dataset.open_dataset` says."""
    names = list(tree)
    if not names and not tree.folders:
        raise BadInput("dataset-empty", "nothing in it")
    if "samples.json" in names and any(name.lower().endswith(".webm") for name in names):
        raise BadInput("dataset-teachable-sounds", "recordings as WebM, with samples.json")
    if any(_TEACHABLE_MACHINE.fullmatch(name) for name in names):
        layout = _teachable_machine(tree, names)
    elif tree.folders and set(tree.folders) <= _PARTS and _looks_like_edge_impulse(names):
        layout = _edge_impulse(tree, names)
    else:
        layout = _folders(tree, names)
    if not layout.labels and not layout.empty_labels:
        raise BadInput("dataset-no-folders", "no sub-folder with pictures: one a label is needed")
    return Layout(layout.name, layout.labels, layout.empty_labels, tree.refused | layout.refused)


def natural(text: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Sort key that puts "2" before "10", "é" beside "e" and capitals beside small letters.

    >>> sorted(["zoo", "b10", "B2", "école", "fer"], key=natural)
    ['B2', 'b10', 'école', 'fer', 'zoo']
    """
    letters = unicodedata.normalize("NFD", text).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    parts = re.split(r"([0-9]+)", bare)
    # A number sorts by its length, then its digits: names may hold more digits than int() takes.
    parts[1::2] = [number.lstrip("0") for number in parts[1::2]]
    split = tuple((len(part) if i % 2 else 0, part) for i, part in enumerate(parts))
    return split, text  # "01" and "1", "a" and "A" are equal but for the text itself


def nfc(text: str) -> str:
    """One way of writing each letter: macOS writes "é" as two characters, Linux as one."""
    return unicodedata.normalize("NFC", text)


def _folders(tree: Tree, names: list[str]) -> Layout:
    """One sub-folder a label; also Teachable Machine's samples, `<Class>/<n>.png`."""
    prefix = _wrapper(names) if tree.may_be_wrapped else ""
    labels, refused = {}, {}
    for name in names:
        parts = PurePosixPath(name.removeprefix(prefix)).parts
        if len(parts) > 2:
            raise nested("/".join(parts[:2]))
        if len(parts) == 2:
            labels[name] = parts[0]
        else:
            refused[name] = _loose(name)
    empty = [] if prefix else sorted(set(tree.folders) - set(labels.values()))
    return Layout("folders", labels, empty, refused)


def _wrapper(names: list[str]) -> str:
    """The one folder around everything, with its `/`, where there is one."""
    tops = {name.split("/", 1)[0] for name in names}
    deep = any(name.count("/") >= 2 for name in names)
    return f"{tops.pop()}/" if len(tops) == 1 and deep else ""


def _teachable_machine(tree: Tree, names: list[str]) -> Layout:
    """A `.tm` project: `<label>-!-<n>.jpg` beside manifest.json."""
    if "manifest.json" in names:
        kind = _json(tree, "manifest.json").get("type", "image")
        if kind != "image":
            raise BadInput("dataset-other-kind", f"a project of kind {kind!r}", kind=str(kind))
    labels, refused = {}, {}
    for name in names:
        if match := _TEACHABLE_MACHINE.fullmatch(name):
            labels[name] = match["label"]
        elif name != "manifest.json":
            refused[name] = _loose(name)
    return Layout("teachable-machine", labels, [], refused)


def _looks_like_edge_impulse(names: list[str]) -> bool:
    inside = [PurePosixPath(name).name for name in names if "/" in name]
    return any(name.endswith(_INFO) for name in names) or (
        bool(inside) and all(_EDGE_IMPULSE.fullmatch(name) for name in inside)
    )


def _edge_impulse(tree: Tree, names: list[str]) -> Layout:
    """`training/` and `testing/`; the label from info.labels, or the name before its first dot."""
    told: dict[str, str] = {}
    for name in names:
        if PurePosixPath(name).name == _INFO:
            told |= _told_labels(_json(tree, name), str(PurePosixPath(name).parent))
    labels, refused = {}, {}
    for name in names:
        path = PurePosixPath(name)
        if path.name == _INFO:
            continue
        match = _EDGE_IMPULSE.fullmatch(path.name)
        if len(path.parts) == 2 and (name in told or match):
            labels[name] = told.get(name) or match["label"]
        else:
            refused[name] = _loose(name)
    return Layout("edge-impulse", labels, [], refused)


def _told_labels(info: dict[str, Any], folder: str) -> dict[str, str]:
    """What info.labels says: path from where it lies -> label."""
    told = {}
    files = info.get("files")
    for entry in files if isinstance(files, list) else []:
        path, label = (
            entry.get(key) if isinstance(entry, dict) else None for key in ("path", "label")
        )
        if isinstance(path, str) and isinstance(label, dict) and label.get("type") == "label":
            told[str(PurePosixPath(folder) / path)] = str(label.get("label") or "")
    return {path: label for path, label in told.items() if label}


def _json(tree: Tree, name: str) -> dict[str, Any]:
    try:
        value = json.loads(tree.read(name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, KitError):
            raise
        raise BadInput("archive-damaged", f"{name}: {error}") from error
    return value if isinstance(value, dict) else {}


def _loose(name: str) -> BadInput:
    return BadInput("dataset-loose-file", f"{name} lies in no label's folder", name=name)
