"""How do time and memory of TreeSampler grow with the number of rows?

Tables of 20 columns - 14 numbers with correlations, 2 whole numbers, 4 categories - and
two classes, from 10 000 to 1 000 000 rows. Each size runs in a process of its own: CPU
seconds of fit and of drawing as many rows, on one thread, and the most memory beyond
what the process had with its table made, as multiples of the table as float64.

    python benchmarks/studies/tree_growth.py
"""

import multiprocessing
import resource
import time

import numpy as np
from _record import save
from threadpoolctl import threadpool_limits

from skgendisc.trees import TreeSampler

SEED = 0
N_FEATURES = 20
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def make_table(n_rows):
    """Numbers, whole numbers and categories that depend on each other and on y."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(2, size=n_rows)
    X = rng.standard_normal((n_rows, N_FEATURES))
    X += 0.7 * X[:, :1] + 0.5 * y[:, None]
    X[:, 14:16] = np.rint(10 * X[:, 14:16])
    X[:, 16:] = np.clip(np.rint(2 * X[:, 16:]), -4, 5) + 4
    return X, y


def peak():
    """Most memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(n_rows):
    """One row of the result."""
    # Warm up, so that imports and pools are no part of the smallest table's figures.
    X, y = make_table(500)
    TreeSampler(categorical_features=[16, 17, 18, 19]).fit(X, y).sample(500)
    X, y = make_table(n_rows)
    trees = TreeSampler(categorical_features=[16, 17, 18, 19], random_state=SEED)
    before, start = peak(), time.process_time()
    trees.fit(X, y)
    fitted = time.process_time()
    trees.sample(n_rows)
    drawn = time.process_time()
    return {
        "rows": n_rows,
        "fit_cpu_s": round(fitted - start, 2),
        "draw_cpu_s": round(drawn - fitted, 2),
        "us_per_row_and_log2": round(
            1e6 * (drawn - start) / (n_rows * np.log2(n_rows)), 3
        ),
        "extra_memory_in_tables": round((peak() - before) / X.nbytes, 2),
    }


def main():
    rows = []
    context = multiprocessing.get_context("spawn")
    for n_rows in SIZES:
        with context.Pool(1) as pool:
            rows.append(pool.apply(measure, (n_rows,)))
        print(", ".join(f"{k} {v}" for k, v in rows[-1].items()), flush=True)
    save("tree_growth", rows, seed=SEED, features=N_FEATURES, threads=1)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
