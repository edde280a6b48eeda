"""Fitting chunk by chunk equals one fit on all rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.exceptions import NotFittedError

from skgendisc.joint import GaussianNBSampler, LDASampler, QDASampler

MODELS = [
    GaussianNBSampler(random_state=0),
    GaussianNBSampler(shared_variance=True, random_state=0),
    LDASampler(random_state=0),
    LDASampler(shrinkage=0.1, random_state=0),
    QDASampler(random_state=0),
    QDASampler(shrinkage=0.1, priors=[0.2, 0.3, 0.5], random_state=0),
]
each_model = pytest.mark.parametrize("model", MODELS, ids=repr)


@pytest.fixture
def wine():
    X, y = load_wine(return_X_y=True)
    return X, np.array(["red", "rose", "white"])[y]


def in_chunks(model, X, y, weight=None):
    model = clone(model)
    for rows in np.array_split(np.arange(len(y)), 9):  # the rows are sorted by class
        model.partial_fit(
            X[rows],
            y[rows],
            classes=["white", "red", "rose"],
            sample_weight=None if weight is None else weight[rows],
        )
    return model


@each_model
def test_chunks_equal_one_fit(model, wine):
    X, y = wine
    whole, chunks = clone(model).fit(X, y), in_chunks(model, X, y)
    np.testing.assert_allclose(
        chunks.predict_joint_log_proba(X),
        whole.predict_joint_log_proba(X),
        rtol=1e-10,
        atol=1e-10,
    )
    # Rows of one column are near a thousand times those of another.
    np.testing.assert_allclose(
        chunks.sample(50)[0] / X.std(axis=0), whole.sample(50)[0] / X.std(axis=0)
    )
    np.testing.assert_array_equal(chunks.sample(50)[1], whole.sample(50)[1])


@each_model
def test_weights_of_chunks_count_rows(model, wine):
    X, y = wine
    weight = np.arange(len(y)) % 3
    repeated = clone(model).fit(np.repeat(X, weight, axis=0), np.repeat(y, weight))
    chunks = in_chunks(model, X, y, weight)
    np.testing.assert_allclose(
        chunks.predict_joint_log_proba(X),
        repeated.predict_joint_log_proba(X),
        rtol=1e-9,
        atol=1e-9,
    )


@each_model
def test_fit_goes_on_with_partial_fit(model, wine):
    X, y = wine
    early = np.arange(len(y)) % 2 == 0
    model = clone(model).fit(X[early], y[early]).partial_fit(X[~early], y[~early])
    np.testing.assert_allclose(
        model.predict_log_proba(X),
        clone(model).fit(X, y).predict_log_proba(X),
        rtol=1e-9,
        atol=1e-9,
    )


@each_model
def test_fit_starts_anew(model, wine):
    X, y = wine
    again = in_chunks(model, X, y).fit(X[:150], y[:150])
    expected = clone(model).fit(X[:150], y[:150])
    np.testing.assert_array_equal(again.statistics_.weight, expected.statistics_.weight)


@each_model
def test_until_each_class_has_rows_use_says_what_is_missing(model, wine):
    X, y = wine
    model = clone(model).partial_fit(X[:60], y[:60], classes=["white", "red", "rose"])
    for use in (lambda: model.predict(X), lambda: model.sample(3)):
        with pytest.raises(NotFittedError, match=r"\['white'\] have no rows"):
            use()
    model.partial_fit(X[60:], y[60:])
    assert set(model.sample(100)[1]) == {"red", "rose", "white"}


def test_the_first_call_needs_all_classes(wine):
    X, y = wine
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        LDASampler().partial_fit(X, y)


def test_classes_cannot_change(wine):
    X, y = wine
    model = LDASampler().partial_fit(X, y, classes=["red", "rose", "white"])
    with pytest.raises(ValueError, match=r"\['red'\] differs from the classes"):
        model.partial_fit(X, y, classes=["red"])
    with pytest.raises(ValueError, match=r"not seen in fit.*'blue'"):
        model.partial_fit(X[:1], ["blue"])


@pytest.mark.parametrize("cls", [LDASampler, QDASampler])
def test_automatic_shrinkage_needs_all_rows_and_says_so(cls, wine):
    model = cls(shrinkage="auto")
    assert not hasattr(model, "partial_fit")
    with pytest.raises(ValueError, match=r"shrinkage='auto'.*fourth moments"):
        model.partial_fit(*wine, classes=["red", "rose", "white"])


def test_a_later_chunk_widens_the_range_of_integers():
    rng = np.random.default_rng(0)
    early = pd.DataFrame({"n": rng.integers(0, 9, 50)})
    late = pd.DataFrame({"n": rng.integers(0, 99, 50)})
    y = np.arange(50) % 2
    model = GaussianNBSampler(random_state=0).partial_fit(early, y, classes=[0, 1])
    assert model.sample(500)[0]["n"].max() == early["n"].max()
    model.partial_fit(late, y)
    drawn = model.sample(500)[0]["n"]
    assert early["n"].max() < drawn.max() <= late["n"].max()
    assert drawn.dtype == early["n"].dtype


def test_wrong_priors_are_refused_before_any_row_is_counted(wine):
    X, y = wine
    model = GaussianNBSampler(priors=[0.5, 0.5])
    with pytest.raises(ValueError, match="one probability per class"):
        model.partial_fit(X, y, classes=np.unique(y))
    model.set_params(priors=None).partial_fit(X, y, classes=np.unique(y))
    assert model.statistics_.weight.sum() == len(y)
