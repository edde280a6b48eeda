"""Fit and score classifiers on the same folds."""

from functools import partial

import numpy as np
from sklearn.model_selection import StratifiedKFold, check_cv
from sklearn.utils import column_or_1d, indexable

from skgendisc.comparison._fits import (
    as_dict,
    check_classes,
    check_one_fit,
    fit_and_score,
    kind_of,
    run_calls,
)
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import as_scorer, plain_names


def compare_classifiers(
    estimators, X, y, *, cv=5, scoring=None, n_jobs=None, verbose=False
):
    """Cross-validate classifiers on the same folds.

    Every fit runs on one thread, whatever ``n_jobs``, so that seconds compare and
    scores do not depend on how many fits run at a time.

    Parameters
    ----------
    estimators : dict of str to estimator, or list of (str, estimator)
        Classifiers, or pipelines that end in one; imbalanced-learn's pipelines may
        resample their training rows. One named ``"<other> + <anything>"`` is judged
        beside ``<other>``, its baseline.
    X : array-like or DataFrame of shape (n_samples, n_features)
        Real rows.
    y : array-like of shape (n_samples,)
        Their classes.
    cv : int, cross-validation splitter or iterable of splits, default=5
        An int is the number of stratified folds, not shuffled, as in scikit-learn.
    scoring : str, list of str, dict or callable, default=None
        Metrics, as in scikit-learn's ``cross_validate``. None takes accuracy, balanced
        accuracy, macro precision and recall, ROC-AUC (one class against the rest where
        there are several), log loss (nats) and Brier score. A metric ``neg_<loss>`` is
        kept as ``<loss>``, its sign flipped: lower is then better.
    n_jobs : int, default=None
        Number of fits at a time; -1 uses all processors.
    verbose : bool, default=False
        Show a progress bar on standard error, where that is a terminal.

    Returns
    -------
    result : ComparisonResult

    Raises
    ------
    ValueError
        If there are no estimators, a class has fewer rows than there are stratified
        folds, or no fit succeeds. A single fit or metric that fails does not stop the
        study: its scores are NaN, and the message is kept in ``result.failures``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skgendisc.comparison import compare_classifiers
    >>> X, y = load_iris(return_X_y=True)
    >>> classifiers = {"dummy": DummyClassifier(), "naive Bayes": GaussianNB()}
    >>> result = compare_classifiers(classifiers, X, y, scoring="accuracy")
    >>> for row in result.rows():
    ...     print(f"{row['name']}: {row['accuracy_mean']:.2f}")
    naive Bayes: 0.95
    dummy: 0.33
    """
    estimators = as_dict(estimators)
    X, y = indexable(X if hasattr(X, "shape") else np.asarray(X), y)
    y = column_or_1d(y)
    classes = check_classes(y)
    splits = _split(cv, X, y)
    scorer, metrics = as_scorer(scoring, classes)

    order = [(name, fold) for name in estimators for fold in range(len(splits))]
    calls = []
    for name, fold in order:
        labels = {"name": name, "fold": fold}
        arguments = labels, estimators[name], X, y, splits[fold], scorer
        calls.append(partial(fit_and_score, *arguments))
    folds = run_calls(calls, n_jobs=n_jobs, verbose=verbose)
    check_one_fit(folds, "estimators")
    return ComparisonResult(
        classes=classes.tolist(),
        **plain_names(metrics),
        kinds={name: kind_of(estimator) for name, estimator in estimators.items()},
        folds=sorted(folds, key=lambda fold: order.index((fold["name"], fold["fold"]))),
    )


def _split(cv, X, y):
    splitter = check_cv(cv, y, classifier=True)
    if isinstance(splitter, StratifiedKFold):
        classes, counts = np.unique(y, return_counts=True)
        n_rows = counts.min()
        if n_rows < splitter.n_splits:
            rare = classes.tolist()[counts.argmin()]
            raise ValueError(
                f"cv must be at most the number of rows of each class: got "
                f"{splitter.n_splits} folds and {n_rows} rows of class {rare!r}. Take "
                "fewer folds, or leave these rows out."
            )
    return list(splitter.split(X, y))
