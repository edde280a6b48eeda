"""Naive Bayes for tables of mixed columns with gaps."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
from scipy.special import ndtr

from skgendisc.numerics import (
    Marginal,
    diagonal_gaussian_log_density,
    draw_categories,
    draw_diagonal_gaussians,
    fit_marginals,
    gaussian_box_log_density,
    log_score_slope,
    normal_bounds,
)
from skgendisc.preprocessing import MixedTableJointSampler
from skgendisc.utils._sklearn import Interval, StrOptions
from skgendisc.utils.validation import check_priors

# Smallest variance: its square root, and the density at its mean, are finite.
TINY = 1e-200


class MixedNBSampler(MixedTableJointSampler):
    r"""Naive Bayes for mixed tables: each column by its kind, independent in a class.

    Numbers are Gaussian, on their own scale or on that of normal scores; categories
    and truth values have a probability each; gaps are passed over when scoring and
    come back at their rate when sampling.

    Parameters
    ----------
    numeric : {"raw", "quantile-normal"}, default="raw"
        Scale on which numbers are Gaussian: their own, or the normal quantiles of
        their ranks among all rows, which suits long tails, bounds and spikes.
    alpha : float, default=1.0
        Rows of each category that are counted beside the real ones, in each class.
    var_smoothing : float, default=1e-9
        Added to every variance, as a fraction of the column's variance over all rows.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in
        :class:`~skgendisc.preprocessing.TableEncoder`.
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
    gap_rate_ : ndarray of shape (n_classes, n_features)
        Fraction of the rows that have a gap.
    columns_ : list
        One fitted model of a column each: Gaussian, Gaussian of scores, or categories.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    GaussianNBSampler : For numbers alone; equal to this one on them, up to smoothing.
    CategoricalNBSampler : For category numbers alone.
    GaussianCopulaSampler : With dependence between the columns.

    Notes
    -----
    .. math:: p(x, y) = \pi_y \prod_{j \text{ not missing}} p_{yj}(x_j)

    On the scale of normal scores the density is with respect to length where values
    are continuous and to the counting measure where they repeat, as in
    :class:`GaussianCopulaSampler`. A category that was not seen in fit is passed over
    like a gap.

    Rows are drawn with the gaps of their class, which the posterior passes over: where
    classes differ in their gaps, it does not average to the prior over such rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from skgendisc.joint import MixedNBSampler
    >>> X = pd.DataFrame(
    ...     {"age": [21, 30, 44, None], "town": ["Ulm", "Ulm", "Bonn", "Bonn"]}
    ... )
    >>> nb = MixedNBSampler(random_state=0).fit(X, ["young", "young", "old", "old"])
    >>> nb.predict(pd.DataFrame({"age": [None, 25], "town": ["Bonn", None]})).tolist()
    ['old', 'young']
    """

    _parameter_constraints = {
        **MixedTableJointSampler._parameter_constraints,
        "numeric": [StrOptions({"raw", "quantile-normal"})],
        "alpha": [Interval(Real, 0, None, closed="neither")],
        "var_smoothing": [Interval(Real, 0, None, closed="left")],
        "priors": ["array-like", None],
    }

    def __init__(
        self,
        *,
        numeric="raw",
        alpha=1.0,
        var_smoothing=1e-9,
        categorical_features="from_dtype",
        priors=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(
            categorical_features=categorical_features,
            sampling_strategy=sampling_strategy,
            random_state=random_state,
        )
        self.numeric = numeric
        self.alpha = alpha
        self.var_smoothing = var_smoothing
        self.priors = priors

    def _fit(self, X, y):
        counts = np.bincount(y)
        n_classes = len(counts)
        self.class_prior_ = check_priors(self.priors, counts, self.classes_)
        gaps = np.isnan(X)
        self.gap_rate_ = np.stack([gaps[y == k].mean(axis=0) for k in range(n_classes)])
        self.columns_ = []
        for column, gap, discrete in zip(X.T, gaps.T, self._is_discrete, strict=True):
            values, labels = column[~gap], y[~gap]
            if discrete:
                model = CategoriesColumn.of(values, labels, n_classes, self.alpha)
            elif self.numeric == "raw":
                model = GaussianColumn.of(values, labels, n_classes, self.var_smoothing)
            else:
                model = ScoresColumn.of(values, labels, n_classes, self.var_smoothing)
            self.columns_.append(model)

    def _class_log_density(self, X):
        log_density = np.zeros((len(X), len(self.class_prior_)))
        for model, column in zip(self.columns_, X.T, strict=True):
            present = ~np.isnan(column)
            log_density[present] += model.log_density(column[present])
        return log_density

    def _knows(self, values, number):
        return np.isnan(values) | self.columns_[number].inside(values)

    def _draw(self, y, rng):
        X = np.column_stack([model.draw(y, rng) for model in self.columns_])
        gap = rng.random(X.shape) < self.gap_rate_[y]
        return np.where(gap, np.nan, X)


@dataclass(frozen=True)
class GaussianColumn:
    """Numbers that are Gaussian in each class."""

    mean: np.ndarray
    variance: np.ndarray

    @classmethod
    def of(cls, values, y, n_classes, smoothing):
        """Fit to values without gaps; a class without any takes the moments of all."""
        if len(values) == 0:
            return cls(np.zeros(n_classes), np.ones(n_classes))
        rows = [values[y == k] if np.any(y == k) else values for k in range(n_classes)]
        variance = np.array([own.var() for own in rows]) + smoothing * values.var()
        return cls(np.array([own.mean() for own in rows]), np.maximum(variance, TINY))

    def log_density(self, values):
        """Of each class, of shape (n_samples, n_classes)."""
        return np.column_stack(
            [
                diagonal_gaussian_log_density(values[:, None], mean, variance[None])
                for mean, variance in zip(self.mean, self.variance, strict=True)
            ]
        )

    def draw(self, y, rng):
        """One value of each wanted class."""
        scale = np.sqrt(self.variance)[:, None]
        return draw_diagonal_gaussians(y, self.mean[:, None], scale, rng).ravel()

    def inside(self, values):
        """Whether the column can have each value."""
        return np.ones(len(values), dtype=bool)


@dataclass(frozen=True)
class ScoresColumn:
    """Numbers whose normal scores, from ranks among all rows, are Gaussian."""

    marginal: Marginal
    scores: GaussianColumn

    @classmethod
    def of(cls, values, y, n_classes, smoothing):
        """Fit to values without gaps."""
        if len(values) == 0:
            values, y = np.zeros(1), np.zeros(1, dtype=np.intp)
        together = np.zeros(len(values), dtype=np.intp)
        marginal = fit_marginals(values, together, 1)[0]
        start, end = marginal.share(marginal.locate(values))
        low, _ = normal_bounds((start + end) / 2, (start + end) / 2)
        return cls(marginal, GaussianColumn.of(low, y, n_classes, smoothing))

    def log_density(self, values):
        """Of each class, of shape (n_samples, n_classes)."""
        located = self.marginal.locate(values)
        low, high = normal_bounds(*self.marginal.share(located))
        slope = self.marginal.log_slope(located)
        slope += log_score_slope(low, located.is_point)
        boxes = [
            gaussian_box_log_density(
                low[:, None] - mean,
                high[:, None] - mean,
                np.array([[np.sqrt(variance)]]),
                np.array([[0.5]]),  # in one dimension any point is exact
            )
            for mean, variance in zip(
                self.scores.mean, self.scores.variance, strict=True
            )
        ]
        return np.column_stack(boxes) + slope[:, None]

    def draw(self, y, rng):
        """One value of each wanted class."""
        return self.marginal.quantile(ndtr(self.scores.draw(y, rng)))

    def inside(self, values):
        """Whether the column can have each value."""
        return self.marginal.locate(values).inside


@dataclass(frozen=True)
class CategoriesColumn:
    """Category numbers, with smoothed probabilities in each class."""

    probability: np.ndarray

    @classmethod
    def of(cls, values, y, n_classes, alpha):
        """Fit to values without gaps."""
        n_categories = int(values.max(initial=0)) + 1
        flat = y * n_categories + values.astype(np.intp)
        count = np.bincount(flat, minlength=n_classes * n_categories)
        smoothed = count.reshape(n_classes, n_categories) + alpha
        return cls(smoothed / smoothed.sum(axis=1, keepdims=True))

    def log_density(self, values):
        """Of each class, of shape (n_samples, n_classes); zero for an unknown one."""
        known = self.inside(values)
        code = np.where(known, values, 0).astype(np.intp)
        return np.where(known[:, None], np.log(self.probability).T[code], 0.0)

    def draw(self, y, rng):
        """One category of each wanted class."""
        return draw_categories(y, self.probability, rng).astype(np.float64)

    def inside(self, values):
        """Whether each is one of the categories."""
        return (values >= 0) & (values < self.probability.shape[1])
