"""Activity folders: find them, check them, read them.

An activity is a folder that a teacher can open: `activity.toml`, a lesson and a guide in
each language, a notice to hang up, and `examples/` from which the whole lesson runs with
no camera. A folder that is not in order is *listed with its reasons* and never stops the
others. Nothing here runs code from an activity.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.core.errors import BadInput, NotFound
from kit.core.types import Kind

LANGUAGES = ("fr", "en")
FORMAT = 1
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
PICTURE = re.compile(r"(?P<burst>.+)-(?P<number>\d+)\.jpg\Z")
COMMITMENTS = ("S0", "S1", "S2", "S3", "S4")

# What opens each of a step's three parts in lesson.<language>.md.
PARTS = {
    "fr": {"do": "À faire", "watch": "À regarder", "question": "Question"},
    "en": {"do": "Do", "watch": "Watch", "question": "Question"},
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step beside the cards: what to do, what to watch, one question."""

    title: str
    do: str
    watch: str
    question: str


@dataclass(frozen=True, slots=True)
class ExamplePicture:
    """One picture of `examples/`: its label in one language, its burst, its file.

    `shown` says whether the ready example already holds it; the others are the basket,
    objects that the model has not seen.
    """

    label: str
    burst: str
    path: Path
    shown: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """One lesson, in every language."""

    name: str
    folder: Path
    kind: Kind
    level: int
    minutes_together: int
    minutes_alone: int
    ages: tuple[int, int]
    commitments: tuple[str, ...]
    laws: tuple[int, ...]
    competences: tuple[str, ...]
    title: Mapping[str, str]
    promise: Mapping[str, str]
    material: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[Step, ...]]
    plan: tuple[tuple[int, Mapping[str, str]], ...]
    """(minutes, what the class does in each language), in order."""
    example_labels: tuple[Mapping[str, str], ...]
    """Each `{"folder", "fr", "en"}`."""
    example_shown: frozenset[str] = field(default_factory=frozenset)

    def text(self, document: str, language: str) -> str:
        """The Markdown of "teacher", "lesson" or "notice" in one language.

        Raises:
            NotFound: no such document, or not in that language.
        """
        path = self.folder / f"{document}.{language}.md"
        if document not in ("teacher", "lesson", "notice") or not path.is_file():
            raise NotFound("activity-missing", f"no {path.name} in {self.name}", name=self.name)
        return path.read_text(encoding="utf-8")

    def examples(self, language: str) -> Iterator[ExamplePicture]:
        """The example pictures, label by label and burst by burst, in a fixed order."""
        for label in self.example_labels:
            for path in sorted((self.folder / "examples" / label["folder"]).glob("*.jpg")):
                match = PICTURE.match(path.name)
                if match:
                    burst = match["burst"]
                    shown = burst in self.example_shown
                    yield ExamplePicture(label[language], burst, path, shown)


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder as found: an activity, or the reasons why it is none."""

    name: str
    activity: Activity | None
    problems: tuple[str, ...] = ()


def find(folder: Path) -> list[Listed]:
    """Every activity folder in `folder`, by name; the broken ones with their reasons."""
    listed = []
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        problems: list[str] = []
        try:
            activity = _read(path, problems)
        except (OSError, ValueError) as error:
            problems.append(str(error))
            activity = None
        listed.append(Listed(path.name, None if problems else activity, tuple(problems)))
    return listed


def read(folder: Path, name: str) -> Activity:
    """The activity of that name.

    Raises:
        NotFound: no folder of that name (a name is never a path).
        BadInput: the folder is there and is not in order; the message says what.
    """
    path = folder / name
    if not NAME.match(name) or not path.is_dir():
        raise NotFound("activity-missing", f"no activity {name!r}", name=name)
    problems: list[str] = []
    try:
        activity = _read(path, problems)
    except (OSError, ValueError) as error:
        problems.append(str(error))
    if problems:
        raise BadInput("activity-broken", f"{name}: {'; '.join(problems)}", name=name)
    return activity


def steps_of(markdown: str, language: str) -> tuple[Step, ...]:
    """A lesson's steps: one `## Title` each, then its three parts.

    Raises:
        ValueError: a step without one of its parts.

    >>> lesson = "# T\\n## One\\n**Do**: go.\\n**Watch**: it.\\n**Question**: why?"
    >>> steps_of(lesson, "en")[0].question
    'why?'
    """
    steps = []
    for chunk in re.split(r"^## ", markdown, flags=re.MULTILINE)[1:]:
        title, _, body = chunk.partition("\n")
        found = {}
        for part, word in PARTS[language].items():
            match = re.search(
                rf"^\*\*{word}\*\*\s*:\s*(.+?)(?=^\*\*|\Z)", body, re.MULTILINE | re.DOTALL
            )
            if not match:
                raise ValueError(f"lesson.{language}.md: step {title.strip()!r} has no **{word}**")
            found[part] = " ".join(match[1].split())
        steps.append(Step(title.strip(), **found))
    return tuple(steps)


def _read(path: Path, problems: list[str]) -> Activity:
    """Read one folder; append what is wrong but readable to `problems`."""
    with (path / "activity.toml").open("rb") as file:
        table = tomllib.load(file)
    if table.get("format") != FORMAT:
        raise ValueError(
            f"activity.toml: format is {table.get('format')!r}; this kit reads {FORMAT}"
        )
    if not NAME.match(path.name):
        problems.append(f"{path.name!r} is no activity name: small letters, digits and hyphens")

    def take(key: str, kind: type, default: Any) -> Any:
        value = table.get(key)
        if not isinstance(value, kind):
            problems.append(f"activity.toml: {key} should be of type {kind.__name__}")
            return default
        return value

    def in_each_language(value: Any, where: str) -> dict[str, Any]:
        spoken = value if isinstance(value, dict) else {}
        for language in LANGUAGES:
            if not spoken.get(language):
                problems.append(f"activity.toml: {where} has no {language!r}")
        return {language: spoken.get(language) or "" for language in LANGUAGES}

    steps = {}
    for language in LANGUAGES:
        for document in ("lesson", "teacher", "notice"):
            if not (path / f"{document}.{language}.md").is_file():
                problems.append(f"{document}.{language}.md is missing")
        lesson = path / f"lesson.{language}.md"
        if lesson.is_file():
            steps[language] = steps_of(lesson.read_text(encoding="utf-8"), language)
    if len({len(spoken) for spoken in steps.values()}) > 1:
        problems.append("the languages do not have the same number of steps")
    if not any(steps.values()):
        problems.append("the lesson has no step")

    plan = tuple(
        (int(line.get("minutes", 0)), in_each_language(line, f"plan line {number}"))
        for number, line in enumerate(take("plan", list, []), start=1)
    )
    minutes = take("minutes_together", int, 0)
    if sum(length for length, _ in plan) != minutes:
        total = sum(length for length, _ in plan)
        problems.append(
            f"activity.toml: the plan lasts {total} minutes, minutes_together is {minutes}"
        )

    for commitment in take("commitments", list, []):
        if commitment not in COMMITMENTS:
            problems.append(
                f"activity.toml: {commitment!r} is no commitment ({', '.join(COMMITMENTS)})"
            )
    for law in take("laws", list, []):
        if law not in range(1, 11):
            problems.append(f"activity.toml: there is no law {law!r}")
    ages = take("ages", list, [9, 18])
    if len(ages) != 2 or not 3 <= ages[0] <= ages[1] <= 99:
        problems.append("activity.toml: ages should be [youngest, oldest]")
        ages = [9, 18]
    if table.get("level") not in (1, 2, 3):
        problems.append("activity.toml: level should be 1, 2 or 3")
    kind = str(table.get("kind"))
    if kind not in list(Kind):
        raise ValueError(f"activity.toml: kind {kind!r} is none of {', '.join(Kind)}")

    material = in_each_language(table.get("material"), "material")
    examples = take("examples", dict, {})
    labels = []
    for number, label in enumerate(examples.get("labels", []), start=1):
        labels.append(
            {"folder": str(label.get("folder", ""))}
            | in_each_language(label, f"examples.labels {number}")
        )
    activity = Activity(
        name=path.name,
        folder=path,
        kind=Kind(kind),
        level=table.get("level", 1),
        minutes_together=minutes,
        minutes_alone=take("minutes_alone", int, 0),
        ages=(ages[0], ages[1]),
        commitments=tuple(table.get("commitments", ())),
        laws=tuple(table.get("laws", ())),
        competences=tuple(take("competences", list, [])),
        title=in_each_language(table.get("title"), "title"),
        promise=in_each_language(table.get("promise"), "promise"),
        material={language: tuple(material[language] or ()) for language in LANGUAGES},
        steps=steps,
        plan=plan,
        example_labels=tuple(labels),
        example_shown=frozenset(examples.get("shown", ())),
    )
    _check_examples(activity, problems)
    return activity


def _check_examples(activity: Activity, problems: list[str]) -> None:
    """Two labels at least, two bursts each (one to teach, one to check), a licence file."""
    if not (activity.folder / "examples" / "LICENSE").is_file():
        problems.append("examples/LICENSE is missing")
    bursts: dict[str, set[str]] = {label["folder"]: set() for label in activity.example_labels}
    for label in activity.example_labels:
        if not NAME.match(label["folder"]):
            problems.append(f"examples: {label['folder']!r} is no folder name")
            continue
        for path in (activity.folder / "examples" / label["folder"]).glob("*.jpg"):
            match = PICTURE.match(path.name)
            if match:
                bursts[label["folder"]].add(match["burst"])
            else:
                problems.append(f"examples/{label['folder']}/{path.name}: not <burst>-<n>.jpg")
    if len(bursts) < 2:
        problems.append("examples: fewer than two labels")
    for folder, names in bursts.items():
        if len(names) < 2:
            problems.append(f"examples/{folder}: fewer than two bursts, nothing could be checked")
    known = set().union(*bursts.values()) if bursts else set()
    for name in sorted(activity.example_shown - known):
        problems.append(f"examples: shown names {name!r}, and there is no such burst")
