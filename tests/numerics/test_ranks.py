"""Areas under ROC curves, shares, and their intervals."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from skgendisc.numerics import (
    binomial_interval,
    roc_auc,
    roc_auc_error_at_chance,
    roc_auc_interval,
)


@pytest.mark.parametrize("ties", [False, True])
def test_area_is_that_of_scikit_learn(ties):
    rng = np.random.default_rng(0)
    positive, negative = rng.normal(0.5, size=80), rng.normal(size=50)
    if ties:
        positive, negative = np.rint(positive), np.rint(negative)
    truth = np.repeat([1, 0], [80, 50])
    expected = roc_auc_score(truth, np.concatenate([positive, negative]))
    assert roc_auc(positive, negative) == pytest.approx(expected)


def test_error_at_chance_is_that_of_samples():
    rng = np.random.default_rng(0)
    areas = [roc_auc(rng.normal(size=30), rng.normal(size=50)) for _ in range(3000)]
    assert np.std(areas) == pytest.approx(roc_auc_error_at_chance(30, 50), rel=0.05)


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.5])
def test_interval_of_an_area_holds_the_true_one_as_often_as_it_says(shift):
    from scipy.stats import norm

    rng = np.random.default_rng(0)
    truth, held = norm.cdf(shift / np.sqrt(2)), 0
    for _ in range(500):
        area = roc_auc(rng.normal(shift, size=40), rng.normal(size=60))
        low, high = roc_auc_interval(area, 40, 60)
        held += low <= truth <= high
    assert 0.92 <= held / 500 <= 0.99


@pytest.mark.parametrize("area", [0.0, 1.0])
def test_a_perfect_area_has_an_interval_with_a_width(area):
    low, high = roc_auc_interval(area, 50, 50)
    assert 0.0 <= low <= area <= high <= 1.0
    assert high - low > 0.01


@pytest.mark.parametrize("n_successes", [0, 1, 17, 40])
def test_interval_of_a_share_is_the_exact_one(n_successes):
    expected = binomtest(n_successes, 40).proportion_ci(0.95, method="exact")
    low, high = binomial_interval(n_successes, 40)
    assert (low, high) == pytest.approx((expected.low, expected.high))
