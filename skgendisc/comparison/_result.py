"""What a comparison found."""

from dataclasses import asdict, dataclass

import numpy as np

from skgendisc.comparison import _plots, _text
from skgendisc.comparison._comparison_display import ComparisonDisplay
from skgendisc.comparison._records import as_frame, failures_of
from skgendisc.comparison._scoring import check_metric


@dataclass(frozen=True)
class ComparisonResult:
    """Scores of classifiers on the same folds, as `compare_classifiers` returns them.

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
    folds : list of dict
        One record for each estimator and fold, in that order, of plain Python values:
        ``name``, ``fold``, ``train_rows``, ``test_rows``, ``rows_added`` (by samplers,
        to the training rows), ``fit_seconds``, ``scores`` (by metric; NaN where it
        failed), ``confusion_matrix`` (rows: true classes, columns: predicted ones;
        None where the fit failed), ``errors`` (message of the fit or of a metric) and
        ``warnings``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skgendisc.comparison import compare_classifiers
    >>> X, y = load_iris(return_X_y=True)
    >>> result = compare_classifiers({"NB": GaussianNB()}, X, y, scoring="accuracy")
    >>> result.confusion_matrix("NB")
    array([[50,  0,  0],
           [ 0, 47,  3],
           [ 0,  4, 46]])
    """

    classes: list
    metrics: list
    losses: list
    kinds: dict
    folds: list

    def values(self, name, column):
        """One number for each fold.

        Parameters
        ----------
        name : str
            An estimator.
        column : str
            A metric, ``"fit_seconds"`` or ``"rows_added"``.

        Returns
        -------
        values : ndarray of shape (n_folds,)
            NaN where the fit or the metric failed.
        """
        records = [fold for fold in self.folds if fold["name"] == name]
        if column in self.metrics:
            records = [fold["scores"] for fold in records]
        return np.array([record.get(column, np.nan) for record in records], dtype=float)

    def rows(self, *, sort_by=None):
        """Means and standard errors over folds, best first.

        Parameters
        ----------
        sort_by : str, default=None
            A metric. None takes the log loss where it is among the metrics, else the
            first metric.

        Returns
        -------
        rows : list of dict
            One for each estimator: ``name``, ``kind``, ``rows_added`` (mean), and
            ``<metric>_mean`` and ``<metric>_se`` for each metric and for
            ``fit_seconds``. The standard error is that of the mean of the folds, as if
            these were independent. NaN where a fold failed; such rows come last.
        """
        metric = check_metric(sort_by, self.metrics)
        sign = 1 if metric in self.losses else -1
        rows = [self._row(name) for name in self.kinds]
        # NaN compares with nothing; the flag before it puts it last.
        return sorted(
            rows,
            key=lambda row: (
                np.isnan(row[f"{metric}_mean"]),
                sign * row[f"{metric}_mean"],
            ),
        )

    def _row(self, name):
        row = {
            "name": name,
            "kind": self.kinds[name],
            "rows_added": float(self.values(name, "rows_added").mean()),
        }
        for column in [*self.metrics, "fit_seconds"]:
            mean, error = mean_and_error(self.values(name, column))
            row |= {f"{column}_mean": mean, f"{column}_se": error}
        return row

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
            ``ComparisonResult(**values)`` gives the result back.
        """
        return asdict(self)

    def to_frame(self, *, sort_by=None):
        """The table of `rows`, as a pandas DataFrame.

        Parameters
        ----------
        sort_by : str, default=None
            See `rows`.

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return as_frame(self.rows(sort_by=sort_by), "ComparisonResult.to_frame")

    def to_text(self, *, sort_by=None, width=None):
        """The table of `rows`, and what it says about synthetic rows, as plain text.

        Parameters
        ----------
        sort_by : str, default=None
            See `rows`.
        width : int, default=None
            Of a line, in characters. A wider table is broken into several with the
            names repeated. None sets no limit.

        Returns
        -------
        text : str
        """
        metric = check_metric(sort_by, self.metrics)
        table = _text.write_table(self, metric=metric, width=width)
        notes = _text.write_notes(self, metric=metric, width=width)
        return f"{table}\n\n{notes}"

    @property
    def failures(self):
        """What failed, as dicts of ``name``, ``fold``, ``step`` and ``message``.

        The step is ``"fit"`` or the metric.
        """
        return failures_of(self.folds, "name", "fold")

    @property
    def pairs(self):
        """(name, baseline) of all estimators named ``"<baseline> + <anything>"``."""
        splits = [(name, name.rpartition(" + ")[0]) for name in self.kinds]
        return [(name, base) for name, base in splits if base in self.kinds]

    def paired_difference(self, name, baseline, *, metric=None):
        """How much more the one scores than the other, fold by fold.

        Parameters
        ----------
        name, baseline : str
            Estimators.
        metric : str, default=None
            See ``sort_by`` of `rows`.

        Returns
        -------
        mean, standard_error : float
            Of the differences, in the units of the metric. The folds share training
            rows, so that this standard error is somewhat too small.
        """
        metric = check_metric(metric, self.metrics)
        return mean_and_error(self.values(name, metric) - self.values(baseline, metric))

    def plot(self, *, metrics=None, baseline=None):
        """Draw means and standard errors, a row for each estimator, best first.

        A hollow mark on the row of ``"<baseline> + <anything>"`` is its baseline.

        Parameters
        ----------
        metrics : list of str, default=None
            One panel each; the rows are sorted by the first. None takes log loss,
            ROC-AUC and balanced accuracy, as far as they are there, or else the first
            three metrics.
        baseline : str, default=None
            An estimator; the others' differences to it are then drawn, of the same
            folds. `ComparisonDisplay` has more choices.

        Returns
        -------
        figure : matplotlib.figure.Figure

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        display = ComparisonDisplay(self, metrics=metrics, baseline=baseline)
        return display.plot().figure_

    def plot_confusion_matrices(self):
        """Draw each estimator's confusion matrix, summed over the folds.

        Shares of the true class (rows sum to one). The panels stand in the order in
        which the estimators were given, five to a row.

        Returns
        -------
        figure : matplotlib.figure.Figure

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        return _plots.draw_confusion_matrices(self)

    def confusion_matrix(self, name):
        """Counts summed over the folds.

        Parameters
        ----------
        name : str
            An estimator.

        Returns
        -------
        counts : ndarray of shape (n_classes, n_classes)
            Rows are true classes, columns predicted ones.
        """
        size = len(self.classes)
        total = np.zeros((size, size), dtype=int)
        for fold in self.folds:
            if fold["name"] == name and fold["confusion_matrix"] is not None:
                total += fold["confusion_matrix"]
        return total


def mean_and_error(values):
    """Mean, and its standard error if the values were independent."""
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return float(values.mean()), float(error)
