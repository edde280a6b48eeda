"""Folds that leak nothing, and what models say of rows that they did not see."""

import warnings
from numbers import Integral

import narwhals.stable.v2 as nw
import numpy as np
from scipy.sparse import csr_array, issparse
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_consistent_length

from skgendisc.exceptions import NotEnoughRowsError
from skgendisc.utils._sklearn import take_rows
from skgendisc.utils.frames import is_native_table
from skgendisc.utils.random_state import draw_seed

# Share of rows that may have an equal for folds to take them for single ones.
MOST_EQUAL = 0.1


def make_folds(cv, X, y, rng, **split_params):
    """Pairs of rows to fit and rows to judge.

    Parameters
    ----------
    cv : int, splitter or iterable
        With an int classes are spread evenly, and rows that are equal, or of one of the
        ``groups``, stand in one fold.
    X : array-like or frame of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        Class numbers.
    rng : numpy.random.Generator
    **split_params : dict
        Such as ``groups``.

    Returns
    -------
    folds : list of (ndarray, ndarray)

    Raises
    ------
    ValueError
        Where X and y have different numbers of rows, and where there are no folds.
    """
    check_consistent_length(X, y)
    if not isinstance(cv, Integral):
        folds = list(check_cv(cv, y, classifier=True).split(X, y, **split_params))
        if not folds:
            raise ValueError(f"cv={cv!r} gives no folds. Give two or more.")
        return folds
    groups = split_params.get("groups")
    settings = {"shuffle": True, "random_state": draw_seed(rng)}
    with warnings.catch_warnings():  # classes of fewer rows are in some folds only
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        if groups is not None and len(np.unique(groups)) > 1:
            return _folds_of_groups(cv, groups, y, settings)
        return _folds_of_equal_rows(cv, equal_rows(X), y, settings)


def _n_folds(cv, y, groups):
    """No class can be spread over more folds than it has rows, nor more groups."""
    return max(2, min(cv, np.bincount(y).max(), len(np.unique(groups))))


def _folds_of_groups(cv, groups, y, settings):
    splitter = StratifiedGroupKFold(_n_folds(cv, y, groups), **settings)
    return list(splitter.split(y, y, groups))


def _folds_of_equal_rows(cv, number, y, settings):
    """Folds in which equal rows stand together.

    Where few rows have an equal, groups of equal rows are spread by the rarest of their
    classes: StratifiedGroupKFold weighs each of thousands of groups, which takes long.
    """
    _, first, group, sizes = np.unique(
        number, return_index=True, return_inverse=True, return_counts=True
    )
    if len(first) == 1:  # nothing can be kept apart
        first = group = np.arange(len(y))
    elif sizes[sizes > 1].sum() > MOST_EQUAL * len(y):
        return _folds_of_groups(cv, group, y, settings)
    by_rarity = np.argsort(np.bincount(y), kind="stable")
    rank = np.argsort(by_rarity)[y]
    stratum = np.full(len(first), len(by_rarity))
    np.minimum.at(stratum, group, rank)
    if np.bincount(stratum).max() == 1:  # nothing can be spread
        stratum = np.zeros_like(stratum)
    splitter = StratifiedKFold(_n_folds(cv, stratum, first), **settings)
    folds = []
    for _, test in splitter.split(first, stratum):
        judged = np.isin(group, test)
        folds.append((np.flatnonzero(~judged), np.flatnonzero(judged)))
    return folds


def equal_rows(X):
    """A number for each row, the same for rows that are equal.

    Parameters
    ----------
    X : array-like, sparse or frame of shape (n_samples, ...)

    Returns
    -------
    number : ndarray of shape (n_samples,)
    """
    if issparse(X):
        X = csr_array(X)
        X.sum_duplicates()
        ends = zip(X.indptr[:-1], X.indptr[1:], strict=True)
        keys = [(X.indices[a:b].tobytes(), X.data[a:b].tobytes()) for a, b in ends]
    elif is_native_table(X):
        frame = nw.from_native(X, eager_only=True, allow_series=True)
        keys = map(str, frame.rows() if isinstance(frame, nw.DataFrame) else frame)
    else:
        cells = np.asarray(X)
        if cells.dtype.kind in "OUS":
            keys = map(repr, cells.tolist())
        else:  # zero is equal to minus zero, and a gap to a gap
            keys = (row.tobytes() for row in cells + 0)
    numbers = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def log_proba_of(model, X, classes, n_rows):
    """Log-probabilities that a model gives to all classes, none of them zero.

    One row of a class that a model holds for impossible would cost it everything. It
    was fitted to ``n_rows``, and cannot know more than that a class is rarer than one
    row in twice as many: that share is mixed in.

    Parameters
    ----------
    model : classifier
        Fitted; it may know some of the classes only.
    X : array-like or frame of shape (n_samples, n_features)
    classes : ndarray of shape (n_classes,)
        Sorted.
    n_rows : int

    Returns
    -------
    log_proba : ndarray of shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        Where the model gives NaN.
    """
    of_known = model.predict_proba(X)
    if np.isnan(of_known).any():
        raise ValueError(f"predict_proba of {model!r} gave NaN.")
    proba = np.zeros((len(of_known), len(classes)))
    proba[:, np.searchsorted(classes, model.classes_)] = of_known
    return log_of_mixed(proba, n_rows)


def log_of_mixed(proba, n_rows):
    """Logarithms of probabilities with half a row of each class mixed in.

    Parameters
    ----------
    proba : ndarray of shape (..., n_classes)
    n_rows : int

    Returns
    -------
    log_proba : ndarray of shape (..., n_classes)
    """
    share = 0.5 / n_rows
    return np.log((proba + share) / (1.0 + share * proba.shape[-1]))


def fit_to_rows(model, X, y, rows, params):
    """A clone of a model, fitted to some rows, and what belongs to them.

    Parameters
    ----------
    model : estimator
    X, y : array-like or frame of shape (n_samples, ...)
    rows : ndarray
    params : dict
        For ``fit``: values with one entry a row are cut to the rows.

    Returns
    -------
    fitted : estimator
    """
    own = {name: rows_of(value, rows, len(y)) for name, value in params.items()}
    model = for_classes(model, y[rows])
    own = {} if isinstance(model, DummyClassifier) else own
    return clone(model).fit(take_rows(X, rows), y[rows], **own)


def for_classes(model, y):
    """The model, or where labels are of one class, a classifier that knows no other."""
    if hasattr(model, "sample") or len(np.unique(y)) > 1:
        return model
    return DummyClassifier()


def rows_of(value, rows, n_samples):
    """Entries of some rows, of a value that has one for each; others as they are."""
    if hasattr(value, "__len__") and len(value) == n_samples:
        return take_rows(value, rows)
    return value


def cross_log_proba(models, X, y, classes, folds, *, n_jobs=None):
    """What models say of rows that they were not fitted to.

    Parameters
    ----------
    models : list of (classifier, dict)
        With parameters of ``fit``.
    X, y : array-like or frame of shape (n_samples, ...)
    classes : ndarray of shape (n_classes,)
    folds : list of (ndarray, ndarray)
    n_jobs : int, default=None
        Fits at a time.

    Returns
    -------
    rows : ndarray of shape (n_judged,)
        Those that are in a fold.
    told : list of (ndarray of shape (n_judged, n_classes) or NotEnoughRowsError)
        Log-probabilities of each model, or why there are none.
    """

    def of_fold(model, params, train, test):
        try:
            fitted = fit_to_rows(model, X, y, train, params)
        except NotEnoughRowsError as error:
            return error
        return log_proba_of(fitted, take_rows(X, test), classes, len(train))

    of_folds = Parallel(n_jobs=n_jobs)(
        delayed(of_fold)(model, params, train, test)
        for model, params in models
        for train, test in folds
    )
    told = []
    for start in range(0, len(of_folds), len(folds)):
        own = of_folds[start : start + len(folds)]
        errors = [part for part in own if isinstance(part, NotEnoughRowsError)]
        told.append(errors[0] if errors else np.concatenate(own))
    return np.concatenate([test for _, test in folds]), told
