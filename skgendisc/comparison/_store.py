"""Finished fits in a directory, so that a study that was killed goes on."""

import hashlib
import json
import os
import pickle
from pathlib import Path

import joblib
import narwhals.stable.v2 as nw
import numpy as np
import sklearn
from scipy.sparse import issparse
from sklearn.base import clone

import skgendisc
from skgendisc.comparison._fits import fit_and_score

# What a fit brought; where it stands in a study may differ from run to run.
KEPT = ("rows_added", "fit_seconds", "scores", "confusion_matrix", "errors", "warnings")


class FitStore:
    """A directory with a file of JSON for each finished fit.

    The same estimator, fitted to the same rows and judged by the same scores on the
    same others, finds its file, whatever it is called and whichever study asks. A fit
    that failed is not kept: it is tried again.

    Parameters
    ----------
    directory : str or path
        Made where it is not there.
    estimators : dict of str to estimator
    X, y : array-like, sparse matrix or frame of shape (n_samples, ...)
        All rows of the study.
    scorer : callable
        Its representation tells what it is.
    """

    def __init__(self, directory, estimators, X, y, scorer):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        judges = _hash_of(scorer, "scorers")
        versions = skgendisc.__version__, sklearn.__version__
        self._study = joblib.hash((_content(X), y.tolist(), judges, versions))
        self._models = {
            name: _hash_of(clone(model), "estimators")
            for name, model in estimators.items()
        }

    def path(self, name, rows):
        """Where the fit of an estimator to the first of these rows is kept."""
        parts = [self._study, self._models[name], *map(joblib.hash, rows)]
        digest = hashlib.sha256(" ".join(parts).encode()).hexdigest()
        return self.directory / f"{digest[:32]}.json"


def load(path, labels, rows):
    """The record of a fit, or None where it is not there in full."""
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    if set(kept) != set(KEPT):
        return None
    train, test = rows
    return {**labels, "train_rows": len(train), "test_rows": len(test), **kept}


def fit_and_keep(path, labels, estimator, X, y, split, scorer):
    """Fit and score; with a path, write down what came of it."""
    record = fit_and_score(labels, estimator, X, y, split, scorer)
    if path is not None and "fit" not in record["errors"]:
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        partial.write_text(json.dumps({name: record[name] for name in KEPT}))
        os.replace(partial, path)  # the name comes at once or not at all
    return record


def _hash_of(thing, what):
    try:
        return joblib.hash(thing)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"cache needs {what} that can be pickled, got {thing!r}. "
            "Define its functions and classes in a module, at the top level, or leave "
            "cache=None."
        ) from error


def _content(X):
    """What a table holds, in a form that hashes alike in every run."""
    if issparse(X):
        X = X.tocsr()
        return X.shape, X.indptr, X.indices, X.data
    frame = nw.from_native(X, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        return np.ascontiguousarray(X)
    return [
        (
            column.name,
            str(column.dtype),
            column.to_numpy() if column.dtype.is_numeric() else column.to_list(),
        )
        for column in frame.iter_columns()
    ]
