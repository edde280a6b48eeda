"""A picture of learning curves; matplotlib is imported at the last moment."""

import numpy as np

from skgendisc.comparison._plots import GREY, INK, import_pyplot, set_log_scale
from skgendisc.comparison._scoring import check_metric, describe_hope, metric_label
from skgendisc.comparison._text import format_rows

# Okabe and Ito's, which the colour-blind can tell apart; warm ones are generative.
WARM = ("#D55E00", "#CC79A7", "#E69F00", "#8C3B00")
COOL = ("#0072B2", "#009E73", "#56B4E9", "#004466")
MARKERS = "osD^v"
SHORT_AXIS = 1000  # largest over smallest size; longer ones are labelled by tens
STEEP = 3  # highest over lowest loss, from which on the scale is a logarithm


class LearningCurvesDisplay:
    """Mean scores by the number of training rows, with bands of one standard error.

    Make one by :meth:`from_estimators`, or by :meth:`from_result` from curves that are
    there.

    Parameters
    ----------
    curves : LearningCurves
    metric : str, default=None
        None takes the log loss where it is among the metrics, else the first.
    names : list of str, default=None
        Estimators to draw; None draws all.
    crossing : (str, str) or False, default=None
        Estimators whose crossing is marked, and its interval shaded. None marks it
        where two are drawn and chance does not explain it, False never does.

    Attributes
    ----------
    ax_ : matplotlib Axes
        After :meth:`plot`.
    figure_ : matplotlib Figure
    lines_ : dict of str to matplotlib Line2D
        By estimator.
    bands_ : dict of str to matplotlib artist
    crossover_ : Crossover or None
        What is marked, if anything is.

    Examples
    --------
    >>> from skgendisc.comparison import (
    ...     LearningCurvesDisplay, generative_discriminative_pairs
    ... )
    >>> from skgendisc.datasets import make_correlated_naive
    >>> X, y = make_correlated_naive(500, random_state=0)
    >>> pair = generative_discriminative_pairs()["naive Bayes"]
    >>> display = LearningCurvesDisplay.from_estimators(
    ...     pair.estimators, X, y, n_splits=5, scoring="accuracy", random_state=0
    ... )  # doctest: +SKIP
    """

    def __init__(self, curves, *, metric=None, names=None, crossing=None):
        self.curves = curves
        self.metric = metric
        self.names = names
        self.crossing = crossing

    @classmethod
    def from_estimators(
        cls,
        estimators,
        X,
        y,
        *,
        metric=None,
        crossing=None,
        ax=None,
        **study,
    ):
        """Compute learning curves and draw them.

        Parameters
        ----------
        estimators : dict of str to estimator, or list of (str, estimator)
        X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        metric : str, default=None
            What to draw; None takes the log loss where it is among the metrics, else
            the first.
        crossing : (str, str) or False, default=None
            Estimators whose crossing is marked; None marks it where there are two.
        ax : matplotlib Axes, default=None
        **study : dict
            Other parameters of `learning_curves`.

        Returns
        -------
        display : LearningCurvesDisplay
        """
        import_pyplot("LearningCurvesDisplay.plot")
        # Above this file: curves know how to draw themselves.
        from skgendisc.comparison._learning_curves import learning_curves

        curves = learning_curves(estimators, X, y, **study)
        return cls.from_result(curves, metric=metric, crossing=crossing, ax=ax)

    @classmethod
    def from_result(cls, curves, *, metric=None, names=None, crossing=None, ax=None):
        """Draw curves that are there.

        Parameters
        ----------
        curves : LearningCurves
        metric : str, default=None
            What to draw; None takes the log loss where it is among the metrics, else
            the first.
        names : list of str, default=None
            Estimators to draw; None draws all.
        crossing : (str, str) or False, default=None
            Estimators whose crossing is marked; None marks it where two are drawn.
        ax : matplotlib Axes, default=None

        Returns
        -------
        display : LearningCurvesDisplay
        """
        display = cls(curves, metric=metric, names=names, crossing=crossing)
        return display.plot(ax=ax)

    def plot(self, ax=None):
        """Draw the curves.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a figure.

        Returns
        -------
        display : LearningCurvesDisplay
            Itself, with what it drew as attributes.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        pyplot = import_pyplot("LearningCurvesDisplay.plot")
        metric = check_metric(self.metric, self.curves.metrics)
        names = list(self.curves.kinds if self.names is None else self.names)
        if ax is None:
            _, ax = pyplot.subplots(figsize=(6.4, 4.2), layout="constrained")
        self.ax_, self.figure_ = ax, ax.figure
        self.lines_, self.bands_ = {}, {}
        for name, colour, marker in self._looks(names):
            self._draw_curve(name, metric, colour, marker)
        self.crossover_ = self._find_crossing(names, metric)
        self._dress(metric)
        if self.crossover_ is not None:
            self._mark_crossing()
        ax.legend(frameon=False, labelcolor=INK)
        return self

    def _looks(self, names):
        """A colour of its kind for each name, and a marker."""
        warm, cool = iter(WARM * len(names)), iter(COOL * len(names))
        for number, name in enumerate(names):
            is_warm = self.curves.kinds[name].startswith("generative")
            yield name, next(warm if is_warm else cool), MARKERS[number % len(MARKERS)]

    def _draw_curve(self, name, metric, colour, marker):
        size, mean, error = self.curves.mean_curve(name, metric)
        (self.lines_[name],) = self.ax_.plot(
            size,
            mean,
            color=colour,
            marker=marker,
            markersize=4.5,
            linewidth=1.6,
            label=name,
        )
        self.bands_[name] = self.ax_.fill_between(
            size, mean - error, mean + error, color=colour, alpha=0.2, linewidth=0
        )

    def _find_crossing(self, names, metric):
        if self.crossing:
            found = [self.curves.crossover(*self.crossing, metric)]
        elif self.crossing is None and len(names) == 2:
            found = self.curves.crossovers(metric, pairs=[names])
            found = [one for one in found if not one.is_tie]
        else:
            found = []
        return next((one for one in found if one.train_size is not None), None)

    def _mark_crossing(self):
        """A line at the crossing, and a shade over its interval, cut to the data."""
        sizes = [gap["train_size"] for gap in self.crossover_.gaps]
        low, high = np.clip(self.crossover_.interval, sizes[0], sizes[-1])
        self.ax_.axvspan(low, high, color="0.5", alpha=0.13, linewidth=0, zorder=0)
        self.ax_.axvline(
            self.crossover_.train_size,
            color=GREY,
            linestyle=(0, (4, 3)),
            linewidth=1.0,
            zorder=1,
        )
        self.ax_.annotate(
            self._label_crossing(),
            (self.crossover_.train_size, 1.0),
            xycoords=self.ax_.get_xaxis_transform(),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            color=INK,
        )

    def _label_crossing(self):
        found = self.crossover_
        what = f"{found.a} and {found.b} cross" if len(self.lines_) > 2 else "crossing"
        size = format_rows(found.train_size)
        return f"{what} at {size} rows\n{found.interval_text()}"

    def _dress(self, metric):
        from matplotlib.ticker import LogLocator

        ax, is_loss = self.ax_, metric in self.curves.losses
        sizes = np.concatenate([line.get_xdata() for line in self.lines_.values()])
        means = np.concatenate([line.get_ydata() for line in self.lines_.values()])
        ax.set_xscale("log")
        is_short = sizes.max() < SHORT_AXIS * sizes.min()
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if is_short else (1,)))
        ax.xaxis.set_major_formatter("{x:g}")
        lowest, highest = np.nanmin(means), np.nanmax(means)
        if is_loss and 0 < STEEP * lowest < highest:
            set_log_scale(ax.yaxis, lowest, highest)
            ax.set_ylim(bottom=0.85 * lowest)
        ax.minorticks_off()
        ax.set_xlabel("training rows", color=INK)
        ax.set_ylabel(f"{metric_label(metric)} ({describe_hope(is_loss)})", color=INK)
        ax.grid(color="0.92")
        ax.set_axisbelow(True)
        ax.tick_params(length=0, colors=INK)
        ax.spines[:].set_visible(False)
