"""Columns of a table of any library: taken apart, looked at, and built again.

A column's *cells* are a narwhals Series, or a numpy vector where the table is an
array. What differs between the two, and between libraries, stays in this file.
"""

from datetime import date
from itertools import repeat
from numbers import Integral, Real
from operator import is_

import narwhals.stable.v2 as nw
import numpy as np

from skgendisc.utils.frames import append_rows

# Flavours of gaps. A polars column, and one of Python objects, can hold both a null
# and a NaN, and each comes back as what it was.
PRESENT, NULL, NAN = 0, 1, 2

# By name, so that pandas, whose missing values these are, need not be imported.
NULL_TYPES = ("NoneType", "NAType", "NaTType")


def is_frame(X):
    """Whether X is an eager frame of a library that narwhals knows."""
    return nw.dependencies.is_into_dataframe(X)


def names_of(X):
    """What the columns of a frame are called; positions in an array."""
    if not is_frame(X):
        return list(range(X.shape[1]))
    if nw.dependencies.is_pandas_like_dataframe(X):
        return list(X.columns)  # narwhals opens no frame with a name that comes twice
    return nw.from_native(X, eager_only=True).columns


def columns_of(X):
    """Cells of each column of a frame, or of a two-dimensional array."""
    if not is_frame(X):
        return list(X.T)
    return [
        _dense(cells) for cells in nw.from_native(X, eager_only=True).iter_columns()
    ]


def table_of(columns, empty):
    """Columns of cells as a table with the look of an empty one."""
    if not is_frame(empty):
        return np.stack(columns, axis=1)
    frame = nw.from_native(empty, eager_only=True)
    if not frame.implementation.is_pandas_like():
        return nw.from_dict(dict(zip(frame.columns, columns, strict=True))).to_native()
    pandas = frame.__native_namespace__()
    natives = [cells.to_native().reset_index(drop=True) for cells in columns]
    table = pandas.concat(natives, axis=1)
    table.columns = empty.columns
    if table.dtypes.equals(empty.dtypes):
        return table
    return table.astype(empty.dtypes)  # sparse columns


def values_of(cells):
    """Cells without gaps as a numpy vector: moments in UTC, words as objects."""
    if isinstance(cells, np.ndarray):
        return cells
    if getattr(_dtype_of(cells), "tz", None) is not None:
        # narwhals does not know the dtypes of all zones.
        return cells.to_native().dt.tz_convert(None).to_numpy()
    return cells.to_numpy()


def take(cells, rows):
    """The cells of some rows, in the order and as often as they are named; a copy."""
    return cells[rows]


def without_rows(X):
    """A frame, array or column that looks the same, and holds on to no row of it."""
    no_rows = np.empty(0, dtype=np.intp)  # a slice would keep all of them in memory
    if is_frame(X):
        return nw.from_native(X, eager_only=True)[no_rows].to_native()
    return X[no_rows]


def cells_like(empty, values):
    """Cells with the dtype of the empty ones, which hold these numbers or moments."""
    if isinstance(empty, np.ndarray):
        return values.astype(empty.dtype)
    native = empty.to_native()
    if not empty.implementation.is_pandas_like():
        series = nw.new_series(empty.name, values, backend=empty.implementation)
        return series.cast(empty.dtype)
    if native.dtype == object:
        return _wrap(type(native)(values.astype(object), dtype=object))
    series = type(native)(values)
    if getattr(native.dtype, "tz", None) is not None:
        series = series.dt.tz_localize("UTC")
    return _wrap(series.astype(native.dtype))


def append_cells(cells, more):
    """Cells of one dtype after one another."""
    if isinstance(cells, np.ndarray):
        return np.concatenate([cells, more])
    return _wrap(append_rows(cells.to_native(), more.to_native()))


def find_gaps(cells):
    """Flavour of the gap in each cell: PRESENT, NULL or NAN, as small ints."""
    if _holds_objects(cells):
        return _gaps_among_objects(values_of(cells))
    if isinstance(cells, np.ndarray):
        if cells.dtype.kind in "fmM":
            return np.isnan(cells).astype(np.int8)
        return np.zeros(len(cells), dtype=np.int8)
    gaps = cells.is_null().to_numpy().astype(np.int8)
    if cells.dtype.is_float():
        nan = cells.is_nan().fill_null(False).to_numpy().astype(bool)
        gaps[nan & (gaps == PRESENT)] = NAN
    return gaps


def without_gaps(cells, flavour):
    """The cells that :func:`find_gaps` found present; all of them are no copy."""
    if not flavour.any():
        return cells
    return take(cells, np.flatnonzero(flavour == PRESENT))


def kind_of(cells):
    """Kind of a column by its dtype, or by its objects; None for an unknown one.

    Parameters
    ----------
    cells : Series or ndarray of shape (n_present,)
        Without gaps.
    """
    if len(cells) == 0:
        return "missing"
    if _holds_objects(cells):
        return _kind_of_objects(values_of(cells))
    letter = getattr(_dtype_of(cells), "kind", "O")  # numpy's and pandas' have one
    if letter != "O":
        return _KIND_OF_LETTER.get(letter)
    dtype = cells.dtype
    if dtype.is_integer() and dtype not in (nw.Int128, nw.UInt128):
        return "integer"
    if dtype.is_float():
        return "continuous"
    return next((k for k, known in _KIND_OF_DTYPE.items() if dtype in known), None)


def describe(cells):
    """What a column is made of, for an error message."""
    if _holds_objects(cells):
        names = sorted({type(value).__name__ for value in values_of(cells)})
        return f"objects of type {', '.join(names)}"
    return f"dtype {_dtype_of(cells)}"


def category_order(cells):
    """Categories of a dtype that lists them, in its order, or None."""
    if isinstance(cells, np.ndarray):
        return None
    if isinstance(cells.dtype, nw.Enum):
        return list(cells.dtype.categories)
    if cells.implementation.is_pandas_like() and hasattr(cells.to_native(), "cat"):
        return list(cells.to_native().cat.categories)
    return None  # polars' Categorical numbers them by appearance in the process


_KIND_OF_LETTER = {
    "b": "boolean",
    "i": "integer",
    "u": "integer",
    "f": "continuous",
    "M": "datetime",
    "m": "duration",
    "U": "categorical",
    "S": "categorical",
}
_KIND_OF_DTYPE = {
    "boolean": (nw.Boolean,),
    "categorical": (nw.String, nw.Categorical, nw.Enum),
    "datetime": (nw.Datetime, nw.Date),
    "duration": (nw.Duration,),
}
# In this order: a bool is an Integral too.
_KIND_OF_OBJECT = {
    "boolean": (bool, np.bool_),
    "integer": (Integral,),
    "continuous": (Real,),
    "categorical": (str, bytes),
    "datetime": (date,),  # and its subclass datetime
}


def _wrap(native):
    return nw.from_native(native, series_only=True)


def _dtype_of(cells):
    """The dtype as the column's own library has it."""
    if isinstance(cells, np.ndarray):
        return cells.dtype
    return getattr(cells.to_native(), "dtype", cells.dtype)


def _dense(cells):
    """The same cells, without the compression of a sparse pandas column."""
    native = cells.to_native()
    return _wrap(native.sparse.to_dense()) if hasattr(native, "sparse") else cells


def _holds_objects(cells):
    # By the library's dtype: narwhals calls objects that are words a String.
    dtype = _dtype_of(cells)
    return isinstance(dtype, np.dtype) and dtype.kind == "O"


def _gaps_among_objects(values):
    types = list(map(type, values))
    gaps = np.zeros(len(values), dtype=np.int8)
    for kind in set(types):
        is_null = kind.__name__ in NULL_TYPES
        if not is_null and not issubclass(kind, float | np.floating):
            continue
        rows = np.flatnonzero(np.fromiter(map(is_, types, repeat(kind)), np.bool_))
        if is_null:
            gaps[rows] = NULL
        else:
            gaps[rows[np.isnan(values[rows].astype(np.float64))]] = NAN
    return gaps


def _kind_of_objects(values):
    types = set(map(type, values))
    kinds = (
        kind
        for kind, known in _KIND_OF_OBJECT.items()
        if all(issubclass(cell_type, known) for cell_type in types)
    )
    kind = next(kinds, None)
    if kind == "datetime" and any(getattr(value, "tzinfo", None) for value in values):
        return None  # the zone would be lost
    return kind
