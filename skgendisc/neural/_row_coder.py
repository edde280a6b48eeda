"""Rows of a table as networks take them, and back.

A table arrives as floats with NaN for gaps (see ``MixedTableSampler``). A row of it
becomes levels, counted from 0, and standardised numbers.
"""

from dataclasses import dataclass

import numpy as np

from skgendisc.numerics import CellCodes

# A column of numbers is cut into at most so many levels, and into so many for each
# square root of its rows.
MOST_CELLS, CELLS_PER_ROOT = 64, 2.0
# An empty cell so many times as long as those beside it parts them.
VOID_WIDTHS = 3.0
# Standardised numbers are cut off here: a network can still square them.
LARGEST = 1e15
# Rarer categories than these share one level.
MOST_CATEGORIES = 256


@dataclass(frozen=True)
class CellColumn:
    """A column as levels, each a cell of its distribution or several neighbours.

    Parameters
    ----------
    cells : CellCodes
    level : ndarray of shape (n_codes,)
        Level of each cell.
    share : ndarray of shape (n_codes,)
        How many of the rows with its level are in a cell.
    """

    cells: CellCodes
    level: np.ndarray
    share: np.ndarray

    @classmethod
    def of(cls, values, *, discrete):
        """Find the levels of a column."""
        cells = CellCodes.of(values, discrete=discrete)
        counts = np.bincount(cells.encode(values), minlength=cells.n_codes)
        # Half a row for a cell that none fell into: it is rare, not impossible.
        counts = np.maximum(counts, 0.5)
        level = np.concatenate(
            [
                _levels_of_categories(counts[: cells.n_labels]),
                _levels_of_stretches(
                    counts[cells.n_labels :], cells.width, len(values)
                ),
            ]
        )
        level[cells.n_labels :] += level[: cells.n_labels].max(initial=-1) + 1
        return cls(cells, level, counts / np.bincount(level, counts)[level])

    @property
    def n_levels(self):
        """Levels of each number of a row."""
        return (int(self.level.max()) + 1,)

    @property
    def positions(self):
        """Where on a line the levels are; NaN for those that are not."""
        cells, n_labels = self.cells, self.cells.n_labels
        position = cells.position[:-1].copy()
        is_number = ~np.isnan(cells.label) if cells.free is not None else False
        position[:n_labels][~np.broadcast_to(is_number, n_labels)] = np.nan
        weight = np.bincount(self.level, self.share)
        return (np.bincount(self.level, self.share * position) / weight,)

    def encode(self, values):
        """Levels; -1 for a category, or a gap, that was not seen in fit."""
        code = self.cells.encode(values)
        return np.where(code < 0, -1, self.level[code])[:, None]

    def decode(self, rows, rng):
        """Values of levels."""
        order = np.argsort(self.level, kind="stable")
        # Each level is one long on a line, and its cells share that.
        ends = np.cumsum(self.share[order])
        place = rows[:, 0] + rng.random(len(rows))
        found = np.searchsorted(ends, place, side="right")
        # Rounding may leave the end of a level a hair short of where it should be.
        first = np.searchsorted(self.level[order], rows[:, 0])
        last = np.searchsorted(self.level[order], rows[:, 0], side="right") - 1
        return self.cells.decode(order[np.clip(found, first, last)], rng)

    def log_density(self, values):
        """Log-density of values given their levels; and which levels count.

        A value that no cell has is given a density whatever its level is.
        """
        code, within = self.cells.locate(values)
        known = ~np.isnan(within)
        log_density = np.where(
            known,
            np.log(self.share[code]) + within - np.log1p(1.0 / self.cells.n_rows),
            self.cells.log_novelty(values),
        )
        return log_density, known[:, None]


@dataclass(frozen=True)
class NumberColumn:
    """A column as standardised numbers, and a level for gaps where it has any.

    Parameters
    ----------
    centre, scale : float
    has_gaps : bool
    low, high : float
        None is drawn beyond these.
    """

    centre: float
    scale: float
    has_gaps: bool
    low: float = -np.inf
    high: float = np.inf

    @classmethod
    def of(cls, values):
        """Learn location and scale of a column."""
        present = values[~np.isnan(values)]
        if len(present) == 0:
            return cls(0.0, 1.0, True)
        largest = np.abs(present).max()
        # Of fractions of the largest: squares of the largest floats are infinite.
        unit = largest if largest > 0 else 1.0
        centre, scale = np.mean(present / unit) * unit, np.std(present / unit) * unit
        is_constant = not scale > 1e-12 * largest
        has_gaps = len(present) < len(values)
        return cls(float(centre), 1.0 if is_constant else float(scale), has_gaps)

    @classmethod
    def of_pixels(cls, X):
        """Learn the range of all columns; it becomes -1 to 1."""
        if np.isnan(X).any():
            raise ValueError(
                "an image has gaps. Fill them, or leave image_shape=None to take the "
                "columns as those of a table."
            )
        low, high = float(X.min()), float(X.max())
        half = (high - low) / 2 or 1.0
        return cls(low + half, half, False, low, high)

    @property
    def n_levels(self):
        """Levels of each number of a row; 0 says that it is one."""
        return (0, 2) if self.has_gaps else (0,)

    @property
    def positions(self):
        """Those of levels: none."""
        return (None,) * len(self.n_levels)

    def encode(self, values):
        """Standardised numbers, and whether there is a gap."""
        gap = np.isnan(values)
        number = np.where(gap, 0.0, values / self.scale - self.centre / self.scale)
        return np.column_stack([number, gap])[:, : len(self.n_levels)]

    def decode(self, rows, rng):
        """Values of standardised numbers."""
        values = self.centre + self.scale * rows[:, 0].astype(np.float64)
        values = np.clip(values, self.low, self.high)
        if self.has_gaps:
            values[rows[:, 1] == 1] = np.nan
        return values

    def log_density(self, values):
        """What its unit adds to the log-density of a number; and what of it counts."""
        gap = np.isnan(values)
        known = np.column_stack([~gap, np.full(len(values), self.has_gaps)])
        log_density = np.where(gap, 0.0, -np.log(self.scale))
        return log_density, known[:, : len(self.n_levels)]


class RowCoder:
    """A table of floats as rows of levels and numbers, and back.

    Parameters
    ----------
    columns : list of CellColumn or NumberColumn
    """

    def __init__(self, columns):
        self.columns = columns

    @classmethod
    def of(cls, X, is_discrete, *, numbers="cells", image_shape=None):
        """Learn the columns of a table.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            NaN for a gap.
        is_discrete : ndarray of shape (n_features,), dtype bool
            Which columns are categories.
        numbers : {"cells", "normal"}, default="cells"
            Whether numbers become levels as well, or standardised numbers.
        image_shape : tuple of int, default=None
            The rows are images: all columns are numbers, on one scale.

        Returns
        -------
        coder : RowCoder
        """
        if image_shape is not None:
            pixel = NumberColumn.of_pixels(X)
            return cls([pixel] * X.shape[1])
        return cls(
            [
                CellColumn.of(column, discrete=discrete)
                if numbers == "cells" or discrete
                else NumberColumn.of(column)
                for column, discrete in zip(X.T, is_discrete, strict=True)
            ]
        )

    @property
    def n_levels(self):
        """Levels of each column of the rows; 0 for numbers."""
        return sum((column.n_levels for column in self.columns), ())

    @property
    def positions(self):
        """Where on a line the levels of each column of the rows are, or None."""
        return sum((column.positions for column in self.columns), ())

    def encode(self, X):
        """Rows of a table.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)

        Returns
        -------
        rows : ndarray of shape (n_samples, n_columns), dtype float32
            -1 for a category, or a gap, that was not seen in fit.
        """
        parts = [
            column.encode(values)
            for column, values in zip(self.columns, X.T, strict=True)
        ]
        # The largest numbers would be infinite in 32 bits, and NaN in a network.
        return np.clip(np.hstack(parts), -LARGEST, LARGEST).astype(np.float32)

    def has_unknown(self, rows):
        """Which features have a value that was not seen in fit.

        Parameters
        ----------
        rows : ndarray of shape (n_samples, n_columns)

        Returns
        -------
        has_unknown : list of bool
        """
        return [
            column.n_levels != (0,) and bool((own[:, -1] < 0).any())
            for column, own in self._own(rows)
        ]

    def decode(self, rows, rng):
        """The table of rows, of shape (n_samples, n_features), dtype float64."""
        X = np.empty((len(rows), len(self.columns)))
        for j, (column, own) in enumerate(self._own(rows)):
            X[:, j] = column.decode(own, rng)
        return X

    def log_density(self, X):
        """What a row's log-density is beside the probability of its levels.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
            In nats.
        counts : ndarray of shape (n_samples, n_columns), dtype bool
            Which levels and numbers of the rows have a probability that counts.
        """
        parts = [
            column.log_density(values)
            for column, values in zip(self.columns, X.T, strict=True)
        ]
        log_density = np.sum([of_column for of_column, _ in parts], axis=0)
        return log_density, np.hstack([counts for _, counts in parts])

    def _own(self, rows):
        """Each column with the part of the rows that is its own."""
        start = 0
        for column in self.columns:
            stop = start + len(column.n_levels)
            yield column, rows[:, start:stop]
            start = stop


def _levels_of_categories(counts):
    """A level for each category; the rarest share one where they are many."""
    if len(counts) <= MOST_CATEGORIES:
        return np.arange(len(counts))
    rank = np.empty(len(counts), dtype=np.intp)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return np.minimum(rank, MOST_CATEGORIES - 1)


def _levels_of_stretches(counts, width, n_rows):
    """A level for each cell of a line; neighbours share one where they are many."""
    most = min(MOST_CELLS, max(int(CELLS_PER_ROOT * np.sqrt(n_rows)), 2))
    if len(counts) <= most:
        return np.arange(len(counts))
    middle = (np.cumsum(counts) - counts / 2) / counts.sum()
    begins = np.diff((most * middle).astype(np.intp), prepend=-1) > 0
    # What lies on both sides of a void, empty and long, has nothing in common.
    beside = np.maximum(np.append(0, width[:-1]), np.append(width[1:], 0))
    is_void = (counts < 1) & (width > VOID_WIDTHS * beside)
    begins |= np.append(False, is_void[:-1])
    return np.cumsum(begins) - 1
