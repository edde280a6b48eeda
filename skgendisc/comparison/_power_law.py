"""What a learning curve comes to, and how fast."""

from dataclasses import asdict, dataclass

import numpy as np

from skgendisc.comparison._records import as_frame
from skgendisc.numerics import bootstrap_means, fit_power_laws

N_DRAWS = 1000
PARAMETERS = ("asymptote", "scale", "rate")


@dataclass(frozen=True)
class PowerLaw:
    r"""A learning curve as :math:`a + b n^{-c}`, from `LearningCurves.fit_power_law`.

    Attributes
    ----------
    name : str
        The estimator.
    metric : str
    asymptote : float
        a, what the score comes to with many rows.
    scale : float
        b, positive where the score falls.
    rate : float
        c, from 0.05 to 4.
    intervals : dict of str to list of two floats
        Of each of ``"asymptote"``, ``"scale"`` and ``"rate"``, by the bootstrap over
        splits.
    confidence : float
        Of each interval, in (0, 1).

    Examples
    --------
    >>> from skgendisc.comparison import PowerLaw
    >>> law = PowerLaw("NB", "log_loss", 0.3, 2.0, 0.5, intervals={}, confidence=0.95)
    >>> law.predict([100, 10_000])
    array([0.5 , 0.32])
    """

    name: str
    metric: str
    asymptote: float
    scale: float
    rate: float
    intervals: dict
    confidence: float

    def predict(self, train_size):
        """Expected score for so many rows.

        Parameters
        ----------
        train_size : array-like of float

        Returns
        -------
        score : ndarray
        """
        size = np.asarray(train_size, dtype=float)
        return self.asymptote + self.scale * size**-self.rate

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
        """
        return asdict(self)

    def to_frame(self):
        """The parameters and their intervals, as a pandas DataFrame.

        Returns
        -------
        frame : pandas.DataFrame
            With the columns ``parameter``, ``value``, ``low`` and ``high``; NaN where
            there is no interval.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        rows = []
        for parameter in PARAMETERS:
            low, high = self.intervals.get(parameter, (np.nan, np.nan))
            value = getattr(self, parameter)
            rows.append(
                {"parameter": parameter, "value": value, "low": low, "high": high}
            )
        return as_frame(rows, "PowerLaw.to_frame")


def find_power_law(name, metric, sizes, scores, *, is_loss, confidence, rng):
    """Fit a power law to mean scores, and to those of bootstrap draws.

    Parameters
    ----------
    name, metric : str
    sizes : ndarray of shape (n_sizes,)
    scores : ndarray of shape (n_sizes, n_splits)
        NaN where there is none.
    is_loss : bool
        Then the asymptote is not negative; else it is at most one, if scores are.
    confidence : float
    rng : numpy.random.Generator

    Returns
    -------
    law : PowerLaw
    """
    told = (~np.isnan(scores)).sum(axis=1) > 1
    if told.sum() < 4:
        raise ValueError(
            f"A power law needs {metric} on two splits or more, at four sizes or more: "
            f"{name!r} has so at {sizes[told].tolist()} rows. Take more train_sizes, "
            "or look at failures."
        )
    sizes, scores = sizes[told], scores[told]
    n = (~np.isnan(scores)).sum(axis=1)
    variance = np.nanvar(scores, axis=1, ddof=1) / n
    # Where scores do not differ, they are not infinitely sure.
    least = 1e-6 * variance.max()
    weight = 1.0 / np.maximum(variance, least) if least > 0 else np.ones(len(n))
    draws = bootstrap_means(scores.T, N_DRAWS, rng)
    bounds = {"lower": 0.0} if is_loss and np.nanmin(scores) >= 0 else {}
    if not is_loss and np.nanmax(scores) <= 1:
        bounds = {"upper": 1.0}
    means = np.vstack([np.nanmean(scores, axis=1), draws])
    found = fit_power_laws(sizes, means, weight, **bounds)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    ends = np.quantile(found[1:], tails, axis=0)
    return PowerLaw(
        name=name,
        metric=metric,
        **dict(zip(PARAMETERS, found[0].tolist(), strict=True)),
        intervals=dict(zip(PARAMETERS, ends.T.tolist(), strict=True)),
        confidence=confidence,
    )
