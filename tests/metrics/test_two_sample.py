"""Classifiers that tell synthetic from real rows."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeClassifier

from skgendisc.metrics import classifier_two_sample_test, propensity_mse


@pytest.mark.parametrize(("shift", "auc"), [(1.0, 0.7602), (2.0, 0.9214)])
def test_of_shifted_normals_the_best_classifier_has_the_known_area(shift, auc):
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(size=(2, 8000, 1))
    test = classifier_two_sample_test(
        X, X_new + shift, classifier=LinearDiscriminantAnalysis(), random_state=0
    )
    assert test.auc == pytest.approx(auc, abs=0.012)
    assert test.accuracy == pytest.approx(norm.cdf(shift / 2), abs=0.012)
    assert test.p_value < 1e-10
    assert test.accuracy_p_value < 1e-10


def test_of_one_distribution_p_values_are_as_small_as_they_say():
    p_values, z = [], []
    for seed in range(200):
        X, X_new = np.random.default_rng(seed).normal(size=(2, 100, 3))
        test = classifier_two_sample_test(
            X, X_new, classifier=LinearDiscriminantAnalysis(), random_state=seed
        )
        p_values.append(test.p_value)
        z.append((test.auc - 0.5) / test.auc_error)
    assert np.mean(z) == pytest.approx(0.0, abs=0.3)
    # Folds that depend on each other would make it 1.5.
    assert np.std(z) == pytest.approx(1.0, abs=0.15)
    assert np.mean(np.array(p_values) < 0.05) < 0.09


def test_boosting_sees_what_a_linear_model_does_not():
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(size=(2, 1500, 2))
    X[:, 1] = X[:, 0] * rng.choice([-1, 1], size=1500)  # uncorrelated, not independent
    linear = classifier_two_sample_test(
        X, X_new, classifier=LinearDiscriminantAnalysis(), random_state=0
    )
    boosted = classifier_two_sample_test(X, X_new, random_state=0)
    assert linear.auc < 0.55 < 0.8 < boosted.auc


def test_classes_are_judged_each_on_its_own():
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(size=(2, 2000, 1))
    y = np.tile(["good", "bad"], 1000)
    X_new[y == "bad"] += 2.0
    test = classifier_two_sample_test(X, X_new, y, y, random_state=0)
    assert test.classes["bad"] > 0.85
    assert test.classes["good"] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("classifier", [None, LinearDiscriminantAnalysis()])
def test_the_column_that_gives_rows_away_is_named(classifier, mixed):
    table, _, _ = mixed(800, 0)
    synthetic, _, _ = mixed(800, 1)
    synthetic["town"] = "Bonn"
    test = classifier_two_sample_test(
        table, synthetic, classifier=classifier, importances=True, random_state=0
    )
    assert list(test.importances) == list(table.columns)
    assert max(test.importances, key=test.importances.get) == "town"


def test_copies_of_the_same_rows_fall_below_one_half():
    X = np.random.default_rng(0).normal(size=(500, 2))
    assert classifier_two_sample_test(X, X, random_state=0).auc < 0.5


def test_classifiers_without_probabilities_will_do():
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(size=(500, 1)), rng.normal(2.0, size=(500, 1))
    test = classifier_two_sample_test(
        X, X_new, classifier=RidgeClassifier(), random_state=0
    )
    assert test.auc > 0.85


def test_rows_are_as_many_of_both():
    X = np.random.default_rng(0).normal(size=(300, 1))
    assert classifier_two_sample_test(X, X[:100], random_state=0).n_rows == 100
    assert classifier_two_sample_test(X, X, max_rows=50, random_state=0).n_rows == 50


def test_too_few_rows_for_the_folds_are_refused():
    with pytest.raises(ValueError, match=r"has 3 row\(s\), and 5 or more"):
        classifier_two_sample_test(np.ones((9, 1)), np.ones((3, 1)))


def test_propensity_error_of_one_distribution_is_as_expected():
    ratios, z = [], []
    for seed in range(100):
        X, X_new = np.random.default_rng(seed).normal(size=(2, 500, 4))
        score = propensity_mse(X, X_new)
        ratios.append(score.ratio)
        z.append(score.z_score)
    assert score.n_parameters == 5
    # The published expectation, 1.0e-3 here, is of first order: 0.9e-3 by simulation.
    assert np.mean(ratios) == pytest.approx(0.97, abs=0.15)
    assert np.std(z) == pytest.approx(1.0, abs=0.25)


def test_propensity_error_of_unequal_sizes_is_as_expected():
    ratios = []
    for seed in range(100):
        X = np.random.default_rng(seed).normal(size=(1500, 4))
        ratios.append(propensity_mse(X[:1000], X[1000:]).ratio)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.15)


def test_propensity_error_of_a_fitted_model_is_about_half():
    rng, ratios = np.random.default_rng(0), []
    for _ in range(150):
        X = rng.normal(size=(400, 3))
        X_new = rng.multivariate_normal(X.mean(axis=0), np.cov(X.T), size=400)
        ratios.append(propensity_mse(X, X_new).ratio_to_fitted)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.15)


def test_propensity_error_of_columns_without_variation_is_zero():
    assert propensity_mse(np.ones((50, 2)), np.ones((40, 2))).pmse == 0.0
