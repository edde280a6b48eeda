"""Columns of free text, and the counts of their words."""

import narwhals.stable.v2 as nw
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer

TELLING_ROWS = 20  # fewer say little of how often a text comes again
DIFFERENT = 0.8  # share of a column's texts, from which on no category is meant
WORDS_OF_TEXT = 3


def text_columns(X):
    """Columns of strings that are nearly all different, and of several words.

    Parameters
    ----------
    X : DataFrame (pandas, polars, ...) or array-like of shape (n_samples, n_features)
        Arrays have none.

    Returns
    -------
    names : list of str
    """
    frame = nw.from_native(X, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        return []
    return [column.name for column in frame.iter_columns() if _is_text(column)]


def _is_text(column):
    if column.dtype.is_numeric() or column.dtype == nw.Boolean:
        return False
    cells = [c for c in column.to_list() if isinstance(c, str) and c.strip()]
    if len(cells) < TELLING_ROWS or len(set(cells)) < DIFFERENT * len(cells):
        return False
    return np.median([len(cell.split()) for cell in cells]) >= WORDS_OF_TEXT


def word_counter(X):
    """Make a transformer from columns of text to a sparse matrix of counts of words.

    Parameters
    ----------
    X : DataFrame (pandas, polars, ...) of shape (n_samples, n_features)
        All of whose columns are text, without gaps.

    Returns
    -------
    counter : transformer
        Not fitted.
    """
    frame = nw.from_native(X, eager_only=True)
    counters = [(name, CountVectorizer(), name) for name in frame.columns]
    return ColumnTransformer(counters, sparse_threshold=1.0)
