import numpy as np
import pytest

from skgendisc.comparison import compare_classifiers, default_lineup
from skgendisc.comparison._words import text_columns, word_counter

pandas = pytest.importorskip("pandas")

SPAM = "win a prize now call"
HAM = "see you at home later"


def mails(n_rows=60):
    """Mails of two kinds, each different, and their classes."""
    rng = np.random.default_rng(0)
    y = np.arange(n_rows) % 2
    texts = [
        " ".join([*rng.permutation((SPAM if label else HAM).split())[:4], f"no{row}"])
        for row, label in enumerate(y)
    ]
    return pandas.DataFrame({"mail": texts}), np.array(["ham", "spam"])[y]


@pytest.mark.parametrize(
    ("cells", "is_text"),
    [
        ([f"the mail of number {n}" for n in range(40)], True),
        ([None, *(f"the mail of number {n}" for n in range(40))], True),
        ([""] * 20 + [f"the mail of number {n}" for n in range(40)], True),  # filled
        ([f"the mail of number {n % 5}" for n in range(40)], False),  # categories
        ([f"a{n}" for n in range(40)], False),  # codes, of one word each
        ([f"the mail of number {n}" for n in range(9)], False),  # too few to tell
        (list(range(40)), False),
        ([n % 2 == 0 for n in range(40)], False),
    ],
)
def test_text_is_strings_that_differ_of_several_words(cells, is_text):
    frame = pandas.DataFrame({"column": cells})
    assert text_columns(frame) == ["column"] * is_text


def test_arrays_have_no_text():
    assert text_columns(np.zeros((30, 2))) == []


def test_words_are_counted_column_by_column_in_a_sparse_matrix():
    frame = pandas.DataFrame({"a": ["one two", "two two"], "b": ["two", "three"]})
    counter = word_counter(frame).fit(frame)
    counts = counter.transform(frame)
    assert counts.format == "csr"
    names = list(counter.get_feature_names_out())
    assert names == ["a__one", "a__two", "b__three", "b__two"]
    assert counts.toarray().tolist() == [[1, 1, 0, 1], [0, 2, 1, 0]]


def test_lineup_of_counts_learns_from_mails_and_draws_some():
    X, y = mails()
    lineup = default_lineup(
        sampling_strategy={"ham": 40, "spam": 40},
        random_state=0,
        preprocessor=word_counter(X),
        counts=True,
    )
    assert len(lineup) == 9
    result = compare_classifiers(lineup, X, y, cv=3)
    assert result.failures == []
    assert result.kinds["multinomial NB"] == "generative"
    assert result.values("linear SVM + multinomial NB", "rows_added").min() > 0
    assert result.values("multinomial NB", "accuracy").min() > 0.9
