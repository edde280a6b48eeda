"""Figures of the saved studies, read while the documentation is built.

In a page, ``{{ ... }}`` is a Python expression of the functions below. A figure that no
study holds is an error, so none can be written by hand, and none grows old.
"""

import csv
import re
from functools import cache
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "studies" / "results"
EVERYONE = {
    "real rows": "real",
    "`TreeSampler()`": "TreeSampler",
    "`RefinedSampler()`": "RefinedSampler",
    "`GaussianCopulaSampler()`": "GaussianCopulaSampler",
    "`VAESampler()`": "VAESampler",
    "`GANSampler()`": "GANSampler",
    "independent columns": "independent",
    "copies": "bootstrap",
    "kernel density": "kde",
    "Gaussian mixture": "gmm",
    "SMOTE of both classes": "smote",
    "SDV's Gaussian copula": "sdv_copula",
    "CTGAN": "ctgan",
    "TVAE": "tvae",
}
PAGES = ("index", "user_guide/", "versions", "contributing")
MARK = re.compile(r"\{\{ (.+?) \}\}", re.DOTALL)


@cache
def read(name):
    """Rows of a study as dicts."""
    lines = (RESULTS / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(lines[1:]))


def setting(name):
    """What a study says of its versions, sizes and seeds."""
    return (RESULTS / f"{name}.csv").open().readline().removeprefix("# ").strip()


def rows(name, **wanted):
    """Rows of a study whose columns have the wanted values; at least one."""
    found = [
        row
        for row in read(name)
        if all(row[column] == str(value) for column, value in wanted.items())
    ]
    if not found:
        raise LookupError(f"{name}.csv has no row with {wanted}")
    return found


def figure(name, column, digits=2, **wanted):
    """One figure of a study, rounded."""
    (row,) = rows(name, **wanted)
    return f"{float(row[column]):.{digits}f}"


def percent(name, column, digits=0, **wanted):
    """One figure of a study in percent, rounded."""
    return f"{100 * float(figure(name, column, 6, **wanted)):.{digits}f}"


def table(header, lines):
    """A table in Markdown."""
    body = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in body)


def of_method(of, method):
    """Figures of a method's rows of a table."""
    is_net = method.endswith(("VAESampler", "GANSampler"))
    (row,) = rows("neural_fidelity" if is_net else "fidelity", table=of, method=method)
    return row


def fidelity(tables, methods):
    """Told apart and taught, of each method on each table, and CPU seconds."""
    header = [f"{of}, {what}" for of in tables for what in ("told apart", "AUC")]
    lines = []
    for shown, method in methods.items():
        line = [shown]
        for of in tables:
            row = of_method(of, method)
            told, taught = float(row["c2st_hgb"]), float(row["tstr_hgb_auc"])
            line += [f"{told:.2f}", f"{taught:.3f}"]
        seconds = float(of_method(tables[0], method)["cpu_s"] or 0)
        lines.append([*line, f"{seconds:.1f}" if seconds else ""])
    header = ["", *header, f"CPU s, {tables[0]}"]
    return table([name.replace("_", " ") for name in header], lines)


def by_table(column, digits):
    """One figure of fidelity, of all methods on all tables."""
    tables = sorted({row["table"] for row in read("fidelity")})
    lines = [[shown] for shown in EVERYONE]
    for line, method in zip(lines, EVERYONE.values(), strict=True):
        for of in tables:
            value = of_method(of, method)[column]
            line.append(f"{float(value):.{digits}f}" if value else "")
    return table(["", *(name.replace("_", " ") for name in tables)], lines)


def all_sizes():
    """How the study of small data names its sum over numbers of rows."""
    return next(r["rows"] for r in read("small_data") if not r["rows"].isdigit())


def small_data(arms):
    """Change of log loss by arm and classifier, with intervals; minus is better."""
    names = sorted({row["classifier"] for row in read("small_data")}, key=str.lower)
    lines = []
    for shown, arm in arms.items():
        line = [shown]
        for name in names:
            (row,) = rows("small_data", rows=all_sizes(), classifier=name, arm=arm)
            change, low, high = (
                float(row[c]) for c in ("log_loss", "log_loss_low", "log_loss_high")
            )
            line.append(f"{change:+.3f} ({low:+.3f}, {high:+.3f})")
        lines.append(line)
    return table(["", *names], lines)


def small_data_sure(arm):
    """Of how many classifiers the interval of the change of log loss is below zero."""
    found = rows("small_data", rows=all_sizes(), arm=arm)
    sure = sum(float(row["log_loss_high"]) < 0 for row in found)
    return f"{sure} of {len(found)}"


def worsened(*arms):
    """Of how many pairs of arm and classifier the mean log loss rose."""
    found = [
        row for arm in arms for row in rows("small_data", rows=all_sizes(), arm=arm)
    ]
    worse = sum(float(row["log_loss"]) > 0 for row in found)
    return f"{worse} of {len(found)}"


def imbalance(column, arms):
    """Mean over tables of a figure less that of the classifier alone."""
    names = sorted({row["classifier"] for row in read("imbalance")})
    lines = []
    for shown, arm in arms.items():
        line = [shown]
        for name in names:
            changes = [
                float(row[column])
                - float(
                    figure(
                        "imbalance",
                        column,
                        6,
                        arm="alone",
                        classifier=name,
                        table=row["table"],
                    )
                )
                for row in rows("imbalance", arm=arm, classifier=name)
            ]
            line.append(f"{mean(changes):+.3f}")
        lines.append(line)
    return table(["", *names], lines)


def count(name, **wanted):
    """How many rows of a study have the wanted values."""
    return len(rows(name, **wanted))


def n_tables(name):
    """How many tables a study has."""
    return len({row["table"] for row in read(name)})


def share_of_none():
    """In which part of its fits AugmentedClassifier took no rows, least to most."""
    found = rows("small_data", rows=all_sizes(), arm="augmented")
    shares = sorted(round(100 * (1 - float(row["chosen"]))) for row in found)
    return f"{shares[0]} to {shares[-1]}"


def planted_faults():
    """The table of faults and metrics, as the study wrote it."""
    text = (RESULTS / "planted_faults.md").read_text()
    return text[text.index("| metric") :].strip()


def columns_of(name, header, **wanted):
    """Some columns of a study as a table; ``header`` names them."""
    lines = []
    for row in rows(name, **wanted):
        line = []
        for column in header:
            try:
                value = float(row[column])
                line.append("" if value != value else f"{value:.3g}")
            except ValueError:
                line.append(row[column])
        lines.append(line)
    return table(list(header.values()), lines)


def pins(*names):
    """Versions in ``constraints.txt``."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    return table(["package", "version"], [[name, pinned[name]] for name in names])


def minima():
    """Least versions in ``pyproject.toml``, of packages that users need."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    groups = {"always": project["dependencies"]}
    groups |= {f"`[{name}]`": extras[name] for name in ("neural", "plot", "tables")}
    lines = [["Python", project["requires-python"].lstrip(">="), "always"]]
    for when, needed in groups.items():
        lines += [[*one.split(">="), when] for one in needed]
    return table(["package", "at least", "needed"], lines)


def usage(*command):
    """What ``skgendisc COMMAND --help`` prints."""
    import contextlib
    import io
    import os

    from skgendisc.cli import main

    os.environ["COLUMNS"] = "88"
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        main([*command, "--help"])
    return f"```text\n{told.getvalue().rstrip()}\n```"


FUNCTIONS = [
    *(figure, percent, columns_of, setting),
    *(fidelity, by_table, imbalance, n_tables, count, planted_faults),
    *(small_data, small_data_sure, worsened, share_of_none, all_sizes),
    *(pins, minima, usage),
]
NAMESPACE = {"EVERYONE": EVERYONE} | {one.__name__: one for one in FUNCTIONS}


def fill_in(app, docname, source):
    """Put figures in the place of the expressions of a page."""
    if docname.startswith(PAGES) and MARK.search(source[0]):
        for path in [Path(__file__), *RESULTS.iterdir()]:
            app.env.note_dependency(path)
        source[0] = MARK.sub(lambda m: str(eval(m[1], dict(NAMESPACE))), source[0])
    # The blank line that ends a doctest in Markdown is none that readers need.
    source[0] = source[0].replace("\n\n```\n", "\n```\n")


def setup(app):
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
