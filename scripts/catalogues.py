#!/usr/bin/env python3
"""Keep the translations in step with the code.

    python scripts/catalogues.py update         read every _() in the code, renew the .po files
    python scripts/catalogues.py merge MINE.po  put the translations of MINE.po into French, renew
    python scripts/catalogues.py check          say what is missing; exit 1 if anything is

There is nothing to compile: the kit reads the .po files (kit/i18n.py says why). `update` never
loses a translation: a sentence that has gone from the code waits at the end of the file as
`#~`, and is used again if it comes back. Needs Babel (a test dependency).
"""

import fcntl
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "kit" / "locale"
FRENCH = LOCALE / "fr" / "LC_MESSAGES" / "kit.po"
METHODS = [
    ("web/static/vendor/**", "ignore"),
    ("**.py", "python"),
    ("web/templates/**.html", "jinja2"),
    ("web/static/**.js", "javascript"),
]
OPTIONS = {"web/templates/**.html": {"encoding": "utf-8", "trimmed": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "ngettext_": (1, 2)}
NOTE = "Translators:"


def extract() -> Catalog:
    """Every sentence of the code, with its places and the notes for the translator."""
    found = Catalog(charset="utf-8")
    messages = extract_from_dir(
        ROOT / "kit", METHODS, OPTIONS, KEYWORDS, [NOTE], strip_comment_tags=True
    )
    for path, line, message, notes, context in sorted(messages, key=lambda m: (m[0], m[1])):
        place = f"kit/{Path(path).as_posix()}"
        found.add(message, None, [(place, line)], auto_comments=notes, context=context)
    return found


def merged(old: Catalog, found: Catalog) -> Catalog:
    """The sentences of the code with the translations that `old` has, gone ones kept apart."""
    for message in list(old.obsolete.values()):
        if message.id not in old:  # it may have come back
            old.add(message.id, message.string, flags=message.flags)
    gone = {message.id for message in old if message.id} - {message.id for message in found}
    kept = [old[_key(id)] for id in gone if _translated(old[_key(id)])]
    # No guesses: a sentence changed in English is asked for again rather than half said.
    old.update(found, no_fuzzy_matching=True, update_header_comment=False)
    old.obsolete.clear()
    for message in kept:
        old.obsolete[_key(message.id)] = message
    return old


def _key(id: str | tuple[str, ...]) -> str:
    return id if isinstance(id, str) else id[0]


def _translated(message) -> bool:
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return bool(forms) and all(forms)


def in_french_type(text: str) -> str:
    """A French sentence with the spaces and apostrophes of print, however it was typed.

    >>> in_french_type("C'est sûr : « oui » ?") == "C’est sûr\u202f: «\u202foui\u202f»\u202f?"
    True
    """
    text = re.sub(r"[ \u00a0](?=[;:!?»%])", "\u202f", text)
    text = re.sub(r"«[ \u00a0]", "«\u202f", text)
    return re.sub(r"(?<=[^\W\d_])'(?=\w|\{)", "’", text)


def _header_is_constant(text: bytes) -> bytes:
    """Without the date and the tool's version, which would make every run a change."""
    moving = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator',
              b'"Language-Team', b'"Report-Msgid-Bugs-To')  # fmt: skip
    return b"".join(line for line in text.splitlines(True) if not line.startswith(moving))


def write(path: Path, catalogue: Catalog) -> None:
    """Whole or not at all, so that a reader never meets half a file."""
    text = io.BytesIO()
    write_po(text, catalogue, width=100, sort_by_file=True, ignore_obsolete=False)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as out:
        out.write(_header_is_constant(text.getvalue()))
    os.chmod(out.name, 0o644)
    os.replace(out.name, path)


def update(additions: Path | None = None) -> None:
    """Renew every language; with `additions`, first take the French translations in it."""
    lock = os.open(LOCALE, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX)  # several people work on one catalogue
    try:
        found = extract()
        for path in LOCALE.glob("*/LC_MESSAGES/kit.po"):
            with path.open("rb") as source:
                old = read_po(source, locale=path.parts[-3], charset="utf-8")
            if additions and path == FRENCH:
                with additions.open("rb") as source:
                    for message in read_po(source, locale="fr", charset="utf-8"):
                        if message.id and _translated(message):
                            old.add(message.id, message.string)
                            old[_key(message.id)].string = message.string
            renewed = merged(old, found)
            if path == FRENCH:
                for message in renewed:
                    if message.id:
                        several = isinstance(message.string, (tuple, list))
                        forms = message.string if several else (message.string,)
                        typed = tuple(in_french_type(form or "") for form in forms)
                        message.string = typed if several else typed[0]
            write(path, renewed)
    finally:
        os.close(lock)


def missing() -> Iterator[str]:
    """What keeps the catalogue from being whole, one line each."""
    found = extract()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/kit.po")):
        language = path.parts[-3]
        with path.open("rb") as source:
            known = read_po(source, locale=language, charset="utf-8")
        for message in found:
            if not message.id:
                continue
            place = "{}:{}".format(*message.locations[0])
            if not message.auto_comments:
                yield f"{place}: no note for the translator: {_key(message.id)!r}"
            translation = known.get(_key(message.id))
            if translation is None or not _translated(translation):
                yield f"{place}: not in {language}: {_key(message.id)!r}"
            elif translation.fuzzy:
                yield f"{place}: to be looked at again in {language}: {_key(message.id)!r}"


def main(arguments: list[str]) -> int:
    """Run one of the three verbs."""
    match arguments:
        case ["update"]:
            update()
        case ["merge", file]:
            update(Path(file))
        case ["check"]:
            lines = list(missing())
            print("\n".join(lines))
            return 1 if lines else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
