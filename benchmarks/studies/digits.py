"""Handwritten digits: does what a sampler draws teach a classifier the real ones?

A multilayer perceptron learns digits from drawn rows alone, 60 000 of MNIST and 10 000
of the small ones, and is judged on real ones that no model has seen; the same
perceptron taught by the real rows of training is what can be reached. VAESampler and
GANSampler are as they come, with ``image_shape``, on one thread.

    python benchmarks/studies/digits.py [FOLDER_OF_MNIST]

Scikit-learn's digits (8 by 8 pixels, half of them to train) come with it. The folder
holds ``mnist.npz`` with X of shape (70000, 784) and y, the 10 000 test digits last
(LeCun, Bottou, Bengio & Haffner 1998); pictures of its drawn digits are saved too.
"""

import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
from _record import RESULTS, save
from matplotlib import image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from skgendisc.neural import GANSampler, VAESampler

SEEDS = {"digits": (0, 1, 2), "mnist": (0,)}
N_DRAWN = {"digits": 10_000, "mnist": 60_000}
N_PICTURES = 16  # of each class


def data_sets(folder):
    """Shape, and rows and labels to train and to test, by name."""
    X, y = load_digits(return_X_y=True)
    halves = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
    sets = {"digits": ((8, 8), *halves)}
    if folder is not None:
        with np.load(Path(folder) / "mnist.npz") as file:
            X, y = file["X"].astype(np.float64), file["y"].astype(np.intp)
        sets["mnist"] = (28, 28), X[:60_000], X[60_000:], y[:60_000], y[60_000:]
    return sets


def accuracy(X, y, X_test, y_test):
    """Of the perceptron, on pixels from 0 to 1."""
    largest = X_test.max()
    classifier = MLPClassifier((256,), random_state=0).fit(X / largest, y)
    return round(classifier.score(X_test / largest, y_test), 4)


def picture(sampler, shape):
    """Drawn digits, a row of them for each class."""
    y = np.repeat(sampler.classes_, N_PICTURES)
    X = sampler.sample_conditional(y, random_state=0)
    tiles = X.reshape(len(sampler.classes_), N_PICTURES, *shape).swapaxes(1, 2)
    return tiles.reshape(len(sampler.classes_) * shape[0], N_PICTURES * shape[1])


def taught_by_drawn(sampler, n_drawn, X, X_test, y, y_test):
    """Figures of a sampler, which is fitted."""
    begin = time.perf_counter()
    sampler.fit(X, y)
    fitted = time.perf_counter()
    X_new, y_new = sampler.sample(n_drawn)
    drawn = time.perf_counter()
    return {
        "taught_by": type(sampler).__name__,
        "fit_seconds": round(fitted - begin, 1),
        "draw_seconds": round(drawn - fitted, 2),
        "accuracy": accuracy(X_new, y_new, X_test, y_test),
    }


def taught_by_real(X, X_test, y, y_test):
    """What can be reached."""
    return {
        "taught_by": "real digits",
        "fit_seconds": None,
        "draw_seconds": None,
        "accuracy": accuracy(X, y, X_test, y_test),
    }


def main(folder=None):
    """Measure all, print and save it."""
    rows = []
    for name, (shape, *data) in data_sets(folder).items():
        figures = [(0, taught_by_real(*data))]
        for kind, seed in product((VAESampler, GANSampler), SEEDS[name]):
            sampler = kind(image_shape=shape, random_state=seed)
            figures.append((seed, taught_by_drawn(sampler, N_DRAWN[name], *data)))
            print(name, seed, *figures[-1][1].values(), flush=True)
            if name == "mnist" and seed == 0:
                short = kind.__name__.removesuffix("Sampler").lower()
                path = RESULTS / f"digits_{short}.png"
                image.imsave(path, picture(sampler, shape), cmap="gray")
        rows += [{"data": name, "seed": seed, **row} for seed, row in figures]
        save("digits", rows, torch_threads=1)


if __name__ == "__main__":
    with threadpool_limits(1):
        main(*sys.argv[1:])
