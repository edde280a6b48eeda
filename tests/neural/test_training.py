"""Training: the same for the same seed, killed or not; interrupted, diverged, won."""

import json
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from skorch.callbacks import Callback, EarlyStopping, GradientNormClipping, LRScheduler
from skorch.dataset import ValidSplit
from torch import nn

from skgendisc.exceptions import TrainingWarning
from skgendisc.neural import (
    Checkpoint,
    GANNet,
    GANSampler,
    RowEncoder,
    SampleQuality,
    VAENet,
    VAESampler,
)

SMALL = {"latent_dim": 2, "hidden_units": (8,), "max_epochs": 6, "batch_size": 50}


@pytest.fixture(scope="module")
def blobs():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [150, 100])
    return rng.normal(size=(250, 3)) + 2 * y[:, None], y


def both(**settings):
    """A sampler of either kind with the same net parameters."""
    return [
        pytest.param(VAESampler(VAENet(**SMALL, **settings), random_state=0), id="vae"),
        pytest.param(GANSampler(GANNet(**SMALL, **settings), random_state=0), id="gan"),
    ]


class WithDropout(RowEncoder):
    def __init__(self, layout, n_classes, n_outputs, hidden_units):
        super().__init__(layout, n_classes, n_outputs, hidden_units)
        self.rest.insert(0, nn.Dropout(0.5))


def test_dropout_is_seeded_and_leaves_torch_alone(blobs):
    before = torch.get_rng_state()
    vae = VAESampler(VAENet(**SMALL, encoder=WithDropout), random_state=0)
    first, second = (vae.fit(*blobs).sample(20)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert torch.equal(torch.get_rng_state(), before)
    # And it is off in drawing and scoring: those of a fitted sampler repeat.
    np.testing.assert_array_equal(*(vae.score_samples(blobs[0]) for _ in range(2)))


class Counts(Callback):
    """How many epochs were trained."""

    n_epochs = 0

    def on_epoch_end(self, net, **kwargs):
        self.n_epochs += 1


class StopsAfter(Callback):
    """Ends the program's training as a kill would: nothing after it is done."""

    def __init__(self, epoch):
        self.epoch = epoch

    def on_epoch_end(self, net, **kwargs):
        if net.n_epochs_done_ == self.epoch:
            raise RuntimeError("killed")


@pytest.mark.parametrize("sampler", both())
@pytest.mark.parametrize("epoch", [1, 3, 5])
def test_a_killed_fit_goes_on_as_if_nothing_had_been(sampler, epoch, blobs, tmp_path):
    whole = sampler.fit(*blobs).sample(50)[0]
    weights = sampler.net_.snapshot()
    history = [entry["train_loss"] for entry in sampler.history_]
    checkpoint = Checkpoint(tmp_path, every=1)
    killed = sampler.set_params(checkpoint=checkpoint, callbacks=[StopsAfter(epoch)])
    # The one that kills stands before the one that saves.
    with pytest.raises(RuntimeError, match="killed"):
        killed.fit(*blobs)
    count = Counts()
    resumed = sampler.set_params(callbacks=[count]).fit(*blobs)
    assert count.n_epochs == 7 - epoch  # the others were found
    resumed_weights = resumed.net_.snapshot()
    assert all(torch.equal(weights[key], resumed_weights[key]) for key in weights)
    np.testing.assert_array_equal(resumed.sample(50)[0], whole)
    assert [entry["train_loss"] for entry in resumed.history_] == history
    sampler.set_params(checkpoint=None, callbacks=None)


def test_a_finished_fit_is_not_trained_again(blobs, tmp_path):
    count = Counts()
    vae = VAESampler(
        VAENet(**SMALL), checkpoint=tmp_path, callbacks=[count], random_state=0
    )
    first = vae.fit(*blobs).sample(20)[0]
    assert count.n_epochs == 6
    np.testing.assert_array_equal(vae.fit(*blobs).sample(20)[0], first)
    assert count.n_epochs == 6
    vae.fit(blobs[0][::-1], blobs[1][::-1])  # other rows begin anew
    assert count.n_epochs == 12


def test_going_on_is_not_mistaken_for_the_fit_before(blobs, tmp_path):
    vae = VAESampler(VAENet(**SMALL), checkpoint=tmp_path, random_state=0)
    vae.set_params(warm_start=True).fit(*blobs)
    assert len(vae.fit(*blobs).history_) == 12
    assert len(vae.partial_fit(*blobs).partial_fit(*blobs).history_) == 14


def test_best_state_and_patience_survive_a_kill(blobs, tmp_path):
    X, y = np.tile(blobs[0], (2, 1)), np.tile(blobs[1], 2)

    def sampler(callbacks, checkpoint=None):
        return VAESampler(
            VAENet(**SMALL),
            early_stopping=True,
            validation_fraction=0.3,
            callbacks=callbacks,
            checkpoint=checkpoint,
            random_state=0,
        )

    whole = sampler([SampleQuality(every=1)]).fit(X, y)
    checkpoint = Checkpoint(tmp_path, every=1)
    with pytest.raises(RuntimeError, match="killed"):
        sampler([SampleQuality(every=1), StopsAfter(4)], checkpoint).fit(X, y)
    resumed = sampler([SampleQuality(every=1)], checkpoint).fit(X, y)
    np.testing.assert_array_equal(resumed.sample(50)[0], whole.sample(50)[0])


# A program of its own, which has imported all once for its many children.
KILLED = """
import os, signal, time
from pathlib import Path
import numpy as np
from skorch.callbacks import Callback
from skgendisc.neural import Checkpoint, GANNet, GANSampler

class Tells(Callback):
    def on_epoch_begin(self, net, **kwargs):
        os.write(told, b".")

rng = np.random.default_rng(0)
X = rng.normal(size=(400, 3))
net = GANNet(
    latent_dim=2, hidden_units=(8,), max_epochs=60, batch_size=50, callbacks=[Tells()]
)
gan = GANSampler(net, checkpoint=Checkpoint({folder!r}, every=1), random_state=0)
told = os.open(os.devnull, os.O_WRONLY)
for wait in {waits}:
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        gan.fit(X)
        os._exit(0)
    os.read(heard, 1)  # an epoch has begun
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(*sorted(Path({folder!r}).glob("*/epoch-*")), flush=True)
rows = gan.fit(X).sample(5)[0]
print(repr(float(rows.sum())), len(list(Path({folder!r}).glob("*"))))
"""


def run_killed(folder, waits):
    code = KILLED.format(folder=str(folder), waits=waits)
    program = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return program.stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
def test_kill_9_at_ten_moments_leaves_states_that_load_and_go_on(tmp_path):
    waits = np.linspace(0.0, 0.1, 10).tolist()
    *after_each, last = run_killed(tmp_path / "killed", waits)
    assert any(after_each), "no child lived long enough for a state"
    for state in (tmp_path / "killed").glob("*/epoch-*"):
        assert load_file(state / "tensors.safetensors")
        json.loads((state / "state.json").read_text())
    resumed, n_fits = last.split()
    assert n_fits == "1"  # all were the same
    assert run_killed(tmp_path / "whole", [])[-1].split()[0] == resumed


class Interrupts(Callback):
    """As Ctrl-C in the middle of an epoch."""

    def __init__(self, epoch):
        self.epoch = epoch

    def on_batch_end(self, net, training, **kwargs):
        if net.n_epochs_done_ == self.epoch:
            raise KeyboardInterrupt


@pytest.mark.parametrize("sampler", both())
def test_ctrl_c_leaves_what_was_learned_fitted(sampler, blobs):
    sampler.set_params(callbacks=[Interrupts(3)])
    with pytest.warns(TrainingWarning, match="interrupted after 3 of 6"):
        sampler.fit(*blobs)
    assert len(sampler.history_) == 3
    assert np.isfinite(sampler.sample(20)[0]).all()
    sampler.set_params(callbacks=None)


@pytest.mark.parametrize("sampler", both())
def test_training_that_diverges_keeps_the_state_before(sampler, blobs):
    class Breaks(Callback):
        def on_epoch_begin(self, net, **kwargs):
            if net.n_epochs_done_ == 2:
                with torch.no_grad():
                    next(net.module_.parameters()).fill_(np.nan)

    sampler.set_params(callbacks=[Breaks()])
    with pytest.warns(TrainingWarning, match="smaller lr"):
        sampler.fit(*blobs)
    assert np.isfinite(sampler.sample(20)[0]).all()
    sampler.set_params(callbacks=None)


def test_divergence_at_once_is_an_error(blobs):
    with pytest.raises(ValueError, match=r"diverged in its first epoch.*smaller lr"):
        VAESampler(VAENet(**SMALL | {"lr": 1e38}), random_state=0).fit(*blobs)


def test_a_discriminator_that_always_wins_is_reported(blobs):
    net = GANNet(**SMALL | {"max_epochs": 40, "lr": 1e-9}, lr_discriminator=0.01)
    gan = GANSampler(net, random_state=0)
    X = np.repeat(blobs[1][:, None], 20, axis=1)  # which no chance brings about
    with pytest.warns(TrainingWarning, match="Raise gradient_penalty"):
        gan.fit(X, blobs[1])


def test_a_generator_that_collapses_is_reported(blobs):
    class Collapses(Callback):
        def on_epoch_begin(self, net, **kwargs):
            with torch.no_grad():
                net.average_.weight.own.zero_()
                net.average_.weight.shared.zero_()
                net.average_.bias[:] = -100.0 * torch.arange(len(net.average_.bias))

    gan = GANSampler(
        GANNet(**SMALL, average=1.0),
        early_stopping=True,
        validation_fraction=0.3,
        callbacks=[Collapses()],
        random_state=0,
    )
    with pytest.warns(TrainingWarning, match="collapsed"):
        gan.fit(*blobs)


def test_the_best_state_is_kept_and_training_stops(blobs):
    X, y = np.tile(blobs[0], (2, 1)), np.tile(blobs[1], 2)
    look = SampleQuality(every=1, patience=3)
    vae = VAESampler(
        VAENet(**SMALL | {"max_epochs": 60, "lr": 1e-2, "lr_schedule": None}),
        early_stopping=True,
        validation_fraction=0.3,
        callbacks=[look],
        random_state=0,
    ).fit(X, y)
    aucs = [entry["discriminator_auc"] for entry in vae.history_]
    assert len(aucs) < 60
    assert np.argmin(aucs) == len(aucs) - 4  # three looks without a better one
    assert vae.net_.held_out_ is None  # no real rows go with the sampler
    coverages = [entry["coverage"] for entry in vae.history_]
    assert 0.5 < coverages[-1] <= 1.0


def test_early_stopping_says_how_many_rows_it_needs(blobs):
    vae = VAESampler(early_stopping=True, max_epochs=1)
    with pytest.raises(ValueError, match=r"needs 20 rows.*validation_fraction=0.1"):
        vae.fit(blobs[0][::5], blobs[1][::5])


def test_skorch_callbacks_and_splits_work(blobs):
    net = VAENet(
        **SMALL | {"max_epochs": 40},
        lr_schedule=None,
        train_split=ValidSplit(5),
        callbacks=[
            EarlyStopping(monitor="valid_loss", patience=3),
            GradientNormClipping(1.0),
            LRScheduler("StepLR", step_size=1, step_every="batch"),
        ],
    )
    vae = VAESampler(net, random_state=0).fit(*blobs)
    assert len(vae.history_) < 40
    assert "valid_loss" in vae.history_[-1]
    assert np.isfinite(vae.history_[-1]["valid_kl"])


def test_a_gan_can_be_watched_on_a_split(blobs):
    net = GANNet(**SMALL, pack=2, train_split=ValidSplit(5))
    gan = GANSampler(net, random_state=0).fit(*blobs)
    assert 0 <= gan.history_[-1]["valid_auc"] <= 1


def test_losses_are_means_over_the_steps_that_were_taken(blobs):
    # Nothing is learned: generators lose the same however often they take a step.
    losses = []
    for n_critic in (1, 4):
        net = GANNet(**SMALL, n_critic=n_critic, lr=1e-12)
        history = GANSampler(net, random_state=0).fit(*blobs).history_
        losses.append(history[-1]["train_generator_loss"])
    assert losses[0] == pytest.approx(losses[1], rel=0.1)


def test_learning_rate_falls_along_a_cosine(blobs):
    class Rates(Callback):
        seen = []

        def on_epoch_end(self, net, **kwargs):
            self.seen.append(net.optimizer_.param_groups[0]["lr"])

    VAESampler(VAENet(**SMALL), callbacks=[Rates()], random_state=0).fit(*blobs)
    assert Rates.seen == sorted(Rates.seen, reverse=True)
    assert Rates.seen[-1] < 0.1 * Rates.seen[0]


def test_a_bar_of_the_epochs_is_shown_with_verbose(blobs, capsys):
    VAESampler(max_epochs=3, verbose=1, random_state=0).fit(*blobs)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "loss=" in shown
    VAESampler(max_epochs=3, random_state=0).fit(*blobs)
    assert capsys.readouterr().err == ""


def test_torch_keeps_its_number_of_threads(blobs):
    before = torch.get_num_threads()
    VAESampler(max_epochs=2, random_state=0).fit(*blobs).sample(3)
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("sampler", both())
def test_training_warns_of_nothing_without_a_reason(sampler, blobs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sampler.fit(*blobs)
