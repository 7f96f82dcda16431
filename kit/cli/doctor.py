"""`kit doctor`: check every part and say what to do next."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import add_settings, clean, settings_of
from kit.i18n import gettext as _
from kit.i18n import sentence


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: Namespace) -> int:
    """Print every finding; 1 where something essential is broken."""
    from kit.doctor import Doctor, State
    from kit.engine.trial import try_model

    settings = settings_of(options)
    findings = Doctor(
        settings, model=try_model, cameras=_find_cameras, microphones=_find_microphones
    ).examine()
    broken = any(finding.state is State.BROKEN for finding in findings)
    if options.json:
        print(json.dumps(_as_json(findings, not broken), ensure_ascii=False))
        return 1 if broken else 0
    marks = {
        # Translators: a part of the kit is in order; the first word of a line.
        State.GOOD: _("good"),
        # Translators: a part works, but somebody should know something; first word of a line.
        State.WARNING: _("note"),
        # Translators: a part does not work; the first word of a line.
        State.BROKEN: _("broken"),
    }
    width = max(map(len, marks.values()))
    for finding in findings:
        told = sentence(finding.id, finding.values)
        reason = f" ({finding.reason})" if finding.reason else ""
        print(clean(f"{marks[finding.state]:{width}}  {told}{reason}"))
    return 1 if broken else 0


def _as_json(findings, good: bool) -> dict:
    return {
        "good": good,
        "findings": [
            {
                "part": finding.part,
                "state": finding.state.value,
                "id": finding.id,
                "values": dict(finding.values),
                "reason": finding.reason,
            }
            for finding in findings
        ],
    }


def _find_cameras() -> tuple[list[str], list[str]]:
    """Names of the cameras, and why others are not there. Opens none: a class may be using it."""
    from importlib.util import find_spec

    from kit.devices.camera import find_cameras

    reasons = []
    if find_spec("picamera2") is None:
        reasons.append("picamera2 is not installed: no ribbon camera")
    if not list(Path("/dev").glob("video*")):
        reasons.append("no /dev/video*: no USB camera")
    return list(find_cameras()), reasons


def _find_microphones() -> tuple[list[str], list[str]]:
    """Names of the microphones, and why there is none. Opens none: a class may be using it."""
    from kit.devices.microphone import find_microphones
    from kit.devices.microphone_alsa import check_library

    check_library()
    names = list(find_microphones())
    return names, [] if names else ["no card in /proc/asound can record"]
