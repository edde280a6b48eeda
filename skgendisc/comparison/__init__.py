"""Studies on the same folds: classifiers side by side, and samplers judged."""

from skgendisc.comparison._compare import compare_classifiers
from skgendisc.comparison._evaluate import evaluate_sampler, evaluate_tables
from skgendisc.comparison._evaluation import SamplerEvaluation
from skgendisc.comparison._lineup import default_lineup, table_preprocessor
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import metric_label

__all__ = [
    "ComparisonResult",
    "SamplerEvaluation",
    "compare_classifiers",
    "default_lineup",
    "evaluate_sampler",
    "evaluate_tables",
    "metric_label",
    "table_preprocessor",
]
