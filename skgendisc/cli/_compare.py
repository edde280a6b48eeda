"""``skgendisc compare``: generative beside discriminative classifiers."""

import math
from pathlib import Path

from sklearn.model_selection import StratifiedKFold

from skgendisc.augmentation import balance, enlarge
from skgendisc.cli._arguments import add_jobs, add_seed, checked
from skgendisc.cli._console import say, terminal_width
from skgendisc.cli._input import check_classes, load_table
from skgendisc.cli._results import check_folder, write_results
from skgendisc.comparison import (
    compare_classifiers,
    default_lineup,
    table_preprocessor,
)


def add_compare(commands):
    command = commands.add_parser(
        "compare",
        help="generative and discriminative classifiers side by side",
        description="Compare generative with discriminative classifiers, these also "
        "trained on real and synthetic rows, on the same stratified folds.",
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
        "--cv",
        type=checked(int, lambda folds: folds >= 2, "a whole number, 2 or more"),
        default=5,
        metavar="FOLDS",
        help="number of stratified folds (default: 5)",
    )
    add_seed(command, "of the folds and of all random steps")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("skgendisc-comparison"),
        metavar="DIR",
        help="folder for the results (default: skgendisc-comparison)",
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
    check_folder(arguments.out)
    table = load_table(arguments.table, arguments.target)
    check_classes(table, arguments.cv)
    lineup = default_lineup(
        sampling_strategy=_strategy(arguments),
        random_state=arguments.seed,
        preprocessor=table_preprocessor(table.X),
        mixed=table.is_mixed,
    )
    say(str(table))
    say(
        f"{len(lineup)} classifiers on {arguments.cv} stratified folds (seed "
        f"{arguments.seed}); {_describe_rows(arguments)}."
    )
    result = compare_classifiers(
        lineup,
        table.X,
        table.y,
        cv=StratifiedKFold(arguments.cv, shuffle=True, random_state=arguments.seed),
        n_jobs=arguments.jobs,
        verbose=True,
    )
    written = write_results(arguments, table, result)
    print(f"\n{result.to_text(width=terminal_width())}\n")
    say(f"Wrote to {arguments.out}: {', '.join(written)}.")


def _strategy(arguments):
    return balance(1.0) if arguments.balance else enlarge(arguments.enlarge)


def _describe_rows(arguments):
    if arguments.balance:
        return "synthetic rows make all classes as large as the largest"
    return f"synthetic rows make every class {arguments.enlarge:g} times as large"
