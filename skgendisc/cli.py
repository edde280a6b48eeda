"""The command ``skgendisc``: reads a table, calls a study, prints and writes."""

import argparse
import csv
import difflib
import json
import math
import os
import platform
import shutil
import sys
import tempfile
import textwrap
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import StratifiedKFold
from sklearn.utils import get_tags

from skgendisc import __version__
from skgendisc._tables import check_out, encode_table, read_frame, read_table
from skgendisc.augmentation import balance, enlarge
from skgendisc.comparison import (
    compare_classifiers,
    default_lineup,
    evaluate_tables,
    table_preprocessor,
)
from skgendisc.compose import RefinedSampler, TransformedSampler
from skgendisc.joint import (
    ClassConditionalSampler,
    GaussianCopulaSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    QDASampler,
)
from skgendisc.preprocessing import TableEncoder
from skgendisc.reports import write_html
from skgendisc.trees import TreeSampler
from skgendisc.utils._optional import import_optional
from skgendisc.utils.files import (
    Terminated,
    check_new_file,
    replace_file,
    stopping_on_sigterm,
)

RESULTS = (
    "comparison.csv",
    "comparison.json",
    "comparison.png",
    "confusion_matrices.png",
)
PACKAGES = ("numpy", "scipy", "scikit-learn", "imbalanced-learn")


def _encoded(sampler):
    return TransformedSampler(TableEncoder(), sampler)


SAMPLERS = {
    "trees": TreeSampler(),
    "refined-trees": RefinedSampler(TreeSampler()),
    "copula": GaussianCopulaSampler(),
    "mixed-nb": MixedNBSampler(numeric="quantile-normal"),
    "gaussian-nb": _encoded(GaussianNBSampler()),
    "lda": _encoded(LDASampler(shrinkage="auto")),
    "qda": _encoded(QDASampler(shrinkage="auto")),
    "mixture": _encoded(
        ClassConditionalSampler(
            GaussianMixture(3, covariance_type="diag", reg_covar=0.05, max_iter=1000)
        )
    ),
}


def main(argv=None):
    """Run the command.

    Parameters
    ----------
    argv : list of str, default=None
        Arguments; None takes those of the process.

    Returns
    -------
    code : int
        0; 2 where the user has something to mend, which is then said in one line on
        standard error; 130 where the user has interrupted, 143 where SIGTERM has.
    """
    arguments = _parser().parse_args(argv)
    prog = f"skgendisc {arguments.command}"
    try:
        with stopping_on_sigterm():
            arguments.run(arguments)
            sys.stdout.flush()
    except BrokenPipeError:
        _print_no_more()
    except (ImportError, OSError, ValueError) as error:
        print(f"{prog}: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"{prog}: interrupted, nothing was written", file=sys.stderr)
        return 143 if isinstance(stop, Terminated) else 130
    return 0


def _print_no_more():
    """The reader, head or less, has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser():
    parser = _Parser(
        prog="skgendisc", description="Generative samplers for tables, judged."
    )
    parser.add_argument(
        "--version", action="version", version=f"skgendisc {__version__}"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_compare(commands)
    _add_augment(commands)
    _add_evaluate(commands)
    return parser


def _add_compare(commands):
    command = commands.add_parser(
        "compare",
        help="generative and discriminative classifiers side by side",
        description="Compare generative with discriminative classifiers, these also "
        "trained on real and synthetic rows, on the same stratified folds.",
    )
    command.set_defaults(run=_compare)
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
        type=_checked(int, lambda folds: folds >= 2, "a whole number, 2 or more"),
        default=5,
        metavar="FOLDS",
        help="number of stratified folds (default: 5)",
    )
    _add_seed(command, "of the folds and of all random steps")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("skgendisc-comparison"),
        metavar="DIR",
        help="folder for the results (default: skgendisc-comparison)",
    )
    _add_jobs(command, "fits")
    rows = command.add_mutually_exclusive_group()
    rows.add_argument(
        "--enlarge",
        type=_checked(float, lambda by: 1 < by < math.inf, "a number above 1"),
        default=2.0,
        metavar="FACTOR",
        help="synthetic rows make every class so many times as large (default: 2)",
    )
    rows.add_argument(
        "--balance",
        action="store_true",
        help="synthetic rows make all classes as large as the largest",
    )


def _add_augment(commands):
    command = commands.add_parser(
        "augment",
        help="a table with synthetic rows after the real ones",
        description="Write the rows of a table and synthetic ones after them, in the "
        "same columns. Real rows go to the new file as they are.",
    )
    command.set_defaults(run=_augment)
    command.add_argument(
        "table",
        metavar="TABLE",
        help="a CSV file, compressed or not, or a Parquet file",
    )
    command.add_argument(
        "--target",
        metavar="COLUMN",
        help="column of the classes; without it, all columns are modelled alike",
    )
    command.add_argument(
        "--sampler",
        type=_sampler_name,
        default="trees",
        metavar="NAME",
        help=f"one of {', '.join(SAMPLERS)} (default: trees)",
    )
    rows = command.add_mutually_exclusive_group()
    rows.add_argument(
        "--rows",
        type=_checked(int, lambda rows: rows >= 1, "a whole number, 1 or more"),
        metavar="N",
        help="so many synthetic rows, their classes as often as in TABLE (default: as "
        "many as TABLE has)",
    )
    rows.add_argument(
        "--balance",
        action="store_true",
        help="synthetic rows make all classes as large as the largest",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="file to write; its ending, as .csv, .csv.gz or .parquet, says how",
    )
    command.add_argument(
        "--synthetic-only", action="store_true", help="leave the real rows out"
    )
    command.add_argument(
        "--mark",
        metavar="COLUMN",
        help="add a last column of this name that is true for synthetic rows",
    )
    _add_seed(command, "of all random steps")
    command.add_argument(
        "--force", action="store_true", help="replace FILE where it exists"
    )


def _add_evaluate(commands):
    command = commands.add_parser(
        "evaluate",
        help="how good synthetic rows are, beside rows of known quality",
        description="Judge synthetic rows: do they look real, cover, teach, and keep "
        "away from the rows they were learnt from? Beside them stand real rows, "
        "independent columns and copies.",
    )
    command.set_defaults(run=_evaluate)
    for name, rows in (
        ("REAL", "rows that the sampler was fitted to"),
        ("SYNTHETIC", "rows that it drew, in the same columns"),
    ):
        command.add_argument(
            name.lower(),
            type=Path,
            metavar=name,
            help=f"{rows}: a CSV file, compressed or not, or a Parquet file",
        )
    command.add_argument(
        "--holdout",
        type=Path,
        metavar="FILE",
        help="real rows that the sampler has not seen; without them half of REAL "
        "judges, and nearness to REAL is not judged",
    )
    command.add_argument(
        "--target",
        metavar="COLUMN",
        help="column that models learn to predict; without it usefulness is not judged",
    )
    command.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write a page with all numbers and pictures; it needs nothing else",
    )
    _add_seed(command, "of all random steps")
    _add_jobs(command, "tables judged")
    command.add_argument(
        "--force", action="store_true", help="replace the page where it exists"
    )


def _add_jobs(command, what):
    command.add_argument(
        "--jobs",
        type=_checked(int, lambda jobs: jobs != 0, "a whole number, not 0"),
        default=-1,
        metavar="N",
        help=f"{what} at a time; -1, the default, for one on each processor",
    )


def _add_seed(command, what):
    command.add_argument(
        "--seed",
        type=_checked(
            int, lambda seed: 0 <= seed < 2**32, "a whole number from 0 to 2**32 - 1"
        ),
        default=0,
        help=f"{what} (default: 0)",
    )


def _sampler_name(text):
    if text not in SAMPLERS:
        raise argparse.ArgumentTypeError(
            f"must be one of {', '.join(SAMPLERS)}: got {text!r}. The closest is "
            f"{_closest(text, SAMPLERS)!r}"
        )
    return text


def _closest(text, names):
    return difflib.get_close_matches(text, names, n=1, cutoff=0)[0]


def _checked(convert, accept, wanted):
    """Make a reader of one argument, whose error says what was wanted."""

    def read(text):
        try:
            value = convert(text)
        except ValueError:
            value = None
        if value is None or not accept(value):
            raise argparse.ArgumentTypeError(f"must be {wanted}, got {text!r}")
        return value

    return read


def _one_line(error):
    return " ".join(str(error).split())


# The table ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """Rows and classes, with the names under which they are reported."""

    name: str
    target: str
    X: object
    y: np.ndarray
    n_categorical: int = 0

    @property
    def class_counts(self):
        classes, counts = np.unique(self.y, return_counts=True)
        return dict(zip(classes.tolist(), counts.tolist(), strict=True))

    @property
    def is_mixed(self):
        """Whether there are categories or gaps."""
        gaps = self.X.isna().to_numpy() if hasattr(self.X, "isna") else False
        return self.n_categorical > 0 or bool(np.any(gaps))

    def __str__(self):
        n_rows, n_columns = self.X.shape
        return _describe_table(
            self.name,
            n_rows,
            n_columns,
            self.n_categorical,
            self.target,
            self.class_counts,
        )


def _describe_table(name, n_rows, n_columns, n_categorical, target, class_counts):
    columns = f"{n_columns - n_categorical} numeric and {n_categorical} categorical"
    classes = "no target"
    if target is not None:
        n_labelled = sum(class_counts.values())
        shares = _list_classes(class_counts, lambda count: f"{count / n_labelled:.1%}")
        classes = f"target {target!r} with {len(class_counts)} classes: {shares}"
    return f"{name}: {n_rows} rows, {columns} columns, {classes}."


def _list_classes(class_counts, write):
    """What ``write`` makes of the counts of the largest classes."""
    texts = [
        f"{label} {write(count)}"
        for label, count in sorted(class_counts.items(), key=lambda item: -item[1])
    ]
    rest = [f"{len(texts) - 6} more"] if len(texts) > 7 else texts[6:]
    return ", ".join(texts[:6] + rest)


def _load_table(path, target):
    if path is not None:
        return _read_table(Path(path), target)
    if target is not None:
        raise ValueError(
            f"--target names a column of TABLE: got {target!r} and no TABLE. Give a "
            "file, or leave --target out."
        )
    data = load_breast_cancer()
    diagnosis = data.target_names[data.target]
    return _Table("breast_cancer", "diagnosis", data.data, diagnosis)


def _read_table(path, target):
    frame = read_frame(path)
    frame.columns = frame.columns.astype(str)
    target = _find_target(list(frame.columns), target)
    if frame.shape[1] < 2:
        raise ValueError(
            f"TABLE needs columns beside the target: got {target!r} only in {path}. "
            "Add some, and separate cells by commas."
        )
    labelled = frame[target].notna()
    if not labelled.all():
        _say(f"Left out {(~labelled).sum()} rows without a value of {target!r}.")
    frame = frame[labelled].reset_index(drop=True)
    if frame.empty:
        raise ValueError(
            f"TABLE needs rows with a value of {target!r}: got none in {path}. Choose "
            "another column with --target, or another file."
        )
    y = _as_labels(frame.pop(target).to_numpy())
    X, n_categorical = _as_features(frame)
    return _Table(path.name, target, X, y, n_categorical)


def _find_target(columns, target, table="TABLE"):
    if target is None:
        return "target" if "target" in columns else columns[-1]
    if target not in columns:
        raise ValueError(
            f"--target must be a column of {table}: got {target!r}. The closest is "
            f"{_closest(target, columns)!r}."
        )
    return target


def _as_labels(values):
    """Whole numbers as ints, all else as strings."""
    if values.dtype.kind == "f" and np.all(values == np.round(values)):
        values = values.astype(int)  # they were floats because of gaps
    return values if values.dtype.kind in "iu" else values.astype(str)


def _as_features(frame):
    """Columns of numbers as they are, others as strings with gaps."""
    numeric = _finite_columns(frame)
    for name in frame.columns.difference(numeric.columns):
        column = frame[name].astype(object)
        frame[name] = column.map(str, na_action="ignore").where(column.notna(), np.nan)
    return frame, frame.shape[1] - numeric.shape[1]


def _finite_columns(frame):
    """The columns of numbers and truth values, whose values must be finite."""
    numeric = frame.select_dtypes(["number", "bool"])
    infinite = np.isinf(numeric.to_numpy(dtype=float, na_value=np.nan)).any(axis=0)
    if infinite.any():
        raise ValueError(
            f"TABLE must hold finite numbers: column {numeric.columns[infinite][0]!r} "
            "has infinite ones. Replace them, or leave the cells empty."
        )
    return numeric


def _check_classes(table, folds):
    counts = table.class_counts
    if len(counts) < 2:
        raise ValueError(
            f"the target needs two classes or more: got one, {table.y[0]!s}, in column "
            f"{table.target!r}. Choose another column with --target."
        )
    rare = [label for label, count in counts.items() if count < folds]
    if rare:
        fewest = min(counts.values())
        lower = f"lower --cv to {fewest}, " if fewest > 1 else ""
        raise ValueError(
            f"--cv {folds} needs {folds} rows of every class or more: got fewer for "
            f"{len(rare)} of the {len(counts)} classes in column {table.target!r}, "
            f"{counts[rare[0]]} for {rare[0]}. You can {lower}leave these rows out, or "
            "choose another column with --target."
        )


# Synthetic rows ----------------------------------------------------------------------


def _augment(arguments):
    check_out(arguments.out, force=arguments.force)
    path = Path(arguments.table)
    table = read_table(path)
    model = _TableModel.of(table.frame, arguments)
    if arguments.mark in table.frame:
        raise ValueError(
            f"--mark must be a new column: TABLE has {arguments.mark!r}. Choose "
            "another name."
        )
    _say(model.describe(path.name))
    with _noting_warnings("skgendisc augment"):
        new = model.draw(arguments)
    keep_real = not arguments.synthetic_only
    data = encode_table(
        table, new, arguments.out, keep_real=keep_real, mark=arguments.mark
    )
    counts = model.count_classes(new)
    classes = f" ({_list_classes(counts, str)})" if counts else ""
    n_written = len(new) + keep_real * len(table.frame)
    replace_file(
        arguments.out,
        data,
        check=partial(check_out, force=arguments.force),
        done=lambda: _say(
            f"Drew {len(new)} synthetic rows with {arguments.sampler}, seed "
            f"{arguments.seed}{classes}; wrote {n_written} rows to {arguments.out}."
        ),
    )


@dataclass(frozen=True)
class _TableModel:
    """What is modelled: the rows of a frame with the numbers of their classes.

    Parameters
    ----------
    frame : pandas.DataFrame
    target : str or None
    code : ndarray of shape (n_rows,) or None
        Number of each row's class; -1 for a row without, which is not learnt from.
    first : ndarray of shape (n_classes,) or None
        A row of each class.
    """

    frame: object
    target: str | None
    code: np.ndarray | None
    first: np.ndarray | None

    @classmethod
    def of(cls, frame, arguments):
        """Find the classes, and refuse what cannot be modelled."""
        if frame.empty:
            raise ValueError(
                f"TABLE needs rows: got none in {arguments.table}. Check the file."
            )
        _finite_columns(frame)
        if arguments.target is None:
            model = cls(frame, None, None, None)
        else:
            model = cls._with_classes(frame, arguments.target)
        model._check_sampler(arguments.sampler)
        model._check_balance(arguments)
        return model

    @classmethod
    def _with_classes(cls, frame, target):
        target = _find_target(list(frame.columns), target)
        if frame.shape[1] < 2:
            raise ValueError(
                f"TABLE needs columns beside the target: got {target!r} only. Add "
                "some, and separate cells by commas."
            )
        labels = frame[target]
        try:
            code, levels = labels.factorize()
        except TypeError as error:  # lists and the like
            raise ValueError(
                f"--target must be a column of classes: got {target!r} ({error}). "
                "Choose another one."
            ) from error
        if not len(levels):
            raise ValueError(
                f"TABLE needs rows with a value of {target!r}: got none. Choose "
                "another column with --target, or leave --target out."
            )
        is_real = labels.dtype.kind == "f" and (labels.dropna() % 1 != 0).any()
        if is_real or 2 * len(levels) > max(np.sum(code >= 0), 4):
            raise ValueError(
                f"--target must be a column of classes: got {target!r}, with "
                f"{len(levels)} values in {np.sum(code >= 0)} rows. Choose another "
                "column, or leave --target out to model all columns alike."
            )
        _, first = np.unique(code[code >= 0], return_index=True)
        return cls(frame, target, code, np.flatnonzero(code >= 0)[first])

    @property
    def _features(self):
        return self.frame.drop(columns=[] if self.target is None else self.target)

    @property
    def has_classes(self):
        """Whether there are classes to tell apart."""
        return self.code is not None and len(self.first) > 1

    def describe(self, name):
        """One line for the user."""
        X = self._features
        numeric = X.select_dtypes(["number", "bool", "datetime", "datetimetz"])
        text = _describe_table(
            name,
            *X.shape,
            X.shape[1] - numeric.shape[1],
            self.target,
            self.count_classes(self.frame),
        )
        if self.target is None:
            return f"{text} All columns are modelled alike."
        if not self.has_classes:
            text += " With one class only, the other columns are modelled alone."
        n_without = np.sum(self.code < 0)
        if n_without:
            text += f" {n_without} rows without a class are kept, not learnt from."
        return text

    def count_classes(self, frame):
        """Rows of each class, by label."""
        if self.target is None:
            return {}
        return {
            str(label): int(count)
            for label, count in frame[self.target].value_counts(sort=False).items()
            if count
        }

    def draw(self, arguments):
        """Synthetic rows, a frame with the columns and dtypes of the real one."""
        sampler = clone(SAMPLERS[arguments.sampler])
        sampler.set_params(random_state=arguments.seed)
        known = slice(None) if self.code is None else self.code >= 0
        X = self._features[known].reset_index(drop=True)
        try:
            sampler.fit(X, self.code[known] if self.has_classes else None)
            if arguments.balance:
                code = self._missing_for_balance()
                X_new = sampler.sample_conditional(code)
            else:
                X_new, code = sampler.sample(arguments.rows or len(self.frame))
        except Exception as error:  # whatever a fit may raise
            raise ValueError(
                f"--sampler {arguments.sampler} cannot model TABLE: {error}"
            ) from error
        if self.target is not None:
            rows = (
                np.repeat(self.first, len(X_new)) if code is None else self.first[code]
            )
            labels = self.frame[self.target].iloc[rows]
            X_new.insert(
                self.frame.columns.get_loc(self.target), self.target, labels.array
            )
        return X_new

    def _missing_for_balance(self):
        """Class numbers of the rows that make all classes as large as the largest."""
        counts = np.bincount(self.code[self.code >= 0])
        return np.repeat(np.arange(len(counts)), counts.max() - counts)

    def _check_sampler(self, name):
        if self.has_classes or not get_tags(SAMPLERS[name]).target_tags.required:
            return
        able = [
            other
            for other, sampler in SAMPLERS.items()
            if not get_tags(sampler).target_tags.required
        ]
        raise ValueError(
            f"--sampler {name} needs a --target of two classes or more. Give one, or "
            f"choose one of {', '.join(able)}."
        )

    def _check_balance(self, arguments):
        if not arguments.balance:
            return
        if not self.has_classes:
            raise ValueError(
                "--balance needs a --target of two classes or more. Give one, or say "
                "how many rows to draw with --rows."
            )
        if arguments.synthetic_only and not len(self._missing_for_balance()):
            raise ValueError(
                "--balance has nothing to draw for --synthetic-only: all classes have "
                "as many rows. Say how many to draw with --rows."
            )


@contextmanager
def _noting_warnings(prog):
    """Context that writes each warning in one line on standard error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    for text in dict.fromkeys(_one_line(entry.message) for entry in caught):
        print(f"{prog}: {text}", file=sys.stderr)


# Judging synthetic rows --------------------------------------------------------------


def _evaluate(arguments):
    if arguments.html is not None:
        check_new_file(arguments.html, "--html", force=arguments.force)
    tables = _read_alike(arguments)
    y = None
    if arguments.target is not None:
        y = [frame.pop(arguments.target) for frame in tables.values()]
    _say(_describe_evaluation(arguments, tables))
    with _noting_warnings("skgendisc evaluate"):
        result = evaluate_tables(
            *tables.values(),
            **dict(zip(("y_real", "y_synthetic", "y_held_out"), y or [], strict=False)),
            n_jobs=arguments.jobs,
            random_state=arguments.seed,
            verbose=True,
        )
    if arguments.html is not None:
        check = partial(check_new_file, option="--html", force=arguments.force)
        write_html(result, arguments.html, check=check)
    print(f"\n{result.to_text(width=_terminal_width())}\n")
    if arguments.html is not None:
        _say(f"Wrote {arguments.html}.")


def _read_alike(arguments):
    """The tables by name, as frames of the same columns."""
    paths = {"REAL": arguments.real, "SYNTHETIC": arguments.synthetic}
    if arguments.holdout is not None:
        paths["--holdout"] = arguments.holdout
    tables = {name: read_frame(path, name) for name, path in paths.items()}
    columns = None
    for name, frame in tables.items():
        frame.columns = frame.columns.astype(str)
        columns = list(frame.columns) if columns is None else columns
        _check_columns(name, list(frame.columns), columns)
        if frame.empty:
            raise ValueError(f"{name} needs rows: got none in {paths[name]}.")
    if arguments.target is None:
        return tables
    target = _find_target(columns, arguments.target, "REAL")
    if len(columns) < 2:
        raise ValueError(
            f"REAL needs columns beside the target: got {target!r} only. Leave "
            "--target out, or add some."
        )
    return {
        name: _leave_out_gaps(name, frame, target) for name, frame in tables.items()
    }


def _check_columns(name, columns, wanted):
    missing = [column for column in wanted if column not in columns]
    strange = [column for column in columns if column not in wanted]
    if missing or strange:
        lacks = f"lacks {missing[0]!r}" if missing else f"has {strange[0]!r} beside"
        raise ValueError(
            f"{name} must have the columns of REAL: it {lacks}"
            f"{_count_rest(len(missing) + len(strange))}. Select the same columns of "
            "all files."
        )


def _count_rest(number):
    return f", and {number - 1} more differ" if number > 1 else ""


def _leave_out_gaps(name, frame, target):
    """The rows with a value of the target."""
    labelled = frame[target].notna()
    if labelled.all():
        return frame
    _say(f"Left out {(~labelled).sum()} rows of {name} without a value of {target!r}.")
    if not labelled.any():
        raise ValueError(
            f"{name} needs rows with a value of {target!r}: got none. Choose another "
            "column with --target."
        )
    return frame[labelled].reset_index(drop=True)


def _describe_evaluation(arguments, tables):
    sizes = {name: len(frame) for name, frame in tables.items()}
    held_out = (
        f"{sizes['--holdout']} held out"
        if "--holdout" in sizes
        else "none held out (--holdout)"
    )
    return (
        f"{sizes['SYNTHETIC']} synthetic rows of {arguments.synthetic.name} beside "
        f"{sizes['REAL']} real ones of {arguments.real.name}, {held_out}; seed "
        f"{arguments.seed}."
    )


# The study ---------------------------------------------------------------------------


def _compare(arguments):
    _check_folder(arguments.out)
    table = _load_table(arguments.table, arguments.target)
    _check_classes(table, arguments.cv)
    lineup = default_lineup(
        sampling_strategy=_strategy(arguments),
        random_state=arguments.seed,
        preprocessor=table_preprocessor(table.X),
        mixed=table.is_mixed,
    )
    _say(str(table))
    _say(
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
    written = _write_results(arguments, table, result)
    print(f"\n{result.to_text(width=_terminal_width())}\n")
    _say(f"Wrote to {arguments.out}: {', '.join(written)}.")


def _say(text):
    width = _terminal_width()
    try:
        print(textwrap.fill(text, width) if width else text, flush=True)
    except BrokenPipeError:  # the work goes on, and what it writes is written
        _print_no_more()


def _terminal_width():
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _strategy(arguments):
    return balance(1.0) if arguments.balance else enlarge(arguments.enlarge)


def _describe_rows(arguments):
    if arguments.balance:
        return "synthetic rows make all classes as large as the largest"
    return f"synthetic rows make every class {arguments.enlarge:g} times as large"


# What it writes ----------------------------------------------------------------------


def _check_folder(out):
    """Fail now, rather than after the work, where the results cannot be written."""
    try:
        with _scratch_folder(out):
            pass
    except OSError as error:
        raise ValueError(
            f"--out must be a folder that can be written to: got {out} ({error}). "
            "Choose another one."
        ) from error
    for name in RESULTS:
        if (out / name).is_dir():
            raise ValueError(
                f"--out must have room for the file {name}: got {out}, where a folder "
                "has this name. Choose another one."
            )


def _scratch_folder(out):
    """A passing folder inside ``out`` or, before that exists, inside its parent."""
    parents = (out, *out.absolute().parents)
    home = next(folder for folder in parents if folder.exists())
    return tempfile.TemporaryDirectory(prefix=".skgendisc-", dir=home)


def _write_results(arguments, table, result):
    """Write all files, then move them to their places; returns their names."""
    with _scratch_folder(arguments.out) as scratch:
        scratch = Path(scratch)
        _write_csv(scratch / "comparison.csv", result.rows())
        report = _report(arguments, table, result)
        _write_json(scratch / "comparison.json", report)
        _draw_pictures(scratch, result)
        arguments.out.mkdir(parents=True, exist_ok=True)
        written = [name for name in RESULTS if (scratch / name).exists()]
        for name in written:
            (scratch / name).replace(arguments.out / name)
    return written


def _write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=rows[0])
        writer.writeheader()
        writer.writerows(_strict(rows))


def _write_json(path, report):
    text = json.dumps(_strict(report), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _report(arguments, table, result):
    versions = {name: version(name) for name in PACKAGES}
    n_rows, n_columns = table.X.shape
    return {
        "versions": {
            "python": platform.python_version(),
            "skgendisc": __version__,
            **versions,
        },
        "table": {
            "name": table.name,
            "rows": n_rows,
            "columns": n_columns,
            "categorical_columns": table.n_categorical,
            "target": table.target,
            "classes": [
                {"label": label, "rows": count}
                for label, count in table.class_counts.items()
            ],
        },
        "seed": arguments.seed,
        "cv": arguments.cv,
        "enlarge": None if arguments.balance else arguments.enlarge,
        "balance": arguments.balance,
        "metrics": result.metrics,
        "losses": result.losses,
        "means": result.rows(),
        "folds": result.folds,
    }


def _strict(value):
    """NaN, for which JSON has no word, becomes None."""
    if isinstance(value, dict):
        return {key: _strict(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_strict(entry) for entry in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _draw_pictures(folder, result):
    try:
        pyplot = import_optional("matplotlib.pyplot", feature="drawing", extra="plot")
    except ImportError as error:
        print(f"skgendisc compare: no pictures: {error}", file=sys.stderr)
        return
    pyplot.switch_backend("Agg")  # needs no display
    for name, draw in (
        ("comparison.png", result.plot),
        ("confusion_matrices.png", result.plot_confusion_matrices),
    ):
        figure = draw()
        figure.savefig(folder / name, dpi=150)
        pyplot.close(figure)
