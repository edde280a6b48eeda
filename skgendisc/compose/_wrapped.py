"""What samplers around a sampler share: the posterior, and tags."""

from sklearn.base import MetaEstimatorMixin
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if


def sampler_has(method):
    """Whether the sampler inside has a method, before it is fitted and after."""

    def check(wrapper):
        getattr(getattr(wrapper, "sampler_", wrapper._unfitted_sampler()), method)
        return True

    return check


class WrappedSamplerMixin(MetaEstimatorMixin):
    """Gives a sampler the posterior of the one in its parameter ``sampler``.

    A member names its ``_default_sampler``, and fits ``sampler_``; what that sees of a
    table is ``_seen_by_sampler(X)``. Stands leftmost among the bases.
    """

    def _unfitted_sampler(self):
        """The sampler that is cloned."""
        return self._default_sampler() if self.sampler is None else self.sampler

    @available_if(sampler_has("predict_log_proba"))
    def predict_log_proba(self, X):
        """Log-probability of each class, log p(y | x), of the sampler inside.

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
        return self.sampler_.predict_log_proba(self._seen_by_sampler(X))

    @available_if(sampler_has("predict_log_proba"))
    def predict_proba(self, X):
        """Probability of each class, p(y | x), of the sampler inside.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Rows sum to one; classes in the order of ``classes_``.
        """
        return super().predict_proba(X)

    @available_if(sampler_has("predict_log_proba"))
    def predict(self, X):
        """Label of the most probable class, of the sampler inside.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        y : ndarray of shape (n_samples,)
        """
        return super().predict(X)

    def _class_log_density(self, X):
        raise NotImplementedError  # all that needs it is the sampler's

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        sampler = get_tags(self._unfitted_sampler())
        tags.estimator_type = sampler.estimator_type
        tags.classifier_tags = sampler.classifier_tags
        tags.target_tags.required = sampler.target_tags.required
        return tags
