"""The command `kit`: one file a verb, imported only when it is asked for.

A verb is a module here with two functions, and a line in `VERBS`:

    configure(parser)    its options, with nothing heavy imported
    run(options) -> int  the work: 0 good, 1 it failed; what fails raises a `KitError`

This room sees every other. Answers go to stdout, everything else to stderr; an error is one
line there, never a traceback (`kit --traceback VERB …` shows it to whoever mends the kit).
Exit status: 0 good, 1 the work failed, 2 wrong usage. What is printed with `--json` is never
translated and stays as docs/command-line.md says.
"""

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

from kit import __version__
from kit.messages import N_

VERBS = {
    # Translators: each of these says in a few words what a command does, in `kit --help`.
    "serve": N_("serve the page on this computer, or to a class"),
    # Translators: what a command does.
    "train": N_("teach a model from a folder with one sub-folder for each label"),
    # Translators: what a command does.
    "predict": N_("ask a trained model about pictures"),
    # Translators: what a command does.
    "listen": N_("let a trained model listen at the microphone"),
    # Translators: what a command does.
    "evaluate": N_("check a trained model on pictures it was not taught with"),
    # Translators: what a command does.
    "bench": N_("measure what one answer costs on this machine"),
    # Translators: what a command does.
    "meter": N_("list power meters, read one, or calibrate it"),
    # Translators: what a command does.
    "doctor": N_("check every part of the kit and say what to do next"),
    # Translators: what a command does.
    "export": N_("write a project to a file that any kit opens"),
    # Translators: what a command does.
    "import": N_("bring in a project file, or a zip of pictures"),
    # Translators: what a command does.
    "activities": N_("list the lessons, or check their folders"),
    # Translators: what a command does.
    "erase": N_("forget everything the class has made"),
    # Translators: what a command does; an association lends the kit to a school.
    "lend": N_("examine the kit and print the hand-over sheet"),
    # Translators: what a command does; a lent kit has come back.
    "return": N_("print what a loan did, erase it and prove it"),
    # Translators: what a command does; a lender's list of kits.
    "fleet": N_("keep a list of kits in a CSV file"),
    # Translators: what a command does.
    "update": N_("install a signed update from a file"),
    # Translators: what a command does.
    "bundle-sign": N_("make and sign an update"),
}
_MODULES = {
    "import": "import_",
    "return": "return_",
    "bundle-sign": "bundle_sign",
}  # no names of modules


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` without the program's name. Never raises but `SystemExit(2)`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Before numpy comes in: on a loaded board two BLAS threads are 25 times slower than one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from kit.cli import terminal

    terminal.choose_language(os.environ)
    options = _parser(arguments).parse_args(arguments)
    verb = importlib.import_module(f"kit.cli.{_MODULES.get(options.verb, options.verb)}")
    # A server keeps its log whole; whoever looks for an error wants the libraries' words too.
    quiet = options.verb != "serve" and not options.traceback
    with contextlib.ExitStack() as around:
        if quiet:
            around.enter_context(terminal.only_our_words())
        outcome = around.enter_context(
            terminal.one_line_for_errors(options.verb, traceback=options.traceback)
        )
        outcome.status = verb.run(options)
    return outcome.status


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the options of the one verb that is asked for."""
    from kit.i18n import gettext as _

    # Translators: what the whole program is, above the list of its commands.
    description = _("A classroom kit that teaches machine learning: show, train, check, measure.")
    parser = argparse.ArgumentParser(prog="kit", description=description)
    parser.add_argument("--version", action="version", version=f"kit {__version__}")
    # Translators: --traceback; a help line for those who mend the program.
    parser.add_argument("--traceback", action="store_true", help=_("show where an error arose"))
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name, promise in VERBS.items():
        told = _(promise)
        verb = verbs.add_parser(name, help=told, description=told[:1].upper() + told[1:] + ".")
        if name == asked:
            importlib.import_module(f"kit.cli.{_MODULES.get(name, name)}").configure(verb)
    return parser
