"""Log-densities of Gaussians, and draws from them near the speed of a plain fill."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky, eigh, qr, solve_triangular

LOG_2PI = float(np.log(2.0 * np.pi))

# A column, or a combination of columns, of which the others leave less than this
# fraction unexplained counts as explained: what is left is rounding.
RANK_TOLERANCE = 1e-12

# Rows drawn at once: a block is filled, scaled and shifted while in the cache.
BLOCK_ROWS = 4096


def gaussian_factor(covariance):
    """Factor of a covariance matrix, to draw with, and its whitening, to score with.

    A singular matrix is factored on its own range: the Gaussian then lives on the
    subspace that the data spanned, as do its draws and its density.

    Parameters
    ----------
    covariance : ndarray of shape (n_features, n_features)
        Symmetric, positive semi-definite.

    Returns
    -------
    factor : ndarray of shape (n_features, rank)
        With ``factor @ factor.T`` equal to the covariance.
    whitening : ndarray of shape (n_features, rank)
        With ``whitening.T @ covariance @ whitening`` equal to the identity.
    log_det : float
        Logarithm of the product of the non-zero eigenvalues: the log-determinant,
        where the rank is full.
    """
    # On the scale of correlations the rank does not depend on the columns' units.
    scale = np.sqrt(np.diag(covariance))
    scale[scale == 0] = 1.0
    correlation = covariance / np.outer(scale, scale)
    try:
        factor = cholesky(correlation, lower=True)
        full_rank = np.diag(factor).min() ** 2 > RANK_TOLERANCE
    except LinAlgError:
        full_rank = False
    if full_rank:
        whitening = solve_triangular(factor, np.eye(len(factor)), lower=True).T
        factor *= scale[:, None]
        triangle = factor
    else:
        values, vectors = eigh(correlation)
        kept = values > RANK_TOLERANCE * max(values[-1], 0.0)
        root = np.sqrt(values[kept])
        factor, whitening = vectors[:, kept] * root, vectors[:, kept] / root
        factor *= scale[:, None]
        # The non-zero eigenvalues of F F' are those of F' F, which is R' R.
        triangle = qr(factor, mode="r")[0]
    log_det = 2.0 * np.log(np.abs(np.diag(triangle))).sum()
    return factor, whitening / scale[:, None], float(log_det)


def shrunk_covariance(covariance, shrinkage):
    """Covariance drawn towards the multiple of the identity with the same trace.

    Parameters
    ----------
    covariance : ndarray of shape (..., n_features, n_features)
    shrinkage : float or ndarray of shape (...)
        From 0, unchanged, to 1, spherical.

    Returns
    -------
    shrunk : ndarray, shaped as ``covariance``
    """
    n_features = covariance.shape[-1]
    mean_variance = np.trace(covariance, axis1=-2, axis2=-1) / n_features
    sphere = np.multiply.outer(mean_variance, np.eye(n_features))
    shrinkage = np.asarray(shrinkage)[..., None, None]
    return (1.0 - shrinkage) * covariance + shrinkage * sphere


def ledoit_wolf_shrinkage(Z, weight=None):
    """Estimate how far to shrink the covariance of centred rows.

    Parameters
    ----------
    Z : ndarray of shape (n_samples, n_features)
        Rows about their mean.
    weight : ndarray of shape (n_samples,), default=None
        A weight of 2 counts a row twice; None counts each once.

    Returns
    -------
    shrinkage : float
        In [0, 1]; for :func:`shrunk_covariance`.

    References
    ----------
    Ledoit & Wolf (2004). A well-conditioned estimator for large-dimensional
    covariance matrices. Journal of Multivariate Analysis 88(2), section 3.2.
    """
    n_features = Z.shape[1]
    weight = np.ones(len(Z)) if weight is None else weight
    total = weight.sum()
    covariance = (weight * Z.T) @ Z / total
    squared_norm = (covariance**2).sum()
    # Distance of the covariance to the sphere (delta), and the part of it that the
    # noise of the estimate explains (beta).
    delta = squared_norm - np.trace(covariance) ** 2 / n_features
    beta = (weight @ (Z**2).sum(axis=1) ** 2 / total - squared_norm) / total
    # Of two rows beta is zero, but for rounding to either side.
    return float(np.clip(beta / delta, 0.0, 1.0)) if delta > 0 else 0.0


def gaussian_log_density(X, mean, whitening, log_det):
    """Log-density of a Gaussian at each row, in nats.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    mean : ndarray of shape (n_features,)
    whitening : ndarray of shape (n_features, rank)
        As :func:`gaussian_factor` gives it.
    log_det : float

    Returns
    -------
    log_density : ndarray of shape (n_samples,)
        Minus infinity where the distance overflows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        Z = (X - mean) @ whitening
        return -0.5 * (whitening.shape[1] * LOG_2PI + log_det + _squared_norm(Z))


def tied_gaussian_log_density(X, places, centre, whitening, log_det):
    """Log-densities of Gaussians that share one covariance at each row, in nats.

    Exact however far the Gaussians are from each other, which
    :func:`tied_gaussian_log_ratio` is not.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    places : ndarray of shape (n_classes, rank)
        Means, less ``centre``, times ``whitening``.
    centre : ndarray of shape (n_features,)
        Best among the means: distances between far-away points lose digits.
    whitening : ndarray of shape (n_features, rank)
        As :func:`gaussian_factor` gives it.
    log_det : float

    Returns
    -------
    log_density : ndarray of shape (n_samples, n_classes)
        Minus infinity where the distance overflows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        Z = (X - centre) @ whitening
        squares = np.stack([_squared_norm(Z - place) for place in places])
    return -0.5 * (whitening.shape[1] * LOG_2PI + log_det + squares.T)


def tied_gaussian_lines(places, whitening):
    """Slopes and intercepts of :func:`tied_gaussian_log_ratio`.

    Parameters
    ----------
    places : ndarray of shape (n_classes, rank)
        Means, less a centre, times ``whitening``.
    whitening : ndarray of shape (n_features, rank)
        As :func:`gaussian_factor` gives it.

    Returns
    -------
    slopes : ndarray of shape (n_classes, n_features)
    intercepts : ndarray of shape (n_classes,)
    """
    return places @ whitening.T, -0.5 * _squared_norm(places)


def tied_gaussian_log_ratio(X, centre, slopes, intercepts):
    """Log-densities of Gaussians that share one covariance, over that of one more.

    Linear in the rows, so that one product gives them all. The error is some 1e-16
    times the squared length of the places.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    centre : ndarray of shape (n_features,)
        Mean of the one more.
    slopes : ndarray of shape (n_classes, n_features)
    intercepts : ndarray of shape (n_classes,)
        As :func:`tied_gaussian_lines` gives them, of this centre.

    Returns
    -------
    log_ratio : ndarray of shape (n_samples, n_classes)
        In nats; zero for all classes where one overflows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = slopes @ (X - centre).T
        ratio += intercepts[:, None]
    ratio[:, ~np.isfinite(ratio).all(axis=0)] = 0.0
    return ratio.T


def diagonal_gaussian_log_density(X, mean, variance):
    """Log-density of independent Gaussian columns at each row, in nats.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    mean : ndarray of shape (n_features,)
    variance : ndarray of shape (n_features,)
        Positive.

    Returns
    -------
    log_density : ndarray of shape (n_samples,)
        Minus infinity where the distance overflows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        Z = (X - mean) / np.sqrt(variance)
        log_det = np.log(variance).sum()
        return -0.5 * (X.shape[1] * LOG_2PI + log_det + _squared_norm(Z))


def _squared_norm(Z):
    """Squared length of each row, infinite where it overflows."""
    # inf - inf inside a product of matrices is NaN: that row is far away as well.
    return np.nan_to_num(np.einsum("ij,ij->i", Z, Z), nan=np.inf, posinf=np.inf)


def draw_diagonal_gaussians(y, means, scales, rng):
    """Draw row i from independent Gaussians of class ``y[i]``.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    means, scales : ndarray of shape (n_classes, n_features)
        Means and standard deviations.
    rng : numpy.random.Generator

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    """
    X = np.empty((len(y), means.shape[1]))
    for rows in _blocks(len(y)):
        block, label = X[rows], y[rows]
        rng.standard_normal(out=block)
        block *= _rows_of(scales, label)
        block += _rows_of(means, label)
    return X


def draw_tied_gaussians(y, means, factor, rng):
    """Draw row i from the Gaussian of class ``y[i]``; all share one covariance.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    means : ndarray of shape (n_classes, n_features)
    factor : ndarray of shape (n_features, rank)
        The covariance is ``factor @ factor.T``.
    rng : numpy.random.Generator

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    """
    X = np.empty((len(y), means.shape[1]))
    transposed = np.ascontiguousarray(factor.T)
    for rows in _blocks(len(y)):
        block, label = X[rows], y[rows]
        noise = rng.standard_normal((len(label), len(transposed)))
        np.matmul(noise, transposed, out=block)
        block += _rows_of(means, label)
    return X


def draw_gaussians(y, means, factors, rng):
    """Draw row i from the Gaussian of class ``y[i]``, each with its covariance.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    means : ndarray of shape (n_classes, n_features)
    factors : sequence of ndarray of shape (n_features, rank)
        One a class; its covariance is ``factor @ factor.T``.
    rng : numpy.random.Generator

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    """
    X = np.empty((len(y), means.shape[1]))
    transposed = [np.ascontiguousarray(factor.T) for factor in factors]
    y = y.astype(np.min_scalar_type(len(means)))  # sorted by radix, in linear time
    for rows in _blocks(len(y)):
        # Sorted inside the block, each class is one product of matrices; going back
        # to the wanted order stays in the cache.
        order = np.argsort(y[rows], kind="stable")
        ends = np.cumsum(np.bincount(y[rows], minlength=len(means)))
        drawn = np.empty((len(order), means.shape[1]))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        for k in np.flatnonzero(np.diff(ends, prepend=0)):
            block = drawn[ends[k - 1] if k else 0 : ends[k]]
            noise = rng.standard_normal((len(block), len(transposed[k])))
            np.matmul(noise, transposed[k], out=block)
            block += means[k]
        np.take(drawn, place, axis=0, out=X[rows], mode="clip")
    return X


def _rows_of(table, index):
    """``table[index]``, in half the time: indices are known to be in range."""
    return np.take(table, index, axis=0, mode="clip")


def _blocks(n_rows):
    """Slices of up to BLOCK_ROWS rows that together cover all."""
    return [slice(start, start + BLOCK_ROWS) for start in range(0, n_rows, BLOCK_ROWS)]
