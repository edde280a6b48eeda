"""Several tables read into one common form."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from sklearn.utils import check_array, column_or_1d

from skgendisc.preprocessing._cells import (
    PRESENT,
    columns_of,
    describe,
    find_gaps,
    is_frame,
    kind_of,
    names_of,
    take,
    values_of,
)
from skgendisc.preprocessing._columns import NUMBERS, content_of
from skgendisc.preprocessing._table_encoder import (
    categorical_mask,
    check_names,
    naming,
)
from skgendisc.utils.validation import apart, holds_classes


@dataclass(frozen=True)
class AlignedColumn:
    """What a column of aligned tables holds.

    Parameters
    ----------
    name : str or int
        Position where the tables are arrays.
    kind : str
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    levels : tuple
        What the codes of a category or truth value stand for, of all tables; empty for
        numbers.

    Examples
    --------
    >>> from skgendisc.metrics import AlignedColumn
    >>> AlignedColumn("town", "categorical", ("Bonn", "Ulm")).is_discrete
    True
    """

    name: object
    kind: str
    levels: tuple = ()

    @property
    def is_discrete(self):
        """Whether it holds codes of levels, not numbers."""
        return self.kind in ("categorical", "boolean")


@dataclass(frozen=True, eq=False)
class AlignedTable:
    """A table that was read together with others, as :func:`align_tables` does.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        Numbers, datetimes as steps from the first, codes of levels; NaN for gaps.
    columns : tuple of AlignedColumn
        The same for all tables that were read together.
    target : int or None
        Which of the columns are the labels, where labels were given.

    Examples
    --------
    >>> from skgendisc.metrics import align_tables
    >>> real, synthetic = align_tables([[1.5, "a"], [2.0, None]], [[1.0, "b"]])
    >>> real.values
    array([[1.5, 0. ],
           [2. , nan]])
    >>> len(synthetic), synthetic.take([0]).values.tolist()
    (1, [[1.0, 1.0]])
    """

    values: np.ndarray
    columns: tuple
    target: int | None = None

    def __len__(self):
        return len(self.values)

    @property
    def is_discrete(self):
        """Which columns hold codes: ndarray of shape (n_columns,), dtype bool."""
        return np.array([column.is_discrete for column in self.columns])

    @property
    def labels(self):
        """Codes of the target's levels, or None without a target of levels."""
        if self.target is None or not self.columns[self.target].is_discrete:
            return None
        return self.values[:, self.target].astype(np.intp)

    def without_target(self):
        """The table without its labels.

        Returns
        -------
        table : AlignedTable
        """
        if self.target is None:
            return self
        keep = [j for j in range(len(self.columns)) if j != self.target]
        columns = tuple(self.columns[j] for j in keep)
        return AlignedTable(self.values[:, keep], columns)

    def take(self, rows):
        """Some of the rows.

        Parameters
        ----------
        rows : array-like of int or bool

        Returns
        -------
        table : AlignedTable
        """
        return AlignedTable(self.values[np.asarray(rows)], self.columns, self.target)


def align_tables(*tables, y=None, categorical_features="from_dtype"):
    """Read tables of the same columns into one common form.

    What a column holds is decided on the first table that has values there. The
    functions of this room read their tables so; to read them once for several
    functions, give these what comes back. All tables of a call must then come from one
    call of this function.

    Parameters
    ----------
    *tables : array-like, frame or AlignedTable of shape (n_rows, n_columns)
        The real one first. Frames are matched by the names of their columns.
    y : sequence of array-like, default=None
        Labels of each table: one more column, the last.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in
        :class:`~skgendisc.preprocessing.TableEncoder`.

    Returns
    -------
    aligned : tuple of AlignedTable
        As many as there were tables.

    Raises
    ------
    ValueError
        Where the tables have other columns, one has no rows, or a column holds words
        in one and numbers in another.

    Examples
    --------
    >>> import pandas as pd
    >>> from skgendisc.metrics import align_tables
    >>> real = pd.DataFrame({"age": [31, 40], "town": ["Bonn", "Ulm"]})
    >>> synthetic = pd.DataFrame({"town": ["Kiel"], "age": [33.5]})
    >>> real, synthetic = align_tables(real, synthetic)
    >>> real.columns[1].levels, synthetic.values
    (('Bonn', 'Kiel', 'Ulm'), array([[33.5,  1. ]]))
    """
    if any(isinstance(table, AlignedTable) for table in tables):
        return _check_aligned(tables, y)
    tables = [_as_table(table) for table in tables]
    names, cells = _matched_columns(tables)
    declared = categorical_mask(categorical_features, names, is_frame(tables[0]))
    if y is not None:
        names, declared = [*names, _target_name(y[0], names)], [*declared, None]
        labels = _check_labels(y, tables)
        if holds_classes(labels[0]):
            declared[-1] = True
        for of_table, label in zip(cells, labels, strict=True):
            of_table.append(label)
    columns, numbers = [], []
    for name, is_categorical, of_tables in zip(
        names, declared, zip(*cells, strict=True), strict=True
    ):
        with naming(name):
            kind, levels, of_tables = _align_column(of_tables, is_categorical)
        columns.append(AlignedColumn(name, kind, levels))
        numbers.append(of_tables)
    target = None if y is None else len(names) - 1
    return tuple(
        AlignedTable(np.column_stack(values), tuple(columns), target)
        for values in zip(*numbers, strict=True)
    )


def align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features):
    """A real and a synthetic table in one form, with labels for both or for none."""
    check_both_labelled(y_real, y_synthetic)
    y = None if y_real is None else (y_real, y_synthetic)
    return align_tables(
        X_real, X_synthetic, y=y, categorical_features=categorical_features
    )


def check_both_labelled(y_real, y_synthetic):
    """Refuse labels of one table alone."""
    if (y_real is None) != (y_synthetic is None):
        given = "y_synthetic" if y_real is None else "y_real"
        raise ValueError(
            f"y_real and y_synthetic belong together: got {given} alone. Give labels "
            "of both tables, or of none."
        )


def sample_rows(table, max_rows, rng, *, least=1, name="X"):
    """At most so many rows at random, in their order.

    Raises
    ------
    ValueError
        Where the table has fewer than ``least``.
    """
    if len(table) < least:
        raise ValueError(
            f"{name} has {len(table)} row(s), and {least} or more are needed. Give "
            "more rows."
        )
    if max_rows is None or len(table) <= max_rows:
        return table
    return table.take(np.sort(rng.choice(len(table), max_rows, replace=False)))


def _check_aligned(tables, y):
    if y is not None:
        raise ValueError(
            "y was given with tables that are aligned already. Give it to align_tables."
        )
    columns = [getattr(table, "columns", None) for table in tables]
    if not all(isinstance(table, AlignedTable) for table in tables) or any(
        other is not columns[0] and other != columns[0] for other in columns
    ):
        raise ValueError(
            "Some tables are aligned and others are not, or not with these. Give all "
            "of them to one call of align_tables, or give them as they were."
        )
    return tables


def _as_table(X):
    """A frame as it is, and all else as an array, words and numbers kept apart."""
    if is_frame(X):
        check_names(X)
    else:
        values = check_array(
            X, dtype=None, ensure_all_finite=False, ensure_min_samples=0
        )
        X = apart(values, X)
    if 0 in X.shape:
        raise ValueError(
            f"Each table needs a row and a column or more, got one of shape {X.shape}."
        )
    return X


def _matched_columns(tables):
    """Names of the columns, and the cells of each table in this order."""
    names = names_of(tables[0])
    cells = []
    for table in tables:
        own = names_of(table)
        of_table = list(columns_of(table))
        if is_frame(table) and is_frame(tables[0]):
            missing = [name for name in names if name not in own]
            strange = [name for name in own if name not in names]
            if missing or strange:
                raise ValueError(
                    f"The tables must have the same columns: one lacks {missing} of "
                    f"the first table's, and has {strange} beside. Select the same "
                    "columns of both."
                )
            of_table = [of_table[own.index(name)] for name in names]
        elif len(own) != len(names):
            raise ValueError(
                f"The tables must have the same columns: one has {len(own)}, and the "
                f"first has {len(names)}. Select the same columns of both."
            )
        cells.append(of_table)
    return names, cells


def _target_name(y, names):
    name = getattr(y, "name", None)
    name = "y" if name is None else name
    while name in names:
        name = f"{name}_"
    return name


def _check_labels(y, tables):
    labels = [_plain_labels(of_table) for of_table in y]
    sizes = [len(of_table) for of_table in labels], [len(table) for table in tables]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"y needs a label for each row: got {sizes[0]} labels for tables of "
            f"{sizes[1]} rows."
        )
    return labels


def _plain_labels(y):
    """Labels as an array, numbers and truth values among objects as such."""
    labels = column_or_1d(np.asarray(y))
    if labels.dtype == object:
        plain = np.array(labels.tolist())
        labels = plain if plain.dtype.kind in "biuf" else labels
    n_gaps = np.count_nonzero(find_gaps(labels) != PRESENT)
    if n_gaps:
        raise ValueError(
            f"y must have a label for each row: {n_gaps} of {len(labels)} are missing. "
            "Leave these rows out."
        )
    return labels


def _align_column(cells, is_categorical):
    """Kind and levels of a column, and its numbers in each table."""
    is_present = [find_gaps(of_table) == PRESENT for of_table in cells]
    present = [
        take(of_table, np.flatnonzero(here))
        for of_table, here in zip(cells, is_present, strict=True)
    ]
    with_values = [of_table for of_table in present if len(of_table)]
    if not with_values:
        return "missing", (), [np.full(len(here), np.nan) for here in is_present]
    _check_alike(with_values)
    kind, levels, read = _reader_of(with_values, is_categorical)
    numbers = []
    for here, of_table in zip(is_present, present, strict=True):
        values = np.full(len(here), np.nan)
        if len(of_table):
            values[here] = read(of_table)
        numbers.append(values)
    return kind, levels, numbers


def _reader_of(cells, is_categorical):
    """Kind and levels of a column that has values, and what makes numbers of cells."""
    kind = kind_of(cells[0])
    if kind in ("continuous", "integer") and not is_categorical:
        return kind, (), _read_numbers
    kind, content = content_of(cells[0], is_categorical)
    if kind == "categorical":
        return kind, *_union_of_levels(cells)
    return kind, (False, True) if kind == "boolean" else (), content.read


def _check_alike(cells):
    """Refuse words beside numbers, or numbers beside moments."""
    families = [_family(of_table) for of_table in cells]
    for family, of_table in zip(families, cells, strict=True):
        if family != families[0]:
            raise ValueError(
                f"holds {describe(cells[0])} in the first table and "
                f"{describe(of_table)} in another: {families[0]} and {family} cannot "
                "be compared. Give it the same dtype in both."
            )


def _family(cells):
    kind = kind_of(cells)
    if kind in NUMBERS:
        return "numbers"
    if kind == "categorical":
        is_word = isinstance(values_of(cells)[0], str | bytes)
        return "words" if is_word else "numbers"
    return str(kind)


def _union_of_levels(cells):
    """Levels that any table has, and what makes codes of cells."""
    counts = Counter()
    for of_table in cells:
        counts.update(values_of(of_table).tolist())
    try:
        levels = sorted(counts)
    except TypeError:  # of several types
        levels = sorted(counts, key=lambda level: (type(level).__name__, str(level)))
    code = {level: number for number, level in enumerate(levels)}
    return tuple(levels), lambda cells: [code[v] for v in values_of(cells).tolist()]


def _read_numbers(cells):
    numbers = values_of(cells).astype(np.float64)
    if np.isinf(numbers).any():
        raise ValueError(
            "holds infinity, which has no distance from other numbers. Clip it, or "
            "make it a missing cell."
        )
    return numbers
