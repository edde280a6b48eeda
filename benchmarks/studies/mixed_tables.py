"""Do mixed tables come back as they were: dtypes, and how often cells are missing?

Each sampler is fitted to the whole table by ``fit_resample``, which doubles every
class, in pandas and in polars. Figures are of the synthetic rows alone.

    python benchmarks/studies/mixed_tables.py FOLDER

FOLDER holds gzip CSV files with a last column ``target``: adult, german_credit, car,
mushroom and credit_approval, all from the UCI Machine Learning Repository (CC BY 4.0).
"""

import sys
import time
from pathlib import Path

import pandas as pd
import polars as pl
from _record import save
from threadpoolctl import threadpool_limits

from skgendisc.augmentation import enlarge
from skgendisc.compose import TransformedSampler
from skgendisc.joint import GaussianCopulaSampler, LDASampler, MixedNBSampler
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler

SEED = 0
TABLES = ("adult", "german_credit", "car", "mushroom", "credit_approval")
READ = {"pandas": pd.read_csv, "polars": pl.read_csv}


def samplers():
    """Samplers that take mixed tables, by name."""
    settings = {"sampling_strategy": enlarge(2), "random_state": SEED}
    return {
        "MixedNBSampler": MixedNBSampler(**settings),
        "GaussianCopulaSampler": GaussianCopulaSampler(**settings),
        "TreeSampler": TreeSampler(**settings),
        "LDASampler behind TableEncoder": TransformedSampler(
            TableEncoder(), LDASampler(), **settings
        ),
    }


def missing_rates(frame):
    """Fraction of missing cells of each column."""
    if isinstance(frame, pl.DataFrame):
        return pd.Series(frame.null_count().row(0), frame.columns) / len(frame)
    return frame.isna().mean()


def measure(table, library, name, sampler):
    """One row of the result."""
    y = table["target"]
    X = table.drop(columns="target") if library == "pandas" else table.drop("target")
    start = time.process_time()
    X_res, y_res = sampler.fit_resample(X, y)
    seconds = time.process_time() - start
    synthetic = X_res[len(X) :]
    off = (missing_rates(synthetic) - missing_rates(X)).abs()
    equal = X_res[: len(X)].equals(X)
    return {
        "library": library,
        "sampler": name,
        "rows": len(X),
        "dtypes_kept": list(X_res.dtypes) == list(X.dtypes) and y_res.dtype == y.dtype,
        "real_rows_equal": equal,
        "largest_missing_rate": round(missing_rates(X).max(), 4),
        "largest_change_of_missing_rate": round(off.max(), 4),
        "cpu_seconds": round(seconds, 2),
    }


def main(folder):
    rows = []
    for name in TABLES:
        path = Path(folder) / f"{name}.csv.gz"
        for library, read in READ.items():
            table = read(path)
            for label, sampler in samplers().items():
                row = {"table": name, **measure(table, library, label, sampler)}
                print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)
                rows.append(row)
    save("mixed_tables", rows, seed=SEED, threads=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with threadpool_limits(1):
        main(sys.argv[1])
