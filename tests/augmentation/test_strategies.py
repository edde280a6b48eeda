"""enlarge and balance, in our samplers and in imbalanced-learn's."""

import pickle

import numpy as np
import pytest
from imblearn.over_sampling import RandomOverSampler
from sklearn.base import clone

from skgendisc.augmentation import balance, enlarge
from skgendisc.joint import GaussianNBSampler

Y = np.repeat(["a", "b", "c"], [50, 20, 7])


@pytest.mark.parametrize(
    ("strategy", "wanted"),
    [
        (enlarge(1), {"a": 50, "b": 20, "c": 7}),
        (enlarge(2), {"a": 100, "b": 40, "c": 14}),
        (enlarge(1.5), {"a": 75, "b": 30, "c": 10}),
        (balance(), {"a": 50, "b": 50, "c": 50}),
        (balance(0.3), {"a": 50, "b": 20, "c": 15}),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "sampler", [GaussianNBSampler(), RandomOverSampler()], ids=repr
)
def test_strategy_gives_the_wanted_rows(strategy, wanted, sampler):
    X = np.random.default_rng(0).standard_normal((len(Y), 2))
    sampler = clone(sampler).set_params(sampling_strategy=strategy)
    _, y_res = sampler.fit_resample(X, Y)
    labels, counts = np.unique(y_res, return_counts=True)
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("strategy", [enlarge(2), balance(0.5)], ids=repr)
def test_strategy_survives_pickle_and_clone(strategy):
    assert pickle.loads(pickle.dumps(strategy)) == strategy
    sampler = clone(GaussianNBSampler(sampling_strategy=strategy))
    assert sampler.sampling_strategy == strategy


@pytest.mark.parametrize("factor", [0.5, -1, "2", True, np.inf, np.nan, None])
def test_enlarge_quotes_a_wrong_factor(factor):
    with pytest.raises(ValueError, match="at least 1, got"):
        enlarge(factor)


@pytest.mark.parametrize("ratio", [0, 1.5, -1, "1", True, np.nan, None])
def test_balance_quotes_a_wrong_ratio(ratio):
    with pytest.raises(ValueError, match=r"in \(0, 1\], got"):
        balance(ratio)
