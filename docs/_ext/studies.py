"""Figures of the saved studies, read while the documentation is built.

In a page, ``{{ ... }}`` is a Python expression of the functions below. A figure that no
study holds is an error, so none can be written by hand, and none grows old.
"""

import csv
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "studies" / "results"
MARK = re.compile(r"\{\{ (.+?) \}\}", re.DOTALL)


@cache
def read(name):
    """Rows of a study as dicts, and what its first line says of versions and sizes."""
    lines = (RESULTS / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(lines[1:])), lines[0].removeprefix("# ")


def rows(name, **wanted):
    """Rows of a study whose columns have the wanted values; at least one."""
    found = [
        row
        for row in read(name)[0]
        if all(row[column] == str(value) for column, value in wanted.items())
    ]
    if not found:
        raise LookupError(f"{name}.csv has no row with {wanted}")
    return found


def figure(name, column, digits=2, **wanted):
    """One figure of a study, rounded."""
    (row,) = rows(name, **wanted)
    return f"{float(row[column]):.{digits}f}"


NAMESPACE = {"figure": figure, "rows": rows}


def fill_in(app, docname, source):
    """Put figures in the place of the expressions of a page."""
    if not docname.startswith(("index", "user_guide", "versions")):
        return

    def value(match):
        return str(eval(match[1], dict(NAMESPACE)))

    source[0] = MARK.sub(value, source[0])


def setup(app):
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
