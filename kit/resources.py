"""The only room that knows where models, activities and catalogues lie.

In a checkout they lie beside the package (`models/`, `activities/`), in an installed wheel inside
it (`kit/_data/`); pyproject.toml puts them there. Whoever needs one asks here by name, so that
nothing else in the kit joins paths to find a part of itself. Anyone may come in; this room imports
the errors and nothing more. It finds folders; it opens no file and checks no hash.
"""

from pathlib import Path

from kit.core.errors import NotFound, Unavailable

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_data"
_HOME = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent


def models_dir() -> Path:
    """Where the shipped models are, one folder each."""
    return _HOME / "models"


def model_names() -> list[str]:
    """The shipped models' names, sorted.

    >>> "efficientnet-lite0" in model_names()
    True
    """
    return _folders(models_dir())


def model_dir(name: str) -> Path:
    """The folder of one model: `model.tflite`, `card.md`, `SHA256SUMS`, `LICENSE`.

    Raises:
        Unavailable: `model-missing`; no model of that name is shipped. Names are compared with
            what is there, so a name cannot lead out of the folder.

    >>> model_dir("efficientnet-lite0").name
    'efficientnet-lite0'
    """
    if name not in model_names():
        raise Unavailable("model-missing", f"no model {name!r} in {models_dir()}", file=name)
    return models_dir() / name


def model_path(name: str) -> Path:
    """The `.tflite` file of one model; see `model_dir` for what is raised."""
    return model_dir(name) / "model.tflite"


def activities_dir() -> Path:
    """Where the shipped activities are, one folder each."""
    return _HOME / "activities"


def activity_names() -> list[str]:
    """The shipped activities' names, sorted; whether they are sound is for `activities.py`."""
    return _folders(activities_dir())


def activity_dir(name: str) -> Path:
    """The folder of one activity.

    Raises:
        NotFound: `activity-missing`; compared by name, as in `model_dir`.
    """
    if name not in activity_names():
        raise NotFound("activity-missing", f"no activity {name!r} in {activities_dir()}", name=name)
    return activities_dir() / name


def examples_dir(activity: str) -> Path:
    """The pictures from which an activity runs with no camera, a sub-folder for each label."""
    return activity_dir(activity) / "examples"


def locale_dir() -> Path:
    """Where the gettext catalogues are: `<language>/LC_MESSAGES/kit.po`."""
    return _PACKAGE / "locale"


def _folders(place: Path) -> list[str]:
    if not place.is_dir():
        return []
    hidden = ("_", ".")
    return sorted(f.name for f in place.iterdir() if f.is_dir() and not f.name.startswith(hidden))
