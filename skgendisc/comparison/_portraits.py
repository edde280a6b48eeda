"""What pictures of synthetic rows show: summaries in plain Python, no rows."""

import numpy as np

from skgendisc.comparison._measures import some_rows
from skgendisc.metrics._views import as_points, with_gap_level

N_BINS = 24
LEVELS_SHOWN = 10
MOST_COLUMNS = 24  # of a picture of pairs; more cannot be read
POINTS_SHOWN = 600
POINTS_FITTED = 3000  # enough for two axes


def make_portrait(roles, findings, seed):
    """Marginals, pairs and points of synthetic rows, beside real ones.

    Parameters
    ----------
    roles : Roles
    findings : Findings
    seed : int

    Returns
    -------
    portrait : dict
        ``columns``: a dict for each column, those that differ most first; ``pairs``:
        names and two matrices of normalised mutual information; ``points``: two lists
        of (x, y) and the share of variance that the axes hold.
    """
    rows = roles.as_many(seed)
    shapes = findings.seen.get("shapes")
    columns = []
    for j, column in enumerate(roles.real.columns):
        of_tables = roles.real.values[:, j], rows.values[:, j]
        marginal = _levels if column.is_discrete else _numbers
        score = shapes.columns[column.name] if shapes else np.nan
        columns.append(
            {
                "name": str(column.name),
                "shape": float(score),
                **marginal(column, *of_tables),
            }
        )
    order = sorted(range(len(columns)), key=lambda j: _last_if_nan(columns[j]["shape"]))
    return {
        "columns": [columns[j] for j in order],
        "pairs": _pairs(roles.real.columns, findings.seen.get("information")),
        "points": _points(roles.real, rows, seed),
    }


def _last_if_nan(value):
    return np.inf if np.isnan(value) else value


def _numbers(column, real, synthetic):
    """Shares in bins of equal width, and of gaps."""
    edges, is_whole = find_edges(real, synthetic)
    ends = edges[[0, -1]] + ([0.5, -0.5] if is_whole else 0.0)
    shares = [
        [*shares_of_bins(of_table, edges), share_of_gaps(of_table)]
        for of_table in (real, synthetic)
    ]
    return {"kind": column.kind, "ends": ends.tolist(), "shares": shares}


def find_edges(real, synthetic):
    """Edges of bins of equal width for numbers, and whether these are whole."""
    present = real[~np.isnan(real)]
    if len(present) == 0:
        present = synthetic[~np.isnan(synthetic)]
    if len(present) == 0:
        present = np.zeros(1)
    values = np.unique(present)
    # A far value would leave all others in one bin; what is beyond goes to the last.
    low, high = np.quantile(present, [0.005, 0.995])
    if low == high:
        low, high = values[0] - 0.5, values[-1] + 0.5
    if np.any(values != np.round(values)):
        return np.linspace(low, high, N_BINS + 1), False
    # As many whole numbers in each bin, or some would hold more than others.
    width = np.ceil((high - low + 1) / N_BINS)
    n_bins = int((np.ceil(high) - np.floor(low)) // width) + 1
    return np.floor(low) - 0.5 + width * np.arange(n_bins + 1), True


def shares_of_bins(values, edges):
    """Shares of all rows, gaps among them, in each bin; the far ones in the last."""
    inside = np.clip(values[~np.isnan(values)], edges[0], edges[-1])
    return (np.histogram(inside, edges)[0] / len(values)).tolist()


def _levels(column, real, synthetic):
    """Shares of the levels that are frequent in either table, of others, and gaps."""
    n_levels = len(column.levels)
    counts = [shares_of_levels(values, n_levels) for values in (real, synthetic)]
    shown = find_frequent(counts, LEVELS_SHOWN)
    shares = [
        [*(float(c[code]) for code in shown), _others(c, shown), share_of_gaps(v)]
        for c, v in zip(counts, (real, synthetic), strict=True)
    ]
    return {
        "kind": column.kind,
        "levels": [str(column.levels[code]) for code in shown],
        "n_others": n_levels - len(shown),
        "shares": shares,
    }


def shares_of_levels(values, n_levels):
    """Shares of all rows, gaps among them, by code."""
    codes = with_gap_level(values, n_levels)
    return np.bincount(codes, minlength=n_levels + 1)[:n_levels] / len(values)


def find_frequent(shares, n_shown):
    """Codes of the levels frequent in either table; the real one's come in order."""
    order = np.argsort(-np.maximum(*shares), kind="stable")
    return sorted(order[:n_shown], key=lambda code: -shares[0][code])


def _others(shares, shown):
    return float(np.delete(shares, shown).sum())


def share_of_gaps(values):
    """Share of rows without a value."""
    return float(np.isnan(values).mean())


def _pairs(columns, information):
    """Matrices of the columns whose pairs differ most; None if not measured."""
    if information is None or len(columns) < 2:
        return None
    names = [column.name for column in columns]
    matrices = np.zeros((2, len(names), len(names)))
    place = {name: j for j, name in enumerate(names)}
    for matrix, of_pairs in zip(
        matrices, (information.real, information.synthetic), strict=True
    ):
        for (first, second), value in of_pairs.items():
            i, j = place[first], place[second]
            matrix[i, j] = matrix[j, i] = np.nan_to_num(value)
    off = np.abs(matrices[0] - matrices[1]).sum(axis=0)
    kept = np.sort(np.argsort(-off, kind="stable")[:MOST_COLUMNS])
    real, synthetic = matrices[:, kept[:, None], kept]
    return {
        "names": [str(names[j]) for j in kept],
        "n_left_out": len(names) - len(kept),
        "real": real.tolist(),
        "synthetic": synthetic.tolist(),
    }


def _points(real, synthetic, seed):
    """The two directions in which real rows differ most, and where rows lie there."""
    real, synthetic = (some_rows(t, POINTS_FITTED, seed) for t in (real, synthetic))
    X, Z = as_points(real, synthetic)
    centre = X.mean(axis=0)
    _, spread, directions = np.linalg.svd(X - centre, full_matrices=False)
    if len(spread) < 2 or not spread[1] > 0:
        return None
    axes = directions[:2].T
    shown = [
        np.round((points[:POINTS_SHOWN] - centre) @ axes, 4).tolist()
        for points in (X, Z)
    ]
    share = (spread[:2] ** 2).sum() / (spread**2).sum()
    return {"real": shown[0], "synthetic": shown[1], "share": float(share)}
