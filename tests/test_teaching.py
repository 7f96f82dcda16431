"""The one order of teaching: estimate, threshold, model. On embeddings made for the question."""

import numpy as np
import pytest

from kit.core.errors import Cancelled, Conflict
from kit.core.evaluate import Checked
from kit.teaching import teach

LABELS = {"l1": "cup", "l2": "pen", "l3": "key"}
SIZE = 64


def showings(rng, *, of_label=1.0, of_burst=0.0, bursts=4, pictures=6, labels=("l1", "l2")):
    """Samples and their (1, n, d) embeddings: so much label in them, and so much showing."""
    samples, rows = [], []
    for label_id in labels:
        label = rng.random(SIZE)
        for number in range(bursts):
            burst = rng.random(SIZE)
            for picture in range(pictures):
                id = f"{label_id}-{number}-{picture}"
                samples.append(Checked(id, label_id, f"{label_id}-{number}"))
                rows.append(of_label * label + of_burst * burst + 0.02 * rng.random(SIZE))
    return samples, np.array([rows], np.float32)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def test_what_is_easy_is_learnt_and_checked_whole(rng):
    samples, views = showings(rng)

    taught = teach(samples, views, labels=LABELS, model_number=3)

    assert taught.head.classes_.tolist() == ["l1", "l2"]
    assert (taught.check.tally.right, taught.check.tally.n) == (48, 48)
    assert taught.check.model_number == 3
    assert (taught.head.predict(views[0]) == [s.label_id for s in samples]).all()


def test_a_clue_that_belongs_to_the_showing_alone_does_not_flatter_the_check(rng):
    samples, views = showings(rng, of_label=0.0, of_burst=1.0, bursts=8)

    taught = teach(samples, views, labels=LABELS)

    by_heart = np.mean(taught.head.predict(views[0]) == [s.label_id for s in samples])
    assert by_heart == 1.0  # it knows every picture it was shown
    assert taught.check.tally.value < 0.75  # and next to nothing of a new showing


def test_with_one_showing_a_label_nothing_is_estimated_and_the_threshold_is_the_default(rng):
    samples, views = showings(rng, bursts=1)

    taught = teach(samples, views, labels=LABELS)

    assert taught.check is None
    assert taught.threshold == 0.75


def test_a_label_shown_once_is_taught_and_named_as_unchecked(rng):
    samples, views = showings(rng, labels=("l1", "l2"))
    once, its_views = showings(rng, labels=("l3",), bursts=1)

    taught = teach(samples + once, np.concatenate([views, its_views], axis=1), labels=LABELS)

    assert taught.check.unchecked_labels == ("key",)
    assert "l3" in taught.head.classes_


def test_a_label_with_nothing_shown_is_left_aside(rng):
    samples, views = showings(rng)

    assert list(teach(samples, views, labels=LABELS).check.labels) == ["l1", "l2"]


def test_one_label_teaches_nothing(rng):
    samples, views = showings(rng, labels=("l1",))

    with pytest.raises(Conflict) as refused:
        teach(samples, views, labels=LABELS)

    assert refused.value.id == "need-two-labels"


def test_the_head_learns_from_every_view_and_is_asked_about_plain_ones(rng):
    samples, views = showings(rng)
    astray = rng.random((1, len(samples), SIZE)).astype(np.float32)

    plain = teach(samples, views, labels=LABELS)
    both = teach(samples, np.concatenate([views, astray]), labels=LABELS)

    assert not np.allclose(plain.head.coef_, both.head.coef_)
    assert both.check.tally.n == plain.check.tally.n == 48


def test_confidences_of_the_check_are_those_of_a_calibrated_head(rng):
    samples, views = showings(rng, of_label=0.3, of_burst=0.6, bursts=6)

    taught = teach(samples, views, labels=LABELS)

    sure = np.mean([outcome.confidence for outcome in taught.check.outcomes])
    assert taught.head.temperature_ != 1.0
    assert abs(sure - taught.check.tally.value) < 0.2


def test_progress_rises_to_one_and_what_it_raises_ends_the_training(rng):
    samples, views = showings(rng)
    told = []
    teach(samples, views, labels=LABELS, progress=told.append)
    assert told[-1] == 1.0 and told == sorted(told)
    assert len(told) > 10

    def stop(part):
        if part > 0.3:
            raise Cancelled("job-cancelled", "asked to stop")

    with pytest.raises(Cancelled):
        teach(samples, views, labels=LABELS, progress=stop)


def test_the_same_pictures_teach_the_same_model(rng):
    samples, views = showings(rng, of_burst=0.5)

    first, second = (teach(samples, views, labels=LABELS) for _ in range(2))

    assert np.array_equal(first.head.coef_, second.head.coef_)
    assert first.threshold == second.threshold
