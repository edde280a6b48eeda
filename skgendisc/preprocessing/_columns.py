"""One column of a table: its gaps, what it holds, and the scale it stands on."""

from dataclasses import dataclass

import numpy as np

from skgendisc.preprocessing._cells import (
    PRESENT,
    append_cells,
    describe,
    find_gaps,
    kind_of,
    take,
    without_gaps,
)
from skgendisc.preprocessing._contents import (
    Levels,
    Moments,
    Reals,
    TruthValues,
    WholeNumbers,
)
from skgendisc.preprocessing._scales import (
    Mode,
    Nothing,
    OneHot,
    QuantileNormal,
    Standard,
)
from skgendisc.utils.frames import cut_for_rate

CONTENTS = {
    "continuous": Reals,
    "integer": WholeNumbers,
    "boolean": TruthValues,
    "datetime": Moments,
    "duration": Moments,
}
# Kinds whose cells can be read as each other's, as chunks of a file may ask for.
NUMBERS = ["continuous", "integer", "boolean"]
ALIKE = dict.fromkeys(NUMBERS, NUMBERS)
SCALES = {"standard": Standard, "quantile-normal": QuantileNormal, "mode": Mode}


@dataclass(frozen=True)
class Column:
    """A fitted column: cells to a block of floats, and back.

    Parameters
    ----------
    kind : str
    content : object of ``_contents`` or None
        Cells as numbers; None for a column without any.
    scale : object of ``_scales``
        Numbers in the block.
    flavours : ndarray of shape (n_flavours,)
        Of the gaps in the training cells; each has an indicator.
    gaps : Series or ndarray of shape (n_flavours,)
        A gap of each flavour.
    cuts : ndarray of shape (n_flavours,)
        Where an indicator begins to mean a gap.
    """

    kind: str
    content: object
    scale: object
    flavours: np.ndarray
    gaps: object
    cuts: np.ndarray

    @classmethod
    def fit(cls, cells, *, categorical, numeric, categories, max_categories, kind=None):
        """Learn a column.

        Parameters
        ----------
        cells : Series or ndarray of shape (n_samples,)
        categorical : bool or None
            Whether its values are declared levels; None leaves it to their dtype.
        numeric, categories, max_categories
            As in :class:`TableEncoder`.
        kind : str, default=None
            What its values are declared to be; None leaves it to their dtype.

        Returns
        -------
        column : Column
        """
        flavour = find_gaps(cells)
        flavours, firsts, counts = np.unique(
            flavour, return_index=True, return_counts=True
        )
        is_gap = flavours != PRESENT
        gaps = take(cells, firsts[is_gap])
        present = without_gaps(cells, flavour)
        kind, content = content_of(present, categorical, max_categories, kind)
        if kind == "missing":
            scale = Nothing()
        elif kind == "categorical" and categories == "one-hot":
            codes = content.read(present).astype(np.intp)
            rate = np.bincount(codes, minlength=len(content.names)) / len(codes)
            scale = OneHot(content.names, cut_for_rate(rate))
        elif kind in ("categorical", "boolean"):
            scale = Standard()
        else:
            scale = SCALES[numeric].fit(content.read(present), content.grid)
        cuts = cut_for_rate(counts[is_gap] / len(cells))
        return cls(kind, content, scale, flavours[is_gap], gaps, cuts)

    @property
    def n_gaps(self):
        return len(self.flavours)

    @property
    def names(self):
        """What follows the column's name in the names of the block's columns."""
        gaps = ["_missing", "_nan"] if self.n_gaps == 2 else ["_missing"] * self.n_gaps
        return [*self.scale.names, *gaps]

    def encode(self, cells, block, *, ignore_unknown=False):
        """Write cells into a block of zeros, of shape (n_samples, len(names)).

        What is unknown and to be ignored leaves its zeros.
        """
        flavour = find_gaps(cells)
        rows = np.flatnonzero(flavour == PRESENT)
        if len(rows) < len(cells):
            if self.n_gaps or not ignore_unknown:
                self._encode_gaps(flavour, block)
            cells = take(cells, rows)
        if ignore_unknown and self.kind == "categorical" and self.content.rare is None:
            known = np.flatnonzero(self.content.look_up(cells) >= 0)
            rows, cells = rows[known], take(cells, known)
        if len(rows):
            self._check_kind(kind_of(cells), cells)
            self.scale.encode(self.content.read(cells), rows, block)

    def decode(self, block, rng):
        """Cells of a block of any finite floats."""
        width = block.shape[1] - self.n_gaps
        block, gap = block[:, :width], block[:, width:]
        if self.content is None:
            return take(self.gaps, gap.argmax(axis=1))
        cells = self.content.write(self.scale.decode(block), rng)
        if not self.n_gaps:
            return cells
        gap = gap - self.cuts
        missing = gap.max(axis=1) >= 0
        gap = len(block) + gap.argmax(axis=1)  # its row, once appended
        rows = np.where(missing, gap, np.arange(len(block)))
        return take(append_cells(cells, self.gaps), rows)

    def _encode_gaps(self, flavour, block):
        if not self.n_gaps:
            raise ValueError(
                "has missing cells, but had none in fit. Fit on rows that show them, "
                "or fill them first."
            )
        rows = np.flatnonzero(flavour != PRESENT)
        # A flavour that was not seen in fit is a gap like any other.
        known = np.searchsorted(self.flavours, flavour[rows]) % self.n_gaps
        block[rows, block.shape[1] - self.n_gaps + known] = 1.0

    def _check_kind(self, kind, cells):
        if self.kind == "missing":
            raise ValueError(
                "has values, but had none in fit. Fit on rows that show them, or leave "
                "the column out."
            )
        if self.kind != "categorical" and kind not in ALIKE.get(self.kind, [self.kind]):
            raise ValueError(
                f"holds {describe(cells)}, but was {self.kind} in fit. Give it the "
                "dtype that it had there."
            )


def content_of(cells, categorical, max_categories=None, declared=None):
    """Kind of a column, and how its cells are numbers.

    Parameters
    ----------
    cells : Series or ndarray of shape (n_present,)
        Without gaps.
    categorical : bool or None
        Whether its values are declared levels; None leaves it to their dtype.
    max_categories : int, default=None
    declared : str, default=None
        Kind of the column, where it is not that of the dtype.

    Returns
    -------
    kind : str
    content : object of ``_contents`` or None
        None for a column without values.
    """
    kind = kind_of(cells)
    if kind == "missing":
        return kind, None
    if declared == "categorical":
        categorical = True
    elif declared is not None and declared != kind:
        if kind not in NUMBERS or declared not in ("integer", "boolean"):
            raise ValueError(
                f"holds {describe(cells)} and is {kind}: it cannot be declared "
                f"{declared!r}. Numbers can be declared 'integer' or 'boolean', and "
                "any column 'categorical'."
            )
        kind = declared
    if kind == "categorical" and categorical is False:
        raise ValueError(
            f"holds {describe(cells)}, but is not in categorical_features, and words "
            "can only be levels. Add it there, or leave "
            'categorical_features="from_dtype".'
        )
    if kind == "categorical" or categorical:
        return "categorical", Levels.of(cells, max_categories)
    if kind in CONTENTS:
        return kind, CONTENTS[kind].of(cells)
    raise ValueError(
        f"holds {describe(cells)}, which has no place in a float matrix. Turn it into "
        "numbers, words, booleans or datetimes, or leave it out."
    )
