"""What distances, boosting and linear models see of aligned tables."""

from dataclasses import dataclass

import numpy as np

# Levels of a column that points and matrices tell apart; the rarest share the last.
MOST_LEVELS = 100
# The same for boosting, which has so many bins.
MOST_BINS = 255
# Columns with fewer values, in tables of more rows, are seen by their gaps alone: a
# fold might have none.
LEAST_PRESENT = 50
# Levels with fewer rows have no coefficient of their own in a linear model.
LEAST_OF_LEVEL = 20


@dataclass(frozen=True)
class View:
    """Tables as matrices of the same columns.

    Parameters
    ----------
    matrices : list of ndarray of shape (n_rows, n_features)
        One a table.
    origin : ndarray of shape (n_features,)
        Number of the table's column that each comes from.
    is_level : ndarray of shape (n_features,), dtype bool
        Which hold codes of levels.
    """

    matrices: list
    origin: np.ndarray
    is_level: np.ndarray


def as_points(first, *others, scale_of=None):
    """Tables as points, whose Euclidean distances are those of rows.

    Numbers are in standard deviations of the first table; a gap beside a value, and
    one level beside another, are at distance one, as a standard deviation is. Where a
    column has more than ``MOST_LEVELS`` levels, the rarest are not told apart.

    Parameters
    ----------
    first, *others : AlignedTable
    scale_of : AlignedTable, default=None
        Table whose standard deviations are the units; None takes the first.

    Returns
    -------
    points : list of ndarray of shape (n_rows, n_dimensions)
    """
    tables = [first, *others]
    scale_of = first if scale_of is None else scale_of
    parts = [[] for _ in tables]
    for j, column in enumerate(first.columns):
        of_tables = [table.values[:, j] for table in tables]
        if column.is_discrete:
            blocks = _one_hot(of_tables, len(column.levels), MOST_LEVELS)
            blocks = [np.sqrt(0.5) * block for block in blocks]
        else:
            blocks = _scaled(of_tables, scale_of.values[:, j])
        for part, block in zip(parts, blocks, strict=True):
            part.append(block)
    return [np.concatenate(part, axis=1) for part in parts]


def as_boosted(*tables):
    """Tables as boosting sees them: numbers, codes of levels, NaN for gaps.

    Returns
    -------
    view : View
    """
    columns = []
    is_level = tables[0].is_discrete.copy()
    for j, column in enumerate(tables[0].columns):
        of_tables = [table.values[:, j] for table in tables]
        if _is_scarce(of_tables):
            of_tables = [np.isnan(v).astype(np.float64) for v in of_tables]
            is_level[j] = False
        elif column.is_discrete and len(column.levels) > MOST_BINS:
            of_tables = _group_rare(of_tables, len(column.levels), MOST_BINS)
        columns.append(of_tables)
    matrices = [np.column_stack(values) for values in zip(*columns, strict=True)]
    return View(matrices, np.arange(len(columns)), is_level)


def as_matrix(*tables):
    """Tables as a linear model sees them: finite numbers alone.

    Numbers are standardised, gaps filled by the mean and flagged; of levels with
    ``LEAST_OF_LEVEL`` rows the most frequent one is the reference, and the rare share
    an indicator. A single column of zeros where nothing varies.

    Returns
    -------
    view : View
    """
    parts, origin = [[] for _ in tables], []
    for j, column in enumerate(tables[0].columns):
        of_tables = [table.values[:, j] for table in tables]
        if column.is_discrete:
            blocks = _indicators(of_tables, len(column.levels))
        else:
            blocks = _scaled(of_tables, np.concatenate(of_tables))
            varies = np.ptp(np.concatenate(blocks), axis=0) > 0
            blocks = [block[:, varies] for block in blocks]
        origin += [j] * blocks[0].shape[1]
        for part, block in zip(parts, blocks, strict=True):
            part.append(block)
    if not origin:
        origin, parts = [0], [[np.zeros((len(table), 1))] for table in tables]
    matrices = [np.concatenate(part, axis=1) for part in parts]
    return View(matrices, np.array(origin, dtype=np.intp), np.zeros(len(origin), bool))


def _is_scarce(of_tables):
    """Whether so few values are there that a model might be shown none of them."""
    n_present = [np.count_nonzero(~np.isnan(values)) for values in of_tables]
    n_rows = sum(map(len, of_tables))
    return min(n_present) == 0 or sum(n_present) < min(LEAST_PRESENT, n_rows / 2)


def _scaled(of_tables, reference):
    """Numbers in standard deviations about the mean, and whether they are missing."""
    everything = np.concatenate([*of_tables, reference])
    unit = magnitude(everything)
    centre, scale = _mean_and_spread(reference / unit)
    if not scale > 0:  # a constant, or nothing at all: what the others have
        centre, scale = _mean_and_spread(everything / unit)
    scale = scale if scale > 0 else 1.0
    blocks = [
        (np.nan_to_num(v / unit, nan=centre) - centre)[:, None] / scale
        for v in of_tables
    ]
    if np.isnan(everything).any():
        blocks = [
            np.column_stack([block, np.isnan(v)])
            for block, v in zip(blocks, of_tables, strict=True)
        ]
    return blocks


def magnitude(values):
    """Power of two next to the largest of all: divided by it, no square overflows."""
    largest = np.nanmax(np.abs(values), initial=0.0)
    return 2.0 ** (np.frexp(largest)[1] - 1) if largest > 0 else 1.0


def _mean_and_spread(values):
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return 0.0, 0.0
    spread = values.std()
    # Rounding alone makes no spread.
    return values.mean(), spread if spread > 1e-12 * np.abs(values).max() else 0.0


def with_gap_level(values, n_levels):
    """Codes as ints, with a gap as the level ``n_levels``."""
    return np.where(np.isnan(values), n_levels, values).astype(np.intp)


def _counts(of_tables, n_levels):
    codes = [with_gap_level(values, n_levels) for values in of_tables]
    return sum(np.bincount(code, minlength=n_levels + 1) for code in codes)


def _group_rare(of_tables, n_levels, n_kept):
    """Codes below ``n_kept``, the rarest sharing the last; gaps stay NaN."""
    rank = np.empty(n_levels)
    order = np.argsort(-_counts(of_tables, n_levels)[:n_levels], kind="stable")
    rank[order] = np.minimum(np.arange(n_levels), n_kept - 1)
    gap = np.append(rank, np.nan)
    return [gap[with_gap_level(values, n_levels)] for values in of_tables]


def _one_hot(of_tables, n_levels, n_kept):
    if n_levels > n_kept:
        of_tables, n_levels = _group_rare(of_tables, n_levels, n_kept), n_kept
    has_gaps = any(np.isnan(values).any() for values in of_tables)
    identity = np.eye(n_levels + 1)[:, : n_levels + has_gaps]
    return [identity[with_gap_level(values, n_levels)] for values in of_tables]


def _indicators(of_tables, n_levels):
    """One-hot without the most frequent level, the rare levels as one."""
    counts = _counts(of_tables, n_levels)
    order = np.argsort(-counts, kind="stable")
    own = order[(counts[order] >= LEAST_OF_LEVEL)][:MOST_LEVELS]
    place = np.full(n_levels + 1, len(own))
    place[own] = np.arange(len(own))
    n_rare = counts.sum() - counts[own].sum()
    if n_rare < LEAST_OF_LEVEL:
        place[place == len(own)] = 0  # too few for a coefficient: with the reference
    n_columns = len(own) + (n_rare >= LEAST_OF_LEVEL)
    identity = np.eye(max(n_columns, 1))[:, 1:]
    return [identity[place[with_gap_level(v, n_levels)]] for v in of_tables]
