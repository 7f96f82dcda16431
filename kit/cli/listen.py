"""`kit listen DIR`: a trained model at the microphone, one line for each thing it hears."""

import json
import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kit.cli.terminal import add_settings, clean, note, settings_of
from kit.core.errors import BadInput
from kit.i18n import gettext as _
from kit.i18n import ngettext, sentence

if TYPE_CHECKING:
    from kit.core.listening import PerHour
    from kit.core.ports import MicrophoneFeed
    from kit.core.types import Chunk

PATIENCE_S = 20.0
"""How long the first second may take: a busy Raspberry Pi needs some of them to begin."""


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of an argument; DIR is a folder that `kit train` wrote.
    parser.add_argument("folder", metavar="DIR", type=Path, help=_("what kit train wrote"))
    # Translators: help of the option --microphone; keep the words before the colon.
    told = _("auto, alsa, alsa:NAME, fake:FOLDER or none: which microphone to use")
    parser.add_argument("--microphone", metavar="NAME", help=told)
    # Translators: help of the option --seconds.
    told = _("stop after so many seconds; else at Ctrl-C")
    parser.add_argument("--seconds", metavar="N", type=float, help=told)
    # Translators: help of the option --background; a label is a sub-folder's name.
    told = _("a label that is never called heard, such as the room's; may be given again")
    parser.add_argument("--background", metavar="LABEL", action="append", default=[], help=told)
    # Translators: help of the option --alarms.
    told = _("nobody says anything: count what is heard all the same, an hour")
    parser.add_argument("--alarms", action="store_true", help=told)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("one JSON object a line"))


def run(options: Namespace) -> int:
    """Listen until told to stop.

    Raises:
        BadInput: "model-not-of-sounds"; "label-not-in-model" for a background it has not.
        Unavailable: the microphone's reason, where there is none at the beginning.
    """
    from functools import partial

    from kit.cli.model_folder import ModelFolder
    from kit.codecs.sound import decode_sound
    from kit.core.listening import Listening, false_alarms
    from kit.core.types import MicrophoneSettings
    from kit.devices.microphone import open_microphone
    from kit.devices.microphone_owner import MicrophoneOwner

    model = ModelFolder(options.folder)
    if model.hearing is None:
        raise BadInput("model-not-of-sounds", f"{options.folder}: its input is no sound")
    for label in options.background:
        if label not in model.labels:
            raise BadInput("label-not-in-model", f"no label {label!r}: {model.labels}", name=label)
    name = settings_of(options, microphone=options.microphone).microphone
    # What it would warn of is said in words, once; only what has no name is for its log.
    logging.getLogger(MicrophoneOwner.__module__).setLevel(logging.ERROR)
    owner = MicrophoneOwner(
        MicrophoneSettings(name),
        open_microphone=partial(open_microphone, decode=lambda data: decode_sound(data).waveform),
    )
    listening = Listening(frozenset(options.background))
    alarms, seconds = 0, 0.0
    try:
        for end_s, window in _windows(owner, options.seconds):
            answer = model.hear(window.samples)
            judged = listening.hear(answer.confidences, end_s, threshold=model.threshold)
            seconds = end_s
            if judged.heard:
                alarms += 1
                _tell(end_s, judged.label, judged.confidence, answer.latency_ms, options.json)
    except KeyboardInterrupt:
        note("")  # what follows Ctrl-C begins a line of its own
    finally:
        owner.close()
    if options.alarms and seconds > 0:
        _tell_alarms(alarms, false_alarms(alarms, seconds), options.json)
    return 0


def _windows(owner: "MicrophoneFeed", seconds: float | None) -> Iterator[tuple[float, "Chunk"]]:
    """The last second, eight times a second, and when it ended; a pulled cable is waited for."""
    from kit.core.errors import Unavailable
    from kit.core.listening import STEP_S
    from kit.core.sound import SAMPLE_RATE_HZ
    from kit.core.types import DeviceState

    step = round(STEP_S * SAMPLE_RATE_HZ)
    window, due = None, 0
    end_s, silent_s, said = 0.0, 0.0, None
    while seconds is None or end_s < seconds:
        newer = owner.newest(1.0, after=due - 1, timeout_s=1.0)
        if newer is None:
            status = owner.status()
            silent_s += 1.0
            never = status.state is DeviceState.LOST or status.settings.name == "none"
            if window is None and (never or silent_s >= PATIENCE_S):
                raise Unavailable(status.message_id or "microphone-lost", status.reason)
            if status.message_id and status.message_id != said:
                said = status.message_id
                note(sentence(said, {}))
            continue
        if window is None:
            # Translators: printed in the terminal; {name} is the microphone's.
            note(_("Listening with {name}. Press Ctrl-C to stop.", name=owner.status().name))
        # From beat to beat, so that windows keep their rate; late ones are left out.
        due = max(due + step, newer.sequence + 1) if window else newer.sequence + step
        window, said = newer, None
        end_s = window.sequence / SAMPLE_RATE_HZ
        yield end_s, window


def _tell(end_s: float, label: str, confidence: float, latency_ms: float, as_json: bool) -> None:
    if as_json:
        told = {"at_s": round(end_s, 3), "label": label, "confidence": round(confidence, 4)}
        print(
            json.dumps(told | {"latency_ms": round(latency_ms, 3)}, ensure_ascii=False), flush=True
        )
        return
    # Translators: one thing heard, printed in the terminal: when, seconds since the beginning;
    # what; how sure.
    told = _(
        "{seconds:.1f} s  {label}  ({percent:.0f} %)",
        seconds=end_s,
        label=label,
        percent=confidence * 100,
    )
    print(clean(told), flush=True)


def _tell_alarms(count: int, rate: "PerHour", as_json: bool) -> None:
    if as_json:
        told = {"minutes": round(rate.minutes, 2), "alarms": count, "per_hour": rate.value}
        print(json.dumps(told | {"low": rate.low, "high": rate.high}))
        return
    # Translators: printed in the terminal after listening to a room in which nobody says any of the
    # words; the last two numbers are a 95 % interval.
    told = ngettext(
        "{n} false alarm in {minutes:.1f} minutes: {rate:.0f} an hour "
        "(listened to for longer: between {low:.0f} and {high:.0f})",
        "{n} false alarms in {minutes:.1f} minutes: {rate:.0f} an hour "
        "(listened to for longer: between {low:.0f} and {high:.0f})",
        count,
        minutes=rate.minutes,
        rate=rate.value,
        low=rate.low,
        high=rate.high,
    )
    print(told)
