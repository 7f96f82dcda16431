"""The shelf of spaces, projects and labels."""

import secrets
import sqlite3
from typing import Any

from kit.core.errors import NotFound
from kit.core.types import Kind, Label, ProjectInfo, Space
from kit.storage.media import file_name
from kit.storage.records import Removed
from kit.storage.shelf import (
    LABEL_COLUMNS,
    SAMPLE_COLUMNS,
    Shelf,
    label_id_of,
    label_missing,
    label_of,
    name_taken,
    parts_of_label,
    project_missing,
    project_of,
    sample_of,
)

_PROJECT = """
    SELECT id, space_id, name, kind, activity, is_example, threshold, changed_seq,
        hearing, hands, blur_faces,
        (SELECT count(*) FROM label WHERE project_id = project.id AND removed IS NULL),
        (SELECT coalesce(sum(samples), 0) FROM label
         WHERE project_id = project.id AND removed IS NULL)
    FROM project WHERE NOT unfinished
"""
_CHANGEABLE_IN_PROJECT = {
    "name", "threshold", "activity", "is_example", "space_id", "hearing", "hands", "blur_faces",
}  # fmt: skip
_CHANGEABLE_IN_LABEL = {"name", "is_nothing", "position"}


class ProjectShelf(Shelf):
    """Spaces hold projects, projects hold labels."""

    # --- spaces ---

    def spaces(self) -> list[Space]:
        """Every space, by id."""
        return [
            Space(*row) for row in self._database.rows("SELECT id, animal FROM space ORDER BY id")
        ]

    def space(self, id: str) -> Space:
        """One space. Raises `NotFound` "space-missing"."""
        row = self._database.row("SELECT id, animal FROM space WHERE id = ?", (id,))
        if row is None:
            raise NotFound("space-missing", f"no space {id!r}")
        return Space(*row)

    def add_space(self, animal: str) -> Space:
        """The space of this animal, made if it lacks. Its id is the animal's key."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO space VALUES (?, ?)", (animal, animal))
        return Space(animal, animal)

    # --- projects ---

    def projects(self, space_id: str | None = None) -> list[ProjectInfo]:
        """The projects of a space, or all, the last changed first."""
        where, values = ("AND space_id = ?", (space_id,)) if space_id is not None else ("", ())
        rows = self._database.rows(f"{_PROJECT} {where} ORDER BY changed_seq DESC", values)
        return [project_of(row) for row in rows]

    def project(self, id: str) -> ProjectInfo:
        """One project; its counts cost O(labels). Raises `NotFound` "project-missing"."""
        row = self._database.row(f"{_PROJECT} AND id = ?", (id,))
        if row is None:
            raise project_missing(id)
        return project_of(row)

    def add_project(
        self,
        space_id: str,
        name: str,
        kind: Kind,
        activity: str | None = None,
        is_example: bool = False,
        **chosen: Any,
    ) -> ProjectInfo:
        """A new, empty project; `chosen`: `hearing`, `hands`, `blur_faces`.

        Its id is drawn, never counted, so that no id is ever used twice.

        Raises:
            NotFound: "space-missing".
        """
        with self._database.transaction():
            id = self.begin_project(space_id, name, kind, activity, **chosen)
            self.finish_project(id)
            return self.change_project(id, is_example=int(is_example))

    def begin_project(
        self, space_id: str, name: str, kind: Kind, activity: str | None = None, **chosen: Any
    ) -> str:
        """The id of a new project that is nowhere seen before `finish_project`.

        The other verbs fill it by its id; one that was never finished is forgotten by the next
        start.

        Raises:
            NotFound: "space-missing".
        """
        id = secrets.token_hex(6)
        with self._database.transaction() as connection:
            self.space(space_id)
            connection.execute(
                "INSERT INTO project"
                " (id, space_id, name, kind, activity, is_example, changed_seq, unfinished)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, 1)",
                (id, space_id, name, str(kind), activity, self._change()),
            )
            if chosen:
                self._put(id, chosen)
        return id

    def finish_project(self, id: str) -> ProjectInfo:
        """Let a project be seen, whole as it is. Raises `NotFound` "project-missing"."""
        with self._database.transaction() as connection:
            self._change(id)
            connection.execute("UPDATE project SET unfinished = 0 WHERE id = ?", (id,))
            return self.project(id)

    def change_project(self, id: str, **fields: Any) -> ProjectInfo:
        """Change `name`, `threshold`, `activity`, `is_example`, `space_id`, `hearing`, `hands` or
        `blur_faces` of a project.

        Raises:
            NotFound: "project-missing".
        """
        with self._database.transaction():
            self._change(id)
            self._put(id, fields)
            return self.project(id)

    def _put(self, id: str, fields: dict[str, Any]) -> None:
        _refuse_others(fields, _CHANGEABLE_IN_PROJECT)
        with self._database.transaction() as connection:
            for field, value in fields.items():
                connection.execute(f"UPDATE project SET {field} = ? WHERE id = ?", (value, id))

    def remove_project(self, id: str) -> None:
        """Forget a project now: rows first, then its pictures. One that is gone is no error."""

        def delete(connection: Any) -> None:
            connection.execute("DELETE FROM project WHERE id = ?", (id,))

        self._forget([id], delete)

    def duplicate_project(self, id: str, space_id: str, name: str) -> ProjectInfo:
        """The same labels, samples, embeddings and models again, as a project of its own.

        Removed labels and samples are not taken along. Labels and samples keep their numbers.

        Raises:
            NotFound: "project-missing", "space-missing".
        """
        new = secrets.token_hex(6)
        with self._database.alone():
            try:
                with self._database.transaction() as connection:
                    self.project(id)
                    self.space(space_id)
                    files = connection.execute(
                        "SELECT DISTINCT media_hash, media FROM sample"
                        " WHERE project_id = ? AND removed IS NULL",
                        (id,),
                    ).fetchall()
                    self._media.copy(id, new, (file_name(*file) for file in files))
                    change = self._change()
                    for statement in _DUPLICATE:
                        connection.execute(
                            statement,
                            {"new": new, "old": id, "space": space_id, "name": name, "seq": change},
                        )
            except BaseException:
                self._media.remove_project(new)
                raise
        return self.project(new)

    # --- labels ---

    def labels(self, project_id: str) -> list[Label]:
        """A project's labels in their order; none for a project that is not there."""
        rows = self._database.rows(
            f"SELECT {LABEL_COLUMNS} FROM label WHERE project_id = ? AND removed IS NULL"
            " ORDER BY position, number",
            (project_id,),
        )
        return [label_of(row) for row in rows]

    def label(self, id: str) -> Label:
        """One label. Raises `NotFound` "label-missing", also for one that was removed."""
        project_id, number = parts_of_label(id)
        row = self._database.row(
            f"SELECT {LABEL_COLUMNS} FROM label"
            " WHERE project_id = ? AND number = ? AND removed IS NULL",
            (project_id, number),
        )
        if row is None:
            raise label_missing(id)
        return label_of(row)

    def add_label(self, project_id: str, name: str, is_nothing: bool = False) -> Label:
        """A new label, last in order, in the first style that no other of the project wears.

        Raises:
            NotFound: "project-missing".
            Conflict: "label-name-taken".
        """
        with self._database.transaction() as connection:
            self._change(project_id)
            [(number,)] = connection.execute(
                "UPDATE project SET last_label = last_label + 1 WHERE id = ? RETURNING last_label",
                (project_id,),
            ).fetchall()
            # A removed label may come back, so its style stays taken.
            worn = {
                style
                for (style,) in connection.execute(
                    "SELECT style FROM label WHERE project_id = ?", (project_id,)
                )
            }
            style = min(set(range(len(worn) + 1)) - worn)
            try:
                connection.execute(
                    "INSERT INTO label (project_id, number, name, position, style, is_nothing)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (project_id, number, name, number, style, int(is_nothing)),
                )
            except sqlite3.IntegrityError as error:
                raise name_taken(error, name) from error
        return Label(label_id_of(project_id, number), name, number, style, is_nothing)

    def change_label(self, id: str, **fields: Any) -> Label:
        """Change `name`, `is_nothing` or `position` of a label.

        Raises:
            NotFound: "label-missing".
            Conflict: "label-name-taken".
        """
        _refuse_others(fields, _CHANGEABLE_IN_LABEL)
        project_id, number = parts_of_label(id)
        with self._database.transaction() as connection:
            self.label(id)
            self._change(project_id)
            for field, value in fields.items():
                try:
                    connection.execute(
                        f"UPDATE label SET {field} = ? WHERE project_id = ? AND number = ?",
                        (value, project_id, number),
                    )
                except sqlite3.IntegrityError as error:
                    raise name_taken(error, value) from error
            return self.label(id)

    def remove_label(self, id: str) -> Removed:
        """Mark a label and its samples removed, until `restore_label` or `purge`.

        Raises:
            NotFound: "label-missing".
        """
        project_id, number = parts_of_label(id)
        with self._database.transaction() as connection:
            self.label(id)
            mark = self._change(project_id)
            rows = connection.execute(
                f"SELECT {SAMPLE_COLUMNS} FROM sample"
                " WHERE project_id = ? AND label = ? AND removed IS NULL ORDER BY sequence",
                (project_id, number),
            ).fetchall()
            for table, column in (("sample", "label"), ("label", "number")):
                connection.execute(
                    f"UPDATE {table} SET removed = ?"
                    f" WHERE project_id = ? AND {column} = ? AND removed IS NULL",
                    (mark, project_id, number),
                )
        return Removed(mark, tuple(sample_of(row) for row in rows))

    def restore_label(self, id: str) -> Label:
        """Undo `remove_label`: the label and the samples that went with it, no others.

        One that is there already is no error.

        Raises:
            NotFound: "label-missing": it was purged.
            Conflict: "label-name-taken" by a newer label.
        """
        project_id, number = parts_of_label(id)
        with self._database.transaction() as connection:
            row = self._database.row(
                "SELECT removed, name FROM label WHERE project_id = ? AND number = ?",
                (project_id, number),
            )
            if row is None:
                raise label_missing(id)
            mark, name = row
            if mark is not None:
                self._change(project_id)
                try:
                    connection.execute(
                        "UPDATE label SET removed = NULL WHERE project_id = ? AND number = ?",
                        (project_id, number),
                    )
                except sqlite3.IntegrityError as error:
                    raise name_taken(error, name) from error
                connection.execute(
                    "UPDATE sample SET removed = NULL"
                    " WHERE project_id = ? AND label = ? AND removed = ?",
                    (project_id, number, mark),
                )
            return self.label(id)


_DUPLICATE = (
    """INSERT INTO project (id, space_id, name, kind, activity, is_example, threshold, changed_seq,
              last_label, last_sample, last_model, unfinished, hearing, hands, blur_faces)
       SELECT :new, :space, :name, kind, activity, 0, threshold, :seq,
              last_label, last_sample, last_model, 0, hearing, hands, blur_faces
       FROM project WHERE id = :old""",
    """INSERT INTO label
       SELECT :new, number, name, position, style, is_nothing, 0, NULL
       FROM label WHERE project_id = :old AND removed IS NULL""",
    # What a clip was before it was trimmed can come back where it was trimmed, and nowhere else.
    """INSERT INTO sample (project_id, sequence, label, burst_id, media_hash, width, height, bytes,
              source, facets, media, sent_bytes)
       SELECT :new, sequence, label, burst_id, media_hash, width, height, bytes, source, facets,
              media, sent_bytes
       FROM sample WHERE project_id = :old AND removed IS NULL""",
    """INSERT INTO embedding (project_id, media_hash, embedder, vector)
       SELECT :new, media_hash, embedder, vector FROM embedding
       WHERE project_id = :old
         AND media_hash IN (SELECT media_hash FROM sample WHERE project_id = :new)""",
    """INSERT INTO model SELECT :new, number, record, arrays FROM model WHERE project_id = :old""",
)


def _refuse_others(fields: dict[str, Any], changeable: set[str]) -> None:
    if others := fields.keys() - changeable:
        raise TypeError(f"cannot change {', '.join(sorted(others))}")
