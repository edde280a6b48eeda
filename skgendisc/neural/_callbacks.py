"""What watches a net while it trains."""

import warnings

import numpy as np
from skorch.callbacks import Callback
from tqdm.auto import tqdm

from skgendisc.exceptions import TrainingWarning
from skgendisc.metrics import (
    align_tables,
    classifier_two_sample_test,
    precision_recall_density_coverage,
)

# Folds and neighbours of a look: quick, as there are many.
N_FOLDS, N_NEIGHBOURS = 3, 5
# Of held-out rows, a generator that has not collapsed has drawn so many near enough.
LEAST_COVERAGE = 0.2
# A discriminator that scores real rows above drawn ones in so many pairs has won; it
# may do so for so many epochs.
WON, PATIENCE_WITH_WINNER = 0.995, 10


class EpochBar(Callback):
    """A bar of the epochs with their loss, where the net has ``verbose``."""

    def on_train_begin(self, net, **kwargs):
        """Open the bar."""
        self.bar_ = tqdm(total=None, unit="epoch", disable=not net.verbose)

    def on_epoch_end(self, net, **kwargs):
        """One epoch on."""
        if not self.bar_.disable:
            self.bar_.total = net.n_epochs_
            self.bar_.set_postfix(loss=f"{net.history[-1]['train_loss']:.3f}")
        self.bar_.update()

    def on_train_end(self, net, **kwargs):
        """Close the bar."""
        self.bar_.close()
        del self.bar_


class BalanceWatch(Callback):
    """Warns where the discriminator of a GAN has won for many epochs."""

    def on_train_begin(self, net, **kwargs):
        """Nobody has won yet."""
        self.n_epochs_won_ = 0

    def on_epoch_end(self, net, **kwargs):
        """See who wins."""
        won = net.history[-1]["train_auc"] > WON
        self.n_epochs_won_ = self.n_epochs_won_ + 1 if won else 0
        if self.n_epochs_won_ == PATIENCE_WITH_WINNER:
            warnings.warn(
                f"The discriminator has told all drawn rows from real ones for "
                f"{PATIENCE_WITH_WINNER} epochs, and the generator learns little from "
                "that. Raise gradient_penalty, lower lr_discriminator, or give the "
                "generator more hidden_units.",
                TrainingWarning,
                stacklevel=2,
            )

    def state(self):
        """What a checkpoint keeps, tensors and plain numbers."""
        return {}, {"n_epochs_won_": self.n_epochs_won_}

    def set_state(self, tensors, plain):
        """Go on from :meth:`state`."""
        vars(self).update(plain)


class SampleQuality(Callback):
    """Judges rows that the net draws, keeps its best state, and stops it in time.

    Every few epochs a discriminator learns to tell drawn from held-out rows; the state
    from which it told them worst is the one that is kept. Losses are no criterion:
    those of a GAN say how its networks stand to each other, not to the data.

    Parameters
    ----------
    every : int, default=5
        Epochs from one look to the next.
    patience : int, default=10
        Looks without an improvement after which training stops.
    n_rows : int, default=1000
        Held-out rows, and drawn ones, that are looked at.

    Attributes
    ----------
    best_epoch_ : int
        Number of the epoch whose state is kept.
    best_auc_ : float
        Of the discriminator then; one half is perfect.

    Notes
    -----
    ``discriminator_auc`` and ``coverage`` of these epochs are in the net's history:
    the cross-validated AUC of boosting, and the share of held-out rows that have a
    drawn row among their five nearest neighbours [1]_.

    References
    ----------
    .. [1] Naeem, Oh, Uh, Choi & Yoo (2020). Reliable fidelity and diversity metrics
       for generative models. ICML, equation 4.

    Examples
    --------
    >>> from skgendisc.neural import SampleQuality, VAESampler
    >>> look = SampleQuality(every=2, patience=3)
    >>> sampler = VAESampler(early_stopping=True, callbacks=[look])
    """

    def __init__(self, every=5, patience=10, n_rows=1000):
        self.every = every
        self.patience = patience
        self.n_rows = n_rows

    def on_train_begin(self, net, **kwargs):
        """Forget what was best before."""
        self.best_auc_, self.best_epoch_, self.n_looks_since_ = np.inf, 0, 0
        self.best_ = None

    def on_epoch_end(self, net, dataset_train=None, **kwargs):
        """Look, every few epochs and after the last."""
        is_last = net.n_epochs_done_ == net.n_epochs_
        if net.n_epochs_done_ % self.every and not is_last:
            return
        rows, y = net.held_out_
        rng = np.random.default_rng([net.seed_, len(net.history)])
        chosen = rng.permutation(len(rows))[: self.n_rows]
        rows, y = rows[chosen], y[chosen]
        train = net.get_iterator(dataset_train).dataset
        net.prepare_to_draw(train.X.numpy(force=True), train.y.numpy(force=True))
        drawn = net.draw(y, rng)
        real, drawn = align_tables(rows, drawn, y=(y, y), categorical_features=None)
        auc = classifier_two_sample_test(
            real, drawn, cv=N_FOLDS, max_rows=None, random_state=rng
        ).auc
        coverage = precision_recall_density_coverage(
            real.without_target(),
            drawn.without_target(),
            n_neighbours=min(N_NEIGHBOURS, len(rows) - 1),
            max_rows=None,
        ).coverage
        net.history.record("discriminator_auc", auc)
        net.history.record("coverage", coverage)
        self.n_looks_since_ += 1
        if auc < self.best_auc_:
            self.best_auc_, self.best_epoch_ = auc, len(net.history)
            self.best_, self.n_looks_since_ = net.snapshot(), 0
        if self.n_looks_since_ >= self.patience:
            net.stops_ = True

    def on_train_end(self, net, **kwargs):
        """Take the best state back."""
        if self.best_ is None:
            return
        net.restore(self.best_)
        self.best_ = None
        found = net.history[self.best_epoch_ - 1]["coverage"]
        if found < LEAST_COVERAGE:
            warnings.warn(
                f"The generator has collapsed: only {found:.0%} of the held-out rows "
                "have a drawn row near them. Train longer, use a larger batch_size, or "
                "GANNet with pack or minibatch_discrimination.",
                TrainingWarning,
                stacklevel=2,
            )

    def state(self):
        """What a checkpoint keeps, tensors and plain numbers."""
        plain = {
            "best_auc_": self.best_auc_,
            "best_epoch_": self.best_epoch_,
            "n_looks_since_": self.n_looks_since_,
        }
        return self.best_ or {}, plain

    def set_state(self, tensors, plain):
        """Go on from :meth:`state`."""
        self.best_ = tensors or None
        vars(self).update(plain)
