"""Each law lets a right sampler pass, and catches the one that breaks it."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from skgendisc import estimator_checks as laws
from skgendisc.base import GenerativeSampler
from skgendisc.joint import ClassConditionalSampler, GaussianNBSampler, LDASampler


class Bootstrap(GenerativeSampler):
    """Draws real rows again: the simplest sampler that is right."""

    def _fit(self, X, y):
        self.rows_ = [X[y == k] for k in range(y.max() + 1)]
        self.class_prior_ = np.bincount(y) / len(y)

    def _draw(self, y, rng):
        rows = [rng.choice(self.rows_[k]) for k in y]
        return np.reshape(rows, (len(y), self.n_features_in_))


def test_a_sampler_of_any_package_that_is_right_passes():
    laws.check_sampler(Bootstrap(random_state=0))


class IgnoresSeed(GaussianNBSampler):
    def _draw(self, y, rng):
        return super()._draw(y, np.random.default_rng())


class DrawsFromGlobalState(GaussianNBSampler):
    def _draw(self, y, rng):
        return super()._draw(y, rng) + 1e-9 * np.random.standard_normal()  # noqa: NPY002


class RepeatsItself(GaussianNBSampler):
    def _draw(self, y, rng):
        return super()._draw(y, np.random.default_rng(0))


class SortsByClass(GaussianNBSampler):
    def sample(self, n_samples=1, *, random_state=None):
        X, y = super().sample(n_samples, random_state=random_state)
        order = np.argsort(y)
        return X[order], y[order]


class SharesDraws(GaussianNBSampler):
    def _draw(self, y, rng):
        seed = rng.integers(2**31)
        X = np.empty((len(y), self.n_features_in_))
        for k in np.unique(y):
            X[y == k] = super()._draw(y[y == k], np.random.default_rng(seed))
        return X


class ForgetsY(GaussianNBSampler):
    def _draw(self, y, rng):
        return super()._draw(np.sort(y), rng)


class Shifts(GaussianNBSampler):
    def _draw(self, y, rng):
        return super()._draw(y, rng) + 0.2


class RemembersDraws(GaussianNBSampler):
    def _draw(self, y, rng):
        self.last_ = super()._draw(y, rng)
        return self.last_


class WrongPrior(GaussianNBSampler):
    def _log_prior(self):
        return np.log(self.class_prior_[::-1])


class Unnormalised(GaussianNBSampler):
    def _class_log_density(self, X):
        return super()._class_log_density(X) + 1.0


class Narrow(GaussianNBSampler):
    """Draws too little spread for its density, with the right means."""

    def _draw(self, y, rng):
        return self.means_[y] + 0.3 * (super()._draw(y, rng) - self.means_[y])


class DrawsUncorrelated(LDASampler):
    """Draws each column with its variance, and none with another."""

    def _draw(self, y, rng):
        noise = rng.standard_normal((len(y), self.n_features_in_))
        return self.means_[y] + noise * np.sqrt(np.diag(self.covariance_))


class WeighsOnlyThePrior(GaussianNBSampler):
    def _fit(self, X, y, sample_weight=None):
        super()._fit(X, y)
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        self.class_prior_ = np.bincount(y, weight) / weight.sum()


class OverflowsToNaN(GaussianNBSampler):
    def predict_log_proba(self, X):
        joint = self.predict_joint_log_proba(X)
        with np.errstate(all="ignore"):
            return joint - np.log(np.exp(joint).sum(axis=1, keepdims=True))


class ChangesRealRows(GaussianNBSampler):
    def fit_resample(self, X, y, sample_weight=None):
        X_res, y_res = super().fit_resample(X, y)
        return X_res + 1e-12, y_res


class ChangesItsParameters(GaussianNBSampler):
    def _fit(self, X, y, sample_weight=None):
        self.var_smoothing = 1e-8
        super()._fit(X, y, sample_weight)


class Transforms(GaussianNBSampler):
    def transform(self, X):
        return X


class SeedFirst(GaussianNBSampler):
    def __init__(self, *, random_state=None, sampling_strategy="auto"):
        super().__init__(random_state=random_state, sampling_strategy=sampling_strategy)


class TakesNoRows(GaussianNBSampler):
    def _draw(self, y, rng):
        return np.stack([super(TakesNoRows, self)._draw(y[[i]], rng)[0] for i in y])


class PredictsWithoutLabels(ClassConditionalSampler):
    def predict(self, X):
        return np.zeros(len(X))


BROKEN = [
    (IgnoresSeed, laws.check_same_seed_same_rows),
    (IgnoresSeed, laws.check_round_trips_draw_the_same_rows),
    (DrawsFromGlobalState, laws.check_global_random_state_is_left_alone),
    (RepeatsItself, laws.check_random_state_object_is_advanced),
    (RepeatsItself, laws.check_generator_is_accepted),
    (SortsByClass, laws.check_sample_is_in_random_order),
    (SharesDraws, laws.check_classes_share_no_draws),
    (ForgetsY, laws.check_sample_conditional_follows_y),
    (Shifts, laws.check_samples_have_the_means_of_their_class),
    (RemembersDraws, laws.check_sampling_leaves_the_model_unchanged),
    (WrongPrior, laws.check_posterior_averages_to_the_prior),
    (Narrow, laws.check_posterior_averages_to_the_prior),
    (DrawsUncorrelated, laws.check_posterior_averages_to_the_prior),
    (WeighsOnlyThePrior, laws.check_sample_weight_is_routed),
    (Unnormalised, laws.check_density_integrates_to_one),
    (OverflowsToNaN, laws.check_posterior_is_never_nan),
    (ChangesRealRows, laws.check_real_rows_stay_untouched),
    (ChangesItsParameters, laws.check_fit_leaves_parameters_and_input_alone),
    (Transforms, laws.check_has_no_transform),
    (SeedFirst, laws.check_constructor_ends_with_strategy_and_seed),
    (PredictsWithoutLabels, laws.check_fits_without_labels),
]


@pytest.mark.parametrize(
    ("sampler", "law"), BROKEN, ids=lambda thing: getattr(thing, "__name__", None)
)
def test_a_sampler_that_breaks_a_law_is_caught(sampler, law):
    with pytest.raises(AssertionError):
        law(sampler.__name__, sampler(random_state=0))


def test_an_error_on_an_empty_request_is_passed_on():
    with pytest.raises(ValueError, match="need at least one array"):
        laws.check_empty_request_gives_no_rows("", TakesNoRows(random_state=0))


def test_scikit_learns_own_naive_bayes_is_no_sampler():
    with pytest.raises(AssertionError):
        laws.check_sampler(GaussianNB())
