"""Code of the documentation's pages that is shown without prompts, run as it stands."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(page):
    """Python of a page that is no doctest, in order."""
    found = BLOCK.findall((DOCS / page).read_text("utf-8"))
    return [code for code in found if not code.startswith(">>>")]


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A mixed table with gaps and a rare class, as a newcomer's own CSV."""
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, size=160).astype(float)
    town = rng.choice(["Bonn", "Ulm", "Kiel"], size=160)
    target = np.where(rng.random(160) < 0.1 + 0.3 * (age > 60), "ill", "well")
    age[::17], town[::23] = np.nan, ""
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"age": age, "town": town, "target": target})
    frame.to_csv("table.csv", index=False)


def test_snippets_of_the_start_page_run(table, capsys):
    five_lines, first, second = blocks("index.md")
    exec(five_lines, {})
    assert "petal width" in capsys.readouterr().out
    names = {}
    exec(first, names)
    exec(second, names)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["alone", "balanced", "calibrated"]
    losses = [float(line.split()[-1]) for line in lines]
    assert losses[2] < losses[1], "correction must mend what balancing broke"
    names["calibrated"].fit(names["X"], names["y"])
    assert set(names["calibrated"].predict(names["X"])) <= {"ill", "well"}


def test_all_other_code_of_the_pages_is_a_doctest():
    pages = [page.relative_to(DOCS) for page in DOCS.rglob("*.md")]
    assert len(pages) > 10
    assert [str(page) for page in pages if blocks(page)] == ["index.md"]
