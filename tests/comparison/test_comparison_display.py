import sys

import numpy as np
import pytest

from skgendisc.comparison import ComparisonDisplay, ComparisonResult

ACCURACY = {
    "tree": [0.9, 0.8, 1.0, 0.9],
    "tree + LDA": [0.91, 0.81, 1.01, 0.93],  # a little better in every fold
    "LDA": [0.8, 0.95, 0.9, 0.95],
}


@pytest.fixture
def result():
    folds = [
        {
            "name": name,
            "fold": fold,
            "rows_added": 0,
            "fit_seconds": 1.0,
            "scores": {"accuracy": value, "log_loss": 1.0 - value},
        }
        for name, values in ACCURACY.items()
        for fold, value in enumerate(values)
    ]
    kinds = {
        "tree": "discriminative",
        "tree + LDA": "discriminative + synthetic rows",
        "LDA": "generative",
    }
    return ComparisonResult(
        ["a", "b"], ["accuracy", "log_loss"], ["log_loss"], kinds, folds
    )


def drawn_points(panel):
    """Means and the ends of their bars, by row from the top."""
    points = {}
    for container in panel.containers:
        line, _, (bars,) = container
        for x, y, ends in zip(*line.get_data(), bars.get_segments(), strict=True):
            points[int(y)] = (x, *ends[:, 0], line.get_markerfacecolor())
    return [points[row] for row in sorted(points)]


def test_marks_are_means_and_bars_one_standard_error(result, pyplot):
    display = ComparisonDisplay.from_result(result, metrics=["accuracy"])
    names = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert names == ["tree + LDA", "tree", "LDA"]
    for name, (mean, low, high, _) in zip(
        names, drawn_points(display.ax_), strict=True
    ):
        values = np.array(ACCURACY[name])
        error = values.std(ddof=1) / 2
        np.testing.assert_allclose(mean, values.mean())
        np.testing.assert_allclose([low, high], [mean - error, mean + error])


def test_differences_to_a_baseline_are_those_of_the_same_folds(result, pyplot):
    display = ComparisonDisplay.from_result(
        result, metrics=["accuracy"], baseline="tree"
    )
    (better, *bar, _), (zero, *_), _ = drawn_points(display.ax_)
    differences = np.subtract(ACCURACY["tree + LDA"], ACCURACY["tree"])
    error = differences.std(ddof=1) / 2
    np.testing.assert_allclose(better, differences.mean())
    np.testing.assert_allclose(bar, [better - error, better + error])
    # Scores spread eight times as much over the folds as their differences.
    assert 8 * error < np.std(ACCURACY["tree"], ddof=1) / 2
    assert zero == 0.0


def test_differences_within_two_standard_errors_of_none_are_hollow(result, pyplot):
    display = ComparisonDisplay.from_result(
        result, metrics=["accuracy"], baseline="tree"
    )
    faces = [face for *_, face in drawn_points(display.ax_)]
    assert [face == "white" for face in faces] == [False, True, True]


def test_numbers_are_given_without_drawing(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    values = ComparisonDisplay(result, baseline="LDA").to_dict()
    assert (values["metrics"], values["losses"]) == (
        ["log_loss"],
        ["log_loss"],
    )
    assert values["rows"][0]["name"] == "tree + LDA"
    np.testing.assert_allclose(values["rows"][0]["log_loss_mean"], -0.015)


def test_one_axes_shows_one_metric_and_a_list_as_many(result, pyplot):
    figure, axes = pyplot.subplots(1, 3)
    display = ComparisonDisplay.from_result(result, ax=axes[0])
    assert display.axes_ == [axes[0]]
    assert axes[0].get_title(loc="left") == "log loss"
    both = ["accuracy", "log_loss"]
    display = ComparisonDisplay.from_result(result, metrics=both, ax=axes[1:])
    assert [panel.get_title(loc="left") for panel in display.axes_] == [
        "accuracy",
        "log loss",
    ]
    assert display.figure_ is figure
    with pytest.raises(ValueError, match=r"each of the 2 metrics .*, got 3"):
        ComparisonDisplay.from_result(result, metrics=both, ax=axes)


def test_an_unknown_baseline_is_refused_with_the_known_names(result):
    with pytest.raises(ValueError, match=r"got 'SVM'. Take one of \['tree'"):
        ComparisonDisplay(result, baseline="SVM").to_dict()


def test_from_estimators_compares_and_draws(pyplot):
    from sklearn.datasets import load_iris
    from sklearn.dummy import DummyClassifier
    from sklearn.naive_bayes import GaussianNB

    display = ComparisonDisplay.from_estimators(
        {"dummy": DummyClassifier(), "NB": GaussianNB()},
        *load_iris(return_X_y=True),
        cv=3,
        scoring="accuracy",
        baseline="dummy",
    )
    assert len(display.result.values("NB", "accuracy")) == 3
    points = drawn_points(display.ax_)
    np.testing.assert_allclose(points[0][0], 0.62, atol=0.02)
    assert points[1][0] == 0.0


def test_result_draws_itself_by_the_display(result, pyplot):
    figure = result.plot(metrics=["accuracy"], baseline="LDA")
    (legend,) = figure.legends
    assert legend.get_title().get_text() == "differences to LDA"


def test_picture_without_matplotlib_says_how_to_install_it(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"Display.plot needs matplotlib.*\[plot\]"):
        ComparisonDisplay(result).plot()
