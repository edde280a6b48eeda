"""Rows of tables as networks take them, and what networks write of rows."""

import numpy as np
import pytest
import torch
from torch.distributions import Categorical, Normal
from torch.utils.data import Subset

from skgendisc.neural import LevelWeight, RowEmbedding, RowLayout, RowLikelihood
from skgendisc.neural._row_coder import MOST_CATEGORIES, MOST_CELLS, RowCoder
from skgendisc.neural._rows import RowBatches, RowDataset
from skgendisc.neural._telling import Telling


@pytest.fixture
def table():
    """A number, a category, an exponential with gaps, and one that is often zero."""
    rng = np.random.default_rng(0)
    wait = rng.exponential(size=3000)
    return np.column_stack(
        [
            rng.normal(size=3000),
            rng.integers(5, size=3000),
            np.where(rng.random(3000) < 0.2, np.nan, wait),
            np.where(rng.random(3000) < 0.5, 0.0, wait),
        ]
    )


IS_DISCRETE = np.array([False, True, False, False])


@pytest.mark.parametrize("numbers", ["cells", "normal"])
def test_rows_come_back_as_the_table(table, numbers):
    coder = RowCoder.of(table, IS_DISCRETE, numbers=numbers)
    rows = coder.encode(table)
    back = coder.decode(rows, np.random.default_rng(0))
    np.testing.assert_array_equal(coder.encode(back)[:, 1], rows[:, 1])
    np.testing.assert_array_equal(back[:, 1], table[:, 1])
    np.testing.assert_array_equal(np.isnan(back), np.isnan(table))
    if numbers == "normal":
        np.testing.assert_allclose(back, table, atol=1e-5)
    else:
        np.testing.assert_array_equal(coder.encode(back), rows)
        np.testing.assert_array_equal(back[:, 3] == 0, table[:, 3] == 0)
        spread = np.nanquantile(back, [0.05, 0.5, 0.95], axis=0)
        expected = np.nanquantile(table, [0.05, 0.5, 0.95], axis=0)
        np.testing.assert_allclose(spread, expected, atol=0.1)


def test_levels_are_few_and_bounded(table):
    coder = RowCoder.of(table, IS_DISCRETE)
    assert max(coder.n_levels) <= MOST_CELLS + 2  # and a gap, and a spike
    many = np.arange(5000.0)[:, None] % 2000
    coder = RowCoder.of(many, np.array([True]))
    assert coder.n_levels == (MOST_CATEGORIES,)
    back = coder.decode(coder.encode(many), np.random.default_rng(0))
    assert set(back[:, 0]) <= set(many[:, 0])
    assert len(set(back[:, 0])) > 1500  # the rare are drawn as well


def test_no_level_reaches_across_a_void():
    rng = np.random.default_rng(0)
    centres = np.array([-1.0, -0.7, 0.0, 0.7, 1.0])
    X = (rng.choice(centres, 20_000) + 0.01 * rng.normal(size=20_000))[:, None]
    coder = RowCoder.of(X, np.array([False]))
    back = coder.decode(coder.encode(X), rng)
    nearest = np.abs(X - centres).argmin(axis=1)
    assert (np.abs(back - centres).argmin(axis=1) == nearest).mean() > 0.999
    assert (np.abs(back - centres).min(axis=1) < 0.03).mean() > 0.99


def test_unknown_values_are_told(table):
    coder = RowCoder.of(table, IS_DISCRETE)
    new = table[:3].copy()
    new[0, 1], new[1, 0] = 99.0, np.nan
    assert coder.has_unknown(coder.encode(new)) == [True, True, False, False]
    log_density, counts = coder.log_density(new)
    assert np.isfinite(log_density).all()
    assert not counts[0, 1]
    assert not counts[1, 0]
    assert counts[2].all()


def test_huge_and_constant_columns_make_finite_rows():
    X = np.column_stack([np.full(50, 1e300), np.linspace(-1e300, 1e300, 50)])
    for numbers in ("cells", "normal"):
        rows = RowCoder.of(X, np.zeros(2, bool), numbers=numbers).encode(X)
        assert np.isfinite(rows).all()


LAYOUT = RowLayout([3, 0, 2, 3], [np.linspace(0, 1, 3), None, None, None])


def some_rows(n_rows, rng):
    codes = [rng.integers(k, size=n_rows) for k in (3, 2, 3)]
    rows = np.column_stack([codes[0], rng.normal(size=n_rows), codes[1], codes[2]])
    return torch.as_tensor(rows, dtype=torch.float32)


def test_likelihood_is_that_of_torch():
    rows = some_rows(6, np.random.default_rng(0))
    outputs = torch.randn(6, LAYOUT.n_outputs)
    likelihood = RowLikelihood(LAYOUT)
    with torch.no_grad():
        likelihood.log_scale.fill_(-0.5)
    # Outputs of columns with equally many levels stand together: 0, 2, 3 and 3.
    number, pair, first, last = outputs.split([1, 2, 3, 3], dim=1)
    expected = Normal(number[:, 0], np.exp(-0.5)).log_prob(rows[:, 1])
    for logits, column in ((first, 0), (pair, 2), (last, 3)):
        expected = expected + Categorical(logits=logits).log_prob(rows[:, column])
    torch.testing.assert_close(likelihood(outputs, rows), expected)
    counts = torch.tensor([[True, False, True, True]]).expand(6, -1)
    without = expected - Normal(number[:, 0], np.exp(-0.5)).log_prob(rows[:, 1])
    torch.testing.assert_close(likelihood(outputs, rows, counts), without)


def test_rows_are_drawn_with_the_probabilities_of_their_logits():
    outputs = torch.randn(1, LAYOUT.n_outputs).expand(50_000, -1)
    rng = torch.Generator().manual_seed(0)
    likelihood = RowLikelihood(LAYOUT)
    chosen, written = LAYOUT.choose(outputs, rng)
    for rows in (likelihood.draw(outputs, rng), chosen):
        share = torch.bincount(rows[:, 3].long(), minlength=3) / len(rows)
        expected = outputs[0, -3:].softmax(dim=0)
        torch.testing.assert_close(share, expected, atol=0.01, rtol=0)
    drawn = likelihood.draw(outputs, rng)[:, 1].detach()
    assert float(drawn.std()) == pytest.approx(1.0, abs=0.02)  # not the mean itself
    torch.testing.assert_close(written[:, 3:6].sum(dim=1), torch.ones(50_000))
    torch.testing.assert_close(written[:, :1], outputs[:, :1])


def test_embedding_is_linear_in_what_networks_write():
    rows = some_rows(6, np.random.default_rng(0))
    embedding = RowEmbedding(LAYOUT, 4)
    expected = LAYOUT.one_hot(rows) @ embedding.weight()
    torch.testing.assert_close(embedding(rows), expected)


def test_levels_with_positions_share_waves():
    weight = LevelWeight(LAYOUT, 4)
    with torch.no_grad():
        weight.own.zero_()
        smooth = weight().numpy()
    # The first column's levels have positions, and come after a number and a pair.
    cosines = np.cos(np.pi * np.outer([0, 0.5, 1], np.arange(1, 9)))
    expected = cosines @ weight.shared[0].detach().numpy()
    np.testing.assert_allclose(smooth[3:6], expected, atol=1e-6)
    assert not np.delete(smooth, [3, 4, 5], axis=0).any()


def test_a_thousand_columns_take_little_memory():
    n_levels, position = [20] * 1500, np.linspace(0, 1, 20)
    weight = LevelWeight(RowLayout(n_levels, [position] * 1500), 4)
    numbers = sum(tensor.numel() for tensor in weight.state_dict().values())
    assert numbers < 30 * weight.own.numel()


def test_log_shares_are_those_of_the_rows():
    rows = np.array([[0, 0.3, 1, 2], [0, 0.5, 1, 2], [1, 0.1, 0, 2]])
    share = LAYOUT.log_shares(rows).exp().numpy()
    np.testing.assert_allclose(share[1:3], [1.5 / 4, 2.5 / 4], rtol=1e-6)
    np.testing.assert_allclose(share[3:6], [2.5 / 4.5, 1.5 / 4.5, 0.5 / 4.5], rtol=1e-6)


def batches(n_rows, **settings):
    dataset = RowDataset(np.arange(n_rows)[:, None], np.arange(n_rows) % 10 == 0)
    made = RowBatches(dataset, shuffle=True, **settings)
    made.rng = torch.Generator().manual_seed(0)
    return [rows[:, 0].long().tolist() for rows, _ in made]


@pytest.mark.parametrize("n_rows", [1, 7, 99, 501, 1249])
def test_a_pass_takes_each_row_once_in_batches_alike(n_rows):
    taken = batches(n_rows, batch_size=500)
    assert sorted(np.concatenate(taken)) == list(range(n_rows))
    sizes = [len(rows) for rows in taken]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("n_rows", [1, 5, 97, 1249])
def test_batches_hold_whole_packs_however_few_the_rows(n_rows):
    sizes = [len(rows) for rows in batches(n_rows, batch_size=500, multiple_of=8)]
    assert all(size % 8 == 0 and size for size in sizes), sizes


def test_balanced_passes_see_rare_classes_more_often():
    taken = np.concatenate(batches(10_000, batch_size=500, class_balance=1.0))
    assert np.mean(taken % 10 == 0) == pytest.approx(0.5, abs=0.03)
    taken = np.concatenate(batches(10_000, batch_size=500, class_balance=0.5))
    assert np.mean(taken % 10 == 0) == pytest.approx(1 / (1 + 3), abs=0.03)


def test_a_part_of_a_dataset_makes_batches_of_its_rows():
    dataset = RowDataset(np.arange(10)[:, None], np.zeros(10))
    (rows, y), *_ = RowBatches(Subset(dataset, [2, 5]))
    assert rows[:, 0].tolist() == [2, 5]
    assert len(y) == 2


def told_of(n_rows, **settings):
    """Rows of a pass, their classes, and what is told of them.

    A quarter is of class 1; of these 4 % have the last level of the last column, which
    no others have.
    """
    number = np.arange(n_rows)
    y, level = number % 4 == 0, np.where(number % 100 == 0, 2, number // 4 % 2)
    rows = np.column_stack([number % 3, np.zeros(n_rows), y, level])
    telling = Telling(LAYOUT, 0.5)
    made = RowBatches(RowDataset(rows, y), 500, telling=telling, **settings)
    made.rng = torch.Generator().manual_seed(0)
    rows, told = (np.concatenate(parts) for parts in zip(*made, strict=True))
    return rows, *np.divmod(told, LAYOUT.n_outputs)


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_is_told_of_a_row_is_true(shuffle):
    rows, y, place = told_of(12_000, shuffle=shuffle)
    # The first column is a line, the second a number: of these nothing is told.
    assert set(place) <= {1, 2, 6, 7, 8}
    level = np.where(place < 3, rows[:, 2] + 1, rows[:, 3] + 6)
    np.testing.assert_array_equal(level, place)
    np.testing.assert_array_equal(y, rows[:, 2])


def test_rare_categories_are_seen_more_often_and_classes_as_they_are():
    rows, y, place = told_of(40_000, shuffle=True, class_balance=0.5)
    share = 1 / (1 + np.sqrt(3))
    assert y.mean() == pytest.approx(share, abs=0.02)
    told = (place > 5) & (y == 1)
    assert told.mean() == pytest.approx(share / 2, abs=0.02)
    expected = np.sqrt(0.04) / (np.sqrt(0.04) + 2 * np.sqrt(0.48))
    assert np.mean(rows[told, 3] == 2) == pytest.approx(expected, abs=0.02)


def test_drawn_rows_are_told_what_real_ones_have():
    rows, y, _ = told_of(12_000)
    telling = Telling(LAYOUT, 0.5)
    shares = telling.shares(rows, y, 3, None)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(2 * shares[1, 6:], [0.48, 0.48, 0.04], atol=0.005)
    np.testing.assert_allclose(shares[2, 1:3], [0.375, 0.125])  # as in all rows
    rng = np.random.default_rng(0)
    y, place = np.divmod(telling.draw(np.ones(50_000, int), shares, rng), 9)
    assert (y == 1).all()
    np.testing.assert_allclose(np.bincount(place) / 50_000, shares[1], atol=0.01)


def test_generators_draw_what_they_are_told():
    outputs = torch.randn(1000, LAYOUT.n_outputs, requires_grad=True)
    telling, rng = Telling(LAYOUT, 0.5), torch.Generator().manual_seed(0)
    y = 2 * LAYOUT.n_outputs + torch.full((1000,), 8)
    rows, written = LAYOUT.choose(telling.obey(outputs, y), rng)
    assert (rows[:, 3] == 2).all()
    (gradient,) = torch.autograd.grad(written.square().sum(), outputs)
    assert gradient[:, 6:].abs().max() < 1e-6 < gradient[:, 3:6].abs().max()
