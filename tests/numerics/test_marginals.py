"""Marginals: what is an atom, and quantiles that invert the shares."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, truncnorm
from sklearn.datasets import load_wine

from skgendisc.numerics import (
    fit_marginals,
    gaussian_box_log_density,
    lattice,
    normal_bounds,
    score_moments,
)

N = 4000
RNG = np.random.default_rng(0)
Y = RNG.integers(0, 2, N)
COLUMNS = {
    "continuous": RNG.standard_normal(N) + Y,
    "spiked": np.where(RNG.random(N) < 0.6, 0.0, RNG.exponential(size=N)),
    "spike inside": np.where(RNG.random(N) < 0.3, 0.25, RNG.standard_normal(N)),
    "whole": RNG.integers(0, 60, N).astype(float),
    "gaps": np.where(RNG.random(N) < 0.2, np.nan, RNG.standard_normal(N)),
    "constant": np.full(N, 3.0),
    "all gaps": np.full(N, np.nan),
    "one value and gaps": np.where(Y == 1, np.nan, 7.0),
}
each_column = pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())


@each_column
def test_quantiles_keep_the_marginal_of_each_class(column):
    for k, marginal in enumerate(fit_marginals(column, Y, 2)):
        drawn = marginal.quantile(np.random.default_rng(k).random(40_000))
        real = column[k == Y]
        assert np.isnan(drawn).mean() == pytest.approx(np.isnan(real).mean(), abs=0.01)
        drawn, real = drawn[~np.isnan(drawn)], real[~np.isnan(real)]
        if len(real) < 2:
            continue
        assert drawn.min() >= column[~np.isnan(column)].min()
        assert drawn.max() <= column[~np.isnan(column)].max()
        at = np.quantile(real, [0.1, 0.3, 0.5, 0.7, 0.9])
        share = [[np.mean(values <= a) for a in at] for values in (drawn, real)]
        np.testing.assert_allclose(*share, atol=0.03)


@each_column
def test_a_quantile_lies_in_the_part_it_was_drawn_from(column):
    u = np.random.default_rng(1).random(5000)
    for marginal in fit_marginals(column, Y, 2):
        start, end = marginal.share(marginal.locate(marginal.quantile(u)))
        assert (start <= u + 1e-12).all()
        assert (u <= end + 1e-12).all()


@each_column
def test_training_values_are_all_inside(column):
    for marginal in fit_marginals(column, Y, 2):
        located = marginal.locate(column)
        assert located.inside.all()
        assert located.known.all()


@each_column
def test_no_value_of_one_class_is_impossible_in_another(column):
    for marginal in fit_marginals(column, Y, 2):
        assert (marginal.probability[marginal.locate(column).cell] > 0).all()
        assert marginal.probability.sum() == pytest.approx(1.0)


def test_no_interval_is_impossible_though_no_row_fell_into_it():
    X, y = load_wine(return_X_y=True)
    for column in X.T:
        for marginal in fit_marginals(column, y, 3):
            assert (marginal.probability[len(marginal.atom) :] > 0).all()


def test_repeated_values_are_atoms_and_others_are_not():
    atoms = {name: fit_marginals(c, Y, 2)[0].atom for name, c in COLUMNS.items()}
    assert len(atoms["continuous"]) == 0
    assert atoms["spiked"].tolist() == [0.0]
    assert atoms["spike inside"].tolist() == [0.25]
    assert atoms["whole"].tolist() == list(range(60))
    assert np.isnan(atoms["gaps"]).tolist() == [True]


def test_declared_categories_are_atoms_however_many():
    codes = np.arange(500.0)
    marginal = fit_marginals(codes, np.zeros(500, int), 1, discrete=True)[0]
    assert len(marginal.atom) == 500


def test_strange_values_are_unknown_or_outside():
    whole = fit_marginals(COLUMNS["whole"], Y, 2)[0]
    located = whole.locate(np.array([3.0, 77.0, np.nan]))
    assert located.cell.tolist() == [3, 59, -1]
    assert located.inside.tolist() == [True, False, False]
    spiked = fit_marginals(COLUMNS["spiked"], Y, 2)[0]
    located = spiked.locate(np.array([-1.0, 1e9]))
    assert located.known.tolist() == [True, True]
    assert located.inside.tolist() == [False, False]


def test_ordered_values_are_smoothed_where_a_class_is_small_and_categories_are_not():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 50, 1000).astype(float)
    y = (np.arange(1000) < 30).astype(int)
    smooth = fit_marginals(values, y, 2)[1].probability
    plain = fit_marginals(values, y, 2, discrete=True)[1].probability
    assert smooth.max() < 0.08 < plain.max()


@pytest.fixture
def correlation():
    mixing = np.random.default_rng(3).standard_normal((4, 4))
    covariance = mixing @ mixing.T
    scale = np.sqrt(np.diag(covariance))
    return covariance / np.outer(scale, scale)


def test_a_point_has_scipys_density(correlation):
    z = np.random.default_rng(0).standard_normal((20, 4))
    ours = gaussian_box_log_density(
        z, z, np.linalg.cholesky(correlation), lattice(8, 4)
    )
    expected = multivariate_normal(np.zeros(4), correlation).logpdf(z)
    np.testing.assert_allclose(ours, expected, rtol=1e-10)


def test_a_box_has_scipys_probability(correlation):
    rng = np.random.default_rng(1)
    lower = rng.standard_normal((10, 4)) - 1
    upper = lower + rng.uniform(0.5, 2.0, (10, 4))
    lower[0, 2], upper[1, 3] = -np.inf, np.inf
    factor = np.linalg.cholesky(correlation)
    ours = gaussian_box_log_density(lower, upper, factor, lattice(4096, 4))
    normal = multivariate_normal(np.zeros(4), correlation)
    expected = [
        np.log(normal.cdf(high, lower_limit=low))
        for low, high in zip(lower, upper, strict=True)
    ]
    np.testing.assert_allclose(ours, expected, atol=0.05)


def test_flat_and_open_directions_mix(correlation):
    # The density at z of the first two columns, whatever the others are.
    z = np.random.default_rng(0).standard_normal((6, 2))
    lower = np.column_stack([z, np.full((6, 2), -np.inf)])
    upper = np.column_stack([z, np.full((6, 2), np.inf)])
    factor = np.linalg.cholesky(correlation)
    ours = gaussian_box_log_density(lower, upper, factor, lattice(64, 4))
    expected = multivariate_normal(np.zeros(2), correlation[:2, :2]).logpdf(z)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_a_row_does_not_depend_on_its_neighbours(correlation):
    lower = np.random.default_rng(2).standard_normal((50, 4))
    factor, points = np.linalg.cholesky(correlation), lattice(64, 4)
    together = gaussian_box_log_density(lower, lower + 1, factor, points)
    alone = gaussian_box_log_density(lower[7:8], lower[7:8] + 1, factor, points)
    np.testing.assert_allclose(together[7], alone[0], rtol=1e-12)


def test_bounds_of_points_are_finite_and_those_of_parts_are_not():
    lower, upper = normal_bounds(np.array([0.0, 0.0, 0.5]), np.array([0.0, 1.0, 0.5]))
    assert np.isfinite(lower[[0, 2]]).all()
    np.testing.assert_array_equal(lower[[0, 2]], upper[[0, 2]])
    assert (lower[1], upper[1]) == (-np.inf, np.inf)


def test_moments_of_scores_are_those_of_a_truncated_normal():
    start = np.array([0.0, 0.0, 0.2, 0.999, 0.4])
    end = np.array([1.0, 0.3, 0.9, 1.0, 0.4 + 1e-6])
    expected = truncnorm.stats(*normal_bounds(start, end), moments="mv")
    np.testing.assert_allclose(score_moments(start, end), expected, atol=1e-8)


def test_the_score_of_a_point_has_no_variance():
    mean, variance = score_moments(np.array([0.5, 0.0]), np.array([0.5, 0.0]))
    assert mean[0] == pytest.approx(0.0, abs=1e-15)
    assert np.isfinite(mean[1])
    np.testing.assert_array_equal(variance, 0.0)


def test_no_interval_bridges_a_void():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 300), rng.normal(1000, 1, 300)])
    marginal = fit_marginals(values, np.zeros(600, dtype=int), 1)[0]
    drawn = marginal.quantile(rng.random(10_000))
    assert np.mean((drawn > 10) & (drawn < 990)) < 0.002
