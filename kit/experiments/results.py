"""Results: which log belongs to what, as rows for the page and the spreadsheet, and their front.

Kept is only what no log holds: which log, how right, the bet. Times and joules are computed from
the log whenever they are shown.
"""

import csv
import io
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.core.energy import same_ground
from kit.core.errors import BadInput
from kit.core.measure import paired_ratio
from kit.core.measurement import Measurement
from kit.core.tradeoff import Point, front
from kit.core.types import MeterLabel
from kit.experiments.subjects import SUBJECTS, WHOLE, Subject, Unit
from kit.lab import LOGS, replay
from kit.storage import Store
from kit.storage.atomic import atomic_write

_log = logging.getLogger(__name__)

RESULTS = "results.json"
VERSION = 1
MOST_RESULTS = 60
NETWORK = ("backbone_hash", "input_size", "cut")
"""What tells one network from another, in a log and with a model."""


class Shelf:
    """Every project's results on the disk. Its caller locks.

    Args:
        store: where each project's `lab/` folder is.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._replayed: dict[Path, Measurement] = {}

    def read(self, project_id: str) -> dict[str, Any]:
        """`results`, `bets` and the `next` number; empty where nothing was measured."""
        empty: dict[str, Any] = {"version": VERSION, "next": 1, "results": [], "bets": {}}
        try:
            told = json.loads((self._store.lab_folder(project_id) / RESULTS).read_text("utf-8"))
            return told if told["version"] == VERSION else empty
        except FileNotFoundError:
            return empty
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the results of %s cannot be read: %r", project_id, error)
            return empty

    def write(self, project_id: str, kept: Mapping[str, Any]) -> None:
        """Keep it; raises `NotFound`: a project that went takes its lab along."""
        self._store.project(project_id)
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        folder = self._store.lab_folder(project_id)
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(folder / RESULTS, text.encode())

    def add(self, project_id: str, log: Path, subject: Subject, accuracy: Any) -> int:
        """A new result with the bet on it; gives its number. The oldest beyond 60 go."""
        kept = self.read(project_id)
        number = kept["next"]
        kept["results"].append(
            {
                "id": number,
                "log": log.name,
                "subject": subject.id,
                "accuracy": accuracy,
                "bet": kept["bets"].pop(subject.id, None),
            }
        )
        kept["next"] = number + 1
        for old in kept["results"][:-MOST_RESULTS]:
            self._log_file(project_id, old["log"]).unlink(missing_ok=True)
        kept["results"] = kept["results"][-MOST_RESULTS:]
        self.write(project_id, kept)
        return number

    def row(self, project_id: str, kept: Mapping[str, Any]) -> dict[str, Any] | None:
        """One result, computed from its log; None where the log is gone or cannot be read."""
        path = self._log_file(project_id, kept["log"])
        try:
            if path not in self._replayed:
                if len(self._replayed) >= 4 * MOST_RESULTS:
                    self._replayed.clear()
                self._replayed[path] = replay(path)
        except (OSError, BadInput) as error:
            _log.warning("the result %s of %s cannot be read: %s", kept["id"], project_id, error)
            return None
        return _row(kept, self._replayed[path])

    def _log_file(self, project_id: str, name: str) -> Path:
        return self._store.lab_folder(project_id) / LOGS / Path(name).name


def measured_joules(rows: Iterable[Mapping[str, Any]]) -> float:
    """What the timed work of these rows drew from the supply; estimates do not count."""
    return sum(
        row["energy"]["gross_mj"]["value"] * row["latency"]["n"] / 1000
        for row in rows
        if row["energy"] and row["latency"] and row["label"] != MeterLabel.ESTIMATED
    )


def kept_joules(store: Store) -> float:
    """The same over all that a data folder holds, for whoever has it to himself."""
    shelf = Shelf(store)
    found = (
        shelf.row(project.id, one)
        for project in store.projects()
        for one in shelf.read(project.id)["results"]
    )
    return measured_joules(row for row in found if row)


def _row(kept: Mapping[str, Any], found: Measurement) -> dict[str, Any]:
    subject = SUBJECTS.get(kept["subject"]) or Subject(kept["subject"], Unit(found.unit))
    total = found.stages.get("total")
    energy = found.energy
    figures = None
    if energy is not None and energy.gross_mj is not None and energy.marginal_mj is not None:
        figures = {
            "gross_mj": energy.gross_mj.to_json(),
            "marginal_mj": energy.marginal_mj.to_json(),
            "idle_mw": energy.idle_mw,
            "active_mw": energy.active_mw,
        }
    reasons = [
        {"pair": one.pair, "phase": one.phase.value, "id": one.id, "values": dict(one.values)}
        for one in (energy.rejected if energy else ())
    ]
    return {
        "subject": subject.id,
        "unit": subject.unit.value,
        "input_size": subject.input_size,
        "cut": None if subject.cut == WHOLE else subject.cut,
        "head": subject.head,
        "threads": int(found.about.get("threads", 1)),
        "network": {name: found.about.get(name) for name in NETWORK},
        "id": kept["id"],
        "plan": found.plan.name,
        "meter": found.meter["name"] if found.meter else None,
        "label": str(energy.label if energy else MeterLabel.NONE),
        "pairs": energy.pairs if energy else 0,
        "latency": total.to_json() if total else None,
        "energy": figures,
        "rejected": reasons,
        "accuracy": kept["accuracy"],
        "bet": kept["bet"],
        "board": found.about.get("board"),
        "live": _live(found.about),
        "sampler": _sampler(found.about),
        "newest": False,
        "on_front": False,
    }


def _live(about: Mapping[str, Any]) -> dict[str, Any] | None:
    """How many answers a second there were, live, and whether of the camera's pictures."""
    if not about.get("seconds"):
        return None
    rate = round(about["answers"] / about["seconds"], 1)
    return {"answers_per_s": rate, "camera": about["frames"] == "camera"}


def _sampler(about: Mapping[str, Any]) -> dict[str, Any] | None:
    """How much longer an answer takes while the meter is read: a ratio with its interval."""
    pairs = about.get("sampler") or []
    return paired_ratio(pairs).to_json() | {"pairs": len(pairs)} if len(pairs) >= 3 else None


def same_network(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both say the same of what embeds.

    >>> whole = {"backbone_hash": "c0", "input_size": 224, "cut": "embedding"}
    >>> same_network(whole, whole | {"backbone": "a name"}), same_network(whole, {})
    (True, False)
    """
    return all(one.get(name) == other.get(name) for name in NETWORK)


def rank(rows: Sequence[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Mark the newest point of each way to answer, and of those the front.

    Returns:
        By what they are ranked, and why not.
    """
    newest = {row["subject"]: row for row in rows if row["subject"] in SUBJECTS}
    for row in newest.values():
        row["newest"] = True
    points = [
        row
        for row in newest.values()
        if SUBJECTS[row["subject"]].on_dial and row["accuracy"] and row["latency"]
    ]
    if not points:
        return None, None
    measured = [row for row in points if row["energy"]]
    if measured and not same_ground(MeterLabel(row["label"]) for row in points):
        return None, "lab-not-ranked"
    if measured and len(measured) < len(points):
        return None, "lab-not-ranked-some-missing"
    by = "energy" if measured else "time"
    where = [
        Point(
            row["accuracy"]["value"],
            row["energy"]["marginal_mj"]["value"] if measured else row["latency"]["median_ms"],
        )
        for row in points
    ]
    for place in front(where):
        points[place]["on_front"] = True
    return by, None


_COLUMNS = (
    "measurement", "subject", "unit", "input_px", "cut", "threads", "head", "plan", "rests_on",
    "meter", "pairs", "median_ms", "low_ms", "high_ms", "above_idle_mj", "above_idle_low_mj",
    "above_idle_high_mj", "whole_mj", "whole_low_mj", "whole_high_mj", "idle_mw", "active_mw",
    "right", "checked", "accuracy", "accuracy_low", "accuracy_high", "on_front", "bet_ms", "bet_mj",
    "bet_accuracy",
)  # fmt: skip


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a table for a spreadsheet, one a measurement, in English."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow(_csv_cells(row))
    return out.getvalue()


def _csv_cells(row: Mapping[str, Any]) -> list[Any]:
    latency, accuracy, bet = row["latency"] or {}, row["accuracy"] or {}, row["bet"] or {}
    energy = row["energy"] or {"marginal_mj": {}, "gross_mj": {}}
    ends = ("value", "low", "high")
    return [
        *(row[key] for key in ("id", "subject", "unit", "input_size", "cut", "threads")),
        *(row[key] for key in ("head", "plan", "label")),
        row["meter"],
        row["pairs"],
        *(latency.get(key) for key in ("median_ms", "low_ms", "high_ms")),
        *(energy["marginal_mj"].get(key) for key in ends),
        *(energy["gross_mj"].get(key) for key in ends),
        energy.get("idle_mw"),
        energy.get("active_mw"),
        *(accuracy.get(key) for key in ("right", "n", *ends)),
        "yes" if row["on_front"] else "no",
        *(bet.get(key) for key in ("ms", "mj", "accuracy")),
    ]
