"""`kit doctor`: check every part and say what to do next."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.cli.terminal import add_settings, clean, settings_of
from kit.i18n import gettext as _
from kit.i18n import sentence

if TYPE_CHECKING:
    from kit.core.types import MeterInfo
    from kit.doctor import Doctor
    from kit.settings import Settings


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: Namespace) -> int:
    """Print every finding; 1 where something essential is broken."""
    from kit.findings import State

    settings = settings_of(options)
    findings = doctor(settings).examine()
    broken = any(finding.state is State.BROKEN for finding in findings)
    if options.json:
        print(json.dumps(_as_json(findings, not broken), ensure_ascii=False))
        return 1 if broken else 0
    marks = {
        # Translators: a part of the kit is in order; the first word of a line.
        State.GOOD: _("good"),
        # Translators: a part works, but somebody should know something; first word of a line.
        State.WARNING: _("note"),
        # Translators: a part is not on this machine; the first word of a line.
        State.ABSENT: _("absent"),
        # Translators: a part does not work; the first word of a line.
        State.BROKEN: _("broken"),
    }
    width = max(map(len, marks.values()))
    for finding in findings:
        told = sentence(finding.id, finding.values)
        reason = f" ({finding.reason})" if finding.reason else ""
        print(clean(f"{marks[finding.state]:{width}}  {told}{reason}"))
    return 1 if broken else 0


def doctor(settings: "Settings", *, serving: bool = False) -> "Doctor":
    """The doctor of this machine; opens no camera and no microphone: a class may be using them."""
    from kit.cli.machine import MachineClock, software_notices
    from kit.devices.board import find_board
    from kit.devices.health import Health
    from kit.doctor import Doctor
    from kit.engine.trial import try_model

    return Doctor(
        settings,
        model=try_model,
        cameras=_find_cameras,
        microphones=_find_microphones,
        machine=(Health(), MachineClock()),
        meter=lambda: _meter(settings.meter),
        board=lambda: find_board(settings.board).name,
        serving=serving,
        software=software_notices,
    )


def _meter(name: str) -> "MeterInfo":
    from kit.devices.meter import open_meter

    meter, info = open_meter(name)
    meter.close()
    return info


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
