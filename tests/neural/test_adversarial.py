"""Formulas of adversarial training, against values that are known."""

import numpy as np
import pytest
import torch
from scipy.special import ndtri

from skgendisc.neural import MinibatchDiscrimination, RowDiscriminator, RowLayout
from skgendisc.neural._adversarial import (
    discriminator_loss,
    generator_loss,
    one_centred_penalty,
    score_and_squared_gradient,
    scores_and_squared_gradients,
    zero_centred_penalty,
)


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def test_equal_rows_are_as_near_to_each_other_as_rows_can_be():
    nearness = MinibatchDiscrimination(3, 4, 5)(torch.ones(7, 3))
    torch.testing.assert_close(nearness, torch.full((7, 4), 7.0))


def test_far_rows_are_near_to_themselves_alone():
    far = torch.arange(6.0)[:, None] * 1e4 * torch.ones(3)
    nearness = MinibatchDiscrimination(3, 4, 5)(far)
    torch.testing.assert_close(nearness, torch.ones(6, 4))


def test_minibatch_discrimination_follows_the_order_of_the_rows():
    layer, rows = MinibatchDiscrimination(3, 4, 5), torch.randn(6, 3)
    order = torch.randperm(6)
    torch.testing.assert_close(layer(rows[order]), layer(rows)[order])


def test_minibatch_discrimination_is_salimans_formula():
    layer, rows = MinibatchDiscrimination(2, 3, 4), torch.randn(5, 2)
    mapped = torch.einsum("na,abc->nbc", rows, layer.kernels)
    expected = torch.zeros(5, 3)
    for i in range(5):
        for j in range(5):
            expected[i] += torch.exp(-(mapped[i] - mapped[j]).abs().sum(dim=1))
    torch.testing.assert_close(layer(rows), expected)


LAYOUT = RowLayout([3, 0, 5, 0, 3], [np.linspace(0, 1, 3), None, None, None, None])


def some_rows(n_rows):
    codes = torch.stack([torch.randint(k, (n_rows,)) for k in (3, 5, 3)], dim=1)
    numbers = torch.randn(n_rows, 2)
    parts = [codes[:, :1], numbers[:, :1], codes[:, 1:2], numbers[:, 1:], codes[:, 2:]]
    return torch.cat([part.float() for part in parts], dim=1)


def see_one_hot(discriminator, one_hot):
    """What its first layer makes of rows of levels zero and one, by one product."""
    parts = one_hot.tensor_split(discriminator.pack)
    maps = (embedding.weight() for embedding in discriminator.embeddings)
    return sum(part @ weight for part, weight in zip(parts, maps, strict=True))


@pytest.mark.parametrize("pack", [1, 2])
@pytest.mark.parametrize("hidden_units", [(8,), (8, 6), (8, 6, 7)])
def test_closed_form_gradient_is_that_of_autograd(pack, hidden_units):
    discriminator = RowDiscriminator(LAYOUT, 2, hidden_units, pack=pack).double()
    rows, y = some_rows(12).double(), torch.randint(2, (12,))
    written = LAYOUT.one_hot(rows).requires_grad_()
    scores = discriminator(see_one_hot(discriminator, written), y)
    (gradient,) = torch.autograd.grad(scores.sum(), written)
    # A score's gradient is with respect to all rows of its pack.
    of_packs = gradient.square().sum(dim=1).reshape(pack, -1).sum(dim=0)
    again, squared = discriminator.score_and_squared_gradient(
        discriminator.see(rows), y
    )
    torch.testing.assert_close(again, scores)
    torch.testing.assert_close(squared, of_packs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("pack", [1, 3])
@pytest.mark.parametrize("minibatch_discrimination", [None, (3, 2)])
def test_real_and_drawn_rows_are_scored_as_each_by_themselves(
    pack, minibatch_discrimination
):
    discriminator = RowDiscriminator(
        LAYOUT, 2, (8,), pack, minibatch_discrimination
    ).double()
    rows, y = some_rows(24).double(), torch.randint(2, (12,))
    real, drawn = map(discriminator.see, rows.chunk(2))
    both = scores_and_squared_gradients(discriminator, real, drawn, y)
    for seen, told in zip((real, drawn), both, strict=True):
        alone = score_and_squared_gradient(discriminator, seen, y)
        torch.testing.assert_close(told, alone)


def test_closed_form_and_double_backward_give_the_same_penalty_gradient():
    discriminator = RowDiscriminator(LAYOUT, 2, (8, 6)).double()
    rows, y = some_rows(12).double(), torch.randint(2, (12,))
    _, squared = discriminator.score_and_squared_gradient(discriminator.see(rows), y)
    weight = discriminator.hidden[0].weight
    (closed,) = torch.autograd.grad(squared.mean(), weight)

    def score(written, y):
        return discriminator(see_one_hot(discriminator, written), y)

    _, squared = score_and_squared_gradient(score, LAYOUT.one_hot(rows), y)
    (double,) = torch.autograd.grad(squared.mean(), weight)
    torch.testing.assert_close(closed, double, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("pack", [1, 2])
def test_gradients_follow_softened_levels_and_scores_the_chosen_ones(pack):
    discriminator = RowDiscriminator(LAYOUT, 2, (8, 6), pack=pack).double()
    rows, y = some_rows(12).double(), torch.randint(2, (12,))
    soft = torch.rand(12, LAYOUT.n_outputs).double().requires_grad_()
    seen = discriminator.see(rows, soft)
    torch.testing.assert_close(seen, discriminator.see(rows))
    (gradient,) = torch.autograd.grad(discriminator(seen, y).sum(), soft)
    chosen = LAYOUT.one_hot(rows).requires_grad_()
    scores = discriminator(see_one_hot(discriminator, chosen), y)
    torch.testing.assert_close(gradient, *torch.autograd.grad(scores.sum(), chosen))


def test_a_pack_is_judged_as_one_row_of_all_its_columns():
    packed = RowDiscriminator(RowLayout([0, 0]), 1, (4,), pack=3)
    rows, y = torch.randn(6, 2), torch.zeros(6, dtype=torch.long)
    side_by_side = torch.cat(rows.tensor_split(3), dim=1)
    weight = torch.cat([see.weight() for see in packed.embeddings])
    torch.testing.assert_close(packed.see(rows), side_by_side @ weight)
    assert packed(packed.see(rows), y).shape == (2,)


@pytest.mark.parametrize("minibatch_discrimination", [None, (3, 2)])
def test_all_weights_of_the_discriminator_learn(minibatch_discrimination):
    discriminator = RowDiscriminator(LAYOUT, 2, (8, 6), 1, minibatch_discrimination)
    y = torch.tensor([0, 1] * 6)
    real, drawn = map(discriminator.see, some_rows(24).chunk(2))
    both = scores_and_squared_gradients(discriminator, real, drawn, y)
    (of_real, steep), (of_drawn, other) = both
    loss = discriminator_loss("relativistic", of_real, of_drawn)
    (loss + zero_centred_penalty(steep, other)).backward()
    for name, weight in discriminator.named_parameters():
        assert (weight.grad is not None and weight.grad.abs().sum() > 0) or (
            name == "out.bias"  # it moves real and drawn rows alike
        ), name


def test_minibatch_discrimination_turns_the_closed_form_off():
    discriminator = RowDiscriminator(LAYOUT, 2, (8,), minibatch_discrimination=(3, 2))
    rows, y = some_rows(6), torch.zeros(6, dtype=torch.long)
    seen = discriminator.see(rows)
    scores, squared = score_and_squared_gradient(discriminator, seen, y)
    torch.testing.assert_close(scores, discriminator(seen, y))
    assert squared.shape == (6,)


# Jensen-Shannon divergence of N(0, 1) and N(s, 1), in nats.
DIVERGENCES = {0.5: 0.03031, 1.0: 0.11142, 2.0: 0.33683, 3.0: 0.52678}


@pytest.mark.parametrize("shift", DIVERGENCES)
def test_best_discriminator_has_the_value_of_the_divergence(shift):
    points = ndtri((np.arange(200_000) + 0.5) / 200_000)
    # The best score is the log-odds, log p(x) / q(x).
    of_real, of_drawn = (
        torch.as_tensor(-shift * x + shift**2 / 2) for x in (points, points + shift)
    )
    loss = discriminator_loss("standard", of_real, of_drawn, smooth_label=1.0)
    value = 2 * DIVERGENCES[shift] - 2 * np.log(2)
    assert float(-loss) == pytest.approx(value, abs=2e-4)


def test_smoothed_labels_bound_what_the_discriminator_says():
    score = torch.tensor([np.log(9.0)], requires_grad=True)
    loss = discriminator_loss("standard", score, torch.tensor([-1e4]))
    loss.backward()
    assert score.grad.item() == pytest.approx(0.0, abs=1e-7)  # at odds of 0.9


def dirac_gan(loss, weight, n_steps=500, lr=0.2):
    """How far a generator of one point is from the truth, at most, in the end.

    Mescheder, Geiger & Nowozin (2018), section 2.
    """
    distances = []
    theta = torch.tensor(1.0, requires_grad=True)
    psi = torch.tensor(1.0, requires_grad=True)
    for _ in range(n_steps):
        real, drawn = (psi * torch.zeros(1)), psi * theta.reshape(1)
        play = discriminator_loss(loss, real, drawn, smooth_label=1.0)
        penalty = zero_centred_penalty(psi.square().reshape(1))
        (of_psi,) = torch.autograd.grad(play + weight * penalty, psi, retain_graph=True)
        game = generator_loss(loss, real, drawn)
        (of_theta,) = torch.autograd.grad(game, theta)
        with torch.no_grad():
            psi -= lr * of_psi
            theta -= lr * of_theta
        distances.append(abs(theta.item()))
    return max(distances[-100:])


@pytest.mark.parametrize("loss", ["relativistic", "standard"])
def test_two_players_of_a_point_meet_with_a_penalty_and_not_without(loss):
    assert dirac_gan(loss, weight=1.0) < 1e-6
    assert dirac_gan(loss, weight=0.0) > 0.5


def test_penalty_between_rows_is_least_for_slopes_of_one():
    norms = torch.tensor([0.0, 1.0, 4.0])
    torch.testing.assert_close(one_centred_penalty(norms), torch.tensor(2.0 / 3))
