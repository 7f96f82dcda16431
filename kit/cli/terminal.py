"""How the commands speak: one clear line for an error, a bar for what takes long, a language."""

import contextlib
import os
import re
import sys
import time
import traceback as tracebacks
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TextIO

from kit.core.errors import KitError
from kit.i18n import LANGUAGES, sentence, use_language
from kit.i18n import gettext as _
from kit.messages import MESSAGES
from kit.settings import Settings, load

_WRONG_USAGE = {
    "setting-unknown",
    "setting-wrong",
    "settings-unreadable",
    "size-of-pictures",
    "export-what",
}
_BAR_AFTER_S = 1.0
_BAR_EVERY_S = 0.1
_BAR_CELLS = 24


def choose_language(environment: Mapping[str, str]) -> str:
    """Speak as KIT_LANGUAGE says, else as the shell does, else English; say which was chosen.

    >>> choose_language({"LANG": "fr_FR.UTF-8"}), choose_language({"LC_ALL": "C", "LANG": "fr"})
    ('fr', 'en')
    >>> choose_language({"KIT_LANGUAGE": "en", "LANG": "fr_FR.UTF-8"})
    'en'
    """
    for name in ("KIT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if asked := environment.get(name, ""):
            language = asked[:2].lower() if asked[:2].lower() in LANGUAGES else "en"
            break
    else:
        language = "en"
    use_language(language)
    return language


@dataclass
class Outcome:
    """The exit status of a command."""

    status: int = 1


@contextlib.contextmanager
def one_line_for_errors(verb: str, *, traceback: bool) -> Iterator[Outcome]:
    """Turn whatever is raised inside into one line on stderr and an exit status."""
    outcome = Outcome()
    try:
        yield outcome
        sys.stdout.flush()
    except KeyboardInterrupt:
        # Translators: the command was stopped with Ctrl+C.
        print("\n" + _("Stopped."), file=sys.stderr)
        outcome.status = 1
    except BrokenPipeError:
        # Whoever read our answers has had enough (`kit predict … | head`): nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        outcome.status = 1
    except Exception as error:
        if traceback:
            tracebacks.print_exc()
        say_error(verb, error)
        wrong_usage = isinstance(error, KitError) and error.id in _WRONG_USAGE
        outcome.status = 2 if wrong_usage else 1


@contextlib.contextmanager
def only_our_words() -> Iterator[None]:
    """Keep what C libraries write to stderr by themselves out of it ("libpng error: …").

    They write to descriptor 2 behind Python's back. It leads nowhere meanwhile, and `sys.stderr`
    gets a descriptor of its own.
    """
    try:
        ours = sys.stderr.fileno() == 2
    except (OSError, ValueError):
        ours = False
    if not ours:  # somebody else, a test perhaps, holds stderr already
        yield
        return
    before = sys.stderr
    before.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    sys.stderr = os.fdopen(kept, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = before
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def say_error(verb: str, error: Exception) -> None:
    """One line on stderr for an error that somebody must read."""
    print(f"kit {verb}: {line_of(error)}", file=sys.stderr)


def line_of(error: Exception) -> str:
    """What happened and what to do, then the developer's reason in brackets: all in one line.

    A reason that only says it again is left out.

    >>> line_of(FileNotFoundError(2, "No such file or directory", "cup.jpg"))
    'cup.jpg: No such file or directory'
    """
    if isinstance(error, KitError):
        if error.id not in MESSAGES:
            return clean(str(error))
        said = sentence(error.id, error.values)
        return clean(said if _says_nothing_more(error, said) else f"{said} ({error})")
    if isinstance(error, OSError) and error.filename is not None:
        return clean(f"{error.filename}: {error.strerror}")
    if isinstance(error, MemoryError):
        # Translators: the computer's memory (RAM) is used up.
        return _("This machine has not enough memory for that.")
    # Translators: an error in the program itself; {error} is what Python says of it.
    return clean(_("Something went wrong in the kit itself: {error}", error=repr(error)))


def _says_nothing_more(error: KitError, said: str) -> bool:
    """Whether the sentence holds every value, path and number of the developer's reason."""
    if str(error) == error.id:
        return True
    facts = re.findall(r"[^\s()\[\]'\",:;=]*[\d/][^\s()\[\]'\",:;=]*", str(error))
    values = [str(value) for value in error.values.values()]
    return bool(values) and all(fact in said for fact in facts + values)


def clean(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey.

    >>> clean("a\\nb\\x1b[2Jc")
    'a b [2Jc'
    """
    return "".join(char if char.isprintable() else " " for char in text).strip()


def note(text: str) -> None:
    """A word beside the answer, on stderr."""
    print(clean(text), file=sys.stderr)


class Bar:
    """A progress bar on stderr: only on a terminal, only after a second, gone at the end.

    Args:
        total: how many steps; 0 where nobody knows, then steps are counted.
        doing: what is being done, in the person's language.
    """

    def __init__(self, total: int, doing: str, stream: TextIO | None = None) -> None:
        self._total = total
        self._doing = doing
        self._stream = sys.stderr if stream is None else stream
        self._shows = self._stream.isatty()
        self._began_s = self._drawn_s = time.monotonic()
        self._drawn = False
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def advance(self, steps: int = 1) -> None:
        """So many steps more are done."""
        self._done += steps
        now_s = time.monotonic()
        waited = now_s - self._began_s >= _BAR_AFTER_S and now_s - self._drawn_s >= _BAR_EVERY_S
        if self._shows and waited:
            self._drawn_s = now_s
            self._drawn = True
            self._stream.write(f"\r\x1b[K{self._doing} {self._cells()}")
            self._stream.flush()

    def note(self, text: str) -> None:
        """A word beside the answer, without spoiling the bar."""
        self.clear()
        note(text)

    def clear(self) -> None:
        """Leave no trace on the line."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False

    def _cells(self) -> str:
        if not self._total:
            return str(self._done)
        share = min(1.0, self._done / self._total)
        full = int(share * _BAR_CELLS)
        return f"{'█' * full}{'░' * (_BAR_CELLS - full)} {self._done}/{self._total}"


def add_settings(parser: ArgumentParser) -> None:
    """The options that say which data folder is meant."""
    # Translators: help of the option --data.
    parser.add_argument("--data", metavar="DIR", help=_("the data folder"))
    # Translators: help of the option --config; keep kit.toml.
    told = _("settings to read instead of kit.toml in the data folder")
    parser.add_argument("--config", metavar="FILE", type=Path, help=told)


def settings_of(options: Namespace, **more: Any) -> Settings:
    """The settings that hold for this command. `more` are other keys given on the command line."""
    return load({"data": options.data, **more}, config=options.config)
