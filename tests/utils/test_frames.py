"""Tables of any library: the look of the real rows, given to synthetic ones."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgendisc.utils.frames import (
    LabelFormat,
    TableFormat,
    append_rows,
    check_numeric_columns,
    densify,
)

N = 40


def pandas_frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "float": rng.standard_normal(N),
            "float32": rng.standard_normal(N).astype(np.float32),
            "int8": rng.integers(0, 9, N).astype(np.int8),
            "uint64": rng.integers(0, 9, N).astype(np.uint64),
            "Int64": pd.array(rng.integers(0, 9, N), dtype="Int64"),
            "bool": rng.random(N) < 0.3,
            "boolean": pd.array(rng.random(N) < 0.3, dtype="boolean"),
            "arrow": pd.array(rng.integers(0, 9, N), dtype="int32[pyarrow]"),
            "sparse": pd.arrays.SparseArray(rng.standard_normal(N)),
        },
        index=np.arange(N) * 7,
    )


def polars_frame():
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "float": rng.standard_normal(N),
            "float32": rng.standard_normal(N).astype(np.float32),
            "uint8": rng.integers(0, 9, N).astype(np.uint8),
            "bool": rng.random(N) < 0.3,
        }
    )


@pytest.mark.parametrize("make", [pandas_frame, polars_frame])
def test_restored_rows_have_the_kind_names_and_dtypes(make):
    frame = make()
    values = densify(frame).to_numpy().astype(float)
    restored = TableFormat.of(frame, values).restore(values[:5])
    assert type(restored) is type(frame)
    assert list(restored.columns) == list(frame.columns)
    assert list(restored.dtypes) == list(frame.dtypes)
    np.testing.assert_array_equal(
        densify(restored).to_numpy().astype(float), values[:5]
    )


@pytest.mark.parametrize("make", [pandas_frame, polars_frame])
def test_real_rows_stay_and_synthetic_ones_follow(make):
    frame = make()
    values = densify(frame).to_numpy().astype(float)
    both = append_rows(frame, TableFormat.of(frame, values).restore(values[:5]))
    assert list(both.dtypes) == list(frame.dtypes)
    np.testing.assert_array_equal(
        densify(both).to_numpy()[:N], densify(frame).to_numpy()
    )
    if isinstance(both, pd.DataFrame):
        assert both.index.equals(pd.RangeIndex(N + 5))


def test_whole_numbers_are_rounded_and_stay_in_the_training_range():
    X = np.array([[1, 5], [3, 5]], dtype=np.int32)
    restored = TableFormat.of(X, X.astype(float)).restore(
        np.array([[1.6, 5.4], [-9.0, 1e12]])
    )
    np.testing.assert_array_equal(restored, [[2, 5], [1, 5]])
    assert restored.dtype == np.int32


def test_the_largest_integers_do_not_overflow():
    X = np.array([[2**63 - 1], [0]])
    restored = TableFormat.of(X, X.astype(float)).restore(np.array([[1e30]]))
    assert restored[0, 0] > 2**62


def test_truth_values_are_cut_at_one_half():
    X = np.array([[True], [False]])
    restored = TableFormat.of(X, X.astype(float)).restore(np.array([[0.4], [0.6]]))
    np.testing.assert_array_equal(restored, [[False], [True]])


def test_a_wider_chunk_widens_the_range():
    X = np.array([[1], [3]])
    table = TableFormat.of(X, X.astype(float)).widened(np.array([[8.0]]))
    np.testing.assert_array_equal(table.restore(np.array([[99.0]])), [[8]])


@pytest.mark.parametrize(
    "y",
    [
        pd.Series(list("aab"), name="y", dtype="category"),
        pd.Series(["a", "b", "b"], name="y"),
        pd.Series([True, False, True], dtype="boolean"),
        pl.Series("y", ["a", "b", "b"], dtype=pl.Enum(["b", "a"])),
        pl.Series("y", [0, 1, 1], dtype=pl.Int8),
        np.array(["a", "b", "b"], dtype=object),
        np.array([0, 1, 1], dtype=np.int16),
    ],
    ids=lambda y: f"{type(y).__module__}-{y.dtype}",
)
def test_labels_come_back_with_dtype_and_name(y):
    restored = LabelFormat.of(y).restore(np.asarray(y)[::-1])
    both = append_rows(y, restored)
    assert type(restored) is type(both) is type(y)
    assert both.dtype == y.dtype
    assert list(both) == list(y) + list(y)[::-1]
    assert getattr(both, "name", None) == getattr(y, "name", None)


def test_labels_in_one_frame_column_come_back_in_one():
    y = pd.DataFrame({"y": [0, 1, 1]})
    restored = LabelFormat.of(y).restore(np.array([1, 0]))
    assert restored.equals(pd.DataFrame({"y": [1, 0]}))


def test_indicator_labels_come_back_as_indicators():
    y = np.eye(3, dtype=int)
    restored = LabelFormat.of(y).restore(np.array([2, 0]))
    np.testing.assert_array_equal(restored, [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"n": [1.0, 2.0], "word": ["a", "b"]}),
        pd.DataFrame({"n": [1.0, 2.0], "word": pd.Categorical([1, 2])}),
        pd.DataFrame({"n": [1.0, 2.0], "word": np.array(["a", "b"], dtype=object)}),
        pd.DataFrame({"n": [1.0, 2.0], "word": pd.to_datetime(["2020", "2021"])}),
        pl.DataFrame({"n": [1.0, 2.0], "word": ["a", "b"]}),
    ],
    ids=["str", "category", "object", "datetime", "polars"],
)
def test_columns_without_numbers_are_named(frame):
    with pytest.raises(
        ValueError, match=r"SomeSampler models numbers.*'word'"
    ) as error:
        check_numeric_columns(frame, "SomeSampler")
    assert "'n'" not in str(error.value)


def test_objects_that_are_numbers_pass():
    check_numeric_columns(pd.DataFrame({"n": [1.0, 2]}, dtype=object), "SomeSampler")
