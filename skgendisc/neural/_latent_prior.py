"""Distributions of latent variables: a mixture of normals for each class."""

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import ndtri
from sklearn import config_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from skgendisc.neural._layout import LOG_2PI
from skgendisc.numerics import draw_categorical
from skgendisc.utils.random_state import draw_seed

# A class has at most so many normals, one for each so many rows; so many rows tell
# where they are.
MOST_COMPONENTS, ROWS_OF_COMPONENT, MOST_ROWS = 20, 50, 10_000
# Passes over the rows: the fit need not be perfect, only near.
MAX_ITER = 40
# Draws of the latent variables of a class at least, if of the same rows.
LEAST_DRAWS = 200


@dataclass(frozen=True)
class LatentPrior:
    """A mixture of normals for each class.

    Parameters
    ----------
    weight : ndarray of shape (n_classes, n_components)
    mean : ndarray of shape (n_classes, n_components, latent_dim)
    factor : ndarray of shape (n_classes, n_components, latent_dim, latent_dim)
        Lower triangular; times its transpose it is the covariance.
    """

    weight: np.ndarray
    mean: np.ndarray
    factor: np.ndarray

    @classmethod
    def standard(cls, n_classes, latent_dim, n_components=1):
        """The standard normal for all classes, with room for more components."""
        weight = np.zeros((n_classes, n_components))
        weight[:, 0] = 1.0
        mean = np.zeros((n_classes, n_components, latent_dim))
        factor = np.zeros((n_classes, n_components, latent_dim, latent_dim))
        factor[:] = np.eye(latent_dim)
        return cls(weight, mean, factor)

    def widened(self, places, n_classes):
        """With more classes, new ones standard normal; ``places`` are the old ones'."""
        wide = self.standard(n_classes, self.mean.shape[2], self.weight.shape[1])
        for name in ("weight", "mean", "factor"):
            getattr(wide, name)[places] = getattr(self, name)
        return wide

    @classmethod
    def mixture(cls, mean, log_variance, y, before, rng):
        """Mixtures of normals fitted to the latent variables of rows.

        Parameters
        ----------
        mean, log_variance : ndarray of shape (n_samples, latent_dim)
            Of the latent variables of each row.
        y : ndarray of shape (n_samples,)
        before : LatentPrior
            Kept for classes without rows.
        rng : numpy.random.Generator
        """
        n_classes, latent_dim = len(before.weight), mean.shape[1]
        prior = cls.standard(n_classes, latent_dim, MOST_COMPONENTS)
        n_before = before.weight.shape[1]
        prior.weight[:, :n_before] = before.weight
        prior.mean[:, :n_before] = before.mean
        prior.factor[:, :n_before] = before.factor
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            n_components = np.clip(len(rows) // ROWS_OF_COMPONENT, 1, MOST_COMPONENTS)
            rows = rng.permutation(rows)[:MOST_ROWS]
            rows = np.resize(rows, max(len(rows), LEAST_DRAWS))
            noise = rng.standard_normal((len(rows), latent_dim))
            drawn = mean[rows] + np.exp(0.5 * log_variance[rows]) * noise
            model = GaussianMixture(
                n_components, max_iter=MAX_ITER, random_state=draw_seed(rng)
            )
            with config_context(array_api_dispatch=False), warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(drawn)
            prior.weight[k] = 0.0
            prior.weight[k, :n_components] = model.weights_
            prior.mean[k, :n_components] = model.means_
            prior.factor[k, :n_components] = np.linalg.cholesky(model.covariances_)
        return prior

    def draw(self, y, rng):
        """Latent variables of rows of the wanted classes.

        Parameters
        ----------
        y : ndarray of shape (n_samples,)
        rng : numpy.random.Generator

        Returns
        -------
        z : ndarray of shape (n_samples, latent_dim)
        """
        z = rng.standard_normal((len(y), self.mean.shape[2]))
        component = np.empty(len(y), dtype=np.intp)
        for k in np.unique(y):
            own = np.flatnonzero(y == k)
            component[own] = draw_categorical(self.weight[k], len(own), rng)
        group = y * self.weight.shape[1] + component
        for number in np.unique(group):
            own = group == number
            k, j = divmod(number, self.weight.shape[1])
            z[own] = self.mean[k, j] + z[own] @ self.factor[k, j].T
        return z

    def at(self, points, k):
        """Latent variables of class ``k`` at points of the unit cube.

        Parameters
        ----------
        points : ndarray of shape (n_samples, 1 + latent_dim)
            The first number chooses a component, the others a place in it.
        k : int

        Returns
        -------
        z : ndarray of shape (n_samples, latent_dim)
        """
        ends = np.cumsum(self.weight[k])
        component = np.searchsorted(ends / ends[-1], points[:, 0])
        noise = ndtri(points[:, 1:])
        return self.mean[k, component] + np.einsum(
            "nij,nj->ni", self.factor[k, component], noise
        )

    def log_prob(self, z, k):
        """Log-density of latent variables in class ``k``.

        Parameters
        ----------
        z : Tensor of shape (n_samples, latent_dim)
        k : int

        Returns
        -------
        log_prob : Tensor of shape (n_samples,)
            In nats.
        """
        of_components = []
        for j in np.flatnonzero(self.weight[k]):
            factor = torch.as_tensor(self.factor[k, j], dtype=z.dtype, device=z.device)
            mean = torch.as_tensor(self.mean[k, j], dtype=z.dtype, device=z.device)
            standard = torch.linalg.solve_triangular(factor, (z - mean).T, upper=False)
            log_det = factor.diagonal().log().sum()
            log_prob = -0.5 * (standard.square() + LOG_2PI).sum(dim=0) - log_det
            of_components.append(log_prob + float(np.log(self.weight[k, j])))
        return torch.stack(of_components).logsumexp(dim=0)
