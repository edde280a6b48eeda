"""What is known of made data holds for the data."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm
from sklearn.linear_model import LogisticRegression

from skgendisc.datasets import (
    NormalClasses,
    make_correlated_naive,
    make_gaussian_classes,
    make_gaussian_grid,
    make_gaussian_ring,
)
from skgendisc.joint import GaussianNBSampler, LDASampler, QDASampler

N_MANY = 200_000
MAKERS = [
    make_gaussian_classes,
    make_correlated_naive,
    make_gaussian_grid,
    make_gaussian_ring,
]


@pytest.mark.parametrize("distance", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("prior", [0.5, 0.9])
@pytest.mark.parametrize("correlation", [0.0, -0.7])
def test_bayes_error_of_tied_classes_is_that_of_the_formula(
    distance, prior, correlation
):
    *_, truth = make_gaussian_classes(
        n_features=5,
        distance=distance,
        priors=(1 - prior, prior),
        correlation=correlation,
        return_truth=True,
    )
    step = np.log(prior / (1 - prior)) / distance
    missed, false = norm.cdf([-distance / 2 - step, -distance / 2 + step])
    assert truth.bayes_error == pytest.approx(prior * missed + (1 - prior) * false)


@pytest.mark.parametrize("n_features", [1, 2, 10])
@pytest.mark.parametrize("scales", [(1.0, 1.0), (1.0, 2.0)])
def test_bayes_error_is_the_error_of_the_truth(n_features, scales):
    X, y, truth = make_gaussian_classes(
        N_MANY,
        n_features,
        scales=scales,
        priors=(0.7, 0.3),
        return_truth=True,
        random_state=0,
    )
    error = np.mean(truth.predict(X) != y)
    standard_error = np.sqrt(error * (1 - error) / N_MANY)
    assert truth.bayes_error == pytest.approx(error, abs=4 * standard_error + 5e-4)


def test_summed_bayes_error_is_that_of_the_formula():
    *_, truth = make_gaussian_classes(n_features=3, return_truth=True)
    # Hardly other covariances: the formula is not taken, and its value must come out.
    apart = truth.covariances * np.array([1.0, 1.0 + 1e-9])[:, None, None]
    summed = NormalClasses(truth.means, apart, truth.priors)
    assert summed.bayes_error != truth.bayes_error
    assert summed.bayes_error == pytest.approx(truth.bayes_error, abs=1e-3)


def test_density_and_posterior_are_those_of_normals():
    X, _, truth = make_gaussian_classes(
        20, 3, correlation=0.4, scales=(1.0, 1.7), return_truth=True, random_state=0
    )
    joint = np.column_stack(
        [
            prior * multivariate_normal(mean, covariance).pdf(X)
            for prior, mean, covariance in zip(
                truth.priors, truth.means, truth.covariances, strict=True
            )
        ]
    )
    np.testing.assert_allclose(np.exp(truth.score_samples(X)), joint.sum(axis=1))
    expected = joint / joint.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(truth.predict_proba(X), expected)


def test_true_probabilities_are_calibrated():
    X, y, truth = make_gaussian_classes(
        N_MANY, priors=(0.8, 0.2), scales=(1.0, 0.5), return_truth=True, random_state=0
    )
    proba = truth.predict_proba(X)[:, 1]
    bins = np.digitize(proba, [0.1, 0.3, 0.5, 0.7, 0.9])
    for number in range(6):
        own = bins == number
        spread = np.sqrt(np.mean(proba[own] * (1 - proba[own])) / own.sum())
        assert np.mean(y[own]) == pytest.approx(proba[own].mean(), abs=4 * spread)


@pytest.mark.parametrize("sampler", [LDASampler(), QDASampler()])
def test_models_that_are_right_come_to_the_truth(sampler):
    scales = (1.0, 1.0) if isinstance(sampler, LDASampler) else (1.0, 2.0)
    X, y, truth = make_gaussian_classes(
        N_MANY, 3, scales=scales, correlation=0.5, return_truth=True, random_state=0
    )
    told = sampler.fit(X, y).predict_proba(X)
    assert np.abs(told - truth.predict_proba(X)).max() < 0.03


@pytest.mark.parametrize("priors", [(0.5, 0.5), (0.8, 0.2)])
def test_naive_bayes_comes_to_its_error_and_no_farther(priors):
    X, y, truth = make_correlated_naive(
        N_MANY, priors=priors, return_truth=True, random_state=0
    )
    naive = GaussianNBSampler(shared_variance=True).fit(X, y)
    error = 1 - naive.score(X, y)
    assert truth.naive_bayes_error == pytest.approx(error, abs=0.004)
    assert truth.naive_bayes_error > truth.bayes_error + 0.02
    logistic = LogisticRegression(C=np.inf).fit(X, y)
    own = truth.linear_rule_error(logistic.coef_, logistic.intercept_[0])
    assert own == pytest.approx(truth.bayes_error, abs=2e-4)


def test_distance_is_that_of_mahalanobis():
    *_, truth = make_correlated_naive(distance=3.0, return_truth=True)
    apart = truth.means[1] - truth.means[0]
    squared = apart @ np.linalg.inv(truth.covariances[0]) @ apart
    assert np.sqrt(squared) == pytest.approx(3.0)


@pytest.mark.parametrize("maker", [make_gaussian_grid, make_gaussian_ring])
def test_rows_lie_about_the_centres(maker):
    X, y, truth = maker(50_000, scale=0.02, return_truth=True, random_state=0)
    off = X - truth.means[y]
    np.testing.assert_allclose(off.std(axis=0), 0.02, rtol=0.02)
    share = np.bincount(y) / len(y)
    np.testing.assert_allclose(share, truth.priors, atol=0.006)
    assert truth.bayes_error < 1e-6


def test_columns_of_a_turned_grid_are_not_independent():
    straight, _ = make_gaussian_grid(20_000, scale=0.02, random_state=0)
    turned, *_, truth = make_gaussian_grid(
        20_000, scale=0.02, angle=np.pi / 6, return_truth=True, random_state=0
    )
    for X, on_centres in ((straight, True), (turned, False)):
        shuffled = np.random.default_rng(0).permuted(X, axis=0)
        centres = make_gaussian_grid(return_truth=True)[2].means
        if X is turned:
            centres = truth.means
        nearest = np.linalg.norm(shuffled[:, None] - centres, axis=2).min(axis=1)
        assert (np.mean(nearest < 0.06) > 0.9) == on_centres


@pytest.mark.parametrize("maker", MAKERS)
def test_seeds_give_rows_again_and_others_do_not(maker):
    X, y = maker(30, random_state=3)
    again, labels = maker(30, random_state=3)
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, labels)
    assert not np.isin(maker(30, random_state=4)[0], X).any()


def test_a_sampler_of_the_same_seed_draws_other_noise():
    X, y, truth = make_gaussian_classes(500, return_truth=True, random_state=0)
    drawn, label = LDASampler(random_state=0).fit(X, y).sample(500)
    noise = (X - truth.means[y]).ravel()
    others = (drawn - truth.means[label]).ravel()
    assert abs(np.corrcoef(noise, others)[0, 1]) < 0.15


@pytest.mark.parametrize(
    ("maker", "given", "message"),
    [
        (make_gaussian_classes, {"n_samples": 0}, "n_samples .* got 0"),
        (make_gaussian_classes, {"distance": -1.0}, "distance .* got -1.0"),
        (make_gaussian_classes, {"correlation": 1.0}, "correlation .* got 1.0"),
        (make_gaussian_classes, {"priors": (0.5, 0.6)}, "priors .* got"),
        (make_gaussian_classes, {"scales": (1.0, 0.0)}, "scales .* got"),
        (make_correlated_naive, {"n_informative": 11}, "got 11 of 10"),
        (make_correlated_naive, {"correlation": -0.1}, r"\[0, 1\): got -0.1"),
        (make_gaussian_grid, {"scale": 0.0}, "scale .* got 0.0"),
        (make_gaussian_ring, {"n_modes": 2.5}, "n_modes .* got 2.5"),
    ],
)
def test_what_makes_no_sense_is_refused(maker, given, message):
    with pytest.raises(ValueError, match=message):
        maker(**given)


def test_what_is_known_of_two_tied_classes_is_asked_of_no_others():
    *_, grid = make_gaussian_grid(return_truth=True)
    *_, apart = make_gaussian_classes(scales=(1.0, 2.0), return_truth=True)
    with pytest.raises(ValueError, match="got 25 classes"):
        _ = grid.naive_bayes_error
    with pytest.raises(ValueError, match="covariances of their own"):
        _ = apart.naive_bayes_error
    with pytest.raises(ValueError, match="there are 25"):
        grid.linear_rule_error([1.0, 1.0], 0.0)
    with pytest.raises(ValueError, match="2 columns, as the classes have: got 3"):
        apart.predict([[0.0, 0.0, 0.0]])


def test_a_rule_that_does_not_vary_takes_one_class():
    *_, truth = make_gaussian_classes(priors=(0.7, 0.3), return_truth=True)
    assert truth.linear_rule_error([0.0, 0.0], 0.0) == pytest.approx(0.3)
    assert truth.linear_rule_error([0.0, 0.0], [1.0]) == pytest.approx(0.7)
