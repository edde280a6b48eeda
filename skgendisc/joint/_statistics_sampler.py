"""What joint models share that are fitted to statistics of each class."""

from abc import abstractmethod
from types import MethodType

from sklearn.exceptions import NotFittedError

from skgendisc.base import GenerativeSampler, JointSamplerMixin
from skgendisc.exceptions import NotEnoughRowsError
from skgendisc.utils._sklearn import fit_context
from skgendisc.utils.validation import (
    check_known_classes,
    check_priors,
    encode_labels,
)


class mergeable_only:  # noqa: N801 - a decorator
    """Method that does not exist, and says why, where statistics are not enough.

    As :func:`sklearn.utils.metaestimators.available_if`, which would leave only the
    method's name in the message.
    """

    def __init__(self, method):
        self.method = method

    def __get__(self, sampler, owner=None):
        if sampler is None:
            return self.method
        sampler._check_can_merge()
        return MethodType(self.method, sampler)


class StatisticsSampler(JointSamplerMixin, GenerativeSampler):
    """A joint model that needs statistics of each class, which chunks can merge.

    A subclass writes ``_statistics(X, y, n_classes, sample_weight)``, an object with
    ``merge`` and the ``weight`` of each class, and ``_set_parameters()``, from
    ``statistics_`` and ``class_prior_``.
    """

    _parameter_constraints = {
        **GenerativeSampler._parameter_constraints,
        "priors": ["array-like", None],
    }

    _missing = None  # why the rows so far do not make a model

    @mergeable_only
    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Go on fitting with more rows, as if all had been given to one ``fit``.

        Until every class has the rows that the model needs, all that uses the model
        raises, and says what is missing.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Labels.
        classes : array-like of shape (n_classes,), default=None
            All labels there will be; needed at the first call.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative; a weight of 2 counts a row twice.

        Returns
        -------
        self : object

        References
        ----------
        Chan, Golub & LeVeque (1983). Algorithms for computing the sample variance:
        analysis and recommendations. The American Statistician 37(3), equation 2.1.
        """
        started = hasattr(self, "statistics_")
        known = check_known_classes(classes, self.classes_ if started else None)
        values, labels = self._check_training_data(X, y, reset=not started)
        index = encode_labels(labels, known)
        weight = self._check_weight(sample_weight, values)
        statistics = self._statistics(values, index, len(known), weight)
        if started:
            statistics = self.statistics_.merge(statistics)
        check_priors(self.priors, statistics.weight, known)  # before anything changes
        self.classes_, self.statistics_ = known, statistics
        try:
            self._set_from_statistics()
            self._missing = None
        except NotEnoughRowsError as error:
            self._missing = str(error)
        return self

    def _fit(self, X, y, sample_weight=None):
        n_classes = len(self.classes_)
        self.statistics_ = self._statistics(X, y, n_classes, sample_weight)
        self._missing = None
        self._set_from_statistics()

    def _set_from_statistics(self):
        """Set all that is fitted but the statistics, once every class has rows."""
        weight = self.statistics_.weight
        if not weight.all():
            empty = self.classes_[weight == 0].tolist()
            raise NotEnoughRowsError(
                f"classes {empty} have no rows of positive weight so far: give "
                f"{type(self).__name__} rows of every class, or leave these out."
            )
        self.class_prior_ = check_priors(self.priors, weight, self.classes_)
        self._set_parameters()

    def _check_can_merge(self):
        """Raise UnavailableMethodError where the parameters ask for more."""

    @abstractmethod
    def _statistics(self, X, y, n_classes, sample_weight):
        """Statistics of the classes in these rows."""

    @abstractmethod
    def _set_parameters(self):
        """Set the fitted parameters."""

    def _samples_of(self, k):
        """How many rows class ``k`` has, for a message."""
        weight = self.statistics_.weight[k]
        return f"{weight:g} sample{'' if weight == 1 else 's'}"

    def _check_is_fitted(self):
        super()._check_is_fitted()
        if self._missing is not None:
            raise NotFittedError(self._missing)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags
