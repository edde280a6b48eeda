import dataclasses
import json

import pytest
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from skgendisc.comparison import (
    LearningCurves,
    TableStudy,
    compare_classifiers,
    learning_curves,
)


def make_study(*, curves=True, train_sizes=(10, 30, 100)):
    X, y = load_iris(return_X_y=True)
    models = {
        "NB": GaussianNB(),
        "tree": DecisionTreeClassifier(random_state=0),
        "prior": DummyClassifier(),
    }
    study = {"scoring": ["neg_log_loss", "accuracy"]}
    result = compare_classifiers(models, X, y, cv=3, **study)
    sizes = {"train_sizes": train_sizes, "n_splits": 4, "random_state": 0}
    return TableStudy(
        title="iris",
        lead="150 rows.",
        comparison=result,
        curves=learning_curves(models, X, y, **sizes, **study) if curves else None,
        pairs=[{"name": "NB", "partner": "tree", "why": "They are not."}],
        notes=["Seed 0."],
        versions={},
    )


@pytest.fixture(scope="module")
def study():
    return make_study()


def test_summary_is_that_of_the_pairs_by_each_metric_and_then_that_of_the_folds(study):
    pairs = [("NB", "tree")]
    (by_loss,) = study.curves.summary(pairs=pairs)
    (by_accuracy,) = study.curves.summary(metric="accuracy", pairs=pairs)
    assert study.summary() == [
        f"By log loss: {by_loss}",
        f"By accuracy: {by_accuracy}",
        *study.comparison.summary(),
    ]


def test_what_failed_is_told_once(study):
    fits = [dict(fit) for fit in study.curves.fits]
    fits[0]["errors"] = {"fit": "ValueError: no"}
    curves = LearningCurves(**{**vars(study.curves), "fits": fits})
    sentences = TableStudy(**{**vars(study), "curves": curves}).summary()
    assert [text for text in sentences if "failed" in text] == [
        "NB failed in 1 of 12 fits, first with ValueError: no"
    ]


def test_without_curves_the_folds_are_summed_up():
    study = make_study(curves=False)
    assert study.summary() == study.comparison.summary()
    assert study.crossovers() == []
    assert "training rows" not in study.to_text()


def test_dict_is_plain_json(study):
    values = json.loads(json.dumps(study.to_dict()))
    assert values["pairs"] == study.pairs
    assert len(values["curves"]["fits"]) == len(study.curves.fits)


def test_text_ends_with_the_summary(study):
    text = study.to_text()
    tables, words = text.split("In plain words:")
    assert "lowest log loss first" in tables
    assert "30  " in tables
    sentences = [" ".join(part.split()) for part in words.split("\n- ")[1:]]
    assert sentences == study.summary()


@pytest.mark.parametrize("width", [40, 80])
def test_text_is_no_wider_than_asked(width, study):
    assert max(map(len, study.to_text(width=width).splitlines())) <= width


def test_picture_has_a_panel_for_each_pair(study, pyplot):
    figure = study.plot_curves()
    (panel,) = figure.axes
    labels = [text.get_text() for text in panel.get_legend().get_texts()]
    assert labels == ["NB", "tree"]


def test_curves_of_one_size_are_drawn_and_not_compared(pyplot):
    study = make_study(train_sizes=[20])
    (panel,) = study.plot_curves().axes
    assert len(panel.get_lines()) == 2
    assert study.summary()[0] == (
        "By log loss: NB and tree cannot be compared in log loss: they have "
        "scores at fewer than two sizes."
    )


@pytest.mark.parametrize(
    ("missing", "said"), [("curves", "curves"), ("pairs", "pairs")]
)
def test_nothing_to_draw_is_said(study, missing, said):
    empty = {"curves": None, "pairs": []}[missing]
    with pytest.raises(ValueError, match=f"there are no {said}"):
        dataclasses.replace(study, **{missing: empty}).plot_curves()


def test_failed_fits_stand_in_the_text_once(study):
    fold = study.comparison.folds[0]
    folds = [
        {**fold, "errors": {"fit": "ValueError: boom"}},
        *study.comparison.folds[1:],
    ]
    comparison = dataclasses.replace(study.comparison, folds=folds)
    text = dataclasses.replace(study, comparison=comparison).to_text()
    assert text.count("ValueError: boom") == 1


def test_a_pair_that_is_not_in_the_curves_is_refused(study):
    pairs = [{"name": "NB", "partner": "LDA", "why": ""}]
    with pytest.raises(ValueError, match="got 'LDA'"):
        dataclasses.replace(study, pairs=pairs).summary()
