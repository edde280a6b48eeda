import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ShuffleSplit, StratifiedKFold, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from skgendisc.augmentation import enlarge
from skgendisc.comparison import compare_classifiers
from skgendisc.joint import LDASampler


class Stubborn(ClassifierMixin, BaseEstimator):
    """Refuses to fit where the training rows begin with this one; None: always."""

    def __init__(self, *, refused=None):
        self.refused = refused

    def fit(self, X, y):
        if self.refused is None or np.array_equal(X[0], self.refused):
            raise RuntimeError("not today")
        self.model_ = GaussianNB().fit(X, y)
        self.classes_ = self.model_.classes_
        return self

    def predict(self, X):
        return self.model_.predict(X)

    def predict_proba(self, X):
        return self.model_.predict_proba(X)


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


@pytest.fixture(scope="module")
def cancer():
    """Two classes that are strings."""
    data = load_breast_cancer()
    return data.data[:200, :5], data.target_names[data.target[:200]]


def plain(folds):
    """Records without the seconds, which no two runs share."""
    return [{**fold, "fit_seconds": None} for fold in folds]


def test_scores_are_those_of_cross_validate(iris):
    X, y = iris
    folds = StratifiedKFold(4, shuffle=True, random_state=1)
    wanted = ["accuracy", "roc_auc_ovr", "neg_log_loss"]
    result = compare_classifiers({"NB": GaussianNB()}, X, y, cv=folds, scoring=wanted)
    expected = cross_validate(GaussianNB(), X, y, cv=folds, scoring=wanted)
    assert result.metrics == ["accuracy", "roc_auc_ovr", "log_loss"]
    for metric in ("accuracy", "roc_auc_ovr"):
        np.testing.assert_allclose(
            result.values("NB", metric), expected[f"test_{metric}"]
        )
    # A loss is kept with its sign flipped.
    np.testing.assert_allclose(
        result.values("NB", "log_loss"), -expected["test_neg_log_loss"]
    )
    assert result.losses == ["log_loss"]


def test_default_metrics_of_two_string_classes_agree_with_those_of_integers(cancer):
    X, y = cancer
    result = compare_classifiers({"NB": GaussianNB()}, X, y, cv=3)
    coded = compare_classifiers({"NB": GaussianNB()}, X, y == "malignant", cv=3)
    assert not result.failures
    for metric in result.metrics:
        np.testing.assert_allclose(
            result.values("NB", metric), coded.values("NB", metric), err_msg=metric
        )


@pytest.mark.parametrize("data", ["iris", "cancer"])
def test_default_losses_agree_with_their_formulas(data, request):
    X, y = request.getfixturevalue(data)
    folds = StratifiedKFold(3)
    result = compare_classifiers({"NB": GaussianNB()}, X, y, cv=folds)
    log_losses, brier_scores = [], []
    for train, test in folds.split(X, y):
        model = GaussianNB().fit(X[train], y[train])
        P, Y = model.predict_proba(X[test]), y[test][:, None] == model.classes_
        log_losses.append(-np.log(P[Y]).mean())
        # Over both of two classes the squares are the same: one is counted.
        brier_scores.append(
            ((P - Y) ** 2).sum(axis=1).mean() / (2 if len(model.classes_) == 2 else 1)
        )
    np.testing.assert_allclose(result.values("NB", "log_loss"), log_losses)
    np.testing.assert_allclose(result.values("NB", "brier_score"), brier_scores)


def test_confusion_matrices_count_every_row_once(iris):
    result = compare_classifiers({"NB": GaussianNB()}, *iris)
    assert result.confusion_matrix("NB").sum(axis=1).tolist() == [50, 50, 50]
    accuracy = np.trace(result.confusion_matrix("NB")) / 150
    np.testing.assert_allclose(accuracy, result.values("NB", "accuracy").mean())


def test_result_does_not_depend_on_the_number_of_jobs(iris):
    lineup = {
        "tree": DecisionTreeClassifier(random_state=0),
        "tree + SMOTE": make_pipeline(
            SMOTE(sampling_strategy=enlarge(2), random_state=0),
            DecisionTreeClassifier(random_state=0),
        ),
        "logistic": LogisticRegression(max_iter=5),
        "refuses": Stubborn(),
    }
    one, two = (compare_classifiers(lineup, *iris, n_jobs=n) for n in (1, 2))
    for first, second in zip(plain(one.folds), plain(two.folds), strict=True):
        np.testing.assert_equal(first, second)  # which takes NaN for equal


def test_names_keep_the_order_given(iris):
    pairs = [("z", GaussianNB()), ("a", DummyClassifier())]
    result = compare_classifiers(pairs, *iris, cv=2)
    assert list(result.kinds) == ["z", "a"]
    order = [(fold["name"], fold["fold"]) for fold in result.folds]
    assert order == [("z", 0), ("z", 1), ("a", 0), ("a", 1)]


def test_a_fit_that_fails_is_recorded_and_the_study_goes_on(iris):
    X, y = iris
    fussy = Stubborn(refused=X[0])  # which is in all training folds but the first
    result = compare_classifiers(
        {"fussy": fussy, "NB": GaussianNB()}, X, y, cv=StratifiedKFold(3)
    )
    assert np.isnan(result.values("fussy", "accuracy")).tolist() == [False, True, True]
    assert not np.isnan(result.values("NB", "accuracy")).any()
    assert result.failures[0] == {
        "name": "fussy",
        "fold": 1,
        "step": "fit",
        "message": "RuntimeError: not today",
    }


def test_a_metric_that_fails_leaves_the_others(iris):
    result = compare_classifiers(
        {"SVM": LinearSVC()}, *iris, scoring=["accuracy", "neg_log_loss"]
    )
    assert np.isnan(result.values("SVM", "log_loss")).all()
    assert (result.values("SVM", "accuracy") > 0.8).all()
    assert {failure["step"] for failure in result.failures} == {"log_loss"}
    assert "predict_proba" in result.failures[0]["message"]


def test_when_all_fits_fail_the_first_message_is_raised(iris):
    with pytest.raises(ValueError, match=r"all 5 fits failed.*RuntimeError: not today"):
        compare_classifiers({"refuses": Stubborn()}, *iris)


def test_warnings_are_kept_once_a_fold_and_not_shown(iris, recwarn):
    result = compare_classifiers({"short": LogisticRegression(max_iter=1)}, *iris)
    assert not [entry for entry in recwarn if entry.category is ConvergenceWarning]
    for fold in result.folds:
        assert len(fold["warnings"]) == 1
        assert fold["warnings"][0].startswith("ConvergenceWarning: ")


@pytest.mark.parametrize(
    ("sampler", "added"),
    [
        (LDASampler(sampling_strategy=enlarge(2), random_state=0), [120] * 5),
        (SMOTE(sampling_strategy=enlarge(3), random_state=0), [240] * 5),
        (RandomUnderSampler(sampling_strategy={0: 10}, random_state=0), [-30] * 5),
    ],
)
def test_rows_added_are_those_that_reach_the_classifier(sampler, added, iris):
    estimators = {
        "alone": GaussianNB(),
        "resampled": make_pipeline(sampler, GaussianNB()),
    }
    result = compare_classifiers(estimators, *iris)
    assert result.values("resampled", "rows_added").tolist() == added
    assert result.values("alone", "rows_added").tolist() == [0] * 5


def test_rows_added_are_counted_in_a_pipeline_that_caches(iris, tmp_path):
    sampler = LDASampler(sampling_strategy=enlarge(2), random_state=0)
    pipeline = make_pipeline(sampler, GaussianNB(), memory=str(tmp_path))
    for _ in ("computed", "cached"):
        result = compare_classifiers({"NB + LDA": pipeline}, *iris)
        assert result.values("NB + LDA", "rows_added").tolist() == [120] * 5


def test_kinds_tell_generative_from_discriminative_and_resampled(iris):
    estimators = {
        "logistic": LogisticRegression(max_iter=1000),
        "logistic + LDA": make_pipeline(
            LDASampler(), LogisticRegression(max_iter=1000)
        ),
        "LDA": make_pipeline(LDASampler()),
        "scikit-learn's NB": GaussianNB(),
    }
    result = compare_classifiers(estimators, *iris, cv=2)
    assert list(result.kinds.values()) == [
        "discriminative",
        "discriminative + synthetic rows",
        "generative",
        "generative",
    ]


def test_the_estimators_given_stay_unfitted(iris):
    pipeline = make_pipeline(LDASampler(), GaussianNB())
    compare_classifiers({"NB": pipeline}, *iris, cv=2)
    assert len(pipeline.steps) == 2
    assert not hasattr(pipeline[-1], "classes_")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_are_cut_into_the_same_folds(library, iris):
    frames = pytest.importorskip(library)
    X, y = iris
    frame = frames.DataFrame({f"x{i}": X[:, i] for i in range(4)})
    series = frames.Series(y)
    table = compare_classifiers({"NB": GaussianNB()}, frame, series)
    array = compare_classifiers({"NB": GaussianNB()}, X, y)
    assert plain(table.folds) == plain(array.folds)


def test_any_splitter_and_any_scoring_are_taken(iris):
    def error_rate(model, X, y):
        return 1 - model.score(X, y)

    result = compare_classifiers(
        {"NB": GaussianNB()},
        *iris,
        cv=ShuffleSplit(2, random_state=0),
        scoring={"neg_error": error_rate, "accuracy": "accuracy"},
    )
    assert result.metrics == ["error", "accuracy"]
    for callable_or_name in (error_rate, "f1_macro"):
        compare_classifiers({"NB": GaussianNB()}, *iris, cv=2, scoring=callable_or_name)


@pytest.mark.parametrize(
    ("estimators", "y", "message"),
    [
        ({}, [0, 1] * 10, r"estimators must hold .* got \{\}"),
        ([("a", GaussianNB())] * 2, [0, 1] * 10, "got 'a' more than once"),
        ({"NB": GaussianNB()}, [7] * 20, r"two classes or more, got \[7\]"),
        ({"NB": GaussianNB()}, np.linspace(0, 1, 20), "got continuous values"),
        (
            {"NB": GaussianNB()},
            ["a"] * 17 + ["b"] * 3,
            "got 5 folds and 3 rows of class 'b'",
        ),
        (
            {"NB": GaussianNB()},
            np.array(["a"] * 17 + ["b"] * 3, dtype=object),
            "got 5 folds and 3 rows of class 'b'",
        ),
    ],
)
def test_wrong_arguments_are_named_with_a_remedy(estimators, y, message):
    X = np.random.default_rng(0).standard_normal((20, 2))
    with pytest.raises(ValueError, match=message):
        compare_classifiers(estimators, X, y)


def test_progress_is_shown_on_terminals_only(iris, capsys):
    compare_classifiers({"NB": GaussianNB()}, *iris, cv=2, verbose=True)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("scoring", ["neg_brier_score", ["neg_brier_score", "roc_auc"]])
def test_names_of_scores_take_classes_that_are_words(iris, scoring):
    X, y = iris
    few = X[y < 2], np.array(["n", "p"])[y[y < 2]]
    result = compare_classifiers({"NB": GaussianNB()}, *few, scoring=scoring)
    assert result.failures == []
    assert set(result.metrics) <= {"brier_score", "roc_auc"}
