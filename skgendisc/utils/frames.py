"""Tables in, tables out: give synthetic rows the look of the real ones.

A model works on a float matrix. What the user's table looked like - array, pandas or
polars frame, its names and dtypes - is kept here as a table without rows, and given
to the rows that the model draws.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw
import numpy as np
from scipy.sparse import issparse, vstack
from scipy.special import ndtri


def is_native_table(data):
    """Whether data is an eager frame or series of a library that narwhals knows."""
    return nw.dependencies.is_into_dataframe(data) or nw.dependencies.is_into_series(
        data
    )


def densify(X):
    """Turn a pandas frame of sparse columns into a dense one; leave all else as is."""
    # check_array would hand such a frame on as a scipy matrix.
    try:
        return X.sparse.to_dense()
    except AttributeError:
        return X


def check_numeric_columns(X, name):
    """Refuse a frame with columns that hold no numbers.

    Parameters
    ----------
    X : array-like or frame
    name : str
        Of the estimator that asks.

    Raises
    ------
    ValueError
        Names the columns and their dtypes, and names that come twice.
    """
    if not (nw.dependencies.is_into_dataframe(X) and hasattr(X, "dtypes")):
        return
    names = list(X.columns)
    twice = sorted({str(column) for column in names if names.count(column) > 1})
    if twice:
        raise ValueError(
            f"X has several columns of the same name: {twice}. Rename them, so that "
            "each has a name of its own."
        )
    refused = {
        column: str(dtype)
        for column, dtype in zip(X.columns, _dtypes(X), strict=True)
        if _kind(dtype) not in "iufb" and not _is_object_of_numbers(X, column, dtype)
    }
    if refused:
        raise ValueError(
            f"{name} models numbers, but these columns hold none (with their dtype): "
            f"{refused}. {_advice(name)}"
        )


@contextmanager
def advising(name):
    """Context that adds advice to an error about gaps or words.

    Parameters
    ----------
    name : str
        Of the estimator at work.
    """
    try:
        yield
    except ValueError as error:
        if not re.search("contains NaN|could not convert string", str(error)):
            raise
        raise ValueError(f"{error}\n\n{_advice(name)}") from error


def _advice(name):
    """What takes tables of all kinds in place of a sampler that takes numbers."""
    return (
        "TransformedSampler(TableEncoder(), LDASampler()) or another sampler of "
        f"numbers in its place takes categories and gaps, as {name} does not; "
        "MixedNBSampler() and GaussianCopulaSampler() take them as they are."
    )


@dataclass(frozen=True)
class TableFormat:
    """How a table looked, so that rows of floats can be given the same look.

    Parameters
    ----------
    empty : ndarray or native frame
        The table without its rows.
    integer, boolean : ndarray of shape (n_features,), dtype bool
        Which columns hold whole numbers, and which hold truth values.
    lower, upper : ndarray of shape (n_features,)
        Range of each column in the training rows.
    cut : ndarray of shape (n_features,)
        From where on a truth value is true.
    """

    empty: object
    integer: np.ndarray
    boolean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cut: np.ndarray

    @classmethod
    def of(cls, X, values):
        """Format of a table whose content is the float matrix ``values``."""
        if is_native_table(X):
            empty = nw.from_native(X, eager_only=True).head(0).to_native()
            kinds = [_kind(dtype) for dtype in _dtypes(empty)]
        else:
            empty = X.tocsr()[:0] if issparse(X) else np.asarray(X)[:0].copy()
            kinds = [empty.dtype.kind] * values.shape[1]
        kinds = np.array(kinds)
        if issparse(values) or not np.isin(kinds, ["i", "u", "b"]).any():
            values = np.zeros((1, values.shape[1]))  # nothing will be clipped or cut
        return cls(
            empty,
            np.isin(kinds, ["i", "u"]),
            kinds == "b",
            values.min(axis=0),
            values.max(axis=0),
            cut_for_rate(np.clip(values.mean(axis=0), 0.0, 1.0)),
        )

    def widened(self, values):
        """The same format, with a range that holds these rows as well."""
        if issparse(values):
            return self
        return replace(
            self,
            lower=np.minimum(self.lower, values.min(axis=0)),
            upper=np.maximum(self.upper, values.max(axis=0)),
        )

    def restore(self, values, rng=None):
        """Rows of floats as rows of the table.

        Whole numbers are rounded and kept inside the training range, truth values
        cut where a Gaussian with their moments is true as often as they were.

        Parameters
        ----------
        values : ndarray or sparse matrix of shape (n_rows, n_features)
            A sparse one holds counts, which are taken as they are.
        rng : numpy.random.Generator, default=None
            For formats that draw; this one does not.

        Returns
        -------
        X : ndarray, CSR matrix or native frame
        """
        if issparse(values):
            return rows_like(self.empty, values)
        if self.integer.any() or self.boolean.any():
            values = values.copy()
            whole = np.rint(values[:, self.integer])
            lower, upper = self.lower[self.integer], self.upper[self.integer]
            # The greatest float below 2**63: casting one above it would overflow.
            upper = np.minimum(upper, np.nextafter(2.0**63, 0))
            values[:, self.integer] = np.clip(whole, lower, upper)
            values[:, self.boolean] = values[:, self.boolean] >= self.cut[self.boolean]
        return rows_like(self.empty, values)


@dataclass(frozen=True)
class LabelFormat:
    """How labels looked: vector, series, one-column frame or indicator matrix.

    Parameters
    ----------
    empty : ndarray, native series or native frame
        The labels without their rows.
    """

    empty: object

    @classmethod
    def of(cls, y):
        """Format of labels of any kind."""
        if is_native_table(y):
            return cls(
                nw.from_native(y, eager_only=True, allow_series=True)
                .head(0)
                .to_native()
            )
        empty = np.asarray(y)[:0]
        # As in imbalanced-learn, labels in one column come back as a vector.
        if empty.ndim == 2 and empty.shape[1] == 1:
            empty = empty.ravel()
        return cls(empty.copy())

    def restore(self, labels):
        """A vector of labels in the look of the labels that were read.

        Parameters
        ----------
        labels : ndarray of shape (n_rows,)

        Returns
        -------
        y : ndarray, native series or native frame
        """
        if np.ndim(self.empty) == 2:
            n_columns = self.empty.shape[1]
            if n_columns == 1:
                labels = labels[:, None]
            else:
                labels = labels[:, None] == np.arange(n_columns)
        return rows_like(self.empty, labels)


def cut_for_rate(rate):
    """Cut above which a Gaussian, of an indicator's moments, is as often as that.

    A cut at one half would make rare things rarer where a model draws their indicator
    from a Gaussian. It lies between 0 and 1, so that indicators themselves are told.

    Parameters
    ----------
    rate : ndarray of shape (n,)
        Fractions of the rows.

    Returns
    -------
    cut : ndarray of shape (n,)
    """
    rate = np.clip(rate, 1e-9, 1 - 1e-9)
    return rate + np.sqrt(rate * (1 - rate)) * ndtri(1 - rate)


def append_rows(real, synthetic):
    """Put synthetic rows after the real ones, which stay as they are.

    Parameters
    ----------
    real : array-like, series or frame
    synthetic : ndarray, series or frame
        Of the same kind, names and dtypes.

    Returns
    -------
    rows : as ``real``; a pandas index is numbered anew
    """
    if is_native_table(real):
        first, second = (
            nw.from_native(rows, eager_only=True, allow_series=True)
            for rows in (real, synthetic)
        )
        if first.implementation.is_pandas_like():
            pandas = first.__native_namespace__()
            return pandas.concat([real, synthetic], ignore_index=True)
        if isinstance(first, nw.Series):
            both = nw.concat([first.to_frame(), second.to_frame()])
            return both.get_column(first.name).to_native()
        return nw.concat([first, second]).to_native()
    if issparse(real):
        return type(synthetic)(vstack([real, synthetic]))
    if isinstance(real, list):
        return real + synthetic.tolist()
    real = np.asarray(real)
    if real.ndim > synthetic.ndim:  # labels in one column
        real = real.ravel()
    return np.concatenate([real, synthetic])


def _dtypes(frame):
    """Dtypes of the columns of a native frame, in order."""
    dtypes = frame.dtypes
    return list(dtypes.array if hasattr(dtypes, "array") else dtypes)


def _kind(dtype):
    """numpy's letter for the kind of numbers that a dtype of any library holds."""
    if hasattr(dtype, "kind"):  # numpy and pandas, extension dtypes too
        return dtype.kind
    if dtype.is_integer():
        return "i"
    if dtype.is_float():
        return "f"
    return "b" if str(dtype) == "Boolean" else "O"


def _is_object_of_numbers(X, column, dtype):
    """Whether a pandas column of Python objects holds numbers, and no words."""
    if str(dtype) != "object":
        return False
    values = X[column].to_numpy()
    return not any(isinstance(value, str) for value in values[:1000])


def _saturated(values, dtype):
    """Numbers inside the range of an integer dtype, which a cast would wrap round."""
    if dtype.kind not in "iu" or values.dtype.kind != "f":
        return values
    limits = np.iinfo(dtype)
    return np.clip(values, limits.min, np.nextafter(float(limits.max) + 1, 0))


def rows_like(empty, values):
    """Rows of an array in a table, or vector, like the empty one."""
    if issparse(empty):
        values = type(empty)(values)
        values.data = _saturated(values.data, empty.dtype)
        return values.astype(empty.dtype)
    if issparse(values):
        values = values.toarray()
    if isinstance(empty, np.ndarray):
        return _saturated(values, empty.dtype).astype(empty.dtype, copy=False)
    frame = nw.from_native(empty, eager_only=True, allow_series=True)
    if frame.implementation.is_pandas_like():
        # By its own constructors: narwhals' dtypes do not tell Int64 from int64.
        if values.ndim == 1:
            return type(empty)(values, name=empty.name).astype(empty.dtype)
        return type(empty)(values, columns=empty.columns).astype(empty.dtypes)
    if isinstance(frame, nw.Series):
        rows = nw.new_series(frame.name, values, backend=frame.implementation)
        return rows.cast(frame.dtype).to_native()
    rows = nw.from_numpy(values, schema=frame.columns, backend=frame.implementation)
    return rows.with_columns(
        nw.col(name).cast(dtype) for name, dtype in frame.schema.items()
    ).to_native()
