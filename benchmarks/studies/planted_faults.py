"""Which metric sees which fault of synthetic rows?

Real rows are made, so that a fresh sample is a perfect sampler's: 4000 to fit, 4000
held out, 4000 synthetic ones, and 4000 to test models on. Columns: two numbers in four
clusters (one holds 8 % of rows), four correlated numbers, one rounded to whole tens,
one with gaps, three categories (a level of one holds 1 % of rows) and two classes,
which depend on numbers and categories.

Each fault is planted into a fresh sample: a cluster dropped, all numbers drawn 10 %
nearer to their means, a correlation of 0.6 broken by shuffling one column, a rare level
lost, a number rounded to two digits, 5 % of rows copied from those of fit, all rows
copied, and all columns shuffled.

Values are medians over fresh samples, and over samples with the fault, each with train
and held-out rows of its own; z is their difference in standard deviations of fresh
ones. A fault is seen where z is 4 or more, up or down: a perfect sample is that far out
about once in a thousand, as its spread is itself estimated.

    python benchmarks/studies/planted_faults.py
"""

from statistics import median, stdev

import numpy as np
import pandas as pd
from _record import RESULTS, save
from threadpoolctl import threadpool_limits

from skgendisc import metrics

N_ROWS = 4000
N_FRESH, N_FAULTY = 20, 5
SEEN = 4.0
CENTRES = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])
CLUSTER_SHARES = (0.36, 0.32, 0.24, 0.08)


def make_rows(n_rows, rng):
    """A table and its clusters; the labels are its column y."""
    cluster = rng.choice(len(CENTRES), size=n_rows, p=CLUSTER_SHARES)
    place = CENTRES[cluster] + 0.5 * rng.standard_normal((n_rows, 2))
    common = rng.standard_normal((n_rows, 1))
    related = np.sqrt(0.6) * common + np.sqrt(0.4) * rng.standard_normal((n_rows, 4))
    table = pd.DataFrame(place, columns=["east", "north"])
    table[["a", "b", "c", "d"]] = related
    table["tens"] = 10.0 * np.rint(3 * related[:, 0] + rng.standard_normal(n_rows))
    income = np.exp(0.5 * related[:, 1] + 0.5 * rng.standard_normal(n_rows))
    table["income"] = np.where(rng.random(n_rows) < 0.1, np.nan, income)
    table["town"] = rng.choice(
        ["Bonn", "Kiel", "Ulm", "Zell"], size=n_rows, p=[0.5, 0.3, 0.19, 0.01]
    )
    side = np.where(common[:, 0] + rng.standard_normal(n_rows) > 0, "left", "right")
    table["side"] = side
    table["number"] = np.char.add(
        "no. ", (cluster + rng.integers(3, size=n_rows)).astype(str)
    )
    odds = related[:, 2] + (side == "left") + place[:, 0] / 2 - 2
    table["y"] = np.where(odds + rng.logistic(size=n_rows) > 0, "yes", "no")
    return table, cluster


def fresh(rng, train):
    return make_rows(N_ROWS, rng)[0]


def drop_mode(rng, train):
    table, cluster = make_rows(2 * N_ROWS, rng)
    return table[cluster != 3][:N_ROWS]


def shrink_variance(rng, train):
    table = fresh(rng, train)
    numbers = table[["east", "north", "a", "b", "c", "d", "income"]]
    return table.assign(**(numbers.mean() + 0.9 * (numbers - numbers.mean())))


def break_correlation(rng, train):
    table = fresh(rng, train)
    return table.assign(d=rng.permutation(table["d"]))


def lose_rare_level(rng, train):
    table = make_rows(2 * N_ROWS, rng)[0]
    return table[table["town"] != "Zell"][:N_ROWS]


def round_values(rng, train):
    table = fresh(rng, train)
    return table.assign(a=table["a"].round(1))


def copy_some(rng, train):
    table = fresh(rng, train)
    copies = train.sample(N_ROWS // 20, random_state=int(rng.integers(2**31)))
    return pd.concat([table[len(copies) :], copies])


def copy_all(rng, train):
    return train.copy()


def shuffle_columns(rng, train):
    table = fresh(rng, train)
    return table.apply(lambda column: rng.permutation(column))


FAULTS = {
    "cluster dropped": drop_mode,
    "numbers shrunk by 10 %": shrink_variance,
    "correlation broken": break_correlation,
    "rare level lost": lose_rare_level,
    "values rounded": round_values,
    "5 % of rows copied": copy_some,
    "all rows copied": copy_all,
    "columns shuffled": shuffle_columns,
}


def measure(make, seed):
    """All figures of one synthetic table, by name."""
    rng = np.random.default_rng(seed)
    train, held_out, test = (make_rows(N_ROWS, rng)[0] for _ in range(3))
    synthetic = make(rng, train)
    tables = train, held_out, test, synthetic
    # y apart, so that models know what to predict; it is a column all the same.
    train, held_out, test, synthetic = metrics.align_tables(
        *(table.drop(columns="y") for table in tables),
        y=[table["y"] for table in tables],
    )
    seeded = {"random_state": seed}
    # Fidelity against rows that no sampler saw; against those of fit copies look best.
    pair = held_out, synthetic
    shapes = metrics.column_shapes(*pair)
    neighbours = metrics.precision_recall_density_coverage(*pair, **seeded)
    support = metrics.alpha_precision_beta_recall(*pair, **seeded)
    closest = metrics.distance_to_closest_record(train, synthetic, held_out, **seeded)
    ratio = metrics.nearest_neighbour_distance_ratio(train, synthetic, **seeded)
    attacks = metrics.membership_inference(train, synthetic, held_out, **seeded).attacks
    return {
        "column_shapes": shapes.score,
        "column_shapes, worst column": min(shapes.columns.values()),
        "column_shapes, lost levels": float(sum(map(len, shapes.lost_levels.values()))),
        "wasserstein_distances": float(metrics.wasserstein_distances(*pair)),
        "column_pair_trends": float(metrics.column_pair_trends(*pair)),
        "mutual_information_error": float(metrics.mutual_information_error(*pair)),
        "classifier_two_sample_test": float(
            metrics.classifier_two_sample_test(*pair, **seeded)
        ),
        "propensity_mse, ratio": float(metrics.propensity_mse(*pair, **seeded)),
        "energy_distance": float(metrics.energy_distance(*pair, **seeded)),
        "maximum_mean_discrepancy": float(
            metrics.maximum_mean_discrepancy(*pair, **seeded)
        ),
        "sliced_wasserstein": float(metrics.sliced_wasserstein(*pair, **seeded)),
        "precision": neighbours.precision,
        "recall": neighbours.recall,
        "density": neighbours.density,
        "coverage": neighbours.coverage,
        "alpha_precision": support.alpha_precision,
        "beta_recall": support.beta_recall,
        "authenticity": metrics.alpha_precision_beta_recall(
            train, synthetic, **seeded
        ).authenticity,
        "train_synthetic_test_real": float(
            metrics.train_synthetic_test_real(train, synthetic, test, **seeded)
        ),
        "augmentation_gain": float(
            metrics.augmentation_gain(train, synthetic, test, **seeded)
        ),
        "distance_to_closest_record, share": closest.share,
        "distance_to_closest_record, 5 % quantile": closest.low,
        "nearest_neighbour_distance_ratio, 5 % quantile": ratio.low,
        "exact_copies": float(metrics.exact_copies(train, synthetic)),
        "membership_inference, density ratio": attacks["density_ratio"].auc,
        "membership_inference, found at 1 % FPR": attacks["density_ratio"].tpr,
        "membership_inference, distance": attacks["distance"].auc,
    }


def write_page(rows):
    """A table to read: what each metric sees of each fault, as z."""
    faults = list(dict.fromkeys(row["fault"] for row in rows))
    lines = [
        "# Which metric sees which fault",
        "",
        "Differences from fresh real rows, in their standard deviations; bold where a",
        f"fault is seen, {SEEN:g} or more either way. Written by `planted_faults.py`,",
        "which says what the faults are.",
        "",
        f"| metric | {' | '.join(faults)} |",
        f"|---{'|---' * len(faults)}|",
    ]
    for metric in dict.fromkeys(row["metric"] for row in rows):
        z = [row["z"] for row in rows if row["metric"] == metric]
        cells = [f"**{v}**" if abs(float(v)) >= SEEN else v for v in z]
        lines.append(f"| {metric} | {' | '.join(cells)} |")
    (RESULTS / "planted_faults.md").write_text("\n".join(lines) + "\n")


def main():
    seeds = iter(range(10_000))
    perfect = [measure(fresh, next(seeds)) for _ in range(N_FRESH)]
    rows = []
    for fault, make in FAULTS.items():
        faulty = [measure(make, next(seeds)) for _ in range(N_FAULTY)]
        for name in perfect[0]:
            of_fresh = [figures[name] for figures in perfect]
            value, usual = median(f[name] for f in faulty), median(of_fresh)
            noise = stdev(of_fresh)
            # Without any noise, as of copies, each difference is seen.
            z = (value - usual) / noise if noise else np.inf if value != usual else 0.0
            rows.append(
                {
                    "fault": fault,
                    "metric": name,
                    "value": f"{value:.4g}",
                    "fresh": f"{usual:.4g}",
                    "noise": f"{noise:.2g}",
                    "z": f"{z:.1f}",
                    "seen": abs(z) >= SEEN,
                }
            )
        seen = [row["metric"] for row in rows if row["fault"] == fault and row["seen"]]
        print(f"{fault}: {', '.join(seen)}", flush=True)
    save("planted_faults", rows, n_rows=N_ROWS, fresh=N_FRESH, faulty=N_FAULTY, z=SEEN)
    write_page(rows)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
