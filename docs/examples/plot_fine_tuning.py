"""
With 40 rows, a model tuned from a larger table beats one from scratch
======================================================================

Two tables may be of one kind and not the same: a small one is to be drawn from, and a
large one is at hand. ``fine_tune`` goes on with the training of a sampler of the
large table on the rows of the small one.
"""

from copy import deepcopy

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons

from skgendisc.metrics import classifier_two_sample_test
from skgendisc.neural import VAENet, VAESampler

# %%
# The large table are two half moons. The small one are others, turned by 45 degrees:
# 40 rows to learn from, and 1460 to judge by.

cos = np.sqrt(0.5)
X_large, y_large = make_moons(3000, noise=0.08, random_state=0)
X, y = make_moons(1500, noise=0.08, random_state=100)
X = (X - [0.5, 0.25]) @ [[cos, cos], [-cos, cos]] + [0.5, 0.25]
X_small, y_small, X_test, y_test = X[:40], y[:40], X[40:], y[40:]

# %%
# The same network three times: as it learned the large table, tuned to the small one,
# and from scratch on the small one alone, with more than three times as many epochs.

net = VAENet(numbers="normal", latent_dim=4, hidden_units=(64, 64))
large = VAESampler(net.set_params(max_epochs=40, batch_size=100), random_state=0)
large.fit(X_large, y_large)
tuned = deepcopy(large).fine_tune(X_small, y_small, max_epochs=150)
net = VAENet(numbers="normal", latent_dim=4, hidden_units=(64, 64))
scratch = VAESampler(net.set_params(max_epochs=500, batch_size=40), random_state=0)
scratch.fit(X_small, y_small)

# %%
# A classifier tells drawn rows from those to judge by; 0.5 is chance.

samplers = {"large table": large, "from scratch": scratch, "tuned": tuned}
fig, axes = plt.subplots(
    1, 3, figsize=(10, 3.7), sharex=True, sharey=True, layout="constrained"
)
colours = np.array(["#0072B2", "#D55E00"])
for ax, (name, sampler) in zip(axes, samplers.items(), strict=True):
    drawn = sampler.sample_conditional(y_test, random_state=1)
    told = classifier_two_sample_test(
        X_test, drawn, y_test, y_test, cv=3, random_state=0
    )
    ax.scatter(*drawn.T, c=colours[y_test], s=3, alpha=0.4, linewidths=0)
    ax.scatter(*X_small.T, c=colours[y_small], s=30, edgecolors="black")
    ax.set(aspect="equal", xlabel="first column")
    ax.set_title(f"{name}: told with AUC {told.auc:.2f}")
axes[0].set_ylabel("second column")
plt.show()

# %%
# Tuned, the model keeps what the large table told of the shape of moons and moves
# them; from scratch, 40 rows tell too little of it. The network writes numbers itself
# (``numbers="normal"``), and can write them elsewhere; the default, cells of the large
# table's numbers, is for tables whose columns keep their places.
