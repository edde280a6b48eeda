"""What a decoder's outputs say of images: how likely they are, and new ones."""

import torch
from torch import nn
from torch.nn import functional

# Pixels this near to the end of their range, or beyond, are at it.
EDGE = 1.0 - 1e-5
# Scales are no smaller: neighbouring levels of eight bits cannot be told by them.
LEAST_LOG_SCALE = -5.0
# Uniform numbers keep so far from 0 and 1: their logit is finite.
LEAST_UNIFORM = 1e-6


class PixelLikelihood(nn.Module):
    r"""Pixels from -1 to 1 as logistic variables, cut off at the ends of the range.

    A pixel is black with the probability that its variable is below -1, white with
    that of being above 1, and has a density between:

    .. math:: P(x = -1) = \sigma\!\left(\frac{-1 - \mu}{s}\right), \quad
       P(x = 1) = \sigma\!\left(\frac{\mu - 1}{s}\right)

    with the mean :math:`\mu` that the decoder writes and a scale :math:`s` that is
    learned for the pixel. Normal variables would strew grey over a black ground; most
    pixels of line drawings are exactly black or white.

    Parameters
    ----------
    layout : RowLayout
        All columns numbers.

    Notes
    -----
    As the discretised logistics of Salimans, Karpathy, Chen & Kingma (2017,
    PixelCNN++, equation 2), whose ends are the same, but with a density for all levels
    between.

    Examples
    --------
    A pixel about whose end of the range the decoder is undecided:

    >>> import torch
    >>> from skgendisc.neural import PixelLikelihood, RowLayout
    >>> likelihood = PixelLikelihood(RowLayout([0]))
    >>> likelihood(torch.tensor([[-1.0]]), torch.tensor([[-1.0]])).exp()
    tensor([0.5000], grad_fn=<ExpBackward0>)
    """

    def __init__(self, layout):
        super().__init__()
        self.log_scale = nn.Parameter(torch.full((layout.n_columns,), -1.0))
        self.layout = layout

    def forward(self, outputs, rows, counts=None):
        """Log-likelihood of rows, each pixel given its output.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_pixels)
        rows : Tensor of shape (n_rows, n_pixels)
        counts : Tensor of shape (n_rows, n_pixels), dtype bool, default=None
            Which values count; all where None.

        Returns
        -------
        log_likelihood : Tensor of shape (n_rows,)
            In nats.
        """
        log_scale = self._log_scale
        error = (rows.clamp(-1.0, 1.0) - outputs) * torch.exp(-log_scale)
        # Less the logarithms of the probabilities above and below the value; the
        # density is their product over the scale.
        above = functional.softplus(error)
        below = above - error
        lost = torch.where(rows > EDGE, above, above + below + log_scale)
        lost = torch.where(rows < -EDGE, below, lost)
        if counts is not None:
            lost = torch.where(counts, lost, 0.0)
        return -lost.sum(dim=1)

    def draw(self, outputs, rng):
        """Rows from the distribution of each pixel.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_pixels)
        rng : torch.Generator

        Returns
        -------
        rows : Tensor of shape (n_rows, n_pixels)
        """
        uniform = torch.rand(
            outputs.shape, generator=rng, dtype=outputs.dtype, device=outputs.device
        )
        noise = uniform.clamp(LEAST_UNIFORM, 1.0 - LEAST_UNIFORM).logit()
        return (outputs + self._log_scale.exp() * noise).clamp(-1.0, 1.0)

    @property
    def _log_scale(self):
        return self.log_scale.clamp(min=LEAST_LOG_SCALE)
