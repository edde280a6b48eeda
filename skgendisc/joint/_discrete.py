"""Naive Bayes for truth values, counts and categories, as joint models."""

from abc import abstractmethod
from numbers import Integral, Real

import numpy as np
from scipy.sparse import issparse
from sklearn.preprocessing import binarize

from skgendisc.base import SampleWeightMixin
from skgendisc.joint._statistics_sampler import StatisticsSampler
from skgendisc.numerics import (
    DocumentCounts,
    LengthDistribution,
    category_counts,
    class_counts,
    draw_bernoulli,
    draw_categories,
    draw_documents,
    log_multinomial_coefficient,
)
from skgendisc.utils._sklearn import Interval

# A column of more categories than this is no column of categories.
MOST_CATEGORIES = 2**31
# Counts of a column that are kept at most, over all classes: half a gigabyte.
MOST_CELLS = 2**26


class _CountsSampler(SampleWeightMixin, StatisticsSampler):
    """Classes that are fitted to smoothed counts."""

    _parameter_constraints = {
        **StatisticsSampler._parameter_constraints,
        "alpha": [Interval(Real, 0, None, closed="neither")],
    }

    @abstractmethod
    def _counted(self, X):
        """The table as the features whose sums are kept."""

    def _statistics(self, X, y, n_classes, sample_weight):
        X = self._counted(X)
        return class_counts(X, y, n_classes, sample_weight=sample_weight)

    def _refuse_negative(self, X):
        smallest = X.data.min(initial=0) if issparse(X) else X.min()
        if smallest < 0:
            raise ValueError(
                f"Negative values in data passed to {type(self).__name__}, which "
                f"models counts: the smallest is {smallest:g}. Give counts, or use a "
                "sampler of numbers such as LDASampler."
            )


class BernoulliNBSampler(_CountsSampler):
    r"""Bernoulli naive Bayes: columns are true or false, independently in each class.

    A classifier by Bayes' rule, equal to :class:`sklearn.naive_bayes.BernoulliNB`, and
    a sampler of rows of zeros and ones. Sparse tables give sparse (CSR) rows.

    Parameters
    ----------
    alpha : float, default=1.0
        Rows of each value that are counted beside the real ones (Laplace smoothing).
    binarize : float or None, default=0.0
        A value above it is true; None takes values that are zeros and ones already.
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    feature_prob_ : ndarray of shape (n_classes, n_features)
        Probability that a column is true.
    statistics_ : ClassCounts
        Weight and number of true values of each class; mergeable.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    MultinomialNBSampler : For counts.
    CategoricalNBSampler : For more than two categories.

    Notes
    -----
    .. math:: p(x, y) = \pi_y \prod_j \theta_{yj}^{x_j} (1 - \theta_{yj})^{1 - x_j}

    References
    ----------
    Manning, Raghavan & Schütze (2008). Introduction to Information Retrieval, section
    13.3.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.joint import BernoulliNBSampler
    >>> X, y = np.array([[1, 0], [1, 1], [0, 1], [0, 1]]), ["a", "a", "b", "b"]
    >>> nb = BernoulliNBSampler(random_state=0).fit(X, y)
    >>> nb.predict_proba([[1, 0]]).round(2)
    array([[0.86, 0.14]])
    >>> nb.sample_conditional(["a", "b"])
    array([[1, 0],
           [0, 1]])
    """

    _parameter_constraints = {
        **_CountsSampler._parameter_constraints,
        "binarize": [Real, None],
    }

    def __init__(
        self,
        *,
        alpha=1.0,
        binarize=0.0,
        priors=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.alpha = alpha
        self.binarize = binarize
        self.priors = priors

    def _counted(self, X):
        if self.binarize is None:
            values = X.data if issparse(X) else X
            if not np.isin(values, [0, 1]).all():
                raise ValueError(
                    "binarize=None takes zeros and ones, but X holds other values, "
                    f"such as {values[~np.isin(values, [0, 1])].flat[0]:g}. Set "
                    "binarize to the value above which they are true."
                )
            return X
        if issparse(X) and self.binarize < 0:
            raise ValueError(
                f"binarize={self.binarize} makes every zero of a sparse table true. "
                "Set binarize to 0 or more, or give a dense table."
            )
        return binarize(X, threshold=self.binarize)

    def _set_parameters(self):
        weight = self.statistics_.weight[:, None]
        count = self.statistics_.count
        self.feature_prob_ = (count + self.alpha) / (weight + 2 * self.alpha)

    def _class_log_density(self, X):
        true, false = np.log(self.feature_prob_), np.log1p(-self.feature_prob_)
        return self._counted(X) @ (true - false).T + false.sum(axis=1)

    def _draw(self, y, rng):
        return draw_bernoulli(y, self.feature_prob_, rng)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class MultinomialNBSampler(_CountsSampler):
    r"""Multinomial naive Bayes: counts, of words in documents for instance.

    A classifier by Bayes' rule, equal to :class:`sklearn.naive_bayes.MultinomialNB`,
    and a sampler of documents. Sparse tables give sparse (CSR) rows, so that it stands
    behind a :class:`~sklearn.feature_extraction.text.CountVectorizer`.

    Parameters
    ----------
    alpha : float, default=1.0
        Times that each word is counted beside the real ones, in each class.
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    feature_prob_ : ndarray of shape (n_classes, n_features)
        Probability of each word; rows sum to one.
    statistics_ : DocumentCounts
        Weight and word counts of each class, and lengths of all documents; mergeable.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    BernoulliNBSampler : For words that are there or not.

    Notes
    -----
    .. math:: p(x, y) = \pi_y \, p(n) \, \frac{n!}{\prod_j x_j!}
        \prod_j \theta_{yj}^{x_j}, \quad n = \sum_j x_j

    Documents have the lengths n of the training documents, in all classes alike: the
    model's posterior, as scikit-learn's, knows of no class whose documents are longer.
    One document more, of geometric length, makes no length impossible.

    References
    ----------
    Manning, Raghavan & Schütze (2008). Introduction to Information Retrieval, section
    13.2.

    Examples
    --------
    >>> from sklearn.feature_extraction.text import CountVectorizer
    >>> from skgendisc.joint import MultinomialNBSampler
    >>> mails = ["win money now", "money now win win", "see you at lunch", "lunch now"]
    >>> X = CountVectorizer().fit_transform(mails)
    >>> nb = MultinomialNBSampler(random_state=0).fit(X, ["spam", "spam", "ham", "ham"])
    >>> nb.predict(X[2:3]).item()
    'ham'
    >>> nb.sample_conditional(["ham"]).shape
    (1, 7)
    """

    def __init__(
        self, *, alpha=1.0, priors=None, sampling_strategy="auto", random_state=None
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.alpha = alpha
        self.priors = priors

    def _counted(self, X):
        self._refuse_negative(X)
        return X

    def _statistics(self, X, y, n_classes, sample_weight):
        counts = super()._statistics(X, y, n_classes, sample_weight)
        lengths = LengthDistribution.of(X, sample_weight)
        return DocumentCounts(counts.weight, counts.count, lengths)

    def _set_parameters(self):
        smoothed = self.statistics_.count + self.alpha
        self.feature_prob_ = smoothed / smoothed.sum(axis=1, keepdims=True)

    def _class_log_density(self, X):
        return self._counted(X) @ np.log(self.feature_prob_).T

    def _common_log_density(self, X):
        lengths = self.statistics_.lengths.log_probability(X)
        return lengths + log_multinomial_coefficient(X)

    def _draw(self, y, rng):
        lengths = self.statistics_.lengths.draw(len(y), rng)
        return draw_documents(y, lengths, self.feature_prob_, rng)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        # As in scikit-learn: points of the plane, as its checks have them, are no
        # counts, and the model's straight lines through the origin do not part three
        # clouds of them.
        tags.classifier_tags.poor_score = True
        return tags


class CategoricalNBSampler(_CountsSampler):
    r"""Categorical naive Bayes: columns of category numbers, independent in each class.

    A classifier by Bayes' rule, equal to :class:`sklearn.naive_bayes.CategoricalNB`,
    and a sampler of rows.

    Parameters
    ----------
    alpha : float, default=1.0
        Rows of each category that are counted beside the real ones.
    min_categories : int or None, default=None
        Categories that every column has at least; None takes those up to the largest
        number seen.
    priors : array-like of shape (n_classes,), default=None
        Class probabilities, in the order of ``classes_``; None estimates them.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
    n_categories_ : ndarray of shape (n_features,)
    feature_prob_ : list of ndarray of shape (n_classes, n_categories)
        For each column, the probability of each of its categories; rows sum to one.
    statistics_ : CategoryCounts
        Weight of each class, and counts of its categories; mergeable.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    BernoulliNBSampler : For two categories, and sparse tables.
    sklearn.preprocessing.OrdinalEncoder : Turns words into category numbers.

    Notes
    -----
    .. math:: p(x, y) = \pi_y \prod_j \theta_{yj x_j}

    A category that was not seen in fit has the probability of one that was counted
    ``alpha`` times; scikit-learn refuses it. Numbers that are not whole are cut off.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.joint import CategoricalNBSampler
    >>> X, y = np.array([[0, 2], [0, 1], [1, 0], [1, 0]]), ["a", "a", "b", "b"]
    >>> nb = CategoricalNBSampler(random_state=0).fit(X, y)
    >>> nb.predict_proba([[0, 2]]).round(2)
    array([[0.86, 0.14]])
    >>> nb.sample_conditional(["a", "b"])
    array([[0, 1],
           [1, 0]])
    """

    _parameter_constraints = {
        **_CountsSampler._parameter_constraints,
        "min_categories": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        *,
        alpha=1.0,
        min_categories=None,
        priors=None,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.alpha = alpha
        self.min_categories = min_categories
        self.priors = priors

    def _counted(self, X):
        self._refuse_negative(X)
        # Category numbers; a number too large for any table is one never seen.
        return np.minimum(X, MOST_CATEGORIES).astype(np.intp)

    def _statistics(self, X, y, n_classes, sample_weight):
        codes = self._counted(X)
        if sample_weight is not None:  # a category without weight is not there
            weighs = sample_weight > 0
            codes, y, sample_weight = codes[weighs], y[weighs], sample_weight[weighs]
        most = codes.max(axis=0)
        if n_classes * most.max() > MOST_CELLS:
            raise ValueError(
                f"column {int(most.argmax())} has categories up to {most.max()}, too "
                f"many to count in {n_classes} classes. Number the categories from 0, "
                "for instance by an OrdinalEncoder, or leave the column out."
            )
        return category_counts(
            codes,
            y,
            n_classes,
            min_categories=self.min_categories,
            sample_weight=sample_weight,
        )

    def _set_parameters(self):
        weight = self.statistics_.weight[:, None]
        count = self.statistics_.count
        self.n_categories_ = np.array([c.shape[1] for c in count])
        self.feature_prob_ = [
            (c + self.alpha) / (weight + self.alpha * c.shape[1]) for c in count
        ]

    def _class_log_density(self, X):
        weight = self.statistics_.weight
        log_density = np.zeros((len(X), len(weight)))
        for column, prob in zip(self._counted(X).T, self.feature_prob_, strict=True):
            n_categories = prob.shape[1]
            unseen = self.alpha / (weight + self.alpha * n_categories)
            log_prob = np.log(np.column_stack([prob, unseen])).T
            log_density += log_prob[np.minimum(column, n_categories)]
        return log_density

    def _draw(self, y, rng):
        columns = [draw_categories(y, prob, rng) for prob in self.feature_prob_]
        return np.column_stack(columns).astype(np.float64)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags
