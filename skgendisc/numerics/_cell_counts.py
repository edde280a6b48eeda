"""Rows of many groups in the cells of one column: to draw from, and to score."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CellCounts:
    """The distribution of a column in each of many groups of rows.

    Each cell that rows of the group fell into has their share of the probability. A
    stretch spreads its share evenly over itself and a part of the way to the next
    stretches that rows of the group fell into.

    Parameters
    ----------
    start : ndarray of shape (n_groups + 1,)
        First run of each group; a run is a cell that rows of a group fell into.
    code : ndarray of shape (n_runs,), dtype int32
        Ascending in each group: labels, then stretches.
    before : ndarray of shape (n_runs + 1,)
        Rows before each run.
    edge : ndarray of shape (n_stretches + 1,)
        Ends of the stretches.
    n_labels : int
    smoothing : float
        How far stretches spread: 0 not at all, 1 to the middle between neighbours.
    """

    start: np.ndarray
    code: np.ndarray
    before: np.ndarray
    edge: np.ndarray
    n_labels: int
    smoothing: float

    @classmethod
    def of(cls, group, code, n_groups, cells, smoothing):
        """Count rows.

        Parameters
        ----------
        group : ndarray of shape (n_samples,)
            From 0 to ``n_groups - 1``.
        code : ndarray of shape (n_samples,)
            Codes of ``cells``.
        n_groups : int
        cells : CellCodes
        smoothing : float

        Returns
        -------
        counts : CellCounts
        """
        key = group.astype(np.int64) * cells.n_codes + code
        run, count = np.unique(key, return_counts=True)
        start = np.searchsorted(run, np.arange(n_groups + 1) * cells.n_codes)
        size = np.int32 if len(code) < 2**31 else np.int64
        return cls(
            start.astype(size),
            (run % cells.n_codes).astype(np.int32),
            np.append(0, np.cumsum(count)).astype(size),
            cells.edge,
            cells.n_labels,
            smoothing,
        )

    def n_rows(self, group):
        """Rows of each group."""
        return self.before[self.start[group + 1]] - self.before[self.start[group]]

    def draw(self, group, rng):
        """A cell from the distribution of each group.

        Parameters
        ----------
        group : ndarray of shape (n_samples,)
            Groups that have rows.
        rng : numpy.random.Generator

        Returns
        -------
        code : ndarray of shape (n_samples,)
        """
        first, last = self.start[group], self.start[group + 1]
        row = (rng.random(len(group)) * self.n_rows(group)).astype(np.int64)
        row += self.before[first]
        run = np.searchsorted(self.before, row, side="right") - 1
        code = self.code[run].copy()
        free = np.flatnonzero(code >= self.n_labels)
        lower, upper = self._spread(run[free], first[free], last[free])
        place = lower + rng.random(len(free)) * (upper - lower)
        stretch = np.searchsorted(self.edge, place, side="right") - 1
        code[free] = self.n_labels + np.clip(stretch, 0, len(self.edge) - 2)
        return code

    def probability(self, group, code):
        """Probability of a cell in the distribution of each group.

        Parameters
        ----------
        group, code : ndarray of shape (n_samples,)
            A code of -1 has probability zero.

        Returns
        -------
        probability : ndarray of shape (n_samples,)
            Zero throughout in a group without rows.
        """
        first, last = self.start[group], self.start[group + 1]
        run = _bisect(self.code, first, last, code - 1)
        rows = np.zeros(len(code))
        is_label = code < self.n_labels
        hit = is_label & (run < last)
        hit[hit] = self.code[run[hit]] == code[hit]
        rows[hit] = self._rows(run[hit])
        # A stretch has a part of the run at it or behind it, and of the one before.
        for step in (0, 1):
            near = run - step
            ok = np.flatnonzero(~is_label & (near >= first) & (near < last))
            ok = ok[self.code[near[ok]] >= self.n_labels]
            rows[ok] += self._rows_within(near[ok], first[ok], last[ok], code[ok])
        return rows / np.maximum(self.n_rows(group), 1)

    def _rows_within(self, run, first, last, code):
        """Rows of a run that its spread puts into a stretch."""
        lower, upper = self._spread(run, first, last)
        stretch = code - self.n_labels
        common = np.minimum(upper, self.edge[stretch + 1])
        common = common - np.maximum(lower, self.edge[stretch])
        return self._rows(run) * np.maximum(common, 0.0) / (upper - lower)

    def _rows(self, run):
        return self.before[run + 1] - self.before[run]

    def _spread(self, run, first, last):
        """From where to where runs of stretches spread."""
        stretch = self.code[run] - self.n_labels
        lower, upper = self.edge[stretch], self.edge[stretch + 1]
        before, behind = np.maximum(run - 1, first), np.minimum(run + 1, last - 1)
        previous = self.code[before] - self.n_labels
        following = self.code[behind] - self.n_labels
        on_left = (before < run) & (previous >= 0)
        on_right = behind > run
        left = np.where(on_left, lower - self.edge[np.maximum(previous, 0) + 1], 0.0)
        right = np.where(on_right, self.edge[following] - upper, 0.0)
        # The outermost spread outwards as far as inwards: the mean stays.
        left, right = (
            np.where(on_left, left, right),
            np.where(on_right, right, left),
        )
        reach = self.smoothing / 2
        return np.maximum(lower - reach * left, 0.0), np.minimum(
            upper + reach * right, 1.0
        )


def _bisect(ascending, first, last, value):
    """Index behind the entries up to a value, in a part of an array for each value.

    As ``numpy.searchsorted`` from the right in ``ascending[first:last]``.
    """
    below, end = first.astype(np.int64), last.astype(np.int64)
    # At first the largest power of two within the longest part.
    step = 1 << int((end - below).max(initial=0)).bit_length() >> 1
    while step:
        further = below + step
        last_of_step = ascending[np.minimum(further, end) - 1]
        below = np.where((further <= end) & (last_of_step <= value), further, below)
        step >>= 1
    return below
