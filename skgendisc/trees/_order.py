"""In which order columns are drawn, and which of those before a column it hears."""

import numpy as np

from skgendisc.numerics import Associations, coarse_codes

# Rows and bins that associations are measured with: enough to tell near from far.
ROWS, BINS = 4096, 8
# By how much associations may be lessened at random, where orders are to differ.
SHAKEN = 0.5
# Columns before it that a column is grown on at most: those that tell most about it.
MOST_PARENTS = 64


def arrange(codes, cells, y, order, rng, *, n_orders=1):
    """Order the columns, and choose the parents of each.

    With "auto" the next column is always the one that one of those placed, the class
    first of all, tells most about, as the algorithm of Prim grows a tree; in all
    orders but the first, associations count less by chance, so that they differ.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_features)
    cells : list of CellCodes
    y : ndarray of shape (n_samples,)
        Class numbers.
    order : ndarray of shape (n_features,) or "auto"
    rng : numpy.random.Generator
    n_orders : int, default=1

    Returns
    -------
    arranged : list of (ndarray of shape (n_features,), list of ndarray)
        Orders, and for each column in an order, columns before it.
    """
    n_columns = codes.shape[1]
    if not isinstance(order, str) and n_columns <= MOST_PARENTS:
        parents = [order[:place] for place in range(n_columns)]
        return [(order, parents)] * n_orders
    associations = _associations(codes, cells, y, rng)
    return [
        _grow_order(associations, n_columns, order, rng, SHAKEN if number else 0.0)
        for number in range(n_orders)
    ]


def _grow_order(associations, n_columns, order, rng, shaken):
    """An order, and the parents of each column in it."""
    free = isinstance(order, str)
    nearest = associations.of(n_columns)[:-1].copy()  # the class stands behind them
    waiting = np.ones(n_columns, dtype=bool)
    placed, parents = [], []
    for place in range(n_columns):
        if free:
            chance = 1 - shaken * rng.random(n_columns)
            column = int(np.argmax(np.where(waiting, nearest * chance, -np.inf)))
        else:
            column = order[place]
        association = associations.of(column)[:-1]
        before = np.array(placed, dtype=np.intp)
        closest = np.argsort(-association[before], kind="stable")[:MOST_PARENTS]
        parents.append(before[np.sort(closest)])
        placed.append(column)
        waiting[column] = False
        nearest = np.maximum(nearest, association)
    return np.array(placed, dtype=np.intp), parents


def _associations(codes, cells, y, rng):
    """Of the columns, and behind them of the class, on some of the rows."""
    rows = np.arange(len(y))
    if len(y) > ROWS:
        rows = np.sort(rng.choice(len(y), ROWS, replace=False))
    coarse = [
        coarse_codes(codes[rows, j], None if of.free is None else of.position, BINS)
        for j, of in enumerate(cells)
    ]
    return Associations(np.column_stack([*coarse, coarse_codes(y[rows], None, BINS)]))
