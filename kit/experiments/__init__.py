"""Experiments: what a project's pupils may measure, and what came of it.

    start -> job: book the kit · teach at that size and check · measure -> raw log + one line kept

`subjects` says what may be measured ("an answer at 160 pixels", "a training", "nothing at all"),
`prepare` makes of it a `work` that runs again and again, by the walk of `pictures` or that of a
`lesson`, `course` takes it through `kit.lab`'s measurement to a raw log, `results` keeps and ranks
what came out, `watch` shows the meter's line, `sampler` tells what reading it costs, `room` has the
verbs, and `bench` is what all are handed. Other rooms import from here.

While an experiment runs the kit is booked (`kit.booking`): live answers and pictures pause, and
every page hears "booking". In a class only the teacher starts one. An experiment that was stopped,
or that failed, leaves nothing.
"""

from kit.experiments.bench import Bench, Meters, Runner
from kit.experiments.room import Experiments
from kit.experiments.subjects import HEADS, SUBJECTS, Subject, Unit

__all__ = [
    "HEADS",
    "SUBJECTS",
    "Bench",
    "Experiments",
    "Meters",
    "Runner",
    "Subject",
    "Unit",
]
