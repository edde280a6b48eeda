"""A sampler whose rows are chosen by a discriminator."""

import warnings
from contextlib import contextmanager
from numbers import Integral, Real

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils import get_tags

from skgendisc.base import GenerativeSampler
from skgendisc.compose._wrapped import WrappedSamplerMixin
from skgendisc.numerics import (
    effective_share,
    inclusion_probabilities,
    systematic_sample,
)
from skgendisc.preprocessing import MixedTableJointSampler
from skgendisc.trees import TreeSampler
from skgendisc.utils._sklearn import HasMethods, Interval
from skgendisc.utils.random_state import set_random_states

# Rows that are drawn for each held-out one, to tell from them.
DRAWN_PER_ROW = 2
# With fewer held-out rows a discriminator learns nothing that holds.
LEAST_HELD_OUT = 40
# Columns with fewer values are seen by their gaps alone: a fold might have none.
LEAST_PRESENT = 50
# Candidates of a class at least, so that one row is chosen as well as a thousand.
LEAST_CANDIDATES = 256
# Rows that tell boosting when to stop: most stop after some thirty trees; more would
# learn rows by heart.
EARLY_STOPPING_FRACTION = 0.2
# Rows that are chosen at a time: bounds the memory of the candidates.
BLOCK_ROWS = 2**15
# Standard errors from chance within which a discriminator tells nothing.
STANDARD_ERRORS = 2.0
# Largest factor on the log-odds of a discriminator: they may be too cautious.
LARGEST_SCALE = 2.0
# Below this effective share of the candidates, hardly a choice is left.
COLLAPSED = 0.05
# Probabilities are taken for no surer.
SUREST = (1e-4, 1 - 1e-4)
# Levels beyond which boosting takes a category for a number, and one-hot for rare.
MOST_LEVELS = 255


def _has_no_density(refined):
    """Not there: the density of draws is known up to a constant a class only."""
    raise AttributeError(
        "RefinedSampler has no attribute for a density: that of its draws is known up "
        "to a constant for each class only. Ask its sampler_."
    )


class RefinedSampler(WrappedSamplerMixin, MixedTableJointSampler):
    r"""A sampler whose rows a discriminator chooses among.

    The sampler draws more rows than are wanted, and a classifier that was trained to
    tell its rows from real ones chooses among them, so that in the end it can tell
    them no longer. Works over any sampler and with any classifier.

    Parameters
    ----------
    sampler : sampler of this package, default=None
        Cloned. None takes a :class:`~skgendisc.trees.TreeSampler`.
    discriminator : classifier with ``predict_proba``, default=None
        Cloned. Sees standardised numbers, with gaps filled and flagged, and levels
        and the class one-hot. None takes a
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`, which sees numbers,
        levels and gaps as they are.
    n_candidates : int, default=4
        Rows drawn for each that is wanted.
    n_rounds : int, default=2
        How often sampler and discriminator play against each other at most. They stop
        when the discriminator is at chance.
    cv : int, default=3
        Folds of the held-out rows. Each discriminator is fitted to all but one, and
        judged on that one.
    validation_fraction : float, default=1/3
        Rows of each class that are held out from the sampler, for discriminators to
        learn from. Where refinement is kept, they teach those alone.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of all fits and of the draws; overrides those inside.

    Attributes
    ----------
    sampler_ : sampler
        The one that discriminators learned to tell from held-out rows; fitted to all
        rows where nothing is refined.
    discriminators_ : list of list of classifier
        Of each fold, one a round; none where nothing is refined.
    is_refined_ : bool
        False where refinement did not help on rows that neither sampler nor
        discriminator saw: draws are then the sampler's.
    discriminator_auc_ : tuple of float
        Area under the ROC curve of telling drawn from held-out rows, before and after:
        one half is chance. Both from discriminators that did not see the rows that
        they judge; the second is a little low, as the scale was chosen on them.
    effective_sample_size_ : float
        How many of the candidates have a say, as a fraction of them, in (0, 1].
    history_ : list of dict
        One a round and the last judgement: ``"auc"`` of the discriminators,
        ``"standard_error"`` of it at chance, ``"effective_sample_size"`` of the
        candidates that they saw, and ``"scale"``, the factor on their log-odds.
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    Notes
    -----
    A classifier's odds D / (1 - D) of real against drawn estimate the ratio of their
    densities. Candidates of each class are chosen without replacement, with chances
    in proportion to

    .. math:: w(x, y) = \exp \sum_r \beta_r \log \frac{D_r(x, y)}{1 - D_r(x, y)}

    (sampling importance resampling [1]_, by systematic sampling; chances above one are
    cut). The sum is over rounds, and its mean over folds is taken. The scale of each
    round makes Donsker and Varadhan's bound on the divergence of the real rows from
    the drawn ones largest [2]_, on rows that the discriminator did not see.

    The sampler is not fitted again to all rows: another fit errs in other ways, which
    the discriminators have not seen. Networks are most unlike from fit to fit.

    The posterior is the sampler's: what is drawn may differ from it.

    References
    ----------
    .. [1] Rubin (1987). A noniterative sampling/importance resampling alternative to
       the data augmentation algorithm. Journal of the American Statistical Association
       82(398). With a discriminator: Azadi et al. (2019), Discriminator rejection
       sampling, ICLR; Turner et al. (2019), Metropolis-Hastings generative adversarial
       networks, ICML.
    .. [2] Donsker & Varadhan (1983). Asymptotic evaluation of certain Markov process
       expectations for large time, IV. Communications on Pure and Applied Mathematics
       36(2).

    Examples
    --------
    Independent columns, chosen until they depend on each other:

    >>> import numpy as np
    >>> from skgendisc.compose import RefinedSampler
    >>> from skgendisc.joint import GaussianNBSampler
    >>> rng = np.random.default_rng(0)
    >>> X = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], size=2000)
    >>> y = rng.integers(2, size=2000)
    >>> refined = RefinedSampler(GaussianNBSampler(), random_state=0).fit(X, y)
    >>> before, after = refined.discriminator_auc_
    >>> bool(before > 0.65 > 0.55 > after)
    True
    """

    _default_sampler = TreeSampler

    _parameter_constraints = {
        **GenerativeSampler._parameter_constraints,
        "sampler": [HasMethods(["fit", "sample", "sample_conditional"]), None],
        "discriminator": [HasMethods(["fit"]), None],
        "n_candidates": [Interval(Integral, 2, None, closed="left")],
        "n_rounds": [Interval(Integral, 1, None, closed="left")],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    }

    def __init__(
        self,
        sampler=None,
        discriminator=None,
        *,
        n_candidates=4,
        n_rounds=2,
        cv=3,
        validation_fraction=1 / 3,
        sampling_strategy="auto",
        random_state=None,
    ):
        GenerativeSampler.__init__(
            self, sampling_strategy=sampling_strategy, random_state=random_state
        )
        self.sampler = sampler
        self.discriminator = discriminator
        self.n_candidates = n_candidates
        self.n_rounds = n_rounds
        self.cv = cv
        self.validation_fraction = validation_fraction

    @property
    def categorical_features(self):
        """Which columns are categorical: as the sampler has it."""
        return getattr(self._unfitted_sampler(), "categorical_features", "from_dtype")

    def _check_table(self, X, *, reset):
        if not get_tags(self._unfitted_sampler()).input_tags.categorical:
            # Says what the sampler cannot take, and what to do about it.
            GenerativeSampler._check_table(self, X, reset=reset)
        return super()._check_table(X, reset=reset)

    def _fit(self, X, y):
        self._check_discriminator()
        rng = self._generator(None)
        n_present = np.count_nonzero(~np.isnan(X), axis=0)
        self._is_scarce = n_present < np.minimum(LEAST_PRESENT, len(X))
        self.discriminators_, self._scales, self.history_ = [], [], []
        held_out = _every(y, self.validation_fraction, rng)
        n_held_out = np.count_nonzero(held_out)
        needed = max(LEAST_HELD_OUT, 2 * self.cv)
        if n_held_out < needed:
            warnings.warn(
                f"RefinedSampler leaves its sampler as it is: it can hold out "
                f"{n_held_out} of {len(y)} rows, and a discriminator needs {needed}. "
                "Give more rows, or use the sampler alone.",
                UserWarning,
                stacklevel=4,
            )
            self._keep(0)
        else:
            self.sampler_ = self._fit_sampler(X[~held_out], y[~held_out], rng)
            fold = _folds(y[held_out], self.cv, rng)
            self.discriminators_ = [[] for _ in range(self.cv)]
            self._play(X[held_out], y[held_out], fold, rng)
        if not self.is_refined_:
            self.sampler_ = self._fit_sampler(X, y, rng)
        self.class_prior_ = self.sampler_.class_prior_
        share = np.bincount(y[~held_out]) / np.count_nonzero(~held_out)
        if self.is_refined_ and np.allclose(self.class_prior_, share):
            # Of all rows: of a rare class, hardly any can be held out.
            self.class_prior_ = np.bincount(y) / len(y)

    def _play(self, X, y, fold, rng):
        """Let discriminators learn from held-out rows, as long as it helps."""
        real = self._features(X, y)
        for round_ in range(self.n_rounds + 1):
            fitted, of_real, of_drawn, share = self._judge(real, fold, rng)
            auc, error = _auc(of_real, of_drawn)
            scale = _best_scale(of_real, of_drawn)
            self.history_.append(
                {
                    "auc": auc,
                    "standard_error": error,
                    "effective_sample_size": share,
                    "scale": scale,
                }
            )
            at_chance = auc <= 0.5 + STANDARD_ERRORS * error
            if round_ == self.n_rounds or at_chance or scale == 0.0:
                break
            self._scales.append(scale)
            for number, discriminator in enumerate(fitted):
                self.discriminators_[number].append(discriminator)
        aucs = [entry["auc"] for entry in self.history_]
        best = int(np.argmin(aucs))
        # Not what chance may have done.
        noise = STANDARD_ERRORS * self.history_[best]["standard_error"]
        self._keep(best if aucs[0] - aucs[best] > noise else 0)

    def _judge(self, real, fold, rng):
        """Discriminators of each fold, and their log-odds of rows they did not see."""
        y = np.repeat(real[:, -1].astype(np.intp), DRAWN_PER_ROW)
        drawn, share = self._draw_for_folds(y, rng)
        fold_of_drawn = _folds(y, self.cv, rng)
        fitted, of_real, of_drawn = [], [], []
        for number in range(self.cv):
            unseen, rows = fold == number, fold_of_drawn == number
            discriminator = self._fit_discriminator(
                real[~unseen], drawn[number][~rows], rng
            )
            fitted.append(discriminator)
            of_real.append(_log_odds(discriminator, real[unseen]))
            of_drawn.append(_log_odds(discriminator, drawn[number][rows]))
        return fitted, np.concatenate(of_real), np.concatenate(of_drawn), share

    def _keep(self, n_rounds):
        """Keep the rounds after which the discriminator told least."""
        self._scales = self._scales[:n_rounds]
        self.discriminators_ = [
            of[:n_rounds] for of in self.discriminators_ if n_rounds
        ]
        self.is_refined_ = n_rounds > 0
        if not self.history_:
            self.discriminator_auc_ = (np.nan, np.nan)
            self.effective_sample_size_ = 1.0
            return
        first, last = self.history_[0], self.history_[n_rounds]
        self.discriminator_auc_ = (first["auc"], last["auc"])
        self.effective_sample_size_ = last["effective_sample_size"]
        told = first["auc"] > 0.5 + STANDARD_ERRORS * first["standard_error"]
        share = min(entry["effective_sample_size"] for entry in self.history_)
        if share < COLLAPSED:
            warnings.warn(
                f"RefinedSampler has little to choose from: only {share:.1%} of the "
                "candidates have a say, and the AUC of telling drawn rows from "
                f"held-out ones is {last['auc']:.2f}. Increase n_candidates (now "
                f"{self.n_candidates}), or give a sampler nearer to the data.",
                UserWarning,
                stacklevel=5,
            )
        elif told and not self.is_refined_:
            warnings.warn(
                f"RefinedSampler leaves its sampler as it is: a discriminator tells "
                f"its rows from held-out ones (AUC {first['auc']:.2f}), but choosing "
                "among them does not help. Give more rows, more candidates, or a "
                "sampler nearer to the data.",
                UserWarning,
                stacklevel=5,
            )

    def _draw(self, y, rng):
        X = np.empty((len(y), self.n_features_in_))
        for start in range(0, len(y), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            if self.is_refined_:
                candidates, of_class = self._candidates(y[rows], rng)
                log_weight = self._log_weight(self._features(candidates, of_class))
                chosen = _choose(log_weight, of_class, y[rows], self.n_candidates, rng)
                X[rows] = candidates[chosen]
            else:
                X[rows] = self._draw_rows(y[rows], rng)
        return X

    def _draw_for_folds(self, y, rng):
        """Rows of wanted classes as each fold's discriminators choose them.

        Returns
        -------
        drawn : list of ndarray of shape (n_samples, n_features + 1)
            What a discriminator sees of them.
        share : float
            Effective share of the candidates.
        """
        if not self._scales:
            return [self._features(self._draw_rows(y, rng), y)] * self.cv, 1.0
        candidates, of_class = self._candidates(y, rng)
        features = self._features(candidates, of_class)
        drawn, shares = [], []
        for discriminators in self.discriminators_:
            log_weight = self._log_weight_of(discriminators, features)
            chosen = _choose(log_weight, of_class, y, self.n_candidates, rng)
            drawn.append(features[chosen])
            shares.append(effective_share(log_weight))
        return drawn, float(np.mean(shares))

    def _candidates(self, y, rng):
        """More rows than are wanted of each class, and their classes."""
        counts = np.bincount(y)
        wanted = np.flatnonzero(counts)
        n_rows = np.maximum(self.n_candidates * counts[wanted], LEAST_CANDIDATES)
        of_class = np.repeat(wanted, n_rows)
        return self._draw_rows(of_class, rng), of_class

    def _draw_rows(self, y, rng):
        """Rows of the sampler, as codes of the table."""
        if self.classes_ is None:
            table, _ = self.sampler_.sample(len(y), random_state=rng)
        else:
            y = self.classes_[y]
            table = self.sampler_.sample_conditional(y, random_state=rng)
        return self._table_format.encode(table)

    def _log_weight(self, features):
        """Logarithm of the weights of rows, the mean over folds."""
        of_folds = [self._log_weight_of(of, features) for of in self.discriminators_]
        return np.mean(of_folds, axis=0)

    def _log_weight_of(self, discriminators, features):
        return sum(
            scale * _log_odds(discriminator, features)
            for scale, discriminator in zip(self._scales, discriminators, strict=True)
        )

    def _fit_sampler(self, X, y, rng):
        sampler = clone(self._unfitted_sampler())
        set_random_states(sampler, rng)
        table = self._table_format.restore(X)
        if self.classes_ is None:
            return sampler.fit(table)
        return sampler.fit(table, self.classes_[y])

    def _fit_discriminator(self, real, drawn, rng):
        is_level = np.append(self._is_discrete, True)
        features = np.concatenate([real, drawn])
        is_real = np.repeat([1, 0], [len(real), len(drawn)])
        if self.discriminator is None:
            few = np.nanmax(features, axis=0, initial=0) < MOST_LEVELS
            discriminator = HistGradientBoostingClassifier(
                categorical_features=is_level & few,
                early_stopping=True,
                validation_fraction=EARLY_STOPPING_FRACTION,
            )
        else:
            discriminator = make_pipeline(_in_numbers(is_level), self.discriminator)
            discriminator = clone(discriminator)
        set_random_states(discriminator, rng)
        with _noting("fit", len(features)):
            return discriminator.fit(features, is_real)

    def _check_discriminator(self):
        if self.discriminator is not None and not hasattr(
            self.discriminator, "predict_proba"
        ):
            raise ValueError(
                f"discriminator needs predict_proba, which {self.discriminator!r} has "
                "not. Wrap it in sklearn.calibration.CalibratedClassifierCV, or leave "
                "discriminator=None for boosting."
            )

    def _features(self, X, y):
        """What a discriminator sees: the columns, and the class.

        Of a column with hardly a value only whether there is one.
        """
        return np.column_stack([np.where(self._is_scarce, np.isnan(X), X), y])

    def _seen_by_sampler(self, X):
        self._check_table(X, reset=False)
        return X

    predict_joint_log_proba = property(_has_no_density)
    score_samples = property(_has_no_density)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        sampler = get_tags(self._unfitted_sampler())
        for name in ("allow_nan", "categorical", "string", "positive_only"):
            setattr(tags.input_tags, name, getattr(sampler.input_tags, name))
        return tags


def _in_numbers(is_level):
    """A transformer that makes standardised numbers of features."""
    fill = SimpleImputer(add_indicator=True, keep_empty_features=True)
    return make_column_transformer(
        (
            OneHotEncoder(
                handle_unknown="infrequent_if_exist", max_categories=MOST_LEVELS
            ),
            np.flatnonzero(is_level),
        ),
        (make_pipeline(fill, StandardScaler()), np.flatnonzero(~is_level)),
        sparse_threshold=0.0,
    )


@contextmanager
def _noting(method, n_rows):
    """Say of an error that it came from the discriminator."""
    try:
        yield
    except Exception as error:
        error.add_note(
            f"This came from {method} of the discriminator of RefinedSampler, on "
            f"{n_rows} rows. Give it another, or None for boosting."
        )
        raise


def _log_odds(discriminator, features):
    """Of real against drawn; no classifier is surer than ten thousand to one."""
    real = np.flatnonzero(discriminator.classes_ == 1)[0]
    with _noting("predict_proba", len(features)):
        proba = discriminator.predict_proba(features)[:, real]
        if np.isnan(proba).any():
            raise ValueError("predict_proba gave NaN.")
    proba = np.clip(proba, *SUREST)
    return np.log(proba) - np.log1p(-proba)


def _auc(of_real, of_drawn):
    """Area under the ROC curve, and its standard error at chance."""
    n_real, n_drawn = len(of_real), len(of_drawn)
    is_real = np.repeat([1, 0], [n_real, n_drawn])
    auc = roc_auc_score(is_real, np.concatenate([of_real, of_drawn]))
    error = np.sqrt((n_real + n_drawn + 1) / (12.0 * n_real * n_drawn))
    return float(auc), float(error)


def _best_scale(of_real, of_drawn):
    """Factor on log-odds that makes Donsker and Varadhan's bound largest.

    Zero where none makes it positive: then choosing by them does harm.
    """

    def loss(scale):
        mean = logsumexp(scale * of_drawn) - np.log(len(of_drawn))
        return mean - scale * of_real.mean()

    best = minimize_scalar(loss, bounds=(0.0, LARGEST_SCALE), method="bounded")
    return float(best.x) if best.fun < 0 else 0.0


def _choose(log_weight, of_class, y, n_candidates, rng):
    """Candidates for the wanted classes: row i is one of class ``y[i]``.

    Where there are more than ``n_candidates`` for each row, as many are wanted in the
    mind as there are candidates for, and few of those kept: weights are cut alike.
    """
    chosen = np.empty(len(y), dtype=np.intp)
    for k in np.unique(y):
        pool, wanted = np.flatnonzero(of_class == k), np.flatnonzero(y == k)
        n_full = len(pool) // n_candidates
        probability = inclusion_probabilities(log_weight[pool], n_full)
        probability *= len(wanted) / n_full
        chosen[wanted] = pool[systematic_sample(probability, rng)]
    return chosen


def _every(y, fraction, rng):
    """Mark a fraction of the rows of each class at random, never all of them."""
    marked = np.zeros(len(y), dtype=bool)
    for k in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == k))
        marked[rows[: min(int(np.rint(fraction * len(rows))), len(rows) - 1)]] = True
    return marked


def _folds(y, n_folds, rng):
    """Number of the fold of each row; classes are spread evenly."""
    order = rng.permutation(len(y))
    order = order[np.argsort(y[order], kind="stable")]
    fold = np.empty(len(y), dtype=np.intp)
    fold[order] = np.arange(len(y)) % n_folds
    return fold
