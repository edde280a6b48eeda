"""GaussianNBSampler against scikit-learn's, and what is its own."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from skgendisc.joint import GaussianNBSampler


@pytest.mark.parametrize(
    "load", [load_iris, load_wine, load_breast_cancer, load_digits]
)
@pytest.mark.parametrize("priors", [None, "skewed"])
def test_equals_scikit_learns(load, priors):
    X, y = load(return_X_y=True)
    if priors == "skewed":
        priors = np.arange(1.0, len(np.unique(y)) + 1)
        priors /= priors.sum()
    expected = GaussianNB(priors=priors).fit(X, y)
    ours = GaussianNBSampler(priors=priors).fit(X, y)
    np.testing.assert_allclose(ours.means_, expected.theta_, rtol=1e-12)
    np.testing.assert_allclose(ours.var_, expected.var_, rtol=1e-10)
    np.testing.assert_allclose(
        ours.predict_log_proba(X), expected.predict_log_proba(X), rtol=1e-8, atol=1e-8
    )


def test_shared_variance_is_the_average_and_the_posterior_linear():
    X, y = load_iris(return_X_y=True)
    X, y = X[y > 0], y[y > 0]
    nb = GaussianNBSampler(shared_variance=True, var_smoothing=0.0).fit(X, y)
    within = np.concatenate([X[y == k] - X[y == k].mean(axis=0) for k in (1, 2)])
    np.testing.assert_allclose(nb.var_, np.tile((within**2).mean(axis=0), (2, 1)))
    # Log-odds of a linear rule are an affine function of the row.
    log_odds = nb.predict_log_proba(X) @ [-1, 1]
    design = np.column_stack([X, np.ones(len(X))])
    residual = log_odds - design @ np.linalg.lstsq(design, log_odds)[0]
    assert np.abs(residual).max() < 1e-10


def test_approaches_logistic_regression_where_the_model_is_true():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 100_000)
    X = rng.standard_normal((len(y), 3)) * [1, 2, 3] + y[:, None] * [1, 0.5, 0.2]
    nb = GaussianNBSampler(shared_variance=True).fit(X, y)
    logistic = LogisticRegression(C=np.inf).fit(X, y)
    np.testing.assert_allclose(
        nb.predict_proba(X[:500]), logistic.predict_proba(X[:500]), atol=0.01
    )


def test_a_class_of_one_row_is_smoothed_as_in_scikit_learn():
    X = np.array([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]])
    nb = GaussianNBSampler(random_state=0).fit(X, ["a", "a", "b"])
    np.testing.assert_allclose(nb.sample_conditional(["b"]), [[9, 9]], atol=1e-2)


def test_a_column_without_any_variance_is_refused_and_named():
    X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
    with pytest.raises(ValueError, match=r"column 0.*class 'a'.*var_smoothing=0"):
        GaussianNBSampler(var_smoothing=0).fit(X, ["a", "a", "b", "b"])
