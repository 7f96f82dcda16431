"""Live listening: from an answer eight times a second to *this was just said*, once.

    windows(waveform)            each second of it, one every eighth of a second
    Listening().hear(…)          -> Judgement: smoothed, known or not, heard or not
    hear_all(…)                  everything heard in a recording
    false_alarms(…)              how often an hour it hears what nobody said
    score(heard, said)           hits, misses, alarms and delays against what was said

A word is in eight windows and more, and what comes before or after it in some. So confidences are
averaged over the last windows; *heard* is the moment their mean reaches the threshold, and then the
same label has to fall below it first, and any label has to wait, before it may be heard again. What
the pupils named as background is never heard.

Pure; time is handed in. Source of the scheme: Warden (2018), Speech Commands, arXiv 1804.03209.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kit.core.interval import poisson
from kit.core.sound import CLIP_SAMPLES, SAMPLE_RATE_HZ

STEP_S = 0.125
"""How often a window is listened to: eight times a second, half of what a syllable takes."""
SMOOTHED_S = 0.375
"""Over how long answers are averaged: three windows."""
REFRACTORY_S = 0.75
"""How long nothing new is heard after something was: no two words come sooner."""
SECONDS_AN_HOUR = 3600.0

_A_HAIR_S = 1e-6  # a window exactly on an edge falls on the same side whatever rounds


class Window(NamedTuple):
    """One second that is listened to: where it ends, seconds from the beginning, and its sound."""

    end_s: float
    samples: np.ndarray


def windows(waveform: np.ndarray, step_s: float = STEP_S) -> Iterator[Window]:
    """A recording as a live listener has it: the last second, again and again.

    Args:
        waveform: (n,) at 16 kHz; below one second there is no window.
        step_s: from one to the next.

    >>> [window.end_s for window in windows(np.zeros(20_000))]
    [1.0, 1.125, 1.25]
    """
    step = round(step_s * SAMPLE_RATE_HZ)
    for end in range(CLIP_SAMPLES, len(waveform) + 1, step):
        yield Window(end / SAMPLE_RATE_HZ, waveform[end - CLIP_SAMPLES : end])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of the sound just now.

    Attributes:
        label: the likeliest, whatever its confidence.
        confidence: its smoothed confidence, 0..1.
        confidences: of every label, smoothed; they sum to 1.
        known: whether the confidence reaches the threshold.
        heard: this is the moment; said once for each time something is said.
    """

    label: str
    confidence: float
    confidences: Mapping[str, float]
    known: bool
    heard: bool


class Listening:
    """One listener's memory: feed it every answer, in order.

    Args:
        background: labels that are never *heard*, such as the one for the room.
        smoothed_s: over how long answers are averaged.
        refractory_s: how long nothing new is heard after something was.

    >>> listening = Listening(background={"room"})
    >>> said = [("room", 0.1), ("yes", 0.9), ("yes", 0.9), ("yes", 0.9), ("yes", 0.9)]
    >>> answers = [{"yes": share, "room": 1 - share} for _, share in said]
    >>> [listening.hear(a, i / 8, threshold=0.75).heard for i, a in enumerate(answers)]
    [False, False, False, True, False]
    """

    def __init__(
        self,
        background: frozenset[str] | set[str] = frozenset(),
        *,
        smoothed_s: float = SMOOTHED_S,
        refractory_s: float = REFRACTORY_S,
    ) -> None:
        self._background = background
        self._smoothed_s = smoothed_s
        self._refractory_s = refractory_s
        self._answers: deque[tuple[float, Mapping[str, float]]] = deque()
        self._since_s = 0.0
        self._heard_at_s = float("-inf")
        self._still: str | None = None

    def hear(self, confidences: Mapping[str, float], at_s: float, *, threshold: float) -> Judgement:
        """Judge the next answer in the light of the last ones.

        Args:
            confidences: label -> 0..1 of this window, at least one.
            at_s: when the window ended; a clock that rises.
            threshold: 0..1, from which an answer is sure enough; pupils may move it meanwhile.
        """
        if self._answers and self._answers[-1][1].keys() != confidences.keys():
            self._answers.clear()  # another model answers: the old answers are not its own
        if not self._answers:
            self._since_s = at_s
        self._answers.append((at_s, confidences))
        while self._answers[0][0] < at_s - self._smoothed_s + _A_HAIR_S:
            self._answers.popleft()
        smoothed = {
            label: sum(answer[label] for _, answer in self._answers) / len(self._answers)
            for label in confidences
        }
        label = max(smoothed, key=smoothed.__getitem__)
        known = smoothed[label] >= threshold
        if self._still is not None and (label != self._still or not known):
            self._still = None
        heard = (
            known
            and label not in self._background
            and label != self._still
            and at_s - self._since_s >= self._smoothed_s - _A_HAIR_S  # one window proves nothing
            and at_s - self._heard_at_s >= self._refractory_s
        )
        if heard:
            self._still, self._heard_at_s = label, at_s
        return Judgement(label, smoothed[label], smoothed, known, heard)


class Told(NamedTuple):
    """One thing heard, and when its window ended, seconds from the beginning."""

    label: str
    at_s: float


def hear_all(
    answers: Iterable[tuple[float, Mapping[str, float]]],
    *,
    threshold: float,
    background: frozenset[str] | set[str] = frozenset(),
) -> list[Told]:
    """Everything heard in a recording: for false alarms, and against what was said in it.

    Args:
        answers: (end of the window in seconds, label -> confidence), in order.
        threshold: 0..1.
        background: as for `Listening`.
    """
    listening = Listening(background)
    return [
        Told(judged.label, end_s)
        for end_s, confidences in answers
        if (judged := listening.hear(confidences, end_s, threshold=threshold)).heard
    ]


class PerHour(NamedTuple):
    """A rate an hour with its exact 95 % interval, and over how many minutes it was counted."""

    value: float
    low: float
    high: float
    minutes: float


def false_alarms(count: int, seconds: float) -> PerHour:
    """How often an hour something is heard that nobody said.

    Args:
        count: things heard in a recording in which none of the labels is said.
        seconds: how long it is, > 0.

    >>> false_alarms(0, 600)  # ten quiet minutes leave up to 22 an hour to expect
    PerHour(value=0.0, low=0.0, high=22.1, minutes=10.0)
    """
    if seconds <= 0:
        raise ValueError(f"{seconds} s")
    hours = seconds / SECONDS_AN_HOUR
    low, high = poisson(count)
    return PerHour(
        round(count / hours, 1), round(low / hours, 1), round(high / hours, 1), seconds / 60.0
    )


class Said(NamedTuple):
    """What was said, and when it ended, seconds from the beginning of the recording."""

    label: str
    end_s: float


class Score(NamedTuple):
    """How listening went against what was said.

    Attributes:
        hits: words heard as themselves.
        confused: words heard as another one.
        missed: words that nothing was heard of.
        alarms: things heard that nobody said, and words heard twice.
        delays_s: of each hit, from the end of the word to the end of the window that told; below 0
            where it was told before the word ended.
    """

    hits: int
    confused: int
    missed: int
    alarms: int
    delays_s: tuple[float, ...]


def score(
    heard: Sequence[tuple[str, float]],
    said: Sequence[Said],
    *,
    early_s: float = 0.5,
    patience_s: float = 1.0,
) -> Score:
    """Count what was heard against what was said.

    Each word takes the first thing heard from `early_s` before its end to `patience_s` after it
    that no word before has taken; whatever no word takes is a false alarm.

    Args:
        heard: (label, seconds) of each thing heard, in order.
        said: the words, in order.
        early_s: how long before its end a word may be heard.
        patience_s: how long after its end.

    >>> score([("yes", 2.2), ("no", 7.0)], [Said("yes", 2.0), Said("no", 4.0)])
    Score(hits=1, confused=0, missed=1, alarms=1, delays_s=(0.2,))
    """
    left = list(heard)
    hits = confused = missed = 0
    delays = []
    for word in said:
        low, high = word.end_s - early_s, word.end_s + patience_s
        taken = next((each for each in left if low <= each[1] <= high), None)
        if taken is None:
            missed += 1
            continue
        left.remove(taken)
        if taken[0] == word.label:
            hits += 1
            delays.append(round(taken[1] - word.end_s, 3))
        else:
            confused += 1
    return Score(hits, confused, missed, len(left), tuple(delays))
