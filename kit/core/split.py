"""Which pictures teach and which check: held out by burst, never by frame.

Frames of one burst are near-copies: a head that saw one has all but seen the others, and a check
that splits them flatters. So a burst is an atom here: whole on one side or whole on the other.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST_FOLDS = 5
"""Five trainings are a second's wait, and each still learns from four fifths of the pictures."""


NEAR_COPY_COSINE = 0.97
"""Two embeddings this close are, as far as the model can tell, one picture. Measured with the
shipped backbone: one photo shaken by three pixels 0.974 to 0.99, different photos of one hand sign
at most 0.96."""
_REACH = 64  # pictures before and after: frames of one film lie next to each other


@dataclass(frozen=True, slots=True)
class Fold:
    """One turn: a head taught with `teaching` is asked about `checking`.

    Attributes:
        teaching: (n,) int, positions in the samples handed in, rising.
        checking: (m,) int, likewise; shares no burst with `teaching`.
    """

    teaching: np.ndarray
    checking: np.ndarray


@dataclass(frozen=True, slots=True)
class Turns:
    """A whole split: each sample of a checked burst is in `checking` of exactly one fold."""

    folds: tuple[Fold, ...]
    unchecked_labels: tuple[str, ...]
    """Shown once only: they teach in every turn, and nothing is known of how well they go."""


def split_by_burst(
    labels: Sequence[str], bursts: Sequence[str], *, most_folds: int = MOST_FOLDS
) -> Turns:
    """Grouped k-fold by burst, the same for the same samples in any order.

    k is `most_folds`, or the fewest bursts of a label that has two or more. A label shown in one
    burst only stays in teaching, with the whole of that burst. Every label of a fold's `checking`
    also has samples in its `teaching`: nothing is asked that could not have been learnt.

    Args:
        labels: (n,) the label of each sample.
        bursts: (n,) the burst of each sample; a burst may hold several labels (moved samples).
        most_folds: >= 2.

    Returns:
        No fold where no label has two bursts that can be held out.

    Raises:
        ValueError: the two differ in length, or `most_folds` is below 2.

    >>> turns = split_by_burst(["cup", "cup", "cup", "pen"], ["a", "a", "b", "c"])
    >>> [(fold.teaching.tolist(), fold.checking.tolist()) for fold in turns.folds]
    [([2, 3], [0, 1]), ([0, 1, 3], [2])]
    >>> turns.unchecked_labels
    ('pen',)
    """
    if len(labels) != len(bursts):
        raise ValueError(f"{len(labels)} labels for {len(bursts)} bursts")
    if most_folds < 2:
        raise ValueError("a split has at least two folds")
    labels_of: dict[str, Counter[str]] = defaultdict(Counter)
    for label, burst in zip(labels, bursts, strict=True):
        labels_of[burst][label] += 1
    showings = Counter(label for held in labels_of.values() for label in held)
    once = {label for label, times in showings.items() if times < 2}
    free = {burst: held for burst, held in labels_of.items() if not once & held.keys()}
    unchecked = once | (showings.keys() - {label for held in free.values() for label in held})
    if not free:
        return Turns((), tuple(sorted(unchecked)))
    fewest = min(times for label, times in showings.items() if label not in once)
    fold_of = _deal(free, labels_of, min(most_folds, fewest))
    turn = np.array([fold_of.get(burst, -1) for burst in bursts])
    folds = tuple(
        Fold(np.flatnonzero(turn != number), np.flatnonzero(turn == number))
        for number in sorted(set(fold_of.values()))
    )
    return Turns(folds, tuple(sorted(unchecked)))


def join_near_copies(bursts: Sequence[str], embeddings: np.ndarray) -> list[str]:
    """Bursts, with pictures that came alone and are near copies of each other put into one.

    A file is its own burst, for want of knowing better; but files cut from a film, or downloaded
    from a tool that records many a second, are frames all the same. Bursts of several pictures
    were recorded as such and stay as they are.

    Args:
        bursts: (n,) in order of arrival, or of name.
        embeddings: (n, d) of the same pictures.

    Returns:
        (n,) bursts; joined ones bear the name of their first.

    >>> join_near_copies(["a", "b", "c"], np.array([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0]]))
    ['a', 'a', 'c']
    """
    sizes = Counter(bursts)
    alone = [i for i, burst in enumerate(bursts) if sizes[burst] == 1]
    rows = np.asarray(embeddings, np.float32)[alone]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) if alone else rows
    rows = rows / np.where(lengths > 0, lengths, 1.0)
    group = np.arange(len(alone))  # the first position of each one's group
    for start in range(0, len(alone), _REACH):
        window = rows[start : start + 2 * _REACH]
        near = np.triu(window[:_REACH] @ window.T >= NEAR_COPY_COSINE, 1)
        for row in np.flatnonzero(near.any(axis=1)):
            met = np.unique(group[start + np.append(np.flatnonzero(near[row]), row)])
            if len(met) > 1:
                group[np.isin(group, met)] = met[0]
    joined = list(bursts)
    for i, first in zip(alone, group, strict=True):
        joined[i] = bursts[alone[first]]
    return joined


def _deal(
    free: dict[str, Counter[str]], labels_of: dict[str, Counter[str]], folds: int
) -> dict[str, int]:
    """Deals bursts like cards, the largest first, each to the fold that has least of its labels."""
    showings: Counter[tuple[str, int]] = Counter()
    samples: Counter[int] = Counter()
    fold_of = {}
    for burst in sorted(free, key=lambda b: (-free[b].total(), sorted(free[b]), b)):
        fold = min(
            range(folds),
            key=lambda f: (max(showings[label, f] for label in free[burst]), samples[f], f),
        )
        fold_of[burst] = fold
        samples[fold] += free[burst].total()
        showings.update((label, fold) for label in free[burst])
    if _leaves_something_to_teach(fold_of, labels_of):
        return fold_of
    # Bursts of mixed labels can land so that a fold takes all of a label. One burst a turn cannot:
    # every label here has two.
    return {burst: number for number, burst in enumerate(sorted(free))}


def _leaves_something_to_teach(fold_of: dict[str, int], labels_of: dict[str, Counter[str]]) -> bool:
    places: dict[str, set[int]] = defaultdict(set)
    for burst, held in labels_of.items():
        for label in held:
            places[label].add(fold_of.get(burst, -1))
    return all(folds == {-1} or len(folds) > 1 for folds in places.values())
