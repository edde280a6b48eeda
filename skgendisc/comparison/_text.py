"""A comparison as plain text."""

import math
import textwrap
from collections import Counter

from skgendisc.comparison._scoring import metric_label

GAP = "  "
PROSE_WIDTH = 100  # characters, where the table may be as wide as it likes
TROUBLES_SHOWN = 5


def write_table(result, *, metric, width):
    """Means and standard errors, best first."""
    rows = result.rows(sort_by=metric)
    columns = [justify("rows added", [_whole(row["rows_added"]) for row in rows])]
    for score in [*result.metrics, "fit_seconds"]:
        cells = [_mean_and_error(row, score) for row in rows]
        columns.append(justify(metric_label(score), cells))
    names = justify("", [row["name"] for row in rows], str.ljust)
    return "\n\n".join(blocks(names, columns, width or math.inf))


def write_notes(result, *, metric, width):
    """How to read the table, whether synthetic rows helped, and what went wrong."""
    first = "lowest" if metric in result.losses else "highest"
    notes = [f"Mean ± standard error over folds, {first} {metric_label(metric)} first."]
    if result.pairs:
        notes.append(_judge_synthetic_rows(result, metric))
    notes += list_troubles(result.folds, len(result.folds) // len(result.kinds))
    return "\n".join(textwrap.fill(note, width or PROSE_WIDTH) for note in notes)


def _whole(number):
    return "-" if math.isnan(number) else f"{number:.0f}"


def _mean_and_error(row, score):
    mean, error = row[f"{score}_mean"], row[f"{score}_se"]
    return "-" if math.isnan(mean) else f"{mean:.3f}±{error:.3f}"


def justify(header, cells, justify=str.rjust):
    """A column as lines of equal length, under a header of two lines."""
    first, _, second = header.rpartition(" ")
    lines = [first, second, *cells]
    length = max(map(len, lines))
    return [justify(line, length) for line in lines]


def blocks(names, columns, width):
    """One table, or several with the names repeated, to fit the width."""
    blocks = [[names]]
    for column in columns:
        taken = sum(len(GAP) + len(other[0]) for other in blocks[-1])
        if taken + len(column[0]) > width and len(blocks[-1]) > 1:
            blocks.append([names])
        blocks[-1].append(column)
    for block in blocks:
        lines = zip(*block, strict=True)
        yield "\n".join(GAP.join(line).rstrip() for line in lines)


def _judge_synthetic_rows(result, metric):
    """Did synthetic rows help? In plain words."""
    sign = 1 if metric in result.losses else -1
    gains = []
    for name, baseline in result.pairs:
        mean, error = result.paired_difference(name, baseline, metric=metric)
        gains.append((-sign * mean, 2 * error))
    better = [gain > clear for gain, clear in gains if gain > 0]
    worse = [-gain > clear for gain, clear in gains if gain < 0]
    return (
        f"Synthetic rows improved the {metric_label(metric)} of {len(better)} of "
        f"{len(gains)} pairs of classifier and sampler, {sum(better)} of them by more "
        "than two standard errors of the paired fold differences; they worsened "
        f"{len(worse)}, {sum(worse)} of them by more than that."
    )


def list_troubles(records, n_each, unit="folds"):
    """What failed or warned, in a line each; an estimator has so many records."""
    counts = Counter()
    for record in records:
        failed = [f"{step} failed: {text}" for step, text in record["errors"].items()]
        counts.update((record["name"], text) for text in [*failed, *record["warnings"]])
    for (name, text), count in list(counts.items())[:TROUBLES_SHOWN]:
        note = f"{name}, {count} of {n_each} {unit}: {text}"
        yield textwrap.shorten(note, 2 * PROSE_WIDTH, placeholder=" ...")
    if len(counts) > TROUBLES_SHOWN:
        yield f"... and {len(counts) - TROUBLES_SHOWN} more such messages."
