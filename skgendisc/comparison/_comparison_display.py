"""A picture of a comparison; matplotlib is imported at the last moment."""

import numpy as np

from skgendisc.comparison._plots import (
    GREY,
    INK,
    dress,
    import_pyplot,
    make_figure,
    set_log_scale,
    shorten,
)
from skgendisc.comparison._scoring import (
    CLEAR,
    check_metric,
    describe_hope,
    is_clear,
    metric_label,
)

COLOURS = {  # Okabe and Ito's, which the colour-blind can tell apart
    "discriminative": "#0072B2",
    "discriminative + synthetic rows": "#009E73",
    "generative": "#D55E00",
    "generative + synthetic rows": "#CC79A7",
}
ALONE = "the same, alone"
LONGEST = 40  # letters of a name
LETTER = 0.08  # inches
UNCLEAR = f"not beyond {CLEAR} standard errors"


class ComparisonDisplay:
    """Mean scores with standard errors, or differences to a baseline, best on top.

    A row for each estimator, a panel for each metric. Make one by
    :meth:`from_estimators`, or by :meth:`from_result` from a comparison that is there.

    Parameters
    ----------
    result : ComparisonResult
    metrics : list of str, default=None
        One panel each; the rows are sorted by the first. None takes log loss, ROC-AUC
        and balanced accuracy, as far as they are there, or else the first three.
    baseline : str, default=None
        An estimator. Then differences to it are drawn, fold by fold on the same rows,
        hollow where they are not beyond two standard errors. None draws scores;
        a hollow mark on the row of ``"<other> + <anything>"`` is then ``<other>``.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Of the first metric; after :meth:`plot`.
    axes_ : list of matplotlib Axes
        One for each metric.
    figure_ : matplotlib Figure

    Notes
    -----
    Standard errors are those of the mean of folds as if these were independent. Folds
    share training rows, so that they are somewhat too small. Those of two scores say
    little of their difference: rows that are hard for one estimator are hard for the
    other. Give ``baseline`` to see the differences and their own errors.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skgendisc.comparison import ComparisonDisplay, compare_classifiers
    >>> classifiers = {"dummy": DummyClassifier(), "NB": GaussianNB()}
    >>> result = compare_classifiers(
    ...     classifiers, *load_iris(return_X_y=True), scoring="accuracy"
    ... )
    >>> display = ComparisonDisplay(result, baseline="dummy")
    >>> for row in display.to_dict()["rows"]:
    ...     print(f"{row['name']}: {row['accuracy_mean']:+.2f}")
    NB: +0.62
    dummy: +0.00
    >>> display = display.plot()  # doctest: +SKIP
    """

    def __init__(self, result, *, metrics=None, baseline=None):
        self.result = result
        self.metrics = metrics
        self.baseline = baseline

    @classmethod
    def from_estimators(
        cls,
        estimators,
        X,
        y,
        *,
        cv=5,
        scoring=None,
        metrics=None,
        baseline=None,
        ax=None,
        **study,
    ):
        """Compare classifiers on the same folds, and draw what came of it.

        Parameters
        ----------
        estimators : dict of str to estimator, or list of (str, estimator)
        X : array-like or DataFrame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        cv : int, cross-validation splitter or iterable of splits, default=5
        scoring : str, list of str, dict or callable, default=None
            None takes the metrics of `compare_classifiers`.
        metrics : list of str, default=None
            What to draw of them.
        baseline : str, default=None
            An estimator, to draw differences to.
        ax : matplotlib Axes or list of them, default=None
            One for each metric; None makes a figure.
        **study : dict
            Other parameters of `compare_classifiers`.

        Returns
        -------
        display : ComparisonDisplay
        """
        import_pyplot("ComparisonDisplay.plot")
        # Above this file: comparisons know how to draw themselves.
        from skgendisc.comparison._compare import compare_classifiers

        result = compare_classifiers(estimators, X, y, cv=cv, scoring=scoring, **study)
        return cls.from_result(result, metrics=metrics, baseline=baseline, ax=ax)

    @classmethod
    def from_result(cls, result, *, metrics=None, baseline=None, ax=None):
        """Draw a comparison that is there.

        Parameters
        ----------
        result : ComparisonResult
        metrics : list of str, default=None
            One panel each; None takes the usual ones.
        baseline : str, default=None
            An estimator, to draw differences to.
        ax : matplotlib Axes or list of them, default=None
            One for each metric; None makes a figure.

        Returns
        -------
        display : ComparisonDisplay
        """
        return cls(result, metrics=metrics, baseline=baseline).plot(ax=ax)

    def to_dict(self):
        """The numbers of the picture, as plain Python values.

        Returns
        -------
        values : dict
            ``metrics``, ``losses`` (those of which less is better), ``baseline``, and
            ``rows`` in their order from the top: ``name``, ``kind``,
            ``<metric>_mean`` and ``<metric>_se``, of differences where there is a
            baseline.
        """
        metrics = self._chosen_metrics()
        return {
            "metrics": metrics,
            "losses": [metric for metric in metrics if metric in self.result.losses],
            "baseline": self.baseline,
            "rows": self._rows(metrics),
        }

    def plot(self, ax=None):
        """Draw a row for each estimator and a panel for each metric.

        Parameters
        ----------
        ax : matplotlib Axes or list of them, default=None
            One for each metric. None makes a figure. Where one is given, and no
            metrics were, it shows the first of the usual ones.

        Returns
        -------
        display : ComparisonDisplay
            Itself, with what it drew as attributes.

        Raises
        ------
        ImportError
            Without matplotlib.
        ValueError
            For an unknown metric or baseline, or where the axes are not as many as the
            metrics.
        """
        metrics = self._chosen_metrics()
        if ax is not None and self.metrics is None:
            metrics = metrics[: np.size(ax)]
        rows = self._rows(metrics)
        names = [shorten(row["name"], LONGEST) for row in rows]
        self.axes_ = self._make_axes(ax, metrics, names)
        self.ax_, self.figure_ = self.axes_[0], self.axes_[0].figure
        for panel, metric in zip(self.axes_, metrics, strict=True):
            self._draw_metric(panel, metric, rows)
        self.ax_.set_yticks(range(len(rows)), names)
        self.ax_.set_ylim(len(rows) - 0.4, -0.6)  # best on top
        for panel in self.axes_[1:]:
            panel.set_yticks(range(len(rows)), labels=[])
            panel.set_ylim(self.ax_.get_ylim())
        self._add_legend(self.figure_ if ax is None else self.ax_)
        return self

    def _chosen_metrics(self):
        known = self.result.metrics
        if self.metrics is None:
            usual = ("log_loss", "roc_auc", "balanced_accuracy")
            return [metric for metric in usual if metric in known] or known[:3]
        if isinstance(self.metrics, str) or not len(self.metrics):
            raise ValueError(
                f"metrics must be a list of one or more, got {self.metrics!r}. Take "
                f"some of {known}."
            )
        return [check_metric(metric, known) for metric in self.metrics]

    def _rows(self, metrics):
        """Name, kind, means and standard errors, of differences to a baseline."""
        if self.baseline is not None and self.baseline not in self.result.kinds:
            raise ValueError(
                f"baseline must be an estimator that was compared, got "
                f"{self.baseline!r}. Take one of {list(self.result.kinds)}."
            )
        rows = []
        for row in self.result.rows(sort_by=metrics[0]):
            kept = {key: row[key] for key in ("name", "kind")}
            for metric in metrics:
                mean, error = row[f"{metric}_mean"], row[f"{metric}_se"]
                if self.baseline is not None:
                    mean, error = self.result.paired_difference(
                        row["name"], self.baseline, metric=metric
                    )
                kept |= {f"{metric}_mean": mean, f"{metric}_se": error}
            rows.append(kept)
        return rows

    @staticmethod
    def _make_axes(ax, metrics, names):
        if ax is None:
            left = max(2.2, LETTER * max(map(len, names)))
            _, panels = make_figure(
                "ComparisonDisplay.plot",
                ncols=len(metrics),
                squeeze=False,
                figsize=(left + 3.1 * len(metrics), 1.3 + 0.27 * len(names)),
            )
            return list(panels[0])
        axes = np.ravel(ax).tolist()
        if len(axes) != len(metrics):
            raise ValueError(
                f"ax must hold a panel for each of the {len(metrics)} metrics "
                f"{metrics}, got {len(axes)}. Give as many, or choose metrics."
            )
        return axes

    def _draw_metric(self, panel, metric, rows):
        means = np.array([row[f"{metric}_mean"] for row in rows])
        errors = np.array([row[f"{metric}_se"] for row in rows])
        beyond = np.ones(len(rows), bool)
        if self.baseline is not None:
            beyond = is_clear(means, errors)
        for kind, colour in COLOURS.items():
            of_kind = np.array([row["kind"] == kind for row in rows])
            for some, face in (
                (of_kind & beyond, colour),
                (of_kind & ~beyond, "white"),
            ):
                if not some.any():
                    continue
                panel.errorbar(
                    means[some],
                    np.flatnonzero(some),
                    xerr=errors[some],
                    fmt="o",
                    markersize=5.5,
                    color=colour,
                    markerfacecolor=face,
                    elinewidth=1.4,
                )
        is_loss = metric in self.result.losses
        hope = describe_hope(is_loss)
        if self.baseline is None:
            self._draw_pairs(panel, metric, rows)
            what = "mean ± standard error; "
        else:
            panel.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
            what = "difference ± standard error;\n"
        self._scale(panel, means, is_loss)
        for row in np.flatnonzero(np.isnan(means)):
            panel.text(
                *(0.02, row),
                "no score",
                transform=panel.get_yaxis_transform(),
                va="center",
                fontsize=9,
                color=GREY,
            )
        dress(panel, metric_label(metric), f"{what}{hope}")

    def _scale(self, panel, means, is_loss):
        finite = means[np.isfinite(means)]
        is_steep = len(finite) and 0 < 10 * finite.min() < finite.max()
        if self.baseline is None and is_loss and is_steep:
            set_log_scale(panel.xaxis, finite.min(), finite.max())
        else:
            panel.locator_params(axis="x", nbins=4)

    def _draw_pairs(self, panel, metric, rows):
        """A thin line from what stands alone, hollow, to the estimator beside it."""
        if not self.result.pairs:
            return
        place = {row["name"]: number for number, row in enumerate(rows)}
        mean = {row["name"]: row[f"{metric}_mean"] for row in rows}
        names, others = zip(*self.result.pairs, strict=True)
        heights = [place[name] for name in names]
        starts = [mean[other] for other in others]
        ends = [mean[name] for name in names]
        panel.hlines(heights, starts, ends, color=GREY, lw=0.8, zorder=1)
        panel.plot(
            starts,
            heights,
            "o",
            markersize=4.5,
            markerfacecolor="white",
            markeredgecolor=GREY,
            zorder=1.5,
        )

    def _add_legend(self, owner):
        """Kinds of estimators, and what hollow marks are, above the panels."""
        from matplotlib.lines import Line2D

        mark = {"linestyle": "", "marker": "o"}
        hollow = mark | {"color": GREY, "markerfacecolor": "white"}
        kinds = set(self.result.kinds.values())
        marks = {
            kind: Line2D([], [], color=colour, **mark)
            for kind, colour in COLOURS.items()
            if kind in kinds
        }
        if self.baseline is not None:
            marks[UNCLEAR] = Line2D([], [], **hollow)
        elif self.result.pairs:
            marks[ALONE] = Line2D([], [], **hollow)
        is_own = owner is self.figure_
        legend = owner.legend(
            marks.values(),
            marks,
            title=self.baseline and f"differences to {self.baseline}",
            # Above axes of others there may be no room.
            loc="outside upper center" if is_own else "best",
            ncols=1 + len(self.axes_) if is_own else 1,
            fontsize=None if is_own else 8,
            frameon=False,
            labelcolor=INK,
        )
        legend.get_title().set_color(INK)
