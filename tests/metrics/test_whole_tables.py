"""Distances of whole tables, and how synthetic rows cover real ones."""

import numpy as np
import pandas as pd
import pytest

from skgendisc.metrics import (
    align_tables,
    alpha_precision_beta_recall,
    energy_distance,
    maximum_mean_discrepancy,
    mode_coverage,
    precision_recall_density_coverage,
)
from skgendisc.metrics._views import as_points

DISTANCES = (energy_distance, maximum_mean_discrepancy)


@pytest.mark.parametrize("metric", DISTANCES)
def test_p_values_are_uniform_for_one_distribution(metric):
    p_values = []
    for seed in range(100):
        X, X_new = np.random.default_rng(seed).normal(size=(2, 40, 2))
        result = metric(X, X_new, n_permutations=99, random_state=seed)
        p_values.append(result.p_value)
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.1)
    assert np.mean(np.array(p_values) <= 0.1) < 0.2


@pytest.mark.parametrize("metric", DISTANCES)
def test_a_shift_of_mixed_tables_is_significant(metric, mixed):
    (table, _, _), (synthetic, _, _) = mixed(300, 0), mixed(300, 1)
    synthetic["a"] += 1.0
    assert metric(table, synthetic, n_permutations=99, random_state=0).p_value == 0.01


def test_a_unit_is_a_standard_deviation_another_level_or_a_gap():
    real = pd.DataFrame({"x": [0.0, 10.0], "c": ["a", "a"], "g": [2.0, 4.0]})
    others = pd.DataFrame(
        {
            "x": [0.0, 5.0, 0.0, 0.0, 0.0],
            "c": ["a", "a", "b", None, "a"],
            "g": [2.0, 2.0, 2.0, 2.0, None],
        }
    )
    points, at = as_points(*align_tables(real, others))
    distance = np.linalg.norm(at - points[0], axis=1)
    # A gap stands at the mean, here a standard deviation off, and is flagged besides.
    np.testing.assert_allclose(distance, [0, 1, 1, 1, np.sqrt(2)])


def test_distances_do_not_depend_on_the_units_of_a_column(mixed):
    (table, _, _), (synthetic, _, _) = mixed(200, 0), mixed(200, 1)
    expected = energy_distance(table, synthetic).distance
    table["age"], synthetic["age"] = 365 * table["age"], 365 * synthetic["age"]
    assert energy_distance(table, synthetic).distance == pytest.approx(expected)


def test_a_bandwidth_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match=r"bandwidth must be positive, got 0\.0"):
        maximum_mean_discrepancy([[1.0]], [[1.0]], bandwidth=0.0)


def test_copies_cover_all_and_are_not_authentic():
    X = np.random.default_rng(0).normal(size=(500, 3))
    result = precision_recall_density_coverage(X, X)
    assert (result.precision, result.recall, result.coverage) == (1.0, 1.0, 1.0)
    support = alpha_precision_beta_recall(X, X)
    assert support.authenticity == 0.0


def test_fresh_rows_have_supports_alike_and_are_half_authentic(mixed):
    (table, y, _), (synthetic, z, _) = mixed(1500, 0), mixed(1500, 1)
    result = alpha_precision_beta_recall(table, synthetic, y, z)
    assert result.alpha_precision > 0.95
    assert result.beta_recall > 0.95
    assert result.authenticity == pytest.approx(0.5, abs=0.06)


def test_supports_are_fair_to_tables_of_few_levels():
    rng = np.random.default_rng(0)
    X, X_new = rng.integers(3, size=(2, 1000, 2))
    result = alpha_precision_beta_recall(X, X_new, categorical_features=[0, 1])
    assert result.alpha_precision > 0.95
    assert result.beta_recall > 0.95


def test_a_dropped_cluster_is_not_covered():
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(size=(2, 1000, 2))
    X[:200] += 20.0
    result = precision_recall_density_coverage(X, X_new)
    assert result.coverage == pytest.approx(0.8 * 0.97, abs=0.04)
    assert result.recall < 0.82
    assert result.precision > 0.9


def test_too_few_rows_for_neighbours_are_refused():
    X = np.ones((4, 1))
    with pytest.raises(ValueError, match=r"X_real has 4 row\(s\), and 6 or more"):
        precision_recall_density_coverage(X, X)
    with pytest.raises(ValueError, match=r"X_synthetic has 4 row\(s\)"):
        alpha_precision_beta_recall(np.ones((9, 1)), X)


def test_rows_of_known_modes_have_the_shares_that_chance_gives():
    rng = np.random.default_rng(0)
    line = np.linspace(-4, 4, 5)
    centres = np.array([[a, b] for a in line for b in line])
    mode = rng.integers(25, size=2500)
    X = centres[mode] + 0.05 * rng.standard_normal((2500, 2))
    result = mode_coverage(X, centres, 0.05)
    assert (result.modes_found, result.n_modes) == (25, 25)
    # Of two dimensions, exp(-9/2) lies beyond three standard deviations.
    assert result.high_quality == pytest.approx(1 - np.exp(-4.5), abs=0.006)
    assert result.reverse_kl == pytest.approx(24 / 5000, abs=0.004)


def test_modes_can_have_weights_and_need_enough_rows():
    X, centres = [[0.0], [0.0], [0.0], [5.0]], [[0.0], [5.0], [9.0]]
    result = mode_coverage(X, centres, 1.0, min_rows=2, weights=[3, 1, 0])
    assert result.modes_found == 1
    assert result.reverse_kl == pytest.approx(0.0)


def test_modes_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="as many columns as X_synthetic: got 2 and 1"):
        mode_coverage([[0.0]], [[0.0, 0.0]], 1.0)
    with pytest.raises(ValueError, match="share for each of the 1 modes"):
        mode_coverage([[0.0]], [[0.0]], 1.0, weights=[0.5, 0.5])
