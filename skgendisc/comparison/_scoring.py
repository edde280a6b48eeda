"""Which scores a comparison takes, and which of them are losses."""

import math
from functools import partial

import numpy as np
from sklearn.metrics import (
    brier_score_loss,
    check_scoring,
    confusion_matrix,
    get_scorer,
    log_loss,
    make_scorer,
    precision_score,
    roc_auc_score,
)

CONFUSION = "confusion matrix"  # with a blank, unlike any metric of scikit-learn's
# An optimiser leaves differences of some 1e-5, of the same sign in all splits: no
# standard error is taken to be smaller.
LEAST_ERROR = 3e-5
CLEAR = 2  # standard errors, from which on a difference is more than chance
# The same of the clearest of some ten sizes: two would let one of ten through.
CLEAREST = 3


class TooFewScoresError(ValueError):
    """Two curves have scores at too few sizes to be compared."""


def as_scorer(scoring, classes):
    """Return one callable for all metrics, and the metrics' names.

    The callable also counts the confusion matrix: as one more metric it shares their
    predictions.
    """
    metrics = _named_scorers(scoring, classes)
    matrix = make_scorer(confusion_matrix, labels=classes)
    scorers = {**metrics, CONFUSION: matrix}
    check_scoring(scoring=scorers)  # names a metric that is unknown
    return partial(_score, scorers), list(metrics)


def _score(scorers, model, X, y):
    try:
        return check_scoring(scoring=scorers, raise_exc=False)(model, X, y)
    except AttributeError:
        # A metric that misses predict_proba takes the others with it: each alone.
        results = {}
        for name, scorer in scorers.items():
            alone = check_scoring(scoring={name: scorer}, raise_exc=False)
            results |= alone(model, X, y)
        return results


def plain_scores(results):
    """Sort what the callable returned into numbers and messages.

    A metric that failed is a traceback there.
    """
    scores, errors = {}, {}
    matrix = results.pop(CONFUSION)
    for metric, value in results.items():
        name = metric.removeprefix("neg_")
        if isinstance(value, str):
            errors[name] = value.strip().splitlines()[-1]
            value = math.nan
        scores[name] = float(value if name == metric else -value)
    counts = None if isinstance(matrix, str) else matrix.tolist()
    return {"scores": scores, "confusion_matrix": counts, "errors": errors}


def plain_names(metrics):
    """Names of metrics, and which of them are losses, without the sign."""
    losses = [name for name in metrics if name.startswith("neg_")]
    return {
        "metrics": [name.removeprefix("neg_") for name in metrics],
        "losses": [name.removeprefix("neg_") for name in losses],
    }


def check_metric(metric, metrics):
    """The metric, if it is one of these; for None log loss if there, else the first."""
    if metric is None:
        return "log_loss" if "log_loss" in metrics else metrics[0]
    if metric not in metrics:
        raise ValueError(
            f"metric must be one that was compared, got {metric!r}. Take one of "
            f"{metrics}."
        )
    return metric


def _named_scorers(scoring, classes):
    if callable(scoring):
        return {"score": scoring}
    if isinstance(scoring, dict):
        return scoring
    own = default_scorers(classes)
    if scoring is None:
        return own
    names = [scoring] if isinstance(scoring, str) else scoring
    return {name: own.get(name, name) for name in names}


def default_scorers(classes):
    """Scorers for these sorted classes; the losses are named ``neg_*``.

    Built from the classes, because scikit-learn's ``"neg_brier_score"`` fails with
    two classes that are strings, and several take their classes from the test fold.
    """
    loss = {"greater_is_better": False, "response_method": "predict_proba"}
    if len(classes) == 2:
        roc_auc = get_scorer("roc_auc")
        brier = make_scorer(brier_score_loss, pos_label=classes[1], **loss)
    else:
        roc_auc = make_scorer(
            roc_auc_score,
            response_method="predict_proba",
            multi_class="ovr",
            labels=classes,
        )
        brier = make_scorer(brier_score_loss, labels=classes, **loss)
    return {
        "accuracy": get_scorer("accuracy"),
        "balanced_accuracy": get_scorer("balanced_accuracy"),
        "precision_macro": make_scorer(
            precision_score, average="macro", zero_division=0
        ),
        "recall_macro": get_scorer("recall_macro"),
        "roc_auc": roc_auc,
        "neg_log_loss": make_scorer(log_loss, labels=classes, **loss),
        "neg_brier_score": brier,
    }


def is_clear(gap, error, times=CLEAR):
    """Whether a difference is larger than so many standard errors; of NaN it is not.

    Parameters
    ----------
    gap, error : float or ndarray
    times : float, default=2

    Returns
    -------
    is_clear : bool or ndarray of bool
    """
    return np.abs(gap) > times * np.maximum(error, LEAST_ERROR)


def describe_hope(is_loss):
    """Which numbers to hope for."""
    return f"{'less' if is_loss else 'more'} is better"


def metric_label(metric):
    """Name of a metric for tables and pictures.

    Parameters
    ----------
    metric : str
        As in ``ComparisonResult.metrics``.

    Returns
    -------
    label : str

    Examples
    --------
    >>> from skgendisc.comparison import metric_label
    >>> metric_label("roc_auc"), metric_label("log_loss")
    ('ROC-AUC', 'log loss')
    """
    usual = {
        "precision_macro": "macro precision",
        "recall_macro": "macro recall",
        "roc_auc": "ROC-AUC",
        "brier_score": "Brier score",
    }
    return usual.get(metric, metric.replace("_", " "))
