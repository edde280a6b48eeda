"""Does a sample lie where another does, and reach all of it? By nearest neighbours."""

import numpy as np

from skgendisc.numerics._distances import row_blocks, squared_distances


def neighbour_radius(X, n_neighbours):
    """Squared distance of each row to its so-and-so-many-th other row.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    n_neighbours : int
        Below ``n_rows``.

    Returns
    -------
    radius : ndarray of shape (n_rows,)
        Squared.
    """
    radius = np.empty(len(X))
    for rows in row_blocks(len(X), len(X)):
        squares = squared_distances(X[rows], X)
        # A row is no neighbour of its own, however rounding has it.
        squares[np.arange(len(squares)), np.arange(len(X))[rows]] = -1.0
        squares.partition(n_neighbours, axis=1)
        radius[rows] = squares[:, n_neighbours]
    return radius


def precision_recall_density_coverage(X, Y, n_neighbours):
    """How much of each sample lies in balls around rows of the other.

    Parameters
    ----------
    X : ndarray of shape (n, n_columns)
        Real rows.
    Y : ndarray of shape (m, n_columns)
        Synthetic ones.
    n_neighbours : int
        The ball around a row reaches to its so-and-so-many-th neighbour of its sample.

    Returns
    -------
    precision : float
        Share of synthetic rows in a ball of a real one.
    recall : float
        Share of real rows in a ball of a synthetic one.
    density : float
        Mean number of real balls around a synthetic row, over ``n_neighbours``.
    coverage : float
        Share of real balls that hold a synthetic row.

    References
    ----------
    Kynkaanniemi, Karras, Laine, Lehtinen & Aila (2019). Improved precision and recall
    metric for assessing generative models. NeurIPS 32, for the first two. Naeem, Oh,
    Uh, Choi & Yoo (2020). Reliable fidelity and diversity metrics for generative
    models. ICML, equations 3 and 4, for the last two.
    """
    # Rounding must not put a row that equals another's neighbour out of the ball.
    slack = 1e-12 * max(np.abs(X).max(initial=1.0), np.abs(Y).max(initial=1.0)) ** 2
    radius_x = neighbour_radius(X, n_neighbours) + slack
    radius_y = neighbour_radius(Y, n_neighbours) + slack
    balls_around_y = np.zeros(len(Y))
    is_recalled, is_covered = np.zeros((2, len(X)), dtype=bool)
    for rows in row_blocks(len(X), len(Y)):
        squares = squared_distances(X[rows], Y)
        is_inside = squares <= radius_x[rows, None]
        balls_around_y += is_inside.sum(axis=0)
        is_covered[rows] = is_inside.any(axis=1)
        is_recalled[rows] = (squares <= radius_y).any(axis=1)
    return (
        float(np.mean(balls_around_y > 0)),
        float(is_recalled.mean()),
        float(balls_around_y.mean() / n_neighbours),
        float(is_covered.mean()),
    )


def expected_coverage(n, m, n_neighbours):
    """Coverage of ``n`` rows by ``m`` of the same continuous distribution.

    Naeem et al. (2020), proposition 1: of a row's ``n_neighbours`` nearest among both
    samples, not all are of its own.
    """
    j = np.arange(1, n_neighbours + 1)
    return float(1.0 - np.prod((n - j) / (n + m - j)))


def support_profile(within, other, levels):
    """Share of another sample in the supports that hold given shares of one.

    A row is in the support at level alpha where its distance to the sample is among
    the smallest alpha of those of the sample's own rows. Of rows whose distance equals
    some of those a part is in, in between.

    Parameters
    ----------
    within : ndarray of shape (n,)
        Distance of each row of the sample to the others.
    other : ndarray of shape (m,)
        Distance of other rows to the sample.
    levels : ndarray of shape (n_levels,)
        In [0, 1].

    Returns
    -------
    share : ndarray of shape (n_levels,)
        Equal to ``levels``, but for chance, if both have the same distribution.
    """
    within = np.sort(within)
    n_places = len(within) + 1
    low = np.searchsorted(within, other, side="left") / n_places
    high = (np.searchsorted(within, other, side="right") + 1) / n_places
    share = [np.clip((level - low) / (high - low), 0, 1).mean() for level in levels]
    return np.array(share)


def mode_shares(X, centres, scale, n_scales):
    """Which mode each row is of, and whether it is near.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    centres : ndarray of shape (n_modes, n_columns)
    scale : float or ndarray of shape (n_modes,)
    n_scales : float

    Returns
    -------
    nearest : ndarray of shape (n_rows,)
    is_near : ndarray of shape (n_rows,), dtype bool
        Within ``n_scales`` scales of the nearest.
    """
    scale = np.broadcast_to(np.asarray(scale, dtype=np.float64), len(centres))
    nearest = np.empty(len(X), dtype=np.intp)
    distance = np.empty(len(X))
    for rows in row_blocks(len(X), len(centres)):
        squares = squared_distances(X[rows], centres)
        nearest[rows] = squares.argmin(axis=1)
        distance[rows] = np.sqrt(squares.min(axis=1))
    return nearest, distance <= n_scales * scale[nearest]


def kl_divergence(p, q):
    """Of probabilities ``p`` from ``q``, in nats."""
    with np.errstate(divide="ignore"):
        terms = p[p > 0] * np.log(p[p > 0] / q[p > 0])
    return float(terms.sum())
