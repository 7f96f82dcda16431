"""Heads, against scikit-learn and against what a class does to them."""

import io
import tracemalloc

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from kit.core.errors import Conflict
from kit.core.heads import (
    TRANSFORMS,
    KNearestNeighbours,
    NearestClassMean,
    SoftmaxRegression,
    fit_temperature,
    head_from_state,
    softmax,
    softmax_loss,
    to_features,
    training_views,
)
from kit.core.heads.temperature import temperature_for
from kit.core.heads.whitening import Whitening, solve_lower, solve_transposed

ALL = [NearestClassMean, KNearestNeighbours, SoftmaxRegression]


def showing(
    labels: int = 3, each: int = 12, d: int = 64, nuisance: float = 1.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings as a backbone gives them: 0 or more, labels apart, pictures of one label alike but
    for a few strong directions (light, distance) that all labels share."""
    generator = np.random.default_rng(seed)
    world = np.random.default_rng(99)
    centres = world.normal(size=(labels, d))
    light = world.normal(size=(4, d)) * 3.0
    names = np.repeat([f"label {i}" for i in range(labels)], each)
    places = np.repeat(np.arange(labels), each)
    X = centres[places] + nuisance * generator.normal(size=(len(places), 4)) @ light
    X = X + 0.3 * generator.normal(size=X.shape)
    return np.maximum(X + 1.0, 0.0).astype(np.float32), names


# -- what all heads promise ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALL)
def test_a_head_recognises_what_it_was_shown(kind):
    X, y = showing(nuisance=0.1)

    head = kind().fit(X, y)

    new_X, new_y = showing(nuisance=0.1, seed=1)
    assert np.mean(head.predict(new_X) == new_y) > 0.9
    assert head.classes_.tolist() == ["label 0", "label 1", "label 2"]


@pytest.mark.parametrize("kind", ALL)
def test_confidences_are_shares_of_one(kind):
    X, y = showing()
    head = kind().fit(X, y)

    confidences = head.predict_proba(X)

    assert confidences.shape == (len(X), 3)
    assert np.all(confidences >= 0)
    assert np.allclose(confidences.sum(axis=1), 1.0)
    assert np.allclose(softmax(head.decision_function(X)), confidences)
    assert np.array_equal(head.classes_[confidences.argmax(axis=1)], head.predict(X))


@pytest.mark.parametrize("kind", ALL)
def test_two_labels_with_one_picture_each_are_enough(kind):
    X = np.array([[5.0, 1.0, 0.0], [0.0, 1.0, 5.0]])

    head = kind().fit(X, ["cup", "key"])

    assert head.predict(X).tolist() == ["cup", "key"]
    assert np.isfinite(head.predict_proba(X)).all()


@pytest.mark.parametrize("kind", ALL)
def test_the_order_of_showing_does_not_matter(kind):
    X, y = showing()
    shuffled = np.random.default_rng(5).permutation(len(X))

    one = kind().fit(X, y).predict_proba(X)
    other = kind().fit(X[shuffled], y[shuffled]).predict_proba(X)

    assert np.allclose(one, other, atol=2e-3)


@pytest.mark.parametrize("kind", ALL)
def test_the_same_lesson_gives_the_same_bits(kind):
    X, y = showing()
    assert np.array_equal(kind().fit(X, y).predict_proba(X), kind().fit(X, y).predict_proba(X))


@pytest.mark.parametrize("kind", ALL)
def test_one_label_alone_cannot_be_told_apart(kind):
    X, _ = showing()
    with pytest.raises(Conflict) as caught:
        kind().fit(X, ["cup"] * len(X))
    assert caught.value.id == "need-two-labels"


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_broken_numbers_are_refused(kind, bad):
    X, y = showing()
    X[3, 7] = bad
    with pytest.raises(ValueError, match="NaN or infinity"):
        kind().fit(X, y)


@pytest.mark.parametrize("kind", ALL)
def test_nothing_at_all_is_refused(kind):
    with pytest.raises(Conflict):
        kind().fit(np.empty((0, 8)), [])
    with pytest.raises(ValueError, match="do not fit"):
        kind().fit(np.ones((3, 8)), ["a", "b"])
    with pytest.raises(ValueError, match="do not fit"):
        kind().fit(np.ones(8), ["a", "b"])


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("X", [np.zeros((6, 16)), np.ones((6, 16))], ids=["dark", "flat"])
def test_pictures_that_are_all_the_same_leave_it_undecided(kind, X):
    head = kind().fit(X, ["a", "b"] * 3)

    confidences = head.predict_proba(X)

    assert np.allclose(confidences, 0.5, atol=0.15)


@pytest.mark.parametrize("kind", ALL)
def test_what_was_learnt_survives_being_put_away(kind):
    X, y = showing()
    head = kind().fit(X, y)
    file = io.BytesIO()
    np.savez(file, **head.state())
    file.seek(0)

    with np.load(file, allow_pickle=False) as state:
        back = head_from_state(state)

    assert type(back) is kind
    assert np.array_equal(back.predict_proba(X), head.predict_proba(X))


def test_a_state_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a head's state"):
        head_from_state({"head": np.array("oracle")})
    with pytest.raises(ValueError, match="not a head's state"):
        head_from_state({"head": np.array("softmax-regression"), "transform": np.array("root")})


@pytest.mark.parametrize("kind", [NearestClassMean, SoftmaxRegression])
def test_an_exportable_head_is_one_layer_on_its_features(kind):
    X, y = showing()
    head = kind().fit(X, y)

    weights, bias = head.linear()

    assert kind.exportable
    assert weights.dtype == bias.dtype == np.float32
    by_hand = softmax(to_features(X, head.transform) @ weights.T + bias)
    assert np.allclose(by_hand, head.predict_proba(X), atol=1e-6)


def test_a_head_that_keeps_every_sample_cannot_be_exported():
    X, y = showing()
    assert not KNearestNeighbours.exportable
    with pytest.raises(Conflict) as caught:
        KNearestNeighbours().fit(X, y).linear()
    assert caught.value.id == "head-not-exportable"


# -- features --------------------------------------------------------------------------------------


def test_features_are_square_roots_at_length_one():
    X, _ = showing()

    features = to_features(X, "root")

    roots = np.sqrt(X.astype(np.float64))
    assert np.allclose(features, roots / np.linalg.norm(roots, axis=1, keepdims=True), atol=1e-6)
    assert np.allclose(np.linalg.norm(to_features(X - 1.0, "length"), axis=1), 1.0)


def test_each_transform_is_made_of_operators_an_exporter_can_write():
    assert {name for names in TRANSFORMS.values() for name in names} <= {
        "RELU",
        "SQRT",
        "L2_NORMALIZATION",
    }
    with pytest.raises(ValueError, match="no transform 'cube'"):
        SoftmaxRegression(transform="cube")


# -- nearest class mean ----------------------------------------------------------------------------


def test_the_instant_head_names_the_nearest_mean():
    X, y = showing(nuisance=0.3)
    features = to_features(X, "root")
    means = np.array([features[y == label].mean(axis=0) for label in np.unique(y)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    oracle = KNeighborsClassifier(1).fit(means, np.unique(y))

    new_X, _ = showing(nuisance=0.3, seed=3)

    theirs = oracle.predict(to_features(new_X, "root"))
    assert np.array_equal(NearestClassMean().fit(X, y).predict(new_X), theirs)


def test_learning_one_by_one_is_learning_all_at_once():
    X, y = showing()
    by_one = NearestClassMean()
    for embedding, label in zip(X, y.tolist(), strict=True):
        by_one.partial_fit(embedding, label)

    at_once = NearestClassMean().fit(X, y)

    assert np.allclose(by_one.predict_proba(X), at_once.predict_proba(X), atol=1e-6)


def test_what_is_forgotten_is_as_if_never_shown():
    X, y = showing()
    head = NearestClassMean().fit(X, y).partial_fit(X[0] * 2 + 1, "a fourth")
    head.partial_fit(X[5][::-1], "label 0")

    head.forget(X[5][::-1], "label 0").forget(X[0] * 2 + 1, "a fourth")

    never = NearestClassMean().fit(X, y)
    assert head.classes_.tolist() == never.classes_.tolist()
    assert np.allclose(head.predict_proba(X), never.predict_proba(X), atol=1e-6)


def test_the_instant_head_answers_from_the_second_label_on():
    head = NearestClassMean().partial_fit([1.0, 0.0], "cup")
    assert not head.ready
    with pytest.raises(Conflict):
        head.predict([[1.0, 0.0]])

    head.partial_fit([0.0, 1.0], "key")

    assert head.ready
    assert head.predict([[0.9, 0.1]]).tolist() == ["cup"]


def test_what_was_never_learnt_cannot_be_forgotten():
    with pytest.raises(Conflict):
        NearestClassMean().partial_fit([1.0, 0.0], "cup").forget([1.0, 0.0], "key")


# -- k nearest neighbours --------------------------------------------------------------------------


def test_neighbours_are_those_that_scikit_learn_finds():
    X, y = showing()
    head = KNearestNeighbours(k=4).fit(X, y)
    new_X, _ = showing(seed=2)

    positions, cosines = head.neighbours(new_X)

    oracle = KNeighborsClassifier(4, metric="cosine").fit(to_features(X, "root"), y)
    distances, theirs = oracle.kneighbors(to_features(new_X, "root"))
    assert np.array_equal(positions, theirs)
    assert np.allclose(cosines, 1 - distances, atol=1e-5)


def test_with_fewer_samples_than_voters_all_vote():
    head = KNearestNeighbours(k=5).fit([[4.0, 0.0], [0.0, 4.0]], ["a", "b"])
    assert head.neighbours([[1.0, 0.0]])[0].tolist() == [[0, 1]]


def test_nobody_cannot_vote():
    with pytest.raises(ValueError, match="0 neighbours"):
        KNearestNeighbours(k=0)


# -- softmax regression ----------------------------------------------------------------------------


def test_the_slope_is_the_slope():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(20, 6))
    loss = softmax_loss(rows, generator.integers(0, 3, 20), 3, penalty=0.07)
    layer = generator.normal(size=3 * 7)

    _, gradient = loss(layer)

    steps = 1e-6 * np.eye(len(layer))
    slopes = [(loss(layer + step)[0] - loss(layer - step)[0]) / 2e-6 for step in steps]
    assert np.allclose(gradient, slopes, atol=1e-7)


@pytest.mark.parametrize("n", [12, 60], ids=["fewer rows than channels", "more"])
def test_on_whitened_rows_it_ends_where_scikit_learn_ends(n):
    X, y = showing(each=n, d=100)
    head = SoftmaxRegression(C=0.5).fit(X, y)
    head.calibrate(1 / head.temperature_)
    places = np.unique(y, return_inverse=True)[1]
    rows = Whitening(to_features(X, "root"), places, 3, 1.0).rows

    oracle = LogisticRegression(C=0.5, tol=1e-6, max_iter=2000).fit(rows.astype(float), y)

    assert np.allclose(head.predict_proba(X), oracle.predict_proba(rows), atol=0.01)


def test_the_coordinates_of_few_pictures_change_nothing():
    """Fewer rows than channels take a short cut; channels of zeros must not change the answer."""
    X, y = showing(each=40, d=100)
    padded = np.hstack([X, np.zeros((len(X), 60), np.float32)])  # 120 rows: now below 160 channels

    plain = SoftmaxRegression(ridge=1.6).fit(X, y)
    short_cut = SoftmaxRegression(ridge=1.6 * 160 / 100).fit(padded, y)

    assert np.allclose(short_cut.predict_proba(padded), plain.predict_proba(X), atol=0.01)


def test_whitening_makes_pictures_of_one_label_round():
    X, y = showing(each=400, d=16)
    features = to_features(X, "root")
    places = np.unique(y, return_inverse=True)[1]
    white = Whitening(features, places, 3, ridge=1e-4)

    means = np.array([white.rows[places == k].mean(axis=0) for k in range(3)])
    scatter = np.cov((white.rows - means[places]).T, bias=True)

    assert np.allclose(scatter / np.trace(scatter) * 16, np.eye(16), atol=0.05)


def test_with_little_to_learn_from_it_leans_towards_discriminant_analysis():
    """Whitened and strongly penalised, the weights point where LDA's point."""
    X, y = showing(each=200, d=16)
    features = to_features(X, "root").astype(float)
    ours = SoftmaxRegression(C=1e-3, ridge=1e-3).fit(X, y)
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(features, y)

    mine = ours.coef_ - ours.coef_.mean(axis=0)
    lda = theirs.coef_ - theirs.coef_.mean(axis=0)

    cosines = np.sum(mine * lda, axis=1) / np.linalg.norm(mine, axis=1)
    assert np.all(cosines / np.linalg.norm(lda, axis=1) > 0.98)


def test_where_light_misleads_it_beats_the_plain_regression():
    X, y = showing(labels=5, each=5, d=200, nuisance=1.0)
    new_X, new_y = showing(labels=5, each=100, d=200, nuisance=1.0, seed=1)
    plain = LogisticRegression(C=10.0).fit(to_features(X, "root"), y)

    ours = np.mean(SoftmaxRegression().fit(X, y).predict(new_X) == new_y)

    assert ours > np.mean(plain.predict(to_features(new_X, "root")) == new_y) + 0.03


def test_the_learning_curve_falls_from_a_blind_guess():
    X, y = showing()
    told = []

    head = SoftmaxRegression().fit(X, y, on_step=lambda number, loss: told.append((number, loss)))

    assert head.loss_curve_[0] == pytest.approx(np.log(3), abs=1e-3)
    assert head.loss_curve_ == sorted(head.loss_curve_, reverse=True)
    assert told == list(enumerate(head.loss_curve_))[1:]


def test_a_training_that_is_stopped_leaves_the_head_as_it_was():
    class Stopped(Exception):
        pass

    def stop(number, loss):
        raise Stopped

    X, y = showing()
    head = SoftmaxRegression().fit(X, y)
    before = head.predict_proba(X)

    with pytest.raises(Stopped):
        head.fit(X[:24], y[:24], on_step=stop)

    assert np.array_equal(head.predict_proba(X), before)


def test_the_same_photo_twice_does_no_harm():
    X, y = showing(each=4, d=200)

    head = SoftmaxRegression().fit(np.repeat(X, 5, axis=0), np.repeat(y, 5))

    assert np.array_equal(head.predict(X), y)


def test_settings_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match="above 0"):
        SoftmaxRegression(C=0.0)
    with pytest.raises(ValueError, match="above 0"):
        SoftmaxRegression(ridge=-1.0)


def test_second_views_are_for_when_pictures_are_few():
    assert training_views(samples=5 * 20, labels=5, views=2) == 2
    assert training_views(samples=5 * 100, labels=5, views=2) == 1


def test_triangles_are_solved():
    generator = np.random.default_rng(0)
    triangle = np.tril(generator.normal(size=(150, 150))) + 20 * np.eye(150)
    right = generator.normal(size=(150, 4))
    assert np.allclose(triangle @ solve_lower(triangle, right), right)
    assert np.allclose(triangle.T @ solve_transposed(triangle, right), right)


# -- honest confidences ----------------------------------------------------------------------------


def test_before_any_check_a_head_is_nearly_sure_of_what_it_was_taught():
    X, y = showing()
    head = SoftmaxRegression().fit(X, y)
    assert head.predict_proba(X).max(axis=1).mean() == pytest.approx(0.98, abs=1e-3)


def test_where_nothing_was_learnt_no_noise_is_blown_up():
    assert temperature_for(np.full((5, 3), 0.7), 0.98) == 1.0


@pytest.mark.parametrize("truth", [0.4, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found_again(truth):
    generator = np.random.default_rng(0)
    honest = generator.normal(size=(4000, 4)) * 2.0
    places = [generator.choice(4, p=p) for p in softmax(honest)]

    assert fit_temperature(honest * truth, np.array(places)) == pytest.approx(truth, rel=0.1)


def test_a_handful_of_right_answers_does_not_ask_for_certainty():
    scores = np.array([[1.0, 0.0]] * 3)
    assert 0.25 < fit_temperature(scores, np.zeros(3, int)) < 1.0
    assert fit_temperature(np.empty((0, 2)), np.empty(0, int)) == 1.0


def test_a_temperature_changes_confidences_and_no_label():
    X, y = showing()
    head = SoftmaxRegression().fit(X, y)
    before = head.predict_proba(X)

    head.calibrate(3.0)

    assert np.array_equal(head.predict_proba(X).argmax(axis=1), before.argmax(axis=1))
    assert head.predict_proba(X).max() < before.max()
    with pytest.raises(ValueError, match="above 0"):
        head.calibrate(0.0)


def test_training_holds_twenty_thousand_pictures_few_times_over():
    pictures, labels = 3000, 3
    embeddings = np.random.default_rng(0).random((pictures, 1280), np.float32)
    embeddings[np.arange(pictures), np.arange(pictures) % labels] += 5.0
    y = [str(place % labels) for place in range(pictures)]

    tracemalloc.start()
    SoftmaxRegression(max_steps=2).fit(embeddings, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3.6 * embeddings.nbytes
