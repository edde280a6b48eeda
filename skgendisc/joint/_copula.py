"""A Gaussian copula for each class, on marginals that are kept exactly."""

from numbers import Integral, Real

import numpy as np
from scipy.linalg import cho_solve, cholesky
from scipy.special import ndtr

from skgendisc.numerics import (
    draw_gaussians,
    fit_marginals,
    gaussian_box_log_density,
    lattice,
    log_score_slope,
    normal_bounds,
    score_moments,
)
from skgendisc.preprocessing import MixedTableJointSampler
from skgendisc.utils._sklearn import Interval, StrOptions
from skgendisc.utils.validation import check_priors, encode_labels


class GaussianCopulaSampler(MixedTableJointSampler):
    r"""Columns with any distributions, tied together by a Gaussian copula.

    Takes mixed tables with gaps as they are: every column is put through its ranks, so
    that marginals are kept - spikes, bounds, integer grids, categories and their
    rates of gaps - and only the dependence is Gaussian.

    Parameters
    ----------
    per_class : bool, default=True
        Whether each class has a correlation matrix of its own; otherwise all share
        their average. Marginals are those of the class in any case.
    shrinkage : {"auto"}, float in [0, 1] or None, default="auto"
        How far correlations are drawn towards zero. With "auto" those of each class are
        drawn towards those of all, and these towards zero, as far as their noise asks
        [2]_: a class of few rows borrows from the others.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in
        :class:`~skgendisc.preprocessing.TableEncoder`.
    n_points : int, default=64
        Points that integrate the density over the atoms of a row; a row without atoms
        needs none.
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    correlation_ : ndarray of shape (n_classes, n_features, n_features)
        Of the normal scores.
    marginals_ : list of list of Marginal
        For each class, the distribution of each column.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    MixedNBSampler : The same kinds of columns, without dependence.

    Notes
    -----
    A value x_j of class y is the quantile, under the class's marginal, of a normal
    score z_j, and

    .. math:: z \sim N(0, R_y), \quad x_j = F_{yj}^{-1}(\Phi(z_j)).

    A column is cut into *cells*: atoms (categories, gaps, whole numbers, values that
    come again and again) and intervals between quantiles of the class, inside which
    values are uniform. The density is with respect to the counting measure on atoms
    and to length inside intervals; rows without atoms have it in closed form (the
    Jacobian included), the atoms of others are integrated numerically [1]_, over the
    same points for every row.

    Correlations are those of scores that are drawn, for an atom, from its share of the
    distribution, on average over such draws: the fit has no luck in it. Between columns
    of few atoms they are weaker than those of greatest likelihood, which fit the table
    better and its classes worse: one matrix has to do for spikes and for what lies
    between them.

    No class is without a chance for a value of another: each counts a tenth of a row
    more, of the pooled frequencies. A category that no class has seen says nothing
    about the class, and a number that cannot come as much as the nearest that can;
    ``score_samples`` is minus infinity for both: to compare densities of held-out
    rows, leave such rows out.

    References
    ----------
    .. [1] Genz (1992). Numerical computation of multivariate normal probabilities.
       Journal of Computational and Graphical Statistics 1(2).
       Patki, Wedge & Veeramachaneni (2016). The synthetic data vault. DSAA, section
       III, for copulas of tables.
    .. [2] Schäfer & Strimmer (2005). A shrinkage approach to large-scale covariance
       matrix estimation. Statistical Applications in Genetics and Molecular Biology
       4(1), with the correlations of all classes as the target.

    Examples
    --------
    >>> import pandas as pd
    >>> from skgendisc.joint import GaussianCopulaSampler
    >>> towns = ["Ulm", None, "Bonn", "Ulm"]
    >>> X = pd.DataFrame({"age": [21, 30, 44, 35], "town": towns})
    >>> copula = GaussianCopulaSampler(random_state=0).fit(X)
    >>> copula.sample(3)[0].dtypes.equals(X.dtypes)
    True
    """

    _parameter_constraints = {
        **MixedTableJointSampler._parameter_constraints,
        "per_class": ["boolean"],
        "shrinkage": [StrOptions({"auto"}), Interval(Real, 0, 1, closed="both"), None],
        "n_points": [Interval(Integral, 1, None, closed="left")],
        "priors": ["array-like", None],
    }

    def __init__(
        self,
        *,
        per_class=True,
        shrinkage="auto",
        categorical_features="from_dtype",
        n_points=64,
        priors=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(
            categorical_features=categorical_features,
            sampling_strategy=sampling_strategy,
            random_state=random_state,
        )
        self.per_class = per_class
        self.shrinkage = shrinkage
        self.n_points = n_points
        self.priors = priors

    def _fit(self, X, y):
        counts = np.bincount(y)
        self.class_prior_ = check_priors(self.priors, counts, self.classes_)
        columns = [
            fit_marginals(column, y, len(counts), discrete=discrete)
            for column, discrete in zip(X.T, self._is_discrete, strict=True)
        ]
        self.marginals_ = [list(of_class) for of_class in zip(*columns, strict=True)]
        self.correlation_ = self._correlations(X, y, counts)
        self._factors = [cholesky(R, lower=True) for R in self.correlation_]

    def _correlations(self, X, y, counts):
        """Of the normal scores of each class, less their noise."""
        moments = [self._score_moments(X[y == k], k) for k in range(len(counts))]
        fits = [_correlation(mean, variance) for mean, variance in moments]
        own, noise = (np.stack(part) for part in zip(*fits, strict=True))
        shares = counts / len(X)
        shared = np.tensordot(shares, own, axes=1)
        if self.shrinkage == "auto":
            of_shared = np.tensordot(shares**2, noise, axes=1)
            shared = _less_noisy(shared, np.eye(len(shared)), of_shared)
        if not self.per_class or len(counts) == 1:
            own[:] = shared
        elif self.shrinkage == "auto":
            # A class that is a part of the target differs from it by less.
            noise *= (1 - shares)[:, None, None]
            each = zip(own, noise, strict=True)
            own = np.stack([_less_noisy(R, shared, of_R) for R, of_R in each])
        if isinstance(self.shrinkage, Real):
            own += self.shrinkage * (np.eye(len(shared)) - own)
        return own

    def _draw(self, y, rng):
        means = np.zeros((len(self._factors), self.n_features_in_))
        return self._quantiles(draw_gaussians(y, means, self._factors, rng), y)

    def sample_conditional(self, y, *, given=None, random_state=None):
        """Draw row i from p(x | y[i]), or from p(x | y[i], given[i]).

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Wanted labels, in any order; none give a table without rows.
        given : frame of shape (n_samples, n_given) or array of shape (n_samples, \
                n_features), default=None
            Values of some of the columns, which the drawn rows take over: by name in
            a frame, and in an array with NaN in the columns that are to be drawn. The
            others are drawn by conditioning the normal scores on those of the given
            values; the score of an atom is drawn from its share of the distribution.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table.

        Raises
        ------
        ValueError
            For labels that were not seen in :meth:`fit`, and for a ``given`` with
            other rows or columns, or with values that the training table could not
            have held.
        """
        if given is None:
            return super().sample_conditional(y, random_state=random_state)
        self._check_is_fitted()
        self._check_has_classes("sample_conditional")
        index = encode_labels(y, self.classes_)
        values, columns = self._check_given(given, len(index))
        rng = self._generator(random_state)
        Z = self._normal_scores(values, index, rng)
        known, wanted = columns, np.setdiff1d(np.arange(values.shape[1]), columns)
        for k in np.unique(index):
            rows = np.flatnonzero(index == k)
            R = self.correlation_[k]
            between = R[np.ix_(known, wanted)]
            factor = cholesky(R[np.ix_(known, known)], lower=True)
            slope = cho_solve((factor, True), between)
            rest = R[np.ix_(wanted, wanted)] - between.T @ slope
            noise = rng.standard_normal((len(rows), len(wanted)))
            Z[np.ix_(rows, wanted)] = (
                Z[np.ix_(rows, known)] @ slope + noise @ cholesky(rest, lower=True).T
            )
        drawn = self._quantiles(Z, index)
        drawn[:, known] = values[:, known]
        return self._take_over(self._table_format.restore(drawn), given)

    def _knows(self, values, number):
        # All classes have the same atoms and the same range.
        return self.marginals_[0][number].locate(values).inside

    def _class_log_density(self, X):
        points = lattice(self.n_points, X.shape[1])
        # All classes have the same cells.
        columns = [
            marginal.locate(column)
            for marginal, column in zip(self.marginals_[0], X.T, strict=True)
        ]
        classes = range(len(self._factors))
        return np.column_stack(
            [self._log_density_of(k, columns, points) for k in classes]
        )

    def _log_density_of(self, k, columns, points):
        """Log-density of class ``k`` at each row of the located columns."""
        bounds, log_slope = [], 0.0  # the slope of the normal scores over the values
        for marginal, located in zip(self.marginals_[k], columns, strict=True):
            low, high = normal_bounds(*marginal.share(located))
            bounds.append((low, high))
            log_slope += marginal.log_slope(located)
            log_slope += log_score_slope(low, located.is_point)
        lower, upper = (np.column_stack(side) for side in zip(*bounds, strict=True))
        box = gaussian_box_log_density(lower, upper, self._factors[k], points)
        return box + log_slope

    def _normal_scores(self, X, y, rng):
        """Scores of the rows; an atom's is drawn from its share of the distribution."""
        Z = np.empty(X.shape)
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            for j, marginal in enumerate(self.marginals_[k]):
                start, end = marginal.share(marginal.locate(X[rows, j]))
                u = start + rng.random(len(rows)) * (end - start)
                Z[rows, j] = normal_bounds(u, u)[0]
        return Z

    def _score_moments(self, X, k):
        """Means and variances of the scores of rows of class ``k``, in their cells."""
        mean, variance = np.empty(X.shape), np.empty(X.shape)
        for j, marginal in enumerate(self.marginals_[k]):
            share = marginal.share(marginal.locate(X[:, j]))
            mean[:, j], variance[:, j] = score_moments(*share)
        return mean, variance

    def _quantiles(self, Z, y):
        """Values of normal scores."""
        X = np.empty(Z.shape)
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            for j, marginal in enumerate(self.marginals_[k]):
                X[rows, j] = marginal.quantile(ndtr(Z[rows, j]))
        return X


def _correlation(mean, variance):
    """Correlations of normal scores with such means and variances, and their noise.

    Inside its cell a score is independent of all others, so that only means correlate.
    The noise is the variance of each correlation: (1 - r^2)^2 / n between scores that
    are known, less where atoms blur them, and none where a column is a single atom.
    """
    n_rows, n_columns = mean.shape
    alone = np.eye(n_columns)
    if n_rows < 3:  # two points always lie on a line, and tell nothing
        return alone, 1 - alone
    between = (mean**2).sum(axis=0)
    scale = np.sqrt(between + variance.sum(axis=0))
    # One row more, without correlation, keeps the matrix positive definite.
    R = mean.T @ mean / np.outer(scale, scale) * n_rows / (n_rows + 1)
    np.fill_diagonal(R, 1.0)
    # The greatest that each correlation can be: that of means that lie on a line.
    most = np.outer(np.sqrt(between) / scale, np.sqrt(between) / scale)
    of_means = np.divide(R, most, out=np.zeros_like(R), where=most > 0)
    return R, (most * (1 - of_means**2)) ** 2 / n_rows * (1 - alone)


def _less_noisy(R, target, noise):
    """Correlations drawn towards a target, as far as their noise asks.

    For the least expected squared error (Schäfer and Strimmer, 2005).
    """
    distance, noise = np.sum((R - target) ** 2), noise.sum()
    drawn = 1.0 if noise >= distance else noise / distance
    return R + drawn * (target - R)
