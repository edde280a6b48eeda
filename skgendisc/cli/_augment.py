"""``skgendisc augment``: a table with synthetic rows after the real ones."""

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.utils import get_tags

from skgendisc._tables import check_out, encode_table, read_table
from skgendisc.cli._arguments import add_seed, checked, closest
from skgendisc.cli._console import noting_warnings, say
from skgendisc.cli._input import (
    count_columns,
    describe_table,
    find_target,
    finite_columns,
    list_classes,
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
from skgendisc.trees import TreeSampler
from skgendisc.utils.files import replace_file


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


def add_augment(commands):
    command = commands.add_parser(
        "augment",
        help="a table with synthetic rows after the real ones",
        description="Write the rows of a table and synthetic ones after them, in the "
        "same columns. Real rows go to the new file as they are.",
    )
    command.set_defaults(run=augment)
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
        type=checked(int, lambda rows: rows >= 1, "a whole number, 1 or more"),
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
    add_seed(command, "of all random steps")
    command.add_argument(
        "--force", action="store_true", help="replace FILE where it exists"
    )


def _sampler_name(text):
    if text not in SAMPLERS:
        raise argparse.ArgumentTypeError(
            f"must be one of {', '.join(SAMPLERS)}: got {text!r}. The closest is "
            f"{closest(text, SAMPLERS)!r}"
        )
    return text


def augment(arguments):
    check_out(arguments.out, force=arguments.force)
    path = Path(arguments.table)
    table = read_table(path)
    model = TableModel.of(table.frame, arguments)
    if arguments.mark in table.frame:
        raise ValueError(
            f"--mark must be a new column: TABLE has {arguments.mark!r}. Choose "
            "another name."
        )
    say(model.describe(path.name))
    with noting_warnings("skgendisc augment"):
        new = model.draw(arguments)
    keep_real = not arguments.synthetic_only
    data = encode_table(
        table, new, arguments.out, keep_real=keep_real, mark=arguments.mark
    )
    counts = model.count_classes(new)
    classes = f" ({list_classes(counts, str)})" if counts else ""
    n_written = len(new) + keep_real * len(table.frame)
    replace_file(
        arguments.out,
        data,
        check=partial(check_out, force=arguments.force),
        done=lambda: say(
            f"Drew {len(new)} synthetic rows with {arguments.sampler}, seed "
            f"{arguments.seed}{classes}; wrote {n_written} rows to {arguments.out}."
        ),
    )


@dataclass(frozen=True)
class TableModel:
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
        finite_columns(frame)
        if arguments.target is None:
            model = cls(frame, None, None, None)
        else:
            model = cls._with_classes(frame, arguments.target)
        model._check_sampler(arguments.sampler)
        model._check_balance(arguments)
        return model

    @classmethod
    def _with_classes(cls, frame, target):
        target = find_target(list(frame.columns), target)
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
        n_rows, n_columns = X.shape
        text = describe_table(
            name,
            n_rows,
            count_columns(n_columns, n_columns - numeric.shape[1]),
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
