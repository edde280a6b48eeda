"""``skgendisc compare``: generative beside discriminative classifiers."""

import math
import platform
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sklearn.model_selection import StratifiedKFold

from skgendisc import __version__
from skgendisc.augmentation import balance, enlarge
from skgendisc.cli._arguments import add_jobs, add_seed, checked
from skgendisc.cli._console import one_line, say, tell, terminal_width
from skgendisc.cli._input import check_classes, load_table
from skgendisc.cli._results import check_folder, write_results
from skgendisc.comparison import (
    TableStudy,
    compare_classifiers,
    default_lineup,
    fitting_pairs,
    learning_curves,
    table_preprocessor,
)
from skgendisc.comparison._subsamples import count_test_rows, log_sizes
from skgendisc.comparison._words import word_counter
from skgendisc.reports import write_html
from skgendisc.utils.files import check_new_file

PACKAGES = ("numpy", "scipy", "scikit-learn", "imbalanced-learn")
FOLDS, SPLITS = 5, 30
QUICK_FOLDS, QUICK_SPLITS = 3, 10
MOST_ROWS = 10_000  # of adult, they take two minutes of one processor
QUICK_ROWS, QUICK_SIZES = 3000, 7
TEST_SIZE = 0.25  # share of the rows that judge learning curves
CURVE_METRICS = ("accuracy", "neg_log_loss")


def add_compare(commands):
    command = commands.add_parser(
        "compare",
        help="generative and discriminative classifiers side by side",
        description="Compare generative with discriminative classifiers, these also "
        "trained on real and synthetic rows, on the same stratified folds; and pairs "
        "of one form, such as naive Bayes and logistic regression, on ever more rows.",
    )
    command.set_defaults(run=compare)
    command.add_argument(
        "table",
        nargs="?",
        metavar="TABLE",
        help="a CSV file, compressed or not, or a Parquet file; without it, "
        "scikit-learn's breast_cancer",
    )
    command.add_argument(
        "--target",
        metavar="COLUMN",
        help="column of the classes (default: 'target', or else the last one)",
    )
    command.add_argument(
        "--quick",
        action="store_true",
        help=f"be done in about a minute: {QUICK_ROWS} rows at most, fewer folds and "
        "splits",
    )
    command.add_argument(
        "--rows",
        type=checked(
            lambda text: math.inf if text == "all" else int(text),
            lambda rows: rows > 0,
            "a whole number above 0, or all",
        ),
        metavar="N",
        help="of a larger table take so many rows, drawn at random with the shares of "
        f"the classes, or 'all' (default: {MOST_ROWS}; {QUICK_ROWS} with --quick)",
    )
    command.add_argument(
        "--cv",
        type=checked(int, lambda folds: folds >= 2, "a whole number, 2 or more"),
        metavar="FOLDS",
        help=f"number of stratified folds (default: {FOLDS}; {QUICK_FOLDS} with "
        "--quick)",
    )
    add_seed(command, "of the folds and of all random steps")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("skgendisc-comparison"),
        metavar="DIR",
        help="folder for the results (default: skgendisc-comparison)",
    )
    command.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write a page with all numbers and pictures; it needs nothing else",
    )
    command.add_argument(
        "--force", action="store_true", help="replace the page where it exists"
    )
    add_jobs(command, "fits")
    rows = command.add_mutually_exclusive_group()
    rows.add_argument(
        "--enlarge",
        type=checked(float, lambda by: 1 < by < math.inf, "a number above 1"),
        default=2.0,
        metavar="FACTOR",
        help="synthetic rows make every class so many times as large (default: 2)",
    )
    rows.add_argument(
        "--balance",
        action="store_true",
        help="synthetic rows make all classes as large as the largest",
    )


def compare(arguments):
    """Compare, then print and write what came out."""
    start = time.perf_counter()
    if arguments.cv is None:
        arguments.cv = QUICK_FOLDS if arguments.quick else FOLDS
    if arguments.rows is None:
        arguments.rows = QUICK_ROWS if arguments.quick else MOST_ROWS
    check_folder(arguments.out)
    _check_page(arguments)
    table = load_table(arguments.table, arguments.target)
    check_classes(table, arguments.cv)
    say(str(table))
    used = table
    if len(table.y) > arguments.rows:
        used = table.sample(arguments.rows, least=arguments.cv, seed=arguments.seed)
    study = _study(arguments, table, used)
    tell(f"\n{study.to_text(width=terminal_width())}\n")
    written = write_results(arguments, table, study)
    say(f"Wrote to {arguments.out}: {', '.join(written)}.")
    page = ""
    if arguments.html is not None:
        check = partial(check_new_file, option="--html", force=arguments.force)
        write_html(study, arguments.html, check=check)
        page = f"Wrote {arguments.html}. "
    say(f"{page}It took {time.perf_counter() - start:.0f} seconds.")


def _check_page(arguments):
    """Fail now, rather than after the work, where the page cannot be written."""
    page, out = arguments.html, arguments.out
    if page is None or (page.resolve().parent == out.resolve() and not out.exists()):
        return  # that folder will be made
    check_new_file(page, "--html", force=arguments.force)


def _study(arguments, table, used):
    """All fits, with notes on how they were done, which are also printed."""
    lineup = _lineup(arguments, used)
    pairs = fitting_pairs(table.X)  # of the whole table, as its kinds of columns are
    lead, notes = str(table), []
    if used is not table:
        notes.append(
            f"Compared on {len(used.y)} of the {len(table.y)} rows, drawn at random "
            "with the shares of the classes; --rows all takes all, and longer, with "
            "smaller errors."
        )
        lead = f"{lead} {notes[0]}"
    if arguments.quick:
        notes.append("Quick: fewer folds, splits and sizes.")
    notes += [
        f"{len(lineup)} classifiers on {arguments.cv} stratified folds (seed "
        f"{arguments.seed}); {_describe_rows(arguments)}.",
        _describe_pairs(pairs),
    ]
    for note in notes:
        say(note)
    result = compare_classifiers(
        lineup,
        used.X,
        used.y,
        cv=StratifiedKFold(arguments.cv, shuffle=True, random_state=arguments.seed),
        n_jobs=arguments.jobs,
        verbose=True,
    )
    curves = None
    try:
        curves = _curves(arguments, used, pairs)
    except ValueError as error:
        notes.append(f"No learning curves: {one_line(error)}")
        say(notes[-1])
    return TableStudy(
        title=table.name,
        lead=lead,
        comparison=result,
        curves=curves,
        pairs=[
            {"name": pair.name, "partner": pair.partner, "why": pair.why}
            for pair in pairs.values()
        ],
        notes=notes,
        versions={
            "python": platform.python_version(),
            "skgendisc": __version__,
            **{name: version(name) for name in PACKAGES},
        },
    )


def _lineup(arguments, table):
    settings = {
        "sampling_strategy": (
            balance(1.0) if arguments.balance else enlarge(arguments.enlarge)
        ),
        "random_state": arguments.seed,
    }
    if table.n_text:
        return default_lineup(
            preprocessor=word_counter(table.X), counts=True, **settings
        )
    return default_lineup(
        preprocessor=table_preprocessor(table.X), mixed=table.is_mixed, **settings
    )


def _curves(arguments, table, pairs):
    """Learning curves of all pairs, on the same rows."""
    estimators = {}
    for pair in pairs.values():
        estimators |= pair.estimators
    sizes = {"n_splits": SPLITS}
    if arguments.quick:
        n_pool = len(table.y) - count_test_rows(TEST_SIZE, len(table.y))
        few = log_sizes(n_pool, len(table.class_counts), QUICK_SIZES)
        sizes = {"n_splits": QUICK_SPLITS, "train_sizes": few}
    return learning_curves(
        estimators,
        table.X,
        table.y,
        scoring=list(CURVE_METRICS),
        test_size=TEST_SIZE,
        random_state=arguments.seed,
        n_jobs=arguments.jobs,
        verbose=True,
        **sizes,
    )


def _describe_rows(arguments):
    if arguments.balance:
        return "synthetic rows make all classes as large as the largest"
    return f"synthetic rows make every class {arguments.enlarge:g} times as large"


def _describe_pairs(pairs):
    texts = [f"{pair.name} and {pair.partner}" for pair in pairs.values()]
    return (
        f"Then learning curves of {'; '.join(texts)}: on nested random subsamples, "
        "judged by a quarter of the rows."
    )
