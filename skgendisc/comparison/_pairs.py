"""Generative classifiers and their discriminative partners."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import issparse
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    MaxAbsScaler,
    OneHotEncoder,
    PolynomialFeatures,
    StandardScaler,
)

from skgendisc.comparison._lineup import as_floats, split_columns
from skgendisc.comparison._words import text_columns, word_counter
from skgendisc.joint import (
    BernoulliNBSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    MultinomialNBSampler,
    QDASampler,
)

# With more columns their squares and products, of which there are d (d + 3) / 2, take
# logistic regression longer than all else.
MOST_SQUARED = 30
ZEROS_OF_COUNTS = 0.8  # share of a table's cells, from which on whole numbers count


@dataclass(frozen=True)
class Pair:
    """A generative classifier and a discriminative one that can decide alike.

    Attributes
    ----------
    name, partner : str
        Of the generative estimator, and of the discriminative one.
    generative, discriminative : estimator
        Not fitted.
    why : str
        What makes them partners.
    tables : tuple of str
        What they take, of ``"numbers"``, ``"truth values"``, ``"counts"`` and
        ``"mixed"`` (numbers, categories and gaps).

    Examples
    --------
    >>> from skgendisc.comparison import generative_discriminative_pairs
    >>> pair = generative_discriminative_pairs()["LDA"]
    >>> list(pair.estimators)
    ['LDA', 'logistic regression']
    """

    name: str
    partner: str
    generative: object
    discriminative: object
    why: str
    tables: tuple

    @property
    def estimators(self):
        """Both by name, as `learning_curves` and `compare_classifiers` take them."""
        return {self.name: self.generative, self.partner: self.discriminative}


def generative_discriminative_pairs():
    """Make pairs of classifiers that differ in how they learn, not in what they can.

    The log-odds of a generative classifier are of a known form, a plane for instance.
    Its partner fits log-odds of that same form, by the conditional likelihood of the
    classes instead of the joint one of rows and classes: what differs between their
    scores is due to that alone.

    Returns
    -------
    pairs : dict of str to Pair
        By the name of the generative estimator: naive Bayes with one variance of a
        column for all classes, LDA, QDA, and naive Bayes of truth values, of counts
        and of mixed tables.

    Notes
    -----
    Logistic regression has scikit-learn's ridge (``C=1``) on scaled columns, and LDA
    and QDA shrink their covariances after Ledoit and Wolf: with few rows none of them
    exists without. Standardised columns also keep the smoothing of naive Bayes from
    going by the widest of them.

    References
    ----------
    Ng & Jordan (2002). On discriminative vs. generative classifiers: a comparison of
    logistic regression and naive Bayes. NIPS 14.

    Xue & Titterington (2008). Comment on "On discriminative vs. generative classifiers:
    a comparison of logistic regression and naive Bayes". Neural Processing Letters
    28(3): partners must have one decision family, so that naive Bayes must share its
    variances.

    Efron (1975). The efficiency of logistic regression compared to normal discriminant
    analysis. Journal of the American Statistical Association 70(352).

    Examples
    --------
    >>> from skgendisc.comparison import generative_discriminative_pairs
    >>> for pair in generative_discriminative_pairs().values():
    ...     print(f"{pair.name} / {pair.partner}: {', '.join(pair.tables)}")
    naive Bayes / logistic regression: numbers
    LDA / logistic regression: numbers
    QDA / quadratic logistic regression: numbers
    Bernoulli NB / logistic regression: truth values
    multinomial NB / logistic regression: counts
    mixed NB / one-hot logistic regression: mixed, numbers, truth values
    """
    pairs = [
        Pair(
            "naive Bayes",
            "logistic regression",
            make_pipeline(StandardScaler(), GaussianNBSampler(shared_variance=True)),
            make_pipeline(StandardScaler(), _logistic_regression()),
            "Independent Gaussians of one variance in all classes have log-odds that "
            "are linear in the columns.",
            ("numbers",),
        ),
        Pair(
            "LDA",
            "logistic regression",
            LDASampler(shrinkage="auto"),
            make_pipeline(StandardScaler(), _logistic_regression()),
            "Gaussians that share a covariance have log-odds that are linear in the "
            "columns.",
            ("numbers",),
        ),
        Pair(
            "QDA",
            "quadratic logistic regression",
            QDASampler(shrinkage="auto"),
            make_pipeline(
                StandardScaler(),
                PolynomialFeatures(2, include_bias=False),
                StandardScaler(),
                _logistic_regression(),
            ),
            "Gaussians with covariances of their own have log-odds that are quadratic: "
            "linear in the columns, their squares and their products.",
            ("numbers",),
        ),
        Pair(
            "Bernoulli NB",
            "logistic regression",
            BernoulliNBSampler(),
            make_pipeline(Binarizer(), _logistic_regression()),
            "Independent truth values have log-odds that are linear in them.",
            ("truth values",),
        ),
        Pair(
            "multinomial NB",
            "logistic regression",
            MultinomialNBSampler(),
            make_pipeline(MaxAbsScaler(), _logistic_regression()),
            "Words drawn one after another have log-odds that are linear in how often "
            "each is there.",
            ("counts",),
        ),
        Pair(
            "mixed NB",
            "one-hot logistic regression",
            MixedNBSampler(),
            make_pipeline(_additive_features(), _logistic_regression()),
            "Independent columns have log-odds that are a sum over columns: of a step "
            "for each category, and of a parabola where a column is Gaussian.",
            ("mixed", "numbers", "truth values"),
        ),
    ]
    return {pair.name: pair for pair in pairs}


def fitting_pairs(X):
    """Make those of `generative_discriminative_pairs` that a table's columns allow.

    Parameters
    ----------
    X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)

    Returns
    -------
    pairs : dict of str to Pair
        Mixed naive Bayes where there are categories or gaps; Bernoulli naive Bayes of
        nothing but truth values; multinomial naive Bayes of counts (whole numbers,
        four fifths of them zero) and of text, whose words are counted first; else
        naive Bayes, LDA and, up to 30 columns, QDA. Partners that have one name in
        several of them are the same.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import fitting_pairs
    >>> list(fitting_pairs(load_iris().data))
    ['naive Bayes', 'LDA', 'QDA']
    """
    pairs = generative_discriminative_pairs()
    if not issparse(X) and len(text_columns(X)) == np.shape(X)[1]:
        return {"multinomial NB": _behind(word_counter(X), pairs["multinomial NB"])}
    return {name: pairs[name] for name in _fitting_names(X)}


def _fitting_names(X):
    if issparse(X):
        return ["multinomial NB"]
    if _categorical(X):
        return ["mixed NB"]
    values = as_floats(X)
    if np.isnan(values).any():
        return ["mixed NB"]
    if np.isin(values, (0.0, 1.0)).all():
        return ["Bernoulli NB"]
    is_whole = (values >= 0).all() and (values == np.round(values)).all()
    if is_whole and (values == 0).mean() >= ZEROS_OF_COUNTS:
        return ["multinomial NB"]
    squared = ["QDA"] if values.shape[1] <= MOST_SQUARED else []
    return ["naive Bayes", "LDA", *squared]


def _behind(transformer, pair):
    """The pair, each of its estimators behind a transformer."""
    return replace(
        pair,
        generative=make_pipeline(transformer, pair.generative),
        discriminative=make_pipeline(
            transformer, *(step for _, step in pair.discriminative.steps)
        ),
    )


def _logistic_regression():
    return LogisticRegression(max_iter=1000)


def _additive_features():
    """One-hot columns for categories and gaps, numbers beside their squares."""
    parabola = FeatureUnion(
        [("value", "passthrough"), ("square", FunctionTransformer(np.square))]
    )
    # A gap has its own term, whatever value is put there.
    filled = SimpleImputer(
        strategy="median", add_indicator=True, keep_empty_features=True
    )
    numbers = make_pipeline(
        FunctionTransformer(as_floats), StandardScaler(), filled, parabola
    )
    categories = OneHotEncoder(handle_unknown="ignore")
    return ColumnTransformer(
        [("numbers", numbers, _numeric), ("categories", categories, _categorical)]
    )


def _numeric(X):
    return split_columns(X)[0]


def _categorical(X):
    return split_columns(X)[1]
