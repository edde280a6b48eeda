"""Mixed tables to float matrices, and back."""

from skgendisc.preprocessing._mixed_table import (
    MixedTableJointSampler,
    MixedTableSampler,
)
from skgendisc.preprocessing._table_encoder import ColumnSpan, TableEncoder

__all__ = [
    "ColumnSpan",
    "MixedTableJointSampler",
    "MixedTableSampler",
    "TableEncoder",
]
