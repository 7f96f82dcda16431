"""What a self-test finds: one part's state in words, and the whole as it is shown and printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kit.class_clock import is_set


class State(StrEnum):
    """How a part is."""

    GOOD = "good"
    WARNING = "warning"
    """A lesson can be held, but somebody should know."""
    ABSENT = "absent"
    """Not on this machine, or the machine does not tell; a lesson can be held."""
    BROKEN = "broken"
    """Essential: no lesson can be held."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state: message id and values for people, `reason` for the log."""

    part: str
    state: State
    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One self-test, as it is shown and printed.

    Attributes:
        findings: every part's, the essential ones first.
        at_s: when, on the wall's clock, as far as this kit knew.
        kit: what this kit is: "name", "version", "board", "system", "serial", each a text; the
            last one is the board's own number, empty where it has none.
    """

    findings: tuple[Finding, ...]
    at_s: float
    kit: Mapping[str, str]

    @property
    def at_text(self) -> str | None:
        """When, ISO 8601 with its offset; None where the kit's clock was never set."""
        if not is_set(self.at_s):
            return None
        return datetime.fromtimestamp(self.at_s).astimezone().isoformat(timespec="minutes")

    @property
    def is_good(self) -> bool:
        """Whether a lesson can be held."""
        return all(finding.state is not State.BROKEN for finding in self.findings)
