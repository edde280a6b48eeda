"""What a column holds, as numbers: one class for each kind, cells in, cells out.

Each has ``of(cells, ...)``, which learns from the cells without gaps, ``read``, which
turns cells into floats, and ``write``, which turns any floats into valid cells.
``grid`` puts floats where ``write`` puts them; it is None where any float stands.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import repeat

import numpy as np

from skgendisc.numerics import draw_categorical
from skgendisc.preprocessing._cells import (
    category_order,
    cells_like,
    describe,
    take,
    values_of,
    without_rows,
)
from skgendisc.utils.frames import cut_for_rate

# Up to here every whole number is a float64.
LARGEST_WHOLE = 2**53
# Decimals beyond these are taken for the noise of a float, not for a grid.
MOST_DECIMALS = 8
# Steps of moments, largest first; those that all cells keep are kept.
STEPS = [np.timedelta64(1, unit) for unit in ("D", "h", "m", "s", "ms", "us", "ns")]


@dataclass(frozen=True)
class Reals:
    """Floats, divided by a power of two, and rounded to the decimals they have.

    Parameters
    ----------
    empty : Series or ndarray of shape (0,)
    dtype : numpy.dtype
        In which the library hands over the floats.
    unit : float
        Power of two next to the largest magnitude: with it taken out, the squares of
        the numbers neither overflow nor vanish.
    decimals : int or None
        None where there are more than a grid of decimals has.
    """

    empty: object
    dtype: np.dtype
    unit: float
    decimals: int | None

    @classmethod
    def of(cls, cells):
        values = values_of(cells)
        dtype = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
        values = cls._finite(values)
        largest = np.abs(values).max()
        unit = 2.0 ** (np.frexp(largest)[1] - 1) if largest > 0 else 1.0
        return cls(without_rows(cells), dtype, unit, count_decimals(values, dtype))

    @property
    def grid(self):
        return None if self.decimals is None else self._round

    def read(self, cells):
        return self._finite(values_of(cells)) / self.unit

    def write(self, numbers, rng):
        numbers = numbers if self.decimals is None else self._round(numbers)
        largest = np.finfo(self.dtype).max
        with np.errstate(over="ignore"):
            values = np.clip(numbers * self.unit, -largest, largest)
        return cells_like(self.empty, values.astype(self.dtype))

    def _round(self, numbers):
        with np.errstate(over="ignore"):
            values = np.round(numbers * self.unit, self.decimals)
        return np.where(np.isfinite(values), values / self.unit, numbers)

    @staticmethod
    def _finite(values):
        values = values.astype(np.float64)
        if np.isinf(values).any():
            raise ValueError(
                "holds infinity, which has no place on a finite scale. Clip it to a "
                "number, or make it a missing cell."
            )
        return values


@dataclass(frozen=True)
class WholeNumbers:
    """Integers, rounded and kept inside the training range."""

    empty: object
    low: float
    high: float

    @classmethod
    def of(cls, cells):
        numbers = cls._exact(values_of(cells))
        return cls(without_rows(cells), numbers.min(), numbers.max())

    def grid(self, numbers):
        return np.clip(np.rint(numbers), self.low, self.high)

    def read(self, cells):
        return self._exact(values_of(cells))

    def write(self, numbers, rng):
        return cells_like(self.empty, self.grid(numbers).astype(np.int64))

    @staticmethod
    def _exact(values):
        if values.dtype.kind == "f" and np.any(values != np.rint(values)):
            raise ValueError(
                "holds numbers that are not whole, and is declared an integer column. "
                "Round them, or leave it out of kinds."
            )
        low, high = (values.min(), values.max()) if len(values) else (0, 0)
        if low < -LARGEST_WHOLE or high > LARGEST_WHOLE:
            raise ValueError(
                f"holds integers from {low} to {high}, and beyond 2**53 a float "
                "matrix cannot keep them apart. Subtract an offset, name the column "
                "in categorical_features, or leave it out where it numbers the rows."
            )
        return values.astype(np.float64)


@dataclass(frozen=True)
class TruthValues:
    """Zero and one, cut where a Gaussian is true as often as the cells."""

    empty: object
    cut: float

    @classmethod
    def of(cls, cells):
        rate = cls(without_rows(cells), 0.5).read(cells).mean()
        return cls(without_rows(cells), float(cut_for_rate(rate)))

    def grid(self, numbers):
        return np.where(numbers >= self.cut, 1.0, 0.0)

    def read(self, cells):
        values = values_of(cells).astype(np.float64)
        if not np.isin(values, [0.0, 1.0]).all():
            raise ValueError(
                "holds other numbers than 0 and 1, and is a boolean column. Correct "
                "them, or leave it out of kinds."
            )
        return values

    def write(self, numbers, rng):
        return cells_like(self.empty, numbers >= self.cut)


@dataclass(frozen=True)
class Moments:
    """Dates, times or durations, as whole steps from the column's first.

    Parameters
    ----------
    empty : Series or ndarray of shape (0,)
    origin : numpy.datetime64 or numpy.timedelta64
        The least of the training cells.
    n_ticks : int
        Units of the dtype in a step: the largest of ``STEPS`` that all cells keep to.
    n_steps : int
        From the least to the greatest.
    """

    empty: object
    origin: np.datetime64 | np.timedelta64
    n_ticks: int
    n_steps: int

    @classmethod
    def of(cls, cells):
        moments = cls._moments(cells)
        origin = moments.min()
        ticks = (moments - origin).view(np.int64)
        unit = np.timedelta64(1, np.datetime_data(moments.dtype)[0])
        sizes = [int(step // unit) for step in STEPS if step >= unit]
        n_ticks = next((n for n in sizes if not np.any(ticks % n)), 1)
        n_steps = int(ticks.max()) // n_ticks
        # Distances beyond 64 bits come out negative.
        if n_steps > LARGEST_WHOLE or ticks.min() < 0:
            raise ValueError(
                f"holds moments from {origin} to {moments.max()}, which are more than "
                f"2**53 steps of {n_ticks * unit} apart. Round them to microseconds, "
                "or to seconds."
            )
        return cls(without_rows(cells), origin, n_ticks, n_steps)

    def grid(self, numbers):
        return np.clip(np.rint(numbers), 0, self.n_steps)

    def read(self, cells):
        moments = self._moments(cells).astype(self.origin.dtype)
        # Divided as integers: as floats, nanoseconds of a lifetime would be rounded.
        whole, rest = np.divmod((moments - self.origin).view(np.int64), self.n_ticks)
        return whole + rest / self.n_ticks

    def write(self, numbers, rng):
        ticks = self.grid(numbers).astype(np.int64) * self.n_ticks
        return cells_like(self.empty, self.origin + ticks)

    @staticmethod
    def _moments(cells):
        values = values_of(cells)
        if values.dtype.kind == "O":  # Python's dates, which pyarrow's become, or times
            dates = all(type(value) is date for value in values)
            return values.astype("M8[D]" if dates else "M8[us]")
        if np.datetime_data(values.dtype)[0] in ("Y", "M", "W"):  # of no fixed length
            return values.astype(f"{values.dtype.kind}8[D]")
        return values


@dataclass(frozen=True)
class Levels:
    """Categories, numbered in their order; beyond a cap, the rare ones as one.

    Parameters
    ----------
    cells : Series or ndarray of shape (n_levels,)
        Each level once: first those with a number of their own, then the rare ones.
    codes : dict
        From level to number; all rare ones share the last.
    names : list of str
        One a number.
    rare : ndarray of shape (n_rare,) or None
        Probability of each rare level within the group.
    """

    cells: object
    codes: dict
    names: list
    rare: np.ndarray | None

    @classmethod
    def of(cls, cells, max_categories=None):
        values = values_of(cells).tolist()
        try:
            counts = Counter(values)
        except TypeError as error:
            raise ValueError(
                f"holds {describe(cells)}, which cannot be levels ({error}). Turn its "
                "cells into words, or leave it out."
            ) from error
        levels = _in_order(counts, category_order(cells))
        n_own = len(levels)
        rare = None
        if max_categories is not None and n_own > max_categories:
            n_own = max_categories - 1
            # A stable sort: of equally frequent levels the first are kept.
            frequent = set(sorted(levels, key=counts.get, reverse=True)[:n_own])
            levels.sort(key=lambda level: level not in frequent)
            rare = np.array([counts[level] for level in levels[n_own:]], dtype=float)
            rare /= rare.sum()
        codes = {level: min(code, n_own) for code, level in enumerate(levels)}
        first = dict(zip(reversed(values), reversed(range(len(values))), strict=True))
        cells = take(cells, np.array([first[level] for level in levels]))
        names = [str(level) for level in values_of(cells)[:n_own]]
        if rare is not None:
            names.append("others")
        return cls(cells, codes, names, rare)

    def grid(self, numbers):
        return np.clip(np.rint(numbers), 0, len(self.names) - 1)

    def read(self, cells):
        codes = self.look_up(cells)
        new = codes < 0
        if new.any() and self.rare is None:
            new = values_of(take(cells, np.flatnonzero(new)))
            new = sorted({str(level) for level in new})
            raise ValueError(
                f"holds levels that were not seen in fit: {new[:5]}; known are "
                f"{self.names[:20]}. Fit on rows that show all levels, or set "
                "max_categories below their number: new ones then join the rare."
            )
        return np.where(new, len(self.names) - 1, codes)

    def look_up(self, cells):
        """The number of each level, -1 for one that was not seen."""
        values = values_of(cells).tolist()
        codes = map(self.codes.get, values, repeat(-1))
        return np.fromiter(codes, np.float64, len(values))

    def write(self, numbers, rng):
        codes = self.grid(numbers).astype(np.intp)
        if self.rare is not None:
            group = codes == len(self.names) - 1
            codes[group] += draw_categorical(self.rare, np.count_nonzero(group), rng)
        return take(self.cells, codes)


def count_decimals(values, dtype):
    """Fewest decimals to which rounding leaves the floats as they are, or None."""
    exact = values.astype(dtype)
    largest = np.abs(values).max()
    for decimals in range(MOST_DECIMALS + 1):
        if largest * 10.0**decimals > 2.0**48:  # room for what a scale rounds
            return None
        # The first rows settle most tries.
        for rows in (slice(1000), slice(None)):
            if np.any(np.round(values[rows], decimals).astype(dtype) != exact[rows]):
                break
        else:
            return decimals
    return None


def _in_order(levels, order):
    """Levels in the order of their dtype, or sorted."""
    if order is not None:
        return [level for level in order if level in levels]
    try:
        return sorted(levels)
    except TypeError:  # of several types
        return sorted(levels, key=lambda level: (type(level).__name__, str(level)))
