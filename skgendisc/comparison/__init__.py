"""Studies: classifiers on the same folds and rows, ever more rows, samplers judged."""

from skgendisc.comparison._compare import compare_classifiers
from skgendisc.comparison._comparison_display import ComparisonDisplay
from skgendisc.comparison._crossover import Crossover
from skgendisc.comparison._curves_display import LearningCurvesDisplay
from skgendisc.comparison._curves_result import LearningCurves
from skgendisc.comparison._evaluate import evaluate_sampler, evaluate_tables
from skgendisc.comparison._evaluation import SamplerEvaluation
from skgendisc.comparison._learning_curves import learning_curves
from skgendisc.comparison._lineup import default_lineup, table_preprocessor
from skgendisc.comparison._pairs import Pair, generative_discriminative_pairs
from skgendisc.comparison._power_law import PowerLaw
from skgendisc.comparison._regions_display import DecisionRegionsDisplay
from skgendisc.comparison._reliability_display import ReliabilityDisplay
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._sample_display import SampleDisplay
from skgendisc.comparison._scoring import metric_label

__all__ = [
    "ComparisonDisplay",
    "ComparisonResult",
    "Crossover",
    "DecisionRegionsDisplay",
    "LearningCurves",
    "LearningCurvesDisplay",
    "Pair",
    "PowerLaw",
    "ReliabilityDisplay",
    "SampleDisplay",
    "SamplerEvaluation",
    "compare_classifiers",
    "default_lineup",
    "evaluate_sampler",
    "evaluate_tables",
    "generative_discriminative_pairs",
    "learning_curves",
    "metric_label",
    "table_preprocessor",
]
