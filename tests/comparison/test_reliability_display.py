import json
import sys

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from skgendisc.comparison import ReliabilityDisplay

pytestmark = pytest.mark.usefixtures("pyplot")


def right_predictions(n_rows, rng):
    """Probabilities, and what happens with these."""
    probability = expit(rng.normal(scale=1.5, size=n_rows))
    return probability, rng.uniform(size=n_rows) < probability


@pytest.fixture
def ax(pyplot):
    """One for many pictures of which none is looked at: figures take long."""
    return pyplot.subplots()[1]


def judge(probability, y, **parameters):
    display = ReliabilityDisplay.from_predictions({"a": probability}, y, **parameters)
    return display.curves["a"]


@pytest.mark.parametrize("strategy", ["quantile", "uniform"])
def test_right_probabilities_lie_in_their_bands_19_times_of_20(strategy, ax):
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(80):
        curve = judge(*right_predictions(600, rng), strategy=strategy, ax=ax)
        inside += [b["low"] <= b["frequency"] <= b["high"] for b in curve["bins"]]
        ax.clear()
    # Not below, but for noise; a little above, since shares of few rows are lumpy.
    assert 0.94 < np.mean(inside) < 0.99


def test_binomial_intervals_hold_the_mean_probability_19_times_of_20(ax):
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(60):
        curve = judge(*right_predictions(600, rng), bands="binomial", ax=ax)
        inside += [
            b["low"] <= b["mean_probability"] <= b["high"] for b in curve["bins"]
        ]
        ax.clear()
    assert 0.94 < np.mean(inside) < 0.99


def test_wrong_probabilities_lie_outside_and_their_marks_are_filled():
    rng = np.random.default_rng(0)
    probability, y = right_predictions(3000, rng)
    too_sure = expit(3 * logit(probability))
    display = ReliabilityDisplay.from_predictions({"a": too_sure}, y)
    bins = display.curves["a"]["bins"]
    outside = [b for b in bins if not b["low"] <= b["frequency"] <= b["high"]]
    assert len(outside) >= 6
    _, line, filled = display.ax_.lines
    assert line is display.lines_["a"]
    assert line.get_markerfacecolor() == "white"
    np.testing.assert_allclose(
        filled.get_xydata(), [[b["mean_probability"], b["frequency"]] for b in outside]
    )


def test_curve_and_histogram_show_the_rows():
    rng = np.random.default_rng(0)
    probability, y = right_predictions(500, rng)
    display = ReliabilityDisplay.from_predictions(
        {"a": probability}, y, n_bins=2, strategy="uniform"
    )
    is_low = probability < 0.5
    expected = [
        [probability[rows].mean(), y[rows].mean()] for rows in (is_low, ~is_low)
    ]
    np.testing.assert_allclose(display.lines_["a"].get_xydata(), expected)
    (steps,) = display.histogram_ax_.patches
    heights, edges, _ = steps.get_data()
    np.testing.assert_array_equal(heights, np.histogram(probability, edges)[0])
    assert heights.sum() == 500


def test_slope_undoes_what_was_done_to_the_log_odds():
    probability, y = right_predictions(40_000, np.random.default_rng(0))
    curve = judge(expit(2 * logit(probability) + 1), y)
    # (z - 1) / 2 puts the log-odds right.
    np.testing.assert_allclose(
        [curve["slope"], curve["intercept"]], [0.5, -0.5], atol=0.02
    )


def test_numbers_are_those_of_their_definitions():
    probability, y = right_predictions(400, np.random.default_rng(1))
    curve = judge(probability, y)
    np.testing.assert_allclose(
        curve["brier_score"],
        brier_score_loss(y, probability),
    )
    error = sum(
        b["count"] * abs(b["frequency"] - b["mean_probability"]) for b in curve["bins"]
    )
    np.testing.assert_allclose(curve["expected_calibration_error"], error / 400)


def test_error_by_chance_is_what_right_probabilities_have_in_the_mean(ax):
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(60):
        curve = judge(*right_predictions(300, rng), ax=ax)
        errors.append([curve["expected_calibration_error"], curve["error_by_chance"]])
        ax.clear()
    mean, by_chance = np.mean(errors, axis=0)
    np.testing.assert_allclose(mean, by_chance, rtol=0.1)


@pytest.fixture
def iris():
    X, y = load_iris(return_X_y=True, as_frame=False)
    return X, load_iris().target_names[y]


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_estimators_are_judged_for_the_chosen_class(iris, kind):
    X, y = iris
    if kind != "array":
        module = pytest.importorskip(kind)
        X = module.DataFrame({f"column {j}": X[:, j] for j in range(4)})
        y = module.Series(y.tolist())
    estimators = {"NB": GaussianNB(), "LR": LogisticRegression(max_iter=1000)}
    for estimator in estimators.values():
        estimator.fit(X, np.asarray(y))
    display = ReliabilityDisplay.from_estimators(
        estimators, X, y, pos_label="versicolor", n_bins=5
    )
    assert list(display.lines_) == ["NB", "LR"]
    assert display.ax_.get_ylabel() == "frequency of versicolor"
    by_hand = ReliabilityDisplay.from_predictions(
        {name: model.predict_proba(X)[:, 1] for name, model in estimators.items()},
        np.asarray(y),
        pos_label="versicolor",
        n_bins=5,
    )
    assert display.curves == by_hand.curves


def test_rows_may_lack_a_class_that_the_estimators_know(iris):
    X, y = iris
    display = ReliabilityDisplay.from_estimators(
        {"NB": GaussianNB().fit(X, y)}, X[:100], y[:100], pos_label="virginica"
    )
    assert {b["frequency"] for b in display.curves["NB"]["bins"]} == {0.0}


def test_probabilities_of_all_classes_are_told_apart_by_their_columns(iris):
    X, y = iris
    P = GaussianNB().fit(X, y).predict_proba(X)
    whole = judge(P, y, pos_label="virginica")
    assert whole == judge(P[:, 2], y, pos_label="virginica")
    turned = judge(
        P[:, ::-1],
        y,
        pos_label="virginica",
        classes=["virginica", "versicolor", "setosa"],
    )
    assert whole == turned


def test_numbers_give_the_display_back():
    display = ReliabilityDisplay.from_predictions(
        {"a": [0.1, 0.4, 0.8, 0.9]}, [0, 1, 0, 1], n_bins=2
    )
    values = display.to_dict()
    assert json.loads(json.dumps(values)) == values
    again = ReliabilityDisplay(**values).plot()
    np.testing.assert_array_equal(
        again.lines_["a"].get_xydata(), display.lines_["a"].get_xydata()
    )


def test_given_axes_are_drawn_into(pyplot):
    _, axes = pyplot.subplots(1, 3)
    probability, y = [0.1, 0.4, 0.8, 0.9], [0, 1, 0, 1]
    alone = ReliabilityDisplay.from_predictions({"a": probability}, y, ax=axes[0])
    assert (alone.ax_, alone.histogram_ax_) == (axes[0], None)
    pair = ReliabilityDisplay.from_predictions({"a": probability}, y, ax=axes[1:])
    assert (pair.ax_, pair.histogram_ax_) == (axes[1], axes[2])


@pytest.mark.parametrize(
    ("probabilities", "parameters", "message"),
    [
        ({"a": [0.5] * 3}, {}, r"'a' has 3, y has 4"),
        ({"a": [-1.0, 0.5, 0.5, 2.0]}, {}, r"'a' go from -1 to 2.*Calibrated"),
        ({"a": [[0.2] * 5] * 4}, {}, r"2 classes \[0, 1\]: 'a' has shape \(4, 5\)"),
        ({"a": [0.5] * 4}, {"pos_label": 7}, r"got 7. Take one of \[0, 1\]"),
        ({"a": [0.5] * 4}, {"bands": "normal"}, "bands must be one of .*'normal'"),
        ({"a": [0.5] * 4}, {"strategy": "log"}, "strategy must be one of .*'log'"),
        ({"a": [0.5] * 4}, {"confidence": 95}, "got 95 and 10"),
        ([0.5] * 4, {}, "dict of names to arrays, got list"),
    ],
)
def test_what_cannot_be_judged_is_refused(probabilities, parameters, message):
    with pytest.raises(ValueError, match=message):
        ReliabilityDisplay.from_predictions(probabilities, [0, 0, 1, 1], **parameters)


def test_several_classes_without_a_choice_are_refused(iris):
    X, y = iris
    with pytest.raises(ValueError, match=r"pos_label must be .*'versicolor'"):
        ReliabilityDisplay.from_estimators({"NB": GaussianNB().fit(X, y)}, X, y)


def test_estimators_must_be_fitted_and_give_probabilities(iris):
    X, y = iris
    with pytest.raises(NotFittedError):
        ReliabilityDisplay.from_estimators({"NB": GaussianNB()}, X, y)
    with pytest.raises(ValueError, match=r"'SVM', LinearSVC, has none. Wrap it in"):
        ReliabilityDisplay.from_estimators(
            {"SVM": LinearSVC().fit(X, y)}, X, y, pos_label="setosa"
        )


def test_picture_without_matplotlib_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"Display.plot needs matplotlib.*\[plot\]"):
        ReliabilityDisplay.from_predictions({"a": [0.2, 0.7]}, [0, 1])
