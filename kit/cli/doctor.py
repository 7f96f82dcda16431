"""`kit doctor`: check every part and say what to do next."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from time import perf_counter

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

    settings = settings_of(options)
    findings = Doctor(settings, model=_try_model, cameras=_find_cameras).examine()
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


def _try_model(folder: Path, input_size: int):
    import numpy as np

    from kit.core import sound
    from kit.doctor import ModelTried
    from kit.engine.runtime import Backbone
    from kit.engine.sound_runtime import SPEECH, Speech

    if folder.name == SPEECH:
        backbone = Speech.load(folder)
        shown = np.zeros((sound.FRAMES, sound.SPEECH_BANDS), np.float32)
    else:
        backbone = Backbone.load(folder, input_size)
        shown = np.full((input_size, input_size, 3), 128, np.uint8)
    backbone.embed(shown)  # the first one also sets the runtime up
    began = perf_counter()
    backbone.embed(shown)
    invoke_ms = (perf_counter() - began) * 1000
    return ModelTried(backbone.hash, backbone.runtime_version, round(invoke_ms, 2))
