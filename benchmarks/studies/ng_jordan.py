"""Naive Bayes or logistic regression: who wins with how many rows?

Ng & Jordan (2002) found naive Bayes ahead with few rows and logistic regression with
many, on most of 15 tables; Xue & Titterington (2008) answered that no such regimes can
be relied on, and that LDA is as good a partner as naive Bayes. Here are 20 tables, 200
splits each, and learning curves of four classifiers:

- the generative partner of `generative_discriminative_pairs()`: naive Bayes with one
  variance of a column for both classes where columns are numbers, with categories, a
  gap being one, or categories and parabolas where they are mixed, with truth values for
  words and ink;
- LDA with a shrunk covariance, where its plane is the partner's too: not on mixed
  tables, whose partner has squares, nor on words, which are too many;
- the discriminative partner, logistic regression with the ridge it has there (C=1 on
  standardised columns);
- the same with hardly any (C=10000), since the theory is about the likelihood alone.

    python benchmarks/studies/ng_jordan.py FOLDER CACHE [--pair] [TABLE ...]

``--pair`` leaves it at the first and the third of them, and at few sizes. FOLDER holds
CSV files with a last column ``target``, and ``manifest.json`` with their categorical
columns. Finished fits are kept in the directory CACHE, and not made again.

Of tables with more than two classes two are taken, or one against the rest. A quarter
of the rows judges, 2000 at most; ``all`` is the rest. 200 splits at all sizes up to
10 000 rows, 20 above (adult alone has so many).

ng_jordan.csv: means of all curves, with standard errors over splits.
ng_jordan_pairs.csv: of each pair and metric, where the curves cross, with its interval
    over splits (0: below the smallest size), and who is ahead at some sizes; ``tie``
    where the mean difference is within two standard errors. Splits share rows to learn
    from, the more of them the larger they are: the variance has the term of Nadeau &
    Bengio (2003), in proportion to the share of its pool that a split learns from, and
    in full at ``all``. regimes: who is ahead beyond these errors from few rows to many,
    G the generative and D the discriminative one; GD are the regimes of Ng & Jordan.
ng_jordan_summary.csv: tables counted.

Ng, A. & Jordan, M. (2002). On discriminative vs. generative classifiers: a comparison
of logistic regression and naive Bayes. NIPS 14.
Xue, J.-H. & Titterington, D. (2008). Comment on "On discriminative vs. generative
classifiers". Neural Processing Letters 28(3).
"""

import json
import sys
import warnings
from itertools import groupby
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from _record import RESULTS, save, share_right
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import make_scorer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from skgendisc.comparison import generative_discriminative_pairs, learning_curves
from skgendisc.joint import CategoricalNBSampler, LDASampler

SEED = 0
SIZES, N_SPLITS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000), 200
FEW_SIZES = (10, 20, 50, 100, 500)
MANY_ROWS, FEW_SPLITS = 10_000, 20
N_TEST = 2000
EPSILON = np.finfo(float).eps
ASKED = (20, 50, 100, 500)  # in SIZES
METRICS = {"accuracy": "error", "log_loss": "log loss"}
NB, LDA, LR = "naive Bayes", "LDA", "logistic regression"
WEAK = "logistic regression, C=10000"
GENERATIVE, DISCRIMINATIVE = (NB, LDA), (LR, WEAK)
REGIMES = ("GD", "D", "G", "DG", "none")
COLOURS = {NB: "#D55E00", LDA: "#E69F00", LR: "#0072B2", WEAK: "#56B4E9"}


def tables(folder):
    """Name, kind of columns, rows and labels of each table."""
    manifest = json.loads((folder / "manifest.json").read_text())
    entries = {entry["file"].split(".")[0]: entry for entry in manifest}

    def read(name, *classes):
        table = pd.read_csv(folder / entries[name]["file"])
        if classes:
            table = table[table["target"].isin(classes)].reset_index(drop=True)
        categorical = dict.fromkeys(entries[name]["categorical"], "category")
        X = table.drop(columns="target").astype(categorical)
        return X, table["target"].to_numpy().astype(str)

    def numbers(name, *classes):
        X, y = read(name, *classes)
        return "numbers", X.select_dtypes("number").to_numpy(float), y

    def pixels(*classes):
        X, y = load_digits(return_X_y=True)
        rows = np.isin(y, classes)
        return X[rows], y[rows]

    yield "pima", *numbers("pima")
    yield "ionosphere", *numbers("ionosphere")
    yield "breast_cancer", "numbers", *load_breast_cancer(return_X_y=True)
    yield "digits 0/1", "numbers", *pixels(0, 1)
    yield "digits 2/3", "numbers", *pixels(2, 3)
    yield "haberman", *numbers("haberman")
    yield "letter I/J", *numbers("letter", "I", "J")
    yield "phoneme", *numbers("phoneme")
    yield "satimage 3/4", *numbers("satimage", 3, 4)
    yield "yeast CYT/NUC", *numbers("yeast", "CYT", "NUC")
    yield "adult, numbers", *numbers("adult")

    X, y = read("car")
    yield "car, unacc or not", "categories", numbered(X), y == "unacc"
    X, y = read("mushroom")
    yield "mushroom", "categories", numbered(X), y
    X, y = read("adult")
    yield "adult, categories", "categories", numbered(X), y
    X, y = pixels(8, 9)
    yield "digits 8/9, ink", "truth values", (X > 7).astype(float), y
    X, y = read("sms_spam")
    words = CountVectorizer(binary=True, min_df=5, dtype=np.float64)
    yield "sms_spam, words", "words", words.fit_transform(X["text"]), y
    yield "credit_approval", "mixed", *read("credit_approval")
    yield "german_credit", "mixed", *read("german_credit")
    yield "letter O/Q", *numbers("letter", "O", "Q")
    yield "churn", "mixed", *read("churn")


def numbered(X):
    """Categories as numbers, which are quicker than words; 0 is a gap."""
    codes = [column.cat.codes + 1 for _, column in X.select_dtypes("category").items()]
    return np.column_stack(codes).astype(np.int64)


def classifiers(kind):
    """The four of a kind of table, or three, by name."""
    pairs = generative_discriminative_pairs()
    of_kind = {"numbers": NB, "truth values": "Bernoulli NB", "words": "Bernoulli NB"}
    pair = pairs[of_kind.get(kind, "mixed NB")]
    found = {NB: pair.generative, LR: pair.discriminative}
    if kind == "categories":
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        found = {
            NB: CategoricalNBSampler(),
            LDA: make_pipeline(one_hot, LDASampler(shrinkage="auto")),
            LR: make_pipeline(one_hot, pair.discriminative[-1]),
        }
    elif kind in ("numbers", "truth values"):
        found[LDA] = pairs["LDA"].generative
    return found | {WEAK: clone(found[LR]).set_params(logisticregression__C=1e4)}


def log_loss(y, proba):
    """As scikit-learn's, whose checks take longer than the fits, of classes 0 and 1."""
    proba = np.clip(proba, EPSILON, 1 - EPSILON)
    return -np.mean(np.log(np.where(y == 1, proba, 1 - proba)))


def curves_of(kind, X, y, cache, pair_alone):
    """Learning curves of a table."""
    n_rows = len(y)
    n_test = min(N_TEST, int(np.ceil(n_rows / 4)))
    n_pool = n_rows - n_test
    sizes = [
        size
        for size in (FEW_SIZES if pair_alone else SIZES)
        if size < n_pool / (1 + (size not in ASKED))
    ]
    sizes.append(n_pool)
    models = classifiers(kind)
    if pair_alone:
        models = {name: models[name] for name in (NB, LR)}
    return learning_curves(
        models,
        X,
        np.unique(y, return_inverse=True)[1],
        train_sizes=sizes,
        n_splits=[N_SPLITS if size <= MANY_ROWS else FEW_SPLITS for size in sizes],
        test_size=n_test,
        scoring={
            "accuracy": make_scorer(share_right),
            "neg_log_loss": make_scorer(
                log_loss, greater_is_better=False, response_method="predict_proba"
            ),
        },
        random_state=SEED,
        cache=cache,
    )


def figures(name, curves):
    """Rows of the first file."""
    for row in curves.rows():
        yield {
            "table": name,
            "rows": row["train_size"],
            "classifier": row["name"],
            "fits": row["n_fits"],
            "error": round(1 - row["accuracy_mean"], 4),
            "error_se": round(row["accuracy_se"], 5),
            "log_loss": round(row["log_loss_mean"], 4),
            "log_loss_se": round(row["log_loss_se"], 5),
        }


def leads(curves, a, b, metric):
    """By how much a is ahead at each size, and two errors of that."""
    sign = -1.0 if metric in curves.losses else 1.0
    n_test = curves.fits[0]["test_rows"]
    n_pool = curves.train_sizes[-1]
    own = sign * (curves.values(a, metric) - curves.values(b, metric))
    for size, lead in zip(curves.train_sizes, own, strict=True):
        lead = lead[~np.isnan(lead)]
        shared = n_test / n_pool * size / n_pool
        error = lead.std(ddof=1) * np.sqrt(1 / len(lead) + shared)
        yield size, lead.mean(), 2 * error


def ahead(a, b, lead, within):
    return "tie" if abs(lead) <= within else a if lead > 0 else b


def crossings(name, kind, n_rows, curves):
    """Rows of the second file."""
    for a in GENERATIVE:
        for b in DISCRIMINATIVE:
            if not {a, b} <= set(curves.kinds):
                continue
            for metric, label in METRICS.items():
                yield {
                    "table": name,
                    "kind": kind,
                    "table_rows": n_rows,
                    "generative": a,
                    "discriminative": b,
                    "metric": label,
                } | crossing_of(curves, a, b, metric)


def crossing_of(curves, a, b, metric):
    found = curves.crossover(a, b, metric)
    low, high = found.interval or ("", "")
    row = {
        "crossing": found.train_size and round(found.train_size),
        "low": low and round(low),
        "high": high if high in ("", np.inf) else round(high),
        "crossings": found.n_crossings,
        "fewer": found.before["winner"],
        "more": found.after["winner"],
    }
    at = {size: rest for size, *rest in leads(curves, a, b, metric)}
    for size in ASKED:
        row[f"at_{size}"] = ahead(a, b, *at[size]) if size in at else ""
    clear = [ahead("G", "D", *of_size) for of_size in at.values()]
    clear = [side for side in clear if side != "tie"]
    row["regimes"] = "".join(side for side, _ in groupby(clear)) or "none"
    last = curves.train_sizes[-1]
    row |= {"at_all": ahead(a, b, *at[last]), "all": last}
    for size in (ASKED[0], last):
        label = "all" if size == last else size
        row |= {f"lead_{label}": round(at[size][0], 4)}
        row |= {f"within_{label}": round(at[size][1], 4)}
    return row


def counts(pairs):
    """Rows of the third file: tables counted for each pair and metric."""
    keys = ["generative", "discriminative", "metric"]
    for key, own in pairs.groupby(keys, sort=False):
        a, b, _ = key
        row = dict(zip(keys, key, strict=True)) | {"tables": len(own)}
        for size in (*ASKED, "all"):
            told = own[f"at_{size}"]
            row[f"{size}_generative"] = int((told == a).sum())
            row[f"{size}_tie"] = int((told == "tie").sum())
            row[f"{size}_discriminative"] = int((told == b).sum())
        for regimes in REGIMES:
            row[regimes] = int((own["regimes"] == regimes).sum())
        row["to_and_fro"] = len(own) - sum(row[name] for name in REGIMES)
        yield row


def draw(studies, metric):
    """Small multiples of one metric."""
    n_columns = 5
    n_lines = int(np.ceil(len(studies) / n_columns))
    figure, grid = plt.subplots(
        n_lines,
        n_columns,
        figsize=(2.9 * n_columns, 2.35 * n_lines + 0.6),
        layout="constrained",
        squeeze=False,
    )
    for ax in grid.flat[len(studies) :]:
        ax.remove()
    for ax, (name, curves) in zip(grid.flat, studies.items(), strict=False):
        draw_table(ax, name, curves, metric)
    for ax in grid[:, 0]:
        ax.set_ylabel(METRICS[metric])
    for ax in grid.flat[max(0, len(studies) - n_columns) : len(studies)]:
        ax.set_xlabel("training rows")
    shown = {name: None for curves in studies.values() for name in curves.kinds}
    lines = [plt.Line2D([], [], color=COLOURS[name], lw=2) for name in shown]
    figure.legend(
        lines, shown, loc="outside upper center", ncols=len(lines), frameon=False
    )
    return figure


def draw_table(ax, name, curves, metric):
    highest, lowest = 0.0, np.inf
    for who, colour in COLOURS.items():
        if who not in curves.kinds:
            continue
        values = curves.values(who, metric)
        values = 1 - values if metric == "accuracy" else values
        mean = np.nanmean(values, axis=1)
        n_fits = (~np.isnan(values)).sum(axis=1)
        error = np.nanstd(values, axis=1, ddof=1) / np.sqrt(n_fits)
        sizes = curves.train_sizes
        ax.plot(sizes, mean, color=colour, lw=1.5, marker="o", ms=2.5)
        ax.fill_between(sizes, mean - error, mean + error, color=colour, alpha=0.2)
        if who in (NB, LR):
            highest = max(highest, mean.max())
        lowest = min(lowest, mean.min())
    ax.set_xscale("log")
    # A classifier that is sure and wrong has losses beyond all others: cut.
    ax.set_ylim(0.8 * lowest if lowest > 0 else 0, 1.1 * highest)
    found = curves.crossover(NB, LR, metric)
    if found.train_size is not None:
        low, high = np.clip(found.interval, sizes[0], sizes[-1])
        ax.axvspan(low, high, color="0.5", alpha=0.15, lw=0)
        ax.axvline(found.train_size, color="0.45", ls=(0, (4, 3)), lw=1)
    ax.set_title(name, fontsize=10)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.grid(color="0.92")
    ax.set_axisbelow(True)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, which="both", labelsize=8)


def main(folder, cache, only, pair_alone):
    studies, means, pairs = {}, [], []
    for name, kind, X, y in tables(folder):
        if only and name not in only:
            continue
        curves = studies[name] = curves_of(kind, X, y, cache, pair_alone)
        means += figures(name, curves)
        pairs += crossings(name, kind, len(y), curves)
        print(name, len(curves.fits), len(curves.failures), flush=True)
        for metric in METRICS:
            print("   ", curves.crossover(NB, LR, metric), flush=True)
    summary = list(counts(pd.DataFrame(pairs)))
    print(pd.DataFrame(summary).T.to_string())
    settings = {"seed": SEED, "splits": N_SPLITS, "tables": len(studies)}
    settings["pair_alone"] = pair_alone
    save("ng_jordan", means, **settings)
    save("ng_jordan_pairs", pairs, **settings)
    save("ng_jordan_summary", summary, **settings)
    for metric, ending in zip(METRICS, ("", "_log_loss"), strict=True):
        draw(studies, metric).savefig(RESULTS / f"ng_jordan{ending}.png", dpi=110)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, cache, *only = [word for word in sys.argv[1:] if word != "--pair"]
    warnings.simplefilter("ignore")
    main(Path(folder), Path(cache), only, pair_alone="--pair" in sys.argv)
