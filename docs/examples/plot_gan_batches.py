"""
Small mini-batches and balanced networks teach a GAN most
=========================================================

A GAN that has seen so many rows may have taken many steps of few rows, or few of many;
and its discriminator may have learned as often as its generator, or five times for
each step of it. On a turned grid of nine normals, with the same number of rows seen,
both matter.
"""

import matplotlib.pyplot as plt
import numpy as np

from skgendisc.datasets import make_gaussian_grid
from skgendisc.metrics import mode_coverage
from skgendisc.neural import GANNet, GANSampler

X, _, truth = make_gaussian_grid(
    4000, n_side=3, angle=np.pi / 6, return_truth=True, random_state=0
)

# %%
# Four nets see all rows 16 times. A drawn row is sharp within three standard
# deviations of one of the nine centres.

batch_sizes, n_critics = [50, 400], [1, 5]
fig, axes = plt.subplots(
    2, 2, figsize=(6.4, 6.4), sharex=True, sharey=True, layout="constrained"
)
for of_critic, n_critic in zip(axes, n_critics, strict=True):
    for ax, batch_size in zip(of_critic, batch_sizes, strict=True):
        net = GANNet(batch_size=batch_size, n_critic=n_critic, max_epochs=16)
        drawn, _ = GANSampler(net, random_state=0).fit(X).sample(2000)
        sharp = mode_coverage(drawn, truth.means, 0.05).high_quality
        ax.scatter(*drawn.T, s=3, alpha=0.4, color="#D55E00", linewidths=0)
        ax.set_title(f"batches of {batch_size}: {sharp:.0%} sharp")
        ax.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal")
for ax, label in zip(axes[:, 0], ["1 step", "5 steps"], strict=True):
    ax.set_ylabel(f"discriminator: {label}\nsecond column")
for ax in axes[1]:
    ax.set_xlabel("first column")
plt.show()

# %%
# ``GANSampler`` begins with the distribution of each column, and before it has learned
# it draws all crossings of the columns. Many small steps bring sharp rows; with large
# batches it has hardly begun. Five steps of the discriminator for one of the generator
# leave the generator a fifth of its steps, and most of its way to go. Elsewhere the
# balance is another: on a table of a bank's customers the study
# ``benchmarks/studies/minibatches.py`` finds two steps better than one, and with small
# batches five.
