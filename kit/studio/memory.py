"""What has been shown, counted as it comes: never counted again, however much there is.

A page asks for the state at every picture of a burst. Walking through the samples for that would
make the twenty-thousandth picture cost more than the first, so each change is added or taken off.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kit.core.types import Label, Sample

THUMBS = 8
"""Newest pictures that a label's card shows without being asked."""


@dataclass(slots=True)
class Shown:
    """One label and what was shown for it."""

    label: Label
    samples: int = 0
    bursts: Counter[str] = field(default_factory=Counter)
    newest: list[str] = field(default_factory=list)
    """Ids of the newest samples, the newest first, at most `THUMBS`."""


class Memory:
    """The labels of a project, in their order, with their counts.

    Args:
        labels: the project's, in their order.
        samples: all that are there, oldest first.
        newest_of: label id -> its newest samples, oldest first; asked when a thumb has gone.
    """

    def __init__(
        self,
        labels: Iterable[Label],
        samples: Iterable[Sample],
        newest_of: Callable[[str], list[Sample]],
    ) -> None:
        self._newest_of = newest_of
        self._shown = {label.id: Shown(label) for label in labels}
        self._fingerprint = 0
        self.add(samples)

    @property
    def fingerprint(self) -> str:
        """Stands for which samples are under which labels; the same again after an undo."""
        return _hex(self._fingerprint)

    @property
    def shown(self) -> list[Shown]:
        """Every label, in the project's order."""
        return list(self._shown.values())

    @property
    def labels(self) -> dict[str, str]:
        """Label id -> name, in the project's order."""
        return {label_id: shown.label.name for label_id, shown in self._shown.items()}

    @property
    def samples(self) -> int:
        """How many there are in all."""
        return sum(shown.samples for shown in self._shown.values())

    def label(self, label_id: str) -> Label | None:
        """A label, or None where it is not there (any more)."""
        shown = self._shown.get(label_id)
        return shown.label if shown else None

    def put(self, label: Label) -> None:
        """A label is new, or says something else of itself."""
        if label.id in self._shown:
            self._shown[label.id].label = label
        else:
            self._shown[label.id] = Shown(label)
            in_order = sorted(self._shown.values(), key=lambda shown: shown.label.position)
            self._shown = {shown.label.id: shown for shown in in_order}

    def drop(self, label_id: str) -> None:
        """A label went; its samples were taken off before."""
        del self._shown[label_id]

    def add(self, samples: Iterable[Sample]) -> None:
        """Samples came, came back, or came from another label."""
        for sample in samples:
            shown = self._shown[sample.label_id]
            shown.samples += 1
            shown.bursts[sample.burst_id] += 1
            self._fingerprint ^= _mark(sample.id, sample.label_id)
            if not shown.newest or _sequence(shown.newest[0]) < sample.sequence:
                shown.newest = [sample.id, *shown.newest[: THUMBS - 1]]
            elif len(shown.newest) < THUMBS or sample.sequence > _sequence(shown.newest[-1]):
                self._look_again(shown)

    def take_off(self, samples: Iterable[Sample]) -> None:
        """Samples went: removed, or moved to another label."""
        look_again: dict[str, Shown] = {}
        for sample in samples:
            shown = self._shown[sample.label_id]
            shown.samples -= 1
            shown.bursts[sample.burst_id] -= 1
            if not shown.bursts[sample.burst_id]:
                del shown.bursts[sample.burst_id]
            self._fingerprint ^= _mark(sample.id, sample.label_id)
            if sample.id in shown.newest:
                look_again[sample.label_id] = shown
        for shown in look_again.values():
            self._look_again(shown)

    def _look_again(self, shown: Shown) -> None:
        newest = self._newest_of(shown.label.id)[-THUMBS:]
        shown.newest = [sample.id for sample in reversed(newest)]


def _sequence(sample_id: str) -> int:
    return int(sample_id.rpartition("-s")[2])


def fingerprint_of(pairs: Iterable[tuple[str, str]]) -> str:
    """The fingerprint of a whole project, from (sample id, label id) pairs in any order.

    >>> fingerprint_of([]) == fingerprint_of([("p-s1", "p-l1"), ("p-s1", "p-l1")])
    True
    """
    whole = 0
    for sample_id, label_id in pairs:
        whole ^= _mark(sample_id, label_id)
    return _hex(whole)


def _mark(sample_id: str, label_id: str) -> int:
    # Without the project's id: a duplicate holds the same samples under the same labels.
    pair = f"{sample_id.rpartition('-')[2]}:{label_id.rpartition('-')[2]}".encode()
    return int.from_bytes(hashlib.blake2b(pair, digest_size=8).digest(), "big")


def _hex(fingerprint: int) -> str:
    return f"{fingerprint:016x}"
