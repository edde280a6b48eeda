"""Probabilities put right: other priors, and rising curves over log-odds."""

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit, log_expit, log_softmax, logit, logsumexp

# How far beyond its ends a rising line goes on, in log-odds.
TAIL = 0.01
# Of a sigmoid over log-odds: enough to keep ranks where they tell nothing.
LEAST_SLOPE = 0.01


def shift_prior(log_proba, prior, resampled_prior):
    r"""Probabilities under other class frequencies than those that were fitted to.

    .. math:: p'(y | x) \propto p(y | x) \, \pi_y / \rho_y

    Parameters
    ----------
    log_proba : ndarray of shape (n_samples, n_classes)
        Under ``resampled_prior``.
    prior, resampled_prior : ndarray of shape (n_classes,) or (n_samples, n_classes)
        Classes for which one of them is zero are left where they are.

    Returns
    -------
    log_proba : ndarray of shape (n_samples, n_classes)
        In nats; their exponentials sum to one.
    """
    return log_softmax(log_proba + np.log(prior_ratio(prior, resampled_prior)), axis=1)


def prior_ratio(prior, resampled_prior):
    """What gives classes back the shares they had before rows were resampled.

    Parameters
    ----------
    prior, resampled_prior : ndarray of one shape
        Shares of the classes.

    Returns
    -------
    ratio : ndarray of that shape
        One for classes of which a share is zero.
    """
    known = (prior > 0) & (resampled_prior > 0)
    return np.divide(prior, resampled_prior, out=np.ones_like(prior), where=known)


def one_vs_rest_log_odds(log_proba):
    """Log-odds of each class against all others; of two classes, of the second.

    Parameters
    ----------
    log_proba : ndarray of shape (n_samples, n_classes)
        Finite.

    Returns
    -------
    log_odds : ndarray of shape (n_samples, n_classes) or (n_samples, 1)
    """
    n_classes = log_proba.shape[1]
    if n_classes == 2:
        return log_proba[:, [1]] - log_proba[:, [0]]
    # From the others' sum: one minus a probability near one would lose its digits.
    others = [
        logsumexp(np.delete(log_proba, k, axis=1), axis=1) for k in range(n_classes)
    ]
    return log_proba - np.column_stack(others)


def one_vs_rest_log_proba(log_odds):
    """Log-probabilities in proportion to those of each class against all others.

    Parameters
    ----------
    log_odds : ndarray of shape (n_samples, n_classes) or (n_samples, 1)
        One column speaks of the second of two classes.

    Returns
    -------
    log_proba : ndarray of shape (n_samples, n_classes)
        In nats; their exponentials sum to one.
    """
    if log_odds.shape[1] == 1:
        return log_expit(np.hstack([-log_odds, log_odds]))
    return log_softmax(log_expit(log_odds), axis=1)


def fit_sigmoid(log_odds, is_class, sample_weight):
    r"""Slope a and intercept b of :math:`\sigma(a z + b)` with least log loss.

    No penalty; instead of it targets are those of Platt, a row's worth away from 0 and
    1, so that there is a best sigmoid for classes that can be told apart, or that have
    no rows. The slope is at least ``LEAST_SLOPE``: where few rows of a class happen to
    lie on the wrong side, the best one would turn all ranks round.

    Parameters
    ----------
    log_odds : ndarray of shape (n_samples,)
    is_class : ndarray of shape (n_samples,)
        Zero or one.
    sample_weight : ndarray of shape (n_samples,)

    Returns
    -------
    slope, intercept : float

    References
    ----------
    Platt (1999). Probabilistic outputs for support vector machines, section 2.2.
    """
    inside = sample_weight @ is_class
    outside = sample_weight.sum() - inside
    target = np.where(is_class, (inside + 1) / (inside + 2), 1 / (outside + 2))
    return _fit_line(
        log_odds, target, sample_weight, slope=LEAST_SLOPE, least_slope=LEAST_SLOPE
    )


def fit_recalibration(log_odds, is_event):
    r"""Slope a and intercept b of :math:`\sigma(a z + b)`, 1 and 0 where z are right.

    The log loss is least, of the rows and of one more row, spread over all, whose
    events happen as foretold: so there is a best line for classes that can be told
    apart, and right log-odds are not drawn to a slope below 1, as Platt's targets draw
    those that are far from zero.

    Parameters
    ----------
    log_odds : ndarray of shape (n_samples,)
        Finite.
    is_event : ndarray of shape (n_samples,), dtype bool

    Returns
    -------
    slope, intercept : float

    References
    ----------
    Cox (1958). Two further applications of a model for binary regression. Biometrika
    45(3-4).
    """
    n_rows = len(log_odds)
    target = (n_rows * is_event + expit(log_odds)) / (n_rows + 1)
    return _fit_line(log_odds, target, np.ones(n_rows), slope=1.0)


def _fit_line(log_odds, target, sample_weight, *, slope, least_slope=-np.inf):
    """Slope and intercept with least log loss, looked for from this slope on."""
    # Not the spread of equal log-odds: rounding leaves some, and slopes of 1e15.
    centre, scale = log_odds.mean(), log_odds.std() if np.ptp(log_odds) else 1.0
    z = (log_odds - centre) / scale
    share = sample_weight / sample_weight.sum()

    def objective(parameters):
        slope, intercept = parameters
        line = slope * z + intercept
        loss = share @ (np.logaddexp(0.0, line) - target * line)
        error = share * (expit(line) - target)
        return loss, np.array([error @ z, error.sum()])

    start = np.array([slope * scale, slope * centre])
    bounds = [(least_slope * scale, np.inf), (-np.inf, np.inf)]
    best = minimize(
        objective, start, jac=True, method="L-BFGS-B", bounds=bounds, tol=1e-12
    )
    slope = best.x[0] / scale
    return float(slope), float(best.x[1] - slope * centre)


def fit_isotonic(log_odds, is_class, sample_weight):
    """Corners of a line over log-odds that rises wherever an isotonic fit does.

    An isotonic fit is a step function, and rows on a step are ranked no more. Here a
    line goes through the middle of each step, so that ranks stay as they are.

    Parameters
    ----------
    log_odds : ndarray of shape (n_samples,)
    is_class : ndarray of shape (n_samples,)
        Zero or one.
    sample_weight : ndarray of shape (n_samples,)
        Positive for some rows.

    Returns
    -------
    places, heights : ndarray of shape (n_steps,)
        Log-odds as they were, and as they shall be; heights no surer than half a row
        of all makes them.

    References
    ----------
    Oron & Flournoy (2017). Centered isotonic regression: point and interval estimation
    for dose-response studies. Statistics in Biopharmaceutical Research 9(3).
    """
    some = sample_weight > 0
    places, of_place = np.unique(log_odds[some], return_inverse=True)
    weight = np.bincount(of_place, weights=sample_weight[some])
    share = np.bincount(of_place, weights=(sample_weight * is_class)[some]) / weight
    fit = isotonic_regression(share, weights=weight)
    starts = fit.blocks[:-1]
    middle = np.add.reduceat(weight * places, starts) / np.add.reduceat(weight, starts)
    least = 0.5 / np.count_nonzero(some)
    return middle, logit(np.clip(fit.x[starts], least, 1.0 - least))


def interpolate_rising(log_odds, places, heights):
    """Values of the line of :func:`fit_isotonic`.

    Beyond its ends it rises by less than ``TAIL``: enough to keep ranks, and no surer.

    Parameters
    ----------
    log_odds : ndarray of shape (n_samples,)
    places, heights : ndarray of shape (n_steps,)

    Returns
    -------
    log_odds : ndarray of shape (n_samples,)
    """
    beyond = log_odds - np.clip(log_odds, places[0], places[-1])
    line = np.interp(log_odds, places, heights)
    return line + TAIL * beyond / (1.0 + np.abs(beyond))
