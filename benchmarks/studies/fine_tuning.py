"""Does a model of a large table help one of a small table, whose rows are others?

The adult census, parted by sex, which is no column then: 15 000 men are the source, and
200 women the target. Of the men 30 % earn above 50 000, of the women 11 %; few women
are husbands. A model is fitted to the source, then fine-tuned to the 200 rows, with and
without its first layer frozen; another is fitted to the 200 rows alone. Settings of
fine-tuning were chosen on a seed that is not reported (``tune``).

c2st: AUC of boosting that tells drawn from other rows of women, 0.5 is best.
tstr: AUC on these of boosting that was trained on 2000 drawn rows.

Five seeds, for the parts of the table too: medians, and the ranges.

    python benchmarks/studies/fine_tuning.py FOLDER [tune]

FOLDER holds adult.csv.gz of the UCI Machine Learning Repository (CC BY 4.0), with a
last column ``target``.
"""

import sys
import time
from copy import deepcopy
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import torch
from _record import median_and_range, save
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from threadpoolctl import threadpool_limits

from skgendisc.neural import GANSampler, VAESampler

SEEDS, TUNING_SEED = range(5), 99
N_SOURCE, N_TARGET, N_JUDGE = 15_000, 200, 2000
# Of the source, as few epochs as bring most of what the default brings.
SAMPLERS = {VAESampler: {"max_epochs": 20}, GANSampler: {"max_epochs": 30}}
# Chosen by ``tune``: part of the learning rate, and epochs, each one step.
CHOSEN = {VAESampler: (0.1, 200), GANSampler: (1.0, 200)}
PARTS, EPOCHS = (0.1, 1.0), (50, 200)


def boosting(seed):
    """Takes categories, and gaps."""
    return HistGradientBoostingClassifier(
        max_iter=50, early_stopping=False, random_state=seed
    )


def read(path):
    """The table; words are categories."""
    table = pd.read_csv(path)
    words = table.select_dtypes(exclude="number").columns
    return table.astype(dict.fromkeys([*words, "target"], "category"))


def parts(table, seed):
    """Rows of the source, of the target, and other rows of the target."""
    shuffled = table.sample(frac=1, random_state=seed)
    is_source = shuffled["sex"] == "Male"
    shuffled = shuffled.drop(columns="sex")
    source, target = shuffled[is_source][:N_SOURCE], shuffled[~is_source]
    # Fine-tuning takes no categories that the source does not have.
    words = source.select_dtypes("category")
    known = [target[name].isin(words[name].unique()) for name in words]
    few = target[np.logical_and.reduce(known)][:N_TARGET]
    return source, few, target.drop(few.index)


def fit(sampler, rows):
    """Fit to rows of the table."""
    return sampler.fit(rows.drop(columns="target"), rows["target"])


def drawn_by(sampler, like, labels=None):
    """Rows that a sampler draws, of given labels or its own."""
    if labels is None:
        X, labels = sampler.sample(N_JUDGE)
    else:
        X = sampler.sample_conditional(labels)
    X = X.assign(target=np.asarray(labels))
    return X[list(like)].astype(like.dtypes.to_dict())


def judge(drawn, held_out, seed):
    """Whether drawn rows can be told from others, and what boosting learns of them."""
    real = held_out[: len(drawn)]
    both, is_real = pd.concat([real, drawn]), np.repeat([1, 0], len(drawn))
    folds = StratifiedKFold(3, shuffle=True, random_state=seed)
    proba = cross_val_predict(
        boosting(seed), both, is_real, cv=folds, method="predict_proba"
    )
    return {
        "c2st": roc_auc_score(is_real, proba[:, 1]),
        "tstr": trained_on(drawn, held_out, seed),
    }


def trained_on(rows, held_out, seed):
    """AUC, on other rows, of boosting that was trained on these."""
    model = boosting(seed).fit(rows.drop(columns="target"), rows["target"])
    proba = model.predict_proba(held_out.drop(columns="target"))[:, 1]
    return roc_auc_score(held_out["target"] == model.classes_[1], proba)


def fine_tuned(source_model, few, freeze, part, epochs):
    """A copy of a model, adapted to few rows; and CPU seconds of that."""
    model = deepcopy(source_model)
    start = time.process_time()
    X, y = few.drop(columns="target"), few["target"]
    model.fine_tune(X, y, freeze=freeze, lr=part * model.net_.lr, max_epochs=epochs)
    return model, time.process_time() - start


def measure(table, kind, seed):
    """Figures of one kind of sampler, one a way to come to a model."""
    source, few, held_out = parts(table, seed)
    start = time.process_time()
    source_model = fit(kind(random_state=seed, **SAMPLERS[kind]), source)
    seconds = time.process_time() - start
    yield "source", judge(drawn_by(source_model, few), held_out, seed), seconds
    labels = few["target"].sample(N_JUDGE, replace=True, random_state=seed)
    drawn = drawn_by(source_model, few, labels.to_numpy())
    yield "source, labels as in the 200", judge(drawn, held_out, seed), 0.0
    part, epochs = CHOSEN[kind]
    for freeze in (0, 1):
        model, seconds = fine_tuned(source_model, few, freeze, part, epochs)
        figures = judge(drawn_by(model, few), held_out, seed)
        yield f"fine-tuned, freeze={freeze}", figures, seconds
    start = time.process_time()
    model = fit(kind(random_state=seed), few)
    seconds = time.process_time() - start
    figures = judge(drawn_by(model, few), held_out, seed)
    yield "fitted to the 200 rows", figures, seconds


def tune(table):
    """Ways of fine-tuning, on a seed of its own."""
    source, few, held_out = parts(table, TUNING_SEED)
    for kind, settings in SAMPLERS.items():
        source_model = fit(kind(random_state=TUNING_SEED, **settings), source)
        for freeze, part, epochs in product((0, 1), PARTS, EPOCHS):
            model, seconds = fine_tuned(source_model, few, freeze, part, epochs)
            row = {"sampler": kind.__name__, "freeze": freeze, "part": part}
            row |= {"epochs": epochs, "cpu_s": seconds}
            row |= judge(drawn_by(model, few), held_out, TUNING_SEED)
            print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)


def main(table):
    found = {}
    for seed in SEEDS:
        _, few, held_out = parts(table, seed)
        real = {"c2st": np.nan, "tstr": trained_on(few, held_out, seed)}
        found.setdefault(("none", "the 200 rows"), []).append((real, 0.0))
        for kind in SAMPLERS:
            for way, figures, seconds in measure(table, kind, seed):
                key = kind.__name__, way
                found.setdefault(key, []).append((figures, seconds))
                print(seed, *key, figures, flush=True)
    rows = []
    for (kind, way), of_seeds in found.items():
        row = {"sampler": kind, "way": way}
        for name in ("c2st", "tstr"):
            row |= median_and_range(name, [figures[name] for figures, _ in of_seeds])
        row["cpu_s"] = round(median(seconds for _, seconds in of_seeds), 2)
        print(", ".join(f"{k} {v}" for k, v in row.items()), flush=True)
        rows.append(row)
    settings = {"seeds": len(SEEDS), "source": N_SOURCE, "target": N_TARGET}
    save("fine_tuning", rows, torch=torch.__version__, **settings)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with threadpool_limits(1):
        table = read(Path(sys.argv[1]) / "adult.csv.gz")
        tune(table) if sys.argv[2:] == ["tune"] else main(table)
