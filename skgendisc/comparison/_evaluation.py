"""What an evaluation of samplers found."""

from dataclasses import asdict, dataclass

import numpy as np

from skgendisc.comparison import _plots, _text
from skgendisc.comparison._measures import MEASURES, SECONDS, Measure
from skgendisc.comparison._records import as_frame, failures_of
from skgendisc.comparison._verdicts import give_verdicts


@dataclass(frozen=True)
class SamplerEvaluation:
    """Synthetic rows beside what they should be like, as `evaluate_sampler` returns.

    Attributes
    ----------
    metrics : list of str
        Names of the numbers.
    kinds : dict of str to str
        For each sampler, and then each row of reference: ``"sampler"`` or
        ``"reference"``.
    folds : list of dict
        One record for each of them and each fold, in that order, of plain Python
        values: ``name``, ``fold``, ``train_rows``, ``rows`` (drawn), ``real_rows``
        (that judged them), ``fit_seconds``, ``sample_seconds``, ``scores`` and
        ``score_errors`` (by metric; NaN where it failed or does not apply),
        ``rows_used`` (by metric, where these are some of the rows), ``importances``
        (by column: what the discriminator loses without it), ``lost_levels`` and
        ``new_levels`` (by column), ``twin_share`` (of held-out rows: share of training
        rows that equal another one), ``errors`` (message of the fit or of a metric) and
        ``warnings``.
    portraits : dict
        For each sampler, what pictures show of its rows in the first fold: marginals,
        pairs, and some rows on the two principal axes of the real ones.
    setting : dict
        ``held_out`` (whether rows that the samplers have not seen judge), ``target``
        (name of what models learn to predict, or None), ``good`` and ``bad`` (rows of
        reference that stand for real rows and for the floor), ``copies`` (or None).

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import evaluate_tables
    >>> X, _ = load_iris(return_X_y=True)
    >>> result = evaluate_tables(
    ...     X[::2], X[::2], X[1::2], metrics=["exact_copies"], random_state=0
    ... )
    >>> for row in result.rows():
    ...     print(f"{row['name']}: {row['exact_copies_mean']:.1f}")
    synthetic rows: 1.0
    held-out real rows: 0.0
    independent columns: 0.0
    copy of training rows: 1.0
    """

    metrics: list
    kinds: dict
    folds: list
    portraits: dict
    setting: dict

    @property
    def samplers(self):
        """Names of all that is judged but the rows of reference."""
        return [name for name, kind in self.kinds.items() if kind == "sampler"]

    @property
    def n_folds(self):
        """How many folds there were; one of two tables."""
        return len(self.folds) // len(self.kinds)

    def of(self, name):
        """The records of a sampler, or of a row of reference.

        Parameters
        ----------
        name : str

        Returns
        -------
        records : list of dict
            One for each fold.
        """
        if name not in self.kinds:
            raise ValueError(
                f"name must be one that was judged, got {name!r}. Take one of "
                f"{list(self.kinds)}."
            )
        return [fold for fold in self.folds if fold["name"] == name]

    def values(self, name, column):
        """One number for each fold.

        Parameters
        ----------
        name : str
            A sampler or row of reference.
        column : str
            A metric, ``"fit_seconds"`` or ``"sample_seconds"``.

        Returns
        -------
        values : ndarray of shape (n_folds,)
            NaN where it failed or does not apply.
        """
        records = self.of(name)
        if column in self.metrics:
            records = [fold["scores"] for fold in records]
        return np.array([record.get(column, np.nan) for record in records], dtype=float)

    def mean_and_error(self, name, column):
        """Mean over folds that did not fail, and its standard error.

        Parameters
        ----------
        name, column : str
            See `values`.

        Returns
        -------
        mean, error : float
            The error is what the spread over folds says or what the rows of the folds
            leave, whichever is more; NaN where neither is known.
        """
        return _mean_and_error(self.values(name, column), self._errors(name, column))

    def difference(self, name, column, other, other_column=None):
        """How much more the one has of a number than the other, fold by fold.

        Both were judged by the same rows, so that much of what chance brings to a fold
        leaves the difference.

        Parameters
        ----------
        name, column : str
            See `values`.
        other : str
            Another sampler or row of reference.
        other_column : str, default=None
            Of the other; None for the same.

        Returns
        -------
        mean, error : float
            As in `mean_and_error`.
        """
        other_column = column if other_column is None else other_column
        differences = self.values(name, column) - self.values(other, other_column)
        others = np.nan_to_num(self._errors(other, other_column))
        errors = np.hypot(self._errors(name, column), others)
        return _mean_and_error(differences, errors)

    def _errors(self, name, column):
        """What the rows of each fold leave uncertain."""
        return np.array(
            [fold["score_errors"].get(column, np.nan) for fold in self.of(name)]
        )

    def rows(self):
        """Means and standard errors, samplers first, then the rows of reference.

        Returns
        -------
        rows : list of dict
            One for each: ``name``, ``kind``, and ``<metric>_mean`` and ``<metric>_se``
            for each metric and for ``fit_seconds`` and ``sample_seconds``, as in
            `mean_and_error`.
        """
        rows = []
        for name, kind in self.kinds.items():
            row = {"name": name, "kind": kind}
            for column in [*self.metrics, *SECONDS]:
                mean, error = self.mean_and_error(name, column)
                row |= {f"{column}_mean": mean, f"{column}_se": error}
            rows.append(row)
        return rows

    def to_dict(self):
        """All attributes, as a dict of plain Python values.

        Returns
        -------
        values : dict
            ``SamplerEvaluation(**values)`` gives the evaluation back.
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
        return as_frame(self.rows(), "SamplerEvaluation.to_frame")

    def verdicts(self, name=None):
        """Answer each question in plain words.

        Every answer is read off the rows of reference in the same table: as good as
        real rows among themselves, but for what chance explains; nearer to them than
        to the floor; nearer to the floor; or as bad as that.

        Parameters
        ----------
        name : str, default=None
            A sampler, or a row of reference. None takes the first sampler.

        Returns
        -------
        verdicts : list of dict
            One for each question: ``question``, ``answer`` (a word or some), ``grade``
            (0, as good as real rows, to 3, as bad as the floor; None where it was not
            judged) and ``text`` (the numbers behind it).
        """
        return give_verdicts(self, self.samplers[0] if name is None else name)

    def describe(self, column):
        """What a number means.

        Parameters
        ----------
        column : str
            A metric, ``"fit_seconds"`` or ``"sample_seconds"``.

        Returns
        -------
        measure : Measure
            With ``label``, ``question``, ``better`` and ``meaning``.
        """
        known = {**MEASURES, **SECONDS}
        label = column.replace("_", " ")
        return known.get(column, Measure(label, None, "", f"What {column} says."))

    def to_text(self, *, width=None):
        """Verdicts, the table of `rows` and how to read it, as plain text.

        Parameters
        ----------
        width : int, default=None
            Of a line, in characters. A wider table is broken into several with the
            names repeated. None sets no limit.

        Returns
        -------
        text : str
        """
        return _text.write_evaluation(self, width=width)

    @property
    def failures(self):
        """What failed, as dicts of ``name``, ``fold``, ``step`` and ``message``.

        The step is ``"fit"`` (or drawing) or the metric.
        """
        return failures_of(self.folds, "name", "fold")

    def plot(self, *, metrics=None):
        """Draw means and standard errors, a row for each sampler and reference.

        Parameters
        ----------
        metrics : list of str, default=None
            One panel each. None takes a number for each question, as far as it was
            measured.

        Returns
        -------
        figure : matplotlib.figure.Figure

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        if metrics is None:
            usual = ("discriminator_auc", "coverage", "utility", "nearer_to_training")
            metrics = [m for m in usual if self._was_measured(m)] or self.metrics[:3]
        unknown = [metric for metric in metrics if metric not in self.metrics]
        if unknown:
            raise ValueError(
                f"metrics must be ones that were measured, got {unknown[0]!r}. Take "
                f"some of {self.metrics}."
            )
        return _plots.draw_evaluation(self, metrics)

    def _was_measured(self, metric):
        return metric in self.metrics and any(
            np.isfinite(self.values(name, metric)).any() for name in self.kinds
        )


def _mean_and_error(values, own_errors):
    """Mean over folds that did not fail, and the larger of two standard errors."""
    is_known = np.isfinite(values)
    values, own_errors = values[is_known], own_errors[is_known]
    n_folds = len(values)
    if n_folds == 0:
        return np.nan, np.nan
    errors = [np.sqrt(np.mean(np.square(own_errors)) / n_folds)]
    if n_folds > 1:
        errors.append(values.std(ddof=1) / np.sqrt(n_folds))
    known = [error for error in errors if np.isfinite(error)]
    return float(values.mean()), float(max(known, default=np.nan))
