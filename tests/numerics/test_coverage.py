"""Balls of nearest neighbours, supports and modes."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from skgendisc.numerics import (
    expected_coverage,
    kl_divergence,
    mode_shares,
    precision_recall_density_coverage,
    support_profile,
)


def by_definition(X, Y, k):
    """Sums as in the papers."""

    def radius(Z):
        return NearestNeighbors(n_neighbors=k + 1).fit(Z).kneighbors(Z)[0][:, -1]

    distance = np.linalg.norm(X[:, None] - Y, axis=2)
    in_x = distance <= radius(X)[:, None] + 1e-9
    in_y = distance <= radius(Y) + 1e-9
    return (
        in_x.any(axis=0).mean(),
        in_y.any(axis=1).mean(),
        in_x.sum(axis=0).mean() / k,
        in_x.any(axis=1).mean(),
    )


@pytest.mark.parametrize("block", [2**22, 300])
@pytest.mark.parametrize("grid", [False, True])
def test_all_four_are_the_sums_of_the_papers(grid, block, monkeypatch):
    monkeypatch.setattr("skgendisc.numerics._distances.BLOCK_ENTRIES", block)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(60, 2)), rng.normal(0.5, size=(45, 2))
    if grid:
        X, Y = np.rint(X), np.rint(Y)
    values = precision_recall_density_coverage(X, Y, 3)
    assert values == pytest.approx(by_definition(X, Y, 3))


@pytest.mark.parametrize(("m", "expected"), [(1000, 0.9690), (500, 0.8690)])
def test_expected_coverage_has_its_published_values(m, expected):
    assert expected_coverage(1000, m, 5) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("m", [300, 150])
def test_coverage_of_one_distribution_is_as_expected_and_density_one(m):
    rng = np.random.default_rng(0)
    values = [
        precision_recall_density_coverage(
            rng.normal(size=(300, 3)), rng.normal(size=(m, 3)), 5
        )
        for _ in range(30)
    ]
    _, _, density, coverage = np.mean(values, axis=0)
    assert coverage == pytest.approx(expected_coverage(300, m, 5), abs=0.006)
    assert density == pytest.approx(1.0, abs=0.02)


def test_supports_hold_as_much_of_another_sample_of_the_same_kind():
    rng = np.random.default_rng(0)
    levels = np.linspace(0, 1, 11)
    profile = support_profile(rng.random(20_000), rng.random(20_000), levels)
    np.testing.assert_allclose(profile, levels, atol=0.015)


def test_equal_distances_are_in_the_supports_in_part():
    levels = np.linspace(0, 1, 11)
    profile = support_profile(np.zeros(1000), np.zeros(500), levels)
    np.testing.assert_allclose(profile, levels, atol=1e-9)


def test_supports_of_a_wide_sample_hold_more_of_a_narrow_one():
    rng = np.random.default_rng(0)
    profile = support_profile(rng.random(999), 0.5 * rng.random(999), np.array([0.5]))
    assert profile[0] == pytest.approx(1.0, abs=0.05)


def test_rows_are_of_the_nearest_mode_and_near_within_its_scale():
    centres = np.array([[0.0], [10.0]])
    X = np.array([[0.5], [4.0], [9.0], [12.5]])
    nearest, is_near = mode_shares(X, centres, [0.1, 1.0], 3.0)
    assert nearest.tolist() == [0, 0, 1, 1]
    assert is_near.tolist() == [False, False, True, True]


def test_divergence_is_that_of_probabilities():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    assert kl_divergence(p, q) == pytest.approx(np.log(2))
    assert kl_divergence(q, p) == np.inf
