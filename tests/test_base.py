"""What the base does with tables, labels and weights of all kinds."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from imblearn.pipeline import make_pipeline
from sklearn.datasets import load_iris
from sklearn.exceptions import DataConversionWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from skgendisc.joint import ClassConditionalSampler, GaussianNBSampler, LDASampler


@pytest.fixture
def iris():
    X, y = load_iris(return_X_y=True)
    return X[:130], y[:130]  # 50, 50 and 30 rows


def test_lists_come_back_as_lists(iris):
    X, y = iris[0].tolist(), iris[1].tolist()
    X_res, y_res = LDASampler(random_state=0).fit_resample(X, y)
    assert (X_res[:130], y_res[:130]) == (X, y)
    assert len(X_res) == len(y_res) == 150


def test_integers_in_arrays_stay_integers(iris):
    X = np.rint(iris[0] * 10).astype(np.uint8)
    sampler = LDASampler(random_state=0)
    X_res, _ = sampler.fit_resample(X, iris[1])
    assert X_res.dtype == sampler.sample(5)[0].dtype == np.uint8


def test_labels_keep_the_dtype_of_their_series(iris):
    X = pd.DataFrame(iris[0], columns=list("abcd"))
    y = pd.Series(pd.Categorical.from_codes(iris[1], ["x", "y", "z"]), name="kind")
    sampler = LDASampler(random_state=0)
    for labels in (sampler.fit_resample(X, y)[1], sampler.sample(9)[1]):
        assert labels.dtype == y.dtype
        assert labels.name == "kind"
    assert sampler.fit_resample(X, y)[1].value_counts().tolist() == [50, 50, 50]


def test_nullable_integer_labels_work(iris):
    y = pd.Series(iris[1], dtype="Int64")
    _, y_res = LDASampler(random_state=0).fit_resample(iris[0], y)
    assert y_res.dtype == "Int64"


def test_indicator_labels_come_back_as_indicators(iris):
    y = np.eye(3, dtype=int)[iris[1]]
    _, y_res = LDASampler(random_state=0).fit_resample(iris[0], y)
    np.testing.assert_array_equal(y_res.sum(axis=0), [50, 50, 50])


def test_a_column_of_labels_warns_and_works(iris):
    with pytest.warns(DataConversionWarning, match="column-vector"):
        LDASampler().fit(iris[0], iris[1][:, None])


def test_words_in_a_frame_are_refused_by_the_name_of_their_column(iris):
    X = pd.DataFrame(iris[0], columns=list("abcd")).assign(town="Ulm")
    message = r"LDASampler models numbers.*'town'.*TableEncoder"
    with pytest.raises(ValueError, match=message):
        LDASampler().fit(X, iris[1])


def test_gaps_are_refused_with_what_takes_them(iris):
    X = iris[0].copy()
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN") as error:
        LDASampler().fit(X, iris[1])
    assert "TransformedSampler(TableEncoder(), LDASampler())" in str(error.value)


def test_a_strategy_that_does_not_suit_is_refused_before_the_fit(iris):
    sampler = LDASampler(sampling_strategy={7: 100})
    with pytest.raises(ValueError, match="7"):
        sampler.fit_resample(*iris)
    assert not hasattr(sampler, "means_")


def test_resampling_without_labels_says_what_to_do_instead(iris):
    with pytest.raises(ValueError, match=r"requires y.*sample\(n_samples\)"):
        ClassConditionalSampler().fit_resample(iris[0], None)


def test_score_without_labels_needs_a_model_without_labels(iris):
    lda = LDASampler().fit(*iris)
    with pytest.raises(ValueError, match=r"score needs y.*score_samples"):
        lda.score(iris[0])
    density = ClassConditionalSampler(random_state=0).fit(iris[0])
    assert density.score(iris[0]) == pytest.approx(
        density.score_samples(iris[0]).mean()
    )


def test_an_unlabelled_model_says_that_it_predicts_nothing(iris):
    density = ClassConditionalSampler(random_state=0).fit(iris[0])
    with pytest.raises(AttributeError, match=r"fitted without labels.*fit\(X, y\)"):
        density.predict(iris[0])


def test_a_row_without_density_in_any_class_keeps_the_prior(iris):
    nb = GaussianNBSampler(priors=[0.2, 0.3, 0.5]).fit(*iris)
    proba = nb.predict_proba(np.full((1, 4), 1e300))
    np.testing.assert_allclose(proba, [[0.2, 0.3, 0.5]])


def test_a_prior_of_zero_is_never_drawn_nor_predicted(iris):
    nb = GaussianNBSampler(priors=[0.5, 0.0, 0.5], random_state=0).fit(*iris)
    assert set(nb.sample(500)[1]) == {0, 2}
    assert not nb.predict_proba(iris[0])[:, 1].any()
    assert nb.sample_conditional([1]).shape == (1, 4)


def test_weights_go_through_a_pipeline_by_routing_and_end_at_the_sampler(iris):
    X, y = iris
    weight = np.where(y == 2, 3.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        sampler = LDASampler(random_state=0).set_fit_resample_request(
            sample_weight=True
        )
        pipeline = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False),
            sampler.set_fit_request(sample_weight=True),
            LogisticRegression().set_fit_request(sample_weight=False),
        )
        pipeline.fit(X, y, sample_weight=weight)
    expected = [50 / 190, 50 / 190, 90 / 190]
    np.testing.assert_allclose(pipeline["ldasampler"].class_prior_, expected)
    assert pipeline["ldasampler"].is_synthetic_.sum() == 20


def test_resampling_gives_equal_rows_for_arrays_and_frames(iris):
    X, y = iris
    frame = pd.DataFrame(X, columns=list("abcd"))
    plain = LDASampler(random_state=0).fit_resample(X, y)[0]
    framed = LDASampler(random_state=0).fit_resample(frame, y)[0]
    np.testing.assert_array_equal(plain, framed.to_numpy())


def test_a_seed_shared_with_the_data_does_not_give_the_data_back():
    X = np.random.default_rng(0).standard_normal((1000, 5))
    y = np.repeat([0, 1], 500)
    drawn = LDASampler(random_state=0).fit(X, y).sample_conditional(y)
    correlation = [np.corrcoef(X[:, j], drawn[:, j])[0, 1] for j in range(5)]
    assert np.abs(correlation).max() < 0.2


def test_rare_truth_values_stay_as_rare_as_they_were():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"rare": rng.random(5000) < 0.03, "x": rng.standard_normal(5000)})
    drawn, _ = (
        LDASampler(random_state=0).fit(X, rng.integers(0, 2, 5000)).sample(20_000)
    )
    assert drawn["rare"].mean() == pytest.approx(X["rare"].mean(), abs=0.006)


def test_a_name_that_comes_twice_is_refused(iris):
    X = pd.DataFrame(iris[0], columns=list("abca"))
    with pytest.raises(ValueError, match=r"same name: \['a'\]"):
        LDASampler().fit(X, iris[1])


def test_words_in_arrays_are_refused_with_what_takes_them():
    with pytest.raises(ValueError, match=r"(?s)could not convert.*TableEncoder"):
        LDASampler().fit([["a", 1], ["b", 2]], [0, 1])
