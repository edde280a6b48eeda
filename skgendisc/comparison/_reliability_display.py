"""A picture of how reliable probabilities are; matplotlib comes at the last moment."""

from collections.abc import Mapping

import numpy as np
from scipy.special import logit
from sklearn.utils import column_or_1d
from sklearn.utils.validation import check_is_fitted

from skgendisc.comparison._fits import as_dict
from skgendisc.comparison._plots import GREY, INK, looks, make_figure
from skgendisc.numerics import (
    bin_outcomes,
    binomial_interval,
    calibration_error,
    draw_consistent,
    fit_sigmoid,
    probability_edges,
)
from skgendisc.utils.random_state import as_generator

BANDS = ("consistency", "binomial", None)
STRATEGIES = ("quantile", "uniform")
HISTOGRAM_BINS = 20
N_DRAWS = 2000
EPSILON = np.finfo(float).eps  # as scikit-learn's log loss: surer ones are as sure


class ReliabilityDisplay:
    """How often a class comes where classifiers foretell it with some probability.

    Make one by :meth:`from_estimators`, or by :meth:`from_predictions` from
    probabilities that are there.

    Parameters
    ----------
    curves : dict of str to dict
        By classifier, plain Python values as :meth:`to_dict` gives them: ``bins``, a
        list of dicts of ``mean_probability``, ``frequency``, ``count``, ``low`` and
        ``high`` (the band, or None); ``histogram`` (rows in 20 bins of equal width);
        ``slope`` and ``intercept`` (of the log-odds; 1 and 0 where they are right);
        ``expected_calibration_error`` and ``error_by_chance`` (its mean, were the
        probabilities right); ``brier_score``.
    pos_label : object, default=None
        The class, for the labels of the axes.
    bands : {"consistency", "binomial", None}, default="consistency"
        What ``low`` and ``high`` are.
    confidence : float, default=0.95
        Of each bin's band, in (0, 1).

    Attributes
    ----------
    ax_ : matplotlib Axes
        Of the curves; after :meth:`plot`.
    histogram_ax_ : matplotlib Axes or None
    figure_ : matplotlib Figure
    lines_ : dict of str to matplotlib Line2D
        By classifier.
    bands_ : dict of str to matplotlib artist

    Notes
    -----
    Even right probabilities do not lie on the diagonal: a bin has so many rows and no
    more. Consistency bands [1]_ lie about the diagonal, where frequencies would be, in
    95 % of cases, were the probabilities right; marks outside are filled. Binomial
    intervals (Clopper and Pearson) lie about the frequencies. Each holds for one bin,
    not for all at once.

    The slope below 1 says that probabilities are too sure, above 1 that they are not
    sure enough [2]_. It is fitted with Platt's targets; a probability of 0 or 1 counts
    as one that floats can just tell from it, log-odds of 36.

    The expected calibration error depends on the bins, and is not zero for right
    probabilities either: compare it with ``error_by_chance``.

    References
    ----------
    .. [1] Broecker & Smith (2007). Increasing the reliability of reliability diagrams.
       Weather and Forecasting 22(3).
    .. [2] Cox (1958). Two further applications of a model for binary regression.
       Biometrika 45(3-4).

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.comparison import ReliabilityDisplay
    >>> rng = np.random.default_rng(0)
    >>> right = rng.uniform(size=2000)
    >>> y = rng.uniform(size=2000) < right
    >>> sure = right**3 / (right**3 + (1 - right) ** 3)
    >>> display = ReliabilityDisplay.from_predictions(
    ...     {"right": right, "too sure": sure}, y
    ... )  # doctest: +SKIP
    >>> slopes = [c["slope"] for c in display.curves.values()]  # doctest: +SKIP
    >>> print(f"{slopes[0]:.1f} {slopes[1]:.1f}")  # doctest: +SKIP
    1.0 0.3
    """

    def __init__(self, curves, *, pos_label=None, bands="consistency", confidence=0.95):
        self.curves = curves
        self.pos_label = pos_label
        self.bands = bands
        self.confidence = confidence

    @classmethod
    def from_estimators(cls, estimators, X, y, *, pos_label=None, ax=None, **bins):
        """Judge fitted classifiers on the same rows, which none of them has seen.

        Parameters
        ----------
        estimators : dict of str to estimator, or list of (str, estimator)
            Fitted, with ``predict_proba``.
        X : array-like or DataFrame of shape (n_samples, n_features)
            Held-out rows.
        y : array-like of shape (n_samples,)
            Their classes.
        pos_label : object, default=None
            The class whose probabilities are judged, against all others. None takes the
            second of two classes.
        ax : matplotlib Axes or pair of them, default=None
            For the curves, and for the histogram. None makes a figure.
        **bins : dict
            Other parameters of :meth:`from_predictions`.

        Returns
        -------
        display : ReliabilityDisplay

        Raises
        ------
        NotFittedError
        ValueError
            If an estimator gives no probabilities or does not know the class.
        """
        probabilities = {}
        for name, estimator in as_dict(estimators).items():
            check_is_fitted(estimator)
            if not hasattr(estimator, "predict_proba"):
                raise ValueError(
                    f"estimators must have predict_proba: {name!r}, "
                    f"{type(estimator).__name__}, has none. Wrap it in "
                    "CalibratedClassifierCV, or leave it out."
                )
            classes = np.asarray(estimator.classes_)
            pos_label = _check_class(pos_label, classes)
            probabilities[name] = _column_of(
                name, estimator.predict_proba(X), classes, pos_label
            )
        # The rows need not have all classes.
        return cls.from_predictions(
            probabilities, y, pos_label=pos_label, classes=classes, ax=ax, **bins
        )

    @classmethod
    def from_predictions(
        cls,
        probabilities,
        y,
        *,
        pos_label=None,
        classes=None,
        n_bins=10,
        strategy="quantile",
        bands="consistency",
        confidence=0.95,
        random_state=0,
        ax=None,
    ):
        """Judge probabilities by what happened.

        Parameters
        ----------
        probabilities : dict of str to array-like
            By classifier: of the class, of shape (n_samples,), or of all, of shape
            (n_samples, n_classes).
        y : array-like of shape (n_samples,)
            The classes that came.
        pos_label : object, default=None
            The class whose probabilities are judged, against all others. None takes the
            second of two classes.
        classes : array-like of shape (n_classes,), default=None
            What the columns stand for; None takes the sorted classes of ``y``.
        n_bins : int, default=10
        strategy : {"quantile", "uniform"}, default="quantile"
            Bins with equally many rows, each classifier's own, or of equal width.
        bands : {"consistency", "binomial", None}, default="consistency"
        confidence : float, default=0.95
            Of each bin's band, in (0, 1).
        random_state : int, RandomState, Generator or None, default=0
            Seed of the 2000 draws behind consistency bands.
        ax : matplotlib Axes or pair of them, default=None
            For the curves, and for the histogram. None makes a figure.

        Returns
        -------
        display : ReliabilityDisplay

        Raises
        ------
        ValueError
            For probabilities outside [0, 1] or of other rows than ``y``, a class that
            is not there or not chosen, or an unknown strategy or band.
        """
        _check_choice("strategy", strategy, STRATEGIES)
        _check_choice("bands", bands, BANDS)
        if not 0 < confidence < 1 or n_bins < 1:
            raise ValueError(
                "confidence must be between 0 and 1, and n_bins 1 or more: got "
                f"{confidence!r} and {n_bins!r}. 0.95 and 10 are usual."
            )
        if not isinstance(probabilities, Mapping) or not probabilities:
            raise ValueError(
                "probabilities must be a dict of names to arrays, got "
                f"{type(probabilities).__name__}. Give {{'name': probabilities}}."
            )
        y = column_or_1d(np.asarray(y))
        classes = np.unique(y) if classes is None else np.asarray(classes)
        pos_label = _check_class(pos_label, classes)
        rng = as_generator(random_state)
        curves = {}
        for name, values in probabilities.items():
            probability = _column_of(name, values, classes, pos_label)
            _check_rows(name, probability, y)
            curves[name] = _measure(
                probability,
                y == pos_label,
                probability_edges(
                    probability, n_bins, by_quantiles=strategy == "quantile"
                ),
                bands=bands,
                confidence=confidence,
                rng=rng,
            )
        display = cls(curves, pos_label=pos_label, bands=bands, confidence=confidence)
        return display.plot(ax=ax)

    def to_dict(self):
        """The numbers of the picture, as plain Python values.

        Returns
        -------
        values : dict
            ``curves``, ``pos_label``, ``bands`` and ``confidence``;
            ``ReliabilityDisplay(**values)`` gives the display back.
        """
        return {
            "curves": self.curves,
            "pos_label": self.pos_label,
            "bands": self.bands,
            "confidence": self.confidence,
        }

    def plot(self, ax=None):
        """Draw the curves, and a histogram of the probabilities below.

        Parameters
        ----------
        ax : matplotlib Axes or pair of them, default=None
            For the curves, and for the histogram; one alone gets the curves. None makes
            a figure.

        Returns
        -------
        display : ReliabilityDisplay
            Itself, with what it drew as attributes.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        is_own = ax is None
        if is_own:
            _, ax = make_figure(
                "ReliabilityDisplay.plot",
                nrows=2,
                sharex=True,
                height_ratios=(3.6, 1),
                figsize=(4.8, 5.4 + 0.2 * len(self.curves)),
            )
        axes = np.ravel(ax).tolist()
        self.ax_, self.histogram_ax_ = axes if len(axes) == 2 else (axes[0], None)
        self.figure_ = self.ax_.figure
        self.lines_, self.bands_ = {}, {}
        self.ax_.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, zorder=1)
        for name, colour, mark in looks(self.curves):
            self._draw_curve(name, colour, mark, is_brief=not is_own)
            if self.histogram_ax_ is not None:
                self._draw_histogram(name, colour)
        self._dress(self._explanation() if is_own else None)
        return self

    def _draw_curve(self, name, colour, mark, *, is_brief):
        curve = self.curves[name]
        mean, frequency, low, high = (
            np.array([entry[key] for entry in curve["bins"]], dtype=float)
            for key in ("mean_probability", "frequency", "low", "high")
        )
        numbers = (
            f": slope {curve['slope']:.2f}, Brier score {curve['brier_score']:.3f}"
        )
        (self.lines_[name],) = self.ax_.plot(
            mean,
            frequency,
            color=colour,
            marker=mark,
            markersize=5.5,
            markerfacecolor="white",
            linewidth=1.4,
            label=name if is_brief else name + numbers,
        )
        if self.bands is None:
            return
        target = frequency if self.bands == "consistency" else mean
        is_outside = (target < low) | (target > high)
        self.ax_.plot(
            mean[is_outside], frequency[is_outside], mark, color=colour, markersize=5.5
        )
        if self.bands == "consistency":
            self.bands_[name] = self.ax_.fill_between(
                mean, low, high, color=colour, alpha=0.13, linewidth=0
            )
        else:
            self.bands_[name] = self.ax_.vlines(
                mean, low, high, color=colour, alpha=0.6, linewidth=1.2
            )

    def _draw_histogram(self, name, colour):
        edges = np.linspace(0.0, 1.0, HISTOGRAM_BINS + 1)
        self.histogram_ax_.stairs(
            self.curves[name]["histogram"], edges, color=colour, linewidth=1.4
        )

    def _dress(self, explanation):
        ax, below = self.ax_, self.histogram_ax_
        what = "" if self.pos_label is None else f" of {self.pos_label}"
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(-0.02, 1.02)
        ax.set_ylabel(f"frequency{what}", color=INK)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            frameon=False,
            labelcolor=INK,
            title=explanation,
            alignment="left",
        ).get_title().set_color(INK)
        if below is not None:
            below.set_ylabel("rows", color=INK)
            below.set_xlim(ax.get_xlim())
        lowest = ax if below is None else below
        lowest.set_xlabel(f"probability{what}", color=INK)
        for panel in [ax] if below is None else [ax, below]:
            panel.grid(color="0.92")
            panel.set_axisbelow(True)
            panel.tick_params(length=0, colors=INK)
            panel.spines[:].set_visible(False)

    def _explanation(self):
        share = f"{100 * self.confidence:g} %"
        return {
            "consistency": f"shade: {share} of right probabilities; filled: outside",
            "binomial": f"bars: {share} interval; filled: misses the diagonal",
            None: None,
        }[self.bands]


def _measure(probability, is_event, edges, *, bands, confidence, rng):
    """A curve and its numbers, as a dict of plain Python values."""
    count, mean, frequency = bin_outcomes(probability, is_event, edges)
    counts, frequencies = draw_consistent(count, mean, N_DRAWS, rng)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    if bands == "consistency":
        low, high = np.nanquantile(frequencies, tails, axis=0).tolist()
    elif bands == "binomial":
        events = np.rint(count * frequency).astype(int)
        pairs = zip(events.tolist(), count.tolist(), strict=True)
        low, high = zip(
            *(binomial_interval(*p, confidence) for p in pairs), strict=True
        )
    else:
        low = high = [None] * len(count)
    names = ("mean_probability", "frequency", "count", "low", "high")
    bins = zip(
        mean.tolist(), frequency.tolist(), count.tolist(), low, high, strict=True
    )
    log_odds = logit(np.clip(probability, EPSILON, 1 - EPSILON))
    slope, intercept = fit_sigmoid(log_odds, is_event, np.ones(len(log_odds)))
    by_chance = calibration_error(counts, mean, frequencies)
    shown = np.histogram(probability, HISTOGRAM_BINS, range=(0.0, 1.0))[0]
    return {
        "bins": [dict(zip(names, values, strict=True)) for values in bins],
        "histogram": shown.tolist(),
        "slope": slope,
        "intercept": intercept,
        "expected_calibration_error": float(calibration_error(count, mean, frequency)),
        "error_by_chance": float(by_chance.mean()),
        "brier_score": float(np.mean((probability - is_event) ** 2)),
    }


def _check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {list(choices)}, got {value!r}.")


def _check_class(pos_label, classes):
    """The class, as a plain value; of two classes the second, if none is chosen."""
    classes = classes.tolist()
    if pos_label is None:
        if len(classes) != 2:
            raise ValueError(
                f"pos_label must be given where there are {len(classes)} classes. Take "
                f"one of {classes}: its probabilities are judged against all others."
            )
        return classes[1]
    if pos_label not in classes:
        raise ValueError(
            f"pos_label must be a class, got {pos_label!r}. Take one of {classes}."
        )
    return pos_label


def _column_of(name, values, classes, pos_label):
    """Probabilities of one class."""
    values = np.asarray(values, dtype=float)
    if values.ndim == 1:
        return values
    if values.ndim != 2 or values.shape[1] != len(classes):
        raise ValueError(
            f"probabilities must have a column for each of the {len(classes)} classes "
            f"{classes.tolist()}: {name!r} has shape {values.shape}. Give classes in "
            "the order of the columns, or the column of pos_label alone."
        )
    return values[:, classes.tolist().index(pos_label)]


def _check_rows(name, probability, y):
    if len(probability) != len(y):
        raise ValueError(
            f"probabilities must be of the rows of y: {name!r} has {len(probability)}, "
            f"y has {len(y)}."
        )
    if not np.all((probability >= 0) & (probability <= 1)):
        raise ValueError(
            f"probabilities must lie in [0, 1]: those of {name!r} go from "
            f"{probability.min():g} to {probability.max():g}. Scores of "
            "decision_function are none; wrap the classifier in CalibratedClassifierCV."
        )
