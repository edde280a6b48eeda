"""Networks for rows and for images: plain modules, nothing here trains.

All take the class as a number. They know it by an embedding, ``label``, which is added
to what their first layer makes of the rest: the same as an input for each class.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from skgendisc.neural._layout import RowLayout


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
        layers, width = [], n_inputs
        for n_units in hidden_units:
            if residual and n_units == width:
                layers.append(ResidualBlock(n_units, activation))
            else:
                layers += [nn.Linear(width, n_units), activation()]
            width = n_units
        self.layers = nn.Sequential(*layers, nn.Linear(width, n_outputs))

    def forward(self, x):
        """Of shape (n_rows, n_inputs) to (n_rows, n_outputs)."""
        return self.layers(x)


class RowEmbedding(nn.Module):
    """A linear map of rows: a vector for each level, and one for each number.

    Parameters
    ----------
    n_levels : sequence of int
        Levels of each column; 0 for a column of numbers.
    n_outputs : int

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowEmbedding
    >>> RowEmbedding([3, 0], 8)(torch.tensor([[2.0, -0.5]])).shape
    torch.Size([1, 8])
    """

    def __init__(self, n_levels, n_outputs):
        super().__init__()
        self.layout = RowLayout(n_levels)
        bound = 1.0 / math.sqrt(max(self.layout.n_columns, 1))
        weight = torch.empty(self.layout.n_outputs, n_outputs)
        self.weight = nn.Parameter(weight.uniform_(-bound, bound))

    def forward(self, rows):
        """Rows of shape (n_rows, n_columns) to (n_rows, n_outputs)."""
        layout = self.layout
        mapped = 0.0
        if layout.n_numbers:
            mapped = rows[:, layout.numbers] @ self.weight[: layout.n_numbers]
        if layout.discrete:
            places = torch.cat([b.places(rows) for b in layout.discrete], dim=1)
            mapped = mapped + functional.embedding_bag(places, self.weight, mode="sum")
        return mapped

    def of_written(self, written):
        """The same of rows as networks write them, of shape (n_rows, n_levels)."""
        return written @ self.weight


class RowEncoder(nn.Module):
    """Rows and classes to the numbers that a hidden layer makes of them.

    Parameters
    ----------
    n_levels : sequence of int
        Levels of each column of the rows; 0 for a column of numbers.
    n_classes, n_outputs : int
    hidden_units : sequence of int, default=(256, 256)
        Empty for a linear map.
    activation : type of Module, default=SiLU

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import RowEncoder
    >>> encoder = RowEncoder([3, 0], n_classes=2, n_outputs=4, hidden_units=(8,))
    >>> encoder(torch.tensor([[2.0, -0.5]]), torch.tensor([1])).shape
    torch.Size([1, 4])
    """

    def __init__(
        self,
        n_levels,
        n_classes,
        n_outputs,
        hidden_units=(256, 256),
        activation=nn.SiLU,
    ):
        super().__init__()
        width = (*hidden_units, n_outputs)[0]
        self.embedding = RowEmbedding(n_levels, width)
        self.label = nn.Embedding(n_classes, width)
        self.rest = nn.Sequential()
        if hidden_units:
            self.rest.append(activation())
            self.rest.append(MLP(width, n_outputs, hidden_units[1:], activation))

    def forward(self, rows, y):
        """Rows of shape (n_rows, n_columns), classes of shape (n_rows,)."""
        return self.rest(self.embedding(rows) + self.label(y))


class ConditionalMLP(nn.Module):
    """Noise or latent variables, and classes, to what describes a row.

    Parameters
    ----------
    n_inputs, n_classes, n_outputs : int
    hidden_units : sequence of int, default=(256, 256)
        Empty for a linear map.
    activation : type of Module, default=SiLU
    residual : bool, default=False
        Whether hidden layers after the first add to what comes in.

    Examples
    --------
    >>> import torch
    >>> from skgendisc.neural import ConditionalMLP
    >>> decoder = ConditionalMLP(2, n_classes=2, n_outputs=5, hidden_units=(8,))
    >>> decoder(torch.zeros(3, 2), torch.tensor([0, 1, 1])).shape
    torch.Size([3, 5])
    """

    def __init__(
        self,
        n_inputs,
        n_classes,
        n_outputs,
        hidden_units=(256, 256),
        activation=nn.SiLU,
        residual=False,
    ):
        super().__init__()
        width = (*hidden_units, n_outputs)[0]
        self.first = nn.Linear(n_inputs, width)
        self.label = nn.Embedding(n_classes, width)
        self.rest = nn.Sequential()
        if hidden_units:
            deeper = hidden_units[1:]
            self.rest.append(activation())
            self.rest.append(MLP(width, n_outputs, deeper, activation, residual))

    def forward(self, z, y):
        """Inputs of shape (n_rows, n_inputs), classes of shape (n_rows,)."""
        return self.rest(self.first(z) + self.label(y))
