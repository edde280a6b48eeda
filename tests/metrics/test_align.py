"""Tables read into one form."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgendisc.metrics import AlignedTable, align_tables


def test_numbers_stay_and_levels_become_codes_over_all_tables():
    real = pd.DataFrame({"x": [1.5, None], "c": ["b", "d"], "t": [True, False]})
    other = pd.DataFrame({"x": [3, 4], "c": ["a", None], "t": [True, True]})
    real, other = align_tables(real, other)
    assert [column.kind for column in real.columns] == [
        "continuous",
        "categorical",
        "boolean",
    ]
    assert real.columns[1].levels == ("a", "b", "d")
    np.testing.assert_array_equal(real.values, [[1.5, 1, 1], [np.nan, 2, 0]])
    np.testing.assert_array_equal(other.values, [[3, 0, 1], [4, np.nan, 1]])


def test_labels_are_one_more_column():
    X = pd.DataFrame({"y": [1.0, 2.0]})
    real, other = align_tables(X, X, y=(["no", "yes"], ["yes", "yes"]))
    assert [column.name for column in real.columns] == ["y", "y_"]
    assert real.labels.tolist() == [0, 1]
    assert other.labels.tolist() == [1, 1]
    assert real.without_target().values.tolist() == [[1.0], [2.0]]


def test_labels_that_are_real_numbers_are_no_levels():
    real, _ = align_tables([[0.0]] * 3, [[0.0]], y=([0.5, 1.5, 2.5], [0.1]))
    assert real.columns[1].kind == "continuous"
    assert real.labels is None


def test_frames_are_matched_by_name_and_arrays_by_position():
    real = pd.DataFrame({"a": [1.0], "b": [2.0]})
    swapped = pl.DataFrame({"b": [4.0], "a": [3.0]})
    assert align_tables(real, swapped)[1].values.tolist() == [[3.0, 4.0]]
    assert align_tables(real, np.array([[3.0, 4.0]]))[1].values.tolist() == [[3.0, 4.0]]


@pytest.mark.parametrize("kind", ["pandas", "polars", "objects"])
def test_tables_of_all_kinds_are_read_alike(kind, mixed):
    table, y, _ = mixed(50)
    same = {
        "pandas": table,
        "polars": pl.from_pandas(table),
        "objects": table.to_numpy(dtype=object),
    }[kind]
    expected, _ = align_tables(table, table, y=(y, y))
    values, _ = align_tables(same, same, y=(y, y))
    np.testing.assert_array_equal(values.values, expected.values)


def test_moments_are_steps_from_the_first():
    days = pd.DataFrame({"day": pd.to_datetime(["2020-01-03", "2020-01-05"])})
    real, other = align_tables(days, days - pd.Timedelta("4D"))
    assert real.values.ravel().tolist() == [0.0, 2.0]
    assert other.values.ravel().tolist() == [-4.0, -2.0]


def test_aligned_tables_are_taken_as_they_are():
    pair = align_tables([[1.0], [2.0]], [[3.0]])
    assert align_tables(*pair) == pair
    assert isinstance(pair[0], AlignedTable)


def test_declared_categories_are_levels():
    real, other = align_tables([[1], [2]], [[5]], categorical_features=[0])
    assert real.columns[0].levels == (1, 2, 5)
    assert other.values.tolist() == [[2.0]]


@pytest.mark.parametrize(
    ("real", "other", "message"),
    [
        ({"a": [1]}, {"b": [1]}, r"lacks \['a'\] .* has \['b'\] beside"),
        ({"a": [1]}, {"a": ["x"]}, "'a' holds dtype int64 .* numbers and words"),
        ({"a": [1]}, {"a": [pd.Timestamp("2020")]}, "numbers and datetime"),
        ({"a": [1.0]}, {"a": [np.inf]}, "'a' holds infinity"),
        ({"a": [True]}, {"a": [0.5]}, "other numbers than 0 and 1"),
        ({"a": []}, {"a": [1.0]}, "shape \\(0, 1\\)"),
    ],
)
def test_tables_that_cannot_be_compared_are_refused(real, other, message):
    with pytest.raises(ValueError, match=message):
        align_tables(pd.DataFrame(real), pd.DataFrame(other))


def test_arrays_of_other_widths_are_refused():
    with pytest.raises(ValueError, match="has 2, and the first has 1"):
        align_tables([[1.0]], [[1.0, 2.0]])


def test_labels_of_one_table_alone_are_refused():
    with pytest.raises(ValueError, match=r"\[1, 2\] labels for tables of \[1, 1\]"):
        align_tables([[1.0]], [[1.0]], y=([1], [1, 0]))


def test_tables_of_two_alignments_are_refused():
    first, _ = align_tables([[1.0]], [[1.0]])
    second, _ = align_tables([["a"]], [["b"]])
    with pytest.raises(ValueError, match="one call of align_tables"):
        align_tables(first, second)
    with pytest.raises(ValueError, match="one call of align_tables"):
        align_tables(first, [[1.0]])
    with pytest.raises(ValueError, match="Give it to align_tables"):
        align_tables(first, first, y=([0], [0]))
