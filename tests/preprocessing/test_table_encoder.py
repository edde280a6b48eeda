"""TableEncoder: its scales, levels, gaps and names, and what it refuses."""

import pickle
import tracemalloc

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import kstest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgendisc.joint import LDASampler
from skgendisc.preprocessing import ColumnSpan, TableEncoder

SCALES = ["standard", "quantile-normal", "mode"]


@pytest.fixture
def people():
    return pd.DataFrame(
        {
            "age": [31, 40, 58, 22],
            "town": ["Ulm", "Bonn", None, "Ulm"],
            "height": [1.75, np.nan, 1.62, 1.80],
            "member": [True, False, True, True],
        }
    )


@pytest.fixture
def words():
    """A column of 10 000 levels, the first ones frequent."""
    rng = np.random.default_rng(0)
    levels = np.array([f"word{i}" for i in range(10_000)])
    drawn = levels[rng.zipf(1.2, 60_000) % 10_000]
    return pd.DataFrame({"word": np.concatenate([levels, drawn])})


@parametrize_with_checks(
    [
        TableEncoder(),
        TableEncoder(numeric="quantile-normal"),
        TableEncoder(numeric="mode"),
    ]
)
def test_scikit_learns_suite(estimator, check):
    check(estimator)


# Numbers


def test_numbers_have_mean_zero_and_variance_one():
    X = load_iris(as_frame=True).data
    Z = TableEncoder().fit_transform(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(Z.std(axis=0), 1)


def test_quantiles_are_normal():
    rng = np.random.default_rng(0)
    X = rng.exponential(size=(5000, 1))
    Z = TableEncoder(numeric="quantile-normal").fit_transform(X)
    assert kstest(Z[:, 0], "norm").statistic < 0.01


def test_normal_draws_repeat_a_value_as_often_as_the_data_did():
    rng = np.random.default_rng(0)
    X = np.where(rng.random(5000) < 0.7, 0.0, rng.exponential(size=5000))[:, None]
    encoder = TableEncoder(numeric="quantile-normal").fit(X)
    decoded = encoder.inverse_transform(rng.standard_normal((20_000, 1)))
    assert np.mean(decoded == 0) == pytest.approx(np.mean(X == 0), abs=0.01)
    assert kstest(decoded[decoded > 0], X[X > 0]).statistic < 0.03


def test_modes_are_found():
    rng = np.random.default_rng(0)
    mode = rng.integers(0, 3, 3000)
    X = (np.array([-50.0, 0.0, 900.0])[mode] + rng.standard_normal(3000))[:, None]
    encoder = TableEncoder(numeric="mode").fit(X)
    span = encoder.spans_[0]
    Z = encoder.transform(X)
    assert np.abs(Z[:, span.value]).max() < 0.99
    codes = Z[:, span.levels].argmax(axis=1)
    for code in np.unique(codes):  # no mode of the scale spans two of the data
        assert len(np.unique(mode[codes == code])) == 1


def test_every_mode_is_in_use():
    X = np.random.default_rng(0).lognormal(sigma=3, size=(2000, 1))
    Z = TableEncoder(numeric="mode").fit_transform(X)
    assert 2 <= Z.shape[1] <= 11
    assert Z[:, 1:].sum(axis=0).min() >= 1


@pytest.mark.parametrize("numeric", SCALES)
def test_integers_stay_inside_the_training_range(numeric):
    X = np.array([[3], [7], [4], [5]])
    encoder = TableEncoder(numeric=numeric).fit(X)
    Z = np.zeros((2, encoder.transform(X).shape[1]))
    Z[:, 0] = [-99, 99]
    decoded = encoder.inverse_transform(Z)
    assert decoded.dtype == X.dtype
    assert decoded.min() >= 3
    assert decoded.max() <= 7


def test_floats_may_leave_the_training_range():
    X = np.array([[0.123456789123], [1.0]])
    decoded = TableEncoder().fit(X).inverse_transform([[-9.0], [9.0]])
    assert decoded[0] < -1
    assert decoded[1] > 2


@pytest.mark.parametrize("numeric", SCALES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_decimals_keep_their_grid(numeric, dtype):
    rng = np.random.default_rng(0)
    X = np.round(rng.lognormal(3, 1, (500, 1)), 2).astype(dtype)
    encoder = TableEncoder(numeric=numeric).fit(X)
    Z = rng.uniform(-0.9, 0.9, (100, encoder.transform(X).shape[1]))
    decoded = encoder.inverse_transform(Z)
    np.testing.assert_array_equal(
        decoded, np.round(decoded.astype(float), 2).astype(dtype)
    )
    assert len(np.unique(decoded)) > 20


def test_days_stay_days_and_hours_stay_hours():
    X = pd.DataFrame(
        {
            "day": pd.date_range(
                "2024-02-01", periods=50, tz="Europe/Berlin"
            ).tz_convert("UTC"),
            "hour": pd.date_range("2024-02-01", periods=50, freq="3h"),
        }
    )
    encoder = TableEncoder().fit(X)
    decoded = encoder.inverse_transform(
        np.random.default_rng(0).standard_normal((99, 2))
    )
    assert decoded["day"].dt.hour.eq(23).all()
    assert decoded["hour"].eq(decoded["hour"].dt.floor("h")).all()
    assert decoded["hour"].nunique() > 50


@pytest.mark.parametrize("numeric", SCALES)
@pytest.mark.parametrize("constant", [3.25, 7, 0.1, 1 / 3, 2**53])
def test_a_constant_column_comes_back_constant(numeric, constant):
    X = np.full((7, 1), constant)  # the mean of seven times 0.1 is not 0.1
    encoder = TableEncoder(numeric=numeric).fit(X)
    Z = encoder.transform(X)
    assert not Z[:, encoder.spans_[0].value].any()
    np.testing.assert_array_equal(encoder.inverse_transform(Z), X)


# Levels


def test_levels_are_in_the_order_of_their_dtype_or_sorted():
    sizes = pd.Categorical(["S", "L", "M"], ["S", "M", "L", "XL"], ordered=True)
    X = pd.DataFrame({"size": sizes, "word": ["c", "a", "b"]})
    assert TableEncoder().fit(X).get_feature_names_out().tolist() == [
        *["size_S", "size_M", "size_L"],
        *["word_a", "word_b", "word_c"],
    ]
    np.testing.assert_array_equal(
        TableEncoder(categories="ordinal").fit_transform(X), [[0, 2], [2, 0], [1, 1]]
    )


@pytest.mark.parametrize("categories", ["one-hot", "ordinal"])
def test_rare_levels_come_back_as_draws_from_their_frequencies(categories):
    counts = {"a": 50, "b": 40, "c": 4, "d": 8, "e": 4}
    X = pd.DataFrame({"level": np.repeat(list(counts), list(counts.values()))})
    encoder = TableEncoder(categories=categories, max_categories=3, random_state=0)
    Z = encoder.fit_transform(X)
    assert Z.shape[1] == (3 if categories == "one-hot" else 1)
    rare = X["level"].isin(["c", "d", "e"])
    decoded = encoder.inverse_transform(np.repeat(Z, 100, axis=0))["level"]
    kept = np.repeat(rare.to_numpy(), 100)
    assert decoded[~kept].tolist() == X["level"][~rare].repeat(100).tolist()
    shares = decoded[kept].value_counts(normalize=True)
    for level, share in {"c": 0.25, "d": 0.5, "e": 0.25}.items():
        assert shares[level] == pytest.approx(share, abs=0.05)


def test_ten_thousand_levels_cost_no_more_than_the_cap(words):
    tracemalloc.start()
    encoder = TableEncoder(random_state=0)
    Z = encoder.fit_transform(words)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert Z.shape == (70_000, 100)
    assert peak < 2 * Z.nbytes
    decoded = encoder.inverse_transform(Z)
    common = Z[:, :-1].any(axis=1)
    assert decoded["word"][common].equals(words["word"][common])
    assert decoded["word"].nunique() > 2000


def test_ten_thousand_levels_come_back_without_a_cap(words):
    encoder = TableEncoder(categories="ordinal", max_categories=None)
    decoded = encoder.inverse_transform(encoder.fit_transform(words))
    pd.testing.assert_frame_equal(decoded, words)


def test_the_same_seed_draws_the_same_levels(words):
    encoder = TableEncoder(random_state=0).fit(words)
    Z = encoder.transform(words.tail(2000))
    first, second = encoder.inverse_transform(Z), encoder.inverse_transform(Z)
    other = encoder.inverse_transform(Z, random_state=1)
    assert first.equals(second)
    assert not first.equals(other)


def test_the_global_random_state_is_left_as_found(words):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    encoder = TableEncoder(numeric="mode").fit(words)
    encoder.inverse_transform(encoder.transform(words.tail(2000)))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_new_levels_join_the_rare_ones():
    X = pd.DataFrame({"level": [*"aaabbc", "d"]})
    encoder = TableEncoder(max_categories=3).fit(X)
    Z = encoder.transform(pd.DataFrame({"level": ["new", "a"]}))
    np.testing.assert_array_equal(Z, [[0, 0, 1], [1, 0, 0]])


def test_any_dtype_can_be_declared_categorical(people):
    encoder = TableEncoder(categorical_features=["age", "town", "member"])
    decoded = encoder.inverse_transform(encoder.fit_transform(people))
    assert encoder.kinds_ == ["categorical", "categorical", "continuous", "categorical"]
    pd.testing.assert_frame_equal(decoded, people)


@pytest.mark.parametrize(
    "categorical_features", [[True, True, False, False], [1, 0], ["town", "age"]]
)
def test_masks_positions_and_names_say_the_same(people, categorical_features):
    encoder = TableEncoder(categorical_features=categorical_features).fit(people)
    assert encoder.kinds_ == ["categorical", "categorical", "continuous", "boolean"]


def test_arrays_take_positions():
    X = np.array([[1.0, 0.5], [2.0, 0.25], [1.0, 0.75]])
    encoder = TableEncoder(categorical_features=[0]).fit(X)
    assert encoder.kinds_ == ["categorical", "continuous"]
    np.testing.assert_array_equal(encoder.inverse_transform(encoder.transform(X)), X)


# Gaps


def test_gaps_are_indicated_and_otherwise_zero(people):
    encoder = TableEncoder().fit(people)
    Z = encoder.transform(people)
    for name, row in {"town": 2, "height": 1}.items():
        span = next(span for span in encoder.spans_ if span.name == name)
        block = Z[row, span.columns]
        assert block[-1] == 1
        assert not block[:-1].any()
        assert Z[:, span.gap].sum() == 1


def test_gaps_come_at_their_rate_from_a_gaussian_indicator():
    rng = np.random.default_rng(0)
    X = np.where(rng.random((4000, 1)) < 0.03, np.nan, 1.0)
    encoder = TableEncoder().fit(X)
    gap = encoder.transform(X)[:, encoder.spans_[0].gap]
    drawn = rng.normal(gap.mean(), gap.std(), 20_000)
    decoded = encoder.inverse_transform(np.column_stack([np.zeros(20_000), drawn]))
    assert np.isnan(decoded).mean() == pytest.approx(np.isnan(X).mean(), abs=0.005)


def test_nulls_and_nan_are_told_apart():
    X = pl.DataFrame({"x": [1.5, None, float("nan")]})
    encoder = TableEncoder().fit(X)
    assert encoder.get_feature_names_out().tolist() == ["x", "x_missing", "x_nan"]
    assert encoder.inverse_transform(encoder.transform(X)).equals(X, null_equal=True)


def test_a_column_without_values_comes_back_without():
    X = pd.DataFrame({"x": [1, 2], "empty": [np.nan, np.nan]})
    encoder = TableEncoder().fit(X)
    assert encoder.kinds_ == ["integer", "missing"]
    decoded = encoder.inverse_transform([[0.0, -5.0], [0.3, 0.2]])
    assert decoded["empty"].isna().all()
    assert decoded["empty"].dtype == X["empty"].dtype


# The matrix


def test_spans_say_where_each_column_stands(people):
    encoder = TableEncoder().fit(people)
    assert encoder.spans_ == [
        ColumnSpan("age", "integer", slice(0, 1), slice(0, 1), None, None),
        ColumnSpan("town", "categorical", slice(1, 4), None, slice(1, 3), slice(3, 4)),
        ColumnSpan("height", "continuous", slice(4, 6), slice(4, 5), None, slice(5, 6)),
        ColumnSpan("member", "boolean", slice(6, 7), slice(6, 7), None, None),
    ]
    assert encoder.kinds_ == [span.kind for span in encoder.spans_]


def test_spans_of_modes_hold_a_place_and_a_code(people):
    encoder = TableEncoder(numeric="mode").fit(people[["height"]])
    span = encoder.spans_[0]
    Z = encoder.transform(people[["height"]])
    assert Z.shape[1] == span.columns.stop
    assert (span.value, span.gap) == (slice(0, 1), slice(Z.shape[1] - 1, Z.shape[1]))
    np.testing.assert_array_equal(Z[:, span.levels].sum(axis=1), [1, 0, 1, 1])


def test_names_out_are_unique():
    X = pd.DataFrame({"a": ["missing", None], "a_missing": [1, 2]})
    names = TableEncoder().fit(X).get_feature_names_out()
    assert names.tolist() == ["a_missing", "a_missing_2", "a_missing_3"]


def test_columns_without_names_are_numbered():
    encoder = TableEncoder().fit(np.array([[1, "a"], [2, "b"]], dtype=object))
    assert encoder.get_feature_names_out().tolist() == ["x0", "x1_a", "x1_b"]
    renamed = encoder.get_feature_names_out(["n", "word"])
    assert renamed.tolist() == ["n", "word_a", "word_b"]


@pytest.mark.parametrize(("library", "frame"), [("pandas", pd), ("polars", pl)])
def test_output_can_be_set_to_frames(people, library, frame):
    encoder = TableEncoder().set_output(transform=library)
    Z = encoder.fit_transform(people)
    assert isinstance(Z, frame.DataFrame)
    assert list(Z.columns) == encoder.get_feature_names_out().tolist()
    pd.testing.assert_frame_equal(encoder.inverse_transform(Z), people)


def test_rows_of_a_list_keep_their_numbers():
    encoder = TableEncoder().fit([[1, "a"], [2, None]])
    assert encoder.kinds_ == ["integer", "categorical"]


def test_no_rows_make_a_table_without_rows(people):
    encoder = TableEncoder().fit(people)
    decoded = encoder.inverse_transform(np.empty((0, 7)))
    assert decoded.dtypes.equals(people.dtypes)
    assert len(decoded) == 0


def test_decoding_leaves_the_encoder_unchanged(people):
    encoder = TableEncoder(max_categories=2, random_state=0).fit(people)
    before = joblib.hash(encoder)
    encoder.inverse_transform(encoder.transform(people))
    assert joblib.hash(encoder) == before


def test_fitting_leaves_the_table_unchanged(people):
    before = people.copy()
    TableEncoder(numeric="mode").fit_transform(people)
    pd.testing.assert_frame_equal(people, before)


@pytest.mark.parametrize(
    "make", [lambda X: X, pl.from_pandas], ids=["pandas", "polars"]
)
def test_a_pickled_encoder_decodes_the_same(people, make):
    encoder = TableEncoder(random_state=0).fit(make(people))
    Z = encoder.transform(make(people))
    again = pickle.loads(pickle.dumps(encoder))
    assert again.inverse_transform(Z).equals(encoder.inverse_transform(Z))


def test_a_fitted_encoder_holds_on_to_no_rows():
    X = np.random.default_rng(0).integers(0, 9, (100_000, 3)).astype(np.float64)
    encoder = TableEncoder().fit(X)
    assert len(pickle.dumps(encoder)) < 10_000
    assert encoder._empty.base is None


def test_other_libraries_of_frames_are_read_alike(people):
    encoder = TableEncoder().fit(people)
    np.testing.assert_array_equal(
        encoder.transform(pl.from_pandas(people)), encoder.transform(people)
    )


@pytest.mark.parametrize("numeric", SCALES)
def test_draws_of_a_sampler_become_a_table(people, numeric):
    X = pd.concat([people] * 20, ignore_index=True)
    y = np.arange(len(X)) % 2
    encoder = TableEncoder(numeric=numeric, random_state=0)
    sampler = LDASampler(shrinkage=0.1, random_state=0).fit(encoder.fit_transform(X), y)
    drawn = encoder.inverse_transform(sampler.sample(200)[0])
    assert drawn.dtypes.equals(X.dtypes)
    assert drawn["age"].between(22, 58).all()
    assert set(drawn["town"].dropna()) == {"Ulm", "Bonn"}
    assert 0.1 < drawn["height"].isna().mean() < 0.4


# Refusals


def test_names_that_come_twice_are_named():
    X = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"])
    with pytest.raises(ValueError, match=r"same name: \['a'\]. Rename them"):
        TableEncoder().fit(X)


@pytest.mark.parametrize(
    ("cells", "given"),
    [
        (pd.Series([1j, 2]), "complex128"),
        (pd.Series([[1], [2]]), "objects of type list"),
        (pd.Series([1, "a"], dtype=object), "objects of type int, str"),
        (pd.Series(pd.period_range("2020", periods=2, freq="Y")), "period"),
        (pl.Series([[1], [2]]), "List"),
        (pl.Series([{"a": 1}, {"a": 2}]), "Struct"),
        (pl.Series([1, 2], dtype=pl.Int128), "Int128"),
    ],
    ids=str,
)
def test_dtypes_without_a_place_are_named(cells, given):
    X = type(cells.to_frame())({"odd": cells})
    with pytest.raises(
        ValueError, match=f"Column 'odd' holds .*{given}.* Turn it into"
    ):
        TableEncoder().fit(X)


@pytest.mark.parametrize("numeric", SCALES)
@pytest.mark.parametrize("value", [2**53 + 1, -(2**60), 2**70])
def test_integers_that_floats_cannot_keep_apart_are_refused(numeric, value):
    X = pd.DataFrame({"serial": [1, value]})
    with pytest.raises(ValueError, match=rf"'serial' holds integers.*{value}.*2\*\*53"):
        TableEncoder(numeric=numeric).fit(X)


def test_moments_that_floats_cannot_keep_apart_are_refused():
    moments = np.array(["1700-01-01T00:00:00.000000001", "2200-01-01"], dtype="M8[ns]")
    with pytest.raises(ValueError, match=r"'when' holds moments .*Round them"):
        TableEncoder().fit(pd.DataFrame({"when": moments}))


def test_infinity_is_refused_by_name():
    with pytest.raises(ValueError, match="'x' holds infinity"):
        TableEncoder().fit(pd.DataFrame({"x": [1.0, -np.inf]}))


def test_new_levels_are_named(people):
    encoder = TableEncoder().fit(people)
    with pytest.raises(ValueError, match=r"'town' holds levels .*\['Köln'\]"):
        encoder.transform(people.assign(town="Köln"))


def test_new_gaps_are_named(people):
    encoder = TableEncoder().fit(people)
    with pytest.raises(ValueError, match="'age' has missing cells, but had none"):
        encoder.transform(people.assign(age=[1, 2, None, 3]))


def test_values_in_an_empty_column_are_named():
    encoder = TableEncoder().fit(pd.DataFrame({"x": [np.nan, np.nan]}))
    with pytest.raises(ValueError, match="'x' has values, but had none"):
        encoder.transform(pd.DataFrame({"x": [np.nan, 1.0]}))


def test_words_in_a_column_of_numbers_are_named(people):
    encoder = TableEncoder().fit(people)
    with pytest.raises(ValueError, match=r"'age' holds .* but was integer in fit"):
        encoder.transform(people.assign(age="old"))


@pytest.mark.parametrize("categorical_features", [None, ["age"], [False] * 4])
def test_words_must_be_among_the_categorical_features(people, categorical_features):
    encoder = TableEncoder(categorical_features=categorical_features)
    with pytest.raises(ValueError, match=r"'town' holds .*not in categorical_features"):
        encoder.fit(people)


@pytest.mark.parametrize("wrong", [["street"], [4], [-1], [True], [0.5]])
def test_categorical_features_that_are_no_columns_are_named(people, wrong):
    with pytest.raises(
        ValueError, match=r"categorical_features has items .*no columns"
    ):
        TableEncoder(categorical_features=wrong).fit(people)


def test_names_of_an_arrays_columns_are_refused():
    with pytest.raises(ValueError, match="Give a mask of all, or positions"):
        TableEncoder(categorical_features=["x0"]).fit(np.ones((2, 2)))


def test_matrices_of_another_width_are_refused(people):
    encoder = TableEncoder().fit(people)
    with pytest.raises(ValueError, match=r"X has 6 columns, but .* makes 7"):
        encoder.inverse_transform(np.zeros((2, 6)))


def test_a_frame_without_rows_is_refused():
    with pytest.raises(ValueError, match="0 sample"):
        TableEncoder().fit(pd.DataFrame({"x": []}))


def test_a_clone_is_unfitted(people):
    assert not hasattr(clone(TableEncoder().fit(people)), "spans_")


def test_kinds_can_be_declared():
    X = pd.DataFrame(
        {"visits": [1.0, np.nan, 3.0], "member": [0, 1, 1], "code": [10, 20, 10]}
    )
    kinds = {"visits": "integer", "member": "boolean", "code": "categorical"}
    encoder = TableEncoder(kinds=kinds).fit(X)
    assert encoder.kinds_ == ["integer", "boolean", "categorical"]
    Z = encoder.transform(X)
    pd.testing.assert_frame_equal(encoder.inverse_transform(Z), X)
    decoded = encoder.inverse_transform(Z + 0.2)
    assert decoded.dtypes.equals(X.dtypes)
    assert set(decoded["visits"].dropna()) <= {1.0, 2.0, 3.0}


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ({"town": "integer"}, r"'town'.*cannot be declared 'integer'"),
        ({"x": "boolean"}, r"'x' holds other numbers than 0 and 1"),
        ({"x": "integer"}, r"'x' holds numbers that are not whole"),
        ({"y": "integer"}, r"columns that X has not: \['y'\]"),
        ({"x": "number"}, r"kinds must be among"),
    ],
)
def test_wrong_declarations_are_named(kinds, message):
    X = pd.DataFrame({"x": [1.5, 2.0], "town": ["Ulm", "Bonn"]})
    with pytest.raises(ValueError, match=message):
        TableEncoder(kinds=kinds).fit(X)


def test_unknown_levels_and_gaps_can_be_ignored():
    X = pd.DataFrame({"town": ["Ulm", "Bonn", "Ulm"], "x": [1.0, 2.0, 6.0]})
    new = pd.DataFrame({"town": ["Rom", None, "Bonn"], "x": [2.0, np.nan, 1.0]})
    encoder = TableEncoder(handle_unknown="ignore").fit(X)
    Z = encoder.transform(new)
    np.testing.assert_array_equal(Z[:2, :2], 0.0)
    assert Z[1, 2] == 0.0
    np.testing.assert_array_equal(Z[2, :2], [1.0, 0.0])
    with pytest.raises(ValueError, match="'town' has missing cells, but had none"):
        TableEncoder().fit(X).transform(new)
