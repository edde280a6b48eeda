"""The worked example of the contributing guide: Laplace naive Bayes."""

import numpy as np

from skgendisc.base import GenerativeSampler, JointSamplerMixin


class LaplaceNBSampler(JointSamplerMixin, GenerativeSampler):
    """Naive Bayes with Laplace distributions: heavier tails than normal ones.

    Parameters
    ----------
    scale_floor : float, default=1e-3
        Least scale of a column in a class, as a fraction of that over all rows.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    medians_, scales_ : ndarray of shape (n_classes, n_features)
    class_prior_ : ndarray of shape (n_classes,)
    """

    def __init__(
        self, *, scale_floor=1e-3, sampling_strategy="auto", random_state=None
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.scale_floor = scale_floor

    def _fit(self, X, y):
        least = self.scale_floor * mean_distance(X, np.median(X, axis=0))
        least[least == 0.0] = 1.0  # a constant column tells nothing, on any scale
        classes = [X[y == k] for k in range(y.max() + 1)]
        self.medians_ = np.array([np.median(rows, axis=0) for rows in classes])
        scales = list(map(mean_distance, classes, self.medians_))
        self.scales_ = np.maximum(scales, least)
        self.class_prior_ = np.bincount(y) / len(y)

    def _draw(self, y, rng):
        return rng.laplace(self.medians_[y], self.scales_[y])

    def _class_log_density(self, X):
        distance = np.abs(X[:, np.newaxis] - self.medians_) / self.scales_
        return -(distance + np.log(2.0 * self.scales_)).sum(axis=2)


def mean_distance(X, centre):
    """Mean distance of each column from a centre, of shape (n_features,)."""
    return np.abs(X - centre).mean(axis=0)
