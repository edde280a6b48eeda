"""A sampler in a transformer's space: posterior, density, and the look of its rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils.validation import check_is_fitted

from skgendisc.compose import TransformedSampler, log_abs_det_jacobian
from skgendisc.joint import ClassConditionalSampler, LDASampler, QDASampler
from skgendisc.preprocessing import TableEncoder


@pytest.fixture
def iris():
    return load_iris(return_X_y=True)


@pytest.mark.parametrize(
    "transformer",
    [
        StandardScaler(),
        StandardScaler(with_std=False),
        MinMaxScaler((-3, 5)),
        MaxAbsScaler(),
        RobustScaler(),
        PCA(),
        PCA(whiten=True),
        make_pipeline(StandardScaler(), "passthrough", PCA(whiten=True)),
    ],
    ids=repr,
)
def test_density_does_not_depend_on_an_affine_map(transformer, iris):
    X, y = iris
    plain = QDASampler().fit(X, y)
    inside = TransformedSampler(transformer, QDASampler()).fit(X, y)
    np.testing.assert_allclose(inside.score_samples(X), plain.score_samples(X))
    np.testing.assert_allclose(
        inside.predict_joint_log_proba(X), plain.predict_joint_log_proba(X)
    )
    np.testing.assert_allclose(
        inside.predict_log_proba(X), plain.predict_log_proba(X), atol=1e-9
    )


def test_a_curved_map_of_another_package_can_be_registered():
    class Log(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):
            self.fitted_ = True
            return self

        def transform(self, X):
            check_is_fitted(self)
            return np.log(X)

        def inverse_transform(self, X):
            return np.exp(X)

    @log_abs_det_jacobian.register
    def _(transformer: Log, X):
        return -np.log(X).sum(axis=1)

    rng = np.random.default_rng(0)
    X = np.exp(rng.standard_normal((500, 1)))
    density = TransformedSampler(
        Log(), ClassConditionalSampler(GaussianMixture(random_state=0)), random_state=0
    ).fit(X)
    grid = np.linspace(1e-4, 200, 400_000)[:, None]
    total = np.exp(density.score_samples(grid)).sum() * (grid[1, 0] - grid[0, 0])
    assert total == pytest.approx(1.0, abs=1e-2)
    assert density.sample(500)[0].min() > 0


@pytest.mark.parametrize(
    "transformer", [PCA(2), QuantileTransformer(), make_pipeline(PCA(2))], ids=repr
)
def test_without_a_log_determinant_there_is_no_density_and_a_reason(transformer, iris):
    sampler = TransformedSampler(transformer, LDASampler()).fit(*iris)
    assert not hasattr(sampler, "score_samples")
    assert not hasattr(sampler, "predict_joint_log_proba")
    with pytest.raises(AttributeError) as error:
        sampler.score_samples(iris[0])
    assert "log_abs_det_jacobian" in str(error.value.__cause__)


def test_digits_through_principal_components():
    X, y = load_digits(return_X_y=True)
    sampler = TransformedSampler(PCA(30), LDASampler(), random_state=0)
    sampler.fit(X[:1200], y[:1200])
    assert sampler.score(X[1200:], y[1200:]) > 0.88
    inside = LDASampler().fit(sampler.transformer_.transform(X[:1200]), y[:1200])
    Z = sampler.transformer_.transform(X[1200:])
    np.testing.assert_allclose(
        sampler.predict_log_proba(X[1200:]), inside.predict_log_proba(Z), atol=1e-8
    )
    # Drawn images lie in the span of the components, and look like their class.
    drawn = sampler.sample_conditional(np.repeat(np.arange(10), 20))
    assert np.linalg.matrix_rank(drawn - sampler.transformer_.mean_) == 30
    assert np.mean(sampler.predict(drawn) == np.repeat(np.arange(10), 20)) > 0.85


def test_quantiles_keep_draws_inside_the_training_range(iris):
    X, y = iris
    sampler = TransformedSampler(
        QuantileTransformer(n_quantiles=100, output_distribution="normal"),
        LDASampler(),
        random_state=0,
    ).fit(X, y)
    drawn = sampler.sample(2000)[0]
    assert (drawn >= X.min(axis=0) - 1e-9).all()
    assert (drawn <= X.max(axis=0) + 1e-9).all()
    assert sampler.score(X, y) > 0.9


def test_a_frame_comes_back_as_it_was(iris):
    X, y = iris
    frame = pd.DataFrame(np.rint(10 * X).astype("int8"), columns=list("abcd"))
    sampler = TransformedSampler(StandardScaler(), LDASampler(), random_state=0)
    X_res, _ = sampler.fit_resample(frame[:120], y[:120])
    assert X_res.dtypes.equals(frame.dtypes)
    assert sampler.sample(5)[0].dtypes.equals(frame.dtypes)
    assert sampler.sample_conditional([]).shape == (0, 4)


def test_a_mixed_table_with_gaps_through_an_encoder():
    rng = np.random.default_rng(0)
    n = 2000
    y = np.where(rng.random(n) < 0.3, "yes", "no")
    X = pd.DataFrame(
        {
            "age": np.rint(rng.normal(40, 10, n)).astype("int16"),
            "town": pd.Categorical(
                np.where(
                    rng.random(n) < 0.7, np.where(y == "yes", "Ulm", "Bonn"), "Hof"
                )
            ),
            "height": np.where(
                rng.random(n) < 0.07, np.nan, rng.normal(170, 9, n).round(1)
            ),
            "member": rng.random(n) < 0.2,
        }
    )
    mixed = TransformedSampler(TableEncoder(), LDASampler(), random_state=0).fit(X, y)
    assert mixed.score(X, y) > 0.8
    drawn, labels = mixed.sample(10_000)
    assert drawn.dtypes.equals(X.dtypes)
    assert drawn["height"].isna().mean() == pytest.approx(0.07, abs=0.02)
    np.testing.assert_array_equal(drawn["height"], drawn["height"].round(1))
    assert (drawn["town"][labels == "yes"] == "Ulm").mean() > 0.5
    X_res, _ = mixed.fit_resample(X, y)
    pd.testing.assert_frame_equal(X_res[:n], X)
    assert not hasattr(mixed, "score_samples")
    assert mixed.sample_conditional([]).dtypes.equals(X.dtypes)


def test_without_labels_it_is_a_density(iris):
    X, _ = iris
    inside = ClassConditionalSampler(GaussianMixture())
    density = TransformedSampler(StandardScaler(), inside, random_state=0).fit(X)
    assert density.score(X) == pytest.approx(density.score_samples(X).mean())
    assert density.sample(7)[1] is None


def test_both_parts_can_be_searched(iris):
    grid = {"transformer__n_components": [1, 3], "sampler__shrinkage": [None, 0.5]}
    sampler = TransformedSampler(PCA(), LDASampler())
    assert GridSearchCV(sampler, grid, cv=3).fit(*iris).best_score_ > 0.9


def test_a_transformer_without_a_way_back_is_refused(iris):
    class OneWay(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):
            return self

        def transform(self, X):
            return X

    with pytest.raises(ValueError, match=r"'transformer' parameter.*inverse_transform"):
        TransformedSampler(OneWay(), LDASampler()).fit(*iris)


def test_rare_levels_vary_with_the_seed_given_to_sample():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"c": [f"level{i}" for i in rng.integers(0, 300, 3000)]})
    encoder = TableEncoder(max_categories=10)
    sampler = TransformedSampler(encoder, LDASampler(), random_state=0)
    sampler.fit(X, rng.integers(0, 2, 3000))
    state = np.random.default_rng(5)
    drawn = {sampler.sample(1, random_state=state)[0]["c"].iloc[0] for _ in range(60)}
    assert len(drawn) > 10


def test_rare_levels_come_back_at_their_rate():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"c": rng.choice(list("abc"), 5000, p=[0.8, 0.18, 0.02])})
    sampler = TransformedSampler(TableEncoder(), LDASampler(), random_state=0)
    drawn, _ = sampler.fit(X, rng.integers(0, 2, 5000)).sample(20_000)
    assert (drawn["c"] == "c").mean() == pytest.approx(0.02, abs=0.012)


def test_lists_of_mixed_rows_keep_their_kinds():
    rows = [[23, 26.5, "b"], [40, 30.25, "a"], [31, 28.0, "b"], [52, 22.5, "a"]] * 5
    sampler = TransformedSampler(TableEncoder(), LDASampler(), random_state=0)
    sampler.fit(rows, [0, 1] * 10)
    assert sampler.transformer_.kinds_ == ["integer", "continuous", "categorical"]


def test_an_encoder_may_stand_first_in_a_pipeline():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"n": rng.standard_normal(200), "c": rng.choice(list("ab"), 200)})
    inside = make_pipeline(TableEncoder(), PCA(2))
    sampler = TransformedSampler(inside, LDASampler(), random_state=0)
    drawn, _ = sampler.fit(X, rng.integers(0, 2, 200)).sample(20)
    assert drawn.dtypes.equals(X.dtypes)
