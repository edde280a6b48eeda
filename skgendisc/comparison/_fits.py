"""Fits of classifiers to some rows, their scores on others, and what went wrong."""

import time
import warnings
from collections import Counter
from collections.abc import Mapping

import narwhals.stable.v2 as nw
import numpy as np
from imblearn.pipeline import Pipeline
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator, clone
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from skgendisc.comparison._scoring import plain_scores


def as_dict(estimators):
    """Estimators by name, from a dict or pairs."""
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


def check_classes(y):
    """Sorted classes, of which there must be two or more."""
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


def check_labels(y, classes):
    """Refuse labels of other classes, numbers that measure, and missing labels."""
    kind = type_of_target(y, input_name="y")
    unknown = set(y.tolist()) - set(classes.tolist())
    if kind not in ("binary", "multiclass") or unknown:
        what = sorted(map(str, unknown)) if unknown else f"{kind} values"
        raise ValueError(
            f"y must hold known classes, got {what}. Known are {classes.tolist()}: "
            "give labels as the classifiers were fitted to."
        )


def run_calls(calls, *, n_jobs, verbose, what="comparing"):
    """Results of calls without arguments, in the order in which they finish."""
    batches = [[call] for call in calls]
    return run_batches(batches, n_jobs=n_jobs, verbose=verbose, what=what)


def run_batches(batches, *, n_jobs, verbose, what="comparing"):
    """Results of lists of calls, in the order in which the lists finish.

    What the calls of a list have in common, a table for instance, goes to another
    process once.
    """
    bar = tqdm(
        total=sum(map(len, batches)),
        desc=what,
        unit="fit",
        leave=False,
        disable=None if verbose else True,  # None: shown on terminals only
    )
    results = []
    with bar:
        for done in _run_each(batches, n_jobs):
            results += done
            bar.update(len(done))
    return results


def _run_each(batches, n_jobs):
    if effective_n_jobs(n_jobs) == 1:
        # Once for all: to find the pools of threads takes as long as a small fit.
        with threadpool_limits(1):
            for batch in batches:
                yield [call() for call in batch]
    else:
        parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
        yield from parallel(delayed(_run_batch)(batch) for batch in batches)


def _run_batch(batch):
    with threadpool_limits(1):
        return [call() for call in batch]


def fit_and_score(labels, estimator, X, y, split, scorer):
    """One fit and what came of it, in plain Python, beside the labels of the record."""
    train, test = split
    record = {
        **labels,
        "train_rows": len(train),
        "test_rows": len(test),
        "rows_added": np.nan,
        "fit_seconds": np.nan,
        "scores": {},
        "confusion_matrix": None,
        "errors": {},
    }
    with warnings.catch_warnings(record=True) as caught:
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
    """Rows of an array, a sparse matrix or a frame."""
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


def kind_of(estimator):
    """Generative is what can draw rows, or has a joint density."""
    final = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    signs = ("sample", "predict_joint_log_proba")
    generative = any(hasattr(final, sign) for sign in signs)
    kind = "generative" if generative else "discriminative"
    return f"{kind} + synthetic rows" if _resamples(estimator) else kind


def check_one_fit(records, parameter):
    """Raise the first message where all fits failed."""
    messages = [record["errors"].get("fit") for record in records]
    if all(messages):
        raise ValueError(
            f"{parameter} must fit X and y: all {len(records)} fits failed, the first "
            f"with {messages[0]!r}. Fit this one alone to find out why."
        )
