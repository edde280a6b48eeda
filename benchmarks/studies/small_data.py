"""Does a generative model help classifiers that have few rows to learn from?

Every table of FOLDER with labels and columns, and three of scikit-learn's; 50 to 500
rows to fit, drawn anew at each repeat, up to 2000 others to judge. Five classifiers,
each

- alone, and with balanced class weights where it takes them;
- with copies of its rows, five for each: the control, since part of what five times as
  many rows bring is a smaller least share of a leaf;
- behind SMOTE, which balances the classes;
- with five rows of each sampler for each of its own, whatever they are worth;
- in an AugmentedClassifier and in a HybridClassifier ("pool" and "stack").

    python benchmarks/studies/small_data.py FOLDER [TABLE ...]

FOLDER holds CSV files with a last column ``target``, and ``manifest.json`` with their
categorical columns. What was measured of a cell (table, rows, repeat) is appended to
``results/small_data_cells.jsonl.gz`` and not measured again: a study of hours can be
stopped, and two processes can share the tables. At the end the cells are summed up. A
class with fewer than two rows to fit leaves a cell out, for all arms.

log_loss: in nats. Probabilities of all arms have half a row of each class mixed in: one
    row that a forest or its neighbours hold for impossible costs everything otherwise.
    raw_log_loss is without (at least 1e-15).
seconds: of a fit, CPU. Augmented and hybrid classifiers of a cell try the same samplers
    on the same folds: what one of them worked out serves the others, whose seconds
    are told as if they had worked it out themselves.
better, worse: cells (table, rows) whose corrected 95 % interval over repeats (Nadeau &
    Bengio 2003) lies on one side of the classifier alone. Where many more rows are to
    judge than to fit it is wide, and hardly any cell does; better_plain and worse_plain
    are by the interval without correction, which is too narrow.
low, high: 95 % interval of the mean over tables, by Student's t; boot_low, boot_high by
    a bootstrap (BCa), since one table with a large gain widens the first on both sides.
chosen, chosen_cells: share of fits, and of cells (table, rows) in one repeat at least,
    where AugmentedClassifier chose synthetic rows; chosen_log_loss and
    chosen_cells_log_loss are those of these fits, and of all fits of these cells.
"""

import gzip
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from _record import RESULTS, save
from _remember import remembered
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline as make_resampling_pipeline
from scipy.stats import bootstrap
from scipy.stats import t as student
from sklearn import datasets
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from skgendisc.augmentation import AugmentedClassifier, HybridClassifier, enlarge
from skgendisc.base import GenerativeSampler
from skgendisc.comparison import table_preprocessor
from skgendisc.compose import TransformedSampler
from skgendisc.joint import GaussianCopulaSampler, LDASampler, MixedNBSampler
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler

CELLS = RESULTS / "small_data_cells.jsonl.gz"
SIZES, REPEATS, N_TEST = (50, 100, 200, 500), 10, 2000
FEW = 200
SKIPPED = {"mnist", "sms_spam"}
REMEMBERED = (
    TransformedSampler,
    MixedNBSampler,
    GaussianCopulaSampler,
    TreeSampler,
    Pipeline,
    ColumnTransformer,
)
FIGURES = ("log_loss", "raw_log_loss", "brier", "auc", "balanced_accuracy", "seconds")


class Copies(GenerativeSampler):
    """Draws rows of fit again."""

    def _fit(self, X, y):
        self.rows_, self.y_ = X, y
        self.class_prior_ = np.bincount(y) / len(y)

    def _draw(self, y, rng):
        places = [np.flatnonzero(self.y_ == k) for k in range(y.max() + 1)]
        return self.rows_[[rng.choice(places[k]) for k in y]]


class CopiesOfTables(TreeSampler):
    """The same of mixed tables."""

    def _fit(self, X, y):
        Copies._fit(self, X, y)

    def _draw(self, y, rng):
        return Copies._draw(self, y, rng)


class CalibratedSVM(ClassifierMixin, BaseEstimator):
    """A support vector machine with probabilities.

    From as many folds as the rarest class has rows, three at most; with a class of one
    row probabilities are shares of the classes.
    """

    def fit(self, X, y, sample_weight=None):
        n_folds = min(3, np.unique(y, return_counts=True)[1].min())
        self.model_ = DummyClassifier(strategy="prior")
        if n_folds > 1:
            self.model_ = CalibratedClassifierCV(SVC(), cv=n_folds, ensemble=False)
        self.model_.fit(X, y, sample_weight)
        self.classes_ = self.model_.classes_
        return self

    def predict(self, X):
        return self.model_.predict(X)

    def predict_proba(self, X):
        return self.model_.predict_proba(X)


def tables(folder):
    """Tables, labels and names."""
    for entry in json.loads((folder / "manifest.json").read_text()):
        name = entry["file"].split(".")[0]
        if name in SKIPPED:
            continue
        table = pd.read_csv(folder / entry["file"])
        categorical = dict.fromkeys(entry["categorical"], "category")
        yield name, table.drop(columns="target").astype(categorical), table["target"]
    for name in ("breast_cancer", "wine", "digits"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True, as_frame=True)
        yield name, X, y


CLASSIFIERS = {
    "logistic regression": LogisticRegression(max_iter=1000),
    "random forest": RandomForestClassifier(100, random_state=0),
    "boosting": HistGradientBoostingClassifier(max_iter=60, random_state=0),
    "SVM": CalibratedSVM(),
    "k-NN": KNeighborsClassifier(),
}


def arms(classifier, preprocessor, y, seed):
    """Ways to use a classifier, by name."""
    alone = make_pipeline(preprocessor, classifier)
    settings = {"sampling_strategy": enlarge(6), "random_state": seed}
    lda = TransformedSampler(TableEncoder(), LDASampler(shrinkage="auto"), **settings)
    samplers = {
        "copies": CopiesOfTables(**settings),
        "naive Bayes x 5": MixedNBSampler(**settings),
        "LDA x 5": lda,
        "copula x 5": GaussianCopulaSampler(**settings),
        "trees x 5": TreeSampler(**settings),
    }
    n_neighbours = min(5, np.unique(y, return_counts=True)[1].min() - 1)
    smote = SMOTE(k_neighbors=n_neighbours, random_state=seed)
    ways = {"alone": alone}
    if "class_weight" in classifier.get_params():
        weighted = clone(classifier).set_params(class_weight="balanced")
        ways["class_weight"] = make_pipeline(preprocessor, weighted)
    ways["SMOTE"] = make_resampling_pipeline(preprocessor, smote, classifier)
    for name, sampler in samplers.items():
        ways[name] = make_resampling_pipeline(sampler, preprocessor, classifier)
    ways["augmented"] = AugmentedClassifier(alone, random_state=seed)
    for method in ("pool", "stack"):
        ways[f"hybrid, {method}"] = HybridClassifier(
            alone, method=method, random_state=seed
        )
    return ways


def judge(model, X, y, classes, n_rows):
    """Figures of a fitted model on other rows."""
    raw = np.zeros((len(y), len(classes)))
    raw[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(X)
    proba = (raw + 0.5 / n_rows) / (1 + 0.5 * len(classes) / n_rows)
    index = np.searchsorted(classes, y)
    rows, is_class = np.arange(len(y)), np.eye(len(classes))[index]
    present = np.flatnonzero(is_class.any(axis=0) & ~is_class.all(axis=0))
    return {
        "log_loss": -np.log(proba[rows, index]).mean(),
        "raw_log_loss": -np.log(np.maximum(raw[rows, index], 1e-15)).mean(),
        "brier": np.square(raw - is_class).sum(axis=1).mean(),
        # One against the rest, the mean over classes.
        "auc": np.mean([roc_auc_score(is_class[:, k], raw[:, k]) for k in present]),
        "balanced_accuracy": balanced_accuracy_score(y, classes[raw.argmax(axis=1)]),
    }


def measure(name, X, y, n_rows, repeat, now):
    """Figures of all classifiers and arms in a cell; ``now`` tells the time."""
    left = len(y) - n_rows
    X_fit, X_test, y_fit, y_test = train_test_split(
        X, y, train_size=n_rows, test_size=min(N_TEST, left), random_state=repeat
    )
    X_fit, X_test = X_fit.reset_index(drop=True), X_test.reset_index(drop=True)
    y_fit, y_test = np.asarray(y_fit), np.asarray(y_test)
    classes, counts = np.unique(y_fit, return_counts=True)
    if counts.min() < 2 or len(classes) < 2:
        return
    known = np.isin(y_test, classes)
    X_test, y_test = X_test[known].reset_index(drop=True), y_test[known]
    preprocessor = table_preprocessor(X)
    for kind, classifier in CLASSIFIERS.items():
        for arm, model in arms(classifier, preprocessor, y_fit, repeat).items():
            cell = {"classifier": kind, "arm": arm, "n_test": len(y_test)}
            start = now()
            try:
                model = clone(model).fit(X_fit, y_fit)
                cell["seconds"] = now() - start
                cell |= judge(model, X_test, y_test, classes, n_rows)
            except ValueError as error:
                cell["error"] = str(error).splitlines()[0]
            if arm == "augmented" and hasattr(model, "chosen_"):
                cell["chosen"] = model.chosen_["sampler"]
            yield cell


def measure_once(*cell):
    """The same as a list, where nothing is worked out twice."""
    with remembered(*REMEMBERED) as memory:
        return list(measure(*cell, memory.now))


def corrected_interval(differences, share):
    """Of the mean over repeats that share their rows (Nadeau & Bengio 2003)."""
    n = len(differences)
    scale = differences.std(ddof=1) * np.sqrt(1 / n + share)
    return differences.mean() + np.array([-1, 1]) * student.ppf(0.975, n - 1) * scale


def interval_over_tables(by_table):
    """Mean and 95 % interval of one figure a table."""
    mean, error = by_table.mean(), by_table.std() / np.sqrt(len(by_table))
    half = (
        error * student.ppf(0.975, len(by_table) - 1) if len(by_table) > 1 else np.nan
    )
    return mean, mean - half, mean + half


def skewed_interval(by_table, figure):
    """The same interval by a bootstrap over tables."""
    low = high = np.nan
    if by_table.nunique() > 1:
        values = (by_table.to_numpy(),)
        low, high = bootstrap(values, np.mean, rng=0).confidence_interval
    return {f"{figure}_boot_low": low, f"{figure}_boot_high": high}


def summarise(cells):
    """One row for each classifier, arm and number of rows: against alone."""
    key = ["table", "rows", "repeat", "classifier"]
    cells = cells[cells["log_loss"].notna()]
    alone = cells[cells["arm"] == "alone"].set_index(key)
    few = cells[cells["rows"] <= FEW]
    sizes = [(f"to {FEW}", few), *cells.groupby("rows")]
    for n_rows, of_size in sizes:
        for (kind, arm), own in of_size.groupby(["classifier", "arm"]):
            own = own.set_index(key)
            off = own[list(FIGURES)] - alone.loc[own.index, list(FIGURES)]
            by_table = off.groupby("table").mean()
            row = {"rows": n_rows, "classifier": kind, "arm": arm}
            row |= {"tables": len(by_table), "cells": len(off)}
            for figure in ("log_loss", "auc"):
                interval = interval_over_tables(by_table[figure])
                names = figure, f"{figure}_low", f"{figure}_high"
                row |= dict(zip(names, interval, strict=True))
                row |= skewed_interval(by_table[figure], figure)
            for figure in ("raw_log_loss", "brier", "balanced_accuracy"):
                row[figure] = by_table[figure].mean()
            row |= sides(off["log_loss"], own["n_test"])
            if arm == "augmented":
                row |= of_chosen(off["log_loss"], own["chosen"].notna())
            row["seconds"] = own["seconds"].median()
            yield rounded(row)


def rounded(row, digits=4):
    return {k: round(v, digits) if isinstance(v, float) else v for k, v in row.items()}


def sides(loss, n_test):
    """Cells (table, rows) of three repeats or more on one side of alone."""
    found, plain = [], []
    for (_, n_rows), own in loss.groupby(["table", "rows"]):
        if len(own) > 2:
            share = n_test.loc[own.index].iloc[0] / n_rows
            found.append(np.sign(corrected_interval(own.to_numpy(), share)).sum())
            plain.append(np.sign(corrected_interval(own.to_numpy(), 0.0)).sum())
    return {
        "better": found.count(-2),
        "worse": found.count(2),
        "better_plain": plain.count(-2),
        "worse_plain": plain.count(2),
        "judged": len(found),
    }


def of_chosen(loss, is_chosen):
    """Where synthetic rows were chosen: how often, and what came of it."""
    cells = is_chosen.groupby(["table", "rows"])
    row = {"chosen": is_chosen.mean(), "chosen_cells": cells.any().mean()}
    for of, own in (("chosen", is_chosen), ("chosen_cells", cells.transform("any"))):
        if own.any():
            by_table = loss[own].groupby("table").mean()
            names = (f"{of}_log_loss{end}" for end in ("", "_low", "_high"))
            row |= dict(zip(names, interval_over_tables(by_table), strict=True))
    return row


def read_cells():
    """What was measured: a dict a cell, its arms in a list."""
    if not CELLS.exists():
        return []
    with gzip.open(CELLS, "rt") as file:
        return [json.loads(line) for line in file]


def append_cell(cell):
    """In one piece, since other processes may append as well."""
    line = json.dumps(cell, default=str) + "\n"
    with CELLS.open("ab") as file:
        file.write(gzip.compress(line.encode()))


def main(folder, only):
    done = {(cell["table"], cell["rows"], cell["repeat"]) for cell in read_cells()}
    for repeat in range(REPEATS):
        for name, X, y in tables(folder):
            for n_rows in SIZES:
                key = name, n_rows, repeat
                if key in done or (only and name not in only) or n_rows > 0.8 * len(y):
                    continue
                arms = [rounded(row, 6) for row in measure_once(name, X, y, *key[1:])]
                cell = {"table": name, "rows": n_rows, "repeat": repeat, "arms": arms}
                append_cell(cell)
                print(*key, len(arms), flush=True)


def close():
    """Sum the cells up."""
    cells = pd.json_normalize(read_cells(), "arms", ["table", "rows", "repeat"])
    rows = list(summarise(cells))
    names = list({name: None for row in rows for name in row})
    rows = [{name: row.get(name, "") for name in names} for row in rows]
    print(pd.DataFrame(rows).to_string())
    n_cells = cells[["table", "rows", "repeat"]].drop_duplicates()
    save("small_data", rows, cells=len(n_cells), tables=cells["table"].nunique())


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, *only = sys.argv[1:]
    warnings.simplefilter("ignore")
    with threadpool_limits(1):
        main(Path(folder), only)
    close()
