"""A page made of data that is up to no good."""

import numpy as np
import pytest

from skgendisc.comparison import evaluate_tables
from skgendisc.reports import write_html

HOSTILE = "<script>document.title='taken'</script>"


def make_table(n_rows, seed):
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    level = rng.choice([HOSTILE, '"onload="alert(1)', "plain & simple"], size=n_rows)
    gaps = rng.random(n_rows) < 0.1
    level = np.where(gaps, None, level)
    return pandas.DataFrame(
        {
            HOSTILE: rng.normal(size=n_rows),
            "count": np.where(gaps, np.nan, rng.integers(9, size=n_rows)),
            "constant": 1.0,
            "missing": np.nan,
            "level": level,
        }
    ), rng.choice(["no", HOSTILE], size=n_rows)


@pytest.fixture(scope="session")
def evaluation():
    tables, y = zip(*(make_table(200, seed) for seed in range(3)), strict=True)
    names = ("y_real", "y_synthetic", "y_held_out")
    labels = dict(zip(names, y, strict=True))
    return evaluate_tables(*tables, **labels, random_state=0)


@pytest.fixture(scope="session")
def page(evaluation, tmp_path_factory):
    """Path of the page."""
    path = tmp_path_factory.mktemp("report") / "page.html"
    write_html(evaluation, path)
    return path
