"""What the networks' outputs mean: one block of them for each column of the rows."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

LOG_2PI = float(np.log(2.0 * np.pi))
# Standard deviations of standardised numbers are no smaller: that of a constant column
# would fall for ever.
LEAST_LOG_SCALE = -7.0
# The logarithm of zero is no number.
LEAST_UNIFORM = 1e-30


@dataclass(frozen=True)
class Block:
    """Columns with equally many levels, and where their outputs are.

    Parameters
    ----------
    n_levels : int
        0 for numbers.
    columns : ndarray of shape (n_columns,)
        Numbers of the columns among those of the rows.
    start : int
        First output; ``max(n_levels, 1)`` for each column follow.
    """

    n_levels: int
    columns: np.ndarray
    start: int

    @property
    def shape(self):
        """Outputs of a row: columns, and levels of each."""
        return len(self.columns), max(self.n_levels, 1)

    @property
    def stop(self):
        return self.start + int(np.prod(self.shape))


class RowLayout:
    """The columns of rows, as networks write them: logits of levels, and means.

    A row holds the code of a level, or a number, for each column. A network writes
    ``n_outputs`` for it: as many logits as a column has levels, or the mean of a
    number. Columns with equally many levels stand together, so that a table of a
    thousand columns is a few operations.

    Parameters
    ----------
    n_levels : sequence of int
        Levels of each column; 0 for a column of numbers.
    positions : sequence of ndarray or None, default=None
        Where on a line from 0 to 1 the levels of each column are, NaN for those that
        are not; None, for all or some, where levels have no order.

    Examples
    --------
    >>> from skgendisc.neural import RowLayout
    >>> RowLayout([3, 0, 3]).n_outputs
    7
    """

    def __init__(self, n_levels, positions=None):
        self.n_levels = np.asarray(n_levels, dtype=np.intp)
        self.blocks, start = [], 0
        for size in np.unique(self.n_levels):
            block = Block(int(size), np.flatnonzero(self.n_levels == size), start)
            self.blocks.append(block)
            start = block.stop
        self.n_outputs = start
        self.positions = positions
        # Columns with levels, in the order of their outputs, and the first of those.
        by_levels = np.argsort(self.n_levels, kind="stable")[self.n_numbers :]
        self._discrete = by_levels
        stops = self.n_numbers + np.cumsum(self.n_levels[by_levels])
        self._first = (stops - self.n_levels[by_levels]).astype(np.int32)

    def __repr__(self):
        return f"RowLayout(n_levels={self.n_levels.tolist()})"

    def waves(self, n_waves):
        """Smooth functions of the levels' positions, by which neighbours are alike.

        Parameters
        ----------
        n_waves : int
            Cosines for each column whose levels have positions.

        Returns
        -------
        waves : ndarray of shape (n_ordered, most_levels, n_waves)
            For each such column; zero beyond its levels, and where there is none.
        place : ndarray of shape (n_outputs,)
            Where among ``n_ordered * most_levels`` an output is; after the last for
            one that has no position.
        """
        positions = self.positions or (None,) * self.n_columns
        ordered = [
            column
            for column, position in enumerate(positions)
            if position is not None and not np.isnan(position).all()
        ]
        most = max((self.n_levels[column] for column in ordered), default=0)
        waves = np.zeros((len(ordered), most, n_waves))
        place = np.full(self.n_outputs, len(ordered) * most)
        start = {
            column: block.start + number * block.n_levels
            for block in self.discrete
            for number, column in enumerate(block.columns)
        }
        for number, column in enumerate(ordered):
            n_levels = self.n_levels[column]
            phase = np.pi * np.outer(positions[column], np.arange(1, n_waves + 1))
            waves[number, :n_levels] = np.nan_to_num(np.cos(phase))
            own = start[column] + np.arange(n_levels)
            place[own] = number * most + np.arange(n_levels)
        return waves, place

    @property
    def n_columns(self):
        """How many columns rows have."""
        return len(self.n_levels)

    @property
    def n_numbers(self):
        """How many of them are numbers."""
        return int(np.count_nonzero(self.n_levels == 0))

    @property
    def categories(self):
        """Columns whose levels have no order, and the first output of each."""
        is_ordered = [
            position is not None and not np.isnan(position).all()
            for position in self.positions or [None] * self.n_columns
        ]
        kept = ~np.asarray(is_ordered, dtype=bool)[self._discrete]
        kept &= self.n_levels[self._discrete] > 1  # there is something to tell
        return self._discrete[kept], self._first[kept]

    @property
    def discrete(self):
        """Blocks of columns with levels."""
        return [block for block in self.blocks if block.n_levels]

    @property
    def numbers(self):
        """The columns of numbers, in the order of their outputs."""
        return np.flatnonzero(self.n_levels == 0)

    def places(self, rows):
        """Where among the outputs the levels of rows are.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)

        Returns
        -------
        places : Tensor of shape (n_rows, n_columns - n_numbers)
        """
        first = torch.as_tensor(self._first, device=rows.device)
        return rows[:, self._discrete].to(torch.int32) + first

    def parts(self, outputs):
        """Each block with its outputs.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_outputs)

        Yields
        ------
        block : Block
        own : Tensor of shape (n_rows, n_columns, n_levels)
        """
        # One split, not a slice a block: each would have a gradient as wide as all.
        sizes = [block.stop - block.start for block in self.blocks]
        for block, own in zip(self.blocks, outputs.split(sizes, dim=1), strict=True):
            yield block, own.reshape(len(outputs), *block.shape)

    def one_hot(self, rows):
        """Rows as a network would write them if it were sure.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)

        Returns
        -------
        written : Tensor of shape (n_rows, n_outputs)
        """
        written = rows.new_zeros(len(rows), self.n_outputs)
        if self.n_numbers:
            written[:, : self.n_numbers] = rows[:, self.numbers]
        return written.scatter_(1, self.places(rows).long(), 1.0)

    def choose(self, outputs, rng, temperature=1.0):
        """Draw rows, and what a gradient can follow to the outputs.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_outputs)
        rng : torch.Generator
        temperature : float, default=1.0

        Returns
        -------
        rows : Tensor of shape (n_rows, n_columns)
            Levels drawn with the probabilities of their logits; numbers as they are.
        written : Tensor of shape (n_rows, n_outputs)
            The same softened (Jang, Gu & Poole 2017, Gumbel-softmax): the larger the
            temperature, the less sure the choice.
        """
        rows = outputs.new_empty(len(outputs), self.n_columns)
        parts = []
        for block, own in self.parts(outputs):
            if block.n_levels:
                own = own + gumbel_like(own, rng)
                rows[:, block.columns] = own.detach().argmax(dim=2).to(rows.dtype)
                own = functional.softmax(own / temperature, dim=2)
            else:
                rows[:, block.columns] = own.detach().squeeze(2)
            parts.append(own.flatten(1))
        return rows, torch.cat(parts, dim=1)

    def log_shares(self, rows):
        """Logarithms of how frequent levels are, half a row for none; 0 for numbers.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)

        Returns
        -------
        log_share : Tensor of shape (n_outputs,)
        """
        log_share = torch.zeros(self.n_outputs)
        for block in self.discrete:
            for number, column in enumerate(block.columns):
                level = np.asarray(rows[:, column], dtype=np.intp)
                count = np.bincount(level, minlength=block.n_levels) + 0.5
                start = block.start + number * block.n_levels
                share = torch.as_tensor(np.log(count / count.sum()))
                log_share[start : start + block.n_levels] = share
        return log_share


class RowLikelihood(nn.Module):
    """What a decoder's outputs say of rows: how likely they are, and new ones.

    A column of levels has the probabilities of its logits; a number is normal about
    its mean, with a standard deviation that is learned for the column.

    Parameters
    ----------
    layout : RowLayout

    Examples
    --------
    A column of three equally probable levels:

    >>> import torch
    >>> from skgendisc.neural import RowLayout, RowLikelihood
    >>> likelihood = RowLikelihood(RowLayout([3]))
    >>> likelihood(torch.zeros(1, 3), torch.tensor([[2.0]])).exp()
    tensor([0.3333])
    """

    def __init__(self, layout):
        super().__init__()
        self.layout = layout
        self.log_scale = nn.Parameter(torch.zeros(self.layout.n_numbers))

    def forward(self, outputs, rows, counts=None):
        """Log-likelihood of rows, each column given its outputs.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_outputs)
        rows : Tensor of shape (n_rows, n_columns)
        counts : Tensor of shape (n_rows, n_columns), dtype bool, default=None
            Which values count; all where None.

        Returns
        -------
        log_likelihood : Tensor of shape (n_rows,)
            In nats.
        """
        total = outputs.new_zeros(len(outputs))
        for block, own in self.layout.parts(outputs):
            values = rows[:, block.columns]
            if block.n_levels:
                level = values.long().unsqueeze(2)
                picked = own.gather(2, level).squeeze(2) - own.logsumexp(dim=2)
            else:
                error = (values - own.squeeze(2)) * torch.exp(-self._log_scale)
                picked = -0.5 * (error.square() + LOG_2PI) - self._log_scale
            if counts is not None:
                picked = torch.where(counts[:, block.columns], picked, 0.0)
            total = total + picked.sum(dim=1)
        return total

    def draw(self, outputs, rng):
        """Rows from the distribution of each column.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_outputs)
        rng : torch.Generator

        Returns
        -------
        rows : Tensor of shape (n_rows, n_columns)
        """
        rows = outputs.new_empty(len(outputs), self.layout.n_columns)
        for block, own in self.layout.parts(outputs):
            if block.n_levels:
                # The largest logit with Gumbel noise is a draw of the softmax.
                drawn = (own + gumbel_like(own, rng)).argmax(dim=2).to(rows.dtype)
            else:
                own = own.squeeze(2)
                drawn = own + self._log_scale.exp() * normal_like(own, rng)
            rows[:, block.columns] = drawn
        return rows

    @property
    def _log_scale(self):
        return self.log_scale.clamp(min=LEAST_LOG_SCALE)


def normal_like(tensor, rng):
    """Standard normal numbers of the same shape, kind and device."""
    return torch.randn(
        tensor.shape, generator=rng, dtype=tensor.dtype, device=tensor.device
    )


def gumbel_like(tensor, rng):
    """Standard Gumbel numbers of the same shape, kind and device."""
    # Two logarithms of uniform numbers are quicker than an exponential and one.
    uniform = torch.rand(
        tensor.shape, generator=rng, dtype=tensor.dtype, device=tensor.device
    )
    return -uniform.clamp_(min=LEAST_UNIFORM).log_().neg_().log_()
