"""Does balancing help where one class is rare, and what does it do to probabilities?

Tables with rare classes as they are; half of the rows to fit, half to judge; five
splits, and twenty where fewer than FEW_RARE rows are rare, and one of them moves all
figures; logistic regression, random forest and boosting, each

- alone; with balanced class weights; with a threshold tuned by cross-validation;
- behind random over-sampling, SMOTE, and our samplers, which all balance the classes,
  or (to a quarter) add rows to classes with fewer than a quarter of the largest's;
- behind the same, with probabilities corrected (PriorCorrectedClassifier, "auto": the
  mean of five folds), and with weights that give classes back their share ("weighting",
  fitted once);
- so corrected without any sampler, which tells what the mean of folds does by itself;
- in HybridClassifier, which balances nothing, and in one whose discriminative member
  is to a quarter and corrected (of LDA; for logistic regression of others, too).

    python benchmarks/studies/imbalance.py FOLDER [TABLE ...]

FOLDER as in ``small_data.py``. Of a table with several classes the rarest with fifty
rows or more is told from all others.

average_precision, auc, log_loss, brier: of the rare class; log loss in nats.
slope, intercept: of the calibration line in log-odds, 1 and 0 are best.
recall_at: recall at the precision that SMOTE's own threshold of one half has.
recall, precision: at the arm's own threshold.
weighting: share of splits in which "auto" chose it.
instability: standard deviation over samplers' seeds of a row's probability, the mean;
    of what is not corrected.

A second file sums up, as means over tables with 95 % intervals: average_precision and
log_loss against the classifier alone, and recall_at against SMOTE.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from _record import save
from _remember import remembered
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline as make_resampling_pipeline
from scipy.special import logit
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
)
from sklearn.model_selection import TunedThresholdClassifierCV, train_test_split
from sklearn.pipeline import make_pipeline
from small_data import REMEMBERED, interval_over_tables, rounded, tables
from threadpoolctl import threadpool_limits

from skgendisc.augmentation import (
    HybridClassifier,
    PriorCorrectedClassifier,
    balance,
)
from skgendisc.comparison import table_preprocessor
from skgendisc.compose import TransformedSampler
from skgendisc.joint import GaussianCopulaSampler, LDASampler
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler

TABLES = ("mammography", "abalone19", "yeast", "churn", "credit_default")
SPLITS, SPLITS_OF_FEW, FEW_RARE = 5, 20, 100
SAMPLER_SEEDS, LEAST_RARE, MOST_ROWS = (0, 1), 50, 10_000
QUARTER = balance(0.25)
# The first one for all classifiers; fits within fits of forest and boosting take long.
IN_HYBRID = ("LDA", "copula", "over-sampling")
BASELINES = {"average_precision": "alone", "log_loss": "alone", "recall_at": "SMOTE"}
CLASSIFIERS = {
    "logistic regression": LogisticRegression(max_iter=1000),
    "random forest": RandomForestClassifier(100, random_state=0),
    "boosting": HistGradientBoostingClassifier(max_iter=60, random_state=0),
}


def rare_class(y):
    """True for rows of the rarest class that can be judged."""
    counts = y.value_counts()
    enough = counts[counts >= LEAST_RARE] if len(counts) > 2 else counts
    return (y == enough.index[-1]).to_numpy()


def arms(classifier, preprocessor, seed):
    """Ways to use a classifier, by name."""
    alone = make_pipeline(preprocessor, classifier)
    weighted = clone(classifier).set_params(class_weight="balanced")
    lda = TransformedSampler(TableEncoder(), LDASampler(shrinkage="auto"))
    samplers = {
        "LDA": lda.set_params(random_state=seed),
        "copula": GaussianCopulaSampler(random_state=seed),
        "trees": TreeSampler(random_state=seed),
    }
    balanced = {
        "over-sampling": RandomOverSampler(random_state=seed),
        "SMOTE": SMOTE(random_state=seed),
        **samplers,
    }
    ways = {
        "alone": alone,
        "class_weight": make_pipeline(preprocessor, weighted),
        "tuned threshold": TunedThresholdClassifierCV(alone, cv=3),
    }
    for name, sampler in balanced.items():
        less = clone(sampler).set_params(sampling_strategy=QUARTER)
        for arm, given in ((name, sampler), (f"{name}, to a quarter", less)):
            steps = [given, preprocessor] if name in samplers else [preprocessor, given]
            ways[arm] = make_resampling_pipeline(*steps, classifier)
            if seed == SAMPLER_SEEDS[0]:
                for how, method in (("corrected", "auto"), ("weighted", "weighting")):
                    ways[f"{arm}, {how}"] = PriorCorrectedClassifier(
                        ways[arm], method=method, random_state=seed
                    )
    if seed == SAMPLER_SEEDS[0]:
        ways["alone, corrected"] = PriorCorrectedClassifier(alone, random_state=seed)
        for method in ("pool", "stack"):
            ways[f"hybrid, {method}"] = HybridClassifier(
                alone, method=method, random_state=seed
            )
        quick = isinstance(classifier, LogisticRegression)
        for name in IN_HYBRID if quick else IN_HYBRID[:1]:
            ways[f"{name}, to a quarter, in a hybrid"] = HybridClassifier(
                ways[f"{name}, to a quarter, corrected"], random_state=seed
            )
    return ways


def calibration(y, proba):
    """Slope and intercept of the line of log-odds on log-odds."""
    x = logit(np.clip(proba, 1e-6, 1 - 1e-6))[:, None]
    line = LogisticRegression(C=np.inf, max_iter=1000).fit(x, y)
    return line.coef_[0, 0], line.intercept_[0]


def recall_at(precision, y, proba):
    """Largest recall of a threshold with so much precision at least."""
    precisions, recalls, _ = precision_recall_curve(y, proba)
    return recalls[precisions >= precision].max()


def measure(X, y, split, now):
    """Figures of all classifiers and arms on a split; ``now`` tells the time."""
    X_fit, X_test, y_fit, y_test = train_test_split(
        X, y, test_size=0.5, stratify=y, random_state=split
    )
    X_fit, X_test = X_fit.reset_index(drop=True), X_test.reset_index(drop=True)
    preprocessor = table_preprocessor(X)
    for kind, classifier in CLASSIFIERS.items():
        found = {}
        for seed in SAMPLER_SEEDS:
            for arm, model in arms(classifier, preprocessor, seed).items():
                start = now()
                model = clone(model).fit(X_fit, y_fit)
                seconds = now() - start
                proba, label = model.predict_proba(X_test)[:, 1], model.predict(X_test)
                chosen = getattr(model, "method_", "") == "weighting"
                found.setdefault(arm, []).append((proba, label, seconds, chosen))
        smote = precision_score(y_test, found["SMOTE"][0][1], zero_division=0)
        for arm, runs in found.items():
            proba, label, seconds, chosen = runs[0]
            slope, intercept = calibration(y_test, proba)
            yield {
                "classifier": kind,
                "arm": arm,
                "average_precision": average_precision_score(y_test, proba),
                "auc": roc_auc_score(y_test, proba),
                "log_loss": log_loss(y_test, np.clip(proba, 1e-6, 1 - 1e-6)),
                "brier": brier_score_loss(y_test, proba),
                "slope": slope,
                "intercept": intercept,
                "recall_at": recall_at(smote, y_test, proba),
                "recall": recall_score(y_test, label),
                "precision": precision_score(y_test, label, zero_division=0),
                "instability": np.std([run[0] for run in runs], axis=0).mean()
                if len(runs) > 1
                else np.nan,
                "weighting": chosen,
                "seconds": seconds,
            }


def measure_once(*split):
    """The same as a list, where nothing is worked out twice."""
    with remembered(*REMEMBERED, *map(type, CLASSIFIERS.values())) as memory:
        return list(measure(*split, memory.now))


def sum_up(found):
    """Differences of each arm from its baselines: mean over tables, and interval."""
    key = ["table", "classifier"]
    for (kind, arm), own in found.groupby(["classifier", "arm"], sort=False):
        row = {"classifier": kind, "arm": arm}
        for figure, baseline in BASELINES.items():
            others = found[found["arm"] == baseline].set_index(key)[figure]
            off = (own.set_index(key)[figure] - others).dropna()
            names = figure, f"{figure}_low", f"{figure}_high"
            row |= dict(zip(names, interval_over_tables(off), strict=True))
        yield rounded(row)


def main(folder, only):
    rows = []
    for name, X, y in tables(folder):
        if name not in only:
            continue
        is_rare = rare_class(y)
        X, is_rare = X[:MOST_ROWS], is_rare[:MOST_ROWS]
        for split in range(SPLITS if is_rare.sum() >= FEW_RARE else SPLITS_OF_FEW):
            of_split = measure_once(X, is_rare, split)
            rows += [{"table": name, **row} for row in of_split]
            print(name, split, flush=True)
    close(pd.DataFrame(rows))


def close(rows):
    """Sum up and save."""
    found = rows.groupby(["table", "classifier", "arm"], sort=False).mean()
    found = found.reset_index()
    summary, n_tables = list(sum_up(found)), found["table"].nunique()
    found = found.round(4)
    print(found.to_string(), pd.DataFrame(summary).to_string(), sep="\n")
    settings = {
        "splits": SPLITS,
        "splits_of_few": SPLITS_OF_FEW,
        "few": FEW_RARE,
        "most_rows": MOST_ROWS,
    }
    save("imbalance", found.to_dict("records"), **settings)
    save("imbalance_summary", summary, tables=n_tables, **settings)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    warnings.simplefilter("ignore")
    with threadpool_limits(1):
        main(Path(sys.argv[1]), sys.argv[2:] or TABLES)
