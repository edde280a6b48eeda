"""Shifts of priors, and rising curves over log-odds."""

import numpy as np
import pytest
from scipy.special import expit, log_softmax, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from skgendisc.numerics import (
    fit_isotonic,
    fit_recalibration,
    fit_sigmoid,
    interpolate_rising,
    one_vs_rest_log_odds,
    one_vs_rest_log_proba,
    shift_prior,
)


def test_a_shift_there_and_back_changes_nothing():
    rng = np.random.default_rng(0)
    log_proba = log_softmax(rng.normal(size=(20, 3)), axis=1)
    prior, other = rng.dirichlet(np.ones(3), size=2)
    shifted = shift_prior(log_proba, prior, other)
    expected = np.exp(log_proba) * prior / other
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.exp(shifted), expected)
    np.testing.assert_allclose(shift_prior(shifted, other, prior), log_proba)


def test_a_class_without_rows_is_not_shifted():
    log_proba = np.log([[0.2, 0.3, 0.5]])
    prior, other = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])
    shifted = np.exp(shift_prior(log_proba, prior, other))
    np.testing.assert_allclose(shifted, [[0.4 / 1.1, 0.2 / 1.1, 0.5 / 1.1]])


@pytest.mark.parametrize("n_classes", [2, 3])
def test_log_odds_and_log_probabilities_are_inverse(n_classes):
    rng = np.random.default_rng(0)
    log_proba = log_softmax(30 * rng.normal(size=(50, n_classes)), axis=1)
    back = one_vs_rest_log_proba(one_vs_rest_log_odds(log_proba))
    np.testing.assert_allclose(back, log_proba, rtol=1e-9, atol=1e-12)


def test_sigmoid_is_a_logistic_regression_on_targets_of_platt():
    rng = np.random.default_rng(0)
    z = 100 + 5 * rng.normal(size=80)
    is_class = (z + rng.normal(scale=5, size=80) > 102).astype(float)
    weight = rng.uniform(0.5, 2, size=80)
    slope, intercept = fit_sigmoid(z, is_class, weight)
    inside, outside = weight @ is_class, weight @ (1 - is_class)
    target = np.where(is_class, (inside + 1) / (inside + 2), 1 / (outside + 2))
    logistic = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(
        np.tile(z - 100, 2)[:, None],
        np.repeat([0, 1], 80),
        np.concatenate([weight * (1 - target), weight * target]),
    )
    assert slope == pytest.approx(logistic.coef_[0, 0], rel=1e-4)
    assert intercept + 100 * slope == pytest.approx(logistic.intercept_[0], rel=1e-4)


@pytest.mark.parametrize("n_inside", [0, 10])
def test_sigmoid_stays_finite_where_classes_are_apart(n_inside):
    z = np.linspace(-1, 1, 20)
    is_class = (np.arange(20) >= 20 - n_inside).astype(float)
    slope, intercept = fit_sigmoid(z, is_class, np.ones(20))
    assert abs(slope) < 100
    told = 1 / (1 + np.exp(-(slope * z + intercept)))
    assert told.min() > 0.001
    assert told[is_class == 0].max() < 0.5


def test_sigmoid_does_not_turn_ranks_round():
    z = np.linspace(-6, 6, 50)
    is_class = (z < -4).astype(float)
    slope, intercept = fit_sigmoid(z, is_class, np.ones(50))
    assert slope == pytest.approx(0.01)
    assert expit(slope * z + intercept).mean() == pytest.approx(
        is_class.mean(), abs=0.02
    )


@pytest.fixture
def scored():
    """Log-odds that are twice too sure, classes, and weights, some of them zero."""
    rng = np.random.default_rng(0)
    z = 6 * rng.normal(size=400)
    is_class = (rng.random(400) < expit(z / 2)).astype(float)
    return z, is_class, rng.integers(3, size=400).astype(float)


def test_isotonic_line_goes_through_the_middle_of_isotonic_steps(scored):
    z, is_class, weight = scored
    places, heights = fit_isotonic(z, is_class, weight)
    least = 0.5 / np.count_nonzero(weight)
    steps = IsotonicRegression(y_min=least, y_max=1 - least)
    steps.fit(z, is_class, sample_weight=weight)
    np.testing.assert_allclose(steps.predict(places), expit(heights))
    z, weight = z[weight > 0], weight[weight > 0]
    of_step = np.unique(steps.predict(z), return_inverse=True)[1]
    middle = np.bincount(of_step, weights=weight * z) / np.bincount(of_step, weight)
    np.testing.assert_allclose(places, middle)
    np.testing.assert_allclose(interpolate_rising(places, places, heights), heights)


def test_isotonic_line_keeps_ranks_that_steps_lose(scored):
    z = np.sort(np.append(scored[0], [-40.0, -30.0, 30.0, 40.0]))
    places, heights = fit_isotonic(*scored)
    assert (np.diff(interpolate_rising(z, places, heights)) > 0).all()
    # Twice too sure: half the slope.
    assert np.polyfit(places, heights, 1)[0] == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("n_inside", [0, 10])
def test_isotonic_line_of_one_class_is_flat_and_finite(n_inside):
    is_class = np.repeat([1.0, 0.0], [n_inside, 10 - n_inside])
    places, heights = fit_isotonic(np.arange(10.0), is_class, np.ones(10))
    told = interpolate_rising(np.array([-100.0, 3.0, 100.0]), places, heights)
    np.testing.assert_allclose(expit(told), 0.95 if n_inside else 0.05, atol=1e-3)


def test_isotonic_line_is_no_surer_far_away_than_at_its_ends(scored):
    places, heights = fit_isotonic(*scored)
    told = interpolate_rising(np.array([-1e6, 1e6]), places, heights)
    np.testing.assert_allclose(told, heights[[0, -1]], atol=0.011)


def test_rows_without_weight_make_no_line_surer():
    is_class = np.array([0.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    z, weight = np.arange(6.0), np.ones(6)
    own = fit_isotonic(z, is_class, weight)
    more = [np.concatenate([part, np.zeros(100)]) for part in (z, is_class, weight)]
    np.testing.assert_allclose(fit_isotonic(*more), own)


@pytest.mark.parametrize("probability", [0.1, 0.3, 0.7])
def test_sigmoid_of_equal_log_odds_is_flat(probability):
    log_odds = np.full(50, logit(probability))  # their mean is not the same float
    is_class = np.arange(50) < 20
    slope, intercept = fit_sigmoid(log_odds, is_class, np.ones(50))
    np.testing.assert_allclose(slope, 0.01, atol=1e-12)
    told = expit(slope * log_odds + intercept)
    np.testing.assert_allclose(told, 0.4, atol=0.01)


@pytest.mark.parametrize(("n_rows", "spread"), [(200, 1.5), (200, 12.0), (50, 4.0)])
@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_recalibration_undoes_a_factor_however_far_log_odds_are(n_rows, spread, factor):
    rng = np.random.default_rng(0)
    slopes = []
    for _ in range(100):
        right = spread * rng.normal(size=n_rows)
        is_event = rng.uniform(size=n_rows) < expit(right)
        slopes.append(fit_recalibration(factor * right + 1, is_event)[0])
    np.testing.assert_allclose(np.median(slopes), 1 / factor, rtol=0.1)


def test_recalibration_leaves_right_log_odds_of_classes_far_apart():
    is_event = np.arange(20) < 10
    slope, intercept = fit_recalibration(np.where(is_event, 36.0, -36.0), is_event)
    np.testing.assert_allclose([slope, intercept], [1.0, 0.0], atol=1e-3)
