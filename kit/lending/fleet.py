"""The fleet list: one line a kit, in a CSV that a lender keeps and a spreadsheet opens.

What the kit says of itself (`FROM_KIT`) is taken from reports; every other column is the lender's
own and is never touched. Lines are found by the kit's number. A report that is older than the line
changes nothing; one of another kit under the same number is refused aloud, for then two cases bear
one label.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.core.errors import BadInput, Conflict, NotFound
from kit.findings import Report
from kit.storage.atomic import atomic_write

FROM_KIT = ("number", "name", "version", "board", "serial", "tested", "state", "notes")
LENDERS = ("lent to", "until", "remarks")
MOST_BYTES = 2_000_000
MISSED = ("doctor-meter-none",)
"""What a machine may lack, and a lent kit may not: its meter is standard."""
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Fleet:
    """The list as it was read.

    Attributes:
        columns: in their order, the lender's own included.
        rows: column -> cell, in their order.
        delimiter: as the file had it: a French spreadsheet writes ";".
    """

    columns: tuple[str, ...] = FROM_KIT + LENDERS
    rows: tuple[Mapping[str, str], ...] = ()
    delimiter: str = ","

    def next_number(self) -> int:
        """One more than the highest."""
        return 1 + max((_int(row) for row in self.rows), default=0)

    def add(self, number: int, **cells: str) -> "Fleet":
        """One kit more.

        Raises:
            BadInput: "fleet-number-wrong".
            Conflict: "fleet-number-taken".
        """
        _check_number(number)
        if self._row(number) is not None:
            raise Conflict("fleet-number-taken", f"kit {number} is there", number=str(number))
        row = {"number": str(number), **cells}
        return self._with([*self.rows, row])

    def merge(self, report: Mapping[str, Any]) -> "Fleet":
        """Take in what a kit said of itself (`report_of`, `kit lend --json`).

        Raises:
            BadInput: "fleet-report-wrong", "fleet-number-wrong".
            Conflict: "fleet-two-kits": another kit has this number.
        """
        try:
            number, kit, at = report["number"], report["kit"], report["at"] or ""
            states = [finding["state"] for finding in report["findings"]]
            notes = [
                one["part"]
                for one in report["findings"]
                if one["state"] in ("warning", "broken") or one["id"] in MISSED
            ]
            cells = {name: str(kit[name]) for name in ("name", "version", "board")}
            cells["serial"] = str(kit.get("serial", ""))
        except (KeyError, TypeError) as error:
            raise BadInput("fleet-report-wrong", f"no report: {error!r}") from error
        _check_number(number)
        cells |= {
            "number": str(number),
            "tested": str(at)[:16],
            "state": "broken" if "broken" in states else "good",
            "notes": " ".join(dict.fromkeys(notes)),
        }
        row = self._row(number)
        if row is None:
            return self._with([*self.rows, cells])
        # Of one image all kits have one name; a Raspberry Pi has a number of its own, too.
        told_apart_by = "serial" if row.get("serial") and cells["serial"] else "name"
        one, other = row.get(told_apart_by, ""), cells[told_apart_by]
        if one and one != other:
            raise Conflict(
                "fleet-two-kits",
                f"kit {number} is {one!r} in the list and {other!r} in the report",
                number=str(number),
                one=one,
                other=other,
            )
        if row.get("tested", "") > cells["tested"]:
            return self
        return self._with([{**one, **cells} if one is row else one for one in self.rows])

    def as_text(self) -> str:
        """The file's content, kits by number."""
        out = io.StringIO()
        writer = csv.DictWriter(
            out, self.columns, restval="", delimiter=self.delimiter, lineterminator="\r\n"
        )
        writer.writeheader()
        for row in self.rows:
            writer.writerow({name: _harmless(cell) for name, cell in row.items()})
        return out.getvalue()

    def save(self, path: Path) -> None:
        """Write it, whole or not at all. Raises `Unavailable`."""
        atomic_write(path, b"\xef\xbb\xbf" + self.as_text().encode())

    def _row(self, number: int) -> Mapping[str, str] | None:
        return next((row for row in self.rows if row.get("number") == str(number)), None)

    def _with(self, rows: Sequence[Mapping[str, str]]) -> "Fleet":
        columns = self.columns + tuple(name for name in FROM_KIT if name not in self.columns)
        ordered = sorted(rows, key=lambda row: (not row.get("number", "").isdecimal(), _int(row)))
        return Fleet(columns, tuple(ordered), self.delimiter)


def report_of(number: int, report: Report) -> dict[str, Any]:
    """What a kit says of itself for `Fleet.merge`: its number and its self-test."""
    return {
        "number": number,
        "kit": dict(report.kit),
        "at": report.at_text,
        "good": report.is_good,
        "findings": [
            {"part": one.part, "state": str(one.state), "id": one.id} for one in report.findings
        ],
    }


def read(path: Path, *, must_exist: bool = True) -> Fleet:
    """The list in this file.

    Raises:
        NotFound: "fleet-missing".
        BadInput: "fleet-wrong": no CSV with a column "number", or two lines of one number.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("fleet-wrong", f"{path}: too large", file=path.name)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise NotFound("fleet-missing", f"no {path}", file=str(path)) from None
        return Fleet()
    except UnicodeDecodeError as error:
        raise BadInput("fleet-wrong", f"{path}: {error}", file=path.name) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = tuple(name.strip() for name in reader.fieldnames or ())
    rows = tuple(
        {
            name: (cell or "").removeprefix("'")
            for name, cell in zip(columns, row.values(), strict=False)
        }
        for row in reader
    )
    numbers = [row["number"] for row in rows if row.get("number")]
    if "number" not in columns or len(set(numbers)) < len(numbers):
        raise BadInput("fleet-wrong", f"{path}: columns {columns}", file=path.name)
    return Fleet(columns, rows, delimiter)


def read_report(path: Path) -> dict[str, Any]:
    """A kit's report. Raises `BadInput` "fleet-report-wrong"."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        told = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(told, dict):
            raise ValueError("no object")
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput("fleet-report-wrong", f"{path}: {error}", file=path.name) from error
    return told


def _check_number(number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 9999:
        raise BadInput("fleet-number-wrong", f"kit number {number!r}", number=str(number)[:20])


def _int(row: Mapping[str, str]) -> int:
    text = row.get("number", "")
    return int(text) if text.isdecimal() else 0


def _harmless(cell: str) -> str:
    """What a spreadsheet would take for a formula is text to us."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
