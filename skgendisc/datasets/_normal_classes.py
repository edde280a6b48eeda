"""Normal classes: rows, and all that there is to know of them."""

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real

import numpy as np
from scipy.special import log_softmax, logsumexp, ndtri
from sklearn.utils import check_array

from skgendisc.numerics import (
    draw_categorical,
    draw_gaussians,
    gaussian_factor,
    gaussian_log_density,
    lattice,
    linear_rule_error,
    tied_linear_rule,
)
from skgendisc.utils.random_state import as_generator

# Points of each class that the Bayes error is summed over where no formula gives it.
ERROR_POINTS = 2**15


@dataclass(frozen=True, eq=False)
class NormalClasses:
    """Classes with a normal distribution each: the truth behind rows that are made.

    Parameters
    ----------
    means : ndarray of shape (n_classes, n_features)
    covariances : ndarray of shape (n_classes, n_features, n_features)
        Positive definite.
    priors : ndarray of shape (n_classes,)
        Shares of the classes; they sum to one.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.datasets import NormalClasses
    >>> truth = NormalClasses(
    ...     means=np.array([[0.0], [2.0]]),
    ...     covariances=np.ones((2, 1, 1)),
    ...     priors=np.array([0.5, 0.5]),
    ... )
    >>> truth.predict_proba([[1.0]])
    array([[0.5, 0.5]])
    >>> round(truth.bayes_error, 4)
    0.1587
    """

    means: np.ndarray
    covariances: np.ndarray
    priors: np.ndarray

    def sample(self, n_samples=1, *, random_state=None):
        """Draw rows and their classes.

        Parameters
        ----------
        n_samples : int, default=1
        random_state : int, RandomState, Generator or None, default=None

        Returns
        -------
        X : ndarray of shape (n_samples, n_features)
        y : ndarray of shape (n_samples,)
            Class numbers.
        """
        # A child's stream: a sampler with the same seed must not draw the same noise.
        rng = as_generator(random_state).spawn(1)[0]
        y = draw_categorical(self.priors, n_samples, rng)
        return draw_gaussians(y, self.means, [f for f, *_ in self._factors], rng), y

    def predict_joint_log_proba(self, X):
        """Log-density of each row with each class, log p(x, y).

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        joint : ndarray of shape (n_samples, n_classes)
            In nats.
        """
        X = check_array(X, dtype=np.float64)
        if X.shape[1] != self.means.shape[1]:
            raise ValueError(
                f"X must have {self.means.shape[1]} columns, as the classes have: got "
                f"{X.shape[1]}."
            )
        log_density = [
            gaussian_log_density(X, mean, whitening, log_det)
            for mean, (_, whitening, log_det) in zip(
                self.means, self._factors, strict=True
            )
        ]
        return np.column_stack(log_density) + np.log(self.priors)

    def score_samples(self, X):
        """Log-density of each row, in nats.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
        """
        return logsumexp(self.predict_joint_log_proba(X), axis=1)

    def predict_log_proba(self, X):
        """True log-probability of each class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
            In nats.
        """
        return log_softmax(self.predict_joint_log_proba(X), axis=1)

    def predict_proba(self, X):
        """True probability of each class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
        """
        return np.exp(self.predict_log_proba(X))

    def predict(self, X):
        """The most probable class: no classifier has a smaller error.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        y : ndarray of shape (n_samples,)
        """
        return self.predict_joint_log_proba(X).argmax(axis=1)

    @cached_property
    def bayes_error(self):
        """The least possible share of rows with the wrong class.

        Exact for two classes that share a covariance; else summed over an even lattice
        of points of each class, right to about 0.001 in up to 20 columns and to 0.004
        in a hundred.
        """
        if len(self.means) == 2 and self._is_tied:
            rule = tied_linear_rule(self.means, self.covariances[0], self.priors)
            return self.linear_rule_error(*rule)
        noise = ndtri(lattice(ERROR_POINTS, self.means.shape[1]))
        missed = [
            1.0 - np.mean(self.predict(mean + noise @ factor.T) == k)
            for k, (mean, (factor, *_)) in enumerate(
                zip(self.means, self._factors, strict=True)
            )
        ]
        return float(self.priors @ missed)

    @cached_property
    def naive_bayes_error(self):
        """Error of naive Bayes that knows each column's distribution.

        What it comes to with many rows, with one variance of each column for both
        classes: exact, and for two classes that share a covariance alone.

        Raises
        ------
        ValueError
            For other classes.
        """
        if len(self.means) != 2 or not self._is_tied:
            raise ValueError(
                "naive_bayes_error is known for two classes that share a covariance: "
                f"got {len(self.means)} classes"
                f"{'' if self._is_tied else ' with covariances of their own'}."
            )
        independent = np.diag(np.diag(self.covariances[0]))
        rule = tied_linear_rule(self.means, independent, self.priors)
        return self.linear_rule_error(*rule)

    def linear_rule_error(self, coef, intercept):
        """Exact error of a linear classifier of two classes.

        Parameters
        ----------
        coef : array-like of shape (n_features,)
        intercept : float or array-like of one
            Class 1 is taken where ``X @ coef + intercept`` is positive.

        Returns
        -------
        error : float

        Raises
        ------
        ValueError
            If there are other than two classes.
        """
        if len(self.means) != 2:
            raise ValueError(
                f"A linear rule is between two classes: there are {len(self.means)}."
            )
        coef = np.ravel(coef).astype(float)
        return linear_rule_error(
            coef, np.ravel(intercept).item(), self.means, self.covariances, self.priors
        )

    @property
    def _is_tied(self):
        return bool((self.covariances == self.covariances[0]).all())

    @cached_property
    def _factors(self):
        return [gaussian_factor(covariance) for covariance in self.covariances]


def make_gaussian_classes(
    n_samples=100,
    n_features=2,
    *,
    distance=2.0,
    priors=(0.5, 0.5),
    correlation=0.0,
    scales=(1.0, 1.0),
    return_truth=False,
    random_state=None,
):
    r"""Draw rows of two normal classes so and so far apart.

    Parameters
    ----------
    n_samples, n_features : int, default=100, 2
    distance : float, default=2.0
        Distance of Mahalanobis between the means, by the first class's covariance.
    priors : (float, float), default=(0.5, 0.5)
        Shares of the classes.
    correlation : float, default=0.0
        Between the columns, within the classes: :math:`\rho^{|i - j|}` between columns
        i and j.
    scales : (float, float), default=(1.0, 1.0)
        Standard deviation of the columns in each class. Where they differ, so do the
        covariances, and the best boundary is a quadric.
    return_truth : bool, default=False
    random_state : int, RandomState, Generator or None, default=None

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        0 and 1.
    truth : NormalClasses
        Only with ``return_truth``.

    Notes
    -----
    The means differ along the first column and as much, with the other sign, along the
    second, a third, and so on, before they are scaled to the distance.

    Examples
    --------
    >>> from sklearn.metrics import accuracy_score
    >>> from skgendisc.datasets import make_gaussian_classes
    >>> from skgendisc.joint import LDASampler
    >>> X, y, truth = make_gaussian_classes(
    ...     5000, distance=2.0, return_truth=True, random_state=0
    ... )
    >>> round(truth.bayes_error, 3), round(1 - LDASampler().fit(X, y).score(X, y), 2)
    (0.159, 0.16)
    """
    _check(n_features=n_features, distance=distance)
    if not -1 < correlation < 1:
        raise ValueError(
            f"correlation must be between -1 and 1, without these: got {correlation!r}."
        )
    if len(scales) != 2 or not np.all(np.array(scales) > 0):
        raise ValueError(
            f"scales must be two positive numbers, one a class: got {scales!r}."
        )
    lag = np.abs(np.subtract.outer(np.arange(n_features), np.arange(n_features)))
    covariance = float(correlation) ** lag
    direction = (-1.0) ** np.arange(n_features)
    covariances = np.array([scale**2 * covariance for scale in scales])
    truth = _two_classes(direction, covariances, distance, priors)
    return _drawn(truth, n_samples, return_truth, random_state)


def make_correlated_naive(
    n_samples=100,
    n_features=10,
    *,
    correlation=0.5,
    n_informative=1,
    distance=2.0,
    priors=(0.5, 0.5),
    return_truth=False,
    random_state=None,
):
    """Draw rows of two normal classes where naive Bayes stays wrong by a known amount.

    All columns are correlated alike within the classes, which naive Bayes denies; the
    means differ in some of the columns, and the others help none the less: they tell
    what of these is common noise.

    Parameters
    ----------
    n_samples, n_features : int, default=100, 10
    correlation : float, default=0.5
        Of each pair of columns, within the classes; in [0, 1).
    n_informative : int, default=1
        Columns in which the means differ, the first ones.
    distance : float, default=2.0
        Distance of Mahalanobis between the means.
    priors : (float, float), default=(0.5, 0.5)
    return_truth : bool, default=False
    random_state : int, RandomState, Generator or None, default=None

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        0 and 1.
    truth : NormalClasses
        Only with ``return_truth``; its ``naive_bayes_error`` is what naive Bayes comes
        to, ``bayes_error`` what logistic regression and LDA come to.

    Examples
    --------
    >>> from skgendisc.datasets import make_correlated_naive
    >>> *_, truth = make_correlated_naive(return_truth=True)
    >>> round(truth.bayes_error, 3), round(truth.naive_bayes_error, 3)
    (0.159, 0.229)
    """
    _check(n_features=n_features, n_informative=n_informative, distance=distance)
    if not 0 <= correlation < 1:
        raise ValueError(f"correlation must be in [0, 1): got {correlation!r}.")
    if n_informative > n_features:
        raise ValueError(
            f"n_informative must be at most n_features: got {n_informative} of "
            f"{n_features}."
        )
    covariance = np.full((n_features, n_features), float(correlation))
    np.fill_diagonal(covariance, 1.0)
    direction = (np.arange(n_features) < n_informative).astype(float)
    truth = _two_classes(direction, np.array([covariance] * 2), distance, priors)
    return _drawn(truth, n_samples, return_truth, random_state)


def make_gaussian_grid(
    n_samples=100,
    n_side=5,
    *,
    spacing=2.0,
    scale=0.05,
    angle=0.0,
    return_truth=False,
    random_state=None,
):
    """Draw rows of normals on a square grid, on which generators lose modes.

    Parameters
    ----------
    n_samples : int, default=100
    n_side : int, default=5
        Normals along each side.
    spacing : float, default=2.0
        Distance of neighbouring centres.
    scale : float, default=0.05
        Standard deviation about the centres.
    angle : float, default=0.0
        Turn of the grid, in radians. Columns of a grid along the axes are independent,
        and hence no test of what columns have to do with each other.
    return_truth : bool, default=False
    random_state : int, RandomState, Generator or None, default=None

    Returns
    -------
    X : ndarray of shape (n_samples, 2)
    y : ndarray of shape (n_samples,)
        Which normal a row is of.
    truth : NormalClasses
        Only with ``return_truth``; its ``means`` are the centres.

    References
    ----------
    Lin, Khetan, Fanti & Oh (2018). PacGAN: the power of two samples in generative
    adversarial networks. NeurIPS 31, section 4.1.

    Examples
    --------
    >>> from skgendisc.datasets import make_gaussian_grid
    >>> X, y, truth = make_gaussian_grid(return_truth=True, random_state=0)
    >>> truth.means[[0, -1]].tolist()
    [[-4.0, -4.0], [4.0, 4.0]]
    """
    _check(n_side=n_side, spacing=spacing, scale=scale)
    line = spacing * (np.arange(n_side) - (n_side - 1) / 2)
    centres = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
    cos, sin = np.cos(angle), np.sin(angle)
    truth = _round_classes(centres @ [[cos, sin], [-sin, cos]], scale)
    return _drawn(truth, n_samples, return_truth, random_state)


def make_gaussian_ring(
    n_samples=100,
    n_modes=8,
    *,
    radius=1.0,
    scale=0.01,
    return_truth=False,
    random_state=None,
):
    """Draw rows of normals on a circle, on which generators lose modes.

    Parameters
    ----------
    n_samples, n_modes : int, default=100, 8
    radius : float, default=1.0
    scale : float, default=0.01
        Standard deviation about the centres.
    return_truth : bool, default=False
    random_state : int, RandomState, Generator or None, default=None

    Returns
    -------
    X : ndarray of shape (n_samples, 2)
    y : ndarray of shape (n_samples,)
        Which normal a row is of.
    truth : NormalClasses
        Only with ``return_truth``; its ``means`` are the centres.

    References
    ----------
    Lin, Khetan, Fanti & Oh (2018). PacGAN: the power of two samples in generative
    adversarial networks. NeurIPS 31, section 4.1.

    Examples
    --------
    >>> from skgendisc.datasets import make_gaussian_ring
    >>> X, y = make_gaussian_ring(1000, random_state=0)
    >>> X.shape, int(y.max())
    ((1000, 2), 7)
    """
    _check(n_modes=n_modes, radius=radius, scale=scale)
    turn = 2 * np.pi * np.arange(n_modes) / n_modes
    centres = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return _drawn(_round_classes(centres, scale), n_samples, return_truth, random_state)


def _two_classes(direction, covariances, distance, priors):
    """Means on both sides of zero, so far apart by the first covariance."""
    priors = np.asarray(priors, dtype=float)
    if priors.shape != (2,) or not (priors > 0).all() or abs(priors.sum() - 1) > 1e-9:
        raise ValueError(
            f"priors must be two positive shares that sum to one: got "
            f"{priors.tolist()}."
        )
    length = np.sqrt(direction @ np.linalg.solve(covariances[0], direction))
    half = direction * distance / length / 2
    return NormalClasses(np.array([-half, half]), covariances, priors)


def _round_classes(centres, scale):
    """Normals that are alike but for their centres."""
    n_modes, n_features = centres.shape
    covariances = np.tile(scale**2 * np.eye(n_features), (n_modes, 1, 1))
    return NormalClasses(centres, covariances, np.full(n_modes, 1 / n_modes))


def _drawn(truth, n_samples, return_truth, random_state):
    _check(n_samples=n_samples)
    X, y = truth.sample(n_samples, random_state=random_state)
    return (X, y, truth) if return_truth else (X, y)


def _check(**values):
    """Counts are whole numbers, one or more; all else is positive."""
    for name, value in values.items():
        if name.startswith("n_"):
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(
                    f"{name} must be a whole number, 1 or more: got {value!r}."
                )
        elif not isinstance(value, Real) or not 0 < value < np.inf:
            raise ValueError(f"{name} must be a positive number: got {value!r}.")
