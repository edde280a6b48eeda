"""Judge samplers by their rows, beside rows whose quality is known."""

import time
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import KFold, StratifiedKFold, check_cv
from sklearn.utils import column_or_1d, indexable

from skgendisc.comparison._evaluation import SamplerEvaluation
from skgendisc.comparison._fits import check_one_fit, run_calls, take_rows
from skgendisc.comparison._measures import Roles, check_metrics, judge, some_rows
from skgendisc.comparison._portraits import make_portrait
from skgendisc.metrics import AlignedTable, align_tables
from skgendisc.utils.random_state import as_generator, draw_seed, set_random_states
from skgendisc.utils.validation import apart, holds_classes

HELD_OUT = "held-out real rows"
OTHER_REAL = "other real rows"
INDEPENDENT = "independent columns"
COPY = "copy of training rows"
SYNTHETIC = "synthetic rows"


def evaluate_sampler(
    samplers,
    X,
    y=None,
    *,
    cv=3,
    metrics=None,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
    verbose=False,
):
    """Fit samplers inside folds, and judge the rows that they draw.

    Beside the samplers stand rows whose quality is known, judged in the same way:
    *held-out real rows*, as good as rows can be, with the noise of the table;
    *independent columns*, the training rows with each column shuffled on its own, the
    floor of fidelity; and a *copy of the training rows*, faithful, useful and not
    private at all.

    Parameters
    ----------
    samplers : sampler or dict of str to sampler
        Whatever has ``fit(X, y)`` and ``sample(n_samples, random_state=...)``, which
        returns rows and labels; cloned, and seeded from ``random_state``.
    X : array-like or DataFrame of shape (n_samples, n_features)
        Real rows; mixed columns and gaps are welcome.
    y : array-like of shape (n_samples,), default=None
        Their labels: given to the samplers, judged as one more column, and what models
        learn to predict. Without it utility is not judged.
    cv : int, cross-validation splitter or iterable of splits, default=3
        An int is the number of folds, shuffled, and stratified where there are classes.
    metrics : list of str or callable, default=None
        Names of numbers to find, or functions such as those of
        :mod:`skgendisc.metrics`, called with the held-out and the synthetic table. None
        finds all of the default ones: see `SamplerEvaluation.describe`.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Number of samplers at a time; -1 uses all processors.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the folds, the samplers and the judges.
    verbose : bool, default=False
        Show a progress bar on standard error, where that is a terminal.

    Returns
    -------
    result : SamplerEvaluation

    Raises
    ------
    ValueError
        If there are no samplers, a class has fewer rows than there are folds, or no
        fit succeeds. A single fit or metric that fails does not stop the study: its
        numbers are NaN, and the message is kept in ``result.failures``.

    Notes
    -----
    In each fold a sampler is fitted to the training rows and draws as many. The rows
    of the test fold are halved: one half judges everything, the other is the row
    *held-out real rows*. Fidelity and coverage take as many rows of each candidate as
    there are to judge them, and utility as many as there are training rows, so that
    all stand on equal numbers; held-out rows are too few to learn from, and their
    utility is left out. Nearness to training rows is judged with all of a candidate's
    rows. Whatever grows with the square of the number of rows takes some of these, as
    ``rows_used`` of the records says.

    Everything runs on one thread, so that seconds compare.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import evaluate_sampler
    >>> from skgendisc.trees import TreeSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> result = evaluate_sampler(
    ...     TreeSampler(), X, y, metrics=["mutual_information_error"], random_state=0
    ... )
    >>> for row in result.rows():
    ...     print(f"{row['name']}: {row['mutual_information_error_mean']:.1f}")
    TreeSampler: 0.1
    held-out real rows: 0.1
    independent columns: 0.2
    copy of training rows: 0.1
    """
    samplers = _as_dict(samplers)
    measures, functions = check_metrics(metrics)
    rng = as_generator(random_state)
    X, y = indexable(X if hasattr(X, "shape") else apart(np.asarray(X), X), y)
    labels, y = y, None if y is None else column_or_1d(y)
    splits = _split(cv, X, y, rng)
    kinds = dict.fromkeys(samplers, "sampler")
    kinds |= dict.fromkeys((HELD_OUT, INDEPENDENT, COPY), "reference")
    seeds = {
        fold: {name: draw_seed(rng) for name in ["judges", "halves", *kinds]}
        for fold in range(len(splits))
    }
    target = None if y is None else str(getattr(labels, "name", None) or "y")
    calls = [
        partial(
            _evaluate_fold,
            name,
            fold,
            samplers.get(name),
            X,
            y,
            splits[fold],
            measures,
            functions,
            {"categorical_features": categorical_features, "target": target},
            seeds[fold],
        )
        for name in kinds
        for fold in range(len(splits))
    ]
    folds = run_calls(calls, n_jobs=n_jobs, verbose=verbose, what="evaluating")
    check_one_fit([f for f in folds if kinds[f["name"]] == "sampler"], "samplers")
    return _as_result(folds, kinds, measures, held_out=True, target=target)


def evaluate_tables(
    X_real,
    X_synthetic,
    X_held_out=None,
    *,
    y_real=None,
    y_synthetic=None,
    y_held_out=None,
    metrics=None,
    categorical_features="from_dtype",
    n_jobs=None,
    random_state=None,
    verbose=False,
):
    """Judge a finished table of synthetic rows, beside rows whose quality is known.

    Parameters
    ----------
    X_real : array-like or DataFrame of shape (n_real, n_features)
        The rows that the sampler was fitted to.
    X_synthetic : array-like or DataFrame of shape (n_synthetic, n_features)
        The rows that it drew.
    X_held_out : array-like or DataFrame of shape (n_held_out, n_features), default=None
        Real rows of the same kind that it has not seen. Without them, half of the real
        rows judge and the other half stands for real rows: fidelity, coverage and
        utility are then what the sampler reaches on rows that it knows, and nearness
        to them is not judged, but for exact copies.
    y_real, y_synthetic, y_held_out : array-like of shape (n_rows,), default=None
        What models learn to predict, classes or numbers; one more column for all
        else.
    metrics : list of str or callable, default=None
        As in `evaluate_sampler`.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        As in :class:`~skgendisc.preprocessing.TableEncoder`.
    n_jobs : int, default=None
        Number of tables judged at a time, synthetic and reference; -1 uses all
        processors.
    random_state : int, RandomState, Generator or None, default=None
        Seed of the halves and the judges.
    verbose : bool, default=False
        Show a progress bar on standard error, where that is a terminal.

    Returns
    -------
    result : SamplerEvaluation
        Of one fold, with the rows of reference of `evaluate_sampler` (without held-out
        rows, *other real rows* and *independent columns*).

    Raises
    ------
    ValueError
        If the tables have other columns, or some labels are missing.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.comparison import evaluate_tables
    >>> rng = np.random.default_rng(0)
    >>> X, X_held_out = rng.normal(size=(2, 400, 2)).cumsum(axis=2)
    >>> apart = rng.permuted(X, axis=0)  # each column shuffled on its own
    >>> result = evaluate_tables(X, apart, X_held_out, random_state=0)
    >>> for verdict in result.verdicts():
    ...     print(verdict["question"], verdict["answer"])
    Does it look real? No
    Does it cover? No
    Is it useful? Not judged
    Is it too near to the training rows? No sign of it
    """
    measures, functions = check_metrics(metrics)
    rng = as_generator(random_state)
    tables, y = [X_real, X_synthetic], [y_real, y_synthetic]
    held_out = X_held_out is not None
    if held_out:
        tables.append(X_held_out)
    if held_out or y_held_out is not None:
        y.append(y_held_out)
    _check_labels(tables, y)
    train, synthetic, *others = align_tables(
        *tables,
        y=None if y_real is None else y,
        categorical_features=categorical_features,
    )
    stand_in, real = _halve(others[0] if held_out else train, draw_seed(rng))
    # More rows cover more and teach more: those of reference are no more.
    stand_in = some_rows(stand_in, len(synthetic), draw_seed(rng))
    pupils = train if held_out else stand_in
    alike = some_rows(pupils, len(synthetic), draw_seed(rng))
    candidates = {SYNTHETIC: synthetic, HELD_OUT if held_out else OTHER_REAL: stand_in}
    candidates[INDEPENDENT] = _shuffle_columns(alike, draw_seed(rng))
    if held_out:
        candidates[COPY] = alike
    seed = draw_seed(rng)
    calls = [
        partial(
            _evaluate_table,
            name,
            Roles(
                table,
                train,
                real,
                pupils=None if table is stand_in else pupils,
                was_held_out=held_out,
                is_stand_in=table is stand_in,
            ),
            measures,
            functions,
            seed,
        )
        for name, table in candidates.items()
    ]
    folds = run_calls(calls, n_jobs=n_jobs, verbose=verbose, what="evaluating")
    kinds = dict.fromkeys(candidates, "reference") | {SYNTHETIC: "sampler"}
    target = None if train.target is None else str(train.columns[train.target].name)
    return _as_result(folds, kinds, measures, held_out=held_out, target=target)


def _as_dict(samplers):
    if not isinstance(samplers, Mapping):
        samplers = {type(samplers).__name__: samplers}
    if not samplers:
        raise ValueError(
            f"samplers must hold one or more, got {samplers!r}. Pass a sampler, or a "
            "dict of names to samplers."
        )
    taken = {HELD_OUT, INDEPENDENT, COPY}.intersection(samplers)
    if taken:
        raise ValueError(
            f"samplers must not have the name of a row of reference, got "
            f"{min(taken)!r}. Rename it."
        )
    return dict(samplers)


def _split(cv, X, y, rng):
    if not isinstance(cv, int | np.integer):
        return list(check_cv(cv).split(X, y))
    is_class = y is not None and holds_classes(y)
    if is_class:
        classes, counts = np.unique(y, return_counts=True)
        if counts.min() < cv:
            rare = classes[counts.argmin()]
            raise ValueError(
                f"cv must be at most the number of rows of each class: got {cv} folds "
                f"and {counts.min()} rows of class {rare!s}. Take fewer folds, or "
                "leave these rows out."
            )
    splitter = StratifiedKFold if is_class else KFold
    folds = splitter(cv, shuffle=True, random_state=draw_seed(rng))
    return list(folds.split(X, y))


def _check_labels(tables, y):
    given = [labels is not None for labels in y]
    if any(given) and not (all(given) and len(y) == len(tables)):
        raise ValueError(
            "y_real, y_synthetic and y_held_out belong together: give labels of all "
            "tables, or of none."
        )


def _halve(table, seed):
    """Two halves at random, with as many rows of each class but for one."""
    if len(table) < 2:
        raise ValueError(
            f"Two rows or more are needed to halve them, got {len(table)}. Give more "
            "rows."
        )
    order = as_generator(seed).permutation(len(table))
    if table.labels is not None:
        order = order[np.argsort(table.labels[order], kind="stable")]
    return table.take(np.sort(order[::2])), table.take(np.sort(order[1::2]))


def _shuffle_columns(table, seed):
    values = as_generator(seed).permuted(table.values, axis=0)
    return AlignedTable(values, table.columns, table.target)


def _evaluate_fold(
    name,
    fold,
    sampler,
    X,
    y,
    split,
    measures,
    functions,
    reading,
    seeds,
):
    """One sampler, or row of reference, on one fold, and what came of it."""
    record = _new_record(name, fold)
    with _watching(record):
        tables = [take_rows(X, rows) for rows in split]
        labels = None if y is None else [y[rows] for rows in split]
        try:
            if sampler is not None:
                drawn = _draw(record, sampler, tables[0], labels, seeds[name])
                tables.append(drawn[0])
                labels = None if labels is None else [*labels, drawn[1]]
            aligned = _align(tables, labels, **reading)
        except Exception as error:  # whatever a stranger's sampler may raise, or draw
            record["errors"]["fit"] = f"{type(error).__name__}: {error}"
        else:
            roles = _roles_in_fold(name, *aligned, seeds=seeds)
            _judge(record, roles, measures, functions, seeds["judges"])
    return record


def _align(tables, labels, *, categorical_features, target):
    """Aligned tables, the labels under the name that the user gave them."""
    aligned = align_tables(*tables, y=labels, categorical_features=categorical_features)
    columns = aligned[0].columns
    if target is None or target in [column.name for column in columns]:
        return aligned
    columns = (*columns[:-1], replace(columns[-1], name=target))
    return [AlignedTable(of.values, columns, of.target) for of in aligned]


def _draw(record, sampler, X, labels, seed):
    """Fit a sampler, and draw as many rows."""
    rng = as_generator(seed)
    model = clone(sampler)
    set_random_states(model, rng)
    n_rows = X.shape[0]
    start = time.perf_counter()
    model.fit(X, None if labels is None else labels[0])
    record["fit_seconds"] = time.perf_counter() - start
    start = time.perf_counter()
    X_new, y_new = model.sample(n_rows, random_state=draw_seed(rng))
    record["sample_seconds"] = time.perf_counter() - start
    return X_new, y_new


def _roles_in_fold(name, train, test, drawn=None, *, seeds):
    stand_in, real = _halve(test, seeds["halves"])
    if name == HELD_OUT:
        return Roles(stand_in, train, real, pupils=None, is_stand_in=True)
    if drawn is None:
        drawn = _shuffle_columns(train, seeds[name]) if name == INDEPENDENT else train
    return Roles(drawn, train, real, pupils=train)


def _evaluate_table(name, roles, measures, functions, seed):
    record = _new_record(name, 0)
    with _watching(record):
        _judge(record, roles, measures, functions, seed)
    return record


def _new_record(name, fold):
    return {
        "name": name,
        "fold": fold,
        "train_rows": np.nan,
        "rows": np.nan,
        "real_rows": np.nan,
        "fit_seconds": np.nan,
        "sample_seconds": np.nan,
        "scores": {},
        "score_errors": {},
        "rows_used": {},
        "importances": {},
        "lost_levels": {},
        "new_levels": {},
        "twin_share": np.nan,
        "errors": {},
        "warnings": [],
        "portrait": None,
    }


@contextmanager
def _watching(record):
    """Notes warnings in a record."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    texts = (f"{entry.category.__name__}: {entry.message}" for entry in caught)
    record["warnings"] = sorted(set(texts))


def _judge(record, roles, measures, functions, seed):
    """Add to the record what judges found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # judges' own, nothing that a user can mend
        found = judge(roles, measures, functions, seed)
    shapes = found.seen.get("shapes")
    record |= {
        "train_rows": len(roles.train),
        "rows": len(roles.rows),
        "real_rows": len(roles.real),
        "scores": found.scores,
        "score_errors": found.errors,
        "rows_used": found.rows_used,
        "importances": {
            str(column): fall
            for column, fall in found.seen.get("importances", {}).items()
        },
        "lost_levels": _plain_levels(shapes and shapes.lost_levels),
        "new_levels": _plain_levels(shapes and shapes.new_levels),
        "twin_share": found.seen.get("twins", np.nan),
        "portrait": make_portrait(roles, found, seed),
    }
    record["errors"] |= found.messages


def _plain_levels(levels):
    return {str(c): [str(level) for level in of] for c, of in (levels or {}).items()}


def _as_result(folds, kinds, measures, *, held_out, target):
    order = list(kinds)
    folds = sorted(folds, key=lambda fold: (order.index(fold["name"]), fold["fold"]))
    portraits = {}
    for fold in folds:
        portrait = fold.pop("portrait")
        if kinds[fold["name"]] == "sampler" and portrait is not None:
            portraits.setdefault(fold["name"], portrait)
    return SamplerEvaluation(
        metrics=list(measures),
        kinds=kinds,
        folds=folds,
        portraits=portraits,
        setting={
            "held_out": held_out,
            "target": target,
            "good": HELD_OUT if held_out else OTHER_REAL,
            "bad": INDEPENDENT,
            "copies": COPY if held_out else None,
        },
    )
