"""Results of ``skgendisc compare`` in a folder."""

import csv
import json
import math
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from skgendisc import __version__
from skgendisc.utils._optional import import_optional

RESULTS = (
    "comparison.csv",
    "comparison.json",
    "comparison.png",
    "confusion_matrices.png",
)
PACKAGES = ("numpy", "scipy", "scikit-learn", "imbalanced-learn")


def check_folder(out):
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


def write_results(arguments, table, result):
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
