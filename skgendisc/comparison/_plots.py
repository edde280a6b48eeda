"""Pictures of a comparison; matplotlib is imported at the last moment."""

import textwrap

import numpy as np

from skgendisc.comparison._scoring import metric_label
from skgendisc.utils._optional import import_optional

COLOURS = {  # Okabe and Ito's, which the colour-blind can tell apart
    "discriminative": "#0072B2",
    "discriminative + synthetic rows": "#009E73",
    "generative": "#D55E00",
    "generative + synthetic rows": "#CC79A7",
}
BASELINE = "the same, alone"
GREY = "0.45"
INK = "0.2"
PANELS_PER_ROW = 5
ANNOTATED_CLASSES = 4  # more of them leave no room for numbers
LABELLED_CLASSES = 12  # more of them leave no room for names


def draw_scores(result, metrics):
    """Means with standard errors: a row for each estimator, a panel for each metric."""
    rows = result.rows(sort_by=metrics[0])
    figure, panels = _figure(
        "ComparisonResult.plot",
        ncols=len(metrics),
        sharey=True,
        squeeze=False,
        figsize=(2.2 + 3.1 * len(metrics), 1.3 + 0.27 * len(rows)),
    )
    for panel, metric in zip(panels[0], metrics, strict=True):
        _draw_metric(panel, result, rows, metric)
    names = [row["name"] for row in rows]
    panels[0, 0].set_yticks(range(len(rows)), names)
    panels[0, 0].set_ylim(len(rows) - 0.4, -0.6)  # best on top
    handles, labels = panels[0, 0].get_legend_handles_labels()
    legend = dict(zip(labels, handles, strict=True))
    if BASELINE in legend:
        legend[BASELINE] = legend.pop(BASELINE)  # as the last
    figure.legend(
        legend.values(),
        legend,
        loc="outside upper center",
        ncols=1 + len(metrics),
        frameon=False,
    )
    return figure


def _draw_metric(panel, result, rows, metric):
    place = {row["name"]: number for number, row in enumerate(rows)}
    mean = {row["name"]: row[f"{metric}_mean"] for row in rows}
    error = {row["name"]: row[f"{metric}_se"] for row in rows}
    for kind, colour in COLOURS.items():
        names = [name for name in place if result.kinds[name] == kind]
        if names:
            panel.errorbar(
                [mean[name] for name in names],
                [place[name] for name in names],
                xerr=[error[name] for name in names],
                fmt="o",
                markersize=5.5,
                color=colour,
                elinewidth=1.4,
                label=kind,
            )
    _draw_baselines(panel, result, place, mean)
    is_loss = metric in result.losses
    finite = [value for value in mean.values() if np.isfinite(value)]
    if is_loss and finite and 0 < 10 * min(finite) < max(finite):
        set_log_scale(panel.xaxis, min(finite), max(finite))
    else:
        panel.locator_params(axis="x", nbins=5)
    _dress(panel, metric_label(metric), f"{'less' if is_loss else 'more'} is better")


def _dress(panel, title, hope):
    panel.set_title(title, fontsize=11, color=INK, loc="left")
    panel.set_xlabel(f"mean ± standard error; {hope}", color=INK)
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


def _draw_baselines(panel, result, place, mean):
    """A thin line from each baseline, hollow, to the estimator beside it."""
    if not result.pairs:
        return
    names, baselines = zip(*result.pairs, strict=True)
    heights = [place[name] for name in names]
    starts = [mean[baseline] for baseline in baselines]
    panel.hlines(
        heights, starts, [mean[name] for name in names], color=GREY, lw=0.8, zorder=1
    )
    panel.plot(
        starts,
        heights,
        "o",
        markersize=4.5,
        markerfacecolor="white",
        markeredgecolor=GREY,
        zorder=1.5,
        label=BASELINE,
    )


def draw_evaluation(result, metrics):
    """Means with standard errors: a row for each sampler and reference."""
    names = list(result.kinds)
    figure, panels = _figure(
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
        _dress(panel, measure.label, measure.hope)
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
    figure, grid = _figure(
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
    names = [textwrap.shorten(str(name), 14, placeholder="…") for name in classes]
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


def _figure(feature, **grid):
    pyplot = import_optional("matplotlib.pyplot", feature=feature, extra="plot")
    return pyplot.subplots(layout="constrained", **grid)
