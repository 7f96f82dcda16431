"""The map adds up to the logit, finds what was planted, and does not hide evidence against."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.core.explain import class_activation_map, most_similar


def square_root_of_unit_length(embedding):
    """The transform that gives Hellinger's distance; any channel-by-channel one would do here."""
    roots = np.sqrt(embedding)
    return roots / max(np.linalg.norm(roots), 1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 7]), st.integers(2, 5))
def test_the_mean_of_the_map_is_the_centred_logit(seed, side, classes):
    chance = np.random.default_rng(seed)
    feature_map = np.maximum(chance.normal(size=(side, side, 32)), 0).astype(np.float32)
    features = square_root_of_unit_length(feature_map.mean(axis=(0, 1), dtype=np.float64))
    weights = chance.normal(size=(classes, 32))

    evidence = class_activation_map(feature_map, features, weights, 1)

    logits = weights @ features
    assert evidence.signed.mean() == pytest.approx(logits[1] - logits.mean(), abs=1e-4)


def planted():
    """Channel 0 fires top left and speaks for class 0; channel 1 bottom right, for class 1."""
    feature_map = np.full((7, 7, 3), 0.01, np.float32)
    feature_map[1, 1, 0] = 5.0
    feature_map[5, 5, 1] = 3.0
    weights = np.array([[2.0, -1.0, 0.0], [-1.0, 2.0, 0.0], [-1.0, -1.0, 0.0]])
    return feature_map, square_root_of_unit_length(feature_map.mean(axis=(0, 1))), weights


def test_planted_evidence_is_found_where_it_was_planted():
    feature_map, features, weights = planted()

    for class_index, place in [(0, (1, 1)), (1, (5, 5))]:
        heat = class_activation_map(feature_map, features, weights, class_index).heat
        assert np.unravel_index(heat.argmax(), heat.shape) == place
        assert heat.min() >= 0 and heat.max() <= 1


def test_evidence_against_is_shown_as_such():
    feature_map, features, weights = planted()

    evidence = class_activation_map(feature_map, features, weights, 0)

    assert evidence.against[5, 5] > 0.3
    assert evidence.heat[5, 5] == 0
    assert evidence.signed[5, 5] < 0


def test_a_label_for_which_nothing_speaks_has_no_heat():
    """Scaling every map to its own maximum would paint a hot spot on no evidence at all."""
    feature_map, features, weights = planted()

    evidence = class_activation_map(feature_map, features, weights, 2)

    assert evidence.heat.max() < 0.02
    assert evidence.against.max() == 1


def test_a_weight_that_all_labels_share_is_evidence_for_none():
    feature_map, features, weights = planted()

    shared = np.array([7.0, -3.0, 1.0])

    plain = class_activation_map(feature_map, features, weights, 0)
    shifted = class_activation_map(feature_map, features, weights + shared, 0)

    np.testing.assert_allclose(plain.signed, shifted.signed, atol=1e-4)


def test_a_black_picture_has_an_empty_map():
    evidence = class_activation_map(np.zeros((3, 3, 4)), np.zeros(4), np.ones((2, 4)), 0)

    assert not evidence.heat.any() and not evidence.signed.any()


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        class_activation_map(np.zeros((3, 3, 4)), np.zeros(5), np.ones((2, 4)), 0)


def test_the_most_similar_come_first_and_the_picture_itself_not_at_all():
    samples = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.0, 0.0]])

    found = most_similar(samples[0], samples, most=2, leave_out=0)

    assert [position for position, _ in found] == [2, 1]
    assert found[0][1] == pytest.approx(1 / np.sqrt(1.01))
    assert most_similar(np.ones(2), np.empty((0, 2))) == []
