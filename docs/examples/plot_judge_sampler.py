"""
Good columns are not good rows: judging a sampler
=================================================

:func:`~skgendisc.comparison.evaluate_sampler` fits samplers inside folds and judges
their rows by questions that do not replace each other, beside rows whose quality is
known: held-out real ones, the training rows themselves, and columns that have nothing
to do with each other.
"""

from sklearn.datasets import load_breast_cancer

from skgendisc.comparison import evaluate_sampler
from skgendisc.joint import GaussianCopulaSampler, MixedNBSampler
from skgendisc.trees import TreeSampler

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
X = X.iloc[:, :10]
samplers = {
    "naive Bayes": MixedNBSampler(numeric="quantile-normal"),
    "copula": GaussianCopulaSampler(),
    "trees": TreeSampler(),
}
metrics = ["column_shapes", "discriminator_auc", "coverage", "utility"]
result = evaluate_sampler(samplers, X, y, metrics=metrics, random_state=0)

# %%
# Two of the figures. *Column shapes* compares columns one by one, 1 being best;
# *coverage* is the share of real rows that have a drawn one among their nearest.

figure = result.plot(metrics=["column_shapes", "coverage"])

# %%
# Column by column, naive Bayes does as well as held-out real rows: its columns are
# kept as they are. But radius, perimeter and area of a cell go together, and in its
# rows they do not, so that half of the real rows have no drawn row near them. The
# verdicts say so in words, each read off the rows of reference.

for verdict in result.verdicts("naive Bayes"):
    print(verdict["question"], verdict["answer"])
    print("   ", verdict["text"])
