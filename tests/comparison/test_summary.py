"""What is said of results: no more than they show."""

import math

import numpy as np
import pytest

from skgendisc.comparison import ComparisonResult, Crossover
from skgendisc.comparison._summary import summarise_crossover

SIZES = [10, 20, 50, 100, 200, 500]


def lead(winner, gap, error, size):
    return {
        "winner": winner,
        "gap": gap,
        "standard_error": error,
        "train_size": float(size),
    }


def crossover(gaps, *, at=None, interval=None, n_crossings=0, error=0.01):
    """Of "NB" and "LR", NB leading by these gaps at the sizes."""
    score = np.array(gaps) / error
    sides = [slice(None)] * 2
    if at is not None:
        n_before = np.searchsorted(SIZES, at)
        sides = [slice(0, n_before), slice(n_before, None)]
    ends = []
    for number, side in enumerate(sides):
        side_sign = 1 if number == 0 else -1
        sign = (np.sign(np.sum(gaps)) or 1) if at is None else side_sign
        best = int(np.argmax(sign * score[side]))
        size = SIZES[side][best]
        gap = float(sign * gaps[SIZES.index(size)])
        ends.append(lead("NB" if sign > 0 else "LR", gap, error, size))
    return Crossover(
        "NB",
        "LR",
        "log_loss",
        train_size=at,
        interval=interval,
        confidence=0.95,
        n_crossings=n_crossings,
        before=ends[0],
        after=ends[1],
        gaps=[
            {"train_size": float(n), "gap": gap, "standard_error": error}
            for n, gap in zip(SIZES, gaps, strict=True)
        ],
    )


def test_a_clear_crossing_says_whom_to_take_on_either_side():
    found = crossover(
        [0.04, 0.05, 0.04, 0.01, -0.05, -0.1],
        at=120.0,
        interval=[80.0, 210.0],
        n_crossings=1,
    )
    assert summarise_crossover(found) == (
        "With fewer than about 120 rows, NB; with more, LR. The gap is 0.05 ± 0.01 in "
        "log loss at 20 rows and 0.1 ± 0.01 at 500 rows. The crossing has the 95 % "
        "interval 80 to 210 rows."
    )


@pytest.mark.parametrize(
    ("gaps", "claim", "told"),
    [
        (
            [0.02, 0.01, 0.01, 0.01, -0.05, -0.1],
            "With more than about 120 rows, LR; with fewer, NB has no clear lead.",
            "at 500 rows.",
        ),
        (
            [0.09, 0.05, 0.04, 0.01, -0.01, -0.02],
            "With fewer than about 120 rows, NB; with more, LR has no clear lead.",
            "at 10 rows.",
        ),
    ],
)
def test_a_side_without_a_clear_lead_is_said_to_have_none(gaps, claim, told):
    found = crossover(gaps, at=120.0, interval=[80.0, 210.0], n_crossings=1)
    text = summarise_crossover(found)
    assert text.startswith(claim)
    assert text.count("±") == 1
    assert told in text


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ([0.0, 210.0], "below 10 to 210 rows"),
        ([80.0, math.inf], "80 to above 500 rows"),
        ([12.0, 130.0], "12 to 130 rows"),
    ],
)
def test_a_wide_interval_is_called_unknown(interval, said):
    gaps = [0.04, 0.05, 0.04, 0.01, -0.05, -0.1]
    found = crossover(gaps, at=120.0, interval=interval, n_crossings=1)
    text = summarise_crossover(found)
    assert f"Where they cross is not known well: 95 % interval {said}." in text


def test_no_crossing_within_the_data_is_said():
    found = crossover([-0.2, -0.1, -0.05, -0.05, -0.04, -0.03])
    assert summarise_crossover(found) == (
        "From 10 to 500 rows, LR rather than NB, by more than twice the standard error "
        "at each of these sizes. The gap is 0.2 ± 0.01 in log loss at 10 rows. There "
        "is no crossing within the data."
    )


def test_sizes_without_a_clear_lead_are_not_counted():
    found = crossover([-0.2, -0.1, -0.05, -0.01, -0.01, 0.01], n_crossings=1)
    text = summarise_crossover(found)
    assert "at 3 of 6 sizes, the largest 50 rows." in text
    assert (
        "The mean curves cross once, but no crossing parts the sizes by who leads."
        in text
    )


def test_a_size_where_the_other_leads_is_counted():
    found = crossover([-0.2, -0.1, -0.05, -0.05, -0.05, 0.03], n_crossings=1)
    text = summarise_crossover(found)
    assert "at 5 of 6 sizes, the largest 200 rows, and NB at 1." in text
    assert text.endswith("cross once, but no crossing parts the sizes by who leads.")


def test_several_crossings_are_told():
    gaps = [0.04, -0.01, 0.04, 0.01, -0.05, -0.1]
    found = crossover(gaps, at=120.0, interval=[80.0, 210.0], n_crossings=3)
    assert summarise_crossover(found).endswith(
        "The mean curves cross 3 times; at 120 rows they part the sizes best."
    )


@pytest.mark.parametrize("at", [None, 120.0])
def test_a_difference_no_larger_than_its_error_is_a_tie(at):
    gaps = [0.01, 0.02, 0.01, 0.005, -0.01, -0.02]
    found = crossover(gaps, at=at, interval=[20.0, 400.0], n_crossings=1)
    assert found.is_tie
    text = summarise_crossover(found)
    assert text == (
        "NB and LR: no difference in log loss clearly larger than its error from 10 to "
        "500 rows. The clearest is 0.02 ± 0.01, at 20 rows."
    )


def test_what_an_optimiser_leaves_is_no_difference():
    gaps = [2e-5, 2e-5, 1e-5, -1e-5, -1e-5, -1e-5]
    found = crossover(gaps, at=70, interval=[50.0, 90.0], n_crossings=1, error=1e-17)
    assert (
        summarise_crossover(found)
        == "NB and LR have the same log loss, to within 1e-4, from 10 to 500 rows."
    )


def test_equal_scores_are_said_to_be_equal():
    found = crossover([0.0] * 6)
    assert (
        summarise_crossover(found)
        == "NB and LR have the same log loss, to within 1e-4, from 10 to 500 rows."
    )


# Folds


def make_result(losses, *, errors=None):
    """A comparison with these log losses of folds."""
    usual = {"NB": "generative", "LR + NB": "discriminative + synthetic rows"}
    kinds = {name: usual.get(name, "discriminative") for name in losses}
    folds = [
        {
            "name": name,
            "fold": fold,
            "train_rows": 8,
            "test_rows": 4,
            "rows_added": 0,
            "fit_seconds": 0.1,
            "scores": {"log_loss": loss},
            "confusion_matrix": [[2, 0], [1, 1]],
            "errors": (errors or {}).get(name, {}),
            "warnings": [],
        }
        for name, values in losses.items()
        for fold, loss in enumerate(values)
    ]
    return ComparisonResult(["a", "b"], ["log_loss"], ["log_loss"], kinds, folds)


def test_the_best_is_named_and_those_that_it_is_not_told_apart_from_are_counted():
    result = make_result(
        {"LR": [0.3, 0.4, 0.5], "tree": [0.35, 0.3, 0.6], "SVM": [0.5, 0.61, 0.7]}
    )
    assert result.summary() == [
        "Of 3 classifiers on the same folds LR has the lowest log loss, 0.400 ± 0.058; "
        "1 other is not told apart from it."
    ]


def test_few_folds_tell_less_apart_than_two_standard_errors_would():
    # Differences 0.1, 0.2 and 0.3: 3.5 standard errors, and Student's t asks 4.3.
    result = make_result({"LR": [0.3, 0.3, 0.3], "SVM": [0.4, 0.5, 0.6]})
    assert "1 other is not told apart" in result.summary()[0]


@pytest.mark.parametrize(
    ("of_nb", "said"),
    [
        ([0.5, 0.61, 0.7], "LR leads by 0.2 ± 0.003 in log loss."),
        ([0.1, 0.19, 0.3], "NB leads by 0.2 ± 0.003 in log loss."),
        ([0.4, 0.4, 0.5], "no clear difference."),
    ],
)
def test_the_best_of_both_kinds_are_set_against_each_other(of_nb, said):
    result = make_result({"NB": of_nb, "LR": [0.3, 0.4, 0.5], "tree": [2, 2, 2.0]})
    assert result.summary()[1] == (
        "Of the generative classifiers NB is best, of the discriminative ones on real "
        f"rows alone LR: {said}"
    )


def test_synthetic_rows_are_judged_where_there_are_some():
    result = make_result({"LR": [0.3, 0.4, 0.5], "LR + NB": [0.4, 0.5, 0.61]})
    assert "they worsened 1, 1 of them by more than that." in result.summary()[-1]


def test_where_all_scores_failed_none_is_called_best():
    result = make_result(
        {"LR": [math.nan] * 3}, errors={"LR": {"fit": "ValueError: " + "no " * 200}}
    )
    best, failed = result.summary()
    assert best == "No classifier has a log loss on all folds."
    assert failed.startswith("LR failed in 3 of 3 fits, first with ValueError: no no")
    assert len(failed) < 300


def test_what_an_optimiser_leaves_tells_no_classifiers_apart():
    fold = np.arange(5) / 10
    result = make_result(
        {"NB": 0.3 + fold, "LR": 0.3 + 1e-7 + fold, "LR + NB": 0.3 + 2e-7 + fold}
    )
    said = result.summary()
    assert "2 others are not told apart from it." in said[0]
    assert said[1].endswith("no clear difference.")
    assert "they worsened 1, 0 of them by more than that." in said[2]


def test_one_fold_has_no_standard_error():
    said = make_result({"NB": [0.3], "LR": [0.4]}).summary()
    assert said[0].startswith(
        "Of 2 classifiers on the same folds NB has the lowest log"
    )
    assert "0.300; 1 other is not told apart" in said[0]


def test_one_that_failed_is_not_among_those_told_apart():
    result = make_result(
        {"LR": [0.3, 0.31, 0.3], "SVM": [2, 2.01, 2.0], "tree": [0.1, math.nan, 0.1]},
        errors={"tree": {"fit": "ValueError: too few rows"}},
    )
    assert result.summary()[0] == (
        "Of the 2 classifiers that have scores on all folds LR has the lowest log "
        "loss, 0.303 ± 0.003, and is told apart from all others."
    )
