"""A picture of densities under a decision boundary; matplotlib comes at the last."""

import narwhals.stable.v2 as nw
import numpy as np
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils.validation import check_is_fitted

from skgendisc.comparison._plots import GREY, INK, looks, make_figure
from skgendisc.utils.random_state import as_generator, draw_seed, takes_random_state

CONTOURS = ("auto", "classes", "all")
FAR = 20.0  # nats below all contours
MARGIN = 0.05  # of the range, around the rows


class DecisionRegionsDisplay:
    """What a generative model holds for likely, under a discriminative one's boundary.

    Of two columns of numbers. Make one by :meth:`from_estimators`.

    Parameters
    ----------
    x0, x1 : ndarray of shape (n_grid,)
        Where the grid is, along the first and the second column.
    densities : list of dict
        ``label`` (a class, or None for all rows), ``log_density`` (ndarray of shape
        (n_grid, n_grid), a row for each value of ``x1``; log p(x, y) of a class, log
        p(x) of all, in nats) and ``levels`` (pairs of a mass and the log-density that
        encloses it).
    margins : ndarray of shape (n_classes, n_grid, n_grid)
        By how much each class leads the best of the others, in probability; or in
        units of the decision function, where there are no probabilities.
    classes : list
        What the margins are of.
    X : ndarray of shape (n_samples, 2)
        Rows to mark.
    y : list, default=None
        Their classes.
    columns : pair of str, default=None
        Names for the axes.
    names : pair of str, default=("generative", "discriminative")
        Of the models, for the legend.

    Attributes
    ----------
    ax_ : matplotlib Axes
        After :meth:`plot`.
    figure_ : matplotlib Figure
    contours_ : list of matplotlib ContourSet
        In the order of ``densities``.
    boundaries_ : list of matplotlib ContourSet
        One where there are two classes, else one around each.
    points_ : dict of object to matplotlib PathCollection
        By class; by None without classes.

    Notes
    -----
    A contour at density f encloses the region of highest density that holds a stated
    mass [1]_: f is the quantile of p(X), for rows X that the model draws itself, at one
    minus that mass. For a model that draws no rows by a seed it is taken at the rows
    given, which holds for these and not for the model.

    References
    ----------
    .. [1] Hyndman (1996). Computing and graphing highest density regions. The American
       Statistician 50(2).

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skgendisc.comparison import DecisionRegionsDisplay
    >>> from skgendisc.joint import QDASampler
    >>> X, y = load_iris(return_X_y=True)
    >>> X = X[:, 2:]
    >>> display = DecisionRegionsDisplay.from_estimators(
    ...     QDASampler().fit(X, y), LogisticRegression().fit(X, y), X, y
    ... )  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        x0,
        x1,
        densities,
        margins,
        classes,
        X,
        y=None,
        columns=None,
        names=("generative", "discriminative"),
    ):
        self.x0 = x0
        self.x1 = x1
        self.densities = densities
        self.margins = margins
        self.classes = classes
        self.X = X
        self.y = y
        self.columns = columns
        self.names = names

    @classmethod
    def from_estimators(
        cls,
        generative,
        discriminative,
        X,
        y=None,
        *,
        masses=(0.5, 0.8, 0.95),
        contours="auto",
        names=None,
        n_grid=200,
        n_draws=4000,
        random_state=0,
        ax=None,
    ):
        """Draw the density of one fitted model and the boundary of another.

        Parameters
        ----------
        generative : estimator
            Fitted to two columns, with ``score_samples`` (log p(x)), or with
            ``predict_joint_log_proba`` (log p(x, y)) for contours of classes.
        discriminative : estimator
            A classifier fitted to the same columns, with ``predict_proba``,
            ``decision_function`` or ``predict``.
        X : array-like or DataFrame of shape (n_samples, 2)
            Rows to mark; they also span the picture.
        y : array-like of shape (n_samples,), default=None
            Their classes.
        masses : sequence of float, default=(0.5, 0.8, 0.95)
            What contours enclose, in (0, 1).
        contours : {"auto", "classes", "all"}, default="auto"
            Of the density of each class, or of all rows together; of classes where the
            model tells these.
        names : pair of str, default=None
            Of the models, for the legend; None takes those of their types.
        n_grid : int, default=200
            Points along each axis at which models are asked.
        n_draws : int, default=4000
            Rows drawn, of each class, to find the levels.
        random_state : int, RandomState, Generator or None, default=0
            Seed of these.
        ax : matplotlib Axes, default=None
            None makes a figure.

        Returns
        -------
        display : DecisionRegionsDisplay

        Raises
        ------
        NotFittedError
        ValueError
            For other than two columns of numbers, a model without a density or
            classes, masses outside (0, 1), or labels that the classifier does not know.
        """
        check_is_fitted(generative)
        check_is_fitted(discriminative)
        masses = _check_masses(masses)
        values, columns = _two_columns(X)
        if not hasattr(discriminative, "classes_"):
            raise ValueError(
                "discriminative must be a classifier: "
                f"{type(discriminative).__name__} has no classes_. Fit one to X and y."
            )
        classes = np.asarray(discriminative.classes_).tolist()
        if y is not None:
            y = column_or_1d(np.asarray(y)).tolist()
            check_consistent_length(values, y)
            _check_labels(y, classes)
        by_class = _is_by_class(generative, contours)
        rng = as_generator(random_state)
        parts = _rows_to_score(generative, X, y, by_class, n_draws, rng)
        x0, x1 = _spans([values, *(_two_columns(rows)[0] for _, rows in parts)], n_grid)
        grid = _like(X, np.column_stack([g.ravel() for g in np.meshgrid(x0, x1)]))
        shape = len(x1), len(x0)
        on_grid = _log_density(generative, grid, by_class)
        densities = []
        for number, (label, rows) in enumerate(parts):
            at_rows = _log_density(generative, rows, by_class)[:, number]
            levels = np.quantile(at_rows, [1 - mass for mass in masses]).tolist()
            densities.append(
                {
                    "label": label,
                    "log_density": on_grid[:, number].reshape(shape),
                    "levels": list(zip(masses, levels, strict=True)),
                }
            )
        display = cls(
            x0=x0,
            x1=x1,
            densities=densities,
            margins=_margins(discriminative, grid).T.reshape(-1, *shape),
            classes=classes,
            X=values,
            y=y,
            columns=columns,
            names=names or (_name_of(generative), _name_of(discriminative)),
        )
        return display.plot(ax=ax)

    def to_dict(self):
        """The numbers of the picture, as plain Python values.

        Returns
        -------
        values : dict
            All parameters, arrays as nested lists.
        """
        densities = [
            part | {"log_density": np.asarray(part["log_density"]).tolist()}
            for part in self.densities
        ]
        arrays = {
            name: np.asarray(getattr(self, name)).tolist()
            for name in ("x0", "x1", "margins", "X")
        }
        return arrays | {
            "densities": densities,
            "classes": self.classes,
            "y": self.y,
            "columns": self.columns,
            "names": self.names,
        }

    def plot(self, ax=None):
        """Draw regions, contours, the boundary and the rows.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a figure.

        Returns
        -------
        display : DecisionRegionsDisplay
            Itself, with what it drew as attributes.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        if ax is None:
            _, ax = make_figure("DecisionRegionsDisplay.plot", figsize=(5.6, 5.2))
        self.ax_, self.figure_ = ax, ax.figure
        self._looks = {
            label: (colour, mark) for label, colour, mark in looks(self.classes)
        }
        self._draw_regions()
        self._draw_points()
        self._draw_contours()
        self._dress()
        return self

    def _draw_regions(self):
        margins = np.asarray(self.margins)
        for label, margin in zip(self.classes, margins, strict=True):
            highest = max(margin.max(), 0.0) + 1.0
            self.ax_.contourf(
                self.x0,
                self.x1,
                margin,
                levels=[0.0, highest],
                colors=[self._looks[label][0]],
                alpha=0.1,
                zorder=0,
            )
        # Of two classes, the one ends where the other begins.
        self.boundaries_ = [
            self.ax_.contour(
                self.x0,
                self.x1,
                margin,
                levels=[0.0],
                colors=INK,
                linewidths=1.8,
                zorder=3,
            )
            for margin in (margins[1:] if len(margins) == 2 else margins)
            if margin.min() < 0 < margin.max()
        ]

    def _draw_points(self):
        X = np.asarray(self.X)
        labels = [None] * len(X) if self.y is None else self.y
        self.points_ = {}
        for label in [None] if self.y is None else self.classes:
            colour, mark = self._looks.get(label, (GREY, "o"))
            rows = X[[other == label for other in labels]]
            self.points_[label] = self.ax_.scatter(
                *rows.T,
                s=14,
                marker=mark,
                facecolor=colour,
                edgecolor="white",
                linewidth=0.3,
                alpha=0.75,
                zorder=1,
            )

    def _draw_contours(self):
        self.contours_ = []
        for part in self.densities:
            levels, masses = zip(
                *sorted({level: mass for mass, level in part["levels"]}.items()),
                strict=True,
            )
            colour = self._looks.get(part["label"], (INK,))[0]
            self.contours_.append(
                self.ax_.contour(
                    self.x0,
                    self.x1,
                    # Where there is no mass at all, there would be no line either.
                    np.maximum(part["log_density"], levels[0] - FAR),
                    levels=levels,
                    colors=[colour],
                    linestyles="solid",
                    linewidths=[0.8 + 0.7 * (1 - mass) for mass in masses],
                    zorder=2,
                )
            )

    def _dress(self):
        from matplotlib.lines import Line2D

        ax = self.ax_
        masses = sorted({mass for part in self.densities for mass, _ in part["levels"]})
        shares = ", ".join(f"{100 * mass:g}" for mass in masses)
        of_what = "rows" if self.densities[0]["label"] is None else "each class"
        dots = {"linestyle": "", "markersize": 5.5}
        handles = [
            Line2D([], [], color=colour, marker=mark, label=str(label), **dots)
            for label, (colour, mark) in self._looks.items()
        ]
        handles += [
            Line2D(
                *([], []),
                color=GREY,
                linewidth=1.0,
                label=f"{shares} % of {of_what}: {self.names[0]}",
            ),
            Line2D(
                [], [], color=INK, linewidth=1.8, label=f"boundary: {self.names[1]}"
            ),
        ]
        ax.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            frameon=False,
            labelcolor=INK,
            fontsize=9,
            ncols=1 if len(self.classes) < 5 else 2,
        )
        if self.columns is not None:
            ax.set_xlabel(self.columns[0], color=INK)
            ax.set_ylabel(self.columns[1], color=INK)
        ax.tick_params(length=0, colors=INK)
        ax.spines[:].set_visible(False)


def _check_masses(masses):
    masses = np.ravel(masses).astype(float).tolist()
    if not masses or not all(0 < mass < 1 for mass in masses):
        raise ValueError(
            f"masses must be shares between 0 and 1, got {masses}. (0.5, 0.8, 0.95) "
            "are usual."
        )
    return masses


def _check_labels(y, classes):
    unknown = sorted({str(label) for label in y if label not in classes})
    if unknown:
        raise ValueError(
            f"y must hold classes that the discriminative model knows, got {unknown}. "
            f"It was fitted to {classes}."
        )


def _two_columns(X):
    """Values and names of two columns of numbers."""
    is_frame = nw.dependencies.is_into_dataframe(X)
    values = nw.from_native(X, eager_only=True).to_numpy() if is_frame else X
    columns = [str(name) for name in X.columns] if is_frame else None
    try:
        values = check_array(values, dtype=np.float64, input_name="X")
    except ValueError as error:
        raise ValueError(
            f"X must hold two columns of finite numbers: {error} Choose two such "
            "columns, and fit both models to these."
        ) from error
    if values.shape[1] != 2:
        raise ValueError(
            f"X must have two columns, got {values.shape[1]}. Choose two, and fit both "
            "models to these; SampleDisplay shows more."
        )
    return values, columns


def _like(X, values):
    """Numbers in a frame with the names of X, if that is one, whatever its dtypes."""
    if not nw.dependencies.is_into_dataframe(X):
        return values
    frame = nw.from_native(X, eager_only=True)
    columns = dict(zip(frame.columns, values.T, strict=True))
    return nw.from_dict(columns, backend=frame.implementation).to_native()


def _is_by_class(generative, contours):
    if contours not in CONTOURS:
        raise ValueError(
            f"contours must be one of {list(CONTOURS)}, got {contours!r}. 'auto' takes "
            "classes where the model tells these."
        )
    tells_classes = hasattr(generative, "predict_joint_log_proba")
    tells_classes &= getattr(generative, "classes_", None) is not None
    if tells_classes and contours != "all":
        return True
    if contours == "classes" or not hasattr(generative, "score_samples"):
        lacking = "of classes" if contours == "classes" else "(score_samples)"
        raise ValueError(
            f"generative must have a density {lacking}: this "
            f"{type(generative).__name__} has none. Take a model with one, "
            "QDASampler().fit(X, y) for instance; SampleDisplay shows rows of any "
            "sampler."
        )
    return False


def _rows_to_score(generative, X, y, by_class, n_draws, rng):
    """(label, rows): what the model draws by a seed, or else the rows given."""
    labels = np.asarray(generative.classes_) if by_class else [None]
    draw = getattr(generative, "sample_conditional" if by_class else "sample", None)
    if draw is None or not takes_random_state(draw):
        return [(label, _rows_of(X, y, label)) for label in _plain(labels)]
    if not by_class:
        # An int, which scikit-learn's models take too.
        rows = draw(n_draws, random_state=draw_seed(rng))
        return [(None, rows[0] if isinstance(rows, tuple) else rows)]
    # A class at a time: their rows come back in one table of whatever kind.
    return [
        (label, draw(np.repeat(labels[k : k + 1], n_draws), random_state=rng))
        for k, label in enumerate(_plain(labels))
    ]


def _plain(labels):
    return labels.tolist() if isinstance(labels, np.ndarray) else labels


def _rows_of(X, y, label):
    if label is None:
        return X
    if y is None or label not in y:
        raise ValueError(
            f"y must have rows of class {label!r}: the generative model draws none, so "
            "that levels are taken at rows of X. Give such rows, or contours='all'."
        )
    return _like(X, _two_columns(X)[0][[other == label for other in y]])


def _log_density(generative, rows, by_class):
    if by_class:
        return np.asarray(generative.predict_joint_log_proba(rows))
    return np.asarray(generative.score_samples(rows)).reshape(-1, 1)


def _margins(discriminative, rows):
    """By how much each class, in its column, leads the best of the others."""
    classes = discriminative.classes_
    if hasattr(discriminative, "predict_proba"):
        scores = np.asarray(discriminative.predict_proba(rows))
    elif hasattr(discriminative, "decision_function"):
        scores = np.asarray(discriminative.decision_function(rows))
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores]) / 2
    else:
        predicted = np.asarray(discriminative.predict(rows))
        scores = (predicted[:, None] == np.asarray(classes)).astype(float)
    others = [np.delete(scores, k, axis=1).max(axis=1) for k in range(len(classes))]
    return scores - np.column_stack(others)


def _spans(tables, n_grid):
    """Values along both axes: from the least to the largest row, and some more.

    Of drawn rows the far tails are left out.
    """
    given, *drawn = tables
    ends = [given.min(axis=0), given.max(axis=0)]
    for rows in drawn:
        low, high = np.quantile(rows, [0.005, 0.995], axis=0)
        ends = [np.minimum(ends[0], low), np.maximum(ends[1], high)]
    margin = MARGIN * (ends[1] - ends[0])
    margin[margin == 0] = 1.0  # a constant column
    low, high = ends[0] - margin, ends[1] + margin
    return tuple(np.linspace(low, high, n_grid).T)


def _name_of(estimator):
    final = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    return type(final).__name__
