"""
With 40 rows, a hybrid beats a forest alone in log loss
=======================================================

:class:`~skgendisc.augmentation.HybridClassifier` pools the probabilities of a
discriminative classifier with those of generative ones, in log space, with weights
fitted to rows that neither has seen. With few rows, a model's assumptions are worth
more than they cost; where they are not, the weights leave the classifier alone.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedShuffleSplit

from skgendisc.augmentation import HybridClassifier
from skgendisc.joint import GaussianNBSampler, LDASampler

X, y = load_breast_cancer(return_X_y=True)
forest = RandomForestClassifier(50, random_state=0)
hybrid = HybridClassifier(
    forest,
    [("naive Bayes", GaussianNBSampler()), ("LDA", LDASampler(shrinkage="auto"))],
    random_state=0,
)

# %%
# Twenty times, 40 rows to learn from and all others to judge by.

splits = StratifiedShuffleSplit(20, train_size=40, random_state=0)
losses = []
for train, test in splits.split(X, y):
    losses.append(
        [
            log_loss(y[test], model.fit(X[train], y[train]).predict_proba(X[test]))
            for model in (forest, hybrid)
        ]
    )
alone, pooled = np.array(losses).T
print(f"forest alone: {alone.mean():.3f} nats")
print(f"hybrid: {pooled.mean():.3f} nats, better in {(pooled < alone).sum()} of 20")
print("weights of the last fit:", {k: round(w, 2) for k, w in hybrid.weights_.items()})

# %%
# Each dot is a split.

limits, ticks = (0.1, 0.32), [0.1, 0.15, 0.2, 0.25, 0.3]
fig, ax = plt.subplots(figsize=(5.2, 4.6), layout="constrained")
ax.scatter(alone, pooled, color="#D55E00", s=40)
ax.plot(limits, limits, color="0.5", linewidth=1)
ax.text(0.05, 0.93, "the forest is better", transform=ax.transAxes)
ax.text(0.95, 0.05, "the hybrid is better", transform=ax.transAxes, ha="right")
ax.set(xlim=limits, ylim=limits, xticks=ticks, yticks=ticks, aspect="equal")
ax.set_xlabel("log loss of the forest alone (nats)")
ax.set_ylabel("log loss of the hybrid (nats)")
ax.set_title("Less is better: 20 splits of 40 rows")
plt.show()

# %%
# The hybrid gains most where the forest alone does worst. Weights are fitted by
# cross-validation inside the 40 rows: nothing of the rows that judge is used.
