"""Rows in memory, cut into batches: whole tensors, not row by row."""

import numpy as np
import torch
from torch.utils.data import Dataset, Subset


class RowDataset(Dataset):
    """Rows and their classes as tensors, converted once.

    Parameters
    ----------
    X : array-like or Tensor of shape (n_rows, n_columns)
    y : array-like or Tensor of shape (n_rows,), default=None
        Numbers of classes; all 0 where None.
    """

    def __init__(self, X, y=None):
        self.X = _tensor(X, torch.float32)
        self.y = _tensor(np.zeros(len(self.X)) if y is None else y, torch.long)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

    def to(self, device):
        """The same on a device."""
        return RowDataset(self.X.to(device), self.y.to(device))


class RowBatches:
    """Batches of a :class:`RowDataset`, all as large to within a row.

    Stands in for torch's DataLoader, which gathers rows one by one and takes longer
    than the networks do.

    Parameters
    ----------
    dataset : RowDataset or Subset of one
    batch_size : int, default=500
        About so many rows; -1 for all.
    shuffle : bool, default=False
        Whether each pass takes the rows in a new order.
    class_balance : float, default=0.0
        With 0, each pass takes each row once; with more, rows are drawn, and those of
        a class so often as its share of the rows, to the power of one less this.
    multiple_of : int, default=1
        Batches have a multiple of so many rows: some are drawn again.
    telling : Telling, default=None
        Tells of a category of each row beside its class.
    """

    def __init__(
        self,
        dataset,
        batch_size=500,
        shuffle=False,
        class_balance=0.0,
        multiple_of=1,
        telling=None,
    ):
        if isinstance(dataset, Subset):
            dataset = RowDataset(*dataset.dataset[list(dataset.indices)])
        self.dataset = dataset
        self.shuffle = shuffle
        self.class_balance = class_balance
        self.multiple_of = multiple_of
        self.telling = telling
        n_rows = len(self.dataset)
        batch_size = n_rows if batch_size < 0 else min(batch_size, n_rows)
        self.n_batches = max(round(n_rows / max(batch_size, 1)), 1)
        self.rng = None

    def __len__(self):
        return self.n_batches

    def __iter__(self):
        X, y = self.dataset.X, self.dataset.y
        if self.shuffle:
            # On the CPU, so that all devices see the rows in the same order.
            order = self._order().to(X.device)
            X, y = X[order], y[order]
        if self.telling is not None:
            y = self.telling.tell(X, y)
        chunks = X.tensor_split(self.n_batches), y.tensor_split(self.n_batches)
        return zip(*chunks, strict=True)

    def _order(self):
        """Numbers of the rows of a pass, in the order of their batches."""
        y = self.dataset.y.cpu()
        n_rows = len(y)
        order = torch.randperm(n_rows, generator=self.rng)
        weight = torch.bincount(y).double() ** -self.class_balance
        if self.telling is not None:
            order = self.telling.order(self.dataset.X.cpu(), y, weight, self.rng)
        elif self.class_balance:
            order = torch.multinomial(weight[y], n_rows, True, generator=self.rng)
        step = self.n_batches * self.multiple_of
        if self.multiple_of > 1:
            extra = -n_rows % step
            order = order.repeat(1 + extra // n_rows + 1)[: n_rows + extra]
        return order


def _tensor(values, dtype):
    """A tensor; of an array that must not be written a copy, as torch cannot say no."""
    if isinstance(values, np.ndarray) and not values.flags.writeable:
        values = values.copy()
    return torch.as_tensor(values, dtype=dtype)
