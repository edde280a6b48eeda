"""Does the GAN find all modes of a distribution, and what does each remedy bring?

A grid of 25 normals (centres -4, -2, 0, 2, 4 in both directions, sd 0.05), the same
turned by 30 degrees, and a ring of 8 (radius 1, sd 0.01); 50 000 rows without labels to
fit, 2500 drawn ones to judge. A drawn row belongs to the nearest centre, and is of high
quality within three sd of it; a mode counts with 20 rows of high quality. Reverse KL is
that of the rows' shares of modes against equal ones: 0.005 on the grids by chance
alone. Figures are means over seeds, with standard errors.

All but ``GANSampler()`` train for 5000 steps of 100 rows, networks of three hidden
layers of 128, noise of dimension 2, rate 3e-3. Where numbers are *normal* the generator
writes coordinates and nothing else helps: *plain* is the standard loss of Goodfellow et
al. (2014), and each further line has one remedy more. Where they are *cells* it writes
a distribution of levels for each coordinate, all else as in *plain*. Small batches and
three layers are what lets *plain* come to sharp modes at all, and so to collapse: with
batches of 500 and two layers it stays a blur. The rate is the better of two on a seed
that is not reported (``tune``); 1e-3 with the Wasserstein loss, whose steps are those
of the critic, five for each of the generator: one alone was worse. Minibatch
discrimination, which compares all pairs of a batch, has 1000 steps.

Columns of the grid are independent, and a generator of cells begins with each column's
distribution: it knows the grid before it is trained. *columns shuffled* are rows of the
table with each column in an order of its own; what is better than these was learned.
The networks that write coordinates know no axes, and are not asked about the turned
grid, nor those of cells about the other, but for the default.

The figures to compare with are those of Lin et al. (2018), PacGAN, table 1: 400 epochs
of 100 000 rows with larger networks, where one row of high quality makes a mode.

    python benchmarks/studies/modes.py [tune]
"""

import sys
import time
from statistics import fmean, stdev

import numpy as np
import torch
from _record import RESULTS, save
from threadpoolctl import threadpool_limits

from skgendisc.neural import GANNet, GANSampler

N_ROWS, N_DRAWN, LEAST_OF_MODE = 50_000, 2500, 20
TUNING_SEED = 99
STEPS, BATCH, LATENT_DIM, LR = 5000, 100, 2, 3e-3
RATES = (1e-3, 3e-3)


def grid():
    """Centres, and the standard deviation about them."""
    line = np.linspace(-4, 4, 5)
    return np.array([[a, b] for a in line for b in line]), 0.05


def turned():
    """The grid, turned by 30 degrees."""
    centres, sd = grid()
    cos, sin = np.cos(np.pi / 6), np.sin(np.pi / 6)
    return centres @ [[cos, sin], [-sin, cos]], sd


def ring():
    """Centres, and the standard deviation about them."""
    angle = 2 * np.pi * np.arange(8) / 8
    return np.column_stack([np.cos(angle), np.sin(angle)]), 0.01


DATA = {"grid": grid, "turned": turned, "ring": ring}


def net(*, steps=STEPS, **settings):
    """A GAN of so many steps; with the standard loss, and nothing to help it."""
    plain = {
        "loss": "standard",
        "numbers": "normal",
        "latent_dim": LATENT_DIM,
        "hidden_units": (128, 128, 128),
        "lr": LR,
        "batch_size": BATCH,
        "max_epochs": steps // (N_ROWS // BATCH),
    }
    return GANNet(**plain | settings)


def nets():
    """Nets by name; None is the sampler's default one."""
    return {
        "GANSampler()": None,
        "cells, else plain": net(numbers="cells"),
        "cells, relativistic loss": net(numbers="cells", loss="relativistic"),
        "normal, plain": net(),
        "normal, pack=4": net(pack=4),
        "normal, minibatch discrimination": net(
            minibatch_discrimination=(16, 4), steps=1000
        ),
        "normal, Wasserstein loss": net(loss="wasserstein", n_critic=5, lr=1e-3),
        "normal, relativistic loss": net(loss="relativistic"),
    }


def n_seeds(data, name):
    """Fewer where collapse is plain to see, none where they would tell nothing."""
    if name.startswith("normal") and data == "turned":
        return 0
    if name.startswith("cells") and data == "grid":
        return 0
    return 5 if name == "GANSampler()" else 3


def draw_modes(centres, sd, n_rows, rng):
    """Rows of a mixture of equal shares."""
    noise = sd * rng.standard_normal((n_rows, 2))
    return centres[rng.integers(len(centres), size=n_rows)] + noise


def judge(drawn, centres, sd):
    """Modes found, share of rows of high quality, and reverse KL of the modes."""
    distance = np.linalg.norm(drawn[:, None] - centres, axis=2)
    nearest = distance.argmin(axis=1)
    is_good = distance.min(axis=1) <= 3 * sd
    good = np.bincount(nearest[is_good], minlength=len(centres))
    share = np.bincount(nearest, minlength=len(centres)) / len(drawn)
    share = share[share > 0]
    return {
        "modes": int((good >= LEAST_OF_MODE).sum()),
        "high_quality": is_good.mean(),
        "reverse_kl": float(share @ np.log(share * len(centres))),
    }


def table(data, seed):
    """Rows to fit, with the centres and the standard deviation."""
    centres, sd = DATA[data]()
    rng = np.random.default_rng(seed)
    return draw_modes(centres, sd, N_ROWS, rng), centres, sd


def measure(gan, data, seed):
    """Figures of one fit, and the drawn rows."""
    X, centres, sd = table(data, seed)
    start = time.process_time()
    sampler = GANSampler(gan, random_state=seed).fit(X)
    seconds = time.process_time() - start
    drawn, _ = sampler.sample(N_DRAWN)
    return {**judge(drawn, centres, sd), "cpu_s": seconds}, drawn


def measure_shuffled(data, seed):
    """The same of rows whose columns have nothing to do with each other."""
    X, centres, sd = table(data, seed)
    drawn = np.random.default_rng(seed).permuted(X, axis=0)[:N_DRAWN]
    return {**judge(drawn, centres, sd), "cpu_s": 0.0}, drawn


def summarise(figures):
    """Mean and standard error of each figure over seeds."""
    row = {}
    for name in figures[0]:
        values = [of_seed[name] for of_seed in figures]
        row |= {name: round(fmean(values), 4), f"{name}_se": ""}
        if len(values) > 1:
            error = stdev(values) / np.sqrt(len(values))
            row[f"{name}_se"] = round(error, 4)
    return row


def tune():
    """Learning rates, on a seed of their own."""
    for name, gan in nets().items():
        if not name.startswith("normal") or "minibatch" in name:
            continue
        for lr in RATES:
            row = {"gan": name, "lr": lr}
            row |= measure(gan.set_params(lr=lr), "grid", TUNING_SEED)[0]
            print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)


def draw_picture(drawn):
    """Drawn rows, small multiples: a row of them for each set of data."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    names = ["real rows", "columns shuffled", *nets()]
    shape = len(DATA), len(names)
    figure, axes = plt.subplots(*shape, figsize=(1.9 * shape[1], 2.1 * shape[0]))
    for of_data, data in zip(axes, DATA, strict=True):
        limit = 1.15 * np.abs(DATA[data]()[0]).max()
        for ax, name in zip(of_data, names, strict=True):
            if data == "grid":
                ax.set_title(name.replace(", ", ",\n"), fontsize=8)
            rows = drawn.get((data, name))
            if rows is None:
                ax.set_axis_off()
                continue
            ax.scatter(*rows.T, s=1.5, alpha=0.5, linewidths=0)
            ax.set(xlim=(-limit, limit), ylim=(-limit, limit), xticks=[], yticks=[])
            ax.set_aspect("equal")
    figure.tight_layout()
    RESULTS.mkdir(exist_ok=True)
    figure.savefig(RESULTS / "modes.png", dpi=110)


def main():
    rows, drawn = [], {}
    for data in DATA:
        drawn[data, "real rows"] = table(data, 0)[0][:N_DRAWN]
        for name in ("columns shuffled", *nets()):
            figures = []
            for seed in range(n_seeds(data, name)):
                if name == "columns shuffled":
                    of_seed, of_first = measure_shuffled(data, seed)
                else:
                    of_seed, of_first = measure(nets()[name], data, seed)
                figures.append(of_seed)
                drawn.setdefault((data, name), of_first)
            if not figures:
                continue
            row = {"data": data, "gan": name, "seeds": len(figures)}
            row |= summarise(figures)
            print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)
            rows.append(row)
    draw_picture(drawn)
    settings = {"n_rows": N_ROWS, "drawn": N_DRAWN, "steps": STEPS, "batch": BATCH}
    save("modes", rows, torch=torch.__version__, **settings)


if __name__ == "__main__":
    with threadpool_limits(1):
        tune() if sys.argv[1:] == ["tune"] else main()
