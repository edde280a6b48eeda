"""Probabilities of classifiers that were fitted to resampled rows, put back."""

from copy import copy
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from scipy.special import log_softmax, logsumexp
from sklearn import get_config
from sklearn.base import BaseEstimator, clone
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted

from skgendisc.augmentation._base import MetaClassifier, asks_for_weight, last_step
from skgendisc.augmentation._folds import fit_to_rows, make_folds
from skgendisc.numerics import (
    fit_isotonic,
    fit_sigmoid,
    interpolate_rising,
    log_loss,
    one_vs_rest_log_odds,
    one_vs_rest_log_proba,
    prior_ratio,
    shift_prior,
)
from skgendisc.utils._sklearn import (
    HasMethods,
    StrOptions,
    check_sample_weight,
    fit_context,
    take_rows,
)
from skgendisc.utils.random_state import as_generator, draw_seed, set_random_states
from skgendisc.utils.validation import encode_labels

# The simplest first.
METHODS = ("none", "prior_shift", "weighting", "sigmoid", "isotonic")
# Those that ask rows which the pipeline was not fitted to.
JUDGED = ("auto", "sigmoid", "isotonic")


class PriorCorrectedClassifier(MetaClassifier):
    r"""A classifier whose probabilities speak of the rows before they were resampled.

    After balancing, ``predict_proba`` tells how probable classes are where all are
    equally frequent. Here they are put back to the frequencies of the rows that are
    given to ``fit``. ``predict`` changes with them: it takes the most probable class.

    Parameters
    ----------
    pipeline : classifier with ``predict_proba``
        Mostly an imbalanced-learn ``Pipeline`` of a sampler and a classifier. Cloned.
    method : str, default="auto"
        "prior_shift" takes the ratio of class frequencies before and after resampling,
        and needs no further fit. It is exact where resampled rows of a class are
        distributed as its rows are: with random over- and under-sampling, and with
        generative samplers as far as their model is right. It is wrong for SMOTE and
        its kin, whose rows are closer together than real ones. "weighting" weighs
        resampled rows by this ratio when the classifier is fitted, which sees more of
        the rare rows then, but classes as frequent as they were; it is right for the
        same samplers. "sigmoid" and "isotonic" fit a curve to rows that the pipeline
        was not fitted to, and that were not resampled: right for any sampler, if rows
        are many. "none" leaves all as it is. "auto" takes the one with the least log
        loss over such rows.
    cv : int, splitter or iterable, default=5
        Folds for these rows, two or more. With an int they are stratified and
        shuffled, and equal rows stand in one fold. Used by "sigmoid", "isotonic" and
        "auto", and for an ensemble.
    ensemble : bool or "auto", default="auto"
        Whether probabilities are the mean of those of the pipelines of the folds,
        which resampled their rows each with seeds of its own, or come from one pipeline
        fitted to all rows. "auto" takes the mean where folds are fitted in any case:
        with "sigmoid", "isotonic" and "auto".
    n_jobs : int, default=None
        Fits at a time.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds, and of all that is in the pipelines of an ensemble.

    Attributes
    ----------
    pipelines_ : list of classifier
        Each fitted to the rows outside of a fold, or a single one fitted to all rows.
        Their probabilities are not corrected.
    method_ : str
        What was chosen.
    prior_ : ndarray of shape (n_classes,)
        Share of each class in the rows given to ``fit``, by weight.
    resampled_prior_ : ndarray of shape (n_classes,)
        The same of the rows, and weights, that reached the last step of the
        ``pipelines_``, their mean: that of the rows fitted to where nothing is
        resampled on the way.
    cv_log_loss_ : dict of str to float
        Mean log loss of each method over rows that neither pipeline nor curve had
        seen, in nats. Empty for "none", "prior_shift" and "weighting".
    calibrators_ : list of SigmoidCalibrator or IsotonicCalibrator
        From log-odds to log-odds: one for each class against all others, or one
        for the second of two classes. Empty for all but "sigmoid" and "isotonic".
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Where the pipeline has it.

    Notes
    -----
    With class frequencies :math:`\pi_y` in the rows given and :math:`\rho_y` in
    resampled ones, "prior_shift" is [1]_ (equation 2.4), [2]_

    .. math:: p'(y | x) \propto p(y | x) \, \pi_y / \rho_y

    The curves are :math:`p'(y | x) \propto f_y(\log p(y | x) - \log (1 - p(y | x)))`,
    with :math:`f_y(z) = \sigma(a_y z + b_y)` for "sigmoid", fitted to Platt's targets
    [3]_; :math:`a_y \ge 0.01`, lest a few rows turn all ranks round. For "isotonic" it
    is a step function that rises, with the middles of its steps joined by lines in
    log-odds [4]_: rows keep their ranks, which steps would take from them. A sigmoid
    with :math:`a = 1` is a shift of the prior. Curves are fitted to what the pipelines
    of the folds say; without an ensemble they are used for the one of all rows: where a
    sampler leaves few rows, drawn at random, the pipelines differ, and "prior_shift" is
    steadier.

    An ensemble is to classifiers that follow chance (trees, boosting) what bagging is
    [7]_, and takes out the luck of the drawn rows as well [8]_: its log loss is never
    more than the mean of its members'. It costs no fit more where folds are fitted in
    any case, and as many predictions as there are folds. ``cv_log_loss_``, and with it
    "auto", judge single members; the mean of right probabilities is less sure than it
    should be, the more so the more the members differ [9]_. Pipelines that never saw
    one of the classes are left out; where none saw all, one is fitted to all rows.

    "weighting" is the weighted likelihood of [5]_, by which [6]_ fit a logistic
    regression to rows chosen by class. Where the classifier's model is right it agrees
    with "prior_shift". Where it is not (a straight line between classes that a curve
    parts), the line for balanced classes is another than that for classes as frequent
    as they are, and no curve over its log-odds gives back the ranks: weights do. Trees
    that count the rows of a leaf, whatever they weigh, may learn rows that weigh little
    by heart. Without resampling it is "none". It needs a ``fit`` that takes
    ``sample_weight``, and with metadata routing a request for it.

    "auto" goes from "none" by "prior_shift", "weighting" and "sigmoid" to "isotonic". A
    later one must earn a nat over all rows for each step from the first, so that the
    simpler is taken where they tie or rows are few. "weighting" is left out where the
    classifier takes no weights, or not these; it costs one more fit in each fold.
    Where rows of a fold lack a class, its probability is half a row's share, and where
    the pipeline holds the class of a row for impossible, its probability is that or
    the least other that was seen, if less.

    Class weights of the classifier count for nothing in ``resampled_prior_``, and
    "balanced" ones undo "weighting": with them, take a curve.

    References
    ----------
    .. [1] Saerens, Latinne & Decaestecker (2002). Adjusting the outputs of a
       classifier to new a priori probabilities: a simple procedure. Neural Computation
       14(1).
    .. [2] Elkan (2001). The foundations of cost-sensitive learning. IJCAI.
    .. [3] Platt (1999). Probabilistic outputs for support vector machines and
       comparisons to regularized likelihood methods. Advances in Large Margin
       Classifiers.
    .. [4] Oron & Flournoy (2017). Centered isotonic regression: point and interval
       estimation for dose-response studies. Statistics in Biopharmaceutical Research
       9(3).
    .. [5] Manski & Lerman (1977). The estimation of choice probabilities from choice
       based samples. Econometrica 45(8).
    .. [6] King & Zeng (2001). Logistic regression in rare events data. Political
       Analysis 9(2).
    .. [7] Breiman (1996). Bagging predictors. Machine Learning 24(2).
    .. [8] van Breugel, Qian & van der Schaar (2023). Synthetic data, real errors: how
       (not) to publish and use synthetic data. ICML.
    .. [9] Ranjan & Gneiting (2010). Combining probability forecasts. Journal of the
       Royal Statistical Society B 72(1).

    Examples
    --------
    >>> from imblearn.pipeline import make_pipeline
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skgendisc.augmentation import PriorCorrectedClassifier
    >>> from skgendisc.joint import LDASampler
    >>> X, y = make_classification(1000, weights=[0.95], random_state=0)
    >>> balanced = make_pipeline(LDASampler(random_state=0), LogisticRegression())
    >>> corrected = PriorCorrectedClassifier(balanced, method="prior_shift").fit(X, y)
    >>> corrected.resampled_prior_
    array([0.5, 0.5])
    >>> told = (m.predict_proba(X)[:, 1] for m in (balanced.fit(X, y), corrected))
    >>> [round(float(values.mean()), 2) for values in (y, *told)]
    [0.05, 0.1, 0.05]
    """

    _parameter_constraints = {
        "pipeline": [HasMethods(["fit"])],
        "method": [StrOptions({"auto", *METHODS})],
        "cv": ["cv_object"],
        "ensemble": ["boolean", StrOptions({"auto"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        pipeline,
        *,
        method="auto",
        cv=5,
        ensemble="auto",
        n_jobs=None,
        random_state=None,
    ):
        self.pipeline = pipeline
        self.method = method
        self.cv = cv
        self.ensemble = ensemble
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, **params):
        """Fit the pipeline, and what puts its probabilities back.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            What the pipeline takes.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.
        **params : dict
            ``sample_weight`` goes to the classifier, and weighs the loss and the
            classes; ``groups`` goes to ``cv``. With metadata routing enabled pipeline
            and splitter get what they request.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Where the pipeline gives no probabilities, "weighting" is asked of a
            classifier without weights, or there is but one class.
        """
        X, y = self._check_table(X), self._check_labels(y)
        if not hasattr(self.pipeline, "predict_proba"):
            raise ValueError(
                f"pipeline needs predict_proba, which {self.pipeline!r} has not. Wrap "
                "its classifier in sklearn.calibration.CalibratedClassifierCV."
            )
        classifier = last_step(self.pipeline)
        if self.method == "weighting" and not asks_for_weight(classifier):
            raise ValueError(
                "method='weighting' needs a classifier whose fit takes sample_weight "
                f"(and with metadata routing requests it), which {classifier!r} does "
                "not. Take 'prior_shift', 'sigmoid' or 'isotonic'."
            )
        index = encode_labels(y, self.classes_)
        of_pipeline, of_split = self._route(params)
        weight = self._check_weight(of_pipeline, X, index)
        given = Given(self.pipeline, X, y, index, weight, self.classes_, of_pipeline)
        self.prior_ = given.shares()
        self.method_ = self.method
        self.calibrators_, self.cv_log_loss_ = [], {}
        judged = self.method in JUDGED
        ensemble = judged if self.ensemble == "auto" else self.ensemble
        members = []
        if ensemble or judged:
            rng = as_generator(self.random_state)
            folds = make_folds(self.cv, X, index, rng, **of_split)
            seeds = [draw_seed(rng) if ensemble else None for _ in folds]
        if judged:
            members = self._judge(given, folds, seeds)
        elif ensemble:
            members = Parallel(n_jobs=self.n_jobs)(
                delayed(_fit_member)(given, self.method, train, seed)
                for (train, _), seed in zip(folds, seeds, strict=True)
            )
        members = [m for m in members if ensemble and m.resampled_prior.all()]
        self._members = members or [_fit_member(given, self.method_)]
        self.pipelines_ = [member.pipeline for member in self._members]
        shares = [member.resampled_prior for member in self._members]
        self.resampled_prior_ = np.mean(shares, axis=0)
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
        told = [self._corrected(member, X) for member in self._members]
        return logsumexp(told, axis=0) - np.log(len(told))

    def _corrected(self, member, X):
        """Log-probabilities of one pipeline, put back."""
        log_proba = member.log_proba(X, self.classes_)
        if self.method_ == "none":
            return log_proba
        if self.method_ == "prior_shift":
            return shift_prior(log_proba, self.prior_, member.resampled_prior)
        if self.method_ == "weighting":  # classes are rarer in some folds
            return shift_prior(log_proba, self.prior_, member.prior)
        return _calibrated(self.calibrators_, _raised(log_proba, self._least))

    def _main(self):
        return vars(self).get("pipelines_", [None])[0]

    def _given(self):
        return [self.pipeline]

    def _route(self, params):
        """What goes to fit of the pipeline, and to split."""
        params = {name: value for name, value in params.items() if value is not None}
        if get_config()["enable_metadata_routing"]:
            routed, of_split = self._routed(params)
            return routed.pipeline.fit, of_split
        return self._split_params(params, "pipeline", self.pipeline)

    def get_metadata_routing(self):
        """What pipeline and splitter request.

        Returns
        -------
        routing : MetadataRouter
        """
        return self._router(pipeline=self.pipeline)

    def _judge(self, given, folds, seeds):
        """Take a method by rows that were not fitted to, and fit its curves.

        Gives the pipelines of the folds, fitted as this method asks.
        """
        rows, splits = _judged(folds, self.cv)
        weighting = self.method == "auto" and asks_for_weight(last_step(given.pipeline))
        of_folds = Parallel(n_jobs=self.n_jobs)(
            delayed(_fit_fold)(given, *fold, seed, weighting)
            for fold, seed in zip(folds, seeds, strict=True)
        )
        members, told, heavy_members, told_heavy = zip(*of_folds, strict=True)
        sizes = [len(test) for _, test in folds]
        prior, resampled_prior = (
            np.repeat([getattr(m, name) for m in members], sizes, axis=0)
            for name in ("prior", "resampled_prior")
        )
        told, n_rows = np.concatenate(told), len(given.index)
        self._least = _least(told, n_rows)
        told = _raised(told, self._least)
        index, weight = given.index[rows], given.weight[rows]
        by_method = {
            "none": told,
            "prior_shift": shift_prior(told, prior, resampled_prior),
        }
        if all(heavy_members):
            told_heavy = np.concatenate(told_heavy)
            by_method["weighting"] = _raised(told_heavy, _least(told_heavy, n_rows))
        for method in CALIBRATORS:
            by_method[method] = _cross_calibrated(method, told, index, weight, splits)
        self.cv_log_loss_ = {
            method: log_loss(log_proba, index, weight)
            for method, log_proba in by_method.items()
        }
        if self.method == "auto":
            tried = list(by_method)
            self.method_ = min(
                tried, key=lambda m: self.cv_log_loss_[m] + tried.index(m) / len(rows)
            )
        if self.method_ in CALIBRATORS:
            self.calibrators_ = _fit_calibrators(self.method_, told, index, weight)
        return heavy_members if self.method_ == "weighting" else members


class LastStep(BaseEstimator):
    """Stands for the last step of a pipeline, and keeps the rows that reach it.

    Parameters
    ----------
    classifier : classifier
        What stands there otherwise.
    classes : ndarray of shape (n_classes,)
    """

    def __init__(self, classifier, classes):
        self.classifier = classifier
        self.classes = classes

    def fit(self, X, y, **params):
        """Keep the rows.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            As the classifier takes them.

        Returns
        -------
        self : object
        """
        self.X_, self.y_, self.params_ = X, y, params
        self.index_ = encode_labels(np.asarray(y), self.classes)
        weight = params.get("sample_weight")
        self.weight_ = check_sample_weight(weight, X, dtype=np.float64)
        return self

    def shares(self):
        """Share of each class in the rows, by weight.

        Returns
        -------
        shares : ndarray of shape (n_classes,)
        """
        return _shares(self.index_, self.weight_, self.classes)

    def fit_classifier(self, prior=None):
        """A clone of the classifier, fitted to the rows.

        Parameters
        ----------
        prior : ndarray of shape (n_classes,), default=None
            Shares that weights are to give back to the classes.

        Returns
        -------
        fitted : classifier
        """
        params = self.params_
        # A forest draws other rows with weights of one than without weights.
        if prior is not None and not np.allclose(prior, self.shares()):
            ratio = prior_ratio(prior, self.shares())
            params = {**params, "sample_weight": ratio[self.index_] * self.weight_}
        return clone(self.classifier).fit(self.X_, self.y_, **params)

    def get_metadata_routing(self):
        """What the classifier requests.

        Returns
        -------
        routing : MetadataRouter or MetadataRequest
        """
        return get_routing_for_object(self.classifier)


class SigmoidCalibrator:
    """A straight line over log-odds: a sigmoid over probabilities.

    Attributes
    ----------
    slope_, intercept_ : float
    """

    def fit(self, log_odds, is_class, sample_weight):
        """Fit slope and intercept.

        Parameters
        ----------
        log_odds, is_class, sample_weight : ndarray of shape (n_samples,)

        Returns
        -------
        self : object
        """
        self.slope_, self.intercept_ = fit_sigmoid(log_odds, is_class, sample_weight)
        return self

    def transform(self, log_odds):
        """Log-odds put right.

        Parameters
        ----------
        log_odds : ndarray of shape (n_samples,)

        Returns
        -------
        log_odds : ndarray of shape (n_samples,)
        """
        return self.slope_ * log_odds + self.intercept_


class IsotonicCalibrator:
    """A bent line over log-odds, through the middle of the steps of an isotonic fit.

    Attributes
    ----------
    places_, heights_ : ndarray of shape (n_steps,)
        Its corners.
    """

    def fit(self, log_odds, is_class, sample_weight):
        """Fit the corners.

        Parameters
        ----------
        log_odds, is_class, sample_weight : ndarray of shape (n_samples,)

        Returns
        -------
        self : object
        """
        corners = fit_isotonic(log_odds, is_class, sample_weight)
        self.places_, self.heights_ = corners
        return self

    def transform(self, log_odds):
        """Log-odds put right.

        Parameters
        ----------
        log_odds : ndarray of shape (n_samples,)

        Returns
        -------
        log_odds : ndarray of shape (n_samples,)
        """
        return interpolate_rising(log_odds, self.places_, self.heights_)


CALIBRATORS = {"sigmoid": SigmoidCalibrator, "isotonic": IsotonicCalibrator}


@dataclass
class Given:
    """What ``fit`` was given.

    Attributes
    ----------
    pipeline : classifier
    X, y : array-like or frame of shape (n_samples, ...)
    index : ndarray of shape (n_samples,)
        Class numbers.
    weight : ndarray of shape (n_samples,)
    classes : ndarray of shape (n_classes,)
    params : dict
        For ``fit`` of the pipeline.
    """

    pipeline: BaseEstimator
    X: object
    y: np.ndarray
    index: np.ndarray
    weight: np.ndarray
    classes: np.ndarray
    params: dict

    def shares(self, rows=slice(None)):
        """Shares of the classes, of all rows or some."""
        return _shares(self.index[rows], self.weight[rows], self.classes)


@dataclass
class Member:
    """A fitted pipeline.

    Attributes
    ----------
    pipeline : classifier
    prior, resampled_prior : ndarray of shape (n_classes,)
        Shares of the classes in its rows, and in those that reached the last step.
    n_rows : int
    """

    pipeline: BaseEstimator
    prior: np.ndarray
    resampled_prior: np.ndarray
    n_rows: int

    def log_proba(self, X, classes):
        """Log-probabilities of all classes, not corrected."""
        return _log_proba(self.pipeline, X, classes, self.n_rows)


class OpenedPipeline:
    """A pipeline whose steps are fitted, but for the last.

    Parameters
    ----------
    given : Given
    rows : ndarray, default=None
        To fit to; None takes all.
    seed : int, default=None
        Of all in the pipeline that draws; None leaves them their own.
    """

    def __init__(self, given, rows=None, seed=None):
        last = LastStep(last_step(given.pipeline), given.classes)
        opened = clone(_ended(given.pipeline, last))
        if seed is not None:
            set_random_states(opened, as_generator(seed))
        if rows is None:
            self.pipeline = opened.fit(given.X, given.y, **given.params)
            self.prior, self.n_rows = given.shares(), len(given.y)
        else:
            self.pipeline = fit_to_rows(opened, given.X, given.y, rows, given.params)
            self.prior, self.n_rows = given.shares(rows), len(rows)

    def end(self, method):
        """The pipeline with its last step fitted as a method asks.

        Parameters
        ----------
        method : str

        Returns
        -------
        member : Member
        """
        if isinstance(self.pipeline, DummyClassifier):  # rows of one class
            return Member(self.pipeline, self.prior, self.prior, self.n_rows)
        last = last_step(self.pipeline)
        prior = self.prior if method == "weighting" else None
        fitted = _ended(self.pipeline, last.fit_classifier(prior))
        return Member(fitted, self.prior, last.shares(), self.n_rows)


def _ended(pipeline, last):
    """A pipeline with the same steps, but for the last; for other models, the last."""
    if not isinstance(pipeline, Pipeline):
        return last
    ended = copy(pipeline)
    name, inner = pipeline.steps[-1]
    ended.steps = [*pipeline.steps[:-1], (name, _ended(inner, last))]
    return ended


def _shares(index, weight, classes):
    """Share of each class, by weight."""
    count = np.bincount(index, weights=weight, minlength=len(classes))
    return count / count.sum()


def _judged(folds, cv):
    """Rows to judge, and for each fold which of them others judge, and which its own.

    Some splitters let a row stand in several folds.
    """
    rows = np.concatenate([test for _, test in folds])
    fold_of = np.repeat(np.arange(len(folds)), [len(test) for _, test in folds])
    splits = [
        (~np.isin(rows, test), fold_of == number)
        for number, (_, test) in enumerate(folds)
    ]
    if not all(others.any() for others, _ in splits):
        raise ValueError(
            f"cv={cv!r} gives {len(folds)} fold(s), and leaves no rows to fit a curve "
            "that others judge. Give two folds or more with rows of their own, or "
            "method='prior_shift', which needs none."
        )
    return rows, splits


def _fit_member(given, method, rows=None, seed=None):
    """A pipeline, fitted to rows as a method asks."""
    return OpenedPipeline(given, rows, seed).end(method)


def _fit_fold(given, train, test, seed, weighting):
    """Pipelines of a fold, as they are and with weights, and what each says.

    Log-probabilities of rows to judge; None for what could not be fitted to weights.
    Without a seed the pipelines have done their work, and are not sent back.
    """
    X_test, opened = take_rows(given.X, test), OpenedPipeline(given, train, seed)

    def told_by(member):
        log_proba = member.log_proba(X_test, given.classes)
        kept = None if seed is None else member.pipeline
        return replace(member, pipeline=kept), log_proba

    plain = told_by(opened.end("none"))
    if not weighting:
        return *plain, None, None
    if np.allclose(opened.prior, plain[0].resampled_prior):
        return *plain, *plain
    try:
        return *plain, *told_by(opened.end("weighting"))
    except ValueError:
        return *plain, None, None


def _log_proba(model, X, classes, n_rows):
    """Log-probabilities of a model; half a row's share for classes it does not know."""
    with np.errstate(divide="ignore"):
        if hasattr(model, "predict_log_proba"):
            # Keeps log-odds that probabilities near 0 and 1 have lost.
            of_known = np.asarray(model.predict_log_proba(X))
        else:
            of_known = np.log(model.predict_proba(X))
    if np.isnan(of_known).any():
        raise ValueError(f"predict_proba of {model!r} gave NaN.")
    if len(model.classes_) == len(classes):
        return of_known
    log_proba = np.full((len(of_known), len(classes)), np.log(0.5 / n_rows))
    log_proba[:, np.searchsorted(classes, model.classes_)] = of_known
    return log_softmax(log_proba, axis=1)


def _least(log_proba, n_rows):
    """Stands for what was held for impossible, whose log-odds must be finite."""
    return min(np.log(0.5 / n_rows), log_proba[np.isfinite(log_proba)].min())


def _raised(log_proba, least):
    """Log-probabilities of which none is less than that."""
    return log_softmax(np.maximum(log_proba, least), axis=1)


def _fit_calibrators(method, log_proba, index, weight):
    """A curve for each class against all others, or one for the second of two."""
    log_odds = one_vs_rest_log_odds(log_proba)
    classes = range(log_proba.shape[1])[-log_odds.shape[1] :]
    return [
        CALIBRATORS[method]().fit(own, (index == k).astype(float), weight)
        for k, own in zip(classes, log_odds.T, strict=True)
    ]


def _cross_calibrated(method, log_proba, index, weight, splits):
    """Log-probabilities by curves that were fitted to other rows."""
    corrected = np.empty_like(log_proba)
    for others, own in splits:
        curves = _fit_calibrators(
            method, log_proba[others], index[others], weight[others]
        )
        corrected[own] = _calibrated(curves, log_proba[own])
    return corrected


def _calibrated(calibrators, log_proba):
    """Log-probabilities by the curves."""
    log_odds = one_vs_rest_log_odds(log_proba).T
    curves = zip(calibrators, log_odds, strict=True)
    return one_vs_rest_log_proba(
        np.column_stack([curve.transform(own) for curve, own in curves])
    )
