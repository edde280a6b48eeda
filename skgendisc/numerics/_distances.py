"""Distances between samples: of one column, of directions, and of all pairs of rows."""

import numpy as np

# Entries of a distance matrix that are held at a time.
BLOCK_ENTRIES = 2**22


def kolmogorov_smirnov(x, y):
    """Largest difference of two empirical distribution functions.

    Parameters
    ----------
    x : ndarray of shape (n,)
    y : ndarray of shape (m,)

    Returns
    -------
    distance : float
        In [0, 1].
    """
    grid = np.concatenate([x, y])
    share = [np.searchsorted(np.sort(s), grid, side="right") / len(s) for s in (x, y)]
    return float(np.abs(share[0] - share[1]).max())


def total_variation(p, q):
    """Half the sum of absolute differences of probabilities: ndarrays of any shape."""
    return float(0.5 * np.abs(p - q).sum())


def wasserstein(X, Y, p=1):
    """Wasserstein distance of each column, to the power ``p``, from sorted values.

    Parameters
    ----------
    X : ndarray of shape (n,) or (n, n_columns)
    Y : ndarray of shape (m,) or (m, n_columns)
    p : float, default=1

    Returns
    -------
    distance : float or ndarray of shape (n_columns,)
        Mean of ``|difference of quantiles| ** p``.
    """
    X, Y = np.sort(X, axis=0), np.sort(Y, axis=0)
    n, m = len(X), len(Y)
    if n == m:
        return np.mean(np.abs(X - Y) ** p, axis=0)
    # Both quantile functions are steps: on the union of their edges, in units of
    # 1 / (n m) and so without rounding.
    edge = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    width = np.diff(edge, prepend=0) / (n * m)
    difference = np.abs(X[(edge - 1) // m] - Y[(edge - 1) // n]) ** p
    return np.tensordot(width, difference, axes=1)


def sliced_wasserstein(X, Y, n_projections, rng, p=2):
    """Wasserstein distance along random directions, each to the power ``p``.

    Parameters
    ----------
    X : ndarray of shape (n, n_columns)
    Y : ndarray of shape (m, n_columns)
    n_projections : int
    rng : numpy.random.Generator
    p : float, default=2

    Returns
    -------
    distance : ndarray of shape (n_projections,)
    """
    direction = rng.standard_normal((X.shape[1], n_projections))
    direction /= np.linalg.norm(direction, axis=0)
    return wasserstein(X @ direction, Y @ direction, p)


def squared_distances(X, Y):
    """Squared Euclidean distances of all rows, of shape (len(X), len(Y))."""
    squares = np.einsum("ij,ij->i", X, X)[:, None] + np.einsum("ij,ij->i", Y, Y)
    squares -= 2.0 * (X @ Y.T)
    return np.maximum(squares, 0.0, out=squares)


def row_blocks(n_rows, n_columns):
    """Slices of rows, so that a matrix of all the columns is small for each."""
    step = max(1, BLOCK_ENTRIES // max(1, n_columns))
    return [slice(start, start + step) for start in range(0, n_rows, step)]


def minus_distance(squares):
    """Kernel whose discrepancy is the energy distance."""
    return -np.sqrt(squares)


def gaussian_kernel(bandwidth):
    """Kernel ``exp(-d ** 2 / (2 bandwidth ** 2))``, a function of squared distances."""
    return lambda squares: np.exp(-0.5 / bandwidth**2 * squares)


def median_distance(X, Y, rng, n_rows=1000):
    """Median distance of rows of both samples, of ``n_rows`` of each at most.

    The usual bandwidth; 1 where most rows are equal.
    """
    some = [Z[rng.permutation(len(Z))[:n_rows]] for Z in (X, Y)]
    pooled = np.concatenate(some)
    above = np.triu_indices(len(pooled), 1)
    return float(np.sqrt(np.median(squared_distances(pooled, pooled)[above]))) or 1.0


def kernel_discrepancy(X, Y, kernel, n_permutations=0, rng=None):
    r"""Unbiased squared discrepancy of two samples, and of permuted ones.

    .. math:: E k(x, x') + E k(y, y') - 2 E k(x, y)

    Parameters
    ----------
    X : ndarray of shape (n, n_columns)
        Two rows at least.
    Y : ndarray of shape (m, n_columns)
        Two rows at least.
    kernel : callable
        Of an ndarray of squared distances.
    n_permutations : int, default=0
    rng : numpy.random.Generator, default=None
        Permutes.

    Returns
    -------
    discrepancy : float
        About zero, perhaps below, for samples of the same distribution.
    permuted : ndarray of shape (n_permutations,)
        The same of the pooled rows in random order.

    References
    ----------
    Gretton, Borgwardt, Rasch, Schoelkopf & Smola (2012). A kernel two-sample test.
    Journal of Machine Learning Research 13, equation 3. Szekely & Rizzo (2013), Energy
    statistics, Journal of Statistical Planning and Inference 143, for minus the
    distance as the kernel.
    """
    pooled = np.concatenate([X, Y])
    n, m = len(X), len(Y)
    # Column 0: who is of the first sample; the others: who might have been.
    is_first = np.zeros((n + m, n_permutations + 1))
    is_first[:n] = 1.0
    if n_permutations:
        is_first[:, 1:] = rng.permuted(is_first[:, 1:], axis=0)
    total, of_first, within_first = 0.0, 0.0, 0.0
    for rows in row_blocks(n + m, n + m):
        block = kernel(squared_distances(pooled[rows], pooled))
        begin = rows.start
        block[np.arange(len(block)), np.arange(begin, begin + len(block))] = 0.0
        sums = block.sum(axis=1)
        total += sums.sum()
        of_first = of_first + sums @ is_first[rows]
        within_first = within_first + ((block @ is_first) * is_first[rows]).sum(axis=0)
    across = of_first - within_first
    within_second = total - within_first - 2 * across
    values = (
        within_first / (n * (n - 1))
        + within_second / (m * (m - 1))
        - 2 * across / (n * m)
    )
    return float(values[0]), values[1:]
