"""Messages that name the parameter, the given value and the remedy."""

import numpy as np
import pytest
from sklearn.ensemble import BaggingClassifier
from sklearn.tree import DecisionTreeClassifier

from skgendisc.utils._optional import import_optional
from skgendisc.utils.random_state import as_generator, set_random_states
from skgendisc.utils.validation import check_n_samples, check_priors, encode_labels


@pytest.mark.parametrize("wrong", [0, -3, 1.5, True, "4", None])
def test_wrong_number_of_rows_is_quoted(wrong):
    with pytest.raises(ValueError, match=f"n_samples must be an int.*{wrong!r}"):
        check_n_samples(wrong)


def test_numpy_integers_are_numbers_of_rows():
    assert check_n_samples(np.int64(3)) == 3


@pytest.mark.parametrize(
    ("classes", "y", "index"),
    [
        ([1, 5, 9], [9, 1, 5], [2, 0, 1]),
        (["a", "b"], np.array(["b", "a"], dtype=object), [1, 0]),
        ([False, True], [True, False], [1, 0]),
        ([0.5, 1.5], [1.5], [1]),
        ([1, 2], [], []),
    ],
)
def test_labels_are_numbered(classes, y, index):
    np.testing.assert_array_equal(encode_labels(y, np.array(classes)), index)


@pytest.mark.parametrize(
    ("classes", "y"),
    [([1, 5], [1, 7]), ([1, 5], ["x"]), (["a", "b"], [7]), (["a"], [None])],
)
def test_unknown_labels_are_named(classes, y):
    with pytest.raises(ValueError, match=f"not seen in fit.*{y[-1]}.*Known classes"):
        encode_labels(y, np.array(classes))


def test_labels_in_two_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"one label per row.*\(1, 2\)"):
        encode_labels([[0, 1]], np.array([0, 1]))


def test_priors_are_estimated_or_taken():
    weight, classes = np.array([3.0, 1.0]), np.array(["a", "b"])
    np.testing.assert_array_equal(check_priors(None, weight, classes), [0.75, 0.25])
    np.testing.assert_array_equal(check_priors([1, 0], weight, classes), [1, 0])


@pytest.mark.parametrize(
    ("priors", "message"),
    [
        ([0.5, 0.3, 0.2], r"shape \(3,\) for the 2 classes \['a', 'b'\]"),
        ([0.5, 0.4], "sum 0.9"),
        ([1.5, -0.5], "non-negative"),
    ],
)
def test_wrong_priors_are_quoted(priors, message):
    with pytest.raises(ValueError, match=message):
        check_priors(priors, np.ones(2), np.array(["a", "b"]))


def test_an_int_repeats_its_stream_and_a_random_state_goes_on():
    assert as_generator(3).random() == as_generator(3).random()
    state = np.random.RandomState(3)
    assert as_generator(state).random() != as_generator(state).random()
    again = np.random.RandomState(3)
    state = np.random.RandomState(3)
    assert as_generator(state).random() == as_generator(again).random()


def test_a_generator_is_used_as_it_is():
    rng = np.random.default_rng(0)
    assert as_generator(rng) is rng


def test_other_random_states_are_refused():
    with pytest.raises(TypeError, match="'seven'"):
        as_generator("seven")


def test_nested_estimators_get_seeds_of_their_own():
    bagging = BaggingClassifier(DecisionTreeClassifier())
    set_random_states(bagging, np.random.default_rng(0))
    assert isinstance(bagging.random_state, int)
    assert bagging.estimator.random_state not in (None, bagging.random_state)


def test_a_missing_package_says_who_wants_it_and_how_to_get_it():
    with pytest.raises(ImportError, match=r"plot\(\) needs nowhere.*skgendisc\[plot\]"):
        import_optional("nowhere.inside", feature="plot()", extra="plot")
