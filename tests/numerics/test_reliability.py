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


@pytest.mark.parametrize("n_rows", [12, 120])
def test_draws_are_distributed_as_events_drawn_one_by_one(n_rows):
    rng = np.random.default_rng(0)
    probability = rng.uniform(size=n_rows) ** 2
    edges = np.array([0.0, 0.1, 0.12, 0.12, 1.0])  # with an empty bin
    place = np.searchsorted(edges[1:-1], probability, side="right")
    frequencies = draw_consistent(probability, edges, 20_000, rng)
    events = rng.uniform(size=(20_000, n_rows)) < probability
    slow = np.column_stack([events[:, place == b].mean(1) for b in np.unique(place)])
    assert frequencies.shape == slow.shape
    np.testing.assert_allclose(frequencies.mean(axis=0), slow.mean(0), atol=0.006)
    np.testing.assert_allclose(frequencies.std(axis=0), slow.std(0), rtol=0.03)


def test_calibration_error_weighs_bins_by_their_rows():
    count, mean = np.array([3, 1]), np.array([0.5, 0.5])
    error = calibration_error(count, mean, np.array([[0.6, 0.1], [0.5, 0.5]]))
    np.testing.assert_allclose(error, [(3 * 0.1 + 0.4) / 4, 0.0])
