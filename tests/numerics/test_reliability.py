import numpy as np
import pytest

from skgendisc.numerics import (
    bin_outcomes,
    calibration_error,
    draw_consistent,
    probability_edges,
)


def test_quantile_edges_part_rows_into_equal_bins_and_ties_into_fewer():
    probability = np.random.default_rng(0).beta(0.5, 2.0, size=1000)
    edges = probability_edges(probability, 10, by_quantiles=True)
    assert np.histogram(probability, edges)[0].tolist() == [100] * 10
    edges = probability_edges(np.array([0.2] * 90 + [0.8] * 10), 10, by_quantiles=True)
    assert edges[0] == 0.0
    assert edges[-1] == 1.0
    assert len(np.unique(edges)) == len(edges) < 11


def test_probabilities_of_zero_and_one_fall_into_the_outer_bins():
    probability = np.array([0.0, 0.0, 1.0])
    for by_quantiles in (True, False):
        edges = probability_edges(probability, 4, by_quantiles=by_quantiles)
        count, mean, frequency = bin_outcomes(
            probability, np.array([False, True, True]), edges
        )
        assert count.tolist() == [2, 1]
        assert mean.tolist() == [0.0, 1.0]
        assert frequency.tolist() == [0.5, 1.0]


def test_rows_on_an_edge_belong_above_and_empty_bins_are_left_out():
    probability = np.array([0.1, 0.5, 0.6])
    is_event = np.array([True, False, True])
    edges = np.array([0.0, 0.2, 0.4, 0.5, 1.0])
    count, mean, frequency = bin_outcomes(probability, is_event, edges)
    assert count.tolist() == [1, 2]
    np.testing.assert_allclose(mean, [0.1, 0.55])
    np.testing.assert_allclose(frequency, [1.0, 0.5])


def test_draws_are_distributed_as_rows_drawn_one_by_one():
    rng = np.random.default_rng(0)
    probability = rng.uniform(size=120) ** 2
    edges = np.array([0.0, 0.1, 0.4, 1.0])
    count, mean, _ = bin_outcomes(probability, np.zeros(120, bool), edges)
    counts, frequencies = draw_consistent(count, mean, 20_000, rng)
    slow = []
    for _ in range(20_000):
        rows = rng.choice(probability, size=120)
        events = rng.uniform(size=120) < rows
        slow.append(np.histogram(rows[events], edges)[0] / np.histogram(rows, edges)[0])
    assert (counts.sum(axis=1) == 120).all()
    np.testing.assert_allclose(frequencies.mean(axis=0), np.mean(slow, 0), atol=0.003)
    np.testing.assert_allclose(frequencies.std(axis=0), np.std(slow, 0), rtol=0.03)
    of_events, of_slow = (
        np.quantile(draws, [0.025, 0.975], axis=0) for draws in (frequencies, slow)
    )
    np.testing.assert_allclose(of_events, of_slow, atol=0.012)


def test_calibration_error_weighs_bins_by_their_rows():
    error = calibration_error(
        np.array([3, 1, 0]), np.array([0.5, 0.5, 0.5]), np.array([0.6, 0.1, np.nan])
    )
    assert error == pytest.approx((3 * 0.1 + 0.4) / 4)
