"""Generative and discriminative classifiers, put together."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from skgendisc.augmentation._base import MetaClassifier
from skgendisc.augmentation._folds import cross_log_proba, log_proba_of, make_folds
from skgendisc.augmentation._samplers import named_samplers
from skgendisc.numerics import fit_pool, log_loss, pool
from skgendisc.utils._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
)
from skgendisc.utils.random_state import as_generator
from skgendisc.utils.validation import encode_labels

DISCRIMINATIVE = "discriminative"
# Members with less weight are left out.
LEAST_WEIGHT = 1e-3


class HybridClassifier(MetaClassifier):
    r"""A discriminative classifier and generative ones, put together in log space.

    A generative classifier nears its best with fewer rows, a discriminative one has the
    better best: weights between them are fitted to probabilities of rows that neither
    has seen. The discriminative one alone is among the choices.

    Parameters
    ----------
    discriminative : classifier with ``predict_proba``
        Cloned, as all members are.
    generative : sampler, or list of samplers or of (str, sampler), default=None
        Classifiers by Bayes' rule. None tries ``"naive_bayes"``, ``"lda"``, ``"qda"``,
        ``"copula"`` and ``"trees"``, which take mixed tables with gaps, and leaves out
        those for which a class has too few rows.
    method : {"stack", "pool"}, default="stack"
        "stack" takes all generative ones, and a bias for each class; "pool" takes the
        one that helps the discriminative one most.
    cv : int, splitter or iterable, default=5
        Folds for the probabilities of rows that members have not seen. With an int they
        are stratified and shuffled, and equal rows stand in one fold.
    penalty : float, default=10.0
        What keeps weights near the discriminative one alone, in nats: the larger, the
        more rows it takes to persuade.
    n_jobs : int, default=None
        Fits at a time.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds, and of the generative members of None.

    Attributes
    ----------
    weights_ : dict of str to float
        Of each member, ``"discriminative"`` first; zero for those left out.
    bias_ : ndarray of shape (n_classes,)
        Zero but for "stack".
    cv_log_loss_ : dict of str to float
        Mean log loss over rows that members have not seen, in nats: of each member
        alone, and as ``"hybrid"`` with the weights, which were fitted to these rows.
    estimators_ : dict of str to classifier
        Members with a weight, fitted to all rows.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Where the discriminative one has it.

    Notes
    -----
    With weights :math:`w_m \ge 0` of members' probabilities :math:`p_m`,

    .. math:: p(y | x) \propto \exp(b_y) \prod_m p_m(y | x)^{w_m}

    where weights and biases make log loss plus :math:`\frac{\lambda}{2} (\| w - e_1
    \|^2 + \| b \|^2)` least, :math:`e_1` being the discriminative one alone. A member
    that was fitted to n rows has half a row of each class mixed into its
    probabilities, since one row of a class that it holds for impossible would cost it
    everything.

    Raina et al. [1]_ fit weights of naive Bayes' parts in the same way; [2]_ compares
    how fast both kinds learn.

    References
    ----------
    .. [1] Raina, Shen, Ng & McCallum (2003). Classification with hybrid
       generative/discriminative models. NeurIPS 16.
    .. [2] Ng & Jordan (2001). On discriminative vs. generative classifiers: A
       comparison of logistic regression and naive Bayes. NeurIPS 14.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.metrics import log_loss
    >>> from sklearn.model_selection import train_test_split
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from skgendisc.augmentation import HybridClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> X, X_test, y, y_test = train_test_split(X, y, train_size=100, random_state=0)
    >>> alone = KNeighborsClassifier().fit(X, y)
    >>> hybrid = HybridClassifier(KNeighborsClassifier(), random_state=0).fit(X, y)
    >>> losses = (log_loss(y_test, m.predict_proba(X_test)) for m in (alone, hybrid))
    >>> [round(loss, 2) for loss in losses]
    [0.96, 0.11]
    """

    _parameter_constraints = {
        "discriminative": [HasMethods(["fit"])],
        "generative": [HasMethods(["fit"]), list, tuple, None],
        "method": [StrOptions({"stack", "pool"})],
        "cv": ["cv_object"],
        "penalty": [Interval(Real, 0, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        discriminative,
        generative=None,
        *,
        method="stack",
        cv=5,
        penalty=10.0,
        n_jobs=None,
        random_state=None,
    ):
        self.discriminative = discriminative
        self.generative = generative
        self.method = method
        self.cv = cv
        self.penalty = penalty
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, **params):
        """Fit the members, and their weights.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            What all members take.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.
        **params : dict
            ``sample_weight`` goes to all members that take it, and weighs the loss;
            ``groups`` goes to ``cv``. With metadata routing enabled members and
            splitter get what they request.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Where a member gives no probabilities, or there is but one class.
        """
        X, y = self._check_table(X), self._check_labels(y)
        index = encode_labels(y, self.classes_)
        rng = as_generator(self.random_state)
        members = self._members(rng)
        of_members, of_split = self._route(params, members)
        weight = self._check_weight(of_members[DISCRIMINATIVE], X, index)
        folds = make_folds(self.cv, X, index, rng, **of_split)
        fits = {name: (model, of_members[name]) for name, model in members.items()}
        rows, told = cross_log_proba(
            list(fits.values()), X, y, self.classes_, folds, n_jobs=self.n_jobs
        )
        told = self._without_failed(dict(zip(members, told, strict=True)))
        self._weigh(told, index[rows], weight[rows])
        self.estimators_ = {
            name: clone(model).fit(X, y, **own)
            for name, (model, own) in fits.items()
            if name == DISCRIMINATIVE or self.weights_[name] > 0
        }
        self._n_rows = len(y)
        return self

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
        check_is_fitted(self)
        X = self._check_table(X)
        log_proba = [
            log_proba_of(model, X, self.classes_, self._n_rows)
            for model in self.estimators_.values()
        ]
        weight = [self.weights_[name] for name in self.estimators_]
        return pool(np.array(log_proba), weight, self.bias_)

    def _main(self):
        return vars(self).get("estimators_", {}).get(DISCRIMINATIVE)

    def _given(self):
        return [self.discriminative, *self._generative().values()]

    def _generative(self, rng=None):
        """Names and samplers."""
        return named_samplers(self.generative, rng, taken=(DISCRIMINATIVE,))

    def _members(self, rng):
        """All by their names, checked for probabilities."""
        members = {DISCRIMINATIVE: self.discriminative, **self._generative(rng)}
        for name, model in members.items():
            if hasattr(model, "predict_proba"):
                continue
            if name == DISCRIMINATIVE:
                raise ValueError(
                    f"discriminative needs predict_proba, which {model!r} has not. "
                    "Wrap it in sklearn.calibration.CalibratedClassifierCV."
                )
            raise ValueError(
                f"generative needs samplers with a density, which classify by Bayes' "
                f"rule; {model!r} has no predict_proba. To use its rows, see "
                "AugmentedClassifier."
            )
        return members

    def _route(self, params, members):
        """What goes to fit of each member, and to split."""
        params = {name: value for name, value in params.items() if value is not None}
        if get_config()["enable_metadata_routing"]:
            routed, of_split = self._routed(params)
            return {name: routed[name].fit for name in members}, of_split
        weight, of_split = self._split_params(
            params, DISCRIMINATIVE, self.discriminative
        )
        of_members = {
            name: weight if has_fit_parameter(model, "sample_weight") else {}
            for name, model in members.items()
        }
        return of_members, of_split

    def get_metadata_routing(self):
        """What members and splitter request.

        Returns
        -------
        routing : MetadataRouter
        """
        members = {DISCRIMINATIVE: self.discriminative, **self._generative()}
        return self._router(**members)

    def _without_failed(self, told):
        """Leave out default members that could not be fitted; raise for others."""
        failed = {name: e for name, e in told.items() if isinstance(e, Exception)}
        for name, error in failed.items():
            if self.generative is not None or name == DISCRIMINATIVE:
                raise error
            warnings.warn(
                f"HybridClassifier leaves {name!r} out: {error}",
                UserWarning,
                stacklevel=4,
            )
        return {name: value for name, value in told.items() if name not in failed}

    def _weigh(self, told, y, sample_weight):
        """Weights of the members, by what they told of rows they had not seen."""
        _, *others = told
        one_by_one = [[name] for name in others] or [[]]
        tried = one_by_one if self.method == "pool" else [others]
        best = None
        for chosen in tried:
            names = [DISCRIMINATIVE, *chosen]
            log_proba = np.array([told[name] for name in names])
            weight, bias, objective = fit_pool(
                log_proba,
                y,
                sample_weight,
                penalty=self.penalty,
                with_bias=self.method == "stack",
            )
            if best is None or objective < best[0]:
                best = objective, names, weight, bias
        _, names, weight, bias = best
        weight[1:][weight[1:] < LEAST_WEIGHT] = 0.0
        self.weights_ = dict.fromkeys([DISCRIMINATIVE, *self._generative()], 0.0)
        self.weights_ |= dict(zip(names, weight.tolist(), strict=True))
        self.bias_ = bias
        self.cv_log_loss_ = {
            name: log_loss(log_proba, y, sample_weight)
            for name, log_proba in told.items()
        }
        pooled = pool(np.array([told[name] for name in names]), weight, bias)
        self.cv_log_loss_["hybrid"] = log_loss(pooled, y, sample_weight)
