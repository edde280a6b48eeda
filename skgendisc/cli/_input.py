"""Tables as the commands take them: rows, and the classes in one column."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer

from skgendisc._tables import read_frame
from skgendisc.cli._arguments import closest
from skgendisc.cli._console import say
from skgendisc.comparison._words import text_columns


@dataclass(frozen=True)
class Table:
    """Rows and classes, with the names under which they are reported."""

    name: str
    target: str
    X: object
    y: np.ndarray
    n_categorical: int = 0
    n_text: int = 0

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
        return describe_table(
            self.name,
            n_rows,
            count_columns(n_columns, self.n_categorical, self.n_text),
            self.target,
            self.class_counts,
        )

    def sample(self, n_rows, *, least, seed):
        """This table with so many rows, drawn at random class by class.

        Each class keeps its share, and so many rows at least, if it has them.
        """
        rng = np.random.default_rng(seed)
        kept = []
        for label, count in zip(*np.unique(self.y, return_counts=True), strict=True):
            n_kept = max(round(count * n_rows / len(self.y)), min(least, count))
            kept.append(rng.choice(np.flatnonzero(self.y == label), n_kept, False))
        rows = np.sort(np.concatenate(kept))
        if hasattr(self.X, "iloc"):
            X = self.X.iloc[rows].reset_index(drop=True)
        else:
            X = self.X[rows]
        return replace(self, X=X, y=self.y[rows])


def count_columns(n_columns, n_categorical, n_text=0):
    """How many columns are of which kind, in words."""
    if n_text:
        return f"{n_text} column{'s' if n_text > 1 else ''} of text"
    n_numeric = n_columns - n_categorical
    return f"{n_numeric} numeric and {n_categorical} categorical columns"


def describe_table(name, n_rows, columns, target, class_counts):
    """A line on a table."""
    classes = "no target"
    if target is not None:
        n_labelled = sum(class_counts.values())
        shares = list_classes(class_counts, lambda count: f"{count / n_labelled:.1%}")
        classes = f"target {target!r} with {len(class_counts)} classes: {shares}"
    return f"{name}: {n_rows} rows, {columns}, {classes}."


def list_classes(class_counts, write):
    """What ``write`` makes of the counts of the largest classes."""
    texts = [
        f"{label} {write(count)}"
        for label, count in sorted(class_counts.items(), key=lambda item: -item[1])
    ]
    rest = [f"{len(texts) - 6} more"] if len(texts) > 7 else texts[6:]
    return ", ".join(texts[:6] + rest)


def load_table(path, target):
    """The table in a file; without a path scikit-learn's breast_cancer."""
    if path is not None:
        return _read_table(Path(path), target)
    if target is not None:
        raise ValueError(
            f"--target names a column of TABLE: got {target!r} and no TABLE. Give a "
            "file, or leave --target out."
        )
    data = load_breast_cancer()
    diagnosis = data.target_names[data.target]
    return Table("breast_cancer", "diagnosis", data.data, diagnosis)


def _read_table(path, target):
    frame = read_frame(path)
    frame.columns = frame.columns.astype(str)
    target = find_target(list(frame.columns), target)
    frame = leave_out_gaps(path.name, frame, target)
    y = _as_labels(frame.pop(target).to_numpy())
    X, n_categorical = _as_features(frame)
    text = text_columns(X)
    if len(text) == X.shape[1]:
        return Table(path.name, target, X.fillna(""), y, n_text=len(text))
    if text:
        say(f"Left out text, not modelled beside other columns: {', '.join(text)}.")
        X = X.drop(columns=text)
    return Table(path.name, target, X, y, n_categorical - len(text))


def find_target(columns, target, table="TABLE"):
    """The column of the classes, one of several: the one named, or the usual one."""
    if target is None:
        target = "target" if "target" in columns else columns[-1]
    if target not in columns:
        raise ValueError(
            f"--target must be a column of {table}: got {target!r}. The closest is "
            f"{closest(target, columns)!r}."
        )
    if len(columns) < 2:
        raise ValueError(
            f"{table} needs columns beside the target: got {target!r} only. Add some, "
            "and separate cells by commas."
        )
    return target


def leave_out_gaps(name, frame, target):
    """The rows with a value of the target; says how many others there are."""
    labelled = frame[target].notna()
    n_gaps = (~labelled).sum()
    if n_gaps:
        say(f"Left out {n_gaps} rows of {name} without a value of {target!r}.")
    if not labelled.any():
        raise ValueError(
            f"{name} needs rows with a value of {target!r}: got none. Choose another "
            "column with --target, or another file."
        )
    return frame[labelled].reset_index(drop=True)


def _as_labels(values):
    """Whole numbers as ints, all else as strings."""
    if values.dtype.kind == "f" and np.all(values == np.round(values)):
        values = values.astype(int)  # they were floats because of gaps
    return values if values.dtype.kind in "iu" else values.astype(str)


def _as_features(frame):
    """Columns of numbers as they are, others as strings with gaps."""
    numeric = finite_columns(frame)
    for name in frame.columns.difference(numeric.columns):
        column = frame[name].astype(object)
        frame[name] = column.map(str, na_action="ignore").where(column.notna(), np.nan)
    return frame, frame.shape[1] - numeric.shape[1]


def finite_columns(frame):
    """The columns of numbers and truth values, whose values must be finite."""
    numeric = frame.select_dtypes(["number", "bool"])
    infinite = np.isinf(numeric.to_numpy(dtype=float, na_value=np.nan)).any(axis=0)
    if infinite.any():
        raise ValueError(
            f"TABLE must hold finite numbers: column {numeric.columns[infinite][0]!r} "
            "has infinite ones. Replace them, or leave the cells empty."
        )
    return numeric


def check_classes(table, folds):
    """Fail where there is one class, or one with fewer rows than folds."""
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
