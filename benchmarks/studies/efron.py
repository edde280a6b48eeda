"""Is LDASampler as much more efficient than logistic regression as theory says?

Two normal classes that share a covariance, means a distance of Mahalanobis of Delta
apart, and a share pi of the second class. Both rules come to the best possible error as
rows grow; Efron (1975) derived how fast. With few rows for the columns the error of LDA
is that of Raudys & Young (2004), and that of the nearest centroid, which knows the
covariance, is less. The error of a fitted linear rule is known exactly, so that nothing
is noisy here but the fits: so many that the standard error of the ratio of both rules'
excess errors is at most 0.6 % of it.

Efron, B. (1975). The efficiency of logistic regression compared to normal discriminant
analysis. JASA 70(352), section 3 and table 1.
Raudys, S. & Young, D. (2004). Results in statistical discriminant analysis: a review of
the former Soviet Union literature. Journal of Multivariate Analysis 89(1).

    python benchmarks/studies/efron.py
"""

import numpy as np
from _record import save
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid
from threadpoolctl import threadpool_limits

from skgendisc.datasets import make_gaussian_classes
from skgendisc.joint import LDASampler
from skgendisc.numerics import tied_linear_rule

SEED = 0
N_ROWS = 8000
BATCH, MOST_REPEATS, STANDARD_ERROR = 500, 20_000, 0.006
# Delta, pi, dimension.
SETTINGS = [(delta / 2, 0.5, 5) for delta in range(2, 9)]
SETTINGS += [(2.0, 0.9, 5), (2.0, 0.5, 10), (1.5, 0.75, 3)]
# Delta, dimension, rows.
FEW_ROWS, FEW_REPEATS = [(2.0, 20, 100), (2.0, 50, 200), (3.0, 30, 100)], 4000


def asymptotic_excess(delta, pi, dimension):
    """Limits of n * (error - Bayes error) of LDA and of logistic regression."""
    other = 1 - pi
    log_odds = np.log(pi / other)

    def moment(i):
        def integrand(x):
            weight = pi * np.exp(delta * x / 2) + other * np.exp(-delta * x / 2)
            return np.exp(-(delta**2) / 8) * x**i * norm.pdf(x) / weight

        return quad(integrand, -12, 12)[0]

    a0, a1, a2 = (moment(i) for i in range(3))
    scale = 1 / (pi * other)
    logistic = scale * np.linalg.inv([[a0, a1], [a1, a2]])
    lda = scale * np.array(
        [
            [1 + delta**2 / 4, (pi - other) * delta / 2],
            [(pi - other) * delta / 2, 1 + 2 * pi * other * delta**2],
        ]
    )
    rest = {
        "lda": scale * (1 + pi * other * delta**2),
        "logistic": scale / a0,
    }
    along = log_odds / delta
    kappa = pi * norm.pdf(delta / 2 + along) / (2 * delta)
    return [
        kappa
        * (
            cov[0, 0]
            - 2 * along * cov[0, 1]
            + along**2 * cov[1, 1]
            + (dimension - 1) * rest[model]
        )
        for model, cov in (("lda", lda), ("logistic", logistic))
    ]


def lda_rule(lda):
    """Weights and intercept of a fitted LDASampler of two classes."""
    return tied_linear_rule(lda.means_, lda.covariance_, lda.class_prior_)


def measured_excess(delta, pi, dimension, rng):
    """n * (error - Bayes error) of both rules, one row a repeat."""
    excess = []
    while len(excess) < MOST_REPEATS:
        X, y, truth = make_gaussian_classes(
            N_ROWS,
            dimension,
            distance=delta,
            priors=(1 - pi, pi),
            return_truth=True,
            random_state=rng,
        )
        lda = LDASampler().fit(X, y)
        logistic = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(X, y)
        rules = lda_rule(lda), (logistic.coef_[0], logistic.intercept_[0])
        excess.append(
            [truth.linear_rule_error(*rule) - truth.bayes_error for rule in rules]
        )
        if len(excess) % BATCH == 0 and relative_error(excess) <= STANDARD_ERROR:
            break
    return N_ROWS * np.array(excess)


def relative_error(excess):
    """Of the ratio of two means over the same repeats (delta method)."""
    lda, logistic = np.transpose(excess)
    spread = lda / lda.mean() - logistic / logistic.mean()
    return spread.std(ddof=1) / np.sqrt(len(spread))


def efficiency():
    """Rows of the first table: many rows."""
    rng = np.random.default_rng(SEED)
    for delta, pi, dimension in SETTINGS:
        theory = asymptotic_excess(delta, pi, dimension)
        excess = measured_excess(delta, pi, dimension, rng)
        lda, logistic = excess.mean(axis=0)
        ratio, expected = lda / logistic, theory[0] / theory[1]
        yield {
            "delta": delta,
            "pi": pi,
            "dimension": dimension,
            "repeats": len(excess),
            "lda_theory": round(theory[0], 4),
            "lda_measured": round(lda, 4),
            "lda_off_by": round(lda / theory[0] - 1, 4),
            "logistic_theory": round(theory[1], 4),
            "logistic_measured": round(logistic, 4),
            "logistic_off_by": round(logistic / theory[1] - 1, 4),
            "efficiency_theory": round(expected, 4),
            "efficiency_measured": round(ratio, 4),
            "efficiency_off_by": round(ratio / expected - 1, 4),
            "relative_error": round(relative_error(excess), 4),
        }


def finite_sample_errors(delta, dimension, n_rows):
    """Of LDA, and of the nearest centroid; classes of equal size."""
    squared = delta**2
    noise = np.sqrt(squared + 4 * dimension / n_rows)
    lost = np.sqrt(1 - dimension / (n_rows - 2))
    return norm.cdf(-squared / 2 * lost / noise), norm.cdf(-squared / (2 * noise))


def few_rows():
    """Rows of the second table: few rows for the columns."""
    rng = np.random.default_rng(SEED)
    for delta, dimension, n_rows in FEW_ROWS:
        *_, truth = make_gaussian_classes(
            1, dimension, distance=delta, return_truth=True
        )
        y = np.arange(n_rows) % 2
        errors = []
        for _ in range(FEW_REPEATS):
            X = truth.means[y] + rng.standard_normal((n_rows, dimension))
            near = NearestCentroid().fit(X, y).centroids_
            rules = (
                lda_rule(LDASampler().fit(X, y)),
                tied_linear_rule(near, np.eye(dimension), truth.priors),
            )
            errors.append([truth.linear_rule_error(*rule) for rule in rules])
        row = {"delta": delta, "dimension": dimension, "n_rows": n_rows}
        for name, theory, own in zip(
            ("lda", "centroid"),
            finite_sample_errors(delta, dimension, n_rows),
            np.transpose(errors),
            strict=True,
        ):
            row |= {f"{name}_theory": round(theory, 4)}
            row |= {f"{name}_measured": round(own.mean(), 4)}
            row |= {f"{name}_off_by": round(own.mean() / theory - 1, 4)}
            error = own.std(ddof=1) / np.sqrt(len(own)) / own.mean()
            row |= {f"{name}_relative_error": round(error, 4)}
        yield row


def told(rows):
    for row in rows:
        print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
        yield row


def main():
    save("efron_few_rows", list(told(few_rows())), seed=SEED, repeats=FEW_REPEATS)
    save("efron", list(told(efficiency())), seed=SEED, n_rows=N_ROWS)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
