"""The first card, Show: labels and samples, kept whole or not at all.

Two browsers may press the same button. Removing what is gone, moving what is there already and
bringing back what came back are wishes fulfilled, not errors; each verb says what it changed.
"""

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.core.errors import BadInput, Conflict, KitError, NotFound
from kit.core.ports import Lane
from kit.core.types import Actor, BlurFaces, Label, Sample, Stored
from kit.storage import NewSample
from kit.studio.desk import Desk

LONGEST_LABEL = 60
MOST_LABELS = 50
"""Colours and patterns tell some ten apart, and a confusion matrix of fifty fills a wall."""
LONGEST_BURST_ID = 64
MOST_LISTED = 200
SOURCES = (
    "kit camera", "browser camera", "film", "file", "example",
    "kit microphone", "browser microphone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of files that were handed in: kept ones, and refused ones with the reason."""

    samples: tuple[Sample, ...]
    refused: tuple[tuple[str, KitError], ...] = ()
    """(file name, why)."""
    advice: tuple[str, ...] = ()
    """Message ids of what would make the next ones better."""


@dataclass(frozen=True, slots=True)
class SamplePage:
    """Some samples, the newest first, and whether older ones follow."""

    samples: tuple[Sample, ...]
    more: bool


def tidy_name(text: str, longest: int) -> str:
    """A name as it is kept: NFC, trimmed, runs of white space as one space.

    Args:
        text: as typed.
        longest: most characters.

    Raises:
        BadInput: "name-empty", "name-too-long" or "name-not-text": control characters, or what
            would turn the writing around.

    >>> tidy_name("  verre  blanc ", 60)
    'verre blanc'
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not all(map(is_text, name)):
        raise BadInput("name-not-text", f"{name[:80]!r} holds control characters")
    name = " ".join(name.split())
    if not name:
        raise BadInput("name-empty", f"{text[:80]!r} is no name")
    if len(name) > longest:
        raise BadInput("name-too-long", f"{len(name)} characters", most=longest)
    return name


def is_text(sign: str) -> bool:
    """Whether a sign can be shown and leaves the writing around it alone."""
    return unicodedata.category(sign) not in _NOT_TEXT or sign in _JOINERS


_NOT_TEXT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}  # parts of Persian words and of composed signs


class ShowCard(Desk):
    """Labels and samples."""

    # --- labels ---

    def add_label(self, actor: Actor, name: str, is_nothing: bool = False) -> Label:
        """A new label, last in order.

        Raises:
            BadInput: a name that is none (`tidy_name`).
            Conflict: "label-exists", "too-many-labels".
        """
        self._enter(actor)
        name = tidy_name(name, LONGEST_LABEL)
        with self._lock:
            self._refuse_twin(name)
            if len(self._memory.shown) >= MOST_LABELS:
                raise Conflict("too-many-labels", f"{MOST_LABELS} labels", most=MOST_LABELS)
            label = self._store.add_label(self.id, name, is_nothing)
            self._memory.put(label)
            self._tell()
        return label

    def change_label(
        self,
        actor: Actor,
        label_id: str,
        *,
        name: str | None = None,
        is_nothing: bool | None = None,
    ) -> Label:
        """Rename a label, or say whether it stands for "none of the others". Samples stay.

        Raises:
            NotFound: "label-missing".
            BadInput, Conflict: as `add_label`.
        """
        self._enter(actor)
        fields: dict[str, object] = {}
        with self._lock:
            self._label(label_id)
            if name is not None:
                fields["name"] = tidy_name(name, LONGEST_LABEL)
                self._refuse_twin(fields["name"], but=label_id)
            if is_nothing is not None:
                fields["is_nothing"] = is_nothing
            label = self._store.change_label(label_id, **fields)
            self._memory.put(label)
            self._tell()
        return label

    def remove_label(self, actor: Actor, label_id: str) -> None:
        """Take a label away with its samples; `restore_label` undoes it for ten minutes.

        A burst that is being taken for it is ended first. One that is gone is no error.
        """
        self._enter(actor)
        burst = self._burst
        if burst is not None and burst.label_id == label_id:
            burst.stop()  # outside the lock: its last batch wants it
        with self._lock:
            if self._memory.label(label_id) is None:
                return
            removed = self._store.remove_label(label_id)
            self._memory.take_off(removed.samples)
            self._memory.drop(label_id)
            self._forget(removed.samples)
            self._parts.removed(self.id, removed.mark)
            self._tell()

    def restore_label(self, actor: Actor, label_id: str) -> Label:
        """Undo `remove_label`: the label and the samples that went with it.

        Raises:
            NotFound: "label-missing": it is too late, or it never was.
            Conflict: "label-exists": its word was given to another label meanwhile.
        """
        self._enter(actor)
        with self._lock:
            if (label := self._memory.label(label_id)) is not None:
                return label
            if label_id.rpartition("-l")[0] != self.id:
                raise NotFound("label-missing", f"no label {label_id!r}")
            label = self._store.restore_label(label_id)
            try:
                self._refuse_twin(label.name)
            except Conflict:
                self._parts.removed(self.id, self._store.remove_label(label_id).mark)
                raise
            self._memory.put(label)
            self._meet(self._store.samples(self.id, label_id))
            self._tell()
        return label

    def _refuse_twin(self, name: str, but: str | None = None) -> None:
        """Two labels that read alike would be two bars that nobody can tell apart."""
        for label_id, other in self._memory.labels.items():
            if label_id != but and other.casefold() == name.casefold():
                raise Conflict("label-exists", f"a label {other!r} is there", name=other)

    # --- samples ---

    def add_files(
        self,
        actor: Actor,
        label_id: str,
        files: Iterable[tuple[str, bytes]],
        *,
        burst: str | None = None,
        source: str = "file",
    ) -> Kept:
        """Keep pictures, or sounds; what is answered as kept survives a power cut.

        Args:
            actor: who asks.
            label_id: what they show.
            files: (file name, bytes) each.
            burst: the showing they belong to; None: each is its own.
            source: one of `SOURCES`.

        Raises:
            NotFound: "label-missing".
            BadInput: "source-unknown", "burst-name-wrong".
            Unavailable: "disk-full": none was kept.
        """
        self._enter(actor)
        if source not in SOURCES:
            raise BadInput("source-unknown", f"no source {source!r}")
        if burst is not None and not (0 < len(burst) <= LONGEST_BURST_ID and burst.isprintable()):
            raise BadInput("burst-name-wrong", f"{burst[:80]!r} does not name a burst")
        self._label(label_id)
        sense, cover = self._sense, self._project.blur_faces is not BlurFaces.NEVER
        stored: list[Stored] = []
        refused: list[tuple[str, KitError]] = []
        for filename, data in files:
            try:
                stored.append(sense.keep(data, cover_faces=cover))
            except BadInput as error:  # the good ones are kept all the same
                refused.append((filename, error))
        burst_ids = [burst or secrets.token_hex(6) for _ in stored]
        samples = self._keep(label_id, burst_ids, stored, source)
        advice = dict.fromkeys(one.advice for one in stored if one.advice)
        return Kept(tuple(samples), tuple(refused), tuple(advice))

    def _keep(
        self, label_id: str, burst_ids: Sequence[str], stored: Sequence[Stored], source: str
    ) -> list[Sample]:
        """On the disk, counted and told; then embedded, and told again: the bars move."""
        if not stored:
            return []
        with self._lock:
            self._label(label_id)
            samples = self._store.add_samples(
                self.id,
                [
                    NewSample.of(one, label_id, burst_id, source)
                    for burst_id, one in zip(burst_ids, stored, strict=True)
                ],
            )
            self._memory.add(samples)
            self._unlearnt |= {sample.id: sample for sample in samples}
            if self._burst is not None and self._burst.id == burst_ids[0]:
                self._burst.samples += len(samples)
            self._tell()
        self._embed(samples, [one.bytes for one in stored])
        return samples

    def _embed(self, samples: Sequence[Sample], stored: Sequence[bytes]) -> None:
        embeddings = self._embeddings
        try:
            made = list(embeddings.make(samples, Lane.CAPTURE, stored=stored))
        except KitError as error:  # the samples are safe; whoever needs them next tries again
            self._notice(error.id, **error.values)
            return
        with self._lock:
            if embeddings is self._embeddings:  # else another sense was chosen meanwhile
                self._learn(made)
                self._tell()

    def samples(
        self,
        actor: Actor,
        *,
        label_id: str | None = None,
        before: int | None = None,
        limit: int = 60,
    ) -> SamplePage:
        """Samples, the newest first.

        Args:
            actor: who asks.
            label_id: only this label's.
            before: only those with a lower sequence: the last one of the page before.
            limit: at most so many.

        Raises:
            NotFound: "label-missing".
        """
        self._enter(actor)
        if label_id is not None:
            self._label(label_id)
        limit = max(1, min(limit, MOST_LISTED))
        found = self._store.samples(self.id, label_id, before=before, limit=limit + 1)
        return SamplePage(tuple(reversed(found))[:limit], more=len(found) > limit)

    def picture(self, actor: Actor, sample_id: str, *, thumb: bool = False) -> tuple[bytes, str]:
        """What a sample looks like, and as which MIME type; `thumb`: at most 160 px.

        Raises:
            NotFound: "sample-missing".
        """
        self._enter(actor)
        stored = self._store.media(self.id, self._sample(sample_id).media_hash)
        return self._sense.picture(stored, thumb=thumb)

    def _sample(self, sample_id: str) -> Sample:
        if not self._own([sample_id]):
            raise NotFound("sample-missing", f"no sample {sample_id!r}")
        return self._store.sample(sample_id)

    def move_samples(self, actor: Actor, sample_ids: Iterable[str], label_id: str) -> list[Sample]:
        """Give samples another label; gives back those that moved, as they are now.

        Raises:
            NotFound: "label-missing".
        """
        self._enter(actor)
        with self._lock:
            self._label(label_id)
            before = self._store.move_samples(self._own(sample_ids), label_id)
            after = [self._store.sample(sample.id) for sample in before]
            self._memory.take_off(before)
            self._forget(before)
            self._meet(after)
            if after:
                self._tell()
        return after

    def remove_samples(self, actor: Actor, sample_ids: Iterable[str]) -> list[Sample]:
        """Take samples away; they count nowhere, and can come back for ten minutes."""
        self._enter(actor)
        with self._lock:
            removed = self._store.remove_samples(self._own(sample_ids))
            self._memory.take_off(removed.samples)
            self._forget(removed.samples)
            if removed.samples:
                self._parts.removed(self.id, removed.mark)
                self._tell()
        return list(removed.samples)

    def restore_samples(self, actor: Actor, sample_ids: Iterable[str]) -> list[Sample]:
        """Undo `remove_samples`; gives back those that came back."""
        self._enter(actor)
        with self._lock:
            back = self._store.restore_samples(self._own(sample_ids))
            self._meet(back)
            if back:
                self._tell()
        return back
