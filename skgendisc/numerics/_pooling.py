"""Log-linear pools of probabilities, and the weights that suit some labels best."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax


def pool(log_proba, weight, bias=0.0):
    r"""Put the probabilities of some classifiers together.

    .. math:: p(y | x) \propto \exp(b_y) \prod_m p_m(y | x)^{w_m}

    Parameters
    ----------
    log_proba : ndarray of shape (n_members, n_samples, n_classes)
        Finite.
    weight : ndarray of shape (n_members,)
    bias : ndarray of shape (n_classes,), default=0.0

    Returns
    -------
    log_proba : ndarray of shape (n_samples, n_classes)
        In nats; their exponentials sum to one.
    """
    return log_softmax(np.tensordot(weight, log_proba, axes=1) + bias, axis=1)


def fit_pool(log_proba, y, sample_weight, *, penalty, with_bias):
    r"""Weights of a pool that make penalised log loss least.

    .. math:: \sum_i s_i \, (-\log p(y_i | x_i))
       + \frac{\lambda}{2} (\| w - e_1 \|^2 + \| b \|^2), \quad w \ge 0

    The first member alone is where the penalty is zero, so that others must earn
    their weight. The problem is convex.

    Parameters
    ----------
    log_proba : ndarray of shape (n_members, n_samples, n_classes)
        Of rows that the members did not see.
    y : ndarray of shape (n_samples,)
        Class numbers.
    sample_weight : ndarray of shape (n_samples,)
    penalty : float
        In nats.
    with_bias : bool
        Whether classes have biases; they are zero otherwise.

    Returns
    -------
    weight : ndarray of shape (n_members,)
    bias : ndarray of shape (n_classes,)
    objective : float
        What was made least, in nats.
    """
    n_members, n_samples, n_classes = log_proba.shape
    alone = np.zeros(n_members + n_classes)
    alone[0] = 1.0
    rows = np.arange(n_samples)

    def objective(parameters):
        weight, bias = np.split(parameters, [n_members])
        log_pool = pool(log_proba, weight, bias)
        off = parameters - alone
        loss = -sample_weight @ log_pool[rows, y] + 0.5 * penalty * off @ off
        error = np.exp(log_pool)
        error[rows, y] -= 1.0
        error *= sample_weight[:, None]
        slope = np.tensordot(log_proba, error, axes=2)
        slope = np.concatenate([slope, error.sum(axis=0)]) + penalty * off
        return loss, slope

    of_bias = (None, None) if with_bias else (0.0, 0.0)
    bounds = [(0.0, None)] * n_members + [of_bias] * n_classes
    best = minimize(objective, alone, jac=True, method="L-BFGS-B", bounds=bounds)
    weight, bias = np.split(best.x, [n_members])
    return weight, bias, float(best.fun)


def log_loss(log_proba, y, sample_weight):
    """Mean negative log-probability of the labels, in nats.

    Parameters
    ----------
    log_proba : ndarray of shape (n_samples, n_classes)
    y : ndarray of shape (n_samples,)
        Class numbers.
    sample_weight : ndarray of shape (n_samples,)

    Returns
    -------
    loss : float
    """
    of_labels = log_proba[np.arange(len(y)), y]
    return float(-np.average(of_labels, weights=sample_weight))
