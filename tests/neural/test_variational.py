"""Variational autoencoders, against probabilistic PCA, where all is known."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

from skgendisc.neural import VAENet, VAESampler
from skgendisc.neural._latent_prior import LatentPrior
from skgendisc.neural._variational import (
    importance_weighted_bound,
    kl_divergence,
    normal_log_prob,
    posterior_log_variance,
)

N_ROWS, N_COLUMNS = 4000, 5


def test_divergence_and_density_are_those_of_torch():
    mean, log_variance = torch.randn(7, 3), torch.randn(7, 3)
    normal = torch.distributions.Normal(mean, torch.exp(0.5 * log_variance))
    standard = torch.distributions.Normal(0.0, 1.0)
    expected = torch.distributions.kl_divergence(normal, standard).sum(dim=1)
    torch.testing.assert_close(kl_divergence(mean, log_variance), expected)
    noise = torch.randn(7, 3)
    z = mean + noise * normal.stddev
    expected = normal.log_prob(z).sum(dim=1)
    torch.testing.assert_close(normal_log_prob(noise, log_variance), expected)


def test_posterior_has_the_variance_of_a_kl_weight_of_one():
    precision_of_data = torch.tensor([0.5, 3.0, 20.0])
    encoded = -torch.log(1 + precision_of_data / 0.2)
    expected = -torch.log(1 + precision_of_data)
    torch.testing.assert_close(posterior_log_variance(encoded, 0.2), expected)


def test_bound_of_exact_proposals_is_exact():
    log_joint = torch.randn(4, 1) + torch.randn(4, 8)
    log_posterior = log_joint - 3.0  # p(z | x) = p(x, z) / p(x)
    bound = importance_weighted_bound(log_joint, log_posterior)
    torch.testing.assert_close(bound, torch.full((4,), 3.0))


@pytest.fixture(scope="module")
def pca_rows():
    """Rows with two strong directions, and the exact log-likelihood of PPCA."""
    rng = np.random.default_rng(0)
    loading = np.zeros((N_COLUMNS, 2))
    loading[:, 0], loading[:3, 1] = 1.0, [1.5, -1.5, 1.0]
    X = rng.standard_normal((N_ROWS, 2)) @ loading.T
    X += 0.7 * rng.standard_normal(X.shape)
    X -= X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
    order = np.argsort(values)[::-1]
    values, vectors = values[order], vectors[:, order]
    noise = values[3:].mean()
    W = vectors[:, :3] * np.sqrt(values[:3] - noise)
    covariance = W @ W.T + noise * np.eye(N_COLUMNS)
    exact = multivariate_normal(np.zeros(N_COLUMNS), covariance).logpdf(X)
    return X.astype(np.float32), exact


@pytest.fixture(scope="module")
def linear_vae(pca_rows):
    net = VAENet(
        latent_dim=3,
        hidden_units=(),
        kl_weight=1.0,
        kl_warmup=0.0,
        prior="gaussian",
        lr=1e-2,
        batch_size=500,
        max_epochs=400,
        random_state=0,
        criterion=SharedScale,
    )
    return net.fit(pca_rows[0])


class SharedScale(torch.nn.Module):
    """Normal numbers, all with the same standard deviation, as PPCA has it."""

    def __init__(self, layout):
        super().__init__()
        self.layout = layout
        self.log_scale = torch.nn.Parameter(torch.zeros(()))

    def forward(self, outputs, rows, counts=None):
        scale = self.log_scale.exp()
        return torch.distributions.Normal(outputs, scale).log_prob(rows).sum(dim=1)


def test_linear_vae_is_probabilistic_pca(linear_vae, pca_rows):
    X, exact = pca_rows
    found = linear_vae.log_prob(X[:1000], 0, n_draws=500)
    assert found.mean() == pytest.approx(exact[:1000].mean(), abs=0.01)
    assert np.abs(found - exact[:1000]).mean() < 0.05


def test_bound_rises_with_its_draws_to_the_exact_value():
    """Burda et al. (2016), theorem 1, with a proposal that is too wide."""
    rng = torch.Generator().manual_seed(0)
    exact = -0.5 * (np.log(2 * np.pi * 2.0) + 1.5**2 / 2.0)  # x = 1.5 of N(0, 2)

    def bound(n_draws):
        noise = torch.randn(4000, n_draws, 1, generator=rng, dtype=torch.float64)
        z = 0.75 + noise  # the posterior is N(0.75, 0.5)
        zero = torch.zeros_like(z)
        log_joint = normal_log_prob(z, zero) + normal_log_prob(1.5 - z, zero)
        log_proposal = normal_log_prob(noise, zero)
        return float(importance_weighted_bound(log_joint, log_proposal).mean())

    bounds = [bound(n_draws) for n_draws in (1, 2, 8, 32, 500)]
    assert bounds == sorted(bounds)
    assert bounds[-1] == pytest.approx(exact, abs=0.01)


def test_latent_variables_that_tell_nothing_are_not_used(linear_vae, pca_rows):
    """Of three, two have eigenvalues above the noise (Lucas et al. 2019)."""
    rows, y = pca_rows[0], np.zeros(N_ROWS, dtype=int)
    mean, log_variance = linear_vae.encode_moments(rows, y)
    mean, log_variance = torch.as_tensor(mean), torch.as_tensor(log_variance)
    each = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean(dim=0)
    assert int((each > 0.05).sum()) == 2, each


def test_score_of_a_row_does_not_depend_on_its_neighbours():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 3)), rng.integers(2, size=300)
    for numbers in ("cells", "normal"):
        net = VAENet(max_epochs=5, hidden_units=(16,), numbers=numbers)
        vae = VAESampler(net, random_state=0).fit(X, y)
        together = vae.score_samples(X)
        alone = np.concatenate([vae.score_samples(X[i : i + 1]) for i in range(20)])
        np.testing.assert_allclose(together[:20], alone, rtol=0, atol=1e-9)


def test_mixture_finds_where_rows_of_a_class_are():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 2000)
    side = np.where(rng.random((4000, 1)) < 0.5, 3, -3)
    mean = rng.normal(size=(4000, 2)) * 0.1 + side
    mean[y == 1] = 7.0
    before = LatentPrior.standard(3, 2)
    prior = LatentPrior.mixture(mean, np.full((4000, 2), -4.0), y, before, rng)
    drawn = prior.draw(np.repeat([0, 1, 2], 3000), rng)
    assert (np.abs(np.abs(drawn[:3000]) - 3) < 1).mean() > 0.99
    np.testing.assert_allclose(drawn[3000:6000].mean(axis=0), 7.0, atol=0.05)
    # A class without rows keeps the prior that it had.
    np.testing.assert_allclose(drawn[6000:].std(axis=0), 1.0, atol=0.05)


def test_density_of_the_mixture_is_that_of_its_draws():
    rng = np.random.default_rng(0)
    mean = rng.exponential(size=(500, 2))
    y = np.zeros(500, dtype=int)
    before = LatentPrior.standard(1, 2)
    prior = LatentPrior.mixture(mean, np.full((500, 2), -3.0), y, before, rng)
    grid = np.linspace(-8, 16, 1201)
    points = np.stack(np.meshgrid(grid, grid), axis=2).reshape(-1, 2)
    density = np.exp(prior.log_prob(torch.as_tensor(points), 0).numpy())
    cell = (grid[1] - grid[0]) ** 2
    assert density.sum() * cell == pytest.approx(1.0, abs=0.01)
    expected = (density[:, None] * points).sum(axis=0) * cell
    at_lattice = prior.at(np.random.default_rng(1).random((20_000, 3)), 0)
    np.testing.assert_allclose(at_lattice.mean(axis=0), expected, atol=0.1)
