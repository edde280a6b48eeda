"""The laws that every sampler obeys, as checks for samplers of any package.

They add to :mod:`sklearn.utils.estimator_checks` and
:mod:`imblearn.utils.estimator_checks`, which see a sampler as an estimator; these see
it as a model of p(x, y). Each check is a function of a name and an estimator, and
raises ``AssertionError`` where the law is broken.
"""

import inspect
import pickle
import random
import sys
from functools import partial
from io import BytesIO

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from skgendisc.utils._optional import import_optional

__all__ = ["check_sampler", "parametrize_with_sampler_checks"]

# Draws for the statistical checks, and how many standard errors they may be off: one
# in 10**6 checks of a sampler that is right fails, and seeds are fixed.
N_DRAWS = 4000
# Columns that are correlated within a class, so that draws that are not are seen.
MIXING = np.array([[1.0, 0.9, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 1.0]])
STANDARD_ERRORS = 5.0


def parametrize_with_sampler_checks(estimators):
    """Decorate a test, so that it runs once for each sampler and law.

    Parameters
    ----------
    estimators : list of estimator instances
        Give them a ``random_state``, as the checks compare runs.

    Returns
    -------
    decorator : pytest.mark.parametrize

    Examples
    --------
    >>> from skgendisc.estimator_checks import parametrize_with_sampler_checks
    >>> from skgendisc.joint import GaussianNBSampler
    >>> @parametrize_with_sampler_checks([GaussianNBSampler(random_state=0)])
    ... def test_sampler_laws(estimator, check):
    ...     check(estimator)
    """
    pytest = import_optional(
        "pytest", feature="parametrize_with_sampler_checks", extra="test"
    )
    cases = [case for estimator in estimators for case in _cases(estimator)]
    ids = [f"{estimator!r}-{check.func.__name__}" for estimator, check in cases]
    return pytest.mark.parametrize(
        ("estimator", "check"), cases, ids=[" ".join(i.split()) for i in ids]
    )


def check_sampler(estimator):
    """Check that a sampler obeys all laws that apply to it.

    Parameters
    ----------
    estimator : estimator instance
        With a ``random_state``, as the checks compare runs.

    Raises
    ------
    AssertionError
        At the first law that is broken.

    Examples
    --------
    >>> from skgendisc.estimator_checks import check_sampler
    >>> from skgendisc.joint import LDASampler
    >>> check_sampler(LDASampler(random_state=0))
    """
    for sampler, check in _cases(estimator):
        check(sampler)


def _cases(estimator):
    """Pairs of the estimator and each check that applies to it."""
    name = type(estimator).__name__
    return [(estimator, partial(check, name)) for check in _laws(estimator)]


def _laws(sampler):
    """The checks that apply to a sampler."""
    yield check_constructor_ends_with_strategy_and_seed
    yield check_has_no_transform
    yield check_same_seed_same_rows
    yield check_random_state_object_is_advanced
    yield check_generator_is_accepted
    yield check_global_random_state_is_left_alone
    yield check_fit_leaves_parameters_and_input_alone
    yield check_sampling_leaves_the_model_unchanged
    yield check_sample_is_in_random_order
    yield check_n_samples_below_one_is_an_error
    yield check_sample_conditional_follows_y
    yield check_empty_request_gives_no_rows
    yield check_unknown_label_is_named
    yield check_classes_share_no_draws
    yield check_samples_have_the_means_of_their_class
    yield check_real_rows_stay_untouched
    yield check_string_and_bool_labels
    yield check_odd_data_works_or_says_why
    yield check_round_trips_draw_the_same_rows
    yield check_frames_come_back_as_frames
    if "n_jobs" in sampler.get_params():
        yield check_n_jobs_does_not_change_the_result
    if has_fit_parameter(sampler, "sample_weight"):
        yield check_sample_weight_is_routed
    if not get_tags(sampler).target_tags.required:
        yield check_fits_without_labels
    if hasattr(sampler, "predict_joint_log_proba"):
        yield check_posterior_is_the_normalised_joint
    if hasattr(sampler, "predict_proba"):
        yield check_posterior_averages_to_the_prior
        yield check_posterior_is_never_nan
    if hasattr(sampler, "score_samples"):
        yield check_density_integrates_to_one


# ---------------------------------------------------------------------- interface


def check_constructor_ends_with_strategy_and_seed(name, sampler_orig):
    """Keyword-only, but for wrapped estimators; strategy and seed come last."""
    parameters = list(inspect.signature(type(sampler_orig)).parameters.values())
    names = [parameter.name for parameter in parameters]
    assert names[-2:] == ["sampling_strategy", "random_state"], f"{name}{names}"
    for parameter in parameters[-2:]:
        assert parameter.kind == parameter.KEYWORD_ONLY, f"{name}: {parameter}"


def check_has_no_transform(name, sampler_orig):
    """A step that transforms and resamples is refused by imblearn's Pipeline."""
    assert not hasattr(sampler_orig, "transform"), name


def check_n_samples_below_one_is_an_error(name, sampler_orig):
    """Asking for no row, or a share of one, says what is allowed."""
    sampler = _fitted(sampler_orig)
    for wrong in (0, -1, 2.5):
        _assert_says(lambda n=wrong: sampler.sample(n), "n_samples", str(wrong))


def check_empty_request_gives_no_rows(name, sampler_orig):
    """An empty list of wanted labels is answered, not refused."""
    X, _ = _blobs(sampler_orig)
    drawn = _fitted(sampler_orig).sample_conditional([])
    assert drawn.shape == (0, X.shape[1]), f"{name}: {drawn.shape}"


def check_unknown_label_is_named(name, sampler_orig):
    """A label that was not seen in fit is named in the error."""
    sampler = _fitted(sampler_orig)
    _assert_says(lambda: sampler.sample_conditional([0, 77]), "77", "fit")
    _assert_says(lambda: sampler.sample_conditional(["no"]), "no", "fit")


def check_string_and_bool_labels(name, sampler_orig):
    """Labels of any kind come back as they were."""
    X, y = _blobs(sampler_orig)
    for labels in (np.array(["one", "two", "ten"])[y], y == 1):
        sampler = clone(sampler_orig).fit(X, labels)
        drawn = sampler.sample(50)[1]
        assert drawn.dtype == labels.dtype, f"{name}: {drawn.dtype}"
        assert set(drawn) <= set(labels), f"{name}: {set(drawn)}"
        X_res, y_res = clone(sampler_orig).fit_resample(X, labels)
        assert len(X_res) == len(y_res), name
        assert set(y_res) == set(labels), name


def check_sample_weight_is_routed(name, sampler_orig):
    """Weights can be requested, and count rows in the model that draws."""
    for method in ("set_fit_request", "set_fit_resample_request"):
        assert hasattr(sampler_orig, method), f"{name} has no {method}"
    X, y = _blobs(sampler_orig)
    weight = np.where(y == 0, 1.0, 2.0)
    heavy = clone(sampler_orig).fit(X, y, sample_weight=weight)
    light = _fitted(sampler_orig)
    if getattr(sampler_orig, "priors", None) is None:
        assert heavy.class_prior_[0] < light.class_prior_[0], name
    X_res, _ = clone(sampler_orig).fit_resample(X, y, sample_weight=weight)
    np.testing.assert_array_equal(X_res[: len(X)], X)
    weight = np.random.RandomState(0).randint(0, 4, len(y))
    weighted = clone(sampler_orig).fit(X, y, sample_weight=weight)
    repeated = clone(sampler_orig).fit(np.repeat(X, weight, 0), np.repeat(y, weight))
    np.testing.assert_allclose(
        weighted.sample_conditional(y), repeated.sample_conditional(y), atol=1e-6
    )


def check_fits_without_labels(name, sampler_orig):
    """Without y the sampler models p(x): it draws and scores, and predicts nothing."""
    X, y = _blobs(sampler_orig)
    sampler = clone(sampler_orig).fit(X)
    drawn, labels = sampler.sample(20)
    assert drawn.shape == (20, X.shape[1]), name
    assert labels is None, name
    for use in (
        lambda: sampler.sample_conditional([0]),
        lambda: sampler.predict(X),
        lambda: sampler.predict_proba(X),
        lambda: sampler.predict_joint_log_proba(X),
    ):
        try:
            use()
        except AttributeError as error:  # NotFittedError is one as well
            assert "without labels" in str(error) or "has no attribute" in str(error)
        else:
            raise AssertionError(f"{name} predicts classes that it was never given.")
    if hasattr(sampler, "score_samples"):
        np.testing.assert_allclose(sampler.score(X), sampler.score_samples(X).mean())
    sampler.fit(X, y)
    assert list(sampler.classes_) == [0, 1, 2], name


# --------------------------------------------------------------------- randomness


def check_same_seed_same_rows(name, sampler_orig):
    """An int seed fixes all draws; another one gives others."""
    X, y = _blobs(sampler_orig)

    def draws(seed):
        sampler = clone(sampler_orig).set_params(random_state=seed).fit(X, y)
        return [
            sampler.sample(20)[0],
            sampler.sample_conditional(y[:20]),
            sampler.sample(20, random_state=seed + 9)[0],
            clone(sampler).fit_resample(X, y)[0][len(X) :],
        ]

    for first, again, other in zip(draws(1), draws(1), draws(2), strict=True):
        np.testing.assert_array_equal(first, again, err_msg=name)
        assert not np.array_equal(first, other), f"{name} ignores its seed."


def check_random_state_object_is_advanced(name, sampler_orig):
    """A RandomState given to the constructor gives new rows at every call."""
    X, y = _blobs(sampler_orig)
    state = np.random.RandomState(0)
    sampler = clone(sampler_orig).set_params(random_state=state).fit(X, y)
    wanted = np.zeros(20, dtype=int)
    first, second = (sampler.sample_conditional(wanted) for _ in range(2))
    assert not np.array_equal(first, second), name


def check_generator_is_accepted(name, sampler_orig):
    """Drawing takes numpy's Generator, and advances it."""
    sampler = _fitted(sampler_orig)
    wanted = np.zeros(20, dtype=int)
    rng = np.random.default_rng(0)
    first, second, again = (
        sampler.sample_conditional(wanted, random_state=state)
        for state in (rng, rng, np.random.default_rng(0))
    )
    np.testing.assert_array_equal(first, again, err_msg=name)
    assert not np.array_equal(first, second), name


def check_global_random_state_is_left_alone(name, sampler_orig):
    """Nothing draws from, or seeds, the generators that all programs share."""
    X, y = _blobs(sampler_orig)
    for seed in (0, None):
        before = _global_random_states()
        sampler = clone(sampler_orig).set_params(random_state=seed).fit(X, y)
        sampler.sample(5)
        sampler.sample_conditional(y[:5])
        sampler.fit_resample(X, y)
        assert _global_random_states() == before, f"{name} with random_state={seed}"


def _global_random_states():
    """Hash of the states of all global generators that are loaded."""
    states = [np.random.get_state(), random.getstate()]
    torch = sys.modules.get("torch")
    if torch is not None:
        states.append(torch.get_rng_state().numpy())
    return joblib.hash(states)


def check_n_jobs_does_not_change_the_result(name, sampler_orig):
    """However many workers, the rows are the same."""
    X, y = _blobs(sampler_orig)
    alone, both = (
        clone(sampler_orig).set_params(n_jobs=n_jobs).fit(X, y) for n_jobs in (1, 2)
    )
    np.testing.assert_array_equal(alone.sample(20)[0], both.sample(20)[0], err_msg=name)


def check_classes_share_no_draws(name, sampler_orig):
    """Two classes of the same rows are drawn independently of each other."""
    X, y = _blobs(sampler_orig)
    X = np.concatenate([X[y == 0], X[y == 0]])
    labels = np.repeat([0, 1], len(X) // 2)
    sampler = clone(sampler_orig).fit(X, labels)
    drawn = sampler.sample_conditional(np.repeat([0, 1], 200))
    # Shared draws would be correlated fully; these are by up to 5 standard errors.
    correlation = np.corrcoef(drawn[:200, 0], drawn[200:, 0])[0, 1]
    assert abs(correlation) < STANDARD_ERRORS / np.sqrt(200), f"{name}: {correlation}"


# ------------------------------------------------------------- what stays as it was


def check_fit_leaves_parameters_and_input_alone(name, sampler_orig):
    """Parameters and data are read only, and a clone of a fitted sampler is new."""
    X, y = _blobs(sampler_orig)
    sampler = clone(sampler_orig)
    before = joblib.hash([sampler.get_params(), X, y])
    sampler.fit(X, y)
    sampler.fit_resample(X, y)
    assert joblib.hash([sampler.get_params(), X, y]) == before, name
    try:
        check_is_fitted(clone(sampler))
    except NotFittedError:
        return
    raise AssertionError(f"a clone of a fitted {name} is fitted.")


def check_sampling_leaves_the_model_unchanged(name, sampler_orig):
    """Drawing changes nothing, to the bit."""
    sampler = _fitted(sampler_orig)
    before = joblib.hash(sampler)
    sampler.sample(50, random_state=0)
    sampler.sample(50)
    sampler.sample_conditional([0, 1, 0])
    assert joblib.hash(sampler) == before, name


def check_real_rows_stay_untouched(name, sampler_orig):
    """Real rows come first, bit for bit and in their dtype; then the wanted ones."""
    for dtype in (np.float32, np.float64):
        X, y = _blobs(sampler_orig)
        X = X.astype(dtype)
        sampler = clone(sampler_orig)
        X_res, y_res = sampler.fit_resample(X, y)
        assert X_res.dtype == dtype, f"{name}: {X_res.dtype}"
        np.testing.assert_array_equal(X_res[: len(X)], X, err_msg=name)
        np.testing.assert_array_equal(y_res[: len(y)], y, err_msg=name)
        assert len(set(np.bincount(y_res))) == 1, f"{name}: {np.bincount(y_res)}"
        expected = np.arange(len(X_res)) >= len(X)
        np.testing.assert_array_equal(sampler.is_synthetic_, expected, err_msg=name)
        assert sampler.sample(5)[0].dtype == dtype, name


def check_round_trips_draw_the_same_rows(name, sampler_orig):
    """A sampler that was stored and read again is the same sampler."""
    sampler = _fitted(sampler_orig)
    stored = BytesIO()
    joblib.dump(sampler, stored)
    stored.seek(0)
    copies = [pickle.loads(pickle.dumps(sampler)), joblib.load(stored)]
    cloudpickle = sys.modules.get("cloudpickle")
    if cloudpickle is not None:
        copies.append(pickle.loads(cloudpickle.dumps(sampler)))
    for copy in copies:
        np.testing.assert_array_equal(
            sampler.sample(20)[0], copy.sample(20)[0], err_msg=name
        )


def check_frames_come_back_as_frames(name, sampler_orig):
    """Frames of any library that is loaded keep their kind, names and dtypes."""
    X, y = _blobs(sampler_orig)
    columns = {
        "whole": np.rint(X[:, 0]).astype(np.int16),
        "truth": X[:, 1] > np.median(X[:, 1]),
        "real": X[:, 2],
        "narrow": X[:, 0].astype(np.float32),
    }
    for library in ("pandas", "polars"):
        module = sys.modules.get(library)
        if module is None:
            continue
        frame, labels = module.DataFrame(columns), module.Series(y)
        sampler = clone(sampler_orig)
        X_res, y_res = sampler.fit_resample(frame, labels)
        X_new, y_new = sampler.sample(30)
        for result in (X_res, X_new, sampler.sample_conditional(y[:30])):
            assert type(result) is type(frame), f"{name}: {type(result)}"
            assert list(result.columns) == list(columns), name
            assert list(result.dtypes) == list(frame.dtypes), f"{name}: {result.dtypes}"
        for result in (y_res, y_new):
            assert type(result) is type(labels), f"{name}: {type(result)}"
        for column in columns:
            assert list(X_res[column])[: len(y)] == list(frame[column]), name
        truth = np.asarray(X_res["truth"])[len(y) :]
        assert 0 < truth.mean() < 1, f"{name}: truth values became all alike."
        if get_tags(sampler).input_tags.positive_only:
            continue  # a model of counts knows itself how large they may be
        whole = np.asarray(X_res["whole"])[len(y) :]
        assert whole.min() >= columns["whole"].min(), name
        assert whole.max() <= columns["whole"].max(), name


# --------------------------------------------------------------------- statistics


def check_sample_is_in_random_order(name, sampler_orig):
    """Rows have the shares of the prior, and are not sorted by class."""
    sampler = _fitted(sampler_orig)
    X, y = sampler.sample(N_DRAWS)
    assert X.shape == (N_DRAWS, sampler.n_features_in_), f"{name}: {X.shape}"
    share = np.bincount(y, minlength=3) / N_DRAWS
    prior = sampler.class_prior_
    error = np.sqrt(prior * (1 - prior) / N_DRAWS)
    assert np.all(np.abs(share - prior) <= STANDARD_ERRORS * error), f"{name}: {share}"
    halves = np.bincount(y[: N_DRAWS // 2], minlength=3) / (N_DRAWS // 2)
    assert np.all(np.abs(halves - prior) <= 2 * STANDARD_ERRORS * error), (
        f"{name} sorts rows by class: shares in the first half are {halves}."
    )


def check_sample_conditional_follows_y(name, sampler_orig):
    """Row i is a row of the class wanted there, in whatever order they come."""
    sampler = _fitted(sampler_orig)
    wanted = np.random.RandomState(0).permutation(np.repeat([0, 1, 2], N_DRAWS))
    drawn = sampler.sample_conditional(wanted)
    assert drawn.shape == (len(wanted), sampler.n_features_in_), (
        f"{name}: {drawn.shape}"
    )
    for k in range(3):
        mixed = drawn[wanted == k]
        alone = sampler.sample_conditional(np.full(N_DRAWS, k), random_state=1)
        error = np.hypot(mixed.std(axis=0), alone.std(axis=0)) / np.sqrt(N_DRAWS)
        off = np.abs(mixed.mean(axis=0) - alone.mean(axis=0)) / error
        assert np.all(off < STANDARD_ERRORS), f"{name}, class {k}: {off} errors off"


def check_samples_have_the_means_of_their_class(name, sampler_orig):
    """With many rows and draws, the means of each class come near the real ones."""
    X, y = _blobs(sampler_orig, n_times=20)  # smoothing of counts is small beside them
    sampler = clone(sampler_orig).fit(X, y)
    for k in range(3):
        drawn = sampler.sample_conditional(np.full(N_DRAWS, k))
        real, mean = X[y == k].mean(axis=0), drawn.mean(axis=0)
        error = drawn.std(axis=0) / np.sqrt(N_DRAWS)
        if get_tags(sampler).input_tags.positive_only:
            # A model of counts may give classes the same totals: compare shares.
            real, error, mean = real / real.sum(), error / mean.sum(), mean / mean.sum()
        off = np.abs(mean - real) / error
        assert np.all(off < STANDARD_ERRORS), f"{name}, class {k}: {off} errors off"


def check_posterior_is_the_normalised_joint(name, sampler_orig):
    """Bayes' rule, in log space."""
    X, y = _blobs(sampler_orig)
    sampler = clone(sampler_orig).fit(X, y)
    log_proba = sampler.predict_log_proba(X)
    joint = sampler.predict_joint_log_proba(X)
    evidence = sampler.score_samples(X)
    np.testing.assert_allclose(log_proba, joint - evidence[:, None], atol=1e-10)
    np.testing.assert_allclose(sampler.predict_proba(X), np.exp(log_proba), atol=1e-12)
    best = sampler.classes_[joint.argmax(axis=1)]
    np.testing.assert_array_equal(sampler.predict(X), best, err_msg=name)
    np.testing.assert_allclose(sampler.score(X, y), np.mean(best == y))


def check_posterior_averages_to_the_prior(name, sampler_orig):
    """Over rows that the model draws itself, its posterior averages to its prior."""
    X, y = _blobs(sampler_orig, distance=1.0)
    sampler = clone(sampler_orig).fit(X, y)
    proba = sampler.predict_proba(sampler.sample(N_DRAWS, random_state=1)[0])
    error = proba.std(axis=0) / np.sqrt(N_DRAWS)
    off = np.abs(proba.mean(axis=0) - sampler.class_prior_) / error
    assert np.all(off < STANDARD_ERRORS), f"{name}: {off} standard errors off"


def check_posterior_is_never_nan(name, sampler_orig):
    """Far away, and in 1 500 dimensions, probabilities are probabilities."""
    X, y = _blobs(sampler_orig)
    far = [X[:5] * 10.0**power for power in (3, 8, 20, 160, 300)]
    _assert_probabilities(clone(sampler_orig).fit(X, y), np.concatenate(far), name)
    rng = np.random.RandomState(0)
    wide = np.abs(rng.standard_normal((90, 1500))).round(3)
    labels = np.repeat([0, 1], [60, 30])
    try:
        sampler = clone(sampler_orig).fit(wide, labels)
    except ValueError as error:  # fewer rows than columns may be refused
        _assert_explains(error)
    else:
        _assert_probabilities(sampler, wide, name)
        drawn = sampler.sample(20)[0]
        assert np.isfinite(drawn).all(), name
        _assert_probabilities(sampler, drawn, name)


def check_density_integrates_to_one(name, sampler_orig):
    """In one dimension the density is one: its integral is, or its sum."""
    X, y = _blobs(sampler_orig)
    sampler = clone(sampler_orig).fit(X[:, :1], y)
    values, counts = np.unique(sampler.sample(N_DRAWS)[0], return_counts=True)
    if counts.mean() > 10:  # discrete: nearly all of its mass is at what was drawn
        total = np.exp(sampler.score_samples(values[:, None])).sum()
        assert 0.99 < total < 1 + 1e-9, f"{name}: the probabilities sum to {total}."
        return
    spread = X[:, 0].max() - X[:, 0].min()
    grid = np.linspace(X[:, 0].min() - 3 * spread, X[:, 0].max() + 3 * spread, 200_001)
    density = np.exp(sampler.score_samples(grid[:, None]))
    total = np.sum((density[1:] + density[:-1]) / 2) * (grid[1] - grid[0])
    # A grid sees the jumps of a histogram only so well.
    assert abs(total - 1) < 5e-3, f"{name}: the density integrates to {total}."


def check_odd_data_works_or_says_why(name, sampler_orig):
    """A class of one row, a constant column: done right, or refused with a remedy."""
    X, y = _blobs(sampler_orig)
    constant = X.copy()
    constant[:, 1] = 1.0
    lonely = np.where(np.arange(len(y)) == 0, 9, y)
    for table, labels in ((constant, y), (X, lonely)):
        try:
            sampler = clone(sampler_orig).fit(table, labels)
        except ValueError as error:
            _assert_explains(error)
            continue
        drawn, _ = sampler.sample(200)
        assert np.isfinite(drawn).all(), name
        if table is constant:
            spread = np.abs(drawn[:, 1] - 1.0).max()
            assert spread < 5 * X.std(), f"{name}: the constant strays by {spread}."
        if hasattr(sampler, "predict_proba"):
            _assert_probabilities(sampler, table, name)


# ------------------------------------------------------------------------ helpers


def _blobs(sampler, distance=2.0, n_times=1):
    """Three unbalanced classes of Gaussian rows, as far apart as asked.

    Whole numbers where the sampler takes no negative ones; zeros and ones where it
    draws nothing else.
    """
    rng = np.random.RandomState(0)
    y = rng.permutation(np.repeat([0, 1, 2], np.multiply([110, 60, 30], n_times)))
    centres = distance * np.array([[0, 0, 0], [1, 1, 0], [0, 1, 2]])
    X = rng.standard_normal((len(y), 3)) @ MIXING + centres[y]
    if get_tags(sampler).input_tags.positive_only:
        return np.rint(X - X.min()), y
    drawn, _ = clone(sampler).fit(X[:200], y[:200]).sample(50)
    if np.isin(drawn, [0, 1]).all():
        X = np.heaviside(X - distance / 2, 0.0)
    return X, y


def _fitted(sampler_orig):
    """A clone, fitted to the blobs."""
    return clone(sampler_orig).fit(*_blobs(sampler_orig))


def _assert_probabilities(sampler, X, name):
    """The posterior at the rows is made of probabilities."""
    proba = sampler.predict_proba(X)
    assert np.isfinite(proba).all(), f"{name}: the posterior is not finite."
    np.testing.assert_allclose(proba.sum(axis=1), 1.0, atol=1e-9, err_msg=name)


def _assert_says(call, *words):
    """The call raises ValueError, with all these words in its message."""
    try:
        call()
    except ValueError as error:
        for word in words:
            assert word in str(error), f"{word!r} is missing in: {error}"
    else:
        raise AssertionError(f"no ValueError that mentions {words}.")


def _assert_explains(error):
    """A refusal speaks of the class or column, and gives a remedy."""
    message = str(error).lower()
    assert "class" in message or "column" in message, message
    remedies = ("set ", "give ", "leave ", "raise ", "use ")
    assert any(remedy in message for remedy in remedies), message
