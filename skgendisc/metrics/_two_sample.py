"""Can a classifier tell synthetic from real rows?"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.parallel import Parallel, delayed

from skgendisc.metrics._align import align_pair, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import as_boosted, as_matrix
from skgendisc.numerics import roc_auc, roc_auc_error_at_chance
from skgendisc.utils.random_state import as_generator, draw_seed, set_random_states

# Boosting that stops by itself: more trees would learn rows by heart.
BOOSTING = {"early_stopping": True, "validation_fraction": 0.2}
# Rows in a leaf at most, scikit-learn's default, and what fraction of a small table.
LARGEST_LEAF, LEAF_FRACTION = 20, 0.2


@dataclass(frozen=True)
class TwoSampleTest(MetricResult):
    """What :func:`classifier_two_sample_test` found.

    Parameters
    ----------
    auc : float
        Area under the ROC curve, mean over folds; one half where rows cannot be told
        apart, 1 where all can.
    auc_error : float
        Standard error of the area at chance.
    p_value : float
        Of areas this large or larger by chance.
    accuracy : float
        Share of rows told right, of equally many of both.
    accuracy_p_value : float
    classes : dict of float
        Area among the rows of each class alone; empty without labels.
    importances : dict of float
        By how much the area falls when a column is permuted; empty if not asked for.
    n_rows : int
        Rows of each table that were used.

    Examples
    --------
    >>> from skgendisc.metrics import TwoSampleTest
    >>> float(TwoSampleTest(0.6, 0.02, 1e-5, 0.55, 1e-4, {}, {}, 1000))
    0.6
    """

    main = "auc"

    auc: float
    auc_error: float
    p_value: float
    accuracy: float
    accuracy_p_value: float
    classes: dict
    importances: dict
    n_rows: int


@dataclass(frozen=True)
class PropensityScore(MetricResult):
    """What :func:`propensity_mse` found.

    Parameters
    ----------
    pmse : float
        Mean squared difference of the propensity from the share of synthetic rows; 0
        is best.
    ratio : float
        To what is expected of rows of the same distribution; 1 is best.
    ratio_to_fitted : float
        To what is expected of rows of a correct model that was fitted to the real ones.
    z_score : float
        Standard deviations by which ``pmse`` exceeds what ``ratio`` compares it with.
    n_parameters : int
        Of the logistic regression, with the intercept.
    n_real, n_synthetic : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import PropensityScore
    >>> float(PropensityScore(0.002, 2.0, 4.0, 1.4, 5, 500, 500))
    2.0
    """

    main = "ratio"

    pmse: float
    ratio: float
    ratio_to_fitted: float
    z_score: float
    n_parameters: int
    n_real: int
    n_synthetic: int


def classifier_two_sample_test(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    classifier=None,
    cv=5,
    importances=False,
    max_rows=10_000,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """Train a classifier to tell synthetic from real rows, and judge it on others.

    The most telling number on fidelity. Compare synthetic rows with real ones that the
    sampler has not seen: copies of rows of both tables are told apart *worse* than by
    chance, as a fold that shows one as real hides it as synthetic. An area well below
    one half says so.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables. With classes, areas of each alone too.
    classifier : classifier with ``predict_proba`` or ``decision_function``, \
            default=None
        Cloned. Sees standardised numbers, with gaps filled and flagged, and levels
        one-hot. None takes a
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`, which sees numbers,
        levels and gaps as they are.
    cv : int, default=5
        Folds, two or more.
    importances : bool, default=False
        Whether to measure which columns the classifier used.
    max_rows : int or None, default=10_000
        At most so many rows of each table are used, and as many of one as of the other.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Folds at a time; -1 uses all processors.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows, the folds and the classifiers.

    Returns
    -------
    result : TwoSampleTest

    Raises
    ------
    ValueError
        If a table has fewer rows than there are folds.

    Notes
    -----
    The best possible accuracy is one half plus half the total variation of the two
    distributions [1]_. At chance the accuracy on a fold of n rows is normal about one
    half with variance :math:`1 / (4n)`, equation 2 there, and the area about one half
    with the variance of Mann and Whitney's statistic. The mean over k folds has not a
    k-th of it: fits to rows that overlap err alike, linear ones nearly as much as
    :math:`1/k + 1/(k - 1)` [2]_, which errors and p-values here take for all. With
    boosting they are on the safe side.

    References
    ----------
    .. [1] Lopez-Paz & Oquab (2017). Revisiting classifier two-sample tests. ICLR.
    .. [2] Nadeau & Bengio (2003). Inference for the generalization error. Machine
       Learning 52.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import classifier_two_sample_test
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(500, 2)), rng.normal([1.0, 0.0], size=(500, 2))
    >>> test = classifier_two_sample_test(
    ...     X, X_new, importances=True, random_state=0
    ... )
    >>> bool(0.7 < test.auc < 0.8 and test.p_value < 1e-6)
    True
    >>> max(test.importances, key=test.importances.get)
    0
    """
    rng = as_generator(random_state)
    pair = align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features)
    n_rows = min(map(len, pair))
    n_rows = n_rows if max_rows is None else min(n_rows, max_rows)
    real, synthetic = (
        sample_rows(table, n_rows, rng, least=cv, name=name)
        for table, name in zip(pair, ("X_real", "X_synthetic"), strict=True)
    )
    view, model = _view_and_model(classifier, real, synthetic)
    features = np.concatenate(view.matrices)
    is_real = np.repeat([True, False], n_rows)
    origin = view.origin if importances else None
    folds = StratifiedKFold(cv, shuffle=True, random_state=draw_seed(rng))
    calls = []
    for train, test in folds.split(features, is_real):
        of_fold = clone(model)
        set_random_states(of_fold, rng)
        seed = draw_seed(rng)
        calls.append(
            delayed(_judge_fold)(of_fold, features, is_real, train, test, origin, seed)
        )
    judged = Parallel(n_jobs=n_jobs)(calls)
    auc = float(np.mean([fold.auc for fold in judged]))
    accuracy = sum(fold.n_right for fold in judged) / (2 * n_rows)
    # Classifiers of different folds learn from the same rows, and err alike.
    dependence = np.sqrt(1 / cv + 1 / (cv - 1))
    auc_error = dependence * np.sqrt(np.mean([fold.error**2 for fold in judged]))
    accuracy_error = dependence * 0.5 / np.sqrt(2 * n_rows / cv)
    return TwoSampleTest(
        auc=auc,
        auc_error=float(auc_error),
        p_value=float(ndtr((0.5 - auc) / auc_error)),
        accuracy=accuracy,
        accuracy_p_value=float(ndtr((0.5 - accuracy) / accuracy_error)),
        classes=_areas_of_classes(real, synthetic, is_real, judged),
        importances=_importances(real.columns, origin, judged),
        n_rows=n_rows,
    )


def propensity_mse(
    X_real,
    X_synthetic,
    y_real=None,
    y_synthetic=None,
    *,
    max_rows=20_000,
    categorical_features="from_dtype",
    random_state=None,
):
    r"""Mean squared error of a logistic regression's propensities, beside chance.

    Sees what moves means and shares of levels, and nothing that needs products of
    columns: a quick check of the first moments.

    Parameters
    ----------
    X_real, X_synthetic : array-like, frame or AlignedTable of shape (n_rows, n_columns)
    y_real, y_synthetic : array-like of shape (n_rows,), default=None
        Labels: one more column of both tables.
    max_rows : int or None, default=20_000
        At most so many rows of each table are used.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows.

    Returns
    -------
    result : PropensityScore

    Notes
    -----
    With N rows, a share c of them synthetic, and k parameters, the mean of
    :math:`(\hat p - c)^2` is :math:`(k - 1) c (1 - c) / N` on average for two samples
    of one distribution, and :math:`(k - 1) (1 - c)^2 c / N` where a correct model was
    fitted to the real rows and drew the synthetic ones [1]_; its standard deviation is
    :math:`\sqrt{2 / (k - 1)}` of the mean.

    Gaps are flagged; rare levels share an indicator.

    References
    ----------
    .. [1] Snoke, Raab, Nowok, Dibben & Slavkovic (2018). General and specific utility
       measures for synthetic data. Journal of the Royal Statistical Society A 181,
       section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import propensity_mse
    >>> rng = np.random.default_rng(0)
    >>> X, X_new = rng.normal(size=(500, 2)), rng.normal([0.5, 0.0], size=(500, 2))
    >>> score = propensity_mse(X, X_new, random_state=0)
    >>> bool(score.ratio > 10), score.n_parameters
    (True, 3)
    """
    rng = as_generator(random_state)
    pair = align_pair(X_real, X_synthetic, y_real, y_synthetic, categorical_features)
    real, synthetic = (sample_rows(table, max_rows, rng) for table in pair)
    features = _components(np.concatenate(as_matrix(real, synthetic).matrices))
    n_slopes = features.shape[1]
    n_real, n_synthetic = len(real), len(synthetic)
    n_rows = n_real + n_synthetic
    share = n_synthetic / n_rows
    pmse = _propensity_error(features, n_real, share) if n_slopes else 0.0
    # A single value everywhere leaves nothing that could differ.
    expected = n_slopes * share * (1 - share) / n_rows
    ratio = pmse / expected if n_slopes else 1.0
    return PropensityScore(
        pmse=pmse,
        ratio=ratio,
        ratio_to_fitted=ratio / (1 - share),
        z_score=float((ratio - 1) * np.sqrt(n_slopes / 2)),
        n_parameters=n_slopes + 1,
        n_real=n_real,
        n_synthetic=n_synthetic,
    )


@dataclass(frozen=True)
class _Fold:
    """How a classifier did on the rows of a fold that it did not see."""

    rows: np.ndarray
    score: np.ndarray
    is_real: np.ndarray
    n_right: int
    falls: list

    @property
    def auc(self):
        return roc_auc(self.score[self.is_real], self.score[~self.is_real])

    @property
    def error(self):
        """Standard error of the area at chance."""
        n_real = np.count_nonzero(self.is_real)
        return roc_auc_error_at_chance(n_real, len(self.rows) - n_real)


def _view_and_model(classifier, real, synthetic):
    """What the classifier sees of the tables, and the classifier."""
    if classifier is not None:
        return as_matrix(real, synthetic), classifier
    view = as_boosted(real, synthetic)
    boosting = HistGradientBoostingClassifier(
        categorical_features=view.is_level,
        min_samples_leaf=int(np.clip(LEAF_FRACTION * len(real), 2, LARGEST_LEAF)),
        **BOOSTING,
    )
    return view, boosting


def _judge_fold(model, features, is_real, train, test, origin, seed):
    model.fit(features[train], is_real[train])
    unseen, truth = features[test], is_real[test]
    score = _score(model, unseen)
    fold = _Fold(test, score, truth, int(np.sum(model.predict(unseen) == truth)), [])
    if origin is None:
        return fold
    rng = np.random.default_rng(seed)
    for column in np.unique(origin):
        permuted, features_of = unseen.copy(), origin == column
        permuted[:, features_of] = rng.permutation(permuted[:, features_of])
        score = _score(model, permuted)
        fold.falls.append(fold.auc - roc_auc(score[truth], score[~truth]))
    return fold


def _score(model, features):
    """Higher for rows that look real."""
    if hasattr(model, "predict_proba"):
        return model.predict_proba(features)[:, 1]
    return model.decision_function(features)


def _areas_of_classes(real, synthetic, is_real, judged):
    """Area under the ROC curve among the rows of each class, over folds."""
    if real.labels is None:
        return {}
    label = np.concatenate([real.labels, synthetic.labels])
    areas = {}
    for code, name in enumerate(real.columns[real.target].levels):
        above, pairs = 0.0, 0
        for fold in judged:
            of_class = label[fold.rows] == code
            positive = fold.score[of_class & fold.is_real]
            negative = fold.score[of_class & ~fold.is_real]
            n_pairs = len(positive) * len(negative)
            if n_pairs:
                above += n_pairs * roc_auc(positive, negative)
                pairs += n_pairs
        areas[name] = above / pairs if pairs else np.nan
    return areas


def _importances(columns, origin, judged):
    """Mean fall of the area over folds, by name; 0 for what no classifier sees."""
    if origin is None:
        return {}
    falls = np.zeros(len(columns))
    falls[np.unique(origin)] = np.mean([fold.falls for fold in judged], axis=0)
    return {c.name: float(f) for c, f in zip(columns, falls, strict=True)}


def _components(features):
    """Uncorrelated columns of variance one that span the same."""
    centred = features - features.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = variance > 1e-9 * variance.max(initial=0.0)
    return centred @ (axes[:, kept] / np.sqrt(variance[kept]))


def _propensity_error(features, n_real, share):
    is_synthetic = np.arange(len(features)) >= n_real
    # The expectation at chance knows of no penalty: just enough of one that slopes
    # stay finite where a column tells all.
    model = LogisticRegression(C=1e3, solver="newton-cholesky", max_iter=100)
    propensity = model.fit(features, is_synthetic).predict_proba(features)[:, 1]
    return float(np.mean((propensity - share) ** 2))
