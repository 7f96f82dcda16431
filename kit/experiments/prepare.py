"""From a subject to its work: whatever can be done before the first unit is done before it.

    pictures    -> embed at that size and cut, check, a walk
    a lesson    -> train, a walk
    nothing     -> a pause

None of that is measured.
"""

from collections.abc import Callable

from kit.experiments.bench import Bench
from kit.experiments.lesson import of_lesson
from kit.experiments.pictures import of_pictures
from kit.experiments.subjects import Subject, Unit
from kit.experiments.work import Work
from kit.storage import Store
from kit.studio.lesson import Lesson

PAUSE_S = 0.1
"""How long "nothing at all" is."""


def prepare(
    bench: Bench,
    store: Store,
    project_id: str,
    subject: Subject,
    lesson: Callable[[Callable[[float], None]], Lesson],
    progress: Callable[[float], None],
) -> Work:
    """Make a subject ready.

    Args:
        bench: clock and networks.
        store: where the samples are.
        project_id: whose.
        subject: what is measured.
        lesson: what a training of the project would learn from; asked where no picture is.
        progress: told 0..1 now and then.

    Raises:
        Conflict: "need-two-labels", "lab-one-processor", "lab-show-a-hand".
        Unavailable: the model is missing; the disk is full.
    """
    if subject.unit is Unit.PAUSE:
        return _pause(bench)
    if subject.input_size is None:
        found = lesson(lambda part: progress(0.6 * part))
        return of_lesson(bench, store, project_id, subject, found, progress)
    return of_pictures(bench, store, project_id, subject, progress)


def _pause(bench: Bench) -> Work:
    def pause() -> dict[str, float]:
        bench.clock.sleep(PAUSE_S)
        return {}

    return Work(pause)
