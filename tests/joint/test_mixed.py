"""Mixed tables with gaps: naive Bayes and the Gaussian copula."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import multivariate_normal, norm
from sklearn.datasets import load_iris
from sklearn.naive_bayes import GaussianNB

from skgendisc.joint import (
    CategoricalNBSampler,
    GaussianCopulaSampler,
    MixedNBSampler,
    QDASampler,
)

SAMPLERS = [
    MixedNBSampler(random_state=0),
    MixedNBSampler(numeric="quantile-normal", random_state=0),
    GaussianCopulaSampler(random_state=0),
    GaussianCopulaSampler(per_class=False, random_state=0),
]
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    n = 3000
    y = (rng.random(n) < 0.3).astype(int)
    age = np.rint(rng.normal(40 + 8 * y, 10, n)).clip(17, 90).astype("int16")
    gain = np.where(rng.random(n) < 0.8 - 0.3 * y, 0.0, rng.exponential(2000, n)).round(
        2
    )
    town = np.array(["Bonn", "Ulm", "Hof"])[
        np.where(rng.random(n) < 0.6, y, rng.integers(0, 3, n))
    ].astype(object)
    town[rng.random(n) < 0.05 + 0.2 * y] = None
    score = rng.standard_normal(n) + age / 10
    score[rng.random(n) < 0.1] = np.nan
    X = pd.DataFrame(
        {
            "age": age,
            "gain": gain,
            "town": pd.Categorical(town),
            "score": score,
            "member": rng.random(n) < 0.2 + 0.5 * y,
            "visits": pd.array(rng.integers(0, 5, n), dtype="Int64"),
            "since": pd.to_datetime("2020-01-01")
            + pd.to_timedelta(rng.integers(0, 900, n), unit="D"),
        }
    )
    X.loc[rng.random(n) < 0.15, "visits"] = pd.NA
    return X, pd.Series(np.where(y, "yes", "no"), name="answer")


@each_sampler
def test_rows_have_the_dtypes_ranges_and_gap_rates_of_the_table(sampler, table):
    X, y = table
    sampler.fit(X, y)
    drawn, labels = sampler.sample(20_000)
    assert drawn.dtypes.equals(X.dtypes)
    assert labels.name == "answer"
    for k in ("no", "yes"):
        rates = [frame.isna().mean() for frame in (drawn[labels == k], X[y == k])]
        np.testing.assert_allclose(*rates, atol=0.02)
    assert set(drawn["town"].dropna()) == {"Bonn", "Ulm", "Hof"}
    assert X["age"].min() <= drawn["age"].min()
    assert drawn["age"].max() <= X["age"].max()
    assert drawn["since"].between(X["since"].min(), X["since"].max()).all()


@pytest.mark.parametrize("sampler", SAMPLERS[2:], ids=repr)
def test_spikes_bounds_and_grids_come_back(sampler, table):
    X, y = table
    drawn, _ = sampler.fit(X, y).sample(20_000)
    share = (drawn["gain"] == 0).mean()
    assert share == pytest.approx((X["gain"] == 0).mean(), abs=0.02)
    assert drawn["gain"].min() == 0.0
    np.testing.assert_array_equal(drawn["gain"], drawn["gain"].round(2))


@each_sampler
def test_fit_resample_keeps_real_rows_and_gaps(sampler, table):
    X, y = table
    X_res, y_res = sampler.fit_resample(X, y)
    pd.testing.assert_frame_equal(X_res[: len(X)], X)
    assert X_res.dtypes.equals(X.dtypes)
    assert y_res.value_counts().nunique() == 1


@each_sampler
def test_polars_frames_come_back_as_they_were(sampler, table):
    X, y = table
    frame = pl.from_pandas(X).with_columns(
        pl.col("town").cast(pl.Enum(["Bonn", "Hof", "Ulm"]))
    )
    labels = pl.from_pandas(y)
    X_res, y_res = sampler.fit_resample(frame, labels)
    assert X_res.schema == frame.schema
    assert X_res[: len(X)].equals(frame)
    assert y_res.dtype == labels.dtype


@each_sampler
def test_object_arrays_work(sampler, table):
    X, y = table
    values = X[["age", "gain", "town", "member"]].to_numpy(dtype=object)
    values[pd.isna(values)] = None
    sampler.fit(values, y)
    drawn, _ = sampler.sample(50)
    assert drawn.shape == (50, 4)
    assert {type(value) for value in drawn[:, 2]} <= {str, type(None)}
    assert sampler.score(values, y) > 0.7


@each_sampler
def test_gaps_and_new_categories_say_nothing_and_are_never_nan(sampler, table):
    X, y = table
    sampler.fit(X, y)
    blank = X[:1].copy()
    for column in ("score", "visits"):
        blank[column] = pd.NA if column == "visits" else np.nan
    strange = X[:3].copy()
    strange["town"] = pd.Categorical(["Rom", "Oslo", "Ulm"])
    for rows in (blank, strange):
        assert np.isfinite(sampler.predict_proba(rows)).all()


def test_equals_naive_bayes_on_numbers():
    X, y = load_iris(return_X_y=True)
    np.testing.assert_allclose(
        MixedNBSampler(var_smoothing=0.0).fit(X, y).predict_log_proba(X),
        GaussianNB(var_smoothing=0.0).fit(X, y).predict_log_proba(X),
        rtol=1e-8,
        atol=1e-8,
    )


def test_equals_naive_bayes_on_categories():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 4, (200, 3)), rng.integers(0, 2, 200)
    words = pd.DataFrame(X).map("abcd".__getitem__)
    words.columns = ["a", "b", "c"]
    np.testing.assert_allclose(
        MixedNBSampler(alpha=0.5).fit(words, y).predict_joint_log_proba(words),
        CategoricalNBSampler(alpha=0.5).fit(X, y).predict_joint_log_proba(X),
        rtol=1e-10,
    )


def test_scoring_passes_over_gaps():
    X, y = load_iris(return_X_y=True)
    gappy = X.copy()
    gappy[::2, 1] = np.nan
    nb = MixedNBSampler().fit(gappy, y)
    without = MixedNBSampler().fit(np.delete(gappy, 1, axis=1), y)
    np.testing.assert_allclose(
        nb.predict_joint_log_proba(gappy[::2]),
        without.predict_joint_log_proba(np.delete(gappy[::2], 1, axis=1)),
        rtol=1e-6,
    )


def test_the_copula_keeps_the_correlation_of_its_class():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 4000)
    Z = rng.standard_normal((8000, 2))
    Z[:, 1] = np.where(y == 0, 0.9, -0.6) * Z[:, 0] + 0.4 * Z[:, 1]
    X = np.exp(Z)
    drawn = GaussianCopulaSampler(random_state=0).fit(X, y).sample_conditional(y)
    for k in (0, 1):
        ranks = [
            np.corrcoef(np.argsort(np.argsort(A[y == k], axis=0), axis=0).T)[0, 1]
            for A in (X, drawn)
        ]
        assert ranks[0] == pytest.approx(ranks[1], abs=0.03)


def test_the_copulas_density_is_the_gaussians_where_that_is_true():
    rng = np.random.default_rng(0)
    covariance = [[1.0, 0.8], [0.8, 1.0]]
    X = rng.multivariate_normal([0, 0], covariance, 40_000)
    copula = GaussianCopulaSampler(random_state=0).fit(X)
    test = rng.multivariate_normal([0, 0], covariance, 2000)
    expected = multivariate_normal([0, 0], covariance).logpdf(test)
    off = copula.score_samples(test) - expected
    assert np.abs(off[np.isfinite(off)]).mean() < 0.15
    assert np.isfinite(off).mean() > 0.99


def test_the_copulas_atoms_have_the_probability_of_their_box():
    rng = np.random.default_rng(0)
    Z = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 30_000)
    X = (Z > [0.3, -0.5]).astype(int)
    copula = GaussianCopulaSampler(random_state=0).fit(X)
    every = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    # The correlation of scores blurred by atoms is weaker than the latent one: what
    # holds exactly is that the model scores what it draws.
    drawn = copula.sample(200_000)[0]
    share = [np.mean((drawn == row).all(axis=1)) for row in every]
    probability = np.exp(copula.score_samples(every))
    np.testing.assert_allclose(probability, share, atol=0.005)
    assert probability.sum() == pytest.approx(1.0, abs=0.005)


def test_posterior_averages_to_the_prior_on_mixed_tables(table):
    X, y = table
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    proba = copula.predict_proba(copula.sample(4000, random_state=1)[0])
    error = proba.std(axis=0) / np.sqrt(len(proba))
    assert np.all(np.abs(proba.mean(axis=0) - copula.class_prior_) < 5 * error)


def test_given_columns_are_kept_and_condition_the_others():
    rng = np.random.default_rng(0)
    Z = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 20_000)
    X = pd.DataFrame({"a": Z[:, 0], "b": Z[:, 1], "c": rng.integers(0, 3, 20_000)})
    y = rng.integers(0, 2, 20_000)
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    given = pd.DataFrame({"b": np.full(5000, 1.5)})
    drawn = copula.sample_conditional(np.zeros(5000, dtype=int), given=given)
    assert (drawn["b"] == 1.5).all()
    assert drawn["a"].mean() == pytest.approx(0.9 * 1.5, abs=0.05)
    assert drawn["a"].std() == pytest.approx(np.sqrt(1 - 0.81), abs=0.05)
    assert set(drawn["c"]) == {0, 1, 2}


def test_wrong_given_columns_are_named(table):
    X, y = table
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    with pytest.raises(ValueError, match=r"\['city'\] that were not seen"):
        copula.sample_conditional(["no"], given=pd.DataFrame({"city": ["Ulm"]}))
    with pytest.raises(ValueError, match=r"one row for each of the 2 labels.*1 rows"):
        copula.sample_conditional(["no", "yes"], given=X[["age"]][:1])
    with pytest.raises(ValueError, match="given must be a frame"):
        copula.sample_conditional(["no"], given=[[1]])


def test_given_columns_of_an_array_are_those_without_gaps():
    rng = np.random.default_rng(0)
    X = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 20_000)
    copula = GaussianCopulaSampler(random_state=0).fit(X, np.arange(20_000) % 2)
    given = np.column_stack([np.full(4000, np.nan), np.full(4000, 1.5)])
    drawn = copula.sample_conditional(np.zeros(4000, dtype=int), given=given)
    assert (drawn[:, 1] == 1.5).all()
    assert drawn[:, 0].mean() == pytest.approx(0.9 * 1.5, abs=0.05)


def test_the_copula_is_quadratic_discriminant_analysis_in_normal_scores():
    # With Gaussian classes both find nearly the same boundary.
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 6000)
    X = rng.standard_normal((6000, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.5], [0, 0, 1]])
    X[y == 1] = X[y == 1] * 1.5 + 1
    copula = GaussianCopulaSampler(random_state=0).fit(X[:5000], y[:5000])
    qda = QDASampler().fit(X[:5000], y[:5000])
    assert copula.score(X[5000:], y[5000:]) > qda.score(X[5000:], y[5000:]) - 0.03


def test_outside_the_range_the_density_is_zero_and_the_posterior_is_not_lost():
    X, y = load_iris(return_X_y=True)
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    far = X[-1:] + np.array([0, 0, 50, 0])
    assert copula.score_samples(far) == -np.inf
    assert copula.predict(far) == [2]


def test_wide_scores_have_the_normals_slope():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((50_000, 1)) * 3 + 1
    nb = MixedNBSampler(numeric="quantile-normal").fit(X)
    grid = np.linspace(-5, 7, 50)[:, None]
    expected = norm(1, 3).logpdf(grid).ravel()
    assert np.abs(nb.score_samples(grid) - expected).mean() < 0.1


def test_a_small_class_does_not_leak_into_the_range_of_a_large_one():
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=100), rng.normal(100, 1, 3000)])[:, None]
    y = np.repeat([0, 1], [100, 3000])
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    drawn = copula.sample_conditional(np.zeros(20_000, dtype=int))
    assert np.mean(drawn > 5) < 0.01
    assert drawn[drawn < 5].std() == pytest.approx(1.0, abs=0.15)


def test_a_wide_column_does_not_blur_a_narrow_one():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 2000)
    X = np.column_stack([rng.normal(40 + 10 * y, 5), rng.uniform(0, 1e9, 2000)])
    nb = MixedNBSampler(random_state=0).fit(X, y)
    drawn = nb.sample_conditional(np.zeros(5000, dtype=int))
    assert drawn[:, 0].std() == pytest.approx(5.0, abs=0.3)


def test_given_values_come_back_to_the_bit_and_strange_ones_are_refused(table):
    X, y = table
    copula = GaussianCopulaSampler(random_state=0).fit(X, y)
    given = pd.DataFrame({"score": [3.123456789, 4.0], "town": ["Ulm", "Hof"]})
    drawn = copula.sample_conditional(["no", "yes"], given=given)
    assert drawn["score"].tolist() == [3.123456789, 4.0]
    assert drawn["town"].tolist() == ["Ulm", "Hof"]
    assert drawn.dtypes.equals(X.dtypes)
    for column, values in (("town", ["Rom", "Ulm"]), ("age", [30, 200])):
        with pytest.raises(
            ValueError, match=f"{column}.*not seen in fit, or are beyond"
        ):
            copula.sample_conditional(
                ["no", "yes"], given=pd.DataFrame({column: values})
            )


@pytest.mark.parametrize("n_rare", [1, 2, 4, 8])
def test_a_rare_class_borrows_correlations_from_the_others(n_rare):
    rng = np.random.default_rng(0)
    Z = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 2000 + n_rare)
    y = np.repeat([0, 1], [2000, n_rare])
    copula = GaussianCopulaSampler(random_state=0).fit(Z, y)
    assert copula.correlation_[1, 0, 1] == pytest.approx(0.9, abs=0.1)
    alone = GaussianCopulaSampler(shrinkage=None, random_state=0).fit(Z, y)
    if n_rare < 3:
        np.testing.assert_array_equal(alone.correlation_[1], np.eye(2))


def test_a_class_of_many_rows_has_correlations_of_its_own():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 2000)
    Z = rng.standard_normal((4000, 2))
    Z[:, 1] += np.where(y == 0, 1, -1) * Z[:, 0]
    R = GaussianCopulaSampler(random_state=0).fit(Z, y).correlation_
    np.testing.assert_allclose(R[:, 0, 1], [0.707, -0.707], atol=0.04)


def test_correlations_are_those_of_scores_drawn_in_their_atoms(table):
    X, _ = table
    copula = GaussianCopulaSampler(shrinkage=None, random_state=0).fit(X)
    values = copula._table_format.encode(X)
    rows, rng = np.zeros(len(X), dtype=int), np.random.default_rng(0)
    drawn = [
        np.corrcoef(copula._normal_scores(values, rows, rng).T) for _ in range(100)
    ]
    np.testing.assert_allclose(
        copula.correlation_[0], np.mean(drawn, axis=0), atol=0.01
    )


def test_the_fit_of_the_copula_has_no_luck_in_it(table):
    one, other = (
        GaussianCopulaSampler(random_state=seed).fit(*table) for seed in (0, 1)
    )
    np.testing.assert_array_equal(one.correlation_, other.correlation_)


def test_columns_that_tell_nothing_leave_the_others_their_correlations():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 100)
    Z = rng.standard_normal((200, 4))
    Z[:, 1] += np.where(y == 0, 1, -1) * Z[:, 0]
    R = GaussianCopulaSampler().fit(Z, y).correlation_
    wide = GaussianCopulaSampler().fit(np.hstack([Z, np.ones((200, 30))]), y)
    np.testing.assert_allclose(wide.correlation_[:, :4, :4], R, rtol=1e-12)


def test_a_number_that_was_not_seen_counts_as_the_nearest():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 300)
    X = 2 * rng.integers(0, 40, (600, 1)) + 60 * y[:, None]  # even numbers only
    for sampler in (GaussianCopulaSampler(), MixedNBSampler(numeric="quantile-normal")):
        proba = sampler.fit(X, y).predict_proba([[21], [61], [121]])
        assert proba[0, 0] > 0.9
        assert proba[2, 1] > 0.9
