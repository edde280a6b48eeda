"""Choosing by weight, without replacement."""

import numpy as np
import pytest

from skgendisc.numerics import (
    effective_share,
    inclusion_probabilities,
    systematic_sample,
)


def test_probabilities_are_in_proportion_to_the_weights():
    probability = inclusion_probabilities(np.log([1.0, 2.0, 3.0, 2.0]), 2)
    np.testing.assert_allclose(probability, np.array([1, 2, 3, 2]) / 4)


def test_what_would_be_above_one_is_certain():
    probability = inclusion_probabilities(np.log([100.0, 1.0, 1.0, 2.0]), 3)
    np.testing.assert_allclose(probability, [1, 0.5, 0.5, 1])


@pytest.mark.parametrize("n_chosen", [0, 1, 17, 40])
def test_probabilities_sum_to_how_many_are_chosen(n_chosen):
    log_weight = np.random.default_rng(0).normal(0, 3, 40)
    probability = inclusion_probabilities(log_weight, n_chosen)
    assert probability.sum() == pytest.approx(n_chosen)
    assert ((probability >= 0) & (probability <= 1)).all()


def test_weights_that_vanish_are_chosen_from_when_nothing_else_is_left():
    probability = inclusion_probabilities(np.array([0.0, -1e4, -1e4]), 2)
    np.testing.assert_allclose(probability, [1, 0.5, 0.5])


def test_each_is_chosen_as_often_as_its_probability_says():
    rng = np.random.default_rng(0)
    probability = inclusion_probabilities(rng.normal(0, 1.5, 30), 7)
    count = np.zeros(30)
    for _ in range(20_000):
        chosen = systematic_sample(probability, rng)
        assert len(set(chosen)) == len(chosen) == 7
        count[chosen] += 1
    np.testing.assert_allclose(count / 20_000, probability, atol=0.015)


def test_the_effective_share_counts_equal_weights_whole():
    assert effective_share(np.zeros(50)) == pytest.approx(1.0)
    assert effective_share(np.array([0.0] + [-50.0] * 9)) == pytest.approx(0.1)
