"""Networks for images, whose rows are their pixels: plain modules, nothing trains here.

Sides are halved, or doubled, by convolutions until the shorter would be less than four
pixels: images of all sizes from 8 by 8 up end as some maps of a few pixels.
"""

from itertools import pairwise

import torch
from torch import nn

from skgendisc.neural._modules import (
    SLOPE,
    LabelEmbedding,
    MinibatchDiscrimination,
    hidden_layers,
)

# Sides of the smallest maps are no shorter.
LEAST_SIDE = 4


class ConvEncoder(nn.Module):
    """Images and classes to what describes their latent variables.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Channels, height and width; rows are images of this shape, made flat.
    n_classes, n_outputs : int
    hidden_units : sequence of int, default=(256,)
        Of the layers after the convolutions, at least one.
    n_channels : int, default=16
        Of the first convolution; each further one has twice as many.
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ConvEncoder
    >>> encoder = ConvEncoder((1, 28, 28), n_classes=10, n_outputs=4)
    >>> encoder(torch.zeros(3, 784), torch.tensor([0, 1, 9])).shape
    torch.Size([3, 4])
    """

    def __init__(
        self,
        image_shape,
        n_classes,
        n_outputs,
        hidden_units=(256,),
        n_channels=16,
        activation=nn.SiLU,
    ):
        super().__init__()
        first, *further = hidden_units
        self.maps = _halving(image_shape, n_channels, activation)
        self.first = nn.Linear(_n_units(image_shape, n_channels), first)
        self.label = LabelEmbedding(n_classes, first)
        deeper = hidden_layers(first, further, activation)
        self.rest = nn.Sequential(
            activation(), *deeper, nn.Linear(hidden_units[-1], n_outputs)
        )
        _start(self)

    def forward(self, rows, y):
        """Rows of shape (n_rows, n_pixels), classes of shape (n_rows,)."""
        return self.rest(self.first(self.maps(rows)) + self.label(y))


class ConvDecoder(nn.Module):
    """Latent variables and classes to images, as numbers without bounds.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Channels, height and width; rows are images of this shape, made flat.
    n_inputs, n_classes : int
    hidden_units : sequence of int, default=(256,)
        Of the layers before the convolutions, at least one.
    n_channels : int, default=16
        Of the last maps; each before has twice as many.
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ConvDecoder
    >>> decoder = ConvDecoder((1, 28, 28), n_inputs=2, n_classes=10)
    >>> decoder(torch.zeros(3, 2), torch.tensor([0, 1, 9])).shape
    torch.Size([3, 784])
    """

    def __init__(
        self,
        image_shape,
        n_inputs,
        n_classes,
        hidden_units=(256,),
        n_channels=16,
        activation=nn.SiLU,
    ):
        super().__init__()
        first, *further = hidden_units
        self.first = nn.Linear(n_inputs, first)
        self.label = LabelEmbedding(n_classes, first)
        deeper = hidden_layers(first, further, activation)
        n_units = _n_units(image_shape, n_channels)
        self.rest = nn.Sequential(
            activation(), *deeper, nn.Linear(hidden_units[-1], n_units)
        )
        self.maps = _doubling(image_shape, n_channels, activation)
        _start(self)

    def forward(self, z, y):
        """Inputs of shape (n_rows, n_inputs), classes of shape (n_rows,)."""
        return self.maps(self.rest(self.first(z) + self.label(y)))


class ConvGenerator(ConvDecoder):
    """Noise and classes to images, from -1 to 1.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Channels, height and width; rows are images of this shape, made flat.
    n_inputs, n_classes : int
    hidden_units : sequence of int, default=(256,)
        Of the layers before the convolutions, at least one.
    n_channels : int, default=16
        Of the last maps; each before has twice as many.
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ConvGenerator
    >>> generator = ConvGenerator((1, 8, 8), n_inputs=2, n_classes=10)
    >>> images = generator(torch.randn(3, 2), torch.tensor([0, 1, 9]))
    >>> bool((images.abs() <= 1).all())
    True
    """

    def forward(self, z, y):
        """Inputs of shape (n_rows, n_inputs), classes of shape (n_rows,)."""
        return torch.tanh(super().forward(z, y))


class ConvDiscriminator(nn.Module):
    """Tells real images from drawn ones, given their class.

    The class is added to the first hidden layer, and is compared with the last by an
    inner product (Miyato & Koyama 2018, equation 5).

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Channels, height and width; rows are images of this shape, made flat.
    n_classes : int
    hidden_units : sequence of int, default=(256,)
        Of the layers after the convolutions, at least one.
    pack : int, default=1
        Images that it judges together (Lin et al. 2018, PacGAN).
    minibatch_discrimination : tuple of (int, int) or None, default=None
        Number and dimension of the kernels of :class:`MinibatchDiscrimination`.
    n_channels : int, default=16
        Of the first convolution; each further one has twice as many.

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ConvDiscriminator
    >>> discriminator = ConvDiscriminator((1, 8, 8), n_classes=2, pack=2)
    >>> rows, y = torch.zeros(6, 64), torch.zeros(6, dtype=int)
    >>> discriminator(discriminator.see(rows), y).shape
    torch.Size([3])
    """

    def __init__(
        self,
        image_shape,
        n_classes,
        hidden_units=(256,),
        pack=1,
        minibatch_discrimination=None,
        n_channels=16,
    ):
        super().__init__()
        self.pack = pack
        packed = (pack * image_shape[0], *image_shape[1:])
        first, last = hidden_units[0], hidden_units[-1]
        self.maps = _halving(packed, n_channels, _leaky)
        self.first = nn.Linear(_n_units(packed, n_channels), first)
        self.parts_of_label = first, last
        self.label = LabelEmbedding(n_classes, pack * (first + last))
        self.rest = nn.Sequential(
            _leaky(), *hidden_layers(first, hidden_units[1:], _leaky)
        )
        self.minibatch = None
        if minibatch_discrimination is not None:
            self.minibatch = MinibatchDiscrimination(last, *minibatch_discrimination)
            last += minibatch_discrimination[0]
        self.out = nn.Linear(last, 1)
        _start(self)
        # Scores near zero, as the penalty on their slopes wants them.
        nn.init.normal_(self.out.weight, std=0.1 / last**0.5)

    def see(self, rows, written=None):
        """Images, those that are judged together in one.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_pixels)
        written : Tensor of shape (n_rows, n_pixels), default=None
            The same as a network wrote them, for gradients to follow.

        Returns
        -------
        seen : Tensor of shape (n_rows / pack, pack * n_pixels)
        """
        pixels = rows if written is None else written
        return torch.cat(pixels.tensor_split(self.pack), dim=1)

    def forward(self, seen, y):
        """Scores of what was seen, of shape (n_rows / pack,)."""
        added, compared = self._of_labels(y).split(self.parts_of_label, dim=1)
        h = self.rest(self.first(self.maps(seen)) + added)
        score = (h * compared).sum(dim=1) / compared.shape[1] ** 0.5
        if self.minibatch is not None:
            h = torch.cat([h, self.minibatch(h)], dim=1)
        return self.out(h).squeeze(1) + score

    def _of_labels(self, y):
        # (n_rows / pack, pack, pack * n_units): each place has vectors of its own.
        together = torch.stack(y.tensor_split(self.pack), dim=1)
        vectors = self.label(together).unflatten(2, (self.pack, -1))
        return vectors.diagonal(dim1=1, dim2=2).sum(dim=2)


def _start(module):
    """Begin with weights that keep the size of what comes in (He et al. 2015).

    Those of torch make it smaller at each layer: noise is drowned by the class.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            n_inputs = layer.weight[0].numel()
            if isinstance(layer, nn.ConvTranspose2d):
                # A quarter of the kernel falls on each pixel.
                n_inputs = layer.weight[:, 0].numel() / 4
            nn.init.normal_(layer.weight, std=(2.0 / n_inputs) ** 0.5)
            nn.init.zeros_(layer.bias)


def _leaky():
    return nn.LeakyReLU(SLOPE)


def _sides(image_shape):
    """Height and width of the maps, from the image's to the smallest."""
    sides = [tuple(image_shape[1:])]
    while min(sides[-1]) >= 2 * LEAST_SIDE:
        sides.append(tuple(side // 2 for side in sides[-1]))
    return sides


def _widths(image_shape, n_channels):
    """Channels of the image, and of the maps."""
    n_halvings = len(_sides(image_shape)) - 1
    return [image_shape[0], *(n_channels * 2**i for i in range(n_halvings))]


def _n_units(image_shape, n_channels):
    """Numbers in the smallest maps."""
    height, width = _sides(image_shape)[-1]
    return _widths(image_shape, n_channels)[-1] * height * width


def _halving(image_shape, n_channels, activation):
    """Flat images to flat smallest maps."""
    layers = [nn.Unflatten(1, image_shape)]
    widths = _widths(image_shape, n_channels)
    for before, after in pairwise(widths):
        layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), activation()]
    return nn.Sequential(*layers, nn.Flatten())


def _doubling(image_shape, n_channels, activation):
    """Flat smallest maps to flat images."""
    sides = _sides(image_shape)[::-1]
    widths = _widths(image_shape, n_channels)[::-1]
    layers = [nn.Unflatten(1, (widths[0], *sides[0]))]
    for i, (height, width) in enumerate(sides[1:]):
        # One more row or column where the side was odd.
        odd = (height % 2, width % 2)
        layers += [
            activation(),
            nn.ConvTranspose2d(
                widths[i], widths[i + 1], 4, stride=2, padding=1, output_padding=odd
            ),
        ]
    return nn.Sequential(*layers, nn.Flatten())
