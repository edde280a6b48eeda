"""Rows to learn from, more and more of them, and rows to judge by."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

# Rows of each class in the smallest subsample: a variance needs as many.
ROWS_OF_A_CLASS = 2
N_SIZES = 10
LEAST_SIZE = 10
LEAST_REPEATS = 10


@dataclass(frozen=True)
class Subsamples:
    """What one split gives: rows in the order in which they are learned from.

    Parameters
    ----------
    test : ndarray of shape (n_test,)
        Rows to judge by.
    order : ndarray of shape (n_pool,)
        All other rows; a subsample is the first of them.
    ends : ndarray of shape (n_cuts,)
        Lengths at which no group is cut and each class is there.
    """

    test: np.ndarray
    order: np.ndarray
    ends: np.ndarray

    def first(self, size):
        """About so many rows: the nearest number that cuts no group."""
        return self.order[: nearest(self.ends, size)]


def split_rows(y, groups, n_test, rng):
    """Part rows into some to judge by and, in a nested order, those to learn from.

    Both parts, and the first rows of any number, have the classes' shares as nearly as
    whole groups can.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    groups : ndarray of shape (n_samples,)
        Group numbers; rows of a group stay together.
    n_test : int
        Rows to judge by.
    rng : numpy.random.Generator

    Returns
    -------
    subsamples : Subsamples
    """
    counts = np.zeros((groups.max() + 1, y.max() + 1), dtype=np.intp)
    np.add.at(counts, (groups, y), 1)
    order = _stratified(counts, rng)
    # The last group of each class is never judged: no class may be missing in the pool.
    kept = _of_every_class(counts[order[::-1]], 1)[::-1]
    candidates = order[~kept]
    n_judged = np.cumsum(counts[candidates].sum(axis=1))
    judged = candidates[: np.searchsorted(n_judged, nearest(n_judged, n_test)) + 1]

    pool = order[~np.isin(order, judged)]
    pool = pool[_stratified(counts[pool], rng)]
    first = _of_every_class(counts[pool], ROWS_OF_A_CLASS)
    pool = np.concatenate([pool[first], pool[~first]])
    ends = np.cumsum(counts[pool].sum(axis=1))
    return Subsamples(
        np.flatnonzero(np.isin(groups, judged)),
        _rows_of(groups, pool, rng),
        ends[first.sum() - 1 :],
    )


def _stratified(counts, rng):
    """Groups in random order, such that the first of them have the classes' shares.

    Each is of the class that most of its rows have, and the groups of a class follow
    each other at even distances.
    """
    size, stratum = counts.sum(axis=1), counts.argmax(axis=1)
    place = np.empty(len(counts))
    shuffled = rng.permutation(len(counts))
    for k in range(counts.shape[1]):
        own = shuffled[stratum[shuffled] == k]
        ends = np.cumsum(size[own])
        place[own] = (ends - size[own] / 2) / ends[-1:]
    return shuffled[np.argsort(place[shuffled], kind="stable")]


def _of_every_class(counts, n_rows):
    """Which groups come first until each class has so many rows, if there are any."""
    before = np.cumsum(counts, axis=0) - counts
    return ((counts > 0) & (before < n_rows)).any(axis=1)


def _rows_of(groups, order, rng):
    """Rows of the groups in this order, shuffled within each."""
    rank = np.full(groups.max() + 1, -1)
    rank[order] = np.arange(len(order))
    rows = rng.permutation(np.flatnonzero(rank[groups] >= 0))
    return rows[np.argsort(rank[groups[rows]], kind="stable")]


def nearest(ends, wanted):
    """The entry of ascending numbers that is nearest, the smaller of two."""
    above = min(np.searchsorted(ends, wanted), len(ends) - 1)
    below = max(above - 1, 0)
    is_above = ends[above] - wanted < wanted - ends[below]
    return int(ends[above] if is_above else ends[below])


def log_sizes(n_pool, n_classes, n_sizes=N_SIZES):
    """Numbers of rows at even steps of their logarithm, up to all.

    Parameters
    ----------
    n_pool : int
        Rows of the smallest pool.
    n_classes : int
    n_sizes : int, default=10
        At most so many.

    Returns
    -------
    sizes : list of int
    """
    start = min(max(LEAST_SIZE, ROWS_OF_A_CLASS * n_classes), n_pool)
    sizes = np.rint(np.geomspace(start, n_pool, n_sizes))
    return np.unique(sizes.astype(int)).tolist()


def check_sizes(train_sizes, n_pool, n_classes):
    """Numbers of rows to learn from, ascending.

    Parameters
    ----------
    train_sizes : "log" or array-like
    n_pool : int
        Rows of the smallest pool.
    n_classes : int

    Returns
    -------
    sizes : list of int
    """
    least = ROWS_OF_A_CLASS * n_classes
    if isinstance(train_sizes, str) and train_sizes == "log":
        return log_sizes(n_pool, n_classes)
    sizes = np.asarray(train_sizes)
    if sizes.ndim != 1 or not len(sizes) or sizes.dtype.kind not in "iuf":
        raise ValueError(
            "train_sizes must be 'log', or numbers of rows, or shares of them: got "
            f"{train_sizes!r}."
        )
    if sizes.dtype.kind == "f":
        if not np.all((sizes > 0) & (sizes <= 1)):
            raise ValueError(
                f"train_sizes that are floats must be shares in (0, 1]: got "
                f"{sizes.tolist()}. Give numbers of rows as ints."
            )
        sizes = np.maximum(np.rint(sizes * n_pool), min(least, n_pool))
    sizes = np.unique(sizes.astype(int))
    if sizes[-1] > n_pool or sizes[0] < min(least, n_pool):
        raise ValueError(
            f"train_sizes must be from {min(least, n_pool)}, which is "
            f"{ROWS_OF_A_CLASS} rows of each class, to {n_pool}, the rows that "
            f"test_size leaves: got {sizes.tolist()}. Leave some out, or change "
            "test_size."
        )
    return sizes.tolist()


def check_repeats(n_splits, sizes):
    """Splits of each size, as many as they are or thinned out.

    Parameters
    ----------
    n_splits : int or array-like of int of shape (n_sizes,)
        An int is the number at the smallest size.
    sizes : list of int

    Returns
    -------
    repeats : list of int
    """
    given = np.asarray(n_splits)
    if given.dtype.kind not in "iu" or given.shape not in ((), (len(sizes),)):
        raise ValueError(
            f"n_splits must be an int, or one for each of the {len(sizes)} sizes "
            f"{sizes}: got {n_splits!r}."
        )
    if given.min() < 2:
        raise ValueError(
            f"n_splits must be 2 or more, lest no spread is known: got {n_splits!r}."
        )
    if given.ndim:
        return given.tolist()
    least = min(int(given), LEAST_REPEATS)
    thinned = np.ceil(given * np.sqrt(sizes[0] / np.array(sizes)))
    return np.maximum(thinned, least).astype(int).tolist()


def count_test_rows(test_size, n_samples):
    """Rows to judge by, from a number or a share."""
    if isinstance(test_size, bool) or not isinstance(test_size, Real):
        raise ValueError(f"test_size must be a number of rows or a share: {test_size}.")
    is_count = isinstance(test_size, Integral)
    n_test = int(test_size if is_count else np.ceil(test_size * n_samples))
    if not 0 < n_test < n_samples or (not is_count and not 0 < test_size < 1):
        raise ValueError(
            f"test_size must leave rows on both sides: got {test_size!r} of "
            f"{n_samples} rows. Give a share in (0, 1), or fewer rows than there are."
        )
    return n_test
