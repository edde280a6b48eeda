"""TableEncoder gives back what it was given, whatever the dtype of the column."""

from datetime import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from polars.testing import assert_frame_equal as assert_polars_equal

from skgendisc.preprocessing import TableEncoder

property_test = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

TRUTH = st.booleans()
WHOLE = st.integers(-(2**53), 2**53)
POSITIVE = st.integers(0, 2**53)
BYTE = st.integers(-128, 127)
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
TENTHS = st.integers(-999, 999).map(lambda tenths: tenths / 10)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=3)
LEVELS = st.sampled_from(["high", "low"])
DAYS = st.integers(-(10**4), 10**5)
SECONDS = st.integers(-(10**9), 4 * 10**9)
MILLISECONDS = SECONDS.map(lambda seconds: seconds * 1000 + 1)
MICROSECONDS = st.integers(-(10**15), 4 * 10**15)  # years 1938 to 2096
NANOSECONDS = MICROSECONDS.map(lambda microseconds: microseconds * 1000)

encoders = st.builds(
    TableEncoder,
    numeric=st.sampled_from(["standard", "quantile-normal", "mode"]),
    categories=st.sampled_from(["one-hot", "ordinal"]),
)


def cells(values, gap=None):
    """Strategy of lists, some of whose cells are gaps, and sometimes all."""
    some = st.lists(st.one_of(values, st.just(gap)), min_size=1, max_size=12)
    return st.one_of(st.lists(values, min_size=1, max_size=12), some, st.just([gap]))


def dense(values):
    return st.lists(values, min_size=1, max_size=12)


def of_dtype(dtype):
    return lambda values: pd.Series(values, dtype=dtype)


def moments(unit, zone=None, letter="M"):
    def make(values):
        ticks = [np.iinfo(np.int64).min if v is None else v for v in values]
        series = pd.Series(np.array(ticks).view(f"{letter}8[{unit}]"))
        if zone is None:
            return series
        return series.dt.tz_localize("UTC").dt.tz_convert(zone)

    return make


def arrow(dtype, physical=None):
    def make(values):
        values = pa.array(values, physical or dtype).cast(dtype)
        return pd.Series(values, dtype=pd.ArrowDtype(dtype))

    return make


def ordered(values):
    return pd.Series(pd.Categorical(values, ["high", "unseen", "low"], ordered=True))


PANDAS = {
    "int8": (dense(BYTE), of_dtype("int8")),
    "int64": (dense(WHOLE), of_dtype("int64")),
    "uint64": (dense(POSITIVE), of_dtype("uint64")),
    "Int8": (cells(BYTE), of_dtype("Int8")),
    "Int64": (cells(WHOLE), of_dtype("Int64")),
    "UInt64": (cells(POSITIVE), of_dtype("UInt64")),
    "int64[pyarrow]": (cells(WHOLE), arrow(pa.int64())),
    "float32": (cells(TENTHS), of_dtype("float32")),
    "float64": (cells(CENTS), of_dtype("float64")),
    "Float32": (cells(TENTHS), of_dtype("Float32")),
    "Float64": (cells(CENTS), of_dtype("Float64")),
    "double[pyarrow]": (cells(CENTS), arrow(pa.float64())),
    "bool": (dense(TRUTH), of_dtype("bool")),
    "boolean": (cells(TRUTH), of_dtype("boolean")),
    "bool[pyarrow]": (cells(TRUTH), arrow(pa.bool_())),
    "object words": (cells(WORDS), of_dtype(object)),
    "object words, NaN": (cells(WORDS, np.nan), of_dtype(object)),
    "object integers": (cells(WHOLE), of_dtype(object)),
    "object booleans": (cells(TRUTH), of_dtype(object)),
    "object dates": (cells(st.dates()), of_dtype(object)),
    "object datetimes": (
        cells(st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1))),
        of_dtype(object),
    ),
    "string[python]": (cells(WORDS), of_dtype("string[python]")),
    "string[pyarrow]": (cells(WORDS), of_dtype("string[pyarrow]")),
    "arrow string": (cells(WORDS), arrow(pa.string())),
    "category": (cells(WORDS), of_dtype("category")),
    "category of integers": (cells(WHOLE), of_dtype("category")),
    "ordered category": (cells(LEVELS), ordered),
    "arrow dictionary": (
        cells(WORDS),
        arrow(pa.dictionary(pa.int32(), pa.string()), pa.string()),
    ),
    "datetime64[s]": (cells(SECONDS), moments("s")),
    "datetime64[us]": (cells(MICROSECONDS), moments("us")),
    "datetime64[ns]": (cells(NANOSECONDS), moments("ns")),
    "datetime64[us, zone]": (cells(MICROSECONDS), moments("us", "Europe/Berlin")),
    "datetime64[ns, zone]": (cells(NANOSECONDS), moments("ns", "America/New_York")),
    "timedelta64[us]": (cells(MICROSECONDS), moments("us", letter="m")),
    "timestamp[pyarrow]": (
        cells(MICROSECONDS),
        arrow(pa.timestamp("us", tz="America/New_York"), pa.int64()),
    ),
    "date32[pyarrow]": (cells(DAYS), arrow(pa.date32(), pa.int32())),
    "duration[pyarrow]": (cells(SECONDS), arrow(pa.duration("ms"), pa.int64())),
}


@pytest.mark.parametrize("dtype", PANDAS)
@property_test
@given(data=st.data(), encoder=encoders)
def test_pandas_columns_come_back_as_they_were(dtype, data, encoder):
    strategy, make = PANDAS[dtype]
    X = pd.DataFrame({"column": make(data.draw(strategy))})
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert_frame_equal(decoded, X, check_exact=True)


POLARS = {
    pl.Int8: BYTE,
    pl.Int64: WHOLE,
    pl.UInt8: st.integers(0, 255),
    pl.UInt64: POSITIVE,
    pl.Float32: TENTHS,
    pl.Float64: st.one_of(CENTS, st.just(np.nan)),
    pl.Boolean: TRUTH,
    pl.String: WORDS,
    pl.Categorical: WORDS,
    pl.Enum(["low", "unseen", "high"]): LEVELS,
    pl.Datetime("ms"): MILLISECONDS,
    pl.Datetime("us", "Europe/Berlin"): MICROSECONDS,
    pl.Datetime("ns"): NANOSECONDS,
    pl.Date: DAYS,
    pl.Duration("us"): MICROSECONDS,
    pl.Null: st.none(),
}


@pytest.mark.parametrize("dtype", POLARS, ids=str)
@property_test
@given(data=st.data(), encoder=encoders)
def test_polars_columns_come_back_as_they_were(dtype, data, encoder):
    values = data.draw(cells(POLARS[dtype]))
    physical = pl.Int64 if dtype.is_temporal() else dtype
    X = pl.DataFrame({"column": pl.Series(values, dtype=physical).cast(dtype)})
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert_polars_equal(decoded, X, check_exact=True)


@property_test
@given(
    rows=st.lists(
        st.tuples(*(st.one_of(v, st.none()) for v in (WHOLE, CENTS, TRUTH, WORDS))),
        min_size=1,
        max_size=12,
    ),
    encoder=encoders,
)
def test_arrays_of_objects_come_back_as_they_were(rows, encoder):
    X = np.array(rows, dtype=object)
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert decoded.dtype == object
    assert decoded.tolist() == X.tolist()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, np.bool_, "U3"])
@property_test
@given(data=st.data(), encoder=encoders)
def test_plain_arrays_come_back_as_they_were(dtype, data, encoder):
    values = data.draw(dense(st.integers(0, 999)))
    X = np.array(values).astype(dtype)[:, None]
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert decoded.dtype == X.dtype
    np.testing.assert_array_equal(decoded, X)


@property_test
@given(
    values=dense(st.floats(allow_nan=False, allow_infinity=False)),
    width=st.sampled_from([np.float64, np.float32]),
    encoder=encoders,
)
def test_floats_of_any_size_come_back_within_rounding(values, width, encoder):
    X = np.clip(values, -np.finfo(width).max, np.finfo(width).max).astype(width)
    Z = encoder.fit_transform(X[:, None])
    assert np.isfinite(Z).all()
    back = encoder.inverse_transform(Z)[:, 0].astype(float)
    X = X.astype(float)
    rounding = 1e-11 * max(np.abs(X).max(), np.finfo(float).tiny)
    np.testing.assert_allclose(back / 2, X / 2, rtol=1e-12, atol=rounding)


@pytest.mark.filterwarnings("ignore:invalid value")  # of scikit-learn's own sum
@property_test
@given(data=st.data(), encoder=encoders)
def test_any_finite_matrix_becomes_a_valid_table(data, encoder):
    X = pl.DataFrame(
        {
            "whole": [3, -4, None],
            "cents": [0.25, 1.5, None],
            "small": pl.Series([0.1, 1e-3, 3.14159265358979], dtype=pl.Float32),
            "truth": [True, None, False],
            "word": ["a", "b", None],
            "day": pl.Series([0, 400, None], dtype=pl.Int32).cast(pl.Date),
        }
    )
    Z = encoder.fit_transform(X)
    row = st.lists(
        st.floats(allow_nan=False, allow_infinity=False),
        min_size=Z.shape[1],
        max_size=Z.shape[1],
    )
    decoded = encoder.inverse_transform(np.array(data.draw(st.lists(row, min_size=1))))
    assert decoded.schema == X.schema
    assert decoded["whole"].drop_nulls().is_between(-4, 3).all()
    assert set(decoded["word"].drop_nulls()) <= {"a", "b"}
    assert decoded["day"].drop_nulls().is_between(X["day"].min(), X["day"].max()).all()
    for name in ("cents", "small"):
        assert decoded[name].drop_nulls().is_finite().all()


def mixed_pandas_frame(n=300):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "normal": rng.standard_normal(n),
            "price": np.where(
                rng.random(n) < 0.2, np.nan, rng.integers(0, 999, n) / 100
            ),
            "count": pd.array(np.where(rng.random(n) < 0.1, None, 7), dtype="Int64"),
            "word": rng.choice(["x", "y", None], n),
            "seen": pd.to_datetime("2024-01-01")
            + pd.to_timedelta(np.arange(n), unit="h"),
            "empty": np.full(n, np.nan),
            "constant": 5,
            "sparse": pd.arrays.SparseArray(rng.integers(0, 2, n)),
        },
        index=rng.permutation(n),
    )


@pytest.mark.parametrize("numeric", ["standard", "quantile-normal", "mode"])
def test_mixed_frames_come_back_in_one_piece(numeric):
    X = mixed_pandas_frame()
    encoder = TableEncoder(numeric=numeric)
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert_frame_equal(decoded, X.reset_index(drop=True), rtol=1e-12)


@pytest.mark.parametrize("numeric", ["standard", "quantile-normal", "mode"])
def test_long_columns_come_back_exactly(numeric):
    # Farther apart than a thousand knots could tell.
    rng = np.random.default_rng(0)
    X = pl.DataFrame(
        {
            "whole": np.append(rng.integers(0, 9, 3000), [2**53, -(2**53), 2**53 - 1]),
            "moment": pl.Series(
                np.append(rng.integers(0, 10**6, 3000), [0, 1, 2**53])
            ).cast(pl.Datetime("us", "UTC")),
            "cents": np.append(rng.integers(0, 999, 3001) / 100, [1e11, 1e9 + 0.01]),
        }
    )
    encoder = TableEncoder(numeric=numeric)
    decoded = encoder.inverse_transform(encoder.fit_transform(X))
    assert_polars_equal(decoded, X, check_exact=True)
