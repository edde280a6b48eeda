import json

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.model_selection import KFold

from skgendisc.comparison import evaluate_sampler, evaluate_tables
from skgendisc.joint import GaussianNBSampler, LDASampler
from skgendisc.metrics import energy_distance, exact_copies
from skgendisc.trees import TreeSampler

FEW = ["column_shapes", "exact_copies"]
REFERENCES = ["held-out real rows", "independent columns", "copy of training rows"]


class Copier(BaseEstimator):
    """Draws the rows that it was fitted to; fails where these begin with a number."""

    def __init__(self, *, refused=None, random_state=None):
        self.refused = refused
        self.random_state = random_state

    def fit(self, X, y=None):
        if self.refused in ("all", X[0, 0]):
            raise RuntimeError("not today")
        self.rows_ = X, y
        return self

    def sample(self, n_samples=1, *, random_state=None):
        return self.rows_


def make_rows(n_rows=600, seed=0):
    """Two classes of correlated normals, as LDA has them."""
    rng = np.random.default_rng(seed)
    y = np.array(["no", "yes"])[rng.integers(2, size=n_rows)]
    X = rng.normal(size=(n_rows, 4)).cumsum(axis=1) + 1.5 * (y == "yes")[:, None]
    return X, y


@pytest.fixture(scope="module")
def result():
    samplers = {"LDA": LDASampler(), "copier": Copier()}
    return evaluate_sampler(samplers, *make_rows(), random_state=0)


def grades(result, name):
    return [verdict["grade"] for verdict in result.verdicts(name)]


def without_seconds(folds):
    return [{**f, "fit_seconds": 0, "sample_seconds": 0} for f in folds]


# Samplers ----------------------------------------------------------------------------


def test_rows_of_reference_stand_beside_the_samplers(result):
    assert result.samplers == ["LDA", "copier"]
    assert list(result.kinds) == ["LDA", "copier", *REFERENCES]
    assert [(f["name"], f["fold"]) for f in result.folds] == [
        (name, fold) for name in result.kinds for fold in range(3)
    ]
    assert not result.failures


def test_rows_of_the_true_model_pass_everything(result):
    assert grades(result, "LDA") == [0, 0, 0, 0]


def test_copies_look_real_and_teach_but_are_too_near(result):
    assert grades(result, "copy of training rows") == [0, 0, 0, 3]


def test_independent_columns_do_not_look_real(result):
    real, covers, useful, near = grades(result, "independent columns")
    assert (real, covers, useful, near) == (3, 3, 3, 0)


def test_a_sampler_of_copies_is_judged_by_rows_that_it_has_not_seen(result):
    assert grades(result, "copier") == [0, 0, 0, 3]
    np.testing.assert_array_equal(result.values("copier", "exact_copies"), 1.0)
    # Had it seen the judges, they would hold rows of its own: an AUC below chance.
    assert np.all(result.values("copier", "discriminator_auc") > 0.4)


def test_held_out_rows_are_at_chance_and_not_judged_by_what_they_teach(result):
    name = "held-out real rows"
    for metric in ("discriminator_auc", "nearer_to_training", "membership_auc"):
        mean, error = result.mean_and_error(name, metric)
        assert abs(mean - 0.5) < 3 * error
    assert np.isnan(result.values(name, "utility")).all()


def test_as_many_rows_are_drawn_as_there_are_to_fit_to(result):
    for fold in result.of("LDA"):
        assert fold["rows"] == fold["train_rows"] == 400
        assert fold["real_rows"] == 100
        assert fold["fit_seconds"] > 0
        assert fold["sample_seconds"] > 0


def test_the_record_is_plain_python(result):
    parts = [result.metrics, result.kinds, result.folds, result.portraits]
    assert json.loads(json.dumps([*parts, result.setting]))[1] == result.kinds


def test_a_fold_that_fails_is_missing_and_says_why():
    X, y = make_rows(120)
    folds = list(KFold(3).split(X))
    samplers = {"copier": Copier(refused=X[40, 0])}  # the first fold's first row
    result = evaluate_sampler(samplers, X, y, cv=folds, metrics=FEW, random_state=0)
    is_nan = np.isnan(result.values("copier", "exact_copies"))
    assert is_nan.tolist() == [True, False, False]
    assert result.failures == [
        {
            "name": "copier",
            "fold": 0,
            "step": "fit",
            "message": "RuntimeError: not today",
        }
    ]
    assert "not today" in result.to_text()
    assert np.isfinite(result.values("independent columns", "exact_copies")).all()


def test_samplers_that_all_fail_are_refused():
    with pytest.raises(ValueError, match=r"samplers must fit.*not today"):
        evaluate_sampler(Copier(refused="all"), *make_rows(60), metrics=FEW)


def test_rows_of_a_wrong_shape_are_a_failure_of_their_sampler():
    class Narrow(Copier):
        def sample(self, n_samples=1, *, random_state=None):
            return self.rows_[0][:, :2], self.rows_[1]

    samplers = {"narrow": Narrow(), "copier": Copier()}
    result = evaluate_sampler(samplers, *make_rows(60), metrics=FEW, random_state=0)
    assert {failure["name"] for failure in result.failures} == {"narrow"}
    assert "columns" in result.failures[0]["message"]


def test_a_metric_that_fails_leaves_the_others():
    def broken(X_real, X_synthetic):
        raise RuntimeError("no such number")

    result = evaluate_sampler(
        Copier(), *make_rows(60), metrics=["exact_copies", broken], random_state=0
    )
    assert np.isnan(result.values("Copier", "broken")).all()
    assert np.isfinite(result.values("Copier", "exact_copies")).all()
    assert "no such number" in result.failures[0]["message"]


def test_same_seed_same_numbers_whatever_the_jobs():
    X, y = make_rows(150)
    one, two = (
        evaluate_sampler(
            TreeSampler(), X, y, metrics=[*FEW, "utility"], random_state=3, n_jobs=jobs
        )
        for jobs in (None, 2)
    )
    np.testing.assert_equal(without_seconds(one.folds), without_seconds(two.folds))
    np.testing.assert_equal(one.portraits, two.portraits)


def test_another_seed_gives_other_numbers():
    X, y = make_rows(150)
    one, two = (
        evaluate_sampler(TreeSampler(), X, y, metrics=FEW, random_state=seed)
        for seed in (0, 1)
    )
    name, metric = "TreeSampler", "column_shapes"
    assert not np.array_equal(one.values(name, metric), two.values(name, metric))


def test_functions_of_the_metrics_room_are_metrics():
    result = evaluate_sampler(
        LDASampler(), *make_rows(900), metrics=[energy_distance], random_state=0
    )
    assert result.metrics == ["energy_distance"]
    apart, _ = result.mean_and_error("independent columns", "energy_distance")
    near, _ = result.mean_and_error("LDASampler", "energy_distance")
    assert near < apart
    assert [verdict["answer"] for verdict in result.verdicts()] == ["Not judged"] * 4


def test_without_labels_utility_is_not_judged():
    X, _ = make_rows(150)
    result = evaluate_sampler(TreeSampler(), X, metrics=["utility"], random_state=0)
    assert np.isnan(result.values("TreeSampler", "utility")).all()
    assert "No target was named" in result.verdicts()[2]["text"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_mixed_frames_with_gaps_keep_the_names_of_columns_and_labels(library):
    frames = pytest.importorskip(library)
    X, y = make_rows(150)
    town = np.where(X[:, 1] > 0, "Bonn", "Ulm").tolist()
    town[::7] = [None] * len(town[::7])
    frame = frames.DataFrame({"age": X[:, 0], "town": town})
    labels = frames.Series(y, name="answer") if library == "pandas" else y
    result = evaluate_sampler(TreeSampler(), frame, labels, metrics=FEW, random_state=0)
    names = {column["name"] for column in result.portraits["TreeSampler"]["columns"]}
    assert names == {"age", "town", "answer" if library == "pandas" else "y"}
    assert not result.failures


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metrics": ["goodness"]}, "got 'goodness'"),
        ({"metrics": []}, "got none"),
        ({"cv": 50}, "got 50 folds"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        evaluate_sampler(LDASampler(), *make_rows(60), **options)


@pytest.mark.parametrize("samplers", [{}, {"independent columns": LDASampler()}])
def test_samplers_need_names_of_their_own(samplers):
    with pytest.raises(ValueError, match="samplers must"):
        evaluate_sampler(samplers, *make_rows(60))


# Tables ------------------------------------------------------------------------------


def test_the_column_that_gives_rows_away_is_named():
    X, _ = make_rows(400)
    X_new, _ = make_rows(400, seed=1)
    X_new[:, 2] += 3.0
    held_out, _ = make_rows(400, seed=2)
    metrics = ["discriminator_auc", "column_shapes", "mutual_information_error"]
    result = evaluate_tables(X, X_new, held_out, metrics=metrics, random_state=0)
    assert "It looks most at 2" in result.verdicts()[0]["text"]
    assert result.portraits["synthetic rows"]["columns"][0]["name"] == "2"


def test_a_level_that_is_lost_is_named():
    rng = np.random.default_rng(0)
    levels = np.array(["Bonn", "Ulm", "Kiel"], dtype=object)
    X, held_out = (
        np.column_stack([levels[rng.integers(3, size=400)], rng.normal(size=400)])
        for _ in range(2)
    )
    X_new = X[X[:, 0] != "Kiel"]
    result = evaluate_tables(X, X_new, held_out, random_state=0)
    covers = result.verdicts()[1]
    assert covers["grade"] >= 1
    assert "Never, or hardly ever, drawn: 0 = Kiel" in covers["text"]


def test_a_holdout_of_training_rows_is_noticed():
    X, _ = make_rows(200)
    result = evaluate_tables(X, X, X, metrics=["exact_copies"], random_state=0)
    assert "were they held out?" in result.verdicts()[3]["text"]


def test_a_twentieth_of_copies_is_found():
    X, y = make_rows(2000)
    X_new, y_new = make_rows(2000, seed=1)
    held_out, y_held_out = make_rows(2000, seed=2)
    X_new[:100], y_new[:100] = X[:100], y[:100]
    result = evaluate_tables(
        X,
        X_new,
        held_out,
        y_real=y,
        y_synthetic=y_new,
        y_held_out=y_held_out,
        metrics=["exact_copies"],
        random_state=0,
    )
    near = result.verdicts()[3]
    assert near["answer"] == "A little"
    assert (
        "5.0% equal a training row (real rows: 0%; independent columns: 0%)"
        in near["text"]
    )


def test_without_held_out_rows_nearness_is_not_judged():
    X, _ = make_rows(400)
    X_new, _ = make_rows(400, seed=1)
    result = evaluate_tables(X, X_new, random_state=0)
    assert list(result.kinds) == [
        "synthetic rows",
        "other real rows",
        "independent columns",
    ]
    real, covers, _, near = grades(result, "synthetic rows")
    assert (real, covers, near) == (0, 0, None)
    assert "hold some out" in result.verdicts()[3]["text"]
    assert "no rows were held out" in result.to_text()


def test_without_held_out_rows_copies_are_found_all_the_same():
    X, _ = make_rows(800)
    result = evaluate_tables(X, X[::-1], random_state=0)
    real, _, _, near = result.verdicts()
    assert near["grade"] == 3
    assert "100% of them equal a real row; of real rows 0%" in near["text"]
    assert "Below chance" in real["text"]


def test_twins_in_the_real_table_excuse_as_many_copies():
    rng = np.random.default_rng(0)
    X, X_new = rng.integers(3, size=(2, 300, 2)).astype(float)
    result = evaluate_tables(X, X_new, metrics=["exact_copies"], random_state=0)
    assert result.values("synthetic rows", "exact_copies") == 1.0
    assert grades(result, "synthetic rows")[3] is None


def test_a_target_of_numbers_is_learnt_by_regression():
    X, _ = make_rows(400)
    held_out, _ = make_rows(400, seed=2)
    tables = [X[:, :3], X[:, :3], held_out[:, :3]]
    y = {"y_real": X[:, 3], "y_synthetic": X[:, 3], "y_held_out": held_out[:, 3]}
    result = evaluate_tables(*tables, **y, metrics=["utility"], random_state=0)
    assert result.values("synthetic rows", "utility") > 0.5
    assert result.values("independent columns", "utility") < 0.2


def test_what_was_found_on_some_of_the_rows_says_so():
    X, held_out = np.random.default_rng(0).normal(size=(2, 12_000, 1))
    metrics = ["column_shapes", "nearer_to_training"]
    result = evaluate_tables(X, X, held_out, metrics=metrics, random_state=0)
    used = result.of("synthetic rows")[0]["rows_used"]
    assert used == {"nearer_to_training": 5000}
    assert "Found on some of the rows: nearer to training 5000." in result.to_text()


def test_few_synthetic_rows_stand_beside_as_few():
    X, _ = make_rows(600)
    few, _ = make_rows(60, seed=1)
    held_out, _ = make_rows(600, seed=2)
    result = evaluate_tables(X, few, held_out, metrics=["coverage"], random_state=0)
    assert {fold["rows"] for fold in result.folds} == {60}
    assert grades(result, "synthetic rows")[1] == 0


@pytest.mark.parametrize("given", [["y_real"], ["y_real", "y_synthetic", "y_held_out"]])
def test_labels_belong_to_tables(given):
    X, y = make_rows(60)
    with pytest.raises(ValueError, match="belong together"):
        evaluate_tables(X, X, **dict.fromkeys(given, y))


def test_one_row_is_too_few_to_halve():
    with pytest.raises(ValueError, match="got 1"):
        evaluate_tables([[1.0]], [[1.0]])


def test_a_function_of_the_metrics_room_is_the_measure_of_its_name():
    rng = np.random.default_rng(0)
    X, held_out = rng.normal(size=(2, 60, 2))
    result = evaluate_tables(X, X, held_out, metrics=[exact_copies], random_state=0)
    assert result.verdicts()[-1]["answer"] == "Yes, as near as copies"


def test_functions_of_one_name_are_two_metrics():
    X = np.random.default_rng(0).normal(size=(60, 2))
    metrics = [lambda *tables: 1.0, lambda *tables: 2.0]
    result = evaluate_tables(X, X, X, metrics=metrics, random_state=0)
    found = [result.mean_and_error("synthetic rows", m)[0] for m in result.metrics]
    assert found == [1.0, 2.0]


def test_folds_that_failed_leave_the_others():
    class Failing(GaussianNBSampler):
        def fit(self, X, y):
            if X[0, 0] > 0:
                raise RuntimeError("boom")
            return super().fit(X, y)

    X = np.random.default_rng(0).normal(size=(90, 2))
    y = np.arange(90) % 2
    splits = [(np.roll(np.arange(60), -k), np.arange(60, 90)) for k in range(6)]
    assert {bool(X[train[0], 0] > 0) for train, _ in splits} == {True, False}
    result = evaluate_sampler(
        Failing(), X, y, cv=splits, metrics=["column_shapes"], random_state=0
    )
    values = result.values("Failing", "column_shapes")
    assert 0 < np.isnan(values).sum() < 6
    mean, _ = result.mean_and_error("Failing", "column_shapes")
    assert mean == np.nanmean(values)
