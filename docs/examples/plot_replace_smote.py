"""
A sampler takes SMOTE's place in a pipeline by one word
=======================================================

Every sampler here is an imbalanced-learn sampler, so whatever stands in the place of
``SMOTE()`` can be exchanged without touching the rest of a pipeline. Inside
``cross_validate`` the sampler sees the training rows of each fold only, and no
synthetic row is ever judged.
"""

import matplotlib.pyplot as plt
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score

from skgendisc.joint import GaussianCopulaSampler, LDASampler
from skgendisc.trees import TreeSampler

X, y = make_classification(
    1500, 8, n_informative=5, weights=[0.93], class_sep=0.8, random_state=0
)
print(f"{y.sum()} of {len(y)} rows are of the rare class")

# %%
# One word differs from line to line. The score is balanced accuracy, the mean of
# the recalls of both classes, on real rows that neither sampler nor forest has seen.

samplers = {
    "no sampler": "passthrough",
    "SMOTE": SMOTE(random_state=0),
    "LDASampler": LDASampler(random_state=0),
    "TreeSampler": TreeSampler(random_state=0),
    "GaussianCopulaSampler": GaussianCopulaSampler(random_state=0),
}
folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=0)
scores = {}
for name, sampler in samplers.items():
    forest = RandomForestClassifier(50, random_state=0)
    pipeline = make_pipeline(sampler, forest)
    scores[name] = cross_val_score(
        pipeline, X, y, cv=folds, scoring="balanced_accuracy"
    )
    print(f"{name:22s} {scores[name].mean():.3f}")

# %%
# Each dot is a fold, each bar the mean of ten.

fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
for row, (name, values) in enumerate(scores.items()):
    colour = "#D55E00" if name.endswith("Sampler") else "#0072B2"
    ax.scatter(values, [row] * len(values), s=25, alpha=0.5, color=colour)
    ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=colour, linewidth=3)
ax.set_yticks(range(len(scores)), scores)
ax.invert_yaxis()
ax.set_xlabel("balanced accuracy on the rows of a fold")
ax.set_title("The forest finds more rare rows with any sampler")
plt.show()

# %%
# On this table the forest gains more by any of the four samplers than they differ from
# each other. What it gains is a moved threshold: more rows are called rare, rightly
# and wrongly. Probabilities suffer by it, which another example repairs; and which
# sampler is best here need not be best on the next table.
