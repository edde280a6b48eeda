"""Pages of classifiers compared: on the same folds, on ever more rows, and both."""

import math

from skgendisc.comparison._scoring import (
    check_metric,
    describe_hope,
    is_clear,
    metric_label,
)
from skgendisc.comparison._summary import summarise_crossover
from skgendisc.comparison._text import (
    format_mean,
    format_rows,
    how_to_read,
    judge_synthetic_rows,
    list_troubles,
)
from skgendisc.reports._curve_pictures import SIDES, draw_confusion, draw_curves
from skgendisc.reports._markup import as_markup, tag
from skgendisc.reports._page import Page, cards, definitions, figure, folded, table

BETWEEN = "\u00a0±\u00a0"  # a mean and its error, which no line break parts
MEANINGS = {
    "accuracy": "Share of rows whose class is predicted.",
    "balanced_accuracy": "The same for each class, and the mean of these.",
    "precision_macro": "Of the rows predicted to be of a class, the share that are; "
    "mean over classes.",
    "recall_macro": "Of the rows of a class, the share predicted to be; mean over "
    "classes.",
    "roc_auc": "Chance that a row of a class is ranked before one of another class.",
    "log_loss": "Minus the logarithm of the probability given to the true class, in "
    "nats: what probabilities are worth.",
    "brier_score": "Squared distance of the probabilities from the truth.",
    "fit_seconds": "Of one fit, on one thread.",
}


def study_page(study):
    """The page of a `TableStudy`.

    Parameters
    ----------
    study : TableStudy

    Returns
    -------
    page : Page
    """
    sections = [("In plain words", _sentences(study.summary()))]
    if study.curves is not None:
        sections += _curve_sections(study.curves, study.pairs)
    sections += _fold_sections(study.comparison)
    versions = ", ".join(f"{name} {text}" for name, text in study.versions.items())
    notes = [*study.notes, *_method_of_folds(study.comparison)]
    if study.curves is not None:
        notes += _method_of_curves(study.curves)
    if versions:
        notes.append(f"Versions: {versions}.")
    sections.append(("How this was done", _sentences(notes)))
    return Page(
        f"{study.title}: which classifier, with how many rows?", study.lead, sections
    )


def curves_page(curves):
    """The page of `LearningCurves`.

    Parameters
    ----------
    curves : LearningCurves

    Returns
    -------
    page : Page
    """
    pairs = [{"name": a, "partner": b, "why": ""} for a, b in curves.named_pairs]
    sections = [
        ("In plain words", _sentences(curves.summary())),
        *_curve_sections(curves, pairs),
        ("How this was done", _sentences(_method_of_curves(curves))),
    ]
    lead = f"{len(curves.kinds)} classifiers of {len(curves.classes)} classes."
    return Page("Learning curves", lead, sections)


def comparison_page(result):
    """The page of a `ComparisonResult`.

    Parameters
    ----------
    result : ComparisonResult

    Returns
    -------
    page : Page
    """
    sections = [
        ("In plain words", _sentences(result.summary())),
        *_fold_sections(result),
        ("How this was done", _sentences(_method_of_folds(result))),
    ]
    lead = f"{len(result.kinds)} classifiers of {len(result.classes)} classes."
    return Page("Classifiers, compared", lead, sections)


def _sentences(texts):
    return tag("ul", *(tag("li", _unbroken(text)) for text in texts), class_="words")


def _unbroken(text):
    return text.replace(" ± ", BETWEEN)


# Learning curves ---------------------------------------------------------------------


def _curve_sections(curves, pairs):
    metric = check_metric(None, curves.metrics)
    metrics = [metric, *(other for other in curves.metrics if other != metric)]
    found = [{m: _crossover(curves, pair, m) for m in metrics} for pair in pairs]
    return [
        (
            "Learning curves",
            [_draw_pair(curves, *both) for both in zip(pairs, found, strict=True)],
        ),
        (
            f"Who leads with how many rows, in {metric_label(metric)}",
            _leads(pairs, [of_pair[metric] for of_pair in found], metric),
        ),
    ]


def _draw_pair(curves, pair, found):
    pictures = [_draw_metric(curves, pair, m, one) for m, one in found.items()]
    return as_markup(
        [
            tag("h3", f"{pair['name']} and {pair['partner']}"),
            tag("p", pair["why"]) if pair["why"] else None,
            cards(pictures, width="wide"),
        ]
    )


def _draw_metric(curves, pair, metric, found):
    names = pair["name"], pair["partner"]
    # A crossing of curves that chance can explain is none to look at.
    crosses = found and found.train_size is not None and not found.is_tie
    key = []
    for side, name in zip(SIDES, names, strict=True):
        key += [tag("span", class_=f"key {side}"), f" {name} "]
    if crosses:
        key += [tag("span", class_="key interval"), " where they cross, interval"]
    text = (
        summarise_crossover(found)
        if found
        else "There are scores at fewer than two sizes."
    )
    return figure(
        draw_curves(curves, names, metric, found if crosses else None),
        tag("p", key),
        tag("p", _unbroken(text)),
    )


def _crossover(curves, pair, metric):
    names = pair["name"], pair["partner"]
    found = curves.crossovers(metric, pairs=[names])
    return found[0] if found else None


def _leads(pairs, found, metric):
    """A row for each size, a column for each pair."""
    sizes = sorted({g["train_size"] for one in found if one for g in one.gaps})
    rows = [[format_rows(size), *(_lead(one, size) for one in found)] for size in sizes]
    header = [("training rows", "Rows that both learnt from")]
    header += [
        (f"{pair['name']} or {pair['partner']}", "Who leads, and by how much")
        for pair in pairs
    ]
    caption = (
        f"The lead in {metric_label(metric)}, mean ± standard error over splits; no "
        "name where it is less than two standard errors."
    )
    return table(header, rows, caption=caption)


def _lead(found, size):
    gaps = [] if found is None else found.gaps
    gap = next((gap for gap in gaps if gap["train_size"] == size), None)
    if gap is None:
        return "-"
    text = format_mean(abs(gap["gap"]), gap["standard_error"], between=BETWEEN)
    if not is_clear(gap["gap"], gap["standard_error"]):
        return tag("span", text, class_="soft")
    return as_markup([tag("b", found.a if gap["gap"] > 0 else found.b), f" by {text}"])


def _method_of_curves(curves):
    most, least = max(curves.n_splits), min(curves.n_splits)
    splits = f"{most}" if most == least else f"{most} (few rows) to {least} (many)"
    how = (
        f"Learning curves are means over {splits} random splits into rows to learn "
        "from and rows to judge by; subsamples are nested, and the same for all. "
        "Bands are one standard error, intervals of crossings hold 95 % of a bootstrap "
        "over splits: they tell of other splits of this table, not of other tables. "
        "Large subsamples share rows, so that their errors are somewhat too small."
    )
    n_each = len(curves.fits) // len(curves.kinds)
    troubles = list_troubles(curves.fits, n_each, unit="fits", untold=("fit",))
    return [how, *troubles]


# Folds -------------------------------------------------------------------------------


def _fold_sections(result):
    metric = check_metric(None, result.metrics)
    sections = [("All classifiers", _scores(result, metric))]
    if result.pairs:
        sections.append(("What synthetic rows did", _synthetic_rows(result, metric)))
    return sections


def _scores(result, metric):
    others = (other for other in result.metrics if other != metric)
    columns = [metric, *others, "fit_seconds"]
    header = [("Classifier", "Name"), ("kind", "generative ones can draw rows")]
    header.append(("rows added", "Synthetic rows, to those of a fold"))
    header += [(_heading(result, m), MEANINGS.get(m, "")) for m in columns]
    ranked = result.rows(sort_by=metric)
    rows = [
        [
            row["name"],
            row["kind"].partition(" + ")[0],
            "-" if math.isnan(row["rows_added"]) else f"{row['rows_added']:.0f}",
            *(
                format_mean(row[f"{m}_mean"], row[f"{m}_se"], between=BETWEEN)
                for m in columns
            ),
        ]
        for row in ranked
    ]
    named = [(metric_label(m), MEANINGS[m]) for m in columns if m in MEANINGS]
    matrices = [
        figure(
            draw_confusion(
                result.confusion_matrix(row["name"]),
                result.classes,
                f"Confusion matrix of {row['name']}",
            ),
            row["name"],
        )
        for row in ranked
    ]
    return as_markup(
        [
            table(
                header,
                rows,
                caption=how_to_read(result, metric),
            ),
            folded("What each number means", named and definitions(named)),
            folded(
                "Confusion matrices",
                [
                    tag(
                        "p",
                        "Shares of the true class, one to a line, by predicted class, "
                        "summed over the folds.",
                    ),
                    cards(matrices, width="narrow"),
                ],
            ),
        ]
    )


def _heading(result, metric):
    hope = None
    if metric in result.metrics:
        hope = tag("small", describe_hope(metric in result.losses))
    return as_markup([metric_label(metric), hope])


def _synthetic_rows(result, metric):
    sign = -1 if metric in result.losses else 1
    gains = []
    for name, baseline in result.pairs:
        gap, error = result.paired_difference(name, baseline, metric=metric)
        gains.append((sign * gap, error, name, baseline))
    gains.sort(key=lambda gain: (math.isnan(gain[0]), -gain[0]))
    rows = [
        [
            name,
            baseline,
            format_mean(gain, error, between=BETWEEN, sign="+"),
            _judge(gain, error),
        ]
        for gain, error, name, baseline in gains
    ]
    header = [
        ("with synthetic rows", "Classifier and sampler"),
        ("beside", "The same classifier on real rows alone"),
        ("gain", "Above zero where synthetic rows helped"),
        ("", "Whether the gain is more than two standard errors"),
    ]
    caption = (
        f"Gain in {metric_label(metric)}, mean ± standard error of the paired fold "
        "differences."
    )
    sentence = judge_synthetic_rows(result, metric)
    return as_markup([tag("p", sentence), table(header, rows, caption=caption)])


def _judge(gain, error):
    if not is_clear(gain, error):
        return tag("span", "not told apart", class_="soft")
    return "better" if gain > 0 else "worse"


def _method_of_folds(result):
    n_folds = len(result.folds) // len(result.kinds)
    how = (
        f"All classifiers saw the same {n_folds} folds. Folds share training rows, so "
        "that standard errors are somewhat too small."
    )
    return [how, *list_troubles(result.folds, n_folds, untold=("fit",))]
