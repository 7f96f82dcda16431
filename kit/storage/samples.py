"""The shelf of samples: kept, moved, trimmed, removed, brought back, forgotten."""

from collections.abc import Iterable, Sequence

from kit.core.types import Media, Sample
from kit.storage.media import file_name, media_hash
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
    """Samples and their bytes. Every verb is one transaction; the answer is the receipt."""

    def add_samples(self, project_id: str, new: Sequence[NewSample]) -> list[Sample]:
        """Keep samples, all or none; they survive a power cut from the moment this returns.

        The cost of one does not depend on how many there are already.

        Raises:
            NotFound: "project-missing"; "label-missing", also where it was removed meanwhile.
            Unavailable: "disk-full"; nothing was changed.
        """
        hashes = [media_hash(sample.data) for sample in new]
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
                            file_name(hash, sample.media): sample.data
                            for hash, sample in zip(hashes, new, strict=True)
                        },
                    )
                    connection.executemany(
                        "INSERT INTO sample (project_id, sequence, label, burst_id, media_hash,"
                        " width, height, bytes, source, facets, media, sent_bytes)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        [
                            (
                                project_id,
                                first + offset,
                                labels[sample.label_id],
                                sample.burst_id,
                                hash,
                                sample.width,
                                sample.height,
                                len(sample.data),
                                sample.source,
                                to_json(sample.facets),
                                str(sample.media),
                                sample.sent_bytes,
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
                media=sample.media,
                bytes=len(sample.data),
                sent_bytes=sample.sent_bytes,
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
        """A sample's stored bytes. Raises `NotFound` "picture-missing"."""
        row = self._database.row(
            "SELECT media FROM sample WHERE project_id = ? AND media_hash = ? LIMIT 1",
            (project_id, media_hash),
        )
        media = row[0] if row else Media.PICTURE
        return self._media.read(project_id, file_name(media_hash, media))

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
        trimmed = f"trimmed IS NOT NULL AND trimmed <= ?{scope}"
        with self._database.alone():
            with self._database.transaction() as connection:
                wholes = self._forget_wholes(f"whole_hash IS NOT NULL AND {marked}", values)
                wholes |= self._forget_wholes(trimmed, values)
                gone = connection.execute(
                    f"DELETE FROM sample WHERE {marked} RETURNING project_id, media_hash, media",
                    values,
                ).fetchall()
                files = wholes.union(gone)
                connection.execute(f"DELETE FROM label WHERE {marked}", values)
                orphans = [file for file in files if not self._is_named(file[0], file[1])]
                connection.executemany(
                    "DELETE FROM embedding WHERE project_id = ? AND media_hash = ?",
                    [(owner, hash) for owner, hash, _ in orphans],
                )
            for owner, hash, media in orphans:
                self._media.remove(owner, [file_name(hash, media)])
        return len(gone)

    def _forget_wholes(self, which: str, values: tuple) -> set[tuple[str, str, str]]:
        """Let go of what clips were before they were trimmed; inside a transaction."""
        with self._database.transaction() as connection:
            wholes = connection.execute(
                f"SELECT project_id, whole_hash, media FROM sample WHERE {which}", values
            ).fetchall()
            connection.execute(
                "UPDATE sample SET whole_hash = NULL, whole_bytes = NULL, trimmed = NULL"
                f" WHERE {which}",
                values,
            )
        return set(wholes)

    # --- trimming ---

    def trim_sample(self, id: str, data: bytes) -> tuple[Sample, int]:
        """Put other bytes in a sample's place; the whole can come back until it is purged.

        Trimmed once more, it is the same whole that can come back.

        Returns:
            The sample, and the mark that `purge` takes.

        Raises:
            NotFound: "sample-missing".
            Unavailable: "disk-full"; nothing was changed.
        """
        project_id, sequence = parts_of_sample(id)
        hash = media_hash(data)
        files: list = []
        with self._database.alone():
            try:
                with self._database.transaction() as connection:
                    before = self.sample(id)
                    mark = self._change(project_id)
                    files = self._media.add(project_id, {file_name(hash, before.media): data})
                    connection.execute(
                        "UPDATE sample SET whole_hash = coalesce(whole_hash, media_hash),"
                        " whole_bytes = coalesce(whole_bytes, bytes), trimmed = ?,"
                        " media_hash = ?, bytes = ? WHERE project_id = ? AND sequence = ?",
                        (mark, hash, len(data), project_id, sequence),
                    )
            except BaseException:
                self._media.take_back(files)
                raise
            if before.trimmed:  # what it was in between is nobody's any more
                self._forget_file(project_id, before.media_hash, before.media)
            return self.sample(id), mark

    def untrim_sample(self, id: str) -> Sample:
        """Undo `trim_sample`; where there is nothing to undo, nothing is done.

        Raises:
            NotFound: "sample-missing".
        """
        project_id, sequence = parts_of_sample(id)
        with self._database.alone():
            with self._database.transaction() as connection:
                before = self.sample(id)
                if not before.trimmed:
                    return before
                self._change(project_id)
                connection.execute(
                    "UPDATE sample SET media_hash = whole_hash, bytes = whole_bytes,"
                    " whole_hash = NULL, whole_bytes = NULL, trimmed = NULL"
                    " WHERE project_id = ? AND sequence = ?",
                    (project_id, sequence),
                )
            self._forget_file(project_id, before.media_hash, before.media)
            return self.sample(id)

    def whole(self, id: str) -> bytes:
        """What a sample was before it was trimmed; of one that was not, what it is.

        Raises:
            NotFound: "sample-missing", "picture-missing".
        """
        sample = self.sample(id)
        project_id, sequence = parts_of_sample(id)
        row = self._database.row(
            "SELECT coalesce(whole_hash, media_hash) FROM sample"
            " WHERE project_id = ? AND sequence = ?",
            (project_id, sequence),
        )
        hash = row[0] if row else sample.media_hash
        return self._media.read(project_id, file_name(hash, sample.media))

    def _forget_file(self, project_id: str, hash: str, media: Media) -> None:
        """Forget bytes, with what was computed of them, unless a row still names them."""
        if self._is_named(project_id, hash):
            return
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM embedding WHERE project_id = ? AND media_hash = ?", (project_id, hash)
            )
        self._media.remove(project_id, [file_name(hash, media)])

    def _is_named(self, project_id: str, hash: str) -> bool:
        return bool(
            self._database.row(
                "SELECT 1 FROM sample WHERE project_id = ? AND media_hash = ?"
                " UNION ALL SELECT 1 FROM sample WHERE project_id = ? AND whole_hash = ? LIMIT 1",
                (project_id, hash, project_id, hash),
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
