"""Studies that set classifiers side by side on the same folds."""

from skgendisc.comparison._compare import compare_classifiers
from skgendisc.comparison._lineup import default_lineup, table_preprocessor
from skgendisc.comparison._result import ComparisonResult
from skgendisc.comparison._scoring import metric_label

__all__ = [
    "ComparisonResult",
    "compare_classifiers",
    "default_lineup",
    "metric_label",
    "table_preprocessor",
]
