"""Can the rows at which LDA overtakes naive Bayes be predicted?

Two normal classes whose columns are correlated: naive Bayes, which denies that, has the
smaller error with few rows and the larger one with many. 30 settings of
`make_correlated_naive` (columns, distance, correlation; the means differ in one column
or in half of them), and three predictions of the crossing of both errors:

- textbook: the double asymptotics of Raudys & Young (2004), for naive Bayes that of the
  nearest centroid, with its error for endless rows put right for the correlation;
- second order: our own closed form for naive Bayes, and the exact law of LDA. The error
  of a rule w is E Phi(-r / (2 sqrt(1 + 1/n))), r = w'delta / sqrt(w'Sigma w), since the
  midpoint of both means is independent of w. For LDA the law of r takes five
  independent variables (the inverse of a Wishart matrix, applied to a vector). For
  naive Bayes r is taken as normal, its moments by the delta method, given the noise of
  the means along the leading eigenvector, over which the error is averaged;
- simulation: the mean error over draws of means and scatter, with no table, independent
  of what is measured.

What they are held against: `learning_curves` of GaussianNBSampler(shared_variance=True)
and LDASampler on fresh rows, eight sizes from a third of the simulated crossing to
three times it, and `LearningCurves.crossover` with its 95 % interval - once from errors
on 2000 rows of each split, once from the exact errors of the fitted rules; a lower end
of 0 is one below the smallest size. 100 splits are two each of 50 tables: an interval
over splits of one table knows nothing of the chance that is in the table. (We began
with 100 splits of one table a setting, of ten times the rows that they take together at
the crossing, 150 000 at most: the intervals held the simulated crossing in 26 settings
of 30, those of exact errors in 23, see results/crossings_one_table.csv.)

    python benchmarks/studies/crossings.py

Raudys, S. & Young, D. (2004). Results in statistical discriminant analysis: a review of
the former Soviet Union literature. Journal of Multivariate Analysis 89(1).
"""

from dataclasses import replace

import numpy as np
from _record import save, share_right
from numpy.polynomial.hermite_e import hermegauss
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import chi2
from sklearn.metrics import make_scorer

from skgendisc.comparison import learning_curves
from skgendisc.datasets import make_correlated_naive
from skgendisc.joint import GaussianNBSampler, LDASampler
from skgendisc.numerics import lattice, tied_linear_rule

SEED = 0
DIMENSIONS, DISTANCES, CORRELATIONS = (5, 10, 20, 30, 40), (1.5, 2.5), (0.1, 0.2, 0.4)
N_SIZES, SPAN = 8, 3.0
N_TABLES, N_SPLITS, ROWS_OF_TABLE, N_TEST = 50, 2, 40, 2000
N_POINTS = 2**13
N_DRAWS, BATCH = 20_000, 1000
NB, LDA = "naive Bayes", "LDA"
METRICS = {"rows": "accuracy", "exact": "error"}


def settings():
    """Parameters of each setting; half of them inform in one column alone."""
    number = 0
    for n_features in DIMENSIONS:
        for distance in DISTANCES:
            for correlation in CORRELATIONS:
                yield {
                    "n_features": n_features,
                    "distance": distance,
                    "correlation": correlation,
                    "n_informative": 1 if number % 2 else n_features // 2,
                }
                number += 1


def parts(truth):
    """Difference of the means, and the covariance."""
    return truth.means[1] - truth.means[0], truth.covariances[0]


def squared_distance(truth):
    delta, covariance = parts(truth)
    return delta @ np.linalg.solve(covariance, delta)


def textbook_errors(truth, n_rows):
    """Of naive Bayes and of LDA, in the double asymptotic limit."""
    delta, covariance = parts(truth)
    squared, dimension = squared_distance(truth), len(delta)
    weight = delta / np.diag(covariance)
    spread = np.sqrt(weight @ covariance @ weight + 4 * dimension / n_rows)
    lost = np.sqrt(1 - dimension / (n_rows - 2))
    lda = squared * lost / np.sqrt(squared + 4 * dimension / n_rows)
    return ndtr(-weight @ delta / spread / 2), ndtr(-lda / 2)


def second_order_errors(truth, n_rows):
    """Of naive Bayes and of LDA, to second order and exactly."""
    return naive_bayes_error(truth, n_rows), lda_error(truth, n_rows)


def naive_bayes_error(truth, n_rows):
    delta, covariance = parts(truth)
    scale = np.sqrt(np.diag(covariance))
    delta, covariance = delta / scale, covariance / np.outer(scale, scale)
    # Covariances of the estimated variances, and of the difference of the means.
    wobble = 2 / (n_rows - 2) * covariance**2
    values, vectors = np.linalg.eigh(covariance)
    lead = np.sqrt(4 / n_rows * values[-1]) * vectors[:, -1]
    noise = 4 / n_rows * covariance - np.outer(lead, lead)
    turned = covariance @ noise
    nodes, weights = hermegauss(31)
    errors = []
    for node in nodes:
        mean = delta + node * lead
        image = covariance @ mean
        own, spread = delta * mean, mean * image
        # a: numerator, b: square of the denominator. The mean of 1 / variance is in
        # both, and cancels but for what correlated columns have in common.
        a = own.sum()
        b = spread.sum() + np.trace(turned)
        b += np.sum(covariance * (np.outer(mean, mean) + noise) * wobble)
        var_a = delta @ noise @ delta + own @ wobble @ own
        var_b = 4 * image @ noise @ image + 2 * np.sum(turned * turned.T)
        var_b += 4 * spread @ wobble @ spread
        both = 2 * delta @ noise @ image + 2 * own @ wobble @ spread
        centre = a / b**0.5 - both / (2 * b**1.5) + 3 * a * var_b / (8 * b**2.5)
        variance = var_a / b - a * both / b**2 + a**2 * var_b / (4 * b**3)
        errors.append(ndtr(-centre / np.sqrt(4 * (1 + 1 / n_rows) + variance)))
    return weights @ errors / weights.sum()


def lda_error(truth, n_rows):
    dimension, distance = truth.means.shape[1], np.sqrt(squared_distance(truth))
    uniform = lattice(N_POINTS, 5).T
    noise = 2 / np.sqrt(n_rows)
    # Where the means' difference points, in the metric of the covariance ...
    along = distance + noise * ndtri(uniform[0])
    across = noise * np.sqrt(chi2.ppf(uniform[1], dimension - 1))
    # ... and how far the inverse of the scatter turns it from there.
    turn, rest = ndtri(uniform[2]), chi2.ppf(uniform[3], dimension - 2)
    scatter = chi2.ppf(uniform[4], n_rows - dimension)
    cosine = along + across * turn / np.sqrt(scatter)
    cosine /= np.hypot(along, across) * np.sqrt(1 + (turn**2 + rest) / scatter)
    return ndtr(-distance * cosine / np.sqrt(4 * (1 + 1 / n_rows))).mean()


def simulated_errors(truth, n_rows, rng):
    """Of naive Bayes and of LDA, one row a draw."""
    (delta, covariance), size = parts(truth), (BATCH, truth.means.shape[1])
    factor, places = np.linalg.cholesky(covariance), np.arange(size[1])
    root = np.tril(rng.standard_normal((*size, size[1])), -1)  # of Bartlett
    root[:, places, places] = np.sqrt(rng.chisquare(n_rows - 2 - places, size))
    root = factor @ root
    scatter = root @ root.transpose(0, 2, 1)
    apart = delta + 2 / np.sqrt(n_rows) * rng.standard_normal(size) @ factor.T
    rules = (
        apart / np.diagonal(scatter, axis1=1, axis2=2),
        np.linalg.solve(scatter, apart[..., None])[..., 0],
    )
    ratios = [rule @ delta / np.linalg.norm(rule @ factor, axis=1) for rule in rules]
    return ndtr(-np.transpose(ratios) / np.sqrt(4 * (1 + 1 / n_rows)))


def predict(errors, truth):
    """Rows at which naive Bayes and LDA err alike."""

    def lead(log_rows):
        naive_bayes, lda = errors(truth, np.exp(log_rows))
        return lda - naive_bayes

    # With three rows more than columns the mean error of LDA is that of chance, nearly.
    low, high = np.log(truth.means.shape[1] + 3.0), np.log(1e6)
    return np.exp(brentq(lead, low, high, xtol=1e-4))


def simulate(truth, near, rng):
    """The same from draws about the crossing, by a parabola; and its standard error."""
    least = truth.means.shape[1] + 3
    sizes = np.unique([max(least, round(near * 1.3**k)) for k in (-2, -1, 0, 1, 2, 3)])
    draws = [
        np.concatenate(
            [simulated_errors(truth, n, rng) for _ in range(N_DRAWS // BATCH)]
        )
        for n in sizes
    ]
    leads = np.array([np.diff(errors, axis=1)[:, 0] for errors in draws])
    place, leads = np.log(sizes / near), leads.reshape(len(sizes), 10, -1).mean(axis=2)
    found = [parabola_root(place, lead) for lead in (leads.mean(axis=1), *leads.T)]
    found = near * np.exp(found)
    return found[0], found[1:].std(ddof=1) / np.sqrt(10)


def parabola_root(place, lead):
    """Where a parabola through the leads is zero, nearest to the middle."""
    roots = np.roots(np.polyfit(place, lead, 2))
    return roots[np.abs(roots).argmin()].real


class ExactError:
    """Scorer: the error of a fitted rule, which no rows are needed for."""

    def __init__(self, truth):
        self.truth = truth

    def __call__(self, model, X, y):
        covariance = getattr(model, "covariance_", None)
        if covariance is None:
            covariance = np.diag(model.var_[0])
        rule = tied_linear_rule(model.means_, covariance, model.class_prior_)
        return -self.truth.linear_rule_error(*rule)


def measure(setting, near, rng):
    """Crossings that `learning_curves` finds in fresh tables, by metric."""
    # Even ones: classes of equal size.
    sizes = 2 * np.rint(near / 2 * np.geomspace(1 / SPAN, SPAN, N_SIZES)).astype(int)
    sizes = np.unique(sizes[sizes > setting["n_features"] + 3])
    tables = [curves_of_table(setting, sizes, near, rng) for _ in range(N_TABLES)]
    fits = [
        fit | {"split": fit["split"] + N_SPLITS * number}
        for number, curves in enumerate(tables)
        for fit in curves.fits
    ]
    n_splits = [N_SPLITS * N_TABLES] * len(sizes)
    curves = replace(tables[0], fits=fits, n_splits=n_splits)
    return {name: curves.crossover(NB, LDA, metric) for name, metric in METRICS.items()}


def curves_of_table(setting, sizes, near, rng):
    """Two splits of a table so large that they hardly share rows to learn from."""
    X, y, truth = make_correlated_naive(
        round(ROWS_OF_TABLE * near) + N_TEST,
        **setting,
        return_truth=True,
        random_state=rng,
    )
    return learning_curves(
        {NB: GaussianNBSampler(shared_variance=True), LDA: LDASampler()},
        X,
        y,
        train_sizes=sizes,
        n_splits=[N_SPLITS] * len(sizes),
        test_size=N_TEST,
        scoring={"accuracy": make_scorer(share_right), "neg_error": ExactError(truth)},
        random_state=rng,
    )


def study(number, setting):
    """One row of the table."""
    *_, truth = make_correlated_naive(1, **setting, return_truth=True)
    streams = np.random.default_rng([SEED, number]).spawn(2)
    told = {
        "textbook": predict(textbook_errors, truth),
        "second_order": predict(second_order_errors, truth),
    }
    told["simulation"], error = simulate(truth, told["second_order"], streams[0])
    row = setting | {name: round(float(n), 1) for name, n in told.items()}
    row["simulation_se"] = round(float(error), 2)
    for name, found in measure(setting, told["simulation"], streams[1]).items():
        low, high = found.interval or (np.nan, np.nan)
        row |= {f"{name}_crossing": found.train_size and round(found.train_size, 1)}
        row |= {f"{name}_low": round(low, 1), f"{name}_high": round(high, 1)}
        for prediction, value in told.items():
            row[f"{name}_holds_{prediction}"] = int(low <= value <= high)
    return row


def main():
    rows = []
    for number, setting in enumerate(settings()):
        rows.append(study(number, setting))
        print(rows[-1], flush=True)
    held = {name: sum(row[name] for row in rows) for name in rows[0] if "holds" in name}
    print(held)
    save("crossings", rows, seed=SEED, tables=N_TABLES, splits=N_SPLITS, **held)


if __name__ == "__main__":
    main()
