"""Projects carried in and out: our own `.kit.zip`, other tools' files, and the ready example.

What comes in is read to its end before a project of it is seen by anyone: a file that turns out
damaged in the middle leaves nothing behind. Samples come one at a time, whatever the file's size,
and faces in pictures are covered before anything is written, unless the project says never.
"""

import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from kit import __version__
from kit.core.errors import BadInput, KitError
from kit.core.ports import Sense
from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind, ProjectInfo, Stored
from kit.formats.dataset import Contents, Refused, open_dataset
from kit.formats.project_file import (
    FileLabel,
    FileModel,
    FileSample,
    ProjectContents,
    ProjectFile,
    write_project,
)
from kit.storage import NewSample, Store
from kit.studio.memory import fingerprint_of
from kit.studio.options import chosen_for
from kit.studio.show import LONGEST_LABEL, MOST_LABELS, is_text, tidy_name

LONGEST_NAME = 80
"""Of a project."""
BATCH = 32
"""Samples a transaction: each costs a sync of the disk, and the memory of its samples."""

SenseOf = Callable[[ProjectInfo], Sense]


@dataclass(frozen=True)
class Example:
    """The ready example: what a kit shows that nobody has shown anything to.

    Attributes:
        name: of the project.
        labels: (word, whether it is "none of the others") in order.
        pictures: gives (label's word, burst, picture file's bytes), as often as asked.
    """

    name: str
    labels: Sequence[tuple[str, bool]]
    pictures: Callable[[], Iterator[tuple[str, str, bytes]]]
    activity: str | None = None


@dataclass(frozen=True)
class Imported:
    """What came of a file.

    Attributes:
        project: the new project.
        passed_over: (name in the file, why) of each picture that was not taken.
        renamed: (name in the file, name now) of each label that the kit could not keep as it was.
    """

    project: ProjectInfo
    passed_over: tuple[tuple[str, KitError], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass
class _Building:
    """A project being filled; `label_of` and `sample_of` lead from a file's ids to the store's."""

    store: Store
    project_id: str
    label_of: dict[str, str] = field(default_factory=dict)
    sample_of: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, NewSample]] = field(default_factory=list)
    passed_over: list[tuple[str, KitError]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    def label(self, file_id: str, name: str, is_nothing: bool = False) -> None:
        """One label more; a word that is there already gets a number."""
        taken = {label.name.casefold() for label in self.store.labels(self.project_id)}
        if len(taken) >= MOST_LABELS:
            raise BadInput("too-many-labels", f"more than {MOST_LABELS} labels", most=MOST_LABELS)
        tidy = usable_name(name, LONGEST_LABEL, instead=str(len(taken) + 1))
        number, free = 2, tidy
        while free.casefold() in taken:
            ending = f" ({number})"
            free, number = tidy[: LONGEST_LABEL - len(ending)] + ending, number + 1
        if free != name:
            self.renamed.append((name, free))
        self.label_of[file_id] = self.store.add_label(self.project_id, free, is_nothing).id

    def sample(
        self,
        file_id: str,
        label: str,
        burst: str,
        stored: Stored,
        source: str,
        facets: Any = None,
    ) -> None:
        """One sample more; on the disk with the next full batch."""
        new = NewSample.of(stored, self.label_of[label], burst, source, facets)
        self.waiting.append((file_id, new))
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Put on the disk what waits."""
        kept = self.store.add_samples(self.project_id, [new for _, new in self.waiting])
        for (file_id, _), sample in zip(self.waiting, kept, strict=True):
            self.sample_of[file_id] = sample.id
        self.waiting.clear()


def import_example(
    store: Store, example: Example, *, space_id: str, name: str, sense_of: SenseOf
) -> ProjectInfo:
    """The ready example as a project of this space; its pictures are ours and show no faces."""
    sense = sense_of(_to_be(Kind.IMAGE, {}))

    def fill(building: _Building) -> None:
        for word, is_nothing in example.labels:
            building.label(word, word, is_nothing)
        for number, (word, burst, data) in enumerate(example.pictures()):
            building.sample(str(number), word, burst, sense.keep(data), "example")

    info = _built(store, space_id, name, Kind.IMAGE, example.activity, {}, fill).project
    return store.change_project(info.id, is_example=True)


def import_dataset(
    store: Store,
    file: Path | BinaryIO,
    filename: str,
    *,
    space_id: str,
    sense_of: SenseOf,
    kind: Kind = Kind.IMAGE,
    hearing: Hearing | None = None,
    hands: int | None = None,
    progress: Callable[[float], None] = lambda part: None,
) -> Imported:
    """A project file of ours, or a dataset as another tool writes it, as a project of this space.

    Args:
        store: where.
        file: its path, or open and seekable.
        filename: as it was called where it came from; names the project where the file does not.
        space_id: whose it will be.
        sense_of: what a project's samples are to the kit.
        kind, hearing, hands: what a dataset holds, said by whoever brings it; a project file says
            it of itself.
        progress: told 0..1 now and then.

    Raises:
        BadInput: what the formats refuse; nothing is left of it.
    """
    try:
        if isinstance(file, Path) and file.is_dir():
            raise BadInput("project-file-not-ours", f"{file} is a folder")
        ours = ProjectFile(file)
    except BadInput as error:
        if error.id != "project-file-not-ours":
            raise
    else:
        with ours:
            return _import_ours(store, ours, space_id, sense_of, progress)
    chosen = chosen_for(kind, hearing, hands)
    sense = sense_of(_to_be(kind, chosen))
    name = Path(filename).name.partition(".")[0] or "import"
    with open_dataset(file, Contents.of(sense.media)) as dataset:

        def fill(building: _Building) -> None:
            for label in dataset.labels:
                building.label(label, label)
            for number, found in enumerate(dataset):
                progress(number / max(1, len(dataset)))
                try:
                    if isinstance(found, Refused):
                        raise found.error
                    stored = sense.keep(found.data, cover_faces=True)
                except KitError as error:  # one sample that is none costs nothing else
                    if not isinstance(error, BadInput):
                        raise  # a model that is missing: then nothing may be written
                    building.passed_over.append((found.name, error))
                    continue
                building.sample(
                    found.name, found.label, found.burst, stored, found.source, found.facets
                )

        return _built(store, space_id, name, kind, None, chosen, fill)


def _to_be(kind: Kind, chosen: dict[str, Any]) -> ProjectInfo:
    """A project that is not there yet, for whoever asks what its samples will be."""
    return ProjectInfo("", "", "", kind, **chosen)


def _import_ours(
    store: Store,
    file: ProjectFile,
    space_id: str,
    sense_of: SenseOf,
    progress: Callable[[float], None],
) -> Imported:
    contents = file.contents
    chosen = chosen_for(contents.kind, contents.hearing, contents.hands, contents.blur_faces)
    sense = sense_of(_to_be(contents.kind, chosen))
    cover = chosen.get("blur_faces") is not BlurFaces.NEVER

    def fill(building: _Building) -> None:
        for label in contents.labels:
            building.label(label.id, label.name, label.is_nothing)
        for number, sample in enumerate(contents.samples):
            progress(number / max(1, len(contents.samples)))
            stored = sense.kept(file.media(sample), cover_faces=cover)
            building.sample(
                sample.id,
                sample.label_id,
                sample.burst_id,
                replace(stored, sent_bytes=sample.sent_bytes),
                sample.source,
                sample.facets,
            )
        building.flush()
        was = fingerprint_of((s.id, s.label_id) for s in contents.samples)
        now = fingerprint_of(
            (building.sample_of[s.id], building.label_of[s.label_id]) for s in contents.samples
        )
        for model in contents.models:
            record, arrays = _translated(model, building, {was: now})
            store.add_model(building.project_id, record, arrays)

    built = _built(store, space_id, contents.name, contents.kind, contents.activity, chosen, fill)
    if contents.threshold is None:
        return built
    changed = store.change_project(built.project.id, threshold=contents.threshold)
    return replace(built, project=changed)


def _translated(
    model: FileModel, building: _Building, fingerprints: dict[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """A model of the file under the new project's own short ids.

    A label or sample that the file no longer holds keeps a name that no other can have.
    """

    def label(file_id: str) -> str:
        return building.label_of.get(file_id, f"gone-g{file_id}").rpartition("-")[2]

    def sample(file_id: str) -> str:
        return building.sample_of.get(file_id, "gone-s0").rpartition("-")[2]

    try:
        record = dict(model.record)
        record["labels"] = [[label(file_id), str(name)] for file_id, name in record["labels"]]
        record["fingerprint"] = fingerprints.get(record["fingerprint"], record["fingerprint"])
        if record["check"]:
            check = dict(record["check"])
            check["labels"] = [[label(file_id), str(name)] for file_id, name in check["labels"]]
            check["outcomes"] = [
                [sample(one), label(true), str(burst), label(answer), float(sure), dict(facets)]
                for one, true, burst, answer, sure, facets in check["outcomes"]
            ]
            record["check"] = check
        classes = [label(file_id) for file_id in model.arrays["classes"].tolist()]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("project-file-damaged", f"model {model.number}: {error!r}") from error
    return record, {**model.arrays, "classes": np.array(classes)}


def export(store: Store, info: ProjectInfo, into: BinaryIO) -> None:
    """Write a project, its pictures and its newest model as one `.kit.zip`."""

    def short(id: str) -> str:
        return id.rpartition("-")[2]

    samples = store.samples(info.id)
    models = [store.model(info.id, number) for number, _ in store.models(info.id)[-1:]]
    contents = ProjectContents(
        name=info.name,
        labels=tuple(
            FileLabel(short(label.id), label.name, label.style, label.is_nothing)
            for label in store.labels(info.id)
        ),
        samples=tuple(
            FileSample(
                short(sample.id),
                short(sample.label_id),
                sample.burst_id,
                sample.media_hash,
                sample.source,
                sample.facets,
                sample.sent_bytes,
            )
            for sample in samples
        ),
        models=tuple(FileModel(one.number, one.record, one.arrays) for one in models),
        kind=info.kind,
        activity=info.activity,
        threshold=info.threshold,
        hearing=info.hearing,
        hands=info.hands,
        blur_faces=info.blur_faces if info.kind is Kind.IMAGE else None,
    )
    write_project(
        into, contents, lambda media_hash: store.media(info.id, media_hash), kit=__version__
    )


def export_all(store: Store, projects: Sequence[ProjectInfo], into: BinaryIO) -> None:
    """Write each as a `.kit.zip` into one zip that only holds them: none is made smaller twice."""
    with zipfile.ZipFile(into, "w") as together:
        for info, name in zip(projects, file_names(projects), strict=True):
            with together.open(name, "w", force_zip64=True) as file:
                export(store, info, file)


def file_names(projects: Sequence[ProjectInfo]) -> list[str]:
    """One for each: groups that work side by side give their projects the same name.

    The number comes first, so no name can be that of another; and what a FAT stick cannot write is
    left out.
    """
    return [
        f"{number:02}-{''.join(c for c in info.name if c.isalnum() or c in ' -_').strip()[:60]}"
        ".kit.zip"
        for number, info in enumerate(projects, start=1)
    ]


def _built(
    store: Store,
    space_id: str,
    name: str,
    kind: Kind,
    activity: str | None,
    chosen: dict[str, Any],
    fill: Callable[[_Building], None],
) -> Imported:
    """A new project, filled, then seen; whatever goes wrong, none of it is left."""
    name = usable_name(name, LONGEST_NAME, instead="import")
    building = _Building(store, store.begin_project(space_id, name, kind, activity, **chosen))
    try:
        fill(building)
        if building.waiting:
            building.flush()
        project = store.finish_project(building.project_id)
    except BaseException:
        store.remove_project(building.project_id)
        raise
    return Imported(project, tuple(building.passed_over), tuple(building.renamed))


def usable_name(text: str, longest: int, *, instead: str) -> str:
    """A name as another tool wrote it, as the kit can keep it: nobody is there to type it anew.

    >>> usable_name("\u202egreen ", 60, instead="1"), usable_name(" ", 60, instead="1")
    ('green', '1')
    """
    for wish in (text, "".join(sign for sign in text if is_text(sign))):
        try:
            return tidy_name(unicodedata.normalize("NFC", wish).strip()[:longest], longest)
        except BadInput:
            continue
    return instead
