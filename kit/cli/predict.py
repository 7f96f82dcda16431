"""`kit predict DIR FILE…`: ask an exported model about files, one answer a line."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import Bar, clean, line_of
from kit.core.errors import KitError
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument; DIR is a folder that `kit train` wrote.
    parser.add_argument("folder", metavar="DIR", type=Path, help=_("what kit train wrote"))
    # Translators: help of an argument.
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help=_("pictures or sounds"))
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("one JSON object a line"))


def run(options: Namespace) -> int:
    """Answer for every file it can read; the others are named on stderr, and it failed."""
    from kit.cli.model_folder import ModelFolder

    model = ModelFolder(options.folder)
    failed = 0
    # Answers that show on a terminal are progress enough.
    total = 0 if sys.stdout.isatty() else len(options.files)
    # Translators: what a progress bar counts.
    with Bar(total, _("Files")) as bar:
        for file in options.files:
            try:
                answer = model.ask(file.read_bytes())
            except (KitError, OSError) as error:
                if isinstance(error, KitError) and error.id == "no-hand":
                    # An answer too: nobody shows a sign. The other files are waiting.
                    print(_no_hand(str(file), options.json))
                    if total:
                        bar.advance()
                    continue
                failed += 1
                reason = line_of(error)
                bar.note(reason if str(file) in reason else f"{file}: {reason}")
                continue
            if options.json:
                print(_json_line(str(file), answer))
            else:
                print(_line(str(file), answer))
            if total:
                bar.advance()
    return 1 if failed else 0


def _json_line(file: str, answer) -> str:
    return json.dumps(
        {
            "file": file,
            "label": answer.label,
            "known": answer.known,
            "confidence": answer.confidence,
            "confidences": answer.confidences,
            "latency_ms": round(answer.latency_ms, 3),
        },
        ensure_ascii=False,
    )


def _no_hand(file: str, as_json: bool) -> str:
    if not as_json:
        # Translators: {file} is a picture; there is no gesture to answer about.
        return clean(_("{file}: no hand found", file=file))
    nothing = {"label": None, "known": False, "confidence": 0.0, "confidences": {}}
    nothing |= {"latency_ms": None, "reason": "no-hand"}
    return json.dumps({"file": file, **nothing}, ensure_ascii=False)


def _line(file: str, answer) -> str:
    values = {"file": file, "label": answer.label, "percent": answer.confidence * 100}
    if answer.known:
        # Translators: one answer of a model, on the command line.
        told = _("{file}: {label} ({percent:.0f} %)", **values)
    else:
        # Translators: an answer below the threshold; {label} is the likeliest one all the same.
        told = _("{file}: not sure enough; {label} is likeliest ({percent:.0f} %)", **values)
    return clean(told)
