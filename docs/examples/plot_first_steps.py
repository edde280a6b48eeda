"""
One fitted sampler is a generator, a classifier and a density
=============================================================

A sampler is a model of rows and their classes together, p(x, y). Fitted once, it draws
new rows, says how probable each class is at any point, and how dense rows are there.

From left to right: the rows it was fitted to; as many rows that it drew; the
probability of the second class; and the density of all rows. The drawn rows follow both
moons, and the boundary runs between them.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from sklearn.datasets import make_moons
from sklearn.mixture import GaussianMixture

from skgendisc.joint import ClassConditionalSampler

X, y = make_moons(800, noise=0.22, random_state=0)

# %%
# Any density can stand for a class; here, a mixture of four normal distributions.
mixture = GaussianMixture(4, random_state=0)
sampler = ClassConditionalSampler(mixture, random_state=0).fit(X, y)
X_new, y_new = sampler.sample(800)

# %%
# The same object answers for every point of a grid.
width, height = np.linspace(-1.7, 2.7, 200), np.linspace(-1.25, 1.75, 140)
grid = np.stack(np.meshgrid(width, height), axis=-1).reshape(-1, 2)
probability = sampler.predict_proba(grid)[:, 1].reshape(140, 200)
density = np.exp(sampler.score_samples(grid)).reshape(140, 200)

figure, axes = plt.subplots(1, 4, figsize=(12, 2.7), layout="constrained")
colours = np.array(["#3b6fb6", "#d1762c"])
between = LinearSegmentedColormap.from_list("classes", [colours[0], "w", colours[1]])
axes[0].scatter(*X.T, c=colours[y], s=4)
axes[0].set_title("fit(X, y): real rows")
axes[1].scatter(*X_new.T, c=colours[y_new], s=4)
axes[1].set_title("sample(800): drawn rows")
axes[2].contourf(width, height, probability, levels=20, cmap=between)
axes[2].contour(width, height, probability, levels=[0.5], colors="black")
axes[2].set_title("predict_proba: a classifier")
axes[3].contourf(width, height, density, levels=20, cmap="Greys")
axes[3].set_title("score_samples: a density")
for ax in axes:
    ax.set(xlim=width[[0, -1]], ylim=height[[0, -1]], xticks=[], yticks=[])

# %%
# The fourth face is ``fit_resample``: in an imbalanced-learn pipeline the sampler
# stands where ``SMOTE()`` stood. Rows that no mixture of normals suits would change the
# picture; :class:`~skgendisc.trees.TreeSampler` takes mixed tables as they are.
