"""A sampler in the space of a transformer."""

from dataclasses import dataclass
from functools import singledispatch
from inspect import signature

import numpy as np
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils import check_array, get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import validate_data

from skgendisc.base import GenerativeSampler, JointSamplerMixin
from skgendisc.compose._wrapped import WrappedSamplerMixin, sampler_has
from skgendisc.joint import LDASampler
from skgendisc.utils._sklearn import HasMethods
from skgendisc.utils.frames import TableFormat, is_native_table
from skgendisc.utils.random_state import set_random_states


@singledispatch
def log_abs_det_jacobian(transformer, X):
    """Logarithm of the factor by which a transformer stretches volume at each row.

    A generic function: register the transformers of another package with
    ``log_abs_det_jacobian.register``. Scikit-learn's scalers, its PCA on all
    components, and pipelines of them are known.

    Parameters
    ----------
    transformer : fitted transformer
    X : ndarray of shape (n_samples, n_features)
        Before the transformer.

    Returns
    -------
    log_det : float or ndarray of shape (n_samples,)

    Raises
    ------
    TypeError
        Where it is not known, or there is none, as volume is lost.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skgendisc.compose import log_abs_det_jacobian
    >>> X = np.array([[0.0], [20.0]])
    >>> round(log_abs_det_jacobian(StandardScaler().fit(X), X), 3)  # -log(10)
    np.float64(-2.303)
    """
    raise TypeError(
        f"no log-determinant is known for {type(transformer).__name__}. Register one "
        "with log_abs_det_jacobian.register, or do without score_samples."
    )


@log_abs_det_jacobian.register
def _(transformer: StandardScaler | RobustScaler | MaxAbsScaler, X):
    scale = transformer.scale_
    return 0.0 if scale is None else -np.log(scale).sum()


@log_abs_det_jacobian.register
def _(transformer: MinMaxScaler, X):
    return np.log(transformer.scale_).sum()


@log_abs_det_jacobian.register
def _(transformer: PCA, X):
    lost = transformer.n_features_in_ - transformer.n_components_
    if lost:
        raise TypeError(
            f"PCA drops {lost} of {transformer.n_features_in_} dimensions, and rows "
            "have no density but on those it keeps. Keep all, or do without "
            "score_samples."
        )
    if not transformer.whiten:
        return 0.0
    return -0.5 * np.log(transformer.explained_variance_).sum()


@log_abs_det_jacobian.register
def _(transformer: Pipeline, X):
    log_det = 0.0
    for _, step in transformer.steps:
        if step not in (None, "passthrough"):
            log_det = log_det + log_abs_det_jacobian(step, X)
            X = step.transform(X)
    return log_det


def _transformer(sampler):
    """The transformer that a TransformedSampler clones."""
    return StandardScaler() if sampler.transformer is None else sampler.transformer


def _has_density(sampler):
    """Whether rows have a density, and it is known; told by the parameters alone."""
    transformer = _transformer(sampler)
    if not _keeps_volume(transformer):
        raise AttributeError(
            f"{transformer!r} loses volume, or its log-determinant is not known: see "
            "skgendisc.compose.log_abs_det_jacobian."
        )
    return sampler_has("score_samples")(sampler)


def _keeps_volume(transformer):
    """Whether the log-determinant of a transformer is known, fitted or not."""
    if isinstance(transformer, Pipeline):
        steps = [step for _, step in transformer.steps]
        return all(
            step in (None, "passthrough") or _keeps_volume(step) for step in steps
        )
    if isinstance(transformer, PCA) and transformer.n_components is not None:
        return False
    known = log_abs_det_jacobian.dispatch(type(transformer))
    return known is not log_abs_det_jacobian.dispatch(object)


class TransformedSampler(WrappedSamplerMixin, JointSamplerMixin, GenerativeSampler):
    r"""A sampler in the space of a transformer.

    In the manner of :class:`sklearn.compose.TransformedTargetRegressor`: rows are
    transformed, the sampler is fitted to what comes out, and what it draws comes back
    by ``inverse_transform``. So Gaussians are put through quantiles, images through
    principal components, tables with words and gaps through an encoder.

    Parameters
    ----------
    transformer : transformer with ``inverse_transform``, default=None
        Cloned. None takes a :class:`~sklearn.preprocessing.StandardScaler`.
    sampler : sampler of this package, default=None
        Cloned. None takes an :class:`~skgendisc.joint.LDASampler`.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of both fits and of the draws; overrides theirs.

    Attributes
    ----------
    transformer_ : transformer
        Fitted.
    sampler_ : sampler
        Fitted to transformed rows.
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    log_abs_det_jacobian : What ``score_samples`` needs to know of the transformer.

    Notes
    -----
    .. math:: \log p(x, y) = \log p(z, y) + \log |\det \partial z / \partial x|,
        \quad z = t(x)

    The last term is the same for all classes and cancels in the posterior, which is
    the sampler's at the transformed row. Where the transformer loses something (PCA
    with few components, an encoder that groups rare levels), that is the posterior
    given what it keeps, and rows that are drawn lack what it loses.
    ``score_samples`` and ``predict_joint_log_proba`` exist where the log-determinant is
    known.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.decomposition import PCA
    >>> from skgendisc.compose import TransformedSampler
    >>> from skgendisc.joint import LDASampler
    >>> X, y = load_digits(return_X_y=True)
    >>> digits = TransformedSampler(PCA(30), LDASampler(), random_state=0).fit(X, y)
    >>> digits.sample_conditional([3]).shape, round(digits.score(X, y), 2)
    ((1, 64), 0.96)
    """

    _parameter_constraints = {
        **GenerativeSampler._parameter_constraints,
        "transformer": [HasMethods(["fit", "transform", "inverse_transform"]), None],
        "sampler": [HasMethods(["fit", "sample", "sample_conditional"]), None],
    }

    def __init__(
        self,
        transformer=None,
        sampler=None,
        *,
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.transformer = transformer
        self.sampler = sampler

    _default_sampler = LDASampler

    @available_if(_has_density)
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
        Z, log_det = self._transformed(X)
        return self.sampler_.predict_joint_log_proba(Z) + log_det[:, None]

    @available_if(_has_density)
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
        Z, log_det = self._transformed(X)
        return self.sampler_.score_samples(Z) + log_det

    def _fit(self, X, y):
        self.sampler_ = clone(self._unfitted_sampler())
        set_random_states(self.sampler_, self._generator(None))
        if self.classes_ is None:
            self.sampler_.fit(X)
        else:
            self.sampler_.fit(X, self.classes_[y])
        self.class_prior_ = self.sampler_.class_prior_

    def _draw(self, y, rng):
        if self.classes_ is None:
            return self.sampler_.sample(len(y), random_state=rng)[0]
        return self.sampler_.sample_conditional(self.classes_[y], random_state=rng)

    def _seen_by_sampler(self, X):
        return self._check_table(X, reset=False)

    def _check_table(self, X, *, reset):
        """The table in the transformer's space, which is fitted on reset."""
        X = self._check_input(X, reset=reset)
        if reset:
            self.transformer_ = clone(_transformer(self))
            # Other draws than the sampler's, which start at the same seed.
            set_random_states(self.transformer_, self._generator(None).spawn(1)[0])
            self.transformer_.fit(X)
        return check_array(
            self.transformer_.transform(X),
            accept_sparse="csr",
            dtype=[np.float64, np.float32],
            ensure_all_finite=False,  # the sampler says itself what it takes
        )

    def _check_input(self, X, *, reset):
        """The table as a matrix of floats, or as it is where an encoder reads it."""
        if not _is_encoder(self.transformer):
            return super()._check_table(X, reset=reset)
        if is_native_table(X):
            return validate_data(self, X, reset=reset, skip_check_array=True)
        validate_data(self, X, reset=reset, dtype=None, ensure_all_finite=False)
        return X  # as it is: numpy would make words of all of a list with words

    def _format_of(self, X, values):
        table = None  # an encoder gives its rows their look itself
        if not _is_encoder(self.transformer):
            table = TableFormat.of(X, self._check_input(X, reset=False))
        return _TransformedFormat(self.transformer_, table, values.shape[1])

    def _transformed(self, X):
        """Checked rows in the transformer's space, and its log-determinant there."""
        self._check_is_fitted()
        Z = self._check_table(X, reset=False)
        log_det = log_abs_det_jacobian(
            self.transformer_, self._check_input(X, reset=False)
        )
        return Z, np.broadcast_to(log_det, len(Z))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        sampler = get_tags(self._unfitted_sampler())
        transformer = get_tags(_transformer(self))
        for name in ("categorical", "string"):
            setattr(tags.input_tags, name, getattr(transformer.input_tags, name))
        # An encoder has codes for gaps; other transformers hand them on.
        tags.input_tags.allow_nan = transformer.input_tags.allow_nan and (
            _is_encoder(self.transformer) or sampler.input_tags.allow_nan
        )
        return tags


def _is_encoder(transformer):
    """Whether a transformer reads more than numbers, and gives it back."""
    if isinstance(transformer, Pipeline):
        return _is_encoder(transformer.steps[0][1])
    return transformer is not None and get_tags(transformer).input_tags.categorical


@dataclass(frozen=True)
class _TransformedFormat:
    """Brings rows back from a transformer's space, and gives them the table's look."""

    transformer: object
    table: TableFormat | None
    n_outputs: int

    def restore(self, values, rng):
        """Rows of the transformer's space as rows of the table."""
        if len(values) == 0:  # which most transformers refuse
            return self.restore(np.zeros((1, self.n_outputs)), rng)[:0]
        inverse = self.transformer.inverse_transform
        # An encoder draws among the levels that it has put in one group.
        draws = "random_state" in signature(inverse).parameters
        X = inverse(values, random_state=rng) if draws else inverse(values)
        return X if self.table is None else self.table.restore(np.asarray(X))
