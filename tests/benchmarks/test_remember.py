"""What a study remembers is what would be worked out."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neighbors import KNeighborsClassifier

from skgendisc.trees import TreeSampler


@pytest.fixture(scope="module")
def remember(load_script):
    return load_script("studies/_remember.py")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def table(rng):
    X = rng.normal(size=(800, 3))
    return X, (X.sum(axis=1) + rng.normal(size=800) > 0).astype(int)


def test_draws_are_those_of_the_sampler(remember, table, rng):
    sampler, state = TreeSampler(random_state=0), rng.bit_generator.state
    expected, _ = sampler.fit(*table).sample(50, random_state=rng)
    with remember.remembered(TreeSampler):
        for _ in range(2):
            rng.bit_generator.state = state
            drawn, _ = sampler.fit(*table).sample(50, random_state=rng)
            assert_array_equal(drawn, expected)


def test_what_is_taken_over_is_told_as_if_it_were_worked_out(remember, table):
    with remember.remembered(TreeSampler) as memory:
        seconds = []
        for _ in range(2):
            start = memory.now()
            TreeSampler(random_state=0).fit(*table)
            seconds.append(memory.now() - start)
    assert memory.seconds > 0
    assert seconds[1] > 0.5 * seconds[0]


def test_other_classes_are_left_alone(remember, table):
    with remember.remembered(TreeSampler) as memory:
        for _ in range(2):
            KNeighborsClassifier().fit(*table)
    assert memory.seconds == 0


@pytest.mark.parametrize("with_ties", [False, True])
@pytest.mark.parametrize("with_gaps", [False, True])
def test_boosting_is_the_same(remember, table, rng, with_ties, with_gaps):
    X, y = table
    weight = rng.random(len(y))
    if with_ties:
        X, weight = X.round(2), np.ceil(weight * 3) / 2
    if with_gaps:
        X[rng.random(X.shape) < 0.1] = np.nan
    model = HistGradientBoostingClassifier(max_iter=5)
    expected = model.fit(X, y, weight).predict_proba(X)
    with remember.remembered() as memory:
        found = model.fit(X, y, weight).predict_proba(X)
    assert memory.seconds > 0
    assert_array_equal(found, expected)
