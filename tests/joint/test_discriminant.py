"""LDASampler and QDASampler against scikit-learn's, and what is their own."""

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.stats import multivariate_normal, norm
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.discriminant_analysis import (
    LinearDiscriminantAnalysis,
    QuadraticDiscriminantAnalysis,
)
from sklearn.preprocessing import StandardScaler

from skgendisc.joint import LDASampler, QDASampler

LOADERS = [load_iris, load_wine, load_breast_cancer, load_digits]


def skewed_priors(y):
    priors = np.arange(1.0, len(np.unique(y)) + 1)
    return priors / priors.sum()


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("shrinkage", [None, "auto", 0.2, 1.0])
@pytest.mark.parametrize("skewed", [False, True])
def test_lda_equals_scikit_learns(load, shrinkage, skewed):
    X, y = load(return_X_y=True)
    if load is load_breast_cancer and shrinkage is not None:
        # On the raw columns its equations have a condition number of 1e12, and its
        # answer only seven digits.
        X = StandardScaler().fit_transform(X)
    priors = skewed_priors(y) if skewed else None
    theirs = LinearDiscriminantAnalysis("lsqr", shrinkage=shrinkage, priors=priors)
    ours = LDASampler(shrinkage=shrinkage, priors=priors).fit(X, y)
    log_proba, decision = (
        ours.predict_log_proba(X),
        theirs.fit(X, y).decision_function(X),
    )
    # Of two classes it loses the smaller probability, in 1 - p: compare log-odds.
    expected = decision if decision.ndim == 1 else log_softmax(decision, axis=1)
    actual = log_proba @ [-1, 1] if decision.ndim == 1 else log_proba
    np.testing.assert_allclose(actual, expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("load", LOADERS)
def test_lda_log_proba_equals_scikit_learns(load):
    X, y = load(return_X_y=True)
    expected = LinearDiscriminantAnalysis("lsqr").fit(X, y).predict_log_proba(X)
    actual = LDASampler().fit(X, y).predict_log_proba(X)
    np.testing.assert_allclose(actual, expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("distance", [1e160, 1e300])
def test_lda_tells_classes_of_rows_without_density(distance):
    X, y = load_iris(return_X_y=True)
    far = distance * (X - X.mean(axis=0))
    lda = LDASampler().fit(X, y)
    expected = LinearDiscriminantAnalysis("lsqr").fit(X, y).predict(far)
    np.testing.assert_array_equal(lda.predict(far), expected)
    assert (lda.score_samples(far) == -np.inf).all()


@pytest.mark.parametrize("distance", [1e3, 1e9])
def test_a_class_far_away_takes_no_digits_from_the_others(distance):
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], 200)
    X = rng.standard_normal((600, 1)) + np.array([0.0, 4.0, distance])[y][:, None]
    lda = LDASampler().fit(X, y)
    near = X[y < 2]
    model = norm(lda.means_.T, np.sqrt(lda.covariance_[0, 0]))
    expected = np.log(np.mean(model.pdf(near), axis=1))
    np.testing.assert_allclose(lda.score_samples(near), expected, atol=1e-6)
    assert lda.score(near, y[y < 2]) > 0.95


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("shrinkage", [None, "auto", 0.2])
@pytest.mark.parametrize("skewed", [False, True])
def test_qda_equals_scikit_learns(load, shrinkage, skewed):
    X, y = load(return_X_y=True)
    if load is load_digits and shrinkage is None:
        # Pixels that are dark in all images of a class: scikit-learn refuses as well.
        with pytest.raises(ValueError, match=r"class 0.*constant in it.*shrinkage"):
            QDASampler().fit(X, y)
        return
    priors = skewed_priors(y) if skewed else None
    # Its tolerance on the rank is absolute; the columns of breast_cancer are small.
    theirs = QuadraticDiscriminantAnalysis(
        solver="svd" if shrinkage is None else "eigen",
        shrinkage=shrinkage,
        priors=priors,
        tol=0.0,
    )
    expected = theirs.fit(X, y).predict_log_proba(X)
    ours = QDASampler(shrinkage=shrinkage, priors=priors).fit(X, y)
    np.testing.assert_allclose(
        ours.predict_log_proba(X), expected, rtol=1e-8, atol=1e-8
    )


def test_joint_log_proba_is_the_gaussian_density():
    X, y = load_iris(return_X_y=True)
    for cls in (LDASampler, QDASampler):
        model = cls(priors=[0.2, 0.3, 0.5]).fit(X, y)
        covariances = np.broadcast_to(model.covariance_, (3, 4, 4))
        expected = [
            np.log(prior) + multivariate_normal(mean, covariance).logpdf(X)
            for prior, mean, covariance in zip(
                [0.2, 0.3, 0.5], model.means_, covariances, strict=True
            )
        ]
        joint = model.predict_joint_log_proba(X)
        np.testing.assert_allclose(joint, np.transpose(expected), rtol=1e-8)


def test_draws_have_the_fitted_covariances():
    X, y = load_iris(return_X_y=True)
    for cls in (LDASampler, QDASampler):
        model = cls(random_state=0).fit(X, y)
        for k, covariance in enumerate(np.broadcast_to(model.covariance_, (3, 4, 4))):
            drawn = model.sample_conditional(np.full(100_000, k))
            root = np.sqrt(np.diag(covariance))
            off = (np.cov(drawn.T) - covariance) / np.outer(root, root)
            assert np.abs(off).max() < 0.02


def test_lda_ignores_what_leaves_its_subspace():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 3))
    X[:, 1] = 4.0
    y = np.repeat([0, 1], 30)
    lda = LDASampler(random_state=0).fit(X, y)
    moved = X + np.array([0.0, 5.0, 0.0])
    np.testing.assert_allclose(lda.predict_proba(moved), lda.predict_proba(X))
    np.testing.assert_array_equal(lda.sample(100)[0][:, 1], 4.0)


@pytest.mark.parametrize("cls", [LDASampler, QDASampler])
def test_a_redundant_column_changes_no_probability(cls):
    X, y = load_iris(return_X_y=True)
    redundant = np.column_stack([X, X @ [1.0, -2.0, 0.5, 3.0], np.full(len(X), 0.1)])
    plain, more = cls(random_state=0).fit(X, y), cls(random_state=0).fit(redundant, y)
    np.testing.assert_allclose(
        more.predict_log_proba(redundant), plain.predict_log_proba(X), atol=1e-7
    )
    drawn = more.sample(500)[0]
    np.testing.assert_allclose(drawn[:, :4] @ [1.0, -2.0, 0.5, 3.0], drawn[:, 4])
    np.testing.assert_allclose(drawn[:, 5], 0.1)


def test_qda_says_which_class_has_too_few_rows_and_what_to_set():
    X, y = load_iris(return_X_y=True)
    labels = np.array(["setosa", "other", "virginica"])[y]
    few = np.r_[:50, 50:53, 100:150]
    message = r"class 'other' has 3 samples for 4 columns.*shrinkage='auto'"
    with pytest.raises(ValueError, match=message):
        QDASampler().fit(X[few], labels[few])
    for shrinkage in ("auto", 0.1):
        qda = QDASampler(shrinkage=shrinkage).fit(X[few], labels[few])
        assert qda.score(X, labels) > 0.65


def test_qda_refuses_a_class_of_one_row_with_a_remedy():
    X, y = load_iris(return_X_y=True)
    for shrinkage in (None, "auto", 0.5):
        with pytest.raises(ValueError, match=r"class 1 has 1 sample for.*LDASampler"):
            QDASampler(shrinkage=shrinkage).fit(X[:51], y[:51])


def test_lda_warns_of_classes_whose_rows_are_all_alike():
    X, y = np.repeat([[0.0, 1.0], [1.0, 0.0]], 3, axis=0), np.repeat([0, 1], 3)
    with pytest.warns(UserWarning, match=r"no variance within the classes \[0, 1\]"):
        lda = LDASampler(priors=[0.3, 0.7]).fit(X, y)
    np.testing.assert_array_equal(lda.sample_conditional(y), X)
    np.testing.assert_allclose(lda.predict_proba(X), np.tile([0.3, 0.7], (6, 1)))


def test_weighted_ledoit_wolf_counts_rows():
    X, y = load_wine(return_X_y=True)
    weight = np.arange(len(y)) % 3
    weighted = LDASampler(shrinkage="auto").fit(X, y, sample_weight=weight)
    repeated = LDASampler(shrinkage="auto").fit(
        np.repeat(X, weight, axis=0), np.repeat(y, weight)
    )
    np.testing.assert_allclose(weighted.covariance_, repeated.covariance_, rtol=1e-9)


def test_a_class_of_few_rows_is_named_whatever_its_labels_are():
    X = np.random.default_rng(0).normal(size=(20, 3))
    for labels in (np.array(["few", "many"]), np.array(["few", "many"], dtype=object)):
        y = labels[(np.arange(20) > 1).astype(int)]
        with pytest.raises(ValueError, match="class 'few' has 2 samples"):
            QDASampler().fit(X, y)
