"""Binary trees as arrays of nodes: what to cut off, and what to put together."""

import numpy as np

# What each number that a node needs costs, in nats: it must make the rows twenty times
# as likely.
COST = np.log(20.0)


def prune(left, right, log_likelihood, n_numbers):
    """Cut off the branches that do not pay for the numbers they need.

    Parameters
    ----------
    left, right : ndarray of shape (n_nodes,)
        Children of each node, -1 for none; a parent comes before its children.
    log_likelihood : ndarray of shape (n_nodes,)
        Of the rows in each node, given what is fitted to the node, in nats.
    n_numbers : ndarray of shape (n_nodes,)
        How many are fitted to a node.

    Returns
    -------
    kept : ndarray of shape (n_nodes,)
        The node that each node is cut back to; itself where it stays.

    References
    ----------
    Breiman et al. (1984). Classification and regression trees, chapter 10, for cutting
    back from the leaves.
    """
    levels = _levels(left, right)
    worth = log_likelihood - COST * n_numbers
    best, splits = worth.copy(), np.zeros(len(left), dtype=bool)
    for nodes in reversed(levels):
        inner = nodes[left[nodes] >= 0]
        below = best[left[inner]] + best[right[inner]]
        splits[inner] = below > worth[inner]
        best[inner] = np.maximum(below, worth[inner])
    kept = np.arange(len(left))
    for nodes in levels:
        inner = nodes[left[nodes] >= 0]
        cut = inner[(kept[inner] != inner) | ~splits[inner]]
        kept[left[cut]] = kept[right[cut]] = kept[cut]
    return kept


def put_together(left, right, n_rows, least):
    """For each node the nearest at or above it that has as many rows as are wanted.

    Parameters
    ----------
    left, right : ndarray of shape (n_nodes,)
    n_rows : ndarray of shape (n_nodes,)
    least : int

    Returns
    -------
    above : ndarray of shape (n_nodes,)
    """
    above = np.arange(len(left))
    for nodes in _levels(left, right):
        inner = nodes[left[nodes] >= 0]
        for child in (left[inner], right[inner]):
            above[child] = np.where(n_rows[child] >= least, child, above[inner])
    return above


def _levels(left, right):
    """Nodes of each depth, from the root."""
    levels = [np.zeros(1, dtype=np.intp)]
    while len(levels[-1]):
        nodes = levels[-1][left[levels[-1]] >= 0]
        levels.append(np.concatenate([left[nodes], right[nodes]]))
    return levels[:-1]
