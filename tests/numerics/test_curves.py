import numpy as np
import pytest
from scipy.stats import t as student

from skgendisc.numerics import (
    bootstrap_means,
    crossing,
    fit_power_laws,
    part_signs,
)

SIZES = np.geomspace(10, 5000, 8)


def test_bootstrap_means_give_students_intervals_also_where_repeats_are_missing():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((30, 2))
    values[8:, 1] = np.nan
    draws = bootstrap_means(values, 100_000, rng)
    mean, n = np.nanmean(values, axis=0), np.array([30, 8])
    error = np.nanstd(values, axis=0, ddof=1) / np.sqrt(n)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    half = student.ppf(0.975, n - 1) * error
    np.testing.assert_allclose(np.median(draws, axis=0), mean, atol=0.1 * error.min())
    np.testing.assert_allclose((high - low) / 2, half, rtol=0.05)


def test_bootstrap_means_keep_what_points_have_in_common():
    rng = np.random.default_rng(0)
    repeat = rng.standard_normal(10)
    draws = bootstrap_means(np.column_stack([repeat, 1 + 2 * repeat]), 50, rng)
    np.testing.assert_allclose(draws[:, 1], 1 + 2 * draws[:, 0])


@pytest.mark.parametrize(
    ("score", "n_before", "gain"),
    [
        ([-1, -2, 3, 4], 2, 10),
        ([1, 1, 1], 0, 3),
        ([-1, -1, -1], 3, 3),
        ([-5, 1, -4, 9], 3, 17),  # the wiggle is on the losing side
        ([-5, 4, -1, 9], 1, 17),
    ],
)
def test_points_are_parted_where_most_of_the_sum_has_its_sign(score, n_before, gain):
    assert part_signs(np.array(score, dtype=float)) == (n_before, gain)


def test_crossing_is_on_the_line_between_two_points_or_beyond_all():
    place = np.array([0.0, 1.0, 3.0])
    difference = np.array([[-1, -1, 3], [-2, 2, 2], [1, 1, 1], [-1, -1, -1.0]])
    at = crossing(place, difference, np.ones(3))
    np.testing.assert_allclose(at, [1.5, 0.5, -np.inf, np.inf])


def test_crossing_counts_differences_in_units_of_their_noise():
    place, difference = np.arange(4.0), np.array([-9.0, 8.0, -1.0, 1.0])
    assert crossing(place, difference, np.ones(4)) < 1
    assert crossing(place, difference, np.array([9.0, 80.0, 0.1, 0.1])) > 2


@pytest.mark.parametrize(
    ("asymptote", "scale", "rate"),
    [(0.15, 1.3, 0.6), (0.0, 2.0, 1.0), (0.9, -3.0, 0.3), (0.3, 1e3, 3.0)],
)
def test_power_law_is_found_back(asymptote, scale, rate):
    values = asymptote + scale * SIZES**-rate
    found = fit_power_laws(SIZES, values[None], np.ones(8))
    np.testing.assert_allclose(found, [[asymptote, scale, rate]], rtol=1e-5, atol=1e-7)


def test_power_law_at_a_bound_is_the_best_that_has_this_asymptote():
    values = -0.1 + SIZES**-0.3
    asymptote, scale, rate = fit_power_laws(SIZES, values[None], np.ones(8), lower=0.0)[
        0
    ]
    assert asymptote == 0.0

    def loss(scale, rate):
        return ((scale * SIZES**-rate - values) ** 2).sum()

    best = loss(scale, rate)
    for step in (0.99, 1.01):
        assert best < min(loss(scale * step, rate), loss(scale, rate * step))


def test_power_law_gives_no_heed_to_points_of_no_weight():
    values = 0.2 + 2.0 * SIZES**-0.5
    values[0] = 9.0
    weight = np.ones(8)
    weight[0] = 1e-12
    found = fit_power_laws(SIZES, values[None], weight)[0]
    np.testing.assert_allclose(found, [0.2, 2.0, 0.5], rtol=1e-4)


def test_curves_are_fitted_each_for_itself():
    values = 0.1 + np.outer(np.linspace(1, 2, 150), SIZES**-0.7)
    together = fit_power_laws(SIZES, values, np.ones(8))
    alone = fit_power_laws(SIZES, values[77:78], np.ones(8))
    np.testing.assert_allclose(together[77], alone[0], rtol=1e-9)
