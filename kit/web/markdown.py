"""An activity's documents as HTML: the small part of Markdown that they are written in.

Headings, paragraphs, lists, tables, **bold** and `code`. Everything else stays the text it is, and
every character is escaped first: an activity folder may come from anywhere.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`(.+?)`")
_HEADING = re.compile(r"(#{1,4}) +(.*)")
_ITEM = re.compile(r"(?:[-*]|(\d+)\.) +(.*)")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")


def render(text: str) -> Markup:
    """The document as safe HTML.

    >>> print(render("# Hello\\n\\nSay **<b>**."))
    <h1>Hello</h1>
    <p>Say <strong>&lt;b&gt;</strong>.</p>
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(piece for block in blocks for piece in _block(block.splitlines()))


def _block(lines: list[str]) -> Iterator[Markup]:
    """One block, taken line by line: a heading or a list may stand right above a paragraph."""
    while lines:
        if heading := _HEADING.match(lines[0]):
            level = len(heading[1])
            yield Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
            lines = lines[1:]
        elif len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1].strip()):
            end = next((n for n, line in enumerate(lines) if "|" not in line), len(lines))
            yield _table(lines[:end])
            lines = lines[end:]
        elif _ITEM.match(lines[0]):
            items, lines = _items(lines)
            tag = "ol" if items[0][0] else "ul"
            body = Markup("").join(
                Markup("<li>{}</li>").format(_inline(words)) for _, words in items
            )
            yield Markup('<{0} class="plain">{1}</{0}>').format(tag, body)
        else:
            starts = (n for n, line in enumerate(lines) if n and _starts_a_block(line))
            end = next(starts, len(lines))
            yield Markup("<p>{}</p>").format(_inline(" ".join(lines[:end])))
            lines = lines[end:]


def _starts_a_block(line: str) -> bool:
    return bool(_HEADING.match(line) or _ITEM.match(line))


def _items(lines: list[str]) -> tuple[list[tuple[str | None, str]], list[str]]:
    """The list at the head of these lines; an indented line continues its item."""
    items: list[tuple[str | None, str]] = []
    for place, line in enumerate(lines):
        if item := _ITEM.match(line):
            items.append((item[1], item[2]))
        elif line.startswith(" ") and items:
            number, words = items[-1]
            items[-1] = (number, f"{words} {line.strip()}")
        else:
            return items, lines[place:]
    return items, []


def _table(lines: list[str]) -> Markup:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_inline(c)) for c in rows[0])
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_inline(cell)) for cell in row)
        )
        for row in rows[2:]
    )
    return Markup(
        '<table class="document-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(head, body)


def _inline(text: str) -> Markup:
    safe = str(escape(text.strip()))
    safe = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", safe))
    return Markup(safe)  # escaped above; only the two tags just put in are not text
