"""Can a discriminator tell drawn rows from real ones, and what else do they keep?

Default parameters, the same for all tables; 80 % of each table to fit, the rest to
judge; medians of three seeds, or as many as the figures say; one thread. Peers' rows
are those saved in the harness, measured by the same code; of the peers, the clock ended
the training of CTGAN on adult, churn and credit_default and of TVAE on adult and
credit_default before their last epoch, and ForestFlow had n_t=20 and duplicate_K=10.

    python benchmarks/studies/fidelity.py BENCH [--neural]

BENCH is the folder of the harness, which is not part of this repository, with
``run.py``, ``results/peers.jsonl`` and ``results/privacy.jsonl``. With ``--neural`` the
networks are measured, which takes an hour, and saved as ``neural_fidelity.csv``.

c2st_hgb: AUC of boosting that tells drawn from held-out rows, 0.5 is best.
tstr_hgb_auc: AUC on held-out rows of boosting that was trained on drawn ones.
shape, trend: likeness of columns and of pairs of them, 1 is best.
half_dcr_share: share of drawn rows nearer to rows of fit than to as many others,
    0.5 is best.
half_copies, half_copies_real: share of drawn, and of held-out, rows that are equal to a
    row of fit.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from _record import save

HERE = Path(__file__).parent
TABLES = (
    "adult",
    "credit_default",
    "churn",
    "mammography",
    "phoneme",
    "german_credit",
    "pima",
)
OURS = {
    "fidelity": ("GaussianCopulaSampler", "TreeSampler", "RefinedSampler"),
    "neural_fidelity": ("VAESampler", "RefinedVAESampler", "GANSampler"),
}
N_SEEDS = 3
FIGURES = {
    "quality": ("c2st_hgb", "tstr_hgb_auc", "tstr_lr_auc", "shape", "trend"),
    "privacy": ("half_dcr_share", "half_copies", "half_copies_real"),
}


def run(bench, methods, out):
    """Measure our samplers with the harness, as JSON lines in a file."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(bench), str(HERE)])
    command = [sys.executable, str(bench / "run.py"), "--methods", *methods]
    command += ["--datasets", *TABLES, "--tasks", *FIGURES, "--seeds", str(N_SEEDS)]
    command += ["--plugin", str(HERE / "tabbench_samplers.py"), "--out", str(out)]
    subprocess.run(command, check=True, env=environment)


def records(*paths):
    """All records of JSON-lines files on our tables."""
    for path in paths:
        for line in Path(path).read_text().splitlines():
            record = json.loads(line)
            if record["dataset"] in TABLES and record.get("task") in FIGURES:
                yield record


def cpu_seconds(record):
    """Of fitting, and of drawing as many rows as in fit."""
    per_row = record["sample_cpu_s_per_100k"] / 1e5
    return record["fit_cpu_s"] + per_row * record["n_train"]


def summarise(found):
    """One row for each table and method: medians over seeds."""
    by_method = {}
    for record in found:
        key = record["dataset"], record["method"]
        by_method.setdefault(key, []).append(record)
    rows = []
    for (table, method), of_method in sorted(by_method.items()):
        quality = [r for r in of_method if r["task"] == "quality" and "trend" in r]
        if not quality:
            continue
        row = {"table": table, "method": method, "seeds": len(quality)}
        for task, figures in FIGURES.items():
            done = [r for r in of_method if r["task"] == task]
            for figure in figures:
                values = [r[figure] for r in done if r.get(figure) is not None]
                row[figure] = round(median(values), 4) if values else ""
        timed = [r for r in quality if "sample_cpu_s_per_100k" in r]
        row["cpu_s"] = round(median(map(cpu_seconds, timed)), 2) if timed else ""
        rows.append(row)
    return rows


def show(rows):
    """Print the rows as a table."""
    names = list(rows[0])
    print("  ".join(f"{name:>16s}" for name in names))
    for row in sorted(rows, key=lambda r: (TABLES.index(r["table"]), r["c2st_hgb"])):
        print("  ".join(f"{row[name]!s:>16s}" for name in names))


def main(bench, name):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ours.jsonl"
        run(bench, OURS[name], out)
        saved = [bench / "results" / f"{n}.jsonl" for n in ("peers", "privacy")]
        rows = summarise(records(out, *saved))
    show(rows)
    save(name, rows, seeds=N_SEEDS, threads=1)


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--neural"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = Path(arguments[0])
    if not (folder / "run.py").exists():
        sys.exit(f"There is no harness in {folder}.\n\n{__doc__}")
    main(folder, "neural_fidelity" if "--neural" in sys.argv else "fidelity")
