"""Networks for rows and for images: plain modules, nothing here trains.

All take the class as a number. They know it by an embedding, ``label``, which is added
to what their first layer makes of the rest: the same as an input for each class.
"""

import math
from copy import deepcopy
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

# Embeddings of classes count so many times: with few classes among many inputs they
# would be learned last.
LABEL_SCALE = 4.0
# Of what is below zero, so much passes the activation of discriminators.
SLOPE = 0.2


class LabelEmbedding(nn.Embedding):
    """A vector for each class.

    Parameters
    ----------
    n_classes, n_units : int

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import LabelEmbedding
    >>> LabelEmbedding(3, 8)(torch.tensor([0, 2])).shape
    torch.Size([2, 8])
    """

    def __init__(self, n_classes, n_units):
        super().__init__(n_classes, n_units)
        nn.init.normal_(self.weight, std=1.0 / LABEL_SCALE)

    def forward(self, y):
        """Classes of shape (n_rows,) to vectors of shape (n_rows, n_units)."""
        return LABEL_SCALE * super().forward(y)

    def widened(self, places, n_classes):
        """With more classes: ``places`` are those of the old, new ones their mean."""
        wide, old = deepcopy(self), self.weight.detach()
        weight = old.mean(dim=0).repeat(n_classes, 1)
        weight[torch.as_tensor(places, device=old.device)] = old
        wide.num_embeddings, wide.weight = n_classes, nn.Parameter(weight)
        return wide


class ToldEmbedding(LabelEmbedding):
    """A vector for each class, and one for what is told beside it.

    Parameters
    ----------
    n_classes, n_told, n_units : int
    """

    def __init__(self, n_classes, n_told, n_units):
        super().__init__(n_classes, n_units)
        self.told = LabelEmbedding(n_told, n_units)

    def forward(self, y):
        """Of shape (n_rows,), class and what is told in one, to (n_rows, n_units)."""
        n_told = self.told.num_embeddings
        return super().forward(y // n_told) + self.told(y % n_told)


class ResidualBlock(nn.Module):
    """A hidden layer that adds to what comes in.

    Parameters
    ----------
    n_units : int
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ResidualBlock
    >>> ResidualBlock(8)(torch.zeros(3, 8)).shape
    torch.Size([3, 8])
    """

    def __init__(self, n_units, activation=nn.SiLU):
        super().__init__()
        self.linear = nn.Linear(n_units, n_units)
        self.activation = activation()

    def forward(self, h):
        """Hidden units in, hidden units out, of shape (n_rows, n_units)."""
        return h + self.activation(self.linear(h))


class MLP(nn.Module):
    """Linear layers with activations between them.

    Parameters
    ----------
    n_inputs, n_outputs : int
    hidden_units : sequence of int, default=(128, 128)
        Empty for a linear map.
    activation : type of Module, default=SiLU
    residual : bool, default=False
        Whether hidden layers add to what comes in, where they are as wide as that.

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import MLP
    >>> MLP(4, 2, hidden_units=(16, 16))(torch.zeros(3, 4)).shape
    torch.Size([3, 2])
    """

    def __init__(
        self,
        n_inputs,
        n_outputs,
        hidden_units=(128, 128),
        activation=nn.SiLU,
        residual=False,
    ):
        super().__init__()
        layers = hidden_layers(n_inputs, hidden_units, activation, residual)
        width = (n_inputs, *hidden_units)[-1]
        self.layers = nn.Sequential(*layers, nn.Linear(width, n_outputs))

    def forward(self, x):
        """Of shape (n_rows, n_inputs) to (n_rows, n_outputs)."""
        return self.layers(x)


def hidden_layers(n_inputs, hidden_units, activation, residual=False):
    """Linear layers, each with an activation after it."""
    layers, width = [], n_inputs
    for n_units in hidden_units:
        if residual and n_units == width:
            layers.append(ResidualBlock(n_units, activation))
        else:
            layers += [nn.Linear(width, n_units), activation()]
        width = n_units
    return layers


class LevelWeight(nn.Module):
    """A vector for each level, or number, of which those of near levels are alike.

    The vector of a level is one of its own and, where levels have positions on a line,
    a sum of waves along it, whose weights all levels of the column share: what is
    learned of a level tells of its neighbours.

    Parameters
    ----------
    layout : RowLayout
    n_units : int
    n_waves : int, default=8
    scale : float, default=1.0
        Standard deviation of a level's own vector before training.

    Examples
    --------
    >>> from skgendisc.neural import LevelWeight, RowLayout
    >>> LevelWeight(RowLayout([3, 0]), 8)().shape
    torch.Size([4, 8])
    """

    def __init__(self, layout, n_units, n_waves=8, scale=1.0):
        super().__init__()
        waves, place = layout.waves(n_waves)
        self.register_buffer("waves", torch.as_tensor(waves, dtype=torch.float32))
        self.register_buffer("place", torch.as_tensor(place))
        self.own = nn.Parameter(torch.empty(layout.n_outputs, n_units))
        self.shared = nn.Parameter(torch.empty(len(waves), n_waves, n_units))
        nn.init.normal_(self.own, std=scale)
        nn.init.normal_(self.shared, std=scale / math.sqrt(n_waves))

    def forward(self):
        """The vectors, of shape (n_outputs, n_units)."""
        if not self.shared.numel():
            return self.own
        smooth = (self.waves @ self.shared).flatten(0, 1)
        # After the last comes a zero, for levels and numbers without a position.
        return self.own + functional.pad(smooth, (0, 0, 0, 1))[self.place]


class RowEmbedding(nn.Module):
    """A linear map of rows: the sum of a vector for each level, and each number.

    Parameters
    ----------
    layout : RowLayout
    n_outputs : int

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowEmbedding, RowLayout
    >>> RowEmbedding(RowLayout([3, 0]), 8)(torch.tensor([[2.0, -0.5]])).shape
    torch.Size([1, 8])
    """

    def __init__(self, layout, n_outputs):
        super().__init__()
        self.layout = layout
        scale = 1.0 / math.sqrt(max(layout.n_columns, 1))
        self.weight = LevelWeight(layout, n_outputs, scale=scale)

    def forward(self, rows, written=None):
        """Rows of shape (n_rows, n_columns) to (n_rows, n_outputs).

        Gradients follow what networks wrote of them, of shape (n_rows,
        layout.n_outputs), where that is given.
        """
        layout, weight = self.layout, self.weight()
        mapped = 0.0
        if layout.n_numbers:
            mapped = rows[:, layout.numbers] @ weight[: layout.n_numbers]
        if layout.discrete:
            levels = functional.embedding_bag(layout.places(rows), weight, mode="sum")
            mapped = mapped + levels
        if written is not None:
            mapped = _StraightThrough.apply(mapped, written, weight)
        return mapped


class _StraightThrough(torch.autograd.Function):
    """A linear map of chosen levels, with the gradient of that of softened ones.

    What softened levels would be mapped to is not needed for it, nor computed (Bengio,
    Leonard & Courville 2013).
    """

    @staticmethod
    def forward(ctx, mapped, written, weight):
        ctx.save_for_backward(weight)
        return mapped.view_as(mapped)

    @staticmethod
    def backward(ctx, gradient):
        (weight,) = ctx.saved_tensors
        return gradient, gradient @ weight.T, None


class RowEncoder(nn.Module):
    """Rows and classes to what describes their latent variables.

    Parameters
    ----------
    layout : RowLayout
    n_classes, n_outputs : int
    hidden_units : sequence of int, default=(256, 256)
        Empty for a linear map.
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowEncoder, RowLayout
    >>> layout = RowLayout([3, 0])
    >>> encoder = RowEncoder(layout, n_classes=2, n_outputs=4, hidden_units=(8,))
    >>> encoder(torch.tensor([[2.0, -0.5]]), torch.tensor([1])).shape
    torch.Size([1, 4])
    """

    def __init__(
        self,
        layout,
        n_classes,
        n_outputs,
        hidden_units=(256, 256),
        activation=nn.SiLU,
    ):
        super().__init__()
        width = (*hidden_units, n_outputs)[0]
        self.embedding = RowEmbedding(layout, width)
        self.label = LabelEmbedding(n_classes, width)
        self.rest = nn.Sequential()
        if hidden_units:
            self.rest.append(activation())
            self.rest.append(MLP(width, n_outputs, hidden_units[1:], activation))

    def forward(self, rows, y):
        """Rows of shape (n_rows, n_columns), classes of shape (n_rows,)."""
        return self.rest(self.embedding(rows) + self.label(y))


class RowDecoder(nn.Module):
    """Latent variables, or noise, and classes to what describes rows.

    Parameters
    ----------
    layout : RowLayout
    n_inputs, n_classes : int
    hidden_units : sequence of int, default=(256, 256)
        Empty for a linear map.
    activation : type of Module, default=SiLU
    residual : bool, default=False
        Whether hidden layers after the first add to what comes in.

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowDecoder, RowLayout
    >>> decoder = RowDecoder(RowLayout([3, 0]), 2, n_classes=2, hidden_units=(8,))
    >>> decoder(torch.zeros(3, 2), torch.tensor([0, 1, 1])).shape
    torch.Size([3, 4])
    """

    def __init__(
        self,
        layout,
        n_inputs,
        n_classes,
        hidden_units=(256, 256),
        activation=nn.SiLU,
        residual=False,
    ):
        super().__init__()
        first, last = (*hidden_units, n_inputs)[0], (n_inputs, *hidden_units)[-1]
        self.first = nn.Linear(n_inputs, first) if hidden_units else nn.Identity()
        self.label = LabelEmbedding(n_classes, first)
        self.rest = nn.Sequential()
        if hidden_units:
            deeper = hidden_layers(first, hidden_units[1:], activation, residual)
            self.rest.extend([activation(), *deeper])
        self.weight = LevelWeight(layout, last, scale=1.0 / math.sqrt(last))
        self.bias = nn.Parameter(torch.zeros(layout.n_outputs))

    def start_at(self, log_share):
        """Begin with the levels as frequent as they are in a table.

        Parameters
        ----------
        log_share : Tensor of shape (n_outputs,)
        """
        with torch.no_grad():
            self.bias.copy_(log_share)

    def forward(self, z, y):
        """Inputs of shape (n_rows, n_inputs), classes of shape (n_rows,)."""
        h = self.rest(self.first(z) + self.label(y))
        return functional.linear(h, self.weight(), self.bias)


class MinibatchDiscrimination(nn.Module):
    r"""How near each row's features are to those of the others in its batch.

    .. math:: o(x_i)_b = \sum_j \exp(-\| M_{i,b} - M_{j,b} \|_1), \quad
       M_i = f(x_i) T

    from features :math:`f(x_i)`, and a tensor :math:`T` of shape (n_features,
    n_kernels, kernel_dim) that is learned (Salimans et al. 2016, section 3.2). A
    generator that draws the same again and again is seen by it.

    Parameters
    ----------
    n_features, n_kernels, kernel_dim : int

    Examples
    --------
    Of four equal rows, each is as near as can be to four:

    >>> import torch
    >>> from skgendisc.neural import MinibatchDiscrimination
    >>> MinibatchDiscrimination(3, n_kernels=2, kernel_dim=5)(torch.ones(4, 3))
    tensor([[4., 4.],
            [4., 4.],
            [4., 4.],
            [4., 4.]], grad_fn=...)
    """

    def __init__(self, n_features, n_kernels, kernel_dim):
        super().__init__()
        shape = (n_features, n_kernels, kernel_dim)
        self.kernels = nn.Parameter(torch.empty(shape))
        nn.init.normal_(self.kernels, std=1.0 / math.sqrt(n_features))

    def forward(self, features):
        """Of shape (n_rows, n_features) to (n_rows, n_kernels)."""
        mapped = torch.einsum("na,abc->bnc", features, self.kernels)
        # Not cdist, whose second derivative torch does not have.
        distance = (mapped[:, :, None] - mapped[:, None]).abs().sum(dim=3)
        return torch.exp(-distance).sum(dim=2).T


class RowDiscriminator(nn.Module):
    """Tells real rows from drawn ones, given their class.

    It is given not rows but what its first layer, which is linear, makes of them
    (:meth:`see`), so that rows of levels need no large products.

    Parameters
    ----------
    layout : RowLayout
    n_classes : int
    hidden_units : sequence of int, default=(128, 128)
    pack : int, default=1
        Rows that it judges together (Lin et al. 2018, PacGAN).
    minibatch_discrimination : tuple of (int, int) or None, default=None
        Number and dimension of the kernels of :class:`MinibatchDiscrimination`.

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowDiscriminator, RowLayout
    >>> discriminator = RowDiscriminator(RowLayout([3, 0]), n_classes=2, pack=2)
    >>> rows, y = torch.zeros(6, 2), torch.zeros(6, dtype=int)
    >>> discriminator(discriminator.see(rows), y).shape
    torch.Size([3])
    """

    def __init__(
        self,
        layout,
        n_classes,
        hidden_units=(128, 128),
        pack=1,
        minibatch_discrimination=None,
    ):
        super().__init__()
        first, last = hidden_units[0], hidden_units[-1]
        self.pack = pack
        self.embeddings = nn.ModuleList(
            RowEmbedding(layout, first) for _ in range(pack)
        )
        self.label = LabelEmbedding(n_classes, pack * first)
        self.hidden = nn.ModuleList(
            nn.Linear(n_inputs, n_units) for n_inputs, n_units in pairwise(hidden_units)
        )
        self.minibatch = None
        if minibatch_discrimination is not None:
            self.minibatch = MinibatchDiscrimination(last, *minibatch_discrimination)
            last += minibatch_discrimination[0]
            self.score_and_squared_gradient = None  # rows of a batch are not alone
        self.out = nn.Linear(last, 1)

    def see(self, rows, written=None):
        """What the first layer makes of rows, those that are judged together in one.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)
        written : Tensor of shape (n_rows, layout.n_outputs), default=None
            What networks wrote of the rows, for gradients to follow.

        Returns
        -------
        seen : Tensor of shape (n_rows / pack, n_units)
        """
        parts = rows.tensor_split(self.pack)
        follow = [None] * self.pack
        if written is not None:
            follow = written.tensor_split(self.pack)
        parts = zip(self.embeddings, parts, follow, strict=True)
        return sum(see(rows, written) for see, rows, written in parts)

    def forward(self, seen, y):
        """Scores of what was seen, of shape (n_rows / pack,)."""
        h = functional.leaky_relu(seen + self._of_labels(y), SLOPE)
        for layer in self.hidden:
            h = functional.leaky_relu(layer(h), SLOPE)
        if self.minibatch is not None:
            h = torch.cat([h, self.minibatch(h)], dim=1)
        return self.out(h).squeeze(1)

    def score_and_squared_gradient(self, seen, y):
        """Scores, and the squared norms of their gradients with respect to the rows.

        The slope of each unit is one or SLOPE: the gradient is a product of weights
        and slopes, and needs no second pass.

        Returns
        -------
        scores, squared_norms : Tensor of shape (n_rows / pack,)
        """
        h, slopes = seen + self._of_labels(y), []
        for layer in (*self.hidden, self.out):
            slopes.append(SLOPE + (1.0 - SLOPE) * (h.detach() > 0).to(h.dtype))
            h = layer(functional.leaky_relu(h, SLOPE))
        gradient = self.out.weight.expand(len(h), -1)
        for layer, slope in zip(self.hidden[::-1], slopes[:0:-1], strict=True):
            gradient = (gradient * slope) @ layer.weight
        gradient = gradient * slopes[0]
        squared = 0.0
        for see in self.embeddings:
            weight = see.weight()
            squared = squared + ((gradient @ (weight.T @ weight)) * gradient).sum(dim=1)
        return h.squeeze(1), squared

    def _of_labels(self, y):
        parts = y.tensor_split(self.pack)
        width = self.label.embedding_dim // self.pack
        return sum(
            self.label(part)[:, number * width : (number + 1) * width]
            for number, part in enumerate(parts)
        )
