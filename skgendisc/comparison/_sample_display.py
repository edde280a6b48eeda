"""A picture of real rows beside synthetic ones; matplotlib comes at the last moment."""

import textwrap

import numpy as np
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.validation import check_is_fitted

from skgendisc.comparison._plots import INK, PALETTE, looks, shorten
from skgendisc.comparison._sample_images import (
    as_images,
    choose_images,
    place_images,
    tile,
)
from skgendisc.comparison._sample_tables import (
    SIDES,
    choose_columns,
    describe_columns,
    share_pairs,
    take_columns,
)
from skgendisc.metrics import align_tables
from skgendisc.metrics._align import check_both_labelled
from skgendisc.utils._optional import import_optional
from skgendisc.utils.random_state import as_generator, draw_seed, takes_random_state
from skgendisc.utils.validation import holds_classes

MOST_DRAWN = 10_000  # rows, if not told; enough for marginals
JITTER = 0.28  # of the distance between two levels, to either side
PANEL = 1.25  # inches
IMAGE = 0.6
LETTER = 0.065  # of axis labels
CLASSES_BESIDE = 5  # a panel, in the legend


class SampleDisplay:
    """Real rows beside synthetic ones: two scatter matrices, or two grids of images.

    Make one by :meth:`from_estimator`, or by :meth:`from_samples` from rows that are
    there. Of tables, the diagonal shows the shares of all rows - beside the synthetic
    ones, the outline of the real - and the panels below it as many rows of either
    table: points, or boxes as large as the shares of two levels. Beyond the 99 % of
    real numbers in the middle, shares are those of the last bins.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n_shown, n_columns) or (n_shown, *image_shape)
        Rows that are shown. Of tables: numbers, and places among the levels of a
        column; NaN for gaps, which no point shows.
    y_real, y_synthetic : list, default=None
        Their classes.
    columns : list of dict, default=None
        What is shown of each column: ``name``, ``levels`` (None for numbers),
        ``edges``, ``shares`` and ``missing`` (of all rows, real and synthetic). None
        for images.
    pairs : list of dict, default=None
        For two columns of levels: ``columns`` (their places) and ``shares`` of all rows
        (real and synthetic).
    image_shape : tuple of int, default=None
        Height and width, and 3 where there are colours. None for tables.

    Attributes
    ----------
    axes_ : dict of str to ndarray of matplotlib Axes, or to matplotlib Axes
        ``"real"`` and ``"synthetic"``: of shape (n_columns, n_columns), None above the
        diagonal; or the one of a grid of images. After :meth:`plot`.
    figure_ : matplotlib Figure or SubFigure

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import SampleDisplay
    >>> from skgendisc.joint import LDASampler
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> display = SampleDisplay.from_estimator(
    ...     LDASampler().fit(X, y), X, y, columns=list(X.columns[:2])
    ... )  # doctest: +SKIP
    """

    def __init__(
        self,
        real,
        synthetic,
        *,
        y_real=None,
        y_synthetic=None,
        columns=None,
        pairs=None,
        image_shape=None,
    ):
        self.real = real
        self.synthetic = synthetic
        self.y_real = y_real
        self.y_synthetic = y_synthetic
        self.columns = columns
        self.pairs = pairs
        self.image_shape = image_shape

    @classmethod
    def from_estimator(
        cls,
        sampler,
        X,
        y=None,
        *,
        n_samples=None,
        image_shape=None,
        n_images=4,
        random_state=0,
        **picture,
    ):
        """Draw rows from a fitted sampler, and show them beside real ones.

        Parameters
        ----------
        sampler : estimator
            Fitted, with ``sample``; or with ``sample_conditional``, for images of
            classes.
        X : array-like or DataFrame of shape (n_samples, n_features)
            Real rows.
        y : array-like of shape (n_samples,), default=None
            Their classes, for colours, or for columns of images. None shows none.
        n_samples : int, default=None
            Rows to draw. None draws as many as there are real ones, at most 10 000. Of
            images of classes, as many are drawn as are shown, whatever is given here.
        image_shape : tuple of int, default=None
            Height and width of images, and 3 where there are colours. None shows
            tables.
        n_images : int, default=4
            See :meth:`from_samples`.
        random_state : int, RandomState, Generator or None, default=0
            Seed of drawing rows, and of choosing those to show.
        **picture : dict
            Other parameters of :meth:`from_samples`.

        Returns
        -------
        display : SampleDisplay

        Raises
        ------
        NotFittedError
        ValueError
            For a sampler that draws no rows, or was fitted without classes where ``y``
            is given.
        """
        check_is_fitted(sampler)
        if not hasattr(sampler, "sample"):
            raise ValueError(
                f"sampler must have a method sample: {type(sampler).__name__} has "
                "none. Give the rows it makes to SampleDisplay.from_samples."
            )
        rng = as_generator(random_state)
        is_image = image_shape is not None
        if is_image and y is not None and hasattr(sampler, "sample_conditional"):
            y_drawn = np.repeat(np.unique(_labels_of("y", y)), n_images)
            X_drawn = sampler.sample_conditional(y_drawn, random_state=rng)
        else:
            if n_samples is None:
                n_samples = min(np.shape(X)[0], MOST_DRAWN)
            X_drawn, y_drawn = _draw(sampler, n_samples, rng)
        if y is not None and y_drawn is None:
            raise ValueError(
                f"y was given, but this {type(sampler).__name__} draws no classes. "
                "Leave y out, or fit the sampler to X and y."
            )
        return cls.from_samples(
            X,
            X_drawn,
            y,
            None if y is None else y_drawn,
            image_shape=image_shape,
            n_images=n_images,
            random_state=rng,
            **picture,
        )

    @classmethod
    def from_samples(
        cls,
        X_real,
        X_synthetic,
        y_real=None,
        y_synthetic=None,
        *,
        columns=None,
        categorical_features="from_dtype",
        max_rows=500,
        image_shape=None,
        n_images=4,
        random_state=0,
        figure=None,
    ):
        """Show rows that are there.

        Parameters
        ----------
        X_real, X_synthetic : array-like or DataFrame of shape (n_rows, n_features)
            Mixed tables with gaps, where dates are shown as steps from the first; or
            images, which may also have the shape (n_rows, *image_shape).
        y_real, y_synthetic : array-like of shape (n_rows,), default=None
            Classes, for colours, or for columns of images.
        columns : list, default=None
            Names, or places where the tables are arrays; at most eight. None takes the
            first four.
        categorical_features : "from_dtype", array-like or None, default="from_dtype"
            Which columns are categorical, as in
            :class:`~skgendisc.preprocessing.TableEncoder`.
        max_rows : int, default=500
            Points in a panel; as many of either table.
        image_shape : tuple of int, default=None
            Height and width of images, and 3 where there are colours. None shows
            tables.
        n_images : int, default=4
            Of each class and table; without classes, lines of ten.
        random_state : int, RandomState, Generator or None, default=0
            Seed of choosing rows to show, and of the jitter of points about levels.
        figure : matplotlib Figure or SubFigure, default=None
            Empty. None makes one.

        Returns
        -------
        display : SampleDisplay

        Raises
        ------
        ValueError
            For tables of other columns, unknown columns, images of another size, labels
            of one table alone, or such that are no classes.
        """
        check_both_labelled(y_real, y_synthetic)
        labels = [
            None if y is None else _labels_of(name, y)
            for name, y in (("y_real", y_real), ("y_synthetic", y_synthetic))
        ]
        for X, y in zip((X_real, X_synthetic), labels, strict=True):
            check_consistent_length(X, y)
        if max_rows < 1 or n_images < 1:
            raise ValueError(
                "max_rows and n_images must be 1 or more, got "
                f"{max_rows!r} and {n_images!r}."
            )
        rng = as_generator(random_state)
        if image_shape is not None:
            shape = tuple(image_shape)
            tables = [as_images(X, shape) for X in (X_real, X_synthetic)]
            rows = choose_images(labels, tables, n_images, rng)
            parts = {"image_shape": shape}
        else:
            tables = align_tables(
                X_real, X_synthetic, categorical_features=categorical_features
            )
            places = choose_columns(tables[0], columns)
            *tables, told = describe_columns(
                *(take_columns(table, places) for table in tables)
            )
            n_shown = min(max_rows, *map(len, tables))
            rows = [rng.choice(len(t), n_shown, replace=False) for t in tables]
            parts = {"columns": told, "pairs": share_pairs(*tables, told)}
        display = cls(
            *(table[some] for table, some in zip(tables, rows, strict=True)),
            **{
                f"y_{side}": None if y is None else y[some].tolist()
                for side, y, some in zip(SIDES, labels, rows, strict=True)
            },
            **parts,
        )
        return display.plot(figure=figure)

    def to_dict(self):
        """What the picture shows, as plain Python values.

        Returns
        -------
        values : dict
            All parameters, arrays as nested lists.
        """
        return {
            "real": np.asarray(self.real).tolist(),
            "synthetic": np.asarray(self.synthetic).tolist(),
            "y_real": self.y_real,
            "y_synthetic": self.y_synthetic,
            "columns": self.columns,
            "pairs": self.pairs,
            "image_shape": self.image_shape,
        }

    def plot(self, figure=None):
        """Draw the real rows on the left, or on top, and the synthetic ones beside.

        Parameters
        ----------
        figure : matplotlib Figure or SubFigure, default=None
            Empty. None makes one.

        Returns
        -------
        display : SampleDisplay
            Itself, with what it drew as attributes.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        pyplot = import_optional(
            "matplotlib.pyplot", feature="SampleDisplay.plot", extra="plot"
        )
        if figure is None:
            figure = pyplot.figure(figsize=self._size(), layout="constrained")
        self.figure_ = figure
        if self.image_shape is None:
            self._plot_tables()
        else:
            self._plot_images()
        return self

    def _size(self):
        """Width and height of a figure, in inches."""
        if self.image_shape is None:
            side = max(PANEL * len(self.columns), 2.2)
            return 2 * side + 1.6, side + 1.2
        height, width = self._grids()[0].shape[:2]
        scale = IMAGE / max(self.image_shape[:2])
        return max(scale * width, 2.2) + 0.2, min(2 * scale * height + 0.8, 12.0)

    # Tables

    def _plot_tables(self):
        k = len(self.columns)
        halves = self.figure_.subfigures(1, 2)
        labels = self._classes()
        self._looks = {name: rest for name, *rest in looks(labels or [])}
        self.axes_ = {}
        for number, (side, half) in enumerate(zip(SIDES, halves, strict=True)):
            half.suptitle(side, color=INK, fontsize=11)
            axes = half.subplots(k, k, squeeze=False)
            for i, j in np.ndindex(k, k):
                if j > i:
                    axes[i, j].remove()
                    axes[i, j] = None
                elif i == j:
                    self._draw_marginal(axes[i, i], i, number)
                else:
                    self._draw_pair(axes[i, j], i, j, number)
            self._dress(axes)
            self.axes_[side] = axes
        if labels:
            self._add_legend(halves)

    def _classes(self):
        """Of both sides, sorted; None without labels."""
        if self.y_real is None:
            return None
        return np.unique(np.array([*self.y_real, *self.y_synthetic])).tolist()

    def _draw_marginal(self, panel, place, number):
        """Shares of all rows; beside the synthetic ones, the outline of the real."""
        column = self.columns[place]
        edges = column["edges"]
        colour = "0.75" if self.y_real is not None else PALETTE[number]
        gap = 0.0 if column["levels"] is None else 0.2
        widths = np.diff(edges) - gap
        panel.bar(
            np.array(edges[:-1]) + gap / 2,
            column["shares"][number],
            widths,
            align="edge",
            color=colour,
        )
        if number == 1:
            panel.stairs(column["shares"][0], edges, color=INK, linewidth=1.0)
        if round(100 * column["missing"][number]):
            panel.text(
                *(0.97, 0.97),
                f"{100 * column['missing'][number]:.0f} % missing",
                transform=panel.transAxes,
                ha="right",
                va="top",
                fontsize=7,
                color=INK,
            )
        highest = max(map(max, column["shares"]))
        panel.set_ylim(0, 1.2 * highest or 1.0)
        panel.set_xlim(self._limits(place))
        panel.set_yticks([])

    def _draw_pair(self, panel, i, j, number):
        """Rows by the column j, to the right, and the column i, upwards."""
        has_levels = [self.columns[c]["levels"] is not None for c in (j, i)]
        if all(has_levels):
            self._draw_boxes(panel, i, j, number)
        else:
            self._draw_points(panel, i, j, number, has_levels)
        panel.set_xlim(self._limits(j))
        panel.set_ylim(self._limits(i))

    def _draw_points(self, panel, i, j, number, has_levels):
        table = np.asarray((self.real, self.synthetic)[number], dtype=float)
        points = table[:, [j, i]]
        # Not to hide each other; the same at every call.
        rng = np.random.default_rng(number)
        points = points + rng.uniform(-JITTER, JITTER, points.shape) * has_levels
        y = (self.y_real, self.y_synthetic)[number]
        dots = {"s": 5, "linewidth": 0, "alpha": 0.6}
        if y is None:
            panel.scatter(*points.T, color=PALETTE[number], **dots)
            return
        for label, (colour, mark) in self._looks.items():
            rows = np.array([other == label for other in y], dtype=bool)
            panel.scatter(*points[rows].T, color=colour, marker=mark, **dots)

    def _draw_boxes(self, panel, i, j, number):
        """A box for each pair of levels, its area in proportion to their share."""
        from matplotlib.collections import PatchCollection
        from matplotlib.patches import Rectangle

        (shares,) = (p["shares"] for p in self.pairs if p["columns"] == [j, i])
        largest = max(np.max(share) for share in shares) or 1.0
        sides = 0.9 * np.sqrt(np.array(shares[number]) / largest)
        boxes = [
            Rectangle((x - side / 2, y - side / 2), side, side)
            for (x, y), side in np.ndenumerate(sides)
        ]
        colour = "0.55" if self.y_real is not None else PALETTE[number]
        panel.add_collection(PatchCollection(boxes, color=colour, linewidth=0))

    def _limits(self, place):
        """Ends of an axis, the same for both tables."""
        edges = self.columns[place]["edges"]
        low, high = edges[0], edges[-1]
        if self.columns[place]["levels"] is None:
            shown = np.concatenate([self.real, self.synthetic])[:, place].astype(float)
            low, high = np.nanmin([low, *shown]), np.nanmax([high, *shown])
        margin = 0.03 * (high - low)
        return low - margin, high + margin

    def _dress(self, axes):
        """Names and ticks on the left and at the bottom alone."""
        k = len(self.columns)
        for (i, j), panel in np.ndenumerate(axes):
            if panel is None:
                continue
            panel.tick_params(length=0, labelsize=7, colors=INK)
            panel.spines[:].set_color("0.85")
            self._label(panel.xaxis, j, is_shown=i == k - 1)
            if i != j:
                self._label(panel.yaxis, i, is_shown=j == 0)
        first = axes[0, 0]
        first.set_ylabel("share", fontsize=8, color=INK)

    def _label(self, axis, place, *, is_shown):
        column = self.columns[place]
        levels = column["levels"]
        if levels is not None:
            names = [shorten(name, 12) for name in levels]
            is_long = axis.axis_name == "x" and sum(map(len, names)) > 12
            axis.set_ticks(
                range(len(names)),
                names if is_shown else [""] * len(names),
                rotation=90 if is_long else 0,
            )
        else:
            axis.get_major_locator().set_params(nbins=3)
            if not is_shown:
                axis.set_tick_params(labelleft=False, labelbottom=False)
        if is_shown:
            axis.set_label_text(self._wrap(column["name"]), fontsize=8, color=INK)

    def _wrap(self, name):
        """The name in at most two lines, no wider than a panel."""
        box = self.figure_.bbox
        side = min(box.width / 2, box.height) / self.figure_.dpi / len(self.columns)
        width = max(int(0.85 * side / LETTER), 6)
        return textwrap.fill(name, width, max_lines=2, placeholder="…")

    def _add_legend(self, halves):
        from matplotlib.lines import Line2D

        handles = [
            Line2D([], [], linestyle="", marker=mark, color=colour, label=str(label))
            for label, (colour, mark) in self._looks.items()
        ]
        owner = halves[-1]
        place = {"loc": "upper right", "bbox_to_anchor": (1.0, 0.93)}
        if len(handles) > CLASSES_BESIDE * (len(self.columns) - 1):
            # No room above the diagonal, where nothing is drawn.
            owner, place = self.figure_, {"loc": "outside lower center", "ncols": 6}
        owner.legend(
            handles=handles, frameon=False, fontsize=8, labelcolor=INK, **place
        )

    # Images

    def _plot_images(self):
        axes = self.figure_.subplots(2, 1)
        self.axes_ = dict(zip(SIDES, axes, strict=True))
        real = np.asarray(self.real, dtype=float)
        low, high = np.nanmin(real), np.nanmax(real)
        if low == high:
            high = low + 1.0
        for side, grid in zip(SIDES, self._grids(), strict=True):
            panel = self.axes_[side]
            if grid.ndim == 3:
                # Colours have no scale of their own in matplotlib.
                grid = np.nan_to_num(np.clip((grid - low) / (high - low), 0, 1), nan=1)
                panel.imshow(grid, interpolation="nearest")
            else:
                panel.imshow(
                    grid, cmap="gray", vmin=low, vmax=high, interpolation="nearest"
                )
            panel.set_title(side, color=INK, fontsize=11, loc="left")
            panel.spines[:].set_visible(False)
            panel.tick_params(length=0, labelsize=8, colors=INK)
            panel.set_xticks([])
            panel.set_yticks([])
        if self.y_real is not None:
            names = [shorten(str(label), 10) for label in self._classes()]
            step = self.image_shape[1] + 1
            places = step * np.arange(len(names)) + (step - 2) / 2
            panel.set_xticks(
                places, names, rotation=90 if max(map(len, names)) > 6 else 0
            )

    def _grids(self):
        """The images of both sides, each in one; classes in the same columns."""
        classes = self._classes()
        images = [np.asarray(side, dtype=float) for side in (self.real, self.synthetic)]
        places = [
            place_images(len(side), y, classes)
            for side, y in zip(images, (self.y_real, self.y_synthetic), strict=True)
        ]
        sizes = [np.max(of_side, axis=0) + 1 for of_side in places]
        if classes is not None:
            sizes = [(max(n_lines for n_lines, _ in sizes), len(classes))] * 2
        return [
            tile(side, self.image_shape, of_side, size)
            for side, of_side, size in zip(images, places, sizes, strict=True)
        ]


def _draw(sampler, n_samples, rng):
    """Rows, and classes or None, of any library's sampler."""
    seed = {}
    if takes_random_state(sampler.sample):
        seed = {"random_state": draw_seed(rng)}  # an int, which all of them take
    drawn = sampler.sample(n_samples, **seed)
    return drawn if isinstance(drawn, tuple) else (drawn, None)


def _labels_of(name, y):
    labels = column_or_1d(np.asarray(y))
    if not holds_classes(labels):
        raise ValueError(
            f"{name} must hold classes, got numbers that measure. Make them a column "
            "of the tables."
        )
    return labels
