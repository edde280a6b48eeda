"""Learning curves as plain text."""

import math
import textwrap

from skgendisc.comparison._scoring import metric_label
from skgendisc.comparison._text import (
    PROSE_WIDTH,
    break_table,
    list_troubles,
    make_column,
)

CROSSINGS_SHOWN = 6


def write_table(curves, *, metric, width):
    """A line for each size, a column for each estimator."""
    rows = curves.rows()
    cells = {name: [] for name in curves.kinds}
    for row in rows:
        cells[row["name"]].append(_cell(row, metric))
    sizes = make_column("training rows", list(map(str, curves.train_sizes)))
    columns = [make_column(name, cells[name]) for name in curves.kinds]
    return "\n\n".join(break_table(sizes, columns, width or math.inf))


def _cell(row, metric):
    mean, error = row[f"{metric}_mean"], row[f"{metric}_se"]
    return "-" if math.isnan(mean) else f"{mean:.3f}±{error:.3f}"


def write_notes(curves, *, metric, width):
    """How to read the table, who leads where, and what went wrong."""
    crossovers = curves.crossovers(metric)
    notes = [f"{c.a} and {c.b}: {c}" for c in crossovers[:CROSSINGS_SHOWN]]
    if len(crossovers) > CROSSINGS_SHOWN:
        notes.append(f"... and {len(crossovers) - CROSSINGS_SHOWN} more such pairs.")
    return _fill([_how_to_read(curves, metric), *notes, *_troubles(curves)], width)


def write_reading(curves, *, metric, width):
    """How to read the table, and what went wrong."""
    return _fill([_how_to_read(curves, metric), *_troubles(curves)], width)


def _fill(notes, width):
    return "\n".join(textwrap.fill(note, width or PROSE_WIDTH) for note in notes)


def _troubles(curves):
    n_each = len(curves.fits) // len(curves.kinds)
    return list_troubles(curves.fits, n_each, unit="fits")


def _how_to_read(curves, metric):
    better = "less" if metric in curves.losses else "more"
    most, least = max(curves.n_splits), min(curves.n_splits)
    splits = f"{most}" if most == least else f"{most} to {least}"
    return (
        f"Mean {metric_label(metric)} ± standard error over {splits} splits; {better} "
        "is better."
    )
