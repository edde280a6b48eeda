"""Weight, mean and centred scatter of each class, in one pass and mergeable."""

from dataclasses import dataclass

import numpy as np

# Rows handled at once: their centred copy stays in the processor's cache.
BLOCK_ROWS = 4096


@dataclass(frozen=True)
class ClassMoments:
    """Weight, mean and centred scatter of the rows of each class.

    Enough to fit naive Bayes, linear and quadratic discriminant analysis. Moments of
    disjoint sets of rows merge into those of their union, so that chunks can be
    summed up in any order, in parallel, or as they come.

    Parameters
    ----------
    weight : ndarray of shape (n_classes,)
        Number of rows, or sum of their weights.
    mean : ndarray of shape (n_classes, n_features)
        Weighted means; zeros for a class without rows.
    scatter : ndarray of shape (n_classes, n_features, n_features) or \
            (n_classes, n_features)
        Weighted sums of squares and products about the mean, or only the sums of
        squares.

    References
    ----------
    Chan, Golub & LeVeque (1983). Algorithms for computing the sample variance:
    analysis and recommendations. The American Statistician 37(3), equation 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.numerics import class_moments
    >>> X, y = np.array([[1.0], [3.0], [8.0], [4.0]]), np.array([0, 0, 1, 0])
    >>> halves = [class_moments(X[i], y[i], n_classes=2) for i in ([0, 1], [2, 3])]
    >>> halves[0].merge(halves[1]).mean.ravel().tolist()
    [2.6666666666666665, 8.0]
    """

    weight: np.ndarray
    mean: np.ndarray
    scatter: np.ndarray

    def merge(self, other):
        """Moments of the rows of both.

        Parameters
        ----------
        other : ClassMoments
            Of other rows, with the same classes and features.

        Returns
        -------
        moments : ClassMoments
        """
        weight = self.weight + other.weight
        share = np.divide(
            other.weight, weight, out=np.zeros_like(weight), where=weight > 0
        )
        shift = other.mean - self.mean
        between = shift**2 if self.is_diagonal else shift[:, :, None] * shift[:, None]
        between *= _per_class(self.weight * share, between)
        return ClassMoments(
            weight,
            self.mean + share[:, None] * shift,
            self.scatter + other.scatter + between,
        )

    @property
    def is_diagonal(self):
        """Whether only the sums of squares are kept."""
        return self.scatter.ndim == 2

    @property
    def covariance(self):
        """Maximum-likelihood covariances, or variances, shaped as ``scatter``.

        Zero for a class without weight.
        """
        weight = np.where(self.weight > 0, self.weight, 1.0)
        return self.scatter / _per_class(weight, self.scatter)

    def pooled(self):
        """Moments of all rows as one class."""
        mean = self.weight @ self.mean / self.weight.sum()
        shift = self.mean - mean
        between = self.weight @ shift**2
        if not self.is_diagonal:
            between = (self.weight * shift.T) @ shift
        scatter = self.scatter.sum(axis=0) + between
        return ClassMoments(self.weight.sum(keepdims=True), mean[None], scatter[None])


def class_moments(X, y, n_classes, *, sample_weight=None, diagonal=False):
    """Weight, mean and centred scatter of each class.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Of a float dtype; sums are kept in float64.
    y : ndarray of shape (n_samples,)
        Class numbers from 0 to ``n_classes - 1``.
    n_classes : int
    sample_weight : ndarray of shape (n_samples,), default=None
        Non-negative weights; None counts every row once.
    diagonal : bool, default=False
        Whether to keep only the sums of squares, not those of products.

    Returns
    -------
    moments : ClassMoments
    """
    # numpy sorts small integers by radix, in linear time.
    order = np.argsort(y.astype(np.min_scalar_type(n_classes)), kind="stable")
    ends = np.cumsum(np.bincount(y, minlength=n_classes))
    classes = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        moments = _no_rows(X.shape[1], diagonal)
        for first in range(start, end, BLOCK_ROWS):
            rows = order[first : min(first + BLOCK_ROWS, end)]
            weight = None if sample_weight is None else sample_weight[rows]
            moments = moments.merge(_block_moments(X[rows], weight, diagonal))
        classes.append(moments)
    return ClassMoments(
        np.concatenate([moments.weight for moments in classes]),
        np.concatenate([moments.mean for moments in classes]),
        np.concatenate([moments.scatter for moments in classes]),
    )


def _no_rows(n_features, diagonal):
    """Moments of one class without rows."""
    mean = np.zeros((1, n_features))
    return ClassMoments(
        np.zeros(1), mean, mean if diagonal else np.zeros((1, n_features, n_features))
    )


def _block_moments(Z, weight, diagonal):
    """Moments of one class with the rows Z, which are overwritten."""
    Z = Z.astype(np.float64, copy=False)
    # About the first row a constant column is zero, and has a variance of exactly
    # zero, whatever its mean would round to.
    origin = Z[0].copy()
    Z -= origin
    if weight is None:
        total, mean = float(len(Z)), Z.mean(axis=0)
    else:
        total = weight.sum()
        if total == 0:
            return _no_rows(Z.shape[1], diagonal)
        mean = weight @ Z / total
    Z -= mean
    if weight is not None:
        Z *= np.sqrt(weight)[:, None]
    scatter = np.einsum("ij,ij->j", Z, Z) if diagonal else Z.T @ Z
    return ClassMoments(np.array([total]), (origin + mean)[None], scatter[None])


def _per_class(values, like):
    """One value a class, shaped to multiply ``like`` along its first axis."""
    return values.reshape(-1, *[1] * (like.ndim - 1))
