"""Pages made of data that is up to no good."""

from html.parser import HTMLParser

import numpy as np
import pytest

from skgendisc.comparison import (
    ComparisonResult,
    LearningCurves,
    TableStudy,
    evaluate_tables,
)
from skgendisc.reports import write_html

HOSTILE = "<script>document.title='taken'</script>"
VOID = {"meta", "link", "br"}


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


GENERATIVE, DISCRIMINATIVE = f"NB {HOSTILE}", 'LR "onload="alert(1)'
SIZES = [10, 100, 1000]


def make_record(name, loss, **labels):
    fails = labels.get("split", labels.get("fold")) == 0 and name == GENERATIVE
    return {
        "name": name,
        **labels,
        "train_rows": labels.get("train_size", 80),
        "test_rows": 20,
        "rows_added": 80 if name.endswith("+ NB") else 0,
        "fit_seconds": 0.5,
        "scores": {"accuracy": 1 - loss, "log_loss": loss},
        "confusion_matrix": [[7, 3], [0, 10]],
        "errors": {"fit": f"ValueError: {HOSTILE}"} if fails else {},
        "warnings": [f"Doubt: {HOSTILE}"],
    }


@pytest.fixture(scope="session")
def curves():
    """Curves that cross at 100 rows."""
    rates = {GENERATIVE: 0.05, DISCRIMINATIVE: 0.1}
    rng = np.random.default_rng(0)
    fits = [
        make_record(
            name,
            0.5 - rate * np.log10(size / 100) + 0.001 * rng.standard_normal(),
            train_size=size,
            split=split,
        )
        for name, rate in rates.items()
        for size in SIZES
        for split in range(5)
    ]
    kinds = {GENERATIVE: "generative", DISCRIMINATIVE: "discriminative"}
    settings = ["accuracy", "log_loss"], ["log_loss"], kinds
    return LearningCurves(["no", HOSTILE], *settings, SIZES, [5] * 3, fits)


@pytest.fixture(scope="session")
def comparison():
    """Folds where synthetic rows help one classifier and harm another."""
    losses = {
        DISCRIMINATIVE: 0.4,
        f"{DISCRIMINATIVE} + NB": 0.3,
        "tree": 0.5,
        "tree + NB": 0.6,
        GENERATIVE: 0.45,
    }
    kinds = dict.fromkeys(losses, "discriminative")
    kinds |= {name: "discriminative + synthetic rows" for name in losses if "+" in name}
    kinds[GENERATIVE] = "generative"
    folds = [
        make_record(name, loss + 0.01 * fold, fold=fold)
        for name, loss in losses.items()
        for fold in range(3)
    ]
    settings = ["accuracy", "log_loss"], ["log_loss"], kinds
    return ComparisonResult(["no", HOSTILE], *settings, folds)


@pytest.fixture(scope="session")
def study(curves, comparison):
    return TableStudy(
        title=HOSTILE,
        lead=f"Some rows of {HOSTILE}.",
        comparison=comparison,
        curves=curves,
        pairs=[
            {"name": GENERATIVE, "partner": DISCRIMINATIVE, "why": "Both are lines."}
        ],
        notes=["Seed 0."],
        versions={"python": "3.13"},
    )


@pytest.fixture(scope="session")
def pages(evaluation, study, curves, comparison, tmp_path_factory):
    """Paths of the pages of all kinds of results."""
    folder = tmp_path_factory.mktemp("reports")
    results = {
        "evaluation": evaluation,
        "study": study,
        "curves": curves,
        "comparison": comparison,
    }
    for name, result in results.items():
        write_html(result, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in results}


class Reader(HTMLParser):
    """Elements of a page in their order, each closed as it should be."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        self.text.append(data)

    def named(self, *names):
        return [attributes for name, attributes in self.elements if name in names]


@pytest.fixture(scope="session")
def read_text():
    """The reader of a page's text."""
    return Reader


@pytest.fixture(scope="session")
def read():
    """Read a page from its path."""
    return lambda path: Reader(path.read_text("utf-8"))
