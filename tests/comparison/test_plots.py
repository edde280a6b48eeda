import sys

import numpy as np
import pytest

from skgendisc.comparison import ComparisonResult

SCORES = {"log_loss": 0.5, "accuracy": 0.8, "roc_auc": 0.9}


def make_result(*, n_classes=2, kinds=None, factor=1.0):
    kinds = kinds or {
        "tree": "discriminative",
        "tree + LDA": "discriminative + synthetic rows",
        "LDA": "generative",
    }
    folds = [
        {
            "name": name,
            "fold": fold,
            "rows_added": 0,
            "fit_seconds": 1.0,
            "scores": {
                metric: value * factor**number + 0.01 * fold
                for metric, value in SCORES.items()
            },
            "confusion_matrix": np.eye(n_classes, dtype=int).tolist(),
            "errors": {},
            "warnings": [],
        }
        for number, name in enumerate(kinds)
        for fold in range(2)
    ]
    classes = [f"class {number}" for number in range(n_classes)]
    return ComparisonResult(classes, list(SCORES), ["log_loss"], kinds, folds)


def test_plot_has_a_panel_for_each_metric_and_a_row_for_each_estimator(pyplot):
    figure = make_result(factor=1.1).plot()
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles == ["log loss", "ROC-AUC"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["tree", "tree + LDA", "LDA"]


def test_plot_legend_names_the_kinds_and_last_the_baseline(pyplot):
    (legend,) = make_result().plot().legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "discriminative",
        "discriminative + synthetic rows",
        "generative",
        "the same, alone",
    ]


def test_losses_that_span_a_decade_are_drawn_on_a_log_scale(pyplot):
    assert make_result(factor=4.0).plot().axes[0].get_xscale() == "log"
    assert make_result(factor=1.1).plot().axes[0].get_xscale() == "linear"


def test_plot_takes_a_failed_estimator(pyplot, tmp_path):
    result = make_result()
    result.folds[-1]["scores"] = {}
    result.plot(metrics=["accuracy"]).savefig(tmp_path / "plot.png")


def test_plot_refuses_an_unknown_metric(pyplot):
    with pytest.raises(ValueError, match="got 'f1'"):
        make_result().plot(metrics=["f1"])


@pytest.mark.parametrize(
    ("n_classes", "numbers", "labels"), [(2, 4, 2), (10, 0, 10), (26, 0, 0)]
)
def test_confusion_matrices_show_only_what_there_is_room_for(
    n_classes, numbers, labels, pyplot
):
    panel = make_result(n_classes=n_classes).plot_confusion_matrices().axes[0]
    assert panel.get_title() == "tree"
    assert len(panel.texts) == numbers
    assert len(panel.get_yticklabels()) == labels


def test_confusion_matrices_wrap_after_five_panels(pyplot):
    kinds = {f"classifier {number}": "discriminative" for number in range(7)}
    figure = make_result(kinds=kinds).plot_confusion_matrices()
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (2, 5)


@pytest.mark.parametrize("method", ["plot", "plot_confusion_matrices"])
def test_pictures_without_matplotlib_say_how_to_install_it(method, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=rf"{method} needs matplotlib.*\[plot\]"):
        getattr(make_result(), method)()
