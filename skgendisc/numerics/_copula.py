"""Probabilities under a Gaussian copula, of points and of boxes."""

import numpy as np
from scipy.special import ndtr, ndtri

from skgendisc.numerics._gaussian import LOG_2PI

# Cells held at once: bounds the memory of the points that run through the boxes.
BLOCK_CELLS = 2**21
# A point nearer to 0 or 1 than this stands for it: its normal quantile stays finite.
EDGE = 1e-12
# Beyond this, double precision knows no difference between a tail and nothing.
FARTHEST = 38.0


def lattice(n_points, n_dimensions):
    """Points that fill the unit cube evenly, and are always the same.

    Richtmyer's sequence: multiples of the square roots of primes, modulo one.

    Parameters
    ----------
    n_points, n_dimensions : int

    Returns
    -------
    points : ndarray of shape (n_points, n_dimensions)
        In (0, 1).
    """
    primes, candidate = [], 2
    while len(primes) < n_dimensions:
        if all(candidate % p for p in primes):
            primes.append(candidate)
        candidate += 1
    points = np.arange(1, n_points + 1)[:, None] * np.sqrt(primes)
    return np.clip(points % 1.0, 1e-12, 1 - 1e-12)


def normal_bounds(start, end):
    """Normal quantiles of the bounds of parts of a distribution.

    Parameters
    ----------
    start, end : ndarray of shape (n_samples,)
        In [0, 1]; equal for a point.

    Returns
    -------
    lower, upper : ndarray of shape (n_samples,)
        Finite for a point, infinite for a bound of 0 or 1.
    """
    point = start == end
    inner = np.where(point, np.clip(start, EDGE, 1 - EDGE), start)
    return ndtri(inner), ndtri(np.where(point, inner, end))


def score_moments(start, end):
    """Means and variances of normal scores in parts of a distribution.

    Parameters
    ----------
    start, end : ndarray of shape (n_samples,)
        In [0, 1]; equal for a point.

    Returns
    -------
    mean, variance : ndarray of shape (n_samples,)
        The variance of a point is zero.
    """
    lower, upper = normal_bounds(start, end)
    point = start == end
    mass = np.where(point, 1.0, end - start)
    (low, low_density), (high, high_density) = map(_bound_density, (lower, upper))
    mean = np.clip((low_density - high_density) / mass, lower, upper)
    bend = (low * low_density - high * high_density) / mass
    variance = np.where(point, 0.0, np.clip(1 + bend - mean**2, 0.0, 1.0))
    return mean, variance


def _bound_density(bound):
    """A bound, and the normal density there, both zero at infinity."""
    finite = np.isfinite(bound)
    bound = np.where(finite, bound, 0.0)
    return bound, np.where(finite, np.exp(-0.5 * (bound**2 + LOG_2PI)), 0.0)


def log_score_slope(score, is_point):
    """Logarithm of the slope of normal scores over the distribution function.

    Parameters
    ----------
    score : ndarray of shape (n_samples,)
        Normal scores.
    is_point : ndarray of shape (n_samples,), dtype bool
        Whether each is the score of a point; that of an atom has no slope, and gives
        zero.

    Returns
    -------
    log_slope : ndarray of shape (n_samples,)
    """
    return np.where(is_point, 0.5 * (score**2 + LOG_2PI), 0.0)


def gaussian_box_log_density(lower, upper, factor, points):
    """Logarithm of the mass that a Gaussian of mean zero has in boxes.

    A box may be flat in some directions, of equal bounds: there it is the density
    that counts, and where a box is flat in all of them, the result is exact. Other
    directions are integrated by the sequential importance sampling of Geweke,
    Hajivassiliou and Keane, over the same points for every row.

    Parameters
    ----------
    lower, upper : ndarray of shape (n_samples, n_features)
        Bounds, infinite where there are none.
    factor : ndarray of shape (n_features, n_features)
        Lower triangular; the covariance is ``factor @ factor.T``.
    points : ndarray of shape (n_points, n_features)
        In (0, 1), from :func:`lattice`.

    Returns
    -------
    log_density : ndarray of shape (n_samples,)
        In nats.

    References
    ----------
    Genz (1992). Numerical computation of multivariate normal probabilities. Journal of
    Computational and Graphical Statistics 1(2), section 3.
    """
    flat = lower == upper
    if flat.all():
        points = points[:1]
    n_rows = max(1, BLOCK_CELLS // points.size)
    blocks = [
        _box_block(lower[rows], upper[rows], flat[rows], factor, points)
        for start in range(0, len(lower), n_rows)
        for rows in [slice(start, start + n_rows)]
    ]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _box_block(lower, upper, flat, factor, points):
    """A block of rows, each with all points at once."""
    shape = (len(lower), len(points))
    log_weight = np.zeros(shape)
    noise = np.zeros((*shape, len(factor)))  # the independent normals behind a row
    for j, scale in enumerate(np.diag(factor)):
        mean = noise[:, :, :j] @ factor[j, :j]
        low, high = (
            np.clip((bound[:, j, None] - mean) / scale, -FARTHEST, FARTHEST)
            for bound in (lower, upper)
        )
        # Upper tails are measured as lower ones, which keep their digits.
        sign = np.where(low > 0, -1.0, 1.0)
        start, end = np.where(low > 0, -high, low), np.where(low > 0, -low, high)
        mass = np.maximum(ndtr(end) - ndtr(start), np.finfo(np.float64).tiny)
        inside = ndtri(np.maximum(ndtr(start) + points[:, j] * mass, 1e-300))
        density = -0.5 * (low**2 + LOG_2PI) - np.log(scale)
        level = flat[:, j, None]
        log_weight += np.where(level, density, np.log(mass))
        noise[:, :, j] = np.where(level, low, sign * np.clip(inside, start, end))
    top = log_weight.max(axis=1)
    return top + np.log(np.exp(log_weight - top[:, None]).mean(axis=1))
