"""The shelf of what was computed: embeddings, models, jobs, and the kit's own settings."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any

import numpy as np

from kit.core.errors import NotFound
from kit.core.types import EmbeddingKey, Job, JobState
from kit.storage.records import StoredModel
from kit.storage.shelf import Shelf, project_missing, sample_id_of, to_json

_VECTOR = np.dtype("<f4")
_EMBEDDER = (
    "backbone_hash = ? AND input_size = ? AND cut = ? AND preparation_version = ?"
    " AND runtime_version = ? AND view = ?"
)


class LearntShelf(Shelf):
    """What can be made again, but not for free."""

    # --- embeddings ---

    def embedding(self, project_id: str, key: EmbeddingKey) -> np.ndarray | None:
        """The (d,) float32 embedding kept under the whole key, or None."""
        row = self._database.row(
            "SELECT vector FROM embedding WHERE project_id = ? AND media_hash = ?"
            f" AND embedder = (SELECT id FROM embedder WHERE {_EMBEDDER})",
            (project_id, key.media_hash, *_embedder_values(key)),
        )
        return None if row is None else np.frombuffer(row[0], _VECTOR)

    def save_embeddings(
        self, project_id: str, pairs: Iterable[tuple[EmbeddingKey, np.ndarray]]
    ) -> int:
        """Keep embeddings, in one transaction; one already kept under its key is replaced.

        Pictures that no sample of the project names any more are passed over: a sample may be
        forgotten while it is being embedded.

        Returns:
            How many were kept.

        Raises:
            NotFound: "project-missing".
        """
        kept = 0
        embedders: dict[tuple, int] = {}
        with self._database.transaction() as connection:
            if not self._database.row("SELECT 1 FROM project WHERE id = ?", (project_id,)):
                raise project_missing(project_id)
            for key, vector in pairs:
                values = _embedder_values(key)
                if values not in embedders:
                    embedders[values] = self._embedder(values)
                kept += len(
                    connection.execute(
                        "INSERT OR REPLACE INTO embedding"
                        " (project_id, media_hash, embedder, vector)"
                        " SELECT :project, :hash, :embedder, :vector WHERE EXISTS (SELECT 1"
                        " FROM sample WHERE project_id = :project AND media_hash = :hash)"
                        " RETURNING id",
                        {
                            "project": project_id,
                            "hash": key.media_hash,
                            "embedder": embedders[values],
                            "vector": np.ascontiguousarray(vector, _VECTOR).tobytes(),
                        },
                    ).fetchall()
                )
        return kept

    def embeddings(self, project_id: str, like: EmbeddingKey) -> tuple[list[str], np.ndarray]:
        """Every sample's embedding of one kind, for training.

        Args:
            project_id: whose.
            like: everything but its `media_hash` says which embeddings are meant.

        Returns:
            The ids of the samples that have one, oldest first, and the (n, d) float32 matrix
            in the same order; (0, 0) where none has. Removed samples are left out.
        """
        wanted = (
            "FROM sample JOIN embedding USING (project_id, media_hash)"
            f" WHERE project_id = ? AND embedder = (SELECT id FROM embedder WHERE {_EMBEDDER})"
            " AND removed IS NULL"
        )
        values = (project_id, *_embedder_values(like))
        # Row by row into the matrix: 20,000 vectors are 100 MB, and a small board has no room
        # to hold them twice.
        with self._database.snapshot() as connection:
            count, size = connection.execute(
                f"SELECT count(*), coalesce(max(length(vector)), 0) {wanted}", values
            ).fetchone()
            matrix = np.empty((count, size // _VECTOR.itemsize), np.float32)
            ids = []
            rows = connection.execute(f"SELECT sequence, vector {wanted} ORDER BY sequence", values)
            for place, (sequence, vector) in enumerate(rows):
                matrix[place] = np.frombuffer(vector, _VECTOR)
                ids.append(sample_id_of(project_id, sequence))
        return ids, matrix

    def _embedder(self, values: tuple) -> int:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO embedder (backbone_hash, input_size, cut,"
                " preparation_version, runtime_version, view) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            [(id,)] = self._database.rows(f"SELECT id FROM embedder WHERE {_EMBEDDER}", values)
        return id

    # --- models ---

    def add_model(
        self, project_id: str, record: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> int:
        """Keep a trained model; its number is the project's next, from 1.

        Args:
            project_id: whose.
            record: what JSON can say of it (head, labels, threshold, check, times …).
            arrays: its numbers, by name; of plain numeric types.

        Raises:
            NotFound: "project-missing".
        """
        file = io.BytesIO()
        np.savez(file, **{name: np.asarray(array) for name, array in arrays.items()})
        with self._database.transaction() as connection:
            self._change(project_id)
            [(number,)] = connection.execute(
                "UPDATE project SET last_model = last_model + 1 WHERE id = ? RETURNING last_model",
                (project_id,),
            ).fetchall()
            connection.execute(
                "INSERT INTO model VALUES (?, ?, ?, ?)",
                (project_id, number, to_json(record) or "{}", file.getvalue()),
            )
        return number

    def change_model(self, project_id: str, number: int, record: Mapping[str, Any]) -> None:
        """Say something else of a model (its newest check, say); its numbers stay.

        Raises:
            NotFound: "model-not-kept".
        """
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE model SET record = ? WHERE project_id = ? AND number = ? RETURNING number",
                (to_json(record) or "{}", project_id, number),
            ).fetchall()
            if not changed:
                raise _model_not_kept(project_id, number)
            self._change(project_id)

    def models(self, project_id: str) -> list[tuple[int, dict[str, Any]]]:
        """The (number, record) of each of a project's models, oldest first."""
        rows = self._database.rows(
            "SELECT number, record FROM model WHERE project_id = ? ORDER BY number", (project_id,)
        )
        return [(number, json.loads(record)) for number, record in rows]

    def model(self, project_id: str, number: int) -> StoredModel:
        """One model, whole. Raises `NotFound` "model-not-kept"."""
        row = self._database.row(
            "SELECT record, arrays FROM model WHERE project_id = ? AND number = ?",
            (project_id, number),
        )
        if row is None:
            raise _model_not_kept(project_id, number)
        with np.load(io.BytesIO(row[1]), allow_pickle=False) as arrays:
            return StoredModel(number, json.loads(row[0]), dict(arrays))

    # --- jobs ---

    def save_job(self, job: Job) -> None:
        """Keep where a long work stands. One whose project has gone meanwhile is not kept."""
        id, verb, project_id, space_id, state, progress, result, error = astuple(job)
        with self._database.transaction() as connection:
            for table, owner in (("project", project_id), ("space", space_id)):
                if owner is not None and not self._database.row(
                    f"SELECT 1 FROM {table} WHERE id = ?", (owner,)
                ):
                    return
            connection.execute(
                "INSERT OR REPLACE INTO job VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id,
                    verb,
                    project_id,
                    space_id,
                    str(state),
                    progress,
                    *map(to_json, (result, error)),
                ),
            )

    def job(self, id: str) -> Job:
        """One job. Raises `NotFound` "job-missing"."""
        row = self._database.row("SELECT * FROM job WHERE id = ?", (id,))
        if row is None:
            raise NotFound("job-missing", f"no job {id!r}")
        return _job_of(row)

    def jobs_left_running(self) -> list[Job]:
        """Jobs that were waiting or running: at start, those that a cut or a stop broke off."""
        rows = self._database.rows(
            "SELECT * FROM job WHERE state IN (?, ?) ORDER BY id",
            (str(JobState.WAITING), str(JobState.RUNNING)),
        )
        return [_job_of(row) for row in rows]

    # --- settings kept between starts ---

    def get(self, key: str, default: Any = None) -> Any:
        """What was last `set` under the key, or `default`."""
        row = self._database.row("SELECT value FROM setting WHERE key = ?", (key,))
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any) -> None:
        """Keep any JSON value. Keys under "kit." are the device's and outlive `erase_all`."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)",
                (key, json.dumps(value, ensure_ascii=False)),
            )


def _embedder_values(key: EmbeddingKey) -> tuple:
    return (
        key.backbone_hash,
        key.input_size,
        key.cut,
        key.preparation_version,
        key.runtime_version,
        key.view,
    )


def _model_not_kept(project_id: str, number: int) -> NotFound:
    return NotFound("model-not-kept", f"no model {number} in project {project_id!r}", number=number)


def _job_of(row: tuple) -> Job:
    id, verb, project_id, space_id, state, progress, result, error = row
    return Job(
        id,
        verb,
        project_id,
        space_id,
        JobState(state),
        progress,
        json.loads(result) if result else None,
        json.loads(error) if error else None,
    )
