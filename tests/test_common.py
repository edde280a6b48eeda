"""Laws that hold for every sampler, and the suites of the two parent projects."""

import cloudpickle  # noqa: F401 - loaded, so that the laws look at it
import pandas as pd  # noqa: F401
import polars as pl  # noqa: F401
from imblearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_imblearn_checks,
)
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.neighbors import KernelDensity
from sklearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_sklearn_checks,
)

from skgendisc.estimator_checks import parametrize_with_sampler_checks
from skgendisc.joint import (
    ClassConditionalSampler,
    GaussianNBSampler,
    LDASampler,
    QDASampler,
)

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
]


@parametrize_with_sklearn_checks(SAMPLERS)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@parametrize_with_imblearn_checks(SAMPLERS)
def test_imbalanced_learn_checks(estimator, check):
    check(estimator)


@parametrize_with_sampler_checks(SAMPLERS)
def test_sampler_laws(estimator, check):
    check(estimator)
