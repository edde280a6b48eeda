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
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold

from skgendisc import __version__
from skgendisc.augmentation import balance, enlarge
from skgendisc.comparison import (
    compare_classifiers,
    default_lineup,
    table_preprocessor,
)
from skgendisc.utils._optional import import_optional

CSV_ENDINGS = (".csv", ".csv.gz", ".csv.bz2", ".csv.xz", ".csv.zip", ".csv.zst")
PARQUET_ENDINGS = (".parquet", ".pq")
RESULTS = (
    "comparison.csv",
    "comparison.json",
    "comparison.png",
    "confusion_matrices.png",
)
PACKAGES = ("numpy", "scipy", "scikit-learn", "imbalanced-learn")


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
        standard error; 130 where the user has interrupted.
    """
    arguments = _parser().parse_args(argv)
    prog = f"skgendisc {arguments.command}"
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, head or less, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ImportError, OSError, ValueError) as error:
        print(f"{prog}: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{prog}: interrupted, nothing was written", file=sys.stderr)
        return 130
    return 0


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
    command.add_argument(
        "--seed",
        type=_checked(
            int, lambda seed: 0 <= seed < 2**32, "a whole number from 0 to 2**32 - 1"
        ),
        default=0,
        help="of the folds and of all random steps (default: 0)",
    )
    command.add_argument(
        "--out",
        type=Path,
        default=Path("skgendisc-comparison"),
        metavar="DIR",
        help="folder for the results (default: skgendisc-comparison)",
    )
    command.add_argument(
        "--jobs",
        type=_checked(int, lambda jobs: jobs != 0, "a whole number, not 0"),
        default=-1,
        metavar="N",
        help="fits at a time; -1, the default, for one on each processor",
    )
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

    def __str__(self):
        n_rows, n_columns = self.X.shape
        shares = [
            f"{label} {count / n_rows:.1%}"
            for label, count in sorted(
                self.class_counts.items(), key=lambda item: -item[1]
            )
        ]
        rest = [f"{len(shares) - 6} more"] if len(shares) > 7 else shares[6:]
        return (
            f"{self.name}: {n_rows} rows, {n_columns - self.n_categorical} numeric and "
            f"{self.n_categorical} categorical columns, target {self.target!r} with "
            f"{len(shares)} classes: {', '.join(shares[:6] + rest)}."
        )


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
    frame = _read_frame(path)
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


def _read_frame(path):
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise ValueError(f"TABLE must be a file: {path} {found}. Check the path.")
    name = path.name.lower()
    if not name.endswith(CSV_ENDINGS + PARQUET_ENDINGS):
        known = ", ".join(CSV_ENDINGS + PARQUET_ENDINGS)
        raise ValueError(
            f"TABLE must be a CSV or Parquet file: got {path}. Convert it, or rename "
            f"it to end in one of {known}."
        )
    pandas = import_optional("pandas", feature="reading TABLE", extra="tables")
    if name.endswith(PARQUET_ENDINGS):
        import_optional("pyarrow", feature="reading a Parquet file", extra="tables")
    try:
        if name.endswith(PARQUET_ENDINGS):
            return pandas.read_parquet(path)
        with warnings.catch_warnings():
            # Without these two, cells beyond the header would be dropped in silence,
            # or the first column taken for row names.
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            return pandas.read_csv(path, index_col=False, low_memory=False)
    except Exception as error:  # readers and decompressors raise errors of many kinds
        raise ValueError(
            f"TABLE cannot be read: {path}: {error}. Check that the file is whole, in "
            "UTF-8, with a header and as many cells in each row."
        ) from error


def _find_target(columns, target):
    if target is None:
        return "target" if "target" in columns else columns[-1]
    if target not in columns:
        closest = difflib.get_close_matches(target, columns, n=1, cutoff=0)
        raise ValueError(
            f"--target must be a column of TABLE: got {target!r}. The closest is "
            f"{closest[0]!r}."
        )
    return target


def _as_labels(values):
    """Whole numbers as ints, all else as strings."""
    if values.dtype.kind == "f" and np.all(values == np.round(values)):
        values = values.astype(int)  # they were floats because of gaps
    return values if values.dtype.kind in "iu" else values.astype(str)


def _as_features(frame):
    """Columns of numbers as they are, others as strings with gaps."""
    numeric = frame.select_dtypes(["number", "bool"])
    infinite = np.isinf(numeric.to_numpy(dtype=float, na_value=np.nan)).any(axis=0)
    if infinite.any():
        raise ValueError(
            f"TABLE must hold finite numbers: column {numeric.columns[infinite][0]!r} "
            "has infinite ones. Replace them, or leave the cells empty."
        )
    for name in frame.columns.difference(numeric.columns):
        column = frame[name].astype(object)
        frame[name] = column.map(str, na_action="ignore").where(column.notna(), np.nan)
    return frame, frame.shape[1] - numeric.shape[1]


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


# The study ---------------------------------------------------------------------------


def _compare(arguments):
    _check_folder(arguments.out)
    table = _load_table(arguments.table, arguments.target)
    _check_classes(table, arguments.cv)
    lineup = default_lineup(
        sampling_strategy=_strategy(arguments),
        random_state=arguments.seed,
        preprocessor=table_preprocessor(table.X),
        n_rows=len(table.y),
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
    print(textwrap.fill(text, width) if width else text, flush=True)


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
