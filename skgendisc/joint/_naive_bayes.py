"""Gaussian naive Bayes as a joint model."""

from numbers import Real

import numpy as np

from skgendisc.base import SampleWeightMixin
from skgendisc.exceptions import NotEnoughRowsError
from skgendisc.joint._statistics_sampler import StatisticsSampler
from skgendisc.numerics import (
    class_moments,
    diagonal_gaussian_log_density,
    draw_diagonal_gaussians,
)
from skgendisc.utils._sklearn import Interval


class GaussianNBSampler(SampleWeightMixin, StatisticsSampler):
    r"""Gaussian naive Bayes: columns that are independent Gaussians in each class.

    A classifier by Bayes' rule, equal to :class:`sklearn.naive_bayes.GaussianNB`, and
    a sampler of rows.

    Parameters
    ----------
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    var_smoothing : float, default=1e-9
        Added to every variance, as a fraction of the largest variance of a column.
    shared_variance : bool, default=False
        Whether all classes share each column's variance. The classes are then divided
        by a hyperplane, and logistic regression is the model's discriminative partner
        [1]_.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    means_ : ndarray of shape (n_classes, n_features)
    var_ : ndarray of shape (n_classes, n_features)
        Variances, smoothed; equal rows with ``shared_variance``.
    statistics_ : ClassMoments
        Weight, mean and scatter of each class; mergeable.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    QDASampler : With the correlations of the columns in each class.
    LDASampler : With correlations that all classes share.

    Notes
    -----
    .. math:: p(x, y) = \pi_y \prod_j N(x_j; \mu_{yj}, \sigma_{yj}^2)

    As in scikit-learn, smoothing goes by the largest variance of all columns: one wide
    column blurs narrow ones. Standardise columns of very different scales first.

    References
    ----------
    .. [1] Ng & Jordan (2002). On discriminative vs. generative classifiers: a
       comparison of logistic regression and naive Bayes. NIPS 14.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.joint import GaussianNBSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> nb = GaussianNBSampler(random_state=0).fit(X, y)
    >>> round(nb.score(X, y), 2)
    0.96
    >>> X_new, y_new = nb.sample(5)
    >>> X_new.shape, y_new.tolist()
    ((5, 4), [0, 1, 1, 1, 2])
    """

    _parameter_constraints = {
        **StatisticsSampler._parameter_constraints,
        "var_smoothing": [Interval(Real, 0, None, closed="left")],
        "shared_variance": ["boolean"],
    }

    def __init__(
        self,
        *,
        priors=None,
        var_smoothing=1e-9,
        shared_variance=False,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.priors = priors
        self.var_smoothing = var_smoothing
        self.shared_variance = shared_variance

    def _statistics(self, X, y, n_classes, sample_weight):
        return class_moments(
            X, y, n_classes, sample_weight=sample_weight, diagonal=True
        )

    def _set_parameters(self):
        self.means_ = self.statistics_.mean
        variances = self.statistics_.covariance
        if self.shared_variance:
            shared = self.class_prior_ @ variances
            variances = np.broadcast_to(shared, variances.shape)
        smoothing = self.var_smoothing * self.statistics_.pooled().covariance.max()
        self.var_ = variances + smoothing
        if not self.var_.all():
            k, j = np.argwhere(self.var_ == 0)[0]
            raise NotEnoughRowsError(
                f"column {j} has no variance in class {self.classes_.tolist()[k]!r}, "
                f"which has {self._samples_of(k)}, and "
                f"var_smoothing={self.var_smoothing} adds none. Raise var_smoothing, "
                "leave the column out, or give rows that differ."
            )

    def _class_log_density(self, X):
        return np.column_stack(
            [
                diagonal_gaussian_log_density(X, mean, variance)
                for mean, variance in zip(self.means_, self.var_, strict=True)
            ]
        )

    def _draw(self, y, rng):
        return draw_diagonal_gaussians(y, self.means_, np.sqrt(self.var_), rng)
