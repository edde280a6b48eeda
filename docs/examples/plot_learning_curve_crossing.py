"""
Naive Bayes leads with few rows, logistic regression with many
==============================================================

Naive Bayes with shared variances and logistic regression draw the same kind of
boundary, a plane, but learn it differently: one from the joint distribution of rows
and classes, the other from the classes alone. The table is made so that naive Bayes
is wrong by a known amount: its columns are correlated.
"""

import matplotlib.pyplot as plt

from skgendisc.comparison import (
    LearningCurvesDisplay,
    generative_discriminative_pairs,
    learning_curves,
)
from skgendisc.datasets import make_correlated_naive

X, y, truth = make_correlated_naive(
    4000,
    n_features=30,
    correlation=0.05,
    n_informative=15,
    return_truth=True,
    random_state=0,
)
print(f"best possible accuracy: {1 - truth.bayes_error:.3f}")
print(f"naive Bayes with endless rows: {1 - truth.naive_bayes_error:.3f}")

# %%
# Both learn from the same rows of 30 random splits, at each of several sizes.

pair = generative_discriminative_pairs()["naive Bayes"]
curves = learning_curves(
    pair.estimators,
    X,
    y,
    train_sizes=[10, 20, 40, 80, 160, 320, 640, 1280],
    scoring="accuracy",
    random_state=0,
)
print(curves.crossover(*pair.estimators))

# %%
# The display marks where the curves cross, and shades the 95 % interval of that
# number of rows. The dotted lines are what theory says.

display = LearningCurvesDisplay.from_result(curves)
ax = display.ax_
for error, name in (
    (truth.bayes_error, "best possible"),
    (truth.naive_bayes_error, "naive Bayes, endless rows"),
):
    ax.axhline(1 - error, color="0.4", linestyle=":", linewidth=1)
    ax.annotate(name, (10, 1 - error), xytext=(0, 3), textcoords="offset points")
plt.show()

# %%
# To the left of the crossing the wrong assumption pays: it spares naive Bayes the
# estimation of correlations that few rows cannot show. To its right the assumption
# is all that is left of its error, and no further row mends it.
