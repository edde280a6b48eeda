import numpy as np
import pytest

from skgendisc.comparison import ComparisonResult


def record(name, fold, accuracy, log_loss, *, seconds=1.0, added=0):
    return {
        "name": name,
        "fold": fold,
        "train_rows": 8,
        "test_rows": 4,
        "rows_added": added,
        "fit_seconds": seconds,
        "scores": {"accuracy": accuracy, "log_loss": log_loss},
        "confusion_matrix": [[2, 0], [1, 1]],
        "errors": {},
        "warnings": [],
    }


@pytest.fixture
def result():
    """Three folds; "tree + LDA" has the best log loss, "tree" the best accuracy."""
    return ComparisonResult(
        classes=["a", "b"],
        metrics=["accuracy", "log_loss"],
        losses=["log_loss"],
        kinds={
            "tree": "discriminative",
            "failing": "generative",
            "tree + LDA": "discriminative + synthetic rows",
        },
        folds=[
            record("tree", 0, 0.9, 0.5),
            record("tree", 1, 0.8, 0.7),
            record("tree", 2, 1.0, 0.6),
            record("failing", 0, 1.0, 0.1),
            record("failing", 1, np.nan, np.nan),
            record("failing", 2, 1.0, 0.1),
            record("tree + LDA", 0, 0.7, 0.3, added=8),
            record("tree + LDA", 1, 0.8, 0.2, added=8),
            record("tree + LDA", 2, 0.9, 0.4, added=8),
        ],
    )


def test_rows_hold_means_and_standard_errors_of_the_folds(result):
    row = result.rows()[0]
    assert (row["name"], row["kind"]) == (
        "tree + LDA",
        "discriminative + synthetic rows",
    )
    assert row["rows_added"] == 8
    np.testing.assert_allclose(row["log_loss_mean"], 0.3)
    # Standard deviation 0.1 with two degrees of freedom, over the root of three.
    np.testing.assert_allclose(row["log_loss_se"], 0.1 / np.sqrt(3))
    assert (row["fit_seconds_mean"], row["fit_seconds_se"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("sort_by", "names"),
    [
        (None, ["tree + LDA", "tree", "failing"]),
        ("log_loss", ["tree + LDA", "tree", "failing"]),
        ("accuracy", ["tree", "tree + LDA", "failing"]),
    ],
)
def test_rows_come_best_first_and_what_failed_last(sort_by, names, result):
    assert [row["name"] for row in result.rows(sort_by=sort_by)] == names


def test_a_single_fold_has_no_standard_error(result):
    one = ComparisonResult(
        result.classes,
        result.metrics,
        result.losses,
        {"tree": "discriminative"},
        result.folds[:1],
    )
    assert one.rows()[0]["accuracy_mean"] == 0.9
    assert np.isnan(one.rows()[0]["accuracy_se"])


def test_an_unknown_metric_is_refused_with_the_known_ones(result):
    with pytest.raises(ValueError, match=r"got 'auc'. Take one of \['accuracy'"):
        result.rows(sort_by="auc")


def test_frame_holds_the_rows_in_their_order(result):
    pytest.importorskip("pandas")
    frame = result.to_frame(sort_by="accuracy")
    assert frame["name"].tolist() == ["tree", "tree + LDA", "failing"]
    assert list(frame.columns) == list(result.rows()[0])


def test_frame_without_pandas_says_how_to_install_it(result, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ImportError, match=r"to_frame needs pandas.*skgendisc\[tables"):
        result.to_frame()


def test_pairs_join_what_was_added_to_with_its_baseline(result):
    assert result.pairs == [("tree + LDA", "tree")]


def test_paired_difference_is_taken_fold_by_fold(result):
    mean, error = result.paired_difference("tree + LDA", "tree")
    differences = np.array([-0.2, -0.5, -0.2])
    np.testing.assert_allclose(mean, differences.mean())
    np.testing.assert_allclose(error, differences.std(ddof=1) / np.sqrt(3))


def test_confusion_matrix_sums_over_folds(result):
    assert result.confusion_matrix("tree").tolist() == [[6, 0], [3, 3]]


def test_text_lists_every_estimator_best_first(result):
    lines = result.to_text().splitlines()
    assert lines[2].split() == [
        *("tree", "+", "LDA", "8", "0.800±0.058", "0.300±0.058", "1.000±0.000")
    ]
    assert lines[4].split() == ["failing", "0", "-", "-", "1.000±0.000"]
    assert "lowest log loss first" in lines[6]


def test_text_says_whether_synthetic_rows_helped(result):
    assert (
        "improved the log loss of 1 of 1 pairs of classifier and sampler, 1 of them by "
        "more than two"
    ) in " ".join(result.to_text().split())
    assert "improved the accuracy of 0 of 1 pairs" in " ".join(
        result.to_text(sort_by="accuracy").split()
    )


@pytest.mark.parametrize("width", [30, 44, 80])
def test_text_is_no_wider_than_asked_and_repeats_the_names(width, result):
    text = result.to_text(width=width)
    assert max(map(len, text.splitlines())) <= width
    blocks = text.split("\n\n")[:-1]
    assert all(block.count("tree + LDA") == 1 for block in blocks)
    assert sum(block.count("±") for block in blocks) == 7


def test_text_lists_what_failed_or_warned_and_no_more_than_five(result):
    result.folds[0]["warnings"].append("ConvergenceWarning: short\nof breath")
    result.folds[1]["warnings"].append("ConvergenceWarning: short\nof breath")
    result.folds[4]["errors"]["fit"] = "ValueError: no"
    text = result.to_text()
    assert "tree, 2 of 3 folds: ConvergenceWarning: short of breath" in text
    assert "failing, 1 of 3 folds: fit failed: ValueError: no" in text
    result.folds[0]["warnings"] += [f"UserWarning: {number}" for number in range(9)]
    assert "... and 6 more such messages." in result.to_text()
