"""Pictures as SVG in the page: its colours are those of the page, light or dark.

Drawn by hand rather than by matplotlib: a picture then follows the page's colours, its
words can be searched and read aloud, it needs no further package, and it is small.
"""

import math

from skgendisc.reports._markup import tag

WIDTH = 300
GAP_NAME = "missing"
LABEL_CHARACTERS = 16
NUMBER = 52  # room for one, in pixels
CELL = 20  # of a picture of pairs, in pixels
LABELS = 130


def draw_svg(width, height, *content, label):
    return tag(
        "svg",
        tag("title", label),
        *content,
        viewBox=f"0 0 {short(width)} {short(height)}",
        role="img",
        width=short(width),
        height=short(height),
    )


def short(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")


def rect(x, y, width, height, class_, *content, **more):
    return tag(
        "rect",
        *content,
        x=short(x),
        y=short(y),
        width=short(max(width, 0)),
        height=short(max(height, 0)),
        class_=class_,
        **more,
    )


def draw_text(x, y, text, *, class_=None, anchor=None, **more):
    return tag(
        "text",
        text,
        x=short(x),
        y=short(y),
        class_=class_,
        text_anchor=anchor,
        **more,
    )


def shorten(text, n_characters=LABEL_CHARACTERS):
    """Text cut to fit, an ellipsis for the rest."""
    return text if len(text) <= n_characters else f"{text[: n_characters - 1]}…"


def draw_marginal(column):
    """Shares of a column's values, real ones as bars, synthetic ones before them.

    Parameters
    ----------
    column : dict
        One of ``SamplerEvaluation.portraits[...]["columns"]``.

    Returns
    -------
    markup : Markup
    """
    draw = _draw_levels if "levels" in column else _draw_numbers
    return draw(column)


def _draw_numbers(column):
    (*real, real_gaps), (*synthetic, synthetic_gaps) = column["shares"]
    height, bottom = 130, 108
    has_gaps = real_gaps > 0 or synthetic_gaps > 0
    right = WIDTH - 50 if has_gaps else WIDTH
    highest = max([*real, *synthetic, real_gaps, synthetic_gaps, 1e-12])
    step, scale = right / len(real), (bottom - 6) / highest
    bars = [
        rect(i * step, bottom - scale * share, step - 1, scale * share, "real")
        for i, share in enumerate(real)
    ]
    path = f"M0 {bottom}"
    for i, share in enumerate(synthetic):
        path += f"V{short(bottom - scale * share)}H{short((i + 1) * step)}"
    curve = tag("path", d=f"{path}V{bottom}", class_="curve")
    if has_gaps:
        for place, share, kind in (
            (right + 16, real_gaps, "real"),
            (right + 30, synthetic_gaps, "synthetic"),
        ):
            bars.append(rect(place, bottom - scale * share, 12, scale * share, kind))
        bars.append(draw_text(WIDTH, height - 4, GAP_NAME, class_="soft", anchor="end"))
    low, high = column["ends"]
    ends = [
        draw_text(0, height - 4, f"{low:.4g}", class_="soft"),
        draw_text(right, height - 4, f"{high:.4g}", class_="soft", anchor="end"),
    ]
    if has_gaps:
        ends[1] = draw_text(
            right - 8, height - 4, f"{high:.4g}", class_="soft", anchor="end"
        )
    return draw_svg(
        WIDTH,
        height,
        bars,
        draw_line(0, bottom, right, bottom, "axis"),
        curve,
        ends,
        label=f"Distribution of {column['name']}",
    )


def _draw_levels(column):
    names = [*column["levels"], f"{column['n_others']} others", GAP_NAME]
    bars = [
        (name, real, synthetic)
        for name, real, synthetic in zip(names, *column["shares"], strict=True)
        if real > 0 or synthetic > 0
    ]
    highest = max([share for _, *shares in bars for share in shares], default=1.0)
    left, line = 118, 24
    scale = (WIDTH - left - NUMBER) / highest
    content = []
    for i, (name, real, synthetic) in enumerate(bars):
        top = i * line
        content += [
            _name(left - 8, top + 15, name),
            rect(left, top + 3, scale * real, 8, "real"),
            rect(left, top + 12, scale * synthetic, 8, "synthetic"),
            draw_text(
                left + 5 + scale * max(real, synthetic),
                top + 15,
                f"{round(synthetic - real, 3) + 0.0:+.1%}",
                class_="soft",
            ),
        ]
    return draw_svg(
        WIDTH,
        max(len(bars), 1) * line + 4,
        content,
        label=f"Shares of the levels of {column['name']}",
    )


def _name(x, y, name):
    """A name that ends here, whole where the pointer rests."""
    return draw_text(x, y, [tag("title", name), shorten(name)], anchor="end")


def draw_line(x1, y1, x2, y2, class_):
    """A straight line."""
    points = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return tag("line", class_=class_, **{k: short(v) for k, v in points.items()})


def draw_bars(values, *, label, write):
    """A bar for each name.

    Parameters
    ----------
    values : list of (str, float)
    label : str
    write : callable
        Makes text of a value.

    Returns
    -------
    markup : Markup
    """
    highest = max([value for _, value in values if value > 0], default=1.0)
    left, line = 118, 22
    scale = (WIDTH - left - NUMBER) / highest
    content = []
    for i, (name, value) in enumerate(values):
        length = scale * max(value, 0.0)
        content += [
            _name(left - 8, i * line + 15, name),
            rect(left, i * line + 5, length, 13, "synthetic"),
            draw_text(left + 5 + length, i * line + 15, write(value), class_="soft"),
        ]
    return draw_svg(WIDTH, len(values) * line + 4, content, label=label)


def draw_pairs(pairs):
    """What columns tell of each other: real ones below, the difference above.

    Parameters
    ----------
    pairs : dict
        ``SamplerEvaluation.portraits[...]["pairs"]``.

    Returns
    -------
    markup : Markup
    """
    names, real, synthetic = pairs["names"], pairs["real"], pairs["synthetic"]
    side = len(names) * CELL
    strongest = max(max(map(max, real)), max(map(max, synthetic)), 1e-12)
    content = []
    for i, first in enumerate(names):
        content += [
            draw_text(LABELS - 6, LABELS + i * CELL + 14, shorten(first), anchor="end"),
            tag(
                "text",
                shorten(first),
                transform=f"translate({LABELS + i * CELL + 14} {LABELS - 6}) "
                "rotate(-60)",
            ),
        ]
        for j, second in enumerate(names):
            if i == j:
                continue
            difference = synthetic[i][j] - real[i][j]
            if i > j:
                value, kind = real[i][j], "real"
            else:
                value, kind = difference, "more" if difference > 0 else "less"
            content.append(
                rect(
                    LABELS + j * CELL,
                    LABELS + i * CELL,
                    CELL - 1,
                    CELL - 1,
                    kind,
                    tag(
                        "title",
                        f"{first} and {second}: real {real[i][j]:.3f}, synthetic "
                        f"{synthetic[i][j]:.3f}",
                    ),
                    # The eye sees a small share of the strongest as nothing at all.
                    fill_opacity=short(math.sqrt(min(abs(value) / strongest, 1.0))),
                )
            )
    frame = rect(LABELS - 1, LABELS - 1, side + 1, side + 1, "frame")
    return draw_svg(
        LABELS + side + 60,
        LABELS + side + 2,
        frame,
        content,
        label="What pairs of columns tell of each other, real and synthetic",
    )


def draw_points(points, frame, kind, label):
    """Rows as points.

    Parameters
    ----------
    points : list of (float, float)
    frame : (float, float, float, float)
        Least and greatest value of both axes; what is beyond lies on the edge.
    kind : {"real", "synthetic"}
    label : str

    Returns
    -------
    markup : Markup
    """
    x_low, x_high, y_low, y_high = frame
    inner = WIDTH - 8
    dots = []
    for x, y in points:
        across = min(max((x - x_low) / (x_high - x_low), 0.0), 1.0)
        up = min(max((y - y_low) / (y_high - y_low), 0.0), 1.0)
        dots.append(
            tag(
                "circle",
                cx=short(4 + inner * across),
                cy=short(4 + inner * (1 - up)),
                r=2.2,
            )
        )
    return draw_svg(
        WIDTH,
        WIDTH,
        rect(0.5, 0.5, WIDTH - 1, WIDTH - 1, "frame"),
        tag("g", dots, class_=kind, fill_opacity=0.65),
        label=label,
    )
