"""Rows of many groups in the cells of one column: to draw from, and to score."""

from dataclasses import dataclass

import numpy as np

# Rows that are scored at once: what is worked out for them stays near the processor.
BLOCK_ROWS = 2**13


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
    key : ndarray of shape (n_runs,)
        ``group * n_codes + code`` of each run, ascending: in a group labels come first,
        then stretches.
    before : ndarray of shape (n_runs + 1,)
        Rows before each run.
    edge : ndarray of shape (n_stretches + 1,)
        Ends of the stretches.
    n_labels : int
    smoothing : ndarray of shape (n_groups,)
        How far the stretches of a group spread: 0 not at all, 1 to the middle between
        neighbours.
    """

    start: np.ndarray
    key: np.ndarray
    before: np.ndarray
    edge: np.ndarray
    n_labels: int
    smoothing: np.ndarray

    @classmethod
    def of(cls, group, code, cells, smoothing):
        """Count rows.

        Parameters
        ----------
        group : ndarray of shape (n_samples,)
            From 0 to ``n_groups - 1``; a row that counts in several comes several
            times.
        code : ndarray of shape (n_samples,)
            Codes of ``cells``.
        cells : CellCodes
        smoothing : ndarray of shape (n_groups,)

        Returns
        -------
        counts : CellCounts
        """
        key = group.astype(np.int64) * cells.n_codes + code
        run, count = np.unique(key, return_counts=True)
        ends = np.arange(len(smoothing) + 1) * cells.n_codes
        n_rows = _dtype_up_to(len(code))
        return cls(
            np.searchsorted(run, ends).astype(n_rows),
            run.astype(_dtype_up_to(ends[-1])),
            np.append(0, np.cumsum(count)).astype(n_rows),
            cells.edge,
            cells.n_labels,
            smoothing,
        )

    @property
    def n_codes(self):
        return self.n_labels + len(self.edge) - 1

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
        row = (rng.random(len(group)) * self.n_rows(group)).astype(self.before.dtype)
        row += self.before[self.start[group]]
        run = np.searchsorted(self.before, row, side="right") - 1
        code = (self.key[run] - self._first_key(group)).astype(np.int32)
        free = np.flatnonzero(code >= self.n_labels)
        if not len(free):
            return code
        lower, upper = self._spread_of(run[free], group[free])
        place = lower + rng.random(len(free)) * (upper - lower)
        stretch = np.searchsorted(self.edge, place, side="right") - 1
        code[free] = self.n_labels + np.minimum(stretch, len(self.edge) - 2)
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
        probability = np.empty(len(code))
        for start in range(0, len(code), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            probability[rows] = self._probability(group[rows], code[rows])
        return probability

    def _probability(self, group, code):
        first, last = self.start[group], self.start[group + 1]
        first_key = self._first_key(group)
        key = first_key + code
        run = np.maximum(np.searchsorted(self.key, key), first)
        rows = np.zeros(len(code))
        label = np.flatnonzero((code < self.n_labels) & (run < last))
        label = label[self.key[run[label]] == key[label]]
        rows[label] = self._rows(run[label])
        # A stretch has a part of the run at it or behind it, and of the one before.
        is_stretch = code >= self.n_labels
        for step in (0, 1):
            near = run - step
            ok = np.flatnonzero(is_stretch & (near >= first) & (near < last))
            if self.n_labels:
                ok = ok[self.key[near[ok]] - first_key[ok] >= self.n_labels]
            if len(ok):
                rows[ok] += self._rows_within(code[ok], near[ok], group[ok])
        return rows / np.maximum(self.n_rows(group), 1)

    def _first_key(self, group):
        # Of one dtype with the keys, which would be copied to be searched otherwise.
        return group.astype(self.key.dtype) * self.n_codes

    def _rows_within(self, code, run, group):
        """Rows of a run that its spread puts into a stretch."""
        lower, upper = self._spread_of(run, group)
        stretch = code - self.n_labels
        common = np.minimum(upper, self.edge[stretch + 1])
        common = common - np.maximum(lower, self.edge[stretch])
        return self._rows(run) * np.maximum(common, 0.0) / (upper - lower)

    def _rows(self, run):
        return self.before[run + 1] - self.before[run]

    def _spread_of(self, run, group):
        """From where to where runs of stretches spread; asks for each run once."""
        if len(run) <= len(self.key):
            return self._spread(run, group)
        group = np.repeat(np.arange(len(self.smoothing)), np.diff(self.start))
        every = np.flatnonzero(self.key - self._first_key(group) >= self.n_labels)
        lower, upper = np.empty((2, len(self.key)))
        lower[every], upper[every] = self._spread(every, group[every])
        return lower[run], upper[run]

    def _spread(self, run, group):
        first_stretch = self._first_key(group) + self.n_labels
        stretch = self.key[run] - first_stretch
        lower, upper = self.edge[stretch], self.edge[stretch + 1]
        # Neighbours of other groups lie beyond all stretches.
        n_runs, n_stretches = len(self.key), len(self.edge) - 1
        previous = self.key[run - 1] - first_stretch
        following = self.key[np.minimum(run + 1, n_runs - 1)] - first_stretch
        on_left = (previous >= 0) & (run > 0)
        on_right = (following < n_stretches) & (run < n_runs - 1)
        left = np.where(
            on_left, lower - self.edge[np.where(on_left, previous, 0) + 1], 0.0
        )
        right = np.where(
            on_right, self.edge[np.where(on_right, following, 0)] - upper, 0.0
        )
        # The outermost spread outwards as far as inwards: the mean stays.
        left, right = (
            np.where(on_left, left, right),
            np.where(on_right, right, left),
        )
        reach = self.smoothing[group] / 2
        return np.maximum(lower - reach * left, 0.0), np.minimum(
            upper + reach * right, 1.0
        )


def _dtype_up_to(most):
    """Of whole numbers with half the bytes, where these suffice."""
    return np.int32 if most < 2**31 else np.int64
