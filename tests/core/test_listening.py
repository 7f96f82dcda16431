"""Live listening: heard once, in time, and never what was named as background."""

import numpy as np
import pytest
from scipy.stats import chi2

from kit.core.interval import poisson
from kit.core.listening import (
    REFRACTORY_S,
    STEP_S,
    Listening,
    Said,
    false_alarms,
    hear_all,
    score,
    windows,
)
from kit.core.sound import CLIP_SAMPLES, SAMPLE_RATE_HZ

ROOM, YES, NO = "room", "yes", "no"


def answers(*spans: tuple[str, int], sure: float = 0.94) -> list[dict[str, float]]:
    """One answer a window: (label, how many windows it is the likeliest for) …"""
    rest = (1 - sure) / 2
    return [
        {each: sure if each == label else rest for each in (ROOM, YES, NO)}
        for label, count in spans
        for _ in range(count)
    ]


def heard(stream, threshold=0.75, **options) -> list[tuple[str, int]]:
    """(label, number of the window) of everything that was heard."""
    listening = Listening({ROOM}, **options)
    judged = [
        listening.hear(answer, place * STEP_S, threshold=threshold)
        for place, answer in enumerate(stream)
    ]
    return [(each.label, place) for place, each in enumerate(judged) if each.heard]


def test_a_recording_is_heard_as_live_sound_is():
    stream = answers((ROOM, 4), (YES, 8), (ROOM, 4), (NO, 8))

    told = hear_all(
        ((place * STEP_S, answer) for place, answer in enumerate(stream)),
        threshold=0.75,
        background={ROOM},
    )

    assert [(each.label, each.at_s / STEP_S) for each in told] == heard(stream)


def test_a_word_is_heard_once_however_many_windows_hold_it():
    assert heard(answers((ROOM, 10), (YES, 8), (ROOM, 10))) == [(YES, 12)]


def test_the_very_first_window_proves_nothing_yet():
    assert heard(answers((YES, 1), (ROOM, 5))) == []
    assert heard(answers((YES, 5))) == [(YES, 3)]


def test_one_odd_window_is_no_word():
    assert heard(answers((ROOM, 10), (YES, 1), (ROOM, 10))) == []


def test_a_word_said_twice_is_heard_twice():
    stream = answers((ROOM, 4), (YES, 8), (ROOM, 4), (YES, 8), (ROOM, 4))

    assert [label for label, _ in heard(stream)] == [YES, YES]


def test_a_long_sound_is_heard_once():
    assert len(heard(answers((ROOM, 4), (YES, 80), (ROOM, 4)))) == 1


def test_another_word_right_after_is_heard_once_the_ear_is_free_again():
    stream = answers((ROOM, 4), (YES, 8), (NO, 8))

    first, second = heard(stream)

    assert (first[0], second[0]) == (YES, NO)
    assert (second[1] - first[1]) * STEP_S >= REFRACTORY_S


def test_nothing_new_is_heard_within_the_refractory_time():
    stream = answers((YES, 4), (NO, 2), (YES, 4), (NO, 4))

    places = [place for _, place in heard(stream, smoothed_s=STEP_S)]

    assert all(np.diff(places) * STEP_S >= REFRACTORY_S)


def test_the_background_is_never_heard_though_it_is_known():
    listening = Listening({ROOM})
    judged = [
        listening.hear(a, i * STEP_S, threshold=0.5) for i, a in enumerate(answers((ROOM, 9)))
    ]

    assert all(each.known and each.label == ROOM and not each.heard for each in judged)


def test_below_the_threshold_nothing_is_known_and_nothing_heard():
    stream = answers((YES, 10), sure=0.6)
    listening = Listening()

    judged = [listening.hear(a, i * STEP_S, threshold=0.7) for i, a in enumerate(stream)]

    assert {(each.label, each.known, each.heard) for each in judged} == {(YES, False, False)}


@pytest.mark.parametrize(("step_s", "last"), [(0.125, [0.5, 0.6, 0.7]), (0.25, [0.6, 0.7])])
def test_confidences_are_the_mean_of_the_last_three_eighths_of_a_second(step_s, last):
    listening = Listening()

    for place, share in enumerate([0.9, 0.1, 0.1, 0.1, 0.5, 0.6, 0.7]):
        judged = listening.hear({YES: share, NO: 1 - share}, place * step_s, threshold=0.5)

    assert judged.confidences[YES] == pytest.approx(np.mean(last))
    assert sum(judged.confidences.values()) == pytest.approx(1.0)


def test_the_threshold_may_move_while_somebody_speaks():
    listening = Listening()
    stream = answers((YES, 6), sure=0.8)

    high = [listening.hear(a, i * STEP_S, threshold=0.9) for i, a in enumerate(stream)]
    lower = listening.hear(stream[0], 6 * STEP_S, threshold=0.7)

    assert not any(each.heard for each in high)
    assert lower.heard


def test_a_new_model_with_other_labels_starts_afresh():
    listening = Listening()
    listening.hear({YES: 1.0, NO: 0.0}, 0.0, threshold=0.5)

    judged = listening.hear({"clap": 0.8, "snap": 0.2}, STEP_S, threshold=0.5)

    assert judged.confidences == {"clap": 0.8, "snap": 0.2}


def test_windows_are_the_last_second_again_and_again():
    waveform = np.arange(2 * CLIP_SAMPLES, dtype=np.float32)

    found = list(windows(waveform))

    assert [window.end_s for window in found] == [1 + place * STEP_S for place in range(9)]
    for window in found:
        assert len(window.samples) == CLIP_SAMPLES
        assert window.samples[-1] == window.end_s * SAMPLE_RATE_HZ - 1
    assert list(windows(waveform[: CLIP_SAMPLES - 1])) == []


# --- counting ---


@pytest.mark.parametrize("count", [0, 1, 2, 5, 20, 137, 2000])
def test_the_interval_of_a_count_is_what_scipy_says(count):
    low, high = poisson(count)

    assert low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 if count else 0.0, rel=1e-9)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-9)


def test_the_interval_holds_the_truth_in_95_of_100_recordings():
    counts = np.random.default_rng(0).poisson(3.0, 2000)
    ends = {int(count): poisson(int(count)) for count in np.unique(counts)}

    held = np.mean([ends[int(count)].low <= 3.0 <= ends[int(count)].high for count in counts])

    assert held >= 0.95


def test_fewer_than_none_cannot_be():
    with pytest.raises(ValueError, match="cannot be"):
        poisson(-1)
    with pytest.raises(ValueError, match="0 s"):
        false_alarms(1, 0)


def test_alarms_are_said_an_hour_with_what_their_number_can_prove():
    rate = false_alarms(3, 1200)

    assert (rate.value, rate.minutes) == (9.0, 20.0)
    assert rate.low == pytest.approx(3 * chi2.ppf(0.025, 6) / 2, abs=0.05)
    assert rate.high == pytest.approx(3 * chi2.ppf(0.975, 8) / 2, abs=0.05)


def test_each_word_takes_one_answer_and_the_rest_are_alarms():
    said = [Said(YES, 2.0), Said(NO, 4.0), Said(YES, 6.0), Said(NO, 8.0)]
    answered = [(YES, 2.25), (YES, 2.9), (YES, 4.1), (NO, 7.9), (NO, 20.0)]

    found = score(answered, said)

    assert (found.hits, found.confused, found.missed, found.alarms) == (2, 1, 1, 2)
    assert found.delays_s == (0.25, -0.1)
