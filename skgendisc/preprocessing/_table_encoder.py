"""TableEncoder: a table of mixed columns as a float matrix, and back."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_array
from sklearn.utils.validation import check_is_fitted, validate_data

from skgendisc.preprocessing._cells import (
    columns_of,
    is_frame,
    names_of,
    table_of,
    without_rows,
)
from skgendisc.preprocessing._columns import Column
from skgendisc.utils._sklearn import (
    Interval,
    StrOptions,
    check_feature_names_in,
    fit_context,
)
from skgendisc.utils.random_state import as_generator
from skgendisc.utils.validation import apart


@dataclass(frozen=True)
class ColumnSpan:
    """Where a column of the table stands in the float matrix.

    Parameters
    ----------
    name : str
        Of the column in the table.
    kind : {"continuous", "integer", "boolean", "categorical", "datetime", \
            "duration", "missing"}
        "missing" is a column without values.
    columns : slice
        All its columns in the matrix: those of ``value``, ``levels`` and ``gap``, in
        this order.
    value : slice or None
        One number: on its scale, a truth value in {0, 1}, or the number of a level.
        None where levels stand alone.
    levels : slice or None
        A one-hot block: of the levels, or of the modes with ``numeric="mode"``.
    gap : slice or None
        Indicators of missing cells: one, or two where nulls and NaN differ. None
        where training cells had no gaps. In rows with a gap all else is zero.

    Examples
    --------
    >>> from skgendisc.preprocessing import ColumnSpan
    >>> span = ColumnSpan("town", "categorical", slice(1, 4), None, slice(1, 4), None)
    >>> span.levels
    slice(1, 4, None)
    """

    name: str
    kind: str
    columns: slice
    value: slice | None
    levels: slice | None
    gap: slice | None


class TableEncoder(TransformerMixin, BaseEstimator):
    """Turn a table of mixed columns into a float matrix, and any such matrix back.

    A column's kind follows from its dtype: floats are continuous, then there are
    integers, booleans, categories (words too) and datetimes; columns of Python
    objects go by what they hold. Each kind has its place in the matrix:

    - numbers and datetimes stand on the scale ``numeric``, booleans as 0 and 1;
    - categories are one-hot columns or the level's number, as ``categories`` says;
    - where a column has missing cells, one more column tells which.

    :meth:`inverse_transform` gives the table its dtypes, categories, missing cells and
    column order back, and takes *any* finite matrix: integers and datetimes are
    rounded and kept inside the training range, decimals rounded to the training
    decimals, and the greatest of one-hot columns wins. So it stands before samplers
    that know numbers only.

    Parameters
    ----------
    categorical_features : "from_dtype" or array-like of {bool, int, str} of shape \
            (n_features,) or (n_categorical_features,) or None, default="from_dtype"
        Which columns are categorical: "from_dtype" takes those of categories, enums
        and words; otherwise a mask, positions or names, as in
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`, and None for none.
        Any dtype can be declared so; words must be.
    kinds : dict of str or int to str, default=None
        Kinds that differ from those of the dtypes, by name of the column, or by
        position: numbers can be declared "integer" (whole numbers that are floats
        because of gaps) or "boolean" (zeros and ones), any column "categorical".
    numeric : {"standard", "quantile-normal", "mode"}, default="standard"
        Scale of continuous, integer and datetime columns: mean 0 and variance 1; the
        normal quantile of the rank; or the place within a mode of a mixture of
        Gaussians, with the mode as one-hot columns.
    categories : {"one-hot", "ordinal"}, default="one-hot"
        How levels stand in the matrix.
    max_categories : int or None, default=100
        At most so many levels of a column are told apart, one of them a group of the
        rarest; these come back as draws from the group's training frequencies. None
        tells all apart.
    handle_unknown : {"error", "ignore"}, default="error"
        What :meth:`transform` does with a level, or a gap in a column, that was not
        seen in fit: "ignore" encodes it as zeros, the place of an average number and of
        no level. Levels join the group of rare ones where there is one.
    random_state : int, RandomState instance or None, default=None
        Seed of these draws. With an int, every call of :meth:`inverse_transform`
        repeats them; a RandomState is advanced.

    Attributes
    ----------
    spans_ : list of ColumnSpan
        One a column of the table: where it stands in the matrix.
    kinds_ : list of str
        One a column of the table: "continuous", "integer", "boolean", "categorical",
        "datetime", "duration", or "missing" for a column without values.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Only where the table had names that are all strings.

    See Also
    --------
    sklearn.preprocessing.OneHotEncoder : Categories alone.
    sklearn.preprocessing.QuantileTransformer : Numbers alone; repeated values and
        integers do not come back exactly.

    Notes
    -----
    What comes back exactly: integers to :math:`2^{53}`, booleans, levels, gaps, floats
    of up to eight decimals that fit a float64 with room, and datetimes in the coarsest
    of day, hour, minute, second, milli- and microsecond that all training cells keep,
    in a range of :math:`2^{53}` steps. Wider columns are refused by name. Other floats
    come back within rounding of their scale. Rows that were not seen in fit come back
    rounded to the training decimals or steps and, but for floats on the standard
    scale, inside the training range.

    On the scale "quantile-normal" a repeated value has the share of the normal
    distribution that it had of the rows. The scale "mode" is that of CTGAN [1]_,
    section 4.2, with a mixture fitted by plain EM to quantiles of the column, the most
    probable mode in place of a drawn one, and modes wide enough that no training
    value is clipped.

    References
    ----------
    .. [1] L. Xu, M. Skoularidou, A. Cuesta-Infante and K. Veeramachaneni (2019).
       Modeling Tabular Data using Conditional GAN. NeurIPS 32.

    Examples
    --------
    >>> import pandas as pd
    >>> from skgendisc.preprocessing import TableEncoder
    >>> X = pd.DataFrame({"age": [31, 40, 58], "town": ["Bonn", None, "Ulm"]})
    >>> encoder = TableEncoder().fit(X)
    >>> encoder.get_feature_names_out().tolist()
    ['age', 'town_Bonn', 'town_Ulm', 'town_missing']
    >>> encoder.transform(X).round(2)
    array([[-1.07,  1.  ,  0.  ,  0.  ],
           [-0.27,  0.  ,  0.  ,  1.  ],
           [ 1.34,  0.  ,  1.  ,  0.  ]])
    >>> encoder.inverse_transform([[0.1, 0.2, 0.3, 0.4], [9.0, 0.6, 0.4, 0.8]])
       age town
    0   44  Ulm
    1   58  NaN
    >>> encoder.kinds_
    ['integer', 'categorical']
    >>> encoder.spans_[1].levels, encoder.spans_[1].gap
    (slice(1, 3, None), slice(3, 4, None))
    """

    _parameter_constraints = {
        "categorical_features": ["array-like", StrOptions({"from_dtype"}), None],
        "kinds": [dict, None],
        "numeric": [StrOptions({"standard", "quantile-normal", "mode"})],
        "categories": [StrOptions({"one-hot", "ordinal"})],
        "max_categories": [Interval(Integral, 2, None, closed="left"), None],
        "handle_unknown": [StrOptions({"error", "ignore"})],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        categorical_features="from_dtype",
        kinds=None,
        numeric="standard",
        categories="one-hot",
        max_categories=100,
        handle_unknown="error",
        random_state=None,
    ):
        self.categorical_features = categorical_features
        self.kinds = kinds
        self.numeric = numeric
        self.categories = categories
        self.max_categories = max_categories
        self.handle_unknown = handle_unknown
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Learn kinds, scales and levels of the columns.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        y : Ignored
            Present for API consistency.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Names the column that is named twice, whose dtype has no place in a float
            matrix, or whose values cannot be told apart there.
        """
        X = self._check_table(X, reset=True)
        names = names_of(X)
        categorical = categorical_mask(self.categorical_features, names, is_frame(X))
        kinds = check_kinds(self.kinds, names)
        self._columns = []
        for name, cells, declared in zip(
            names, columns_of(X), categorical, strict=True
        ):
            with naming(name):
                column = Column.fit(
                    cells,
                    categorical=declared,
                    numeric=self.numeric,
                    categories=self.categories,
                    max_categories=self.max_categories,
                    kind=kinds.get(name),
                )
            self._columns.append(column)
        self._empty = without_rows(X)
        self.kinds_ = [column.kind for column in self._columns]
        self.spans_ = spans_of(self._columns, check_feature_names_in(self))
        return self

    def transform(self, X):
        """Encode a table.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        X_encoded : ndarray of shape (n_samples, n_features_out), dtype float64
            Finite.

        Raises
        ------
        ValueError
            Names the column with levels that were not seen in :meth:`fit` and have no
            group of rare ones to join, or with missing cells where it had none.
        """
        check_is_fitted(self)
        X = self._check_table(X, reset=False)
        encoded = np.zeros((len(X), self._n_features_out))
        for name, cells, column, span in zip(
            names_of(X), columns_of(X), self._columns, self.spans_, strict=True
        ):
            with naming(name):
                column.encode(
                    cells,
                    encoded[:, span.columns],
                    ignore_unknown=self.handle_unknown == "ignore",
                )
        return encoded

    def inverse_transform(self, X, *, random_state=None):
        """Make a table of any finite matrix.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features_out)
        random_state : int, RandomState, Generator or None, default=None
            Seed of the draws among rare levels; None takes the constructor's.

        Returns
        -------
        X_decoded : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table.
        """
        check_is_fitted(self)
        X = check_array(X, dtype=np.float64, ensure_min_samples=0)
        if X.shape[1] != self._n_features_out:
            raise ValueError(
                f"X has {X.shape[1]} columns, but this TableEncoder makes "
                f"{self._n_features_out} of a table. Give it a matrix with the columns "
                "of get_feature_names_out()."
            )
        rng = as_generator(self.random_state if random_state is None else random_state)
        columns = [
            column.decode(X[:, span.columns], rng)
            for column, span in zip(self._columns, self.spans_, strict=True)
        ]
        return table_of(columns, self._empty)

    def get_feature_names_out(self, input_features=None):
        """Names of the matrix's columns.

        Parameters
        ----------
        input_features : array-like of str of shape (n_features,), default=None
            Names of the table's columns; None takes those of :meth:`fit`, or x0, x1
            and so on.

        Returns
        -------
        names : ndarray of shape (n_features_out,), dtype object
            ``age``, ``town_Bonn``, ``town_others`` for rare levels, ``age_mode0`` for
            a mode, ``town_missing`` for gaps; where two would be alike, a number makes
            them differ.
        """
        check_is_fitted(self)
        names = [
            f"{name}{suffix}"
            for name, column in zip(
                check_feature_names_in(self, input_features), self._columns, strict=True
            )
            for suffix in column.names
        ]
        return np.array(made_unique(names), dtype=object)

    @property
    def _n_features_out(self):
        return self.spans_[-1].columns.stop

    def _check_table(self, X, *, reset):
        """A frame as it is, and all else as an array, with rows and columns."""
        if not is_frame(X):
            values = validate_data(
                self, X, reset=reset, dtype=None, ensure_all_finite=False
            )
            return apart(values, X)
        return check_frame(self, X, reset=reset)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def check_frame(estimator, X, *, reset):
    """Check the names and the shape of a frame, which is handed on as it is.

    Parameters
    ----------
    estimator : estimator object
        Gets or checks ``feature_names_in_`` and ``n_features_in_``.
    X : frame of shape (n_samples, n_features)
    reset : bool
        Whether the names are learned.

    Returns
    -------
    X : frame

    Raises
    ------
    ValueError
        Where a name comes twice, or there are no rows or columns.
    """
    check_names(X)
    validate_data(estimator, X, reset=reset, skip_check_array=True)
    if 0 in X.shape:
        raise ValueError(
            f"X has {X.shape[0]} sample(s) and {X.shape[1]} feature(s) (shape="
            f"{X.shape}) while a minimum of 1 is required by "
            f"{type(estimator).__name__}."
        )
    return X


def check_names(X):
    """Refuse a frame with a name that comes twice."""
    twice = [name for name, n in Counter(names_of(X)).items() if n > 1]
    if twice:
        raise ValueError(
            f"X has several columns of the same name: {twice}. Rename them, so that "
            "each has a name of its own."
        )


def categorical_mask(categorical_features, names, named):
    """Which columns are declared categorical; None each where their dtypes tell.

    Parameters
    ----------
    categorical_features : str, array-like or None
        As in :class:`TableEncoder`.
    names : list
        Of all columns.
    named : bool
        Whether the table has them, or they are positions.

    Returns
    -------
    mask : list of bool or None, one a column
    """
    if categorical_features is None:
        return [False] * len(names)
    if isinstance(categorical_features, str):
        return [None] * len(names)
    features = np.asarray(categorical_features)
    if features.size == 0:
        return [False] * len(names)
    if features.dtype.kind == "b" and features.shape == (len(names),):
        return features.tolist()
    features = features.tolist()
    if all(isinstance(feature, str) for feature in features) and named:
        known, remedy = names, "Give names as in X.columns."
    else:
        known, remedy = list(range(len(names))), "Give a mask of all, or positions."
    unknown = [f for f in features if isinstance(f, bool) or f not in known]
    if unknown:
        raise ValueError(
            f"categorical_features has items that are no columns of X: {unknown}; X "
            f"has {len(names)} columns, {known}. {remedy}"
        )
    return [name in features for name in known]


def check_kinds(kinds, names):
    """Declared kinds by name of the column, or by position in an array."""
    kinds = kinds or {}
    unknown = [name for name in kinds if name not in names]
    if unknown:
        raise ValueError(
            f"kinds names columns that X has not: {unknown}; X has {names}. Give names "
            "as in X.columns, or positions for an array."
        )
    allowed = (
        "continuous",
        "integer",
        "boolean",
        "categorical",
        "datetime",
        "duration",
    )
    wrong = {name: kind for name, kind in kinds.items() if kind not in allowed}
    if wrong:
        raise ValueError(f"kinds must be among {list(allowed)}, got {wrong}.")
    return kinds


def spans_of(columns, names):
    """A ColumnSpan of each fitted column, one after another."""
    spans, start = [], 0
    for column, name in zip(columns, names, strict=True):
        sizes = [column.scale.n_values, column.scale.n_levels, column.n_gaps]
        ends = [*accumulate(sizes, initial=start)]
        parts = [
            slice(first, last) if last > first else None
            for first, last in pairwise(ends)
        ]
        spans.append(ColumnSpan(name, column.kind, slice(start, ends[-1]), *parts))
        start = ends[-1]
    return spans


def made_unique(names):
    """The names, with a number after those that were there before."""
    unique = {}  # as an ordered set
    for name in names:
        tries = (name if k == 1 else f"{name}_{k}" for k in count(1))
        unique[next(new for new in tries if new not in unique)] = None
    return list(unique)


@contextmanager
def naming(name):
    """Context whose errors begin with the name of the column at work."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise ValueError(f"Column {name!r} {error}") from error
