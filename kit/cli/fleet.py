"""`kit fleet`: the lender's list of kits, one CSV."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import clean
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of what to do with the list: keep the words list, add and merge.
    parser.add_argument("deed", choices=("list", "add", "merge"), help=_("list, add or merge"))
    # Translators: help of the list's file.
    parser.add_argument("file", metavar="FLEET.csv", type=Path, help=_("the list; add makes it"))
    # Translators: help of merge's files; keep kit lend --json.
    told = _("with merge: reports of kits, as kit lend --json prints them")
    parser.add_argument("reports", metavar="REPORT.json", type=Path, nargs="*", help=told)
    # Translators: help of the option --number of kit fleet.
    told = _("with add: the kit's number, else the next one; with merge: of a kit that has none")
    parser.add_argument("--number", type=int, help=told)
    # Translators: help of the option --remarks.
    parser.add_argument("--remarks", default="", help=_("with add: whatever you like"))


def run(options: Namespace) -> int:
    """List, add or merge. Each report that is refused is said; the others are taken in.

    Raises:
        NotFound, BadInput, Conflict: as `kit.lending.fleet` says.
    """
    from kit.lending import fleet

    match options.deed:
        case "list":
            _print(fleet.read(options.file))
            return 0
        case "add":
            known = fleet.read(options.file, must_exist=False)
            number = known.next_number() if options.number is None else options.number
            known.add(number, remarks=options.remarks).save(options.file)
            # Translators: a kit was added to a lender's list; {number} is the kit's, {file} a path.
            print(clean(_("Kit {number} is in {file}.", number=number, file=options.file)))
            return 0
        case _:
            return _merge(options.file, options.reports, options.number)


def _merge(file: Path, reports: list[Path], number: int | None) -> int:
    from kit.cli.terminal import say_error
    from kit.core.errors import KitError
    from kit.lending import fleet

    known, refused = fleet.read(file, must_exist=False), 0
    for report in reports:
        try:
            told = fleet.read_report(report)
            if number is not None and len(reports) == 1 and not told.get("number"):
                told["number"] = number
            known = known.merge(told)
        except KitError as error:
            say_error("fleet", error)
            refused += 1
    known.save(file)
    return 1 if refused else 0


def _print(known) -> None:
    columns = [
        name for name in ("number", "name", "version", "state", "tested", "lent to", "notes")
    ]
    rows = [columns, *([row.get(name) or "-" for name in columns] for row in known.rows)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(columns))]
    for row in rows:
        print(clean("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))))
