import sys

import numpy as np
import pytest

from skgendisc.comparison import SamplerEvaluation

GOOD, BAD, COPY = "held-out real rows", "independent columns", "copy of training rows"


def make_evaluation(scores, *, n_folds=1, held_out=True, target="answer", **record):
    """An evaluation with these scores of the sampler, real rows, floor and copies."""
    names = ["trees", GOOD, BAD, COPY]
    folds = [
        {
            "name": name,
            "fold": fold,
            "train_rows": 400,
            "rows": 400,
            "real_rows": 200,
            "fit_seconds": 1.0,
            "sample_seconds": 0.1,
            "scores": {metric: values[place] for metric, values in scores.items()},
            "score_errors": dict.fromkeys(scores, 0.01),
            "rows_used": {},
            "importances": {},
            "lost_levels": {},
            "new_levels": {},
            "errors": {},
            "warnings": [],
        }
        | (record if name == "trees" else {})
        for place, name in enumerate(names)
        for fold in range(n_folds)
    ]
    kinds = {"trees": "sampler", GOOD: "reference", BAD: "reference", COPY: "reference"}
    setting = {
        "held_out": held_out,
        "target": target,
        "good": GOOD,
        "bad": BAD,
        "copies": COPY,
    }
    return SamplerEvaluation(list(scores), kinds, folds, {}, setting)


@pytest.mark.parametrize(
    ("auc", "answer"),
    [(0.45, "Yes"), (0.515, "Yes"), (0.6, "Not quite"), (0.8, "Hardly"), (0.99, "No")],
)
def test_the_answer_is_read_off_the_rows_of_reference(auc, answer):
    evaluation = make_evaluation({"discriminator_auc": [auc, 0.5, 0.9, 0.5]})
    verdict = evaluation.verdicts()[0]
    assert verdict["answer"] == answer
    assert f"AUC {auc:.3f} ± 0.010" in verdict["text"]
    assert "real rows: 0.500 ± 0.010; independent columns: 0.900" in verdict["text"]


@pytest.mark.parametrize(
    ("coverage", "answer"),
    [(0.99, "Yes"), (0.9, "Not quite"), (0.6, "Hardly"), (0.3, "No")],
)
def test_where_more_is_better_less_is_worse(coverage, answer):
    evaluation = make_evaluation({"coverage": [coverage, 0.97, 0.4, 0.97]})
    assert evaluation.verdicts()[1]["answer"] == answer


def test_what_real_rows_differ_by_chance_others_may_too():
    for real, answer in ((0.5, "Not quite"), (0.6, "Yes")):
        evaluation = make_evaluation({"discriminator_auc": [0.58, real, 0.9, 0.5]})
        assert evaluation.verdicts()[0]["answer"] == answer


def test_copies_that_shuffled_columns_bring_too_are_no_sign_of_nearness():
    for shuffled, answer in ((0.0, "A little"), (0.3, "No sign of it")):
        evaluation = make_evaluation({"exact_copies": [0.3, 0.1, shuffled, 1.0]})
        assert evaluation.verdicts()[3]["answer"] == answer


def test_a_floor_that_looks_real_by_chance_does_not_excuse_what_does_not():
    evaluation = make_evaluation({"discriminator_auc": [0.9, 0.51, 0.49, 0.5]})
    assert evaluation.verdicts()[0]["answer"] == "No"


def test_usefulness_is_judged_by_what_real_rows_teach():
    scores = {
        "utility": [0.84, np.nan, 0.5, 0.9],
        "utility_of_real": [0.9, np.nan, 0.9, 0.9],
    }
    verdict = make_evaluation(scores).verdicts()[2]
    assert verdict["answer"] == "Yes, if less than real rows"
    assert "85% of the way from independent columns to real rows" in verdict["text"]


def test_where_real_rows_teach_nothing_usefulness_is_not_judged():
    scores = {
        "utility": [0.5, np.nan, 0.5, 0.51],
        "utility_of_real": [0.51, np.nan, 0.51, 0.51],
    }
    verdict = make_evaluation(scores).verdicts()[2]
    assert verdict["answer"] == "Not judged"
    assert "Real rows teach no more than these" in verdict["text"]


def test_held_out_rows_that_are_training_rows_are_doubted():
    for twins, doubted in ((0.0, True), (0.3, False)):
        evaluation = make_evaluation({"exact_copies": [0.3, 0.3, 0.0, 1.0]})
        evaluation.of(GOOD)[0]["twin_share"] = twins
        text = evaluation.verdicts()[3]["text"]
        assert ("were they held out?" in text) == doubted


def test_the_worst_sign_of_nearness_counts():
    scores = {
        "nearer_to_training": [0.5, 0.5, 0.5, 0.9],
        "membership_auc": [0.5, 0.5, 0.5, 1.0],
        "exact_copies": [0.3, 0.0, 0.0, 1.0],
    }
    verdict = make_evaluation(scores).verdicts()[3]
    assert verdict["answer"] == "A little"
    assert "30.0% equal a training row" in verdict["text"]
    assert "no guarantee of privacy" in verdict["text"]


def test_what_was_not_measured_is_not_judged():
    evaluation = make_evaluation({"column_shapes": [0.9, 0.9, 0.9, 0.9]}, target=None)
    assert [v["answer"] for v in evaluation.verdicts()] == ["Not judged"] * 4
    assert [v["grade"] for v in evaluation.verdicts()] == [None] * 4


def test_a_failure_is_the_reason_why_not():
    evaluation = make_evaluation(
        {"discriminator_auc": [np.nan, 0.5, 0.9, 0.5]}, errors={"fit": "too hot"}
    )
    assert evaluation.verdicts()[0]["text"] == "It failed: too hot"


def test_folds_are_compared_in_pairs():
    evaluation = make_evaluation({"coverage": [0.0] * 4}, n_folds=4)
    for fold in evaluation.folds:
        ease = 0.1 * fold["fold"]  # much harder folds for all
        fold["scores"]["coverage"] = ease + 0.01 * (fold["name"] == GOOD)
        fold["score_errors"]["coverage"] = 0.0
    difference, error = evaluation.difference("trees", "coverage", GOOD)
    assert difference == pytest.approx(-0.01)
    assert error == pytest.approx(0.0, abs=1e-12)


def test_the_error_is_the_larger_of_spread_and_what_rows_leave():
    evaluation = make_evaluation({"coverage": [0.5] * 4}, n_folds=4)
    assert evaluation.mean_and_error("trees", "coverage")[1] == pytest.approx(0.005)
    for fold in evaluation.of("trees"):
        fold["scores"]["coverage"] = fold["fold"] / 3
    spread = np.std(np.arange(4) / 3, ddof=1) / 2
    assert evaluation.mean_and_error("trees", "coverage")[1] == pytest.approx(spread)


def test_text_fits_the_width():
    scores = {"discriminator_auc": [0.6, 0.5, 0.9, 0.5], "coverage": [0.9] * 4}
    text = make_evaluation(scores).to_text(width=60)
    assert max(map(len, text.splitlines())) <= 60
    assert "Does it look real? Not quite." in text
    assert "200 real rows that no sampler has seen" in " ".join(text.split())


def test_frame_has_a_row_for_each_and_mean_and_error():
    pytest.importorskip("pandas")
    frame = make_evaluation({"coverage": [0.9, 0.97, 0.4, 0.97]}).to_frame()
    assert frame["name"].tolist() == ["trees", GOOD, BAD, COPY]
    assert frame["coverage_mean"].tolist() == [0.9, 0.97, 0.4, 0.97]
    assert frame["coverage_se"].tolist() == [0.01] * 4


def test_plot_has_a_panel_for_each_question_that_was_measured():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    scores = {"discriminator_auc": [0.6, 0.5, 0.9, 0.5], "coverage": [0.9] * 4}
    evaluation = make_evaluation(scores)
    figure = evaluation.plot()
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles == ["discriminator AUC", "coverage"]
    with pytest.raises(ValueError, match="got 'goodness'"):
        evaluation.plot(metrics=["goodness"])
    pyplot.close("all")


def test_plot_without_matplotlib_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="python -m pip install"):
        make_evaluation({"coverage": [0.9] * 4}).plot()


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="got 'forest'"):
        make_evaluation({"coverage": [0.9] * 4}).values("forest", "coverage")
