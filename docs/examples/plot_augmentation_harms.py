"""
Rows from a wrong model make a classifier worse, the more the worse
===================================================================

Synthetic rows bring the assumptions of their model along. Two half moons are not two
Gaussians with one covariance: rows of
:class:`~skgendisc.joint.LDASampler` teach boosting a boundary that is not there.
The best number of them is none.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

from skgendisc.augmentation import AugmentedClassifier, enlarge
from skgendisc.joint import LDASampler
from skgendisc.trees import TreeSampler

factors = [1, 2, 4, 8, 16]
samplers = {"LDASampler": LDASampler, "TreeSampler": TreeSampler}
boosting = HistGradientBoostingClassifier(max_iter=50, random_state=0)

# %%
# Six tables of 200 rows, enlarged up to sixteenfold, and 2000 rows each to judge by.

losses = {name: np.empty((6, len(factors))) for name in samplers}
for seed in range(6):
    X, y = make_moons(2200, noise=0.2, random_state=seed)
    X_train, y_train, X_test, y_test = X[:200], y[:200], X[200:], y[200:]
    for name, sampler in samplers.items():
        for column, factor in enumerate(factors):
            larger = sampler(sampling_strategy=enlarge(factor), random_state=seed)
            boosting.fit(*larger.fit_resample(X_train, y_train))
            proba = boosting.predict_proba(X_test)
            losses[name][seed, column] = log_loss(y_test, proba)

# %%
# To the left, the rows of one table and 200 drawn by LDA; to the right, what they do.

X_drawn, y_drawn = LDASampler(random_state=5).fit(X_train, y_train).sample(200)
fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.8), layout="constrained")
colours = np.array(["#0072B2", "#D55E00"])
left.scatter(*X_train.T, c=colours[y_train], s=14, label="real")
left.scatter(
    *X_drawn.T, c="none", edgecolors=colours[y_drawn], s=18, linewidths=0.8, label="LDA"
)
left.set(xlabel="first column", ylabel="second column")
left.set_title("Real rows (filled) and drawn ones")
for (name, values), mark, colour in zip(
    losses.items(), "os", ["#D55E00", "#009E73"], strict=True
):
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    right.errorbar(
        factors, values.mean(axis=0), error, marker=mark, color=colour, label=name
    )
right.set_xscale("log")
right.set_xticks(factors, factors)
right.minorticks_off()
right.set(xlabel="rows after, for each real one", ylabel="log loss (nats)")
right.set_title("Mean of 6 tables, less is better")
right.legend()
plt.show()

# %%
# :class:`~skgendisc.augmentation.AugmentedClassifier` asks cross-validation first,
# with no synthetic rows among the choices.

asked = AugmentedClassifier(boosting, LDASampler(), random_state=0)
print("LDA's rows, asked by folds:", asked.fit(X_train, y_train).chosen_)

# %%
# They take none. :class:`~skgendisc.trees.TreeSampler`, which assumes little, does
# little harm here, and no good either: boosting learns nothing from its rows that the
# real ones did not tell.
