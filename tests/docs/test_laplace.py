"""The sampler of the contributing guide obeys the laws, and its density is right."""

import numpy as np
from imblearn.utils import estimator_checks as imblearn_checks
from laplace_sampler import LaplaceNBSampler
from scipy.stats import laplace
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.estimator_checks import parametrize_with_sampler_checks


@parametrize_with_checks([LaplaceNBSampler(random_state=0)])
def test_it_is_an_estimator(estimator, check):
    check(estimator)


@imblearn_checks.parametrize_with_checks([LaplaceNBSampler(random_state=0)])
def test_it_is_an_over_sampler(estimator, check):
    check(estimator)


@parametrize_with_sampler_checks([LaplaceNBSampler(random_state=0)])
def test_it_obeys_the_laws(estimator, check):
    check(estimator)


def test_density_is_that_of_scipy():
    rng = np.random.default_rng(0)
    X, y = rng.laplace(2.0, 3.0, size=(200, 2)), np.repeat([0, 1], 100)
    told = LaplaceNBSampler().fit(X, y).predict_joint_log_proba(X)
    one = X[y == 1]
    scale = np.abs(one - np.median(one, axis=0)).mean(axis=0)
    known = laplace(np.median(one, axis=0), scale).logpdf(X).sum(axis=1) + np.log(0.5)
    np.testing.assert_allclose(told[:, 1], known)
