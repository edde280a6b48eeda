"""Do synthetic rows give away the rows that a sampler was fitted to?"""

from dataclasses import dataclass

import numpy as np
from sklearn.neighbors import NearestNeighbors

from skgendisc.metrics._align import AlignedTable, align_tables, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import as_points
from skgendisc.numerics import binomial_interval, roc_auc, roc_auc_interval
from skgendisc.utils.random_state import as_generator

# Distances below are zero but for rounding.
SMALLEST = 1e-6
# Share of strangers that an attack may take for members.
LOW_FPR = 0.01


@dataclass(frozen=True)
class ClosestRecords(MetricResult):
    """What :func:`distance_to_closest_record` found.

    Parameters
    ----------
    share : float
        Of synthetic rows, those nearer to a training row than to any of as many
        held-out ones; one half is ideal. NaN without held-out rows.
    share_interval : (float, float)
        Of 95 %, as if synthetic rows alone were random.
    median, low : float
        Median and 5 % quantile of the synthetic rows' distances to the nearest
        training row, in the units of :func:`energy_distance`.
    median_held_out, low_held_out : float
        The same of held-out rows.
    n_train, n_synthetic, n_held_out : int
        Rows that were used; synthetic and held-out rows are sub-sampled.

    Examples
    --------
    >>> from skgendisc.metrics import ClosestRecords
    >>> nothing = (float("nan"), float("nan"))
    >>> float(ClosestRecords(0.5, (0.4, 0.6), 1.0, 0.1, *nothing, 100, 100, 0))
    0.5
    """

    main = "share"

    share: float
    share_interval: tuple
    median: float
    low: float
    median_held_out: float
    low_held_out: float
    n_train: int
    n_synthetic: int
    n_held_out: int


@dataclass(frozen=True)
class DistanceRatio(MetricResult):
    """What :func:`nearest_neighbour_distance_ratio` found.

    Parameters
    ----------
    median, low : float
        Median and 5 % quantile of the ratio, in [0, 1], of synthetic rows.
    median_held_out, low_held_out : float
        The same of held-out rows, which synthetic ones should be like; NaN without.
    n_train, n_synthetic, n_held_out : int
        Rows that were used; synthetic and held-out rows are sub-sampled.

    Examples
    --------
    >>> from skgendisc.metrics import DistanceRatio
    >>> float(DistanceRatio(0.8, 0.3, 0.8, 0.3, 1000, 1000, 1000))
    0.8
    """

    main = "median"

    median: float
    low: float
    median_held_out: float
    low_held_out: float
    n_train: int
    n_synthetic: int
    n_held_out: int


@dataclass(frozen=True)
class Copies(MetricResult):
    """What :func:`exact_copies` found.

    Parameters
    ----------
    share : float
        Of synthetic rows, those equal to a training row.
    share_held_out : float
        The same of held-out rows: what chance brings. NaN without.
    n_copies, n_synthetic : int

    Examples
    --------
    >>> from skgendisc.metrics import Copies
    >>> float(Copies(0.05, 0.001, 50, 1000))
    0.05
    """

    main = "share"

    share: float
    share_held_out: float
    n_copies: int
    n_synthetic: int


@dataclass(frozen=True)
class Attack(MetricResult):
    """How an attack on membership did.

    Parameters
    ----------
    auc : float
        Area under the ROC curve of telling training rows from others; one half is
        ideal.
    auc_interval : (float, float)
        Of 95 %.
    tpr : float
        Share of training rows found where at most 1 % of others are taken for them.
    tpr_interval : (float, float)
        Of 95 %, as if the threshold was known. 0.01 is ideal.

    Examples
    --------
    >>> from skgendisc.metrics import Attack
    >>> float(Attack(0.52, (0.49, 0.55), 0.01, (0.0, 0.02)))
    0.52
    """

    main = "auc"

    auc: float
    auc_interval: tuple
    tpr: float
    tpr_interval: tuple


@dataclass(frozen=True)
class MembershipInference(MetricResult):
    """What :func:`membership_inference` found.

    Parameters
    ----------
    auc : float
        Of the attack by density ratio; one half is ideal.
    attacks : dict of Attack
        ``"density_ratio"`` and ``"distance"``.
    n_members, n_strangers, n_synthetic, n_reference : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import MembershipInference
    >>> float(MembershipInference(0.52, {}, 500, 500, 1000, 500))
    0.52
    """

    main = "auc"

    auc: float
    attacks: dict
    n_members: int
    n_strangers: int
    n_synthetic: int
    n_reference: int


def distance_to_closest_record(
    X_train,
    X_synthetic,
    X_held_out=None,
    *,
    max_rows=5000,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """How near synthetic rows come to the training rows, beside held-out rows.

    Finds copies, and rows that are nearly so. It is no guarantee: rows that pass can
    give training rows away all the same [1]_; see :func:`membership_inference`.

    Parameters
    ----------
    X_train, X_synthetic : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        The rows that the sampler was fitted to, and its own.
    X_held_out : array-like, frame or AlignedTable of shape (n_rows, n_columns), \
            default=None
        Real rows that the sampler has not seen, of the same distribution.
    max_rows : int or None, default=5000
        Of at most so many synthetic and held-out rows neighbours are sought.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Searches for neighbours at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : ClosestRecords

    Notes
    -----
    For the share, training and held-out rows are made as many by sub-sampling; a row
    as near to both counts half.

    References
    ----------
    .. [1] Yao, Krco, Ganev & de Montjoye (2025). The DCR delusion: measuring the
       privacy risk of synthetic data. arXiv 2505.01524.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import distance_to_closest_record
    >>> rng = np.random.default_rng(0)
    >>> train, held_out = rng.normal(size=(2, 500, 3))
    >>> near = train + 0.01 * rng.normal(size=train.shape)
    >>> distance_to_closest_record(train, near, held_out, random_state=0).share > 0.95
    True
    """
    rng = as_generator(random_state)
    tables = _aligned(X_train, X_synthetic, X_held_out, categorical_features)
    train, synthetic, held_out = _sampled(tables, max_rows, rng)
    near = _Neighbours(train, n_jobs)
    distance = near.distances(synthetic)[:, 0]
    of_held_out = share = np.nan
    interval = (np.nan, np.nan)
    if held_out is not None:
        of_held_out = near.distances(held_out)[:, 0]
        # As many of both: else the larger one is nearer by its size.
        n_rows = min(len(train), len(tables[2]))
        to_train, to_held_out = (
            _Neighbours(sample_rows(table, n_rows, rng), n_jobs, scale_of=train)
            for table in (train, tables[2])
        )
        to_held_out = to_held_out.distances(synthetic)[:, 0]
        if n_rows < len(train):
            to_train = to_train.distances(synthetic)[:, 0]
        else:
            to_train = distance
        is_tie = np.abs(to_train - to_held_out) < SMALLEST
        n_nearer = np.where(is_tie, 0.5, to_train < to_held_out).sum()
        share = float(n_nearer / len(synthetic))
        interval = binomial_interval(n_nearer, len(synthetic))
    return ClosestRecords(
        share,
        interval,
        *_median_and_low(distance),
        *_median_and_low(of_held_out),
        len(train),
        len(synthetic),
        0 if held_out is None else len(held_out),
    )


def nearest_neighbour_distance_ratio(
    X_train,
    X_synthetic,
    X_held_out=None,
    *,
    max_rows=5000,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """Distance to the nearest training row over that to the second nearest.

    Near zero for a row that points to a single training row.

    Parameters
    ----------
    X_train, X_synthetic : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        The rows that the sampler was fitted to, two or more, and its own.
    X_held_out : array-like, frame or AlignedTable of shape (n_rows, n_columns), \
            default=None
        Real rows that the sampler has not seen.
    max_rows : int or None, default=5000
        Of at most so many synthetic and held-out rows neighbours are sought.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Searches for neighbours at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : DistanceRatio

    Notes
    -----
    The ratio is 1 for a row that equals several training rows.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import nearest_neighbour_distance_ratio
    >>> rng = np.random.default_rng(0)
    >>> train, new = rng.normal(size=(2, 500, 3))
    >>> nearest_neighbour_distance_ratio(train, train[:100], random_state=0).median
    0.0
    >>> nearest_neighbour_distance_ratio(train, new, random_state=0).median > 0.7
    True
    """
    rng = as_generator(random_state)
    tables = _aligned(X_train, X_synthetic, X_held_out, categorical_features)
    train, synthetic, held_out = _sampled(tables, max_rows, rng)
    sample_rows(train, None, rng, least=2, name="X_train")
    near = _Neighbours(train, n_jobs)
    ratios = [
        np.nan if table is None else _ratio(near.distances(table, 2))
        for table in (synthetic, held_out)
    ]
    return DistanceRatio(
        *_median_and_low(ratios[0]),
        *_median_and_low(ratios[1]),
        len(train),
        len(synthetic),
        0 if held_out is None else len(held_out),
    )


def exact_copies(
    X_train,
    X_synthetic,
    X_held_out=None,
    *,
    categorical_features="from_dtype",
):
    """Share of synthetic rows that equal a training row.

    Parameters
    ----------
    X_train, X_synthetic : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        The rows that the sampler was fitted to, and its own.
    X_held_out : array-like, frame or AlignedTable of shape (n_rows, n_columns), \
            default=None
        Real rows that the sampler has not seen: how many equal a training row by
        chance, as in tables of few levels.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.

    Returns
    -------
    result : Copies

    Examples
    --------
    >>> from skgendisc.metrics import exact_copies
    >>> exact_copies([[1, "a"], [2, None]], [[2, None], [2, "a"]])
    Copies(share=0.5, share_held_out=nan, n_copies=1, n_synthetic=2)
    """
    tables = _aligned(X_train, X_synthetic, X_held_out, categorical_features)
    keys = [None if table is None else _keys(table) for table in tables]
    known = set(keys[0])
    n_copies = sum(key in known for key in keys[1])
    of_held_out = np.nan
    if keys[2] is not None:
        of_held_out = sum(key in known for key in keys[2]) / len(keys[2])
    return Copies(n_copies / len(keys[1]), of_held_out, n_copies, len(keys[1]))


def membership_inference(
    X_train,
    X_synthetic,
    X_held_out,
    X_reference=None,
    *,
    n_neighbours=1,
    max_rows=5000,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """Attack synthetic rows: find out who was among the training rows.

    An attacker who has the synthetic rows, and other real rows of the same kind, takes
    those for members around which synthetic rows are dense, by themselves or beside
    the other real ones.

    Parameters
    ----------
    X_train, X_synthetic : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        The rows that the sampler was fitted to, and its own.
    X_held_out : array-like, frame or AlignedTable of shape (n_rows, n_columns)
        Real rows that the sampler has not seen, of the same distribution.
    X_reference : array-like, frame or AlignedTable of shape (n_rows, n_columns), \
            default=None
        Other such rows, which the attacker has. None takes half of ``X_held_out`` at
        random; the other half are the strangers to be told from members.
    n_neighbours : int, default=1
        Densities are those of the distance to so many neighbours.
    max_rows : int or None, default=5000
        At most so many members and as many strangers are attacked.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Searches for neighbours at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : MembershipInference

    Raises
    ------
    ValueError
        If there are too few rows to split.

    Notes
    -----
    Scores are :math:`\\log p_G(x) - \\log p_R(x)` of the synthetic and the reference
    rows [1]_, and minus the distance to the nearest synthetic row [2]_. Densities are
    those of nearest neighbours, in place of the kernels and flows of [1]_: they need no
    training, and a copy is at distance zero. The intervals of areas are Newcombe's,
    those of shares Clopper and Pearson's. One half is what such attacks can find, not
    what is there to be found.

    References
    ----------
    .. [1] van Breugel, Sun, Qian & van der Schaar (2023). Membership inference attacks
       against synthetic data through overfitting detection. AISTATS, equation 2.
    .. [2] Chen, Yu, Zhang & Fritz (2020). GAN-Leaks: a taxonomy of membership inference
       attacks against generative models. ACM CCS.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import membership_inference
    >>> rng = np.random.default_rng(0)
    >>> train, held_out = rng.normal(size=(2, 400, 4))
    >>> membership_inference(train, train, held_out, random_state=0).auc
    1.0
    """
    rng = as_generator(random_state)
    given = [X_train, X_synthetic, X_held_out]
    given += [] if X_reference is None else [X_reference]
    aligned = align_tables(*given, categorical_features=categorical_features)
    train, synthetic, strangers, *others = aligned
    if others:
        reference = others[0]
    else:
        sample_rows(strangers, None, rng, least=2 * n_neighbours, name="X_held_out")
        order = rng.permutation(len(strangers))
        half = len(strangers) // 2
        reference, strangers = (
            strangers.take(order[:half]),
            strangers.take(order[half:]),
        )
    n_rows = min(len(train), len(strangers))
    n_rows = n_rows if max_rows is None else min(n_rows, max_rows)
    members, strangers = (sample_rows(t, n_rows, rng) for t in (train, strangers))
    for table, name in ((synthetic, "X_synthetic"), (reference, "X_reference")):
        sample_rows(table, None, rng, least=n_neighbours, name=name)
    both = AlignedTable(
        np.concatenate([members.values, strangers.values]), train.columns, train.target
    )
    to_synthetic, to_reference = (
        _Neighbours(table, n_jobs, scale_of=reference).distances(both, n_neighbours)
        for table in (synthetic, reference)
    )
    scores = {
        "density_ratio": np.log(to_reference[:, -1] + SMALLEST)
        - np.log(to_synthetic[:, -1] + SMALLEST),
        "distance": -to_synthetic[:, 0],
    }
    attacks = {name: _attack(s[:n_rows], s[n_rows:]) for name, s in scores.items()}
    return MembershipInference(
        attacks["density_ratio"].auc,
        attacks,
        n_rows,
        n_rows,
        len(synthetic),
        len(reference),
    )


class _Neighbours:
    """Distances to the nearest rows of a table."""

    def __init__(self, table, n_jobs, scale_of=None):
        self._table, self._n_jobs = table, n_jobs
        self._scale_of = table if scale_of is None else scale_of

    def distances(self, queries, n_neighbours=1):
        """Of each query, nearest first: ndarray of shape (n_queries, n_neighbours)."""
        points, at = as_points(self._table, queries, scale_of=self._scale_of)
        near = NearestNeighbors(n_neighbors=n_neighbours, n_jobs=self._n_jobs)
        distance = near.fit(points).kneighbors(at)[0]
        return np.where(distance < SMALLEST, 0.0, distance)


def _aligned(X_train, X_synthetic, X_held_out, categorical_features):
    """Three tables in one form; the last may be None."""
    tables = [X_train, X_synthetic]
    if X_held_out is not None:
        tables.append(X_held_out)
    aligned = align_tables(*tables, categorical_features=categorical_features)
    return [*aligned, None][:3]


def _sampled(tables, max_rows, rng):
    """The tables with some of the synthetic and held-out rows."""
    train, *others = tables
    return [train, *(t if t is None else sample_rows(t, max_rows, rng) for t in others)]


def _median_and_low(values):
    return float(np.median(values)), float(np.quantile(values, 0.05))


def _ratio(distances):
    """First over second; equal where both are zero."""
    first, second = distances.T
    return np.where(second > 0, first / np.where(second > 0, second, 1.0), 1.0)


def _keys(table):
    """Bytes of each row; equal rows have the same, gaps too."""
    values = np.where(np.isnan(table.values), np.nan, table.values + 0.0)
    return [row.tobytes() for row in np.ascontiguousarray(values)]


def _attack(members, strangers):
    """How well scores find members."""
    n_members, n_strangers = len(members), len(strangers)
    auc = roc_auc(members, strangers)
    # At most this many strangers may score above the threshold.
    n_allowed = int(LOW_FPR * n_strangers)
    threshold = np.sort(strangers)[n_strangers - n_allowed - 1]
    n_found = int(np.count_nonzero(members > threshold))
    return Attack(
        auc,
        roc_auc_interval(auc, n_members, n_strangers),
        n_found / n_members,
        binomial_interval(n_found, n_members),
    )
