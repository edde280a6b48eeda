"""Linear and quadratic discriminant analysis as joint models."""

import warnings
from numbers import Real

import numpy as np

from skgendisc.base import SampleWeightMixin
from skgendisc.exceptions import NotEnoughRowsError, UnavailableMethodError
from skgendisc.joint._statistics_sampler import StatisticsSampler
from skgendisc.numerics import (
    class_moments,
    draw_gaussians,
    draw_tied_gaussians,
    gaussian_factor,
    gaussian_log_density,
    ledoit_wolf_shrinkage,
    shrunk_covariance,
    tied_gaussian_lines,
    tied_gaussian_log_density,
    tied_gaussian_log_ratio,
)
from skgendisc.utils._sklearn import Interval, StrOptions

# Standard deviations between classes from which on linear log-odds lose digits.
FAR = 1e4


class _DiscriminantSampler(StatisticsSampler):
    """Classes that are Gaussians, with covariances that may be shrunk."""

    _parameter_constraints = {
        **StatisticsSampler._parameter_constraints,
        "shrinkage": [StrOptions({"auto"}), Interval(Real, 0, 1, closed="both"), None],
    }

    def __init__(
        self,
        *,
        priors=None,
        shrinkage=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.priors = priors
        self.shrinkage = shrinkage

    def _statistics(self, X, y, n_classes, sample_weight):
        moments = class_moments(X, y, n_classes, sample_weight=sample_weight)
        if self.shrinkage == "auto":
            weights = np.ones(len(X)) if sample_weight is None else sample_weight
            scales = _scales(moments.covariance)
            self.shrinkage_ = np.array(
                [
                    ledoit_wolf_shrinkage(
                        (X[y == k] - moments.mean[k]) / scales[k], weights[y == k]
                    )
                    for k in range(n_classes)
                ]
            )
        else:
            self.shrinkage_ = np.full(n_classes, self.shrinkage or 0.0)
        return moments

    def _shrunk_covariances(self):
        """Covariances of the classes, drawn towards spheres."""
        covariances = self.statistics_.covariance
        if self.shrinkage is None:
            return covariances
        units = np.ones_like(covariances)
        if self.shrinkage == "auto":  # estimated on standardised columns
            scales = _scales(covariances)
            units = scales[:, :, None] * scales[:, None]
        return units * shrunk_covariance(covariances / units, self.shrinkage_)

    def _check_can_merge(self):
        if self.shrinkage == "auto":
            raise UnavailableMethodError(
                "shrinkage='auto' cannot be used with partial_fit: Ledoit and Wolf's "
                "estimate needs fourth moments, which chunks do not keep. Set "
                "shrinkage to a float in [0, 1] or to None, or use fit on all rows."
            )


class LDASampler(SampleWeightMixin, _DiscriminantSampler):
    r"""Linear discriminant analysis: Gaussian classes that share one covariance.

    A classifier by Bayes' rule, equal to
    :class:`sklearn.discriminant_analysis.LinearDiscriminantAnalysis` with
    ``solver="lsqr"``, and a sampler of rows.

    Parameters
    ----------
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    shrinkage : {"auto"}, float in [0, 1] or None, default=None
        How far covariances are drawn towards a multiple of the identity, against
        noise where rows are few. None leaves them alone; "auto" takes Ledoit and
        Wolf's estimate [1]_, class by class, on standardised columns.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    means_ : ndarray of shape (n_classes, n_features)
    covariance_ : ndarray of shape (n_features, n_features)
        The classes' covariances, averaged with their priors.
    shrinkage_ : ndarray of shape (n_classes,)
        How far each class was shrunk.
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
    QDASampler : With a covariance for each class.

    Notes
    -----
    .. math:: p(x, y) = \pi_y N(x; \mu_y, \Sigma)

    Where the covariance is singular (a constant column, or fewer rows than columns)
    the model lives on the subspace on which rows differ from their class means: draws
    stay there, densities are with respect to it, and what leaves it is ignored.

    References
    ----------
    .. [1] Ledoit & Wolf (2004). A well-conditioned estimator for large-dimensional
       covariance matrices. Journal of Multivariate Analysis 88(2).

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.joint import LDASampler
    >>> X, y = load_iris(return_X_y=True)
    >>> lda = LDASampler(random_state=0).fit(X, y)
    >>> round(lda.score(X, y), 2)
    0.98
    >>> lda.sample_conditional([2, 0]).round(1)
    array([[6.7, 3.1, 5.7, 2.1],
           [5.5, 4.1, 1.3, 0.5]])
    """

    def _set_parameters(self):
        self.means_ = self.statistics_.mean
        self.covariance_ = np.tensordot(
            self.class_prior_, self._shrunk_covariances(), axes=1
        )
        self._factor, self._whitening, self._log_det = gaussian_factor(self.covariance_)
        self._centre = self.means_.mean(axis=0)
        self._places = (self.means_ - self._centre) @ self._whitening
        self._is_far_apart = (np.abs(self._places) > FAR).any()
        self._lines = tied_gaussian_lines(self._places, self._whitening)
        if self._factor.shape[1] == 0:
            warnings.warn(
                "LDASampler finds no variance within the classes "
                f"{self.classes_.tolist()}: the rows of each are all alike. It "
                "predicts the prior and draws the means; give rows that differ.",
                stacklevel=4,
            )

    def _class_log_density(self, X):
        if not self._is_far_apart:
            return tied_gaussian_log_ratio(X, self._centre, *self._lines)
        return tied_gaussian_log_density(
            X, self._places, self._centre, self._whitening, self._log_det
        )

    def _common_log_density(self, X):
        if self._is_far_apart:
            return super()._common_log_density(X)
        return gaussian_log_density(X, self._centre, self._whitening, self._log_det)

    def _draw(self, y, rng):
        return draw_tied_gaussians(y, self.means_, self._factor, rng)


class QDASampler(_DiscriminantSampler):
    r"""Quadratic discriminant analysis: Gaussian classes, each with its covariance.

    A classifier by Bayes' rule, equal to
    :class:`sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis`, and a sampler
    of rows.

    Parameters
    ----------
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    shrinkage : {"auto"}, float in [0, 1] or None, default=None
        How far each covariance is drawn towards a multiple of the identity, against
        noise where rows are few. None leaves them alone, and needs more rows than
        columns in every class; "auto" takes Ledoit and Wolf's estimate [1]_ on
        standardised columns.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    means_ : ndarray of shape (n_classes, n_features)
    covariance_ : ndarray of shape (n_classes, n_features, n_features)
    shrinkage_ : ndarray of shape (n_classes,)
        How far each class was shrunk.
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
    LDASampler : With one covariance for all classes.
    GaussianNBSampler : Without correlations.

    Notes
    -----
    .. math:: p(x, y) = \pi_y N(x; \mu_y, \Sigma_y)

    Where columns explain each other fully, in every class alike, or are constant, the
    model lives on the subspace on which rows vary: draws stay there, densities are
    with respect to it, and what leaves it is ignored. A class that does not reach all
    of that subspace is an error, since its density would not compare with the others'.

    Only :meth:`partial_fit` takes weights. In ``fit``, scikit-learn wants any weights
    to do what dropped and repeated rows do, whatever is left of a class; here a class
    with too few rows left is an error.

    References
    ----------
    .. [1] Ledoit & Wolf (2004). A well-conditioned estimator for large-dimensional
       covariance matrices. Journal of Multivariate Analysis 88(2).

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.joint import QDASampler
    >>> X, y = load_iris(return_X_y=True)
    >>> X_res, y_res = QDASampler(random_state=0).fit_resample(X[:130], y[:130])
    >>> X_res.shape, (y_res == 2).sum()
    ((150, 4), np.int64(50))
    """

    def _set_parameters(self):
        self.means_ = self.statistics_.mean
        self.covariance_ = self._shrunk_covariances()
        self._factors = [gaussian_factor(covariance) for covariance in self.covariance_]
        ranks = [factor.shape[1] for factor, _, _ in self._factors]
        if min(ranks) == self.n_features_in_:
            return
        # Densities on a subspace compare only where all classes live on the same one:
        # that on which rows of any class vary.
        everything = self.statistics_.pooled().covariance[0]
        reach = gaussian_factor(everything)[0].shape[1]
        if min(ranks) < reach:
            raise NotEnoughRowsError(self._singular_message(int(np.argmin(ranks))))

    def _singular_message(self, k):
        """Why class ``k`` has no density, and what to do."""
        found = (
            f"class {self.classes_.tolist()[k]!r} has {self._samples_of(k)} for "
            f"{self.n_features_in_} columns"
        )
        variance = np.diag(self.covariance_[k])
        if not variance.any():
            return (
                f"{found} and no variance, so that QDASampler cannot fit a covariance "
                "to it. Give it rows that differ, leave the class out, or use "
                "LDASampler, whose classes share one covariance."
            )
        cause = "its rows do not vary in all the directions in which others do"
        if not variance.all():
            constant = np.flatnonzero(variance == 0)[:5].tolist()
            cause = f"columns {constant} are constant in it"
        return (
            f"{found}, and its covariance is singular: {cause}. Set shrinkage='auto' "
            f"or a float above 0 (it is {self.shrinkage}), or use LDASampler, whose "
            "classes share one covariance."
        )

    def _class_log_density(self, X):
        return np.column_stack(
            [
                gaussian_log_density(X, mean, whitening, log_det)
                for mean, (_, whitening, log_det) in zip(
                    self.means_, self._factors, strict=True
                )
            ]
        )

    def _draw(self, y, rng):
        return draw_gaussians(
            y, self.means_, [factor[0] for factor in self._factors], rng
        )


def _scales(covariances):
    """Standard deviations of each class, and one for a constant column."""
    scales = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    return np.where(scales > 0, scales, 1.0)
