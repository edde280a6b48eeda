"""How many rows should a GAN's mini-batch have, and how many steps its discriminator?

Every fit shows the discriminator the same number of rows, 200 000: with a batch of 50
that is 4000 steps, with one of 2000 it is 100. The generator takes a step for every
``n_critic`` of them. All else is as in ``GANNet()``, the learning rate too, which was
chosen with batches of 500. CPU seconds of the fit are reported beside, on one thread.

turned: 25 normals on a turned grid, as in ``modes.py``: the share of drawn rows within
    three sd of a centre, and the modes that have 20 of them or more.
churn: 8000 rows, with labels: the AUC of boosting that tells drawn from held-out rows,
    0.5 is best, and the share of held-out rows that have a drawn one near (coverage).

    python benchmarks/studies/minibatches.py FOLDER

FOLDER holds churn.csv.gz, 10 000 customers of a bank with a last column ``target``.
"""

import sys
import time
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
import pandas as pd
import torch
from _record import RESULTS, save
from modes import N_DRAWN, draw_modes, judge, turned
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from skgendisc.metrics import (
    classifier_two_sample_test,
    precision_recall_density_coverage,
)
from skgendisc.neural import GANNet, GANSampler

SEEDS = (0, 1, 2)
BATCH_SIZES, N_CRITICS = (50, 125, 500, 2000), (1, 2, 5)
ROWS_SEEN = 200_000
N_TURNED, N_CHURN = 20_000, 8000
QUALITY = {"turned": ("high_quality", "modes"), "churn": ("auc", "coverage")}


def fit(X, y, batch_size, n_critic, seed):
    """A GAN that has seen so many rows, and what that took."""
    net = GANNet(
        batch_size=batch_size, n_critic=n_critic, max_epochs=ROWS_SEEN // len(X)
    )
    start = time.process_time()
    gan = GANSampler(net, random_state=seed).fit(X, y)
    seconds = time.process_time() - start
    steps = sum(epoch["train_batch_count"] for epoch in gan.history_)
    told = {"steps": steps, "generator_steps": steps // n_critic, "cpu_s": seconds}
    return gan, told


def on_turned(batch_size, n_critic, seed):
    """Figures of a fit to the turned grid."""
    centres, sd = turned()
    X = draw_modes(centres, sd, N_TURNED, np.random.default_rng(seed))
    gan, told = fit(X, None, batch_size, n_critic, seed)
    return told | judge(gan.sample(N_DRAWN)[0], centres, sd)


def codes(table, like):
    """A table as floats; words are the numbers they have in another table."""
    columns = []
    for name in like:
        is_number = pd.api.types.is_numeric_dtype(like[name])
        words = pd.unique(like[name])
        column = table[name]
        columns.append(column if is_number else pd.Index(words).get_indexer(column))
    return np.column_stack(columns).astype(float)


def on_churn(path, batch_size, n_critic, seed):
    """Figures of a fit to the table."""
    table = pd.read_csv(path)
    real, held_out = train_test_split(
        table, train_size=N_CHURN, stratify=table["target"], random_state=seed
    )
    X, y = real.drop(columns="target"), real["target"]
    gan, told = fit(X, y, batch_size, n_critic, seed)
    X, y = gan.sample(len(held_out))
    drawn = codes(X.assign(target=np.asarray(y)), table)
    held_out = codes(held_out, table)
    rng = np.random.default_rng(seed)
    # The label is a column among the others.
    test = classifier_two_sample_test(held_out, drawn, cv=3, random_state=rng)
    near = precision_recall_density_coverage(held_out, drawn, max_rows=None)
    return told | {"auc": test.auc, "coverage": near.coverage}


def draw_picture(rows):
    """Quality and seconds by the size of the batch, a line for each n_critic."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(10, 5.5), sharex=True)
    for of_data, (data, figures) in zip(axes, QUALITY.items(), strict=True):
        for ax, name in zip(of_data, (*figures, "cpu_s"), strict=True):
            for n_critic in N_CRITICS:
                own = [
                    row
                    for row in rows
                    if row["data"] == data and row["n_critic"] == n_critic
                ]
                values = [
                    fmean(row[name] for row in own if row["batch_size"] == batch_size)
                    for batch_size in BATCH_SIZES
                ]
                ax.plot(BATCH_SIZES, values, "o-", label=f"n_critic={n_critic}")
            ax.set_xscale("log")
            ax.set_xticks(BATCH_SIZES, BATCH_SIZES)
            ax.minorticks_off()
            ax.set_title(f"{data}: {name}")
            ax.grid(alpha=0.3)
    for ax in axes[1]:
        ax.set_xlabel("rows of a mini-batch")
    axes[0, 0].legend()
    figure.tight_layout()
    RESULTS.mkdir(exist_ok=True)
    figure.savefig(RESULTS / "minibatches.png", dpi=110)


def main(folder):
    path = Path(folder) / "churn.csv.gz"
    blank = dict.fromkeys(sum(QUALITY.values(), ()), "")
    rows = []
    for data, *setting in product(QUALITY, BATCH_SIZES, N_CRITICS, SEEDS):
        told = on_turned(*setting) if data == "turned" else on_churn(path, *setting)
        batch_size, n_critic, seed = setting
        row = {"data": data, "batch_size": batch_size, "n_critic": n_critic}
        row |= {"seed": seed, **blank}
        kept = ("steps", "generator_steps", "cpu_s", *QUALITY[data])
        row |= {name: round(told[name], 4) for name in kept}
        print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)
        rows.append(row)
    draw_picture(rows)
    save("minibatches", rows, torch=torch.__version__, rows_seen=ROWS_SEEN, threads=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with threadpool_limits(1):
        main(sys.argv[1])
