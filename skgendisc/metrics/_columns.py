"""Columns alone, and columns in pairs: likeness of their distributions."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from skgendisc.metrics._align import align_pair, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import magnitude, with_gap_level
from skgendisc.numerics import (
    joint_code,
    kolmogorov_smirnov,
    normalised_mutual_information,
    total_variation,
    wasserstein,
)
from skgendisc.utils.random_state import as_generator

# A level is lost where chance would lose it so rarely.
RARE_CHANCE = 1e-3


@dataclass(frozen=True)
class ColumnShapes(MetricResult):
    """What :func:`column_shapes` found.

    Parameters
    ----------
    score : float
        Mean over columns, in [0, 1]; 1 is best.
    columns : dict of float
        Score by name of the column; NaN for one without values in both tables.
    missing_rate_difference : dict of float
        Of each column: fraction of synthetic cells that are missing, less that of the
        real ones. No part of the score.
    lost_levels, new_levels : dict of tuple
        Levels of a column that one table has and the other, by more than chance, has
        not: lost by the synthetic rows, or their invention. Columns without any are
        left out. No part of the score.

    Examples
    --------
    >>> from skgendisc.metrics import column_shapes
    >>> column_shapes([[0.0], [1.0]], [[0.0], [None]]).missing_rate_difference
    {0: 0.5}
    """

    main = "score"

    score: float
    columns: dict
    missing_rate_difference: dict
    lost_levels: dict
    new_levels: dict


@dataclass(frozen=True)
class PairTrends(MetricResult):
    """What :func:`column_pair_trends` found.

    Parameters
    ----------
    score : float
        Mean over pairs, in [0, 1]; 1 is best.
    pairs : dict of float
        Score by (name, name); NaN where it is not defined.

    Examples
    --------
    >>> from skgendisc.metrics import column_pair_trends
    >>> X = [[0, 1], [1, 2], [2, 4]]
    >>> column_pair_trends(X, X).pairs
    {(0, 1): 1.0}
    """

    main = "score"

    score: float
    pairs: dict


@dataclass(frozen=True)
class MutualInformationError(MetricResult):
    """What :func:`mutual_information_error` found.

    Parameters
    ----------
    error : float
        Weighted mean over pairs, in [0, 1]; 0 is best.
    real, synthetic : dict of float
        Normalised mutual information by (name, name), in [0, 1].

    Examples
    --------
    >>> from skgendisc.metrics import mutual_information_error
    >>> result = mutual_information_error([[0, 0], [1, 1]], [[0, 1], [1, 1]])
    >>> result.real, result.synthetic
    ({(0, 1): 1.0}, {(0, 1): 0.0})
    """

    main = "error"

    error: float
    real: dict
    synthetic: dict


@dataclass(frozen=True)
class WassersteinDistances(MetricResult):
    """What :func:`wasserstein_distances` found.

    Parameters
    ----------
    distance : float
        Mean over columns; 0 is best.
    columns : dict of float
        Distance by name of the column, in real standard deviations.

    Examples
    --------
    >>> from skgendisc.metrics import wasserstein_distances
    >>> wasserstein_distances([[0.0], [2.0]], [[0.0], [3.0]]).columns
    {0: 0.5}
    """

    main = "distance"

    distance: float
    columns: dict


def column_shapes(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    categorical_features="from_dtype",
):
    """Likeness of each column's distribution, as the Column Shapes of SDMetrics.

    Blind to what columns have to do with each other: independent columns score 1.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.

    Returns
    -------
    result : ColumnShapes

    Notes
    -----
    For numbers and datetimes, one less the distance of Kolmogorov and Smirnov; for
    levels and truth values, one less the total variation. Gaps are left out [1]_. A
    column that has values in one table alone scores 0, where SDMetrics leaves it out.
    A level counts as lost or new where as many rows of its share would all lack it
    once in a thousand tables.

    References
    ----------
    .. [1] DataCebo. Synthetic Data Metrics: KSComplement, TVComplement.
       https://docs.sdv.dev/sdmetrics

    Examples
    --------
    >>> from skgendisc.metrics import column_shapes
    >>> result = column_shapes([[1, "a"], [2, "a"]], [[1, "a"], [1, "b"]])
    >>> result.columns, float(result)
    ({0: 0.5, 1: 0.5}, 0.5)
    """
    real, synthetic = align_pair(
        X_real, X_synthetic, y_real, y_synthetic, categorical_features
    )
    scores, gaps, lost, new = {}, {}, {}, {}
    for column, x, z in _columns_of(real, synthetic):
        gaps[column.name] = float(np.isnan(z).mean() - np.isnan(x).mean())
        x, z = x[~np.isnan(x)], z[~np.isnan(z)]
        scores[column.name] = _shape(column, x, z)
        for there, here, absent in ((x, z, lost), (z, x, new)):
            if levels := _absent_levels(column, there, here):
                absent[column.name] = levels
    return ColumnShapes(_mean(scores.values()), scores, gaps, lost, new)


def column_pair_trends(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    n_bins=10,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=None,
):
    """Likeness of what pairs of columns have to do with each other.

    The mean of the metrics behind the Column Pair Trends of SDMetrics. Hardly tells
    what is related from what is not: independent columns score above 0.9 on usual
    tables; see :func:`mutual_information_error`.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    n_bins : int, default=10
        Stretches of equal width of the real range that numbers are cut into where they
        meet levels.
    max_rows : int or None, default=None
        At most so many rows of each table are used; None uses all.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : PairTrends

    Notes
    -----
    Two columns of numbers: one less half the difference of Pearson's correlations, over
    rows where both have values; not defined, and left out of the mean, where a column
    is constant. Other pairs: one less the total variation of the contingency tables,
    with a gap as a level of its own [1]_. SDMetrics' report, unlike its metrics, cuts
    numbers of each table into stretches of its own range, and so differs.

    References
    ----------
    .. [1] DataCebo. Synthetic Data Metrics: CorrelationSimilarity,
       ContingencySimilarity. https://docs.sdv.dev/sdmetrics

    Examples
    --------
    >>> from skgendisc.metrics import column_pair_trends
    >>> X = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    >>> column_pair_trends(X, [[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]).score
    0.0
    """
    tables = _some_rows(
        align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features),
        max_rows,
        random_state,
    )
    levels = [_cut(*columns, n_bins) for columns in _columns_of(*tables)]
    scores = {}
    for (i, first), (j, second) in combinations(enumerate(tables[0].columns), 2):
        if first.is_discrete or second.is_discrete:
            score = _contingency_similarity(levels[i], levels[j])
        else:
            score = _correlation_similarity(*(t.values[:, [i, j]] for t in tables))
        scores[first.name, second.name] = score
    return PairTrends(_mean(scores.values()), scores)


def mutual_information_error(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    n_bins=20,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=None,
):
    r"""Weighted difference of normalised mutual information, over pairs of columns.

    Pairs count as much as they have to do with each other in either table, so that
    many unrelated ones do not hide a few that are lost.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    n_bins : int, default=20
        Stretches of numbers, between quantiles of the real ones.
    max_rows : int or None, default=None
        At most so many rows of each table are used; None uses all.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : MutualInformationError

    Notes
    -----
    Of real and synthetic informations :math:`r` and :math:`s` of the pairs,

    .. math:: \frac{\sum_{ij} \max(r_{ij}, s_{ij}) \, |r_{ij} - s_{ij}|}
                   {\sum_{ij} \max(r_{ij}, s_{ij})},

    and 0 where the denominator is. A gap is a level of its own; informations are
    corrected for their bias in small tables (Miller and Madow) and normalised by the
    arithmetic mean of the entropies.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import mutual_information_error
    >>> X = np.random.default_rng(0).normal(size=(1000, 1)) * [1.0, 2.0]
    >>> apart = np.random.default_rng(1).permuted(X, axis=0)
    >>> bool(mutual_information_error(X, apart).error > 0.95)
    True
    """
    tables = _some_rows(
        align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features),
        max_rows,
        random_state,
    )
    levels = [_cut_at_quantiles(*columns, n_bins) for columns in _columns_of(*tables)]
    informations = {}, {}
    for (i, first), (j, second) in combinations(enumerate(tables[0].columns), 2):
        for of_table, information in enumerate(informations):
            information[first.name, second.name] = normalised_mutual_information(
                levels[i][of_table], levels[j][of_table]
            )
    r, s = (np.array(list(of_pairs.values())) for of_pairs in informations)
    weight = np.maximum(r, s)
    total = weight.sum()
    error = float(weight @ np.abs(r - s) / total) if total > 0 else 0.0
    return MutualInformationError(error, *informations)


def wasserstein_distances(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    categorical_features="from_dtype",
):
    """Distance of each column's distribution, as far as values had to be moved.

    Unlike :func:`column_shapes` it tells far from near: how far values are off, not
    how many.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.

    Returns
    -------
    result : WassersteinDistances

    Notes
    -----
    Of order one. Numbers are in standard deviations of the real column (of a constant
    one, in those of both), levels are at distance one from each other; gaps are left
    out. NaN, and left out of the mean, where no table has a value; infinite where one
    has none.

    Examples
    --------
    >>> from skgendisc.metrics import wasserstein_distances
    >>> X, X_new = [[0.0, "a"], [2.0, "b"]], [[1.0, "a"], [3.0, "a"]]
    >>> wasserstein_distances(X, X_new).columns
    {0: 1.0, 1: 0.5}
    """
    real, synthetic = align_pair(
        X_real, X_synthetic, y_real, y_synthetic, categorical_features
    )
    distances = {
        column.name: _distance(column, x[~np.isnan(x)], z[~np.isnan(z)])
        for column, x, z in _columns_of(real, synthetic)
    }
    return WassersteinDistances(_mean(distances.values()), distances)


def _columns_of(real, synthetic):
    return zip(real.columns, real.values.T, synthetic.values.T, strict=True)


def _some_rows(tables, max_rows, random_state):
    rng = as_generator(random_state)
    return [sample_rows(table, max_rows, rng) for table in tables]


def _mean(scores):
    """Mean of those that are defined; NaN if none is."""
    scores = [score for score in scores if not np.isnan(score)]
    return float(np.mean(scores)) if scores else np.nan


def _shares(column, *values):
    n_levels = len(column.levels)
    return [np.bincount(v.astype(np.intp), minlength=n_levels) / len(v) for v in values]


def _shape(column, x, z):
    if len(x) == 0 or len(z) == 0:
        return np.nan if len(x) == len(z) else 0.0
    if column.is_discrete:
        return 1.0 - total_variation(*_shares(column, x, z))
    return 1.0 - kolmogorov_smirnov(x, z)


def _absent_levels(column, there, here):
    """Levels that are there, and by more than chance not here."""
    if not column.is_discrete or len(there) == 0 or len(here) == 0:
        return ()
    share, found = _shares(column, there, here)
    by_chance = (1 - share) ** len(here)
    absent = np.flatnonzero((share > 0) & (found == 0) & (by_chance < RARE_CHANCE))
    return tuple(column.levels[code] for code in absent)


def _distance(column, x, z):
    if len(x) == 0 or len(z) == 0:
        return np.nan if len(x) == len(z) else np.inf
    if column.is_discrete:
        return total_variation(*_shares(column, x, z))
    unit = magnitude(np.concatenate([x, z]))
    x, z = x / unit, z / unit
    scale = x.std() or np.concatenate([x, z]).std() or 1.0
    return float(wasserstein(x, z) / scale)


def _cut(column, x, z, n_bins):
    """Levels of both tables: codes, or stretches of equal width of the real range."""
    if column.is_discrete:
        return [with_gap_level(v, len(column.levels)) for v in (x, z)]
    present = x[~np.isnan(x)]
    edges = np.histogram_bin_edges(present, n_bins)[1:-1] if len(present) else []
    return _between(edges, x, z)


def _cut_at_quantiles(column, x, z, n_bins):
    if column.is_discrete:
        return [with_gap_level(v, len(column.levels)) for v in (x, z)]
    present = x[~np.isnan(x)]
    if len(present) == 0:
        return _between([], x, z)
    # Rows of a value that repeats fall on one side of an edge.
    edges = np.quantile(present, np.arange(1, n_bins) / n_bins, method="inverted_cdf")
    return _between(np.unique(edges), x, z)


def _between(edges, *values):
    """Number of the stretch of each value; a gap is one of its own."""
    stretch = [np.searchsorted(edges, v, side="right") for v in values]
    return [
        np.where(np.isnan(v), len(edges) + 1, s)
        for v, s in zip(values, stretch, strict=True)
    ]


def _contingency_similarity(first, second):
    """Of the levels of two columns, each in both tables."""
    code = joint_code(np.concatenate(first), np.concatenate(second))
    of_real, of_synthetic = code[: len(first[0])], code[len(first[0]) :]
    n_cells = code.max() + 1
    shares = [
        np.bincount(c, minlength=n_cells) / len(c) for c in (of_real, of_synthetic)
    ]
    return 1.0 - total_variation(*shares)


def _correlation_similarity(x, z):
    """Of two columns in both tables, each of shape (n_rows, 2)."""
    correlations = []
    for pair in (x, z):
        pair = pair[~np.isnan(pair).any(axis=1)]
        if len(pair) < 2 or not np.all(np.ptp(pair, axis=0) > 0):
            return np.nan
        first, second = (column / magnitude(column) for column in pair.T)
        correlations.append(np.corrcoef(first, second)[0, 1])
    return float(1.0 - abs(correlations[0] - correlations[1]) / 2)
