"""`kit bench`: what one answer costs on this machine, stage by stage.

The workload: one 640 x 480 JPEG of quality 85, from its bytes to an answer among five labels, one
thread. It speaks of this machine at this moment; `make bench` compares with other software.
"""

import json
from argparse import ArgumentParser, Namespace
from time import perf_counter
from typing import Any

from kit.cli.terminal import Bar, clean, note
from kit.i18n import gettext as _
from kit.i18n import number

_RUNS, _QUICK_RUNS = 300, 60
_WARM_UP = 20
"""At least so many first, until the median settles."""
_MOST_WARM_UP = 200
_LABELS = 5


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    # Translators: help of the option --quick.
    told = _("fewer repetitions: wider intervals")
    parser.add_argument("--quick", action="store_true", help=told)


def run(options: Namespace) -> int:
    """Measure and print."""
    figures = measure(_QUICK_RUNS if options.quick else _RUNS)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(map(clean, _as_text(figures))))
    if options.quick:
        # Translators: a word on stderr after a shorter measurement.
        note(_("Measured with fewer repetitions than usual."))
    return 0


def measure(runs: int) -> dict[str, Any]:
    """Every stage's statistics over so many runs, and what they were measured on."""
    import cv2

    from kit import resources
    from kit.cli import machine
    from kit.core.measure import stages_statistics
    from kit.engine.runtime import Backbone
    from kit.settings import load

    cv2.setNumThreads(1)
    settings = load()
    backbone = Backbone.load(resources.model_dir(settings.backbone), settings.input_size)
    walk = _workload(backbone)
    before = machine.state()
    warm_up = _warm_up(walk)
    walked = []
    # Translators: what a progress bar counts.
    with Bar(runs, _("Measuring")) as bar:
        for _turn in range(runs):
            walked.append(walk())
            bar.advance()
    stages = {stage: found.to_json() for stage, found in stages_statistics(walked).items()}
    return {
        **machine.describe(),
        "before": before,
        "after": machine.state(),
        "workload": "JPEG 640x480 quality 85 -> answer among 5 labels",
        "backbone": backbone.name,
        "backbone_hash": backbone.hash,
        "input_size": backbone.input_size,
        "runtime": backbone.runtime_version,
        "threads": 1,
        "warm_up": warm_up,
        "latency": {"source": "measured", "stages": stages},
        "peak_memory_mb": round(machine.peak_memory_mb(), 1),
        "energy": {"source": "none"},
    }


def _workload(backbone):
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


def _warm_up(walk) -> int:
    """Run until ten runs take what the ten before took, within a twentieth; say how many."""
    from statistics import median

    totals: list[float] = []
    while len(totals) < _MOST_WARM_UP:
        totals.append(sum(walk().values()))
        if len(totals) >= _WARM_UP:
            earlier, later = median(totals[-20:-10]), median(totals[-10:])
            if abs(later - earlier) <= 0.05 * earlier:
                break
    return len(totals)


def _as_text(figures: dict[str, Any]) -> list[str]:
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
    # Translators: {board} names a computer; shown where it does not say what it is.
    lines = [figures["board"] or _("a machine that does not say its name")]
    lines.append(f"{figures['backbone']} {figures['input_size']} px, {figures['runtime']}")
    for stage, found in figures["latency"]["stages"].items():
        lines.append(f"{names[stage]:10} {_times(found)}")
    memory = number(figures["peak_memory_mb"], spec=".0f")
    # Translators: the most memory (RAM) that was used, in megabytes.
    lines.append(_("peak memory: {memory} MB", memory=memory))
    # Translators: energy of an answer; there is no meter, so there is no number.
    lines.append(_("energy: no meter, so nothing was measured"))
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
