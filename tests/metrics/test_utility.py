"""What models learn from synthetic rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skgendisc.metrics import (
    align_tables,
    augmentation_gain,
    train_synthetic_test_real,
)


@pytest.fixture
def tables(mixed):
    """Train, fresh and test tables, and their labels."""
    made = [mixed(800, seed) for seed in range(3)]
    return [table for table, _, _ in made], [y for _, y, _ in made]


def test_fresh_rows_teach_what_real_ones_do(tables):
    X, y = tables
    result = train_synthetic_test_real(*X, *y, random_state=0)
    assert result.score_real > 0.75
    assert abs(result.difference) < 4 * result.difference_error
    assert result.difference == pytest.approx(result.score - result.score_real)


def test_shuffled_labels_teach_nothing(tables):
    X, y = tables
    y[1] = np.random.default_rng(0).permutation(y[1])
    result = train_synthetic_test_real(*X, *y, random_state=0)
    assert result.score == pytest.approx(0.5, abs=0.08)
    assert result.difference < -4 * result.difference_error


def test_scores_are_those_of_the_classifier_on_its_own():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=(3, 400))
    X = rng.normal(size=(3, 400, 3)) + y[:, :, None]
    result = train_synthetic_test_real(*X, *y, classifier=LogisticRegression())
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X[1], y[1])
    expected = roc_auc_score(y[2], model.predict_proba(X[2])[:, 1])
    assert result.score == pytest.approx(expected, abs=1e-3)


def test_any_scorer_will_do(tables):
    X, y = tables
    result = train_synthetic_test_real(
        *X, *y, scoring="balanced_accuracy", random_state=0
    )
    assert 0.6 < result.score < result.score + 0.1


def test_areas_of_several_classes_are_means_and_a_class_may_be_lost():
    rng = np.random.default_rng(0)
    y = np.tile([0, 1, 2], 200)
    X = rng.normal(size=(3, 600, 2)) + 2.0 * y[:, None]
    lost = y != 2
    result = train_synthetic_test_real(
        X[0], X[1][lost], X[2], y, y[lost], y, random_state=0
    )
    assert result.score_real > 0.9
    assert 0.55 < result.score < 0.85


def test_rows_of_one_class_teach_a_constant(tables):
    X, y = tables
    y[1] = np.full(800, "yes")
    assert train_synthetic_test_real(*X, *y, random_state=0).score == 0.5


def test_numbers_can_be_predicted_too():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 500, 2))
    y = X.sum(axis=2) + 0.1 * rng.normal(size=(3, 500))
    for model in (None, Ridge()):
        result = train_synthetic_test_real(*X, *y, classifier=model, random_state=0)
        assert result.score > 0.9


def test_aligned_tables_bring_their_labels(tables):
    X, y = tables
    aligned = align_tables(*X, y=y)
    expected = train_synthetic_test_real(*X, *y, random_state=0)
    assert train_synthetic_test_real(*aligned, random_state=0) == expected


def test_missing_labels_are_asked_for(tables):
    X, y = tables
    with pytest.raises(ValueError, match="need labels to predict"):
        train_synthetic_test_real(*X)
    with pytest.raises(ValueError, match="give labels of all three"):
        train_synthetic_test_real(*X, y[0])


def test_more_rows_of_the_same_kind_are_a_gain(tables):
    X, y = tables
    few = X[0][:40]
    result = augmentation_gain(few, X[1], X[2], y[0][:40], y[1], y[2], random_state=0)
    assert result.gain > 2 * result.gain_error
    assert result.gain == pytest.approx(result.score - result.score_real)


def test_too_few_rows_of_a_class_give_no_error():
    X = pd.DataFrame({"x": np.arange(40.0)})
    y = np.repeat(["a", "b"], 20)
    result = train_synthetic_test_real(X, X, X[:21], y, y, y[:21], random_state=0)
    assert np.isnan(result.difference_error)
