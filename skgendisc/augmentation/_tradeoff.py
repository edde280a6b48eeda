"""One family of models, fitted between joint and conditional likelihood."""

from numbers import Integral, Real

import numpy as np
from scipy.special import log_softmax, logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted, validate_data

from skgendisc.augmentation._base import LogProbaClassifier
from skgendisc.augmentation._folds import log_of_mixed, make_folds
from skgendisc.numerics import TiedGaussians, class_moments, fit_tradeoff, log_loss
from skgendisc.utils._sklearn import (
    Interval,
    StrOptions,
    check_sample_weight,
    fit_context,
)
from skgendisc.utils.random_state import as_generator
from skgendisc.utils.validation import encode_labels

# Tried with tradeoff="cv".
TRADEOFFS = np.linspace(0.0, 1.0, 11)


class GenerativeDiscriminativeTradeoff(LogProbaClassifier):
    r"""Gaussian classes of one covariance, between LDA and logistic regression.

    Both have the same decision boundaries, hyperplanes. LDA and naive Bayes choose them
    by the joint likelihood, logistic regression by the conditional one; this makes a
    weighted sum of the two large [1]_. Where the Gaussian model is not quite right and
    rows are few, something between them is often best.

    Parameters
    ----------
    base : {"lda", "naive_bayes"}, default="lda"
        One covariance for all classes; or variances, for independent columns.
    tradeoff : float or "cv", default="cv"
        Weight of the joint likelihood: with 1 the fit is that of
        :class:`~skgendisc.joint.LDASampler`, or of
        :class:`~skgendisc.joint.GaussianNBSampler` with shared variances; with 0 that
        of logistic regression without a penalty. "cv" takes the one of 0, 0.1, ..., 1
        of least cross-validated log loss.
    cv : int, splitter or iterable, default=5
        Folds; with an int stratified and shuffled, equal rows in one fold.
    reg_covar : float, default=1e-6
        Added to the variances of standardised columns.
    max_iter : int, default=1000
        Steps of the optimizer.
    tol : float, default=1e-6
        Slope at which it stops, in nats a row.
    n_jobs : int, default=None
        Folds at a time.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds.

    Attributes
    ----------
    tradeoff_ : float
        That was taken.
    cv_log_loss_ : dict of float to float
        Of each that was tried, over rows that were in no fit; empty without "cv".
    class_prior_ : ndarray of shape (n_classes,)
    means_ : ndarray of shape (n_classes, n_features)
    precision_ : ndarray of shape (n_features, n_features) or (n_features,)
        Inverse of the covariance; of variances, for naive Bayes.
    n_iter_ : int
        Steps of the optimizer in the fit to all rows.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)

    Notes
    -----
    With :math:`\lambda` for the trade-off, w for the rows' weights, and u for rows
    without labels [2]_,

    .. math:: \lambda \sum_i w_i \log p(x_i, y_i)
       + (1 - \lambda) \sum_i w_i \log p(y_i | x_i) + \lambda \sum_u \log p(x_u)

    is made large from the joint fit on, by L-BFGS. With :math:`\lambda = 0` the density
    is not determined: the covariance stays that of the joint fit, and rows without
    labels tell nothing.

    References
    ----------
    .. [1] Bouchard & Triggs (2004). The trade-off between generative and discriminative
       classifiers. COMPSTAT.
    .. [2] Lasserre, Bishop & Minka (2006). Principled hybrids of generative and
       discriminative models. CVPR.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.augmentation import GenerativeDiscriminativeTradeoff
    >>> X, y = load_iris(return_X_y=True)
    >>> model = GenerativeDiscriminativeTradeoff(random_state=0).fit(X, y)
    >>> model.tradeoff_
    1.0
    >>> model.predict(X[::50])
    array([0, 1, 2])
    """

    _parameter_constraints = {
        "base": [StrOptions({"lda", "naive_bayes"})],
        "tradeoff": [Interval(Real, 0, 1, closed="both"), StrOptions({"cv"})],
        "cv": ["cv_object"],
        "reg_covar": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="neither")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        base="lda",
        *,
        tradeoff="cv",
        cv=5,
        reg_covar=1e-6,
        max_iter=1000,
        tol=1e-6,
        n_jobs=None,
        random_state=None,
    ):
        self.base = base
        self.tradeoff = tradeoff
        self.cv = cv
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.tol = tol
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, X_unlabelled=None, sample_weight=None, groups=None):
        """Fit the model.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.
        X_unlabelled : array-like or frame of shape (n_unlabelled, n_features), \
                default=None
            Rows that teach the density alone, each with weight one.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the labelled rows, not negative; one as default. A row of weight
            two counts as two rows.
        groups : array-like of shape (n_samples,), default=None
            For ``cv``.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Where there is but one class, a class without weight, or a table that is not
            of finite numbers.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        y = self._check_labels(y)
        index = encode_labels(y, self.classes_)
        weight = self._check_weight(sample_weight, X, index)
        unlabelled = np.empty((0, X.shape[1]))
        if X_unlabelled is not None:
            unlabelled = validate_data(self, X_unlabelled, reset=False, dtype=float)
        self._centre = np.average(X, axis=0, weights=weight)
        variance = np.average(np.square(X - self._centre), axis=0, weights=weight)
        self._scale = np.where(variance > 0.0, np.sqrt(variance), 1.0)
        scores = self._standardised(X)
        unlabelled = self._standardised(unlabelled)
        self.cv_log_loss_ = {}
        if self.tradeoff == "cv":
            self.tradeoff_ = self._choose(X, scores, index, weight, unlabelled, groups)
        else:
            self.tradeoff_ = float(self.tradeoff)
        self.n_iter_ = 1
        (self._model,) = self._path(scores, index, weight, unlabelled, [self.tradeoff_])
        self.class_prior_ = np.exp(self._model.log_prior)
        self.means_ = self._centre + self._scale * self._model.mean
        precision, scale = self._model.precision, self._scale
        by_scale = scale**2 if precision.ndim == 1 else np.outer(scale, scale)
        self.precision_ = precision / by_scale
        return self

    def predict_joint_log_proba(self, X):
        """Log-density of the rows together with each class, log p(x, y).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        joint_log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        log_joint = self._model.log_joint(self._standardised(X))
        return log_joint - np.log(self._scale).sum()

    def score_samples(self, X):
        """Log-density of the rows, log p(x).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
            In nats.
        """
        return logsumexp(self.predict_joint_log_proba(X), axis=1)

    def predict_log_proba(self, X):
        """Log-probability of each class, log p(y | x).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """
        return log_softmax(self.predict_joint_log_proba(X), axis=1)

    def _standardised(self, X):
        return (X - self._centre) / self._scale

    def _check_weight(self, sample_weight, X, index):
        """Weights as floats, some of them in each class."""
        weight = check_sample_weight(
            sample_weight, X, dtype=np.float64, ensure_non_negative=True
        )
        without = self.classes_[np.bincount(index, weights=weight) == 0.0]
        if len(without):
            raise ValueError(
                "sample_weight leaves no weight to rows of the classes "
                f"{without.tolist()}. Leave these rows out."
            )
        return weight

    def _choose(self, X, scores, y, weight, unlabelled, groups):
        """The trade-off of least log loss on rows that were in no fit."""
        rng = as_generator(self.random_state)

        def of_fold(train, test):
            train = train[weight[train] > 0.0]
            known, y_train = np.unique(y[train], return_inverse=True)
            models = self._path(
                scores[train], y_train, weight[train], unlabelled, TRADEOFFS
            )
            proba = np.zeros((len(TRADEOFFS), len(test), len(self.classes_)))
            for number, model in enumerate(models):
                log_joint = model.log_joint(scores[test])
                proba[number][:, known] = np.exp(log_softmax(log_joint, axis=1))
            return log_of_mixed(proba, len(train))

        folds = make_folds(self.cv, X, y, rng, groups=groups)
        told = Parallel(n_jobs=self.n_jobs)(delayed(of_fold)(*fold) for fold in folds)
        judged = np.concatenate([test for _, test in folds])
        self.cv_log_loss_ = {
            round(float(tradeoff), 3): log_loss(log_proba, y[judged], weight[judged])
            for tradeoff, log_proba in zip(
                TRADEOFFS, np.concatenate(told, axis=1), strict=True
            )
        }
        return min(self.cv_log_loss_, key=self.cv_log_loss_.get)

    def _path(self, X, y, weight, unlabelled, tradeoffs):
        """Models of all trade-offs, each from that of the next larger one."""
        joint = self._joint_fit(X, y, weight)
        models, model = {}, joint
        for tradeoff in sorted(tradeoffs, reverse=True):
            if tradeoff == 0.0:
                model = self._conditional_fit(X, y, weight, joint)
            elif tradeoff < 1.0 or len(unlabelled):
                model, n_iter = fit_tradeoff(
                    X,
                    y,
                    tradeoff,
                    model,
                    sample_weight=weight,
                    X_unlabelled=unlabelled,
                    ridge=self.reg_covar,
                    max_iter=self.max_iter,
                    tol=self.tol,
                )
                self.n_iter_ = max(n_iter, 1)
            models[tradeoff] = model
        return [models[tradeoff] for tradeoff in tradeoffs]

    def _joint_fit(self, X, y, weight):
        diagonal = self.base == "naive_bayes"
        moments = class_moments(
            X, y, y.max() + 1, sample_weight=weight, diagonal=diagonal
        )
        prior = moments.weight / moments.weight.sum()
        covariance = np.tensordot(prior, moments.covariance, axes=1)
        ridge = self.reg_covar * (1.0 if diagonal else np.eye(X.shape[1]))
        # Something must remain of a constant column.
        least = np.finfo(float).eps * (1.0 if diagonal else np.eye(X.shape[1]))
        return TiedGaussians.of(prior, moments.mean, covariance + ridge + least)

    def _conditional_fit(self, X, y, weight, joint):
        """Logistic regression's posterior, with the covariance of the joint fit."""
        if len(joint.mean) < 2:
            return joint
        logistic = LogisticRegression(
            C=np.inf, max_iter=10 * self.max_iter, tol=1e-2 * self.tol
        ).fit(X, y, sample_weight=weight)
        slope, level = logistic.coef_, logistic.intercept_
        if len(slope) == 1:
            slope, level = np.vstack([-slope, slope]) / 2, np.r_[-level, level] / 2
        precision = joint.precision
        if precision.ndim == 1:
            mean = slope / precision
        else:
            mean = np.linalg.solve(precision, slope.T).T
        # A shift of all means changes no posterior: rows keep their mean.
        prior = np.exp(joint.log_prior)
        mean = mean - prior @ (mean - joint.mean)
        moved = mean * precision if precision.ndim == 1 else mean @ precision
        log_prior = level + 0.5 * (mean * moved).sum(axis=1)
        return TiedGaussians(log_softmax(log_prior), mean, joint.factor)
