"""What the nets of all samplers share: a training loop of few steps."""

import inspect
import math
import warnings
from contextlib import contextmanager

import numpy as np
import torch
from skorch import NeuralNet
from skorch.callbacks import Callback, EpochTimer
from skorch.history import History
from torch import nn

from skgendisc.exceptions import TrainingWarning
from skgendisc.neural._callbacks import EpochBar
from skgendisc.neural._layout import RowLayout
from skgendisc.neural._modules import LabelEmbedding
from skgendisc.neural._rows import RowBatches, RowDataset
from skgendisc.utils.random_state import as_generator

# Rows that are drawn at once: bounds the memory of what the networks write.
BLOCK_ROWS = 4096


class SamplerNet(NeuralNet):
    """A skorch net that learns to draw rows.

    It trains as skorch's do, with callbacks, history and ``set_params``, but in steps
    over whole tensors: batches are slices, and a batch tells callbacks of itself only
    where one listens. Every epoch has random numbers of its own, made of the seed and
    the epoch's number alone, so that training which goes on later is the same.

    A module is given, by name, whatever its constructor asks for among ``layout``,
    ``n_classes``, ``n_inputs``, ``n_outputs``, ``hidden_units`` and ``image_shape``;
    parameters such as ``module__activation`` come on top.
    """

    def __init__(
        self,
        module,
        criterion,
        *,
        optimizer=torch.optim.Adam,
        lr=1e-3,
        lr_schedule="cosine",
        latent_dim=16,
        hidden_units=(256, 256),
        image_shape=None,
        max_epochs=20,
        batch_size=500,
        class_balance=0.5,
        n_threads=1,
        layout=None,
        n_classes=None,
        random_state=None,
        dataset=RowDataset,
        iterator_train=RowBatches,
        iterator_valid=RowBatches,
        train_split=None,
        verbose=0,
        **kwargs,
    ):
        super().__init__(
            module,
            criterion,
            optimizer=optimizer,
            lr=lr,
            max_epochs=max_epochs,
            batch_size=batch_size,
            dataset=dataset,
            iterator_train=iterator_train,
            iterator_valid=iterator_valid,
            train_split=train_split,
            verbose=verbose,
            **kwargs,
        )
        self.lr_schedule = lr_schedule
        self.class_balance = class_balance
        self.latent_dim = latent_dim
        self.hidden_units = hidden_units
        self.image_shape = image_shape
        self.n_threads = n_threads
        self.layout = layout
        self.n_classes = n_classes
        self.random_state = random_state

    # Attributes that count, and that training which goes on must know.
    _counters = ()

    # -------------------------------------------------------------- from skorch

    def get_params(self, deep=True, **kwargs):
        """Parameters and their values.

        Parameters
        ----------
        deep : bool, default=True
            Whether those of callbacks are among them.
        **kwargs : dict
            For skorch.

        Returns
        -------
        params : dict
        """
        params = super().get_params(deep=deep, **kwargs)
        # A set of skorch's own, which a repr would show in another order in each run.
        params.pop("_params_to_validate", None)
        return params

    def fit(self, X, y=None, **fit_params):
        """Start anew, and train.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns)
            Codes of levels, and numbers; where ``layout`` is None all are numbers.
        y : ndarray of shape (n_rows,), default=None
            Numbers of classes.
        **fit_params : dict
            For skorch.

        Returns
        -------
        self : object
        """
        self._learn_shape(X, y)
        return super().fit(X, y, **fit_params)

    def partial_fit(self, X, y=None, classes=None, **fit_params):
        """Go on training.

        Parameters
        ----------
        X, y : ndarray
            As in :meth:`fit`.
        classes : array-like, default=None
            Not used.
        **fit_params : dict
            For skorch; ``epochs`` says for how many, ``max_epochs`` otherwise.

        Returns
        -------
        self : object
        """
        if not self.initialized_:
            self._learn_shape(X, y)
        super().partial_fit(X, y, classes, **fit_params)
        self.prepare_to_draw(X, y)
        return self

    def _learn_shape(self, X, y):
        """What the modules must know of the rows."""
        self.layout_ = self.layout
        if self.layout is None:
            self.layout_ = RowLayout([0] * X.shape[1])
        self.n_classes_ = self.n_classes
        if self.n_classes is None:
            self.n_classes_ = 1 if y is None else int(np.max(y)) + 1
        self._log_share = self.layout_.log_shares(X)

    def initialize(self):
        """Make modules and optimizers; torch's own random state stays as it was.

        Returns
        -------
        self : object
        """
        self.seed_ = int(as_generator(self.random_state).integers(2**62))
        with self._seeded(0):
            return super().initialize()

    def get_iterator(self, dataset, training=False):
        """Batches of a dataset, on the device.

        Parameters
        ----------
        dataset : Dataset
        training : bool, default=False
            Whether in random order, with rare classes more often.

        Returns
        -------
        iterator : RowBatches
        """
        batches = super().get_iterator(dataset, training)
        if isinstance(batches, RowBatches):
            batches.dataset = batches.dataset.to(self.device)
            batches.shuffle = training
            batches.class_balance = self.class_balance
            batches.multiple_of = getattr(self, "pack", 1)
        return batches

    def fit_loop(self, X, y=None, epochs=None, **fit_params):
        """Train for some epochs.

        Parameters
        ----------
        X, y : ndarray
            As in :meth:`fit`.
        epochs : int, default=None
            None takes ``max_epochs``.
        **fit_params : dict
            Not used.

        Returns
        -------
        self : object
        """
        self.check_data(X, y)
        self.check_training_readiness()
        train, valid = self.get_split_datasets(X, y)
        datasets = {"dataset_train": train, "dataset_valid": valid}
        batches = self.get_iterator(train, training=True)
        valid = None if valid is None else self.get_iterator(valid)
        self.n_epochs_ = self.max_epochs if epochs is None else epochs
        self.n_epochs_done_ = self.__dict__.pop("resume_at_", 0)
        self.stops_ = self.__dict__.pop("resume_stopped_", False)
        with torch_threads(self.n_threads):
            while self.n_epochs_done_ < self.n_epochs_ and not self.stops_:
                before = self.snapshot()
                try:
                    self.notify("on_epoch_begin", **datasets)
                    self._run_epoch(batches, valid)
                except KeyboardInterrupt:
                    self.restore(before)
                    del self.history[-1]
                    self._warn_of_interrupt()
                    break
                if not self._is_finite():
                    self.restore(before)
                    self._warn_of_divergence()
                    break
                self.n_epochs_done_ += 1
                self.notify("on_epoch_end", **datasets)
        return self

    def _run_epoch(self, batches, valid):
        number = len(self.history)
        with self._seeded(number):
            self._set_training(True)
            self.run_single_epoch(batches, True, "train", self.train_step)
        with self._seeded(number):
            self._set_training(False)
            self.run_single_epoch(valid, False, "valid", self.validation_step)

    def run_single_epoch(self, iterator, training, prefix, step_fn, **fit_params):
        """Take all steps of an epoch, and record the mean of what each tells.

        Parameters
        ----------
        iterator : RowBatches or None
        training : bool
        prefix : {"train", "valid"}
            Begins the names in the history.
        step_fn : callable
            Takes a batch, gives a dict of tensors of one number.
        **fit_params : dict
            Not used.
        """
        if iterator is None:
            return
        if isinstance(iterator, RowBatches):
            iterator.rng = self._shuffling_rng
        listened = self._listened("on_batch_begin", "on_batch_end")
        told = {}  # sums, and how many rows they are of: not all is told at each step
        for number, batch in enumerate(iterator):
            if listened:
                self.notify("on_batch_begin", batch=batch, training=training)
            if training:
                self._schedule(self.n_epochs_done_ + number / len(iterator))
            step = step_fn(batch)
            if listened:
                self.notify("on_batch_end", batch=batch, training=training, **step)
            size = len(batch[0])
            for name, value in step.items():
                total, n_rows = told.get(name, (0.0, 0))
                told[name] = total + value.detach() * size, n_rows + size
        for name, (total, n_rows) in told.items():
            self.history.record(f"{prefix}_{name}", float(total) / n_rows)
        self.history.record(f"{prefix}_batch_count", len(iterator))

    @property
    def _default_callbacks(self):
        return [("epoch_timer", EpochTimer()), ("epoch_bar", EpochBar())]

    def get_default_callbacks(self):
        """Callbacks that every net has: a timer, and a bar with ``verbose``.

        Returns
        -------
        callbacks : list of (str, Callback)
        """
        return self._default_callbacks

    # ------------------------------------------------------------ steps and states

    def _step(self, name, loss):
        """One step of an optimizer down the gradient of a loss."""
        optimizer = getattr(self, f"{name}_")
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self._listened("on_grad_computed"):
            self.notify(
                "on_grad_computed",
                named_parameters=list(self.get_all_learnable_params()),
                training=True,
            )
        optimizer.step()

    def _schedule(self, epoch):
        """Set the learning rates for a moment of the training."""
        self.progress_ = epoch / self.n_epochs_
        if self.lr_schedule is None:
            return
        factor = 0.5 * (1.0 + math.cos(math.pi * self.progress_))
        for name in self._optimizers:
            for group in getattr(self, f"{name}_").param_groups:
                group.setdefault("initial_lr", group["lr"])
                group["lr"] = factor * group["initial_lr"]

    def snapshot(self):
        """Copies of all modules' parameters and buffers.

        Returns
        -------
        state : dict of str to Tensor
        """
        return {
            f"{name}/{key}": tensor.detach().clone()
            for name in (*self._modules, *self._criteria)
            for key, tensor in getattr(self, f"{name}_").state_dict().items()
        }

    def restore(self, state):
        """Take parameters and buffers back from :meth:`snapshot`.

        Parameters
        ----------
        state : dict of str to Tensor
        """
        for name in (*self._modules, *self._criteria):
            getattr(self, f"{name}_").load_state_dict(_under(state, name))

    def training_state(self):
        """All that training needs to go on: tensors, and plain values.

        Returns
        -------
        tensors : dict of str to Tensor
        plain : dict
            Fit for JSON.
        """
        tensors = self.snapshot()
        plain = {
            "seed": self.seed_,
            "n_epochs_done": self.n_epochs_done_,
            "stops": self.stops_,
            "counters": {name: getattr(self, name) for name in self._counters},
            "history": self.history.to_list(),
            "optimizers": {},
            "callbacks": {},
        }
        for name in self._optimizers:
            state = getattr(self, f"{name}_").state_dict()
            for number, of_weight in state["state"].items():
                for key, value in of_weight.items():
                    tensors[f"{name}/{number}/{key}"] = torch.as_tensor(value)
            plain["optimizers"][name] = state["param_groups"]
        for name, callback in self.callbacks_:
            if hasattr(callback, "set_state"):
                kept, plain["callbacks"][name] = callback.state()
                tensors |= {f"{name}/{key}": value for key, value in kept.items()}
        # Safetensors refuses tensors that share memory.
        tensors = {key: value.contiguous().clone() for key, value in tensors.items()}
        return tensors, plain

    def set_training_state(self, tensors, plain):
        """Go on from :meth:`training_state`.

        Parameters
        ----------
        tensors : dict of str to Tensor
        plain : dict
        """
        self.seed_ = plain["seed"]
        self.resume_at_ = plain["n_epochs_done"]
        self.resume_stopped_ = plain["stops"]
        vars(self).update(plain["counters"])
        self.history = History(plain["history"])
        self.restore(tensors)
        for name, groups in plain["optimizers"].items():
            state = {}
            for key, value in _under(tensors, name).items():
                number, _, key = key.partition("/")
                state.setdefault(int(number), {})[key] = value
            getattr(self, f"{name}_").load_state_dict(
                {"state": state, "param_groups": groups}
            )
        for name, callback in self.callbacks_:
            if name in plain["callbacks"]:
                callback.set_state(_under(tensors, name), plain["callbacks"][name])

    def prepare_to_draw(self, rows, y):
        """Do what drawing needs beyond the weights.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
            Those of training.
        y : ndarray of shape (n_rows,)
        """
        self._set_training(False)

    def widen_classes(self, places, n_classes):
        """Make room for more classes; new ones begin as the mean of the others.

        Parameters
        ----------
        places : ndarray of shape (n_classes_before,)
            New numbers of the classes that there are.
        n_classes : int
        """
        if n_classes == self.n_classes_:
            return
        for name in self._modules:
            module = getattr(self, f"{name}_")
            check_has_label(
                module, "new classes need", "only rows of the classes that there are"
            )
            module.label = module.label.widened(places, n_classes)
        self.n_classes_ = n_classes

    def start_again(self, seed, *, freeze=0, lr=None):
        """Prepare to go on with other rows: a new optimizer, some layers frozen.

        Parameters
        ----------
        seed : int
        freeze : int, default=0
            First layers of the module that sees rows, which keep their weights.
        lr : float, default=None
            None keeps the rate.
        """
        self.seed_ = seed
        if lr is not None:
            self.lr = lr
        names = (*self._modules, *self._criteria)
        for name in names:
            module = getattr(self, f"{name}_").requires_grad_(True)
            module.zero_grad(set_to_none=True)
        for layer in _layers(getattr(self, f"{self._sees_rows}_"))[:freeze]:
            layer.requires_grad_(False)
        self._initialize_optimizer(reason="")

    def get_all_learnable_params(self):
        """Names and parameters that are not frozen, of all modules.

        Returns
        -------
        named_parameters : iterator of (str, Parameter)
        """
        named = super().get_all_learnable_params()
        return ((name, weight) for name, weight in named if weight.requires_grad)

    def _is_finite(self):
        names = (*self._modules, *self._criteria)
        weights = [p for name in names for p in getattr(self, f"{name}_").parameters()]
        return all(bool(torch.isfinite(weight).all()) for weight in weights)

    def _listened(self, *events):
        """Whether a callback does something on one of these events."""
        return any(
            getattr(type(callback), event) is not getattr(Callback, event)
            for _, callback in self.callbacks_
            for event in events
        )

    def _build(self, name, **facts):
        """A module, given what its constructor asks for."""
        module = getattr(self, name)
        facts |= {
            "n_classes": self.n_classes_,
            "layout": self.layout_,
            "hidden_units": self.hidden_units,
            "image_shape": self.image_shape,
        }
        if isinstance(module, nn.Module):
            facts = {}  # it is made
        else:
            asked = inspect.signature(module).parameters
            facts = {key: value for key, value in facts.items() if key in asked}
        facts |= self.get_params_for(name)
        module = self.initialized_instance(module, facts)
        if hasattr(module, "start_at"):
            module.start_at(self._log_share)
        return module

    # ------------------------------------------------------------------ randomness

    @contextmanager
    def _seeded(self, epoch):
        """Random numbers of an epoch, for noise, for the order, for dropout."""
        state = np.random.SeedSequence([self.seed_, epoch]).generate_state(3, np.uint64)
        seeds = [int(word >> np.uint64(1)) for word in state]
        device = torch.device(self.device)
        self.rng = torch.Generator(device).manual_seed(seeds[0])
        self._shuffling_rng = torch.Generator().manual_seed(seeds[1])
        devices = [device] if device.type == "cuda" else []
        try:
            with torch.random.fork_rng(devices):
                torch.manual_seed(seeds[2])
                yield
        finally:
            del self.rng, self._shuffling_rng

    def torch_rng(self, rng):
        """Random numbers on the device, seeded by a draw of numpy's.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        rng : torch.Generator
        """
        seed = int(rng.integers(2**62))
        return torch.Generator(torch.device(self.device)).manual_seed(seed)

    def _tensors(self, values, y):
        """Values and classes as tensors on the device."""
        return (
            torch.as_tensor(values, dtype=torch.float32, device=self.device),
            torch.as_tensor(y, dtype=torch.long, device=self.device),
        )

    # -------------------------------------------------------------------- warnings

    def _warn_of_interrupt(self):
        warnings.warn(
            f"Training was interrupted after {self.n_epochs_done_} of {self.n_epochs_} "
            "epochs. What was learned until then is kept; fit with warm_start=True, or "
            "partial_fit, goes on.",
            TrainingWarning,
            stacklevel=2,
        )

    def _warn_of_divergence(self):
        if not self.n_epochs_done_:
            raise ValueError(
                "training diverged in its first epoch: weights became infinite or NaN. "
                f"Set a smaller lr (now {self.lr}), or look for extreme values in the "
                "columns."
            )
        warnings.warn(
            f"Training stopped: weights became infinite or NaN in epoch "
            f"{len(self.history)}. The state before it is kept; a smaller lr (now "
            f"{self.lr}) may help.",
            TrainingWarning,
            stacklevel=2,
        )


def check_has_label(module, what_needs, otherwise):
    """Raise where a module knows classes by something else than an embedding."""
    if not isinstance(getattr(module, "label", None), LabelEmbedding):
        raise ValueError(
            f"{what_needs} a module with a LabelEmbedding named label, which "
            f"{type(module).__name__} has not. Give it one, or {otherwise}."
        )


def _under(tensors, name):
    """Those of one module, optimizer or callback, by their names in it."""
    return {
        key.removeprefix(f"{name}/"): tensor
        for key, tensor in tensors.items()
        if key.startswith(f"{name}/")
    }


def _layers(module):
    """Layers with weights of their own, from the first on; not what knows classes."""
    return [
        layer
        for name, layer in module.named_modules()
        if name.partition(".")[0] != "label" and list(layer.parameters(recurse=False))
    ]


@contextmanager
def torch_threads(n_threads):
    """Let torch use so many threads: more would wait for each other on small nets."""
    before = torch.get_num_threads()
    if n_threads is not None:
        torch.set_num_threads(n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def in_blocks(function, *arrays, n_rows=BLOCK_ROWS):
    """Apply a function to blocks of rows, without gradients.

    Parameters
    ----------
    function : callable
        Takes and gives tensors or arrays with as many rows.
    *arrays : ndarray or Tensor
    n_rows : int

    Returns
    -------
    result : ndarray
    """
    parts = []
    with torch.no_grad():
        for start in range(0, max(len(arrays[0]), 1), n_rows):
            block = function(*(a[start : start + n_rows] for a in arrays))
            parts.append(block.numpy(force=True))
    return np.concatenate(parts)
