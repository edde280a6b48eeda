"""Mixed tables as they are, for samplers that model every kind of column themselves."""

from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np
from sklearn.utils.validation import validate_data

from skgendisc.base import GenerativeSampler, JointSamplerMixin
from skgendisc.preprocessing._cells import (
    PRESENT,
    append_cells,
    columns_of,
    find_gaps,
    is_frame,
    names_of,
    table_of,
    take,
    without_gaps,
    without_rows,
)
from skgendisc.preprocessing._columns import content_of
from skgendisc.preprocessing._table_encoder import (
    categorical_mask,
    check_frame,
    check_names,
    naming,
)
from skgendisc.utils._sklearn import StrOptions
from skgendisc.utils.frames import rows_like

# Code of a category that was not seen in fit.
UNKNOWN = -1


class MixedTableSampler(GenerativeSampler):
    """Base of samplers that take mixed tables with gaps.

    A member's ``_fit`` sees floats: numbers, truth values as 0 and 1, datetimes as
    steps from the first, categories as codes, NaN for a gap, and -1 for a category
    that was not seen in fit. ``_is_discrete`` says which columns are categories or
    truth values. What ``_draw`` gives of the same kind comes back as rows of the table.

    Parameters
    ----------
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in :class:`TableEncoder`.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of fitting and drawing.

    See Also
    --------
    MixedTableJointSampler : With a density, hence a classifier.

    Examples
    --------
    A sampler that draws real rows again, of mixed tables too:

    >>> import numpy as np
    >>> import pandas as pd
    >>> from skgendisc.preprocessing import MixedTableSampler
    >>> class Bootstrap(MixedTableSampler):
    ...     def _fit(self, X, y):
    ...         self.rows_ = [X[y == k] for k in range(y.max() + 1)]
    ...         self.class_prior_ = np.bincount(y) / len(y)
    ...
    ...     def _draw(self, y, rng):
    ...         rows = [rng.choice(self.rows_[k]) for k in y]
    ...         return np.reshape(rows, (len(y), self.n_features_in_))
    >>> X = pd.DataFrame({"age": [31, 40, None], "town": ["Bonn", None, "Ulm"]})
    >>> X_new, _ = Bootstrap(random_state=0).fit(X).sample(2)
    >>> X_new["age"].dtype, X_new["age"].isin(X["age"]).all()
    (dtype('float64'), np.True_)
    """

    _parameter_constraints = {
        **GenerativeSampler._parameter_constraints,
        "categorical_features": ["array-like", StrOptions({"from_dtype"}), None],
    }

    def __init__(
        self,
        *,
        categorical_features="from_dtype",
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.categorical_features = categorical_features

    @property
    def _is_discrete(self):
        kinds = [column.kind for column in self._table_format.columns]
        return np.isin(kinds, ["categorical", "boolean"])

    def _check_table(self, X, *, reset):
        if is_frame(X):
            X = check_frame(self, X, reset=reset)
        else:
            X = self._check_array(X, reset=reset)
        if reset:
            self._table_format = CodedTable.of(X, self.categorical_features)
        return self._table_format.encode(X)

    def _check_array(self, X, *, reset):
        """An array of numbers, or of objects where it holds more than numbers."""
        values = np.asarray(X)
        has_words = values.dtype.kind in "OUS"
        return validate_data(
            self,
            X=X if not has_words else np.asarray(X, dtype=object),
            reset=reset,
            dtype=object if has_words else None,
            ensure_all_finite="allow-nan",
        )

    def _format_of(self, X, values):
        return self._table_format

    def _knows(self, values, number):
        """Whether a column can have each value; a member may know of limits."""
        return np.ones(len(values), dtype=bool)

    def _check_given(self, given, n_rows):
        """Values of some columns, the others NaN, and the numbers of these columns."""
        if len(given) != n_rows:
            raise ValueError(
                f"given needs one row for each of the {n_rows} labels in y: got "
                f"{len(given)} rows. Repeat or select its rows."
            )
        columns = self._given_columns(given)
        values = np.full((n_rows, self.n_features_in_), np.nan)
        for number, name, cells in columns:
            with naming(name):
                values[:, number] = self._table_format.columns[number].encode(cells)
                self._check_given_values(values[:, number], cells, number)
        return values, np.array([number for number, _, _ in columns], dtype=np.intp)

    def _given_columns(self, given):
        """Number, name and cells of each column that ``given`` holds."""
        framed = is_frame(self._table_format.empty)
        if is_frame(given) and framed:
            check_names(given)
            known, names = names_of(self._table_format.empty), names_of(given)
            strange = [name for name in names if name not in known]
            if strange or not names:
                raise ValueError(
                    f"given holds columns {strange or names} that were not seen in fit."
                    f" Known are {known}."
                )
            columns = zip(names, columns_of(given), strict=True)
            return [(known.index(name), name, cells) for name, cells in columns]
        if framed or is_frame(given) or np.shape(given)[1:] != (self.n_features_in_,):
            raise ValueError(
                "given must be a frame with some of the columns, by name, where the "
                "model was fitted to a frame, and otherwise an array of "
                f"{self.n_features_in_} columns with gaps in those to be drawn: got "
                f"{type(given).__name__} of shape {np.shape(given)}."
            )
        columns = enumerate(np.asarray(given).T)
        return [(j, j, cells) for j, cells in columns if not find_gaps(cells).all()]

    def _check_given_values(self, values, cells, number):
        """Raise for values that the model of a column does not know."""
        strange = (values == UNKNOWN) & self._is_discrete[number]
        strange |= ~self._knows(values, number)
        if strange.any():
            examples = take(cells, np.flatnonzero(strange)[:5])
            raise ValueError(
                f"holds values in given that were not seen in fit, or are beyond their "
                f"range: {list(examples)}. Give values that the training table could "
                "have held."
            )

    def _take_over(self, drawn, given):
        """The drawn table with the given cells as they are."""
        if not is_frame(drawn):
            for number, _, cells in self._given_columns(given):
                drawn[:, number] = cells
            return drawn
        frame = nw.from_native(drawn, eager_only=True)
        for name in names_of(given):
            like = frame.get_column(name).head(0).to_native()
            cells = rows_like(like, np.asarray(given[name]))
            frame = frame.with_columns(nw.from_native(cells, series_only=True))
        return frame.to_native()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.target_tags.required = False
        return tags


class MixedTableJointSampler(JointSamplerMixin, MixedTableSampler):
    """Base of samplers of mixed tables with a density.

    A member's ``_class_log_density`` sees floats, as its ``_fit`` does.

    Parameters
    ----------
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in :class:`TableEncoder`.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of fitting and drawing.

    See Also
    --------
    MixedTableSampler : Without a density.

    Examples
    --------
    A table of words as frequent as they are, whatever the class:

    >>> import numpy as np
    >>> from skgendisc.preprocessing import MixedTableJointSampler
    >>> class OneColumn(MixedTableJointSampler):
    ...     def _fit(self, X, y):
    ...         self.counts_ = np.bincount(X[:, 0].astype(int))
    ...         self.class_prior_ = np.bincount(y) / len(y)
    ...
    ...     def _draw(self, y, rng):
    ...         share = self.counts_ / self.counts_.sum()
    ...         return rng.choice(len(share), size=(len(y), 1), p=share).astype(float)
    ...
    ...     def _class_log_density(self, X):
    ...         share = self.counts_ / self.counts_.sum()
    ...         log_share = np.log(share[X[:, 0].astype(int)])
    ...         return np.tile(log_share[:, None], len(self.class_prior_))
    >>> X = np.array([["Bonn"], ["Bonn"], ["Ulm"]], dtype=object)
    >>> np.exp(OneColumn().fit(X).score_samples(X)).round(2)
    array([0.67, 0.67, 0.33])
    """

    def _common_log_density(self, X):
        """Nothing, or minus infinity for a row with a value that cannot be."""
        known = [self._knows(column, j) for j, column in enumerate(X.T)]
        return np.where(np.all(known, axis=0), 0.0, -np.inf)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False  # which a classifier would require
        return tags


@dataclass(frozen=True)
class CodedTable:
    """A mixed table as a float matrix with NaN for gaps, and back.

    Parameters
    ----------
    empty : ndarray or native frame
        The table without its rows.
    columns : list of CodedColumn
    """

    empty: object
    columns: list

    @classmethod
    def of(cls, X, categorical_features):
        """Learn the columns of a table."""
        names = names_of(X)
        categorical = categorical_mask(categorical_features, names, is_frame(X))
        columns = []
        for name, cells, declared in zip(
            names, columns_of(X), categorical, strict=True
        ):
            with naming(name):
                columns.append(CodedColumn.of(cells, categorical=declared))
        return cls(without_rows(X), columns)

    def encode(self, X):
        """The table as a matrix, of shape (n_samples, n_features), dtype float64."""
        values = np.empty((len(X), len(self.columns)))
        for j, (name, cells) in enumerate(zip(names_of(X), columns_of(X), strict=True)):
            with naming(name):
                values[:, j] = self.columns[j].encode(cells)
        return values

    def widened(self, values):
        """The same: what a column is like is learned from the first rows."""
        return self

    def restore(self, values, rng=None):
        """A matrix as rows of the table."""
        cells = [
            column.decode(numbers)
            for column, numbers in zip(self.columns, values.T, strict=True)
        ]
        return table_of(cells, self.empty)


@dataclass(frozen=True)
class CodedColumn:
    """A column of a mixed table.

    Parameters
    ----------
    kind : str
        As in :class:`TableEncoder`.
    content : object of ``_contents`` or None
        Cells as numbers; None for a column without any.
    gap : Series or ndarray of shape (1,) or (0,)
        The most frequent kind of gap.
    """

    kind: str
    content: object
    gap: object

    @classmethod
    def of(cls, cells, *, categorical):
        """Learn a column."""
        flavour = find_gaps(cells)
        gap = without_rows(cells)
        if flavour.any():
            counts = np.bincount(flavour)
            counts[PRESENT] = 0
            gap = take(cells, np.flatnonzero(flavour == counts.argmax())[:1])
        kind, content = content_of(without_gaps(cells, flavour), categorical)
        return cls(kind, content, gap)

    @property
    def _unit(self):
        """What the content measures in: densities here are those of the values."""
        return getattr(self.content, "unit", 1.0)

    def encode(self, cells):
        """Cells as numbers, NaN for gaps, -1 for unknown levels."""
        numbers = np.full(len(cells), np.nan)
        if self.content is not None:
            flavour = find_gaps(cells)
            read = getattr(self.content, "look_up", self.content.read)
            present = read(without_gaps(cells, flavour)) * self._unit
            numbers[flavour == PRESENT] = present
        return numbers

    def decode(self, numbers):
        """Numbers as cells, NaN as gaps."""
        missing = np.isnan(numbers)
        if self.content is None:
            return take(self.gap, np.zeros(len(numbers), dtype=np.intp))
        cells = self.content.write(np.where(missing, 0.0, numbers / self._unit), None)
        if not missing.any():
            return cells
        rows = np.where(missing, len(numbers), np.arange(len(numbers)))
        return take(append_cells(cells, self.gap), rows)
