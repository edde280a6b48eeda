"""How often happens what probabilities foretell, bin by bin."""

import numpy as np


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


def draw_consistent(count, mean, n_draws, rng):
    r"""Rows and frequencies of bins, were the probabilities right.

    Broecker and Smith draw rows with replacement, and then for each row whether the
    event happens. A row in bin :math:`b` is one of those that are there, so that its
    event happens with their mean probability :math:`\bar p_b`: rows in the bins are
    multinomial, events among them binomial, and no row need be drawn.

    Parameters
    ----------
    count, mean : ndarray of shape (n_bins,)
        Rows and mean probability of each bin.
    n_draws : int
    rng : numpy.random.Generator

    Returns
    -------
    counts, frequencies : ndarray of shape (n_draws, n_bins)
        Frequencies are NaN where a bin got no rows.

    References
    ----------
    Broecker & Smith (2007). Increasing the reliability of reliability diagrams. Weather
    and Forecasting 22(3), section 3.
    """
    counts = rng.multinomial(count.sum(), count / count.sum(), size=n_draws)
    events = rng.binomial(counts, np.clip(mean, 0.0, 1.0))
    frequencies = np.full(counts.shape, np.nan)
    np.divide(events, counts, out=frequencies, where=counts > 0)
    return counts, frequencies


def calibration_error(count, mean, frequency):
    """Mean distance of bins' frequencies from their mean probabilities, by rows.

    Parameters
    ----------
    count, mean, frequency : ndarray of shape (..., n_bins)

    Returns
    -------
    error : float or ndarray
        In [0, 1].
    """
    distance = np.nan_to_num(np.abs(frequency - mean))  # NaN: bins without rows
    return (count * distance).sum(axis=-1) / count.sum(axis=-1)
