"""Synthetic rows for a classifier: chosen without looking, and told apart."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline as make_resampling_pipeline
from scipy.special import entr
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    RepeatedStratifiedKFold,
    TimeSeriesSplit,
    cross_validate,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.augmentation import AugmentedClassifier
from skgendisc.base import GenerativeSampler
from skgendisc.joint import GaussianNBSampler, LDASampler, QDASampler


@parametrize_with_checks(
    [
        AugmentedClassifier(
            LogisticRegression(), LDASampler(shrinkage="auto"), random_state=0
        ),
        AugmentedClassifier(
            LogisticRegression(),
            LDASampler(shrinkage="auto"),
            select=None,
            n_rounds=2,
            label="posterior",
            random_state=0,
        ),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def gaussian():
    """Two Gaussians, few rows to fit and many to judge by."""
    rng = np.random.default_rng(1)
    y = rng.integers(2, size=4060)
    X = rng.normal(size=(4060, 5)) + 1.0 * y[:, None]
    return X[:60], y[:60], X[60:], y[60:]


class Copying(GenerativeSampler):
    """Draws rows of fit again, with the right label or the next."""

    def __init__(self, shift=0, random_state=None):
        super().__init__(random_state=random_state)
        self.shift = shift

    def _fit(self, X, y):
        y = (y + self.shift) % (y.max() + 1)
        self.rows_ = [X[y == k] for k in range(y.max() + 1)]
        self.class_prior_ = np.bincount(y) / len(y)

    def _draw(self, y, rng):
        rows = [rng.choice(self.rows_[k]) for k in y]
        return np.reshape(rows, (len(y), self.n_features_in_))


def test_a_model_that_is_right_is_chosen_and_helps(gaussian):
    X, y, X_test, y_test = gaussian
    tree = DecisionTreeClassifier(min_samples_leaf=5, random_state=0)
    augmented = AugmentedClassifier(tree, GaussianNBSampler(), random_state=0)
    augmented.fit(X, y)
    assert augmented.chosen_["sampler"] == "gaussiannbsampler"
    own = log_loss(y_test, tree.fit(X, y).predict_proba(X_test))
    assert log_loss(y_test, augmented.predict_proba(X_test)) < own - 0.1


def test_rows_with_wrong_labels_are_not_added(gaussian):
    X, y, X_test, _ = gaussian
    augmented = AugmentedClassifier(
        LogisticRegression(), Copying(shift=1), random_state=0
    )
    augmented.fit(X, y)
    assert augmented.chosen_ == {
        "sampler": None,
        "n_synthetic": 0.0,
        "synthetic_weight": 0.0,
        "n_rounds": 0,
    }
    assert augmented.sampler_ is None
    assert not augmented.is_synthetic_.any()
    alone = LogisticRegression().fit(X, y)
    np.testing.assert_array_equal(
        augmented.predict_proba(X_test), alone.predict_proba(X_test)
    )


@pytest.mark.parametrize("cv", [5, "groups"])
def test_copies_of_rows_that_judge_are_never_drawn(cv):
    # Labels are noise: only who has seen the judging rows can gain.
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), rng.integers(2, size=60)
    X, y, groups = np.tile(X, (3, 1)), np.tile(y, 3), np.tile(np.arange(60), 3)
    given = {} if cv == 5 else {"groups": groups}
    augmented = AugmentedClassifier(
        DecisionTreeClassifier(max_depth=4, random_state=0),
        Copying(),
        cv=5 if cv == 5 else GroupKFold(5),
        random_state=0,
    ).fit(X, y, **given)
    assert min(augmented.cv_results_["mean_log_loss"]) > 1.2


def test_a_sampler_sees_no_row_of_the_future():
    seen = []

    class Noting(GaussianNBSampler):
        def _fit(self, X, y):
            seen.append(X[:, 0].max())
            super()._fit(X, y)

    X = np.column_stack([np.arange(80.0), np.random.default_rng(0).normal(size=80)])
    y = np.arange(80) % 2
    cv = TimeSeriesSplit(4)
    AugmentedClassifier(LogisticRegression(), Noting(), cv=cv).fit(X, y)
    assert seen[:4] == [train.max() for train, _ in cv.split(X)]


def test_synthetic_rows_weigh_what_is_asked(gaussian):
    X, y, *_ = gaussian
    weights = []

    class Weighed(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            weights.append(sample_weight)
            return super().fit(X, y, sample_weight)

    augmented = AugmentedClassifier(
        Weighed(),
        LDASampler(),
        label="hard",
        n_synthetic=3,
        synthetic_weight=0.5,
        select=None,
        keep_synthetic=True,
        random_state=0,
    ).fit(X, y, sample_weight=np.full(60, 2.0))
    (weight,) = weights
    assert augmented.is_synthetic_.sum() == 180 == len(augmented.synthetic_X_)
    assert len(augmented.synthetic_y_) == 180
    np.testing.assert_array_equal(weight[~augmented.is_synthetic_], 2.0)
    assert weight[augmented.is_synthetic_].sum() == pytest.approx(60.0)


def test_without_weights_there_are_fewer_rows_instead(gaussian):
    X, y, *_ = gaussian
    augmented = AugmentedClassifier(
        KNeighborsClassifier(), LDASampler(), synthetic_weight=0.5, select=None
    ).fit(X, y)
    assert augmented.is_synthetic_.sum() == 30
    with pytest.raises(ValueError, match="does not take"):
        augmented.fit(X, y, sample_weight=np.ones(60))


@pytest.mark.parametrize("in_pipeline", [False, True])
def test_weights_are_routed_through_a_search(gaussian, in_pipeline):
    X, y, X_test, _ = gaussian
    weight = np.where(X[:, 0] > 0, 3.0, 0.5)
    with sklearn.config_context(enable_metadata_routing=True):
        classifier = LogisticRegression().set_fit_request(sample_weight=True)
        if in_pipeline:
            scaler = StandardScaler().set_fit_request(sample_weight=False)
            classifier = make_pipeline(scaler, classifier)
        sampler = LDASampler().set_fit_request(sample_weight=True)
        augmented = AugmentedClassifier(classifier, sampler, random_state=0)
        search = GridSearchCV(augmented, {"n_synthetic": [2.0]}, cv=2)
        told = search.fit(X, y, sample_weight=weight).predict_proba(X_test)
        given = clone(augmented).set_params(n_synthetic=2.0)
        own = given.fit(X, y, sample_weight=weight).predict_proba(X_test)
        without = given.fit(X, y).predict_proba(X_test)
    np.testing.assert_allclose(told, own)
    assert np.abs(own - without).max() > 0.02


def test_weights_that_nobody_asked_for_are_refused(gaussian):
    X, y, *_ = gaussian
    with sklearn.config_context(enable_metadata_routing=True):
        augmented = AugmentedClassifier(LogisticRegression(), LDASampler())
        with pytest.raises(UnsetMetadataPassedError, match="set_fit_request"):
            augmented.fit(X, y, sample_weight=np.ones(60))


@pytest.mark.parametrize("classifier", [LogisticRegression(), KNeighborsClassifier(25)])
def test_soft_labels_are_the_samplers_posterior(gaussian, classifier):
    # Labels of the rows are noise to a sampler that knows but one mean: so are soft
    # ones, and where they are all there is, a classifier learns the prior.
    X, y, X_test, _ = gaussian
    shuffled = np.random.default_rng(1).permutation(y)
    augmented = AugmentedClassifier(
        classifier,
        GaussianNBSampler(var_smoothing=1e3),
        n_synthetic=50,
        synthetic_weight=50.0,
        label="posterior",
        select=None,
        random_state=0,
    ).fit(X, shuffled)
    proba = augmented.predict_proba(X_test)[:, 1]
    assert np.abs(proba - shuffled.mean()).mean() < 0.12


def test_rounds_prefer_rows_of_which_the_classifier_is_unsure(gaussian):
    X, y, *_ = gaussian
    logistic = LogisticRegression().fit(X, y)
    unsure = []
    for n_rounds in (1, 2):
        augmented = AugmentedClassifier(
            LogisticRegression(),
            GaussianNBSampler(),
            synthetic_weight=0.1,
            n_rounds=n_rounds,
            select=None,
            keep_synthetic=True,
            random_state=0,
        ).fit(X, y)
        unsure.append(entr(logistic.predict_proba(augmented.synthetic_X_)).sum(axis=1))
    assert unsure[1].mean() > 1.15 * unsure[0].mean()


def test_all_choices_are_reported_beside_none(gaussian):
    X, y, *_ = gaussian
    augmented = AugmentedClassifier(
        LogisticRegression(),
        [("nb", GaussianNBSampler()), QDASampler()],
        n_synthetic=[1, 3],
        synthetic_weight=0.5,
        n_rounds=2,
        cv=3,
        random_state=0,
    ).fit(X, y)
    results = pd.DataFrame(augmented.cv_results_)
    assert len(results) == 1 + 2 * 2 * 2
    assert results["sampler"].isna()[0]
    assert results["sampler"].tolist()[1:] == ["nb"] * 4 + ["qdasampler"] * 4
    assert results["mean_gain"][0] == 0
    assert set(results["n_rounds"][1:]) == {1, 2}


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_tables_and_words_for_classes(kind):
    X, y = load_iris(return_X_y=True)
    columns = dict(zip("abcd", X.T, strict=True))
    make = {"array": lambda _: X, "pandas": pd.DataFrame, "polars": pl.DataFrame}
    table = make[kind](columns)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    augmented = AugmentedClassifier(
        DecisionTreeClassifier(max_depth=3, random_state=0), cv=3, random_state=0
    )
    assert augmented.fit(table, names).score(table, names) > 0.9
    assert type(augmented.classifier_.classes_[0]) is np.str_


def test_mixed_tables_with_gaps():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=200)
    colour = np.where(rng.random(200) < 0.2 + 0.6 * y, "red", "blue")
    size = np.where(rng.random(200) < 0.1, np.nan, rng.normal(y))
    X = pd.DataFrame({"colour": pd.Categorical(colour), "size": size})
    boosting = HistGradientBoostingClassifier(max_iter=10)
    augmented = AugmentedClassifier(boosting, cv=2, keep_synthetic=True, random_state=0)
    augmented.set_params(select=None).fit(X, y)
    assert augmented.synthetic_X_.dtypes.equals(X.dtypes)
    assert augmented.score(X, y) > 0.7


def test_in_pipelines_and_searches(gaussian):
    X, y, X_test, y_test = gaussian
    augmented = AugmentedClassifier(
        make_pipeline(StandardScaler(), LogisticRegression()),
        LDASampler(),
        cv=2,
        random_state=0,
    )
    grid = {
        "augmentedclassifier__classifier__logisticregression__C": [0.1, 1.0],
        "augmentedclassifier__sampler__shrinkage": [None, "auto"],
    }
    search = GridSearchCV(make_pipeline(StandardScaler(), augmented), grid, cv=2)
    assert search.fit(X, y).score(X_test, y_test) > 0.7
    scores = cross_validate(augmented, X, y, scoring="neg_log_loss", cv=3)
    assert np.isfinite(scores["test_score"]).all()


def test_weights_reach_the_last_step_of_a_pipeline(gaussian):
    X, y, *_ = gaussian
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    augmented = AugmentedClassifier(
        pipeline, LDASampler(), synthetic_weight=1e-9, select=None, random_state=0
    ).fit(X, y)
    # Rows without weight still move the scaler, and nothing else.
    fitted = augmented.classifier_
    scaled = fitted[0].transform(X)
    expected = LogisticRegression().fit(scaled, y).coef_
    np.testing.assert_allclose(fitted[-1].coef_, expected, rtol=1e-3)


def test_without_probabilities_errors_are_counted(gaussian):
    X, y, X_test, y_test = gaussian
    augmented = AugmentedClassifier(LinearSVC(), LDASampler(), n_rounds=2, cv=3)
    augmented.fit(X, y)
    assert not hasattr(augmented, "predict_proba")
    assert augmented.decision_function(X_test).shape == (4000,)
    assert 0 <= augmented.cv_results_["mean_log_loss"][0] < 0.5
    assert augmented.score(X_test, y_test) > 0.7


def test_jobs_and_runs_change_nothing(gaussian):
    X, y, X_test, _ = gaussian
    forest = RandomForestClassifier(20, random_state=0)
    augmented = AugmentedClassifier(forest, LDASampler(), cv=3, random_state=0)
    one = augmented.fit(X, y).predict_proba(X_test)
    two = clone(augmented).set_params(n_jobs=2).fit(X, y).predict_proba(X_test)
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("label", ["hard", "posterior"])
def test_a_class_of_one_row_is_survived(gaussian, n_classes, label):
    X, y, X_test, _ = gaussian
    y = np.where(np.arange(60) == 7, n_classes - 1, y if n_classes == 3 else 0)
    augmented = AugmentedClassifier(LogisticRegression(), label=label, random_state=0)
    augmented.fit(X, y)
    assert augmented.predict_proba(X_test).shape[1] == n_classes


def test_soft_labels_are_those_that_a_fold_knows():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(80) < 0.5, 0, 2)
    y[5] = 1
    seen = []

    class Noting(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            seen.append(set(y))
            return super().fit(X, y, sample_weight)

    X = rng.normal(size=(80, 3)) + y[:, None]
    sampler = LDASampler(shrinkage="auto")
    AugmentedClassifier(Noting(), sampler, label="posterior").fit(X, y)
    assert {0, 2} in seen
    assert all(labels in ({0, 2}, {0, 1, 2}) for labels in seen)


def test_without_selection_the_first_amounts_are_taken(gaussian):
    X, y, *_ = gaussian
    augmented = AugmentedClassifier(
        LogisticRegression(),
        LDASampler(),
        n_synthetic=[2, 7],
        synthetic_weight=[0.3, 0.9],
        n_rounds=2,
        select=None,
    ).fit(X, y)
    assert list(augmented.chosen_.values()) == ["ldasampler", 2.0, 0.3, 2]


@pytest.mark.parametrize("amount", [[], [-1.0], [1.0, np.inf], ["many"]])
@pytest.mark.parametrize("name", ["n_synthetic", "synthetic_weight"])
def test_amounts_are_positive(gaussian, name, amount):
    X, y, *_ = gaussian
    augmented = AugmentedClassifier(LogisticRegression(), LDASampler())
    with pytest.raises(ValueError, match=f"{name} must be a positive number"):
        augmented.set_params(**{name: amount}).fit(X, y)


def test_what_is_no_sampler_is_refused(gaussian):
    X, y, *_ = gaussian
    with pytest.raises(ValueError, match="go into a pipeline"):
        AugmentedClassifier(LogisticRegression(), StandardScaler()).fit(X, y)
    with pytest.raises(ValueError, match="with a density"):
        AugmentedClassifier(LogisticRegression(), Copying(), label="posterior").fit(
            X, y
        )


def test_jobs_change_nothing_with_routing(gaussian):
    X, y, *_ = gaussian
    with sklearn.config_context(enable_metadata_routing=True):
        scaler = StandardScaler().set_fit_request(sample_weight=True)
        last = LogisticRegression().set_fit_request(sample_weight=True)
        sampler = LDASampler().set_fit_request(sample_weight=True)
        augmented = AugmentedClassifier(
            make_pipeline(scaler, last), sampler, cv=3, random_state=0
        )
        weight = np.random.default_rng(0).random(60)
        one = augmented.fit(X, y, sample_weight=weight).cv_results_
        two = augmented.set_params(n_jobs=2).fit(X, y, sample_weight=weight)
    assert one["mean_log_loss"] == two.cv_results_["mean_log_loss"]


def test_rows_without_weight_teach_no_sampler(gaussian):
    X, y, *_ = gaussian
    far = np.concatenate([X, X + 50.0])
    augmented = AugmentedClassifier(
        LogisticRegression(), select=None, keep_synthetic=True, random_state=0
    )
    weight = np.repeat([1.0, 0.0], 60)
    augmented.fit(far, np.tile(y, 2), sample_weight=weight)
    assert np.abs(augmented.synthetic_X_).max() < 15


def test_soft_labels_are_kept_with_their_weights(gaussian):
    X, y, *_ = gaussian
    augmented = AugmentedClassifier(
        LogisticRegression(),
        LDASampler(),
        select=None,
        keep_synthetic=True,
        random_state=0,
    ).fit(X, y)
    again = LogisticRegression().fit(
        augmented.synthetic_X_, augmented.synthetic_y_, augmented.synthetic_weight_
    )
    assert again.coef_.sum() > 1.0


def test_rows_judged_several_times_count_once(gaussian):
    X, y, *_ = gaussian
    errors = []
    for n_repeats in (1, 8):
        cv = RepeatedStratifiedKFold(n_splits=3, n_repeats=n_repeats, random_state=0)
        augmented = AugmentedClassifier(
            LogisticRegression(), LDASampler(), cv=cv, random_state=0
        )
        errors.append(augmented.fit(X, y).cv_results_["std_error_of_gain"][-1])
    assert errors[1] > 0.6 * errors[0]


def test_pipelines_that_resample_are_taken(gaussian):
    X, y, X_test, _ = gaussian
    y = np.where(np.arange(60) < 40, 0, y)
    balanced = make_resampling_pipeline(
        RandomOverSampler(random_state=0), LogisticRegression()
    )
    augmented = AugmentedClassifier(balanced, LDASampler(), random_state=0)
    assert augmented.fit(X, y).predict_proba(X_test).shape == (len(X_test), 2)


def test_routed_parameters_that_would_be_lost_are_refused(gaussian):
    X, y, *_ = gaussian
    with sklearn.config_context(enable_metadata_routing=True):
        last = LogisticRegression().set_fit_request(sample_weight="mine")
        pipeline = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False), last
        )
        augmented = AugmentedClassifier(pipeline, LDASampler())
        with pytest.raises(TypeError, match=r"got \['mine'\]"):
            augmented.fit(X, y, mine=np.ones(60))
