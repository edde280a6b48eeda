"""How good drawn rows are: arrays in, a number out."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import NearestNeighbors

from skgendisc.utils.random_state import draw_seed

# Neighbours that make a ball around a row.
N_NEIGHBOURS = 5
# Boosting that is quick: a few trees tell rows that are far from real.
TREES = {"max_iter": 50, "max_leaf_nodes": 15, "early_stopping": False}


def discriminator_auc(real, drawn, y, rng):
    """Cross-validated AUC of boosting that tells drawn from real rows.

    Parameters
    ----------
    real, drawn : ndarray of shape (n_rows, n_columns)
    y : ndarray of shape (n_rows,)
        Classes of the rows, of both alike.
    rng : numpy.random.Generator

    Returns
    -------
    auc : float
        One half where they cannot be told.
    """
    X = np.column_stack([np.concatenate([real, drawn]), np.tile(y, 2)])
    is_real = np.repeat([1, 0], [len(real), len(drawn)])
    folds = StratifiedKFold(3, shuffle=True, random_state=draw_seed(rng))
    boosting = HistGradientBoostingClassifier(**TREES, random_state=draw_seed(rng))
    proba = cross_val_predict(boosting, X, is_real, cv=folds, method="predict_proba")
    return float(roc_auc_score(is_real, proba[:, 1]))


def coverage(real, drawn):
    """Share of real rows with a drawn one as near as their nearest real neighbours.

    Parameters
    ----------
    real, drawn : ndarray of shape (n_rows, n_columns)

    Returns
    -------
    coverage : float
        Between 0 and 1; near 1 where both have the same distribution.
    """
    scale = real.std(axis=0)
    scale[scale == 0] = 1.0
    real, drawn = real / scale, drawn / scale
    n_neighbours = min(N_NEIGHBOURS, len(real) - 1)
    # The first neighbour of a row is the row itself.
    neighbours = NearestNeighbors(n_neighbors=n_neighbours + 1).fit(real)
    radius = neighbours.kneighbors(real)[0][:, -1]
    nearest = NearestNeighbors(n_neighbors=1).fit(drawn).kneighbors(real)[0][:, 0]
    return float(np.mean(nearest <= radius))
