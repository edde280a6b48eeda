"""Formulas of variational autoencoders: tensors in, tensors out."""

import numpy as np
import torch

from skgendisc.neural._layout import LOG_2PI

# Logarithms of the variances of latent variables are kept within these.
LOG_VARIANCES = (-12.0, 6.0)
# A proposal is no wider than this, in squares of the prior's standard deviation.
LEAST_PRECISION = 0.25


def split_moments(encoded):
    """Mean and logarithm of the variance, from what an encoder writes."""
    mean, log_variance = encoded.chunk(2, dim=1)
    return mean, log_variance.clamp(*LOG_VARIANCES)


def kl_divergence(mean, log_variance):
    """From N(mean, variance) to N(0, 1), summed over latent variables.

    Kingma & Welling (2014), appendix B.

    Parameters
    ----------
    mean, log_variance : Tensor of shape (n_rows, latent_dim)

    Returns
    -------
    divergence : Tensor of shape (n_rows,)
        In nats.
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).sum(dim=1)


def posterior_log_variance(log_variance, kl_weight):
    """What an encoder would say of the latent variables with a KL weight of one.

    Where the likelihood is normal in z with precision H, and the prior standard
    normal, the best encoder has the precision 1 + H / kl_weight, the posterior 1 + H.

    Parameters
    ----------
    log_variance : Tensor
        Of the encoder.
    kl_weight : float

    Returns
    -------
    log_variance : Tensor
    """
    precision = 1.0 + kl_weight * (torch.exp(-log_variance) - 1.0)
    return -torch.log(precision.clamp(min=LEAST_PRECISION))


def normal_log_prob(noise, log_variance):
    """Log-density of ``mean + noise * std`` under N(mean, std**2), summed over columns.

    Parameters
    ----------
    noise : Tensor of shape (..., latent_dim)
        Standardised.
    log_variance : Tensor of shape (..., latent_dim)

    Returns
    -------
    log_prob : Tensor of shape (...)
        In nats.
    """
    return -0.5 * (noise.square() + LOG_2PI + log_variance).sum(dim=-1)


def importance_weighted_bound(log_joint, log_proposal):
    """Lower bound of log p(x) from K draws of z (Burda et al. 2016, equation 8).

    Parameters
    ----------
    log_joint : Tensor of shape (n_rows, n_draws)
        Log p(x, z).
    log_proposal : Tensor of shape (n_rows, n_draws)
        Log-density of the distribution that z was drawn from.

    Returns
    -------
    bound : Tensor of shape (n_rows,)
        In nats.
    """
    n_draws = log_joint.shape[1]
    return torch.logsumexp(log_joint - log_proposal, dim=1) - np.log(n_draws)
