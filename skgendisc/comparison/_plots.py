"""Pictures of a comparison; matplotlib is imported at the last moment."""

import textwrap

import numpy as np

from skgendisc.utils._optional import import_optional

GREY = "0.45"
INK = "0.2"
# Okabe and Ito's, which the colour-blind can tell apart; and marks for more of them.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#333333")
MARKS = "osD^vPX"
PANELS_PER_ROW = 5
ANNOTATED_CLASSES = 4  # more of them leave no room for numbers
LABELLED_CLASSES = 12  # more of them leave no room for names


def dress(panel, title, xlabel):
    """Title, axis and grid of a panel with a row for each name."""
    panel.set_title(title, fontsize=11, color=INK, loc="left")
    panel.set_xlabel(xlabel, color=INK)
    panel.grid(axis="y", color="0.93")
    panel.grid(axis="x", color="0.88")
    panel.set_axisbelow(True)
    panel.tick_params(length=0, colors=INK)
    panel.spines[:].set_visible(False)


def set_log_scale(axis, lowest, highest):
    """Scale an axis of losses from the lowest to the highest mean."""
    from matplotlib.ticker import LogLocator

    panel = axis.axes
    if axis is panel.xaxis:
        panel.set_xscale("log")
        panel.set_xlim(left=lowest / 2)  # error bars may reach below zero
    else:
        panel.set_yscale("log")
        panel.set_ylim(bottom=lowest / 2)
    steps = (1, 2, 5) if highest < 100 * lowest else (1,)
    axis.set_major_locator(LogLocator(subs=steps))
    axis.set_major_formatter("{x:g}")
    panel.minorticks_off()


def draw_evaluation(result, metrics):
    """Means with standard errors: a row for each sampler and reference."""
    names = list(result.kinds)
    figure, panels = make_figure(
        "SamplerEvaluation.plot",
        ncols=len(metrics),
        sharey=True,
        squeeze=False,
        figsize=(2.2 + 3.1 * len(metrics), 1.3 + 0.27 * len(names)),
    )
    for panel, metric in zip(panels[0], metrics, strict=True):
        for kind, colour in (("sampler", "#D55E00"), ("reference", GREY)):
            of_kind = [name for name in names if result.kinds[name] == kind]
            means, errors = zip(
                *(result.mean_and_error(name, metric) for name in of_kind), strict=True
            )
            panel.errorbar(
                means,
                [names.index(name) for name in of_kind],
                xerr=errors,
                fmt="o",
                markersize=5.5,
                color=colour,
                elinewidth=1.4,
            )
        panel.locator_params(axis="x", nbins=5)
        measure = result.describe(metric)
        dress(panel, measure.label, f"mean ± standard error; {measure.hope}")
    panels[0, 0].set_yticks(range(len(names)), names)
    panels[0, 0].set_ylim(len(names) - 0.4, -0.6)
    return figure


def draw_confusion_matrices(result):
    """Shares of the true class, a panel for each estimator."""
    names = list(result.kinds)
    n_classes = len(result.classes)
    ncols = min(PANELS_PER_ROW, len(names))
    nrows = -(-len(names) // ncols)
    side = 1.7 + 0.05 * min(n_classes, LABELLED_CLASSES)  # inches
    figure, grid = make_figure(
        "ComparisonResult.plot_confusion_matrices",
        nrows=nrows,
        ncols=ncols,
        squeeze=False,
        figsize=(1.6 + side * ncols, 0.9 + (side + 0.3) * nrows),
    )
    panels = grid.ravel()
    for number, (panel, name) in enumerate(zip(panels, names, strict=False)):
        shares = _row_shares(result.confusion_matrix(name))
        image = panel.imshow(shares, vmin=0, vmax=100, cmap="Blues")
        panel.set_title(textwrap.fill(name, 32), fontsize=8.5, color=INK)
        _label_classes(
            panel,
            result.classes,
            left=number % ncols == 0,
            bottom=number + ncols >= len(names),
        )
        if n_classes <= ANNOTATED_CLASSES:
            _annotate(panel, shares)
    for panel in panels[len(names) :]:
        panel.set_axis_off()
    figure.supxlabel("predicted class", color=INK)
    figure.supylabel("true class", color=INK)
    bar = figure.colorbar(image, ax=grid, shrink=0.4, aspect=30, pad=0.02)
    bar.set_label("% of the true class", color=INK)
    bar.outline.set_visible(False)
    return figure


def _row_shares(counts):
    """Percentages of each row; an empty row stays empty."""
    totals = counts.sum(axis=1, keepdims=True)
    return 100 * counts / np.maximum(totals, 1)


def _label_classes(panel, classes, *, left, bottom):
    panel.spines[:].set_visible(False)
    panel.tick_params(length=0, labelsize=8, colors=INK)
    panel.set_xticks([])
    panel.set_yticks([])
    if len(classes) > LABELLED_CLASSES:
        return
    names = [shorten(str(name), 14) for name in classes]
    if bottom:
        upright = sum(map(len, names)) > 24
        panel.set_xticks(range(len(names)), names, rotation=90 if upright else 0)
    if left:
        panel.set_yticks(range(len(names)), names)


def _annotate(panel, shares):
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 55 else INK
        panel.text(
            column,
            row,
            f"{share:.0f}",
            ha="center",
            va="center",
            color=colour,
            fontsize=9,
        )


def make_figure(feature, **grid):
    """Figure and panels, for a method of this name."""
    pyplot = import_optional("matplotlib.pyplot", feature=feature, extra="plot")
    return pyplot.subplots(layout="constrained", **grid)


def shorten(name, width):
    """At most so many characters; what is cut off leaves an ellipsis."""
    return name if len(name) <= width else f"{name[: width - 1].rstrip()}…"


def looks(names):
    """(name, colour, mark) of each; from the eighth on, colours come with other marks.

    Parameters
    ----------
    names : iterable

    Yields
    ------
    name, colour, mark
    """
    for number, name in enumerate(names):
        turn, place = divmod(number, len(PALETTE))
        yield name, PALETTE[place], MARKS[(place + turn) % len(MARKS)]
