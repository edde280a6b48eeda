"""
Rows far on their own side move a generative boundary, not a discriminative one
===============================================================================

LDA and logistic regression both cut by a line. LDA learns where the rows of each
class are, and the line follows from that; logistic regression learns the line alone.
As long as classes are Gaussian they agree. Rows that lie far off, on the right side
of the line, part them.
"""

import matplotlib.pyplot as plt
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.linear_model import LogisticRegression

from skgendisc.comparison import DecisionRegionsDisplay
from skgendisc.datasets import make_gaussian_classes
from skgendisc.joint import LDASampler

# %%
# Two tables: Gaussian classes of one covariance, as LDA assumes them, and the same with
# a third of the rows of the second class moved far away from the first.

X, y = make_gaussian_classes(4000, distance=2.5, correlation=0.4, random_state=0)
far = X.copy()
far[(y == 1).nonzero()[0][::3]] += [5.0, -1.0]

# %%
# Each model learns from 1000 rows, and is judged by the others. Ellipses hold 50, 80
# and 95 % of the rows that LDA expects of a class; it cuts at the dashed line.

fig, axes = plt.subplots(1, 2, figsize=(10, 4.8), layout="constrained")
for ax, rows, title in ((axes[0], X, "Gaussian"), (axes[1], far, "Some far off")):
    lda = LDASampler().fit(rows[:1000], y[:1000])
    logistic = LogisticRegression().fit(rows[:1000], y[:1000])
    DecisionRegionsDisplay.from_estimators(
        lda, logistic, rows[:300], y[:300], names=("LDA", "logistic regression"), ax=ax
    )
    DecisionBoundaryDisplay.from_estimator(
        lda,
        rows[:300],
        eps=0,
        response_method="predict_proba",
        plot_method="contour",
        levels=[0.5],
        colors="black",
        linestyles="--",
        ax=ax,
    )
    said = [f"{model.score(rows[1000:], y[1000:]):.1%}" for model in (lda, logistic)]
    ax.set_xlabel(f"{title}: LDA {said[0]} right, logistic regression {said[1]}")
    ax.set_ylabel("second column")
plt.show()

# %%
# One Gaussian has to do for near and far rows of the second class: its mean follows
# the far ones, and LDA's line with it, into the rows that lie near. Logistic
# regression hardly minds rows of which it is sure already.
