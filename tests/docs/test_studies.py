"""What the pages make of the figures of studies."""

import pytest
import studies


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.12345, "0.123"), (999.7, "1000"), (-1131.2, "-1131"), (float("inf"), "inf")],
)
def test_a_number_is_written_out_before_the_point(value, shown):
    assert studies.plain(value) == shown


@pytest.fixture
def saved(monkeypatch):
    """Let studies consist of some rows."""

    def save(**rows_of):
        monkeypatch.setattr(studies, "read", rows_of.__getitem__)

    return save


def change(classifier, low, high, arm="SMOTE"):
    row = {"classifier": classifier, "arm": arm, "loss": str((low + high) / 2)}
    return row | {"loss_low": str(low), "loss_high": str(high)}


def test_changes_stand_with_their_intervals_under_each_classifier(saved):
    saved(one=[change("tree", 0.5, 1.5), change("SVM", -0.25, 0.75)])
    head, _, line = studies.changes("one", "loss", {"over": "SMOTE"}).splitlines()
    assert head == "|  | SVM | tree |"
    assert line == "| over | +0.250 (-0.250, +0.750) | +1.000 (+0.500, +1.500) |"


def test_an_interval_is_sure_on_either_side_of_zero(saved):
    ends = [(0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1)]
    saved(one=[change(str(number), *both) for number, both in enumerate(ends)])
    assert studies.sure("one", "loss", "SMOTE") == "2 of 3"


def test_a_table_that_a_method_was_not_tried_on_has_an_empty_cell(saved, monkeypatch):
    monkeypatch.setattr(studies, "EVERYONE", {"ours": "a", "theirs": "b"})
    tried = [("a", "pima", "0.5"), ("a", "spam", "0.75"), ("b", "spam", "1")]
    names = "method", "table", "auc"
    saved(fidelity=[dict(zip(names, row, strict=True)) for row in tried])
    lines = studies.by_table("auc", 2).splitlines()
    assert lines[2:] == ["| ours | 0.50 | 0.75 |", "| theirs |  | 1.00 |"]


def test_a_method_without_any_figure_is_an_error(saved, monkeypatch):
    monkeypatch.setattr(studies, "EVERYONE", {"ours": "a"})
    saved(fidelity=[{"method": "b", "table": "pima", "auc": "1"}])
    with pytest.raises(LookupError, match=r"fidelity.csv has no row with .*'a'"):
        studies.by_table("auc", 2)


def test_seeds_of_one_setting_are_averaged(saved):
    seeds = [("50", "0.5", ""), ("50", "0.25", ""), ("125", "1", "3")]
    names = "batch", "auc", "modes"
    saved(one=[dict(zip(names, row, strict=True)) for row in seeds])
    header = {"auc": "AUC", "modes": "found"}
    lines = studies.over_seeds("one", {"batch": "rows"}, header).splitlines()
    assert lines[0] == "| rows | seeds | AUC | found |"
    assert lines[2:] == ["| 50 | 2 | 0.375 |  |", "| 125 | 1 | 1 | 3 |"]


def log_losses(arm):
    """Of the study of small data, against the classifier alone."""
    found = studies.rows("small_data", arm=arm, rows=studies.all_sizes())
    return {row["classifier"]: float(row["log_loss"]) for row in found}


@pytest.mark.parametrize(
    ("more", "less"),
    [("hybrid, stack", "hybrid, pool"), ("hybrid, pool", "augmented")],
)
def test_of_two_ways_one_gained_more_for_all_as_the_pages_say(more, less):
    more, less = log_losses(more), log_losses(less)
    assert len(more) == 5
    assert all(more[classifier] < less[classifier] for classifier in less)


IN_HYBRID = "LDA, to a quarter, in a hybrid"


def rare(arm, figure):
    """Of the study of imbalance, against the classifier alone."""
    found = studies.rows("imbalance_summary", arm=arm)
    return {row["classifier"]: float(row[figure]) for row in found}


@pytest.mark.parametrize(
    ("arm", "share"),
    [
        ("over-sampling", 0.8),
        ("SMOTE", 0.8),
        ("LDA", 0.2),
        ("copula", 0.8),
        ("trees", 0.8),
    ],
)
def test_correction_mends_the_ranking_of_logistic_regression(arm, share):
    arms = f"{arm}, corrected", arm
    mended, lost = (
        rare(arm, "average_precision")["logistic regression"] for arm in arms
    )
    assert mended - lost > -share * lost


@pytest.mark.parametrize("arm", ["copula", "trees"])
def test_a_quarter_corrected_does_what_the_page_says(arm):
    arm = f"{arm}, to a quarter, corrected"
    assert max(rare(arm, "log_loss").values()) < 0
    assert max(rare(arm, "average_precision_low").values()) < 0
    assert min(rare(arm, "average_precision_high").values()) > 0
    with_rows, without = rare(arm, "log_loss"), rare("alone, corrected", "log_loss")
    assert all(abs(with_rows[kind] - without[kind]) < 0.002 for kind in without)


def test_one_way_is_better_in_all_three_figures_as_the_page_says():
    def is_better(arm):
        worst = max(rare(arm, "log_loss").values())
        least = (min(rare(arm, f).values()) for f in ("average_precision", "recall_at"))
        return worst < 0 < min(least)

    arms = {row["arm"] for row in studies.rows("imbalance_summary")}
    of_all = {arm for arm in arms if len(rare(arm, "log_loss")) == 3}
    assert {arm for arm in of_all if is_better(arm)} == {IN_HYBRID}
    assert rare("copula, to a quarter, in a hybrid", "recall_at").popitem()[1] < 0


def test_no_way_is_sure_of_more_recall_for_all_as_the_page_says():
    arms = {row["arm"] for row in studies.rows("imbalance_summary")}
    assert not [arm for arm in arms if min(rare(arm, "recall_at_low").values()) > 0]


@pytest.mark.parametrize("arm", ["copula", "trees"])
def test_boosting_is_worse_with_weights(arm):
    for figure, sign in (("log_loss", 1), ("average_precision", -1)):
        assert sign * rare(f"{arm}, weighted", figure)["boosting"] > 0.01
