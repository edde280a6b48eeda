"""The cells of a column, numbered: values to numbers, and back."""

from dataclasses import dataclass

import numpy as np

from skgendisc.numerics._marginals import Marginal, fit_marginals

# An atom with so many times the rows of the column's average value, and so many rows
# at all, is a spike: what is near it on the scale is nothing like it.
SPIKE_FACTOR, SPIKE_ROWS = 10.0, 30


@dataclass(frozen=True)
class CellCodes:
    """A column cut into cells: labels, which have no neighbours, and stretches.

    Labels are categories, gaps, and spikes among numbers; their codes come first. The
    other values lie on stretches of a line, atoms and intervals, in order.

    Parameters
    ----------
    label : ndarray of shape (n_labels,)
        Values of the labels in ascending order; a NaN, for gaps, comes last.
    free : Marginal or None
        Distribution of the values that are not labels.
    position : ndarray of shape (n_codes + 1,)
        Place of each cell among all rows, from 0 to 1, gaps first: the middle of its
        share of the distribution function. One half for what is unknown, at the end.
    n_rows : int
        Rows the cells were found in.
    """

    label: np.ndarray
    free: Marginal | None
    position: np.ndarray
    n_rows: int

    @classmethod
    def of(cls, values, *, discrete=False):
        """Find the cells of a column.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)
            NaN for a gap.
        discrete : bool, default=False
            Whether the values are categories.

        Returns
        -------
        cells : CellCodes
        """
        present = values[~np.isnan(values)]
        label = np.unique(present) if discrete else _spikes(present)
        rest = present[~np.isin(present, label)]
        free = None
        if len(rest):
            free = fit_marginals(rest, np.zeros(len(rest), dtype=np.intp), 1)[0]
        if len(present) < len(values):
            label = np.append(label, np.nan)
        cells = cls(label, free, np.empty(0), len(values))
        counts = np.bincount(cells.encode(values), minlength=cells.n_codes)
        position = np.full(cells.n_codes + 1, 0.5)
        position[:-1] = _middles(counts, cells._left)
        return cls(label, free, position, len(values))

    @property
    def n_labels(self):
        return len(self.label)

    @property
    def n_codes(self):
        return self.n_labels + (0 if self.free is None else len(self.free.probability))

    @property
    def width(self):
        """Length of each stretch, from left to right; that of an atom is zero."""
        if self.free is None:
            return np.empty(0)
        width = np.append(np.zeros(len(self.free.atom)), np.diff(self.free.knot))
        return width[self._order]

    @property
    def edge(self):
        """Where the stretches begin and end, as shares of the rows on them."""
        if self.free is None:
            return np.zeros(1)
        edge = np.append(0.0, np.cumsum(self.free.probability[self._order]))
        return edge / edge[-1]

    @property
    def _order(self):
        """Cells of the free values, from left to right."""
        if self.free is None:
            return np.empty(0, dtype=np.intp)
        return self.free.order

    @property
    def _left(self):
        """The least value of each cell; that of a gap is below all others."""
        if self.free is None:
            return np.nan_to_num(self.label, nan=-np.inf)
        left = np.append(self.free.atom, self.free.knot[:-1])[self._order]
        return np.append(np.nan_to_num(self.label, nan=-np.inf), left)

    def encode(self, values):
        """The code of each value: of the nearest cell for a number of none, else -1.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        code : ndarray of shape (n_samples,), dtype int32
        """
        return self.locate(values)[0]

    def locate(self, values):
        """The code of each value, and the logarithm of its density in its cell.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        code : ndarray of shape (n_samples,), dtype int32
        log_density : ndarray of shape (n_samples,)
            With respect to length in an interval, and zero in an atom or a label. NaN
            for a value that no cell has.
        """
        code = np.full(len(values), -1, dtype=np.int32)
        log_density = np.full(len(values), np.nan)
        gap = np.isnan(values)
        if self.n_labels:
            index = np.searchsorted(self.label, values)  # NaN is at the end, as there
            index = np.minimum(index, self.n_labels - 1)
            hit = (self.label[index] == values) | (gap & np.isnan(self.label[-1]))
            code[hit], log_density[hit] = index[hit], 0.0
        rest = np.flatnonzero(~gap & (code < 0))
        if self.free is not None:
            found = self.free.locate(values[rest])
            rank = np.argsort(self._order)
            code[rest] = self.n_labels + rank[found.cell]
            width = np.append(np.ones(len(self.free.atom)), np.diff(self.free.knot))
            log_density[rest] = np.where(
                found.inside, -np.log(width[found.cell]), np.nan
            )
        return code, log_density

    def log_novelty(self, values):
        """Logarithm of the density of what no cell has: one row among those there are.

        For a number beyond the intervals it falls off exponentially; any other new
        value counts as the one value that is new.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
        """
        log_density = np.full(len(values), -np.log(self.n_rows + 1.0))
        if self.free is None or not len(self.free.knot):
            return log_density
        low, high = self.free.knot[[0, -1]]
        outside = np.maximum(low - values, values - high)
        scale = high - low
        tail = -outside / scale - np.log(2 * scale)
        return log_density + np.where(np.isnan(values), 0.0, tail)

    def decode(self, code, rng):
        """A value of each cell; in an interval, any with the same chance.

        Parameters
        ----------
        code : ndarray of shape (n_samples,)
        rng : numpy.random.Generator

        Returns
        -------
        values : ndarray of shape (n_samples,)
            NaN for a gap.
        """
        values = np.empty(len(code))
        is_label = code < self.n_labels
        values[is_label] = self.label[code[is_label]]
        if self.free is None:
            return values
        start = self._left[self.n_labels :]
        stretch = code[~is_label] - self.n_labels
        place = rng.random(len(stretch)) * self.width[stretch]
        values[~is_label] = start[stretch] + place
        return values


def _spikes(values):
    """Values that many more rows have than others, in ascending order."""
    value, count = np.unique(values, return_counts=True)
    if len(value) <= 1:
        return value
    is_spike = (count >= SPIKE_ROWS) & (count >= SPIKE_FACTOR * np.mean(count))
    return value[is_spike]


def _middles(counts, left):
    """Middle of each cell's share of the rows, in the order of ``left``."""
    order = np.argsort(left, kind="stable")
    middle = np.empty(len(counts))
    ordered = counts[order]
    middle[order] = (np.cumsum(ordered) - ordered / 2) / max(ordered.sum(), 1)
    return middle
