"""Tables that the tests of this room share: made, so that a fresh one is perfect."""

import numpy as np
import pandas as pd
import pytest

CENTRES = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])


def make_mixed(n_rows=1000, seed=0):
    """Clusters, correlated numbers, gaps, a rare level; labels, and the clusters."""
    rng = np.random.default_rng(seed)
    cluster = rng.choice(3, size=n_rows, p=[0.5, 0.4, 0.1])
    place = CENTRES[cluster] + 0.4 * rng.standard_normal((n_rows, 2))
    common = rng.standard_normal(n_rows)
    table = pd.DataFrame({"east": place[:, 0], "north": place[:, 1]})
    for name in ("a", "b"):
        table[name] = 0.85 * common + 0.53 * rng.standard_normal(n_rows)
    table["age"] = rng.integers(18, 90, size=n_rows)
    table["income"] = np.where(rng.random(n_rows) < 0.1, np.nan, np.exp(table["a"]))
    table["town"] = rng.choice(["Bonn", "Ulm", "Zell"], n_rows, p=[0.6, 0.38, 0.02])
    table["flag"] = rng.random(n_rows) < 0.3
    odds = common + place[:, 0] / 2 + 2 * (table["town"] == "Bonn") - 2
    y = np.where(odds + rng.logistic(size=n_rows) > 0, "yes", "no")
    return table, y, cluster


@pytest.fixture
def mixed():
    """The function that makes them, of a number of rows and a seed."""
    return make_mixed
