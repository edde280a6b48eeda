"""Ranks, shares and their errors: how well scores tell two samples apart."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaincinv, ndtri
from scipy.stats import rankdata


def roc_auc(positive, negative):
    """Area under the ROC curve of scores that ought to be higher for positives.

    Parameters
    ----------
    positive : ndarray of shape (n_positive,)
    negative : ndarray of shape (n_negative,)

    Returns
    -------
    auc : float
        Share of pairs with the positive one above; ties count half.
    """
    n_positive, n_negative = len(positive), len(negative)
    rank = rankdata(np.concatenate([positive, negative]))[:n_positive]
    above = rank.sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * n_negative))


def roc_auc_error_at_chance(n_positive, n_negative):
    """Standard error of an area of one half, of scores without ties."""
    return np.sqrt((n_positive + n_negative + 1) / (12.0 * n_positive * n_negative))


def roc_auc_interval(auc, n_positive, n_negative, level=0.95):
    """Confidence interval of an area under the ROC curve.

    Newcombe's method 5: areas whose standard error, of Hanley and McNeil with the mean
    sample size, reaches as far as the estimate. It stays within [0, 1] and has a width
    where the estimate is 1.

    Parameters
    ----------
    auc : float
    n_positive, n_negative : int
    level : float, default=0.95

    Returns
    -------
    low, high : float

    References
    ----------
    Newcombe (2006). Confidence intervals for an effect size measure based on the
    Mann-Whitney statistic, part 2. Statistics in Medicine 25.
    """
    z = ndtri(0.5 + level / 2)
    more = (n_positive + n_negative) / 2 - 1

    def excess(area):
        """Beyond z standard errors of an assumed area lies the estimate."""
        spread = 1 + more * ((1 - area) / (2 - area) + area / (1 + area))
        variance = area * (1 - area) * spread / (n_positive * n_negative)
        return (auc - area) ** 2 - z**2 * variance

    # At 0 and at 1 no area has an error, and the excess of these alone is zero.
    edge = 1e-12
    low = brentq(excess, 0.0, min(auc, 1 - edge)) if auc > edge else 0.0
    high = brentq(excess, max(auc, edge), 1.0) if auc < 1 - edge else 1.0
    return float(low), float(high)


def binomial_interval(n_successes, n_trials, level=0.95):
    """Clopper and Pearson's exact confidence interval of a probability.

    Parameters
    ----------
    n_successes, n_trials : int
    level : float, default=0.95

    Returns
    -------
    low, high : float
    """
    tail = (1 - level) / 2
    n_failures = n_trials - n_successes
    low = betaincinv(n_successes, n_failures + 1, tail) if n_successes else 0.0
    high = betaincinv(n_successes + 1, n_failures, 1 - tail) if n_failures else 1.0
    return float(low), float(high)
