"""
A grid search chooses the sampler together with the classifier
==============================================================

A sampler is a step like any other: its parameters, how many rows it adds, and the
sampler itself go into the grid of a search. "No synthetic rows" belongs there too.
"""

import matplotlib.pyplot as plt
from imblearn.pipeline import Pipeline
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import StandardScaler

from skgendisc.augmentation import balance
from skgendisc.joint import GaussianNBSampler, LDASampler

X, y = make_classification(
    1500, 10, n_informative=5, weights=[0.9], class_sep=0.7, random_state=1
)

# %%
# Two grids, as scikit-learn has them: one with the sampler's steps, one without any.
# ``balance(0.5)`` fills the rare class up to half of the common one.

pipeline = Pipeline(
    [
        ("scale", StandardScaler()),
        ("sampler", "passthrough"),
        ("classifier", LogisticRegression()),
    ]
)
strengths = [0.01, 1.0]
ratios = [0.25, 0.5, 0.75, 1.0]
grid = [
    {"sampler": ["passthrough"], "classifier__C": strengths},
    {
        "sampler": [LDASampler(random_state=0), GaussianNBSampler(random_state=0)],
        "sampler__sampling_strategy": [balance(ratio) for ratio in ratios],
        "classifier__C": strengths,
    },
]
folds = StratifiedKFold(5, shuffle=True, random_state=0)
search = GridSearchCV(pipeline, grid, scoring="f1", cv=folds).fit(X, y)
print(search.best_params_)

# %%
# The search keeps the scores of every candidate; here is the better ``C`` of each.

scores = search.cv_results_["mean_test_score"]
alone = scores[:2].max()
with_rows = scores[2:].reshape(2, 2, len(ratios)).max(axis=0)  # (sampler, ratio)

fig, ax = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
ax.axhline(alone, color="#0072B2", linestyle="--", label="no synthetic rows")
names = ["LDASampler", "GaussianNBSampler"]
for name, values, mark, colour in zip(
    names, with_rows, "os", ["#D55E00", "#009E73"], strict=True
):
    ax.plot(ratios, values, marker=mark, color=colour, label=name)
ax.set_xticks(ratios)
ax.set_xlabel("rare rows for each common one, after sampling")
ax.set_ylabel("F1 of the rare class, mean of 5 folds")
ax.set_title("How many rows to add matters more here than who draws them")
ax.legend()
plt.show()

# %%
# Without synthetic rows nearly all rows are called common, and F1 is near nothing.
# Three rare rows for four common ones are best for both samplers, better than the
# full balance that over-samplers strike unasked. The best score of a search is a
# little too good to be true, since the same folds chose it: judge the search itself
# by ``cross_val_score(search, X, y)``.
