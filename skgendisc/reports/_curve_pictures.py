"""Learning curves and confusion matrices as SVG in the page."""

import math

import numpy as np

from skgendisc.comparison._scoring import describe_hope, metric_label
from skgendisc.comparison._text import format_rows
from skgendisc.reports._markup import tag
from skgendisc.reports._pictures import (
    draw_line,
    draw_svg,
    draw_text,
    rect,
    short,
    shorten,
)

WIDTH, HEIGHT = 400, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 26, 42  # margins
STEEP = 3  # highest over lowest loss, from which on the scale is a logarithm
SIDES = ("first", "second")
CELLS = 132  # pixels of a confusion matrix
SHARES_WRITTEN = 4  # classes, beyond which there is no room for numbers


def draw_curves(curves, names, metric, found=None):
    """Mean scores of two estimators by the number of rows, and where they cross.

    Parameters
    ----------
    curves : LearningCurves
    names : (str, str)
    metric : str
    found : Crossover, default=None
        What is marked.

    Returns
    -------
    markup : Markup
    """
    lines = [_points(curves, name, metric) for name in names]
    across = _Axis.of_rows(lines, LEFT, WIDTH - RIGHT)
    up = _Axis.of_scores(lines, HEIGHT - BOTTOM, TOP, metric in curves.losses)
    content = [_draw_grid(across, up)]
    if found is not None:
        content.append(_draw_crossing(found, across))
    for side, line in zip(SIDES, lines, strict=True):
        content += _draw_line(line, across, up, side)
    label = metric_label(metric)
    content += [
        draw_text(
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "training rows", anchor="middle"
        ),
        draw_text(0, 12, f"{label} ({describe_hope(metric in curves.losses)})"),
    ]
    title = f"{label} of {names[0]} and {names[1]} by the number of training rows"
    return draw_svg(WIDTH, HEIGHT, content, label=title)


def _points(curves, name, metric):
    """Rows, mean and standard error, at the sizes that have them."""
    points = np.column_stack(curves.mean_curve(name, metric))
    return points[~np.isnan(points[:, 1])]


class _Axis:
    """A scale from numbers to pixels, a logarithm or not, and its ticks."""

    def __init__(self, low, high, start, end, *, is_log):
        self.is_log = is_log
        if high <= low:
            low, high = (low / 2, high * 2) if is_log else (low - 0.5, high + 0.5)
        self.low, self.high = low, high
        self.start, self.end = start, end

    @classmethod
    def of_rows(cls, lines, start, end):
        sizes = np.concatenate([line[:, 0] for line in lines])
        if not len(sizes):
            return cls(1, 10, start, end, is_log=True)
        return cls(sizes.min(), sizes.max(), start, end, is_log=True)

    @classmethod
    def of_scores(cls, lines, start, end, is_loss):
        points = np.concatenate(lines)
        if not len(points):
            return cls(0.0, 1.0, start, end, is_log=False)
        error = np.nan_to_num(points[:, 2])
        low, high = points[:, 1].min(), points[:, 1].max()
        if is_loss and 0 < STEEP * low < high:
            return cls(0.85 * low, 1.15 * high, start, end, is_log=True)
        low, high = (points[:, 1] - error).min(), (points[:, 1] + error).max()
        room = 0.04 * (high - low)
        return cls(low - room, high + room, start, end, is_log=False)

    def __call__(self, values):
        scale = np.log if self.is_log else np.asarray
        values = np.clip(values, self.low, self.high)
        share = (scale(values) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self, most):
        if not self.is_log:
            return _round_numbers(self.low, self.high, most)
        tens = 10.0 ** np.arange(
            math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1
        )
        for steps in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
            ticks = np.outer(tens, steps).ravel()
            ticks = ticks[(ticks >= self.low) & (ticks <= self.high)]
            if len(ticks) <= most:
                return ticks if len(ticks) > 1 else np.array([self.low, self.high])
        return ticks[:: math.ceil(len(ticks) / most)]


def _round_numbers(low, high, most):
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    steps = (step * size for step in (1, 2, 5, 10, 20))
    step = next(step for step in steps if (high - low) / step <= most)
    return np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step


def _draw_grid(across, up):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    content = []
    for tick, y in zip(ticks := up.ticks(6), up(ticks), strict=True):
        content += [
            draw_line(LEFT, y, right, y, "axis"),
            draw_text(LEFT - 6, y + 4, f"{tick:.3g}", class_="soft", anchor="end"),
        ]
    for tick, x in zip(ticks := across.ticks(8), across(ticks), strict=True):
        content += [
            draw_line(x, bottom, x, bottom + 4, "axis"),
            draw_text(x, bottom + 17, f"{tick:.0f}", class_="soft", anchor="middle"),
        ]
    return content


def _draw_crossing(found, across):
    """A dashed line where they cross, a shade over the interval, cut to the data."""
    low, high = across(np.array(found.interval))
    x = float(across(found.train_size))
    bottom = HEIGHT - BOTTOM
    near_end = x > 0.75 * WIDTH
    return [
        rect(low, TOP, high - low, bottom - TOP, "interval"),
        draw_line(x, TOP, x, bottom, "crossing"),
        draw_text(
            x + (-5 if near_end else 5),
            TOP + 11,
            f"{format_rows(found.train_size)} rows",
            anchor="end" if near_end else None,
        ),
    ]


def _draw_line(line, across, up, side):
    if not len(line):
        return []
    x, y = across(line[:, 0]), up(line[:, 1])
    error = np.nan_to_num(line[:, 2])
    low, high = up(line[:, 1] - error), up(line[:, 1] + error)
    band = [*zip(x, high, strict=True), *zip(x[::-1], low[::-1], strict=True)]
    return [
        tag("polygon", points=_path(band), class_=f"band {side}"),
        tag("polyline", points=_path(zip(x, y, strict=True)), class_=f"line {side}"),
        tag(
            "g",
            [_mark(*place, side) for place in zip(x, y, strict=True)],
            class_=side,
        ),
    ]


def _mark(x, y, side):
    """Round for one, square for the other: not by colours alone are they told."""
    if side == SIDES[0]:
        return tag("circle", cx=short(x), cy=short(y), r=3)
    return tag("rect", x=short(x - 2.7), y=short(y - 2.7), width=5.4, height=5.4)


def _path(points):
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)


def draw_confusion(counts, classes, label):
    """Shares of the true class, darker where there are more.

    Parameters
    ----------
    counts : ndarray of shape (n_classes, n_classes)
        Rows are true classes, columns predicted ones.
    classes : list
    label : str

    Returns
    -------
    markup : Markup
    """
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = CELLS / len(classes)
    left = 64 if len(classes) <= 12 else 4
    content = [rect(left - 0.5, 0.5, CELLS + 1, CELLS + 1, "frame")]
    for (row, column), share in np.ndenumerate(shares):
        if share > 0:
            place = left + column * side, row * side + 1, side - 0.5, side - 0.5
            content.append(rect(*place, "less", fill_opacity=short(share)))
        if len(classes) <= SHARES_WRITTEN:
            x, y = left + (column + 0.5) * side, (row + 0.5) * side + 5
            text = f"{share:.0%}"
            content.append(
                draw_text(
                    x, y, text, anchor="middle", class_="on" if share > 0.5 else None
                )
            )
    if left > 4:
        for row, name in enumerate(classes):
            y = (row + 0.5) * side + 5
            content.append(draw_text(left - 5, y, shorten(str(name), 9), anchor="end"))
    return draw_svg(left + CELLS + 2, CELLS + 2, content, label=label)
