"""The shelf of samples: pictures kept, moved, removed, brought back, forgotten."""

from collections.abc import Iterable, Sequence

from kit.core.types import Sample
from kit.storage.media import media_hash
from kit.storage.records import LabelCount, NewSample, Removed
from kit.storage.shelf import (
    SAMPLE_COLUMNS,
    Shelf,
    label_id_of,
    label_missing,
    parts_of_label,
    parts_of_sample,
    project_missing,
    sample_id_of,
    sample_missing,
    sample_of,
    samples_by_project,
    to_json,
)


class SampleShelf(Shelf):
    """Samples and their pictures. Every verb is one transaction; the answer is the receipt."""

    def add_samples(self, project_id: str, new: Sequence[NewSample]) -> list[Sample]:
        """Keep pictures, all or none; they survive a power cut from the moment this returns.

        The cost of one does not depend on how many there are already.

        Raises:
            NotFound: "project-missing"; "label-missing", also where it was removed meanwhile.
            Unavailable: "disk-full"; nothing was changed.
        """
        hashes = [media_hash(sample.picture_bytes) for sample in new]
        files: list = []
        with self._database.alone():
            try:
                with self._database.transaction() as connection:
                    self._change(project_id)
                    labels = self._label_numbers(project_id, {sample.label_id for sample in new})
                    [(last,)] = connection.execute(
                        "UPDATE project SET last_sample = last_sample + ? WHERE id = ?"
                        " RETURNING last_sample",
                        (len(new), project_id),
                    ).fetchall()
                    first = last - len(new) + 1
                    files = self._media.add(
                        project_id,
                        {
                            hash: sample.picture_bytes
                            for hash, sample in zip(hashes, new, strict=True)
                        },
                    )
                    connection.executemany(
                        "INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                        [
                            (
                                project_id,
                                first + offset,
                                labels[sample.label_id],
                                sample.burst_id,
                                hash,
                                sample.width,
                                sample.height,
                                len(sample.picture_bytes),
                                sample.source,
                                to_json(sample.facets),
                            )
                            for offset, (hash, sample) in enumerate(zip(hashes, new, strict=True))
                        ],
                    )
            except BaseException:
                self._media.take_back(files)
                raise
        return [
            Sample(
                id=sample_id_of(project_id, first + offset),
                label_id=sample.label_id,
                burst_id=sample.burst_id,
                media_hash=hash,
                sequence=first + offset,
                width=sample.width,
                height=sample.height,
                source=sample.source,
                facets=dict(sample.facets),
            )
            for offset, (hash, sample) in enumerate(zip(hashes, new, strict=True))
        ]

    def samples(
        self,
        project_id: str,
        label_id: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Sample]:
        """A project's samples in order of arrival, oldest first.

        Args:
            project_id: one that is not there has none.
            label_id: only that label's.
            before: only those with a lower sequence.
            limit: at most so many: the newest of them (still given oldest first).
        """
        sql = f"SELECT {SAMPLE_COLUMNS} FROM sample WHERE project_id = ? AND removed IS NULL"
        values: list = [project_id]
        if label_id is not None:
            owner, number = parts_of_label(label_id)
            if owner != project_id:
                return []
            sql += " AND label = ?"
            values.append(number)
        if before is not None:
            sql += " AND sequence < ?"
            values.append(before)
        sql += " ORDER BY sequence DESC LIMIT ?"
        values.append(-1 if limit is None else limit)
        return [sample_of(row) for row in reversed(self._database.rows(sql, values))]

    def sample(self, id: str) -> Sample:
        """One sample. Raises `NotFound` "sample-missing", also for one that was removed."""
        row = self._database.row(
            f"SELECT {SAMPLE_COLUMNS} FROM sample"
            " WHERE project_id = ? AND sequence = ? AND removed IS NULL",
            parts_of_sample(id),
        )
        if row is None:
            raise sample_missing(id)
        return sample_of(row)

    def media(self, project_id: str, media_hash: str) -> bytes:
        """A picture's stored bytes. Raises `NotFound` "picture-missing"."""
        return self._media.read(project_id, media_hash)

    def counts(self, project_id: str) -> dict[str, LabelCount]:
        """How often each label was shown, and in which bursts. O(samples): once at opening."""
        bursts: dict[int, list[str]] = {}
        for number, burst_id in self._database.rows(
            "SELECT label, burst_id FROM sample WHERE project_id = ? AND removed IS NULL"
            " GROUP BY label, burst_id ORDER BY min(sequence)",
            (project_id,),
        ):
            bursts.setdefault(number, []).append(burst_id)
        return {
            label_id_of(project_id, number): LabelCount(samples, tuple(bursts.get(number, ())))
            for number, samples in self._database.rows(
                "SELECT number, samples FROM label WHERE project_id = ? AND removed IS NULL"
                " ORDER BY position, number",
                (project_id,),
            )
        }

    def move_samples(self, ids: Iterable[str], label_id: str) -> list[Sample]:
        """Give samples another label of their project.

        Returns:
            Those that moved, as they were before; ids that are gone are passed over.

        Raises:
            NotFound: "label-missing".
        """
        project_id, number = parts_of_label(label_id)
        with self._database.transaction() as connection:
            self._label_numbers(project_id, {label_id})
            wanted = samples_by_project(ids).get(project_id, [])
            moved = [
                sample
                for sample in self._present(project_id, wanted)
                if sample.label_id != label_id
            ]
            if moved:
                self._change(project_id)
                connection.executemany(
                    "UPDATE sample SET label = ? WHERE project_id = ? AND sequence = ?",
                    [(number, project_id, sample.sequence) for sample in moved],
                )
        return moved

    def remove_samples(self, ids: Iterable[str]) -> Removed:
        """Mark samples removed: they count nowhere until `restore_samples`, or go at `purge`.

        Ids that are gone already are passed over: two browsers may remove the same one.
        """
        gone: list[Sample] = []
        mark = 0
        with self._database.transaction() as connection:
            for project_id, sequences in samples_by_project(ids).items():
                present = self._present(project_id, sequences)
                if not present:
                    continue
                mark = self._change(project_id)
                connection.executemany(
                    "UPDATE sample SET removed = ? WHERE project_id = ? AND sequence = ?",
                    [(mark, project_id, sample.sequence) for sample in present],
                )
                gone += present
        return Removed(mark, tuple(gone))

    def restore_samples(self, ids: Iterable[str]) -> list[Sample]:
        """Undo `remove_samples`.

        Returns:
            Those that came back. Passed over: what was purged, what is there, and what belongs
            to a label that is itself removed.
        """
        back: list[Sample] = []
        with self._database.transaction() as connection:
            for project_id, sequences in samples_by_project(ids).items():
                restored = []
                for sequence in sequences:
                    restored += connection.execute(
                        "UPDATE sample SET removed = NULL"
                        " WHERE project_id = ? AND sequence = ? AND removed IS NOT NULL"
                        " AND label IN (SELECT number FROM label"
                        "   WHERE project_id = sample.project_id AND removed IS NULL)"
                        " RETURNING sequence",
                        (project_id, sequence),
                    ).fetchall()
                if restored:
                    self._change(project_id)
                    back += self._present(project_id, [sequence for (sequence,) in restored])
        return back

    def purge(self, project_id: str | None = None, *, up_to: int | None = None) -> int:
        """Forget for good what is marked removed: rows, embeddings, pictures no row names.

        Args:
            project_id: only this project's.
            up_to: only removals whose mark is not above this one.

        Returns:
            How many samples went.
        """
        scope = " AND project_id = ?" if project_id is not None else ""
        limit = (2**63 - 1) if up_to is None else up_to
        values = (limit, project_id) if project_id is not None else (limit,)
        marked = f"removed IS NOT NULL AND removed <= ?{scope}"
        with self._database.alone():
            with self._database.transaction() as connection:
                gone = connection.execute(
                    f"DELETE FROM sample WHERE {marked} RETURNING project_id, media_hash", values
                ).fetchall()
                connection.execute(f"DELETE FROM label WHERE {marked}", values)
                orphans = [pair for pair in set(gone) if not self._is_named(*pair)]
                connection.executemany(
                    "DELETE FROM embedding WHERE project_id = ? AND media_hash = ?", orphans
                )
            for owner, hash in orphans:
                self._media.remove(owner, [hash])
        return len(gone)

    def _is_named(self, project_id: str, hash: str) -> bool:
        return bool(
            self._database.row(
                "SELECT 1 FROM sample WHERE project_id = ? AND media_hash = ? LIMIT 1",
                (project_id, hash),
            )
        )

    def _label_numbers(self, project_id: str, label_ids: set[str]) -> dict[str, int]:
        """Number of each label asked for; refuses one that the project has not (any more)."""
        there = {
            label_id_of(project_id, number): number
            for (number,) in self._database.rows(
                "SELECT number FROM label WHERE project_id = ? AND removed IS NULL", (project_id,)
            )
        }
        if not there and not self._database.row(
            "SELECT 1 FROM project WHERE id = ?", (project_id,)
        ):
            raise project_missing(project_id)
        for id in label_ids:
            if id not in there:
                raise label_missing(id)
        return there

    def _present(self, project_id: str, sequences: Iterable[int]) -> list[Sample]:
        """Those of the samples that are there and not removed, oldest first."""
        rows = []
        for sequence in sequences:
            rows += self._database.rows(
                f"SELECT {SAMPLE_COLUMNS} FROM sample"
                " WHERE project_id = ? AND sequence = ? AND removed IS NULL",
                (project_id, sequence),
            )
        return [sample_of(row) for row in rows]
