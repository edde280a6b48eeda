"""How fast are drawing, resampling and fitting, beside plain noise and the peers?

Every figure is a ratio of CPU seconds, on one thread, between runs that alternate in
one process: best of the repeats of each side. A *fill* is the time that
``Generator.standard_normal`` takes for an existing array of the same shape: no sampler
of Gaussian rows can be faster.

    python benchmarks/studies/sampling_speed.py
"""

import time
import tracemalloc

import numpy as np
from _record import save
from imblearn.over_sampling import SMOTE
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB
from threadpoolctl import threadpool_limits

from skgendisc.joint import GaussianNBSampler, LDASampler, QDASampler

SEED = 0
N_FEATURES = 20
DRAW_TARGETS = {GaussianNBSampler: 1.4, LDASampler: 1.5, QDASampler: 1.6}


def best_seconds(*works, repeats):
    """Least CPU seconds of each piece of work, in turn, over the repeats."""
    best = np.full(len(works), np.inf)
    for _ in range(repeats):
        for i, work in enumerate(works):
            start = time.process_time()
            work()
            best[i] = min(best[i], time.process_time() - start)
    return best


def table(n_rows, minority, rng):
    """Two Gaussian classes with correlated columns, in random order."""
    y = (rng.random(n_rows) < minority).astype(int)
    mixing = rng.standard_normal((N_FEATURES, N_FEATURES)) / 4
    return rng.standard_normal((n_rows, N_FEATURES)) @ mixing + 0.3 * y[:, None], y


def figure(work, value, target, *, at_most):
    """One row of the result, printed as well."""
    met = value <= target if at_most else value >= target
    sign = "<=" if at_most else ">="
    print(
        f"{work:62s} {value:6.2f}  target {sign} {target:<4}  {'ok' if met else 'NO'}"
    )
    return {"work": work, "ratio": round(value, 3), "target": f"{sign} {target}"}


def measure_draws(rng):
    """Conditional draws in a random order of classes, in fills."""
    X, y = table(1_000_000, 0.3, rng)
    noise = np.empty_like(X)
    for cls, target in DRAW_TARGETS.items():
        sampler = cls(random_state=SEED).fit(X[:20_000], y[:20_000])
        fill, draw = best_seconds(
            lambda: rng.standard_normal(out=noise),
            lambda s=sampler: s.sample_conditional(y),
            repeats=9,
        )
        work = f"{cls.__name__}.sample_conditional, 1 000 000 x 20, in fills"
        yield figure(work, draw / fill, target, at_most=True)


def measure_resampling(rng):
    """How many times SMOTE's time fit_resample saves."""
    for n_rows, target, repeats in ((1_000_000, 10, 3), (100_000, 2, 7)):
        X, y = table(n_rows, 0.05, rng)
        for cls in (LDASampler, GaussianNBSampler):
            noise = np.empty((2 * int((y == 0).sum()), N_FEATURES))
            sampler, smote = cls(random_state=SEED), SMOTE(random_state=SEED)
            fill, ours, theirs = best_seconds(
                lambda out=noise: rng.standard_normal(out=out),
                lambda s=sampler, X=X, y=y: s.fit_resample(X, y),
                lambda s=smote, X=X, y=y: s.fit_resample(X, y),
                repeats=repeats,
            )
            print(
                f"  fills of the output: {ours / fill:.2f}, SMOTE {theirs / fill:.2f}"
            )
            work = f"SMOTE / {cls.__name__}.fit_resample, {n_rows} x 20, 5 % minority"
            yield figure(work, theirs / ours, target, at_most=False)


def measure_fits(rng):
    """Time beside scikit-learn's, and peak memory beside the input's."""
    X, y = table(1_000_000, 0.3, rng)
    for cls, peer in (
        (GaussianNBSampler, GaussianNB()),
        (LDASampler, LinearDiscriminantAnalysis(solver="lsqr")),
        (QDASampler, None),
    ):
        if peer is not None:
            ours, theirs = best_seconds(
                lambda c=cls: c().fit(X, y), lambda p=peer: p.fit(X, y), repeats=5
            )
            work = f"{cls.__name__}.fit / {type(peer).__name__}.fit, 1 000 000 x 20"
            yield figure(work, ours / theirs, 1.0, at_most=True)
        tracemalloc.start()
        cls().fit(X, y)
        peak = tracemalloc.get_traced_memory()[1] / X.nbytes
        tracemalloc.stop()
        work = f"{cls.__name__}.fit, peak extra memory / input, 1 000 000 x 20"
        yield figure(work, peak, 0.3, at_most=True)


def main():
    rng = np.random.default_rng(SEED)
    rows = [
        row
        for measure in (measure_draws, measure_resampling, measure_fits)
        for row in measure(rng)
    ]
    save("sampling_speed", rows, seed=SEED, threads=1, time="CPU, best of repeats")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
