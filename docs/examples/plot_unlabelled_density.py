"""
Without labels, a sampler is a density, and held-out rows say which is right
============================================================================

Fitted without ``y``, samplers model p(x) alone. ``score_samples`` is the log-density
in nats, its mean over rows that the model has not seen is ``score``: the larger, the
better the model knows where rows are. So densities are compared without any label.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons
from sklearn.mixture import GaussianMixture

from skgendisc.joint import ClassConditionalSampler
from skgendisc.trees import TreeSampler

X, _ = make_moons(4000, noise=0.1, random_state=0)
X_train, X_test = X[:2000], X[2000:]

samplers = {
    "one Gaussian": ClassConditionalSampler(GaussianMixture(1), random_state=0),
    "trees": TreeSampler(random_state=0),
    "eight Gaussians": ClassConditionalSampler(GaussianMixture(8), random_state=0),
}
for name, sampler in samplers.items():
    sampler.fit(X_train)
    print(f"{name:15s} {sampler.score(X_test):.2f} nats a row")

# %%
# Densities on a grid: the darker, the more rows a model expects.

a, b = np.meshgrid(np.linspace(-1.6, 2.6, 120), np.linspace(-1.1, 1.6, 90))
grid = np.column_stack([a.ravel(), b.ravel()])
fig, axes = plt.subplots(
    1, 3, figsize=(10, 3.2), sharex=True, sharey=True, layout="constrained"
)
for ax, (name, sampler) in zip(axes, samplers.items(), strict=True):
    density = np.exp(sampler.score_samples(grid)).reshape(a.shape)
    image = ax.pcolormesh(a, b, density, cmap="Blues", vmin=0, vmax=0.8)
    ax.set_title(f"{name}: {sampler.score(X_test):.2f} nats")
    ax.set_xlabel("first column")
axes[0].set_ylabel("second column")
fig.colorbar(image, ax=axes, label="density", extend="max")
plt.show()

# %%
# One Gaussian expects rows between the moons, where there are none. Trees and the
# mixture follow them; what decides between these two is the number above each
# picture. With the same ``score``, ``GridSearchCV`` chooses among the numbers of
# Gaussians, or among leaves of trees, without labels as well.
