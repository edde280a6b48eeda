"""Values for ``sampling_strategy``: callables from labels to rows wanted per class."""

from dataclasses import dataclass
from numbers import Real

import numpy as np


@dataclass(frozen=True)
class enlarge:  # noqa: N801 - reads as a verb, like functools.partial
    """Multiply the rows of every class, and leave their balance as it is.

    Picklable, for the ``sampling_strategy`` of any over-sampler, ours or
    imbalanced-learn's.

    Parameters
    ----------
    factor : float
        Rows wanted for each row there is; at least 1. Rounded class by class.

    Raises
    ------
    ValueError
        Where the factor is below 1.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.augmentation import enlarge
    >>> from skgendisc.joint import LDASampler
    >>> X, y = load_iris(return_X_y=True)
    >>> LDASampler(sampling_strategy=enlarge(3)).fit_resample(X, y)[0].shape
    (450, 4)
    """

    factor: float

    def __post_init__(self):
        if not _is_number(self.factor) or not 1 <= self.factor < np.inf:
            raise ValueError(
                f"enlarge only adds rows: factor must be a number of at least 1, got "
                f"{self.factor!r}. enlarge(2) doubles every class."
            )

    def __call__(self, y):
        """Rows wanted of each class.

        Parameters
        ----------
        y : ndarray of shape (n_samples,)

        Returns
        -------
        wanted : dict
            From label to number of rows, the real ones among them.
        """
        labels, counts = np.unique(y, return_counts=True)
        wanted = np.rint(self.factor * counts).astype(int)
        return dict(zip(labels.tolist(), wanted.tolist(), strict=True))


@dataclass(frozen=True)
class balance:  # noqa: N801 - reads as a verb, like functools.partial
    """Raise every class to a fraction of the largest one, however many there are.

    Classes that already have as many rows stay as they are. Picklable, for the
    ``sampling_strategy`` of any over-sampler, ours or imbalanced-learn's.

    Parameters
    ----------
    ratio : float, default=1.0
        Rows wanted for each row of the largest class, in (0, 1]. Rounded class by
        class.

    Raises
    ------
    ValueError
        Where the ratio is not in (0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.augmentation import balance
    >>> balance(0.5)(np.repeat(["a", "b", "c"], [100, 60, 5]))
    {'a': 100, 'b': 60, 'c': 50}
    """

    ratio: float = 1.0

    def __post_init__(self):
        if not _is_number(self.ratio) or not 0 < self.ratio <= 1:
            raise ValueError(
                "balance raises classes to a fraction of the largest one: ratio must "
                f"be a number in (0, 1], got {self.ratio!r}. balance(1.0) makes all "
                "classes equal; enlarge(factor) goes beyond."
            )

    def __call__(self, y):
        """Rows wanted of each class.

        Parameters
        ----------
        y : ndarray of shape (n_samples,)

        Returns
        -------
        wanted : dict
            From label to number of rows, the real ones among them.
        """
        labels, counts = np.unique(y, return_counts=True)
        wanted = np.maximum(counts, np.rint(self.ratio * counts.max()).astype(int))
        return dict(zip(labels.tolist(), wanted.tolist(), strict=True))


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
