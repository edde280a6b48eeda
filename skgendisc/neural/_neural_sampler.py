"""What samplers around a net share: one loop of fitting, going on, and drawing."""

import inspect
import math
from abc import abstractmethod
from numbers import Integral, Real

import numpy as np
import torch
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from skgendisc.exceptions import NotEnoughRowsError
from skgendisc.neural._callbacks import SampleQuality
from skgendisc.neural._checkpoint import Checkpoint
from skgendisc.neural._layout import RowLayout
from skgendisc.neural._net import torch_threads
from skgendisc.neural._row_coder import RowCoder
from skgendisc.preprocessing import MixedTableSampler
from skgendisc.preprocessing._cells import names_of
from skgendisc.utils._sklearn import Interval, StrOptions, fit_context
from skgendisc.utils.random_state import draw_seed
from skgendisc.utils.validation import check_known_classes, encode_labels

# Parameters that a net has as well: they are for the default one.
OF_NET = ("latent_dim", "hidden_units", "max_epochs", "batch_size", "lr", "image_shape")
# Rows of a batch with batch_size="auto": a tenth of all, within these.
BATCH_PART, BATCH_SIZES = 10, (32, 500)
# Steps with max_epochs="auto", at least, of tables.
LEAST_STEPS = 1500
# Rows that judge, at least: fewer tell nothing.
LEAST_HELD_OUT = 20

COUNT_OR_AUTO = [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})]


class NeuralSampler(MixedTableSampler):
    """Base of samplers around a skorch net.

    A member says what its default net is (``_default_net``).
    """

    _parameter_constraints = {
        **MixedTableSampler._parameter_constraints,
        "net": [object, None],
        "latent_dim": [Interval(Integral, 1, None, closed="left")],
        "hidden_units": ["array-like"],
        "max_epochs": COUNT_OR_AUTO,
        "batch_size": COUNT_OR_AUTO,
        "lr": [Interval(Real, 0, None, closed="neither")],
        "image_shape": ["array-like", None],
        "device": [str],
        "callbacks": [list, None],
        "checkpoint": [str, object, None],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
    }

    # --------------------------------------------------------------------- fitting

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Fit the model; with ``warm_start``, go on from what was learned before.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Numbers, words, truth values, datetimes; gaps are learned too.
        y : array-like of shape (n_samples,), default=None
            Labels; None models p(x) alone.

        Returns
        -------
        self : object
        """
        if not (self.warm_start and hasattr(self, "net_")):
            return super().fit(X, y)
        values, labels = self._check_training_data(X, y, reset=False)
        index = self._known_index(labels, len(values))
        self._train(values, index, self._generator(None), epochs=self._epochs_of(index))
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, classes=None):
        """Go on training with one pass over some rows.

        The first call learns from its rows what the columns are like; later ones may
        hold no other categories.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Labels.
        classes : array-like of shape (n_classes,), default=None
            All labels there will be; None takes those of the first call.

        Returns
        -------
        self : object
        """
        started = hasattr(self, "net_")
        values, labels = self._check_training_data(X, y, reset=not started)
        if not started:
            self.classes_ = None
            if y is not None:
                self.classes_ = np.unique(labels if classes is None else classes)
            index = self._known_index(labels, len(values))
            self._start(values, index)
        else:
            if classes is not None:
                check_known_classes(classes, self.classes_)
            index = self._known_index(labels, len(values))
            self._set_prior(self._class_counts + self._counts(index))
        self._train(values, index, self._generator(None), epochs=1)
        return self

    def fine_tune(self, X, y=None, *, freeze=0, lr=None, max_epochs=None):
        """Adapt the fitted model to another, small table with the same columns.

        Training goes on from the weights there are, with a new optimizer. Labels may
        be new: a new class begins as the mean of those there were.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            With the columns of the table of :meth:`fit`, and no other categories.
        y : array-like of shape (n_samples,), default=None
            Labels, where fitted with labels.
        freeze : int, default=0
            First layers that keep their weights, of the discriminator (Mo, Cho & Shin
            2020, FreezeD) or of the encoder. On tables the first layer is what knows
            the columns, and freezing it did harm or nothing.
        lr : float, default=None
            None takes that of the fit.
        max_epochs : int, default=None
            None takes that of the fit.

        Returns
        -------
        self : object
            ``class_prior_`` is now that of this table; classes that are not in it can
            still be asked for.

        Examples
        --------
        >>> from sklearn.datasets import load_iris
        >>> from skgendisc.neural import VAESampler
        >>> X, y = load_iris(return_X_y=True)
        >>> vae = VAESampler(max_epochs=5, random_state=0).fit(X[y < 2], y[y < 2])
        >>> vae.fine_tune(X[y == 2], y[y == 2], max_epochs=5).classes_
        array([0, 1, 2])
        """
        self._check_is_fitted()
        values, labels = self._check_training_data(X, y, reset=False)
        rng = self._generator(None)
        if (labels is None) != (self.classes_ is None):
            raise ValueError(
                "fine_tune needs labels where fit had them, and none where it had none."
                " Give y as in fit."
            )
        if labels is not None:
            classes = np.union1d(self.classes_, labels)
            self.net_.widen_classes(encode_labels(self.classes_, classes), len(classes))
            self.classes_ = classes
        index = self._known_index(labels, len(values))
        self._set_prior(self._counts(index))
        self.net_.start_again(draw_seed(rng), freeze=freeze, lr=lr)
        epochs = self._epochs_of(index) if max_epochs is None else max_epochs
        self._train(values, index, rng, epochs=epochs)
        return self

    def _fit(self, X, y):
        rng = self._start(X, y)
        self._train(X, y, rng, epochs=None)

    def _start(self, X, y):
        """Learn the columns, and make the net."""
        rng = self._generator(None)
        self._set_prior(self._counts(y))
        net = self._make_net(y)
        self._coder = RowCoder.of(
            X, self._is_discrete, numbers=net.numbers, image_shape=net.image_shape
        )
        net.set_params(
            layout=RowLayout(self._coder.n_levels, self._coder.positions),
            n_classes=len(self._class_counts),
            random_state=draw_seed(rng),
        )
        self.net_ = net
        return rng

    def _train(self, X, y, rng, *, epochs):
        """Train the net on rows: anew with ``epochs=None``, else go on."""
        rows = self._encode(X)
        held_out = self._hold_out(y, rng)
        self.net_.held_out_ = (rows[held_out], y[held_out])
        rows, y = rows[~held_out], y[~held_out]
        with torch_threads(self.net_.n_threads):
            if epochs is None:
                self.net_.fit(rows, y)
            else:
                self.net_.partial_fit(rows, y, epochs=epochs)
        self.net_.held_out_ = None  # a fitted sampler carries no real rows

    def _make_net(self, y):
        """A clone of the net that was given, or the default one."""
        own = inspect.signature(type(self)).parameters
        set_beside = [
            name
            for name in (*OF_NET, *self._of_net)
            if getattr(self, name) is not own[name].default
            and getattr(self, name) != own[name].default
        ]
        watching = self._watching()
        if self.net is not None:
            if set_beside:
                raise ValueError(
                    f"{', '.join(set_beside)} set beside a net, which has its own: "
                    f"give them to {type(self.net).__name__}, or as "
                    f"{', '.join(f'net__{name}' for name in set_beside)}, or leave "
                    "net=None."
                )
            net = clone(self.net)
            watching = [*(net.callbacks or []), *watching]
        else:
            net = self._default_net()
            net.set_params(
                latent_dim=self.latent_dim,
                hidden_units=tuple(self.hidden_units),
                lr=self._lr(),
                batch_size=self._batch_size_of(len(y)),
                max_epochs=self._epochs_of(y),
                image_shape=self._image_shape(),
                **{name: getattr(self, name) for name in self._of_net},
            )
        return net.set_params(
            callbacks=watching,
            device=resolve_device(self.device),
            verbose=self.verbose,
        )

    def _watching(self):
        """Callbacks that the parameters ask for."""
        watching = list(self.callbacks or [])
        if self.early_stopping and not any(
            isinstance(callback, SampleQuality) for callback in watching
        ):
            watching.append(SampleQuality())
        if isinstance(self.checkpoint, Checkpoint):
            watching.append(self.checkpoint)
        elif self.checkpoint is not None:
            watching.append(Checkpoint(self.checkpoint))
        return watching

    def _batch_size_of(self, n_rows):
        if self.batch_size != "auto":
            return self.batch_size
        return int(np.clip(n_rows // BATCH_PART, *self._batch_sizes))

    def _epochs_of(self, y):
        """Passes over the rows that are asked for, or that make enough steps."""
        if self.net is not None:
            return self.net.max_epochs
        if self.max_epochs != "auto":
            return self.max_epochs
        steps_of_pass = max(round(len(y) / self._batch_size_of(len(y))), 1)
        n_steps = max(self._least_steps, self._steps_per_root * np.sqrt(len(y)))
        return math.ceil(n_steps / steps_of_pass)

    def _hold_out(self, y, rng):
        """Rows that only judge: a fraction of each class, where one is needed."""
        marked = np.zeros(len(y), dtype=bool)
        if not self.early_stopping:
            return marked
        for k in np.unique(y):
            rows = rng.permutation(np.flatnonzero(y == k))
            marked[rows[: int(self.validation_fraction * len(rows))]] = True
        if marked.sum() < LEAST_HELD_OUT:
            raise NotEnoughRowsError(
                f"early_stopping needs {LEAST_HELD_OUT} rows to judge by, and "
                f"validation_fraction={self.validation_fraction} of each class are "
                f"{marked.sum()}. Raise it, give more rows, or set "
                "early_stopping=False."
            )
        return marked

    def _counts(self, y):
        n_classes = 1 if self.classes_ is None else len(self.classes_)
        return np.bincount(y, minlength=n_classes)

    def _set_prior(self, counts):
        """Of the rows of each class that the prior is to tell of."""
        self._class_counts = counts
        self.class_prior_ = counts / counts.sum()

    def _known_index(self, labels, n_rows):
        if self.classes_ is None:
            return np.zeros(n_rows, dtype=np.intp)
        if labels is None:
            raise ValueError(
                "y is None, but this sampler was fitted with labels. Give y, or fit a "
                "clone without."
            )
        return encode_labels(labels, self.classes_)

    def _encode(self, X):
        """Rows for the net; a value that it cannot know is named."""
        rows = self._coder.encode(X)
        strange = np.flatnonzero(self._coder.has_unknown(rows))
        if len(strange):
            names = names_of(self._table_format.empty)
            raise ValueError(
                "the table holds categories or gaps that were not seen in fit, in the "
                f"columns {[names[j] for j in strange]}. Leave these rows out, or fit "
                "to all rows."
            )
        return rows

    # --------------------------------------------------------------------- drawing

    def _draw(self, y, rng):
        with torch_threads(self.net_.n_threads):
            return self._coder.decode(self.net_.draw(y, rng), rng)

    @property
    def history_(self):
        """Losses, penalties, quality and seconds of each epoch, as a list of dicts."""
        check_is_fitted(self)
        return [
            {key: value for key, value in epoch.items() if key != "batches"}
            for epoch in self.net_.history
        ]

    def _image_shape(self):
        """Channels, height and width, or None."""
        if self.image_shape is None:
            return None
        shape = tuple(int(side) for side in self.image_shape)
        shape = (1, *shape) if len(shape) == 2 else shape
        if len(shape) != 3 or np.prod(shape) != self.n_features_in_:
            raise ValueError(
                f"image_shape={self.image_shape} has {np.prod(shape)} numbers, and a "
                f"row has {self.n_features_in_}. Give (height, width) or (channels, "
                "height, width) whose product is the number of columns."
            )
        return shape

    # ----------------------------------------------------------------- for members

    # Names of further parameters that the default net has as well.
    _of_net = ()
    # Steps with max_epochs="auto", at least, and for each square root of the number of
    # rows; fewest and most rows of one with batch_size="auto".
    _least_steps = LEAST_STEPS
    _steps_per_root = 20
    _batch_sizes = BATCH_SIZES

    def _lr(self):
        """Learning rate of the default net."""
        return self.lr

    @abstractmethod
    def _default_net(self):
        """The net where none is given."""


def resolve_device(device):
    """The device of that name, or the best there is for "auto".

    Parameters
    ----------
    device : str
        "cpu", "cuda", "cuda:1", "mps", "auto".

    Returns
    -------
    device : str

    Raises
    ------
    ValueError
        Where it is not there.
    """
    kinds = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if device == "auto":
        return next(kind for kind, is_there in kinds.items() if is_there)
    if not kinds.get(device.partition(":")[0], False):
        there = [kind for kind, is_there in kinds.items() if is_there]
        raise ValueError(
            f"device={device!r} is not there: this machine, and this build of torch, "
            f'have {there}. Take one of these, or "auto".'
        )
    return device
