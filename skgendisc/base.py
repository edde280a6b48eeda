"""The base of all samplers: one object, four faces.

A member models p(x, y). It writes how to fit itself to floats (``_fit``) and how to
draw a row of each wanted class (``_draw``); with a density, also the log-density of
each class (``_class_log_density``). Everything users touch is derived here, once.
"""

from abc import abstractmethod

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_sampling_strategy, check_target_type
from scipy.special import log_softmax, logsumexp
from sklearn.base import ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils import check_consistent_length, column_or_1d, gen_batches, get_tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skgendisc.numerics import draw_categorical
from skgendisc.utils._sklearn import check_sample_weight, fit_context
from skgendisc.utils.frames import (
    LabelFormat,
    TableFormat,
    advising,
    append_rows,
    check_numeric_columns,
    densify,
)
from skgendisc.utils.random_state import as_generator
from skgendisc.utils.validation import check_n_samples, encode_labels

# Rows scored at once: bounds the memory that a density needs beside its input.
BLOCK_ROWS = 4096


class GenerativeSampler(BaseOverSampler):
    """Base class of samplers: a model of p(x, y), or of p(x), to fit and draw from.

    A subclass writes ``_fit(X, y)`` and ``_draw(y, rng)``, for class numbers ``y``;
    fitted without labels there is one class, of number 0. ``_fit`` sets
    ``class_prior_``.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds, as in imbalanced-learn;
        :mod:`skgendisc.augmentation` has more strategies.
    random_state : int, RandomState instance or None, default=None
        Seed of fitting and drawing. With an int, every call of :meth:`sample` repeats
        its rows; a RandomState is advanced.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,) or None
        Sorted labels; None when fitted without.
    class_prior_ : ndarray of shape (n_classes,)
        Probability of each class; ``[1.]`` without labels.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Only where the table had names that are all strings.
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    JointSamplerMixin : Makes a sampler with a density a classifier.
    skgendisc.estimator_checks.check_sampler : Checks that a new sampler is right.

    Examples
    --------
    A sampler that draws real rows again:

    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.base import GenerativeSampler
    >>> class Bootstrap(GenerativeSampler):
    ...     def _fit(self, X, y):
    ...         self.rows_ = [X[y == k] for k in range(y.max() + 1)]
    ...         self.class_prior_ = np.bincount(y) / len(y)
    ...
    ...     def _draw(self, y, rng):
    ...         rows = [rng.choice(self.rows_[k]) for k in y]
    ...         return np.reshape(rows, (len(y), self.n_features_in_))
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> X_new, y_new = Bootstrap(random_state=0).fit(X, y).sample(2)
    >>> X_new
       sepal length (cm)  sepal width (cm)  petal length (cm)  petal width (cm)
    0                5.5               4.2                1.4               0.2
    1                6.8               2.8                4.8               1.4
    """

    def __init__(self, *, sampling_strategy="auto", random_state=None):
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Fit the model.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,), default=None
            Labels; None models p(x) alone, where the sampler can.

        Returns
        -------
        self : object
        """
        return self._fit_model(*self._check_training_data(X, y))

    @fit_context(prefer_skip_nested_validation=True)
    def fit_resample(self, X, y):
        """Fit the model, then add synthetic rows after the real ones.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.

        Returns
        -------
        X_resampled : array, list or frame, as X
            The real rows, untouched, then the synthetic ones. ``is_synthetic_`` tells
            them apart.
        y_resampled : array, list, series or frame, as y

        Raises
        ------
        ValueError
            Where ``y`` has fewer than two classes, or ``sampling_strategy`` does not
            suit them.
        """
        return self._fit_resample(X, y)

    def sample(self, n_samples=1, *, random_state=None):
        """Draw rows from p(x, y), in random order.

        Parameters
        ----------
        n_samples : int, default=1
            At least 1.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table; whole numbers are rounded
            and kept inside their training range.
        y : ndarray or series of shape (n_samples,), or None
            None when fitted without labels.
        """
        self._check_is_fitted()
        n_samples = check_n_samples(n_samples)
        rng = self._generator(random_state)
        index = draw_categorical(self.class_prior_, n_samples, rng)
        X = self._table_format.restore(self._draw(index, rng), rng)
        if self.classes_ is None:
            return X, None
        return X, self._label_format.restore(self.classes_[index])

    def sample_conditional(self, y, *, random_state=None):
        """Draw row i from p(x | y[i]).

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Wanted labels, in any order; none give a table without rows.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
            With the names and dtypes of the training table.

        Raises
        ------
        ValueError
            For labels that were not seen in :meth:`fit`.
        """
        self._check_is_fitted()
        self._check_has_classes("sample_conditional")
        index = encode_labels(y, self.classes_)
        rng = self._generator(random_state)
        return self._table_format.restore(self._draw(index, rng), rng)

    @abstractmethod
    def _fit(self, X, y):
        """Fit to floats (float64 or float32) and class numbers; set class_prior_."""

    @abstractmethod
    def _draw(self, y, rng):
        """One row of each wanted class, of shape (len(y), n_features), float64."""

    def _fit_model(self, values, labels, sample_weight=None):
        """Fit to checked data; weights reach only a member that takes them."""
        if labels is None:
            self.classes_ = None
            index = np.zeros(values.shape[0], dtype=np.intp)
        else:
            self.classes_ = np.unique(labels)
            index = encode_labels(labels, self.classes_)
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        self._fit(values, index, **weights)
        return self

    def _fit_resample(self, X, y, sample_weight=None):
        """Fit and resample a table of any kind."""
        if y is None:
            raise ValueError(
                "fit_resample requires y to be passed, but the target y is None: it "
                "adds rows to classes. Use fit(X) and sample(n_samples) without labels."
            )
        values, labels = self._check_training_data(X, y)
        self.sampling_strategy_ = check_sampling_strategy(
            self.sampling_strategy, labels, self._sampling_type
        )
        self._fit_model(values, labels, self._check_weight(sample_weight, values))
        added = encode_labels(list(self.sampling_strategy_), self.classes_)
        index = np.repeat(added, list(self.sampling_strategy_.values()))
        rng = self._generator(None)
        X_new = self._table_format.restore(self._draw(index, rng), rng)
        y_new = self._label_format.restore(self.classes_[index])
        n_real = values.shape[0]
        self.is_synthetic_ = np.arange(n_real + len(index)) >= n_real
        return append_rows(X, X_new), append_rows(y, y_new)

    def _check_training_data(self, X, y, *, reset=True):
        """Floats and labels; keeps what the table and its labels look like."""
        values = self._check_table(X, reset=reset)
        if y is None and get_tags(self).target_tags.required:
            raise ValueError(
                f"This {type(self).__name__} estimator requires y to be passed, but "
                "the target y is None."
            )
        labels = None if y is None else self._check_labels(y, values)
        if reset:
            self._table_format = self._format_of(X, values)
            self._label_format = None if y is None else LabelFormat.of(y)
        else:
            self._table_format = self._table_format.widened(values)
        return values, labels

    def _check_table(self, X, *, reset):
        """The table as a C-ordered matrix of floats."""
        tags = get_tags(self).input_tags
        if not tags.categorical:
            check_numeric_columns(X, type(self).__name__)
        with advising(type(self).__name__):
            return validate_data(
                self,
                X=densify(X),
                reset=reset,
                dtype=[np.float64, np.float32],
                order="C",
                accept_sparse="csr" if tags.sparse else False,
                ensure_all_finite="allow-nan" if tags.allow_nan else True,
            )

    def _format_of(self, X, values):
        """What the table looks like; gives drawn rows the same look."""
        return TableFormat.of(X, values)

    @staticmethod
    def _check_labels(y, values):
        """One label a row, in one array."""
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        labels = y if y.ndim == 1 else check_target_type(y)
        check_consistent_length(values, labels)
        return labels

    def _check_weight(self, sample_weight, X):
        """Weights as non-negative floats, or None."""
        if sample_weight is None:
            return None
        return check_sample_weight(
            sample_weight, X, dtype=np.float64, ensure_non_negative=True
        )

    def _check_is_fitted(self):
        check_is_fitted(self)

    def _check_has_classes(self, method):
        if self.classes_ is None:
            raise NotFittedError(
                f"{method} needs classes, but this {type(self).__name__} was fitted "
                "without labels. Call fit(X, y) with the labels y first."
            )

    def _generator(self, random_state):
        return as_generator(self.random_state if random_state is None else random_state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.target_tags.required = False
        return tags


class SampleWeightMixin:
    """Gives ``fit`` and ``fit_resample`` a ``sample_weight``.

    For members whose ``_fit`` takes one, left of :class:`GenerativeSampler`.

    Examples
    --------
    A sampler that draws real rows again, as often as they weigh:

    >>> import numpy as np
    >>> from skgendisc.base import GenerativeSampler, SampleWeightMixin
    >>> class Bootstrap(SampleWeightMixin, GenerativeSampler):
    ...     def _fit(self, X, y, sample_weight):
    ...         self.rows_, self.share_ = X, sample_weight / sample_weight.sum()
    ...         self.class_prior_ = np.ones(1)
    ...
    ...     def _draw(self, y, rng):
    ...         return rng.choice(self.rows_, size=len(y), p=self.share_)
    >>> sampler = Bootstrap(random_state=0)
    >>> X_new, _ = sampler.fit([[1.0], [2.0]], sample_weight=[0, 1]).sample(3)
    >>> X_new.ravel()
    array([2., 2., 2.])
    """

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None):
        """Fit the model.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative; a weight of 2 counts a row twice.

        Returns
        -------
        self : object
        """
        values, labels = self._check_training_data(X, y)
        return self._fit_model(
            values, labels, self._check_weight(sample_weight, values)
        )

    @fit_context(prefer_skip_nested_validation=True)
    def fit_resample(self, X, y, sample_weight=None):
        """Fit the model, then add synthetic rows after the real ones.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative. Weights shape the model and end here: the result has none,
            and how many rows are added depends on numbers of rows alone.

        Returns
        -------
        X_resampled : array, list or frame, as X
            The real rows, untouched, then the synthetic ones. ``is_synthetic_`` tells
            them apart.
        y_resampled : array, list, series or frame, as y

        Raises
        ------
        ValueError
            Where ``y`` has fewer than two classes, or ``sampling_strategy`` does not
            suit them.
        """
        return self._fit_resample(X, y, sample_weight)


class JointSamplerMixin(ClassifierMixin):
    """Makes a sampler with a density a classifier, by Bayes' rule in log space.

    A subclass writes ``_class_log_density(X)``, log p(x | y) of each class in nats.
    Stands leftmost among the bases.

    Examples
    --------
    Normal classes of variance one, in all directions:

    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.base import GenerativeSampler, JointSamplerMixin
    >>> class Spheres(JointSamplerMixin, GenerativeSampler):
    ...     def _fit(self, X, y):
    ...         classes = range(y.max() + 1)
    ...         self.means_ = np.array([X[y == k].mean(axis=0) for k in classes])
    ...         self.class_prior_ = np.bincount(y) / len(y)
    ...
    ...     def _draw(self, y, rng):
    ...         return self.means_[y] + rng.standard_normal((len(y), 4))
    ...
    ...     def _class_log_density(self, X):
    ...         squared = ((X[:, np.newaxis] - self.means_) ** 2).sum(axis=2)
    ...         return -0.5 * (squared + 4 * np.log(2 * np.pi))
    >>> X, y = load_iris(return_X_y=True)
    >>> spheres = Spheres(random_state=0).fit(X, y)
    >>> round(spheres.score(X, y), 2)
    0.93
    """

    def predict_joint_log_proba(self, X):
        """Log-density of the rows together with each class, log p(x, y).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        joint_log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """
        self._check_is_fitted()
        self._check_has_classes("predict_joint_log_proba")
        X = self._check_table(X, reset=False)
        return self._joint_log_proba(X) + self._in_blocks(
            self._common_log_density, X
        ).reshape(-1, 1)

    def predict_log_proba(self, X):
        """Log-probability of each class, log p(y | x).

        Where the density of every class is zero or underflows, so that no ratio of
        them is left, the row tells nothing, and the classes keep their prior.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """
        self._check_is_fitted()
        self._check_has_classes("predict")
        joint = self._joint_log_proba(self._check_table(X, reset=False))
        known = np.isfinite(joint.max(axis=1, keepdims=True))
        return log_softmax(np.where(known, joint, self._log_prior()), axis=1)

    def predict_proba(self, X):
        """Probability of each class, p(y | x).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Rows sum to one; classes in the order of ``classes_``.
        """
        return np.exp(self.predict_log_proba(X))

    def predict(self, X):
        """Label of the most probable class.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        y : ndarray of shape (n_samples,)
        """
        best = np.argmax(self.predict_log_proba(X), axis=1)
        return self.classes_[best]

    def score_samples(self, X):
        """Log-density of the rows, log p(x).

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
            In nats.
        """
        self._check_is_fitted()
        X = self._check_table(X, reset=False)
        common = self._in_blocks(self._common_log_density, X)
        return logsumexp(self._joint_log_proba(X), axis=1) + common

    def score(self, X, y=None, sample_weight=None):
        """Accuracy where fitted with labels, mean log-density where fitted without.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            True labels; ignored where the model was fitted without.
        sample_weight : array-like of shape (n_samples,), default=None

        Returns
        -------
        score : float
            A fraction of rows, or nats a row.
        """
        self._check_is_fitted()
        if self.classes_ is None:
            return float(np.average(self.score_samples(X), weights=sample_weight))
        if y is None:
            raise ValueError(
                f"score needs y: this {type(self).__name__} was fitted with labels and "
                "is scored by its accuracy. Use score_samples(X).mean() for the mean "
                "log-density."
            )
        return super().score(X, y, sample_weight=sample_weight)

    @abstractmethod
    def _class_log_density(self, X):
        """Log p(x | y) of float64 rows, of shape (n_samples, n_classes), in nats."""

    def _common_log_density(self, X):
        """What all classes' log-densities share, and the posterior need not know."""
        return np.zeros(X.shape[0])

    def _log_prior(self):
        with np.errstate(divide="ignore"):
            return np.log(self.class_prior_)

    def _joint_log_proba(self, X):
        """Log p(x, y) of a checked table, but for what all classes share."""
        log_density = self._in_blocks(self._class_log_density, X)
        # Class after class in memory, sums over few of them take half the time.
        return np.asfortranarray(log_density) + self._log_prior()

    @staticmethod
    def _in_blocks(log_density, X):
        """A log-density of all rows, by blocks of float64."""
        return np.concatenate(
            [
                log_density(X[rows].astype(np.float64, copy=False))
                for rows in gen_batches(X.shape[0], BLOCK_ROWS)
            ]
        )
