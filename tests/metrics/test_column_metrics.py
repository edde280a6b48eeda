"""Columns alone and in pairs, against values by hand."""

import numpy as np
import pandas as pd
import pytest

from skgendisc.metrics import (
    align_tables,
    column_pair_trends,
    column_shapes,
    mutual_information_error,
    wasserstein_distances,
)


@pytest.fixture
def pair():
    real = pd.DataFrame(
        {
            "n": [0.0, 1.0, 2.0, 10.0, np.nan],
            "m": [0.0, 1.0, 2.0, 10.0, 4.0],
            "c": ["a", "a", "b", "b", None],
            "t": [True, True, True, False, False],
        }
    )
    synthetic = pd.DataFrame(
        {
            "n": [0.5, 1.0, 11.0, np.nan, 2.0],
            "m": [10.0, 2.0, 1.0, 0.0, 3.0],
            "c": ["a", "b", "b", "z", "b"],
            "t": [True, False, False, False, False],
        }
    )
    return real, synthetic


def test_shapes_are_complements_of_distances_of_cells_that_are_there(pair):
    shapes = column_shapes(*pair)
    assert shapes.columns == pytest.approx(
        {
            "n": 1 - 1 / 4,  # after 0: a quarter of the real ones, none of the others
            "m": 1 - 1 / 5,
            "c": 1 - 0.5 * (abs(0.5 - 0.2) + abs(0.5 - 0.6) + 0.2),
            "t": 1 - 0.4,
        }
    )
    assert shapes.score == pytest.approx(np.mean(list(shapes.columns.values())))
    assert shapes.missing_rate_difference == pytest.approx(
        {"n": 0.0, "m": 0.0, "c": -0.2, "t": 0.0}
    )


def test_trends_are_complements_of_differences(pair):
    trends = column_pair_trends(*pair).pairs
    real, synthetic = (table[["n", "m"]].corr().iloc[0, 1] for table in pair)
    assert trends["n", "m"] == pytest.approx(1 - abs(real - synthetic) / 2)
    # Cells of (c, t): a gap of c is a level of its own.
    real_share = {("a", True): 0.4, ("b", True): 0.2, ("b", False): 0.2, "gap": 0.2}
    synthetic_share = {("a", True): 0.2, ("b", False): 0.6, ("z", False): 0.2}
    cells = real_share.keys() | synthetic_share.keys()
    gap = sum(abs(real_share.get(k, 0) - synthetic_share.get(k, 0)) for k in cells)
    assert trends["c", "t"] == pytest.approx(1 - gap / 2)


def test_numbers_beside_levels_are_cut_into_stretches_of_the_real_range(pair):
    real, synthetic = (table[["n", "t"]] for table in pair)
    # Ten stretches of width one from 0 to 10; beyond the range is the last one.
    cut = [[0, 1, 2, 9, "gap"], [0, 1, 9, "gap", 2]]
    cells = [
        dict.fromkeys(zip(of, table["t"], strict=True), 0.2)
        for of, table in zip(cut, (real, synthetic), strict=True)
    ]
    keys = cells[0].keys() | cells[1].keys()
    gap = sum(abs(cells[0].get(k, 0) - cells[1].get(k, 0)) for k in keys)
    assert column_pair_trends(real, synthetic).score == pytest.approx(1 - gap / 2)


def test_constant_columns_have_no_correlation():
    X = np.column_stack([np.arange(5.0), np.ones(5), np.arange(5.0) ** 2])
    trends = column_pair_trends(X, X)
    assert np.isnan(trends.pairs[0, 1])
    assert trends.score == 1.0


def test_levels_that_are_lost_or_new_by_more_than_chance_are_named():
    real = pd.DataFrame({"c": ["a"] * 900 + ["b"] * 99 + ["c"]})
    synthetic = pd.DataFrame({"c": ["a"] * 900 + ["d"] * 100})
    shapes = column_shapes(real, synthetic)
    assert shapes.lost_levels == {"c": ("b",)}
    assert shapes.new_levels == {"c": ("d",)}


def test_independent_columns_pass_by_shapes_and_fail_by_information():
    rng = np.random.default_rng(0)
    common = rng.normal(size=(3000, 1))
    X = common + 0.3 * rng.normal(size=(3000, 3))
    apart = rng.permuted(X, axis=0)
    assert column_shapes(X, apart).score == 1.0
    lost = mutual_information_error(X, apart)
    assert max(lost.synthetic.values()) < 0.01
    assert lost.error == pytest.approx(np.mean(list(lost.real.values())), rel=0.05)
    fresh = rng.normal(size=(3000, 1)) + 0.3 * rng.normal(size=(3000, 3))
    assert mutual_information_error(X, fresh).error < 0.1 * lost.error


def test_unrelated_columns_do_not_hide_a_relation_that_is_lost():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 10))
    X[:, 1] = X[:, 0]
    synthetic = rng.permuted(X, axis=0)
    assert column_pair_trends(X, synthetic).score > 0.97
    assert mutual_information_error(X, synthetic).error > 0.8


def test_wasserstein_distances_are_in_real_standard_deviations():
    X = np.random.default_rng(0).normal(5, 3, size=(500, 2))
    X_new = X + np.array([0.0, 6.0])
    distances = wasserstein_distances(X, X_new).columns
    assert distances[0] == 0.0
    assert distances[1] == pytest.approx(6.0 / X[:, 1].std())


def test_columns_without_values_have_defined_scores():
    real = pd.DataFrame({"none": [None, None], "lost": [1.0, 2.0], "kept": [1.0, 2.0]})
    synthetic = pd.DataFrame(
        {"none": [None] * 2, "lost": [np.nan] * 2, "kept": [1.0, 2.0]}
    )
    shapes = column_shapes(real, synthetic)
    assert np.isnan(shapes.columns["none"])
    assert (shapes.columns["lost"], shapes.columns["kept"]) == (0.0, 1.0)
    assert shapes.score == 0.5
    distances = wasserstein_distances(real, synthetic).columns
    assert np.isnan(distances["none"])
    assert distances["lost"] == np.inf


def test_columns_of_as_many_levels_as_rows_are_compared_quickly():
    n_rows = 20_000
    codes = [f"id {i}" for i in range(n_rows)]
    X = pd.DataFrame({"id": codes, "other": codes[::-1], "x": np.arange(n_rows)})
    assert column_pair_trends(X, X).score == 1.0
    assert mutual_information_error(X, X).error == 0.0


def test_missing_labels_are_refused():
    X, y = np.zeros((4, 1)), ["a", "b", "a", "b"]
    with pytest.raises(ValueError, match="2 of 4 are missing"):
        align_tables(X, X, y=(y, ["a", None, None, "b"]))


@pytest.mark.parametrize(
    ("y", "is_discrete"),
    [
        (np.arange(400) * 3, False),
        (np.arange(400) % 12, True),
        (np.arange(400) % 2 == 0, True),
        (np.array([0, 1] * 200, dtype=object), True),
        (np.arange(400).astype(str), True),
    ],
)
def test_labels_are_classes_unless_they_are_many_numbers(y, is_discrete):
    real, _ = align_tables(np.zeros((400, 1)), np.zeros((400, 1)), y=(y, y))
    assert real.columns[-1].is_discrete == is_discrete
