"""How long does each method of each sampler take, and how much memory?

Figures are ratios, so that they hold on other machines: CPU seconds beside those of a
floor that takes turns with it in the same process, on one thread, both as medians of up
to five repeats; and the peak of extra memory beside the bytes of the table.

    python benchmarks/run.py                   # all sizes, saved to benchmarks/run.csv
    python benchmarks/run.py --quick           # small tables, two minutes, not saved
    python benchmarks/run.py --check           # all sizes, against the saved figures
    python benchmarks/run.py --check --quick   # small tables, against the saved figures

With ``--check`` it ends with 1, and one line for each ratio that is more than twice the
saved one, in three measurements out of three. ``--out FILE`` saves elsewhere, and
``--only TreeSampler`` measures samplers of that name.

Floors: of ``fit`` and ``predict_proba`` those of scikit-learn's estimator of the same
model, of ``fit_resample`` SMOTE's, and of ``sample``, or where there is no such
estimator, a fill of an array like the table by ``Generator.standard_normal``.
``predict_proba`` is asked about 10 000 rows at most. Tables have two classes, one row
in ten of the second. Networks train for two epochs, and they and refined samplers get
smaller tables.

Memory is that of ``tracemalloc``, to which numpy reports; torch does not, and the
networks' is the growth of the largest resident set in a process of their own, as Linux
tells it.
"""

import argparse
import csv
import math
import platform
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np
from imblearn.over_sampling import SMOTE
from sklearn.base import clone
from sklearn.discriminant_analysis import (
    LinearDiscriminantAnalysis,
    QuadraticDiscriminantAnalysis,
)
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from threadpoolctl import threadpool_limits

from skgendisc.compose import RefinedSampler, TransformedSampler
from skgendisc.joint import (
    BernoulliNBSampler,
    CategoricalNBSampler,
    ClassConditionalSampler,
    GaussianCopulaSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    MultinomialNBSampler,
    QDASampler,
)
from skgendisc.trees import TreeSampler

SAVED = Path(__file__).with_suffix(".csv")
PACKAGES = ("skgendisc", "numpy", "scipy", "scikit-learn", "imbalanced-learn")
SEED = 0
METHODS = ("fit", "predict_proba", "sample", "fit_resample")
SIZES = ((1000, 10), (10_000, 10), (100_000, 10), (10_000, 50))
SLOW_SIZES = ((1000, 10), (10_000, 10), (1000, 50))
QUICK_SIZES = SIZES[:2]
MOST_ASKED = 10_000  # rows
MINORITY = 0.1
REPEATS, BUDGET = 5, 2.0  # seconds of a figure, after which no repeat begins
LEAST = 0.005  # seconds of a repeat: what is shorter runs several times
FACTOR, AGAIN = 2.0, 2  # a ratio that doubled is measured so many times again
SLACK = {"tracemalloc": 1.0, "process": 16.0}  # megabytes that tell nothing


@dataclass(frozen=True)
class Case:
    """A sampler, the table it is for, and scikit-learn's estimator of its model."""

    sampler: object
    table: str = "numbers"
    partner: object = None
    is_slow: bool = False
    is_network: bool = False


def make_cases():
    """Cases by the sampler's name; without torch there are no networks."""
    cases = [
        Case(GaussianNBSampler(), partner=GaussianNB()),
        Case(LDASampler(), partner=LinearDiscriminantAnalysis(solver="lsqr")),
        Case(QDASampler(), partner=QuadraticDiscriminantAnalysis()),
        Case(ClassConditionalSampler()),
        Case(BernoulliNBSampler(), "truth values", BernoulliNB()),
        Case(MultinomialNBSampler(), "counts", MultinomialNB()),
        Case(CategoricalNBSampler(), "categories", CategoricalNB()),
        Case(MixedNBSampler(), "mixed"),
        Case(GaussianCopulaSampler(), "mixed"),
        Case(TreeSampler(), "mixed"),
        Case(TransformedSampler()),
        Case(RefinedSampler(), is_slow=True),
    ]
    if find_spec("torch") and find_spec("skorch"):
        from skgendisc.neural import GANNet, GANSampler, VAENet, VAESampler

        vae = VAESampler(VAENet(max_epochs=2, n_importance_samples=8))
        gan = GANSampler(GANNet(max_epochs=2))
        cases += [
            Case(network, "mixed", is_slow=True, is_network=True)
            for network in (vae, gan)
        ]
    return {type(case.sampler).__name__: case for case in cases}


def make_table(kind, n_rows, n_columns):
    """Rows of two correlated Gaussian classes, cut to the kind of columns; and classes.

    In a mixed table the first half of the columns are four categories each.
    """
    rng = np.random.default_rng(SEED)
    y = (rng.random(n_rows) < MINORITY).astype(int)
    mixing = rng.standard_normal((n_columns, n_columns)) / math.sqrt(n_columns)
    X = rng.standard_normal((n_rows, n_columns)) @ mixing + 0.3 * y[:, None]
    levels = np.digitize(X, [-1.0, 0.0, 1.0]).astype(float)
    if kind == "mixed":
        half = n_columns // 2
        return np.hstack([levels[:, :half], X[:, half:]]), y
    kinds = {"numbers": X, "truth values": (X > 0).astype(float)}
    kinds |= {"categories": levels, "counts": levels}
    return kinds[kind], y


def make_sampler(case, n_columns):
    """Unfitted, and told which columns of a mixed table are categories."""
    sampler = clone(case.sampler).set_params(random_state=SEED)
    if case.table == "mixed":
        sampler.set_params(categorical_features=list(range(n_columns // 2)))
    return sampler


def make_work(case, method, X, y):
    """What the method of a sampler does, as a function of nothing."""
    sampler = make_sampler(case, X.shape[1])
    if method == "fit":
        return lambda: clone(sampler).fit(X, y)
    if method == "fit_resample":
        return lambda: clone(sampler).fit_resample(X, y)
    sampler.fit(X, y)
    if method == "sample":
        return lambda: sampler.sample(len(X))
    return lambda: sampler.predict_proba(X[:MOST_ASKED])


def make_floor(case, method, X, y):
    """Name and work of what a method is held against."""
    if method == "fit_resample":
        smote = SMOTE(random_state=SEED)
        return "SMOTE", lambda: smote.fit_resample(X, y)
    if method == "sample" or case.partner is None:
        rows = X[:MOST_ASKED] if method == "predict_proba" else X
        noise, rng = np.empty(rows.shape), np.random.default_rng(SEED)
        return "fill", lambda: rng.standard_normal(out=noise)
    partner, name = clone(case.partner), type(case.partner).__name__
    if method == "fit":
        return name, lambda: partner.fit(X, y)
    partner.fit(X, y)
    return name, lambda: partner.predict_proba(X[:MOST_ASKED])


def cpu_seconds(work, number):
    """Of one run of some work, the mean over a number of them."""
    start = time.process_time()
    for _ in range(number):
        work()
    return (time.process_time() - start) / number


def side_by_side(*works):
    """Median CPU seconds of pieces of work that take turns."""
    begin = time.process_time()
    first = [cpu_seconds(work, 1) for work in works]  # warms up as well
    numbers = [max(1, math.ceil(LEAST / max(seconds, 1e-7))) for seconds in first]
    seconds = [[] for _ in works]
    for _ in range(REPEATS):
        for taken, work, number in zip(seconds, works, numbers, strict=True):
            taken.append(cpu_seconds(work, number))
        if time.process_time() - begin > BUDGET:
            break
    return [median(taken) for taken in seconds]


def traced_peak(work):
    """Peak of the memory that is asked for, in bytes."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def resident_growth(work):
    """Growth of the largest resident set of this process, in bytes; on Linux alone."""
    status = Path("/proc/self/status")
    Path("/proc/self/clear_refs").write_text("5")  # the largest is now the present one

    def largest():
        lines = status.read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

    before = largest()
    work()
    return (largest() - before) * 1024


def peak_in_process(name, method, size):
    """What `resident_growth` says in a new process, in bytes; NaN but on Linux."""
    if not sys.platform.startswith("linux"):
        return math.nan
    command = [sys.executable, __file__, "--peak", name, method, *map(str, size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def measure(name, case, size, methods=METHODS):
    """Rows of the result, one for each method that the sampler has."""
    X, y = make_table(case.table, *size)
    for method in methods:
        if not hasattr(case.sampler, method):
            continue
        work = make_work(case, method, X, y)
        floor_name, floor = make_floor(case, method, X, y)
        seconds, floor_seconds = side_by_side(work, floor)
        if case.is_network:
            peak, peak_by = peak_in_process(name, method, size), "process"
        else:
            peak, peak_by = traced_peak(work), "tracemalloc"
        yield {
            "sampler": name,
            "method": method,
            "n_rows": size[0],
            "n_columns": size[1],
            "cpu_s": float(f"{seconds:.3g}"),
            "floor": floor_name,
            "floor_cpu_s": float(f"{floor_seconds:.3g}"),
            "ratio": float(f"{seconds / floor_seconds:.3g}"),
            "peak_mb": round(peak / 1e6, 3),
            "memory_ratio": float(f"{peak / X.nbytes:.3g}"),
            "memory_by": peak_by,
        }


def key_of(row):
    """What tells one figure from another."""
    return row["sampler"], row["method"], int(row["n_rows"]), int(row["n_columns"])


def find_doubled(rows, saved):
    """Rows with a ratio more than twice the saved one, and a line on each.

    Parameters
    ----------
    rows, saved : list of dict
        As `measure` makes them, or `load` reads them.

    Returns
    -------
    found : list of (dict, str)
        Memory is passed over where it grew by no more than ``SLACK``.
    """
    before = {key_of(row): row for row in saved}
    found = []
    for row in rows:
        old = before.get(key_of(row))
        if old is None:
            continue
        name, method, n_rows, n_columns = key_of(row)
        where = f"{name}.{method}, {n_rows} x {n_columns}"
        if row["ratio"] > FACTOR * old["ratio"]:
            found.append(
                (
                    row,
                    f"{where}: time is {row['ratio']:g} times that of {row['floor']}, "
                    f"was {old['ratio']:g}",
                )
            )
        growth = row["peak_mb"] - old["peak_mb"]
        is_more = row["memory_ratio"] > FACTOR * old["memory_ratio"]
        if is_more and growth > SLACK[row["memory_by"]]:
            found.append(
                (
                    row,
                    f"{where}: memory is {row['memory_ratio']:g} times that of the "
                    f"table, was {old['memory_ratio']:g}",
                )
            )
    return found


def keep_least(row, again):
    """A row with the lesser figures of two measurements."""
    time_of = min(row, again, key=lambda r: r["ratio"])
    memory_of = min(row, again, key=lambda r: r["memory_ratio"])
    parts = ("cpu_s", "floor_cpu_s", "ratio"), ("peak_mb", "memory_ratio")
    kept = {part: time_of[part] for part in parts[0]}
    return row | kept | {part: memory_of[part] for part in parts[1]}


def check(rows, saved, measure_again):
    """Lines on ratios that doubled, each measured again before it is believed."""
    if not {key_of(row) for row in rows} & {key_of(row) for row in saved}:
        raise ValueError(
            "None of the measured figures was saved before. Run without --check first."
        )
    for _ in range(AGAIN):
        suspects = {key_of(row) for row, _ in find_doubled(rows, saved)}
        rows = [
            keep_least(row, measure_again(row)) if key_of(row) in suspects else row
            for row in rows
        ]
    return [line for _, line in find_doubled(rows, saved)]


def save(path, rows):
    """Write rows as CSV, under a comment on versions and settings."""
    facts = {"python": platform.python_version(), "threads": 1, "seed": SEED}
    facts |= {package: version(package) for package in PACKAGES}
    if find_spec("torch"):
        facts["torch"] = version("torch")
    with path.open("w", newline="") as file:
        file.write("# " + ", ".join(f"{k} {v}" for k, v in facts.items()) + "\n")
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def load(path):
    """Rows that `save` wrote."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    texts = {"sampler", "method", "floor", "memory_by"}
    return [
        {name: value if name in texts else float(value) for name, value in row.items()}
        for row in rows
    ]


def sizes_of(case, is_quick):
    """Rows and columns of the tables that a sampler is measured on."""
    if is_quick:
        return QUICK_SIZES[:1] if case.is_slow else QUICK_SIZES
    return SLOW_SIZES if case.is_slow else SIZES


def run(cases, is_quick=False, out=None):
    """All rows of the result, printed as they come, saved with each sampler."""
    rows = []
    for name, case in cases.items():
        for size in sizes_of(case, is_quick):
            for row in measure(name, case, size):
                rows.append(row)
                what = f"{name}.{row['method']}, {size[0]} x {size[1]}"
                print(
                    f"{what:50s} {row['ratio']:9.4g} x {row['floor']:30s} "
                    f"{row['memory_ratio']:8.3g} x the table",
                    flush=True,
                )
        if out is not None:
            save(out, rows)
    return rows


def main(arguments=None):
    """Measure, and save or check; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small tables only")
    parser.add_argument("--check", action="store_true", help="fail where one doubled")
    parser.add_argument("--out", type=Path, help="where to save the figures")
    parser.add_argument("--only", nargs="+", help="names of samplers")
    parser.add_argument("--peak", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    cases = make_cases()
    if options.peak:
        name, method, *size = options.peak
        case = cases[name]
        work = make_work(case, method, *make_table(case.table, *map(int, size)))
        print(resident_growth(work))
        return 0
    unknown = sorted(set(options.only or ()) - set(cases))
    if unknown:
        parser.error(f"there is no sampler {unknown[0]}. Take some of {list(cases)}.")
    chosen = {name: cases[name] for name in options.only or cases}
    out = options.out
    if out is None and not (options.quick or options.check or options.only):
        out = SAVED
    rows = run(chosen, options.quick, out)
    if not options.check:
        return 0

    def measure_again(row):
        name, method, *size = key_of(row)
        return next(measure(name, cases[name], tuple(size), [method]))

    lines = check(rows, load(SAVED), measure_again)
    print("\n".join(lines) or "No ratio has doubled.")
    return 1 if lines else 0


if __name__ == "__main__":
    with threadpool_limits(1):
        sys.exit(main())
