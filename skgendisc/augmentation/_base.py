"""What classifiers made of others have in common."""

from abc import ABCMeta, abstractmethod

import numpy as np
from sklearn import get_config
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array, get_tags
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    get_routing_for_object,
    process_routing,
)
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d, has_fit_parameter

from skgendisc.utils._sklearn import check_sample_weight
from skgendisc.utils.frames import is_native_table


class LogProbaClassifier(ClassifierMixin, BaseEstimator, metaclass=ABCMeta):
    """Probabilities and labels from log-probabilities.

    A member writes ``fit`` and ``predict_log_proba``.
    """

    @abstractmethod
    def predict_log_proba(self, X):
        """Log-probability of each class.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """

    def predict_proba(self, X):
        """Probability of each class.

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

    def _check_labels(self, y):
        if y is None:
            raise ValueError(
                f"This {type(self).__name__} estimator requires y to be passed, but "
                "the target y is None."
            )
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__} needs two classes or more, got one class: "
                f"{self.classes_.tolist()}."
            )
        return y


class MetaClassifier(MetaEstimatorMixin, LogProbaClassifier):
    """The columns of a fitted classifier inside, and checks of what is given.

    A member writes ``_main`` and ``_given`` as well.
    """

    @property
    def n_features_in_(self):
        """Number of columns that the classifier given was fitted to."""
        return self._of_main("n_features_in_")

    @property
    def feature_names_in_(self):
        """Names of these columns."""
        return self._of_main("feature_names_in_")

    @abstractmethod
    def _main(self):
        """The fitted classifier that knows the columns; None before it is fitted."""

    @abstractmethod
    def _given(self):
        """The estimators that are to see the rows, unfitted."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inputs = [get_tags(estimator).input_tags for estimator in self._given()]
        for name in ("allow_nan", "categorical", "string", "sparse"):
            setattr(tags.input_tags, name, all(getattr(i, name) for i in inputs))
        return tags

    def _of_main(self, name):
        main = self._main()
        if main is None:
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r} before it is fitted."
            )
        return getattr(main, name)

    def _check_table(self, X):
        """Frames as they are, and arrays of all else; classifiers check the rest."""
        if is_native_table(X):
            return X
        return check_array(
            X,
            dtype=None,
            ensure_2d=False,
            ensure_all_finite=False,
            # Rows of other sparse formats cannot be taken.
            accept_sparse="csr" if get_tags(self).input_tags.sparse else False,
            estimator=self,
        )

    def _check_weight(self, params, X, index):
        """Weight of each row in the loss."""
        weight = check_sample_weight(params.get("sample_weight"), X, dtype=np.float64)
        left = self.classes_[np.bincount(index, weights=weight) > 0]
        if len(left) < 2:
            raise ValueError(
                f"sample_weight leaves weight to one class only: {left.tolist()}."
            )
        return weight

    def _router(self, **members):
        """What members and splitter request in fit."""
        router = MetadataRouter(owner=self)
        fitting = MethodMapping().add(caller="fit", callee="fit")
        for name, member in members.items():
            router.add(**{name: member}, method_mapping=fitting)
        return router.add(
            splitter=self.cv if hasattr(self.cv, "split") else None,
            method_mapping=MethodMapping().add(caller="fit", callee="split"),
        )

    def _routed(self, params):
        """With metadata routing: what was requested, and what split takes."""
        own = {}
        if not hasattr(self.cv, "split"):  # folds of our own take groups unasked
            own = {k: params[k] for k in params if k == "groups"}
        params = {k: v for k, v in params.items() if k not in own}
        routed = process_routing(self, "fit", **params)
        return routed, {**routed.splitter.split, **own}

    def _split_params(self, params, name, model):
        """Without metadata routing: what the model's fit takes, and what split does."""
        unknown = set(params) - {"sample_weight", "groups"}
        if unknown:
            raise TypeError(
                f"fit got {sorted(unknown)}: without metadata routing it takes "
                "sample_weight and groups. Call "
                "sklearn.set_config(enable_metadata_routing=True) for others."
            )
        of_model = {k: v for k, v in params.items() if k == "sample_weight"}
        if of_model and not has_fit_parameter(model, "sample_weight"):
            raise ValueError(
                f"sample_weight was given, which the {name} {model!r} does not take. "
                "Leave it out; a pipeline needs metadata routing."
            )
        return of_model, {k: v for k, v in params.items() if k == "groups"}


def last_step(model):
    """Of a pipeline, of pipelines too, what it ends with; other models as they are."""
    while isinstance(model, Pipeline):
        model = model.steps[-1][1]
    return model


def asks_for_weight(model):
    """Whether ``fit`` takes weights and, with metadata routing, has requested them."""
    if get_config()["enable_metadata_routing"]:
        return bool(get_routing_for_object(model).consumes("fit", ["sample_weight"]))
    return has_fit_parameter(model, "sample_weight")
