"""What does the training loop cost beside a bare one of the same networks?

CPU seconds of an epoch of ``VAENet()`` and ``GANNet()``, all in all - order of rows,
steps, history, callbacks, a copy of the weights to go back to - and of a bare loop of
torch over the same tensors, with copies of the same modules, the same losses and the
same optimizers. Both take turns in one process, on one thread; the figure is the ratio
of their medians. 30 000 rows of 15 columns of numbers, batches of 500.

    python benchmarks/studies/neural_speed.py
"""

import time
from copy import deepcopy
from statistics import median

import numpy as np
import torch
from _record import save
from threadpoolctl import threadpool_limits

from skgendisc.neural import GANNet, GANSampler, VAENet, VAESampler
from skgendisc.neural._adversarial import (
    average_weights,
    discriminator_loss,
    generator_loss,
    scores_and_squared_gradients,
    zero_centred_penalty,
)
from skgendisc.neural._gan_net import PENALTIES
from skgendisc.neural._variational import kl_divergence, split_moments

SEED, REPEATS, TARGET = 0, 11, 1.10
N_ROWS, N_COLUMNS, BATCH = 30_000, 15, 500


def adam(net, *modules):
    """An optimizer of all of some modules, as the net has."""
    weights = [weight for module in modules for weight in module.parameters()]
    group = net.optimizer_.param_groups[0]
    return torch.optim.Adam(weights, lr=net.lr, betas=group["betas"], fused=True)


def batches(rows, y):
    """Those of an epoch, in a new order."""
    order = torch.randperm(len(rows))
    return zip(rows[order].split(BATCH), y[order].split(BATCH), strict=True)


def bare_vae(net, rows, y):
    """An epoch of a bare loop over copies of the modules of a VAENet."""
    encoder, decoder, likelihood = map(
        deepcopy, (net.encoder_, net.module_, net.criterion_)
    )
    optimizer = adam(net, encoder, decoder, likelihood)

    def epoch():
        for x, labels in batches(rows, y):
            mean, log_variance = split_moments(encoder(x, labels))
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            loss = -likelihood(decoder(z, labels), x).mean()
            loss = loss + net.kl_weight * kl_divergence(mean, log_variance).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch


def bare_gan(net, rows, y):
    """An epoch of a bare loop over copies of the modules of a GANNet."""
    generator, discriminator, average = map(
        deepcopy, (net.module_, net.discriminator_, net.average_)
    )
    of_generator = adam(net, generator)
    of_discriminator = adam(net, discriminator)
    layout, rng, weight = net.layout_, torch.Generator(), PENALTIES[net.loss]

    def epoch():
        for x, labels in batches(rows, y):
            noise = torch.randn(len(x), net.latent_dim)
            drawn, soft = layout.choose(generator(noise, labels), rng, net.temperature)

            real, fake = discriminator.see(x), discriminator.see(drawn)
            (of_real, steep), (of_fake, other) = scores_and_squared_gradients(
                discriminator, real, fake, labels
            )
            loss = discriminator_loss(net.loss, of_real, of_fake)
            of_discriminator.zero_grad()
            (loss + weight * zero_centred_penalty(steep, other)).backward()
            of_discriminator.step()

            discriminator.requires_grad_(False)
            seen = discriminator.see(drawn, soft)
            of_fake = discriminator(seen, labels)
            loss = generator_loss(net.loss, of_real.detach(), of_fake)
            of_generator.zero_grad()
            loss.backward()
            of_generator.step()
            discriminator.requires_grad_(True)
            average_weights(average, generator, net.average)

    return epoch


def measure(sampler, bare):
    """One row of the result."""
    X = np.random.default_rng(SEED).standard_normal((N_ROWS, N_COLUMNS))
    sampler.fit(X)
    net = sampler.net_
    rows = sampler._coder.encode(X)
    y = np.zeros(len(rows), dtype=np.intp)
    net.notify("on_train_begin", X=rows, y=y)
    bare_epoch = bare(net, torch.as_tensor(rows), torch.as_tensor(y))
    works = {"ours": lambda: net.fit_loop(rows, y, epochs=1), "bare": bare_epoch}
    seconds = {name: [] for name in works}
    for repeat in range(REPEATS + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            if repeat:  # the first warms up
                seconds[name].append(time.process_time() - start)
    ours, least = (median(seconds[name]) for name in works)
    pairs = [a / b for a, b in zip(*seconds.values(), strict=True)]
    low, high = np.percentile(pairs, [25, 75])
    return {
        "sampler": type(sampler).__name__,
        "ours_s": round(ours, 3),
        "bare_s": round(least, 3),
        "ratio": round(ours / least, 3),
        "ratio_quartile_1": round(low, 3),
        "ratio_quartile_3": round(high, 3),
        "target": TARGET,
        "met": ours / least <= TARGET,
    }


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    settings = {"max_epochs": 1, "batch_size": BATCH}
    rows = []
    for kind, net, bare in (
        (VAESampler, VAENet(**settings), bare_vae),
        (GANSampler, GANNet(**settings), bare_gan),
    ):
        rows.append(measure(kind(net, random_state=SEED), bare))
        print(", ".join(f"{k} {v}" for k, v in rows[-1].items()), flush=True)
    shape = f"{N_ROWS} x {N_COLUMNS}"
    save("neural_speed", rows, torch=torch.__version__, table=shape, repeats=REPEATS)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
