"""Learning curves as plain text."""

import math

from skgendisc.comparison._scoring import describe_hope, metric_label
from skgendisc.comparison._text import (
    break_table,
    fill_notes,
    format_mean,
    list_troubles,
    make_column,
)

CROSSINGS_SHOWN = 6


def write_table(curves, *, metric, width):
    """A line for each size, a column for each estimator."""
    rows = curves.rows()
    cells = {name: [] for name in curves.kinds}
    for row in rows:
        cell = format_mean(row[f"{metric}_mean"], row[f"{metric}_se"])
        cells[row["name"]].append(cell)
    sizes = make_column("training rows", list(map(str, curves.train_sizes)))
    columns = [make_column(name, cells[name]) for name in curves.kinds]
    return "\n\n".join(break_table(sizes, columns, width or math.inf))


def write_notes(curves, *, metric, width):
    """How to read the table, who leads where, and what went wrong."""
    crossovers = curves.crossovers(metric)
    notes = [f"{c.a} and {c.b}: {c}" for c in crossovers[:CROSSINGS_SHOWN]]
    if len(crossovers) > CROSSINGS_SHOWN:
        notes.append(f"... and {len(crossovers) - CROSSINGS_SHOWN} more such pairs.")
    notes = [_how_to_read(curves, metric), *notes, *_troubles(curves)]
    return fill_notes(notes, width)


def write_reading(curves, *, metric, width):
    """How to read the table, and what went wrong, but for the fits of the summary."""
    notes = [_how_to_read(curves, metric), *_troubles(curves, untold=("fit",))]
    return fill_notes(notes, width)


def _troubles(curves, untold=()):
    n_each = len(curves.fits) // len(curves.kinds)
    return list_troubles(curves.fits, n_each, unit="fits", untold=untold)


def _how_to_read(curves, metric):
    most, least = max(curves.n_splits), min(curves.n_splits)
    splits = f"{most}" if most == least else f"{most} to {least}"
    return (
        f"Mean {metric_label(metric)} ± standard error over {splits} splits; "
        f"{describe_hope(metric in curves.losses)}."
    )
