"""Distributions of one column, cut into cells: atoms, and intervals between them.

Values are floats, NaN for a gap. Inside an interval a value is uniform.
"""

from dataclasses import dataclass, replace

import numpy as np

# A value that makes up this fraction of the rows is an atom among continuous values,
# and one that comes at least so often.
SPIKE_SHARE, SPIKE_COUNT = 0.01, 5
# An atom that comes so often has a frequency of its own in each class.
FIRM_COUNT = 30
# A column is all atoms where at most this fraction of its other rows hold a value that
# none else has: the chance that one more row brings a new value (Good and Turing).
NEW_SHARE = 0.2
# Rows that a class would have in a stretch of cells by its share of all rows, and has
# not: with more, the stretch is empty by more than the chance of many stretches.
EXPECTED = 15.0
# A gap between values that is longer than so many on either side of it is a void, which
# no interval may bridge: of as many random gaps one in ten thousand is that long.
VOID_GAPS = 10
# A cluster between voids with so large a part of the rows has tails of its own.
LEAST_CLUSTER = 0.1
# Intervals for each square root of the number of values between the atoms.
INTERVALS = 2
# Rows of all classes that each class counts beside its own: what another class shows
# is rare in it, not impossible. More would draw rare classes into the range of others.
POOLED_ROWS = 0.1
# What an interval weighs among all rows at least: that none of them fell into it does
# not make it impossible.
LEAST_ROWS = 0.5


@dataclass(frozen=True)
class Located:
    """Where values are among the cells of a column.

    Parameters
    ----------
    cell : ndarray of shape (n_samples,)
        Number of the cell, -1 for a value that has none: a category, or a gap, that
        was not seen in fit. A number that was not goes to the nearest cell.
    place : ndarray of shape (n_samples,)
        From 0 to 1 in an interval, NaN in an atom.
    inside : ndarray of shape (n_samples,), dtype bool
        Whether the value is one that the column can have.
    """

    cell: np.ndarray
    place: np.ndarray
    inside: np.ndarray

    @property
    def known(self):
        """Whether each value has a cell."""
        return self.cell >= 0

    @property
    def is_point(self):
        """Whether each value lies in an interval."""
        return ~np.isnan(self.place)


@dataclass(frozen=True)
class Marginal:
    """Distribution of a column: atoms, and a histogram between them.

    Parameters
    ----------
    atom : ndarray of shape (n_atoms,)
        Values in ascending order; a NaN, for gaps, comes last.
    knot : ndarray of shape (n_intervals + 1,)
        Ends of the intervals; empty where there are none.
    probability : ndarray of shape (n_atoms + n_intervals,)
        Of each cell: atoms first.
    ordered : bool
        Whether values are numbers, of which near ones are alike.
    """

    atom: np.ndarray
    knot: np.ndarray
    probability: np.ndarray
    ordered: bool

    @property
    def order(self):
        """Cells from left to right; gaps come first, and no interval has an atom in it.

        An atom comes before the interval that begins with it.
        """
        left = np.nan_to_num(np.concatenate([self.atom, self.knot[:-1]]), nan=-np.inf)
        return np.lexsort((np.arange(len(left)), left))

    @property
    def edges(self):
        """Distribution function at both ends of each cell."""
        order = self.order
        upper = np.empty(len(order))
        upper[order] = np.minimum(np.cumsum(self.probability[order]), 1.0)
        upper[order[-1]] = 1.0
        lower = np.empty(len(order))
        lower[order] = np.append(0.0, upper[order[:-1]])
        return lower, upper

    def locate(self, values):
        """Find the cell of each value, and where in it the value lies.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        located : Located
        """
        n_values = np.count_nonzero(~np.isnan(self.atom))
        cell = np.full(len(values), -1)
        place = np.full(len(values), np.nan)
        gap = np.isnan(values)
        if n_values < len(self.atom):
            cell[gap] = n_values
        if n_values:
            index = np.searchsorted(self.atom[:n_values], values)
            index = np.minimum(index, n_values - 1)
            hit = ~gap & (self.atom[index] == values)
            cell[hit] = index[hit]
        inside = cell >= 0
        if self.ordered and n_values and not len(self.knot):
            new = ~gap & ~inside
            cell[new] = _nearest(self.atom[:n_values], values[new])
        if len(self.knot):
            free = ~gap & ~inside
            inside |= free & (values >= self.knot[0]) & (values <= self.knot[-1])
            near = np.clip(values[free], self.knot[0], self.knot[-1])
            interval = np.searchsorted(self.knot, near, side="right") - 1
            interval = np.minimum(interval, len(self.knot) - 2)
            cell[free] = len(self.atom) + interval
            place[free] = (near - self.knot[interval]) / np.diff(self.knot)[interval]
        return Located(cell, place, inside)

    def share(self, located):
        """Part of the distribution that is at each value: from where to where.

        Parameters
        ----------
        located : Located

        Returns
        -------
        start, end : ndarray of shape (n_samples,)
            Of the distribution function; equal inside an interval, and all of it
            where the value is unknown.
        """
        start, end = (edge[located.cell] for edge in self.edges)
        point = start + located.place * (end - start)
        start = np.where(located.is_point, point, start)
        end = np.where(located.is_point, point, end)
        return np.where(located.known, start, 0.0), np.where(located.known, end, 1.0)

    def log_slope(self, located):
        """Logarithm of the slope of the distribution function, zero at atoms."""
        width = np.append(np.ones(len(self.atom)), np.diff(self.knot))
        with np.errstate(divide="ignore"):
            slope = np.log(self.probability) - np.log(width)
        return np.where(located.is_point, slope[located.cell], 0.0)

    def quantile(self, u):
        """Values at which the distribution function reaches ``u``.

        Parameters
        ----------
        u : ndarray of shape (n_samples,)
            In [0, 1].

        Returns
        -------
        values : ndarray of shape (n_samples,)
            NaN for a gap.
        """
        order = self.order
        lower, upper = self.edges
        cell = order[np.searchsorted(upper[order], u)]
        values = np.full(len(u), np.nan)
        atom = cell < len(self.atom)
        values[atom] = self.atom[cell[atom]]
        cell, u = cell[~atom], u[~atom]
        place = np.clip((u - lower[cell]) / (upper[cell] - lower[cell]), 0.0, 1.0)
        interval = cell - len(self.atom)
        values[~atom] = self.knot[interval] + place * np.diff(self.knot)[interval]
        return values


def fit_marginals(values, y, n_classes, *, discrete=False):
    """Distribution of a column in each class.

    Cells are as fine as all rows can fill; how a class weighs them is as smooth as its
    own rows can tell.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        NaN for a gap.
    y : ndarray of shape (n_samples,)
        Class numbers.
    n_classes : int
    discrete : bool, default=False
        Whether the values are categories: atoms without an order.

    Returns
    -------
    marginals : list of Marginal
    """
    atom, firm = _find_atoms(values, discrete)
    free = ~np.isnan(values) & ~np.isin(values, atom)
    knot = _find_knots(values[free], y[free], atom)
    firm = np.append(firm, np.zeros(max(len(knot) - 1, 0), dtype=bool))
    cells = Marginal(atom, knot, np.ones(len(firm)), not discrete)
    order, cell = cells.order, cells.locate(values).cell
    pooled = np.bincount(cell, minlength=len(firm)).astype(np.float64)
    pooled[len(atom) :] = np.maximum(pooled[len(atom) :], LEAST_ROWS)
    marginals = []
    for k in range(n_classes):
        own = np.bincount(cell[y == k], minlength=len(firm))
        weight = own.astype(np.float64)
        if not discrete and own.any():
            weight[order] = _smooth(own[order], pooled[order], firm[order])
        weight += POOLED_ROWS * pooled / pooled.sum()
        marginals.append(replace(cells, probability=weight / weight.sum()))
    return marginals


def _smooth(own, pooled, firm):
    """Rows of a class in ordered cells, as smooth as its rows can tell.

    Neighbours share the rows of all of them as they do among all classes, but for firm
    cells, which stand for themselves, and for stretches that are empty where rows were
    to be expected.
    """
    # A group begins at each firm cell, behind it, as the rows fill quantiles, and
    # where an empty stretch begins or ends.
    filled = (np.cumsum(own) - own / 2) / own.sum()
    begins = np.diff((_n_groups(own.sum()) * filled).astype(np.intp), prepend=-1) > 0
    begins |= firm | np.append(False, firm[:-1])
    empty = _is_empty_stretch(own, pooled)
    begins |= np.diff(empty, prepend=False)
    group = np.cumsum(begins) - 1
    of_group = np.bincount(group, own)[group]
    pooled_of_group = np.bincount(group, pooled)[group]
    return of_group * pooled / pooled_of_group


def _is_empty_stretch(own, pooled):
    """Cells in runs without a row of the class, where as many as EXPECTED were due."""
    absent = own == 0
    run = np.cumsum(np.diff(absent, prepend=False))
    due = np.bincount(run, pooled)[run] * own.sum() / pooled.sum()
    return absent & (due > EXPECTED)


def _nearest(ascending, values):
    """Index of the nearest of some numbers."""
    above = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    below = np.maximum(above - 1, 0)
    closer = values - ascending[below] < ascending[above] - values
    return np.where(closer, below, above)


def _n_groups(n_rows):
    """Groups of equal weight that balance the bias and the noise of a histogram."""
    return max(int(2 * n_rows**0.4), 1)


def _find_atoms(values, discrete):
    """Values that come again and again, with a NaN for gaps, and which are firm."""
    present = ~np.isnan(values)
    value, count = np.unique(values[present], return_counts=True)
    spike = count >= max(SPIKE_SHARE * count.sum(), SPIKE_COUNT)
    n_single, n_free = np.count_nonzero(count == 1), count[~spike].sum()
    if not discrete and n_single > max(1, NEW_SHARE * n_free):
        value, count = value[spike], count[spike]
    firm = count >= FIRM_COUNT
    if present.all():
        return value, firm
    return np.append(value, np.nan), np.append(firm, True)


def _find_knots(values, y, atom):
    """Ends of the intervals, for the values between the atoms and their classes.

    The same for all classes, so that what is noise in a cell cancels between them:
    quantiles of all rows, those of each class, and the ends of its range.
    """
    if len(values) == 0:
        return values
    ends = [_quantiles(values, int(INTERVALS * np.sqrt(len(values))))]
    ends.append(_ends_of_voids(values))
    for k in np.unique(y):
        own = values[y == k]
        low, high = own.min(), own.max()
        ends.append(_quantiles(own, _n_groups(len(own))))
        # The range ends half a spacing beyond its last rows, or half way to others.
        spacing = (high - low) / max(len(own) - 1, 1)
        below, above = values[values < low], values[values > high]
        ends += [low - min(low - below.max(), spacing) / 2] if len(below) else []
        ends += [high + min(above.min() - high, spacing) / 2] if len(above) else []
    knot = np.unique(np.hstack(ends))
    # No interval has an atom inside, so that cells are in order.
    within = atom[(atom > knot[0]) & (atom < knot[-1])]
    return np.unique(np.concatenate([knot, within]))


def _ends_of_voids(values):
    """The values on both sides of gaps that are much longer than those around.

    And what lies close to them: a cluster has tails there, as a column has at its ends.
    """
    value = np.unique(values)
    if len(value) < 2 * VOID_GAPS + 2:
        return np.empty(0)
    span = value[VOID_GAPS:] - value[:-VOID_GAPS]
    gap = np.diff(value)[VOID_GAPS:-VOID_GAPS]
    void = np.flatnonzero(gap > np.maximum(span[: len(gap)], span[-len(gap) :]))
    starts = value[VOID_GAPS + void + 1]
    clusters = np.split(np.sort(values), np.searchsorted(np.sort(values), starts))
    mass = 1.0 / max(int(INTERVALS * np.sqrt(len(values))), 1)
    ends = [starts]
    for cluster in clusters:
        if len(cluster) < LEAST_CLUSTER * len(values):
            continue  # the quantiles of its class say more of it
        tail = _tail(mass * len(values) / len(cluster), len(cluster))
        ends.append(np.quantile(cluster, np.concatenate([tail, 1 - tail])))
    # The last value of a cluster lies before the void, not in it.
    ends += [np.nextafter(cluster[-1:], np.inf) for cluster in clusters[:-1]]
    return np.concatenate(ends)


def _quantiles(values, n_intervals):
    """Ends of intervals of equal mass, and finer ones in the tails."""
    level = np.linspace(0, 1, n_intervals + 1)
    tail = _tail(level[1], len(values))
    return np.quantile(values, np.concatenate([level, tail, 1 - tail]))


def _tail(mass, n_values):
    """Masses at an end of a distribution whose intervals have so much each."""
    tail = mass / 4.0 ** np.arange(1, 5)
    return tail[(tail * n_values > 1) & (tail < 0.5)]
