"""Studies that set classifiers side by side: on folds, and with more and more rows."""

from skgendisc.comparison._compare import compare_classifiers
from skgendisc.comparison._crossover import Crossover
from skgendisc.comparison._curves_display import LearningCurvesDisplay
from skgendisc.comparison._curves_result import LearningCurves
from skgendisc.comparison._learning_curves import learning_curves
from skgendisc.comparison._lineup import default_lineup, table_preprocessor
from skgendisc.comparison._pairs import Pair, generative_discriminative_pairs
from skgendisc.comparison._power_law import PowerLaw
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import metric_label

__all__ = [
    "ComparisonResult",
    "Crossover",
    "LearningCurves",
    "LearningCurvesDisplay",
    "Pair",
    "PowerLaw",
    "compare_classifiers",
    "default_lineup",
    "generative_discriminative_pairs",
    "learning_curves",
    "metric_label",
    "table_preprocessor",
]
