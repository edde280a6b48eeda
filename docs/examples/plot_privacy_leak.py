"""
A planted leak hides in averages, and the surest guesses find it
================================================================

A sampler that hands out one training row in ten, with a little noise, passes as
harmless by most figures: no row is an exact copy, and rows look as real as before. An
attacker who only names the rows that he is surest of is not deceived.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale

from skgendisc.metrics import (
    classifier_two_sample_test,
    exact_copies,
    membership_inference,
)
from skgendisc.trees import TreeSampler

X, _ = load_breast_cancer(return_X_y=True)
X_train, X_held_out = train_test_split(scale(X), test_size=0.5, random_state=0)
honest, _ = TreeSampler(random_state=0).fit(X_train).sample(len(X_train))

# %%
# The leak: some of the drawn rows are replaced by training rows with a little noise.
# Held-out rows, of the same distribution, stand for people who were not in the table;
# the attacker is to tell the training rows from them.

rng = np.random.default_rng(0)
shares = [0.0, 0.05, 0.1, 0.2, 0.4]
attacks = []
for share in shares:
    n_leaked = int(share * len(honest))
    leaking = honest.copy()
    noise = 0.02 * rng.standard_normal((n_leaked, X.shape[1]))
    leaking[:n_leaked] = X_train[:n_leaked] + noise
    result = membership_inference(X_train, leaking, X_held_out, random_state=0)
    attacks.append(result.attacks["density_ratio"])
    told = classifier_two_sample_test(X_held_out, leaking, cv=3, random_state=0)
    copies = exact_copies(X_train, leaking)
    print(
        f"{share:.0%} leaked: {copies.share:.0%} exact copies, told from real rows "
        f"with AUC {told.auc:.2f}"
    )

# %%
# Two figures of one attack, with 95 % intervals. The area under the ROC curve is an
# average over all rows, most of which are safe. The true positive rate asks how many
# training rows the attacker finds while one stranger in a hundred is named wrongly.

fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.6), layout="constrained")
for ax, name, chance, label in (
    (left, "auc", 0.5, "AUC of the attack"),
    (right, "tpr", 0.01, "share of training rows found"),
):
    values = np.array([getattr(attack, name) for attack in attacks])
    intervals = np.array([getattr(attack, f"{name}_interval") for attack in attacks]).T
    ax.errorbar(
        shares, values, abs(intervals - values), marker="o", color="#D55E00", capsize=3
    )
    ax.axhline(chance, color="0.4", linestyle="--")
    ax.text(0.4, chance + 0.005, "chance", ha="right", va="bottom")
    ax.set(xlabel="training rows among the drawn ones", ylabel=label)
    ax.xaxis.set_major_formatter("{x:.0%}")
left.set_title("On average, little to see")
right.set_title("At 1 % false alarms, the leak")
plt.show()

# %%
# With one row in ten leaked, chance is still inside the interval of the area, and far
# outside that of the surest guesses. Without a leak neither sees anything - which
# says that this attack failed, and not that rows are private.
