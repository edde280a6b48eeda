"""Any density, fitted class by class."""

import copy
import inspect
from numbers import Integral

import numpy as np
from sklearn import config_context
from sklearn.base import MetaEstimatorMixin, clone
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.utils.parallel import Parallel, delayed

from skgendisc.base import GenerativeSampler, JointSamplerMixin
from skgendisc.utils._sklearn import HasMethods
from skgendisc.utils.random_state import draw_seed, set_random_states
from skgendisc.utils.validation import check_priors


class ClassConditionalSampler(JointSamplerMixin, MetaEstimatorMixin, GenerativeSampler):
    r"""A density of your choice for each class: classifier and sampler in one.

    Without labels, one density of all rows.

    Parameters
    ----------
    estimator : estimator with ``fit``, ``score_samples`` and ``sample``, default=None
        Cloned for each class: :class:`sklearn.mixture.GaussianMixture`,
        :class:`sklearn.mixture.BayesianGaussianMixture`,
        :class:`sklearn.neighbors.KernelDensity`. None takes a mixture of two
        Gaussians.
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    n_jobs : int, default=None
        Classes fitted at once; the result does not depend on it.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the fits and of the draws.

    Attributes
    ----------
    estimators_ : list of estimators
        One a class.
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    QDASampler : One Gaussian a class.

    Notes
    -----
    .. math:: p(x, y) = \pi_y p_y(x)

    Densities are fitted in float64 whatever the dtype of X: a mixture of Gaussians
    fitted in float32 easily ends in covariances that are not positive. A Bayesian
    mixture is scored by the point estimates that it draws from.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.neighbors import KernelDensity
    >>> from skgendisc.joint import ClassConditionalSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> kde = ClassConditionalSampler(KernelDensity(bandwidth=0.3), random_state=0)
    >>> round(kde.fit(X, y).score(X, y), 2)
    0.99
    >>> X_new, y_new = kde.fit(X).sample(3)
    >>> X_new.shape, y_new is None
    ((3, 4), True)
    """

    _parameter_constraints = {
        **GenerativeSampler._parameter_constraints,
        "estimator": [HasMethods(["fit", "score_samples", "sample"]), None],
        "priors": ["array-like", None],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        estimator=None,
        *,
        priors=None,
        n_jobs=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.estimator = estimator
        self.priors = priors
        self.n_jobs = n_jobs

    def _fit(self, X, y):
        rng = self._generator(None)
        density = GaussianMixture(2) if self.estimator is None else self.estimator
        counts = np.bincount(y)
        self.class_prior_ = check_priors(self.priors, counts, self.classes_)
        densities = [clone(density) for _ in counts]
        for estimator in densities:
            set_random_states(estimator, rng)
        names = [None] if self.classes_ is None else self.classes_.tolist()
        self.estimators_ = Parallel(n_jobs=self.n_jobs)(
            delayed(_fit_density)(estimator, X[y == k], name)
            for k, (estimator, name) in enumerate(zip(densities, names, strict=True))
        )

    def _class_log_density(self, X):
        with _numpy_only():
            return np.column_stack([_log_density(e, X) for e in self.estimators_])

    def _draw(self, y, rng):
        X = np.empty((len(y), self.n_features_in_))
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            with _numpy_only():
                X[rows] = _draw_from_density(self.estimators_[k], len(rows), rng)
        return X

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        return tags


def _numpy_only():
    """Context in which a mixture started by k-means works, under any configuration."""
    # It refuses to run with array_api_dispatch, even on numpy arrays.
    return config_context(array_api_dispatch=False)


def _fit_density(estimator, X, name):
    """Fit one density; an error says to which class it could not be fitted."""
    try:
        with _numpy_only():
            return estimator.fit(X.astype(np.float64, copy=False))
    except ValueError as error:
        if name is None:
            raise
        raise ValueError(
            f"{type(estimator).__name__} could not be fitted to class {name!r}, which "
            f"has n_samples = {len(X)}: {error} Give an estimator that fits so few "
            "rows, such as KernelDensity, or leave the class out."
        ) from error


def _log_density(estimator, X):
    """Log-density of the distribution that the estimator draws from."""
    if isinstance(estimator, BayesianGaussianMixture):
        # It scores by expectations under its posterior, which do not integrate to
        # one, but draws from its point estimates: score by these.
        mixture = GaussianMixture(covariance_type=estimator.covariance_type)
        for name in ("weights_", "means_", "covariances_", "precisions_cholesky_"):
            setattr(mixture, name, getattr(estimator, name))
        estimator = mixture
    return estimator.score_samples(X)


def _draw_from_density(estimator, n_samples, rng):
    """Draw rows, in random order, from a fitted density of any package."""
    if "random_state" in inspect.signature(estimator.sample).parameters:
        drawn = estimator.sample(n_samples, random_state=draw_seed(rng))
    else:
        # Mixtures of scikit-learn draw from their own random state, and would repeat
        # themselves: reseed a shallow copy.
        estimator = copy.copy(estimator)
        estimator.random_state = draw_seed(rng)
        drawn = estimator.sample(n_samples)
    X = drawn[0] if isinstance(drawn, tuple) else drawn
    return rng.permutation(np.asarray(X))  # mixtures return rows by component
