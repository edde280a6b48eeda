"""The distribution of one column, given the class and the columns before it."""

from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from skgendisc.numerics import (
    CellCodes,
    CellCounts,
    level_scores,
    prune,
    put_together,
    reciprocal_scores,
)

# A grove is a branch with so many times the rows of the least leaf.
GROVE_LEAVES = 10
# Rows of the leaf that count with those of a class in it; of the grove with those of
# the leaf; of all with those of the grove. What the few rows of a leaf do not show is
# rare in it, and likely to be as in the leaves around.
ROWS_ABOVE = 5.0, 2.0, 2.0
# With more levels than these, a tree splits by scores of the levels.
MOST_CLASSES = 64
# As many scores each such level has.
N_SCORES = 3
# Rows that a tree is grown on at most; its leaves hold the others as well.
GROWN_ROWS = 50_000


@dataclass(frozen=True)
class Settings:
    """How trees are grown: parameters of TreeSampler."""

    min_samples_leaf: int
    max_features: object
    smoothing: float


@dataclass(frozen=True)
class ColumnTree:
    """The tree that leads to the rows from which a column is drawn.

    Parameters
    ----------
    cells : CellCodes
        Of the column.
    parents : ndarray of shape (n_parents,)
        Numbers of the columns that the tree splits by, after the class.
    scales : list of ndarray
        For the class and each parent, where each of its codes lies on the scale that
        is split; the last of a parent is for unknown codes.
    grown : GrownTree
    """

    cells: CellCodes
    parents: np.ndarray
    scales: list
    grown: object

    @classmethod
    def fit(cls, column, parents, codes, y, cells, settings, seed):
        """Grow the tree of a column.

        Parameters
        ----------
        column : int
        parents : ndarray of shape (n_parents,)
        codes : ndarray of shape (n_samples, n_features)
        y : ndarray of shape (n_samples,)
            Class numbers.
        cells : list of CellCodes
            Of all columns.
        settings : Settings
        seed : int

        Returns
        -------
        tree : ColumnTree
        """
        own, code = cells[column], codes[:, column]
        weight = settings.min_samples_leaf
        scales = [_class_scale(y, code, own, weight)]
        scales += [
            _scale(codes[:, j], cells[j], code, own, weight).astype(np.float32)
            for j in parents
        ]
        features = _features(codes, y, parents, scales)
        target = _target(code, own, [y, *codes[:, parents].T], scales)
        grown = GrownTree.grow(
            features, target, code, y, len(scales[0]), own, settings, int(seed)
        )
        return cls(own, parents, scales, grown)

    def draw(self, codes, y, rng):
        """A code of the column for each row of the columns before it.

        Parameters
        ----------
        codes : ndarray of shape (n_samples, n_features)
            Of which only the parents are read.
        y : ndarray of shape (n_samples,)
        rng : numpy.random.Generator

        Returns
        -------
        code : ndarray of shape (n_samples,)
        """
        counts, groups = self.grown.counts, self._groups(codes, y)
        code = np.empty(len(y), dtype=np.int32)
        waiting = np.arange(len(y))
        for group, rows_above in zip(groups[:-1], _rows_above(groups), strict=True):
            n_rows = counts.n_rows(group[waiting])
            climbs = rng.random(len(waiting)) * (n_rows + rows_above) >= n_rows
            stay = waiting[~climbs]
            code[stay] = counts.draw(group[stay], rng)
            waiting = waiting[climbs]
        code[waiting] = counts.draw(groups[-1, waiting], rng)
        return code

    def probability(self, codes, y, code):
        """Probability of each row's code, and of leaving it to what was never seen.

        Parameters
        ----------
        codes : ndarray of shape (n_samples, n_features)
        y, code : ndarray of shape (n_samples,)

        Returns
        -------
        probability : ndarray of shape (n_samples,)
        leftover : ndarray of shape (n_samples,)
            How much of the probability is that of all rows, in which one row more is
            counted for values that none has.
        """
        counts, groups = self.grown.counts, self._groups(codes, y)
        inside = counts.probability(groups.ravel(), np.tile(code, len(groups)))
        *nearer, everywhere = inside.reshape(groups.shape)
        levels = zip(
            nearer, counts.n_rows(groups[:-1]), _rows_above(groups), strict=True
        )
        probability = self.cells.n_rows / (self.cells.n_rows + 1) * everywhere
        leftover = np.ones(len(y))
        for inside, n_rows, rows_above in reversed(list(levels)):
            climbs = rows_above / (n_rows + rows_above)
            probability = (1 - climbs) * inside + climbs * probability
            leftover = climbs * leftover
        return probability, leftover

    def _groups(self, codes, y):
        features = _features(codes, y, self.parents, self.scales)
        return self.grown.groups(features, y)


@dataclass(frozen=True)
class GrownTree:
    """A tree that was cut back, with the rows of its leaves and of what is above them.

    Its groups of rows are, in this order, those of each leaf, of each grove, all rows,
    and, where there are classes, those of each leaf and class.

    Parameters
    ----------
    tree : sklearn.tree._tree.Tree
    leaf : ndarray of shape (n_nodes,)
        Number of the leaf that a node of the tree was cut back to.
    grove : ndarray of shape (n_leaves,)
        Number of the grove that each leaf stands in.
    n_classes : int
    counts : CellCounts
        Of the column, in each group.
    """

    tree: object
    leaf: np.ndarray
    grove: np.ndarray
    n_classes: int
    counts: CellCounts

    @classmethod
    def grow(cls, features, target, code, y, n_classes, cells, settings, seed):
        """Grow a tree, cut it back, and count the rows in it."""
        is_class = target.dtype.kind == "i"
        estimator = DecisionTreeClassifier if is_class else DecisionTreeRegressor
        tree = estimator(
            min_samples_leaf=settings.min_samples_leaf,
            max_features=settings.max_features,
            random_state=seed,
        )
        rows = slice(None)
        if len(y) > GROWN_ROWS:
            rows = np.random.default_rng(seed).choice(len(y), GROWN_ROWS, replace=False)
        # Both are what trees take: this is called for each column of each order.
        tree = tree.fit(features[rows], target[rows], check_input=False).tree_
        left, right = tree.children_left, tree.children_right
        kept = prune(left, right, *_log_likelihood(tree, is_class, cells.n_codes))
        leaves = np.unique(kept[left < 0])
        leaf = np.searchsorted(leaves, kept).astype(np.int32)
        least = GROVE_LEAVES * settings.min_samples_leaf
        above = put_together(left, right, tree.n_node_samples, least)[leaves]
        groves, grove = np.unique(above, return_inverse=True)
        at = leaf[tree.apply(features)]
        groups = _groups_of(at, grove, y, n_classes)
        n_groups = len(leaves) * (1 + n_classes) + len(groves) + 1
        smoothing = np.full(n_groups, settings.smoothing)
        smoothing[groups[-2:]] = 1.0  # of groves, and of all rows
        counts = CellCounts.of(
            groups.ravel(), np.tile(code, len(groups)), cells, smoothing
        )
        return cls(tree, leaf, grove.astype(np.int32), n_classes, counts)

    def groups(self, features, y):
        """Groups that each row stands in, from the nearest rows to all.

        Returns
        -------
        groups : ndarray of shape (n_levels, n_samples)
        """
        leaf = self.leaf[self.tree.apply(features)]
        return _groups_of(leaf, self.grove, y, self.n_classes)


def _groups_of(leaf, grove, y, n_classes):
    """Groups of rows in leaves; see GrownTree."""
    first_grove = len(grove)
    everywhere = first_grove + grove.max() + 1
    levels = [leaf, first_grove + grove[leaf], np.full(len(leaf), everywhere)]
    if n_classes > 1:
        levels.insert(0, everywhere + 1 + leaf * n_classes + y)
    return np.stack(levels)


def _rows_above(groups):
    """Rows of the next level that count with those of each level but the last."""
    return ROWS_ABOVE[1 - len(groups) :]


def _features(codes, y, parents, scales):
    """What a tree splits, of shape (n_samples, 1 + n_parents), dtype float32."""
    features = np.empty((len(y), 1 + len(parents)), dtype=np.float32)
    features[:, 0] = scales[0][y]
    for place, parent in enumerate(parents):
        features[:, 1 + place] = scales[1 + place][codes[:, parent]]
    return features


def _class_scale(y, code, own, weight):
    """Where each class lies on the scale that a tree of the column splits."""
    n_classes = int(y.max(initial=0)) + 1
    if own.free is None:
        return reciprocal_scores(y, code, n_classes, own.n_codes, weight)[0]
    return level_scores(y, own.position[code], n_classes, weight)


def _scale(parent_code, parent, code, own, weight):
    """Where each code of a parent lies on the scale that a tree of the column splits.

    Numbers lie in their order, levels in the order of what the column is like in them.
    """
    if parent.free is not None:
        return parent.position
    if own.free is not None:
        score = level_scores(parent_code, own.position[code], parent.n_codes, weight)
    else:
        score, _ = reciprocal_scores(
            parent_code, code, parent.n_codes, own.n_codes, weight
        )
    return np.append(score, score[parent_code].mean())


def _target(code, own, before, scales):
    """What a tree of the column is grown for: ranks, classes, or scores of levels."""
    if own.free is not None:
        return own.position[code]
    if own.n_codes <= MOST_CLASSES:
        return code
    # The levels of a column with very many of them differ in what came before.
    scores = []
    for of_rows, scale in list(zip(before, scales, strict=True))[:N_SCORES]:
        score = level_scores(code, scale[of_rows], own.n_codes, 1.0)
        spread = score[code].std()
        scores.append(score[code] / (spread if spread > 0 else 1.0))
    return np.column_stack(scores)


def _log_likelihood(tree, is_class, n_codes):
    """Of the rows of each node, and how many numbers describe them."""
    n_rows = tree.n_node_samples.astype(np.float64)
    if is_class:
        share = tree.value[:, 0, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = -np.where(share > 0, share * np.log(share), 0.0).sum(axis=1)
        return -n_rows * entropy, np.count_nonzero(share, axis=1)
    # Rows in one cell are told apart no further.
    variance = tree.impurity + 1 / (12.0 * n_codes**2)
    return -0.5 * n_rows * np.log(variance), np.full(len(n_rows), 2)
