"""Densities against scipy, draws against moments, factors against their matrix."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm
from sklearn.covariance import ledoit_wolf_shrinkage as sklearn_ledoit_wolf_shrinkage

from skgendisc.numerics import (
    diagonal_gaussian_log_density,
    draw_categorical,
    draw_diagonal_gaussians,
    draw_gaussians,
    draw_tied_gaussians,
    gaussian_factor,
    gaussian_log_density,
    ledoit_wolf_shrinkage,
    shrunk_covariance,
    tied_gaussian_lines,
    tied_gaussian_log_density,
    tied_gaussian_log_ratio,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def covariance(rng):
    # Columns on scales from 1e-2 to 1e2, as in real tables.
    mixing = rng.standard_normal((5, 5)) * np.logspace(-2, 2, 5)[:, None]
    return mixing @ mixing.T


def test_factor_and_whitening_belong_to_the_covariance(covariance):
    factor, whitening, log_det = gaussian_factor(covariance)
    np.testing.assert_allclose(factor @ factor.T, covariance, rtol=1e-12)
    np.testing.assert_allclose(
        whitening.T @ covariance @ whitening, np.eye(5), atol=1e-9
    )
    assert log_det == pytest.approx(np.linalg.slogdet(covariance)[1], rel=1e-10)


def test_rank_does_not_depend_on_units(covariance):
    units = np.logspace(-60, 60, 5)
    assert gaussian_factor(covariance * np.outer(units, units))[0].shape == (5, 5)


def test_singular_covariance_is_factored_on_its_range(rng):
    mixing = rng.standard_normal((6, 3))
    mixing[0] = 0.0  # a constant column
    factor, whitening, log_det = gaussian_factor(mixing @ mixing.T)
    assert factor.shape == whitening.shape == (6, 3)
    np.testing.assert_allclose(factor @ factor.T, mixing @ mixing.T, atol=1e-12)
    eigenvalues = np.linalg.eigvalsh(mixing @ mixing.T)[-3:]
    assert log_det == pytest.approx(np.log(eigenvalues).sum())


def test_log_densities_equal_scipys(rng, covariance):
    means = rng.standard_normal((3, 5))
    X = rng.multivariate_normal(means[0], covariance, size=50)
    _, whitening, log_det = gaussian_factor(covariance)
    expected = np.stack(
        [multivariate_normal(mean, covariance).logpdf(X) for mean in means], axis=1
    )
    one = gaussian_log_density(X, means[0], whitening, log_det)
    np.testing.assert_allclose(one, expected[:, 0], rtol=1e-8)
    centre = means.mean(axis=0)
    places = (means - centre) @ whitening
    tied = tied_gaussian_log_density(X, places, centre, whitening, log_det)
    np.testing.assert_allclose(tied, expected, rtol=1e-8)
    between = gaussian_log_density(X, centre, whitening, log_det)
    lines = tied_gaussian_lines(places, whitening)
    ratio = tied_gaussian_log_ratio(X, centre, *lines)
    np.testing.assert_allclose(ratio + between[:, None], expected, rtol=1e-8)


def test_log_ratio_is_zero_where_it_overflows(covariance):
    _, whitening, _ = gaussian_factor(covariance)
    X = np.array([[1e308, -1e308, 1e308, -1e308, 1e308], np.ones(5)])
    places = 1e8 * np.eye(2, whitening.shape[1])
    lines = tied_gaussian_lines(places, whitening)
    ratio = tied_gaussian_log_ratio(X, np.zeros(5), *lines)
    assert (ratio[0] == 0).all()
    assert (ratio[1] != 0).all()


def test_diagonal_log_density_equals_scipys(rng):
    X, mean, variance = rng.random((20, 4)), rng.random(4), rng.random(4)
    expected = norm(mean, np.sqrt(variance)).logpdf(X).sum(axis=1)
    np.testing.assert_allclose(
        diagonal_gaussian_log_density(X, mean, variance), expected, rtol=1e-12
    )


@pytest.mark.parametrize("distance", [1e160, 1e300])
def test_density_underflows_to_minus_infinity_and_never_to_nan(distance, covariance):
    _, whitening, log_det = gaussian_factor(covariance)
    X = np.array([[distance, -distance, distance, -distance, distance]])
    assert gaussian_log_density(X, np.zeros(5), whitening, log_det) == -np.inf
    assert diagonal_gaussian_log_density(X, np.zeros(5), np.ones(5)) == -np.inf


def test_draws_have_the_moments_of_their_class(rng, covariance):
    # More rows than a block holds, and a last block that is not full.
    y = rng.permutation(np.repeat([0, 1], [30_000, 20_000]))
    means = np.array([np.zeros(5), np.sqrt(np.diag(covariance))])
    factors = [gaussian_factor(scale * covariance)[0] for scale in (1.0, 9.0)]
    scales = np.sqrt(np.diag(covariance)) * np.array([[1.0], [3.0]])
    draws = {
        "diagonal": draw_diagonal_gaussians(y, means, scales, rng),
        "tied": draw_tied_gaussians(y, means, factors[0], rng),
        "full": draw_gaussians(y, means, factors, rng),
    }
    for kind, X in draws.items():
        for k, scale in enumerate((1.0, 9.0 if kind != "tied" else 1.0)):
            rows = X[y == k] / np.sqrt(scale * np.diag(covariance))
            centre = means[k] / np.sqrt(scale * np.diag(covariance))
            np.testing.assert_allclose(rows.mean(axis=0), centre, atol=0.03)
            root = np.sqrt(np.diag(covariance))
            correlation = covariance / np.outer(root, root)
            wanted = np.eye(5) if kind == "diagonal" else correlation
            np.testing.assert_allclose(np.cov(rows.T), wanted, atol=0.04, err_msg=kind)


def test_categorical_draws_follow_the_probabilities_and_skip_zeros(rng):
    probabilities = np.array([0.0, 0.2, 0.0, 0.7, 0.1, 0.0])
    share = np.bincount(draw_categorical(probabilities, 100_000, rng), minlength=6)
    np.testing.assert_allclose(share / 100_000, probabilities, atol=0.01)
    assert not share[probabilities == 0].any()


def test_shrinkage_keeps_the_trace_and_ends_in_a_sphere(covariance):
    both = np.stack([covariance, 2 * covariance])
    shrunk = shrunk_covariance(both, 0.3)
    np.testing.assert_allclose(
        np.trace(shrunk, axis1=1, axis2=2), np.trace(both, axis1=1, axis2=2)
    )
    sphere = shrunk_covariance(covariance, 1.0)
    np.testing.assert_allclose(sphere, np.eye(5) * np.trace(covariance) / 5)


@pytest.mark.parametrize("shape", [(8, 3), (10, 40), (500, 6)])
def test_ledoit_wolf_equals_scikit_learns(rng, shape):
    Z = rng.standard_normal(shape) @ np.diag(np.linspace(1, 3, shape[1]))
    Z -= Z.mean(axis=0)
    expected = sklearn_ledoit_wolf_shrinkage(Z, assume_centered=True)
    assert ledoit_wolf_shrinkage(Z) == pytest.approx(expected, rel=1e-9)


def test_ledoit_wolf_weights_count_rows(rng):
    Z = rng.standard_normal((12, 4))
    weight = np.arange(12.0) % 4
    repeated = np.repeat(Z, weight.astype(int), axis=0)
    expected = ledoit_wolf_shrinkage(repeated)
    assert ledoit_wolf_shrinkage(Z, weight) == pytest.approx(expected)


def test_shrinkage_of_two_rows_is_not_below_zero():
    # Below zero by rounding, it gave columns without variance a negative one.
    rng = np.random.default_rng(0)
    for _ in range(200):
        Z = rng.normal(size=(2, 8))
        assert 0 <= ledoit_wolf_shrinkage(Z - Z.mean(axis=0)) <= 1
