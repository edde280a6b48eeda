"""``skgendisc evaluate``: synthetic rows judged beside real ones."""

from functools import partial
from pathlib import Path

from skgendisc._tables import read_frame
from skgendisc.cli._arguments import add_jobs, add_seed
from skgendisc.cli._console import noting_warnings, say, terminal_width
from skgendisc.cli._input import find_target, leave_out_gaps
from skgendisc.comparison import evaluate_tables
from skgendisc.reports import write_html
from skgendisc.utils.files import check_new_file


def add_evaluate(commands):
    command = commands.add_parser(
        "evaluate",
        help="how good synthetic rows are, beside rows of known quality",
        description="Judge synthetic rows: do they look real, cover, teach, and keep "
        "away from the rows they were learnt from? Beside them stand real rows, "
        "independent columns and copies.",
    )
    command.set_defaults(run=evaluate)
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
    add_seed(command, "of all random steps")
    add_jobs(command, "tables judged")
    command.add_argument(
        "--force", action="store_true", help="replace the page where it exists"
    )


def evaluate(arguments):
    if arguments.html is not None:
        check_new_file(arguments.html, "--html", force=arguments.force)
    tables = _read_alike(arguments)
    y = None
    if arguments.target is not None:
        y = [frame.pop(arguments.target) for frame in tables.values()]
    say(_describe_evaluation(arguments, tables))
    with noting_warnings("skgendisc evaluate"):
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
    print(f"\n{result.to_text(width=terminal_width())}\n")
    if arguments.html is not None:
        say(f"Wrote {arguments.html}.")


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
    target = find_target(columns, arguments.target, "REAL")
    return {name: leave_out_gaps(name, frame, target) for name, frame in tables.items()}


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
