"""Distances of samples, against their exact values for normal distributions."""

import numpy as np
import pytest
from scipy.stats import ks_2samp, norm, wasserstein_distance

from skgendisc.numerics import (
    gaussian_kernel,
    kernel_discrepancy,
    kolmogorov_smirnov,
    median_distance,
    minus_distance,
    sliced_wasserstein,
    total_variation,
    wasserstein,
)


def normals(shift, n_columns=1, n_rows=6000, seed=0):
    """Standard normal rows, and such rows moved by a vector of this length."""
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((2, n_rows, n_columns))
    return X, Y + shift / np.sqrt(n_columns)


@pytest.mark.parametrize("ties", [False, True])
def test_kolmogorov_smirnov_is_that_of_scipy(ties):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=200), rng.normal(0.3, size=150)
    if ties:
        x, y = np.rint(x), np.rint(y)
    assert kolmogorov_smirnov(x, y) == pytest.approx(ks_2samp(x, y).statistic)


def test_total_variation_is_half_the_absolute_difference():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.2, 0.3, 0.5])
    assert total_variation(p, q) == pytest.approx(0.5)


@pytest.mark.parametrize("sizes", [(50, 50), (50, 70), (1, 9)])
def test_wasserstein_of_order_one_is_that_of_scipy(sizes):
    rng = np.random.default_rng(0)
    x, y = (rng.exponential(size=size) for size in sizes)
    assert wasserstein(x, y) == pytest.approx(wasserstein_distance(x, y))


def test_wasserstein_of_equally_many_is_the_mean_difference_of_sorted_values():
    x, y = np.array([3.0, 1.0, 2.0]), np.array([1.0, 5.0, 2.0])
    assert wasserstein(x, y, p=2) == pytest.approx((0 + 0 + 4) / 3)


def test_wasserstein_of_normals_is_that_of_their_moments():
    n = 200_000
    place = norm.ppf((np.arange(n) + 0.5) / n)
    squared = wasserstein(place, 1.0 + 2.0 * place[::2], p=2)
    assert squared == pytest.approx(1.0**2 + (2.0 - 1.0) ** 2, rel=1e-3)


@pytest.mark.parametrize("n_columns", [1, 4, 10])
def test_a_shift_has_its_squared_length_over_the_dimension_along_directions(n_columns):
    X, _ = normals(0, n_columns, n_rows=500)
    shift = np.zeros(n_columns)
    shift[0] = 3.0
    squared = sliced_wasserstein(X, X + shift, 20_000, np.random.default_rng(0))
    assert squared.mean() == pytest.approx(9.0 / n_columns, rel=0.03)


@pytest.mark.parametrize(
    ("shift", "expected"), [(0.5, 0.13960), (1.0, 0.54181), (2.0, 1.94426)]
)
def test_energy_distance_of_shifted_normals(shift, expected):
    value, _ = kernel_discrepancy(*normals(shift), minus_distance)
    assert value == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize(
    ("shift", "n_columns", "expected"),
    [(1.0, 1, 0.17727), (1.0, 2, 0.10235), (2.0, 5, 0.06243)],
)
def test_mean_discrepancy_of_shifted_normals(shift, n_columns, expected):
    X, Y = normals(shift, n_columns)
    value, _ = kernel_discrepancy(X, Y, gaussian_kernel(1.0))
    assert value == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("kernel", [minus_distance, gaussian_kernel(0.7)])
def test_discrepancy_is_that_of_all_pairs(kernel):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(7, 2)), rng.normal(size=(5, 2))

    def mean(A, B, own):
        squares = ((A[:, None] - B) ** 2).sum(axis=2)
        values = kernel(squares)
        return values[~np.eye(len(A), dtype=bool)].mean() if own else values.mean()

    expected = mean(X, X, True) + mean(Y, Y, True) - 2 * mean(X, Y, False)
    assert kernel_discrepancy(X, Y, kernel)[0] == pytest.approx(expected)


def test_blocks_make_no_difference(monkeypatch):
    X, Y = normals(0.5, 3, n_rows=100)
    whole = kernel_discrepancy(X, Y, minus_distance, 5, np.random.default_rng(0))
    monkeypatch.setattr("skgendisc.numerics._distances.BLOCK_ENTRIES", 700)
    parts = kernel_discrepancy(X, Y, minus_distance, 5, np.random.default_rng(0))
    assert parts[0] == pytest.approx(whole[0])
    np.testing.assert_allclose(parts[1], whole[1])


def test_unbiased_discrepancy_is_zero_on_average():
    values = [
        kernel_discrepancy(*normals(0.0, 2, n_rows=30, seed=seed), minus_distance)[0]
        for seed in range(400)
    ]
    assert abs(np.mean(values)) < 3 * np.std(values) / 20


def test_permuted_discrepancies_are_as_those_of_one_distribution():
    X, Y = normals(1.0, 2, n_rows=200)
    value, permuted = kernel_discrepancy(
        X, Y, minus_distance, 200, np.random.default_rng(0)
    )
    assert value > 5 * permuted.max()
    assert abs(permuted.mean()) < 4 * permuted.std() / np.sqrt(200)


def test_the_median_distance_of_equal_rows_is_one():
    X = np.ones((5, 2))
    assert median_distance(X, X, np.random.default_rng(0)) == 1.0
