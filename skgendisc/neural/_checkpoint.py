"""Training that can be killed: its state on disk, whole or not at all."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file
from skorch.callbacks import Callback

# Parameters of a net that change nothing about what it learns.
NOT_OF_THE_FIT = ("_", "callbacks", "device", "verbose")
TENSORS, PLAIN = "tensors.safetensors", "state.json"


class Checkpoint(Callback):
    """Saves the state of training every few epochs, and goes on from it.

    A fit of the same net to the same rows finds its own folder in the directory, and
    goes on from the last state there; any other fit begins a folder of its own. On the
    CPU, what is learned is the same bit for bit as without the interruption.

    Parameters
    ----------
    directory : str or path
        Made where it is not there.
    every : int, default=5
        Epochs from one saved state to the next; the last is always saved.

    Notes
    -----
    Weights and the optimizers' tensors are in a file of safetensors, all else in one
    of JSON: nothing that is read can run code. A state is written beside the last one,
    which is removed when the new one is complete.

    Examples
    --------
    >>> from skgendisc.neural import Checkpoint, VAESampler
    >>> sampler = VAESampler(checkpoint=Checkpoint("vae_states", every=10))
    """

    def __init__(self, directory, every=5):
        self.directory = directory
        self.every = every

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Go on from the last state, where there is one."""
        self.folder_ = Path(self.directory) / _fingerprint(net, X, y)
        saved = _states(self.folder_)
        if not saved:
            return
        tensors = load_file(saved[-1] / TENSORS, device=str(net.device))
        plain = json.loads((saved[-1] / PLAIN).read_text())
        net.set_training_state(tensors, plain)

    def on_epoch_end(self, net, **kwargs):
        """Save, every few epochs and after the last."""
        is_last = net.n_epochs_done_ == net.n_epochs_ or net.stops_
        if net.n_epochs_done_ % self.every and not is_last:
            return
        tensors, plain = net.training_state()
        name = f"epoch-{net.n_epochs_done_:06d}"
        partial = self.folder_ / f".{name}-{os.getpid()}"
        partial.mkdir(parents=True, exist_ok=True)
        save_file(tensors, partial / TENSORS)
        (partial / PLAIN).write_text(json.dumps(plain))
        before = _states(self.folder_)
        # The new name comes at once or not at all.
        os.replace(partial, self.folder_ / name)
        for old in before:
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)


def _states(folder):
    """Complete states in a folder, the last one last."""
    return sorted(folder.glob("epoch-*")) if folder.is_dir() else []


def _fingerprint(net, X, y):
    """Name for a fit: another net, or other rows, have another."""
    # Training that goes on from what there is is not the fit that came before.
    digest = hashlib.sha256(str(len(net.history)).encode())
    parameters = net.get_params(deep=True)
    for name in sorted(parameters):
        if not name.startswith(NOT_OF_THE_FIT):
            digest.update(f"{name}={parameters[name]!r}".encode())
    for array in (X, y):
        if array is not None:
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]
