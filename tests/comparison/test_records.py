"""What holds for all results: plain data, always; frames, where pandas is."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB

from skgendisc.comparison import (
    compare_classifiers,
    evaluate_sampler,
    learning_curves,
)
from skgendisc.joint import LDASampler

PLAIN = (str, int, float, bool, type(None))
NAMES = [
    "ComparisonResult",
    "Crossover",
    "LearningCurves",
    "PowerLaw",
    "SamplerEvaluation",
]


@pytest.fixture(scope="module")
def results():
    """One of each kind, by the name of its class."""
    X, y = load_iris(return_X_y=True)
    y = load_iris().target_names[y]
    estimators = {"NB": GaussianNB(), "LDA": LinearDiscriminantAnalysis()}
    curves = learning_curves(
        estimators, X, y, train_sizes=[15, 25, 50, 100], n_splits=3, random_state=0
    )
    made = [
        compare_classifiers(estimators, X, y),
        curves,
        curves.crossover("NB", "LDA"),
        curves.fit_power_law("NB"),
        evaluate_sampler(
            LDASampler(), X, y, metrics=["exact_copies", "coverage"], random_state=0
        ),
    ]
    return {type(result).__name__: result for result in made}


def unplain(value):
    """Whatever is no plain Python value."""
    if isinstance(value, dict):
        yield from (key for key in value if type(key) not in PLAIN)
        value = list(value.values())
    if type(value) in (list, tuple):
        for entry in value:
            yield from unplain(entry)
    elif type(value) not in PLAIN:
        yield value


@pytest.mark.parametrize("name", NAMES)
def test_all_is_plain_data_and_makes_the_result_again(name, results, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    values = results[name].to_dict()
    assert not list(unplain(values))
    again = type(results[name])(**values)
    np.testing.assert_equal(again.to_dict(), values)


@pytest.mark.parametrize("name", NAMES)
def test_dicts_can_be_changed_and_the_results_stay(name, results):
    values = results[name].to_dict()
    for value in values.values():
        if isinstance(value, dict | list):
            value.clear()
    left = results[name].to_dict()
    assert any(isinstance(value, dict | list) and value for value in left.values())


@pytest.mark.parametrize("name", NAMES)
def test_frame_without_pandas_says_in_one_sentence_what_to_install(
    name, results, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError) as caught:
        results[name].to_frame()
    assert str(caught.value) == (
        f"{name}.to_frame needs pandas, which is not installed: python -m pip install "
        "'skgendisc[tables]'"
    )


def test_frames_hold_the_gaps_of_a_crossover_and_the_parameters_of_a_law(results):
    pytest.importorskip("pandas")
    crossover, law = results["Crossover"], results["PowerLaw"]
    assert crossover.to_frame().to_dict("records") == crossover.gaps
    frame = law.to_frame().set_index("parameter")
    assert frame.loc["rate", "value"] == law.rate
    assert (
        frame.loc["asymptote", ["low", "high"]].tolist() == law.intervals["asymptote"]
    )
