import json
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.sparse import coo_array, csr_matrix
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_info, threadpool_limits

from skgendisc.comparison import LearningCurves, learning_curves
from skgendisc.datasets import make_correlated_naive
from skgendisc.joint import GaussianNBSampler, LDASampler


class Witness(ClassifierMixin, BaseEstimator):
    """Warns of the rows that it is fitted to; their numbers are the first column."""

    def __init__(self, *, refused_below=0):
        self.refused_below = refused_below

    def fit(self, X, y):
        if len(X) < self.refused_below:
            raise RuntimeError("too few")
        self.classes_ = np.unique(y)
        warnings.warn(json.dumps(np.asarray(X)[:, 0].tolist()), stacklevel=1)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


class ThreadCounter(DummyClassifier):
    """Warns of the threads that it might use."""

    def fit(self, X, y):
        pools = [pool["num_threads"] for pool in threadpool_info()]
        warnings.warn(json.dumps(pools), stacklevel=1)
        return super().fit(X, y)


def numbered(n_samples, shares, seed=0):
    """A table of row numbers, and classes of these shares."""
    y = np.random.default_rng(seed).choice(len(shares), n_samples, p=shares)
    return np.arange(n_samples)[:, None], y


def rows_seen(fit):
    (text,) = fit["warnings"]
    return json.loads(text.removeprefix("UserWarning: "))


def plain(curves):
    """Records without the seconds, which no two runs share."""
    return [{**fit, "fit_seconds": None} for fit in curves.fits]


@pytest.fixture(scope="module")
def seen():
    """Rows that two estimators see, by name, split and size."""
    X, y = numbered(300, [0.7, 0.25, 0.05])
    curves = learning_curves(
        {"a": Witness(), "b": Witness()}, X, y, n_splits=15, scoring="accuracy"
    )
    rows = {name: {} for name in "ab"}
    for fit in curves.fits:
        rows[fit["name"]][fit["split"], fit["train_size"]] = rows_seen(fit)
    return curves, rows, y


def test_all_estimators_see_the_same_rows(seen):
    _, rows, _ = seen
    assert rows["a"] == rows["b"]


def test_rows_of_a_size_are_the_first_of_those_of_the_next(seen):
    curves, rows, _ = seen
    for (split, size), own in rows["a"].items():
        assert len(own) == size
        more = curves.train_sizes[curves.train_sizes.index(size) + 1 :]
        for larger in more:
            if (split, larger) in rows["a"]:
                assert rows["a"][split, larger][:size] == own


def test_splits_differ(seen):
    curves, rows, _ = seen
    firsts = {tuple(rows["a"][split, curves.train_sizes[0]]) for split in range(15)}
    assert len(firsts) == 15


def test_subsamples_have_the_shares_of_the_classes_and_two_rows_of_each(seen):
    _, rows, y = seen
    shares = np.bincount(y) / len(y)
    for (_, size), own in rows["a"].items():
        counts = np.bincount(y[own], minlength=3)
        assert counts.min() >= 2
        # Two rows of the rare class, and of each class half a row, beyond its share.
        assert np.abs(counts - size * shares).max() <= 3.5


def test_sizes_are_at_even_ratios_up_to_all_rows_that_are_not_judged(seen):
    curves, _, _ = seen
    assert curves.train_sizes[0] == 10
    assert curves.train_sizes[-1] == 225
    ratios = np.divide(curves.train_sizes[1:], curves.train_sizes[:-1])
    np.testing.assert_allclose(ratios, 22.5 ** (1 / 9), rtol=0.06)


def test_repeats_thin_out_with_the_root_of_size_down_to_ten(seen):
    curves, _, _ = seen
    expected = np.ceil(15 * np.sqrt(10 / np.array(curves.train_sizes)))
    assert curves.n_splits == np.maximum(expected, 10).astype(int).tolist()
    assert curves.n_splits[0] == 15


@pytest.mark.parametrize("first_seed", [0, 1, 2])
def test_groups_are_never_parted(first_seed):
    rng = np.random.default_rng(first_seed)
    groups = rng.permutation(np.repeat(np.arange(60), rng.integers(1, 12, size=60)))
    X, y = numbered(len(groups), [0.8, 0.2], seed=first_seed)
    curves = learning_curves(
        {"a": Witness()},
        X,
        y,
        groups=[f"patient {group}" for group in groups],
        n_splits=5,
        train_sizes=[20, 60, 150],
        scoring="accuracy",
        random_state=first_seed,
    )
    size_of = np.bincount(groups)
    for fit in curves.fits:
        own = groups[rows_seen(fit)]
        present, counts = np.unique(own, return_counts=True)
        np.testing.assert_array_equal(counts, size_of[present])
        assert abs(fit["train_rows"] - fit["train_size"]) <= 12
        assert abs(fit["test_rows"] - len(y) / 4) <= 12
        # What is judged is of other groups: with all rows these fill the table.
        assert fit["train_rows"] + fit["test_rows"] <= len(y)


def test_judged_rows_are_not_learned_from_and_hold_all_classes():
    X, y = numbered(60, [0.6, 0.4])
    told = []

    def tell(model, X, y):
        told.append((set(X[:, 0]), set(y)))
        return 0.0

    curves = learning_curves({"a": Witness()}, X, y, n_splits=3, scoring=tell)
    for fit in curves.fits:
        matches = [judged for judged, _ in told if not judged & set(rows_seen(fit))]
        assert matches
    assert all(classes == {0, 1} for _, classes in told)


def test_sizes_may_be_shares_and_splits_given_for_each():
    X, y = load_iris(return_X_y=True)
    curves = learning_curves(
        {"NB": GaussianNB()},
        X,
        y,
        train_sizes=[0.2, 1.0],
        n_splits=[3, 2],
        test_size=50,
        scoring="accuracy",
    )
    assert (curves.train_sizes, curves.n_splits) == ([20, 100], [3, 2])
    assert {fit["test_rows"] for fit in curves.fits} == {50}


def test_more_splits_keep_the_first_ones():
    X, y = load_iris(return_X_y=True)
    settings = {"train_sizes": [15, 60], "scoring": "accuracy", "random_state": 3}
    few, many = (
        learning_curves({"NB": GaussianNB()}, X, y, n_splits=[n, n], **settings)
        for n in (2, 4)
    )
    np.testing.assert_array_equal(
        many.values("NB", "accuracy")[:, :2], few.values("NB", "accuracy")
    )


def test_result_does_not_depend_on_the_number_of_jobs():
    X, y = load_iris(return_X_y=True)
    models = {
        "tree": DecisionTreeClassifier(random_state=0),
        "fails": Witness(refused_below=10**6),
    }
    settings = {"train_sizes": [20, 60], "n_splits": 3, "random_state": 0}
    one, two = (learning_curves(models, X, y, **settings, n_jobs=n) for n in (1, 2))
    for first, second in zip(plain(one), plain(two), strict=True):
        np.testing.assert_equal(first, second)  # which takes NaN for equal


@pytest.mark.parametrize("kind", ["pandas", "polars", "list", "csr", "coo"])
def test_tables_of_any_kind_give_the_scores_of_an_array(kind):
    X, y = load_iris(return_X_y=True)
    labels = load_iris().target_names[y]
    if kind in ("pandas", "polars"):
        frames = pytest.importorskip(kind)
        table = frames.DataFrame({f"x{i}": X[:, i] for i in range(4)})
        labels = frames.Series(labels)
    else:
        table = {"list": list, "csr": csr_matrix, "coo": coo_array}[kind](X)
    model = {"LR": LogisticRegression(max_iter=50)}
    settings = {"train_sizes": [12, 90], "n_splits": 2, "random_state": 0}
    settings["scoring"] = ["accuracy", "neg_log_loss"]
    curves = learning_curves(model, table, labels, **settings)
    array = learning_curves(model, X, y, **settings)
    assert curves.classes == ["setosa", "versicolor", "virginica"]
    for metric in ("accuracy", "log_loss"):
        np.testing.assert_allclose(
            curves.values("LR", metric), array.values("LR", metric), rtol=1e-4
        )


def test_a_failing_estimator_stands_beside_the_others():
    X, y = load_iris(return_X_y=True)
    curves = learning_curves(
        {"fussy": Witness(refused_below=30), "SVM": LinearSVC()},
        X,
        y,
        train_sizes=[12, 60],
        n_splits=3,
        scoring=["accuracy", "neg_log_loss"],
    )
    accuracy = curves.values("fussy", "accuracy")
    assert np.isnan(accuracy).tolist() == [[True] * 3, [False] * 3]
    assert not np.isnan(curves.values("SVM", "accuracy")).any()
    assert curves.failures[0] == {
        "name": "fussy",
        "train_size": 12,
        "split": 0,
        "step": "fit",
        "message": "RuntimeError: too few",
    }
    steps = {(f["name"], f["step"]) for f in curves.failures}
    assert ("SVM", "log_loss") in steps


def test_when_all_fits_fail_the_first_message_is_raised():
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=r"fits failed.*RuntimeError: too few"):
        learning_curves({"fussy": Witness(refused_below=999)}, X, y, n_splits=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"train_sizes": [5, 60]}, r"from 6, which is 2 rows of each class, to 112"),
        ({"train_sizes": [20, 113]}, r"to 112, .* got \[20, 113\]"),
        ({"train_sizes": [0.5, 2.0]}, r"shares in \(0, 1\]: got \[0.5, 2.0\]"),
        ({"train_sizes": "linear"}, "got 'linear'"),
        ({"n_splits": 1}, "2 or more, .* got 1"),
        ({"n_splits": [3, 3]}, "one for each of the 10 sizes"),
        ({"test_size": 150}, "got 150 of 150 rows"),
        ({"test_size": 1.5}, "got 1.5 of 150 rows"),
        ({"groups": [0] * 50 + [1] * 100}, "two groups .* got 1 of class 0"),
        ({"groups": [0, 1]}, "inconsistent numbers of samples"),
    ],
)
def test_wrong_arguments_are_named_with_a_remedy(settings, message):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message):
        learning_curves({"NB": GaussianNB()}, X, y, **settings)


@pytest.mark.parametrize("dtype", [str, object])
def test_a_class_of_one_row_is_refused(dtype):
    X, y = load_iris(return_X_y=True)
    y = np.where(np.arange(150), y, 9).astype(str).astype(dtype)
    with pytest.raises(ValueError, match=r"two rows .* got 1 of class '9'"):
        learning_curves({"NB": GaussianNB()}, X, y)


# What theory says of the crossing


def predicted_crossing(truth):
    """Rows at which LDA's expected error comes down to naive Bayes's.

    Raudys and Young's errors for many columns, with an estimated covariance and with
    the columns' own variances, which are one.
    """
    delta, covariance = truth.means[1] - truth.means[0], truth.covariances[0]
    p, distance = len(delta), delta @ np.linalg.solve(covariance, delta)

    def error_lda(n):
        loss = np.sqrt(1 - p / (n - 2)) / np.sqrt(distance + 4 * p / n)
        return norm.cdf(-distance / 2 * loss)

    def error_nb(n):
        variance = delta @ covariance @ delta + 4 / n * (covariance**2).sum()
        return norm.cdf(-delta @ delta / 2 / np.sqrt(variance))

    return brentq(lambda n: error_lda(n) - error_nb(n), p + 4, 1e5)


def naive_against_lda(*, n_informative, seed=0):
    X, y, truth = make_correlated_naive(
        20_000,
        20,
        correlation=0.1,
        n_informative=n_informative,
        return_truth=True,
        random_state=seed,
    )
    curves = learning_curves(
        {"NB": GaussianNBSampler(shared_variance=True), "LDA": LDASampler()},
        X,
        y,
        train_sizes=[50, 80, 125, 200],
        n_splits=[20] * 4,
        test_size=3000,
        scoring="accuracy",
        random_state=seed,
    )
    return curves, truth


def test_a_planted_crossover_is_found_where_theory_has_it():
    curves, truth = naive_against_lda(n_informative=10)
    found = curves.crossover("NB", "LDA")
    assert (found.before["winner"], found.after["winner"]) == ("NB", "LDA")
    low, high = found.interval
    assert low < predicted_crossing(truth) < high < 2 * low
    assert found.before["gap"] > 5 * found.before["standard_error"] > 0
    assert found.after["gap"] > 5 * found.after["standard_error"] > 0


def test_no_crossover_is_told_where_naive_bayes_is_right():
    # All columns inform alike: the best direction is then that of naive Bayes.
    curves, truth = naive_against_lda(n_informative=20)
    assert truth.naive_bayes_error == pytest.approx(truth.bayes_error)
    found = curves.crossover("LDA", "NB")
    assert (found.train_size, found.interval) == (None, None)
    assert found.before == found.after
    assert found.before["winner"] == "NB"
    assert "no crossing within the data" in str(found)


# The cache

STUDY = """
import sys, time
import numpy as np
from sklearn.naive_bayes import GaussianNB
from sklearn.datasets import load_iris
from skgendisc.comparison import learning_curves

class Slow(GaussianNB):
    def fit(self, X, y):
        with open("log", "a") as log:
            log.write("fit\\n")
        time.sleep(float(sys.argv[1]))
        return super().fit(X, y)

X, y = load_iris(return_X_y=True)
curves = learning_curves(
    {"slow": Slow()}, X, y, train_sizes=[12, 30, 90], n_splits=[4, 4, 4],
    scoring="accuracy", random_state=0, cache="kept",
)
print(curves.values("slow", "accuracy").tolist())
"""


def run_study(folder, seconds, **settings):
    (folder / "study.py").write_text(STUDY)
    return subprocess.Popen(
        [sys.executable, "study.py", str(seconds)],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        **settings,
    )


def test_a_killed_study_goes_on_where_it_was(tmp_path):
    log = tmp_path / "log"
    study = run_study(tmp_path, 0.1)
    deadline = time.monotonic() + 60
    while not (log.exists() and log.read_text().count("fit") >= 6):
        assert time.monotonic() < deadline
        assert study.poll() is None
        time.sleep(0.01)
    study.send_signal(signal.SIGKILL)
    study.wait()
    begun = log.read_text().count("fit")
    kept = len(list((tmp_path / "kept").glob("*.json")))
    assert begun - 1 <= kept < 12  # but for the fit that was under way
    done, _ = run_study(tmp_path, 0).communicate()
    assert log.read_text().count("fit") == begun + 12 - kept

    # What comes of it is what an undisturbed study gives.
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert run_study(fresh, 0).communicate()[0] == done


@pytest.fixture
def iris_study(tmp_path):
    """Run a study of iris with a cache, and count the fits that were made."""
    X, y = load_iris(return_X_y=True)
    settings = {"train_sizes": [12, 30], "n_splits": 2, "random_state": 0}
    settings |= {"scoring": ["accuracy"], "cache": tmp_path / "kept"}

    def run(models=None, X=X, y=y, **changed):
        models = models or {"tree": DecisionTreeClassifier(random_state=0)}
        before = set((tmp_path / "kept").glob("*.json"))
        curves = learning_curves(models, X, y, **{**settings, **changed})
        return curves, len(set((tmp_path / "kept").glob("*.json")) - before)

    return run


def test_a_second_study_of_the_same_makes_no_fit(iris_study):
    first, made = iris_study()
    second, again = iris_study()
    assert (made, again) == (4, 0)
    assert second == first  # the seconds, too, are those that were kept


@pytest.mark.parametrize(
    ("change", "made"),
    [
        ({"models": {"renamed": DecisionTreeClassifier(random_state=0)}}, 0),
        ({"models": {"tree": DecisionTreeClassifier(random_state=1)}}, 4),
        ({"n_splits": 3}, 2),
        ({"train_sizes": [12, 30, 60]}, 2),
        ({"random_state": 1}, 4),
        ({"scoring": ["accuracy", "neg_log_loss"]}, 4),
        ({"X": load_iris().data + 1e-9}, 4),
        ({"y": load_iris().target[::-1]}, 4),
    ],
)
def test_only_what_is_new_is_fitted(change, made, iris_study):
    iris_study()
    assert iris_study(**change)[1] == made


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_with_words_are_known_again(library, iris_study):
    frames = pytest.importorskip(library)
    X, _ = load_iris(return_X_y=True)
    model = {"none": DummyClassifier()}

    def frame(last):
        words = ["red", "blue"] * 74 + ["red", last]
        return frames.DataFrame({"number": X[:, 0], "word": words})

    assert iris_study(model, frame("blue"))[1] == 4
    assert iris_study(model, frame("blue"))[1] == 0
    assert iris_study(model, frame("green"))[1] == 4


def test_a_file_that_is_cut_off_is_made_again(iris_study, tmp_path):
    first, _ = iris_study()
    for path in (tmp_path / "kept").glob("*.json"):
        path.write_text(path.read_text()[:40])
    second, _ = iris_study()
    assert plain(second) == plain(first)


def test_a_fit_that_failed_is_tried_again(iris_study):
    models = {"fussy": Witness(refused_below=20)}
    curves, made = iris_study(models)
    assert (len(curves.failures), made) == (2, 2)
    assert len(iris_study(models)[0].failures) == 2


def test_what_cannot_be_told_again_is_refused_with_a_remedy(iris_study):
    model = make_pipeline(FunctionTransformer(lambda X: X), GaussianNB())
    with pytest.raises(ValueError, match="leave cache=None"):
        iris_study({"NB": model})


def test_kept_fits_are_plain_json(iris_study, tmp_path):
    iris_study()
    path = next((tmp_path / "kept").glob("*.json"))
    assert set(json.loads(path.read_text())) >= {"scores", "fit_seconds"}
    assert isinstance(LearningCurves(**iris_study()[0].to_dict()), LearningCurves)


def test_scorers_that_cannot_be_told_apart_are_not_cached(tmp_path):
    X, y = load_iris(return_X_y=True)
    scoring = {"cost": lambda model, X, y: model.score(X, y)}
    with pytest.raises(ValueError, match="cache needs scorers"):
        learning_curves(
            {"a": GaussianNB()}, X, y, scoring=scoring, cache=tmp_path / "kept"
        )


def test_every_fit_keeps_to_one_thread():
    X, y = numbered(40, [0.5, 0.5])
    with threadpool_limits(2):
        curves = learning_curves({"it": ThreadCounter()}, X, y, n_splits=3)
    assert {max(rows_seen(fit)) for fit in curves.fits} == {1}
