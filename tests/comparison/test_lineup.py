import numpy as np
import pytest
from sklearn.datasets import load_iris

from skgendisc.augmentation import enlarge
from skgendisc.comparison import (
    compare_classifiers,
    default_lineup,
    fitting_pairs,
    table_preprocessor,
)

DISCRIMINATIVE = [
    "logistic regression",
    "linear SVM",
    "decision tree",
    "random forest",
    "gradient boosting",
]


@pytest.mark.parametrize(
    ("mixed", "samplers"),
    [
        (False, ["NB", "LDA", "QDA", "mixture"]),
        (True, ["mixed NB", "LDA", "QDA", "copula"]),
    ],
)
def test_lineup_holds_each_discriminative_classifier_behind_each_sampler(
    mixed, samplers
):
    expected = []
    for name in DISCRIMINATIVE:
        expected += [name, *(f"{name} + {sampler}" for sampler in samplers)]
    assert list(default_lineup(mixed=mixed)) == [*expected, *samplers]


@pytest.mark.parametrize("mixed", [False, True])
def test_lineup_shares_no_object_between_its_pipelines(mixed):
    models = default_lineup(mixed=mixed).values()
    steps = [step for model in models for _, step in model.steps]
    assert len({id(step) for step in steps}) == len(steps)


def mixed_table():
    """A frame of two classes, where one row alone has a category and one a gap."""
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    frame = pandas.DataFrame(
        {
            "number": rng.normal(y),
            "whole": rng.integers(9, size=60),
            "word": np.where(rng.random(60) < 0.3 + 0.4 * y, "red", "blue"),
        }
    )
    frame.loc[7, "word"] = "green"
    frame.loc[9, "number"] = np.nan
    return frame, y


def test_mixed_lineup_copes_with_categories_and_gaps_that_are_new_in_a_fold():
    X, y = mixed_table()
    lineup = default_lineup(
        sampling_strategy=enlarge(2),
        random_state=0,
        preprocessor=table_preprocessor(X),
        mixed=True,
    )
    result = compare_classifiers(lineup, X, y, cv=3)
    assert not result.failures
    for sampler in ("mixed NB", "LDA", "QDA", "copula"):
        assert result.values(f"decision tree + {sampler}", "rows_added").sum() == 120


@pytest.mark.parametrize("sampler", ["mixed NB", "LDA", "QDA", "copula"])
def test_samplers_of_the_mixed_lineup_draw_rows_of_the_table(sampler):
    X, y = mixed_table()
    lineup = default_lineup(
        sampling_strategy=enlarge(3), preprocessor=table_preprocessor(X), mixed=True
    )
    name, first = lineup[f"decision tree + {sampler}"].steps[0]
    X_new, _ = first.fit_resample(X, y)
    assert name == "sampler"
    assert (X_new.dtypes == X.dtypes).all()
    assert set(X_new["word"]) <= {"red", "blue", "green"}


def test_lineup_fits_a_class_of_four_rows_and_more_columns_than_rows():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 80))
    X[3, 5] = np.nan
    y = np.repeat(["many", "some", "few"], [40, 15, 5])
    lineup = default_lineup(sampling_strategy=enlarge(2), random_state=0)
    light = {
        name: model
        for name, model in lineup.items()
        if not name.startswith(("random", "gradient"))
    }
    result = compare_classifiers(light, X, y)
    assert not result.failures
    assert result.values("decision tree + mixture", "rows_added").tolist() == [48] * 5


def test_lineup_does_not_warn_on_a_plain_table():
    lineup = default_lineup(sampling_strategy=enlarge(2), random_state=0)
    names = ["logistic regression", "linear SVM + QDA", "mixture", "NB"]
    result = compare_classifiers(
        {name: lineup[name] for name in names}, *load_iris(return_X_y=True), cv=3
    )
    assert [fold["warnings"] for fold in result.folds] == [[]] * 12


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_preprocessor_makes_floats_of_a_mixed_table_with_gaps(library):
    frames = pytest.importorskip(library)
    frame = frames.DataFrame(
        {
            "number": [1.0, None, 3.0, 2.0],
            "whole": [1, 2, 3, 4],
            "truth": [True, False, True, True],
            "word": ["a", "b", None, "a"],
        }
    )
    values = table_preprocessor(frame).fit_transform(frame)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values[:, 0], [-np.sqrt(2), 0, np.sqrt(2), 0])
    np.testing.assert_allclose(values[:, :3].mean(axis=0), 0, atol=1e-12)
    # A gap is a category of its own.
    np.testing.assert_array_equal(
        values[:, 3:], [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    )


def test_preprocessor_takes_columns_without_any_value_and_unseen_categories():
    pandas = pytest.importorskip("pandas")
    seen = pandas.DataFrame({"empty": [np.nan] * 3, "word": ["a", "b", "a"]})
    unseen = pandas.DataFrame({"empty": [1.0], "word": ["c"]})
    preprocessor = table_preprocessor(seen).fit(seen)
    np.testing.assert_array_equal(preprocessor.transform(seen)[:, 0], 0)
    np.testing.assert_array_equal(preprocessor.transform(unseen)[:, 1:], 0)


def test_preprocessor_lets_rare_categories_share_a_column():
    pandas = pytest.importorskip("pandas")
    words = [f"word {number}" for number in range(200)]
    frame = pandas.DataFrame({"word": words * 2})
    assert table_preprocessor(frame).fit_transform(frame).shape == (400, 50)


def test_sparse_frames_are_columns_of_numbers():
    pandas = pytest.importorskip("pandas")
    X = np.random.default_rng(0).standard_normal((50, 3))
    frame = pandas.DataFrame(X, columns=list("abc")).astype(pandas.SparseDtype())
    assert table_preprocessor(frame).fit_transform(frame).shape == (50, 3)
    assert list(fitting_pairs(frame)) == list(fitting_pairs(X))
