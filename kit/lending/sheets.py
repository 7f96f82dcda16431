"""The two papers of a loan: the hand-over sheet and the bilan. HTML, one A4 page each, no script.

Boxes to tick and lines to write on are for pens: who borrowed the kit stands on paper only.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from kit.findings import Report, State
from kit.i18n import current_language, number, sentence
from kit.i18n import gettext as _
from kit.lending.fleet import MISSED
from kit.lending.lender import Lender
from kit.lending.loan import Counts

MOST_PHOTO_BYTES = 3_000_000
_STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.4 "Atkinson Hyperlegible Next", "Atkinson Hyperlegible", system-ui, sans-serif;
  color: #1b2a4a; max-width: 182mm; margin: 0 auto; }
h1 { font-size: 18pt; margin: 0 0 4pt; } h2 { font-size: 13pt; margin: 12pt 0 3pt; }
ul { list-style: none; padding: 0; margin: 0; columns: 2; }
li { break-inside: avoid; padding: 1pt 0 1pt 35pt; text-indent: -35pt; }
ol { margin: 0; padding-left: 1.3em; } .one { columns: 1; }
ol li, .one li { padding-left: 0; text-indent: 0; }
.box::before { content: ""; display: inline-block; width: 9pt; height: 9pt;
  border: 1pt solid; margin-right: 6pt; vertical-align: -1pt; }
.line { border-bottom: 1pt solid #8b7b58; height: 17pt; }
.soft { color: #56627d; font-size: 9.5pt; }
table { border-collapse: collapse; } td, th { text-align: start; padding: 2pt 14pt 2pt 0; }
td.n { font-weight: 700; text-align: end; } img { max-height: 55mm; max-width: 100%; }
.frame { border: 1pt dashed #8b7b58; height: 45mm; width: 70mm; padding: 4pt; }
"""


def hand_over(lender: Lender, report: Report, photo: Path | None = None) -> str:
    """The sheet that goes with the kit: who it is, what is in it, how it is, five minutes' check.

    Args:
        lender: the association's words.
        report: the self-test just made.
        photo: of the full case; where it cannot be read, there is an empty frame.
    """
    # Translators: title of the sheet that goes with a lent kit; {number} is the kit's number.
    title = _("Kit no. {number}: hand-over", number=lender.number or "…")
    # Translators: on the hand-over sheet: what is in the case. Each line has a box to tick.
    contents = _("In the case (tick at hand-over, tick at return)")
    # Translators: on the hand-over sheet: batteries and the like.
    consumables = _("Used up: fill again")
    # Translators: on the hand-over sheet: the self-test's result.
    tested = _("Self-test")
    # Translators: on the hand-over sheet, between two schools.
    five = _("Five minutes between two schools")
    # Translators: on the hand-over sheet: who borrows the kit, written by hand.
    borrower = _("Borrower, dates, signature (by hand: the kit keeps no name)")
    facts = [
        # Translators: on the hand-over sheet, before the association's name.
        (_("Lender"), f"{lender.lender} {lender.contact}".strip()),
        # Translators: on the hand-over sheet, before the software's version.
        (_("Software"), f"Mallette {report.kit['version']}"),
        # Translators: on the hand-over sheet, before the computer's name.
        (_("Board"), report.kit["board"]),
    ]
    return _page(
        title,
        [
            _table((escape(term), escape(fact)) for term, fact in facts if fact),
            _picture(photo),
            f"<h2>{escape(contents)}</h2>",
            _boxes(lender.contents or usual_contents()),
            f"<h2>{escape(consumables)}</h2>",
            _boxes(lender.consumables or usual_consumables()),
            f"<h2>{escape(tested)}</h2>",
            _findings(report),
            f"<h2>{escape(five)}</h2>",
            "<ol>" + "".join(f"<li>{escape(step)}</li>" for step in five_minutes()) + "</ol>",
            f"<h2>{escape(borrower)}</h2>",
            '<div class="line"></div>' * 3,
        ],
    )


def bilan(lender: Lender, counts: Counts) -> str:
    """What the loan did: counts and nothing else."""
    # Translators: title of the sheet printed when a lent kit comes back; {number} is its number.
    title = _("Kit no. {number}: what this loan did", number=lender.number or "…")
    # Translators: under the counts of a loan.
    only = _(
        "Counts only: no name, no picture and no word of a pupil is on this sheet or left on the "
        "kit. Joules are those that a meter measured; estimates do not count."
    )
    rows = [(escape(term), escape(count)) for term, count in count_rows(counts)]
    return _page(title, [_table(rows, numbers=True), f'<p class="soft">{escape(only)}</p>'])


def number_row(kit: int) -> list[tuple[str, str]]:
    """Which kit it was, where its lender has given it a number: of one image all have one name."""
    # Translators: before the number that a lender gave a kit.
    return [(_("Number of the kit"), str(kit))] if kit else []


def count_rows(counts: Counts) -> list[tuple[str, str]]:
    """The loan's counts in words, for the sheet and the terminal."""
    return [
        # Translators: in the list of what a loan did.
        (_("Lessons"), number(counts.lessons)),
        # Translators: in the list of what a loan did: groups of pupils, over all lessons.
        (_("Groups, all lessons together"), number(counts.groups)),
        # Translators: in the list of what a loan did.
        (_("Projects"), number(counts.projects)),
        # Translators: in the list of what a loan did: projects that followed an activity.
        (_("of these, in an activity"), number(counts.activities)),
        # Translators: in the list of what a loan did.
        (_("Samples taken"), number(counts.pictures)),
        # Translators: in the list of what a loan did.
        (_("Models trained"), number(counts.models)),
        # Translators: in the list of what a loan did: hours with a class.
        (_("Hours with a class"), number(round(counts.hours, 1))),
        # Translators: in the list of what a loan did: energy, measured in the lab.
        (_("Joules measured in the lab"), number(round(counts.joules, 1))),
    ]


def usual_contents() -> tuple[str, ...]:
    """What a kit holds where the lender has not said."""
    return (
        # Translators: a thing in a lent kit's case.
        _("Raspberry Pi in its case, memory card inside"),
        # Translators: a thing in a lent kit's case.
        _("Its own power supply"),
        # Translators: a thing in a lent kit's case.
        _("Camera on a stand that points down at the table"),
        # Translators: a thing in a lent kit's case: the power meter made from a Pico.
        _("Power meter (Pico) with its two cables"),
        # Translators: a thing in a lent kit's case.
        _("HDMI cable and its adapter"),
        # Translators: a thing in a lent kit's case: for sorting activities.
        _("Box of objects to sort"),
    )


def usual_consumables() -> tuple[str, ...]:
    """What is used up where the lender has not said."""
    return (
        # Translators: a consumable in a lent kit.
        _("Printed sheets: notice, teacher's guide, this sheet"),
        # Translators: a consumable in a lent kit.
        _("LEDs, resistors and jumper wires, if lent with outputs"),
    )


def five_minutes() -> tuple[str, ...]:
    """What a lender does between two schools."""
    return (
        # Translators: a step of the check between two schools.
        _("Count what is in the case; look at plugs and cables."),
        # Translators: a step of the check between two schools.
        _("Switch on, wait for the page, open “Self-test”: a lesson can be held?"),
        # Translators: a step of the check between two schools.
        _("Open the ready example and hold up an object: the bars move."),
        # Translators: a step of the check between two schools. Returned: by the command kit return.
        _("Was it returned? The home page shows the ready example and nothing else."),
        # Translators: a step of the check between two schools.
        _("Fill up what is used up; put a new sheet in the case."),
    )


def _findings(report: Report) -> str:
    # Translators: the self-test's outcome.
    good = _("A lesson can be held.")
    # Translators: the self-test's outcome.
    bad = _("No lesson can be held: something essential is broken.")
    verdict = good if report.is_good else bad
    told = [
        one
        for one in report.findings
        if one.state in (State.WARNING, State.BROKEN) or one.id in MISSED
    ]
    lines = "".join(f"<li>{escape(sentence(one.id, one.values))}</li>" for one in told)
    when = f" ({report.at_text[:16].replace('T', ' ')})" if report.at_text else ""
    return f'<p><b>{escape(verdict)}</b>{escape(when)}</p><ul class="one soft">{lines}</ul>'


def _boxes(things: Sequence[str]) -> str:
    each = "".join(
        f'<li><span class="box"></span><span class="box"></span>{escape(one)}</li>'
        for one in things
    )
    return f"<ul>{each}</ul>"


def _table(rows: Iterable[tuple[str, str]], *, numbers: bool = False) -> str:
    kind = ' class="n"' if numbers else ""
    each = "".join(f"<tr><th>{term}</th><td{kind}>{fact}</td></tr>" for term, fact in rows)
    return f"<table>{each}</table>"


def _picture(photo: Path | None) -> str:
    """The full case; where there is no picture of it, room to stick one."""
    try:
        content = photo.read_bytes() if photo is not None else b""
    except OSError:
        content = b""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    if len(content) > MOST_PHOTO_BYTES or not content.startswith((b"\x89PNG", b"\xff\xd8")):
        # Translators: in an empty frame on the hand-over sheet.
        stick = _("Stick a photo of the full case here, seen from above.")
        return f'<p class="frame soft">{escape(stick)}</p>'
    # Translators: what the picture on the hand-over sheet shows, for screen readers.
    shows = _("The full case")
    data = base64.b64encode(content).decode()
    return f'<p><img alt="{escape(shows)}" src="data:image/{kind};base64,{data}"></p>'


def _page(title: str, parts: Iterable[str]) -> str:
    return (
        f'<!doctype html>\n<html lang="{current_language()}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n" + "\n".join(filter(None, parts)) + "\n</body></html>\n"
    )
