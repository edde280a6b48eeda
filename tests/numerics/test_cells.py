"""Cells of columns, rows counted in them, and trees cut back."""

import numpy as np
import pytest

from skgendisc.numerics import (
    Associations,
    CellCodes,
    CellCounts,
    coarse_codes,
    level_scores,
    prune,
    put_together,
    reciprocal_scores,
)


@pytest.fixture
def spiked():
    """Numbers with a spike at zero, and gaps."""
    rng = np.random.default_rng(0)
    values = rng.lognormal(size=2000)
    values[:900] = 0.0
    values[900:1000] = np.nan
    return rng.permutation(values)


def test_gaps_and_spikes_are_labels(spiked):
    cells = CellCodes.of(spiked)
    np.testing.assert_array_equal(cells.label, [0.0, np.nan])
    code = cells.encode(spiked)
    np.testing.assert_array_equal(code[spiked == 0], 0)
    np.testing.assert_array_equal(code[np.isnan(spiked)], 1)
    assert code[spiked > 0].min() == 2


def test_a_value_is_drawn_in_the_cell_of_its_code(spiked):
    cells = CellCodes.of(spiked)
    code = cells.encode(spiked)
    drawn = cells.decode(code, np.random.default_rng(0))
    np.testing.assert_array_equal(cells.encode(drawn), code)
    np.testing.assert_array_equal(np.isnan(drawn), np.isnan(spiked))


def test_positions_are_the_middles_of_ranks(spiked):
    cells = CellCodes.of(spiked)
    position = cells.position[cells.encode(spiked)]
    assert position[np.isnan(spiked)][0] == pytest.approx(100 / 2 / 2000)
    assert position[spiked == 0][0] == pytest.approx((100 + 900 / 2) / 2000)
    order = np.argsort(spiked[spiked > 0])
    assert (np.diff(position[spiked > 0][order]) >= 0).all()


def test_what_is_new_is_told_and_has_a_small_density(spiked):
    cells = CellCodes.of(spiked)
    code, log_density = cells.locate(np.array([-5.0, 1e6, 1.0]))
    np.testing.assert_array_equal(np.isnan(log_density), [True, True, False])
    assert code[1] == cells.n_codes - 1
    grid = np.linspace(cells.free.knot[-1], 60 * cells.free.knot[-1], 200_000)
    tail = np.exp(cells.log_novelty(grid)).sum() * (grid[1] - grid[0])
    assert tail == pytest.approx(0.5 / 2001, rel=0.01)


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
def test_probabilities_of_each_group_sum_to_one(spiked, smoothing):
    cells = CellCodes.of(spiked)
    group = np.arange(2000) % 40
    counts = CellCounts.of(group, cells.encode(spiked), cells, np.full(40, smoothing))
    every = np.arange(cells.n_codes)
    for g in (0, 17, 39):
        share = counts.probability(np.full(cells.n_codes, g), every)
        assert share.sum() == pytest.approx(1.0)
        assert (share >= 0).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
def test_cells_are_drawn_by_their_probabilities(spiked, smoothing):
    cells = CellCodes.of(spiked)
    group = np.arange(2000) % 100
    counts = CellCounts.of(group, cells.encode(spiked), cells, np.full(100, smoothing))
    drawn = counts.draw(np.full(100_000, 3), np.random.default_rng(0))
    every = np.arange(cells.n_codes)
    share = counts.probability(np.full(cells.n_codes, 3), every)
    frequency = np.bincount(drawn, minlength=cells.n_codes) / 100_000
    np.testing.assert_allclose(frequency, share, atol=0.005)


def test_smoothing_fills_what_lies_between_neighbours():
    values = np.linspace(0, 1, 1000)
    cells = CellCodes.of(values)
    code = cells.encode(np.array([0.2, 0.8]))
    between = cells.encode(np.array([0.5]))
    for smoothing, is_filled in ((0.0, False), (1.0, True)):
        group = np.zeros(2, dtype=int)
        counts = CellCounts.of(group, code, cells, np.full(1, smoothing))
        share = counts.probability(np.zeros(1, dtype=int), between)
        assert (share > 0).all() == is_filled


def test_an_unknown_code_has_no_probability(spiked):
    cells = CellCodes.of(spiked, discrete=True)
    group = np.arange(2000) % 3
    counts = CellCounts.of(group, cells.encode(spiked), cells, np.ones(3))
    share = counts.probability(np.arange(3), np.full(3, -1))
    np.testing.assert_array_equal(share, 0.0)


def test_each_group_has_its_own_smoothing(spiked):
    cells = CellCodes.of(spiked)
    code, group = cells.encode(spiked), np.arange(2000) % 2
    both = CellCounts.of(group, code, cells, np.array([0.0, 1.0]))
    for g in (0, 1):
        alone = CellCounts.of(group, code, cells, np.full(2, float(g)))
        every = np.arange(cells.n_codes)
        of_group = np.full(cells.n_codes, g)
        np.testing.assert_array_equal(
            both.probability(of_group, every), alone.probability(of_group, every)
        )


def test_many_rows_are_as_likely_as_each_alone(spiked):
    cells = CellCodes.of(spiked)
    code, group = cells.encode(spiked), np.arange(2000) % 7
    counts = CellCounts.of(group, code, cells, np.linspace(0, 1, 7))
    alone = [counts.probability(group[i : i + 1], code[i : i + 1]) for i in range(2000)]
    many = counts.probability(np.tile(group, 20), np.tile(code, 20))
    np.testing.assert_array_equal(many, np.tile(np.concatenate(alone), 20))


# A root, two children, and two children of the left one.
LEFT, RIGHT = np.array([1, 3, -1, -1, -1]), np.array([2, 4, -1, -1, -1])


def test_branches_that_do_not_pay_are_cut_off():
    gains = np.array([-100.0, -40.0, -30.0, -19.0, -20.0])
    kept = prune(LEFT, RIGHT, gains, np.ones(5, dtype=int))
    # The upper split gains 30 nats, the lower one 1, and a number costs three.
    np.testing.assert_array_equal(kept, [0, 1, 2, 1, 1])


def test_a_split_is_kept_for_what_is_below_it():
    gains = np.array([-100.0, -70.0, -30.0, -10.0, -20.0])
    kept = prune(LEFT, RIGHT, gains, np.ones(5, dtype=int))
    np.testing.assert_array_equal(kept, np.arange(5))


def test_small_branches_are_put_together():
    above = put_together(LEFT, RIGHT, np.array([100, 60, 40, 50, 10]), 30)
    np.testing.assert_array_equal(above, [0, 1, 2, 3, 1])


def test_associations_are_zero_of_the_independent_and_one_of_copies():
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 5, (2, 20_000))
    codes = np.column_stack([first, second, (first + 2) % 5])
    association = Associations(codes).of(0)
    np.testing.assert_allclose(association, [1, 0, 1], atol=0.002)


def test_coarse_codes_keep_order_and_frequent_levels():
    code = np.repeat(np.arange(20), 50)
    coarse = coarse_codes(code, np.linspace(0.01, 0.99, 20), 4)
    assert (np.diff(coarse) >= 0).all()
    np.testing.assert_array_equal(np.bincount(coarse), [250] * 4)
    levels = coarse_codes(np.repeat([0, 1, 2, 3], [5, 100, 7, 60]), None, 3)
    np.testing.assert_array_equal(np.bincount(levels), [100, 60, 12])


def test_scores_of_few_rows_are_drawn_to_the_mean():
    level, target = np.repeat([0, 1], [1, 99]), np.repeat([10.0, 0.0], [1, 99])
    scores = level_scores(level, target, 2, weight=9.0)
    assert scores[0] == pytest.approx((10 + 9 * 0.1) / 10)


def test_reciprocal_scores_find_the_order_behind_two_columns():
    rng = np.random.default_rng(0)
    hidden = rng.random(20_000)
    shuffle = rng.permutation(10)
    first = shuffle[(hidden * 10).astype(int)]
    second = np.clip((hidden + rng.normal(0, 0.05, 20_000)) * 6, 0, 5).astype(int)
    scores, _ = reciprocal_scores(first, second, 10, 6, weight=1.0)
    order = np.argsort(scores)
    assert order.tolist() in (shuffle.tolist(), shuffle[::-1].tolist())
