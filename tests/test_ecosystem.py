"""Our samplers inside the tools of scikit-learn and imbalanced-learn."""

import numpy as np
import pandas as pd
import pytest
from imblearn.ensemble import BalancedBaggingClassifier
from imblearn.pipeline import make_pipeline
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    cross_val_score,
    cross_validate,
)
from sklearn.preprocessing import StandardScaler

from skgendisc.augmentation import enlarge
from skgendisc.comparison import table_preprocessor
from skgendisc.joint import (
    ClassConditionalSampler,
    GaussianNBSampler,
    LDASampler,
    QDASampler,
)
from skgendisc.trees import TreeSampler

SAMPLERS = [
    GaussianNBSampler(random_state=0),
    LDASampler(random_state=0),
    QDASampler(shrinkage=0.1, random_state=0),
    ClassConditionalSampler(GaussianMixture(), random_state=0),
]
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)


@pytest.fixture(scope="module")
def data():
    return make_classification(
        n_samples=400,
        n_features=6,
        n_redundant=0,
        weights=[0.85],
        class_sep=1.5,
        random_state=0,
    )


def behind(sampler):
    return make_pipeline(StandardScaler(), sampler, LogisticRegression())


def test_grid_search_over_the_parameter_of_a_sampler_in_a_pipeline(data):
    grid = {"ldasampler__shrinkage": [None, "auto", 0.5]}
    search = GridSearchCV(
        behind(LDASampler(random_state=0)), grid, scoring="balanced_accuracy", cv=3
    ).fit(*data)
    assert search.best_score_ > 0.8
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_grid_search_over_the_strategy(data):
    grid = {"ldasampler__sampling_strategy": ["auto", enlarge(2), enlarge(3)]}
    search = GridSearchCV(behind(LDASampler(random_state=0)), grid, cv=3).fit(*data)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_halving_grid_search(data):
    grid = {"qdasampler__shrinkage": [0.01, 0.1, 0.5]}
    search = HalvingGridSearchCV(
        behind(QDASampler(random_state=0)), grid, cv=3, random_state=0
    ).fit(*data)
    assert search.best_score_ > 0.8


@each_sampler
def test_cross_validation_in_two_processes_equals_one(sampler, data):
    alone = cross_validate(behind(sampler), *data, cv=3, n_jobs=1)
    both = cross_validate(behind(sampler), *data, cv=3, n_jobs=2)
    np.testing.assert_array_equal(alone["test_score"], both["test_score"])
    assert alone["test_score"].mean() > 0.8


@each_sampler
def test_calibration(sampler, data):
    calibrated = CalibratedClassifierCV(sampler, cv=3).fit(*data)
    assert calibrated.score(*data) > 0.8


def test_voting_and_stacking(data):
    members = [("lr", LogisticRegression())] + [
        (type(sampler).__name__, sampler) for sampler in SAMPLERS
    ]
    for ensemble in (
        VotingClassifier(members, voting="soft"),
        StackingClassifier(members, cv=3),
    ):
        assert cross_val_score(ensemble, *data, cv=3).mean() > 0.85


@each_sampler
def test_balanced_bagging_draws_from_the_sampler(sampler, data):
    bagging = BalancedBaggingClassifier(
        LogisticRegression(), sampler=sampler, n_estimators=3, random_state=0
    ).fit(*data)
    assert bagging.score(*data) > 0.8


@each_sampler
def test_a_sampler_alone_is_a_classifier_in_a_pipeline(sampler, data):
    X, y = data
    pipeline = make_pipeline(StandardScaler(), sampler).fit(X, y)
    assert pipeline.predict_proba(X).shape == (400, 2)
    assert pipeline.score(X, y) > 0.85


def test_names_survive_the_pipeline(data):
    X, y = data
    pipeline = behind(LDASampler(random_state=0)).set_output(transform="pandas")
    pipeline.fit(X, y)
    assert list(pipeline[-1].feature_names_in_) == [f"x{i}" for i in range(6)]
    assert list(pipeline[1].get_feature_names_out()) == [f"x{i}" for i in range(6)]


def test_a_pipeline_that_ends_in_a_sampler_resamples(data):
    X, y = data
    X_res, y_res = make_pipeline(
        StandardScaler(), GaussianNBSampler(random_state=0)
    ).fit_resample(X, y)
    assert np.bincount(y_res)[0] == np.bincount(y_res)[1]
    assert len(X_res) == len(y_res)


def test_trees_replace_smote_ahead_of_the_encoder_of_a_table_with_words_and_gaps():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(600) < 0.15, "yes", "no")
    town = np.where(y == "yes", "Bonn", rng.choice(["Ulm", None, "Bonn"], 600))
    size = np.where(rng.random(600) < 0.2, np.nan, rng.normal(size=600) + (y == "yes"))
    X = pd.DataFrame({"town": town, "size": size})
    pipeline = make_pipeline(
        TreeSampler(random_state=0), table_preprocessor(X), LogisticRegression()
    )
    grid = {"treesampler__min_samples_leaf": [5, 20]}
    search = GridSearchCV(pipeline, grid, scoring="balanced_accuracy", cv=3).fit(X, y)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_score_ > 0.7
