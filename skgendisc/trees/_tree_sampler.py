"""Sequential trees whose leaves hold the rows that values are drawn from."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils import gen_batches
from sklearn.utils.parallel import Parallel, delayed

from skgendisc.numerics import CellCodes, effective_share
from skgendisc.preprocessing import MixedTableJointSampler
from skgendisc.preprocessing._cells import names_of
from skgendisc.trees._column_trees import ColumnTree, Settings
from skgendisc.trees._order import arrange
from skgendisc.utils._sklearn import Interval, StrOptions
from skgendisc.utils.validation import encode_labels

# With n_trees="auto", trees of each column: so many for few rows, and no more than grow
# on so many rows, or for so many columns, in all.
MOST_TREES, ROWS_OF_TREES, COLUMNS_OF_TREES = 8, 20_000, 512
# Candidates for each row that is drawn for given values.
N_CANDIDATES = 256
# Candidates that are drawn at once: bounds the memory of conditional draws.
BLOCK_CANDIDATES = 2**17
# Rows, once for each class, that are scored at once.
BLOCK_ROWS_OF_CLASSES = 2**17


class TreeSampler(MixedTableJointSampler):
    r"""Column after column, each from the leaf that the columns before it lead to.

    The sampler to reach for first: it takes mixed tables with gaps as they are, needs
    no tuning, and fits and draws tens of thousands of rows in a second.

    Parameters
    ----------
    n_trees : int or "auto", default="auto"
        Trees of each column, each in another order of the columns; a row is drawn from
        one of each, and scored by all. With "auto" eight up to 2500 rows and 64
        columns, fewer for more, and one beyond 10 000 rows or with a given order. More
        give a smoother density and a better classifier.
    min_samples_leaf : int, default=10
        Rows of a leaf at least, of those that its tree is grown on. Larger leaves are
        farther from the training rows.
    max_features : int, float, {"sqrt", "log2"} or None, default=None
        Columns tried at each split, as in
        :class:`~sklearn.tree.DecisionTreeRegressor`.
    order : "auto" or array-like of shape (n_features,), default="auto"
        Names or numbers of the columns in the order in which they are drawn. With
        "auto" the next is always the one that the class, or a column before it, tells
        most about - nearly always in the orders after the first. With a given order,
        several trees differ by ``max_features`` alone.
    smoothing : float, default=0.5
        How far a number may lie from the rows of its leaf: 0 keeps to their cells, 1
        goes to the middle between neighbours. What is around a leaf always does.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in
        :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Columns that are grown at a time. Rows are the same for any number.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the fit and of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    orders_ : ndarray of shape (n_trees, n_features)
        Numbers of the columns in the orders in which they are drawn.
    n_leaves_ : ndarray of shape (n_features,)
        Leaves of each column, over all its trees.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    skgendisc.compose.RefinedSampler : Lets a discriminator choose among the rows.
    skgendisc.joint.GaussianCopulaSampler : The same tables, with Gaussian dependence.

    Notes
    -----
    .. math:: p(x, y) = p(y) \prod_j p(x_j \mid y, x_{<j})

    or the mean of such products over orders of the columns.

    A tree for each column, grown on the class and the columns before it, leads to a
    leaf; the value is that of a row in the leaf [1]_. Three things are ours. Columns
    are cut into *cells* - categories, gaps, spikes, values that come again, and
    otherwise stretches of the line - and a number is drawn anew in the cell of its
    row, or between it and the next: none that came once is copied. Branches are cut
    back [2]_ where a split does not make the rows likelier, twentyfold for each number
    that it needs. And a leaf counts a few rows of what is around it beside its own:
    five of the leaf with those of a class in it, two of the branch of ten leaves
    around it, two of all rows there. Of more than 50 000 rows, each tree is grown on
    so many, and filled with all.

    Scores come from the same leaves, so that the density is that of the draws: with
    respect to length inside stretches, to the counting measure on values that come
    again, levels and gaps. One row among those of fit is kept for what none of them
    showed, so that no value is impossible, though none such is drawn. As a classifier
    the defaults are weak where columns are many: the noise of small leaves adds up
    over them, and the posterior is too sure of itself. Rows are drawn for a classifier
    to learn from; to classify by Bayes' rule, raise ``n_trees`` and
    ``min_samples_leaf``, and compare with a sampler of :mod:`skgendisc.joint`.

    References
    ----------
    .. [1] Nowok, Raab & Dibben (2016). synthpop: bespoke creation of synthetic data in
       R. Journal of Statistical Software 74(11), and Reiter (2005). Using CART to
       generate partially synthetic public use microdata. Journal of Official
       Statistics 21(3).
    .. [2] Breiman, Friedman, Olshen & Stone (1984). Classification and regression
       trees, chapter 10.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skgendisc.trees import TreeSampler
    >>> rng = np.random.default_rng(0)
    >>> age = rng.integers(18, 70, size=500)
    >>> X = pd.DataFrame({"age": age, "pension": age >= 65})
    >>> trees = TreeSampler(random_state=0).fit(X)
    >>> X_new, _ = trees.sample(1000)
    >>> X_new.groupby("pension")["age"].agg(["min", "max"])
             min  max
    pension
    False     18   64
    True      65   69
    """

    _parameter_constraints = {
        **MixedTableJointSampler._parameter_constraints,
        "n_trees": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "min_samples_leaf": [Interval(Integral, 1, None, closed="left")],
        "max_features": [
            Interval(Integral, 1, None, closed="left"),
            Interval(Real, 0.0, 1.0, closed="right"),
            StrOptions({"sqrt", "log2"}),
            None,
        ],
        "order": [StrOptions({"auto"}), "array-like"],
        "smoothing": [Interval(Real, 0, 1, closed="both")],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        *,
        n_trees="auto",
        min_samples_leaf=10,
        max_features=None,
        order="auto",
        smoothing=0.5,
        categorical_features="from_dtype",
        n_jobs=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(
            categorical_features=categorical_features,
            sampling_strategy=sampling_strategy,
            random_state=random_state,
        )
        self.n_trees = n_trees
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.order = order
        self.smoothing = smoothing
        self.n_jobs = n_jobs

    def _fit(self, X, y):
        rng = self._generator(None)
        self.class_prior_ = np.bincount(y) / len(y)
        self._cells = [
            CellCodes.of(column, discrete=discrete)
            for column, discrete in zip(X.T, self._is_discrete, strict=True)
        ]
        codes = self._encode(X)
        n_trees = self.n_trees
        order = self._given_order()
        if n_trees == "auto":
            affordable = ROWS_OF_TREES // len(y), COLUMNS_OF_TREES // X.shape[1]
            n_trees = max(min(*affordable, MOST_TREES), 1)
            n_trees = n_trees if isinstance(order, str) else 1
        arranged = arrange(codes, self._cells, y, order, rng, n_orders=n_trees)
        self.orders_ = np.array([order for order, _ in arranged])
        settings = Settings(self.min_samples_leaf, self.max_features, self.smoothing)
        columns = [column for order, _ in arranged for column in order]
        parents = [of_column for _, of_order in arranged for of_column in of_order]
        seeds = rng.integers(2**31, size=len(columns))
        # Threads: the trees are grown without Python's lock, and the codes shared.
        trees = Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(ColumnTree.fit)(
                column, of_column, codes, y, self._cells, settings, seed
            )
            for column, of_column, seed in zip(columns, parents, seeds, strict=True)
        )
        self._trees = [
            trees[start : start + X.shape[1]]
            for start in range(0, len(trees), X.shape[1])
        ]
        n_leaves = [len(tree.grown.grove) for tree in trees]
        self.n_leaves_ = np.bincount(columns, n_leaves).astype(np.intp)

    def _draw(self, y, rng):
        codes = self._draw_codes(y, self._any_orders(len(y), rng), rng)
        return self._decode(codes, rng)

    def sample_conditional(
        self, y, *, given=None, random_state=None, return_effective_size=False
    ):
        """Draw row i from p(x | y[i]), or from p(x | y[i], given[i]).

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Wanted labels, in any order; none give a table without rows.
        given : frame of shape (n_samples, n_given) or array of shape (n_samples, \
                n_features), default=None
            Values of some of the columns, which the drawn rows take over: by name in
            a frame, and in an array with NaN throughout the columns that are to be
            drawn. Where they come first in all orders, the draw is exact; otherwise
            one of 256 candidates is chosen, by how likely they make the given values.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.
        return_effective_size : bool, default=False
            Whether to tell how many candidates each row was really chosen from.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table.
        effective_size : ndarray of shape (n_samples,)
            From 1, no choice, to 256; infinite where the draw is exact. Only with
            ``return_effective_size``.

        Raises
        ------
        ValueError
            For labels that were not seen in :meth:`fit`, and for a ``given`` with
            other rows or columns, or with levels or gaps that were not seen.
        """
        if given is None:
            X = super().sample_conditional(y, random_state=random_state)
            return (X, np.full(len(X), np.inf)) if return_effective_size else X
        self._check_is_fitted()
        self._check_has_classes("sample_conditional")
        index = encode_labels(y, self.classes_)
        values, known = self._check_given(given, len(index))
        rng = self._generator(random_state)
        codes = self._encode(values)
        self._check_known(codes, known)
        codes, size = self._draw_given(codes, known, index, rng)
        drawn = self._decode(codes, rng)
        drawn[:, known] = values[:, known]
        X = self._take_over(self._table_format.restore(drawn), given)
        return (X, size) if return_effective_size else X

    def _check_known(self, codes, known):
        """Raise for given values that no cell is near to."""
        strange = [j for j in known if (codes[:, j] < 0).any()]
        if strange:
            names = names_of(self._table_format.empty)
            raise ValueError(
                f"given has gaps, or values far from all others, in the columns "
                f"{[names[j] for j in strange]}, which showed none in fit. Fill them, "
                "or leave these columns out of given."
            )

    def _draw_given(self, codes, known, y, rng):
        """Codes of rows whose known columns are given, and effective sizes."""
        if np.isin(self.orders_[:, : len(known)], known).all():
            which = self._choose_orders(codes, known, y, rng)
            exact = np.full(len(y), np.inf)
            return self._draw_codes(y, which, rng, codes, known), exact
        drawn, size = np.empty_like(codes), np.empty(len(y))
        n_rows = max(1, BLOCK_CANDIDATES // N_CANDIDATES)
        for start in range(0, len(y), n_rows):
            rows = slice(start, start + n_rows)
            repeated = np.repeat(np.arange(len(y))[rows], N_CANDIDATES)
            which = self._any_orders(len(repeated), rng)
            candidates = self._draw_codes(
                y[repeated], which, rng, codes[repeated], known
            )
            log_weight = np.empty(len(repeated))
            for number in range(len(self.orders_)):
                own = which == number
                log_weight[own] = self._log_probability(
                    number, candidates[own], y[repeated][own], known
                )
            log_weight = log_weight.reshape(-1, N_CANDIDATES)
            size[rows] = N_CANDIDATES * effective_share(log_weight)
            best = _one_by_weight(log_weight, rng)
            drawn[rows] = candidates[np.arange(len(best)) * N_CANDIDATES + best]
        return drawn, size

    def _any_orders(self, n_rows, rng):
        """An order for each row, by chance."""
        if len(self.orders_) == 1:
            return np.zeros(n_rows, dtype=np.intp)
        return rng.integers(len(self.orders_), size=n_rows)

    def _choose_orders(self, codes, known, y, rng):
        """An order for each row, by how likely it makes what is given first in all."""
        if len(self.orders_) == 1:
            return np.zeros(len(y), dtype=np.intp)
        log_weight = [
            self._log_probability(number, codes, y, known)
            for number in range(len(self.orders_))
        ]
        return _one_by_weight(np.column_stack(log_weight), rng)

    def _log_probability(self, number, codes, y, known):
        """Of the known columns of rows, each given those before it in an order."""
        total = np.zeros(len(y))
        for column, tree in zip(self.orders_[number], self._trees[number], strict=True):
            if column in known:
                share, _ = tree.probability(codes, y, codes[:, column])
                total += np.log(share)
        return total

    def _draw_codes(self, y, which, rng, codes=None, known=()):
        """Codes of rows, each in its order; those of known columns are taken over."""
        drawn = np.empty((len(y), self.n_features_in_), dtype=np.int32, order="F")
        for number in range(len(self.orders_)):
            rows = np.flatnonzero(which == number)
            given = None if codes is None else codes[rows]
            drawn[rows] = self._draw_in_order(number, y[rows], rng, given, known)
        return drawn

    def _draw_in_order(self, number, y, rng, codes, known):
        """Codes of rows, column after column in one of the orders."""
        drawn = np.empty((len(y), self.n_features_in_), dtype=np.int32, order="F")
        for column, tree in zip(self.orders_[number], self._trees[number], strict=True):
            if column in known:
                drawn[:, column] = codes[:, column]
            else:
                drawn[:, column] = tree.draw(drawn, y, rng)
        return drawn

    def _class_log_density(self, X):
        columns = list(zip(self._cells, X.T, strict=True))
        located = [cells.locate(column) for cells, column in columns]
        codes = np.column_stack([code for code, _ in located])
        within = [log_density for _, log_density in located]
        novelty = [cells.log_novelty(column) for cells, column in columns]
        n_classes = len(self.class_prior_)
        n_at_once = max(1, BLOCK_ROWS_OF_CLASSES // len(X))
        of_classes = [
            self._log_density_of(np.arange(n_classes)[some], codes, within, novelty)
            for some in gen_batches(n_classes, n_at_once)
        ]
        return np.concatenate(of_classes).T

    def _log_density_of(self, classes, codes, within, novelty):
        """Of all rows in each of some classes, of shape (n_classes, n_samples)."""
        shape = len(classes), len(codes)
        y = np.repeat(classes, len(codes))
        codes = np.tile(codes.T, len(classes)).T
        total = np.full(shape, -np.inf)
        for order, trees in zip(self.orders_, self._trees, strict=True):
            log_density = np.zeros(shape)
            for column, tree in zip(order, trees, strict=True):
                told = tree.probability(codes, y, codes[:, column])
                inside, leftover = (values.reshape(shape) for values in told)
                is_new = np.isnan(within[column])
                log_density += np.where(
                    is_new,
                    np.log(leftover) + novelty[column],
                    np.log(np.where(is_new, 1.0, inside)) + within[column],
                )
            total = np.logaddexp(total, log_density)
        return total - np.log(len(self.orders_))

    def _encode(self, X):
        """Codes of the cells, of the nearest ones where there is none."""
        codes = np.empty(X.shape, dtype=np.int32, order="F")
        for j, cells in enumerate(self._cells):
            codes[:, j] = cells.encode(X[:, j])
        return codes

    def _decode(self, codes, rng):
        """Values in the cells."""
        X = np.empty(codes.shape)
        for j, cells in enumerate(self._cells):
            X[:, j] = cells.decode(codes[:, j], rng)
        return X

    def _given_order(self):
        """The parameter ``order`` as numbers of columns, or "auto"."""
        if isinstance(self.order, str):
            return self.order
        names = names_of(self._table_format.empty)
        # Names win over numbers, where a table has numbers for names.
        known = {number: number for number in range(len(names))}
        known |= {name: number for number, name in enumerate(names)}
        numbers = [known.get(column, -1) for column in self.order]
        if sorted(numbers) != list(range(len(names))):
            raise ValueError(
                "order must hold each column once, by name or number: got "
                f"{list(self.order)} for the columns {list(names)}. Leave "
                'order="auto" to have them ordered.'
            )
        return np.array(numbers, dtype=np.intp)


def _one_by_weight(log_weight, rng):
    """For each row a column, by weight: the largest with Gumbel noise is one."""
    return np.argmax(log_weight + rng.gumbel(size=log_weight.shape), axis=1)
