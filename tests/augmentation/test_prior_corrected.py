"""After resampling, probabilities speak of the rows as they were."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    ShuffleSplit,
    StratifiedKFold,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, NuSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.augmentation import PriorCorrectedClassifier
from skgendisc.joint import LDASampler

METHODS = ["none", "prior_shift", "weighting", "sigmoid", "isotonic"]
CHECKED = [
    PriorCorrectedClassifier(LogisticRegression(), random_state=0),
    PriorCorrectedClassifier(
        make_pipeline(LDASampler(random_state=0), LogisticRegression()),
        random_state=0,
    ),
]


@parametrize_with_checks(CHECKED)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def gaussian_rows(n_rows, seed):
    rng = np.random.default_rng(seed)
    y = (rng.random(n_rows) < 0.1).astype(int)
    return rng.normal(size=(n_rows, 4)) + 0.8 * y[:, None], y


@pytest.fixture(scope="module")
def gaussian():
    """Two Gaussians, one of them rare."""
    return *gaussian_rows(1000, 0), *gaussian_rows(10000, 1)


def balanced(sampler=None, classifier=None):
    if classifier is None:
        classifier = LogisticRegression(C=1e4)
    return make_pipeline(sampler or LDASampler(random_state=0), classifier)


def log_odds(model, X):
    return np.diff(model.predict_log_proba(X), axis=1)[:, 0]


def test_shift_of_the_prior_is_the_log_odds_of_both(gaussian):
    X, y, X_test, _ = gaussian
    corrected = PriorCorrectedClassifier(balanced(), method="prior_shift").fit(X, y)
    prior, resampled = corrected.prior_, corrected.resampled_prior_
    np.testing.assert_allclose(prior, [1 - y.mean(), y.mean()])
    np.testing.assert_allclose(resampled, [0.5, 0.5])
    own = log_odds(balanced().fit(X, y), X_test)
    expected = np.log(prior[1] / prior[0]) - np.log(resampled[1] / resampled[0])
    np.testing.assert_allclose(
        log_odds(corrected, X_test) - own, expected, rtol=0, atol=1e-9
    )
    assert corrected.cv_log_loss_ == {}
    assert corrected.calibrators_ == []


def test_rows_of_a_right_model_change_the_intercept_alone(gaussian):
    X, y, X_test, _ = gaussian
    untouched = LogisticRegression(C=1e4).fit(X, y).predict_proba(X_test)[:, 1]
    off = {}
    for method in ("none", "prior_shift", "weighting"):
        corrected = PriorCorrectedClassifier(balanced(), method=method).fit(X, y)
        off[method] = np.abs(corrected.predict_proba(X_test)[:, 1] - untouched).mean()
    assert off["none"] > 0.15
    assert off["prior_shift"] < 0.02
    assert off["weighting"] < 0.02


@pytest.mark.parametrize("method", ["auto", "prior_shift", "weighting"])
@pytest.mark.parametrize("sampler", [RandomOverSampler, RandomUnderSampler])
def test_after_random_resampling_probabilities_average_to_frequencies(
    gaussian, sampler, method
):
    X, y, X_test, y_test = gaussian
    pipeline = balanced(sampler(random_state=0))
    corrected = PriorCorrectedClassifier(pipeline, method=method, random_state=0)
    mean = corrected.fit(X, y).predict_proba(X_test)[:, 1].mean()
    # The shift alone is exact: curves saw other draws, and weights a draw of few rows.
    tolerance = 0.02 if corrected.method_ == "prior_shift" else 0.04
    assert mean == pytest.approx(y_test.mean(), abs=tolerance)
    assert pipeline.fit(X, y).predict_proba(X_test)[:, 1].mean() > 0.2


def test_after_smote_another_method_is_chosen():
    # Few rare rows, wide apart: those between them are nearer to each other.
    rng = np.random.default_rng(0)
    y = np.arange(3000) % 20 == 0
    X = rng.normal(size=(3000, 10)) + 0.3 * y[:, None]
    pipeline = balanced(SMOTE(random_state=0), KNeighborsClassifier(25))
    corrected = PriorCorrectedClassifier(pipeline, ensemble=False, random_state=0)
    corrected.fit(X[:1000], y[:1000])
    assert corrected.method_ in ("sigmoid", "isotonic")
    loss = log_loss(y[1000:], corrected.predict_proba(X[1000:]))
    assert (
        loss < log_loss(y[1000:], corrected.pipelines_[0].predict_proba(X[1000:])) - 0.2
    )
    shifted = clone(corrected).set_params(method="prior_shift").fit(X[:1000], y[:1000])
    assert loss < log_loss(y[1000:], shifted.predict_proba(X[1000:]))


@pytest.mark.parametrize("n_rows", [60, 1000])
def test_nothing_is_done_where_nothing_was_resampled(gaussian, n_rows):
    X, y, X_test, _ = gaussian
    X, y = X[:n_rows], y[:n_rows]
    corrected = PriorCorrectedClassifier(
        LogisticRegression(), ensemble=False, random_state=0
    ).fit(X, y)
    assert corrected.method_ == "none"
    np.testing.assert_array_equal(corrected.prior_, corrected.resampled_prior_)
    expected = LogisticRegression().fit(X, y).predict_proba(X_test)
    np.testing.assert_allclose(corrected.predict_proba(X_test), expected)


@pytest.fixture(scope="module")
def bent():
    """A bent line parts the classes: the best straight one depends on their shares."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 2))
    log_odds = X[:, 0] + 4 * np.maximum(X[:, 1] - 1, 0) - 4
    return X, (rng.random(4000) < expit(log_odds)).astype(int)


def test_weights_give_back_the_ranks_that_balancing_took(bent):
    def direction(model):
        own, other = model.coef_[0]
        return other / own

    alone = direction(LogisticRegression().fit(*bent))
    pipeline = balanced(RandomOverSampler(random_state=0), LogisticRegression())
    of_method = {
        method: direction(
            PriorCorrectedClassifier(pipeline, method=method)
            .fit(*bent)
            .pipelines_[0][-1]
        )
        for method in ("prior_shift", "weighting")
    }
    assert of_method["weighting"] == pytest.approx(alone, rel=0.05)
    assert of_method["prior_shift"] < 0.8 * alone


def test_weights_are_chosen_where_they_are_best(bent):
    pipeline = balanced(RandomOverSampler(random_state=0), LogisticRegression())
    corrected = PriorCorrectedClassifier(pipeline, random_state=0).fit(*bent)
    assert corrected.method_ == "weighting"
    assert corrected.calibrators_ == []
    alone = PriorCorrectedClassifier(LogisticRegression(), random_state=0).fit(*bent)
    loss = corrected.cv_log_loss_
    assert loss["weighting"] == pytest.approx(alone.cv_log_loss_["none"], abs=0.001)
    assert loss["prior_shift"] > loss["weighting"] + 0.002


def test_weights_are_the_ratio_of_the_priors(gaussian):
    X, y, X_test, _ = gaussian
    given = RandomOverSampler(random_state=0).fit_resample(X, y)
    corrected = PriorCorrectedClassifier(
        balanced(RandomOverSampler(random_state=0)), method="weighting"
    ).fit(X, y)
    ratio = (corrected.prior_ / corrected.resampled_prior_)[given[1]]
    expected = LogisticRegression(C=1e4).fit(*given, sample_weight=ratio)
    np.testing.assert_allclose(
        corrected.predict_proba(X_test), expected.predict_proba(X_test)
    )
    assert isinstance(corrected.pipelines_[0][-1], LogisticRegression)


@pytest.mark.parametrize(
    "classifier", [LogisticRegression(), RandomForestClassifier(5, random_state=0)]
)
@pytest.mark.parametrize("weight", [None, np.arange(1000.0)])
def test_weights_leave_alone_what_was_not_resampled(gaussian, classifier, weight):
    X, y, X_test, _ = gaussian
    corrected = PriorCorrectedClassifier(classifier, method="weighting")
    expected = clone(classifier).fit(X, y, sample_weight=weight).predict_proba(X_test)
    told = corrected.fit(X, y, sample_weight=weight).predict_proba(X_test)
    np.testing.assert_allclose(told, expected)


def test_weights_of_nested_pipelines_need_a_request(gaussian):
    X, y, X_test, _ = gaussian
    over = RandomOverSampler(random_state=0)
    with sklearn.config_context(enable_metadata_routing=True):
        asking = LogisticRegression().set_fit_request(sample_weight=True)
        pipeline = make_pipeline(StandardScaler(), balanced(over, asking))
        corrected = PriorCorrectedClassifier(pipeline, method="weighting").fit(X, y)
        mute = balanced(over, LogisticRegression())
        with pytest.raises(ValueError, match="with metadata routing requests it"):
            PriorCorrectedClassifier(mute, method="weighting").fit(X, y)
    assert corrected.predict_proba(X_test)[:, 1].mean() < 0.15


def test_a_fit_that_cannot_be_weighted_is_not_chosen(gaussian):
    X, y, *_ = gaussian
    # A share of rows on the wrong side that balanced classes allow, and weights do not.
    classifier = CalibratedClassifierCV(NuSVC(), ensemble=False)
    over = RandomOverSampler(random_state=0)
    corrected = PriorCorrectedClassifier(balanced(over, classifier), random_state=0)
    assert "weighting" not in corrected.fit(X, y).cv_log_loss_


def test_classifiers_that_take_no_weights_are_not_weighted(gaussian):
    X, y, *_ = gaussian
    neighbours = balanced(classifier=KNeighborsClassifier(25))
    with pytest.raises(ValueError, match=r"takes sample_weight.*Neighbors.*does not"):
        PriorCorrectedClassifier(neighbours, method="weighting").fit(X, y)
    corrected = PriorCorrectedClassifier(neighbours, random_state=0).fit(X, y)
    assert list(corrected.cv_log_loss_) == [
        "none",
        "prior_shift",
        "sigmoid",
        "isotonic",
    ]


def test_one_that_is_too_sure_is_calibrated(gaussian):
    X, y, X_test, y_test = (
        np.tile(part, 8) if part.ndim == 2 else part for part in gaussian
    )
    corrected = PriorCorrectedClassifier(
        GaussianNB(), ensemble=False, random_state=0
    ).fit(X, y)
    assert corrected.method_ == "sigmoid"
    (curve,) = corrected.calibrators_
    # Each column counts eight times.
    assert curve.slope_ == pytest.approx(1 / 8, rel=0.3)
    np.testing.assert_allclose(
        expit(curve.transform(log_odds(corrected.pipelines_[0], X_test))),
        corrected.predict_proba(X_test)[:, 1],
        atol=2e-4,  # what is less probable than any row of the folds counts as that
    )
    loss = log_loss(y_test, corrected.predict_proba(X_test))
    assert loss < 0.5 * log_loss(y_test, corrected.pipelines_[0].predict_proba(X_test))


@pytest.mark.parametrize("method", METHODS)
def test_loss_over_folds_is_that_of_fresh_rows(gaussian, method):
    X, y, X_test, y_test = gaussian
    corrected = PriorCorrectedClassifier(balanced(), random_state=0).fit(X, y)
    told = corrected.cv_log_loss_
    assert list(told) == METHODS
    assert told[corrected.method_] <= min(told.values()) + 3 / 1000
    own = clone(corrected).set_params(method=method).fit(X, y)
    assert own.method_ == method
    fresh = log_loss(y_test, own.predict_proba(X_test))
    assert told[method] == pytest.approx(fresh, abs=0.05)


def test_labels_that_reach_the_last_of_nested_pipelines_are_counted(gaussian):
    X, y, *_ = gaussian
    under = RandomUnderSampler(sampling_strategy=0.5, random_state=0)
    pipeline = make_pipeline(StandardScaler(), balanced(under))
    corrected = PriorCorrectedClassifier(pipeline, method="prior_shift").fit(X, y)
    np.testing.assert_allclose(corrected.resampled_prior_, [2 / 3, 1 / 3])
    expected = clone(pipeline).fit(X, y)
    np.testing.assert_array_equal(
        corrected.pipelines_[0].predict_proba(X), expected.predict_proba(X)
    )
    assert isinstance(corrected.pipelines_[0][-1][-1], LogisticRegression)


@pytest.mark.parametrize("method", ["auto", *METHODS])
@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_tables_and_words_for_three_classes(kind, method):
    rng = np.random.default_rng(0)
    y = rng.choice(3, size=300, p=[0.7, 0.2, 0.1])
    X = rng.normal(size=(300, 3)) + 1.5 * np.eye(3)[y]
    names = np.array(["ape", "bee", "cat"])[y]
    make = {"array": lambda _: X, "pandas": pd.DataFrame, "polars": pl.DataFrame}
    table = make[kind](dict(zip("uvw", X.T, strict=True)))
    corrected = PriorCorrectedClassifier(balanced(), method=method, random_state=0)
    proba = corrected.fit(table, names).predict_proba(table)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert set(corrected.predict(table)) <= set(names)
    if method == "none":
        return
    np.testing.assert_allclose(proba.mean(axis=0), np.bincount(y) / 300, atol=0.03)
    assert corrected.score(table, names) > 0.75


def test_columns_of_frames_are_known():
    X, y = gaussian_rows(200, 0)
    corrected = PriorCorrectedClassifier(balanced(StandardScaler()), method="none")
    assert not hasattr(corrected, "n_features_in_")
    corrected.fit(pd.DataFrame(X, columns=list("abcd")), y)
    assert corrected.n_features_in_ == 4
    assert corrected.feature_names_in_.tolist() == list("abcd")


def test_in_pipelines_and_searches(gaussian):
    X, y, X_test, _ = gaussian
    grid = {
        "priorcorrectedclassifier__method": ["prior_shift", "sigmoid"],
        "priorcorrectedclassifier__pipeline__logisticregression__C": [0.1, 1.0],
        "priorcorrectedclassifier__pipeline__ldasampler__shrinkage": [None, "auto"],
    }
    model = make_pipeline(StandardScaler(), PriorCorrectedClassifier(balanced(), cv=2))
    search = GridSearchCV(
        model, grid, cv=2, scoring="neg_log_loss", error_score="raise"
    )
    search.fit(X[:300], y[:300])
    assert np.isfinite(search.predict_proba(X_test)).all()


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
    X, y = (part[:60] for part in gaussian[:2])
    X, y = np.tile(X, (3, 1)), np.tile(y, 3)
    groups = {} if cv == 5 else {"groups": np.tile(np.arange(60), 3)}
    cv = 5 if cv == 5 else GroupKFold(5)
    corrected = PriorCorrectedClassifier(Remembering(), cv=cv, random_state=0)
    corrected.fit(X, y, **groups)
    assert corrected.cv_log_loss_["none"] == pytest.approx(np.log(2))
    # A splitter that does not keep copies together is what would go wrong.
    fooled = clone(corrected).set_params(cv=StratifiedKFold(5, shuffle=True))
    assert fooled.fit(X, y).cv_log_loss_["none"] < 0.5


def test_sample_weight_counts_in_the_prior_and_the_loss(gaussian):
    X, y, X_test, _ = gaussian
    weight = np.where(y == 1, 5.0, 1.0)
    corrected = PriorCorrectedClassifier(
        LogisticRegression(), ensemble=False, random_state=0
    )
    corrected.fit(X, y, sample_weight=weight)
    expected = np.bincount(y, weights=weight) / weight.sum()
    np.testing.assert_allclose(corrected.prior_, expected)
    np.testing.assert_allclose(corrected.resampled_prior_, expected)
    heavy = LogisticRegression().fit(X, y, weight).predict_proba(X_test)
    np.testing.assert_allclose(
        corrected.predict_proba(X_test).mean(axis=0), heavy.mean(axis=0), atol=0.02
    )
    with pytest.raises(ValueError, match="does not take"):
        PriorCorrectedClassifier(balanced()).fit(X, y, sample_weight=weight)
    with pytest.raises(TypeError, match="enable_metadata_routing"):
        corrected.fit(X, y, colour=weight)
    with pytest.raises(ValueError, match=r"one class only: \[0\]"):
        corrected.fit(X, y, sample_weight=1.0 - y)


def test_metadata_are_routed(gaussian):
    X, y, *_ = gaussian
    weight = np.where(y == 1, 5.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        logistic = LogisticRegression().set_fit_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, logistic)
        corrected = PriorCorrectedClassifier(pipeline, cv=GroupKFold(4), ensemble=False)
        groups = np.arange(len(y)) // 3
        corrected.fit(X, y, sample_weight=weight, groups=groups)
        expected = clone(pipeline).fit(X, y, sample_weight=weight)
        np.testing.assert_array_equal(
            corrected.pipelines_[0][-1].coef_, expected[-1].coef_
        )
    shares = np.bincount(y, weights=weight) / weight.sum()
    np.testing.assert_allclose(corrected.prior_, shares)
    np.testing.assert_allclose(corrected.resampled_prior_, shares)


@pytest.mark.parametrize("method", ["none", "prior_shift"])
def test_an_ensemble_is_the_mean_of_pipelines_of_folds(gaussian, method):
    X, y, X_test, _ = gaussian
    folds = list(StratifiedKFold(4).split(X, y))
    pipeline = balanced(classifier=DecisionTreeClassifier(max_depth=3))
    corrected = PriorCorrectedClassifier(
        pipeline, method=method, cv=folds, ensemble=True
    ).fit(X, y)
    told = []
    for fitted, (train, _) in zip(corrected.pipelines_, folds, strict=True):
        proba = clone(fitted).fit(X[train], y[train]).predict_proba(X_test)
        if method == "prior_shift":
            proba *= corrected.prior_
        told.append(proba / proba.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(corrected.predict_proba(X_test), np.mean(told, axis=0))


def test_an_ensemble_takes_out_the_luck_of_the_draw(gaussian):
    X, y, X_test, _ = gaussian
    X, y = X[:200], y[:200]

    def luck(ensemble):
        told = []
        for seed in range(5):
            corrected = PriorCorrectedClassifier(
                balanced(LDASampler(random_state=seed), LogisticRegression()),
                method="prior_shift",
                ensemble=ensemble,
                random_state=seed,
            )
            told.append(log_odds(corrected.fit(X, y), X_test))
        return np.std(told, axis=0).mean()

    assert luck(ensemble=True) < 0.75 * luck(ensemble=False)


@pytest.mark.parametrize("method", ["prior_shift", "weighting"])
def test_pipelines_that_never_saw_a_class_are_left_out(gaussian, method):
    X, y, X_test, _ = gaussian
    rare = np.flatnonzero(y)
    groups = np.arange(len(y)) % 3
    groups[rare] = 0
    corrected = PriorCorrectedClassifier(
        balanced(RandomOverSampler(random_state=0)),
        method=method,
        cv=GroupKFold(3),
        ensemble=True,
    ).fit(X, y, groups=groups)
    assert len(corrected.pipelines_) == 2
    # These saw all rare rows, but two thirds of the others.
    mean = corrected.predict_proba(X_test)[:, 1].mean()
    assert mean == pytest.approx(y.mean(), abs=0.02)


@pytest.mark.parametrize("method", ["auto", "none"])
def test_where_no_fold_shows_all_classes_one_pipeline_is_fitted(gaussian, method):
    X, _, X_test, _ = gaussian
    X, y = X[:40], np.arange(40) // 20
    corrected = PriorCorrectedClassifier(
        LogisticRegression(), method=method, cv=KFold(2), ensemble=True
    ).fit(X, y)
    (fitted,) = corrected.pipelines_
    expected = LogisticRegression().fit(X, y)
    np.testing.assert_array_equal(fitted.coef_, expected.coef_)
    assert np.isfinite(corrected.predict_log_proba(X_test)).all()


@pytest.mark.parametrize("method", ["auto", *METHODS])
def test_an_ensemble_tells_more_than_one_that_follows_chance(gaussian, method):
    X, y, X_test, y_test = gaussian
    tree = DecisionTreeClassifier(min_samples_leaf=10, random_state=0)
    corrected = PriorCorrectedClassifier(
        balanced(classifier=tree), method=method, random_state=0
    )
    one, mean = (
        log_loss(
            y_test, corrected.set_params(ensemble=e).fit(X, y).predict_proba(X_test)
        )
        for e in (False, True)
    )
    assert mean < one - 0.01


@pytest.mark.parametrize("method", ["auto", *METHODS])
def test_folds_that_are_fitted_in_any_case_are_taken_together(gaussian, method):
    X, y, *_ = gaussian
    corrected = PriorCorrectedClassifier(balanced(), method=method, random_state=0)
    expected = 5 if method in ("auto", "sigmoid", "isotonic") else 1
    assert len(corrected.fit(X, y).pipelines_) == expected


def test_jobs_change_nothing(gaussian):
    X, y, X_test, _ = gaussian
    corrected = PriorCorrectedClassifier(balanced(), random_state=0)
    one = corrected.fit(X, y).predict_proba(X_test)
    two = corrected.set_params(n_jobs=2).fit(X, y).predict_proba(X_test)
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("method", ["auto", "sigmoid", "isotonic"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_class_of_one_row_is_survived(gaussian, n_classes, method):
    X, y, X_test, _ = gaussian
    X, y = X[:60], np.where(np.arange(60) == 7, 2, y[:60] * (n_classes == 3))
    pipeline = balanced(RandomOverSampler(random_state=0))
    corrected = PriorCorrectedClassifier(pipeline, method=method, random_state=0)
    log_proba = corrected.fit(X, y).predict_log_proba(X_test)
    assert log_proba.shape[1] == n_classes
    assert np.isfinite(log_proba).all()
    assert np.isfinite(list(corrected.cv_log_loss_.values())).all()


def test_what_was_held_for_impossible_has_finite_log_odds(gaussian):
    X, y, X_test, y_test = gaussian
    forest = RandomForestClassifier(20, random_state=0)
    pipeline = balanced(RandomUnderSampler(random_state=0), forest)
    assert (clone(pipeline).fit(X, y).predict_proba(X_test) == 0).any()
    corrected = PriorCorrectedClassifier(pipeline, random_state=0).fit(X, y)
    assert corrected.method_ in ("sigmoid", "isotonic")
    assert log_loss(y_test, corrected.predict_proba(X_test)) < 0.3


@pytest.mark.parametrize("method", ["prior_shift", "sigmoid", "isotonic"])
def test_ranks_are_kept(gaussian, method):
    X, y, X_test, _ = gaussian
    corrected = PriorCorrectedClassifier(
        balanced(), method=method, ensemble=False, random_state=0
    )
    told = corrected.fit(X, y).predict_log_proba(X_test)
    as_fitted = log_odds(corrected.pipelines_[0], X_test)
    order = np.argsort(as_fitted)
    assert (np.diff(told[order, 1] - told[order, 0]) > 0).all()


def test_classifiers_without_log_probabilities_are_taken(gaussian):
    X, y, X_test, y_test = gaussian
    pipeline = balanced(classifier=CalibratedClassifierCV(LinearSVC()))
    corrected = PriorCorrectedClassifier(pipeline, random_state=0).fit(X, y)
    assert log_loss(y_test, corrected.predict_proba(X_test)) < 0.3


def test_what_cannot_be_corrected_is_refused(gaussian):
    X, y, *_ = gaussian
    with pytest.raises(ValueError, match="CalibratedClassifierCV"):
        PriorCorrectedClassifier(balanced(classifier=LinearSVC())).fit(X, y)
    with pytest.raises(ValueError, match=r"got one class: \[0\]"):
        PriorCorrectedClassifier(balanced()).fit(X, np.zeros(len(y), dtype=int))
    with pytest.raises(ValueError, match=r"gives 1 fold\(s\)"):
        PriorCorrectedClassifier(balanced(), cv=ShuffleSplit(1)).fit(X, y)
    with pytest.raises(ValueError, match=r"cv=.* gives no folds"):
        PriorCorrectedClassifier(balanced(), cv=[]).fit(X, y)
