"""
Over-sampling ruins probabilities, and a prior correction repairs them
======================================================================

After balancing, a classifier says how probable the rare class is where both classes
are equally frequent.
:class:`~skgendisc.augmentation.PriorCorrectedClassifier` puts its probabilities back
to the frequencies of the real rows.
"""

import matplotlib.pyplot as plt
from imblearn.pipeline import make_pipeline
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split

from skgendisc.augmentation import PriorCorrectedClassifier
from skgendisc.comparison import ReliabilityDisplay
from skgendisc.datasets import make_gaussian_classes
from skgendisc.joint import LDASampler

X, y = make_gaussian_classes(
    20_000, 5, distance=1.5, priors=(0.9, 0.1), correlation=0.3, random_state=0
)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, train_size=2000, stratify=y, random_state=0
)

# %%
# The same logistic regression three times: alone, on balanced rows, and on balanced
# rows with its probabilities corrected.

balanced = make_pipeline(LDASampler(random_state=0), LogisticRegression())
classifiers = {
    "alone": LogisticRegression(),
    "balanced": balanced,
    "balanced, corrected": PriorCorrectedClassifier(balanced, random_state=0),
}
proba = {}
for name, classifier in classifiers.items():
    proba[name] = classifier.fit(X_train, y_train).predict_proba(X_test)[:, 1]
    print(
        f"{name:20s} log loss {log_loss(y_test, proba[name]):.3f}, "
        f"ROC-AUC {roc_auc_score(y_test, proba[name]):.3f}, "
        f"mean probability {proba[name].mean():.2f}"
    )
print("chosen correction:", classifiers["balanced, corrected"].method_)

# %%
# On the diagonal, one row in ten of those that are given 0.1 is of the rare class.
# Right probabilities lie inside the shade, but for chance.

display = ReliabilityDisplay.from_predictions(proba, y_test, strategy="uniform")
plt.show()

# %%
# Balancing left the ranking as it was, and doubled the log loss. Corrected,
# probabilities are as good as those of logistic regression alone: the correction makes
# good what balancing spoiled, and no more. It was chosen, among four and none, by
# rows that the pipeline had not seen.
