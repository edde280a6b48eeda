"""Conditional vectors: which category of a row the networks are told, beside its class.

Class and category are one number, so that modules, batches and losses handle both as
they do the class: the class, times as many outputs as a generator writes, and the place
of the category among these.
"""

import numpy as np
import torch

from skgendisc.numerics import draw_categorical

# Added to the logit of a level that was told: no other is drawn, and gradients ask for
# none. Xu et al. (2019) have a cross-entropy teach it the generator.
SURE = 30.0


class Telling:
    """Tells levels of all categories in turn, the rare ones more often than they come.

    Parameters
    ----------
    layout : RowLayout
    balance : float
        Rows of a level are seen as often as its share of the class, to the power of
        one less this.
    """

    def __init__(self, layout, balance):
        self.columns, self.first = layout.categories
        self.n_places = layout.n_outputs
        self.balance = balance

    def order(self, rows, y, of_class, rng):
        """Numbers of rows of a pass: at each place one that is good to be told of.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)
        y : Tensor of shape (n_rows,)
        of_class : Tensor of shape (n_classes,)
            Weight of a row of each class.
        rng : torch.Generator

        Returns
        -------
        order : Tensor of shape (n_rows,)
        """
        order = torch.empty(len(y), dtype=torch.long)
        of_class = of_class * torch.bincount(y)
        for turn, column in enumerate(self.columns):
            pair = y * self.n_places + rows[:, column].long()
            weight = torch.bincount(pair)[pair].double() ** -self.balance
            # The classes' shares stay as they are.
            weight *= (of_class / torch.bincount(y, weight))[y]
            own = order[turn :: len(self.columns)]
            if len(own):
                own[:] = torch.multinomial(weight, len(own), True, generator=rng)
        return order

    def tell(self, rows, y):
        """Classes, with a level of the row that is at that place of a pass.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)
        y : Tensor of shape (n_rows,)

        Returns
        -------
        y : Tensor of shape (n_rows,)
        """
        place = torch.arange(len(rows), device=rows.device)
        turn = place % len(self.columns)
        columns, first = (
            torch.as_tensor(array, device=rows.device)[turn]
            for array in (self.columns, self.first)
        )
        return y * self.n_places + first + rows[place, columns].long()

    def shares(self, rows, y, n_classes, before):
        """How often levels are to be told of drawn rows: as often as there are such.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
        y : ndarray of shape (n_rows,)
        n_classes : int
        before : ndarray of shape (n_classes, n_places) or None
            Kept for classes without rows; None gives these the shares of all rows.

        Returns
        -------
        shares : ndarray of shape (n_classes, n_places)
            Of each class they sum to one.
        """
        places = rows[:, self.columns].astype(np.intp) + self.first

        def share(places):
            return np.bincount(places.ravel(), minlength=self.n_places) / places.size

        shares = np.tile(share(places), (n_classes, 1)) if before is None else before
        for k in np.unique(y):
            shares[k] = share(places[y == k])
        return shares

    def draw(self, y, shares, rng):
        """Classes, with a level drawn for each.

        Parameters
        ----------
        y : ndarray of shape (n_rows,)
        shares : ndarray of shape (n_classes, n_places)
        rng : numpy.random.Generator

        Returns
        -------
        y : ndarray of shape (n_rows,)
        """
        told = np.empty_like(y)
        for k in np.unique(y):
            own = np.flatnonzero(y == k)
            told[own] = draw_categorical(shares[k], len(own), rng)
        return y * self.n_places + told

    def obey(self, outputs, y):
        """Outputs of a generator that are sure of what it was told.

        Parameters
        ----------
        outputs : Tensor of shape (n_rows, n_places)
        y : Tensor of shape (n_rows,)

        Returns
        -------
        outputs : Tensor of shape (n_rows, n_places)
        """
        place = (y % self.n_places)[:, None]
        return outputs.scatter_add(1, place, outputs.new_full(place.shape, SURE))
