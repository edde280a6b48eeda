"""Data whose truth is known: the distribution, the best classifier, and its error.

A maker draws rows from a :class:`NormalClasses`, which knows how probable each class is
at any point, what the best possible error is, and how wrong naive Bayes stays however
many rows it sees. What an estimator says can be held against it.
"""

from skgendisc.datasets._normal_classes import (
    NormalClasses,
    make_correlated_naive,
    make_gaussian_classes,
    make_gaussian_grid,
    make_gaussian_ring,
)

__all__ = [
    "NormalClasses",
    "make_correlated_naive",
    "make_gaussian_classes",
    "make_gaussian_grid",
    "make_gaussian_ring",
]
