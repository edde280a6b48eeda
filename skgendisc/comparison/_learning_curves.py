"""Scores of classifiers by the number of rows that they learn from."""

import math
from functools import partial

import numpy as np
from sklearn.utils import column_or_1d, indexable
from sklearn.utils.validation import check_consistent_length

from skgendisc.comparison._curves_result import LearningCurves
from skgendisc.comparison._fits import (
    as_dict,
    check_classes,
    check_one_fit,
    kind_of,
    run_batches,
)
from skgendisc.comparison._scoring import as_scorer, plain_names
from skgendisc.comparison._store import FitStore, fit_and_keep, load
from skgendisc.comparison._subsamples import (
    check_repeats,
    check_sizes,
    count_test_rows,
    split_rows,
)
from skgendisc.utils.random_state import as_generator
from skgendisc.utils.validation import encode_labels

# Enough of them to keep many jobs at work, and few enough to hide what each costs.
N_BATCHES = 100


def learning_curves(
    estimators,
    X,
    y,
    *,
    train_sizes="log",
    n_splits=30,
    test_size=0.25,
    scoring=None,
    groups=None,
    n_jobs=None,
    random_state=None,
    cache=None,
    verbose=False,
):
    r"""Fit classifiers to more and more rows, and score them on the same others.

    All estimators see the same rows. Within a split the rows of a size are the first of
    those of the next, and all sizes are judged by the same rows.

    Parameters
    ----------
    estimators : dict of str to estimator, or list of (str, estimator)
        Classifiers, or pipelines that end in one.
    X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)
        Real rows.
    y : array-like of shape (n_samples,)
        Their classes.
    train_sizes : "log" or array-like of shape (n_sizes,), default="log"
        Numbers of rows, or as floats in (0, 1] shares of those not in the test. "log"
        takes ten from 10 rows, or two a class if these are more, to all of them, at
        even ratios.
    n_splits : int or array-like of int of shape (n_sizes,), default=30
        Splits into rows to learn from and to judge by, at the smallest size
        :math:`n_1`. At a size n it is the first :math:`\sqrt{n_1 / n}` of them, rounded
        up, and ten at least: small samples differ more than large ones, and cost less.
        With one int for each size there are as many.
    test_size : float or int, default=0.25
        Rows to judge by in each split: a share in (0, 1), or a number.
    scoring : str, list of str, dict or callable, default=None
        Metrics, as in `compare_classifiers`.
    groups : array-like of shape (n_samples,), default=None
        Rows of a group are never parted: they are all learned from, all judged by, or
        all left out. The numbers of rows are then as near to those wanted as whole
        groups can be.
    n_jobs : int, default=None
        Number of fits at a time, of one thread each; -1 uses all processors.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the splits. The estimators' own seeds are left alone.
    cache : str or path, default=None
        Directory where finished fits are kept, as plain JSON. A run that was killed
        goes on from there; one with more estimators, splits or sizes makes the new ones
        alone, as far as the seed is the same. Anything that tells one fit from another
        is in a file's name: rows, parameters, scores, versions. Only a change to the
        code of an estimator goes unseen.
    verbose : bool, default=False
        Show a progress bar on standard error, where that is a terminal.

    Returns
    -------
    curves : LearningCurves

    Raises
    ------
    ValueError
        If there are no estimators, a class has no two rows (or groups), sizes do not
        fit the table, or no fit succeeds. A single fit or metric that fails does not
        stop the study: its scores are NaN, and the message is kept in
        ``curves.failures``.

    Notes
    -----
    Every subsample has the shares of the classes, as nearly as whole rows or groups
    can, and two rows of each class at least: more than its share of a class that is
    rare.

    References
    ----------
    Viering & Loog (2023). The shape of learning curves: a review. IEEE Transactions on
    Pattern Analysis and Machine Intelligence 45(6).

    Examples
    --------
    >>> from skgendisc.comparison import (
    ...     generative_discriminative_pairs, learning_curves
    ... )
    >>> from skgendisc.datasets import make_correlated_naive
    >>> X, y = make_correlated_naive(3000, random_state=0)
    >>> pair = generative_discriminative_pairs()["naive Bayes"]
    >>> curves = learning_curves(
    ...     pair.estimators, X, y, train_sizes=[10, 100, 1000], n_splits=5,
    ...     scoring="accuracy", random_state=0,
    ... )
    >>> for row in curves.rows():
    ...     print(row["name"], row["train_size"], f"{row['accuracy_mean']:.2f}")
    naive Bayes 10 0.67
    naive Bayes 100 0.73
    naive Bayes 1000 0.74
    logistic regression 10 0.71
    logistic regression 100 0.83
    logistic regression 1000 0.86
    """
    estimators = as_dict(estimators)
    X, y = indexable(X if hasattr(X, "shape") else np.asarray(X), y)
    y = column_or_1d(y)
    classes = check_classes(y)
    index = encode_labels(y, classes)
    units = _number_groups(groups, y)
    _check_spread(index, units, classes, "row" if groups is None else "group")
    n_test = count_test_rows(test_size, len(y))

    sizes = check_sizes(train_sizes, len(y) - n_test, len(classes))
    repeats = check_repeats(n_splits, sizes)
    # A stream for each split: the first are the same however many there are.
    streams = as_generator(random_state).spawn(max(repeats))
    splits = [split_rows(index, units, n_test, rng) for rng in streams]

    scorer, metrics = as_scorer(scoring, classes)
    store = cache and FitStore(cache, estimators, X, y, scorer)
    plan = [
        (
            {"name": name, "train_size": size, "split": split},
            (splits[split].first(size), splits[split].test),
        )
        for name in estimators
        for size, n_repeats in zip(sizes, repeats, strict=True)
        for split in range(n_repeats)
    ]
    fits = _carry_out(
        plan, estimators, X, y, scorer, store, n_jobs=n_jobs, verbose=verbose
    )
    check_one_fit(fits, "estimators")
    return LearningCurves(
        classes=classes.tolist(),
        **plain_names(metrics),
        kinds={name: kind_of(estimator) for name, estimator in estimators.items()},
        train_sizes=sizes,
        n_splits=repeats,
        fits=fits,
    )


def _number_groups(groups, y):
    """A number for each row: of its group, or its own."""
    if groups is None:
        return np.arange(len(y))
    check_consistent_length(y, groups)
    return np.unique(column_or_1d(groups), return_inverse=True)[1]


def _check_spread(y, units, classes, unit):
    """Each class must be there to learn from and to judge by."""
    for k, label in enumerate(classes.tolist()):
        n_units = len(np.unique(units[y == k]))
        if n_units < 2:
            raise ValueError(
                f"y must have two {unit}s or more of each class, to learn from and to "
                f"judge by: got {n_units} of class {label!r}. Add some, or "
                "leave the class out."
            )


def _carry_out(plan, estimators, X, y, scorer, store, *, n_jobs, verbose):
    """Records of the planned fits, in order: kept ones, and those made now."""
    records, missing = {}, []
    # The longest first: the last to end are then short, and no job waits for long.
    for labels, rows in sorted(plan, key=lambda planned: -len(planned[1][0])):
        name = labels["name"]
        path = store and store.path(name, rows)
        kept = path and load(path, labels, rows)
        if kept:
            records[_key(kept)] = kept
            continue
        missing.append((path, labels, estimators[name], X, y, rows, scorer))
    made = run_batches(_in_batches(missing), n_jobs=n_jobs, verbose=verbose)
    records |= {_key(record): record for record in made}
    return [records[_key(labels)] for labels, _ in plan]


def _in_batches(missing):
    """Fits in turn, each batch about as long as the longest alone, or a hundredth."""
    batches, filled = [], math.inf
    sizes = [sum(map(len, rows)) for *_, rows, _ in missing]
    most = max(max(sizes, default=0), sum(sizes) / N_BATCHES)
    for arguments, size in zip(missing, sizes, strict=True):
        if filled + size > most:
            batches.append([])
            filled = 0
        batches[-1].append(partial(fit_and_keep, *arguments))
        filled += size
    return batches


def _key(labels):
    return labels["name"], labels["train_size"], labels["split"]
