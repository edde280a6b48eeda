"""The page of an evaluation of samplers: verdicts, numbers, pictures."""

import math

import numpy as np

from skgendisc.comparison._text import reading_notes
from skgendisc.comparison._verdicts import mean_importances
from skgendisc.reports._markup import as_markup, tag
from skgendisc.reports._page import Page, cards, definitions, figure, folded, table
from skgendisc.reports._pictures import (
    draw_bars,
    draw_marginal,
    draw_pairs,
    draw_points,
)

COLUMNS_SHOWN = 9
BARS_SHOWN = 12
PAIRS_LISTED = 8
SECONDS = ("fit_seconds", "sample_seconds")


def evaluation_page(result):
    """The page of a `SamplerEvaluation`.

    Parameters
    ----------
    result : SamplerEvaluation

    Returns
    -------
    page : Page
    """
    samplers = result.samplers
    title = f"{samplers[0]}, judged" if len(samplers) == 1 else "Samplers, judged"
    sections = [(f"{name}: the verdict", _verdicts(result, name)) for name in samplers]
    sections.append(("All numbers", _numbers(result)))
    sections += [
        (f"{name}: pictures", _pictures(result, name))
        for name in samplers
        if name in result.portraits
    ]
    sections.append(("How this was judged", _method(result)))
    return Page(title[0].upper() + title[1:], _lead(result), sections)


def _lead(result):
    setting = result.setting
    record = result.of(setting["good"])[0]
    judges = f"{record['real_rows']} real rows"
    if setting["held_out"]:
        judges += " that were held out"
    else:
        judges += ", a half of those given, as none were held out"
    times = f", in each of {result.n_folds} folds" if result.n_folds > 1 else ""
    learnt = (
        "No target was named for models to learn."
        if setting["target"] is None
        else f"Models learn to predict {setting['target']}."
    )
    return f"Judged by {judges}{times}. {learnt}"


def _verdicts(result, name):
    items = [
        tag(
            "div",
            tag("h3", verdict["question"]),
            tag("p", verdict["answer"], class_=f"answer {_class(verdict['grade'])}"),
            tag("p", verdict["text"].replace(" ± ", "\u00a0±\u00a0")),
            class_="card",
        )
        for verdict in result.verdicts(name)
    ]
    return cards(items, width="wide")


def _class(grade):
    return "grade-none" if grade is None else f"grade-{grade}"


def _numbers(result):
    rows = result.rows()
    shown = [
        metric
        for metric in [*result.metrics, *SECONDS]
        if not all(math.isnan(row[f"{metric}_mean"]) for row in rows)
    ]
    measures = [result.describe(metric) for metric in shown]
    header = [("Rows", "what was judged")]
    header += [(_heading(m), m.meaning) for m in measures]
    body = [[row["name"], *(_cell(row, metric) for metric in shown)] for row in rows]
    classes = ["reference" if row["kind"] == "reference" else None for row in rows]
    return as_markup(
        [
            table(
                header,
                body,
                caption="Mean and standard error. Grey rows are of known quality: what "
                "real rows reach, the floor of independent columns, and copies.",
                row_class=classes,
            ),
            folded(
                "What each number means",
                definitions((measure.label, measure.meaning) for measure in measures),
            ),
        ]
    )


def _heading(measure):
    return as_markup([measure.label, measure.hope and tag("small", measure.hope)])


def _cell(row, metric):
    mean, error = row[f"{metric}_mean"], row[f"{metric}_se"]
    if math.isnan(mean):
        return "-"
    digits = 3 if abs(mean) < 10 else 1
    text = f"{mean:.{digits}f}"
    return text if math.isnan(error) else f"{text} ± {error:.{digits}f}"


# Pictures ----------------------------------------------------------------------------


def _pictures(result, name):
    portrait = result.portraits[name]
    return as_markup(
        [
            _key(),
            tag("h3", "Columns, those that differ most first"),
            _marginals(portrait["columns"]),
            tag("h3", "Pairs of columns"),
            _pairs(portrait["pairs"]),
            tag("h3", "Rows in two dimensions"),
            _points(portrait["points"]),
            tag("h3", "What the discriminator looked at"),
            _importances(result, name),
        ]
    )


def _key():
    return tag(
        "p",
        tag("span", class_="key real"),
        " real rows that judge; ",
        tag("span", class_="key synthetic"),
        " synthetic rows",
    )


def _marginals(columns):
    pictures = [
        figure(
            draw_marginal(column),
            tag("b", column["name"]),
            f": likeness {column['shape']:.3f}",
        )
        for column in columns
    ]
    rest = pictures[COLUMNS_SHOWN:]
    return as_markup(
        [
            tag(
                "p",
                "Shares of rows; likeness is 1 where the distributions are equal. Far "
                "values stand in the last bin.",
            ),
            cards(pictures[:COLUMNS_SHOWN]),
            folded(f"{len(rest)} more columns", rest and cards(rest)),
        ]
    )


def _pairs(pairs):
    if pairs is None:
        return tag("p", "Not measured.")
    left_out = (
        f" {pairs['n_left_out']} columns that differ less are left out."
        if pairs["n_left_out"]
        else ""
    )
    text = (
        "Below the diagonal what pairs of real columns tell of each other, from "
        "nothing to the strongest (normalised mutual information); above it how the "
        f"synthetic rows differ: orange more, blue less.{left_out}"
    )
    names, real, synthetic = pairs["names"], pairs["real"], pairs["synthetic"]
    listed = sorted(
        (
            (abs(synthetic[i][j] - real[i][j]), i, j)
            for i in range(len(names))
            for j in range(i)
        ),
        reverse=True,
    )[:PAIRS_LISTED]
    rows = [
        [
            f"{names[j]} and {names[i]}",
            f"{real[i][j]:.3f}",
            f"{synthetic[i][j]:.3f}",
        ]
        for _, i, j in listed
    ]
    header = [("Pair", "two columns"), ("real", "of real rows")]
    header.append(("synthetic", "of synthetic rows"))
    return as_markup(
        [
            tag("p", text),
            tag(
                "div",
                tag(
                    "div",
                    draw_pairs(pairs),
                    class_="scroll",
                    tabindex=0,
                    role="region",
                    aria_label="Picture of pairs",
                ),
                table(header, rows, caption="The pairs that differ most."),
                class_="cards wide",
            ),
        ]
    )


def _points(points):
    if points is None:
        return tag("p", "Real rows differ in fewer than two directions.")
    both = np.array(points["real"] + points["synthetic"])
    low, high = np.quantile(both, [0.005, 0.995], axis=0)
    room = 0.03 * (high - low) + 1e-9
    frame = (low[0] - room[0], high[0] + room[0], low[1] - room[1], high[1] + room[1])
    text = (
        "The two principal axes of the real rows, with a standard deviation of a "
        "number as long as the step from one level to another; they hold "
        f"{points['share']:.0%} of the variance. Good rows fill the same regions; "
        "what lies far out stands on the edge."
    )
    pictures = [
        figure(
            draw_points(points[kind], frame, kind, f"{kind} rows in two dimensions"),
            f"{len(points[kind])} {kind} rows",
        )
        for kind in ("real", "synthetic")
    ]
    return as_markup([tag("p", text), cards(pictures)])


def _importances(result, name):
    falls = list(mean_importances(result, name).items())
    if not falls:
        return tag("p", "Not measured.")
    text = (
        "By how much its AUC falls when a column is shuffled: where it is near zero "
        "for all, no single column gives the rows away."
    )
    picture = figure(
        draw_bars(
            falls[:BARS_SHOWN],
            label="What the discriminator loses without a column",
            write=lambda fall: f"{fall:.3f}",
        ),
        "fall of AUC",
    )
    return as_markup([tag("p", text), cards([picture])])


def _method(result):
    texts = reading_notes(result)
    return tag("ul", *(tag("li", text) for text in texts))
