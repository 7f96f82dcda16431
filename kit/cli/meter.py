"""`kit meter`: which power meters there are, what one reads, and comparing one with another.

    kit meter list
    kit meter read --seconds 10
    kit meter calibrate --watts 5.3 --against "the wall meter of room 12"
    kit meter calibrate --forget
    kit meter flash-check
    kit meter flash-check --shunt 0.01    after storing this shunt in the Pico

A calibration is a straight line through one or more comparisons, kept for each meter of this kit
and shown wherever it is applied; nothing is ever corrected that nobody compared.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kit.cli.bench import add_meter, meter_text, said_label
from kit.cli.terminal import Bar, add_settings, clean, note, settings_of
from kit.i18n import gettext as _
from kit.i18n import number, sentence

_LOOK_EVERY_S = 0.25
_MOST_S = 3600


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help: what "kit meter" is asked to do; the words in brackets stay as they are.
    told = _("list the meters, read one, compare one with another, or check a Pico's firmware")
    parser.add_argument("deed", choices=["list", "read", "calibrate", "flash-check"], help=told)
    add_settings(parser)
    add_meter(parser)
    # Translators: help of the option --seconds.
    told = _("how long to read")
    parser.add_argument("--seconds", metavar="N", type=_seconds, default=5.0, help=told)
    # Translators: help of the option --watts of "kit meter calibrate".
    told = _("what the other meter shows meanwhile, or what the known load draws")
    parser.add_argument("--watts", metavar="W", type=float, help=told)
    # Translators: help of the option --against of "kit meter calibrate".
    told = _("what it is compared with, in your own words")
    parser.add_argument("--against", metavar="TEXT", help=told)
    # Translators: help of the option --forget of "kit meter calibrate".
    parser.add_argument("--forget", action="store_true", help=_("forget the calibration"))
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(refuse=parser.error)


def _seconds(text: str) -> float:
    """The type of the option --seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MOST_S:
        # Translators: in the terminal, after the name of an option; {most} is a whole number.
        raise ArgumentTypeError(_("a number above 0, at most {most}", most=_MOST_S))
    return seconds


def run(options: Namespace) -> int:
    """Do what was asked."""
    deeds = {"list": _list, "read": _read, "calibrate": _calibrate, "flash-check": _flash_check}
    return deeds[options.deed](options)


def _list(options: Namespace) -> int:
    from kit.devices.meter import list_meters
    from kit.lab import Calibrations

    kept = Calibrations(settings_of(options).data)
    found = list_meters()
    if options.json:
        print(json.dumps([_found_json(one, kept) for one in found], ensure_ascii=False))
        return 0
    for one in found:
        if one.info is None:
            told = sentence(one.refusal.id, one.refusal.values)
            print(clean(f"{one.name}: {told} ({one.refusal})"))
            continue
        print(clean(f"{one.name}: {said_label(one.info.label)}"))
        calibration = _kept(kept, one.name)
        for line in meter_text(asdict(one.info), calibration)[1:]:
            print(f"    {clean(line)}")
    return 0


def _found_json(one: Any, kept: Any) -> dict[str, Any]:
    if one.info is None:
        refusal = {"id": one.refusal.id, "values": dict(one.refusal.values)}
        return {"name": one.name, "refusal": refusal | {"reason": str(one.refusal)}}
    calibration = _kept(kept, one.name)
    info = asdict(one.info) | {"label": one.info.label.value}
    return info | {"calibration": calibration.to_json() if calibration else None}


def _kept(kept: Any, name: str) -> Any:
    """A meter's calibration; a damaged one is said and not used."""
    from kit.core.errors import BadInput

    try:
        return kept.of(name)
    except BadInput as damaged:
        note(sentence(damaged.id, damaged.values))
        return None


def _read(options: Namespace) -> int:
    from kit.lab import Calibrations

    info, readings = read_meter(options)
    calibration = _kept(Calibrations(settings_of(options).data), info.name)
    apply: Callable[[float], float] = (
        calibration.apply if calibration else lambda power_mw: power_mw
    )
    powers = [apply(reading.power_mw) for reading in readings]
    flags = sorted({flag for reading in readings for flag in reading.flags})
    mean_w = sum(powers) / len(powers) / 1000
    if options.json:
        told = {
            "meter": asdict(info) | {"label": info.label.value},
            "calibration": calibration.to_json() if calibration else None,
            "readings": len(powers),
            "mean_mw": round(mean_w * 1000, 3),
            "least_mw": round(min(powers), 3),
            "most_mw": round(max(powers), 3),
            "flags": flags,
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    # Translators: mean power with its extremes; {label} says on what the figure rests.
    told = _(
        "{mean} W on average, from {least} to {most} W, {readings} readings ({label})",
        mean=number(mean_w, spec=".3f"),
        least=number(min(powers) / 1000, spec=".3f"),
        most=number(max(powers) / 1000, spec=".3f"),
        readings=len(powers),
        label=said_label(info.label),
    )
    print(clean(told))
    for line in meter_text(asdict(info), calibration):
        print(clean(line))
    if "full-scale" in flags:
        at_limit = sum("full-scale" in reading.flags for reading in readings)
        note(sentence("lab-saturated", {"readings": at_limit}))
    if "negative" in flags:
        note(sentence("lab-backwards"))
    return 0


def _calibrate(options: Namespace) -> int:
    from kit.core.calibration import calibrate
    from kit.core.errors import BadInput
    from kit.devices.meter import open_meter
    from kit.lab import Calibrations

    kept = Calibrations(settings_of(options).data)
    if options.forget:
        meter, info = open_meter(options.meter, options.shunt)
        meter.close()
        kept.keep(info.name, None)
        # Translators: {name} is a meter's technical name.
        print(clean(_("{name}: its calibration is forgotten.", name=info.name)))
        return 0
    if not (options.watts or 0) > 0:
        # Translators: in the terminal; the other meter is one that somebody trusts more.
        options.refuse(_("say what the other meter shows, in watts: for instance --watts 5.3"))
    info, readings = read_meter(options)
    whole = [reading.power_mw for reading in readings if not reading.flags]
    if not whole or sum(whole) <= 0:
        raise BadInput("calibration-nothing", f"{info.name}: {len(readings)} readings, none whole")
    before = _kept(kept, info.name)
    points = [*(before.points if before else ()), (sum(whole) / len(whole), options.watts * 1000)]
    # Translators: what a meter was compared with, where nobody said.
    against = options.against or (before.against if before else _("another meter"))
    calibration = calibrate(points, against)
    kept.keep(info.name, calibration)
    if options.json:
        print(json.dumps({"meter": info.name} | calibration.to_json(), ensure_ascii=False))
        return 0
    for line in meter_text(asdict(info), calibration):
        print(clean(line))
    if len(points) == 1:
        # Translators: after a meter was compared once with another one.
        note(_("One comparison gives a factor only. Repeat with another load for a better line."))
    return 0


def _flash_check(options: Namespace) -> int:
    """Whether the connected Pico runs the right firmware, and fares well; 1 where it does not."""
    from kit.core.errors import Unavailable
    from kit.devices.meter_hwmon import check_shunt
    from kit.devices.pico_check import check_firmware

    _kind, _colon, path = options.meter.partition(":")
    if options.shunt is not None:
        check_shunt(options.shunt)
    found = check_firmware(path or None, store_ohms=options.shunt)
    if not found:
        raise Unavailable("meter-missing", "no Pico with MicroPython is plugged in")
    if options.json:
        told = [
            {"name": one.name, "right": one.right, "id": one.id, "values": dict(one.values)}
            | {"reason": one.reason, "status": dict(one.status)}
            for one in found
        ]
        print(json.dumps(told, ensure_ascii=False))
    else:
        for one in found:
            reason = f" ({one.reason})" if one.reason else ""
            print(clean(f"{one.name}: {sentence(one.id, one.values)}{reason}"))
    return 0 if all(one.right for one in found) else 1


def read_meter(options: Namespace, clock: Any = None) -> tuple[Any, list[Any]]:
    """Read the meter that the options name for as long as they say.

    Raises:
        Unavailable: none answers, or not one reading came.
    """
    from kit.cli.machine import MachineClock
    from kit.core.errors import Unavailable
    from kit.core.types import Reading
    from kit.devices.meter import open_meter

    clock = clock or MachineClock()
    meter, info = open_meter(options.meter, options.shunt)
    readings: list[Reading] = []
    # Translators: what a progress bar counts.
    with Bar(max(1, round(options.seconds / _LOOK_EVERY_S)), _("Reading")) as bar:
        try:
            meter.start()
            until_s = clock.monotonic_s() + options.seconds
            while (left_s := until_s - clock.monotonic_s()) > 0:
                clock.sleep(min(_LOOK_EVERY_S, left_s))
                readings += (event for event in meter.take() if isinstance(event, Reading))
                bar.advance()
        finally:
            meter.close()
    if not readings:
        raise Unavailable("meter-lost", f"{info.name}: not one reading in {options.seconds} s")
    return info, readings
