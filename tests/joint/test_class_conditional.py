"""Any density, class by class."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KernelDensity

from skgendisc.joint import ClassConditionalSampler, GaussianNBSampler, QDASampler


@pytest.fixture
def iris():
    return load_iris(return_X_y=True)


def test_one_gaussian_a_class_is_quadratic_discriminant_analysis(iris):
    X, y = iris
    gaussian = ClassConditionalSampler(GaussianMixture(reg_covar=0.0)).fit(X, y)
    np.testing.assert_allclose(
        gaussian.predict_joint_log_proba(X),
        QDASampler().fit(X, y).predict_joint_log_proba(X),
        rtol=1e-6,
    )


def test_without_labels_it_is_the_density_itself(iris):
    X, _ = iris
    kde = ClassConditionalSampler(KernelDensity(bandwidth=0.4)).fit(X)
    expected = KernelDensity(bandwidth=0.4).fit(X)
    np.testing.assert_allclose(kde.score_samples(X), expected.score_samples(X))
    assert kde.score(X) == pytest.approx(expected.score(X) / len(X))
    assert kde.classes_ is None


def test_a_grid_search_chooses_a_bandwidth_by_density(iris):
    X, _ = iris
    grid = {"estimator__bandwidth": [0.01, 0.4, 50.0]}
    kde = ClassConditionalSampler(KernelDensity())
    search = GridSearchCV(kde, grid, cv=3).fit(np.random.default_rng(0).permutation(X))
    assert search.best_params_ == {"estimator__bandwidth": 0.4}


def test_a_mixture_finds_what_one_gaussian_misses():
    # A ring of two lumps around a lump: no Gaussian a class can tell them apart.
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 200)
    X = 0.5 * rng.standard_normal((400, 1))
    X[y == 1] += rng.choice([-2.0, 2.0], size=(200, 1))
    mixture = ClassConditionalSampler(random_state=0).fit(X, y)
    assert mixture.score(X, y) > 0.93
    # The lumps come back, and nothing between them.
    drawn = np.abs(mixture.sample_conditional(np.ones(2000, dtype=int)))
    assert np.mean(drawn < 0.7) < 0.02


def test_draws_repeat_neither_each_other_nor_the_component_order(iris):
    X, y = iris
    mixture = ClassConditionalSampler(GaussianMixture(3), random_state=0).fit(X, y)
    drawn = mixture.sample_conditional(np.zeros(900, dtype=int))
    assert len(np.unique(drawn, axis=0)) == 900
    halves = drawn[:450].mean(axis=0) - drawn[450:].mean(axis=0)
    assert np.abs(halves).max() < 5 * drawn.std() / np.sqrt(450)


def test_a_bayesian_mixture_scores_the_distribution_it_draws_from(iris):
    X, y = iris
    bayesian = BayesianGaussianMixture(n_components=5, random_state=0)
    sampler = ClassConditionalSampler(bayesian, random_state=0).fit(X[:, :1], y)
    grid = np.linspace(0, 14, 20001)[:, None]
    total = np.exp(sampler.score_samples(grid)).sum() * (grid[1] - grid[0])
    assert total == pytest.approx(1.0, abs=1e-6)


def test_our_samplers_serve_as_densities_too(iris):
    X, y = iris
    plain = ClassConditionalSampler(ClassConditionalSampler(), random_state=0)
    assert plain.fit(X, y).score(X, y) > 0.95
    assert plain.sample(5)[0].shape == (5, 4)


def test_a_class_too_small_for_the_density_is_named(iris):
    X, y = iris
    with pytest.raises(ValueError, match=r"GaussianMixture.*class 1.*n_samples = 1"):
        ClassConditionalSampler().fit(X[:51], y[:51])
    small = ClassConditionalSampler(KernelDensity(), random_state=0)
    assert small.fit(X[:51], y[:51]).sample_conditional([1]).shape == (1, 4)


def test_something_that_is_no_density_is_refused(iris):
    with pytest.raises(ValueError, match="'estimator' parameter of ClassConditional"):
        ClassConditionalSampler("kde").fit(*iris)
    with pytest.raises(ValueError, match="requires y"):
        ClassConditionalSampler(GaussianNBSampler()).fit(*iris)
