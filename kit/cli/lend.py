"""`kit lend`: examine the kit, print the check-list, write the hand-over sheet."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from kit.cli.terminal import add_settings, clean, note, settings_of
from kit.i18n import gettext as _
from kit.i18n import sentence


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --number.
    told = _("the kit's number in the fleet, instead of the one in lender.toml")
    parser.add_argument("--number", type=int, help=told)
    # Translators: help of the option --out.
    told = _("write the hand-over sheet there, to be printed from a browser")
    parser.add_argument("--out", metavar="FILE.html", type=Path, help=told)
    # Translators: help of the option --json.
    told = _("print the report for kit fleet merge")
    parser.add_argument("--json", action="store_true", help=told)


def run(options: Namespace) -> int:
    """Print and write; 1 where no lesson can be held.

    Raises:
        BadInput: "lender-file-wrong".
    """
    import time

    from kit.cli import machine
    from kit.cli.doctor import doctor
    from kit.findings import Report
    from kit.lending import fleet, sheets
    from kit.lending import lender as lenders

    settings = settings_of(options)
    lender = lenders.read(settings.data / lenders.NAME)
    if options.number is not None:
        lender = replace(lender, number=options.number)
    findings = tuple(doctor(settings, serving=True).examine())
    report = Report(findings, time.time(), machine.identity())
    if options.out is not None:
        photo = settings.data / lender.photo if lender.photo else None
        options.out.write_text(sheets.hand_over(lender, report, photo), encoding="utf-8")
    if options.json:
        print(json.dumps(fleet.report_of(lender.number, report), ensure_ascii=False))
        return 0 if report.is_good else 1
    for finding in findings:
        if finding.state in ("warning", "broken"):
            print(clean(f"[ ] {sentence(finding.id, finding.values)}"))
    for thing in (lender.contents or sheets.usual_contents()) + sheets.five_minutes():
        print(clean(f"[ ] {thing}"))
    if options.out is not None:
        # Translators: {file} is a path; the sheet is to be printed.
        note(
            _("The hand-over sheet is in {file}: open it in a browser and print.", file=options.out)
        )
    return 0 if report.is_good else 1
