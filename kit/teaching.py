"""Teaching a head, in the honest order: first the estimate, then the model.

    heads taught without the burst they are asked about  ->  Check
    its held-out answers  ->  how sure to be (temperature), when to be quiet (threshold)
    a head taught with everything  ->  what is delivered

Pure but for the stop-watch: the studio, the command line and a test teach by this same call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from kit.core.errors import Conflict
from kit.core.evaluate import Check, Checked, independent_trials, left_out_in_turn
from kit.core.heads import SoftmaxRegression, fit_temperature, softmax
from kit.core.split import MOST_FOLDS
from kit.core.threshold import choose_threshold


@dataclass(frozen=True)
class Taught:
    """What one training gave.

    Attributes:
        head: taught with all samples; its `classes_` are label ids.
        check: the estimate, None where nothing could be held out.
        threshold: for "not sure enough", chosen on the held-out answers.
        training_ms: what the delivered head took.
    """

    head: SoftmaxRegression
    check: Check | None
    threshold: float
    training_ms: float


def teach(
    samples: Sequence[Checked],
    views: np.ndarray,
    *,
    labels: Mapping[str, str],
    model_number: int = 1,
    transform: str = "root",
    near_copies: bool = True,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Taught:
    """Estimate by burst, calibrate, then teach with everything.

    Args:
        samples: n of them, with their label and burst.
        views: (v, n, d) float32 embeddings in the same order, view 0 the plain pictures; a head
            learns from all views and is asked about plain ones.
        labels: label id -> name, in the project's order; those without a sample are left aside.
        model_number: the model this will be.
        transform: how heads turn these embeddings into features, a key of `heads.TRANSFORMS`.
        near_copies: whether samples that came alone and whose embeddings all but agree count as one
            showing in the check: frames of a film do, a word said twice does not.
        progress: told 0..1 now and then; what it raises ends the training and goes through.

    Raises:
        Conflict: "need-two-labels".
    """
    ids = np.array([sample.label_id for sample in samples])
    taught = {label_id: name for label_id, name in labels.items() if label_id in set(ids.tolist())}
    if len(taught) < 2:
        raise Conflict("need-two-labels", f"{len(taught)} label(s) with samples")
    held_out_scores: dict[str, np.ndarray] = {}
    trainings = 0

    def fit(rows: np.ndarray | slice) -> SoftmaxRegression:
        def on_step(step: int, loss: float) -> None:
            # A training converges ever more slowly; half of what is left is a fair guess.
            progress((trainings + 1 - 0.97**step) / (MOST_FOLDS + 1))

        return fit_head(ids[rows], views[:, rows], transform, on_step)

    def answer(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
        nonlocal trainings
        head = fit(teaching)
        trainings += 1
        classes = head.classes_.tolist()
        scores = head.decision_function(views[0][checking])
        for row, place in zip(scores, checking, strict=True):
            held_out_scores[samples[place].sample_id] = _in_order(row, classes, sorted(taught))
        return softmax(scores), classes

    check = left_out_in_turn(
        samples,
        answer,
        labels=taught,
        model_number=model_number,
        embeddings=views[0] if near_copies else None,
    )
    temperature = 1.0
    if check is not None:
        temperature, check = _calibrated(check, held_out_scores, sorted(taught))
    outcomes = check.outcomes if check else ()
    threshold = choose_threshold(
        [outcome.confidence for outcome in outcomes],
        [outcome.right for outcome in outcomes],
        classes=len(taught),
        trials=independent_trials([outcome.burst_id for outcome in outcomes]),
    )
    trainings = MOST_FOLDS
    began = perf_counter()
    head = fit(slice(None)).calibrate(temperature)  # all of them, without a copy
    training_ms = (perf_counter() - began) * 1000.0
    progress(1.0)
    return Taught(head, check, threshold, training_ms)


def fit_head(
    ids: np.ndarray,
    views: np.ndarray,
    transform: str,
    on_step: Callable[[int, float], None] = lambda step, loss: None,
) -> SoftmaxRegression:
    """One head, taught with every view of n samples; no estimate.

    Args:
        ids: (n,) label ids.
        views: (v, n, d) float32, in that order.
        transform: as `teach` has it.
        on_step: told each step's number and loss.
    """
    rows = views.reshape(-1, views.shape[-1])
    return SoftmaxRegression(transform=transform).fit(rows, np.tile(ids, len(views)), on_step)


def _in_order(scores: np.ndarray, classes: list[str], wanted: list[str]) -> np.ndarray:
    """Scores in the order of all labels; one that a fold's head was not taught cannot be chosen."""
    found = dict(zip(classes, scores.tolist(), strict=True))
    return np.array([found.get(label_id, -np.inf) for label_id in wanted])


def _calibrated(
    check: Check, scores: Mapping[str, np.ndarray], classes: list[str]
) -> tuple[float, Check]:
    """The temperature that the held-out answers ask for, and the check with its confidences."""
    rows = np.array([scores[outcome.sample_id] for outcome in check.outcomes])
    rows = np.maximum(rows, rows[np.isfinite(rows)].min() - 50.0)  # -inf would poison the mean
    places = np.array([classes.index(outcome.label_id) for outcome in check.outcomes])
    temperature = fit_temperature(rows, places)
    confidences = softmax(rows / temperature).max(axis=1)
    outcomes = tuple(
        replace(outcome, confidence=float(confidence))
        for outcome, confidence in zip(check.outcomes, confidences, strict=True)
    )
    return temperature, replace(check, outcomes=outcomes)
