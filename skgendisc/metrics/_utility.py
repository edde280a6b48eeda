"""Can models learn from synthetic rows what real ones would teach them?"""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.metrics import check_scoring, r2_score
from sklearn.utils.parallel import Parallel, delayed

from skgendisc.metrics._align import align_tables, sample_rows
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._views import as_boosted, as_matrix
from skgendisc.numerics import roc_auc
from skgendisc.utils.random_state import as_generator, set_random_states

# Parts of the test rows whose scores tell the error of the whole.
N_PARTS = 10


@dataclass(frozen=True)
class Utility(MetricResult):
    """What :func:`train_synthetic_test_real` found.

    Parameters
    ----------
    score : float
        On real test rows, of a model that learned from synthetic rows.
    score_real : float
        Of one that learned from real rows.
    difference : float
        The first less the second.
    difference_error : float
        Its standard error, over test rows alone.
    n_train, n_synthetic, n_test : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import Utility
    >>> float(Utility(0.90, 0.92, -0.02, 0.01, 1000, 1000, 500))
    0.9
    """

    main = "score"

    score: float
    score_real: float
    difference: float
    difference_error: float
    n_train: int
    n_synthetic: int
    n_test: int


@dataclass(frozen=True)
class AugmentationGain(MetricResult):
    """What :func:`augmentation_gain` found.

    Parameters
    ----------
    gain : float
        Score of a model that learned from real and synthetic rows together, less that
        of one that learned from the real ones.
    gain_error : float
        Its standard error, over test rows alone.
    score, score_real : float
        The two scores.
    n_train, n_synthetic, n_test : int
        Rows that were used.

    Examples
    --------
    >>> from skgendisc.metrics import AugmentationGain
    >>> float(AugmentationGain(0.01, 0.02, 0.93, 0.92, 1000, 1000, 500))
    0.01
    """

    main = "gain"

    gain: float
    gain_error: float
    score: float
    score_real: float
    n_train: int
    n_synthetic: int
    n_test: int


def train_synthetic_test_real(
    X_train,
    X_synthetic,
    X_test,
    y_train=None,
    y_synthetic=None,
    y_test=None,
    *,
    classifier=None,
    scoring=None,
    max_rows=None,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """Score a model that learned from synthetic rows beside one that learned from real.

    Parameters
    ----------
    X_train, X_synthetic, X_test : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        Real rows to learn from, synthetic ones, and real rows that neither the models
        nor the sampler have seen.
    y_train, y_synthetic, y_test : array-like of shape (n_rows,)
        What models are to predict. None for tables that were aligned with labels.
    classifier : estimator, default=None
        Cloned; a classifier, or a regressor for a target of numbers. Sees standardised
        numbers, with gaps filled and flagged, and levels one-hot; labels are numbered
        from 0 in their order. None takes histogram gradient boosting, which sees
        numbers, levels and gaps as they are.
    scoring : str or callable, default=None
        As in scikit-learn. None takes the area under the ROC curve, the mean over
        classes against the rest where there are several, and R2 for a target of
        numbers.
    max_rows : int or None, default=None
        At most so many rows of each table are used; None uses all.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Fits at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows and of the models.

    Returns
    -------
    result : Utility

    Raises
    ------
    ValueError
        Where labels are missing.

    Notes
    -----
    Rows of one class alone teach a constant, of area one half. The error is that of
    ten parts of the test rows, each with all classes, and NaN where a class has fewer
    than two test rows.

    References
    ----------
    Esteban, Hyland & Raetsch (2017). Real-valued (medical) time series generation with
    recurrent conditional GANs. arXiv 1706.02633.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import train_synthetic_test_real
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(600, 3)), np.repeat(["no", "yes"], 300)
    >>> X[y == "yes"] += 1.0
    >>> real, test = slice(0, None, 2), slice(1, None, 2)
    >>> useless = rng.permutation(y[real])
    >>> result = train_synthetic_test_real(
    ...     X[real], X[real], X[test], y[real], useless, y[test], random_state=0
    ... )
    >>> bool(result.score < 0.7 < 0.8 < result.score_real)
    True
    """
    train, synthetic, test = _read(
        (X_train, X_synthetic, X_test),
        (y_train, y_synthetic, y_test),
        categorical_features,
        max_rows,
        rng := as_generator(random_state),
    )
    real, other = _compare(
        [[train], [synthetic]], test, classifier, scoring, n_jobs, rng
    )
    return Utility(
        score=other[0],
        score_real=real[0],
        difference=other[0] - real[0],
        difference_error=_error(other[1] - real[1]),
        n_train=len(train),
        n_synthetic=len(synthetic),
        n_test=len(test),
    )


def augmentation_gain(
    X_train,
    X_synthetic,
    X_test,
    y_train=None,
    y_synthetic=None,
    y_test=None,
    *,
    classifier=None,
    scoring=None,
    max_rows=None,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
):
    """What synthetic rows bring to a model that learns from real ones as well.

    Parameters
    ----------
    X_train, X_synthetic, X_test : array-like, frame or AlignedTable of shape \
            (n_rows, n_columns)
        Real rows to learn from, synthetic ones, and real rows that neither the models
        nor the sampler have seen.
    y_train, y_synthetic, y_test : array-like of shape (n_rows,)
        What models are to predict. None for tables that were aligned with labels.
    classifier : estimator, default=None
        As in :func:`train_synthetic_test_real`.
    scoring : str or callable, default=None
        As there.
    max_rows : int or None, default=None
        At most so many rows of each table are used; None uses all.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Fits at a time.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the choice of rows and of the models.

    Returns
    -------
    result : AugmentationGain

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.metrics import augmentation_gain
    >>> rng = np.random.default_rng(0)
    >>> y = rng.integers(2, size=2000)
    >>> X = rng.normal(size=(2000, 5)) + y[:, None]
    >>> few, more, test = slice(40), slice(40, 1000), slice(1000, 2000)
    >>> result = augmentation_gain(
    ...     X[few], X[more], X[test], y[few], y[more], y[test], random_state=0
    ... )
    >>> bool(result.gain > 0.02)
    True
    """
    train, synthetic, test = _read(
        (X_train, X_synthetic, X_test),
        (y_train, y_synthetic, y_test),
        categorical_features,
        max_rows,
        rng := as_generator(random_state),
    )
    real, both = _compare(
        [[train], [train, synthetic]], test, classifier, scoring, n_jobs, rng
    )
    return AugmentationGain(
        gain=both[0] - real[0],
        gain_error=_error(both[1] - real[1]),
        score=both[0],
        score_real=real[0],
        n_train=len(train),
        n_synthetic=len(synthetic),
        n_test=len(test),
    )


def _read(tables, y, categorical_features, max_rows, rng):
    given = [labels is not None for labels in y]
    if any(given) and not all(given):
        raise ValueError(
            "y_train, y_synthetic and y_test belong together: give labels of all "
            "three tables."
        )
    tables = align_tables(
        *tables,
        y=y if all(given) else None,
        categorical_features=categorical_features,
    )
    if tables[0].target is None:
        raise ValueError(
            "Models need labels to predict. Give y_train, y_synthetic and y_test, or "
            "tables that align_tables read with y."
        )
    return [sample_rows(table, max_rows, rng) for table in tables]


def _compare(lots, test, classifier, scoring, n_jobs, rng):
    """Scores of models of several lots of tables, on all test rows and on parts."""
    target = test.target
    is_class = test.columns[target].is_discrete
    tables = [*{id(table): table for lot in lots for table in lot}.values(), test]
    view, model = _view_and_model(classifier, tables, is_class)
    of_table = {id(t): m for t, m in zip(tables, view.matrices, strict=True)}
    if scoring is not None:
        scorer = check_scoring(model, scoring=scoring)
    else:
        scorer = _macro_roc_auc if is_class else _r2
    parts = _parts(test.values[:, target], is_class, rng)
    calls = []
    for lot in lots:
        of_lot = clone(model)
        set_random_states(of_lot, rng)
        X = np.concatenate([of_table[id(table)] for table in lot])
        y = np.concatenate([table.values[:, target] for table in lot])
        # One table's labels may be whole numbers alone; classifiers want them so.
        y, y_test = (
            v.astype(np.intp) if is_class else v for v in (y, test.values[:, target])
        )
        calls.append(
            delayed(_fit_and_score)(
                of_lot, X, y, of_table[id(test)], y_test, parts, scorer
            )
        )
    return Parallel(n_jobs=n_jobs)(calls)


def _view_and_model(classifier, tables, is_class):
    """What a model sees of the columns but the target, and the model."""
    features = [table.without_target() for table in tables]
    if classifier is not None:
        return as_matrix(*features), classifier
    view = as_boosted(*features)
    boosting = (
        HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor
    )
    return view, boosting(categorical_features=view.is_level)


def _fit_and_score(model, X, y, X_test, y_test, parts, scorer):
    if len(np.unique(y)) == 1:
        model = DummyClassifier()  # others refuse a single class
    model.fit(X, y)
    of_parts = [scorer(model, X_test[part], y_test[part]) for part in parts]
    return float(scorer(model, X_test, y_test)), np.array(of_parts, dtype=np.float64)


def _macro_roc_auc(model, X, y):
    """Mean over classes of the area of each against the rest.

    Classes that the model did not learn have the area of a constant.
    """
    if not hasattr(model, "predict_proba"):
        proba = model.decision_function(X)
        proba = np.column_stack([-proba, proba]) if proba.ndim == 1 else proba
    else:
        proba = model.predict_proba(X)
    column = {label: proba[:, j] for j, label in enumerate(model.classes_)}
    classes = np.unique(y)
    if len(classes) == 1:
        return np.nan
    # Of two classes, each says what the other does, if the model learned both.
    constant = np.zeros(len(y))
    areas = []
    for label in classes:
        score = column.get(label, constant)
        areas.append(roc_auc(score[y == label], score[y != label]))
    return float(np.mean(areas))


def _r2(model, X, y):
    return r2_score(y, model.predict(X))


def _parts(y, is_class, rng):
    """Rows of parts of the test rows, with all classes in each; none if that fails."""
    order = rng.permutation(len(y))
    n_parts = min(N_PARTS, len(y) // 2)
    if is_class:
        n_parts = min(N_PARTS, np.unique(y, return_counts=True)[1].min())
        order = order[np.argsort(y[order], kind="stable")]
    if n_parts < 2:
        return []
    return [order[part::n_parts] for part in range(n_parts)]


def _error(differences):
    """Standard error of a mean over parts."""
    if len(differences) < 2:
        return np.nan
    return float(differences.std(ddof=1) / np.sqrt(len(differences)))
