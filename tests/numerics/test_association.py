"""Mutual information of two columns of codes."""

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from skgendisc.numerics import joint_code, normalised_mutual_information


def test_information_of_many_rows_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    first = rng.integers(4, size=100_000)
    second = (first + rng.integers(3, size=100_000)) % 5
    expected = normalized_mutual_info_score(first, second)
    value = normalised_mutual_information(first, second)
    assert value == pytest.approx(expected, abs=1e-3)


def test_independent_columns_share_no_information_in_small_tables_either():
    rng = np.random.default_rng(0)
    values = [
        normalised_mutual_information(*rng.integers(10, size=(2, 500)))
        for _ in range(50)
    ]
    raw = normalized_mutual_info_score(*rng.integers(10, size=(2, 500)))
    assert np.mean(values) < 0.15 * raw


def test_functions_of_each_other_share_all_and_a_constant_none():
    codes = np.arange(100) % 7
    assert normalised_mutual_information(codes, 6 - codes) == pytest.approx(1.0)
    assert normalised_mutual_information(codes, np.zeros(100, dtype=int)) == 0.0


@pytest.mark.parametrize("most", [4, 2**20])
def test_joint_codes_tell_all_pairs_apart(most, monkeypatch):
    monkeypatch.setattr("skgendisc.numerics._association.MOST_CELLS", most)
    first, second = np.array([0, 0, 1, 1, 5]), np.array([0, 1, 0, 0, 1])
    code = joint_code(first, second)
    assert len(set(code.tolist())) == 4
    assert code[2] == code[3]
