"""Curves over the number of rows: where two cross, and where one leads."""

import numpy as np
from scipy.special import chdtri

# Rates that are tried first; each refinement looks between the neighbours of the best.
RATES = np.geomspace(0.05, 4.0, 60)
REFINEMENTS = 5
BLOCK_DRAWS = 64  # curves fitted at a time, so that their tries stay in the cache


def bootstrap_means(values, n_draws, rng):
    """Means as they might have come out, had there been other repeats.

    A Bayesian bootstrap over repeats, each with one weight at all points: what points
    have in common stays in common. Deviations are widened as far as Student's t is
    wider, without which intervals of five repeats hold too little.

    Parameters
    ----------
    values : ndarray of shape (n_repeats, n_points)
        NaN where a repeat has no value; each point has two or more.
    n_draws : int
    rng : numpy.random.Generator

    Returns
    -------
    means : ndarray of shape (n_draws, n_points)

    References
    ----------
    Rubin (1981). The Bayesian bootstrap. The Annals of Statistics 9(1).
    """
    weight = rng.standard_exponential((n_draws, len(values)))
    there = ~np.isnan(values)
    mean = np.nanmean(values, axis=0)
    deviation = weight @ np.where(there, values - mean, 0.0) / (weight @ there)
    # Flat weights give the mean the variance s^2 (n - 1) / (n (n + 1)), not s^2 / n.
    n = there.sum(axis=0)
    widening = np.sqrt((n + 1) / (n - 1))
    # s^2 itself is but an estimate, as in Student's t: draws differ in it too.
    level = rng.random((n_draws, 1))
    degrees, of_point = np.unique(n - 1, return_inverse=True)
    squared = degrees / chdtri(degrees, level)
    widening = widening * np.sqrt(squared[:, of_point])
    return mean + widening * deviation


def part_signs(score):
    """Where to part points, so that scores are negative before and positive after.

    Parameters
    ----------
    score : ndarray of shape (..., n_points)

    Returns
    -------
    n_before : ndarray of shape (...), dtype int
        0 or ``n_points`` where they are better not parted.
    gain : ndarray of shape (...)
        Sum of the scores after, less that of those before; the largest possible.
    """
    before = np.cumsum(score, axis=-1)
    before = np.concatenate([np.zeros_like(before[..., :1]), before], axis=-1)
    n_before = before.argmin(axis=-1)
    return n_before, before[..., -1] - 2.0 * before.min(axis=-1)


def crossing(place, difference, scale):
    """Where a difference turns from negative to positive, on a line between points.

    Of several such places the one that best parts the points by sign.

    Parameters
    ----------
    place : ndarray of shape (n_points,)
        Ascending.
    difference : ndarray of shape (..., n_points)
    scale : ndarray of shape (n_points,)
        Of the differences' noise: they count in units of it.

    Returns
    -------
    place : ndarray of shape (...)
        Minus or plus infinity where all is after, or before.
    """
    n_points = len(place)
    n_before, _ = part_signs(difference / scale)
    right = np.clip(n_before, 1, n_points - 1)[..., None]
    low = np.take_along_axis(difference, right - 1, axis=-1)[..., 0]
    high = np.take_along_axis(difference, right, axis=-1)[..., 0]
    right = right[..., 0]
    inside = (n_before > 0) & (n_before < n_points)
    step = np.where(inside, high - low, 1.0)
    between = place[right - 1] - (place[right] - place[right - 1]) * low / step
    beyond = np.where(n_before == 0, -np.inf, np.inf)
    return np.where(inside, between, beyond)


def fit_power_laws(sizes, values, weight, *, lower=-np.inf, upper=np.inf):
    r"""Least squares for :math:`a + b n^{-c}`.

    For a rate c the best a and b are linear, so that c alone is sought, over a grid
    that is refined about its best point; no start is needed, and none misleads.

    Parameters
    ----------
    sizes : ndarray of shape (n_sizes,)
        Positive; three or more.
    values : ndarray of shape (n_curves, n_sizes)
    weight : ndarray of shape (n_sizes,)
        Of the squares.
    lower, upper : float, default=-inf, inf
        Bounds of a.

    Returns
    -------
    parameters : ndarray of shape (n_curves, 3)
        Asymptote a, scale b and rate c, the last between 0.05 and 4.

    References
    ----------
    Golub & Pereyra (1973). The differentiation of pseudo-inverses and nonlinear least
    squares problems whose variables separate. SIAM Journal on Numerical Analysis 10(2).
    """
    weight = weight / weight.sum()
    blocks = np.array_split(values, -(-len(values) // BLOCK_DRAWS))
    return np.concatenate(
        [_fit_block(np.log(sizes), block, weight, lower, upper) for block in blocks]
    )


def _fit_block(log_size, values, weight, lower, upper):
    rates = np.broadcast_to(RATES, (len(values), len(RATES)))
    for _ in range(REFINEMENTS + 1):
        asymptote, scale, loss = _given_rates(
            log_size, values, weight, rates, lower, upper
        )
        best = loss.argmin(axis=1)[:, None]
        left = np.take_along_axis(rates, np.maximum(best - 1, 0), axis=1)
        right = np.take_along_axis(rates, np.minimum(best + 1, len(RATES) - 1), axis=1)
        found = [np.take_along_axis(v, best, axis=1) for v in (asymptote, scale, rates)]
        rates = left + (right - left) * np.linspace(0.0, 1.0, len(RATES))
    return np.concatenate(found, axis=1)


def _given_rates(log_size, values, weight, rates, lower, upper):
    """Best asymptotes and scales, and squares left, of shape (n_curves, n_rates)."""
    # The powers are those of n over the first size: none overflows or vanishes.
    power = np.exp(-rates[:, :, None] * (log_size - log_size[0]))
    mean_power = power @ weight
    mean = (values @ weight)[:, None]
    spread = (power**2) @ weight - mean_power**2
    shared = (power @ (weight * values)[:, :, None])[:, :, 0] - mean_power * mean
    asymptote = np.clip(mean - shared / spread * mean_power, lower, upper)
    # At a bound the scale alone is left to choose.
    square = spread + mean_power**2
    scale = (shared + mean_power * mean - asymptote * mean_power) / square
    residual = values[:, None] - asymptote[:, :, None] - scale[:, :, None] * power
    loss = (residual**2) @ weight
    return asymptote, scale * np.exp(rates * log_size[0]), loss
