import time

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import ks_2samp
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from skgendisc.trees import TreeSampler


def auc_of_a_discriminator(real, drawn):
    """How well boosting tells rows apart; one half is not at all."""
    rows = np.concatenate([real, drawn])
    is_real = np.repeat([0, 1], [len(real), len(drawn)])
    model = HistGradientBoostingClassifier(random_state=0)
    proba = cross_val_predict(model, rows, is_real, method="predict_proba")
    return roc_auc_score(is_real, proba[:, 1])


def spirals(n_rows, rng):
    """Two arms, wound into each other."""
    y = rng.integers(2, size=n_rows)
    angle = 3 * np.pi * np.sqrt(rng.random(n_rows)) + np.pi * y
    radius = angle - np.pi * y
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + rng.normal(0, 0.2, X.shape), y


def gaussian_grid(n_rows, rng):
    """A hundred narrow Gaussians."""
    return rng.integers(10, size=(n_rows, 2)) + rng.normal(0, 0.05, (n_rows, 2))


def test_draws_follow_two_interleaved_spirals():
    rng = np.random.default_rng(0)
    X, y = spirals(8000, rng)
    drawn, labels = TreeSampler(random_state=0).fit(X, y).sample(4000)
    fresh, fresh_y = spirals(4000, rng)
    assert auc_of_a_discriminator(np.c_[fresh, fresh_y], np.c_[drawn, labels]) < 0.6


def test_the_posterior_separates_two_interleaved_spirals():
    rng = np.random.default_rng(0)
    trees = TreeSampler(n_trees=3, random_state=0).fit(*spirals(8000, rng))
    assert trees.score(*spirals(2000, rng)) > 0.95


def test_draws_find_all_of_a_hundred_gaussians():
    rng = np.random.default_rng(0)
    trees = TreeSampler(random_state=0).fit(gaussian_grid(10_000, rng))
    drawn, _ = trees.sample(10_000)
    near = np.rint(drawn)
    assert np.mean(np.abs(drawn - near).max(axis=1) < 0.2) > 0.97
    counts = np.unique(near[:, 0] * 10 + near[:, 1], return_counts=True)[1]
    assert len(counts) >= 100
    assert np.sort(counts)[-100:].min() > 50


def test_a_function_of_two_columns_stays_one():
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 8, (2, 5000))
    X = pd.DataFrame({"first": first, "second": second, "sum": first + second})
    drawn, _ = TreeSampler(random_state=0).fit(X).sample(5000)
    assert np.mean(drawn["first"] + drawn["second"] == drawn["sum"]) > 0.97


def test_zeros_stay_zeros_and_what_goes_with_them():
    rng = np.random.default_rng(0)
    works = rng.random(5000) < 0.3
    income = np.where(works, rng.lognormal(8, 1, 5000), 0.0)
    X = pd.DataFrame({"works": works, "income": income})
    drawn, _ = TreeSampler(random_state=0).fit(X).sample(20_000)
    assert np.mean(drawn["income"] == 0) == pytest.approx(0.7, abs=0.02)
    assert np.mean((drawn["income"] > 0) == drawn["works"]) > 0.99
    of_workers = drawn["income"][drawn["works"] & (drawn["income"] > 0)]
    assert ks_2samp(of_workers, income[works]).statistic < 0.03


def test_no_continuous_value_is_a_copy():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 3))
    drawn, _ = TreeSampler(random_state=0).fit(X).sample(5000)
    assert not np.isin(drawn, X).any()


def test_whole_numbers_and_decimals_stay_so():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"whole": rng.poisson(200, 3000), "cents": rng.uniform(0, 9, 3000).round(2)}
    )
    drawn, _ = TreeSampler(random_state=0).fit(X).sample(3000)
    assert drawn.dtypes.equals(X.dtypes)
    np.testing.assert_allclose(drawn["cents"], drawn["cents"].round(2))


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_gaps_come_back_where_they_were(library):
    rng = np.random.default_rng(0)
    n_rows = 4000
    kind = rng.choice(["a", "b", "c"], n_rows)
    size = rng.normal(size=n_rows)
    size = [None if k == "b" else float(s) for k, s in zip(kind, size, strict=True)]
    kind = [None if rng.random() < 0.1 else str(k) for k in kind]
    X = library.DataFrame({"kind": kind, "size": size})
    drawn, _ = TreeSampler(random_state=0).fit(X).sample(8000)
    missing = np.array([v is None or v != v for v in drawn["kind"].to_list()])
    assert missing.mean() == pytest.approx(0.1, abs=0.02)
    is_b = np.array([v == "b" for v in drawn["kind"].to_list()])
    no_size = np.array([v is None or v != v for v in drawn["size"].to_list()])
    assert no_size[is_b].mean() > 0.95
    assert no_size[~is_b & ~missing].mean() < 0.02


def test_odd_columns_are_taken_as_they_are():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "constant": np.full(300, 7),
            "nothing": np.full(300, np.nan),
            "once": ["rare", *["common"] * 299],
            "number": rng.normal(size=300),
        }
    )
    trees = TreeSampler(random_state=0).fit(X, rng.integers(2, size=300))
    drawn, _ = trees.sample(2000)
    assert (drawn["constant"] == 7).all()
    assert drawn["nothing"].isna().all()
    assert 0 < (drawn["once"] == "rare").sum() < 60
    assert np.isfinite(trees.score_samples(X)).all()


def test_ten_thousand_levels_are_split():
    rng = np.random.default_rng(0)
    level = np.arange(30_000) % 10_000
    number = np.where(level < 5000, 0.0, 10.0) + rng.normal(size=30_000)
    X = pd.DataFrame({"level": [f"L{i}" for i in level], "number": number})
    for order in (["level", "number"], ["number", "level"]):
        trees = TreeSampler(order=order, random_state=0).fit(X)
        drawn, _ = trees.sample(5000)
        is_low = drawn["level"].str[1:].astype(int) < 5000
        assert np.mean((drawn["number"] < 5) == is_low) > 0.9, order


def test_three_rows_are_enough():
    X, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0, 0, 1])
    trees = TreeSampler(random_state=0).fit(X, y)
    drawn = trees.sample_conditional([0, 1, 1])
    assert np.isfinite(drawn).all()
    assert np.isfinite(trees.predict_log_proba(X)).all()


def test_a_thousand_columns_are_no_matter():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 1000)) + rng.normal(size=(60, 1))
    start = time.perf_counter()
    drawn, _ = TreeSampler(random_state=0).fit(X, np.arange(60) % 2).sample(60)
    assert drawn.shape == X.shape
    assert time.perf_counter() - start < 60


@pytest.mark.parametrize("smoothing", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("n_trees", [1, 3])
def test_the_density_integrates_to_one_in_two_dimensions(smoothing, n_trees):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 1)) + rng.normal(0, 0.3, (300, 2))
    trees = TreeSampler(n_trees=n_trees, smoothing=smoothing, random_state=0).fit(X)
    # The tails are wide: beyond the box lies one row in three hundred a column.
    n_points = 1500
    sides = [np.linspace(c.min(), c.max(), n_points) for c in X.T]
    grid = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    area = np.prod([side[1] - side[0] for side in sides])
    inside = np.exp(trees.score_samples(grid)).sum() * area
    assert inside == pytest.approx(1.0, abs=0.02)


def test_scores_are_those_of_the_draws():
    # Cross-entropies of many own rows with the model, counted in two ways: the mean
    # score, and the entropy of the codes that were drawn.
    rng = np.random.default_rng(0)
    X = rng.integers(0, 4, (2000, 2))
    y = (X.sum(axis=1) + rng.integers(0, 3, 2000) > 4).astype(int)
    trees = TreeSampler(categorical_features=[0, 1], random_state=0).fit(X, y)
    drawn, labels = trees.sample(200_000)
    joint = trees.predict_joint_log_proba(drawn)[np.arange(len(labels)), labels]
    cell = (drawn[:, 0] * 4 + drawn[:, 1]) * 2 + labels
    share = np.bincount(cell.astype(int)) / len(cell)
    entropy = -np.sum(share[share > 0] * np.log(share[share > 0]))
    assert -joint.mean() == pytest.approx(entropy, abs=0.002)


def test_cells_are_drawn_as_often_as_they_score():
    X, y = load_iris(return_X_y=True)
    X = X[:, :1]
    trees = TreeSampler(random_state=0).fit(X, y)
    drawn = trees.sample_conditional(np.full(100_000, 2))
    value, count = np.unique(drawn, return_counts=True)
    score = np.exp(trees.predict_joint_log_proba(value[:, None])[:, 2]) * 3
    np.testing.assert_allclose(count / len(drawn), score, atol=0.004)


@pytest.mark.parametrize("new", [[[99.0, 0.0]], [[0.0, -1e9]], [[np.nan, 0.0]]])
def test_no_value_is_impossible(new):
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=200), rng.integers(3, size=200)])
    trees = TreeSampler(random_state=0).fit(X, rng.integers(2, size=200))
    assert np.isfinite(trees.score_samples(new)).all()
    assert trees.score_samples(new) < trees.score_samples(X).min()


def test_a_level_that_was_not_seen_is_not_impossible():
    X = pd.DataFrame({"level": ["a", "b"] * 100, "number": np.arange(200.0)})
    trees = TreeSampler(random_state=0).fit(X)
    new = pd.DataFrame({"level": ["c"], "number": [3.0]})
    assert np.isfinite(trees.score_samples(new)).all()


def test_more_trees_give_a_better_density():
    rng = np.random.default_rng(0)
    X = rng.multivariate_normal([0, 0, 0], 0.7 + 0.3 * np.eye(3), 3000)
    scores = [
        TreeSampler(n_trees=n, random_state=0).fit(X[:2000]).score(X[2000:])
        for n in (1, 5)
    ]
    assert scores[1] > scores[0]


def test_a_rare_class_looks_like_itself():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [5000, 40])
    X = rng.normal(size=(5040, 3)) + np.where(y, 4.0, 0.0)[:, None] * [1, 0, 1]
    trees = TreeSampler(random_state=0).fit(X, y)
    drawn = trees.sample_conditional(np.ones(4000, dtype=int))
    # Some of each leaf's rows count with the class's, so that the mean is drawn in.
    assert drawn[:, 0].mean() > 3
    assert drawn[:, 2].mean() > 3


def test_the_order_is_the_wanted_one_by_name_or_number():
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 3)), columns=[*"abc"])
    by_name = TreeSampler(order=["c", "a", "b"], random_state=0).fit(X)
    by_number = TreeSampler(order=[2, 0, 1], random_state=0).fit(X)
    assert (by_name.orders_ == [2, 0, 1]).all()
    assert (by_number.orders_ == [2, 0, 1]).all()
    assert by_name.sample(5)[0].equals(by_number.sample(5)[0])


def test_columns_are_ordered_by_what_tells_most_about_them():
    rng = np.random.default_rng(0)
    first = rng.normal(size=2000)
    third = first + rng.normal(0, 0.1, 2000)
    second = third + rng.normal(0, 0.5, 2000)
    y = (first > 0).astype(int)
    X = np.column_stack([rng.normal(size=2000), second, third, first])
    orders = TreeSampler(random_state=0).fit(X, y).orders_
    assert orders[0].tolist() == [3, 2, 1, 0]
    assert len(np.unique(orders, axis=0)) > 1


@pytest.mark.parametrize("order", [["a"], ["a", "a", "b"], ["a", "b", "z"], [0, 1, 5]])
def test_a_wrong_order_is_named(order):
    X = pd.DataFrame(np.zeros((5, 3)), columns=[*"abc"])
    with pytest.raises(ValueError, match=r"order must hold each column once.*'a', 'b'"):
        TreeSampler(order=order).fit(X)


def correlated(n_rows):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], n_rows), columns=[*"ab"]
    )


@pytest.mark.parametrize(
    ("order", "n_trees", "is_exact"),
    [
        (["a", "b"], 1, True),
        (["a", "b"], 2, True),
        (["b", "a"], 1, False),
        ("auto", 4, False),
    ],
)
def test_columns_are_drawn_for_given_ones(order, n_trees, is_exact):
    X = correlated(20_000)
    trees = TreeSampler(n_trees=n_trees, order=order, random_state=0)
    trees.fit(X, np.arange(20_000) % 2)
    given = pd.DataFrame({"a": np.linspace(-1.5, 1.5, 3000)})
    drawn, size = trees.sample_conditional(
        np.zeros(3000, dtype=int), given=given, return_effective_size=True
    )
    assert (drawn["a"] == given["a"]).all()
    rest = drawn["b"] - 0.9 * given["a"]
    assert rest.mean() == pytest.approx(0.0, abs=0.05)
    assert rest.std() == pytest.approx(np.sqrt(1 - 0.81), rel=0.15)
    assert np.corrcoef(drawn["b"], given["a"])[0, 1] > 0.8
    if is_exact:
        assert np.isinf(size).all()
    else:
        assert (size > 1).all()
        assert (size < 256).all()


def test_nothing_given_is_nothing_asked():
    X = correlated(500).to_numpy()
    trees = TreeSampler(random_state=0).fit(X, np.arange(500) % 2)
    drawn = trees.sample_conditional([0, 1], given=np.full((2, 2), np.nan))
    assert np.isfinite(drawn).all()


@pytest.mark.parametrize("value", [np.nan, 2.0], ids=["gap", "other"])
def test_given_values_that_nothing_is_near_to_are_named(value):
    X = pd.DataFrame({"same": np.ones(100), "number": np.arange(100.0)})
    trees = TreeSampler(random_state=0).fit(X, np.arange(100) % 2)
    given = pd.DataFrame({"same": [1.0, value]})
    with pytest.raises(ValueError, match=r"given has gaps.*'same'.*leave these"):
        trees.sample_conditional([0, 1], given=given)


def test_columns_with_numbers_for_names_are_known_by_name():
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(80, 3)), columns=[2, 0, 1])
    trees = TreeSampler(order=[0, 1, 2], random_state=0).fit(X, np.arange(80) % 2)
    assert trees.orders_.tolist() == [[1, 2, 0]]
    drawn = trees.sample_conditional([0], given=pd.DataFrame({2: [0.5]}))
    assert drawn[2].tolist() == [0.5]


def test_a_given_level_that_was_not_seen_is_named():
    X = pd.DataFrame({"level": ["a", "b"] * 50, "number": np.arange(100.0)})
    trees = TreeSampler(random_state=0).fit(X, np.arange(100) % 2)
    with pytest.raises(ValueError, match=r"'level'.*given.*'z'"):
        trees.sample_conditional([0], given=pd.DataFrame({"level": ["z"]}))
