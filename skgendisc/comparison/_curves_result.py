"""What learning curves found."""

from dataclasses import asdict, dataclass
from itertools import combinations, product

import numpy as np

from skgendisc.comparison import _curves_text
from skgendisc.comparison._crossover import find_crossover
from skgendisc.comparison._curves_display import LearningCurvesDisplay
from skgendisc.comparison._power_law import find_power_law
from skgendisc.comparison._records import as_frame, failures_of
from skgendisc.comparison._result import mean_and_error
from skgendisc.comparison._scoring import TooFewScoresError, check_metric
from skgendisc.comparison._summary import list_failures, summarise_pairs
from skgendisc.utils.random_state import as_generator


@dataclass(frozen=True)
class LearningCurves:
    """Scores by the number of training rows, as `learning_curves` returns them.

    Attributes
    ----------
    classes : list
        Sorted.
    metrics : list of str
        Names of the scores.
    losses : list of str
        Those of the metrics of which less is better.
    kinds : dict of str to str
        For each estimator, in the order given: ``"discriminative"`` or
        ``"generative"``, and whether it saw ``"+ synthetic rows"``.
    train_sizes : list of int
        Rows that were wanted, ascending.
    n_splits : list of int
        Splits at each size: the first so many.
    fits : list of dict
        One record for each estimator, size and split, in that order, of plain Python
        values: ``name``, ``train_size`` (wanted), ``split``, ``train_rows`` (as far as
        groups allow), ``test_rows``, ``rows_added`` (by samplers, to the training
        rows), ``fit_seconds``, ``scores`` (by metric; NaN where it failed),
        ``confusion_matrix``, ``errors`` (message of the fit or of a metric) and
        ``warnings``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skgendisc.comparison import learning_curves
    >>> X, y = load_iris(return_X_y=True)
    >>> curves = learning_curves({"NB": GaussianNB()}, X, y, random_state=0)
    >>> curves.train_sizes
    [10, 13, 17, 22, 29, 38, 50, 65, 86, 112]
    >>> curves.values("NB", "accuracy").shape
    (10, 30)
    """

    classes: list
    metrics: list
    losses: list
    kinds: dict
    train_sizes: list
    n_splits: list
    fits: list

    def values(self, name, column):
        """One number for each size and split.

        Parameters
        ----------
        name : str
            An estimator.
        column : str
            A metric, ``"train_rows"``, ``"fit_seconds"`` or ``"rows_added"``.

        Returns
        -------
        values : ndarray of shape (n_sizes, n_splits)
            NaN where there is no such split, or the fit or the metric failed.
        """
        self._check_name(name)
        values = np.full((len(self.train_sizes), max(self.n_splits)), np.nan)
        place = {size: number for number, size in enumerate(self.train_sizes)}
        for fit in self.fits:
            if fit["name"] == name:
                source = fit["scores"] if column in self.metrics else fit
                row = place[fit["train_size"]]
                values[row, fit["split"]] = source.get(column, np.nan)
        return values

    def rows(self):
        """Means and standard errors over splits.

        Returns
        -------
        rows : list of dict
            One for each estimator and size, in that order: ``name``, ``kind``,
            ``train_size``, ``train_rows`` (mean), ``n_fits`` (that succeeded), and
            ``<metric>_mean`` and ``<metric>_se`` over these for each metric and for
            ``fit_seconds``; NaN where there are too few. The standard error is that of
            splits that are independent: large subsamples of one table share rows, so
            that it is too small for them.
        """
        return [row for name in self.kinds for row in self._rows_of(name)]

    def mean_curve(self, name, metric=None):
        """Mean scores of an estimator, and the rows that it learned from.

        Parameters
        ----------
        name : str
            An estimator.
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.

        Returns
        -------
        train_rows, mean, standard_error : ndarray of shape (n_sizes,)
            Over splits, as in `rows`.
        """
        metric = check_metric(metric, self.metrics)
        sizes = [mean_of_told(own)[0] for own in self.values(name, "train_rows")]
        scores = [mean_of_told(own) for own in self.values(name, metric)]
        return np.array(sizes), *np.array(scores).T

    def _rows_of(self, name):
        columns = ["train_rows", "fit_seconds", *self.metrics]
        values = {column: self.values(name, column) for column in columns}
        for number, size in enumerate(self.train_sizes):
            row = {
                "name": name,
                "kind": self.kinds[name],
                "train_size": size,
                "train_rows": mean_of_told(values["train_rows"][number])[0],
                "n_fits": int((~np.isnan(values["fit_seconds"][number])).sum()),
            }
            for column in columns[1:]:
                mean, error = mean_of_told(values[column][number])
                row |= {f"{column}_mean": mean, f"{column}_se": error}
            yield row

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
            ``LearningCurves(**values)`` gives the curves back.
        """
        return asdict(self)

    def to_frame(self):
        """The table of `rows`, as a pandas DataFrame.

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return as_frame(self.rows(), "LearningCurves.to_frame")

    def to_text(self, *, metric=None, width=None):
        """A table of one metric, where curves cross, and what failed, as plain text.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        width : int, default=None
            Of a line, in characters. A wider table is broken into several with the
            sizes repeated. None sets no limit.

        Returns
        -------
        text : str
        """
        metric = check_metric(metric, self.metrics)
        table = _curves_text.write_table(self, metric=metric, width=width)
        notes = _curves_text.write_notes(self, metric=metric, width=width)
        return f"{table}\n\n{notes}"

    @property
    def failures(self):
        """What failed, as dicts.

        Of ``name``, ``train_size``, ``split``, ``step`` and ``message``; the step is
        ``"fit"`` or the metric.
        """
        return failures_of(self.fits, "name", "train_size", "split")

    def crossover(self, a, b, metric=None, *, confidence=0.95, random_state=0):
        """Where one curve overtakes another, who leads on either side, and how clearly.

        Parameters
        ----------
        a, b : str
            Estimators.
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        confidence : float, default=0.95
            Of the interval, in (0, 1).
        random_state : int, RandomState, Generator or None, default=0
            Seed of the bootstrap.

        Returns
        -------
        crossover : Crossover

        Raises
        ------
        ValueError
            If fewer than two sizes have scores of both, on two splits or more.

        Notes
        -----
        Differences are taken split by split, where both estimators saw the same rows.
        The interval is that of a Bayesian bootstrap over splits [1]_, 2000 times. It
        tells what other splits of this table would give; another table of the same
        kind varies more, by as much as its rows are few.

        References
        ----------
        .. [1] Rubin (1981). The Bayesian bootstrap. The Annals of Statistics 9(1).
        """
        metric = check_metric(metric, self.metrics)
        _check_confidence(confidence)
        sign = -1.0 if metric in self.losses else 1.0
        leads = sign * (self.values(a, metric) - self.values(b, metric))
        return find_crossover(
            a,
            b,
            metric,
            self._mean_rows(a),
            leads,
            confidence=confidence,
            rng=as_generator(random_state),
        )

    def crossovers(self, metric=None, *, pairs=None):
        """`crossover` of each pair.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        pairs : list of (str, str), default=None
            Estimators that are set against each other. None takes `named_pairs`.

        Returns
        -------
        crossovers : list of Crossover
            A pair with too few scores is left out.
        """
        told = []
        for pair in self.named_pairs if pairs is None else pairs:
            try:
                told.append(self.crossover(*pair, metric))
            except TooFewScoresError:
                continue  # a failure that is listed with the others
        return told

    def summary(self, *, metric=None, pairs=None):
        """Which estimator to take with how many rows, in plain words.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        pairs : list of (str, str), default=None
            Estimators that are set against each other. None takes `named_pairs`.

        Returns
        -------
        sentences : list of str
            One for each pair, and one for each estimator of which fits failed. A lead
            is called clear where it is, at some size, larger than three times its
            standard error.

        Examples
        --------
        >>> from skgendisc.comparison import (
        ...     generative_discriminative_pairs, learning_curves
        ... )
        >>> from skgendisc.datasets import make_correlated_naive
        >>> X, y = make_correlated_naive(1000, random_state=0)
        >>> pair = generative_discriminative_pairs()["naive Bayes"]
        >>> curves = learning_curves(
        ...     pair.estimators, X, y, scoring="neg_log_loss", random_state=0
        ... )
        >>> print(curves.summary()[0])
        From 10 to 750 rows, logistic regression rather than naive Bayes, by more than
        twice the standard error at each of these sizes. The gap is 0.13 ± 0.01 in log
        loss at 750 rows. There is no crossing within the data.
        """
        metric = check_metric(metric, self.metrics)
        pairs = self.named_pairs if pairs is None else pairs
        told = summarise_pairs(self, metric, pairs)
        return told + list_failures(self.fits, self.kinds)

    @property
    def named_pairs(self):
        """Each generative estimator with each discriminative one, or else all pairs."""
        sides = [
            [name for name, kind in self.kinds.items() if kind.startswith(start)]
            for start in ("generative", "discriminative")
        ]
        return list(product(*sides) if all(sides) else combinations(self.kinds, 2))

    def fit_power_law(self, name, metric=None, *, confidence=0.95, random_state=0):
        r"""Fit :math:`a + b n^{-c}` to a curve.

        Parameters
        ----------
        name : str
            An estimator.
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        confidence : float, default=0.95
            Of the intervals, in (0, 1).
        random_state : int, RandomState, Generator or None, default=0
            Seed of the bootstrap.

        Returns
        -------
        law : PowerLaw

        Raises
        ------
        ValueError
            If fewer than four sizes have scores on two splits or more.

        Notes
        -----
        Least squares of the means, weighted by their variances over splits; intervals
        by a Bayesian bootstrap over splits, 1000 times, of each parameter for itself.
        The asymptote of a loss is not negative where the losses are not, and that of
        scores up to one is at most one. Many curves are power laws from some size on
        only [1]_: look at the picture.

        References
        ----------
        .. [1] Viering & Loog (2023). The shape of learning curves: a review. IEEE
           Transactions on Pattern Analysis and Machine Intelligence 45(6).
        """
        metric = check_metric(metric, self.metrics)
        _check_confidence(confidence)
        return find_power_law(
            name,
            metric,
            self._mean_rows(name),
            self.values(name, metric),
            is_loss=metric in self.losses,
            confidence=confidence,
            rng=as_generator(random_state),
        )

    def plot(self, metric=None, *, names=None, crossing=None, ax=None):
        """Draw mean scores by the number of rows, with bands of one standard error.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.
        names : list of str, default=None
            Estimators to draw; None draws all.
        crossing : (str, str) or False, default=None
            Estimators whose crossing is marked; None marks it where two are drawn, if
            it is no tie.
        ax : matplotlib Axes, default=None
            None makes a figure.

        Returns
        -------
        display : LearningCurvesDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        display = LearningCurvesDisplay(
            self, metric=metric, names=names, crossing=crossing
        )
        return display.plot(ax=ax)

    def _mean_rows(self, name):
        return np.nanmean(self.values(name, "train_rows"), axis=1)

    def _check_name(self, name):
        if name not in self.kinds:
            raise ValueError(
                f"name must be an estimator of the study, got {name!r}. Take one of "
                f"{list(self.kinds)}."
            )


def mean_of_told(values):
    """Mean and standard error of those that are not NaN; NaN where there is none."""
    values = values[~np.isnan(values)]
    return mean_and_error(values) if len(values) else (np.nan, np.nan)


def _check_confidence(confidence):
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence must be between 0 and 1, got {confidence!r}. 0.95 is usual."
        )
