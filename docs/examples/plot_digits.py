"""
A VAE and a GAN draw digits that teach a classifier to read real ones
=====================================================================

With ``image_shape``, rows are images, and the networks convolutional. Both samplers
learn from 898 digits of 8 by 8 pixels in some seconds, and draw the digit that they
are asked for. How good their digits are, a classifier says that learns from them
alone.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from skgendisc.neural import GANSampler, VAESampler

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.5, stratify=y, random_state=0
)

# %%
# As many drawn digits as real ones, of the same classes.

samplers = {
    "VAE": VAESampler(image_shape=(8, 8), max_epochs=30, random_state=0),
    "GAN": GANSampler(image_shape=(8, 8), max_epochs=40, random_state=0),
}
digits = {"real": X_train}
for name, sampler in samplers.items():
    digits[name] = sampler.fit(X_train, y_train).sample_conditional(y_train)

neighbours = KNeighborsClassifier()
accuracy = {
    name: neighbours.fit(rows, y_train).score(X_test, y_test)
    for name, rows in digits.items()
}

# %%
# Four of each digit; beside them, how well they teach.

fig, axes = plt.subplots(3, 1, figsize=(5.6, 7), layout="constrained")
order = np.array([np.flatnonzero(y_train == digit)[:4] for digit in range(10)])
for ax, (name, rows) in zip(axes, digits.items(), strict=True):
    images = np.pad(rows[order].reshape(40, 8, 8), [(0, 0), (1, 1), (1, 1)])
    images = images.reshape(10, 4, 10, 10).transpose(1, 2, 0, 3)
    ax.imshow(images.reshape(40, 100), cmap="gray_r")
    ax.set_title(f"{name}: {accuracy[name]:.1%} read rightly")
    ax.set_xticks(np.arange(4.5, 100, 10), range(10))
    ax.set_yticks([])
axes[-1].set_xlabel("digit asked for")
plt.show()

# %%
# Percentages are those of unseen real digits that five nearest neighbours read
# rightly, with nothing to learn from but the digits above and their like. Real digits
# are still the better teachers: drawn ones know no more than what they were drawn
# from.
