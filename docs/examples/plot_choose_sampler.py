"""
Cross-validation chooses the sampler whose rows are hard to tell from real ones
===============================================================================

:func:`~skgendisc.metrics.make_sampler_scorer` makes a scorer of any function that
judges synthetic rows. With it, scikit-learn's searches choose a sampler and its
parameters by rows that the sampler has not seen.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold
from sklearn.preprocessing import StandardScaler

from skgendisc.compose import TransformedSampler
from skgendisc.joint import (
    GaussianCopulaSampler,
    GaussianNBSampler,
    LDASampler,
    QDASampler,
)
from skgendisc.metrics import classifier_two_sample_test, make_sampler_scorer
from skgendisc.trees import TreeSampler

X, y = load_breast_cancer(return_X_y=True)
X = X[:, :10]

# %%
# The metric is the area under the ROC curve of a boosting classifier that tells drawn
# rows from held-out ones: 0.5 is best, so that less is better. The sampler is a
# parameter of :class:`~skgendisc.compose.TransformedSampler`, as it would be of a
# pipeline.

hard_to_tell = make_sampler_scorer(
    classifier_two_sample_test, greater_is_better=False, cv=3
)
samplers = {
    "naive Bayes": GaussianNBSampler(),
    "LDA": LDASampler(),
    "QDA": QDASampler(),
    "copula": GaussianCopulaSampler(),
    "trees, leaves of 100": TreeSampler(min_samples_leaf=100),
    "trees, leaves of 10": TreeSampler(min_samples_leaf=10),
}
search = GridSearchCV(
    TransformedSampler(StandardScaler(), random_state=0),
    {"sampler": list(samplers.values())},
    scoring=hard_to_tell,
    cv=RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0),
)
search.fit(X, y)
print(search.best_params_)

# %%
# Each dot is a fold, each bar the mean of six.

by_fold = np.array([search.cv_results_[f"split{fold}_test_score"] for fold in range(6)])
fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
for row, values in enumerate(-by_fold.T):
    colour = "#D55E00" if row == search.best_index_ else "#0072B2"
    ax.scatter(values, [row] * len(values), color=colour, alpha=0.5, s=25)
    ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=3)
ax.axvline(0.5, color="0.4", linestyle="--", linewidth=1)
ax.set_yticks(range(len(samplers)), samplers)
ax.invert_yaxis()
ax.set_xlabel("told from held-out rows: AUC, 0.5 is chance")
ax.set_title("The search takes the one that is hardest to tell")
plt.show()

# %%
# The copula's rows are nearly at chance, and large leaves are too coarse. Beware that
# such a search leans to samplers that stay near their training rows: before rows are
# handed on, ask :func:`~skgendisc.metrics.membership_inference` as well.
