"""Where one learning curve overtakes another."""

import math
from dataclasses import asdict, dataclass

import numpy as np

from skgendisc.comparison._records import as_frame
from skgendisc.comparison._result import mean_and_error
from skgendisc.comparison._scoring import (
    CLEAREST,
    LEAST_ERROR,
    TooFewScoresError,
    is_clear,
    metric_label,
)
from skgendisc.comparison._text import format_rows
from skgendisc.numerics import bootstrap_means, crossing, part_signs

N_DRAWS = 2000


@dataclass(frozen=True)
class Crossover:
    """Who leads with few rows and who with many: `LearningCurves.crossover` tells.

    ``str`` of it says so in words.

    Attributes
    ----------
    a, b : str
        Names of the estimators.
    metric : str
    train_size : float or None
        Rows at which the mean curves cross, on straight lines over the logarithm of
        rows. None where they do not cross within the data.
    interval : list of two floats, or None
        Of the crossing, by the bootstrap over splits. 0 stands for below the smallest
        size, infinity for above the largest.
    confidence : float
        Of the interval, in (0, 1).
    n_crossings : int
        How often the mean curves cross. The crossing that is told of is the one that
        best parts the sizes by who leads, leads counted in standard errors.
    before, after : dict
        Who leads with fewer rows, and with more: ``winner``, and the lead where it is
        clearest, ``gap`` and ``standard_error`` in units of the metric, at
        ``train_size``. Both are the same where the curves do not cross.
    gaps : list of dict
        By how much a leads, at each size: ``train_size``, ``gap`` (negative where b
        does) and ``standard_error``.

    Examples
    --------
    >>> from skgendisc.comparison import Crossover
    >>> few = {"winner": "NB", "gap": 0.04, "standard_error": 0.01, "train_size": 50}
    >>> many = {"winner": "LR", "gap": 0.1, "standard_error": 0.01, "train_size": 900}
    >>> print(Crossover(
    ...     "NB", "LR", "log_loss", train_size=120.0, interval=[80.0, 210.0],
    ...     confidence=0.95, n_crossings=1, before=few, after=many, gaps=[],
    ... ))
    With fewer than about 120 rows NB leads, in log loss by 0.04 ± 0.01 at 50 rows; with
    more LR leads, in log loss by 0.1 ± 0.01 at 900 rows. 95 % interval 80 to 210 rows.
    """

    a: str
    b: str
    metric: str
    train_size: float | None
    interval: list | None
    confidence: float
    n_crossings: int
    before: dict
    after: dict
    gaps: list

    @property
    def is_tie(self):
        """Whether chance can explain all that is told of."""
        return not any(
            is_clear(side["gap"], side["standard_error"], CLEAREST)
            for side in (self.before, self.after)
        )

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
        """
        return asdict(self)

    def to_frame(self):
        """By how much a leads at each size, as a pandas DataFrame.

        Returns
        -------
        frame : pandas.DataFrame
            With the columns ``train_size``, ``gap`` and ``standard_error``.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return as_frame(self.gaps, "Crossover.to_frame")

    def __str__(self):
        before, after = (self._lead(side) for side in (self.before, self.after))
        if self.train_size is None:
            sizes = [gap["train_size"] for gap in self.gaps]
            first, last = format_rows(sizes[0]), format_rows(sizes[-1])
            return f"From {first} to {last} rows {before}. {self.crossings_text()}"
        text = (
            f"With fewer than about {format_rows(self.train_size)} rows {before}; with "
            f"more {after}. {self.interval_text()}. {self.crossings_text()}"
        )
        return text.rstrip()

    def crossings_text(self):
        """Where the mean curves cross without parting the sizes, in words.

        Returns
        -------
        text : str
            Empty where they cross at `train_size` alone.
        """
        times = "once" if self.n_crossings == 1 else f"{self.n_crossings} times"
        if self.train_size is None:
            if not self.n_crossings:
                return "There is no crossing within the data."
            text = "but no crossing parts the sizes by who leads."
            return f"The mean curves cross {times}, {text}"
        if self.n_crossings < 2:
            return ""
        at = format_rows(self.train_size)
        return f"The mean curves cross {times}; at {at} rows they part the sizes best."

    def interval_text(self):
        """The interval in words, where the curves cross.

        Returns
        -------
        text : str
        """
        low, high = self.interval
        sizes = [gap["train_size"] for gap in self.gaps]
        low = format_rows(low) if low else f"below {format_rows(sizes[0])}"
        is_within = high < math.inf
        high = format_rows(high) if is_within else f"above {format_rows(sizes[-1])}"
        return f"{100 * self.confidence:g} % interval {low} to {high} rows"

    def _lead(self, side):
        lead = (
            f"{side['winner']} leads, in {metric_label(self.metric)} by "
            f"{side['gap']:.2g} ± {side['standard_error']:.1g} at "
            f"{format_rows(side['train_size'])} rows"
        )
        if is_clear(side["gap"], side["standard_error"]):
            return lead
        return f"{lead}, which may be noise"


def find_crossover(a, b, metric, sizes, leads, *, confidence, rng):
    """Where leads turn from one estimator to the other.

    Parameters
    ----------
    a, b, metric : str
    sizes : ndarray of shape (n_sizes,)
        Ascending.
    leads : ndarray of shape (n_sizes, n_splits)
        By how much a is better than b; NaN where one of them has no score.
    confidence : float
    rng : numpy.random.Generator

    Returns
    -------
    crossover : Crossover
    """
    told = (~np.isnan(leads)).sum(axis=1) > 1
    if told.sum() < 2:
        raise TooFewScoresError(
            f"a and b must have {metric} on two splits or more, at two sizes or more: "
            f"{a!r} and {b!r} have so at {sizes[told].tolist()} rows. Look at failures."
        )
    sizes, leads = sizes[told], leads[told]
    pairs = [mean_and_error(lead[~np.isnan(lead)]) for lead in leads]
    mean, error = np.array(pairs).T
    scale = np.maximum(error, LEAST_ERROR)
    _, rise = part_signs(mean / scale)
    _, fall = part_signs(-mean / scale)
    sign = 1.0 if rise >= fall else -1.0  # plus: a leads where there are more rows
    place = np.log(sizes)
    at = crossing(place, sign * mean, scale)
    crosses, interval = bool(np.isfinite(at)), None
    if crosses:
        draws = bootstrap_means(leads.T, N_DRAWS, rng)
        drawn = crossing(place, sign * draws, scale)
        # Entries of the sample: between infinities there is nothing to interpolate.
        low = np.quantile(drawn, (1 - confidence) / 2, method="lower")
        high = np.quantile(drawn, (1 + confidence) / 2, method="higher")
        interval = [float(np.exp(low)), float(np.exp(high))]
    is_before = place < at
    sides = [is_before, ~is_before] if crosses else [np.full(len(place), True)] * 2
    signs = [-sign, sign] if crosses else [sign if at < 0 else -sign] * 2
    before, after = (
        _clearest(a if s > 0 else b, sizes, s * mean, error, s * mean / scale, side)
        for s, side in zip(signs, sides, strict=True)
    )
    turns = np.sign(mean)[mean != 0]
    return Crossover(
        a=a,
        b=b,
        metric=metric,
        train_size=float(np.exp(at)) if crosses else None,
        interval=interval,
        confidence=confidence,
        n_crossings=int((turns[1:] != turns[:-1]).sum()),
        before=before,
        after=after,
        gaps=[
            {"train_size": float(n), "gap": float(gap), "standard_error": float(se)}
            for n, gap, se in zip(sizes, mean, error, strict=True)
        ],
    )


def _clearest(winner, sizes, gap, error, score, side):
    """The winner's lead at the size, of one side, where it is clearest."""
    best = np.where(side, score, -np.inf).argmax()
    return {
        "winner": winner,
        "gap": float(gap[best]),
        "standard_error": float(error[best]),
        "train_size": float(sizes[best]),
    }
