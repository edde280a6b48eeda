"""What holds for every function of the room."""

import dataclasses

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgendisc.metrics import (
    MetricResult,
    align_tables,
    alpha_precision_beta_recall,
    augmentation_gain,
    classifier_two_sample_test,
    column_pair_trends,
    column_shapes,
    distance_to_closest_record,
    energy_distance,
    exact_copies,
    maximum_mean_discrepancy,
    membership_inference,
    mutual_information_error,
    nearest_neighbour_distance_ratio,
    precision_recall_density_coverage,
    propensity_mse,
    sliced_wasserstein,
    train_synthetic_test_real,
    wasserstein_distances,
)

PAIRS = (
    column_shapes,
    column_pair_trends,
    mutual_information_error,
    wasserstein_distances,
    classifier_two_sample_test,
    propensity_mse,
    energy_distance,
    maximum_mean_discrepancy,
    sliced_wasserstein,
    precision_recall_density_coverage,
    alpha_precision_beta_recall,
)
UTILITY = (train_synthetic_test_real, augmentation_gain)
PRIVACY = (
    distance_to_closest_record,
    nearest_neighbour_distance_ratio,
    exact_copies,
    membership_inference,
)
NEED_ROWS = (
    classifier_two_sample_test,
    energy_distance,
    maximum_mean_discrepancy,
    precision_recall_density_coverage,
    alpha_precision_beta_recall,
)
SAMPLED = [f for f in (*PAIRS, *UTILITY, *PRIVACY) if "max_rows" in f.__kwdefaults__]


def evaluate(metric, tables, y=None, **parameters):
    """A metric of a real, a synthetic and another real table."""
    n_tables = 2 if metric in PAIRS else 3
    if metric in PRIVACY:
        y = None
    if "random_state" in metric.__kwdefaults__:
        parameters.setdefault("random_state", 0)
    labels = [] if y is None else y[:n_tables]
    return metric(*tables[:n_tables], *labels, **parameters)


def flat(result):
    """All that a result holds, to compare."""
    return joblib.hash(dataclasses.asdict(result))


@pytest.fixture
def tables(mixed):
    made = [mixed(150, seed) for seed in range(3)]
    return [table for table, _, _ in made], [y for _, y, _ in made]


@pytest.mark.parametrize("metric", [*PAIRS, *UTILITY, *PRIVACY])
def test_results_are_frozen_and_have_a_main_number(metric, tables):
    result = evaluate(metric, *tables)
    assert isinstance(result, MetricResult)
    assert float(result) == getattr(result, result.main)
    assert np.isfinite(float(result))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(result, result.main, 0.0)


@pytest.mark.parametrize("metric", [*PAIRS, *UTILITY, *PRIVACY])
def test_tables_of_all_kinds_give_the_same(metric, tables):
    X, y = tables
    expected = evaluate(metric, X, y)
    assert flat(evaluate(metric, [pl.from_pandas(t) for t in X], y)) == flat(expected)
    if metric not in PRIVACY:
        assert flat(evaluate(metric, align_tables(*X, y=y))) == flat(expected)
    arrays = [table.to_numpy(dtype=object) for table in X]
    assert float(evaluate(metric, arrays, y)) == float(expected)
    lists = [table.tolist() for table in arrays]
    assert float(evaluate(metric, lists, y)) == float(expected)


@pytest.mark.parametrize("metric", SAMPLED)
def test_rows_are_sub_sampled_by_the_seed(metric, tables):
    first, again, other = (
        evaluate(metric, *tables, max_rows=60, random_state=seed) for seed in (0, 0, 1)
    )
    assert flat(first) == flat(again) != flat(other)
    counts = [v for k, v in dataclasses.asdict(first).items() if k.startswith("n_")]
    assert 60 in counts or not counts


@pytest.mark.parametrize("metric", [*PAIRS, *UTILITY, *PRIVACY])
def test_tables_and_global_randomness_are_left_as_they_were(metric, tables):
    before = joblib.hash((tables, np.random.get_state()[1]))  # noqa: NPY002
    evaluate(metric, *tables)
    assert joblib.hash((tables, np.random.get_state()[1])) == before  # noqa: NPY002


@pytest.mark.parametrize(
    "metric", [m for m in (*PAIRS, *UTILITY, *PRIVACY) if "n_jobs" in m.__kwdefaults__]
)
def test_results_do_not_depend_on_the_number_of_jobs(metric, tables):
    expected = evaluate(metric, *tables)
    assert flat(evaluate(metric, *tables, n_jobs=2)) == flat(expected)


@pytest.mark.parametrize("metric", PAIRS)
def test_identical_tables_have_the_best_value(metric, tables):
    (table, *_), (y, *_) = tables
    value = float(evaluate(metric, [table, table], [y, y]))
    if metric is classifier_two_sample_test:
        assert value < 0.5  # copies: see there
    elif metric is propensity_mse:
        assert value == pytest.approx(0.0, abs=1e-6)
    elif metric in (energy_distance, maximum_mean_discrepancy):
        assert value < 0.0  # unbiased for independent rows, which copies are not
    elif metric in (column_shapes, column_pair_trends):
        assert value == pytest.approx(1.0)
    elif metric in (precision_recall_density_coverage, alpha_precision_beta_recall):
        assert value > 0.85
    else:
        assert value == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("metric", PAIRS)
def test_labels_of_one_table_alone_are_refused(metric, tables):
    X, y = tables
    with pytest.raises(ValueError, match="got y_real alone"):
        metric(X[0], X[1], y[0])


@pytest.mark.parametrize("metric", [*PAIRS, *UTILITY, *PRIVACY])
def test_odd_columns_have_a_place(metric, tables):
    X, y = tables
    for number, table in enumerate(X):
        table["constant"] = 3.0
        table["nothing"] = None
        table["nothing yet"] = None if number == 1 else 1.0
        table["new level"] = "z" if number == 1 else "a"
        table["day"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(table["age"], "D")
        table["key"] = [f"{number}-{row}" for row in range(len(table))]
        table["much"] = 1e300 * table["a"]
    result = evaluate(metric, X, y)
    if metric is wasserstein_distances:
        assert result.columns["nothing yet"] == np.inf
    else:
        assert np.isfinite(float(result))


@pytest.mark.parametrize("metric", [*PAIRS, *PRIVACY])
def test_one_row_has_a_value_or_a_clear_error(metric, tables):
    X, _ = tables
    X[1] = X[1][:1]
    if metric in NEED_ROWS:
        with pytest.raises(ValueError, match=r"X_synthetic has 1 row\(s\), and"):
            evaluate(metric, X)
    else:
        assert np.isfinite(float(evaluate(metric, X)))


@pytest.mark.parametrize("metric", [*PAIRS, *UTILITY, *PRIVACY])
def test_other_columns_and_dtypes_are_refused(metric, tables):
    X, y = tables
    words = X[1].assign(age="old")
    with pytest.raises(ValueError, match=r"'age' holds .* numbers and words"):
        evaluate(metric, [X[0], words, X[2]], y)
    with pytest.raises(ValueError, match=r"one lacks \['age'\]"):
        evaluate(metric, [X[0], X[1].drop(columns="age"), X[2]], y)
