"""What an evaluation measures: the numbers, the questions they answer, and how."""

import inspect
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from skgendisc import metrics as metrics_room
from skgendisc.metrics import (
    AlignedTable,
    classifier_two_sample_test,
    column_pair_trends,
    column_shapes,
    distance_to_closest_record,
    exact_copies,
    membership_inference,
    mutual_information_error,
    precision_recall_density_coverage,
    propensity_mse,
    train_synthetic_test_real,
)
from skgendisc.utils.random_state import as_generator

QUESTIONS = {
    "real": "Does it look real?",
    "covers": "Does it cover?",
    "useful": "Is it useful?",
    "near": "Is it too near to the training rows?",
}
TWO_SIDED_95 = 1.96  # standard errors from the middle of an interval of 95 % to its end


@dataclass(frozen=True)
class Measure:
    """A number, and what it means.

    Parameters
    ----------
    label : str
        For tables; two lines where it has a blank.
    question : str or None
        Key of ``QUESTIONS``.
    better : str
        What to hope for: ``"more"``, ``"less"`` or a value.
    meaning : str
        One sentence.
    """

    label: str
    question: str | None
    better: str
    meaning: str

    @property
    def hope(self):
        """What to hope for, in words."""
        if self.better in ("more", "less"):
            return f"{self.better} is better"
        return f"{self.better} is best" if self.better else ""


MEASURES = {
    "discriminator_auc": Measure(
        "discriminator AUC",
        "real",
        "0.5",
        "How well boosting, trained on other rows, tells these rows from real ones: "
        "0.5 is chance, 1 is always.",
    ),
    "column_shapes": Measure(
        "column shapes",
        "real",
        "more",
        "Likeness of each column's distribution, the mean over columns; blind to what "
        "columns have to do with each other, so that independent columns pass.",
    ),
    "pair_trends": Measure(
        "pair trends",
        "real",
        "more",
        "Likeness of correlations and contingency tables, the mean over pairs of "
        "columns; high even where nothing of the dependence is left, so read it beside "
        "the independent columns.",
    ),
    "mutual_information_error": Measure(
        "information error",
        "real",
        "less",
        "By how much pairs of columns tell more or less of each other than real ones "
        "do, each pair weighted by what it tells.",
    ),
    "propensity_ratio": Measure(
        "propensity ratio",
        "real",
        "1",
        "Mean squared error of a logistic regression's propensities over what chance "
        "brings; sees means and shares, not what needs products of columns.",
    ),
    "coverage": Measure(
        "coverage",
        "covers",
        "more",
        "Share of real rows that have one of these among their five nearest.",
    ),
    "recall": Measure(
        "recall", "covers", "more", "Share of real rows that lie near one of these."
    ),
    "precision": Measure(
        "precision", "covers", "more", "Share of these rows that lie near a real one."
    ),
    "density": Measure(
        "density",
        "covers",
        "1",
        "How many real rows lie near one of these, over five; more than 1 where rows "
        "crowd together in the middle.",
    ),
    "utility": Measure(
        "utility",
        "useful",
        "more",
        "Score on held-out rows of boosting that learned from these rows: area under "
        "the ROC curve, or R2 where the target is a number.",
    ),
    "utility_of_real": Measure(
        "utility of real rows",
        "useful",
        "more",
        "The same of boosting that learned from as many real rows.",
    ),
    "nearer_to_training": Measure(
        "nearer to training",
        "near",
        "0.5",
        "Share of these rows that are nearer to a training row than to any of as many "
        "held-out ones: it finds copies, and is no guarantee where it finds none.",
    ),
    "exact_copies": Measure(
        "exact copies",
        "near",
        "less",
        "Share of these rows that equal a training row; tables of few levels have such "
        "by chance.",
    ),
    "membership_auc": Measure(
        "membership AUC",
        "near",
        "0.5",
        "How well an attacker who has these rows, and other real ones, tells training "
        "rows from strangers: 0.5 is chance; stronger attacks may exist.",
    ),
}
SECONDS = {
    "fit_seconds": Measure(
        "fit seconds", None, "less", "Seconds to fit the sampler, on one thread."
    ),
    "sample_seconds": Measure(
        "sample seconds",
        None,
        "less",
        "Seconds to draw as many rows as it was fitted to.",
    ),
}


@dataclass(frozen=True)
class Roles:
    """The tables of one fold, aligned.

    Parameters
    ----------
    rows : AlignedTable
        The rows to be judged.
    train : AlignedTable
        Rows that the sampler was fitted to.
    real : AlignedTable
        The rows that judge: real ones, which the sampler has not seen.
    pupils : AlignedTable or None
        Real rows to learn from, beside as many of ``rows``; None for not judging what
        models learn.
    was_held_out : bool
        Whether ``real`` was; otherwise all real rows are training rows.
    is_stand_in : bool
        Whether ``rows`` are real ones, of which some may be training rows.
    """

    rows: AlignedTable
    train: AlignedTable
    real: AlignedTable
    pupils: AlignedTable | None
    was_held_out: bool = True
    is_stand_in: bool = False

    def as_many(self, seed):
        """As many of the rows as there are real ones to judge them, if there are."""
        return some_rows(self.rows, len(self.real), seed)


@dataclass
class Findings:
    """What judging found: numbers by name, and what pictures show.

    Parameters
    ----------
    scores, errors : dict of float
        Values, and the standard errors that the rows of a fold leave.
    rows_used : dict of int
        Where a number was found on some of the rows.
    seen : dict
        Results of metrics, for pictures.
    messages : dict of str
        What failed.
    """

    scores: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    rows_used: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict)

    def add(self, name, score, error=np.nan, *, rows=(0, 0)):
        """Note a number, its error, and how many rows it took of how many."""
        self.scores[name], self.errors[name] = float(score), float(error)
        n_used, n_rows = rows
        if n_used < n_rows:
            self.rows_used[name] = n_used


def some_rows(table, n_rows, seed):
    """At most so many rows of an aligned table, at random."""
    if len(table) <= n_rows:
        return table
    rng = as_generator(seed)
    return table.take(np.sort(rng.choice(len(table), n_rows, replace=False)))


def check_metrics(metrics):
    """Measures by name, and functions of other ones.

    Raises
    ------
    ValueError
        If a name is not known.
    """
    if metrics is None:
        return dict(MEASURES), {}
    measures, functions = {}, {}
    for metric in (
        [metrics] if isinstance(metrics, str) or callable(metrics) else metrics
    ):
        name = getattr(metric, "__name__", repr(metric))
        if name in MEASURES and getattr(metrics_room, name, None) is metric:
            metric = name
        if callable(metric):
            while name in measures or name in MEASURES:
                name += "_"
            functions[name] = metric
            label = name.replace("_", " ")
            measures[name] = Measure(label, None, "", f"What {name} says.")
        elif metric in MEASURES:
            measures[metric] = MEASURES[metric]
            if metric == "utility":  # means nothing without
                measures["utility_of_real"] = MEASURES["utility_of_real"]
        else:
            raise ValueError(
                f"metrics must hold functions of skgendisc.metrics or names of the "
                f"default ones, got {metric!r}. These are {', '.join(MEASURES)}."
            )
    if not measures:
        raise ValueError(
            "metrics must hold one or more, got none. Leave metrics=None for all."
        )
    return measures, functions


def judge(roles, measures, functions, seed):
    """Find the numbers asked for; one that fails is NaN, and says why.

    Parameters
    ----------
    roles : Roles
    measures : dict
        The names asked for.
    functions : dict of callable
        Those that are not among the default ones.
    seed : int
        The same for all who are judged by the same rows: what chance brings, it brings
        to all.

    Returns
    -------
    findings : Findings
    """
    findings = Findings()
    for judge_of, names in JUDGES.items():
        wanted = [name for name in names if name in measures]
        if wanted:
            _try(findings, wanted, judge_of, roles, seed, findings)
    for name, function in functions.items():
        _try(findings, [name], _judge_otherwise, name, function, roles, seed, findings)
    findings.scores = {name: findings.scores.get(name, np.nan) for name in measures}
    return findings


def _try(findings, names, function, *arguments):
    try:
        function(*arguments)
    except Exception as error:  # whatever strange tables, or strangers' metrics, raise
        findings.messages[names[0]] = f"{type(error).__name__}: {error}"


def _judge_discriminator(roles, seed, found):
    rows = roles.as_many(seed)
    test = classifier_two_sample_test(
        roles.real, rows, importances=True, random_state=seed
    )
    n_rows = test.n_rows, min(len(rows), len(roles.real))
    found.add("discriminator_auc", test.auc, test.auc_error, rows=n_rows)
    found.seen["importances"] = test.importances


def _judge_shapes(roles, seed, found):
    shapes = column_shapes(roles.real, roles.as_many(seed))
    found.add("column_shapes", shapes.score)
    found.seen["shapes"] = shapes


def _judge_trends(roles, seed, found):
    trends = column_pair_trends(roles.real, roles.as_many(seed))
    found.add("pair_trends", trends.score)


def _judge_information(roles, seed, found):
    result = mutual_information_error(roles.real, roles.as_many(seed))
    found.add("mutual_information_error", result.error)
    found.seen["information"] = result


def _judge_propensity(roles, seed, found):
    score = propensity_mse(roles.real, roles.as_many(seed), random_state=seed)
    found.add("propensity_ratio", score.ratio, rows=(score.n_real, len(roles.real)))


def _judge_neighbours(roles, seed, found):
    near = precision_recall_density_coverage(
        roles.real, roles.as_many(seed), random_state=seed
    )
    used = near.n_real, len(roles.real)
    for name, n_rows in (
        ("coverage", near.n_real),
        ("recall", near.n_real),
        ("precision", near.n_synthetic),
    ):
        share = getattr(near, name)
        # Chance is in both tables: binomial errors of one alone are a tenth to a half
        # too small for equal normals.
        error = np.sqrt(2) * _error_of_share(share, n_rows)
        found.add(name, share, error, rows=used)
    found.add("density", near.density, rows=used)


def _judge_utility(roles, seed, found):
    if roles.pupils is None or roles.real.target is None:
        return
    n_rows = min(len(roles.pupils), len(roles.rows))
    result = train_synthetic_test_real(
        some_rows(roles.pupils, n_rows, seed),
        some_rows(roles.rows, n_rows, seed),
        roles.real,
        random_state=seed,
    )
    # What test rows are easy or hard, both models share.
    found.add("utility", result.score, result.difference_error)
    found.add("utility_of_real", result.score_real)


def _judge_distance(roles, seed, found):
    if not roles.was_held_out:
        return
    closest = distance_to_closest_record(
        roles.train, roles.rows, roles.real, random_state=seed
    )
    low, high = closest.share_interval
    error = (high - low) / (2 * TWO_SIDED_95)
    used = closest.n_synthetic, len(roles.rows)
    found.add("nearer_to_training", closest.share, error, rows=used)


def _judge_copies(roles, seed, found):
    share = exact_copies(roles.train, roles.rows).share
    if roles.is_stand_in:
        found.seen["twins"] = _share_of_twins(roles.train)
        if not roles.was_held_out:  # the rows are training rows
            share = found.seen["twins"]
    found.add("exact_copies", share, _error_of_share(share, len(roles.rows)))


def _judge_membership(roles, seed, found):
    if not roles.was_held_out:
        return
    attack = membership_inference(
        roles.train, roles.rows, roles.real, random_state=seed
    )
    low, high = attack.attacks["density_ratio"].auc_interval
    error = (high - low) / (2 * TWO_SIDED_95)
    # Half of the real rows are the attacker's own.
    used = attack.n_members, min(len(roles.train), len(roles.real) // 2)
    found.add("membership_auc", attack.auc, error, rows=used)


def _judge_otherwise(name, function, roles, seed, found):
    takes = inspect.signature(function).parameters
    options = {"random_state": seed} if "random_state" in takes else {}
    found.add(name, function(roles.real, roles.as_many(seed), **options))


def _error_of_share(share, n_rows):
    """Standard error, which half a row more on either side keeps from being zero."""
    share = (n_rows * share + 0.5) / (n_rows + 1)
    return np.sqrt(share * (1 - share) / n_rows)


def _share_of_twins(table):
    """Share of rows that equal another row of the same table."""
    values = np.nan_to_num(table.values + 0.0, nan=np.inf)  # no table has infinity
    counts = Counter(row.tobytes() for row in np.ascontiguousarray(values))
    return sum(count for count in counts.values() if count > 1) / len(table)


JUDGES = {
    _judge_discriminator: ["discriminator_auc"],
    _judge_shapes: ["column_shapes"],
    _judge_trends: ["pair_trends"],
    _judge_information: ["mutual_information_error"],
    _judge_propensity: ["propensity_ratio"],
    _judge_neighbours: ["coverage", "recall", "precision", "density"],
    _judge_utility: ["utility", "utility_of_real"],
    _judge_distance: ["nearer_to_training"],
    _judge_copies: ["exact_copies"],
    _judge_membership: ["membership_auc"],
}
