"""Sequential trees whose leaves hold the rows that values are drawn from."""

from numbers import Integral, Real

import numpy as np
from joblib import Parallel, delayed

from skgendisc.numerics import CellCodes
from skgendisc.preprocessing import MixedTableSampler
from skgendisc.trees._column_trees import ColumnTrees, Settings
from skgendisc.trees._order import arrange
from skgendisc.utils._sklearn import Interval, StrOptions
from skgendisc.utils.validation import encode_labels

# Candidates for each row that is drawn for given values.
N_CANDIDATES = 64
# Candidates that are drawn at once: bounds the memory of conditional draws.
BLOCK_CANDIDATES = 2**17


class TreeSampler(MixedTableSampler):
    r"""Column after column, each from the leaf that the columns before it lead to.

    The sampler to reach for first: it takes mixed tables with gaps as they are, needs
    no tuning, and fits and draws tens of thousands of rows in a second.

    Parameters
    ----------
    n_trees : int, default=1
        Trees of each column. One is fast and faithful; several, each on a bootstrap
        sample and drawn from in turn, give a smoother density and a better classifier.
    min_samples_leaf : int, default=10
        Rows of a leaf at least. Larger leaves are farther from the training rows.
    max_features : int, float, {"sqrt", "log2"} or None, default=None
        Columns tried at each split, as in
        :class:`~sklearn.tree.DecisionTreeRegressor`.
    order : "auto" or array-like of shape (n_features,), default="auto"
        Names or numbers of the columns in the order in which they are drawn. With
        "auto" the next is always the one that the class, or a column before it, tells
        most about.
    smoothing : float, default=0.5
        How far a number may lie from the rows of its leaf: 0 keeps to their cells, 1
        goes to the middle between neighbours.
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
    order_ : ndarray of shape (n_features,)
        Numbers of the columns in the order in which they are drawn.
    n_leaves_ : ndarray of shape (n_features,)
        Leaves of each column, over all its trees.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
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

    A tree for each column, grown on the class and the columns before it, leads to a
    leaf; the value is that of a row in the leaf [1]_. Three things are ours. Columns
    are cut into *cells* - categories, gaps, spikes, values that come again, and
    otherwise stretches of the line - and a number is drawn anew in the cell of its
    row, or between it and the next: no value is a copy. Branches are cut back [2]_
    where a split does not make the rows likelier, twentyfold for each number that it
    needs. And a leaf counts a few rows of what is around it beside its own: five of
    the leaf with those of a class in it, two of the branch of some hundred rows around
    it, two of all rows there. Of more than 50 000 rows, each tree is grown on so many,
    and filled with all.

    Scores come from the same leaves, so that the density is that of the draws: with
    respect to length inside stretches, to the counting measure on values that come
    again, levels and gaps. One row among those of fit is kept for what none of them
    showed, so that no value is impossible, though none such is drawn.

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
        **MixedTableSampler._parameter_constraints,
        "n_trees": [Interval(Integral, 1, None, closed="left")],
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
        n_trees=1,
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
        order = self._given_order()
        self.order_, parents = arrange(codes, self._cells, y, order, rng)
        settings = Settings(
            self.n_trees, self.min_samples_leaf, self.max_features, self.smoothing
        )
        seeds = rng.integers(2**63, size=len(parents))
        # Threads: the trees are grown without Python's lock, and the codes shared.
        self._columns = Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(ColumnTrees.fit)(
                column, of_column, codes, y, self._cells, settings, seed
            )
            for column, of_column, seed in zip(self.order_, parents, seeds, strict=True)
        )
        self.n_leaves_ = np.zeros(len(parents), dtype=np.intp)
        self.n_leaves_[self.order_] = [
            sum(len(tree.grove) for tree in column.trees) for column in self._columns
        ]

    def _draw(self, y, rng):
        codes, _ = self._draw_codes(y, rng)
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
            a frame, and in an array with NaN in the columns that are to be drawn.
            Where they come first in ``order_``, the draw is exact; otherwise one of
            64 candidates is chosen, by how likely they make the given values.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.
        return_effective_size : bool, default=False
            Whether to tell how many candidates each row was really chosen from.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table.
        effective_size : ndarray of shape (n_samples,)
            From 1, no choice, to 64; infinite where the draw is exact. Only with
            ``return_effective_size``.

        Raises
        ------
        ValueError
            For labels that were not seen in :meth:`fit`, and for a ``given`` with
            other rows or columns, or with levels that were not seen.
        """
        if given is None:
            X = super().sample_conditional(y, random_state=random_state)
            return (X, np.full(len(X), np.inf)) if return_effective_size else X
        self._check_is_fitted()
        self._check_has_classes("sample_conditional")
        index = encode_labels(y, self.classes_)
        values, known = self._check_given(given, len(index))
        rng = self._generator(random_state)
        codes, size = self._draw_given(self._encode(values), known, index, rng)
        drawn = self._decode(codes, rng)
        drawn[:, known] = values[:, known]
        X = self._take_over(self._table_format.restore(drawn), given)
        return (X, size) if return_effective_size else X

    def _draw_given(self, codes, known, y, rng):
        """Codes of rows whose known columns are given, and effective sizes."""
        n_first = np.isin(self.order_, known).argmin() if len(known) else 0
        if len(known) in (n_first, len(self.order_)):
            drawn, _ = self._draw_codes(y, rng, codes, known)
            return drawn, np.full(len(y), np.inf)
        drawn, size = np.empty_like(codes), np.empty(len(y))
        n_rows = max(1, BLOCK_CANDIDATES // N_CANDIDATES)
        for start in range(0, len(y), n_rows):
            rows = slice(start, start + n_rows)
            repeated = np.repeat(np.arange(len(y))[rows], N_CANDIDATES)
            candidates, log_weight = self._draw_codes(
                y[repeated], rng, codes[repeated], known
            )
            log_weight = log_weight.reshape(-1, N_CANDIDATES)
            weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
            size[rows] = weight.sum(axis=1) ** 2 / (weight**2).sum(axis=1)
            # The largest of the logarithms and Gumbel noise is one by its weight.
            best = np.argmax(log_weight + rng.gumbel(size=log_weight.shape), axis=1)
            drawn[rows] = candidates[np.arange(len(best)) * N_CANDIDATES + best]
        return drawn, size

    def _draw_codes(self, y, rng, codes=None, known=()):
        """Codes of rows, and the log-probability of those that were known."""
        drawn = np.empty((len(y), self.n_features_in_), dtype=np.int32, order="F")
        log_weight = np.zeros(len(y))
        for column, trees in zip(self.order_, self._columns, strict=True):
            if column in known:
                drawn[:, column] = codes[:, column]
                share, _ = trees.probability(drawn, y, drawn[:, column])
                log_weight += np.log(share)
            else:
                drawn[:, column] = trees.draw(drawn, y, rng)
        return drawn, log_weight

    def _class_log_density(self, X):
        located = [
            cells.locate(column) for cells, column in zip(self._cells, X.T, strict=True)
        ]
        codes = np.column_stack([code for code, _ in located])
        novelty = [
            cells.log_novelty(column)
            for cells, column in zip(self._cells, X.T, strict=True)
        ]
        log_density = np.zeros((len(X), len(self.class_prior_)))
        for k in range(len(self.class_prior_)):
            y = np.full(len(X), k)
            for column, trees in zip(self.order_, self._columns, strict=True):
                within = located[column][1]
                inside, leftover = trees.probability(codes, y, codes[:, column])
                is_new = np.isnan(within)
                log_density[:, k] += np.where(
                    is_new,
                    np.log(leftover) + novelty[column],
                    np.log(np.where(is_new, 1.0, inside)) + within,
                )
        return log_density

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
        names = getattr(self, "feature_names_in_", np.arange(self.n_features_in_))
        wanted = list(self.order)
        known = [*names, *range(self.n_features_in_)]
        numbers = [known.index(c) % len(names) for c in wanted if c in known]
        if sorted(numbers) != list(range(self.n_features_in_)) or len(numbers) != len(
            wanted
        ):
            raise ValueError(
                f"order must hold each column once, by name or number: got {wanted} "
                f'for the columns {list(names)}. Leave order="auto" to have them '
                "ordered."
            )
        return np.array(numbers, dtype=np.intp)
