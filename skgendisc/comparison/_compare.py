"""Fit and score classifiers on the same folds."""

import time
import warnings
from collections import Counter
from collections.abc import Mapping

import narwhals.stable.v2 as nw
import numpy as np
from imblearn.pipeline import Pipeline
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import StratifiedKFold, check_cv
from sklearn.utils import column_or_1d, indexable
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import as_scorer, plain_scores


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
    estimators = _as_dict(estimators)
    X, y = indexable(X if hasattr(X, "shape") else np.asarray(X), y)
    y = column_or_1d(y)
    classes = _check_classes(y)
    splits = _split(cv, X, y)
    scorer, metrics = as_scorer(scoring, classes)

    order = [(name, fold) for name in estimators for fold in range(len(splits))]
    calls = [
        delayed(_fit_and_score)(
            name, fold, estimators[name], X, y, splits[fold], scorer
        )
        for name, fold in order
    ]
    folds = run_calls(calls, n_jobs=n_jobs, verbose=verbose)
    check_one_fit(folds, "estimators")
    return ComparisonResult(
        classes=classes.tolist(),
        metrics=[metric.removeprefix("neg_") for metric in metrics],
        losses=[m.removeprefix("neg_") for m in metrics if m.startswith("neg_")],
        kinds={name: _kind(estimator) for name, estimator in estimators.items()},
        folds=sorted(folds, key=lambda fold: order.index((fold["name"], fold["fold"]))),
    )


def _as_dict(estimators):
    pairs = list(estimators.items() if isinstance(estimators, Mapping) else estimators)
    if not pairs:
        raise ValueError(
            f"estimators must hold a classifier or more, got {estimators!r}. Pass a "
            "dict of names to classifiers."
        )
    twice = [name for name, n in Counter(name for name, _ in pairs).items() if n > 1]
    if twice:
        raise ValueError(
            f"estimators must have names that differ, got {twice[0]!r} more than once. "
            "Rename one of them."
        )
    return dict(pairs)


def _check_classes(y):
    kind = type_of_target(y, input_name="y")
    if kind not in ("binary", "multiclass"):
        raise ValueError(
            f"y must hold classes, got {kind} values. Pass one label for each row."
        )
    classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError(
            f"y must hold two classes or more, got {classes.tolist()}. Add rows of "
            "another class."
        )
    return classes


def _split(cv, X, y):
    splitter = check_cv(cv, y, classifier=True)
    if isinstance(splitter, StratifiedKFold):
        classes, counts = np.unique(y, return_counts=True)
        rare = counts.argmin()
        if counts[rare] < splitter.n_splits:
            raise ValueError(
                f"cv must be at most the number of rows of each class: got "
                f"{splitter.n_splits} folds and {counts[rare]} rows of class "
                f"{classes.tolist()[rare]!r}. Take fewer folds, or leave these out."
            )
    return list(splitter.split(X, y))


def run_calls(calls, *, n_jobs, verbose, what="comparing"):
    """Results of the calls, in the order in which they finish."""
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    bar = tqdm(
        parallel(calls),
        total=len(calls),
        desc=what,
        unit="fit",
        leave=False,
        disable=None if verbose else True,  # None: shown on terminals only
    )
    return list(bar)


def _fit_and_score(name, fold, estimator, X, y, split, scorer):
    """One fit on one fold and what came of it, in plain Python."""
    train, test = split
    record = {
        "name": name,
        "fold": fold,
        "train_rows": len(train),
        "test_rows": len(test),
        "rows_added": np.nan,
        "fit_seconds": np.nan,
        "scores": {},
        "confusion_matrix": None,
        "errors": {},
    }
    with warnings.catch_warnings(record=True) as caught, threadpool_limits(1):
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            model = clone(estimator)
            counts = _insert_row_counter(model)
            X_train, y_train = take_rows(X, train), y[train]
            start = time.perf_counter()
            model.fit(X_train, y_train)
            record["fit_seconds"] = time.perf_counter() - start
            seen = model.steps[-2][1].n_rows_ if counts else len(train)
            record["rows_added"] = seen - len(train)
            record |= plain_scores(scorer(model, take_rows(X, test), y[test]))
        except Exception as error:  # whatever a stranger's estimator may raise
            record["errors"] = {"fit": f"{type(error).__name__}: {error}"}
    texts = (f"{entry.category.__name__}: {entry.message}" for entry in caught)
    return record | {"warnings": sorted(set(texts))}


def take_rows(X, rows):
    frame = nw.from_native(X, eager_only=True, pass_through=True)
    return frame[rows].to_native() if isinstance(frame, nw.DataFrame) else X[rows]


class _RowCounter(BaseEstimator):
    """Resampler that passes rows on as they are and remembers how many there were."""

    def fit_resample(self, X, y):
        self.n_rows_ = len(y)
        return X, y


def _insert_row_counter(model):
    """Put a counter before the last step of a pipeline, if it resamples at all."""
    counts = isinstance(model, Pipeline) and _resamples(model)
    if counts:
        model.steps.insert(-1, ("row counter", _RowCounter()))
    return counts


def _resamples(estimator):
    steps = getattr(estimator, "steps", [])
    return any(hasattr(step, "fit_resample") for _, step in steps[:-1])


def _kind(estimator):
    """Generative is what can draw rows, or has a joint density."""
    final = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    signs = ("sample", "predict_joint_log_proba")
    generative = any(hasattr(final, sign) for sign in signs)
    kind = "generative" if generative else "discriminative"
    return f"{kind} + synthetic rows" if _resamples(estimator) else kind


def check_one_fit(folds, parameter):
    messages = [fold["errors"].get("fit") for fold in folds]
    if all(messages):
        raise ValueError(
            f"{parameter} must fit X and y: all {len(folds)} fits failed, the first "
            f"with {messages[0]!r}. Fit this one alone to find out why."
        )
