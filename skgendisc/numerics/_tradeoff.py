"""Gaussians with one covariance, between joint and conditional likelihood."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp, softmax

LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class TiedGaussians:
    """A Gaussian for each class, all with one covariance.

    Parameters
    ----------
    log_prior : ndarray of shape (n_classes,)
    mean : ndarray of shape (n_classes, n_features)
    factor : ndarray of shape (n_features, n_features) or (n_features,)
        Lower triangular, ``factor @ factor.T`` being the inverse of the covariance; or
        its diagonal, where columns are independent within a class.
    """

    log_prior: np.ndarray
    mean: np.ndarray
    factor: np.ndarray

    @classmethod
    def of(cls, prior, mean, covariance):
        """From moments; a vector for the covariance holds variances."""
        if covariance.ndim == 1:
            return cls(np.log(prior), mean, 1.0 / np.sqrt(covariance))
        # The inverse's lower factor is that of the reversed matrix, turned round.
        upper = np.linalg.cholesky(covariance[::-1, ::-1])[::-1, ::-1]
        return cls(np.log(prior), mean, np.linalg.inv(upper).T)

    @property
    def precision(self):
        """Inverse of the covariance, a vector where that is diagonal."""
        if self.factor.ndim == 1:
            return self.factor**2
        return self.factor @ self.factor.T

    def log_joint(self, X):
        """log p(x, y), of shape (n_samples, n_classes), in nats."""
        scores, centres = self._whiten(X), self._whiten(self.mean)
        distance = np.square(scores).sum(axis=1)[:, None] - 2.0 * scores @ centres.T
        distance = distance + np.square(centres).sum(axis=1)
        log_scale = np.log(_diagonal(self.factor)).sum() - 0.5 * X.shape[1] * LOG_2PI
        return self.log_prior + log_scale - 0.5 * distance

    def _whiten(self, X):
        return X * self.factor if self.factor.ndim == 1 else X @ self.factor


def fit_tradeoff(
    X, y, tradeoff, start, *, sample_weight, X_unlabelled, ridge, max_iter, tol
):
    r"""Make a weighted sum of joint and conditional log-likelihood large.

    .. math:: \lambda \sum_i w_i \log p(x_i, y_i)
       + (1 - \lambda) \sum_i w_i \log p(y_i | x_i)
       + \lambda \sum_u \log p(x_u) - \lambda \frac{n r}{2} \mathrm{tr}\, \Sigma^{-1}

    (Bouchard & Triggs 2004, equation 3; with rows u without labels, as Lasserre,
    Bishop & Minka 2006.) n is the sum of weights, one for each row u. With
    :math:`\lambda = 1` and no such rows the moments are the solution, the ridge r on
    the covariance among them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        About standardised.
    y : ndarray of shape (n_samples,)
        Class numbers.
    tradeoff : float
        In (0, 1].
    start : TiedGaussians
    sample_weight : ndarray of shape (n_samples,)
    X_unlabelled : ndarray of shape (n_unlabelled, n_features)
    ridge : float
    max_iter : int
    tol : float
        On the slope of the mean over rows, in nats.

    Returns
    -------
    model : TiedGaussians
    n_iter : int
        Steps that were taken.
    """
    shape, diagonal = start.mean.shape, start.factor.ndim == 1
    rows = np.concatenate([X, X_unlabelled])
    of_label = np.zeros((len(rows), shape[0]))
    of_label[np.arange(len(X)), y] = sample_weight
    # How much log p(x) counts in each row.
    unlabelled = np.full(len(X_unlabelled), tradeoff)
    share = np.concatenate([(tradeoff - 1.0) * sample_weight, unlabelled])
    total = sample_weight.sum() + len(X_unlabelled)
    spread = 0.5 * tradeoff * ridge * total

    def objective(parameters):
        model = _unpack(parameters, shape, diagonal)
        log_joint = model.log_joint(rows)
        value = (of_label * log_joint).sum() + share @ logsumexp(log_joint, axis=1)
        value -= spread * np.square(model.factor).sum()
        weight = of_label + share[:, None] * softmax(log_joint, axis=1)
        slope = _slope(model, rows, weight, 2.0 * spread)
        return -value / total, -slope / total

    best = minimize(
        objective,
        _pack(start),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": max_iter, "gtol": tol, "ftol": 1e-15, "maxcor": 20},
    )
    return _unpack(best.x, shape, diagonal), best.nit


def _slope(model, X, weight, spread):
    """Of a weighted sum of log joint probabilities, with respect to all parameters."""
    of_class = weight.sum(axis=0)
    of_prior = of_class - of_class.sum() * np.exp(model.log_prior)
    moved = weight.T @ X - of_class[:, None] * model.mean
    of_rows, factor = weight.sum(axis=1), model.factor
    diagonal = _diagonal(factor)
    if factor.ndim == 1:
        of_mean = moved * factor**2
        scatter = of_rows @ X**2 - 2.0 * (model.mean * (weight.T @ X)).sum(axis=0)
        scatter = scatter + of_class @ model.mean**2
        of_factor = -(scatter + spread) * factor
        of_factor = (of_factor + of_class.sum() / diagonal) * diagonal
        return np.concatenate([of_prior, of_mean.ravel(), of_factor])
    of_mean = moved @ factor @ factor.T
    crossed = (weight.T @ X).T @ model.mean
    scatter = (X.T * of_rows) @ X - crossed - crossed.T
    scatter += (model.mean.T * of_class) @ model.mean
    of_factor = -(scatter @ factor + spread * factor)
    of_factor[np.diag_indices_from(factor)] += of_class.sum() / diagonal
    of_factor[np.diag_indices_from(factor)] *= diagonal
    below = np.tril_indices_from(factor)
    return np.concatenate([of_prior, of_mean.ravel(), of_factor[below]])


def _pack(model):
    """Parameters as one vector; the factor's diagonal by its logarithm."""
    factor = model.factor
    if factor.ndim == 1:
        entries = np.log(factor)
    else:
        entries = factor.copy()
        entries[np.diag_indices_from(factor)] = np.log(np.diag(factor))
        entries = entries[np.tril_indices_from(factor)]
    return np.concatenate([model.log_prior, model.mean.ravel(), entries])


def _unpack(parameters, shape, diagonal):
    n_classes, n_features = shape
    log_prior, mean, entries = np.split(
        parameters, [n_classes, n_classes + n_classes * n_features]
    )
    if diagonal:
        factor = np.exp(entries)
    else:
        factor = np.zeros((n_features, n_features))
        factor[np.tril_indices(n_features)] = entries
        own = np.diag_indices(n_features)
        factor[own] = np.exp(factor[own])
    return TiedGaussians(log_softmax(log_prior), mean.reshape(shape), factor)


def _diagonal(factor):
    return factor if factor.ndim == 1 else np.diag(factor)
