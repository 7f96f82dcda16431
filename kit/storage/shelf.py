"""What every shelf of the store stands on: the database, the media, and rows as nouns."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from kit.core.errors import Conflict, NotFound, Unavailable
from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind, Label, Media, ProjectInfo, Sample
from kit.storage.database import Database
from kit.storage.media import MediaFolder

LAB = "lab"
"""The folder of what was measured with projects, one folder each."""
SAMPLE_COLUMNS = (
    "project_id, sequence, label, burst_id, media_hash, width, height, source, facets, media,"
    " bytes, sent_bytes, trimmed"
)
LABEL_COLUMNS = "project_id, number, name, position, style, is_nothing"


class Shelf:
    """One part of `Store`; they share a database, a media folder and one order of changes."""

    _database: Database
    _media: MediaFolder
    folder: Path

    def _change(self, project_id: str | None = None) -> int:
        """The next number of the one order of changes; stamps the project with it.

        Only inside a transaction.

        Raises:
            NotFound: "project-missing".
        """
        with self._database.transaction() as connection:
            [(number,)] = connection.execute(
                "UPDATE counter SET value = value + 1 WHERE name = 'change' RETURNING value"
            ).fetchall()
            if project_id is not None:
                stamped = connection.execute(
                    "UPDATE project SET changed_seq = ? WHERE id = ? RETURNING id",
                    (number, project_id),
                ).fetchall()
                if not stamped:
                    raise project_missing(project_id)
        return number

    def lab_folder(self, project_id: str) -> Path:
        """Where the lab keeps what it measured with a project; goes when the project goes."""
        return self.folder / LAB / project_id

    def _forget(
        self, going: Iterable[str], delete: Callable[[Any], None], also: Iterable[Path] = ()
    ) -> None:
        """Forget projects: rows first, then their pictures.

        On a full disk the other way round. Even deleting rows needs room in the log, and a kit
        that is too full to be emptied would be of no use to the next class.

        Args:
            going: the projects' ids.
            delete: given the writing connection inside a transaction, deletes the rows. May be
                called twice.
            also: folders that go with the pictures.
        """

        def rows() -> None:
            with self._database.transaction() as connection:
                self._change()
                delete(connection)

        def files() -> None:
            for project_id in going:
                self._media.remove_project(project_id)
                shutil.rmtree(self.lab_folder(project_id), ignore_errors=True)
            for folder in also:
                shutil.rmtree(folder, ignore_errors=True)

        with self._database.alone():
            try:
                rows()
            except Unavailable as error:
                if error.id != "disk-full":
                    raise
                files()
                rows()
            files()


def project_missing(project_id: str) -> NotFound:
    """The error for a project that is not there."""
    return NotFound("project-missing", f"no project {project_id!r}")


def label_missing(label_id: str) -> NotFound:
    """The error for a label that is not there, or was removed."""
    return NotFound("label-missing", f"no label {label_id!r}")


def sample_missing(sample_id: str) -> NotFound:
    """The error for a sample that is not there, or was removed."""
    return NotFound("sample-missing", f"no sample {sample_id!r}")


def name_taken(error: sqlite3.IntegrityError, name: str) -> Exception:
    """The error for a label's name that its project already has; any other stays itself."""
    if "UNIQUE" in str(error):
        return Conflict("label-name-taken", f"a label {name!r} is already there", name=name)
    return error


def label_id_of(project_id: str, number: int) -> str:
    """A label's id outside: its project and its number there.

    >>> label_id_of("4f1c", 2)
    '4f1c-l2'
    """
    return f"{project_id}-l{number}"


def sample_id_of(project_id: str, sequence: int) -> str:
    """A sample's id outside: its project and its sequence number there.

    >>> sample_id_of("4f1c", 17)
    '4f1c-s17'
    """
    return f"{project_id}-s{sequence}"


def parts_of_label(label_id: str) -> tuple[str, int]:
    """(project id, number) of a label's id. Raises `NotFound` for what is none."""
    return _parts(label_id, "-l", label_missing)


def parts_of_sample(sample_id: str) -> tuple[str, int]:
    """(project id, sequence) of a sample's id. Raises `NotFound` for what is none."""
    return _parts(sample_id, "-s", sample_missing)


def _parts(id: str, between: str, missing: Callable[[str], NotFound]) -> tuple[str, int]:
    project_id, found, number = id.rpartition(between)
    # At most 18 digits: what SQLite can hold; isdecimal() alone would let "²" and "٣" in.
    if not found or not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise missing(id)
    return project_id, int(number)


def samples_by_project(sample_ids: Iterable[str]) -> dict[str, list[int]]:
    """Sample ids as project id -> rising sequences; what is no sample's id is left out."""
    found: dict[str, set[int]] = {}
    for id in sample_ids:
        try:
            project_id, sequence = parts_of_sample(id)
        except NotFound:
            continue
        found.setdefault(project_id, set()).add(sequence)
    return {project_id: sorted(sequences) for project_id, sequences in found.items()}


def sample_of(row: tuple) -> Sample:
    """A `Sample` of a row of `SAMPLE_COLUMNS`."""
    project_id, sequence, label, burst_id, media_hash, width, height, source, facets = row[:9]
    media, size, sent_bytes, trimmed = row[9:]
    return Sample(
        id=sample_id_of(project_id, sequence),
        label_id=label_id_of(project_id, label),
        burst_id=burst_id,
        media_hash=media_hash,
        sequence=sequence,
        width=width,
        height=height,
        source=source,
        facets=json.loads(facets) if facets else {},
        media=Media(media),
        bytes=size,
        sent_bytes=sent_bytes,
        trimmed=trimmed is not None,
    )


def label_of(row: tuple) -> Label:
    """A `Label` of a row of `LABEL_COLUMNS`."""
    project_id, number, name, position, style, is_nothing = row
    return Label(label_id_of(project_id, number), name, position, style, bool(is_nothing))


def project_of(row: tuple) -> ProjectInfo:
    """A `ProjectInfo` of a row of the query in `projects.py`."""
    return ProjectInfo(
        id=row[0],
        space_id=row[1],
        name=row[2],
        kind=Kind(row[3]),
        activity=row[4],
        is_example=bool(row[5]),
        threshold=row[6],
        changed_seq=row[7],
        hearing=Hearing(row[8]) if row[8] else None,
        hands=row[9],
        blur_faces=BlurFaces(row[10]),
        labels=row[11],
        samples=row[12],
    )


def to_json(value: Mapping[str, Any] | None) -> str | None:
    """Compact JSON of a mapping, None of None or of an empty one."""
    if not value:
        return None
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))
