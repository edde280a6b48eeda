import numpy as np
import pytest
from scipy.sparse import csr_array, issparse
from sklearn.datasets import load_digits, load_wine
from sklearn.linear_model import LinearRegression

from skgendisc.comparison import (
    fitting_pairs,
    generative_discriminative_pairs,
    learning_curves,
)

NAMES = ["naive Bayes", "LDA", "QDA", "Bernoulli NB", "multinomial NB", "mixed NB"]


def numbers():
    X, y = load_wine(return_X_y=True)
    return X[:, :5], y


def truth_values():
    X, y = load_digits(return_X_y=True)
    return X[:500, 10:30] > 7, y[:500]


def counts():
    X, y = load_digits(return_X_y=True)
    return X[:500, 10:30], y[:500]


def mixed():
    """Numbers, truth values and words, each with gaps where its dtype has them."""
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=400)
    frame = pandas.DataFrame(
        {
            "wide": rng.normal(1000 * y, 1000 + 300 * y),
            "whole": rng.poisson(3 + y),
            "truth": rng.random(400) < 0.2 + 0.3 * y,
            "word": np.array(["a", "b", "c"])[(y + rng.integers(2, size=400)) % 3],
        }
    )
    frame.loc[::7, "wide"] = np.nan
    frame.loc[::11, "word"] = None
    return frame, np.array(["x", "y", "z"])[y]


TABLES = {
    "numbers": numbers,
    "truth values": truth_values,
    "counts": counts,
    "mixed": mixed,
}
TAKEN = [
    (name, table)
    for name, pair in generative_discriminative_pairs().items()
    for table in pair.tables
]


def test_pairs_are_named_by_their_generative_side():
    pairs = generative_discriminative_pairs()
    assert list(pairs) == NAMES
    assert [pair.name for pair in pairs.values()] == NAMES


@pytest.mark.parametrize(("name", "table"), TAKEN)
def test_log_odds_of_the_generative_side_are_linear_in_what_its_partner_sees(
    name, table
):
    X, y = TABLES[table]()
    pair = generative_discriminative_pairs()[name]
    log_proba = pair.generative.fit(X, y).predict_log_proba(X)
    log_odds = log_proba[:, 1:] - log_proba[:, :1]
    pair.discriminative.fit(X, y)
    seen = pair.discriminative[:-1].transform(X)
    line = LinearRegression().fit(seen, log_odds)
    scale = log_odds.std(axis=0)
    assert (scale > 0.1).all()
    np.testing.assert_allclose(line.predict(seen) / scale, log_odds / scale, atol=1e-8)


def test_own_variances_would_be_outside_the_family():
    X, y = numbers()
    pair = generative_discriminative_pairs()["naive Bayes"]
    own = pair.generative.set_params(gaussiannbsampler__shared_variance=False)
    log_proba = own.fit(X, y).predict_log_proba(X)
    log_odds = log_proba[:, 1] - log_proba[:, 0]
    residual = log_odds - LinearRegression().fit(X, log_odds).predict(X)
    assert residual.std() > 0.1 * log_odds.std()


@pytest.mark.parametrize("name", NAMES)
def test_pairs_learn_from_ten_rows_without_failure(name):
    pair = generative_discriminative_pairs()[name]
    X, y = TABLES[pair.tables[0]]()
    few = np.isin(y, np.unique(y)[:2])
    curves = learning_curves(
        pair.estimators, X[few], y[few], train_sizes=[10, 60], n_splits=5
    )
    assert curves.failures == []
    assert sorted(curves.kinds.values()) == ["discriminative", "generative"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_the_pair_for_mixed_tables_takes_frames_of_any_library(library):
    frames = pytest.importorskip(library)
    X, y = mixed()
    pair = generative_discriminative_pairs()["mixed NB"]
    data = {name: [None if v != v else v for v in X[name]] for name in X}
    frame = frames.DataFrame(data)
    for model in (pair.generative, pair.discriminative):
        assert model.fit(frame, y).score(frame, y) > 0.6


# Those that fit a table


def few_counts():
    """Counts as those of words: most are zero."""
    rng = np.random.default_rng(0)
    return rng.poisson(0.1, size=(60, 12))


def test_mixed_tables_have_the_pair_of_categories_and_gaps():
    X, _ = mixed()
    assert list(fitting_pairs(X)) == ["mixed NB"]


@pytest.mark.parametrize(
    ("X", "names"),
    [
        (load_wine().data, ["naive Bayes", "LDA", "QDA"]),
        (load_digits().data, ["naive Bayes", "LDA"]),  # too many columns to square
        (np.where(np.eye(9), np.nan, 1.5), ["mixed NB"]),
        (np.eye(9), ["Bernoulli NB"]),
        (np.eye(9) > 0, ["Bernoulli NB"]),
        (few_counts(), ["multinomial NB"]),
        (csr_array(few_counts()), ["multinomial NB"]),
        (-few_counts(), ["naive Bayes", "LDA", "QDA"]),
    ],
)
def test_pairs_fit_the_columns(X, names):
    assert list(fitting_pairs(X)) == names


def test_text_is_counted_inside_the_pair():
    pandas = pytest.importorskip("pandas")
    y = np.arange(60) % 2
    words = np.array(["call to win", "see you later"])[y]
    X = pandas.DataFrame({"mail": [f"{w} n{row}" for row, w in enumerate(words)]})
    pairs = fitting_pairs(X)
    assert list(pairs) == ["multinomial NB"]
    pair = pairs["multinomial NB"]
    curves = learning_curves(
        pair.estimators, X, y, train_sizes=[8, 16], n_splits=2, scoring="accuracy"
    )
    assert curves.failures == []
    assert curves.kinds == {
        "multinomial NB": "generative",
        "logistic regression": "discriminative",
    }
    assert curves.values("multinomial NB", "accuracy").min() == 1.0


def test_partners_of_one_name_are_the_same():
    seen = {}
    for pair in fitting_pairs(load_wine().data).values():
        for name, model in pair.estimators.items():
            assert repr(model) == seen.setdefault(name, repr(model))


def test_a_column_of_identifiers_does_not_square_the_memory():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": [f"u{row}" for row in range(300)], "x": 1.5})
    features = fitting_pairs(frame)["mixed NB"].discriminative[:-1]
    assert issparse(features.fit_transform(frame))
