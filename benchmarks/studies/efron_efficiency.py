"""Is LDASampler as much more efficient than logistic regression as theory says?

Two Gaussian classes with the identity as covariance, means a distance Delta apart, and
a share pi of the first class. Both rules come to the best possible error as rows grow;
Efron (1975) derived how fast. The excess error of a fitted linear rule is known
exactly, so that nothing is noisy here but the fits.

Efron, B. (1975). The efficiency of logistic regression compared to normal discriminant
analysis. JASA 70(352), section 3 and table 1.

    python benchmarks/studies/efron_efficiency.py
"""

import numpy as np
from _record import save
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from skgendisc.joint import LDASampler

SEED = 0
N_ROWS = 4000
N_REPEATS = 4000
# Delta, pi, dimension.
SETTINGS = [(1.0, 0.5, 5), (2.0, 0.5, 5), (3.0, 0.5, 5), (2.0, 0.9, 5), (1.5, 0.75, 3)]
TOLERANCE = 0.03


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


def error_of(weights, intercept, delta, pi):
    """Exact error of the rule that takes class 1 where the linear score is positive."""
    shift = weights[0] * delta / 2
    length = np.linalg.norm(weights)
    missed = norm.cdf(-(intercept + shift) / length)
    false = norm.cdf((intercept - shift) / length)
    return pi * missed + (1 - pi) * false


def lda_rule(lda):
    """Weights and intercept of a fitted LDASampler of two classes."""
    weights = np.linalg.solve(lda.covariance_, lda.means_[1] - lda.means_[0])
    log_odds = np.log(lda.class_prior_[1] / lda.class_prior_[0])
    return weights, log_odds - weights @ lda.means_.sum(axis=0) / 2


def measured_excess(delta, pi, dimension, rng):
    """n * (error - Bayes error) of both rules, one row a repeat."""
    along = np.log(pi / (1 - pi)) / delta
    bayes = error_of(np.eye(dimension)[0] * delta, along * delta, delta, pi)
    excess = np.empty((N_REPEATS, 2))
    for i in range(N_REPEATS):
        y = (rng.random(N_ROWS) < pi).astype(int)
        X = rng.standard_normal((N_ROWS, dimension))
        X[:, 0] += (y - 0.5) * delta
        lda = LDASampler().fit(X, y)
        logistic = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(X, y)
        rules = lda_rule(lda), (logistic.coef_[0], logistic.intercept_[0])
        excess[i] = [error_of(*rule, delta, pi) - bayes for rule in rules]
    return N_ROWS * excess


def main():
    rng = np.random.default_rng(SEED)
    rows = []
    for delta, pi, dimension in SETTINGS:
        theory = asymptotic_excess(delta, pi, dimension)
        excess = measured_excess(delta, pi, dimension, rng)
        lda, logistic = excess.mean(axis=0)
        ratio, expected = lda / logistic, theory[0] / theory[1]
        # Delta method, for a ratio of two means over the same repeats.
        spread = (excess[:, 0] / lda - excess[:, 1] / logistic).std(ddof=1)
        row = {
            "delta": delta,
            "pi": pi,
            "dimension": dimension,
            "lda_theory": round(theory[0], 4),
            "lda_measured": round(lda, 4),
            "logistic_theory": round(theory[1], 4),
            "logistic_measured": round(logistic, 4),
            "efficiency_theory": round(expected, 4),
            "efficiency_measured": round(ratio, 4),
            "standard_error": round(ratio * spread / np.sqrt(N_REPEATS), 4),
            "off_by": round(ratio / expected - 1, 4),
            "within_3_percent": abs(ratio / expected - 1) <= TOLERANCE,
        }
        print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
        rows.append(row)
    save("efron_efficiency", rows, seed=SEED, n_rows=N_ROWS, repeats=N_REPEATS)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
