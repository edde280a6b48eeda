"""Hybrids: what generative members are worth, is found without looking."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris, make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    StratifiedKFold,
    cross_validate,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.augmentation import HybridClassifier
from skgendisc.augmentation._folds import make_folds
from skgendisc.base import GenerativeSampler
from skgendisc.joint import GaussianNBSampler, LDASampler, QDASampler

HYBRIDS = [
    HybridClassifier(LogisticRegression(), LDASampler(shrinkage="auto")),
    HybridClassifier(LogisticRegression(), cv=3, method="pool", random_state=0),
]


@parametrize_with_checks(HYBRIDS)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def gaussian():
    """Two Gaussians, few rows to fit and many to judge by."""
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=4060)
    X = rng.normal(size=(4060, 10)) + 0.8 * y[:, None]
    return X[:60], y[:60], X[60:], y[60:]


@pytest.mark.parametrize("method", ["pool", "stack"])
def test_a_model_that_is_right_helps_one_with_few_rows(gaussian, method):
    X, y, X_test, y_test = gaussian
    alone = RandomForestClassifier(random_state=0)
    hybrid = HybridClassifier(alone, method=method, random_state=0).fit(X, y)
    own = log_loss(y_test, alone.fit(X, y).predict_proba(X_test))
    assert log_loss(y_test, hybrid.predict_proba(X_test)) < own - 0.1
    assert max(w for name, w in hybrid.weights_.items() if "disc" not in name) > 0.2


def test_a_model_that_is_wrong_is_left_alone():
    # Classes inside each other, of one mean: to a tied Gaussian they are the same.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 2))
    y = (np.square(X).sum(axis=1) > 1.4).astype(int)
    alone = HistGradientBoostingClassifier(max_iter=50, random_state=0)
    hybrid = HybridClassifier(alone, LDASampler(), random_state=0).fit(X, y)
    assert hybrid.weights_["ldasampler"] < 0.3
    X_test = rng.normal(size=(4000, 2))
    y_test = np.square(X_test).sum(axis=1) > 1.4
    own = log_loss(y_test, alone.fit(X, y).predict_proba(X_test))
    assert log_loss(y_test, hybrid.predict_proba(X_test)) < own + 0.01


def test_with_a_large_penalty_the_discriminative_one_is_alone(gaussian):
    X, y, X_test, _ = gaussian
    hybrid = HybridClassifier(LogisticRegression(), penalty=1e9).fit(X, y)
    own, *others = hybrid.weights_.values()
    assert own == pytest.approx(1, abs=1e-6)
    assert set(others) == {0.0}
    assert list(hybrid.estimators_) == ["discriminative"]
    alone = LogisticRegression().fit(X, y).predict_proba(X_test)
    # Half a row of each class is mixed in.
    expected = (alone + 0.5 / 60) / (1 + 1 / 60)
    np.testing.assert_allclose(hybrid.predict_proba(X_test), expected, rtol=1e-5)


def test_pool_takes_one_and_stack_all(gaussian):
    X, y, *_ = gaussian
    samplers = [("nb", GaussianNBSampler()), ("lda", LDASampler()), QDASampler()]
    pool, stack = (
        HybridClassifier(LogisticRegression(C=1e4), samplers, method=method).fit(X, y)
        for method in ("pool", "stack")
    )
    names = ["discriminative", "nb", "lda", "qdasampler"]
    assert list(pool.weights_) == list(stack.weights_) == names
    assert sum(weight > 0 for weight in list(pool.weights_.values())[1:]) == 1
    assert list(pool.cv_log_loss_) == [*names, "hybrid"]
    assert pool.cv_log_loss_["hybrid"] <= pool.cv_log_loss_["discriminative"]
    assert np.all(pool.bias_ == 0)
    assert np.any(stack.bias_ != 0)


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_tables_and_words_for_classes(kind):
    X, y = load_iris(return_X_y=True)
    columns = dict(zip("abcd", X.T, strict=True))
    make = {"array": lambda _: X, "pandas": pd.DataFrame, "polars": pl.DataFrame}
    table = make[kind](columns)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    hybrid = HybridClassifier(LogisticRegression(max_iter=500), random_state=0)
    assert hybrid.fit(table, names).score(table, names) > 0.95
    assert hybrid.predict_proba(table).sum(axis=1) == pytest.approx(np.ones(150))


def test_mixed_tables_with_gaps():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=200)
    colour = np.where(rng.random(200) < 0.2 + 0.6 * y, "red", "blue")
    size = np.where(rng.random(200) < 0.1, np.nan, rng.normal(y))
    X = pd.DataFrame({"colour": pd.Categorical(colour), "size": size})
    boosting = HistGradientBoostingClassifier(max_iter=20)
    hybrid = HybridClassifier(boosting, random_state=0).fit(X, y)
    assert hybrid.score(X, y) > 0.7


def test_in_pipelines_and_searches(gaussian):
    X, y, X_test, y_test = gaussian
    hybrid = HybridClassifier(
        make_pipeline(StandardScaler(), LogisticRegression()), LDASampler()
    )
    grid = {
        "hybridclassifier__method": ["pool", "stack"],
        "hybridclassifier__discriminative__logisticregression__C": [0.1, 1.0],
        "hybridclassifier__generative__shrinkage": [None, "auto"],
    }
    search = GridSearchCV(make_pipeline(StandardScaler(), hybrid), grid, cv=2)
    assert search.fit(X, y).score(X_test, y_test) > 0.8
    scores = cross_validate(hybrid, X, y, scoring="neg_log_loss", cv=3)
    assert np.isfinite(scores["test_score"]).all()


class Remembering(ClassifierMixin, BaseEstimator):
    """Is sure of rows that it was fitted to, and knows nothing of others."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.labels_ = {row.tobytes(): k for row, k in zip(X, y, strict=True)}
        return self

    def predict_proba(self, X):
        labels = [self.labels_.get(row.tobytes()) for row in np.asarray(X)]
        is_class = np.equal.outer(labels, self.classes_).astype(float)
        known = is_class.any(axis=1, keepdims=True)
        return np.where(known, is_class, 1 / len(self.classes_))


@pytest.mark.parametrize("cv", [5, "groups"])
def test_what_is_learned_by_heart_does_not_count(gaussian, cv):
    X, y, *_ = gaussian
    X, y = np.tile(X, (3, 1)), np.tile(y, 3)
    groups = {} if cv == 5 else {"groups": np.tile(np.arange(60), 3)}
    cv = 5 if cv == 5 else GroupKFold(5)
    hybrid = HybridClassifier(Remembering(), LDASampler(), cv=cv, random_state=0)
    hybrid.fit(X, y, **groups)
    assert hybrid.cv_log_loss_["discriminative"] == pytest.approx(np.log(2))
    assert hybrid.weights_["ldasampler"] > 0.5
    # A splitter that does not keep copies together is what would go wrong.
    fooled = clone_with(hybrid, cv=StratifiedKFold(5, shuffle=True, random_state=0))
    assert fooled.fit(X, y).cv_log_loss_["discriminative"] < 0.5


def clone_with(estimator, **params):
    return sklearn.clone(estimator).set_params(**params)


def test_sample_weight_reaches_members_and_the_loss(gaussian):
    X, y, X_test, _ = gaussian
    weight = np.where(y == 1, 5.0, 1.0)
    hybrid = HybridClassifier(
        LogisticRegression(), GaussianNBSampler(), penalty=1, random_state=0
    )
    plain = clone_with(hybrid).fit(X, y).predict_proba(X_test)[:, 1]
    heavy = clone_with(hybrid).fit(X, y, sample_weight=weight)
    assert heavy.predict_proba(X_test)[:, 1].mean() > plain.mean() + 0.02
    assert heavy.estimators_["gaussiannbsampler"].class_prior_[1] > 0.7
    with pytest.raises(ValueError, match="does not take"):
        clone_with(hybrid, discriminative=KNeighborsClassifier()).fit(
            X, y, sample_weight=weight
        )
    with pytest.raises(TypeError, match="enable_metadata_routing"):
        hybrid.fit(X, y, colour=weight)


def test_metadata_are_routed(gaussian):
    X, y, *_ = gaussian
    weight = np.where(y == 1, 5.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        logistic = LogisticRegression(C=1e4).set_fit_request(sample_weight=True)
        nb = GaussianNBSampler().set_fit_request(sample_weight=False)
        hybrid = HybridClassifier(logistic, nb, penalty=1, cv=GroupKFold(4))
        hybrid.fit(X, y, sample_weight=weight, groups=np.arange(60) // 3)
        expected = clone_with(logistic).fit(X, y, sample_weight=weight).coef_
        fitted = hybrid.estimators_
        np.testing.assert_allclose(fitted["discriminative"].coef_, expected)
        plain = np.bincount(y) / len(y)
        np.testing.assert_allclose(fitted["gaussiannbsampler"].class_prior_, plain)


def test_a_class_of_one_row_is_survived(gaussian):
    X, y, X_test, _ = gaussian
    y = np.where(np.arange(60) == 7, 2, y)
    with pytest.warns(UserWarning, match="leaves '\\w+' out"):
        hybrid = HybridClassifier(LogisticRegression(), random_state=0).fit(X, y)
    proba = hybrid.predict_proba(X_test)
    assert proba.shape[1] == 3
    assert np.isfinite(hybrid.predict_log_proba(X_test)).all()


class NoDensity(GenerativeSampler):
    def _fit(self, X, y):
        self.class_prior_ = np.bincount(y) / len(y)

    def _draw(self, y, rng):
        return np.zeros((len(y), self.n_features_in_))


def test_few_different_rows_are_spread_over_fewer_folds():
    rng = np.random.default_rng(0)
    X = rng.integers(2, size=(60, 1)).astype(float)
    y = rng.integers(2, size=60)
    hybrid = HybridClassifier(LogisticRegression(), LDASampler(), random_state=0)
    assert np.isfinite(hybrid.fit(X, y).predict_log_proba(X)).all()
    hybrid.fit(np.zeros((60, 1)), y)


def test_one_row_of_two_classes_is_survived(gaussian):
    X, _, X_test, _ = gaussian
    y = np.where(np.arange(60) == 7, "rare", "common")
    sampler = LDASampler(shrinkage="auto")
    hybrid = HybridClassifier(LogisticRegression(), sampler, random_state=0).fit(X, y)
    assert np.isfinite(hybrid.predict_log_proba(X_test)).all()


def test_groups_need_no_request_for_folds_of_our_own(gaussian):
    X, y, *_ = gaussian
    with sklearn.config_context(enable_metadata_routing=True):
        hybrid = HybridClassifier(LogisticRegression(), LDASampler(), cv=4)
        hybrid.fit(X, y, groups=np.arange(60) // 3)


def test_members_without_probabilities_are_refused(gaussian):
    X, y, *_ = gaussian
    with pytest.raises(ValueError, match="CalibratedClassifierCV"):
        HybridClassifier(LinearSVC()).fit(X, y)
    with pytest.raises(ValueError, match="with a density"):
        HybridClassifier(LogisticRegression(), NoDensity()).fit(X, y)


def test_jobs_change_nothing(gaussian):
    X, y, X_test, _ = gaussian
    hybrid = HybridClassifier(LogisticRegression(), random_state=0)
    one = hybrid.fit(X, y).predict_proba(X_test)
    two = hybrid.set_params(n_jobs=2).fit(X, y).predict_proba(X_test)
    np.testing.assert_array_equal(one, two)


def test_unequal_importance_of_columns_is_no_matter():
    X, y = make_classification(200, weights=[0.8], random_state=0)
    X[:, 0] *= 1e6
    hybrid = HybridClassifier(LogisticRegression(max_iter=2000), random_state=0)
    assert hybrid.fit(X, y).score(X, y) > 0.85


def test_rare_classes_among_equal_rows_are_spread_over_folds():
    # Five of each row; the rare class hides behind another of each group.
    X = np.repeat(np.arange(40.0), 5)[:, None]
    y = np.zeros(200, dtype=int)
    y[[12, 88]] = 1
    for seed in range(30):
        folds = make_folds(5, X, y, np.random.default_rng(seed))
        assert all(y[train].any() for train, _ in folds)


def test_single_rows_are_spread_by_the_rarest_class_of_their_equals():
    X = np.arange(200.0)[:, None]
    y = np.zeros(200, dtype=int)
    X[100:104] = X[:4]  # the first of each two is of the common class
    y[100:104] = 1
    y[50:54] = 1
    for seed in range(30):
        folds = make_folds(4, X, y, np.random.default_rng(seed))
        assert [y[test].sum() for _, test in folds] == [2, 2, 2, 2]
