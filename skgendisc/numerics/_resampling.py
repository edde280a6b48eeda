"""Choosing some of many by weight, each at most once."""

import numpy as np


def inclusion_probabilities(log_weight, n_chosen):
    """Probabilities of being chosen, in proportion to weights as far as they go.

    Parameters
    ----------
    log_weight : ndarray of shape (n_candidates,)
        Finite.
    n_chosen : int
        At most ``n_candidates``.

    Returns
    -------
    probability : ndarray of shape (n_candidates,)
        Summing to ``n_chosen``; those that would be above one are one.
    """
    # No weight vanishes: the lightest may be all that is left to choose from.
    weight = np.exp(np.maximum(log_weight - np.max(log_weight, initial=-np.inf), -700))
    order = np.argsort(-weight)
    ordered = weight[order]
    rest = np.cumsum(ordered[::-1])[::-1]  # of each and all lighter ones
    left = n_chosen - np.arange(len(ordered))
    # The heaviest are certain while their share of what is left to choose exceeds one.
    n_certain = int(np.argmax(ordered * left <= rest)) if len(ordered) else 0
    probability = np.ones(len(weight))
    lighter = order[n_certain:]
    if len(lighter):
        probability[lighter] = weight[lighter] * left[n_certain] / rest[n_certain]
    return probability


def systematic_sample(probability, rng):
    """Choose by given probabilities, as many as they sum to.

    Parameters
    ----------
    probability : ndarray of shape (n_candidates,)
        In [0, 1], summing to a whole number.
    rng : numpy.random.Generator

    Returns
    -------
    chosen : ndarray of shape (n_chosen,)
        Indices, each at most once, in random order.

    References
    ----------
    Madow (1949). On the theory of systematic sampling, II. Annals of Mathematical
    Statistics 20(3), on candidates in random order.
    """
    order = rng.permutation(len(probability))
    edges = np.cumsum(probability[order])
    n_chosen = int(np.rint(edges[-1])) if len(edges) else 0
    ticks = (np.arange(n_chosen) + rng.random()) * (
        edges[-1] / n_chosen if n_chosen else 1.0
    )
    # Rounding may lead two ticks to one candidate of probability one.
    index = np.searchsorted(edges, ticks, side="right")
    index = np.maximum.accumulate(index - np.arange(n_chosen)) + np.arange(n_chosen)
    index = np.minimum(index, len(order) - n_chosen + np.arange(n_chosen))
    return order[index]


def effective_share(log_weight):
    """Kish's effective sample size, as a share of the sample.

    Parameters
    ----------
    log_weight : ndarray of shape (..., n_candidates)

    Returns
    -------
    share : ndarray of shape (...)
        In (0, 1].
    """
    weight = np.exp(log_weight - np.max(log_weight, axis=-1, keepdims=True))
    total, squares = weight.sum(axis=-1), (weight**2).sum(axis=-1)
    return total**2 / squares / weight.shape[-1]
