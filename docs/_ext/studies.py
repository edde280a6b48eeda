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
    "ARF": "arf",
    "ForestFlow": "forestflow",
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


def study_of(method):
    """Name of the study of a method's fidelity."""
    is_net = method.endswith(("VAESampler", "GANSampler"))
    return "neural_fidelity" if is_net else "fidelity"


def of_method(of, method):
    """Figures of a method's rows of a table."""
    (row,) = rows(study_of(method), table=of, method=method)
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
    """One figure of fidelity, of all methods on all tables; empty where none is."""
    tables = sorted({row["table"] for row in read("fidelity")})
    lines = []
    for shown, method in EVERYONE.items():
        found = {r["table"]: r[column] for r in rows(study_of(method), method=method)}
        values = [found.get(of) for of in tables]
        lines.append([shown, *(f"{float(v):.{digits}f}" if v else "" for v in values)])
    return table(["", *(name.replace("_", " ") for name in tables)], lines)


def all_sizes():
    """How the study of small data names its sum over numbers of rows."""
    return next(r["rows"] for r in read("small_data") if not r["rows"].isdigit())


def changes(study, column, arms, **wanted):
    """Mean change by arm and classifier, with intervals, as a study sums it up."""
    names = sorted({row["classifier"] for row in rows(study, **wanted)}, key=str.lower)
    lines = []
    for shown, arm in arms.items():
        line = [shown]
        for name in names:
            (row,) = rows(study, classifier=name, arm=arm, **wanted)
            change, low, high = interval(row, column)
            line.append(f"{change:+.3f} ({low:+.3f}, {high:+.3f})")
        lines.append(line)
    return table(["", *names], lines)


def interval(row, column):
    """A change, and both ends of its interval."""
    return [float(row[f"{column}{end}"]) for end in ("", "_low", "_high")]


def sure(study, column, arm, **wanted):
    """Of how many classifiers the interval of a change leaves out zero."""
    found = rows(study, arm=arm, **wanted)
    ends = [interval(row, column)[1:] for row in found]
    return f"{sum(low > 0 or high < 0 for low, high in ends)} of {len(found)}"


def worsened(*arms):
    """Of how many pairs of arm and classifier the mean log loss rose."""
    found = [
        row for arm in arms for row in rows("small_data", rows=all_sizes(), arm=arm)
    ]
    worse = sum(float(row["log_loss"]) > 0 for row in found)
    return f"{worse} of {len(found)}"


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


def plain(value):
    """A number in three digits, or in all of those before the point."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def columns_of(name, header, **wanted):
    """Some columns of a study as a table; ``header`` names them."""
    lines = []
    for row in rows(name, **wanted):
        line = []
        for column in header:
            try:
                value = float(row[column])
                line.append("" if value != value else plain(value))
            except ValueError:
                line.append(row[column])
        lines.append(line)
    return table(list(header.values()), lines)


def over_seeds(name, keys, header, **wanted):
    """Means of some columns over the seeds of each setting, which ``keys`` tell."""
    settings = {}
    for row in rows(name, **wanted):
        settings.setdefault(tuple(row[key] for key in keys), []).append(row)
    lines = []
    for told, own in settings.items():
        line = [*told, len(own)]
        for column in header:
            values = [float(row[column]) for row in own if row[column]]
            line.append(plain(mean(values)) if values else "")
        lines.append(line)
    return table([*keys.values(), "seeds", *header.values()], lines)


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
    *(figure, percent, columns_of, over_seeds, setting),
    *(fidelity, by_table, n_tables, count, planted_faults),
    *(changes, sure, worsened, share_of_none, all_sizes),
    *(pins, minima, usage),
]
NAMESPACE = {one.__name__: one for one in FUNCTIONS}


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
