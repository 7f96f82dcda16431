"""Advice: what helps most, first, and never more than three."""

import numpy as np
import pytest

from kit.core.advice import Advice, LabelFacts, advise, pictures_a_look

VARIED = np.eye(60, dtype=np.float32)
COPIES = np.ones((50, 60), np.float32) + np.random.default_rng(0).normal(0, 0.01, (50, 60))


def label(name, samples=20, bursts=2, *, is_nothing=False, embeddings=None):
    return LabelFacts(f"id of {name}", name, samples, bursts, is_nothing, embeddings)


NOTHING = label("nothing", is_nothing=True)


def ids(*labels):
    return [advice.id for advice in advise(labels)]


def test_a_well_filled_project_hears_nothing():
    assert ids(label("cup", embeddings=VARIED), label("pen"), NOTHING) == []


def test_an_empty_project_hears_nothing_because_its_page_teaches():
    assert ids() == ids(label("cup", 0, 0)) == []


def test_one_label_cannot_be_told_from_anything():
    assert ids(label("cup")) == ["advice-one-label"]


def test_an_empty_label_is_named():
    advice = advise([label("cup"), label("pen", 0, 0)])

    assert advice == [Advice("advice-empty-label", {"label": "pen"}, "id of pen")]


def test_the_poorest_label_is_named_with_its_count():
    (first, *_) = advise([label("cup", 4), label("pen", 2), NOTHING])

    assert first.id == "advice-too-few"
    assert first.values == {"label": "pen", "samples": 2, "enough": 10}
    assert first.label_id == "id of pen"


def test_fifty_identical_photos_are_noticed():
    (first, *_) = advise([label("cup", 50, embeddings=COPIES), label("pen", 40), NOTHING])

    assert (first.id, first.values["label"]) == ("advice-near-copies", "cup")


def test_everything_shown_once_is_one_sentence_and_not_one_a_label():
    assert ids(label("cup", bursts=1), label("pen", bursts=1), NOTHING) == [
        "advice-show-label-again"
    ]
    once = label("nothing", bursts=1, is_nothing=True)
    assert ids(label("cup", bursts=1), label("pen", bursts=1), once) == ["advice-show-again"]


def test_a_lopsided_project_hears_which_label_is_short():
    (first,) = advise([label("cup", 60), label("pen", 20), NOTHING])

    assert first.id == "advice-unbalanced"
    assert first.values == {"label": "pen", "samples": 20, "other": "cup", "other_samples": 60}


def test_with_no_nothing_an_empty_table_will_be_called_something():
    assert ids(label("cup"), label("pen")) == ["advice-no-nothing"]


def test_at_most_three_and_what_helps_most_first():
    told = ids(label("cup", 90, 1, embeddings=COPIES), label("pen", 3, 1), label("key", 0, 0))

    assert told == ["advice-empty-label", "advice-too-few", "advice-near-copies"]


@pytest.mark.parametrize(
    ("embeddings", "copies"),
    [(COPIES, float(len(COPIES))), (VARIED, 1.0), (COPIES[:1], 1.0), (np.zeros((5, 4)), 1.0)],
)
def test_pictures_of_one_look_are_counted_together(embeddings, copies):
    assert pictures_a_look(embeddings) == copies


def test_a_big_label_is_judged_by_a_part_of_it():
    assert pictures_a_look(np.tile(COPIES, (200, 1))) == 200.0


def test_a_burst_in_which_the_object_turns_is_not_scolded():
    turning = np.array([[np.cos(angle), np.sin(angle)] for angle in np.linspace(0, 1.5, 24)])

    told = ids(label("cup", 24, embeddings=turning), label("pen", 24), NOTHING)

    assert "advice-near-copies" not in told  # each frame resembles the next, the first not the last
