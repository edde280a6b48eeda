"""Save the figures of a study, with all that is needed to measure them again."""

import csv
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("skgendisc", "numpy", "scipy", "scikit-learn", "imbalanced-learn")


def share_right(y, found):
    """As scikit-learn's accuracy, whose checks take longer than small fits."""
    return np.mean(y == found)


def median_and_range(name, values):
    """Three figures of some seeds: ``name``, ``name_low`` and ``name_high``."""
    figures = {name: median(values), f"{name}_low": min(values)}
    figures[f"{name}_high"] = max(values)
    return {key: round(value, 4) for key, value in figures.items()}


def save(name, rows, **settings):
    """Write rows of a study to ``results/NAME.csv``, under a comment on its settings.

    Parameters
    ----------
    name : str
    rows : list of dict
        One a figure, with the same keys.
    **settings
        Seed, sizes and whatever else the figures depend on.
    """
    facts = {"python": platform.python_version()}
    facts |= {package: version(package) for package in PACKAGES} | settings
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    with path.open("w", newline="") as file:
        file.write("# " + ", ".join(f"{k} {v}" for k, v in facts.items()) + "\n")
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"saved to {path}")
