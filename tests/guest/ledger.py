"""What a kit has said yes to, and from when to when it must keep to it.

A promise counts from the moment its answer had come until its opposite was asked for, both told as
the length that the log of the card's writes had (power.py). It is written too late and withdrawn
too early by what was under way then, never the other way round: no cut is blamed wrongly.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Promise:
    """One yes.

    Attributes:
        what: "sample", "removed sample", "project", "removed project", "model", "class is over",
            "identity", "host key", "version".
        key: the id of which it was said.
        told: what else the answer said.
        since: length of the log when the answer had come.
        until: length of the log when the opposite was asked; None: never.
    """

    what: str
    key: str
    told: dict = field(default_factory=dict)
    since: int = 0
    until: int | None = None

    def holds_at(self, length: int) -> bool:
        """Whether it must be kept where the current went with a log of this length."""
        return self.since <= length and (self.until is None or length <= self.until)


class Ledger:
    """Promises in the order in which they were heard. Thread-safe.

    Attributes:
        deeds: what the kit was at, deed -> from and to which length of the log.
        releases: what updates were offered, version -> path -> sha256.
    """

    def __init__(self, length: Callable[[], int]) -> None:
        """`length` is that of the log, now."""
        self._length = length
        self._lock = threading.Lock()
        self.promises: list[Promise] = []
        self.deeds: dict[str, tuple[int, int]] = {}
        self.releases: dict[str, dict[str, str]] = {}

    def heard(self, what: str, key: str, **told) -> None:
        """The kit's yes has just come."""
        with self._lock:
            self.promises.append(Promise(what, key, told, since=self._length()))

    def asked_back(self, let_go: Callable[[Promise], bool]) -> None:
        """The opposite is about to be asked for; say so before it is."""
        with self._lock:
            length = self._length()
            for each in self.promises:
                if each.until is None and let_go(each):
                    each.until = length

    @contextmanager
    def deed(self, name: str) -> Iterator[None]:
        """What is done inside is this deed; cuts are chosen by it."""
        begun = self._length()
        try:
            yield
        finally:
            self.deeds[name] = (begun, self._length())

    def binding_at(self, length: int) -> list[Promise]:
        """What must be kept where the current went with a log of this length."""
        return [each for each in self.promises if each.holds_at(length)]

    def save(self, path: Path) -> None:
        """Keep it beside its log: what was recorded once is cut again without a board."""
        told = {
            "deeds": self.deeds,
            "releases": self.releases,
            "promises": [asdict(each) for each in self.promises],
        }
        path.write_text(json.dumps(told, indent=1))

    @classmethod
    def load(cls, path: Path) -> "Ledger":
        """What was saved."""
        told = json.loads(path.read_text())
        ledger = cls(lambda: 0)
        ledger.deeds = {name: (begun, ended) for name, (begun, ended) in told["deeds"].items()}
        ledger.releases = told["releases"]
        ledger.promises = [Promise(**each) for each in told["promises"]]
        return ledger
