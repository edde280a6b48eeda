"""Results of ``skgendisc compare`` in a folder."""

import csv
import json
import math
import sys
import tempfile
from pathlib import Path

from skgendisc.utils._optional import import_optional

RESULTS = (
    "comparison.csv",
    "comparison.json",
    "comparison.png",
    "confusion_matrices.png",
    "learning_curves.csv",
    "learning_curves.json",
    "learning_curves.png",
)


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


def write_results(arguments, table, study):
    """Write all files, then move them to their places; returns their names."""
    with _scratch_folder(arguments.out) as scratch:
        scratch = Path(scratch)
        _write_csv(scratch / "comparison.csv", study.comparison.rows())
        _write_json(scratch / "comparison.json", _report(arguments, table, study))
        if study.curves is not None:
            _write_csv(scratch / "learning_curves.csv", study.curves.rows())
            _write_json(scratch / "learning_curves.json", _report_curves(study))
        _draw_pictures(scratch, study)
        arguments.out.mkdir(parents=True, exist_ok=True)
        written = [name for name in RESULTS if (scratch / name).exists()]
        for name in RESULTS:
            if name in written:
                (scratch / name).replace(arguments.out / name)
            else:  # of another run
                (arguments.out / name).unlink(missing_ok=True)
    return written


def _write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=rows[0])
        writer.writeheader()
        writer.writerows(_strict(rows))


def _write_json(path, report):
    text = json.dumps(_strict(report), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _report(arguments, table, study):
    result = study.comparison
    n_rows, n_columns = table.X.shape
    return {
        "versions": study.versions,
        "table": {
            "name": table.name,
            "rows": n_rows,
            "columns": n_columns,
            "categorical_columns": table.n_categorical,
            "text_columns": table.n_text,
            "target": table.target,
            "classes": [
                {"label": label, "rows": count}
                for label, count in table.class_counts.items()
            ],
        },
        "quick": arguments.quick,
        "seed": arguments.seed,
        "cv": arguments.cv,
        "enlarge": None if arguments.balance else arguments.enlarge,
        "balance": arguments.balance,
        "notes": study.notes,
        "summary": study.summary(),
        "metrics": result.metrics,
        "losses": result.losses,
        "means": result.rows(),
        "folds": result.folds,
    }


def _report_curves(study):
    curves = study.curves
    found = [
        crossover.to_dict()
        for metric in curves.metrics
        for crossover in study.crossovers(metric)
    ]
    return {
        "versions": study.versions,
        "notes": study.notes,
        "pairs": study.pairs,
        "crossovers": found,
        **curves.to_dict(),
    }


def _strict(value):
    """NaN and infinity, for which JSON has no words, become None and text."""
    if isinstance(value, dict):
        return {key: _strict(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_strict(entry) for entry in value]
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return None if math.isnan(value) else str(value)


def _draw_pictures(folder, study):
    try:
        pyplot = import_optional("matplotlib.pyplot", feature="drawing", extra="plot")
    except ImportError as error:
        print(f"skgendisc compare: no pictures: {error}", file=sys.stderr)
        return
    pyplot.switch_backend("Agg")  # needs no display
    pictures = {
        "comparison.png": study.comparison.plot,
        "confusion_matrices.png": study.comparison.plot_confusion_matrices,
    }
    if study.curves is not None:
        pictures["learning_curves.png"] = study.plot_curves
    for name, draw in pictures.items():
        figure = draw()
        figure.savefig(folder / name, dpi=150)
        pyplot.close(figure)
