"""Between LDA and logistic regression: both ends exactly, and what is between them."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scipy.optimize import check_grad
from sklearn.datasets import load_iris, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer, log_loss
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.augmentation import GenerativeDiscriminativeTradeoff
from skgendisc.joint import GaussianNBSampler, LDASampler
from skgendisc.numerics import TiedGaussians, fit_tradeoff
from skgendisc.numerics import _tradeoff as formulas

BASES = ["lda", "naive_bayes"]


@parametrize_with_checks(
    [
        GenerativeDiscriminativeTradeoff(random_state=0),
        GenerativeDiscriminativeTradeoff("naive_bayes", tradeoff=0.3),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def overlapping():
    X, y = make_classification(
        400,
        n_features=4,
        n_informative=3,
        n_redundant=0,
        n_classes=3,
        n_clusters_per_class=1,
        class_sep=0.6,
        random_state=0,
    )
    return X * [1.0, 100.0, 0.01, 5.0] + 3.0, y


@pytest.mark.parametrize(
    ("base", "sampler"),
    [
        ("lda", LDASampler()),
        ("naive_bayes", GaussianNBSampler(shared_variance=True, var_smoothing=0.0)),
    ],
)
def test_one_is_the_joint_fit(base, sampler, overlapping):
    X, y = overlapping
    model = GenerativeDiscriminativeTradeoff(base, tradeoff=1.0, reg_covar=0.0)
    model.fit(X, y)
    sampler.fit(X, y)
    np.testing.assert_allclose(model.means_, sampler.means_, rtol=1e-6)
    np.testing.assert_allclose(
        model.predict_joint_log_proba(X), sampler.predict_joint_log_proba(X), atol=1e-6
    )
    np.testing.assert_allclose(
        model.score_samples(X), sampler.score_samples(X), atol=1e-6
    )


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_zero_is_logistic_regression(base, n_classes, overlapping):
    X, y = overlapping
    X, y = X[y < n_classes], y[y < n_classes]
    model = GenerativeDiscriminativeTradeoff(base, tradeoff=0.0).fit(X, y)
    scores = (X - X.mean(axis=0)) / X.std(axis=0)
    logistic = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(scores, y)
    np.testing.assert_allclose(
        model.predict_proba(X), logistic.predict_proba(scores), atol=1e-6
    )


@pytest.mark.parametrize("base", BASES)
def test_the_conditional_likelihood_grows_towards_zero(base, overlapping):
    X, y = overlapping
    conditional, joint = [], []
    for tradeoff in (0.0, 0.01, 0.3, 0.7, 1.0):
        model = GenerativeDiscriminativeTradeoff(base, tradeoff=tradeoff).fit(X, y)
        rows = np.arange(len(y))
        conditional.append(model.predict_log_proba(X)[rows, y].mean())
        joint.append(model.predict_joint_log_proba(X)[rows, y].mean())
    assert np.all(np.diff(conditional) < 1e-6)
    assert np.all(np.diff(joint[1:]) > -1e-6)
    # And there is no jump at the end.
    assert conditional[0] - conditional[1] < 0.01


@pytest.mark.parametrize("diagonal", [True, False])
def test_slopes_are_those_of_the_objective(diagonal):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), rng.integers(2, size=30)
    shape = (2, 3)
    n_entries = 3 if diagonal else 6
    parameters = rng.normal(size=2 + 6 + n_entries) * 0.5
    share = rng.normal(size=30)

    def weighted(parameters):
        model = formulas._unpack(parameters, shape, diagonal)
        log_joint = model.log_joint(X)
        own = log_joint[np.arange(30), y].sum()
        return own + share @ np.logaddexp.reduce(log_joint, axis=1)

    def slope(parameters):
        model = formulas._unpack(parameters, shape, diagonal)
        weight = np.eye(2)[y]
        weight = weight + share[:, None] * np.exp(
            model.log_joint(X)
            - np.logaddexp.reduce(model.log_joint(X), axis=1)[:, None]
        )
        return formulas._slope(model, X, weight, 0.0)

    assert check_grad(weighted, slope, parameters) < 1e-4


def test_a_joint_fit_is_where_the_optimizer_stays(overlapping):
    X, y = overlapping
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    rng = np.random.default_rng(0)
    start = TiedGaussians(np.log([0.2, 0.3, 0.5]), rng.normal(size=(3, 4)), np.eye(4))
    nothing = np.empty((0, 4))
    found, _ = fit_tradeoff(
        X,
        y,
        1.0,
        start,
        sample_weight=np.ones(len(X)),
        X_unlabelled=nothing,
        ridge=0.0,
        max_iter=2000,
        tol=1e-9,
    )
    lda = LDASampler().fit(X, y)
    np.testing.assert_allclose(found.mean, lda.means_, atol=1e-4)
    np.testing.assert_allclose(
        np.linalg.inv(found.precision), lda.covariance_, atol=1e-4
    )


def test_something_between_is_best_where_neither_model_is_right():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=6060)
    # Heavy tails, and few rows for logistic regression.
    X = rng.standard_t(3, size=(6060, 20)) + 0.5 * y[:, None]
    losses = {}
    for tradeoff in (0.0, 0.5, 1.0, "cv"):
        model = GenerativeDiscriminativeTradeoff("naive_bayes", tradeoff=tradeoff)
        model.set_params(random_state=0).fit(X[:60], y[:60])
        losses[tradeoff] = log_loss(y[60:], model.predict_proba(X[60:]))
    assert losses[0.5] < min(losses[0.0], losses[1.0]) - 0.005
    assert losses["cv"] < losses[0.0] - 1.0
    assert model.cv_log_loss_[model.tradeoff_] == min(model.cv_log_loss_.values())


def test_rows_without_labels_teach_the_density():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=4000)
    X = rng.normal(size=(4000, 2)) + 3.0 * y[:, None]
    few = np.r_[np.flatnonzero(y == 0)[:3], np.flatnonzero(y == 1)[:3]]
    model = GenerativeDiscriminativeTradeoff(tradeoff=0.5)
    alone = model.fit(X[few], y[few]).means_
    taught = model.fit(X[few], y[few], X[:2000]).means_
    true = np.array([[0.0, 0.0], [3.0, 3.0]])
    assert np.abs(taught - true).max() < 0.15
    assert np.abs(alone - true).max() > 0.3


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("tradeoff", [0.0, 0.5, 1.0])
def test_a_row_of_weight_two_counts_as_two(base, tradeoff, overlapping):
    X, y = overlapping
    unlabelled, X, y = X[:50], X[50:], y[50:]
    weight = np.arange(len(y)) % 3
    model = GenerativeDiscriminativeTradeoff(base, tradeoff=tradeoff)
    alone = model.fit(X, y, unlabelled).predict_log_proba(X)
    weighted = model.fit(X, y, unlabelled, sample_weight=weight).predict_log_proba(X)
    model.fit(X.repeat(weight, axis=0), y.repeat(weight), unlabelled)
    np.testing.assert_allclose(weighted, model.predict_log_proba(X), atol=1e-4)
    assert np.abs(weighted - alone).max() > 0.01


def test_a_class_without_weight_is_told(overlapping):
    X, y = overlapping
    with pytest.raises(ValueError, match=r"no weight to rows of the classes \[2\]"):
        GenerativeDiscriminativeTradeoff().fit(X, y, sample_weight=y < 2)


def test_weights_are_routed(overlapping):
    X, y = overlapping
    weight = np.linspace(0.1, 2.0, len(y))
    model = GenerativeDiscriminativeTradeoff(tradeoff=0.5)
    unweighted = cross_validate(model, X, y, scoring="neg_log_loss")
    with sklearn.config_context(enable_metadata_routing=True):
        model.set_fit_request(sample_weight=True)
        scorer = get_scorer("neg_log_loss").set_score_request(sample_weight=False)
        routed = cross_validate(
            model, X, y, scoring=scorer, params={"sample_weight": weight}
        )
    folds = zip(StratifiedKFold(5).split(X, y), routed["test_score"], strict=True)
    for (train, test), score in folds:
        model.fit(X[train], y[train], sample_weight=weight[train])
        assert score == -log_loss(y[test], model.predict_proba(X[test]))
    assert not np.allclose(unweighted["test_score"], routed["test_score"])


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_tables_and_words_for_classes(kind):
    X, y = load_iris(return_X_y=True)
    columns = dict(zip("abcd", X.T, strict=True))
    make = {"array": lambda _: X, "pandas": pd.DataFrame, "polars": pl.DataFrame}
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = GenerativeDiscriminativeTradeoff(random_state=0)
    scores = cross_validate(model, make[kind](columns), names, cv=3)
    assert scores["test_score"].mean() > 0.95


def test_more_columns_than_rows_and_constant_ones():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=20)
    X = rng.normal(size=(20, 30)) + 2.0 * y[:, None]
    X[:, 3] = 1.0
    for base in BASES:
        model = GenerativeDiscriminativeTradeoff(base, max_iter=50, random_state=0)
        assert np.isfinite(model.fit(X, y).predict_log_proba(X)).all()


def test_jobs_change_nothing(overlapping):
    X, y = overlapping
    model = GenerativeDiscriminativeTradeoff(cv=3, random_state=0)
    one = model.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(
        model.set_params(n_jobs=2).fit(X, y).predict_proba(X), one
    )
