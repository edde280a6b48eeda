"""Generative classifiers and their discriminative partners."""

from dataclasses import dataclass

import numpy as np
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
from skgendisc.joint import (
    BernoulliNBSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    MultinomialNBSampler,
    QDASampler,
)


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
    categories = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer(
        [("numbers", numbers, _numeric), ("categories", categories, _categorical)]
    )


def _numeric(X):
    return split_columns(X)[0]


def _categorical(X):
    return split_columns(X)[1]
