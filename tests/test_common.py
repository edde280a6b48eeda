"""Laws that hold for every sampler, and the suites of the two parent projects."""

import cloudpickle  # noqa: F401 - loaded, so that the laws look at it
import numpy as np
import pandas as pd
import polars as pl  # noqa: F401
from imblearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_imblearn_checks,
)
from scipy.sparse import csr_matrix, issparse
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.neighbors import KernelDensity
from sklearn.preprocessing import QuantileTransformer
from sklearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_sklearn_checks,
)

from skgendisc.compose import RefinedSampler, TransformedSampler
from skgendisc.estimator_checks import parametrize_with_sampler_checks
from skgendisc.joint import (
    BernoulliNBSampler,
    CategoricalNBSampler,
    ClassConditionalSampler,
    GaussianCopulaSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    MultinomialNBSampler,
    QDASampler,
)
from skgendisc.neural import GANNet, GANSampler, VAENet, VAESampler
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler

# Networks that train in a moment.
SMALL = {
    "latent_dim": 2,
    "hidden_units": (16,),
    "lr": 1e-2,
    "batch_size": 50,
    "max_epochs": 40,
}
# A GAN needs more to have the means of its classes right.
LARGER = {"batch_size": 400, "max_epochs": 200}

SAMPLERS = [
    GaussianNBSampler(random_state=0),
    GaussianNBSampler(shared_variance=True, random_state=0),
    LDASampler(random_state=0),
    LDASampler(shrinkage="auto", random_state=0),
    QDASampler(random_state=0),
    QDASampler(shrinkage=0.1, random_state=0),
    ClassConditionalSampler(random_state=0),
    ClassConditionalSampler(GaussianMixture(3), random_state=0),
    ClassConditionalSampler(BayesianGaussianMixture(n_components=2), random_state=0),
    ClassConditionalSampler(KernelDensity(), random_state=0),
    BernoulliNBSampler(random_state=0),
    MultinomialNBSampler(random_state=0),
    CategoricalNBSampler(random_state=0),
    MixedNBSampler(random_state=0),
    MixedNBSampler(numeric="quantile-normal", random_state=0),
    GaussianCopulaSampler(random_state=0),
    GaussianCopulaSampler(per_class=False, shrinkage=0.1, random_state=0),
    TreeSampler(random_state=0),
    TreeSampler(n_trees=3, max_features=0.5, smoothing=0.0, random_state=0),
    TransformedSampler(random_state=0),
    TransformedSampler(PCA(), GaussianNBSampler(), random_state=0),
    TransformedSampler(TableEncoder(), LDASampler(), random_state=0),
    TransformedSampler(
        QuantileTransformer(n_quantiles=50, output_distribution="normal"),
        ClassConditionalSampler(GaussianMixture()),
        random_state=0,
    ),
    RefinedSampler(random_state=0),
    RefinedSampler(GaussianNBSampler(), LogisticRegression(), random_state=0),
    VAESampler(VAENet(**SMALL, n_importance_samples=64), random_state=0),
    VAESampler(VAENet(**SMALL, kl_weight=1.0, numbers="normal"), random_state=0),
    GANSampler(GANNet(**LARGER), random_state=0),
]


@parametrize_with_sklearn_checks(SAMPLERS)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def of_counts(cls):
    """Adapter for imbalanced-learn's suite, which feeds reals to all samplers.

    Those of counts and categories rightly refuse negative ones, and to one of truth
    values the iris is true throughout. Inside the adapter they see how far a value is
    above the column's mean, as a small whole number, in the same kind of table.
    """

    class OfCounts(cls):
        def fit(self, X, y):
            self._centre = np.asarray(X).mean(axis=0)
            return super().fit(self._counts(X), y)

        def predict(self, X):
            return super().predict(self._counts(X))

        def fit_resample(self, X, y):
            dense = X.toarray() if issparse(X) else np.asarray(X)
            self._centre = dense.mean(axis=0)
            return super().fit_resample(self._counts(X), y)

        def _counts(self, X):
            dense = X.toarray() if issparse(X) else np.asarray(X)
            counts = np.ceil(2 * np.maximum(dense - self._centre, 0))
            if isinstance(X, pd.DataFrame):
                return pd.DataFrame(counts, columns=X.columns).astype(X.dtypes)
            if isinstance(X, list):
                return counts.tolist()
            return csr_matrix(counts) if issparse(X) else counts.astype(X.dtype)

    OfCounts.__name__ = f"{cls.__name__}OfCounts"
    return OfCounts


def for_imbalanced_learn(sampler):
    discrete = (BernoulliNBSampler, CategoricalNBSampler, MultinomialNBSampler)
    if not isinstance(sampler, discrete):
        return sampler
    return of_counts(type(sampler))(**sampler.get_params())


@parametrize_with_imblearn_checks([for_imbalanced_learn(s) for s in SAMPLERS])
def test_imbalanced_learn_checks(estimator, check):
    # Some of its checks draw rows by numpy's global state, and want of these few that
    # each class is predicted.
    np.random.seed(2)  # noqa: NPY002
    check(estimator)


@parametrize_with_sampler_checks(SAMPLERS)
def test_sampler_laws(estimator, check):
    check(estimator)
