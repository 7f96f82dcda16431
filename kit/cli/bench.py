"""`kit bench`: what one answer costs on this machine, in milliseconds and millijoules.

The workload: one 640 x 480 JPEG of quality 85, from its bytes to an answer among five labels, one
thread. It speaks of this machine at this moment; `make bench` compares with other software.
docs/measuring.md explains each number, its error and what it leaves out.
"""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from kit.cli.terminal import Bar, add_settings, clean, note, settings_of
from kit.i18n import gettext as _
from kit.i18n import number, sentence

_LABELS = 5
_STEPS = 100
"""Of the progress bar."""


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    # Translators: help of the option --quick.
    told = _("within a minute: fewer repetitions, wider intervals")
    parser.add_argument("--quick", action="store_true", help=told)
    add_meter(parser)
    # Translators: help of the option --replay.
    told = _("compute everything again from the raw log of an earlier measurement")
    parser.add_argument("--replay", metavar="FILE", type=Path, help=told)


def add_meter(parser: ArgumentParser) -> None:
    """The options that say which power meter is meant."""
    # Translators: help of the option --meter; the names stay as they are.
    told = _("power meter: auto, pico, hwmon, pmic, rapl, estimate or none")
    parser.add_argument("--meter", metavar="NAME", default="auto", help=told)
    # Translators: help of the option --shunt: the small resistor in which current is measured.
    told = _("resistance of the meter's shunt in ohms, as printed on it")
    parser.add_argument("--shunt", metavar="OHMS", type=float, help=told)


def run(options: Namespace) -> int:
    """Measure, or read an earlier measurement, and print."""
    from kit.lab import replay

    found = replay(options.replay) if options.replay else measure(options)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        print("\n".join(map(clean, as_text(found))))
    if found.plan.name != "full":
        # Translators: a word on stderr after a shorter measurement.
        note(_("Measured with fewer repetitions than usual."))
    if found.ended != "done":
        # Translators: a word on stderr: the measurement was stopped, or the power was cut.
        note(_("This measurement was not finished: it holds what was done until then."))
    return 0


def measure(options: Namespace):
    """Run the measurement that the options ask for and keep its raw log."""
    import cv2

    from kit import resources
    from kit.cli import machine
    from kit.core.measurement import CLASSROOM, FULL
    from kit.core.types import MeterLabel
    from kit.engine.runtime import Backbone
    from kit.lab import Lab

    cv2.setNumThreads(1)
    settings = settings_of(options)
    backbone = Backbone.load(resources.model_dir(settings.backbone), settings.input_size)
    plan = CLASSROOM if options.quick else FULL
    meter, info, calibration = _meter(options, settings.data)
    if info is not None and info.label is MeterLabel.ESTIMATED:
        # Longer blocks would make an estimate no truer.
        plan = replace(
            CLASSROOM, name=plan.name, runs=plan.runs, runs_s=plan.runs_s, most_s=plan.most_s
        )
    # Translators: what a progress bar counts.
    with Bar(_STEPS, _("Measuring")) as bar:
        shown = 0

        def progress(fraction: float) -> None:
            nonlocal shown
            steps = int(_STEPS * fraction)
            bar.advance(steps - shown)
            shown = steps

        lab = Lab(settings.data, clock=machine.MachineClock(), look=machine.look)
        found, path = lab.measure(
            workload(backbone),
            plan,
            meter=meter,
            about={
                **machine.describe(),
                "workload": "JPEG 640x480 quality 85 -> answer among 5 labels",
                "backbone": backbone.name,
                "backbone_hash": backbone.hash,
                "input_size": backbone.input_size,
                "runtime": backbone.runtime_version,
                "threads": 1,
            },
            calibration=calibration,
            progress=progress,
            closing=lambda: {"peak_memory_mb": round(machine.peak_memory_mb(), 1)},
        )
    # Translators: a word on stderr; {file} is a path. The raw log holds every single reading.
    note(_("Raw log: {file}", file=str(path)))
    return found


def _meter(options: Namespace, data: Path):
    """(meter, what it says of itself, its calibration); all None where there is none to use."""
    from kit.core.errors import BadInput, Unavailable
    from kit.devices.meter import open_meter
    from kit.lab import Calibrations

    if options.meter == "none":
        return None, None, None
    try:
        meter, info = open_meter(options.meter, options.shunt)
    except Unavailable as refusal:
        if options.meter != "auto":
            raise
        note(sentence(refusal.id, refusal.values))
        return None, None, None
    try:
        return meter, info, Calibrations(data).of(info.name)
    except BadInput as damaged:
        note(sentence(damaged.id, damaged.values))
        return meter, info, None


def workload(backbone):
    """A function that walks one picture to its answer and gives back each stage's milliseconds."""
    import numpy as np

    from kit.codecs.picture import decode_for_model, encode_picture
    from kit.core import image
    from kit.core.heads import SoftmaxRegression

    random = np.random.default_rng(0)
    # Smooth shapes with a little noise: about as hard to decode as a photo.
    waves = (
        np.sin(np.linspace(0, 9, 640))[None, :, None]
        * np.cos(np.linspace(0, 7, 480))[:, None, None]
    )
    noise = random.normal(0, 6, (480, 640, 3))
    pixels = np.clip(128 + 90 * waves + noise, 0, 255).astype(np.uint8)
    jpeg = encode_picture(pixels, quality=85)
    embeddings = np.abs(random.normal(size=(_LABELS * 4, backbone.dimensions))).astype(np.float32)
    head = SoftmaxRegression().fit(embeddings, [str(i % _LABELS) for i in range(_LABELS * 4)])

    def walk() -> dict[str, float]:
        times = [perf_counter()]
        decoded = decode_for_model(jpeg, backbone.input_size)
        times.append(perf_counter())
        ready = image.prepare(decoded, backbone.input_size)
        times.append(perf_counter())
        embedding = backbone.embed(ready)
        times.append(perf_counter())
        head.predict_proba(embedding[np.newaxis])
        times.append(perf_counter())
        stages = ("decode", "prepare", "invoke", "head")
        return {
            stage: (end - begin) * 1000
            for stage, begin, end in zip(stages, times, times[1:], strict=False)
        }

    return walk


def as_text(found) -> list[str]:
    """A measurement in lines for people."""
    names = {
        # Translators: a stage of an answer: the picture file is turned into pixels.
        "decode": _("decode"),
        # Translators: a stage of an answer: the picture is cut square and shrunk.
        "prepare": _("prepare"),
        # Translators: a stage of an answer: the network runs.
        "invoke": _("invoke"),
        # Translators: a stage of an answer: the small classifier answers.
        "head": _("head"),
        # Translators: all stages of an answer together.
        "total": _("total"),
    }
    about = found.about
    # Translators: {board} names a computer; shown where it does not say what it is.
    lines = [about.get("board") or _("a machine that does not say its name")]
    lines.append(f"{about.get('backbone')} {about.get('input_size')} px, {about.get('runtime')}")
    for stage, times in found.stages.items():
        lines.append(f"{names.get(stage, stage):10} {_times(times.to_json())}")
    if "peak_memory_mb" in about:
        memory = number(about["peak_memory_mb"], spec=".0f")
        # Translators: the most memory (RAM) that was used, in megabytes.
        lines.append(_("peak memory: {memory} MB", memory=memory))
    lines += _machine(found.before, found.after)
    lines += energy_text(found.energy, found.meter)
    return lines


def _times(found: dict[str, float]) -> str:
    # Translators: median, 95th percentile and 95 % interval of the median, in milliseconds.
    return _(
        "median {median:.2f} ms, p95 {p95:.2f} ms, interval {low:.2f} to {high:.2f} ms",
        median=found["median_ms"],
        p95=found["p95_ms"],
        low=found["low_ms"],
        high=found["high_ms"],
    )


def _machine(before, after) -> list[str]:
    """What the machine said of itself around the measurement, as far as it says anything."""
    from kit.core.energy import throttled

    lines = []
    states = [state for state in (before, after) if state is not None]
    if governors := list(dict.fromkeys(state.governor for state in states if state.governor)):
        # Translators: the rule by which the processor chooses its speed, such as "ondemand".
        lines.append(_("governor: {governors}", governors=", ".join(governors)))
    if warm := [state.temperature_c for state in states if state.temperature_c is not None]:
        first, last = (number(value, spec=".0f") for value in (warm[0], warm[-1]))
        # Translators: the processor's temperature before and after, in degrees Celsius.
        lines.append(_("temperature: {first} °C, then {last} °C", first=first, last=last))
    if len(states) == 2 and (bits := throttled(before.throttled, after.throttled)):
        lines.append(sentence("lab-throttled", {"bits": f"{bits:#x}"}))
    return lines


def energy_text(energy, meter: dict[str, Any] | None) -> list[str]:
    """Energy in lines for people: no figure without what it rests on."""
    from kit.core.energy import LEAST_PAIRS

    if energy is None or meter is None:
        # Translators: energy of an answer; there is no meter, so there is no number.
        return [_("energy: no meter, so nothing was measured")]
    label = said_label(energy.label)
    lines = []
    if energy.marginal_mj is None or energy.gross_mj is None:
        told = {"pairs": energy.pairs, "least": LEAST_PAIRS}
        # Translators: {label} says on what it rests, {reason} is a whole sentence.
        lines.append(
            _("energy ({label}): {reason}", label=label, reason=sentence("lab-too-few-pairs", told))
        )
    else:
        # Translators: energy of one answer above idle, 95 % interval; {label} is what it rests on.
        above = _("energy above idle: {value} mJ, interval {low} to {high} mJ ({label})")
        # Translators: energy of the whole board during one answer; {label} is what it rests on.
        whole = _("energy of the whole: {value} mJ, interval {low} to {high} mJ ({label})")
        for text, found in ((above, energy.marginal_mj), (whole, energy.gross_mj)):
            shown = {name: _joules(value) for name, value in found.to_json().items()}
            lines.append(text.format(label=label, **shown))
        # Translators: mean power while idle and while working; {pairs} pairs of the two.
        told = _(
            "{pairs} pairs; idle {idle} W, working {active} W ({label})",
            pairs=energy.pairs,
            idle=number(energy.idle_mw / 1000, spec=".2f"),
            active=number(energy.active_mw / 1000, spec=".2f"),
            label=label,
        )
        lines.append(told)
    lines += meter_text(meter, energy.calibration)
    for one in energy.rejected:
        # Translators: a block of a measurement was thrown out; {reason} is a whole sentence.
        told = _(
            "left out: pair {pair}, {phase}: {reason}",
            pair=one.pair,
            phase=_phase(one.phase),
            reason=sentence(one.id, one.values),
        )
        lines.append(told)
    return lines


def meter_text(meter: dict[str, Any], calibration=None) -> list[str]:
    """A meter in lines: rate, resolution, what it does not see, how an estimate is made."""
    # Translators: {name} is a meter's technical name, {rate} a number.
    lines = [_("meter {name}, {rate} readings a second", name=meter["name"], rate=meter["rate_hz"])]
    if meter.get("resolution_mw") is not None:
        step = number(meter["resolution_mw"], spec=".3g")
        # Translators: the smallest difference that a meter can tell; mW is milliwatts.
        lines.append(_("smallest step: {step} mW", step=step))
    if meter.get("gain_error") is not None:
        share = number(100 * meter["gain_error"], spec=".2g")
        # Translators: an error of the meter that repeating does not show, in percent.
        lines.append(
            _(
                "all its readings may be wrong together by {share} %, not in the interval",
                share=share,
            )
        )
    if calibration is not None:
        # Translators: {against} is in the user's own words; gain and offset are numbers.
        told = _(
            "calibrated against {against}: reading × {gain:.4f} + {offset:.0f} mW",
            against=calibration.against,
            gain=calibration.gain,
            offset=calibration.offset_mw,
        )
        lines.append(told)
    details = meter.get("details", {})
    if "formula" in details:
        # The formula and its constants are technical and the same in every language.
        lines.append(
            f"{details['formula']}; idle = {details['idle_mw']} mW, busy = {details['busy_mw']} mW"
        )
        # Translators: where the constants of an estimate come from; {source} is in English.
        lines.append(_("constants from: {source}", source=details["source"]))
    lines += [sentence(spot) for spot in meter.get("blind_spots", ())]
    return lines


def said_label(label) -> str:
    """What a figure rests on, in words."""
    from kit.core.types import MeterLabel

    return sentence(
        {
            MeterLabel.INPUT: "meter-label-input",
            MeterLabel.RAILS: "meter-label-rails",
            MeterLabel.ESTIMATED: "meter-label-estimated",
            MeterLabel.NONE: "meter-label-none",
        }[label]
    )


def _phase(phase) -> str:
    # Translators: the kit does nothing, during a measurement.
    idle = _("idle")
    # Translators: the kit works, during a measurement.
    active = _("working")
    return idle if phase.value == "idle" else active


def _joules(millijoules: float) -> str:
    """Three figures are more than any of these meters knows."""
    return number(float(f"{millijoules:.3g}"))
