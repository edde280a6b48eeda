"""How much columns tell about each other."""

import numpy as np

# Beyond these, codes of pairs are counted by those that occur.
MOST_CELLS = 2**20


class Associations:
    """Normalised mutual information between columns of codes, a row at a time.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_columns)
        Small non-negative integers.
    """

    def __init__(self, codes):
        n_bins = codes.max(axis=0) + 1
        self._begin = np.append(0, np.cumsum(n_bins))
        indicators = np.zeros((len(codes), self._begin[-1]), dtype=np.float32)
        indicators[np.arange(len(codes))[:, None], self._begin[:-1] + codes] = 1.0
        self._indicators = indicators
        self._share = indicators.mean(axis=0, dtype=np.float64)
        entropy = -_sum_by(self._begin, _plogp(self._share))
        self._entropy = np.maximum(entropy, 1e-12)

    def of(self, column):
        """Association of a column with each: mutual information over mean entropy.

        Parameters
        ----------
        column : int

        Returns
        -------
        association : ndarray of shape (n_columns,)
            From 0, independent, to 1, each a function of the other. The mean entropy
            is the geometric one.
        """
        own = slice(self._begin[column], self._begin[column + 1])
        joint = self._indicators[:, own].T @ self._indicators / len(self._indicators)
        joint = joint.astype(np.float64)
        expected = np.outer(self._share[own], self._share)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(joint > 0, joint * np.log(joint / expected), 0.0)
        information = _sum_by(self._begin, terms.sum(axis=0))
        return information / np.sqrt(self._entropy * self._entropy[column])


def coarse_codes(code, position, n_bins):
    """Codes of few bins: stretches of ``position``, or the most frequent codes.

    Parameters
    ----------
    code : ndarray of shape (n_samples,)
    position : ndarray of shape (n_codes,) or None
        Place of each code, from 0 to 1; None for codes without an order.
    n_bins : int

    Returns
    -------
    coarse : ndarray of shape (n_samples,)
        Below ``n_bins``.
    """
    if position is not None:
        place = np.unique(position[code], return_inverse=True)[1]
        if place.max(initial=0) < n_bins:
            return place
        return np.minimum((position[code] * n_bins).astype(np.intp), n_bins - 1)
    count = np.bincount(code)
    rank = np.empty(len(count), dtype=np.intp)
    rank[np.argsort(-count, kind="stable")] = np.arange(len(count))
    return np.minimum(rank[code], n_bins - 1)


def level_scores(level, target, n_levels, weight):
    """Scores of levels: the mean of a target in each, drawn towards the overall one.

    Parameters
    ----------
    level : ndarray of shape (n_samples,)
        From 0 to ``n_levels - 1``.
    target : ndarray of shape (n_samples,)
    n_levels : int
    weight : float
        Rows of the overall mean that are counted in each level.

    Returns
    -------
    score : ndarray of shape (n_levels,)
    """
    count = np.bincount(level, minlength=n_levels)
    total = np.bincount(level, weights=target, minlength=n_levels)
    return (total + weight * target.mean()) / (count + weight)


def reciprocal_scores(first, second, n_first, n_second, weight, n_rounds=5):
    """Scores of the levels of two columns that correlate as much as any do.

    Reciprocal averaging: the scores of each are the means of the other's.

    Parameters
    ----------
    first, second : ndarray of shape (n_samples,)
        Levels.
    n_first, n_second : int
        How many there are.
    weight : float
        As in :func:`level_scores`.
    n_rounds : int, default=5

    Returns
    -------
    first_score : ndarray of shape (n_first,)
    second_score : ndarray of shape (n_second,)

    References
    ----------
    Hill (1973). Reciprocal averaging: an eigenvector method of ordination. Journal of
    Ecology 61(1).
    """
    second_score = np.arange(n_second, dtype=np.float64)
    for _ in range(n_rounds):
        target = second_score[second]
        spread = target.std()
        target = (target - target.mean()) / (spread if spread > 0 else 1.0)
        first_score = level_scores(first, target, n_first, weight)
        second_score = level_scores(second, first_score[first], n_second, weight)
    return first_score, second_score


def _sum_by(begin, terms):
    """Sums over the stretches that begin at ``begin``."""
    return np.add.reduceat(terms, begin[:-1])


def _plogp(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log(p), 0.0)


def joint_code(first, second):
    """One code for each pair of codes that meet, of few numbers.

    Parameters
    ----------
    first, second : ndarray of shape (n_samples,)
        Non-negative integers.

    Returns
    -------
    code : ndarray of shape (n_samples,)
        Non-negative integers.
    """
    n_second = int(second.max(initial=0)) + 1
    code = first.astype(np.int64) * n_second + second
    if (int(first.max(initial=0)) + 1) * n_second > MOST_CELLS:
        code = np.unique(code, return_inverse=True)[1]
    return code


def normalised_mutual_information(first, second):
    """Mutual information over the mean of the entropies, less its bias.

    Parameters
    ----------
    first, second : ndarray of shape (n_samples,)
        Codes, as non-negative integers.

    Returns
    -------
    information : float
        In [0, 1]; 0 where a column has one level alone.

    References
    ----------
    Miller (1955). Note on the bias of information estimates. Information Theory in
    Psychology. Of independent columns the information is above zero by the degrees of
    freedom over twice the number of rows.
    """
    n_rows = len(first)
    counts = [np.bincount(c) for c in (first, second, joint_code(first, second))]
    n_levels = [np.count_nonzero(count) for count in counts]
    entropies = [-_plogp(count / n_rows).sum() for count in counts]
    entropy = entropies[0] + entropies[1]
    if entropy <= 0:
        return 0.0
    # Cells without rows are taken for empty in truth.
    bias = (n_levels[2] - n_levels[0] - n_levels[1] + 1) / (2 * n_rows)
    information = entropy - entropies[2] - max(bias, 0.0)
    return float(np.clip(2 * information / entropy, 0.0, 1.0))
