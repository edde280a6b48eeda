"""Checks of what users hand in, with errors that say what to do."""

import numbers

import numpy as np
from sklearn.utils.multiclass import type_of_target


def check_n_samples(n_samples):
    """Return the number of rows to draw, a positive int."""
    if (
        not isinstance(n_samples, numbers.Integral)
        or isinstance(n_samples, bool)
        or n_samples < 1
    ):
        raise ValueError(
            f"n_samples must be an int of at least 1, got {n_samples!r}. For a number "
            "of rows of each class, possibly none, give sample_conditional their "
            "labels."
        )
    return int(n_samples)


def holds_classes(y):
    """Whether labels stand for classes, and are no numbers to be predicted.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)

    Returns
    -------
    holds_classes : bool
        False for fractions, and for numbers with more different values than ten and
        than the square root of the number of rows: as many classes would have too few
        rows each.
    """
    if type_of_target(y) not in ("binary", "multiclass"):
        return False
    y = np.asarray(y)
    return y.dtype.kind not in "iuf" or len(np.unique(y)) <= max(10, np.sqrt(len(y)))


def apart(values, X):
    """Values of an array-like, words and numbers of a list kept apart.

    Parameters
    ----------
    values : ndarray
        What numpy made of it: words throughout, if the list holds one.
    X : array-like

    Returns
    -------
    values : ndarray
        Objects, where the numbers of a list became words.
    """
    if values.dtype.kind in "US" and not hasattr(X, "dtype"):
        return np.array(X, dtype=object)
    return values


def encode_labels(y, classes):
    """Class number of each label.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels, all of them among ``classes``.
    classes : ndarray of shape (n_classes,)
        Sorted.

    Returns
    -------
    index : ndarray of shape (n_samples,), dtype intp

    Raises
    ------
    ValueError
        Names the labels that are not among the classes.
    """
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(
            f"y must hold one label per row, in one dimension; got shape {y.shape}."
        )
    if len(y) == 0:
        return np.empty(0, dtype=np.intp)
    try:
        index = np.searchsorted(classes, y)
        index[index == len(classes)] = 0
        known = classes[index] == y
    except TypeError:  # labels of another type cannot be ordered among the classes
        known = np.isin(y.astype(object), classes.astype(object))
    if not np.all(known):
        unknown = np.unique(y[~known].astype(str))[:5]
        raise ValueError(
            f"y holds labels that were not seen in fit: {list(unknown.tolist())}. "
            f"Known classes are {classes.tolist()}."
        )
    return index


def check_priors(priors, class_weight, classes):
    """Class probabilities, as given or in proportion to the classes' weight.

    Parameters
    ----------
    priors : array-like of shape (n_classes,) or None
        In the order of ``classes``, summing to one.
    class_weight : ndarray of shape (n_classes,)
        Number or weight of the rows of each class.
    classes : ndarray of shape (n_classes,) or None
        None where the model was fitted without labels.

    Returns
    -------
    class_prior : ndarray of shape (n_classes,)

    Raises
    ------
    ValueError
        Where the priors are not as many as the classes, or no probabilities.
    """
    if priors is None:
        return class_weight / class_weight.sum()
    priors = np.asarray(priors, dtype=np.float64)
    if priors.shape != class_weight.shape:
        n_classes = len(class_weight)
        names = "" if classes is None else f" {classes.tolist()}"
        raise ValueError(
            f"priors needs one probability per class: got shape {priors.shape} for "
            f"the {n_classes} classes{names}. Leave priors=None to estimate them."
        )
    if np.any(priors < 0) or not np.isclose(priors.sum(), 1.0):
        raise ValueError(
            f"priors must be non-negative and sum to 1, got {priors.tolist()} with "
            f"sum {priors.sum():g}. Divide them by their sum, or leave priors=None to "
            "estimate them."
        )
    return priors


def check_known_classes(classes, known):
    """All labels that ``partial_fit`` will ever see.

    Parameters
    ----------
    classes : array-like of shape (n_classes,) or None
        As given to this call.
    known : ndarray of shape (n_classes,) or None
        As given to the first call; None at that.

    Returns
    -------
    classes : ndarray of shape (n_classes,)
        In ascending order.

    Raises
    ------
    ValueError
        Where the first call is given none, or a later one others.
    """
    if classes is None and known is None:
        raise ValueError(
            "classes must be passed on the first call to partial_fit: all labels "
            "that y will ever hold, for instance classes=[0, 1]."
        )
    if classes is None:
        return known
    classes = np.unique(classes)
    if known is not None and not np.array_equal(classes, known):
        raise ValueError(
            f"classes={classes.tolist()} differs from the classes of the first "
            f"call, {known.tolist()}. Leave it out, or start with a clone."
        )
    return classes
