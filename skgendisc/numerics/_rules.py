"""Errors that are known: of linear rules between normal classes."""

import numpy as np
from scipy.special import ndtr


def linear_rule_error(coef, intercept, means, covariances, priors):
    r"""Error of the rule that takes the second of two classes where a line is positive.

    .. math:: \pi_0 \Phi(m_0 / s_0) + \pi_1 \Phi(-m_1 / s_1), \quad
              m_k = w^\top \mu_k + b, \quad s_k^2 = w^\top \Sigma_k w

    Parameters
    ----------
    coef : ndarray of shape (n_features,)
    intercept : float
    means : ndarray of shape (2, n_features)
    covariances : ndarray of shape (2, n_features, n_features)
    priors : ndarray of shape (2,)

    Returns
    -------
    error : float
        Share of rows that get the wrong class.
    """
    height = means @ coef + intercept
    spread = np.sqrt(np.einsum("i,kij,j->k", coef, covariances, coef))
    # Where the line does not vary, its sign decides, and zero is not positive.
    sure = np.where(height > 0, np.inf, -np.inf)
    flat = spread == 0
    height = np.where(flat, sure, height / np.where(flat, 1.0, spread))
    wrong = np.array([1.0, -1.0]) * height
    return float(priors @ ndtr(wrong))


def tied_linear_rule(means, covariance, priors):
    """Coefficients and intercept of the log-odds of two normals of one covariance.

    Parameters
    ----------
    means : ndarray of shape (2, n_features)
    covariance : ndarray of shape (n_features, n_features)
        Positive definite; a diagonal one gives naive Bayes.
    priors : ndarray of shape (2,)

    Returns
    -------
    coef : ndarray of shape (n_features,)
    intercept : float
    """
    coef = np.linalg.solve(covariance, means[1] - means[0])
    log_odds = np.log(priors[1] / priors[0])
    return coef, float(log_odds - coef @ means.sum(axis=0) / 2)
