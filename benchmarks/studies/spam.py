"""Spam: a generative classifier, discriminative ones, and these with generated mails.

Words are counted by a CountVectorizer inside each fold. MultinomialNBSampler stands
behind it as a classifier, and ahead of logistic regression and of a linear SVM as an
over-sampler that balances the classes; random over-sampling and class weights are the
baselines of that.

    python benchmarks/studies/spam.py PATH/TO/sms_spam.csv.gz

The table is the SMS Spam Collection (Almeida, Gomez Hidalgo & Yamakami, DocEng 2011;
UCI Machine Learning Repository, CC BY 4.0), with columns ``text`` and ``target``.
"""

import sys

import numpy as np
import pandas as pd
from _record import save
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
)
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from skgendisc.joint import MultinomialNBSampler

SEED = 0
N_FOLDS = 5


def lineup():
    """Pipelines from text to label, by name."""
    discriminative = {
        "logistic regression": LogisticRegression(max_iter=1000),
        "linear SVM": LinearSVC(max_iter=10_000),
    }
    classifiers = {"multinomial naive Bayes": [MultinomialNBSampler()]}
    for name, classifier in discriminative.items():
        weighted = type(classifier)(
            **classifier.get_params() | {"class_weight": "balanced"}
        )
        classifiers |= {
            name: [classifier],
            f"{name}, class weights": [weighted],
            f"{name} + random over-sampling": [
                RandomOverSampler(random_state=SEED),
                classifier,
            ],
            f"{name} + naive Bayes mails": [
                MultinomialNBSampler(random_state=SEED),
                classifier,
            ],
        }
    return {
        name: make_pipeline(CountVectorizer(), *steps)
        for name, steps in classifiers.items()
    }


def scores_of_folds(pipeline, texts, labels):
    """Accuracy, precision and recall of spam, one row a fold; counts over all."""
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=SEED)
    scores, counts = [], np.zeros((2, 2), dtype=int)
    for train, test in folds.split(texts, labels):
        predicted = pipeline.fit(texts[train], labels[train]).predict(texts[test])
        precision, recall, f1, _ = precision_recall_fscore_support(
            labels[test], predicted, pos_label="spam", average="binary"
        )
        scores.append([accuracy_score(labels[test], predicted), precision, recall, f1])
        counts += confusion_matrix(labels[test], predicted, labels=["ham", "spam"])
    return np.array(scores), counts


def main(path):
    table = pd.read_csv(path)
    texts, labels = table["text"].to_numpy(str), table["target"].to_numpy(str)
    rows = []
    for name, pipeline in lineup().items():
        scores, counts = scores_of_folds(pipeline, texts, labels)
        error = scores.std(axis=0, ddof=1) / np.sqrt(N_FOLDS)
        row = {"classifier": name}
        for metric, mean, off in zip(
            ("accuracy", "precision", "recall", "f1"),
            scores.mean(axis=0),
            error,
            strict=True,
        ):
            row |= {metric: round(mean, 4), f"{metric}_se": round(off, 4)}
        row |= dict(
            zip(
                ("ham_kept", "ham_lost", "spam_missed", "spam_caught"),
                counts.ravel().tolist(),
                strict=True,
            )
        )
        print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
        rows.append(row)
    save("spam", rows, seed=SEED, folds=N_FOLDS, n_rows=len(table))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with threadpool_limits(1):
        main(sys.argv[1])
