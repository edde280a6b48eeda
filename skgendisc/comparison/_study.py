"""All that ``skgendisc compare`` found of a table."""

import textwrap
from dataclasses import asdict, dataclass

from skgendisc.comparison import _curves_text, _text
from skgendisc.comparison._curves_result import LearningCurves
from skgendisc.comparison._plots import make_figure
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import check_metric, metric_label
from skgendisc.comparison._summary import list_failures, summarise_pairs
from skgendisc.comparison._text import PROSE_WIDTH


@dataclass(frozen=True)
class TableStudy:
    """Classifiers on the same folds of a table, and pairs of them on ever more rows.

    Attributes
    ----------
    title : str
        What was studied: the name of the table, for instance.
    lead : str
        Its rows, columns and classes, in a sentence or two.
    comparison : ComparisonResult
    curves : LearningCurves or None
        None where there are none, as ``notes`` then say.
    pairs : list of dict
        ``name``, ``partner`` and ``why`` of each `Pair`, both in the curves.
    notes : list of str
        How it was done, a sentence or two each.
    versions : dict of str to str
        Of Python and of packages.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import (
    ...     TableStudy, compare_classifiers, fitting_pairs, learning_curves
    ... )
    >>> X, y = load_iris(return_X_y=True)
    >>> pair = fitting_pairs(X)["naive Bayes"]
    >>> study = TableStudy(
    ...     title="iris",
    ...     lead="150 rows of three kinds of iris.",
    ...     comparison=compare_classifiers(pair.estimators, X, y),
    ...     curves=learning_curves(
    ...         pair.estimators, X, y, scoring="neg_log_loss", random_state=0
    ...     ),
    ...     pairs=[{"name": pair.name, "partner": pair.partner, "why": pair.why}],
    ...     notes=[],
    ...     versions={},
    ... )
    >>> print(study.summary()[0])
    By log loss: With more than about 10 rows, naive Bayes; ...
    """

    title: str
    lead: str
    comparison: ComparisonResult
    curves: LearningCurves | None
    pairs: list
    notes: list
    versions: dict

    def summary(self):
        """What was found, in plain words.

        Returns
        -------
        sentences : list of str
            On each pair, by the log loss first and then by the other metrics of the
            curves, which may tell otherwise; then those of the comparison.
        """
        return self._on_curves() + self.comparison.summary()

    def _on_curves(self):
        if self.curves is None:
            return []
        told = []
        first = check_metric(None, self.curves.metrics)
        for metric in sorted(self.curves.metrics, key=lambda name: name != first):
            on_pairs = summarise_pairs(self.curves, metric, self.named_pairs)
            told += [f"By {metric_label(metric)}: {sentence}" for sentence in on_pairs]
        return told + list_failures(self.curves.fits, self.curves.kinds)

    @property
    def named_pairs(self):
        """(name, partner) of each pair."""
        return [(pair["name"], pair["partner"]) for pair in self.pairs]

    def crossovers(self, metric=None):
        """`LearningCurves.crossover` of each pair.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.

        Returns
        -------
        crossovers : list of Crossover
            A pair with too few scores is left out.
        """
        if self.curves is None:
            return []
        return self.curves.crossovers(metric, pairs=self.named_pairs)

    def plot_curves(self, metric=None):
        """Draw the curves of each pair, in a panel of its own.

        Parameters
        ----------
        metric : str, default=None
            None takes the log loss where it is among the metrics, else the first.

        Returns
        -------
        figure : matplotlib.figure.Figure

        Raises
        ------
        ValueError
            If there are no curves, or no pairs.
        ImportError
            If matplotlib is not installed.
        """
        if self.curves is None or not self.pairs:
            missing = "no curves" if self.curves is None else "no pairs"
            raise ValueError(
                f"TableStudy.plot_curves draws the curves of each pair: there are "
                f"{missing}. notes may say why; plot the comparison instead."
            )
        n_pairs = len(self.pairs)
        figure, panels = make_figure(
            "TableStudy.plot_curves",
            ncols=n_pairs,
            squeeze=False,
            figsize=(6.4 * n_pairs, 4.4),
        )
        for panel, names in zip(panels[0], self.named_pairs, strict=True):
            self.curves.plot(metric, names=list(names), ax=panel)
        return figure

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
        """
        return asdict(self)

    def to_text(self, *, width=None):
        """Both tables, and then the summary, as plain text.

        Parameters
        ----------
        width : int, default=None
            Of a line, in characters. None sets no limit.

        Returns
        -------
        text : str
        """
        parts = [(_text, self.comparison)]
        if self.curves is not None:
            parts.append((_curves_text, self.curves))
        blocks = []
        for writer, result in parts:
            options = {"metric": check_metric(None, result.metrics), "width": width}
            blocks.append(writer.write_table(result, **options))
            blocks.append(writer.write_reading(result, **options))
        sentences = [
            textwrap.fill(
                sentence,
                width or PROSE_WIDTH,
                initial_indent="- ",
                subsequent_indent="  ",
            )
            for sentence in self.summary()
        ]
        return "\n\n".join([*blocks, "\n".join(["In plain words:", *sentences])])
