"""Does a search by a two-sample test choose a sampler's parameters well?

``GridSearchCV`` over ``min_samples_leaf`` of ``TreeSampler``, scored by how well
boosting tells drawn rows from held-out ones, on half of each table (10 000 rows of
adult); three folds, three draws each. What it chose, and all that it did not, is then
fitted to that half and judged on the other: the same test on rows that no search has
seen, a classifier taught by drawn rows, and an attack on the membership of the rows of
fit. Medians of three seeds; ``chosen`` counts seeds.

    python benchmarks/studies/sampler_search.py FOLDER

FOLDER holds adult.csv.gz, phoneme.csv.gz and pima.csv.gz with a last column ``target``.
"""

import sys
from pathlib import Path
from statistics import median

import pandas as pd
from _record import save
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from threadpoolctl import threadpool_limits

from skgendisc import metrics
from skgendisc.trees import TreeSampler

TABLES = {"adult": 20_000, "phoneme": None, "pima": None}
LEAVES = [1, 2, 5, 10, 20, 50, 100, 300, 1000]
SEEDS = (0, 1, 2)


def search(X, y, seed):
    """A fitted search over leaves."""
    scorer = metrics.make_sampler_scorer(
        metrics.classifier_two_sample_test,
        greater_is_better=False,
        n_draws=3,
        random_state=seed,
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=seed)
    grid = {"min_samples_leaf": LEAVES}
    sampler = TreeSampler(random_state=seed)
    return GridSearchCV(sampler, grid, scoring=scorer, cv=folds).fit(X, y)


def judge(sampler, fit, unseen, seed):
    """Figures of a fitted sampler on rows that it has not seen."""
    X, y = sampler.sample(len(unseen), random_state=seed)
    train, synthetic, test = metrics.align_tables(
        fit.drop(columns="target"),
        X,
        unseen.drop(columns="target"),
        y=(fit["target"], y, unseen["target"]),
    )
    seeded = {"random_state": seed}
    test_of = metrics.classifier_two_sample_test(test, synthetic, **seeded)
    taught = metrics.train_synthetic_test_real(train, synthetic, test, **seeded)
    attack = metrics.membership_inference(train, synthetic, test, **seeded)
    return {
        "unseen_auc": test_of.auc,
        "taught_auc": taught.score,
        "attack_auc": attack.auc,
    }


def measure(table, seed):
    """Of each number of rows in a leaf, figures by name."""
    fit, unseen = train_test_split(
        table, test_size=0.5, stratify=table["target"], random_state=seed
    )
    X, y = fit.drop(columns="target"), fit["target"]
    found = search(X, y, seed)
    figures = {}
    for number, leaf in enumerate(LEAVES):
        sampler = clone(found.best_estimator_).set_params(min_samples_leaf=leaf)
        figures[leaf] = {
            "search_auc": -found.cv_results_["mean_test_score"][number],
            "chosen": int(found.best_params_["min_samples_leaf"] == leaf),
            **judge(sampler.fit(X, y), fit, unseen, seed),
        }
    return figures


def main(folder):
    rows = []
    for name, n_rows in TABLES.items():
        table = pd.read_csv(Path(folder) / f"{name}.csv.gz")
        if n_rows:
            table = table.sample(n_rows, random_state=0)
        of_seeds = [measure(table, seed) for seed in SEEDS]
        for leaf in LEAVES:
            figures = [of_seed[leaf] for of_seed in of_seeds]
            row = {"table": name, "rows_of_fit": len(table) // 2, "leaf": leaf}
            row["chosen"] = sum(f["chosen"] for f in figures)
            for figure in ("search_auc", "unseen_auc", "taught_auc", "attack_auc"):
                row[figure] = round(median(f[figure] for f in figures), 4)
            print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)
            rows.append(row)
    save("sampler_search", rows, seeds=len(SEEDS), folds=3, draws=3, threads=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with threadpool_limits(1):
        main(sys.argv[1])
