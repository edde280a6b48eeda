"""How often happens what probabilities foretell, bin by bin."""

import numpy as np

GROUPS = 10  # of a bin's rows, that are drawn together


def probability_edges(probability, n_bins, *, by_quantiles):
    """Edges of bins from 0 to 1, of equal width or with equally many rows.

    Parameters
    ----------
    probability : ndarray of shape (n_samples,)
    n_bins : int
        At most; ties leave fewer bins of equally many rows.
    by_quantiles : bool

    Returns
    -------
    edges : ndarray of shape (n_edges,)
        Ascending.
    """
    shares = np.linspace(0.0, 1.0, n_bins + 1)
    if not by_quantiles:
        return shares
    inside = np.unique(np.quantile(probability, shares[1:-1]))
    return np.concatenate([[0.0], inside[(inside > 0) & (inside < 1)], [1.0]])


def bin_outcomes(probability, is_event, edges):
    """Rows, mean probability and frequency of the event, of each bin that has rows.

    Parameters
    ----------
    probability : ndarray of shape (n_samples,)
    is_event : ndarray of shape (n_samples,), dtype bool
    edges : ndarray of shape (n_edges,)
        A row on an edge belongs to the bin above it.

    Returns
    -------
    count, mean, frequency : ndarray of shape (n_bins_with_rows,)
    """
    place = np.searchsorted(edges[1:-1], probability, side="right")
    count = np.bincount(place, minlength=len(edges) - 1)
    mean = np.bincount(place, weights=probability, minlength=len(count))
    events = np.bincount(place, weights=is_event, minlength=len(count))
    some = count > 0
    return count[some], mean[some] / count[some], events[some] / count[some]


def draw_consistent(probability, edges, n_draws, rng):
    """Frequencies of the event in bins that have rows, were the probabilities right.

    The rows stay as they are, and for each is drawn whether the event happens. Broecker
    and Smith draw the rows too, with replacement: their means spread within a bin then,
    and the bands are too wide for bins that hold sure and unsure probabilities.

    Parameters
    ----------
    probability : ndarray of shape (n_samples,)
    edges : ndarray of shape (n_edges,)
    n_draws : int
    rng : numpy.random.Generator

    Returns
    -------
    frequencies : ndarray of shape (n_draws, n_bins_with_rows)

    References
    ----------
    Broecker & Smith (2007). Increasing the reliability of reliability diagrams. Weather
    and Forecasting 22(3), section 3.
    """
    ordered = np.sort(probability)
    bins = np.split(ordered, np.searchsorted(ordered, edges[1:-1]))
    return np.column_stack(
        [_draw_frequencies(rows, n_draws, rng) for rows in bins if len(rows)]
    )


def _draw_frequencies(ordered, n_draws, rng):
    """Neighbours share their mean, so that many rows need no more draws than few."""
    groups = np.array_split(ordered, min(len(ordered), GROUPS))
    sizes = [len(group) for group in groups]
    means = [group.mean() for group in groups]
    events = rng.binomial(sizes, means, size=(n_draws, len(groups)))
    return events.sum(axis=1) / len(ordered)


def calibration_error(count, mean, frequency):
    """Mean distance of bins' frequencies from their mean probabilities, by rows.

    Parameters
    ----------
    count, mean : ndarray of shape (n_bins,)
    frequency : ndarray of shape (..., n_bins)

    Returns
    -------
    error : float or ndarray
        In [0, 1].
    """
    return np.abs(frequency - mean) @ count / count.sum()
