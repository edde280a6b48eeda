"""Moments of classes: right, mergeable in any order, exact for constant columns."""

from functools import reduce

import numpy as np
import pytest

from skgendisc.numerics import ClassMoments, class_moments


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = rng.choice(3, size=10_000, p=[0.7, 0.29, 0.01])
    return rng.standard_normal((len(y), 4)) * 2.0 + 1e4 + y[:, None], y


@pytest.mark.parametrize("diagonal", [False, True])
def test_moments_equal_numpys_of_each_class(data, diagonal):
    X, y = data
    moments = class_moments(X, y, 3, diagonal=diagonal)
    np.testing.assert_array_equal(moments.weight, np.bincount(y))
    for k in range(3):
        np.testing.assert_allclose(moments.mean[k], X[y == k].mean(axis=0), rtol=1e-14)
        expected = np.cov(X[y == k].T, bias=True)
        expected = np.diag(expected) if diagonal else expected
        np.testing.assert_allclose(moments.covariance[k], expected, rtol=1e-9)


@pytest.mark.parametrize("diagonal", [False, True])
def test_merged_chunks_equal_one_pass(data, diagonal):
    X, y = data
    whole = class_moments(X, y, 3, diagonal=diagonal)
    chunks = [
        class_moments(X[rows], y[rows], 3, diagonal=diagonal)
        for rows in np.array_split(np.argsort(y, kind="stable"), 7)
    ]
    for order in (chunks, chunks[::-1]):
        merged = reduce(ClassMoments.merge, order)
        np.testing.assert_allclose(merged.mean, whole.mean, rtol=1e-13)
        np.testing.assert_allclose(merged.scatter, whole.scatter, rtol=1e-10)


def test_pooled_moments_are_those_of_one_class(data):
    X, y = data
    pooled = class_moments(X, y, 3).pooled()
    np.testing.assert_allclose(pooled.mean[0], X.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(
        pooled.covariance[0], np.cov(X.T, bias=True), rtol=1e-9, atol=1e-9
    )


def test_weights_count_rows(data):
    X, y = data[0][:300], data[1][:300]
    weight = np.arange(300) % 4
    weighted = class_moments(X, y, 3, sample_weight=weight.astype(float))
    repeated = class_moments(np.repeat(X, weight, axis=0), np.repeat(y, weight), 3)
    np.testing.assert_array_equal(weighted.weight, repeated.weight)
    np.testing.assert_allclose(weighted.mean, repeated.mean, rtol=1e-13)
    np.testing.assert_allclose(weighted.scatter, repeated.scatter, atol=1e-7)


def test_a_constant_column_has_no_variance_to_the_bit(data):
    _, y = data
    X = np.full((len(y), 2), 0.1)
    moments = class_moments(X, y, 3)
    assert not moments.scatter.any()
    assert not moments.pooled().scatter.any()
    np.testing.assert_array_equal(moments.mean, 0.1)


def test_a_class_without_rows_has_no_weight():
    moments = class_moments(np.ones((2, 3)), np.array([0, 2]), 3)
    np.testing.assert_array_equal(moments.weight, [1, 0, 1])
    assert not moments.covariance.any()


def test_float32_rows_are_summed_in_float64(data):
    X, y = data
    narrow = X.astype(np.float32)
    moments = class_moments(narrow, y, 3)
    expected = class_moments(narrow.astype(np.float64), y, 3)
    np.testing.assert_array_equal(moments.scatter, expected.scatter)
