"""Faults that are planted into fresh rows, and who finds them.

The fresh rows themselves, which a perfect sampler would draw, are cleared by all.
"""

import pandas as pd
import pytest

from skgendisc import metrics

N_ROWS = 2000


def sees_by_classifier(train, synthetic, held_out):
    test = metrics.classifier_two_sample_test(held_out, synthetic, random_state=0)
    return test.p_value < 1e-3


def sees_by_propensity(train, synthetic, held_out):
    return metrics.propensity_mse(held_out, synthetic).z_score > 5


def sees_by_energy(train, synthetic, held_out):
    result = metrics.energy_distance(
        held_out, synthetic, n_permutations=199, max_rows=1000, random_state=0
    )
    return result.p_value < 0.01


def sees_by_coverage(train, synthetic, held_out):
    result = metrics.precision_recall_density_coverage(held_out, synthetic)
    return result.coverage < result.expected_coverage - 0.03


def sees_by_support(train, synthetic, held_out):
    result = metrics.alpha_precision_beta_recall(held_out, synthetic)
    return min(result.alpha_precision, result.beta_recall) < 0.94


def sees_by_information(train, synthetic, held_out):
    return metrics.mutual_information_error(held_out, synthetic).error > 0.015


def sees_by_levels(train, synthetic, held_out):
    return bool(metrics.column_shapes(held_out, synthetic).lost_levels)


def sees_by_copies(train, synthetic, held_out):
    result = metrics.exact_copies(train, synthetic, held_out)
    return result.share > result.share_held_out


def sees_by_attack(train, synthetic, held_out):
    attack = metrics.membership_inference(
        train, synthetic, held_out, random_state=0
    ).attacks["density_ratio"]
    return attack.tpr_interval[0] > 0.015


def sees_by_closest(train, synthetic, held_out):
    result = metrics.distance_to_closest_record(
        train, synthetic, held_out, random_state=0
    )
    return result.low < 0.5 * result.low_held_out


JUDGES = {
    name.removeprefix("sees_by_"): judge
    for name, judge in list(globals().items())
    if name.startswith("sees_by_")
}


def drop_mode(table, cluster, train):
    return table[cluster != 2]


def shrink_variance(table, cluster, train):
    numbers = table[["east", "north", "a", "b", "income"]]
    return table.assign(**(numbers.mean() + 0.85 * (numbers - numbers.mean())))


def break_correlation(table, cluster, train):
    return table.assign(b=table["b"].sample(frac=1, random_state=0).to_numpy())


def lose_rare_level(table, cluster, train):
    return table[table["town"] != "Zell"]


def round_values(table, cluster, train):
    return table.assign(a=table["a"].round(1))


def copy_some(table, cluster, train):
    return pd.concat([train[: N_ROWS // 18], table[N_ROWS // 18 : N_ROWS]])


FOUND_BY = {
    drop_mode: {"classifier", "propensity", "energy", "coverage", "support"},
    shrink_variance: {"classifier", "energy", "support"},
    break_correlation: {"classifier", "energy", "coverage", "support", "information"},
    lose_rare_level: {"propensity", "levels"},
    round_values: {"classifier"},
    copy_some: {"copies", "attack", "closest"},
}


def judged(mixed, fault, seed=0):
    """Names of the judges who see something."""
    (train, _, _), (held_out, _, _) = mixed(N_ROWS, 10 + seed), mixed(N_ROWS, 20 + seed)
    table, _, cluster = mixed(2 * N_ROWS, 30 + seed)
    if fault is not None:
        table = fault(table, cluster, train)
    tables = metrics.align_tables(train, table[:N_ROWS], held_out)
    return {name for name, judge in JUDGES.items() if judge(*tables)}


@pytest.mark.parametrize("seed", range(3))
def test_fresh_rows_are_cleared_by_all(mixed, seed):
    assert judged(mixed, None, seed) == set()


@pytest.mark.parametrize("fault", FOUND_BY)
def test_faults_are_found(mixed, fault):
    assert judged(mixed, fault) >= FOUND_BY[fault]
