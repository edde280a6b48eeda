"""Do synthetic rows lie where real ones do, and reach all of them?"""

from dataclasses import dataclass

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_array

from skgendisc import numerics
from skgendisc.metrics._align import align_pair, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import as_points
from skgendisc.utils.random_state import as_generator

# Supports of so many sizes make the profile of precision and recall.
N_LEVELS = 101


@dataclass(frozen=True)
class NeighbourCoverage(MetricResult):
    """What :func:`precision_recall_density_coverage` found.

    Parameters
    ----------
    precision : float
        Share of synthetic rows near a real one.
    recall : float
        Share of real rows near a synthetic one.
    density : float
        How many real rows are near a synthetic one, over ``n_neighbours``; 1 for rows
        of the same distribution.
    coverage : float
        Share of real rows with a synthetic one among their nearest.
    expected_coverage : float
        Of rows of the same distribution, as many.
    n_real, n_synthetic : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import NeighbourCoverage
    >>> float(NeighbourCoverage(0.9, 0.8, 1.0, 0.95, 0.969, 1000, 1000))
    0.95
    """

    main = "coverage"

    precision: float
    recall: float
    density: float
    coverage: float
    expected_coverage: float
    n_real: int
    n_synthetic: int


@dataclass(frozen=True)
class SupportCoverage(MetricResult):
    """What :func:`alpha_precision_beta_recall` found.

    Parameters
    ----------
    alpha_precision : float
        In [0, 1]; 1 where the supports of real rows hold as much of the synthetic ones.
    beta_recall : float
        The same of the supports of synthetic rows.
    authenticity : float
        Share of synthetic rows that are farther from the nearest real one than this is
        from the next real one: one half or a little more for new rows, 0 for copies.
    levels : ndarray of shape (n_levels,)
        Shares that the supports hold, of the rows that made them.
    precision_profile, recall_profile : ndarray of shape (n_levels,)
        Shares that they hold of the others.
    n_real, n_synthetic : int
        Rows that were used.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import SupportCoverage
    >>> alpha = np.linspace(0, 1, 3)
    >>> float(SupportCoverage(0.9, 0.8, 0.5, alpha, alpha, alpha, 1000, 1000))
    0.8
    """

    main = "beta_recall"

    alpha_precision: float
    beta_recall: float
    authenticity: float
    levels: np.ndarray
    precision_profile: np.ndarray
    recall_profile: np.ndarray
    n_real: int
    n_synthetic: int


@dataclass(frozen=True)
class ModeCoverage(MetricResult):
    """What :func:`mode_coverage` found.

    Parameters
    ----------
    modes_found : int
        Modes with ``min_rows`` rows of high quality.
    n_modes : int
    high_quality : float
        Share of rows within ``n_scales`` scales of the nearest centre.
    reverse_kl : float
        Divergence of the rows' shares of modes from the true ones, in nats.
    n_rows : int

    Examples
    --------
    >>> from skgendisc.metrics import ModeCoverage
    >>> float(ModeCoverage(25, 25, 0.98, 0.005, 2500))
    0.98
    """

    main = "high_quality"

    modes_found: int
    n_modes: int
    high_quality: float
    reverse_kl: float
    n_rows: int


def precision_recall_density_coverage(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    n_neighbours=5,
    max_rows=5000,
    categorical_features="from_dtype",
    random_state=None,
):
    """Which rows of each table lie among the nearest neighbours of the other's.

    Density and coverage are the steadier pair: a far row of a table, with its
    neighbours far away, makes much of precision and recall.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    n_neighbours : int, default=5
        Near is what is not farther than this neighbour in the same table.
    max_rows : int or None, default=5000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : NeighbourCoverage

    Raises
    ------
    ValueError
        If a table has no more rows than ``n_neighbours``.

    Notes
    -----
    Equations 1 and 2 of [1]_ and 3 and 4 of [2]_, on points as in
    :func:`energy_distance`. Rows that are equal, as in tables of few levels, are each
    other's neighbours at distance zero, and lift density and coverage above their
    expectations.

    References
    ----------
    .. [1] Kynkaanniemi, Karras, Laine, Lehtinen & Aila (2019). Improved precision and
       recall metric for assessing generative models. NeurIPS 32.
    .. [2] Naeem, Oh, Uh, Choi & Yoo (2020). Reliable fidelity and diversity metrics
       for generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import precision_recall_density_coverage
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(1000, 2)), rng.normal(size=(1000, 2))
    >>> X_new = X_new[X_new[:, 0] < 1.0]  # about a sixth is missing
    >>> result = precision_recall_density_coverage(X, X_new)
    >>> bool(result.coverage < 0.9 < result.expected_coverage)
    True
    """
    rng = as_generator(random_state)
    pair = align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features)
    X, Z = _points(pair, max_rows, rng, n_neighbours)
    return NeighbourCoverage(
        *numerics.precision_recall_density_coverage(X, Z, n_neighbours),
        numerics.expected_coverage(len(X), len(Z), n_neighbours),
        len(X),
        len(Z),
    )


def alpha_precision_beta_recall(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    n_neighbours=5,
    max_rows=5000,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    r"""Ask whether the densest parts of a table hold as much of the other as of itself.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    n_neighbours : int, default=5
        A row is where a table is dense if this neighbour is near.
    max_rows : int or None, default=5000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Searches for neighbours at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : SupportCoverage

    Raises
    ------
    ValueError
        If a table has no more rows than ``n_neighbours``.

    Notes
    -----
    The support :math:`S_\alpha` of a table is the smallest region that holds a share
    alpha of it, and so where its density is highest. With :math:`P_\alpha` for the
    share of synthetic rows in that of the real ones, alpha-precision is

    .. math:: 1 - 2 \int_0^1 |P_\alpha - \alpha| \, d\alpha

    and beta-recall the same with the tables exchanged; authenticity is as in section 4
    [1]_. In place of a network that maps rows into a ball, which [1]_ trains, density
    is that of nearest neighbours: a row is in the support where the distance to its
    ``n_neighbours``-th neighbour is among the smallest alpha of the table's own. Both
    are then 1 for rows of the same distribution, but for chance: about 0.97 with 1000
    rows each.

    References
    ----------
    .. [1] Alaa, van Breugel, Saveliev & van der Schaar (2022). How faithful is your
       synthetic data? Sample-level metrics for evaluating and auditing generative
       models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import alpha_precision_beta_recall
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(1000, 2)), rng.normal(size=(1000, 2))
    >>> result = alpha_precision_beta_recall(X, 0.5 * X_new)  # shrunk to the middle
    >>> bool(result.alpha_precision < 0.9 and result.beta_recall < 0.6)
    True
    """
    rng = as_generator(random_state)
    pair = align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features)
    X, Z = _points(pair, max_rows, rng, n_neighbours)
    levels = np.linspace(0, 1, N_LEVELS)
    near_x = NearestNeighbors(n_neighbors=n_neighbours + 1, n_jobs=n_jobs).fit(X)
    near_z = NearestNeighbors(n_neighbors=n_neighbours + 1, n_jobs=n_jobs).fit(Z)
    # The first neighbour of a row in its own table is the row itself.
    within_x, within_z = near_x.kneighbors(X)[0], near_z.kneighbors(Z)[0]
    to_x, nearest = near_x.kneighbors(Z)
    to_z = near_z.kneighbors(X)[0]
    profiles = [
        numerics.support_profile(
            _rounded(within[:, n_neighbours]),
            _rounded(other[:, n_neighbours - 1]),
            levels,
        )
        for within, other in ((within_x, to_x), (within_z, to_z))
    ]
    is_new = _rounded(to_x[:, 0]) > _rounded(within_x[nearest[:, 0], 1])
    scores = [1 - 2 * np.trapezoid(np.abs(p - levels), levels) for p in profiles]
    return SupportCoverage(
        *map(float, scores),
        float(is_new.mean()),
        levels,
        *profiles,
        len(X),
        len(Z),
    )


def mode_coverage(
    X_synthetic, centres, scale, *, n_scales=3.0, min_rows=1, weights=None
):
    r"""How many modes rows find, where the modes are known.

    Parameters
    ----------
    X_synthetic : array-like of shape (n_rows, n_columns)
        Numbers.
    centres : array-like of shape (n_modes, n_columns)
    scale : float or array-like of shape (n_modes,)
        Standard deviation about a centre, in each direction.
    n_scales : float, default=3.0
        Rows within so many scales of the nearest centre are of high quality.
    min_rows : int, default=1
        A mode is found with so many of them.
    weights : array-like of shape (n_modes,), default=None
        True shares of the modes; None for equal ones.

    Returns
    -------
    result : ModeCoverage

    Notes
    -----
    All rows count for the shares :math:`q_k` of modes, those of low quality too; the
    divergence is :math:`\sum_k q_k \log (q_k / p_k)` [1]_, by chance alone about
    :math:`(K - 1) / (2 n)` with K modes and n rows.

    References
    ----------
    .. [1] Lin, Khetan, Fanti & Oh (2018). PacGAN: the power of two samples in
       generative adversarial networks. NeurIPS 31, section 4.1.

    Examples
    --------
    >>> from skgendisc.metrics import mode_coverage
    >>> centres = [[-1.0], [0.0], [1.0]]
    >>> result = mode_coverage([[-1.0], [0.01], [0.02], [0.5]], centres, 0.1)
    >>> result.modes_found, result.high_quality
    (2, 0.75)
    """
    X = check_array(X_synthetic, dtype=np.float64)
    centres = check_array(centres, dtype=np.float64)
    if X.shape[1] != centres.shape[1]:
        raise ValueError(
            f"centres must have as many columns as X_synthetic: got "
            f"{centres.shape[1]} and {X.shape[1]}."
        )
    n_modes = len(centres)
    weights = np.ones(n_modes) if weights is None else np.asarray(weights, dtype=float)
    if weights.shape != (n_modes,) or np.any(weights < 0) or not weights.sum() > 0:
        raise ValueError(
            f"weights must hold a share for each of the {n_modes} modes, none below "
            f"zero and not all zero: got {weights.tolist()}."
        )
    nearest, is_near = numerics.mode_shares(X, centres, scale, n_scales)
    good = np.bincount(nearest[is_near], minlength=n_modes)
    share = np.bincount(nearest, minlength=n_modes) / len(X)
    return ModeCoverage(
        modes_found=int(np.count_nonzero(good >= min_rows)),
        n_modes=n_modes,
        high_quality=float(is_near.mean()),
        reverse_kl=numerics.kl_divergence(share, weights / weights.sum()),
        n_rows=len(X),
    )


def _points(pair, max_rows, rng, n_neighbours):
    tables = [
        sample_rows(table, max_rows, rng, least=n_neighbours + 1, name=name)
        for table, name in zip(pair, ("X_real", "X_synthetic"), strict=True)
    ]
    return as_points(*tables, scale_of=pair[0])


def _rounded(distance):
    """Distances of which those that rounding made differ are equal."""
    return np.round(distance, 6)
