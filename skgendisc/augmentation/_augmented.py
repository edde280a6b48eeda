"""A classifier that learns from synthetic rows too, where that helps."""

from dataclasses import asdict, dataclass, replace
from itertools import product
from numbers import Integral, Real

import numpy as np
from scipy.special import entr
from sklearn import get_config
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.metaestimators import available_if
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from skgendisc.augmentation._base import (
    MetaClassifier,
    asks_for_weight,
    last_step,
)
from skgendisc.augmentation._folds import for_classes, log_proba_of, make_folds
from skgendisc.augmentation._samplers import named_samplers
from skgendisc.numerics import inclusion_probabilities, systematic_sample
from skgendisc.utils._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
    take_rows,
)
from skgendisc.utils.frames import append_rows
from skgendisc.utils.random_state import as_generator, draw_seed
from skgendisc.utils.validation import encode_labels

# Candidates for each row of a later round.
CANDIDATES_PER_ROW = 4
# Labels less probable than this are left out of soft ones.
LEAST_PROBA = 1e-3
# Tried by default: one that is stiff and one that bends. Each further one is a further
# chance to be fooled by folds of few rows.
SAMPLERS = ("lda", "trees")
# What is chosen gains most after so many standard errors are taken off its gain.
STANDARD_ERRORS = 1.0


@dataclass(frozen=True)
class Choice:
    """What a classifier is to learn from beside the real rows."""

    sampler: str | None = None
    n_synthetic: float = 0.0
    synthetic_weight: float = 0.0
    n_rounds: int = 0

    def n_drawn(self, n_real):
        """Rows to learn from beside so many real ones."""
        return int(np.ceil(self.n_synthetic * n_real))

    def n_candidates(self, n_real):
        """Rows that these are chosen from."""
        return (CANDIDATES_PER_ROW if self.n_rounds > 1 else 1) * self.n_drawn(n_real)


NONE = Choice()


@dataclass(frozen=True)
class SoftLabels:
    """Probabilities of the classes of rows, of shape (n_samples, n_classes)."""

    proba: np.ndarray
    classes: np.ndarray

    def __len__(self):
        return len(self.proba)


@dataclass(frozen=True)
class Rows:
    """Rows of a table with their labels and, or None, weights."""

    X: object
    y: object
    weight: np.ndarray | None = None
    takes_weight: bool = False

    @property
    def weights(self):
        """One for each row."""
        return np.ones(len(self.y)) if self.weight is None else self.weight

    def at(self, rows):
        """Some of them."""
        if isinstance(self.y, SoftLabels):
            y = replace(self.y, proba=self.y.proba[rows])
        else:
            y = np.asarray(self.y)[rows]
        weight = None if self.weight is None else self.weight[rows]
        return replace(self, X=take_rows(self.X, rows), y=y, weight=weight)

    def fit(self, model):
        """A clone of a model fitted to them, with their weights where it takes any."""
        name = weight_name(model)
        given = {} if self.weight is None or name is None else {name: self.weight}
        model = clone(for_classes(model, self.y))
        return model.fit(self.X, self.y, **given)

    def fit_sampler(self, sampler):
        """The same of a sampler; without weights it gets rows as often as that."""
        if self.weight is None or asks_for_weight(sampler):
            return self.fit(sampler)
        edges = np.cumsum(self.weight)
        places = (np.arange(len(edges)) + 0.5) / len(edges) * edges[-1]
        as_often = self.at(np.searchsorted(edges, places))
        return replace(as_often, weight=None).fit(sampler)

    def joined_by(self, drawn, choice, rng):
        """These, and after them drawn ones with the weight of a choice.

        Where weights are not taken, there are so many fewer of these.
        """
        share = choice.synthetic_weight
        if not self.takes_weight:
            n_rows = int(np.ceil(share * len(self.y)))
            drawn = drawn.at(rng.permutation(len(drawn.y))[:n_rows])
        drawn = drawn.with_labels(self.takes_weight, rng)
        X = append_rows(self.X, drawn.X)
        y = np.concatenate([self.y, np.asarray(drawn.y)])
        if not self.takes_weight:
            return replace(self, X=X, y=y)
        share = share * self.weights.sum() / drawn.weights.sum()
        weight = np.concatenate([self.weights, share * drawn.weights])
        return replace(self, X=X, y=y, weight=weight)

    def with_labels(self, takes_weight, rng):
        """With one label a row; soft ones take a row each, or are drawn."""
        if not isinstance(self.y, SoftLabels):
            return self
        proba, classes = self.y.proba, self.y.classes
        if takes_weight:
            rows, of_class = np.nonzero(proba > LEAST_PROBA)
            weight = proba[rows, of_class]
        else:
            rows, weight = np.arange(len(proba)), None
            edges = np.cumsum(proba, axis=1)[:, :-1]
            of_class = (edges < rng.random((len(proba), 1))).sum(axis=1)
        return replace(
            self, X=take_rows(self.X, rows), y=classes[of_class], weight=weight
        )


def weight_name(model):
    """Under which name ``fit`` of a model takes weights; None where it takes none."""
    if not isinstance(model, Pipeline):
        return "sample_weight" if has_fit_parameter(model, "sample_weight") else None
    name, last = model.steps[-1]
    if any(hasattr(step, "fit_resample") for _, step in model.steps[:-1]):
        return None  # weights would not fit the rows that come out
    if get_config()["enable_metadata_routing"]:
        return "sample_weight" if asks_for_weight(last_step(model)) else None
    inside = weight_name(last)
    return None if inside is None else f"{name}__{inside}"


def most_unsure(model, X, n_rows, rng):
    """Rows chosen of candidates, in proportion to how unsure a classifier is of them.

    Parameters
    ----------
    model : classifier
        Fitted.
    X : array-like or frame
        Candidates.
    n_rows : int
    rng : numpy.random.Generator

    Returns
    -------
    chosen : ndarray of shape (n_rows,)
    """
    if hasattr(model, "predict_proba"):
        entropy = entr(model.predict_proba(X)).sum(axis=1)
    else:
        margin = np.sort(np.c_[model.decision_function(X)], axis=1)
        gap = margin[:, -1] - margin[:, -2] if margin.shape[1] > 1 else margin[:, 0]
        entropy = np.exp(-np.abs(gap))
    log_weight = np.log(np.maximum(entropy, 1e-12))
    return systematic_sample(inclusion_probabilities(log_weight, n_rows), rng)


def _positive(name, values):
    """One number or some, as a list."""
    numbers = np.ravel(values).tolist()
    if not numbers or not all(isinstance(n, Real) and 0 < n < np.inf for n in numbers):
        raise ValueError(
            f"{name} must be a positive number or a list of such, got {values!r}."
        )
    return [float(number) for number in numbers]


def _classifier_has(method):
    def check(augmented):
        getattr(getattr(augmented, "classifier_", augmented.classifier), method)
        return True

    return check


class AugmentedClassifier(MetaClassifier):
    """A classifier that learns from real and synthetic rows, where that helps.

    A sampler is fitted to the rows, draws others, and the classifier learns from both.
    Which sampler, how many rows, and how much they weigh is chosen by cross-validated
    log loss; no synthetic rows at all is among the choices.

    Parameters
    ----------
    classifier : classifier
        Cloned.
    sampler : sampler, or list of samplers or of (str, sampler), default=None
        Samplers to try. None tries ``"lda"`` and ``"trees"``, which take mixed tables
        with gaps, and classes of one row.
    n_synthetic : float or list of float, default=5.0
        Synthetic rows for each real one.
    synthetic_weight : float or list of float, default=(0.2, 1.0)
        Weight of all synthetic rows together, as a multiple of that of all real ones. A
        classifier that takes no ``sample_weight`` gets so many fewer rows instead.
    label : {"auto", "hard", "posterior"}, default="auto"
        "hard" keeps the class that a row was drawn for; with "posterior" each row
        stands for every class, with the sampler's probability as its weight, or is
        given a class drawn with it. "auto" takes "posterior" from samplers that have
        ``predict_proba``: labels that are drawn are noise on top of it.
    select : {"cv"} or None, default="cv"
        None takes the first of what is given, and no choice is made.
    n_rounds : int, default=1
        In each round after the first, rows are chosen of four times as many, those
        more likely of which the classifier of the round before is unsure. With "cv"
        one round is among the choices.
    cv : int, splitter or iterable, default=5
        Folds to choose by; with an int as in :class:`HybridClassifier`.
    keep_synthetic : bool, default=False
        Whether ``synthetic_X_``, ``synthetic_y_`` and ``synthetic_weight_`` are kept.
    n_jobs : int, default=None
        Folds and samplers at a time.
    random_state : int, RandomState instance or None, default=None
        Seed of folds and draws, and of the samplers of None; those that are given have
        their own.

    Attributes
    ----------
    classifier_ : classifier
        Fitted to real and synthetic rows.
    sampler_ : sampler or None
        That drew them.
    chosen_ : dict
        ``"sampler"`` by name, None for no synthetic rows, ``"n_synthetic"``,
        ``"synthetic_weight"`` and ``"n_rounds"``.
    cv_results_ : dict of str to list
        Of each choice that was tried: its parts, ``"mean_log_loss"`` over rows that
        were in no fit, and ``"mean_gain"`` and ``"std_error_of_gain"`` over no
        synthetic rows. Where the classifier has no ``predict_proba``, the share of
        errors takes the place of log loss. Empty with ``select=None``.
    is_synthetic_ : ndarray of bool
        One a row that ``classifier_`` was fitted to. With the probabilities of classes
        for labels, a drawn row is given to it once for each class.
    synthetic_X_, synthetic_y_, synthetic_weight_ : array or frame, ndarray, ndarray
        Rows as they were given to it, with labels and weights (ones where it takes
        none). Only with ``keep_synthetic``.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Where the classifier has it.

    See Also
    --------
    HybridClassifier : Uses a sampler's probabilities instead of its rows.

    Notes
    -----
    Samplers are fitted inside each fold, to its rows of fit alone, and rows that are
    equal stand in one fold: no synthetic row comes from a row that judges. A splitter
    of your own keeps its promises about groups and time, since a synthetic row is
    drawn from the rows of fit only.

    scikit-learn's histogram boosting finds the bins of weighted rows one after another,
    which takes longer than all its trees: a smaller ``max_bins``, such as 63, makes
    choosing several times faster.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.ensemble import HistGradientBoostingClassifier
    >>> from sklearn.metrics import log_loss
    >>> from sklearn.model_selection import train_test_split
    >>> from skgendisc.augmentation import AugmentedClassifier
    >>> from skgendisc.joint import GaussianNBSampler
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> X, X_test, y, y_test = train_test_split(X, y, train_size=50, random_state=0)
    >>> alone = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(X, y)
    >>> augmented = AugmentedClassifier(alone, GaussianNBSampler(), random_state=0)
    >>> augmented.fit(X, y).chosen_["synthetic_weight"]
    1.0
    >>> losses = (
    ...     log_loss(y_test, model.predict_proba(X_test))
    ...     for model in (alone, augmented)
    ... )
    >>> [round(loss, 2) for loss in losses]
    [0.26, 0.19]
    """

    _parameter_constraints = {
        "classifier": [HasMethods(["fit"])],
        "sampler": [HasMethods(["fit"]), list, tuple, None],
        "n_synthetic": [Interval(Real, 0, None, closed="neither"), list, tuple],
        "synthetic_weight": [Interval(Real, 0, None, closed="neither"), list, tuple],
        "label": [StrOptions({"auto", "hard", "posterior"})],
        "select": [StrOptions({"cv"}), None],
        "n_rounds": [Interval(Integral, 1, None, closed="left")],
        "cv": ["cv_object"],
        "keep_synthetic": ["boolean"],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        classifier,
        sampler=None,
        *,
        n_synthetic=5.0,
        synthetic_weight=(0.2, 1.0),
        label="auto",
        select="cv",
        n_rounds=1,
        cv=5,
        keep_synthetic=False,
        n_jobs=None,
        random_state=None,
    ):
        self.classifier = classifier
        self.sampler = sampler
        self.n_synthetic = n_synthetic
        self.synthetic_weight = synthetic_weight
        self.label = label
        self.select = select
        self.n_rounds = n_rounds
        self.cv = cv
        self.keep_synthetic = keep_synthetic
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, **params):
        """Choose what to add, and fit the classifier.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            What the samplers and the classifier take.
        y : array-like of shape (n_samples,)
            Labels of two classes or more.
        **params : dict
            ``sample_weight`` of the real rows, and ``groups`` for ``cv``. A sampler
            that takes no weights gets each row as often as it weighs.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Where there is but one class, or the classifier takes no weights and some
            are given.
        """
        X, y = self._check_table(X), self._check_labels(y)
        index = encode_labels(y, self.classes_)
        weight, split_params = self._read_params(params, X, index)
        rng = as_generator(self.random_state)
        samplers = self._checked_samplers(rng)
        rows = Rows(X, y, weight, takes_weight=weight_name(self.classifier) is not None)
        self.cv_results_ = {}
        for name in ("synthetic_X_", "synthetic_y_", "synthetic_weight_"):
            vars(self).pop(name, None)
        if self.select is None:
            all_rounds = self._choices(next(iter(samplers)))
            choice = next(c for c in all_rounds if c.n_rounds == self.n_rounds)
        else:
            folds = make_folds(self.cv, X, index, rng, **split_params)
            choice = self._select(rows, samplers, folds, rng)
        self.chosen_ = asdict(choice)
        self.sampler_, learned = None, rows
        if choice != NONE:
            self.sampler_ = rows.fit_sampler(samplers[choice.sampler])
            drawn = self._draw(self.sampler_, [choice], len(y), rng)
            learned = self._learn_from(drawn, choice, rows, rng)
        self.classifier_ = learned.fit(self.classifier)
        self.is_synthetic_ = np.arange(len(learned.y)) >= len(y)
        if self.keep_synthetic:
            added = learned.at(np.flatnonzero(self.is_synthetic_))
            self.synthetic_X_, self.synthetic_y_ = added.X, added.y
            self.synthetic_weight_ = added.weights
        return self

    @available_if(_classifier_has("predict_log_proba"))
    def predict_log_proba(self, X):
        """Log-probability of each class, of the classifier.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
            In nats; classes in the order of ``classes_``.
        """
        check_is_fitted(self)
        return self.classifier_.predict_log_proba(X)

    @available_if(_classifier_has("predict_proba"))
    def predict_proba(self, X):
        """Probability of each class, of the classifier.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Rows sum to one; classes in the order of ``classes_``.
        """
        check_is_fitted(self)
        return self.classifier_.predict_proba(X)

    @available_if(_classifier_has("decision_function"))
    def decision_function(self, X):
        """Confidence in each class, of the classifier.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        confidence : ndarray of shape (n_samples,) or (n_samples, n_classes)
        """
        check_is_fitted(self)
        return self.classifier_.decision_function(X)

    def predict(self, X):
        """Label of each row, by the classifier.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)

        Returns
        -------
        y : ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        return self.classifier_.predict(X)

    def _main(self):
        return vars(self).get("classifier_")

    def _given(self):
        return [self.classifier, *self._named_samplers().values()]

    def get_metadata_routing(self):
        """What classifier, samplers and splitter request.

        Returns
        -------
        routing : MetadataRouter
        """
        return self._router(classifier=self.classifier, **self._named_samplers())

    def _named_samplers(self, rng=None):
        return named_samplers(
            self.sampler, rng, default=SAMPLERS, taken=("classifier",)
        )

    def _read_params(self, params, X, index):
        """Weights of the rows or None, and what goes to the splitter."""
        params = {name: value for name, value in params.items() if value is not None}
        if get_config()["enable_metadata_routing"]:
            routed, of_split = self._routed(params)
            of_classifier = routed.classifier.fit
            if others := set(of_classifier) - {"sample_weight"}:
                raise TypeError(
                    f"fit hands sample_weight on to the classifier, and nothing else: "
                    f"got {sorted(others)}. Request sample_weight by this name, and "
                    "leave the rest out."
                )
        else:
            # Weights of a pipeline go to its last step.
            of_classifier, of_split = self._split_params(
                params, "classifier", last_step(self.classifier)
            )
        weight = None
        if of_classifier:
            weight = self._check_weight(of_classifier, X, index)
        return weight, of_split

    def _checked_samplers(self, rng):
        samplers = self._named_samplers(rng)
        for sampler in samplers.values():
            if not hasattr(sampler, "sample"):
                raise ValueError(
                    f"sampler needs sample, which {sampler!r} has not. Take one of "
                    "this package; over-samplers such as SMOTE go into a pipeline."
                )
            if self.label == "posterior" and not hasattr(sampler, "predict_proba"):
                raise ValueError(
                    f"label='posterior' needs predict_proba, which {sampler!r} has "
                    "not. Take label='hard', or a sampler with a density."
                )
        return samplers

    def _choices(self, name):
        """With one sampler, those of one round first."""
        parts = product(
            sorted({1, self.n_rounds}),
            _positive("n_synthetic", self.n_synthetic),
            _positive("synthetic_weight", self.synthetic_weight),
        )
        return [Choice(name, n, weight, rounds) for rounds, n, weight in parts]

    def _select(self, rows, samplers, folds, rng):
        """The choice of least loss on rows that were in no fit."""
        names = [None, *samplers]
        seeds = [draw_seed(rng) for _ in folds]
        of_folds = Parallel(n_jobs=self.n_jobs)(
            delayed(self._judge)(samplers.get(name), name, rows, *fold, seed)
            for name in names
            for fold, seed in zip(folds, seeds, strict=True)
        )
        judged, number, times = np.unique(
            np.concatenate([test for _, test in folds]),
            return_inverse=True,
            return_counts=True,
        )
        losses = {}
        for start in range(0, len(of_folds), len(folds)):
            told = of_folds[start : start + len(folds)]
            for choice in told[0]:
                loss = np.concatenate([part[choice] for part in told])
                # A row that several folds judge is one row still.
                losses[choice] = np.bincount(number, weights=loss) / times
        return self._best(losses, rows.at(judged).weights)

    def _judge(self, sampler, name, rows, train, test, seed):
        """Losses on unseen rows of a fold, by choice."""
        rng, real, unseen = as_generator(seed), rows.at(train), rows.at(test)
        if sampler is None:
            return {NONE: self._losses(real.fit(self.classifier), unseen, len(train))}
        choices = self._choices(name)
        drawn = self._draw(real.fit_sampler(sampler), choices, len(train), rng)
        losses = {}
        for choice in choices:
            model = self._learn_from(drawn, choice, real, rng).fit(self.classifier)
            losses[choice] = self._losses(model, unseen, len(train))
        return losses

    def _best(self, losses, weight):
        """Fill in ``cv_results_``, and take what most surely gains."""
        results = {name: [] for name in asdict(NONE)}
        results |= {"mean_log_loss": [], "mean_gain": [], "std_error_of_gain": []}
        for choice, loss in losses.items():
            gain = losses[NONE] - loss
            mean = np.average(gain, weights=weight)
            error = np.sqrt(np.square(weight * (gain - mean)).sum()) / weight.sum()
            for name, value in asdict(choice).items():
                results[name].append(value)
            results["mean_log_loss"].append(float(np.average(loss, weights=weight)))
            results["mean_gain"].append(float(mean))
            results["std_error_of_gain"].append(float(error))
        self.cv_results_ = results
        surely = np.array(results["mean_gain"])
        surely -= STANDARD_ERRORS * np.array(results["std_error_of_gain"])
        return list(losses)[int(np.argmax(surely))]

    def _losses(self, model, rows, n_rows):
        """Of each row: log loss, or one for an error."""
        if not hasattr(model, "predict_proba"):
            return (model.predict(rows.X) != rows.y).astype(float)
        log_proba = log_proba_of(model, rows.X, self.classes_, n_rows)
        return -log_proba[np.arange(len(rows.y)), encode_labels(rows.y, self.classes_)]

    def _learn_from(self, drawn, choice, real, rng):
        """Real rows and some of those drawn, chosen anew round after round."""
        n_rows = choice.n_drawn(len(real.y))
        learned = real.joined_by(drawn.at(np.arange(n_rows)), choice, rng)
        candidates = drawn.at(np.arange(choice.n_candidates(len(real.y))))
        for _ in range(1, choice.n_rounds):
            model = learned.fit(self.classifier)
            chosen = most_unsure(model, candidates.X, n_rows, rng)
            learned = real.joined_by(candidates.at(chosen), choice, rng)
        return learned

    def _draw(self, sampler, choices, n_real, rng):
        """Synthetic rows for all choices, with a label or the probability of each."""
        n_rows = max(choice.n_candidates(n_real) for choice in choices)
        X, y = sampler.sample(n_rows, random_state=rng)
        if self._takes_posterior(sampler):
            y = SoftLabels(sampler.predict_proba(X), sampler.classes_)
        return Rows(X, y)

    def _takes_posterior(self, sampler):
        if self.label == "auto":
            return hasattr(sampler, "predict_proba")
        return self.label == "posterior"
