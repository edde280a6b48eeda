"""Scorers that choose a sampler's parameters."""

import pickle

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score

from skgendisc.joint import GaussianCopulaSampler, LDASampler
from skgendisc.metrics import (
    classifier_two_sample_test,
    energy_distance,
    make_sampler_scorer,
    wasserstein_distances,
)
from skgendisc.trees import TreeSampler


def test_a_search_turns_from_leaves_that_are_too_large():
    rng = np.random.default_rng(0)
    X = rng.uniform(-3, 3, size=(600, 1))
    X = np.hstack([X, np.sin(2 * X) + 0.1 * rng.normal(size=(600, 1))])
    scorer = make_sampler_scorer(classifier_two_sample_test, greater_is_better=False)
    search = GridSearchCV(
        TreeSampler(random_state=0),
        {"min_samples_leaf": [5, 300]},
        scoring=scorer,
        cv=2,
    )
    assert search.fit(X).best_params_ == {"min_samples_leaf": 5}


def test_scores_are_the_metric_of_held_out_rows_with_labels():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 2)), np.tile(["a", "b"], 100)
    sampler = LDASampler(random_state=0).fit(X, y)
    seen = {}

    def metric(X_real, X_synthetic, y_real=None, y_synthetic=None, *, random_state):
        seen.update(X=X_real, new=X_synthetic, y=y_real, z=y_synthetic)
        return 2.5

    assert make_sampler_scorer(metric, greater_is_better=False)(sampler, X, y) == -2.5
    assert seen["X"] is X
    assert seen["new"].shape == X.shape
    assert seen["y"] is seen["z"] is y


@pytest.mark.parametrize("y", [None, np.tile([0, 1], 150)])
def test_scores_repeat_themselves_and_can_be_pickled(y, mixed):
    table, _, _ = mixed(300)
    sampler = GaussianCopulaSampler(random_state=0).fit(table, y)
    scorer = make_sampler_scorer(energy_distance, n_draws=2)
    score = scorer(sampler, table, y)
    assert scorer(sampler, table, y) == score
    assert pickle.loads(pickle.dumps(scorer))(sampler, table, y) == score
    assert make_sampler_scorer(energy_distance, random_state=1)(sampler, table) != score


def test_a_sampler_without_labels_is_judged_without():
    X = np.random.default_rng(0).normal(size=(90, 2))
    scorer = make_sampler_scorer(wasserstein_distances, greater_is_better=False)
    scores = cross_val_score(GaussianCopulaSampler(), X, scoring=scorer, cv=3)
    assert (scores < 0).all()


def test_parameters_reach_the_metric():
    X = np.random.default_rng(0).normal(size=(60, 2))
    sampler = GaussianCopulaSampler(random_state=0).fit(X)
    scores = {
        make_sampler_scorer(energy_distance, max_rows=n)(sampler, X) for n in (20, 60)
    }
    assert len(scores) == 2


def test_what_makes_no_scorer_is_refused():
    with pytest.raises(TypeError, match="metric must be a function"):
        make_sampler_scorer("energy")
    with pytest.raises(ValueError, match="n_draws must be an int of at least 1, got 0"):
        make_sampler_scorer(energy_distance, n_draws=0)
    with pytest.raises(ValueError, match="random_state must be an int, got None"):
        make_sampler_scorer(energy_distance, random_state=None)


def test_the_scorer_says_what_it_is():
    scorer = make_sampler_scorer(energy_distance, greater_is_better=False)
    assert repr(scorer) == (
        "make_sampler_scorer(energy_distance, greater_is_better=False)"
    )
