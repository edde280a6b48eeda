"""An evaluation in plain words: each question answered by the rows of reference.

No threshold is ours. What counts as good is what real rows reach among themselves, what
counts as bad the floor in the same table, and what counts as a difference is more than
two standard errors, and than real rows differ by chance; halfway between good and bad
lies the change of words.
"""

import math
from dataclasses import dataclass

import numpy as np

from skgendisc.comparison._measures import QUESTIONS

ANSWERS = {
    "real": ("Yes", "Not quite", "Hardly", "No"),
    "covers": ("Yes", "Not quite", "Hardly", "No"),
    "useful": ("Yes, as real rows are", "Yes, if less than real rows", "Hardly", "No"),
    "near": ("No sign of it", "A little", "Yes", "Yes, as near as copies"),
}
NOT_JUDGED = "Not judged"
NO_GUARANTEE = (
    "Passing is no guarantee of privacy: distances find copies, and this attack is one "
    "of many."
)
N_ERRORS = 2  # standard errors that make a difference
CHANCE = "0.5"  # what is best where a classifier should find nothing
NAMES_SHOWN = 3


@dataclass(frozen=True)
class _Scale:
    """A value between what is good and what is bad, and what chance may explain.

    ``worse`` is 1 where more is worse, and -1 where less is.
    """

    value: float
    good: float
    bad: float
    noise: float
    worse: int

    @property
    def grade(self):
        """0 as good, 1 nearer to good, 2 nearer to bad, 3 as bad; None if not known."""
        excess = self.worse * (self.value - self.good)
        if math.isnan(excess):
            return None
        noise = 0.0 if math.isnan(self.noise) else self.noise
        if excess <= noise:
            return 0
        if math.isnan(self.bad):
            return None
        # By chance the floor may even be better than real rows.
        span = max(self.worse * (self.bad - self.good), 0.0)
        if excess >= span - noise:
            return 3
        return 1 if excess < span / 2 else 2

    @property
    def way(self):
        """Words for how far a value between bad and good has come."""
        if self.grade not in (1, 2):
            return ""
        share = (self.value - self.bad) / (self.good - self.bad)
        return f" That is {share:.0%} of the way from independent columns to real rows."


def give_verdicts(result, name):
    """Answers to all questions, as ``SamplerEvaluation.verdicts`` returns them."""
    verdicts = []
    for key, judge in _JUDGES.items():
        grade, text = judge(result, name)
        answer = NOT_JUDGED if grade is None else ANSWERS[key][grade]
        verdicts.append(
            {
                "question": QUESTIONS[key],
                "answer": answer,
                "grade": grade,
                "text": text,
            }
        )
    return verdicts


def _look_real(result, name):
    scale = _scale(result, name, "discriminator_auc", bad=result.setting["bad"])
    if scale.grade is None:
        return None, _why_not(result, name, "discriminator_auc")
    text = (
        "A discriminator tells them from real rows with AUC "
        f"{_value(result, name, 'discriminator_auc')} "
        f"({_references(result, 'discriminator_auc', result.setting['bad'])})."
    )
    _, error = result.mean_and_error(name, "discriminator_auc")
    if scale.value < 0.5 - N_ERRORS * error:
        text += (
            " Below chance: there are copies among them of the very rows that judge "
            "them."
        )
    if scale.grade > 0:
        text += scale.way + _tell_tales(result, name)
    return scale.grade, text


def _cover(result, name):
    scale = _scale(result, name, "coverage", bad=result.setting["bad"])
    if scale.grade is None:
        return None, _why_not(result, name, "coverage")
    text = (
        f"{_share(result, name, 'coverage')} of real rows have one of them among their "
        f"nearest ({_references(result, 'coverage', result.setting['bad'], _share)})."
    )
    text += scale.way
    grade, lost = scale.grade, _levels(result, name, "lost_levels")
    if lost:
        grade = max(grade, 1)  # as chance alone would hardly bring
        text += f" Never, or hardly ever, drawn: {lost}."
    return grade, text


def _be_useful(result, name):
    if result.setting["target"] is None:
        return None, "No target was named for models to learn."
    value, good = (
        result.mean_and_error(name, m)[0] for m in ("utility", "utility_of_real")
    )
    bad, _ = result.mean_and_error(result.setting["bad"], "utility")
    _, error = result.difference(name, "utility", name, "utility_of_real")
    scale = _Scale(value, good, bad, N_ERRORS * np.nan_to_num(error), worse=-1)
    if scale.grade is None:
        return None, _why_not(result, name, "utility")
    text = (
        f"A model that learned {result.setting['target']!r} from them scores "
        f"{_value(result, name, 'utility')} on real rows; from real rows {good:.3f}; "
        f"from independent columns {bad:.3f}."
    )
    if scale.good - scale.bad <= scale.noise:
        return None, f"{text} Real rows teach no more than these: there is no telling."
    return scale.grade, text + scale.way


def _be_too_near(result, name):
    setting = result.setting
    if not setting["held_out"]:
        return _contain_copies(result, name)
    scales = [
        _scale(result, name, "nearer_to_training", bad=setting["copies"]),
        _scale(result, name, "membership_auc", bad=setting["copies"]),
        _scale_of_copies(result, name),
    ]
    grades = [scale.grade for scale in scales if scale.grade is not None]
    if not grades:
        return None, _why_not(result, name, "nearer_to_training")
    texts = [
        f"{_share(result, name, 'nearer_to_training')} of them are nearer to a "
        "training row than to any of as many held-out ones "
        f"({_references(result, 'nearer_to_training', setting['copies'], _share)})",
        "an attacker tells training rows from strangers with AUC "
        f"{_value(result, name, 'membership_auc')} "
        f"({_references(result, 'membership_auc', setting['copies'])})",
        f"{_share(result, name, 'exact_copies')} equal a training row "
        f"({_references(result, 'exact_copies', setting['bad'], _share)})",
    ]
    measured = [
        text
        for text, scale in zip(texts, scales, strict=True)
        if scale.grade is not None
    ]
    doubt = _doubt_held_out(result)
    return max(grades), f"{'; '.join(measured)}. {doubt}{NO_GUARANTEE}"


def _doubt_held_out(result):
    """Words for held-out rows that equal training rows more often than these do."""
    real = result.setting["good"]
    share, error = result.mean_and_error(real, "exact_copies")
    twins = result.values(real, "twin_share").mean()
    if not share > twins + N_ERRORS * error:
        return ""
    return "Held-out rows are among the training rows: were they held out? "


def _contain_copies(result, name):
    """Without held-out rows nothing but copies can be told."""
    scale = _scale_of_copies(result, name)
    why = (
        "Without rows that the sampler has not seen, nearness cannot be judged: hold "
        "some out."
    )
    if scale.grade is None:
        return None, why
    text = (
        f"{_share(result, name, 'exact_copies')} of them equal a real row; of real "
        f"rows {_share(result, result.setting['good'], 'exact_copies')} equal another "
        f"one; of independent columns "
        f"{_share(result, result.setting['bad'], 'exact_copies')} equal one. {why}"
    )
    return scale.grade or None, text


# Numbers and names --------------------------------------------------------------------


def _scale(result, name, metric, *, bad):
    """A metric of a sampler, between that of real rows and that of the floor."""
    if metric not in result.metrics:
        return _Scale(math.nan, math.nan, math.nan, math.nan, worse=1)
    real = result.setting["good"]
    value, good, bad = (
        result.mean_and_error(row, metric)[0] for row in (name, real, bad)
    )
    better = result.describe(metric).better
    if better == CHANCE:
        # Known: real rows stray from it by chance, and so far others may.
        _, error = result.mean_and_error(name, metric)
        noise = max(N_ERRORS * error, abs(good - 0.5))
        return _Scale(value, 0.5, bad, noise, worse=1)
    _, error = result.difference(name, metric, real)
    worse = -1 if better == "more" else 1
    return _Scale(value, good, bad, N_ERRORS * error, worse)


def _scale_of_copies(result, name):
    """Copies beyond those that come by themselves, where values repeat."""
    value, _ = result.mean_and_error(name, "exact_copies")
    # Columns shuffled on their own make real rows too, out of few values.
    chance = max(
        result.mean_and_error(result.setting[of], "exact_copies")[0]
        for of in ("good", "bad")
    )
    _, error = result.difference(name, "exact_copies", result.setting["good"])
    return _Scale(value, chance, 1.0, N_ERRORS * error, worse=1)


def _value(result, name, metric, *, with_error=True):
    mean, error = result.mean_and_error(name, metric)
    if math.isnan(error) or not with_error:
        return f"{mean:.3f}"
    return f"{mean:.3f} ± {error:.3f}"


def _share(result, name, metric, *, with_error=False):
    mean, _ = result.mean_and_error(name, metric)
    digits = 0 if mean in (0.0, 1.0) else 1
    return f"{mean:.{digits}%}"


def _references(result, metric, bad, write=_value):
    """What real rows and the floor have of a number."""
    texts = [f"real rows: {write(result, result.setting['good'], metric)}"]
    if bad is not None:
        texts.append(f"{bad}: {write(result, bad, metric, with_error=False)}")
    return "; ".join(texts)


def _tell_tales(result, name):
    """The columns that the discriminator used, beyond chance."""
    falls = mean_importances(result, name)
    _, noise = result.mean_and_error(name, "discriminator_auc")
    used = [column for column, fall in falls.items() if fall > N_ERRORS * noise]
    return f" It looks most at {_list_names(used)}." if used else ""


def mean_importances(result, name):
    """Mean over folds of what the discriminator loses without a column, most first."""
    records = [fold["importances"] for fold in result.of(name) if fold["importances"]]
    if not records:
        return {}
    falls = {
        column: sum(of_fold.get(column, 0.0) for of_fold in records) / len(records)
        for column in records[0]
    }
    return dict(sorted(falls.items(), key=lambda item: -item[1]))


def _levels(result, name, kind):
    """Levels that are lost in every fold, in words."""
    lost = None
    for fold in result.of(name):
        if "fit" in fold["errors"]:
            continue
        of_fold = {(c, level) for c, levels in fold[kind].items() for level in levels}
        lost = of_fold if lost is None else lost & of_fold
    return _list_names([f"{column} = {level}" for column, level in sorted(lost or ())])


def _list_names(names):
    shown = names[:NAMES_SHOWN]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _why_not(result, name, metric):
    messages = [m for fold in result.of(name) for m in fold["errors"].values()]
    if messages:
        return f"It failed: {messages[0]}"
    if metric not in result.metrics:
        return "This was not measured."
    return "It does not apply to these rows."


_JUDGES = {
    "real": _look_real,
    "covers": _cover,
    "useful": _be_useful,
    "near": _be_too_near,
}
