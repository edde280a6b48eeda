"""Formulas: arrays in, arrays out. Nothing here knows an estimator."""

from skgendisc.numerics._association import (
    Associations,
    coarse_codes,
    joint_code,
    level_scores,
    normalised_mutual_information,
    reciprocal_scores,
)
from skgendisc.numerics._calibration import (
    fit_isotonic,
    fit_recalibration,
    fit_sigmoid,
    interpolate_rising,
    one_vs_rest_log_odds,
    one_vs_rest_log_proba,
    shift_prior,
)
from skgendisc.numerics._categorical import draw_categorical
from skgendisc.numerics._cell_codes import CellCodes
from skgendisc.numerics._cell_counts import CellCounts
from skgendisc.numerics._copula import (
    gaussian_box_log_density,
    lattice,
    log_score_slope,
    normal_bounds,
    score_moments,
)
from skgendisc.numerics._counts import (
    CategoryCounts,
    ClassCounts,
    DocumentCounts,
    LengthDistribution,
    category_counts,
    class_counts,
    draw_bernoulli,
    draw_categories,
    draw_documents,
    log_multinomial_coefficient,
)
from skgendisc.numerics._coverage import (
    expected_coverage,
    kl_divergence,
    mode_shares,
    precision_recall_density_coverage,
    support_profile,
)
from skgendisc.numerics._curves import (
    bootstrap_means,
    crossing,
    fit_power_laws,
    part_signs,
)
from skgendisc.numerics._distances import (
    gaussian_kernel,
    kernel_discrepancy,
    kolmogorov_smirnov,
    median_distance,
    minus_distance,
    sliced_wasserstein,
    total_variation,
    wasserstein,
)
from skgendisc.numerics._gaussian import (
    diagonal_gaussian_log_density,
    draw_diagonal_gaussians,
    draw_gaussians,
    draw_tied_gaussians,
    gaussian_factor,
    gaussian_log_density,
    ledoit_wolf_shrinkage,
    shrunk_covariance,
    tied_gaussian_log_density,
    tied_gaussian_log_ratio,
)
from skgendisc.numerics._marginals import Marginal, fit_marginals
from skgendisc.numerics._moments import ClassMoments, class_moments
from skgendisc.numerics._pooling import fit_pool, log_loss, pool
from skgendisc.numerics._pruning import prune, put_together
from skgendisc.numerics._ranks import (
    binomial_interval,
    roc_auc,
    roc_auc_error_at_chance,
    roc_auc_interval,
)
from skgendisc.numerics._reliability import (
    bin_outcomes,
    calibration_error,
    draw_consistent,
    probability_edges,
)
from skgendisc.numerics._resampling import (
    effective_share,
    inclusion_probabilities,
    systematic_sample,
)
from skgendisc.numerics._rules import linear_rule_error, tied_linear_rule
from skgendisc.numerics._tradeoff import TiedGaussians, fit_tradeoff

__all__ = [
    "Associations",
    "CategoryCounts",
    "CellCodes",
    "CellCounts",
    "ClassCounts",
    "ClassMoments",
    "DocumentCounts",
    "LengthDistribution",
    "Marginal",
    "TiedGaussians",
    "bin_outcomes",
    "binomial_interval",
    "bootstrap_means",
    "calibration_error",
    "category_counts",
    "class_counts",
    "class_moments",
    "coarse_codes",
    "crossing",
    "diagonal_gaussian_log_density",
    "draw_bernoulli",
    "draw_categorical",
    "draw_categories",
    "draw_consistent",
    "draw_diagonal_gaussians",
    "draw_documents",
    "draw_gaussians",
    "draw_tied_gaussians",
    "effective_share",
    "expected_coverage",
    "fit_isotonic",
    "fit_marginals",
    "fit_pool",
    "fit_power_laws",
    "fit_recalibration",
    "fit_sigmoid",
    "fit_tradeoff",
    "gaussian_box_log_density",
    "gaussian_factor",
    "gaussian_kernel",
    "gaussian_log_density",
    "inclusion_probabilities",
    "interpolate_rising",
    "joint_code",
    "kernel_discrepancy",
    "kl_divergence",
    "kolmogorov_smirnov",
    "lattice",
    "ledoit_wolf_shrinkage",
    "level_scores",
    "linear_rule_error",
    "log_loss",
    "log_multinomial_coefficient",
    "log_score_slope",
    "median_distance",
    "minus_distance",
    "mode_shares",
    "normal_bounds",
    "normalised_mutual_information",
    "one_vs_rest_log_odds",
    "one_vs_rest_log_proba",
    "part_signs",
    "pool",
    "precision_recall_density_coverage",
    "probability_edges",
    "prune",
    "put_together",
    "reciprocal_scores",
    "roc_auc",
    "roc_auc_error_at_chance",
    "roc_auc_interval",
    "score_moments",
    "shift_prior",
    "shrunk_covariance",
    "sliced_wasserstein",
    "support_profile",
    "systematic_sample",
    "tied_gaussian_log_density",
    "tied_gaussian_log_ratio",
    "tied_linear_rule",
    "total_variation",
    "wasserstein",
]
