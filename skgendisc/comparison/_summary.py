"""What studies found, in plain words: results in, sentences out.

A sentence claims no more than the study shows: a lead that chance can explain is not
called one, and where neither side has a clear one, no crossing is told of.
"""

import math
import textwrap
from collections import Counter

from scipy.stats import t as student_t

from skgendisc.comparison._scoring import (
    CLEAREST,
    LEAST_ERROR,
    TooFewScoresError,
    is_clear,
    metric_label,
)
from skgendisc.comparison._text import (
    format_mean,
    format_rows,
    judge_synthetic_rows,
)

LONGEST = 250  # characters of what failed
WIDE = 10  # upper over lower end of an interval that leaves the crossing unknown


def summarise_pairs(curves, metric, pairs):
    """A sentence on each pair.

    Parameters
    ----------
    curves : LearningCurves
    metric : str
    pairs : list of (str, str)

    Returns
    -------
    sentences : list of str
    """
    sentences = []
    for a, b in pairs:
        try:
            sentences.append(summarise_crossover(curves.crossover(a, b, metric)))
        except TooFewScoresError:
            sentences.append(
                f"{a} and {b} cannot be compared in {metric_label(metric)}: they have "
                "scores at fewer than two sizes."
            )
    return sentences


def summarise_crossover(found):
    """Which of two to take, by the number of rows.

    Parameters
    ----------
    found : Crossover

    Returns
    -------
    sentence : str
    """
    sizes = [gap["train_size"] for gap in found.gaps]
    span = f"from {format_rows(sizes[0])} to {format_rows(sizes[-1])} rows"
    if found.is_tie:
        return _tell_a_tie(found, span)
    if found.train_size is None:
        return _tell_one_winner(found, span)
    at = format_rows(found.train_size)
    before, after = found.before["winner"], found.after["winner"]
    few, many = (_is_clear(side) for side in (found.before, found.after))
    sides = [side for side in (found.before, found.after) if _is_clear(side)]
    if few and many:
        claim = f"With fewer than about {at} rows, {before}; with more, {after}."
    elif many:
        claim = (
            f"With more than about {at} rows, {after}; with fewer, {before} has no "
            "clear lead."
        )
    else:
        claim = (
            f"With fewer than about {at} rows, {before}; with more, {after} has no "
            "clear lead."
        )
    return " ".join([claim, _tell_gaps(found, sides), _tell_interval(found)])


def _is_clear(side):
    return is_clear(side["gap"], side["standard_error"], CLEAREST)


def _clearness(side):
    return side["gap"] / max(side["standard_error"], LEAST_ERROR)


def _tell_a_tie(found, span):
    label = metric_label(found.metric)
    if all(abs(gap["gap"]) <= CLEAREST * LEAST_ERROR for gap in found.gaps):
        return f"{found.a} and {found.b} have the same {label}, to within 1e-4, {span}."
    clearest = max(found.before, found.after, key=_clearness)
    text = _format_gap(clearest["gap"], clearest["standard_error"])
    return (
        f"{found.a} and {found.b}: no difference in {label} clearly larger than its "
        f"error {span}. The clearest is {text}, at "
        f"{format_rows(clearest['train_size'])} rows."
    )


def _tell_one_winner(found, span):
    winner = found.before["winner"]
    other = found.b if winner == found.a else found.a
    sign = 1 if winner == found.a else -1
    told = [g for g in found.gaps if is_clear(g["gap"], g["standard_error"])]
    clear = [g for g in told if sign * g["gap"] > 0]
    rival = [g for g in told if sign * g["gap"] < 0]
    where = (
        "at each of these sizes"
        if len(clear) == len(found.gaps)
        else f"at {len(clear)} of {len(found.gaps)} sizes, the largest "
        f"{format_rows(clear[-1]['train_size'])} rows"
    )
    if rival:
        where += f", and {other} at {len(rival)}"
    return (
        f"{span[0].upper()}{span[1:]}, {winner} rather than {other}, by more than "
        f"twice the standard error {where}. {_tell_gaps(found, [found.before])} "
        f"{found.crossings_text()}"
    )


def _tell_gaps(found, sides):
    texts = [
        f"{_format_gap(side['gap'], side['standard_error'])}{unit} at "
        f"{format_rows(side['train_size'])} rows"
        for side, unit in zip(
            sides, [f" in {metric_label(found.metric)}", ""], strict=False
        )
    ]
    return f"The gap is {' and '.join(texts)}."


def _format_gap(gap, error):
    return f"{gap:.2g} ± {error:.1g}"


def _tell_interval(found):
    low, high = found.interval
    text = found.interval_text()
    if low == 0 or high == math.inf or high > WIDE * low:
        text = f"Where they cross is not known well: {text}"
    else:
        text = f"The crossing has the {text}"
    return f"{text}. {found.crossings_text()}".rstrip()


# Folds -------------------------------------------------------------------------------


def summarise_comparison(result, metric):
    """Sentences on the best classifiers, on synthetic rows, and on what failed.

    Parameters
    ----------
    result : ComparisonResult
    metric : str

    Returns
    -------
    sentences : list of str
    """
    rows = [
        row
        for row in result.rows(sort_by=metric)
        if not math.isnan(row[f"{metric}_mean"])
    ]
    if not rows:
        sentences = [f"No classifier has a {metric_label(metric)} on all folds."]
    else:
        sentences = [_tell_best(result, rows, metric)]
        sentences += _tell_best_of_kinds(result, rows, metric)
    if result.pairs:
        sentences.append(judge_synthetic_rows(result, metric))
    return sentences + list_failures(result.folds, result.kinds)


def _tell_best(result, rows, metric):
    best, *others = rows
    order = "lowest" if metric in result.losses else "highest"
    score = format_mean(best[f"{metric}_mean"], best[f"{metric}_se"], between=" ± ")
    those = f"Of {len(result.kinds)} classifiers on the same folds"
    if len(rows) < len(result.kinds):
        those = f"Of the {len(rows)} classifiers that have scores on all folds"
    text = f"{those} {best['name']} has the {order} {metric_label(metric)}, {score}"
    if not others:
        return f"{text}."
    near = [
        row["name"]
        for row in others
        if not _clear_difference(result, row["name"], best["name"], metric)
    ]
    if not near:
        return f"{text}, and is told apart from all others."
    others = "1 other is" if len(near) == 1 else f"{len(near)} others are"
    return f"{text}; {others} not told apart from it."


def _tell_best_of_kinds(result, rows, metric):
    """The best generative and the best discriminative classifier, both alone."""
    kinds = ("generative", "discriminative")
    best = [next((r for r in rows if r["kind"] == kind), None) for kind in kinds]
    if None in best:
        return []
    first, second = sorted(best, key=rows.index)
    gap, error = result.paired_difference(first["name"], second["name"], metric=metric)
    text = (
        f"Of the generative classifiers {best[0]['name']} is best, of the "
        f"discriminative ones on real rows alone {best[1]['name']}: "
    )
    if _clear_difference(result, first["name"], second["name"], metric):
        lead = _format_gap(abs(gap), error)
        return [f"{text}{first['name']} leads by {lead} in {metric_label(metric)}."]
    return [f"{text}no clear difference."]


def _clear_difference(result, name, other, metric):
    gap, error = result.paired_difference(name, other, metric=metric)
    n_folds = len(result.values(name, metric))
    times = student_t.ppf(0.975, n_folds - 1) if n_folds > 1 else math.inf
    return bool(is_clear(gap, error, times))


def list_failures(records, kinds):
    """A sentence for each estimator of which a fit failed."""
    failed = Counter(r["name"] for r in records if "fit" in r["errors"])
    sentences = []
    for name in kinds:
        if not failed[name]:
            continue
        own = [record for record in records if record["name"] == name]
        message = next(r["errors"]["fit"] for r in own if "fit" in r["errors"])
        text = (
            f"{name} failed in {failed[name]} of {len(own)} fits, first with {message}"
        )
        sentences.append(textwrap.shorten(text, LONGEST, placeholder=" ..."))
    return sentences
