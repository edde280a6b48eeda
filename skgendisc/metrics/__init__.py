"""How good synthetic rows are: fidelity, coverage, utility and privacy.

Every function takes tables, real ones first, as arrays, lists, pandas or polars frames,
with mixed columns and gaps, and returns a small frozen result whose ``float`` is its
main number. The tables of a call are read once into one form (:func:`align_tables`):
the kinds of columns are those of the real table, numbers are floats, levels are codes
over the union of all tables, gaps are NaN. Who asks several functions about the same
tables aligns these once and gives each function the aligned ones.

Of aligned tables there are three views: points, whose distances count a standard
deviation as much as another level or a gap; what boosting sees; and a matrix for linear
models. Formulas are functions of :mod:`skgendisc.numerics`. What grows with the square
of the number of rows uses ``max_rows`` of them, and the result says how many it used.

No number here is a guarantee of privacy, and none alone says that rows are good:
likeness of columns is blind to what they have to do with each other, and fidelity is
best for copies of what it is judged on.
"""

from skgendisc.metrics._align import AlignedColumn, AlignedTable, align_tables
from skgendisc.metrics._columns import (
    ColumnShapes,
    MutualInformationError,
    PairTrends,
    WassersteinDistances,
    column_pair_trends,
    column_shapes,
    mutual_information_error,
    wasserstein_distances,
)
from skgendisc.metrics._coverage import (
    ModeCoverage,
    NeighbourCoverage,
    SupportCoverage,
    alpha_precision_beta_recall,
    mode_coverage,
    precision_recall_density_coverage,
)
from skgendisc.metrics._discrepancies import (
    Discrepancy,
    energy_distance,
    maximum_mean_discrepancy,
    sliced_wasserstein,
)
from skgendisc.metrics._privacy import (
    Attack,
    ClosestRecords,
    Copies,
    DistanceRatio,
    MembershipInference,
    distance_to_closest_record,
    exact_copies,
    membership_inference,
    nearest_neighbour_distance_ratio,
)
from skgendisc.metrics._result import MetricResult
from skgendisc.metrics._scorer import make_sampler_scorer
from skgendisc.metrics._two_sample import (
    PropensityScore,
    TwoSampleTest,
    classifier_two_sample_test,
    propensity_mse,
)
from skgendisc.metrics._utility import (
    AugmentationGain,
    Utility,
    augmentation_gain,
    train_synthetic_test_real,
)

__all__ = [
    "AlignedColumn",
    "AlignedTable",
    "Attack",
    "AugmentationGain",
    "ClosestRecords",
    "ColumnShapes",
    "Copies",
    "Discrepancy",
    "DistanceRatio",
    "MembershipInference",
    "MetricResult",
    "ModeCoverage",
    "MutualInformationError",
    "NeighbourCoverage",
    "PairTrends",
    "PropensityScore",
    "SupportCoverage",
    "TwoSampleTest",
    "Utility",
    "WassersteinDistances",
    "align_tables",
    "alpha_precision_beta_recall",
    "augmentation_gain",
    "classifier_two_sample_test",
    "column_pair_trends",
    "column_shapes",
    "distance_to_closest_record",
    "energy_distance",
    "exact_copies",
    "make_sampler_scorer",
    "maximum_mean_discrepancy",
    "membership_inference",
    "mode_coverage",
    "mutual_information_error",
    "nearest_neighbour_distance_ratio",
    "precision_recall_density_coverage",
    "propensity_mse",
    "sliced_wasserstein",
    "train_synthetic_test_real",
    "wasserstein_distances",
]
