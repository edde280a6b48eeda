"""Does a model of the digits 0 to 4 help one of a few images of the digits 5 to 9?

The source are 10 000 images of MNIST's 0 to 4, the target 20 images each of 5 to 9. A
model is fitted to the source, then fine-tuned to the 100 images of classes that are new
to it, with and without frozen layers: the first of the GAN's discriminator, all five of
the VAE's encoder, whose latent variables then stay what they were. Another is fitted to
the 100 alone. Settings of fine-tuning were chosen on seeds that are not reported
(``tune``).

c2st: AUC of boosting, on 30 principal components of real images, that tells drawn from
    other real images of 5 to 9; 0.5 is best.
accuracy: on the test digits 5 to 9, of a perceptron taught by 5000 drawn ones.

Five seeds, for the images too: medians, and the ranges.

    python benchmarks/studies/digit_transfer.py FOLDER [tune]

FOLDER holds mnist.npz with X of shape (70000, 784) and y, the 10 000 test digits last
(LeCun, Bottou, Bengio & Haffner 1998).
"""

import sys
import time
from copy import deepcopy
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
import torch
from _record import median_and_range, save
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from skgendisc.neural import GANSampler, VAESampler

SEEDS, TUNING_SEEDS = range(5), (96, 97, 98)
N_SOURCE, N_OF_CLASS, N_DRAWN, N_COMPONENTS = 10_000, 20, 5000, 30
# Of the source, as few epochs as draw good digits.
SAMPLERS = {VAESampler: {"max_epochs": 10}, GANSampler: {"max_epochs": 15}}
# Chosen by ``tune``, for frozen layers: part of the learning rate, and epochs of one
# step.
CHOSEN = {
    VAESampler: {0: (0.1, 800), 5: (1.0, 400)},
    GANSampler: {0: (1.0, 400), 1: (1.0, 400)},
}
PARTS, EPOCHS = (0.1, 0.3, 1.0), (200, 400, 800)


def read(path):
    """Images, digits, and which are to test."""
    with np.load(path) as file:
        return file["X"].astype(np.float64), file["y"].astype(np.intp)


class Task:
    """Images of a seed, and how drawn ones are judged by them."""

    def __init__(self, X, y, seed):
        rng = np.random.default_rng(seed)
        order = rng.permutation(60_000)
        source = order[y[order] < 5][:N_SOURCE]
        of_target = [order[y[order] == k] for k in range(5, 10)]
        few = np.concatenate([rows[:N_OF_CLASS] for rows in of_target])
        others = np.concatenate([rows[N_OF_CLASS:] for rows in of_target])
        self.seed = seed
        self.source, self.few = (X[source], y[source]), (X[few], y[few])
        self.real = X[rng.choice(others, N_DRAWN, replace=False)]
        test = np.flatnonzero(y[60_000:] >= 5) + 60_000
        self.test = X[test], y[test]

    def judge(self, sampler):
        """Whether drawn images are told from real ones, and what they teach."""
        drawn, digits = sampler.sample(N_DRAWN)
        to_components = PCA(N_COMPONENTS, random_state=0).fit(self.real)
        both = to_components.transform(np.concatenate([self.real, drawn]))
        is_real = np.repeat([1, 0], N_DRAWN)
        boosting = HistGradientBoostingClassifier(random_state=self.seed)
        proba = cross_val_predict(boosting, both, is_real, cv=3, method="predict_proba")
        c2st = roc_auc_score(is_real, proba[:, 1])
        return {"c2st": c2st, "accuracy": self.taught_by(drawn, digits)}

    def taught_by(self, X, y):
        """Accuracy of a perceptron on the test digits."""
        perceptron = MLPClassifier((256,), max_iter=30, random_state=self.seed)
        perceptron.fit(X / 255.0, y)
        return perceptron.score(self.test[0] / 255.0, self.test[1])


def fit(kind, seed, X, y, **settings):
    """A sampler of images, and CPU seconds of its fit."""
    start = time.process_time()
    sampler = kind(image_shape=(28, 28), random_state=seed, **settings).fit(X, y)
    return sampler, time.process_time() - start


def fine_tuned(source_model, few, freeze, part, epochs):
    """A copy of a model, adapted to few images; and CPU seconds of that."""
    model = deepcopy(source_model)
    lr = part * model.net_.lr
    start = time.process_time()
    model.fine_tune(*few, freeze=freeze, lr=lr, max_epochs=epochs)
    return model, time.process_time() - start


def measure(task, kind):
    """Figures of one kind of sampler, one a way to come to a model."""
    source_model, _ = fit(kind, task.seed, *task.source, **SAMPLERS[kind])
    for freeze, (part, epochs) in CHOSEN[kind].items():
        model, seconds = fine_tuned(source_model, task.few, freeze, part, epochs)
        yield f"fine-tuned, freeze={freeze}", task.judge(model), seconds
    model, seconds = fit(kind, task.seed, *task.few)
    yield "fitted to the 100 images", task.judge(model), seconds


def tune(X, y):
    """Ways of fine-tuning, on seeds of their own."""
    for seed, kind in product(TUNING_SEEDS, SAMPLERS):
        task = Task(X, y, seed)
        source_model, _ = fit(kind, seed, *task.source, **SAMPLERS[kind])
        for freeze, part, epochs in product(CHOSEN[kind], PARTS, EPOCHS):
            model, seconds = fine_tuned(source_model, task.few, freeze, part, epochs)
            figures = task.judge(model)
            print(seed, kind.__name__, freeze, part, epochs, seconds, figures)


def main(X, y):
    found = {}
    for seed in SEEDS:
        task = Task(X, y, seed)
        real = {"c2st": np.nan, "accuracy": task.taught_by(*task.few)}
        found.setdefault(("none", "the 100 images"), []).append((real, 0.0))
        for kind in SAMPLERS:
            for way, figures, seconds in measure(task, kind):
                key = kind.__name__, way
                found.setdefault(key, []).append((figures, seconds))
                print(seed, *key, figures, flush=True)
    rows = []
    for (kind, way), of_seeds in found.items():
        row = {"sampler": kind, "way": way}
        for name in ("c2st", "accuracy"):
            row |= median_and_range(name, [figures[name] for figures, _ in of_seeds])
        row["cpu_s"] = round(median(seconds for _, seconds in of_seeds), 2)
        rows.append(row)
    settings = {"seeds": len(SEEDS), "source": N_SOURCE, "target": 5 * N_OF_CLASS}
    save("digit_transfer", rows, torch=torch.__version__, **settings)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with threadpool_limits(1):
        data = read(Path(sys.argv[1]) / "mnist.npz")
        tune(*data) if sys.argv[2:] == ["tune"] else main(*data)
