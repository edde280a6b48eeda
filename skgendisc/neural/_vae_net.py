"""A variational autoencoder as a skorch net."""

from copy import deepcopy

import numpy as np
import torch
from scipy.special import ndtri

from skgendisc.neural._latent_prior import LatentPrior
from skgendisc.neural._layout import RowLikelihood, normal_like
from skgendisc.neural._modules import RowDecoder, RowEncoder
from skgendisc.neural._net import SamplerNet, in_blocks
from skgendisc.neural._variational import (
    importance_weighted_bound,
    kl_divergence,
    normal_log_prob,
    posterior_log_variance,
    split_moments,
)
from skgendisc.numerics import lattice

# Numbers that the decoder writes at once when it scores: bounds its memory.
BLOCK_NUMBERS = 2**23


class VAENet(SamplerNet):
    r"""A conditional variational autoencoder, as a skorch net.

    Trains an encoder :math:`q(z \mid x, y)` and a decoder :math:`p(x \mid z, y)` on
    the evidence lower bound [1]_

    .. math:: \log p(x \mid z, y) - \beta \, KL(q(z \mid x, y) \,\|\, N(0, 1)).

    Parameters
    ----------
    module : type of Module, default=RowDecoder
        The decoder.
    criterion : type of Module, default=RowLikelihood
        What the decoder's outputs say of rows.
    encoder : type of Module, default=RowEncoder
        Writes means and logarithms of variances.
    kl_weight : float, default=0.2
        The weight :math:`\beta`. One makes the bound one of log p(x); less keeps more
        of a row in its latent variables, which a mixture as their prior makes good.
    kl_warmup : float, default=0.1
        Part of the epochs over which that weight grows from nothing.
    prior : {"gaussian", "gaussian_mixture"}, default="gaussian_mixture"
        What latent variables are drawn from: the standard normal, or mixtures of
        normals fitted, when training has ended, to where the rows of each class are.
    numbers : {"cells", "normal"}, default="cells"
        What columns of numbers are to a sampler: up to 64 stretches, with a
        probability each; or numbers that are normal about what the decoder writes,
        with a standard deviation that is learned for the column.
    n_importance_samples : int, default=128
        Draws of the latent variables that a score takes for each row, and as many
        again from the prior.
    lr : float, default=2e-3
    optimizer__fused : bool, default=True
        Whether Adam takes its steps in one operation; set it aside with ``optimizer``.
    **kwargs : dict
        ``latent_dim``, ``hidden_units``, ``optimizer`` and the like, as in skorch's
        ``NeuralNet``, and ``class_balance`` (0.5: how much more often rows of rare
        classes are seen than they come, up to 1, all classes as often),
        ``lr_schedule`` ("cosine" or None), ``n_threads``, ``image_shape``, ``layout``,
        ``n_classes``, ``random_state``.

    References
    ----------
    .. [1] Kingma & Welling (2014). Auto-encoding variational Bayes. ICLR.

    Examples
    --------
    >>> from skgendisc.neural import VAENet, VAESampler
    >>> net = VAENet(kl_weight=1.0, prior="gaussian", max_epochs=5)
    >>> sampler = VAESampler(net, random_state=0)
    """

    def __init__(
        self,
        module=RowDecoder,
        criterion=RowLikelihood,
        *,
        encoder=RowEncoder,
        kl_weight=0.2,
        kl_warmup=0.1,
        prior="gaussian_mixture",
        numbers="cells",
        n_importance_samples=128,
        lr=2e-3,
        optimizer__fused=True,
        **kwargs,
    ):
        super().__init__(
            module, criterion, lr=lr, optimizer__fused=optimizer__fused, **kwargs
        )
        self.encoder = encoder
        self.kl_weight = kl_weight
        self.kl_warmup = kl_warmup
        self.prior = prior
        self.numbers = numbers
        self.n_importance_samples = n_importance_samples

    _sees_rows = "encoder"

    def initialize_module(self):
        """Make encoder and decoder.

        Returns
        -------
        self : object
        """
        self.encoder_ = self._build("encoder", n_outputs=2 * self.latent_dim)
        self.module_ = self._build("module", n_inputs=self.latent_dim)
        return self

    def initialize_criterion(self):
        """Make the likelihood.

        Returns
        -------
        self : object
        """
        self.criterion_ = self._build("criterion")
        return self

    # -------------------------------------------------------------------- training

    def train_step(self, batch, **fit_params):
        """One step up the bound.

        Parameters
        ----------
        batch : tuple of Tensor
            Rows and classes.
        **fit_params : dict
            Not used.

        Returns
        -------
        step : dict of str to Tensor
        """
        step = self.validation_step(batch)
        self._step("optimizer", step["loss"])
        return step

    def validation_step(self, batch, **fit_params):
        """The bound at a batch, and its parts.

        Parameters
        ----------
        batch : tuple of Tensor
            Rows and classes.
        **fit_params : dict
            Not used.

        Returns
        -------
        step : dict of str to Tensor
        """
        rows, y = batch
        mean, log_variance = split_moments(self.encoder_(rows, y))
        z = mean + torch.exp(0.5 * log_variance) * normal_like(mean, self.rng)
        reconstruction = -self.criterion_(self.module_(z, y), rows).mean()
        divergence = kl_divergence(mean, log_variance).mean()
        loss = reconstruction + self._present_kl_weight * divergence
        return {"loss": loss, "reconstruction": reconstruction, "kl": divergence}

    @property
    def _present_kl_weight(self):
        if not self.kl_warmup:
            return self.kl_weight
        return self.kl_weight * min(self.progress_ / self.kl_warmup, 1.0)

    def prepare_to_draw(self, rows, y):
        """Fit the prior of the latent variables to rows of training.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
        y : ndarray of shape (n_rows,), or None
        """
        super().prepare_to_draw(rows, y)
        standard = LatentPrior.standard(self.n_classes_, self.latent_dim)
        if self.prior == "gaussian":
            self.prior_ = standard
            return
        y = np.zeros(len(rows), dtype=np.intp) if y is None else np.asarray(y)
        rng = np.random.default_rng([self.seed_, len(self.history)])
        before = getattr(self, "prior_", standard)
        moments = self.encode_moments(rows, y)
        self.prior_ = LatentPrior.mixture(*moments, y, before, rng)

    def widen_classes(self, places, n_classes):
        """Make room for more classes; new ones begin as the mean of the others.

        Parameters
        ----------
        places : ndarray of shape (n_classes_before,)
            New numbers of the classes that there are.
        n_classes : int
        """
        super().widen_classes(places, n_classes)
        self.prior_ = self.prior_.widened(places, n_classes)

    def initialize(self):
        """Make modules and optimizers anew; the prior is forgotten.

        Returns
        -------
        self : object
        """
        vars(self).pop("prior_", None)
        return super().initialize()

    # ----------------------------------------------------------------------- using

    def encode_moments(self, rows, y):
        """Mean and logarithm of the variance of the latent variables of rows.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
        y : ndarray of shape (n_rows,)

        Returns
        -------
        mean, log_variance : ndarray of shape (n_rows, latent_dim)
        """

        def moments(rows, y):
            encoded = self.encoder_(*self._tensors(rows, y))
            return torch.cat(split_moments(encoded), dim=1)

        both = in_blocks(moments, rows, y).astype(np.float64)
        return both[:, : self.latent_dim], both[:, self.latent_dim :]

    def decode(self, z, y, rng):
        """Draw rows from latent variables, p(x | z, y).

        Parameters
        ----------
        z : ndarray of shape (n_rows, latent_dim)
        y : ndarray of shape (n_rows,)
        rng : numpy.random.Generator

        Returns
        -------
        rows : ndarray of shape (n_rows, n_columns)
        """
        noise = self.torch_rng(rng)

        def draw(z, y):
            outputs = self.module_(*self._tensors(z, y))
            return self.criterion_.draw(outputs, noise)

        return in_blocks(draw, z, y)

    def draw(self, y, rng):
        """Draw a row of each wanted class, p(x | y).

        Parameters
        ----------
        y : ndarray of shape (n_rows,)
        rng : numpy.random.Generator

        Returns
        -------
        rows : ndarray of shape (n_rows, n_columns)
        """
        return self.decode(self.prior_.draw(y, rng), y, rng)

    def log_prob(self, rows, k, counts=None, n_draws=None):
        """Log p(x | y), from importance-weighted latent variables.

        All rows have the same noise, a lattice, and numbers of 64 bits, so that the
        bound of a row does not depend on those it comes with. Half of the draws are
        near to what the encoder says of the row, half from the prior: whatever the
        encoder missed, none weighs more than twice its likelihood (Owen & Zhou 2000).

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
        k : int
            Number of the class y.
        counts : ndarray of shape (n_rows, n_columns), dtype bool, default=None
            Which values count; all where None.
        n_draws : int, default=None
            Of either kind; None takes ``n_importance_samples``.

        Returns
        -------
        log_prob : ndarray of shape (n_rows,)
            In nats.
        """
        n_draws = self.n_importance_samples if n_draws is None else n_draws
        modules = self.encoder_, self.module_, self.criterion_
        encoder, decoder, likelihood = map(_in_double, modules)
        points = lattice(n_draws, 1 + self.latent_dim)
        noise = torch.as_tensor(ndtri(points[:, 1:]))
        of_prior = torch.as_tensor(self.prior_.at(points, k))
        if counts is None:
            counts = np.ones(rows.shape, dtype=bool)

        def bound(rows, counts):
            rows = torch.as_tensor(rows, dtype=torch.float64)
            mean, log_variance = split_moments(encoder(rows, torch.tensor(k)))
            log_variance = posterior_log_variance(log_variance, self.kl_weight)
            scale = torch.exp(0.5 * log_variance)
            # (n_rows, 2 * n_draws, latent_dim): half of them near, half anywhere.
            near = mean[:, None] + scale[:, None] * noise
            z = torch.cat([near, of_prior.expand(len(rows), -1, -1)], dim=1)
            log_near = normal_log_prob(
                (z - mean[:, None]) / scale[:, None], log_variance[:, None]
            )
            z = z.flatten(0, 1)
            log_prior = self.prior_.log_prob(z, k)
            rows, counts = (
                tensor.repeat_interleave(2 * n_draws, 0)
                for tensor in (rows, torch.as_tensor(counts))
            )
            y = torch.full((len(rows),), k)
            log_likelihood = likelihood(decoder(z, y), rows, counts)
            log_prior, log_likelihood = (
                tensor.reshape(-1, 2 * n_draws)
                for tensor in (log_prior, log_likelihood)
            )
            log_proposal = torch.logaddexp(log_near, log_prior) - np.log(2.0)
            return importance_weighted_bound(log_likelihood + log_prior, log_proposal)

        n_outputs = likelihood.layout.n_outputs
        n_rows = max(BLOCK_NUMBERS // (2 * n_draws * n_outputs), 1)
        return in_blocks(bound, rows, counts, n_rows=n_rows)


def _in_double(module):
    """A copy with weights of 64 bits, on the CPU."""
    return deepcopy(module).to("cpu", torch.float64)
