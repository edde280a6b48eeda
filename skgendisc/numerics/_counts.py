"""Counts of each class, mergeable, and draws by counts."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.special import gammaln, xlog1py

# Cells drawn at once where rows end up sparse: bounds the memory beside them.
BLOCK_CELLS = 2**22


@dataclass(frozen=True)
class ClassCounts:
    """Weight and feature sums of the rows of each class; sums of chunks add up.

    Parameters
    ----------
    weight : ndarray of shape (n_classes,)
        Number of rows, or sum of their weights.
    count : ndarray of shape (n_classes, n_features)
        Weighted sums of the features.
    """

    weight: np.ndarray
    count: np.ndarray

    def merge(self, other):
        """Counts of the rows of both.

        Parameters
        ----------
        other : ClassCounts
            Of other rows, with the same classes and features.

        Returns
        -------
        counts : ClassCounts
        """
        return ClassCounts(self.weight + other.weight, self.count + other.count)


def class_counts(X, y, n_classes, *, sample_weight=None):
    """Weight and feature sums of each class.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        Class numbers from 0 to ``n_classes - 1``.
    n_classes : int
    sample_weight : ndarray of shape (n_samples,), default=None
        Non-negative weights; None counts every row once.

    Returns
    -------
    counts : ClassCounts
    """
    weight = np.ones(len(y)) if sample_weight is None else sample_weight
    membership = csr_array((weight, (y, np.arange(len(y)))), (n_classes, len(y)))
    count = membership @ X
    count = count if isinstance(count, np.ndarray) else count.toarray()
    return ClassCounts(np.bincount(y, weight, n_classes), count.astype(np.float64))


@dataclass(frozen=True)
class CategoryCounts:
    """Weight of each class, and how often each category of each column comes in it.

    Parameters
    ----------
    weight : ndarray of shape (n_classes,)
        Number of rows, or sum of their weights.
    count : list of ndarray of shape (n_classes, n_categories)
        One a column.
    """

    weight: np.ndarray
    count: list

    def merge(self, other):
        """Counts of the rows of both.

        Parameters
        ----------
        other : CategoryCounts
            Of other rows, with the same classes and columns; either may know more
            categories.

        Returns
        -------
        counts : CategoryCounts
        """
        count = []
        for mine, theirs in zip(self.count, other.count, strict=True):
            both = np.zeros((len(mine), max(mine.shape[1], theirs.shape[1])))
            both[:, : mine.shape[1]] += mine
            both[:, : theirs.shape[1]] += theirs
            count.append(both)
        return CategoryCounts(self.weight + other.weight, count)


def category_counts(X, y, n_classes, *, min_categories=None, sample_weight=None):
    """Weight of each class, and counts of its categories.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), of an integer dtype
        Category numbers.
    y : ndarray of shape (n_samples,)
        Class numbers from 0 to ``n_classes - 1``.
    n_classes : int
    min_categories : int, default=None
        Categories to count at least.
    sample_weight : ndarray of shape (n_samples,), default=None
        Non-negative weights; None counts every row once.

    Returns
    -------
    counts : CategoryCounts
    """
    count = []
    for column in X.T:
        n_categories = max(column.max() + 1, min_categories or 1)
        cell = y * n_categories + column
        cells = np.bincount(cell, sample_weight, n_classes * n_categories)
        count.append(cells.reshape(n_classes, n_categories).astype(np.float64))
    weight = np.bincount(y, sample_weight, n_classes).astype(np.float64)
    return CategoryCounts(weight, count)


@dataclass(frozen=True)
class DocumentCounts:
    """Weight and word counts of each class, and lengths of all documents.

    Parameters
    ----------
    weight : ndarray of shape (n_classes,)
    count : ndarray of shape (n_classes, n_words)
    lengths : LengthDistribution
    """

    weight: np.ndarray
    count: np.ndarray
    lengths: "LengthDistribution"

    def merge(self, other):
        """Counts of the documents of both.

        Parameters
        ----------
        other : DocumentCounts
            Of other documents, with the same classes and words.

        Returns
        -------
        counts : DocumentCounts
        """
        return DocumentCounts(
            self.weight + other.weight,
            self.count + other.count,
            self.lengths.merge(other.lengths),
        )


def draw_bernoulli(y, probabilities, rng):
    """Draw row i as ones with the probabilities of class ``y[i]``, else zeros.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    probabilities : ndarray of shape (n_classes, n_features)
    rng : numpy.random.Generator

    Returns
    -------
    X : csr_array of shape (n_samples, n_features)
    """
    n_features = probabilities.shape[1]
    block_rows = max(1, BLOCK_CELLS // n_features)
    blocks = [csr_array((0, n_features))]
    for start in range(0, len(y), block_rows):
        wanted = probabilities[y[start : start + block_rows]]
        blocks.append(csr_array(rng.random(wanted.shape) < wanted))
    return csr_array(vstack(blocks), dtype=np.float64)


def draw_categories(y, probabilities, rng):
    """Draw category i from the distribution of class ``y[i]``.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    probabilities : ndarray of shape (n_classes, n_categories)
        Rows sum to one.
    rng : numpy.random.Generator

    Returns
    -------
    index : ndarray of shape (n_samples,), dtype intp
    """
    # The distribution functions of all classes, one above the other: one search finds
    # the category in the part of the class.
    n_categories = probabilities.shape[1]
    edges = np.cumsum(probabilities, axis=1)
    edges /= edges[:, -1:]
    stacked = (edges + np.arange(len(edges))[:, None]).ravel()
    index = np.searchsorted(stacked, y + rng.random(len(y)), side="right")
    return np.minimum(index - y * n_categories, n_categories - 1)


def draw_documents(y, lengths, probabilities, rng):
    """Draw row i as the counts of ``lengths[i]`` words of class ``y[i]``.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Class numbers.
    lengths : ndarray of shape (n_samples,)
        Whole numbers.
    probabilities : ndarray of shape (n_classes, n_words)
        Rows sum to one.
    rng : numpy.random.Generator

    Returns
    -------
    X : csr_array of shape (n_samples, n_words)
    """
    lengths = lengths.astype(np.intp)
    if lengths.sum() > len(y) * probabilities.shape[1]:
        # More words than cells: count them, rather than draw each.
        return csr_array(rng.multinomial(lengths, probabilities[y]), dtype=np.float64)
    row = np.repeat(np.arange(len(y)), lengths)
    word = draw_categories(np.repeat(y, lengths), probabilities, rng)
    shape = (len(y), probabilities.shape[1])
    X = csr_array((np.ones(len(row)), (row, word)), shape)
    X.sum_duplicates()
    return X


def log_multinomial_coefficient(X):
    """Logarithm of the number of orders in which the counts of each row can come.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n_samples, n_features)
        Counts.

    Returns
    -------
    log_coefficient : ndarray of shape (n_samples,)
    """
    # The logarithm of 0! is 0: absent words, most of a sparse row, add nothing.
    X = csr_array(X)
    factorials = csr_array((gammaln(X.data + 1), X.indices, X.indptr), X.shape)
    return gammaln(X.sum(axis=1) + 1) - factorials.sum(axis=1)


@dataclass(frozen=True)
class LengthDistribution:
    """Lengths of documents, as often as they were seen.

    One document more is counted, of geometric length with the same mean: a length that
    was never seen is rare, not impossible.

    Parameters
    ----------
    value : ndarray of shape (n_lengths,)
        Whole numbers, ascending.
    weight : ndarray of shape (n_lengths,)
        How often each was seen.
    """

    value: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, X, sample_weight=None):
        """Distribution of the row sums, rounded."""
        weight = np.ones(X.shape[0]) if sample_weight is None else sample_weight
        value, index = np.unique(_lengths(X), return_inverse=True)
        return cls(value, np.bincount(index, weight))

    def merge(self, other):
        """Distribution of the documents of both."""
        value, index = np.unique(
            np.concatenate([self.value, other.value]), return_inverse=True
        )
        weight = np.concatenate([self.weight, other.weight])
        return LengthDistribution(value, np.bincount(index, weight))

    @property
    def _stop(self):
        """Chance that the geometric document ends before each next word."""
        return 1 / (1 + self.weight @ self.value / self.weight.sum())

    def log_probability(self, X):
        """Logarithm of the probability of the length of each row.

        Parameters
        ----------
        X : ndarray or CSR matrix of shape (n_samples, n_features)

        Returns
        -------
        log_probability : ndarray of shape (n_samples,)
        """
        length = _lengths(X)
        place = np.minimum(np.searchsorted(self.value, length), len(self.value) - 1)
        seen = np.where(self.value[place] == length, self.weight[place], 0.0)
        with np.errstate(divide="ignore"):
            geometric = np.log(self._stop) + xlog1py(length, -self._stop)
            seen = np.log(seen)
        return np.logaddexp(seen, geometric) - np.log(self.weight.sum() + 1)

    def draw(self, size, rng):
        """Draw lengths, independently.

        Parameters
        ----------
        size : int
        rng : numpy.random.Generator

        Returns
        -------
        length : ndarray of shape (size,)
            Whole numbers.
        """
        edges = np.cumsum(np.append(self.weight, 1.0))
        index = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
        geometric = rng.geometric(self._stop, size) - 1.0
        seen = self.value[np.minimum(index, len(self.value) - 1)]
        return np.where(index < len(self.value), seen, geometric)


def _lengths(X):
    """Row sums, rounded."""
    return np.rint(np.asarray(X.sum(axis=1)).ravel())
