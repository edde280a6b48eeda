"""What a scatter matrix of two tables shows: points, and shares of all rows."""

from itertools import combinations

import numpy as np

from skgendisc.comparison._portraits import (
    find_edges,
    find_frequent,
    share_of_gaps,
    shares_of_bins,
    shares_of_levels,
)
from skgendisc.metrics import AlignedTable

LEVELS_SHOWN = 6
COLUMNS_SHOWN = 4
MOST_COLUMNS = 8
SIDES = "real", "synthetic"


def choose_columns(table, columns):
    """Places of the columns that are asked for; of the first, if none are."""
    names = [column.name for column in table.columns]
    if columns is None:
        return list(range(min(len(names), COLUMNS_SHOWN)))
    chosen = list(columns)
    unknown = [name for name in chosen if name not in names]
    if unknown or len(set(chosen)) < len(chosen):
        raise ValueError(
            f"columns must be names in X_real, each once, or places in an array: got "
            f"{chosen}. Take some of {names}."
        )
    if not 1 <= len(chosen) <= MOST_COLUMNS:
        raise ValueError(
            f"columns must be 1 to {MOST_COLUMNS}, or no panel could be read: got "
            f"{len(chosen)}. Choose fewer, and draw again for others."
        )
    return [names.index(name) for name in chosen]


def describe_columns(real, synthetic):
    """Tables with rare levels as one, and what marginals of the columns show.

    Parameters
    ----------
    real, synthetic : AlignedTable

    Returns
    -------
    real, synthetic : ndarray of shape (n_rows, n_columns)
        Numbers; places among ``levels``; NaN for gaps.
    columns : list of dict
        ``name``, ``levels`` (None for numbers), ``edges`` (of bins, or around each
        level), ``shares`` (of all rows, of both tables) and ``missing`` (of both).
    """
    columns, values = [], []
    for j, column in enumerate(real.columns):
        of_tables = real.values[:, j], synthetic.values[:, j]
        levels = None
        if column.is_discrete:
            of_tables, levels = _merge_rare(column, of_tables)
            edges = np.arange(len(levels) + 1) - 0.5
        else:
            edges, _ = find_edges(*of_tables)
        columns.append(
            {
                "name": str(column.name),
                "levels": levels,
                "edges": edges.tolist(),
                "shares": [shares_of_bins(v, edges) for v in of_tables],
                "missing": [share_of_gaps(v) for v in of_tables],
            }
        )
        values.append(of_tables)
    real, synthetic = (np.column_stack(table) for table in zip(*values, strict=True))
    return real, synthetic, columns


def _merge_rare(column, of_tables):
    """Places among the frequent levels, the others as one more, and their names."""
    n_levels = len(column.levels)
    shares = [shares_of_levels(values, n_levels) for values in of_tables]
    shown = find_frequent(shares, LEVELS_SHOWN)
    names = [str(column.levels[code]) for code in shown]
    if n_levels > len(shown):
        names.append(f"{n_levels - len(shown)} others")
    place = np.full(n_levels + 1, float(len(shown)))
    place[shown] = np.arange(len(shown))
    place[n_levels] = np.nan
    codes = [np.where(np.isnan(v), n_levels, v).astype(np.intp) for v in of_tables]
    return [place[code] for code in codes], names


def share_pairs(real, synthetic, columns):
    """Shares of rows with each pair of levels, for pairs of columns with levels.

    Returns
    -------
    pairs : list of dict
        ``columns`` (two places) and ``shares`` (two nested lists: a row for each level
        of the first).
    """
    discrete = [j for j, column in enumerate(columns) if column["levels"] is not None]
    pairs = []
    for i, j in combinations(discrete, 2):
        shape = len(columns[i]["levels"]), len(columns[j]["levels"])
        shares = []
        for table in (real, synthetic):
            told = ~np.isnan(table[:, [i, j]]).any(axis=1)
            first, second = table[told][:, [i, j]].T.astype(np.intp)
            counts = np.zeros(shape)
            np.add.at(counts, (first, second), 1.0)
            shares.append((counts / len(table)).tolist())
        pairs.append({"columns": [i, j], "shares": shares})
    return pairs


def take_columns(table, places):
    """Some columns of an aligned table, without the target."""
    columns = tuple(table.columns[j] for j in places)
    return AlignedTable(table.values[:, places], columns)
