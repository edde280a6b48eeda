"""A comparison as plain text."""

import math
import textwrap
from collections import Counter

from skgendisc.comparison._scoring import is_clear, metric_label

GAP = "  "
PROSE_WIDTH = 100  # characters, where the table may be as wide as it likes
TROUBLES_SHOWN = 5


def write_table(result, *, metric, width):
    """Means and standard errors, best first."""
    rows = result.rows(sort_by=metric)
    columns = [make_column("rows added", [_whole(row["rows_added"]) for row in rows])]
    for score in [*result.metrics, "fit_seconds"]:
        cells = [format_mean(row[f"{score}_mean"], row[f"{score}_se"]) for row in rows]
        columns.append(make_column(metric_label(score), cells))
    names = make_column("", [row["name"] for row in rows], str.ljust)
    return "\n\n".join(break_table(names, columns, width or math.inf))


def write_notes(result, *, metric, width):
    """How to read the table, whether synthetic rows helped, and what went wrong."""
    judgement = [judge_synthetic_rows(result, metric)] if result.pairs else []
    notes = [how_to_read(result, metric), *judgement, *_troubles(result)]
    return fill_notes(notes, width)


def write_reading(result, *, metric, width):
    """How to read the table, and what went wrong, but for the fits of the summary."""
    notes = [how_to_read(result, metric), *_troubles(result, untold=("fit",))]
    return fill_notes(notes, width)


def how_to_read(result, metric):
    """What stands in the table, in a sentence."""
    first = "lowest" if metric in result.losses else "highest"
    return f"Mean ± standard error over folds, {first} {metric_label(metric)} first."


def _troubles(result, untold=()):
    n_folds = len(result.folds) // len(result.kinds)
    return list_troubles(result.folds, n_folds, untold=untold)


def fill_notes(notes, width):
    """Notes in lines of so many characters, a new one for each."""
    return "\n".join(textwrap.fill(note, width or PROSE_WIDTH) for note in notes)


def write_evaluation(result, *, width):
    """Verdicts on each sampler, the table of all, and how to read it."""
    verdicts = [_write_verdicts(result, name, width) for name in result.samplers]
    rows = result.rows()
    columns = []
    for metric in [*result.metrics, "fit_seconds", "sample_seconds"]:
        cells = [_score(row, metric) for row in rows]
        if set(cells) != {"-"}:
            columns.append(make_column(result.describe(metric).label, cells))
    names = make_column("", [row["name"] for row in rows], str.ljust)
    table = "\n\n".join(break_table(names, columns, width or math.inf))
    return "\n\n".join([*verdicts, table, fill_notes(reading_notes(result), width)])


def _write_verdicts(result, name, width):
    lines = [f"{name}:"]
    for verdict in result.verdicts(name):
        text = f"{verdict['question']} {verdict['answer']}. {verdict['text']}"
        lines.append(
            textwrap.fill(
                text,
                width or PROSE_WIDTH,
                initial_indent="  ",
                subsequent_indent="    ",
            )
        )
    return "\n".join(lines)


def reading_notes(result):
    """How to read an evaluation, and what went wrong.

    Parameters
    ----------
    result : SamplerEvaluation

    Returns
    -------
    notes : list of str
        A line each.
    """
    setting = result.setting
    real = result.of(setting["good"])[0]
    if setting["held_out"]:
        judges = (
            f"{_whole(real['real_rows'])} real rows that no sampler has seen are the "
            "judges"
        )
    else:
        judges = (
            "no rows were held out: half of the real ones, "
            f"{_whole(real['real_rows'])}, are the judges, whom the sampler may know"
        )
    over = f"Mean ± standard error over {result.n_folds} folds"
    notes = [
        f"{over if result.n_folds > 1 else '± is a standard error'}; {judges}, and "
        "fidelity and coverage take as many rows of each table."
    ]
    sampled = {
        metric: n_rows
        for fold in result.folds
        for metric, n_rows in fold["rows_used"].items()
        if metric in result.metrics
    }
    if sampled:
        texts = (f"{result.describe(m).label} {n}" for m, n in sampled.items())
        notes.append(f"Found on some of the rows: {', '.join(texts)}.")
    n_each = len(result.folds) // len(result.kinds)
    return [*notes, *list_troubles(result.folds, n_each)]


def _score(row, metric):
    mean, error = row[f"{metric}_mean"], row[f"{metric}_se"]
    return format_mean(mean, error, digits=1 if abs(mean) >= 10 else 3)


def format_mean(mean, error, *, digits=3, between="±", sign=""):
    """A mean with its standard error, as far as there are any."""
    if math.isnan(mean):
        return "-"
    text = f"{mean:{sign}.{digits}f}"
    return text if math.isnan(error) else f"{text}{between}{error:.{digits}f}"


def format_rows(size):
    """A number of rows, to three digits where it is not whole."""
    return f"{size:.0f}" if size == round(size) else f"{float(f'{size:.3g}'):.0f}"


def _whole(number):
    return "-" if math.isnan(number) else f"{number:.0f}"


def make_column(header, cells, justify=str.rjust):
    """A column as lines of equal length, under a header of two lines."""
    first, _, second = header.rpartition(" ")
    lines = [first, second, *cells]
    length = max(map(len, lines))
    return [justify(line, length) for line in lines]


def break_table(names, columns, width):
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


def judge_synthetic_rows(result, metric):
    """Whether synthetic rows helped, in plain words."""
    sign = 1 if metric in result.losses else -1
    gains = []
    for name, baseline in result.pairs:
        mean, error = result.paired_difference(name, baseline, metric=metric)
        gains.append((-sign * mean, is_clear(mean, error)))
    better = [clear for gain, clear in gains if gain > 0]
    worse = [clear for gain, clear in gains if gain < 0]
    return (
        f"Synthetic rows improved the {metric_label(metric)} of {len(better)} of "
        f"{len(gains)} pairs of classifier and sampler, {sum(better)} of them by more "
        "than two standard errors of the paired fold differences; they worsened "
        f"{len(worse)}, {sum(worse)} of them by more than that."
    )


def list_troubles(records, n_each, unit="folds", *, untold=()):
    """What failed or warned, in a line each; an estimator has so many records.

    Failures of the steps ``untold`` are told elsewhere.
    """
    counts = Counter()
    for record in records:
        failed = [
            f"{step} failed: {text}"
            for step, text in record["errors"].items()
            if step not in untold
        ]
        counts.update((record["name"], text) for text in [*failed, *record["warnings"]])
    for (name, text), count in list(counts.items())[:TROUBLES_SHOWN]:
        note = f"{name}, {count} of {n_each} {unit}: {text}"
        yield textwrap.shorten(note, 2 * PROSE_WIDTH, placeholder=" ...")
    if len(counts) > TROUBLES_SHOWN:
        yield f"... and {len(counts) - TROUBLES_SHOWN} more such messages."
