"""Naive Bayes of truth values, counts and categories, against scikit-learn's."""

from itertools import product

import numpy as np
import pytest
from imblearn.pipeline import make_pipeline
from scipy.sparse import csr_array, csr_matrix, issparse
from scipy.stats import multinomial
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, MultinomialNB

from skgendisc.joint import (
    BernoulliNBSampler,
    CategoricalNBSampler,
    MultinomialNBSampler,
)

PAIRS = [
    (BernoulliNBSampler(), BernoulliNB()),
    (BernoulliNBSampler(alpha=0.1, binarize=7.0), BernoulliNB(alpha=0.1, binarize=7.0)),
    (MultinomialNBSampler(), MultinomialNB()),
    (MultinomialNBSampler(alpha=0.01), MultinomialNB(alpha=0.01)),
    (CategoricalNBSampler(), CategoricalNB()),
    (
        CategoricalNBSampler(alpha=0.3, min_categories=20),
        CategoricalNB(alpha=0.3, min_categories=20),
    ),
]
MAILS = [
    "win money now",
    "money money now win a prize",
    "a prize to win",
    "see you at lunch",
    "lunch now or later at home",
    "are you at home",
    "later then",
]
LABELS = np.array(["spam", "spam", "spam", "ham", "ham", "ham", "ham"])


@pytest.fixture(scope="module")
def digits():
    return load_digits(return_X_y=True)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=repr)
@pytest.mark.parametrize("skewed", [False, True])
def test_equals_scikit_learns(ours, theirs, skewed, digits):
    X, y = digits
    ours, theirs = clone(ours), clone(theirs)
    if skewed:
        priors = np.arange(1.0, 11) / 55
        ours.set_params(priors=priors)
        theirs.set_params(class_prior=priors)
    np.testing.assert_allclose(
        ours.fit(X, y).predict_log_proba(X),
        theirs.fit(X, y).predict_log_proba(X),
        rtol=1e-8,
        atol=1e-8,
    )


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=repr)
def test_weights_are_scikit_learns(ours, theirs, digits):
    X, y = digits
    weight = np.arange(len(y)) % 3 + 1
    np.testing.assert_allclose(
        clone(ours).fit(X, y, sample_weight=weight).predict_log_proba(X),
        clone(theirs).fit(X, y, sample_weight=weight).predict_log_proba(X),
        rtol=1e-8,
        atol=1e-8,
    )


@pytest.mark.parametrize("ours", [pair[0] for pair in PAIRS], ids=repr)
def test_chunks_equal_one_fit(ours, digits):
    X, y = digits
    whole, chunks = clone(ours).fit(X, y), clone(ours)
    for rows in np.array_split(np.argsort(X.sum(axis=1)), 7):
        chunks.partial_fit(X[rows], y[rows], classes=np.arange(10))
    np.testing.assert_allclose(
        chunks.predict_joint_log_proba(X), whole.predict_joint_log_proba(X), rtol=1e-10
    )
    chunks, whole = (m.set_params(random_state=0) for m in (chunks, whole))
    np.testing.assert_array_equal(chunks.sample(20)[0], whole.sample(20)[0])


def test_probabilities_of_all_truth_values_sum_to_one():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 2, (30, 4)), np.arange(30) % 3
    every = np.array(list(product([0, 1], repeat=4)))
    total = np.exp(BernoulliNBSampler().fit(X, y).score_samples(every)).sum()
    assert total == pytest.approx(1.0)


def test_probabilities_of_all_categories_sum_to_one():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, [2, 3, 4], (60, 3)), np.arange(60) % 3
    every = np.array(list(product(range(2), range(3), range(4))))
    total = np.exp(CategoricalNBSampler().fit(X, y).score_samples(every)).sum()
    assert total == pytest.approx(1.0)


def test_probabilities_of_all_documents_sum_to_one():
    X, y = np.array([[2, 1, 0], [0, 1, 0], [0, 2, 1], [1, 0, 0]]), [0, 0, 1, 1]
    every = np.array(list(product(range(26), repeat=3)))
    every = every[every.sum(axis=1) <= 25]
    total = np.exp(MultinomialNBSampler().fit(X, y).score_samples(every)).sum()
    assert total == pytest.approx(1.0, abs=1e-4)


def test_a_document_has_scipys_multinomial_probability():
    X, y = np.array([[2, 1, 0], [0, 3, 0], [0, 2, 1], [3, 0, 0]]), [0, 0, 1, 1]
    nb = MultinomialNBSampler().fit(X, y)
    given_length = [multinomial(3, theta).logpmf(X) for theta in nb.feature_prob_]
    # All four documents have three words; one more is counted, of geometric length.
    length = np.log((4 + 0.75**3 * 0.25) / 5)
    expected = np.transpose(given_length) + np.log(0.5) + length
    np.testing.assert_allclose(nb.predict_joint_log_proba(X), expected)


def test_truth_values_are_drawn_with_their_probabilities(digits):
    X, y = digits
    nb = BernoulliNBSampler(random_state=0).fit(X, y)
    drawn = nb.sample_conditional(np.full(20_000, 3))
    assert set(np.unique(drawn)) == {0.0, 1.0}
    np.testing.assert_allclose(drawn.mean(axis=0), nb.feature_prob_[3], atol=0.02)


def test_categories_are_drawn_with_their_probabilities(digits):
    X, y = digits
    nb = CategoricalNBSampler(random_state=0).fit(X, y)
    wanted = np.random.default_rng(0).permutation(np.repeat([3, 8], 20_000))
    drawn = nb.sample_conditional(wanted).astype(int)
    for j in (0, 20, 63):
        share = np.bincount(drawn[wanted == 8, j], minlength=nb.n_categories_[j])
        np.testing.assert_allclose(share / 20_000, nb.feature_prob_[j][8], atol=0.015)


def test_documents_have_the_training_lengths_and_the_words_of_their_class():
    X = CountVectorizer().fit_transform(MAILS)
    nb = MultinomialNBSampler(random_state=0).fit(X, LABELS)
    drawn = nb.sample_conditional(np.repeat(["spam"], 20_000))
    lengths = np.asarray(drawn.sum(axis=1)).ravel()
    seen = np.asarray(X.sum(axis=1)).ravel()
    share = np.array([np.mean(lengths == n) for n in np.unique(seen)])
    real = np.array([np.mean(seen == n) for n in np.unique(seen)])
    # One of eight documents is the geometric one.
    np.testing.assert_allclose(share, real * 7 / 8, atol=0.05)
    words = np.asarray(drawn.sum(axis=0)).ravel() / drawn.sum()
    np.testing.assert_allclose(words, nb.feature_prob_[1], atol=0.01)


@pytest.mark.parametrize("container", [csr_matrix, csr_array])
@pytest.mark.parametrize("cls", [BernoulliNBSampler, MultinomialNBSampler])
def test_sparse_tables_give_equal_sparse_rows(cls, container, digits):
    X, y = digits[0].astype(np.int64), digits[1]
    dense, sparse = (cls(random_state=0).fit(table, y) for table in (X, container(X)))
    np.testing.assert_allclose(
        sparse.predict_joint_log_proba(container(X)), dense.predict_joint_log_proba(X)
    )
    drawn = sparse.sample(30)[0]
    assert isinstance(drawn, container)
    assert drawn.dtype == np.int64
    np.testing.assert_array_equal(drawn.toarray(), dense.sample(30)[0])
    X_res, y_res = cls(sampling_strategy={0: 300}, random_state=0).fit_resample(
        container(X), y
    )
    assert isinstance(X_res, container)
    assert X_res.shape[0] == len(y_res)
    np.testing.assert_array_equal(X_res[: len(y)].toarray(), X)


@pytest.mark.parametrize("cls", [BernoulliNBSampler, MultinomialNBSampler])
def test_stands_behind_a_vectorizer_as_classifier_and_as_over_sampler(cls):
    classifier = make_pipeline(CountVectorizer(), cls()).fit(MAILS, LABELS)
    assert classifier.predict(["win a money prize"]) == ["spam"]
    sampler = make_pipeline(
        CountVectorizer(), cls(random_state=0), LogisticRegression()
    ).fit(MAILS, LABELS)
    assert sampler.predict(["win a money prize"]) == ["spam"]
    assert sampler[1].is_synthetic_.sum() == 1


def test_a_category_never_seen_is_counted_like_one_seen_never():
    X, y = np.array([[0, 1], [1, 1], [1, 0], [0, 0]]), [0, 0, 1, 1]
    nb = CategoricalNBSampler(alpha=0.5).fit(X, y)
    np.testing.assert_allclose(nb.predict_proba([[0, 7]]), [[0.5, 0.5]])
    np.testing.assert_allclose(nb.predict_proba([[0, 1e300]]), [[0.5, 0.5]])


@pytest.mark.parametrize("cls", [MultinomialNBSampler, CategoricalNBSampler])
def test_negative_numbers_are_refused_with_an_alternative(cls):
    with pytest.raises(ValueError, match=r"models counts.*-2.*LDASampler"):
        cls().fit(np.array([[1, -2], [0, 1]]), [0, 1])


def test_a_negative_threshold_is_refused_for_sparse_tables():
    with pytest.raises(ValueError, match="binarize=-1"):
        BernoulliNBSampler(binarize=-1).fit(csr_array(np.eye(2)), [0, 1])


def test_an_empty_document_is_a_document():
    X = csr_array(np.array([[0, 0], [2, 1], [0, 1], [0, 0]]))
    nb = MultinomialNBSampler(random_state=0).fit(X, [0, 0, 1, 1])
    assert np.isfinite(nb.score_samples(X)).all()
    drawn = nb.sample(200)[0]
    assert issparse(drawn)
    assert (np.asarray(drawn.sum(axis=1)) == 0).any()


def test_long_documents_are_counted_and_not_drawn_word_by_word():
    X = csr_array(np.array([[900_000, 600_000], [10**8, 2 * 10**8]]))
    nb = MultinomialNBSampler(random_state=0).fit(X, [0, 1])
    drawn = nb.sample_conditional([0] * 50).toarray()
    share = drawn[:, 0] / np.maximum(drawn.sum(axis=1), 1)
    np.testing.assert_allclose(share[drawn.sum(axis=1) > 10**6], 0.6, atol=0.01)


def test_values_other_than_zeros_and_ones_are_refused_without_a_threshold():
    with pytest.raises(ValueError, match=r"binarize=None takes zeros and ones.*3"):
        BernoulliNBSampler(binarize=None).fit([[0, 3], [1, 0]], [0, 1])


def test_an_identifier_is_no_column_of_categories():
    X = np.array([[0, 10**9], [1, 5]])
    with pytest.raises(ValueError, match="column 1 has categories up to 1000000000"):
        CategoricalNBSampler().fit(X, [0, 1])


def test_counts_beyond_their_dtype_do_not_wrap_round():
    X = np.full((20, 2), 200, dtype=np.uint8)
    nb = MultinomialNBSampler(random_state=0).fit(X, np.arange(20) % 2)
    drawn = nb.sample(200)[0]
    assert drawn.dtype == np.uint8
    assert np.median(drawn) > 180
