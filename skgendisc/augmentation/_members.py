"""What the classifiers of this room take: tables, labels, weights, samplers."""

import numpy as np
from sklearn.utils import check_array, get_tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from skgendisc.compose import TransformedSampler
from skgendisc.joint import (
    GaussianCopulaSampler,
    LDASampler,
    MixedNBSampler,
    QDASampler,
)
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler
from skgendisc.utils._sklearn import check_sample_weight
from skgendisc.utils.frames import is_native_table
from skgendisc.utils.random_state import set_random_states


def check_rows(estimator, X):
    """Frames as they are, and arrays of all else; members check the rest."""
    if is_native_table(X):
        return X
    return check_array(
        X,
        dtype=None,
        ensure_2d=False,
        ensure_all_finite=False,
        accept_sparse=get_tags(estimator).input_tags.sparse,
        estimator=estimator,
    )


def check_classes(estimator, y):
    """Labels of two classes or more, and the classes."""
    name = type(estimator).__name__
    if y is None:
        raise ValueError(
            f"This {name} estimator requires y to be passed, but the target y is None."
        )
    y = column_or_1d(y, warn=True)
    check_classification_targets(y)
    classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError(
            f"{name} needs two classes or more, got one class: {classes.tolist()}."
        )
    return y, classes


def check_row_weight(sample_weight, X, index, classes):
    """A weight for each row, of two classes or more."""
    weight = check_sample_weight(sample_weight, X, dtype=np.float64)
    left = classes[np.bincount(index, weights=weight) > 0]
    if len(left) < 2:
        raise ValueError(
            f"sample_weight leaves weight to one class only: {left.tolist()}."
        )
    return weight


def default_samplers(rng=None):
    """The samplers that are tried where none are given, by name."""

    def encoded(sampler):
        return TransformedSampler(TableEncoder(handle_unknown="ignore"), sampler)

    samplers = {
        "naive_bayes": MixedNBSampler(),
        "lda": encoded(LDASampler(shrinkage="auto")),
        "qda": encoded(QDASampler(shrinkage="auto")),
        "copula": GaussianCopulaSampler(),
        "trees": TreeSampler(),
    }
    if rng is not None:
        for sampler in samplers.values():
            set_random_states(sampler, rng)
    return samplers


def named_samplers(given, rng=None, *, taken=()):
    """Samplers by name: the default ones, one, some, or some with names.

    Parameters
    ----------
    given : None, sampler, or list of samplers or of (str, sampler)
    rng : numpy.random.Generator, default=None
        Seeds the default ones.
    taken : tuple of str, default=()
        Names of others.

    Returns
    -------
    samplers : dict of str to sampler
    """
    if given is None:
        return default_samplers(rng)
    named = {}
    for entry in given if isinstance(given, list | tuple) else [given]:
        name, sampler = entry if isinstance(entry, tuple) else (None, entry)
        name = name or type(sampler).__name__.lower()
        while name in named or name in taken:
            name += "_"
        named[name] = sampler
    return named


class FeaturesOfMemberMixin:
    """Gives a meta-estimator the columns of a fitted member, ``_member()``."""

    @property
    def n_features_in_(self):
        """Number of columns that the member inside was fitted to."""
        return self._of_member("n_features_in_")

    @property
    def feature_names_in_(self):
        """Names of these columns."""
        return self._of_member("feature_names_in_")

    def _of_member(self, name):
        if not self.__sklearn_is_fitted__():
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r} before it is fitted."
            )
        return getattr(self._member(), name)
