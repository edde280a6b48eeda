"""What synthetic rows give away."""

import numpy as np
import pytest

from skgendisc.metrics import (
    distance_to_closest_record,
    exact_copies,
    membership_inference,
    nearest_neighbour_distance_ratio,
)


@pytest.fixture
def tables(mixed):
    """Training rows, held-out rows, and fresh ones that no sampler made of either."""
    return [mixed(1000, seed)[0] for seed in range(3)]


def test_copies_are_found_by_all(tables):
    train, held_out, _ = tables
    closest = distance_to_closest_record(train, train, held_out, random_state=0)
    assert closest.share == 1.0
    assert closest.median == 0.0 < closest.median_held_out
    ratio = nearest_neighbour_distance_ratio(train, train, held_out, random_state=0)
    assert ratio.median == 0.0 < ratio.median_held_out
    copies = exact_copies(train, train, held_out)
    assert (copies.share, copies.share_held_out) == (1.0, 0.0)
    for attack in membership_inference(
        train, train, held_out, random_state=0
    ).attacks.values():
        assert attack.auc == 1.0
        assert attack.tpr == 1.0


def test_fresh_rows_are_cleared_by_all(tables):
    train, held_out, fresh = tables
    closest = distance_to_closest_record(train, fresh, held_out, random_state=0)
    assert closest.share_interval[0] < 0.5 < closest.share_interval[1]
    assert closest.median == pytest.approx(closest.median_held_out, rel=0.1)
    ratio = nearest_neighbour_distance_ratio(train, fresh, held_out, random_state=0)
    assert ratio.median == pytest.approx(ratio.median_held_out, abs=0.03)
    assert exact_copies(train, fresh).n_copies == 0


def test_attacks_on_a_disjoint_half_are_at_chance():
    inside = 0
    areas = []
    for seed in range(100):
        train, held_out, fresh = np.random.default_rng(seed).normal(size=(3, 400, 3))
        result = membership_inference(train, fresh, held_out, random_state=seed)
        low, high = result.attacks["density_ratio"].auc_interval
        inside += low <= 0.5 <= high
        areas.append(result.auc)
    assert inside >= 88
    assert np.mean(areas) == pytest.approx(0.5, abs=0.02)


def test_attacks_find_a_sampler_that_learned_rows_by_heart():
    rng = np.random.default_rng(0)
    train, held_out = rng.normal(size=(2, 1000, 5))
    near = train + 0.3 * rng.normal(size=train.shape)
    result = membership_inference(train, near, held_out, random_state=0)
    assert result.attacks["density_ratio"].auc_interval[0] > 0.6
    assert result.attacks["density_ratio"].tpr_interval[0] > 0.02


def test_an_attacker_may_bring_rows_of_his_own(tables):
    train, held_out, fresh = tables
    result = membership_inference(train, train, held_out, fresh, random_state=0)
    assert (result.n_reference, result.n_strangers) == (1000, 1000)
    assert result.auc == 1.0


def test_the_share_is_fair_to_tables_of_other_sizes():
    rng = np.random.default_rng(0)
    train, fresh = rng.normal(size=(2, 2000, 3))
    held_out = rng.normal(size=(500, 3))
    result = distance_to_closest_record(train, fresh, held_out, random_state=0)
    assert result.share == pytest.approx(0.5, abs=0.04)


def test_rows_as_near_to_both_count_half():
    X = np.array([[0.0], [1.0]])
    assert distance_to_closest_record(X, X, X, random_state=0).share == 0.5


def test_a_few_copies_are_found_by_those_who_look_at_the_nearest(tables):
    train, held_out, fresh = tables
    fresh.iloc[:60] = train.iloc[:60]
    assert exact_copies(train, fresh, held_out).n_copies == 60
    closest = distance_to_closest_record(train, fresh, held_out, random_state=0)
    assert closest.low == 0.0 < closest.low_held_out
    assert (
        membership_inference(train, fresh, held_out, random_state=0)
        .attacks["density_ratio"]
        .tpr_interval[0]
        > 0.02
    )


def test_without_held_out_rows_there_is_no_share(tables):
    train, _, fresh = tables
    result = distance_to_closest_record(train, fresh, random_state=0)
    assert np.isnan(result.share)
    assert np.isnan(result.median_held_out)
    assert result.median > 0


def test_a_row_that_equals_two_training_rows_points_to_none():
    train = np.array([[0.0], [0.0], [1.0], [2.0]])
    result = nearest_neighbour_distance_ratio(train, [[0.0]])
    assert result.median == 1.0
    assert nearest_neighbour_distance_ratio(train, [[1.0]]).median == 0.0


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="X_train has 1 row"):
        nearest_neighbour_distance_ratio([[0.0]], [[0.0]])
    with pytest.raises(ValueError, match="X_held_out has 1 row"):
        membership_inference([[0.0], [1.0]], [[0.0]], [[0.0]])
