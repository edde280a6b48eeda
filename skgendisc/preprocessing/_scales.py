"""How numbers stand in the float matrix: one class for each scale.

Each has ``fit(numbers, grid)``, ``encode``, which writes numbers into some rows of a
block of zeros, and ``decode``, which reads numbers from any block. A block has
``n_values`` columns that hold a number, then ``n_levels`` of a one-hot code; ``names``
are theirs. ``grid``, where it is not None, says to which numbers decoded ones will be
put: there they come back exactly, and elsewhere within rounding.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, softmax

from skgendisc.preprocessing._contents import LARGEST_WHOLE

# Below this a scale may round as it likes: whole numbers return when they are put
# back on their grid.
SMALL_WHOLE = 2.0**48


@dataclass(frozen=True)
class Standard:
    """Mean zero and variance one."""

    center: float = 0.0
    scale: float = 1.0
    names = ("",)
    n_values, n_levels = 1, 0

    @classmethod
    def fit(cls, numbers, grid):
        center = exact_center(mean(numbers), numbers, grid)
        return cls(center, exact_scale(spread(numbers), numbers, grid))

    def encode(self, numbers, rows, block):
        block[rows, 0] = (numbers - self.center) / self.scale

    def decode(self, block):
        with np.errstate(over="ignore"):
            return block[:, 0] * self.scale + self.center


@dataclass(frozen=True)
class QuantileNormal:
    """Ranks on the scale of a normal distribution; values that repeat share a piece.

    Row i of n sorted ones stands at the normal quantile of (i + 1/2) / n. A value with
    several rows takes the piece of the scale that they cover: it is encoded as the
    middle, by mass, and all of the piece is decoded as the value, so that draws from
    the standard normal distribution repeat it as often as the data did. Between two
    values, and so between knots, the scale is linear; beyond the last ones it is
    clipped.

    Parameters
    ----------
    knots : ndarray of shape (n_knots,)
        Increasing.
    first, middle, last : ndarray of shape (n_knots,)
        Where the piece of each knot begins, is encoded, and ends.
    """

    knots: np.ndarray
    first: np.ndarray
    middle: np.ndarray
    last: np.ndarray
    names = ("",)
    n_values, n_levels = 1, 0
    most_knots = 1000

    @classmethod
    def fit(cls, numbers, grid):
        ordered = np.sort(numbers)
        n = len(ordered)
        ranks = np.linspace(0, n - 1, min(n, cls.most_knots)).astype(np.intp)
        scale = cls._at(ordered, np.unique(ordered[ranks]))
        if grid is None or np.array_equal(
            scale._returned(ordered, grid), grid(ordered)
        ):
            return scale
        # Some numbers are too far from their knots to be told from their neighbours.
        return cls._at(ordered, np.unique(ordered))

    @classmethod
    def _at(cls, ordered, knots):
        n = len(ordered)
        before = np.searchsorted(ordered, knots, side="left")
        after = np.searchsorted(ordered, knots, side="right")
        middle = ndtri((before + after) / (2 * n))
        return cls(knots, ndtri((before + 0.5) / n), middle, ndtri((after - 0.5) / n))

    def _returned(self, numbers, grid):
        block = np.empty((len(numbers), 1))
        self.encode(numbers, slice(None), block)
        return grid(self.decode(block))

    def encode(self, numbers, rows, block):
        numbers = np.clip(numbers, self.knots[0], self.knots[-1])
        here = np.searchsorted(self.knots, numbers, side="right") - 1
        there = np.minimum(here + 1, len(self.knots) - 1)
        gap = np.where(there > here, self.knots[there] - self.knots[here], 1.0)
        way = (numbers - self.knots[here]) / gap
        between = self.last[here] + way * (self.first[there] - self.last[here])
        block[rows, 0] = np.where(way == 0, self.middle[here], between)

    def decode(self, block):
        ends = np.column_stack([self.first, self.last]).ravel()
        return np.interp(block[:, 0], ends, np.repeat(self.knots, 2))


@dataclass(frozen=True)
class Mode:
    """Mixture of Gaussians: place within a mode, then a one-hot code of the mode.

    The mode-specific normalisation of CTGAN, with three changes that make it exact
    and quick: the mixture is fitted by plain EM to quantiles of the column, a number
    belongs to its most probable mode, not to a drawn one, and a mode is widened until
    clipping leaves its training numbers as they are.

    Parameters
    ----------
    log_weights : ndarray of shape (n_modes,)
    means, stds : ndarray of shape (n_modes,)
        Of the mixture.
    centers, scales : ndarray of shape (n_modes,)
        Of the place within a mode; four standard deviations wide, or wider.
    """

    log_weights: np.ndarray
    means: np.ndarray
    stds: np.ndarray
    centers: np.ndarray
    scales: np.ndarray
    n_values = 1
    most_modes = 10
    n_quantiles = 1000
    limit = 0.99

    @classmethod
    def fit(cls, numbers, grid):
        center, scale = mean(numbers), spread(numbers)
        ranks = np.linspace(0, len(numbers) - 1, min(len(numbers), cls.n_quantiles))
        quantiles = np.sort(numbers)[ranks.astype(np.intp)]
        weights, means, stds = fit_mixture((quantiles - center) / scale, cls.most_modes)
        log_weights, means, stds = np.log(weights), means * scale + center, stds * scale
        mode = most_probable(numbers, log_weights, means, stds)
        used = np.unique(mode)
        mode = np.searchsorted(used, mode)
        centers = exact_center(means[used], numbers, grid)
        reach = np.zeros(len(used))
        np.maximum.at(reach, mode, np.abs(numbers - centers[mode]))
        # A little more than the reach, lest rounding leads to the limit.
        scales = np.maximum(4 * stds[used], reach / (cls.limit - 0.01))
        scales = exact_scale(scales, numbers, grid)
        return cls(log_weights[used], means[used], stds[used], centers, scales)

    @property
    def n_levels(self):
        return len(self.means)

    @property
    def names(self):
        return ["", *(f"_mode{k}" for k in range(self.n_levels))]

    def encode(self, numbers, rows, block):
        mode = most_probable(numbers, self.log_weights, self.means, self.stds)
        place = (numbers - self.centers[mode]) / self.scales[mode]
        block[rows, 0] = np.clip(place, -self.limit, self.limit)
        block[rows, 1 + mode] = 1.0

    def decode(self, block):
        mode = block[:, 1:].argmax(axis=1)
        place = np.clip(block[:, 0], -self.limit, self.limit)
        return place * self.scales[mode] + self.centers[mode]


@dataclass(frozen=True)
class OneHot:
    """One column for each level; the one furthest above its cut tells which."""

    levels: list
    cuts: np.ndarray
    n_values = 0

    @property
    def n_levels(self):
        return len(self.levels)

    @property
    def names(self):
        return [f"_{level}" for level in self.levels]

    def encode(self, numbers, rows, block):
        block[rows, numbers.astype(np.intp)] = 1.0

    def decode(self, block):
        return (block - self.cuts).argmax(axis=1).astype(np.float64)


class Nothing:
    """No column, of a column without values."""

    names = ()
    n_values, n_levels = 0, 0


def mean(numbers):
    """Mean, which of a constant column is the constant, without rounding."""
    return np.clip(numbers.mean(), numbers.min(), numbers.max())


def spread(numbers):
    """Standard deviation, or 1 where all numbers are the same."""
    return 1.0 if numbers.min() == numbers.max() else numbers.std() or 1.0


def exact_center(center, numbers, grid):
    """A center from which large whole numbers keep whole distances below 2**53."""
    if grid is None or np.abs(numbers).max() < SMALL_WHOLE:
        return center
    low, high = numbers.max() - LARGEST_WHOLE, numbers.min() + LARGEST_WHOLE
    return np.rint(np.clip(center, low, high))


def exact_scale(scale, numbers, grid):
    """A scale that large whole numbers can be divided by without rounding."""
    if grid is None or np.abs(numbers).max() < SMALL_WHOLE:
        return scale
    return 2.0 ** np.ceil(np.log2(scale))


def most_probable(numbers, log_weights, means, stds):
    """Mode of a mixture in which each number is most probable."""
    mode = np.zeros(len(numbers), dtype=np.intp)
    best = np.full(len(numbers), -np.inf)
    for k in range(len(means)):  # one mode after another: memory of a few columns
        log_density = -0.5 * ((numbers - means[k]) / stds[k]) ** 2
        log_density += log_weights[k] - np.log(stds[k])
        mode[log_density > best] = k
        np.maximum(best, log_density, out=best)
    return mode


def fit_mixture(x, n_modes, n_iter=50, least_std=1e-3, least_weight=0.005):
    """Fit a mixture of Gaussians to a sample, by EM that starts from its quantiles.

    Parameters
    ----------
    x : ndarray of shape (n_samples,)
        Of unit variance, or constant.
    n_modes : int
        At most so many.
    n_iter : int
    least_std : float
        To which the standard deviations of spikes are held.
    least_weight : float
        Modes of less are left out.

    Returns
    -------
    weights, means, stds : ndarray of shape (n_modes_found,)
    """
    means = np.unique(np.quantile(x, (np.arange(n_modes) + 0.5) / n_modes))
    stds = np.full(len(means), max(x.std() / len(means), least_std))
    weights = np.full(len(means), 1 / len(means))
    for _ in range(n_iter):
        Z = (x[:, None] - means) / stds
        R = softmax(np.log(weights) - np.log(stds) - 0.5 * Z**2, axis=1)
        # A mode that lost all rows keeps a mass, so that its mean stays a number.
        mass = R.sum(axis=0) + np.finfo(float).tiny
        means = x @ R / mass
        stds = np.sqrt((R * (x[:, None] - means) ** 2).sum(axis=0) / mass)
        stds, weights = np.maximum(stds, least_std), mass / mass.sum()
    kept = weights >= least_weight
    return weights[kept], means[kept], stds[kept]
