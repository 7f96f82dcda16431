"""One catalogue for the page, the command line and the browser.

Sentences are written in English in the code, inside `_()`, each with a note for the translator;
`kit/locale/<language>/LC_MESSAGES/kit.po` says them again. `scripts/catalogues.py update` keeps
those files in step with the code.

The `.po` file itself is read at run time, once a language. There is no compiled file that could be
forgotten or out of date, so a checkout, an editable install and a wheel say the same thing.
`tests/test_i18n.py` compares this reader with Babel's over the whole catalogue.
"""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from typing import Any

from kit.messages import MESSAGES
from kit.resources import locale_dir

LANGUAGES = ("fr", "en")
"""The first one is spoken where nobody asked for another."""

_MARKS = {"fr": (",", "\N{NARROW NO-BREAK SPACE}"), "en": (".", ",")}
"""Decimal mark, then what stands between thousands."""

_language: ContextVar[str] = ContextVar("language", default="en")


@dataclass(frozen=True)
class Entry:
    """One sentence of a `.po` file.

    Attributes:
        singular: the English sentence, which is the key.
        plural: the English sentence for many, or None.
        translations: one for each plural form of the language; one alone without a plural.
        fuzzy: a translator must look at it again; it is not used.
        files: where the code says it, without line numbers.
    """

    singular: str
    plural: str | None
    translations: tuple[str, ...]
    fuzzy: bool
    files: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """What one language says. English is the empty catalogue: the code itself speaks it."""

    language: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    plural_rule: str = "n != 1"

    def gettext(self, text: str) -> str:
        """The sentence in this language; the English one where nobody has translated it yet."""
        entry = self.entries.get(text)
        return (entry.translations[0] if entry else "") or text

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The sentence in the form that this language uses for `n` things."""
        entry = self.entries.get(singular)
        if entry and entry.plural is not None and all(entry.translations):
            return entry.translations[_plural_index(self.plural_rule)(n)]
        return singular if n == 1 else plural

    def for_browser(self) -> dict[str, Any]:
        """What `/i18n/<language>.json` holds: the sentences that the page's scripts say.

        `plural` maps a count to a form without evaluating text as code, which the page's
        Content-Security-Policy forbids: entry n for n < 200, entry 100 + n % 100 above. A gettext
        plural rule looks at no more than the last two digits once n is past 100.
        """
        rule = _plural_index(self.plural_rule)
        messages = {
            entry.singular: entry.translations[0] if entry.plural is None else entry.translations
            for entry in self.entries.values()
            if any(name.endswith(".js") for name in entry.files) and all(entry.translations)
        }
        return {
            "language": self.language,
            "plural": [rule(n) for n in range(200)],
            "messages": messages,
        }


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of `LANGUAGES`, read once."""
    if language == "en":
        return Catalogue("en")
    path = locale_dir() / language / "LC_MESSAGES" / "kit.po"
    entries = {entry.singular: entry for entry in read_po(path.read_text("utf-8"))}
    header = entries.pop("").translations[0]
    rule = re.search(r"plural=(.*?);", header)
    if rule is None:
        raise ValueError(f"{path} names no plural rule in its header")
    usable = {key: entry for key, entry in entries.items() if not entry.fuzzy}
    return Catalogue(language, usable, rule[1])


def read_po(text: str) -> Iterator[Entry]:
    r"""The entries of a `.po` file, in its order; the header is the one whose key is "".

    Reads what `scripts/catalogues.py` writes: comments, references, flags, plurals. Contexts
    (`msgctxt`) are refused, because the browser's catalogue has no room for them.

    >>> [(e.singular, e.translations) for e in read_po('msgid "Yes"\nmsgstr "Oui"\n')]
    [('Yes', ('Oui',))]
    """
    for block in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        files: list[str] = []
        fuzzy = False
        current = ""
        for line in block.splitlines():
            if line.startswith("#:"):
                files += [reference.rpartition(":")[0] for reference in line[2:].split()]
            elif line.startswith("#,"):
                fuzzy = fuzzy or "fuzzy" in line
            elif line.startswith('"'):
                parts[current] += ast.literal_eval(line)
            elif line.startswith("msg"):
                current, _, quoted = line.partition(" ")
                if current == "msgctxt":
                    raise ValueError(f"contexts are not used in this catalogue: {line}")
                parts[current] = ast.literal_eval(quoted)
        if "msgid" in parts:
            forms = tuple(text for key, text in parts.items() if key.startswith("msgstr"))
            yield Entry(parts["msgid"], parts.get("msgid_plural"), forms, fuzzy, tuple(files))


@cache
def _plural_index(rule: str) -> Any:
    return c2py(rule)


def use_language(language: str) -> None:
    """From now on `_()` speaks this language, in this thread or request."""
    _language.set(language if language in LANGUAGES else LANGUAGES[0])


def current_language() -> str:
    """The language that `_()` speaks here."""
    return _language.get()


def gettext(text: str, /, **values: Any) -> str:
    """The sentence in the current language, its `{names}` filled. Imported as `_`.

    >>> gettext("Show {name} once more.", name="cup")
    'Show cup once more.'
    """
    language = current_language()
    text = catalogue(language).gettext(text)
    return fill(text, values, language) if values else text


def ngettext(singular: str, plural: str, n: int, /, **values: Any) -> str:
    """Same for a count, which fills `{n}`.

    >>> ngettext("{n} picture", "{n} pictures", 2)
    '2 pictures'
    """
    language = current_language()
    text = catalogue(language).ngettext(singular, plural, n)
    return fill(text, {"n": n, **values}, language)


def sentence(id: str, values: Mapping[str, Any] | None = None, language: str | None = None) -> str:
    """What a person reads for an id of `kit/messages`: an error, advice, a notice.

    Raises:
        KeyError: no such id. A test compares the ids that the code raises with the catalogue.
    """
    language = language or current_language()
    return fill(catalogue(language).gettext(MESSAGES[id]), values or {}, language)


def number(value: float, language: str | None = None, spec: str = "") -> str:
    """A number with the language's own marks; an integral one has no decimals.

    >>> number(1234.5, "fr") == "1\N{NARROW NO-BREAK SPACE}234,5", number(1234.5, "en")
    (True, '1,234.5')
    >>> number(0.25, "fr", ".1f")
    '0,2'
    """
    decimal, thousands = _MARKS[language or current_language()]
    plain = format(value, spec.replace(",", "")) if spec else f"{value:.6g}"
    if "e" in plain:
        plain = f"{value:.0f}"
    whole, point, fraction = plain.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if len(digits) > 3 and digits.isdigit():
        digits = f"{int(digits):,}".replace(",", thousands)
    return sign + digits + (decimal if point else "") + fraction


def fill(text: str, values: Mapping[str, Any], language: str) -> str:
    """Fill `{names}`; what a pupil typed is put in as it is and never read as a pattern.

    >>> fill("{name}: {share:.1f} %", {"name": "{share}", "share": 12.34}, "fr")
    '{share}: 12,3 %'
    """
    return _Filler(language).vformat(text, (), values)


class _Filler(string.Formatter):
    """`str.format` without attributes or items, with the language's numbers."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        # A missing value must not turn one error into another; the test of messages finds it.
        return kwargs.get(field_name, "…"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number(value, self._language, format_spec)
        return str(value)
