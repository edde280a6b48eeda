"""Distances of whole tables, from the distances of their rows."""

from dataclasses import dataclass

import numpy as np

from skgendisc.metrics._align import align_pair, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import as_points
from skgendisc.numerics import (
    gaussian_kernel,
    kernel_discrepancy,
    median_distance,
    minus_distance,
)
from skgendisc.numerics import sliced_wasserstein as wasserstein_of_projections
from skgendisc.utils.random_state import as_generator


@dataclass(frozen=True)
class Discrepancy(MetricResult):
    """A distance of two tables.

    Parameters
    ----------
    distance : float
        About 0 for rows of the same distribution.
    p_value : float
        Of distances this large or larger when rows change tables at random; NaN if
        not asked for.
    n_real, n_synthetic : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import Discrepancy
    >>> float(Discrepancy(0.1, 0.01, 1000, 1000))
    0.1
    """

    main = "distance"

    distance: float
    p_value: float
    n_real: int
    n_synthetic: int


def energy_distance(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    n_permutations=0,
    max_rows=3000,
    categorical_features="from_dtype",
    random_state=None,
):
    r"""Squared energy distance of two tables.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    n_permutations : int, default=0
        Of the rows, for a p-value; 0 gives none.
    max_rows : int or None, default=3000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows and of the permutations.

    Returns
    -------
    result : Discrepancy

    Notes
    -----
    The unbiased estimate, which may lie below zero, of [1]_

    .. math:: 2 E|x - z| - E|x - x'| - E|z - z'|.

    Numbers are in standard deviations of the real table; a gap beside a value, and one
    level beside another, are at distance one.

    References
    ----------
    .. [1] Szekely & Rizzo (2013). Energy statistics: a class of statistics based on
       distances. Journal of Statistical Planning and Inference 143.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import energy_distance
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(2000, 1)), rng.normal(1.0, size=(2000, 1))
    >>> 0.4 < energy_distance(X, X_new, random_state=0).distance < 0.7
    True
    """
    return _discrepancy(
        align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features),
        lambda X, Z, rng: minus_distance,
        n_permutations,
        max_rows,
        random_state,
    )


def maximum_mean_discrepancy(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    bandwidth=None,
    n_permutations=0,
    max_rows=3000,
    categorical_features="from_dtype",
    random_state=None,
):
    r"""Squared maximum mean discrepancy of two tables, with a Gaussian kernel.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    bandwidth : float, default=None
        Of the kernel, in the units of :func:`energy_distance`. None takes the median
        distance of rows of both tables.
    n_permutations : int, default=0
        Of the rows, for a p-value; 0 gives none.
    max_rows : int or None, default=3000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows and of the permutations.

    Returns
    -------
    result : Discrepancy

    Notes
    -----
    The unbiased estimate [1]_, equation 3, which may lie below zero, with the kernel
    :math:`\exp(-|x - z|^2 / (2 h^2))`.

    References
    ----------
    .. [1] Gretton, Borgwardt, Rasch, Schoelkopf & Smola (2012). A kernel two-sample
       test. Journal of Machine Learning Research 13.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import maximum_mean_discrepancy
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(2000, 1)), rng.normal(1.0, size=(2000, 1))
    >>> result = maximum_mean_discrepancy(X, X_new, bandwidth=1.0, random_state=0)
    >>> 0.1 < result.distance < 0.25
    True
    """
    if bandwidth is not None and not bandwidth > 0:
        raise ValueError(
            f"bandwidth must be positive, got {bandwidth!r}. Leave it None for the "
            "median distance of rows."
        )
    return _discrepancy(
        align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features),
        lambda X, Z, rng: gaussian_kernel(bandwidth or median_distance(X, Z, rng)),
        n_permutations,
        max_rows,
        random_state,
    )


def sliced_wasserstein(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    p=2,
    n_projections=200,
    max_rows=20_000,
    categorical_features="from_dtype",
    random_state=None,
):
    r"""Wasserstein distance of two tables along random directions.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    p : float, default=2
        Order.
    n_projections : int, default=200
    max_rows : int or None, default=20_000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows and of the directions.

    Returns
    -------
    result : Discrepancy
        Without a p-value. The distance is above zero by chance, and falls with the
        number of rows.

    Notes
    -----
    The p-th root of the mean of :math:`W_p^p` over directions [1]_, in the units of
    :func:`energy_distance`. A shift by m in d dimensions gives :math:`|m| / \sqrt d`
    for p = 2.

    References
    ----------
    .. [1] Bonneel, Rabin, Peyre & Pfister (2015). Sliced and Radon Wasserstein
       barycenters of measures. Journal of Mathematical Imaging and Vision 51.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import sliced_wasserstein
    >>> X = np.random.default_rng(0).normal(size=(2000, 1))
    >>> round(sliced_wasserstein(X, X + X.std(), random_state=0).distance, 9)
    1.0
    """
    rng = as_generator(random_state)
    pair = align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features)
    real, synthetic = (sample_rows(table, max_rows, rng) for table in pair)
    X, Z = as_points(real, synthetic, scale_of=pair[0])
    powers = wasserstein_of_projections(X, Z, n_projections, rng, p)
    return Discrepancy(float(powers.mean() ** (1 / p)), np.nan, len(X), len(Z))


def _discrepancy(pair, kernel_of, n_permutations, max_rows, random_state):
    rng = as_generator(random_state)
    real, synthetic = (
        sample_rows(table, max_rows, rng, least=2, name=name)
        for table, name in zip(pair, ("X_real", "X_synthetic"), strict=True)
    )
    X, Z = as_points(real, synthetic, scale_of=pair[0])
    kernel = kernel_of(X, Z, rng)
    distance, permuted = kernel_discrepancy(X, Z, kernel, n_permutations, rng)
    p_value = np.nan
    if n_permutations:
        p_value = (1 + np.count_nonzero(permuted >= distance)) / (1 + n_permutations)
    return Discrepancy(distance, float(p_value), len(X), len(Z))
